package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"modernc.org/sqlite"
)

// Backup writes a consistent copy of the store to path while others keep
// reading and writing. The copy is made beside path, checked, and renamed, so
// that an interrupted run leaves an older backup as it was. Mode 0600.
func Backup(ctx context.Context, db *sql.DB, path string) (err error) {
	tmp, err := tempBeside(path)
	if err != nil {
		return fmt.Errorf("backup %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			removeStore(tmp)
		}
	}()
	if err := vacuumInto(ctx, db, tmp); err != nil {
		return fmt.Errorf("backup %s: %w", path, Explain(err))
	}
	if err := verifyFile(ctx, tmp); err != nil {
		return fmt.Errorf("backup %s: %w", path, err)
	}
	if err := settle(tmp, path); err != nil {
		return fmt.Errorf("backup %s: %w", path, err)
	}
	return nil
}

// vacuumInto copies the store into the empty file tmp. A connection that only
// inspects refuses every statement that writes, this one included.
func vacuumInto(ctx context.Context, db *sql.DB, tmp string) (err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	var queryOnly bool
	if err := conn.QueryRowContext(ctx, "PRAGMA query_only").Scan(&queryOnly); err != nil {
		return err
	}
	if queryOnly {
		if _, err := conn.ExecContext(ctx, "PRAGMA query_only = OFF"); err != nil {
			return err
		}
		defer func() {
			_, back := conn.ExecContext(context.WithoutCancel(ctx), "PRAGMA query_only = ON")
			err = errors.Join(err, back)
		}()
	}
	_, err = conn.ExecContext(ctx, "VACUUM INTO ?", tmp)
	return err
}

// Restore puts the store in file from in the place of the one at path. A store
// that is there is overwritten only with force, is kept beside as
// path.before-restore, and may be in use: its readers see the old content until
// the new one is whole. A damaged store that can no longer be opened is moved
// to path.damaged, one from a newer version to path.before-restore.
func Restore(ctx context.Context, from, path string, force bool, opt Options) error {
	opt.Create, opt.Inspect = false, false
	src, err := Open(ctx, from, Options{Inspect: true, LockTimeout: opt.LockTimeout})
	if err != nil {
		return err
	}
	defer src.Close()
	if findings, err := Check(ctx, src); err != nil {
		return err
	} else if len(findings) > 0 {
		return fmt.Errorf("store %s: %w: %s", from, ErrDamaged, findings[0].Detail)
	}
	if sameFile(from, path) {
		return fmt.Errorf("restore %s: that is the store itself", from)
	}
	st, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || (err == nil && st.Size() == 0) {
		return placeCopy(ctx, src, path)
	}
	if err != nil {
		return fmt.Errorf("restore to %s: %w", path, err)
	}
	if !force {
		return fmt.Errorf("restore to %s: %w", path, fs.ErrExist)
	}
	dst, err := Open(ctx, path, Options{LockTimeout: opt.LockTimeout, Inspect: true})
	aside := ".damaged"
	switch {
	case err == nil:
		err = overwrite(ctx, dst, from, path, opt)
		dst.Close()
		if !errors.Is(err, ErrDamaged) {
			return err
		}
	case errors.Is(err, ErrNewer):
		aside = ".before-restore"
	case !errors.Is(err, ErrDamaged):
		return err
	}
	if err := moveAside(path, aside); err != nil {
		return fmt.Errorf("restore to %s: %w", path, err)
	}
	return placeCopy(ctx, src, path)
}

// placeCopy writes src to a path where nothing is.
func placeCopy(ctx context.Context, src *sql.DB, path string) error {
	if err := refuseNetwork(filepath.Dir(path)); err != nil {
		return at(path, err)
	}
	return Backup(ctx, src, path)
}

// overwrite copies the pages of from into the open store at path, under the
// locks of SQLite: a file renamed over one in use would be mixed with the log
// of the old one.
func overwrite(ctx context.Context, dst *sql.DB, from, path string, opt Options) error {
	if err := Backup(ctx, dst, path+".before-restore"); err != nil {
		return err
	}
	// The connection string of a writer, but no migration: the content goes.
	db, err := sql.Open("sqlite", dsn(mustAbs(path), opt))
	if err != nil {
		return at(path, err)
	}
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return at(path, err)
	}
	defer conn.Close()
	deadline := time.Now().Add(opt.lockTimeout())
	return at(path, conn.Raw(func(dc any) error {
		r, ok := dc.(interface {
			NewRestore(string) (*sqlite.Backup, error)
		})
		if !ok {
			return errors.New("this build of SQLite cannot restore")
		}
		b, err := r.NewRestore(dsn(mustAbs(from), Options{Inspect: true}))
		if err != nil {
			return err
		}
		for {
			more, err := b.Step(-1) // all pages in one transaction
			if errors.Is(Explain(err), ErrLocked) && time.Now().Before(deadline) && ctx.Err() == nil {
				time.Sleep(openRetryPause)
				continue
			}
			if err != nil {
				_ = b.Finish() // rolls back; the first error is the one that tells
				return err
			}
			if !more {
				return b.Finish()
			}
		}
	}))
}

// moveAside renames a store that cannot be opened, with its log.
func moveAside(path, aside string) error {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		err := os.Rename(path+suffix, path+aside+suffix)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// verifyFile opens a copy and checks its pages.
func verifyFile(ctx context.Context, path string) error {
	db, err := Open(ctx, path, Options{Inspect: true})
	if err != nil {
		return err
	}
	defer db.Close()
	findings, err := integrity(ctx, db)
	if err == nil && len(findings) > 0 {
		err = fmt.Errorf("%w: %s", ErrDamaged, findings[0].Detail)
	}
	return err
}

// tempBeside makes an empty file of mode 0600 beside path.
func tempBeside(path string) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.tmp")
	if err != nil {
		return "", err
	}
	return f.Name(), f.Close()
}

// settle flushes tmp to disk and renames it to path.
func settle(tmp, path string) error {
	f, err := os.OpenFile(tmp, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}

func removeStore(path string) {
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		os.Remove(path + suffix)
	}
}

func sameFile(a, b string) bool {
	sa, err1 := os.Stat(a)
	sb, err2 := os.Stat(b)
	return err1 == nil && err2 == nil && os.SameFile(sa, sb)
}

// mustAbs returns the absolute path; a path that was just opened has one.
func mustAbs(path string) string {
	abs, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	return abs
}
