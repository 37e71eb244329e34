package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// pendingFile is a file that is written piece by piece beside its place and
// renamed when it is whole.
type pendingFile struct {
	*os.File
	path string
}

// createPending starts a file that will be called path.
func createPending(path string) (*pendingFile, error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.tmp")
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", path, err)
	}
	return &pendingFile{f, path}, nil
}

// commit puts the file in its place.
func (p *pendingFile) commit() error {
	err := p.Chmod(0o644)
	if cerr := p.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(p.Name(), p.path)
	}
	if err != nil {
		os.Remove(p.Name())
		return fmt.Errorf("write %s: %w", p.path, err)
	}
	return nil
}

// abort removes what was written; after commit it does nothing.
func (p *pendingFile) abort() {
	if p != nil {
		p.Close()
		os.Remove(p.Name())
	}
}
