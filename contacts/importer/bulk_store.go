package importer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"kcc/internal/store"
)

// bulkCache is the page cache of an import in KiB: enough for most of the index of keys
// of a million rows, whose pages are touched at random.
const bulkCache = 16 << 10

// bulk runs f in one transaction on a connection of its own, set up for many
// rows: a larger cache, and no look-up of foreign keys for every row where the
// importer itself makes the rows they point to and deletes none.
func bulk(ctx context.Context, db *sql.DB, foreignKeys bool, f func(conn *sql.Conn, tx *sql.Tx) error) (err error) {
	keys := "OFF"
	if foreignKeys {
		keys = "ON"
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return store.Explain(err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	var cache int64
	if err := conn.QueryRowContext(ctx, "PRAGMA cache_size").Scan(&cache); err != nil {
		return store.Explain(err)
	}
	if _, err := conn.ExecContext(ctx, fmt.Sprintf("PRAGMA cache_size = -%d; PRAGMA foreign_keys = %s", bulkCache, keys)); err != nil {
		return store.Explain(err)
	}
	defer func() {
		after := context.WithoutCancel(ctx)
		_, rerr := conn.ExecContext(after, fmt.Sprintf("PRAGMA foreign_keys = ON; PRAGMA cache_size = %d", cache))
		err = errors.Join(err, rerr)
	}()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return store.Explain(err)
	}
	if err := f(conn, tx); err != nil {
		_ = tx.Rollback() // the first error is the one that tells
		return store.Explain(err)
	}
	return store.Explain(tx.Commit())
}

// mayDelete reports whether a file may delete rows of others: calls without ids
// replace those of an earlier file.
func mayDelete(parsed []*Parsed) bool {
	for _, p := range parsed {
		if _, ids := p.l.at[fID]; p.Kind == Calls && !ids {
			return true
		}
	}
	return false
}

// dropNoteTrigger takes away the trigger that indexes the note of a new contact,
// and returns how to make it again. The mere presence of a trigger makes SQLite
// keep a journal for every statement.
func (w *writer) dropNoteTrigger() ([]string, error) {
	var text string
	err := w.tx.QueryRowContext(w.ctx, "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = 'contact_text_insert'").Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	_, err = w.tx.ExecContext(w.ctx, "DROP TRIGGER contact_text_insert")
	return []string{text}, err
}
