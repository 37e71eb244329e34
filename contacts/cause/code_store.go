package cause

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"kcc/internal/store"
)

// ErrNotFound is returned for a name that the store does not have.
var ErrNotFound = errors.New("not found")

// LoadBook returns the cause codes in force.
func LoadBook(ctx context.Context, db *sql.DB) (Book, error) {
	rows, err := db.QueryContext(ctx, "SELECT code, title, title_nl, avoidable, organisation, gain, action, action_nl FROM cause_code ORDER BY code")
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var own []Code
	for rows.Next() {
		var c Code
		if err := rows.Scan(&c.Code, &c.Title, &c.TitleNL, &c.Avoidable, &c.Organisation, &c.Gain, &c.Action, &c.ActionNL); err != nil {
			return nil, store.Explain(err)
		}
		own = append(own, c)
	}
	return BookOf(own), store.Explain(rows.Err())
}

// SaveCode puts a code of the centre in place of the one of that name.
func SaveCode(ctx context.Context, db *sql.DB, c Code) error {
	c.Code = strings.TrimSpace(c.Code)
	switch {
	case c.Code == "":
		return errors.New("the cause has no code")
	case !(c.Gain >= 0 && c.Gain <= 1):
		return fmt.Errorf("gain %g: want a share from 0 to 1", c.Gain)
	}
	return store.Write(ctx, db, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
INSERT INTO cause_code (code, title, title_nl, avoidable, organisation, gain, action, action_nl) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (code) DO UPDATE SET title = excluded.title, title_nl = excluded.title_nl, avoidable = excluded.avoidable,
	organisation = excluded.organisation, gain = excluded.gain, action = excluded.action, action_nl = excluded.action_nl`,
			c.Code, c.Title, c.TitleNL, c.Avoidable, c.Organisation, c.Gain, c.Action, c.ActionNL)
		return err
	})
}

// LoadRules returns the rules in force, in order.
func LoadRules(ctx context.Context, db *sql.DB) ([]Rule, error) {
	rows, err := db.QueryContext(ctx, "SELECT name, position, kind, cause, days, channel, subject, contact_kind, off FROM cause_rule ORDER BY position, name")
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var own []Rule
	for rows.Next() {
		var r Rule
		if err := rows.Scan(&r.Name, &r.Position, &r.Kind, &r.Cause, &r.Days, &r.Channel, &r.Subject, &r.Contact, &r.Off); err != nil {
			return nil, store.Explain(err)
		}
		own = append(own, r)
	}
	return RulesWith(own), store.Explain(rows.Err())
}

// SaveRule puts a rule in place of the one of that name.
func SaveRule(ctx context.Context, db *sql.DB, r Rule) error {
	if err := r.Check(); err != nil {
		return err
	}
	return store.Write(ctx, db, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
INSERT INTO cause_rule (name, position, kind, cause, days, channel, subject, contact_kind, off) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (name) DO UPDATE SET position = excluded.position, kind = excluded.kind, cause = excluded.cause, days = excluded.days,
	channel = excluded.channel, subject = excluded.subject, contact_kind = excluded.contact_kind, off = excluded.off`,
			r.Name, r.Position, string(r.Kind), r.Cause, r.Days, r.Channel, r.Subject, r.Contact, r.Off)
		return err
	})
}

// RemoveRule takes a rule of the centre away; one that comes with kcc is put
// back as it was, or switched off with off.
func RemoveRule(ctx context.Context, db *sql.DB, name string) error {
	for _, r := range Rules() {
		if r.Name == name {
			r.Off = true
			return SaveRule(ctx, db, r)
		}
	}
	return store.Write(ctx, db, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, "DELETE FROM cause_rule WHERE name = ?", name)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fmt.Errorf("cause rule %q: %w", name, ErrNotFound))
		}
		return nil
	})
}
