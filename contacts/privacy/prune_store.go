package privacy

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"
)

// Retention says how long data that tells who a customer is stays after a contact
// is closed. The law gives no fixed term; a year is a common choice, kinds such
// as an objection may need longer.
type Retention struct {
	Keep   time.Duration            // 0 means DefaultKeep
	Kind   map[string]time.Duration // per kind of contact
	DryRun bool
}

// DefaultKeep is how long references and free text are kept.
const DefaultKeep = 365 * 24 * time.Hour

// Prune takes away what has been kept long enough: references, notes, tasks,
// reasons and numbers of cases of contacts that are closed and older than their
// retention, appointments likewise, and sealed details whose work is done. The
// contacts stay as facts without a person.
func Prune(ctx context.Context, db *sql.DB, r Retention, by string, now time.Time) (Erased, error) {
	if r.Keep == 0 {
		r.Keep = DefaultKeep
	}
	out := Erased{}
	err := erasing(ctx, db, r.DryRun, func(tx *sql.Tx) error {
		if err := out.run(ctx, tx, "sealed_detail", "DELETE FROM sealed_detail WHERE erase_at <= ?", now.Unix()); err != nil {
			return err
		}
		// Which contacts: by kind, the rest by the default.
		kinds := make([]string, 0, len(r.Kind))
		for k := range r.Kind {
			kinds = append(kinds, k)
		}
		slices.Sort(kinds)
		const due = "COALESCE(closed, start) < ? AND status <> 'open'"
		for _, k := range kinds {
			if err := pruneContacts(ctx, tx, out, due+" AND kind = ?", now.Add(-r.Kind[k]).Unix(), k); err != nil {
				return err
			}
		}
		where, args := due, []any{now.Add(-r.Keep).Unix()}
		if len(kinds) > 0 {
			marks, vals := list(kinds)
			where, args = where+" AND kind NOT IN "+marks, append(args, vals...)
		}
		if err := pruneContacts(ctx, tx, out, where, args...); err != nil {
			return err
		}
		before := now.Add(-r.Keep).Unix()
		for _, q := range []struct{ what, query string }{
			{"appointment.party_ref", "UPDATE appointment SET party_ref = NULL WHERE party_ref IS NOT NULL AND start < ?"},
			{"appointment.note", "UPDATE appointment SET note = '' WHERE note <> '' AND start < ?"},
			{"outbound_attempt.note", "UPDATE outbound_attempt SET note = '' WHERE note <> '' AND at < ?"},
			{"outbound_record.task", "UPDATE outbound_record SET task = '', reference = '' WHERE (task <> '' OR reference <> '') AND closed < ?"},
			{"outbound_record.party_ref", "UPDATE outbound_record SET party_ref = NULL WHERE party_ref IS NOT NULL AND closed < ?"},
			{"ticket.party_ref", "UPDATE ticket SET party_ref = NULL WHERE party_ref IS NOT NULL AND closed < ?"},
		} {
			if err := out.run(ctx, tx, q.what, q.query, before); err != nil {
				return err
			}
		}
		if out.Total() == 0 {
			return nil
		}
		return Audit(ctx, tx, now, by, "privacy prune", fmt.Sprintf("kept %d days: %s", int(r.Keep.Hours()/24), out))
	})
	return out, err
}

func pruneContacts(ctx context.Context, tx *sql.Tx, out Erased, where string, args ...any) error {
	mine := "(SELECT id FROM contact WHERE " + where + ")"
	for _, q := range []struct{ what, query string }{
		{"handoff_event.reason", eraseReasons + "(SELECT id FROM handoff WHERE contact_id IN " + mine + ")"},
		{"handoff.task", "UPDATE handoff SET task = '' WHERE task <> '' AND contact_id IN " + mine},
		{"contact.note", "UPDATE contact SET note = NULL WHERE note IS NOT NULL AND " + where},
		{"contact.reference", "UPDATE contact SET reference = NULL WHERE reference IS NOT NULL AND " + where},
		{"contact.party_ref", "UPDATE contact SET party_ref = NULL WHERE party_ref IS NOT NULL AND " + where},
	} {
		if err := out.run(ctx, tx, q.what, q.query, args...); err != nil {
			return err
		}
	}
	return nil
}

// KeysInUse counts the references and sealed details under each key.
func KeysInUse(ctx context.Context, db *sql.DB) (map[string]int, error) {
	out := map[string]int{}
	tables, err := partyTables(ctx, db)
	if err != nil {
		return nil, err
	}
	queries := []string{"SELECT key_id, COUNT(*) FROM sealed_detail GROUP BY 1"}
	references := func(table, column string) {
		queries = append(queries, "SELECT substr("+column+", 1, instr("+column+", ':') - 1), COUNT(*) FROM "+quoted(table)+" WHERE "+column+" LIKE '%:%' GROUP BY 1")
	}
	for _, t := range tables {
		references(t, "party_ref")
	}
	references("do_not_call", "party")
	references("outbound_consent", "party")
	for _, q := range queries {
		rows, err := db.QueryContext(ctx, q)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			var key string
			var n int
			if err := rows.Scan(&key, &n); err != nil {
				rows.Close()
				return nil, err
			}
			out[key] += n
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
		rows.Close()
	}
	return out, nil
}
