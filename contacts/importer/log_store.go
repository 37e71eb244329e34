package importer

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"kcc/contacts"
	"kcc/internal/store"
)

// LogEntry is one imported file.
type LogEntry struct {
	Run         int64
	Imported    time.Time
	File        string
	Source      string
	Kind        Kind
	Counts      Counts
	Replaced    int
	First, Last time.Time
	Undone      time.Time
}

// Log returns the imported files, the latest run first.
func Log(ctx context.Context, db *sql.DB, limit int) ([]LogEntry, error) {
	if limit <= 0 {
		limit = -1
	}
	rows, err := db.QueryContext(ctx, `SELECT f.run_id, f.imported, f.name, s.name, f.kind, f.rows_read, f.rows_imported, f.rows_duplicate, f.rows_updated,
		f.rows_skipped, f.rows_rejected, f.rows_replaced, COALESCE(f.first_start, 0), COALESCE(f.last_start, 0), COALESCE(f.undone, 0)
		FROM import_file f JOIN source s ON s.id = f.source_id ORDER BY f.run_id DESC, f.id LIMIT ?`, limit)
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var out []LogEntry
	for rows.Next() {
		var e LogEntry
		var at, first, last, undone int64
		c := &e.Counts
		if err := rows.Scan(&e.Run, &at, &e.File, &e.Source, &e.Kind, &c.Read, &c.Imported, &c.Duplicate, &c.Updated, &c.Skipped, &c.Rejected,
			&e.Replaced, &first, &last, &undone); err != nil {
			return nil, err
		}
		e.Imported = time.Unix(at, 0)
		if first != 0 {
			e.First, e.Last = time.Unix(first, 0), time.Unix(last, 0)
		}
		if undone != 0 {
			e.Undone = time.Unix(undone, 0)
		}
		out = append(out, e)
	}
	return out, rows.Err()
}

// importTables are the tables an import writes rows to.
var importTables = []string{"contact", "interval_fact", "ticket", "ticket_event", "ticket_schedule_period", "ticket_schedule_holiday", "ticket_schedule_link", "agent_state"}

// ErrNoRun means that there is no such import, or that it is undone already.
var ErrNoRun = errors.New("there is no such import run")

// Undo takes back what a run did: its rows go, rows it changed or replaced
// return as they were. A run whose rows were changed by a later one cannot be
// undone before that. It returns how many rows went and came back.
func Undo(ctx context.Context, db *sql.DB, run int64, now time.Time) (gone, back int64, err error) {
	err = store.Write(ctx, db, func(tx *sql.Tx) error {
		var files []int64
		rows, err := tx.QueryContext(ctx, "SELECT id FROM import_file WHERE run_id = ? AND undone IS NULL ORDER BY id DESC", run)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id int64
			if err := rows.Scan(&id); err != nil {
				return err
			}
			files = append(files, id)
		}
		if err := rows.Err(); err != nil {
			return err
		}
		rows.Close()
		if len(files) == 0 {
			return fmt.Errorf("run %d: %w, or it is undone already", run, ErrNoRun)
		}
		var later sql.NullInt64
		err = tx.QueryRowContext(ctx, `SELECT MAX(f.run_id) FROM import_prior p JOIN import_file f ON f.id = p.file_id JOIN import_file g ON g.id = p.prior_file
			WHERE g.run_id = ? AND f.run_id > ? AND f.undone IS NULL`, run, run).Scan(&later)
		if err != nil {
			return err
		}
		if later.Valid {
			return fmt.Errorf("run %d: rows of it were changed by run %d: undo that one first", run, later.Int64)
		}
		touched := map[int64]bool{}
		var parties partySet
		parties.redo = true
		for _, f := range files {
			if err := partiesOf(ctx, tx, f, &parties); err != nil {
				return err
			}
			for _, t := range []string{"contact", "interval_fact"} {
				if err := queuesOf(ctx, tx, t, f, touched); err != nil {
					return err
				}
			}
			n, err := undoFile(ctx, tx, f, touched)
			if err != nil {
				return err
			}
			back += n
			for _, t := range importTables {
				res, err := tx.ExecContext(ctx, "DELETE FROM "+t+" WHERE file_id = ?", f)
				if err != nil {
					return err
				}
				n, err := res.RowsAffected()
				if err != nil {
					return err
				}
				gone += n
			}
			for _, q := range []string{"UPDATE import_file SET undone = ?2 WHERE id = ?1", "DELETE FROM import_prior WHERE file_id = ?1 AND ?2 IS NOT NULL"} {
				if _, err := tx.ExecContext(ctx, q, f, now.Unix()); err != nil {
					return err
				}
			}
		}
		if _, err := tx.ExecContext(ctx, "UPDATE import_run SET undone = ? WHERE id = ?", now.Unix(), run); err != nil {
			return err
		}
		// The contacts that stay are linked by the measure of the last run that stays.
		days := int64(defaultRepeatDays)
		err = tx.QueryRowContext(ctx, "SELECT repeat_days FROM import_run WHERE undone IS NULL AND repeat_days IS NOT NULL ORDER BY id DESC LIMIT 1").Scan(&days)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		l := &linker{ctx: ctx, tx: tx, within: days * 86400, moved: func(k contacts.DayKey, _, _ int) error {
			touched[k.Queue] = true
			return nil
		}}
		if err := l.link(&parties); err != nil {
			return err
		}
		delete(touched, 0)
		ids := make([]int64, 0, len(touched))
		for q := range touched {
			ids = append(ids, q)
		}
		slices.Sort(ids)
		return rebuild(ctx, tx, ids)
	})
	return gone, back, err
}

