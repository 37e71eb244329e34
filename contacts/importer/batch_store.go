package importer

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"time"
)

// batchRows is how many rows go into one INSERT; more gain little.
const batchRows = 200

// record is one row on its way into a table, its values beside it in the batch.
type record struct {
	key, hash int64
	updated   int64 // 0 unknown
	line      int
	again     int64 // queue of a row without id, 0 otherwise
}

// batch collects records of one table.
type batch struct {
	w       *writer
	table   string
	cols    []string // after key, line and hash
	pending []record
	vals    []any // of the pending records, in the order of cols
	full    *direct
	update  *direct
	updated bool // the table has a column updated
	known   bool // the last batch was in the store already, so the next one may be
	load    func(id int64) (func(sign float64), error)
	apply   func(i int, sign float64) // adds pending record i to the roll-ups; nil without
}

func (w *writer) batch(table string, cols []string) *batch {
	b := w.batches[table]
	if b == nil {
		b = &batch{w: w, table: table, cols: cols, updated: slices.Contains(cols, "updated")}
		w.batches[table] = b
	}
	return b
}

func (b *batch) insertSQL(rows int) string {
	// OR IGNORE needs no journal per statement, as no row can undo the others; a
	// row that is missing afterwards without its key being there is an error.
	one := fmt.Sprintf("(%d, %d, ?, ?, ?%s)", b.w.source, b.w.file, strings.Repeat(", ?", len(b.cols)))
	return "INSERT OR IGNORE INTO " + b.table + " (source_id, file_id, key, line, hash, " + strings.Join(b.cols, ", ") + ") VALUES " +
		strings.Repeat(one+", ", rows-1) + one
}

// add queues a record; vals are in the order of cols.
func (b *batch) add(r record, vals ...any) error {
	b.pending = append(b.pending, r)
	b.vals = append(b.vals, vals...)
	if len(b.pending) >= batchRows {
		return b.flush()
	}
	return nil
}

// flush writes the queued records. The usual case is one statement; only when
// some keys are there already are they looked at one by one.
func (b *batch) flush() error {
	if len(b.pending) == 0 {
		return nil
	}
	w := b.w
	if err := w.ctx.Err(); err != nil {
		return err
	}
	if b.known {
		stored, err := b.lookup()
		if err != nil {
			return err
		}
		if b.known = b.allIn(stored); b.known {
			return b.settle(stored)
		}
	}
	ins := b.full
	if len(b.pending) < batchRows || ins == nil {
		var err error
		if ins, err = prepareDirect(w.ctx, w.conn, b.insertSQL(len(b.pending))); err != nil {
			return err
		}
		if len(b.pending) == batchRows {
			b.full = ins
		} else {
			defer ins.close()
		}
	}
	n := len(b.cols)
	for i := range b.pending {
		r := &b.pending[i]
		ins.put(r.key)
		ins.put(int64(r.line))
		ins.put(r.hash)
		for _, v := range b.vals[i*n : (i+1)*n] {
			ins.put(v)
		}
	}
	done, err := ins.run()
	if err != nil {
		return err
	}
	b.known = done == 0
	if int(done) < len(b.pending) {
		stored, err := b.lookup()
		if err != nil {
			return err
		}
		return b.settle(stored)
	}
	if b.apply != nil {
		for i := range b.pending {
			b.apply(i, 1)
		}
	}
	b.reset()
	return nil
}

func (b *batch) reset() { b.pending, b.vals = b.pending[:0], b.vals[:0] }

// allIn reports whether every pending record is in the store.
func (b *batch) allIn(stored map[int64]storedRow) bool {
	for i := range b.pending {
		if _, ok := stored[b.pending[i].key]; !ok {
			return false
		}
	}
	return true
}

func (b *batch) close() {
	b.full.close()
	b.update.close()
}

type storedRow struct {
	id, file, line, hash, updated int64
}

