package store

import (
	"slices"
	"syscall"
)

// networkKind names the network file system that dir lies on; empty when it is
// local or cannot be told.
func networkKind(dir string) string {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return ""
	}
	var name []byte
	for _, c := range st.Fstypename {
		if c == 0 {
			break
		}
		name = append(name, byte(c))
	}
	kind := string(name)
	if slices.Contains([]string{"nfs", "smbfs", "afpfs", "webdav", "cifs"}, kind) {
		return kind
	}
	return ""
}
