package importer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"

	"kcc/internal/store"
)

// bulkCache is the page cache of an import in KiB: enough for most of the index of keys
// of a million rows, whose pages are touched at random.
const bulkCache = 16 << 10

// sortCache is the cache while indexes are built: SQLite sorts in as much memory
// as the cache may take, so a small one keeps memory flat.
const sortCache = 4 << 10

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

var contactIndexes = map[string]string{
	"contact_start": "CREATE INDEX contact_start ON contact(start)",
	"contact_party": "CREATE INDEX contact_party ON contact(party_ref, start) WHERE party_ref IS NOT NULL",
}

// dropIndexes takes the indexes of contacts away before a big first import and
// returns how to make them again.
func (w *writer) dropIndexes(p *Parsed, size int64) ([]string, error) {
	if p.Kind != Calls || size < bigFile {
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
