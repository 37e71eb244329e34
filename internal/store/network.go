package store

import "fmt"

// refuseNetwork returns ErrNetwork when dir lies on a share of another machine:
// the log of SQLite is shared memory, which does not work between machines.
func refuseNetwork(dir string) error {
	if kind := networkKind(dir); kind != "" {
		return fmt.Errorf("%w (%s): keep it on a disk of this machine", ErrNetwork, kind)
	}
	return nil
}