// lookup reads what the store has under the keys of the pending records.
func (b *batch) lookup() (map[int64]storedRow, error) {
	w := b.w
	q := "SELECT key, id, COALESCE(file_id, 0), line, hash, 0 FROM "
	if b.updated {
		q = "SELECT key, id, COALESCE(file_id, 0), line, hash, COALESCE(updated, 0) FROM "
	}
	q += b.table + " WHERE key IN (" + strings.Repeat("?, ", len(b.pending)-1) + "?)"
	keys := make([]any, len(b.pending))
	for i := range b.pending {
		keys[i] = b.pending[i].key
	}
	rows, err := w.tx.QueryContext(w.ctx, q, keys...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	stored := make(map[int64]storedRow, len(b.pending))
	for rows.Next() {
		var key int64
		var s storedRow
		if err := rows.Scan(&key, &s.id, &s.file, &s.line, &s.hash, &s.updated); err != nil {
			return nil, err
		}
		stored[key] = s
	}
	return stored, rows.Err()
}

// settle takes a batch of which some rows were there before.
func (b *batch) settle(stored map[int64]storedRow) error {
	w := b.w
	defer b.reset()
	for i := range b.pending {
		r := &b.pending[i]
		s, ok := stored[r.key]
		switch {
		case !ok:
			return fmt.Errorf("%s: the store refuses the row of line %d", b.table, r.line)
		case s.file == w.file && s.line == int64(r.line) && s.hash == r.hash:
			if b.apply != nil {
				b.apply(i, 1) // this is the row just written
			}
		case s.hash == r.hash, r.updated > 0 && s.updated > r.updated:
			w.duplicate()
			if err := w.sawAgain(r, s); err != nil {
				return err
			}
		default:
			if err := b.change(i, &s); err != nil {
				return err
			}
			stored[r.key] = storedRow{s.id, w.file, int64(r.line), r.hash, r.updated}
		}
	}
	return nil
}

// duplicate moves a row from imported to duplicate.
func (w *writer) duplicate() {
	w.counts.Imported--
	w.counts.Duplicate++
}

// change replaces a stored row by pending record i.
func (b *batch) change(i int, s *storedRow) error {
	w, r := b.w, &b.pending[i]
	if b.load != nil {
		undo, err := b.load(s.id)
		if err != nil {
			return err
		}
		undo(-1)
	}
	if s.file == w.file {
		w.duplicate() // an earlier state in this very file
	} else {
		w.counts.Imported--
		w.counts.Updated++
		if err := w.keepPrior(b.table, s.id, s.file); err != nil {
			return err
		}
	}
	if b.update == nil {
		var err error
		if b.update, err = prepareDirect(w.ctx, w.conn, "UPDATE "+b.table+" SET file_id = ?, line = ?, hash = ?, "+strings.Join(b.cols, " = ?, ")+" = ? WHERE id = ?"); err != nil {
			return err
		}
	}
	u := b.update
	u.put(w.file)
	u.put(int64(r.line))
	u.put(r.hash)
	for _, v := range b.vals[i*len(b.cols) : (i+1)*len(b.cols)] {
		u.put(v)
	}
	u.put(s.id)
	if _, err := u.run(); err != nil {
		return err
	}
	if b.apply != nil {
		b.apply(i, 1)
	}
	return nil
}

// keepPrior stores a row as it was, for undo.
func (w *writer) keepPrior(table string, id, file int64) error {
	rows, err := w.tx.QueryContext(w.ctx, "SELECT * FROM "+table+" WHERE id = ?", id)
	if err != nil {
		return err
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		return err
	}
	vals := make([]any, len(cols))
	ptrs := make([]any, len(cols))
	for i := range vals {
		ptrs[i] = &vals[i]
	}
	if !rows.Next() {
		return rows.Err()
	}
	if err := rows.Scan(ptrs...); err != nil {
		return err
	}
	rows.Close()
	m := map[string]any{}
	for i, c := range cols {
		if b, ok := vals[i].([]byte); ok {
			vals[i] = string(b)
		}
		m[c] = vals[i]
	}
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	_, err = w.tx.ExecContext(w.ctx, "INSERT OR IGNORE INTO import_prior (file_id, tab, row_id, prior_file, body) VALUES (?, ?, ?, ?, ?)",
		w.file, table, id, nullInt(file), string(body))
	return err
}

func nullInt(v int64) any {
	if v == 0 {
		return nil
	}
	return v
}

// smallInts are whole numbers as values, so that the usual ones need no memory
// of their own.
var smallInts = sync.OnceValue(func() *[1 << 15]any {
	var t [1 << 15]any
	for i := range t {
		t[i] = int64(i)
	}
	return &t
})

func whole(v int64) any {
	if v >= 0 && v < 1<<15 {
		return smallInts()[v]
	}
	return v
}

func nullFloat(v float64) any {
	switch {
	case math.IsNaN(v):
		return nil
	case v >= 0 && v < 1<<15 && v == math.Trunc(v):
		return smallInts()[int(v)] // columns of numbers store it alike
	}
	return v
}

func nullText(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func nullTime(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.Unix()
}
