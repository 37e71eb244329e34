package importer

import "slices"

// note widens the span of rows without id in a queue.
func (w *writer) note(queue, at int64) {
	s := w.spans[queue]
	if s == nil {
		w.spans[queue] = &[2]int64{at, at}
		return
	}
	s[0], s[1] = min(s[0], at), max(s[1], at)
}

// sawAgain notes that a stored row without id is in this file too, so that it is
// not replaced.
func (w *writer) sawAgain(r *record, s storedRow) error {
	if r.again == 0 || s.file == w.file {
		return nil
	}
	if !w.seen {
		if _, err := w.tx.ExecContext(w.ctx, "CREATE TEMP TABLE IF NOT EXISTS import_seen (id INTEGER PRIMARY KEY)"); err != nil {
			return err
		}
		if _, err := w.tx.ExecContext(w.ctx, "DELETE FROM temp.import_seen"); err != nil {
			return err
		}
		w.seen = true
	}
	_, err := w.tx.ExecContext(w.ctx, "INSERT OR IGNORE INTO temp.import_seen (id) VALUES (?)", s.id)
	return err
}

// replace deletes the rows without id that lie in the span of this file, in the
// same queue of the same source, but are not in it: the file is a correction.
// Contacts that work hangs on stay.
func (w *writer) replace() error {
	if !w.seen {
		if _, err := w.tx.ExecContext(w.ctx, "CREATE TEMP TABLE IF NOT EXISTS import_seen (id INTEGER PRIMARY KEY)"); err != nil {
			return err
		}
		if _, err := w.tx.ExecContext(w.ctx, "DELETE FROM temp.import_seen"); err != nil {
			return err
		}
		w.seen = true
	}
	queues := make([]int64, 0, len(w.spans))
	for q := range w.spans {
		queues = append(queues, q)
	}
	slices.Sort(queues)
	for _, q := range queues {
		s := w.spans[q]
		rows, err := w.tx.QueryContext(w.ctx, `SELECT id, file_id FROM contact WHERE start BETWEEN ? AND ? AND queue_id = ? AND source_id = ?
			AND external_id IS NULL AND file_id IS NOT NULL AND file_id <> ? AND id NOT IN (SELECT id FROM temp.import_seen)
			AND id NOT IN (SELECT contact_id FROM handoff WHERE contact_id IS NOT NULL)
			AND id NOT IN (SELECT contact_id FROM contact_question)`, s[0], s[1], q, w.source, w.file)
		if err != nil {
			return err
		}
		type old struct{ id, file int64 }
		var gone []old
		for rows.Next() {
			var o old
			if err := rows.Scan(&o.id, &o.file); err != nil {
				rows.Close()
				return err
			}
			gone = append(gone, o)
		}
		if err := rows.Err(); err != nil {
			return err
		}
		rows.Close()
		for _, o := range gone {
			undo, err := w.loadContact(o.id)
			if err != nil {
				return err
			}
			undo(-1)
			if err := w.keepPrior("contact", o.id, o.file); err != nil {
				return err
			}
			if _, err := w.tx.ExecContext(w.ctx, "DELETE FROM contact WHERE id = ?", o.id); err != nil {
				return err
			}
			w.replaced++
		}
	}
	return nil
}
