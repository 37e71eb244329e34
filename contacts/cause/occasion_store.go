package cause

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"kcc/internal/calendar"
	"kcc/internal/store"
)

// Check reports what is wrong with an occasion.
func (o *Occasion) Check() error {
	switch {
	case o.Name == "":
		return errors.New("the occasion has no name")
	case !slices.Contains([]OccasionKind{Mailing, Disruption, Action, Other}, o.Kind):
		return fmt.Errorf("%q: kind %q: want mailing, disruption, action or other", o.Name, o.Kind)
	case o.From == 0:
		return fmt.Errorf("%q has no date", o.Name)
	case o.To < o.From:
		return fmt.Errorf("%q ends on %s, before it starts on %s", o.Name, o.To, o.From)
	case o.Sent < 0:
		return fmt.Errorf("%q: %d letters: want 0 or more", o.Name, o.Sent)
	case o.Kind == Mailing && o.Subject == "":
		return fmt.Errorf("%q: a mailing wants the subject it is about", o.Name)
	}
	return nil
}

// SaveOccasion notes what happened; the same name on the same day is replaced.
func SaveOccasion(ctx context.Context, db *sql.DB, o Occasion) error {
	if err := o.Check(); err != nil {
		return err
	}
	return store.Write(ctx, db, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
INSERT INTO occasion (name, kind, first_day, last_day, channel, subject, department, sent, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (name, first_day) DO UPDATE SET kind = excluded.kind, last_day = excluded.last_day, channel = excluded.channel,
	subject = excluded.subject, department = excluded.department, sent = excluded.sent, note = excluded.note`,
			o.Name, string(o.Kind), int64(o.From), int64(o.To), o.Channel, o.Subject, o.Department, o.Sent, o.Note)
		return err
	})
}

// RemoveOccasion takes the occasions of a name away, or the one on a day.
func RemoveOccasion(ctx context.Context, db *sql.DB, name string, on calendar.Date) (removed int, err error) {
	err = store.Write(ctx, db, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, "DELETE FROM occasion WHERE name = ? AND (? = 0 OR first_day = ?)", name, int64(on), int64(on))
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if removed = int(n); err == nil && n == 0 {
			err = fmt.Errorf("%q: %w", name, ErrNotFound)
		}
		return err
	})
	return removed, err
}

// LoadOccasions returns what happened on days from first to last, in order of day.
func LoadOccasions(ctx context.Context, db *sql.DB, first, last calendar.Date) ([]Occasion, error) {
	rows, err := db.QueryContext(ctx, `
SELECT id, name, kind, first_day, last_day, channel, subject, department, sent, note FROM occasion
WHERE first_day <= ? AND last_day >= ? ORDER BY first_day, name`, int64(last), int64(first))
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var out []Occasion
	for rows.Next() {
		var o Occasion
		if err := rows.Scan(&o.ID, &o.Name, &o.Kind, &o.From, &o.To, &o.Channel, &o.Subject, &o.Department, &o.Sent, &o.Note); err != nil {
			return nil, store.Explain(err)
		}
		out = append(out, o)
	}
	return out, store.Explain(rows.Err())
}
