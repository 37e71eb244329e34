package register

import (
	"context"
	"database/sql"
	"fmt"

	"kcc/contacts/promise"
)

// Past is work on an imported contact that was done elsewhere, with what became
// of it: how the record of a former system comes into the register.
type Past struct {
	Source     string // of the contact
	ExternalID string // of the contact in that source
	Work       Work   // Contact is found by Source and ExternalID
	Events     []promise.Event
}

// Replay registers past work in one transaction, each with its promises and its
// log, and returns how many there were. Work on a contact that has some already
// is left out, so that twice makes no difference. An event that does not fit
// undoes all.
func (d *Desk) Replay(ctx context.Context, list []Past) (added int, err error) {
	err = d.write(ctx, func(tx *sql.Tx) error {
		added = 0
		known := map[string]map[string]int64{}
		for i := range list {
			p := &list[i]
			if known[p.Source] == nil {
				if known[p.Source], err = contactsOf(ctx, tx, p.Source); err != nil {
					return err
				}
			}
			id, ok := known[p.Source][p.ExternalID]
			if !ok {
				return fmt.Errorf("contact %s of source %s: %w", p.ExternalID, p.Source, ErrNotFound)
			}
			var had int
			if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM handoff WHERE contact_id = ?", id).Scan(&had); err != nil {
				return err
			}
			if had > 0 {
				continue
			}
			w := p.Work
			w.Contact = id
			work, _, err := d.addWork(ctx, tx, w)
			if err != nil {
				return err
			}
			for _, e := range p.Events {
				e.At, e.By = d.at(e.At), d.By
				if err := d.apply(ctx, tx, work, e); err != nil {
					return err
				}
			}
			added++
		}
		return nil
	})
	return added, err
}

// contactsOf returns the contacts of a source by the ids they have there.
func contactsOf(ctx context.Context, tx *sql.Tx, source string) (map[string]int64, error) {
	rows, err := tx.QueryContext(ctx, `
SELECT c.external_id, c.id FROM contact c JOIN source s ON s.id = c.source_id WHERE s.name = ? AND c.external_id IS NOT NULL`, source)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]int64{}
	for rows.Next() {
		var external string
		var id int64
		if err := rows.Scan(&external, &id); err != nil {
			return nil, err
		}
		out[external] = id
	}
	return out, rows.Err()
}
