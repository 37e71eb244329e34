package privacy

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"time"

	"kcc/internal/store"
)

// freeText lists the columns in which people type, with the row's own key.
var freeText = []struct{ table, column, id string }{
	{"contact", "note", "id"},
	{"handoff", "task", "id"},
	{"handoff_event", "reason", "id"},
	{"appointment", "note", "id"},
	{"outbound_record", "task", "id"},
	{"outbound_attempt", "note", "id"},
}

// Found is how much personal data of a kind a column of free text holds.
type Found struct {
	Table, Column, Kind string
	Rows, Count         int
	First               []int64 // ids of the first rows
}

// maxFirst bounds the ids that are named per finding.
const maxFirst = 5

// Scan looks for personal data in the free text of the store. It returns counts
// and ids, never the data.
func Scan(ctx context.Context, db *sql.DB) (found []Found, rows int, err error) {
	f := NewFinder()
	for _, c := range freeText {
		byKind := map[string]*Found{}
		n, err := eachText(ctx, db, c.table, c.column, c.id, func(id int64, text string) error {
			for kind, count := range f.Find(text) {
				e := byKind[kind]
				if e == nil {
					e = &Found{Table: c.table, Column: c.column, Kind: kind}
					byKind[kind] = e
				}
				e.Rows++
				e.Count += count
				if len(e.First) < maxFirst {
					e.First = append(e.First, id)
				}
			}
			return nil
		})
		if err != nil {
			return nil, rows, store.Explain(err)
		}
		rows += n
		for _, kind := range FoundKinds() {
			if e := byKind[kind]; e != nil {
				found = append(found, *e)
			}
		}
	}
	return found, rows, nil
}

type queryer interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func eachText(ctx context.Context, db queryer, table, column, id string, f func(id int64, text string) error) (int, error) {
	rows, err := db.QueryContext(ctx, fmt.Sprintf("SELECT %s, %s FROM %s WHERE %s IS NOT NULL AND %s <> '' ORDER BY %s", id, column, table, column, column, id))
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var key int64
		var text string
		if err := rows.Scan(&key, &text); err != nil {
			return n, err
		}
		n++
		if err := f(key, text); err != nil {
			return n, err
		}
	}
	return n, rows.Err()
}

// MaskStored masks citizen service numbers in the free text of the store and
// returns how many there were.
func MaskStored(ctx context.Context, db *sql.DB, m Masker, by string, now time.Time, dryRun bool) (int, error) {
	total := 0
	err := erasing(ctx, db, dryRun, func(tx *sql.Tx) error {
		for _, c := range freeText {
			type change struct {
				id   int64
				text string
			}
			var changes []change
			_, err := eachText(ctx, tx, c.table, c.column, c.id, func(id int64, text string) error {
				if masked, n := m.Mask(text); n > 0 {
					changes = append(changes, change{id, masked})
					total += n
				}
				return nil
			})
			if err != nil {
				return err
			}
			for _, ch := range changes {
				if _, err := tx.ExecContext(ctx, fmt.Sprintf("UPDATE %s SET %s = ? WHERE %s = ?", c.table, c.column, c.id), ch.text, ch.id); err != nil {
					return err
				}
			}
		}
		if total == 0 {
			return nil
		}
		return Audit(ctx, tx, now, by, "privacy scan", fmt.Sprintf("%d numbers masked", total))
	})
	return total, err
}

// erasing runs f in one transaction on a connection that overwrites what it
// deletes, and folds the log of the store afterwards, so that nothing of it stays
// behind in the files.
func erasing(ctx context.Context, db *sql.DB, dryRun bool, f func(tx *sql.Tx) error) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return store.Explain(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "PRAGMA secure_delete = ON"); err != nil {
		return store.Explain(err)
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return store.Explain(err)
	}
	if err := f(tx); err != nil || dryRun {
		return store.Explain(errors.Join(err, tx.Rollback()))
	}
	if err := tx.Commit(); err != nil {
		return store.Explain(err)
	}
	// Readers may hold the old log for a moment longer; then the next fold does it.
	_, err = conn.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	return store.Explain(err)
}

// partyTables returns the tables that know a customer by a keyed reference.
func partyTables(ctx context.Context, db queryer) ([]string, error) {
	return store.Texts(ctx, db, `
SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'party_ref' ORDER BY m.name`)
}

