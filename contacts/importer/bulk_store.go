package importer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"kcc/internal/store"
)

// bulkCache is the page cache of an import in KiB: enough for most of the index of keys
// of a million rows, whose pages are touched at random.
const bulkCache = 16 << 10

// sortCache is the cache while indexes are built: SQLite sorts in as much memory
// as the cache may take, so a small one keeps memory flat.
const sortCache = 16 << 10

// bulk runs f in one transaction on a connection of its own, set up for many
// rows: a larger cache, and no look-up of foreign keys for every row, as the
// importer itself makes the rows they point to. Files of calls without ids may
// delete rows, so they keep the look-up.
func bulk(ctx context.Context, db *sql.DB, parsed []*Parsed, f func(conn *sql.Conn, tx *sql.Tx) error) (err error) {
	keys := "OFF"
	for _, p := range parsed {
		if _, ids := p.l.at[fID]; p.Kind == Calls && !ids {
			keys = "ON"
		}
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
		_, rerr := conn.ExecContext(context.WithoutCancel(ctx), fmt.Sprintf("PRAGMA foreign_keys = ON; PRAGMA cache_size = %d", cache))
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

// bigFile is the size from which indexes are built after the rows, when the
// store has no contacts yet: that is cheaper than keeping them up row by row.
const bigFile = 16 << 20

// keyIndex is the index that keeps a contact from being there twice.
const keyIndex = "contact_key"

var contactIndexes = map[string]string{
	keyIndex:        "CREATE UNIQUE INDEX contact_key ON contact(key)",
	"contact_start": "CREATE INDEX contact_start ON contact(start)",
	"contact_party": "CREATE INDEX contact_party ON contact(party_ref, start) WHERE party_ref IS NOT NULL",
}

// makeIndexes makes the indexes that were dropped. Rows of the same key, which
// the reader cannot have let through but by a collision of hashes, are settled
// first: the earliest stays.
func (w *writer) makeIndexes(later []string) error {
	if len(later) == 0 {
		return nil
	}
	if _, err := w.tx.ExecContext(w.ctx, fmt.Sprintf("PRAGMA cache_size = -%d", sortCache)); err != nil {
		return err
	}
	for _, q := range later {
		_, err := w.tx.ExecContext(w.ctx, q)
		if q == contactIndexes[keyIndex] && isConstraint(err) {
			if err = w.dropTwins(); err == nil {
				_, err = w.tx.ExecContext(w.ctx, q)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// isConstraint reports whether a statement failed as a row is there already.
func isConstraint(err error) bool {
	var se *sqlite.Error
	return errors.As(err, &se) && se.Code()&0xff == sqlite3.SQLITE_CONSTRAINT
}

// dropTwins deletes contacts whose key an earlier one has.
func (w *writer) dropTwins() error {
	rows, err := w.tx.QueryContext(w.ctx, "SELECT id FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY key ORDER BY id) AS n FROM contact) WHERE n > 1")
	if err != nil {
		return err
	}
	defer rows.Close()
	var twins []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return err
		}
		twins = append(twins, id)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	rows.Close()
	for _, id := range twins {
		undo, err := w.loadContact(id)
		if err != nil {
			return err
		}
		undo(-1)
		if _, err := w.tx.ExecContext(w.ctx, "DELETE FROM contact WHERE id = ?", id); err != nil {
			return err
		}
		w.duplicate()
	}
	return w.roll.flush(w)
}

// dropIndexes takes the indexes of contacts away before a big first import and
// returns how to make them again.
func (w *writer) dropIndexes(p *Parsed, size int64) ([]string, error) {
	big := w.opt.big
	if big == 0 {
		big = bigFile
	}
	if p.Kind != Calls || size < big {
		return nil, nil
	}
	var some int
	if err := w.tx.QueryRowContext(w.ctx, "SELECT EXISTS (SELECT 1 FROM contact)").Scan(&some); err != nil || some == 1 {
		return nil, err
	}
	var later []string
	for _, name := range slices.Sorted(maps.Keys(contactIndexes)) {
		if _, err := w.tx.ExecContext(w.ctx, "DROP INDEX IF EXISTS "+name); err != nil {
			return nil, err
		}
		later = append(later, contactIndexes[name])
	}
	return later, nil
}

// dropNoteTrigger takes away, for a file without notes, the trigger that indexes
// the note of a new contact, and returns how to make it again. The mere presence
// of a trigger makes SQLite keep a journal for every statement.
func (w *writer) dropNoteTrigger(p *Parsed) ([]string, error) {
	if _, notes := p.l.at[fNote]; notes || (p.Kind != Calls && p.Kind != QueueLog) {
		return nil, nil
	}
	var text string
	err := w.tx.QueryRowContext(w.ctx, "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = 'contact_text_insert'").Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	_, err = w.tx.ExecContext(w.ctx, "DROP TRIGGER contact_text_insert")
	return []string{text}, err
}
