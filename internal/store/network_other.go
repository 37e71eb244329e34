//go:build !linux && !darwin && !windows

package store

// networkKind cannot tell here; the documentation warns.
func networkKind(string) string { return "" }
