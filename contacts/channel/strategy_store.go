package channel

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/store"
)

// ErrNotFound is returned for a goal that the store does not have.
var ErrNotFound = errors.New("not found")

// SaveGoal puts a goal in place of the one of that name.
func SaveGoal(ctx context.Context, db *sql.DB, g Goal) error {
	if err := g.Check(); err != nil {
		return err
	}
	direction := "at_least"
	if g.AtMost {
		direction = "at_most"
	}
	var by, csat any
	if g.By != 0 {
		by = int64(g.By)
	}
	if !math.IsNaN(g.MinCSAT) {
		csat = g.MinCSAT
	}
	return store.Write(ctx, db, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
INSERT INTO channel_goal (name, channel, subject, segment, measure, direction, goal, by_day, instrument, csat, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (name) DO UPDATE SET channel = excluded.channel, subject = excluded.subject, segment = excluded.segment, measure = excluded.measure,
	direction = excluded.direction, goal = excluded.goal, by_day = excluded.by_day, instrument = excluded.instrument, csat = excluded.csat, note = excluded.note`,
			g.Name, g.Channel, g.Subject, g.Segment, string(g.Measure), direction, g.Goal, by, g.Instrument, csat, g.Note)
		return err
	})
}

// RemoveGoal takes a goal away.
func RemoveGoal(ctx context.Context, db *sql.DB, name string) error {
	return store.Write(ctx, db, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, "DELETE FROM channel_goal WHERE name = ?", name)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fmt.Errorf("goal %q: %w", name, ErrNotFound))
		}
		return nil
	})
}

// LoadGoals returns the strategy in order of name.
func LoadGoals(ctx context.Context, db *sql.DB) ([]Goal, error) {
	rows, err := db.QueryContext(ctx, "SELECT name, channel, subject, segment, measure, direction, goal, by_day, instrument, csat, note FROM channel_goal ORDER BY name")
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var out []Goal
	for rows.Next() {
		var g Goal
		var direction string
		var by sql.NullInt64
		var csat sql.NullFloat64
		if err := rows.Scan(&g.Name, &g.Channel, &g.Subject, &g.Segment, &g.Measure, &direction, &g.Goal, &by, &g.Instrument, &csat, &g.Note); err != nil {
			return nil, store.Explain(err)
		}
		g.AtMost, g.By, g.MinCSAT = direction == "at_most", calendar.Date(by.Int64), math.NaN()
		if csat.Valid {
			g.MinCSAT = csat.Float64
		}
		out = append(out, g)
	}
	return out, store.Explain(rows.Err())
}

// LoadPromises counts the promises that came due on days from first to last, by
// the dimensions of the contact that they were made on.
func LoadPromises(ctx context.Context, db *sql.DB, first, last calendar.Date, now time.Time, zone *time.Location) ([]Promise, error) {
	rows, err := db.QueryContext(ctx, `
SELECT q.channel, c.subject, c.kind, c.segment, COUNT(*), SUM(k.stopped IS NULL OR k.stopped > k.due)
FROM commitment k JOIN handoff h ON h.id = k.handoff_id JOIN contact c ON c.id = h.contact_id JOIN queue q ON q.id = c.queue_id
WHERE k.due >= ? AND k.due < ? AND k.due < ?
GROUP BY q.channel, c.subject, c.kind, c.segment`, first.Start(zone).Unix(), (last + 1).Start(zone).Unix(), now.Unix())
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var out []Promise
	for rows.Next() {
		var p Promise
		if err := rows.Scan(&p.Channel, &p.Subject, &p.Kind, &p.Segment, &p.Due, &p.Missed); err != nil {
			return nil, store.Explain(err)
		}
		out = append(out, p)
	}
	return out, store.Explain(rows.Err())
}
