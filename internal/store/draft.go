package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"time"

	"modernc.org/sqlite"
)

// Draft is a copy of a store that no one else sees. What is written to it gets
// into the store in one transaction, by Put, or never. As long as a draft is open
// others can read the store but not write to it.
type Draft struct {
	Path string // of the copy, beside the store

	hold    *sql.Conn // has the lock of the writer
	watch   *sql.Conn // sees whether others write
	holds   bool
	version int64 // of the store, as watch sees it
	timeout time.Duration
}

// ErrChanged is of a store that another run wrote to between the end of the
// lock of a draft and its Put.
var ErrChanged = errors.New("another run has written to the store meanwhile")

// restorer is what a connection of the driver can do beside SQL.
type restorer interface {
	NewBackup(string) (*sqlite.Backup, error)
	NewRestore(string) (*sqlite.Backup, error)
}

// NewDraft copies the store of db.
func NewDraft(ctx context.Context, db *sql.DB) (d *Draft, err error) {
	d = &Draft{}
	defer func() {
		if err != nil {
			err = errors.Join(Explain(err), d.Close())
		}
	}()
	if d.hold, err = db.Conn(ctx); err != nil {
		return d, err
	}
	if d.watch, err = db.Conn(ctx); err != nil {
		return d, err
	}
	if _, err := d.hold.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return d, err
	}
	d.holds = true
	var place string
	var wait int64
	if err := d.watch.QueryRowContext(ctx, "SELECT file, (SELECT timeout FROM pragma_busy_timeout), (SELECT data_version FROM pragma_data_version) FROM pragma_database_list WHERE name = 'main'").
		Scan(&place, &wait, &d.version); err != nil {
		return d, err
	}
	d.timeout = time.Duration(wait) * time.Millisecond
	d.Path = place + "-draft"
	removeStore(d.Path) // of a run that was killed: there is one draft at a time
	f, err := os.OpenFile(d.Path, os.O_RDWR|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return d, err
	}
	if err := f.Close(); err != nil {
		return d, err
	}
	return d, d.watch.Raw(func(c any) error {
		r, ok := c.(restorer)
		if !ok {
			return errors.New("this build of SQLite cannot copy")
		}
		b, err := r.NewBackup("file:" + uriName(d.Path))
		if err != nil {
			return err
		}
		_, err = b.Step(-1)
		return errors.Join(err, b.Finish())
	})
}

func uriName(path string) string { return (&url.URL{Path: uriPath(path)}).EscapedPath() }

// Open opens the copy. There is no rollback after a kill: it goes as a whole then.
func (d *Draft) Open() (*sql.DB, error) {
	db, err := sql.Open("sqlite", "file:"+uriName(d.Path)+"?mode=rw&_txlock=immediate&_dqs=0&_error_rc=1&_journal_mode=MEMORY&_synchronous=OFF")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// Put writes the copy over the store, in one transaction; others see the old
// state or the new one. The copy must not be open.
func (d *Draft) Put(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	// Without the lock the next run may begin a draft of the same name.
	own, err := tempBeside(d.Path)
	if err != nil {
		return err
	}
	if err := os.Rename(d.Path, own); err != nil {
		removeStore(own)
		return err
	}
	d.Path, d.holds = own, false
	if _, err := d.hold.ExecContext(context.WithoutCancel(ctx), "ROLLBACK"); err != nil { // nothing was written in it
		return Explain(err)
	}
	err = d.hold.Raw(func(c any) error {
		b, err := c.(restorer).NewRestore("file:" + uriName(d.Path) + "?mode=ro&immutable=1")
		if err != nil {
			return err
		}
		_ = os.Remove(d.Path)                          // so that a kill leaves nothing; Windows keeps it until Close
		return errors.Join(d.copy(ctx, b), b.Finish()) // rolls back what is not whole
	})
	if err != nil {
		return Explain(err)
	}
	_, err = d.hold.ExecContext(context.WithoutCancel(ctx), "PRAGMA wal_checkpoint(PASSIVE)")
	return Explain(err)
}

// copySome is how many pages are copied between looks at ctx.
const copySome = 4096

func (d *Draft) copy(ctx context.Context, b *sqlite.Backup) error {
	deadline := time.Now().Add(d.timeout)
	step := func(n int32) (more bool, err error) {
		for {
			more, err = b.Step(n)
			if !errors.Is(Explain(err), ErrLocked) || time.Now().After(deadline) || ctx.Err() != nil {
				return more, err
			}
			time.Sleep(openRetryPause)
		}
	}
	if _, err := step(0); err != nil { // takes the lock of the writer again
		return err
	}
	var now int64
	if err := d.watch.QueryRowContext(ctx, "PRAGMA data_version").Scan(&now); err != nil {
		return err
	}
	if now != d.version {
		return ErrChanged
	}
	for {
		more, err := step(copySome)
		if err != nil || !more {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

// Close lets go of the store and removes the copy.
func (d *Draft) Close() error {
	var errs []error
	if d.holds {
		_, err := d.hold.ExecContext(context.Background(), "ROLLBACK")
		errs = append(errs, err)
		d.holds = false
	}
	for _, c := range []*sql.Conn{d.hold, d.watch} {
		if c != nil {
			errs = append(errs, c.Close())
		}
	}
	if d.Path != "" {
		removeStore(d.Path)
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("end of a draft: %w", Explain(err))
	}
	return nil
}
