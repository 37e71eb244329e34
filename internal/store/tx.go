package store

import (
	"context"
	"database/sql"
)

// Write runs f in one immediate transaction: committed when f returns nil, else
// rolled back. A lock held by another run comes back as ErrLocked; the end of
// ctx ends the wait for it.
func Write(ctx context.Context, db *sql.DB, f func(tx *sql.Tx) error) error {
	tx, err := begin(ctx, db)
	if err != nil {
		return Explain(err)
	}
	if err := f(tx); err != nil {
		_ = tx.Rollback() // the first error is the one that tells
		return Explain(err)
	}
	if err := ctx.Err(); err != nil {
		_ = tx.Rollback() // interrupted: nothing is kept
		return err
	}
	return Explain(tx.Commit())
}

// begin starts a transaction of its own. SQLite waits for the lock deaf to ctx,
// so the wait is left to itself when ctx ends.
func begin(ctx context.Context, db *sql.DB) (*sql.Tx, error) {
	type result struct {
		tx  *sql.Tx
		err error
	}
	done := make(chan result, 1)
	go func() {
		// Without cancel: database/sql would else roll back in the middle of f.
		tx, err := db.BeginTx(context.WithoutCancel(ctx), nil)
		done <- result{tx, err}
	}()
	select {
	case r := <-done:
		return r.tx, r.err
	case <-ctx.Done():
		go func() {
			if r := <-done; r.err == nil {
				_ = r.tx.Rollback() // nothing was done in it
			}
		}()
		return nil, ctx.Err()
	}
}

// Read runs f in one deferred transaction, so that all its queries see the same
// state of the store. It never waits for a writer.
func Read(ctx context.Context, db *sql.DB, f func(tx *sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return Explain(err)
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	return Explain(f(tx))
}