// Record is one row that is about a customer: its table and its filled columns.
type Record struct {
	Table  string
	Fields []Field
}

// Field is one filled column of a Record.
type Field struct{ Name, Value string }

// Export returns everything that the store holds about a customer: the rows that
// carry one of the references, what belongs to their contacts, and the sealed
// details, opened by open.
func Export(ctx context.Context, db *sql.DB, refs []string, open func(keyID string, body []byte) (string, error)) ([]Record, error) {
	var out []Record
	err := store.Read(ctx, db, func(tx *sql.Tx) error {
		tables, err := partyTables(ctx, tx)
		if err != nil {
			return err
		}
		marks, args := list(refs)
		add := func(table, query string, args ...any) error {
			found, err := records(ctx, tx, table, query, args...)
			out = append(out, found...)
			return err
		}
		for _, t := range tables {
			if err := add(t, "SELECT * FROM "+quoted(t)+" WHERE party_ref IN "+marks, args...); err != nil {
				return err
			}
		}
		mine := "(SELECT id FROM contact WHERE party_ref IN " + marks + ")"
		for _, q := range []struct{ table, query string }{
			{"handoff", "SELECT * FROM handoff WHERE contact_id IN " + mine},
			{"handoff_event", "SELECT e.* FROM handoff_event e JOIN handoff h ON h.id = e.handoff_id WHERE h.contact_id IN " + mine},
			{"contact_question", "SELECT * FROM contact_question WHERE contact_id IN " + mine},
			{"contact_article", "SELECT * FROM contact_article WHERE contact_id IN " + mine},
			{"do_not_call", "SELECT * FROM do_not_call WHERE party IN " + marks},
			{"outbound_consent", "SELECT * FROM outbound_consent WHERE party IN " + marks},
			{"outbound_attempt", "SELECT a.* FROM outbound_attempt a JOIN outbound_record r ON r.id = a.record_id WHERE r.party_ref IN " + marks},
		} {
			if err := add(q.table, q.query, args...); err != nil {
				return err
			}
		}
		return openSealed(ctx, tx, marks, args, open, &out)
	})
	return out, err
}

// sealedOwners is how often sealedOf wants the references of the customer.
const sealedOwners = 4

// sealedOf selects the sealed details that belong to a customer.
func sealedOf(marks string) string {
	return `FROM sealed_detail WHERE contact_id IN (SELECT id FROM contact WHERE party_ref IN ` + marks + `)
	OR handoff_id IN (SELECT h.id FROM handoff h JOIN contact c ON c.id = h.contact_id WHERE c.party_ref IN ` + marks + `)
	OR appointment_id IN (SELECT id FROM appointment WHERE party_ref IN ` + marks + `)
	OR outbound_id IN (SELECT id FROM outbound_record WHERE party_ref IN ` + marks + `)`
}

func openSealed(ctx context.Context, tx *sql.Tx, marks string, args []any, open func(string, []byte) (string, error), out *[]Record) error {
	rows, err := tx.QueryContext(ctx, "SELECT id, key_id, body "+sealedOf(marks), slices.Repeat(args, sealedOwners)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var key string
		var body []byte
		if err := rows.Scan(&id, &key, &body); err != nil {
			return err
		}
		text, err := open(key, body)
		if err != nil {
			return fmt.Errorf("sealed detail %d: %w", id, err)
		}
		*out = append(*out, Record{"sealed_detail", []Field{{"id", fmt.Sprint(id)}, {"text", text}}})
	}
	return rows.Err()
}

