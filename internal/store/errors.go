package store

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Errors that callers branch on.
var (
	ErrNoStore = errors.New("there is no store here")
	ErrNewer   = errors.New("the store was made by a newer version of kcc")
	ErrLocked  = errors.New("the store is locked by another run")
	ErrDamaged = errors.New("the store is damaged")
	ErrNetwork = errors.New("the store is on a network file system, where locks cannot be trusted")
)

// primaryCode cuts an extended result code of SQLite to its primary code.
const primaryCode = 0xff

// Explain turns the codes of SQLite that a user can do something about into the
// errors of this package: a lock into [ErrLocked], damage into [ErrDamaged]. Any
// other error is returned as it is. It is safe to call twice.
func Explain(err error) error {
	var se *sqlite.Error
	if err == nil || !errors.As(err, &se) || errors.Is(err, ErrLocked) || errors.Is(err, ErrDamaged) {
		return err
	}
	switch se.Code() & primaryCode {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL:
		return explained{ErrLocked, err}
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return explained{ErrDamaged, err}
	}
	return err
}

// explained shows a plain sentence and keeps the error below it for errors.As.
type explained struct{ plain, cause error }

func (e explained) Error() string   { return e.plain.Error() }
func (e explained) Unwrap() []error { return []error{e.plain, e.cause} }

// cause returns the text of SQLite behind an explained error.
func cause(err error) string {
	var se *sqlite.Error
	if errors.As(err, &se) {
		return se.Error()
	}
	return err.Error()
}

// isNotADatabase reports whether SQLite could not make sense of the header.
func isNotADatabase(err error) bool {
	var se *sqlite.Error
	return errors.As(err, &se) && se.Code()&primaryCode == sqlite3.SQLITE_NOTADB
}

// at adds the path of the store to an error.
func at(path string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("store %s: %w", path, Explain(err))
}
