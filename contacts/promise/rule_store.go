package promise

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"kcc/internal/calendar"
)

// Queryer is what *sql.DB and *sql.Tx have in common.
type Queryer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

const ruleColumns = "id, name, version, valid_from, off, channel, kind, subject, department, metric, within, mode, cutoff, pause_reasons, escalation, level"

// LoadRules returns every version of every rule, in order of name and version.
func LoadRules(ctx context.Context, db Queryer) (Rules, error) {
	rows, err := db.QueryContext(ctx, "SELECT "+ruleColumns+" FROM promise_rule ORDER BY name, version")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out Rules
	for rows.Next() {
		r, err := scanRule(rows.Scan)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// LoadRule returns one version by its id.
func LoadRule(ctx context.Context, db Queryer, id int64) (Rule, error) {
	return scanRule(db.QueryRowContext(ctx, "SELECT "+ruleColumns+" FROM promise_rule WHERE id = ?", id).Scan)
}

func scanRule(scan func(...any) error) (Rule, error) {
	var r Rule
	var from, cutoff int64
	var metric, within, mode, reasons, steps string
	err := scan(&r.ID, &r.Name, &r.Version, &from, &r.Off, &r.Match.Channel, &r.Match.Kind, &r.Match.Subject, &r.Match.Department,
		&metric, &within, &mode, &cutoff, &reasons, &steps, &r.Level)
	if err != nil {
		return r, err
	}
	r.ValidFrom, r.Promise.Cutoff, r.Metric = calendar.Date(from), calendar.Clock(cutoff), Metric(metric)
	if reasons != "" {
		r.PauseReasons = strings.Split(reasons, "\n")
	}
	if r.Promise.Within, err = calendar.ParseTerm(within); err != nil {
		return r, fmt.Errorf("promise rule %s version %d: %w", r.Name, r.Version, err)
	}
	if r.Promise.Mode, err = ParseMode(mode); err != nil {
		return r, fmt.Errorf("promise rule %s version %d: %w", r.Name, r.Version, err)
	}
	if r.Escalation, err = ParseEscalation(steps); err != nil {
		return r, fmt.Errorf("promise rule %s version %d: %w", r.Name, r.Version, err)
	}
	return r, nil
}

// SaveRule stores r as the next version of the rule of its name and sets its ID
// and Version. A rule that says the same as the version in force is not stored
// again; isNew is false and r becomes that version.
func SaveRule(ctx context.Context, tx Queryer, r *Rule) (isNew bool, err error) {
	if err := r.Check(); err != nil {
		return false, err
	}
	last, err := scanRule(tx.QueryRowContext(ctx, "SELECT "+ruleColumns+" FROM promise_rule WHERE name = ? ORDER BY version DESC LIMIT 1", r.Name).Scan)
	switch {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil:
		return false, err
	case last.same(r):
		*r = last
		return false, nil
	}
	r.Version = last.Version + 1
	res, err := tx.ExecContext(ctx, `
INSERT INTO promise_rule (name, version, valid_from, off, channel, kind, subject, department, metric, within, mode, cutoff, pause_reasons, escalation, level)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.Name, r.Version, int64(r.ValidFrom), r.Off, r.Match.Channel, r.Match.Kind, r.Match.Subject, r.Match.Department,
		string(r.Metric), r.Promise.Within.String(), r.Promise.Mode.String(), int64(r.Promise.Cutoff),
		strings.Join(r.PauseReasons, "\n"), r.Escalation.String(), r.Level)
	if err != nil {
		return false, err
	}
	r.ID, err = res.LastInsertId()
	return true, err
}

// SaveCalendar stores the text of c once and returns its id.
func SaveCalendar(ctx context.Context, tx Queryer, c *Calendar) (int64, error) {
	var id int64
	version := c.Version()
	err := tx.QueryRowContext(ctx, "SELECT id FROM promise_calendar WHERE version = ?", version).Scan(&id)
	if !errors.Is(err, sql.ErrNoRows) {
		return id, err
	}
	res, err := tx.ExecContext(ctx, "INSERT INTO promise_calendar (version, text) VALUES (?, ?)", version, c.Text())
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

// LoadCalendar returns the calendar with an id.
func LoadCalendar(ctx context.Context, db Queryer, id int64) (*Calendar, error) {
	var text string
	if err := db.QueryRowContext(ctx, "SELECT text FROM promise_calendar WHERE id = ?", id).Scan(&text); err != nil {
		return nil, err
	}
	return ReadCalendar(text)
}
