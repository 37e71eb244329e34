package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// Reader reads many rows of one state of the store on a connection of its own,
// past database/sql, which makes a Go value of every cell and converts it twice:
// that takes longer than SQLite takes to find it. It is for one goroutine.
type Reader struct {
	tls  *libc.TLS
	db   uintptr
	cell uintptr // room for one pointer
}

// readerCache is the page cache of a Reader in KiB, and readerMap how much of
// the file is read in place rather than copied.
const (
	readerCache = 8 << 10
	readerMap   = 1 << 32
)

// OpenReader opens a Reader on the file of db, which must stay open as long.
func OpenReader(ctx context.Context, db *sql.DB) (*Reader, error) {
	var path string
	if err := db.QueryRowContext(ctx, "SELECT file FROM pragma_database_list WHERE name = 'main'").Scan(&path); err != nil {
		return nil, Explain(err)
	}
	if path = filepath.ToSlash(path); !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	r := &Reader{tls: libc.NewTLS()}
	r.cell = r.tls.Alloc(pointerSize)
	name, err := libc.CString((&url.URL{Scheme: "file", Path: path}).String())
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	defer libc.Xfree(r.tls, name)
	const flags = sqlite3.SQLITE_OPEN_READONLY | sqlite3.SQLITE_OPEN_NOMUTEX | sqlite3.SQLITE_OPEN_URI
	rc := sqlite3.Xsqlite3_open_v2(r.tls, name, r.cell, flags, 0)
	r.db = *(*uintptr)(pointer(r.cell))
	if rc != sqlite3.SQLITE_OK {
		return nil, errors.Join(r.fault(rc), r.Close())
	}
	sqlite3.Xsqlite3_busy_timeout(r.tls, r.db, int32(defaultLockTimeout.Milliseconds()))
	for _, q := range []string{fmt.Sprintf("PRAGMA cache_size = -%d", readerCache), fmt.Sprintf("PRAGMA mmap_size = %d", int64(readerMap)), "BEGIN"} {
		if err := r.Each(ctx, q, func(Row) error { return nil }); err != nil {
			return nil, errors.Join(err, r.Close())
		}
	}
	return r, nil
}

const pointerSize = int(unsafe.Sizeof(uintptr(0)))

// pointer turns an address in the memory of SQLite, which the collector does not
// move, into a pointer.
func pointer(p uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&p)) }

// Close ends the connection.
func (r *Reader) Close() error {
	var err error
	if r.db != 0 {
		if rc := sqlite3.Xsqlite3_close_v2(r.tls, r.db); rc != sqlite3.SQLITE_OK {
			err = r.fault(rc)
		}
	}
	r.tls.Free(pointerSize)
	r.tls.Close()
	return err
}

// fault returns the error of a result code.
func (r *Reader) fault(rc int32) error {
	text := fmt.Sprintf("SQLite code %d", rc)
	if r.db != 0 {
		text = libc.GoString(sqlite3.Xsqlite3_errmsg(r.tls, r.db))
	}
	err := errors.New(text)
	switch rc & primaryCode {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL:
		return explained{ErrLocked, err}
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return explained{ErrDamaged, err}
	}
	return err
}

// Row is the row at which a query stands. What its methods return as bytes lives
// until the next row.
type Row struct {
	tls  *libc.TLS
	stmt uintptr
}

// Each runs a query with whole numbers for its parameters and calls f for every
// row. It looks at ctx now and then.
func (r *Reader) Each(ctx context.Context, query string, f func(Row) error, args ...int64) error {
	text, err := libc.CString(query)
	if err != nil {
		return err
	}
	defer libc.Xfree(r.tls, text)
	if rc := sqlite3.Xsqlite3_prepare_v2(r.tls, r.db, text, -1, r.cell, 0); rc != sqlite3.SQLITE_OK {
		return r.fault(rc)
	}
	row := Row{r.tls, *(*uintptr)(pointer(r.cell))}
	defer sqlite3.Xsqlite3_finalize(r.tls, row.stmt)
	for i, a := range args {
		if rc := sqlite3.Xsqlite3_bind_int64(r.tls, row.stmt, int32(i+1), a); rc != sqlite3.SQLITE_OK {
			return r.fault(rc)
		}
	}
	const look = 1 << 10 // rows between looks at ctx
	for n := 0; ; n++ {
		if n%look == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		switch rc := sqlite3.Xsqlite3_step(r.tls, row.stmt); rc {
		case sqlite3.SQLITE_ROW:
			if err := f(row); err != nil {
				return err
			}
		case sqlite3.SQLITE_DONE:
			return nil
		default:
			return r.fault(rc)
		}
	}
}

// Null reports whether a column has no value.
func (r Row) Null(col int) bool {
	return sqlite3.Xsqlite3_column_type(r.tls, r.stmt, int32(col)) == sqlite3.SQLITE_NULL
}

// Int returns a whole number, 0 for NULL.
func (r Row) Int(col int) int64 {
	return sqlite3.Xsqlite3_column_int64(r.tls, r.stmt, int32(col))
}

// Float returns a number, 0 for NULL.
func (r Row) Float(col int) float64 {
	return sqlite3.Xsqlite3_column_double(r.tls, r.stmt, int32(col))
}

// Bytes returns a text or blob, nil for NULL.
func (r Row) Bytes(col int) []byte {
	p := sqlite3.Xsqlite3_column_blob(r.tls, r.stmt, int32(col))
	n := sqlite3.Xsqlite3_column_bytes(r.tls, r.stmt, int32(col))
	if p == 0 || n == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(pointer(p)), int(n))
}
