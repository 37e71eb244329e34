package store

import (
	"path/filepath"
	"strings"
	"syscall"
	"unsafe"
)

// driveRemote is what GetDriveTypeW says of a mapped network drive.
const driveRemote = 4

// networkKind names the network file system that dir lies on; empty when it is
// local or cannot be told.
func networkKind(dir string) string {
	vol := filepath.VolumeName(dir)
	if strings.HasPrefix(vol, `\\`) && !strings.HasPrefix(vol, `\\?\`) && !strings.HasPrefix(vol, `\\.\`) {
		return "share " + vol
	}
	root, err := syscall.UTF16PtrFromString(vol + `\`)
	if err != nil {
		return ""
	}
	proc := syscall.NewLazyDLL("kernel32.dll").NewProc("GetDriveTypeW")
	if proc.Find() != nil {
		return ""
	}
	if kind, _, _ := proc.Call(uintptr(unsafe.Pointer(root))); kind == driveRemote {
		return "network drive " + vol
	}
	return ""
}