// records reads rows of any shape; empty columns and the reference itself are
// left out, as are the internal keys of imports.
func records(ctx context.Context, tx *sql.Tx, table, query string, args ...any) ([]Record, error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	internal := map[string]bool{"party_ref": true, "party": true, "key": true, "hash": true, "source_id": true, "file_id": true, "line": true, "queue_id": true}
	var out []Record
	for rows.Next() {
		vals, ptrs := make([]any, len(names)), make([]any, len(names))
		for i := range vals {
			ptrs[i] = &vals[i]
		}
		if err := rows.Scan(ptrs...); err != nil {
			return nil, err
		}
		r := Record{Table: table}
		for i, v := range vals {
			if v == nil || v == "" || internal[names[i]] {
				continue
			}
			r.Fields = append(r.Fields, Field{names[i], fmt.Sprint(v)})
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// Erased counts what was taken away, by table and column.
type Erased map[string]int

// Total is the number of values that were taken away.
func (e Erased) Total() int {
	n := 0
	for _, c := range e {
		n += c
	}
	return n
}

// String lists the counts in a fixed order.
func (e Erased) String() string {
	var parts []string
	for k, n := range e {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", k, n))
		}
	}
	sort.Strings(parts)
	return strings.Join(parts, ", ")
}

// eraseReasons takes away the free text of a log. What a pause needs to be counted
// stays: that it had a reason, and the reasons that a rule names.
const eraseReasons = `
UPDATE handoff_event SET reason = CASE WHEN kind IN ('paused', 'extended') THEN 'erased' ELSE '' END
WHERE reason NOT IN ('', 'erased') AND kind <> 'repinned'
	AND NOT EXISTS (SELECT 1 FROM promise_rule r WHERE char(10) || r.pause_reasons || char(10) LIKE '%' || char(10) || handoff_event.reason || char(10) || '%')
	AND handoff_id IN `

// Erase takes away everything that tells who a customer is: references, notes,
// tasks, reasons, numbers of cases and sealed details. That a contact took place
// stays, as a fact about nobody. Open work keeps its promise; its customer can
// not be reached from here any more.
func Erase(ctx context.Context, db *sql.DB, refs []string, by string, now time.Time, dryRun bool) (Erased, error) {
	out := Erased{}
	err := erasing(ctx, db, dryRun, func(tx *sql.Tx) error {
		marks, args := list(refs)
		mine := "(SELECT id FROM contact WHERE party_ref IN " + marks + ")"
		if err := out.run(ctx, tx, "sealed_detail", "DELETE "+sealedOf(marks), slices.Repeat(args, sealedOwners)...); err != nil {
			return err
		}
		for _, q := range []struct{ what, query string }{
			{"handoff_event.reason", eraseReasons + "(SELECT id FROM handoff WHERE contact_id IN " + mine + ")"},
			{"handoff.task", "UPDATE handoff SET task = '' WHERE task <> '' AND contact_id IN " + mine},
			{"contact.note", "UPDATE contact SET note = NULL WHERE note IS NOT NULL AND party_ref IN " + marks},
			{"contact.reference", "UPDATE contact SET reference = NULL WHERE reference IS NOT NULL AND party_ref IN " + marks},
			{"appointment.note", "UPDATE appointment SET note = '' WHERE note <> '' AND party_ref IN " + marks},
			{"outbound_attempt.note", "UPDATE outbound_attempt SET note = '' WHERE note <> '' AND record_id IN (SELECT id FROM outbound_record WHERE party_ref IN " + marks + ")"},
			{"outbound_record.task", "UPDATE outbound_record SET task = '', reference = '' WHERE (task <> '' OR reference <> '') AND party_ref IN " + marks},
			{"outbound_consent", "DELETE FROM outbound_consent WHERE party IN " + marks},
		} {
			if err := out.run(ctx, tx, q.what, q.query, args...); err != nil {
				return err
			}
		}
		tables, err := partyTables(ctx, tx)
		if err != nil {
			return err
		}
		for _, t := range tables {
			if err := out.run(ctx, tx, t+".party_ref", "UPDATE "+quoted(t)+" SET party_ref = NULL WHERE party_ref IN "+marks, args...); err != nil {
				return err
			}
		}
		return Audit(ctx, tx, now, by, "privacy erase", "one customer: "+out.String())
	})
	return out, err
}

// run counts the rows that a statement changes.
func (e Erased) run(ctx context.Context, tx *sql.Tx, what, query string, args ...any) error {
	res, err := tx.ExecContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	n, err := res.RowsAffected()
	e[what] += int(n)
	return err
}

// list makes the marks and arguments of an IN.
func list(refs []string) (string, []any) {
	args := make([]any, len(refs))
	for i, r := range refs {
		args[i] = r
	}
	return "(?" + strings.Repeat(", ?", len(refs)-1) + ")", args
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
