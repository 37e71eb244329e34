package kpi

import "errors"

// ErrKeys is returned for keys that figures cannot be split by together.
var ErrKeys = errors.New("keys")
