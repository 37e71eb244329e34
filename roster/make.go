package roster

import "errors"

// ErrNoAgents is returned when there is nobody to roster.
var ErrNoAgents = errors.New("roster: no agents")
