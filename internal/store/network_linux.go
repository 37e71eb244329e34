package store

import (
	"bufio"
	"io"
	"os"
	"strings"
	"syscall"
)

// networkMagic holds the numbers by which statfs(2) names file systems of other
// machines (linux/magic.h and fs/smb/client/cifsfs.h).
var networkMagic = map[uint32]string{
	0x6969:     "nfs",
	0x517b:     "smb",
	0xff534d42: "cifs",
	0xfe534d42: "smb2",
	0x5346414f: "afs",
	0x6b414653: "afs",
	0x73757245: "coda",
	0x564c:     "ncp",
	0x00c36400: "ceph",
	0x0bd00bd0: "lustre",
	0x01161970: "gfs2",
	0x7461636f: "ocfs2",
	0x47504653: "gpfs",
	0x19830326: "beegfs",
}

// fuseMagic is the number of all file systems in user space, local or not.
const fuseMagic = 0x65735546

// networkFuse holds the kinds of user-space file systems that reach elsewhere.
var networkFuse = []string{"sshfs", "glusterfs", "davfs", "rclone", "s3fs", "gcsfuse", "smbnetfs", "curlftpfs", "gvfsd-fuse", "cephfs", "goofys"}

// networkKind names the network file system that dir lies on; empty when it is
// local or cannot be told.
func networkKind(dir string) string {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return ""
	}
	magic := uint32(st.Type) //nolint:unconvert // the width differs between architectures
	if kind, ok := networkMagic[magic]; ok {
		return kind
	}
	if magic != fuseMagic {
		return ""
	}
	f, err := os.Open("/proc/self/mountinfo")
	if err != nil {
		return ""
	}
	defer f.Close()
	kind := mountKind(f, dir)
	for _, n := range networkFuse {
		if kind == "fuse."+n {
			return n
		}
	}
	return ""
}

// mountKind returns the file system type of the mount that holds dir, from the
// lines of /proc/self/mountinfo (proc(5)): field 5 is the mount point, the type
// follows the lone hyphen.
func mountKind(r io.Reader, dir string) string {
	var kind, longest string
	unescape := strings.NewReplacer(`\040`, " ", `\011`, "\t", `\012`, "\n", `\134`, `\`)
	sc := bufio.NewScanner(r)
	for sc.Scan() {
		head, tail, ok := strings.Cut(sc.Text(), " - ")
		left, right := strings.Fields(head), strings.Fields(tail)
		if !ok || len(left) < 5 || len(right) == 0 {
			continue
		}
		point := unescape.Replace(left[4])
		inside := point == "/" || dir == point || strings.HasPrefix(dir, point+"/")
		if inside && len(point) >= len(longest) {
			longest, kind = point, right[0]
		}
	}
	return kind
}
