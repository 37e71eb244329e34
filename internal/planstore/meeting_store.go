package planstore

import (
	"context"
	"database/sql"
	"fmt"

	"kcc/internal/calendar"
	"kcc/internal/store"
	"kcc/roster"
)

// SaveMeetings makes list the meetings and appointments of agents.
func SaveMeetings(ctx context.Context, db *sql.DB, list []roster.Meeting) error {
	return store.Write(ctx, db, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM plan_meeting"); err != nil {
			return err
		}
		for _, m := range list {
			agents, err := jsonList(m.Agents)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `
INSERT INTO plan_meeting (name, agents, from_day, to_day, weekdays, start, stop, length_s, times, together) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
				m.Name, agents, dayNumber(m.From), dayNumber(m.To), weekdayMask(m.Days), int64(m.Start), int64(m.End),
				maybe(seconds(m.Length), !m.Fixed()), m.Times, m.Together); err != nil {
				return fmt.Errorf("%s: %w", m.Name, err)
			}
		}
		return nil
	})
}

// LoadMeetings returns the meetings that may fall on the days from and to, both
// included.
func LoadMeetings(ctx context.Context, db *sql.DB, from, to calendar.Date) ([]roster.Meeting, error) {
	rows, err := db.QueryContext(ctx, `
SELECT name, agents, from_day, to_day, weekdays, start, stop, length_s, times, together FROM plan_meeting
WHERE to_day >= ? AND from_day <= ? ORDER BY id`, dayNumber(from), dayNumber(to))
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var out []roster.Meeting
	for rows.Next() {
		var m roster.Meeting
		var agents sql.Null[string]
		var length sql.Null[int64]
		var first, last, days, start, stop int64
		if err := rows.Scan(&m.Name, &agents, &first, &last, &days, &start, &stop, &length, &m.Times, &m.Together); err != nil {
			return nil, store.Explain(err)
		}
		if m.Agents, err = fromJSONList(agents); err != nil {
			return nil, fmt.Errorf("meeting %s: %w", m.Name, err)
		}
		m.From, m.To, m.Days = calendar.Date(first), calendar.Date(last), weekdays(days)
		m.Start, m.End, m.Length = calendar.Clock(start), calendar.Clock(stop), duration(length.V)
		out = append(out, m)
	}
	return out, store.Explain(rows.Err())
}
