package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	_ "modernc.org/sqlite" // the driver named "sqlite"
)

const (
	// defaultLockTimeout is how long a writer waits for its turn.
	defaultLockTimeout = 5 * time.Second
	// maxConns bounds the pool: one writer and a few readers per process.
	maxConns = 4
	// applicationID marks a file as a store of kcc: "kcc1" in the SQLite header.
	applicationID = 0x6b636331
	// fileMode keeps the store to its owner: it holds personal data.
	fileMode fs.FileMode = 0o600
	// openRetryPause is the pause between attempts while another process makes
	// the file or switches it to WAL, for which SQLite does not wait by itself.
	openRetryPause = 20 * time.Millisecond
)

// Options of Open; the zero value opens an existing store and waits 5 seconds
// for a lock.
type Options struct {
	Create      bool             // make the store when there is none
	LockTimeout time.Duration    // 0 means 5 seconds, negative not at all
	Inspect     bool             // no writes: layout stays as it is, for check and restore
	Now         func() time.Time // the clock of schema_migrations; nil means the system's
}

func (o Options) lockTimeout() time.Duration {
	if o.LockTimeout == 0 {
		return defaultLockTimeout
	}
	return max(o.LockTimeout, 0)
}

func (o Options) now() time.Time {
	if o.Now == nil {
		return time.Now()
	}
	return o.Now()
}

// Open opens the store at path and brings its layout up to date; before the
// first change of an existing layout a backup is made beside the file. The
// errors are ErrNoStore, ErrNewer, ErrLocked, ErrDamaged and ErrNetwork, with
// the path in their text.
func Open(ctx context.Context, path string, opt Options) (*sql.DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, at(path, err)
	}
	if err := prepareFile(abs, opt); err != nil {
		return nil, at(path, err)
	}
	deadline := time.Now().Add(opt.lockTimeout())
	for {
		db, err := openOnce(ctx, abs, opt)
		if err == nil {
			return db, nil
		}
		err = at(path, err)
		if !errors.Is(err, ErrLocked) || time.Now().After(deadline) {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(openRetryPause):
		}
	}
}

// prepareFile sees to it that there is a file with the right mode on a disk of
// this machine.
func prepareFile(abs string, opt Options) error {
	st, err := os.Stat(abs)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if !opt.Create {
			return ErrNoStore
		}
	case err != nil:
		return err
	case !st.Mode().IsRegular():
		return fmt.Errorf("%w: it is not a file", ErrNoStore)
	case st.Size() == 0 && !opt.Create:
		return fmt.Errorf("%w: the file is empty", ErrNoStore)
	}
	if err := refuseNetwork(filepath.Dir(abs)); err != nil {
		return err
	}
	if st == nil {
		f, err := os.OpenFile(abs, os.O_CREATE|os.O_RDWR, fileMode)
		if err != nil {
			return err
		}
		return f.Close()
	}
	if !opt.Inspect && runtime.GOOS != "windows" && st.Mode().Perm()&0o077 != 0 {
		return os.Chmod(abs, fileMode) // also that of the -wal file, which follows it
	}
	return nil
}

func openOnce(ctx context.Context, abs string, opt Options) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dsn(abs, opt))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(maxConns)
	db.SetMaxIdleConns(maxConns)
	if opt.Create {
		setPageSize(ctx, abs)
	}
	if err := adopt(ctx, db, abs, opt); err != nil {
		db.Close()
		return nil, err
	}
	return db, nil
}

// pageSize of new stores: half the system calls of the default for what writes or
// reads much, such as imports and reports.
const pageSize = 8192

// setPageSize settles the page size of a file that is still empty, which has to
// be done before anything else. Should another process be first, its size stays.
func setPageSize(ctx context.Context, abs string) {
	st, err := os.Stat(abs)
	if err != nil || st.Size() > 0 {
		return
	}
	u := url.URL{Scheme: "file", Path: uriPath(abs), RawQuery: "mode=rw&_busy_timeout=1000"}
	db, err := sql.Open("sqlite", u.String())
	if err != nil {
		return
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	_, _ = db.ExecContext(ctx, fmt.Sprintf("PRAGMA page_size = %d; PRAGMA journal_mode = WAL", pageSize))
}

// uriPath writes a path as URIs of SQLite have it.
func uriPath(abs string) string {
	p := filepath.ToSlash(abs)
	if !strings.HasPrefix(p, "/") {
		p = "/" + p // C:/kcc.db becomes file:///C:/kcc.db
	}
	return p
}

// adopt makes sure that the file is a store of ours and up to date.
func adopt(ctx context.Context, db *sql.DB, abs string, opt Options) error {
	var id, objects int
	err := db.QueryRowContext(ctx, "SELECT (SELECT application_id FROM pragma_application_id), (SELECT COUNT(*) FROM sqlite_schema)").Scan(&id, &objects)
	if isNotADatabase(err) && !startsAsSQLite(abs) {
		return fmt.Errorf("%w: the file is something else than a store", ErrNoStore)
	}
	if err != nil {
		return err
	}
	if id != applicationID && (objects > 0 || !opt.Create) {
		return fmt.Errorf("%w: the file is a database of another program, or empty", ErrNoStore)
	}
	if opt.Inspect {
		_, err := pending(ctx, db)
		return err
	}
	return migrate(ctx, db, abs, opt)
}

// startsAsSQLite reports whether the first bytes are those of a database file,
// which tells a damaged store from a file of another kind.
func startsAsSQLite(path string) bool {
	const magic = "SQLite format 3\x00"
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, len(magic))
	n, _ := f.Read(head)
	return string(head[:n]) == magic
}

// dsn builds the one connection string of kcc. The underscore keys are those
// that the driver checks; with _pragma a misspelling would pass unnoticed.
func dsn(abs string, opt Options) string {
	q := url.Values{}
	q.Set("_txlock", "immediate")
	q.Set("_busy_timeout", fmt.Sprint(opt.lockTimeout().Milliseconds()))
	q.Set("_foreign_keys", "1")
	q.Set("_dqs", "0")
	q.Set("_error_rc", "1")
	q.Set("mode", "rw")
	if opt.Inspect {
		q.Set("_query_only", "1")
	} else {
		q.Set("_journal_mode", "WAL")
		q.Set("_synchronous", "NORMAL")
	}
	u := url.URL{Scheme: "file", Path: uriPath(abs), RawQuery: q.Encode()}
	return u.String()
}
