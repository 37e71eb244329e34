//go:build unix && !solaris && !aix

package store

import (
	"errors"
	"os"
	"syscall"
)

type turnFile struct{ f *os.File }

func openTurn(path string) (*turnFile, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, fileMode)
	if err != nil {
		return nil, err
	}
	return &turnFile{f}, nil
}

func (t *turnFile) try() bool {
	return syscall.Flock(int(t.f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}

func (t *turnFile) lock() error {
	for {
		err := syscall.Flock(int(t.f.Fd()), syscall.LOCK_EX)
		if !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

func (t *turnFile) Close() { t.f.Close() }