// partiesOf collects the customers of the contacts that a file brought, and of
// those that it changed or replaced.
func partiesOf(ctx context.Context, tx *sql.Tx, file int64, into *partySet) error {
	rows, err := tx.QueryContext(ctx, `SELECT party_ref FROM contact WHERE file_id = ?1 AND party_ref IS NOT NULL UNION
		SELECT body ->> 'party_ref' FROM import_prior WHERE file_id = ?1 AND tab = 'contact' AND body ->> 'party_ref' IS NOT NULL`, file)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var ref string
		if err := rows.Scan(&ref); err != nil {
			return err
		}
		into.add(ref)
	}
	return rows.Err()
}

func queuesOf(ctx context.Context, tx *sql.Tx, table string, file int64, into map[int64]bool) error {
	rows, err := tx.QueryContext(ctx, "SELECT DISTINCT queue_id FROM "+table+" WHERE file_id = ? AND queue_id IS NOT NULL", file)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var q int64
		if err := rows.Scan(&q); err != nil {
			return err
		}
		into[q] = true
	}
	return rows.Err()
}

// undoFile puts back the rows that a file changed or replaced.
func undoFile(ctx context.Context, tx *sql.Tx, file int64, touched map[int64]bool) (int64, error) {
	rows, err := tx.QueryContext(ctx, "SELECT tab, row_id, body FROM import_prior WHERE file_id = ?", file)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	type prior struct {
		table string
		id    int64
		body  string
	}
	var all []prior
	for rows.Next() {
		var p prior
		if err := rows.Scan(&p.table, &p.id, &p.body); err != nil {
			return 0, err
		}
		all = append(all, p)
	}
	if err := rows.Err(); err != nil {
		return 0, err
	}
	rows.Close()
	for _, p := range all {
		if !slices.Contains(importTables, p.table) {
			return 0, fmt.Errorf("import_prior names table %q: %w", p.table, store.ErrDamaged)
		}
		dec := json.NewDecoder(strings.NewReader(p.body))
		dec.UseNumber()
		m := map[string]any{}
		if err := dec.Decode(&m); err != nil {
			return 0, fmt.Errorf("import_prior of row %d: %w", p.id, err)
		}
		var cols []string
		var args []any
		for c, v := range m {
			if strings.ContainsFunc(c, func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') }) {
				return 0, fmt.Errorf("import_prior names column %q: %w", c, store.ErrDamaged)
			}
			if n, ok := v.(json.Number); ok {
				if i, err := n.Int64(); err == nil {
					v = i
				} else if f, err := n.Float64(); err == nil {
					v = f
				}
			}
			if c == "queue_id" {
				if q, ok := v.(int64); ok {
					touched[q] = true
				}
			}
			cols = append(cols, `"`+c+`"`)
			args = append(args, v)
		}
		if _, err := tx.ExecContext(ctx, "INSERT OR REPLACE INTO "+p.table+" ("+strings.Join(cols, ", ")+") VALUES ("+strings.Repeat("?, ", len(cols)-1)+"?)", args...); err != nil {
			return 0, err
		}
	}
	return int64(len(all)), nil
}

// overlaps lists where the sources of a run are left out because another covers
// the same, or the other way round.
func overlaps(ctx context.Context, db *sql.DB, run int64, before map[[3]string]bool) ([]SourceOverlap, error) {
	all, err := contacts.Overlaps(ctx, db)
	if err != nil {
		return nil, err
	}
	rows, err := db.QueryContext(ctx, "SELECT DISTINCT s.name FROM import_file f JOIN source s ON s.id = f.source_id WHERE f.run_id = ?", run)
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	ours := map[string]bool{}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		ours[name] = true
	}
	var out []SourceOverlap
	for _, o := range all {
		if ours[o.Source] || ours[o.For] {
			out = append(out, SourceOverlap{o.Channel, o.Source, o.For, o.First.String(), o.Last.String(), o.Days, !before[[3]string{o.Channel, o.Source, o.For}]})
		}
	}
	return out, rows.Err()
}

// overlapping tells which sources are left out for which others, by channel.
func overlapping(ctx context.Context, db *sql.DB) (map[[3]string]bool, error) {
	all, err := contacts.Overlaps(ctx, db)
	out := map[[3]string]bool{}
	for _, o := range all {
		out[[3]string{o.Channel, o.Source, o.For}] = true
	}
	return out, err
}

// Prefer puts a source in front of all others.
func Prefer(ctx context.Context, db *sql.DB, name string) error {
	return store.Write(ctx, db, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, "UPDATE source SET rank = (SELECT MIN(rank) FROM source) - 1 WHERE name = ?", name)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fmt.Errorf("there is no source %q", name))
		}
		return nil
	})
}
