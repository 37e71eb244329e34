// Package storetest gives tests new stores. Making the layout costs more than
// most tests do with it, so it is made once in a process and copied.
package storetest

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"kcc/internal/store"
)

// Empty is the file of a new store.
var Empty = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "kcc-store")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "kcc.db")
	db, err := store.Open(context.Background(), path, store.Options{Create: true})
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil { // the last one moves what is beside the file into it
		return nil, err
	}
	return os.ReadFile(path)
})

// Open opens the store at path, a new one when there is none, as store.Open with
// Create does. It is closed at the end of the test.
func Open(tb testing.TB, path string) *sql.DB {
	tb.Helper()
	const ownerOnly = 0o600
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		b, err := Empty()
		if err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(path, b, ownerOnly); err != nil {
			tb.Fatal(err)
		}
	}
	db, err := store.Open(context.Background(), path, store.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { db.Close() })
	return db
}
