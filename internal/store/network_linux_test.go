package store

import (
	"strings"
	"testing"
)

func TestMountKind(t *testing.T) {
	info := `22 1 8:1 / / rw - ext4 /dev/sda1 rw
35 22 0:30 / /mnt/my\040share rw shared:1 - fuse.sshfs host:/x rw
36 22 0:31 / /mnt/my rw - tmpfs tmpfs rw
`
	for dir, want := range map[string]string{
		"/home": "ext4", "/mnt/my share/centre": "fuse.sshfs", "/mnt/my": "tmpfs", "/mnt/mystery": "ext4",
	} {
		if got := mountKind(strings.NewReader(info), dir); got != want {
			t.Errorf("mountKind(%q) = %q, want %q", dir, got, want)
		}
	}
}
