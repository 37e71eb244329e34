package planstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"kcc/forecast"
	"kcc/internal/calendar"
	"kcc/internal/store"
)

// ErrNoSuch is returned when there is nothing of the name asked for.
var ErrNoSuch = errors.New("there is nothing of that name")

// AddEvent stores an event; without an ID it gets one. An event with the ID of
// another replaces it.
func AddEvent(ctx context.Context, db *sql.DB, e forecast.Event) (id string, err error) {
	err = store.Write(ctx, db, func(tx *sql.Tx) error {
		if e.ID == "" {
			if e.ID, err = nextID(ctx, tx, "plan_event", "e"); err != nil {
				return err
			}
		}
		id = e.ID
		_, err := tx.ExecContext(ctx, `
INSERT INTO plan_event (id, name, channel, subject, department, from_day, to_day, lead, lag, mode, factor, letters, rate, contacts, spread, copy_from, note)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, channel = excluded.channel, subject = excluded.subject, department = excluded.department,
	from_day = excluded.from_day, to_day = excluded.to_day, lead = excluded.lead, lag = excluded.lag, mode = excluded.mode, factor = excluded.factor,
	letters = excluded.letters, rate = excluded.rate, contacts = excluded.contacts, spread = excluded.spread, copy_from = excluded.copy_from, note = excluded.note`,
			e.ID, e.Name, e.Channel, e.Subject, e.Department, dayNumber(e.From), dayNumber(e.To), e.Lead, e.Lag, e.Mode.String(), e.Factor, e.Letters, e.Rate,
			e.Contacts, packFloats(e.Spread), e.CopyFrom, e.Note)
		return err
	})
	return id, err
}

// nextID returns a short name that the table does not have yet: e1, e2, ...
func nextID(ctx context.Context, tx *sql.Tx, table, prefix string) (string, error) {
	var n int
	// The table is one of our own names.
	err := tx.QueryRowContext(ctx, "SELECT COALESCE(MAX(CAST(SUBSTR(id, ?) AS INTEGER)), 0) + 1 FROM "+table+" WHERE id GLOB ?",
		len(prefix)+1, prefix+"[0-9]*").Scan(&n)
	return fmt.Sprintf("%s%d", prefix, n), err
}

// Events returns every event in order of its first day.
func Events(ctx context.Context, db *sql.DB) ([]forecast.Event, error) {
	rows, err := db.QueryContext(ctx, `
SELECT id, name, channel, subject, department, from_day, to_day, lead, lag, mode, factor, letters, rate, contacts, spread, copy_from, note
FROM plan_event ORDER BY from_day, id`)
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var out []forecast.Event
	for rows.Next() {
		var e forecast.Event
		var from, to int64
		var mode string
		var spread []byte
		if err := rows.Scan(&e.ID, &e.Name, &e.Channel, &e.Subject, &e.Department, &from, &to, &e.Lead, &e.Lag, &mode, &e.Factor, &e.Letters, &e.Rate,
			&e.Contacts, &spread, &e.CopyFrom, &e.Note); err != nil {
			return nil, store.Explain(err)
		}
		e.From, e.To = calendar.Date(from), calendar.Date(to)
		if e.Mode, err = forecast.ParseEventMode(mode); err != nil {
			return nil, err
		}
		if e.Spread, err = unpackFloats(spread); err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, store.Explain(rows.Err())
}

// RemoveEvent removes an event; ErrNoSuch when there is none of that ID.
func RemoveEvent(ctx context.Context, db *sql.DB, id string) error {
	return removeByID(ctx, db, "plan_event", id)
}

// AddAdjustment stores a planner's change to the forecast; without an ID it
// gets one. A change with the ID of another replaces it.
func AddAdjustment(ctx context.Context, db *sql.DB, a forecast.Adjustment) (id string, err error) {
	err = store.Write(ctx, db, func(tx *sql.Tx) error {
		if a.ID == "" {
			if a.ID, err = nextID(ctx, tx, "plan_adjustment", "a"); err != nil {
				return err
			}
		}
		id = a.ID
		_, err := tx.ExecContext(ctx, `
INSERT INTO plan_adjustment (id, channel, subject, start, stop, factor, extra, set_to, reason, made_by, made_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET channel = excluded.channel, subject = excluded.subject, start = excluded.start, stop = excluded.stop,
	factor = excluded.factor, extra = excluded.extra, set_to = excluded.set_to, reason = excluded.reason, made_by = excluded.made_by, made_at = excluded.made_at`,
			a.ID, a.Channel, a.Subject, a.From.Unix(), a.To.Unix(), a.Factor, a.Add, maybe(a.SetTo, a.HasSet), a.Reason, a.By, a.Made.Unix())
		return err
	})
	return id, err
}

// Adjustments returns every change to the forecast in the order in which they
// were made, with times in loc (nil: UTC).
func Adjustments(ctx context.Context, db *sql.DB, loc *time.Location) ([]forecast.Adjustment, error) {
	rows, err := db.QueryContext(ctx, `
SELECT id, channel, subject, start, stop, factor, extra, set_to, reason, made_by, made_at FROM plan_adjustment ORDER BY made_at, rowid`)
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var out []forecast.Adjustment
	for rows.Next() {
		var a forecast.Adjustment
		var start, stop, made int64
		var set sql.Null[float64]
		if err := rows.Scan(&a.ID, &a.Channel, &a.Subject, &start, &stop, &a.Factor, &a.Add, &set, &a.Reason, &a.By, &made); err != nil {
			return nil, store.Explain(err)
		}
		a.From, a.To, a.Made = at(start, loc), at(stop, loc), at(made, loc)
		a.SetTo, a.HasSet = set.V, set.Valid
		out = append(out, a)
	}
	return out, store.Explain(rows.Err())
}

// RemoveAdjustment removes a change; ErrNoSuch when there is none of that ID.
func RemoveAdjustment(ctx context.Context, db *sql.DB, id string) error {
	return removeByID(ctx, db, "plan_adjustment", id)
}

func removeByID(ctx context.Context, db *sql.DB, table, id string) error {
	return store.Write(ctx, db, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE id = ?", id)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n > 0 {
			return err
		}
		return fmt.Errorf("%q: %w", id, ErrNoSuch)
	})
}
