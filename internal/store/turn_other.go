//go:build !unix || solaris || aix

package store

import "errors"

// errNoTurn is returned where the system has no queue to stand in.
var errNoTurn = errors.New("no file locks here")

type turnFile struct{}

func openTurn(string) (*turnFile, error) { return nil, errNoTurn }

func (*turnFile) try() bool   { return false }
func (*turnFile) lock() error { return errNoTurn }
func (*turnFile) Close()      {}
