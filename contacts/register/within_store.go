package register

import (
	"context"
	"database/sql"

	"kcc/contacts/promise"
)

// AddWithin registers a contact inside the transaction of another part of the
// register; party is the keyed reference of the customer, empty when unknown. It
// returns the id of the contact.
func (d *Desk) AddWithin(ctx context.Context, tx *sql.Tx, e *Entry, party string) (int64, error) {
	start, err := d.clean(e)
	if err != nil {
		return 0, err
	}
	var out Added
	err = d.add(ctx, tx, e, start, null(party), null(e.Note), e.Task, &out)
	return out.ID, err
}

// EventWithin adds an event to the log of a piece of work inside the transaction
// of another part of the register. Work that is closed is left as it is.
func (d *Desk) EventWithin(ctx context.Context, tx *sql.Tx, id int64, e promise.Event) error {
	var status promise.Status
	if err := tx.QueryRowContext(ctx, "SELECT status FROM handoff WHERE id = ?", id).Scan(&status); err != nil {
		return err
	}
	if status == promise.CaseClose {
		return nil
	}
	return d.apply(ctx, tx, id, e)
}
