package planstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"kcc/internal/calendar"
	"kcc/internal/store"
	"kcc/roster"
)

// SavePatterns makes list the rotations.
func SavePatterns(ctx context.Context, db *sql.DB, list []roster.Pattern) error {
	return store.Write(ctx, db, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM plan_pattern"); err != nil {
			return err
		}
		for i, x := range list {
			teams, err := jsonList(x.Teams)
			if err != nil {
				return err
			}
			texts := make([]string, len(x.Days))
			for j, d := range x.Days {
				texts[j] = d.String()
			}
			days, err := json.Marshal(texts)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, "INSERT INTO plan_pattern (name, position, teams, from_day, days) VALUES (?, ?, ?, ?, ?)",
				x.Name, i, teams, maybe(dayNumber(x.From), x.HasFrom), string(days)); err != nil {
				return fmt.Errorf("rotation %s: %w", x.Name, err)
			}
		}
		return nil
	})
}

// LoadPatterns returns the rotations in the order in which they were saved.
func LoadPatterns(ctx context.Context, db *sql.DB) ([]roster.Pattern, error) {
	rows, err := db.QueryContext(ctx, "SELECT name, teams, from_day, days FROM plan_pattern ORDER BY position")
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var out []roster.Pattern
	for rows.Next() {
		var x roster.Pattern
		var teams sql.Null[string]
		var from sql.Null[int64]
		var text string
		if err := rows.Scan(&x.Name, &teams, &from, &text); err != nil {
			return nil, store.Explain(err)
		}
		if x.Teams, err = fromJSONList(teams); err != nil {
			return nil, fmt.Errorf("rotation %s: %w", x.Name, err)
		}
		x.From, x.HasFrom = calendar.Date(from.V), from.Valid
		var texts []string
		if err := json.Unmarshal([]byte(text), &texts); err != nil {
			return nil, fmt.Errorf("rotation %s: %w", x.Name, err)
		}
		for _, s := range texts {
			d, err := roster.ParsePatternDay(s)
			if err != nil {
				return nil, fmt.Errorf("rotation %s: %w", x.Name, err)
			}
			x.Days = append(x.Days, d)
		}
		out = append(out, x)
	}
	return out, store.Explain(rows.Err())
}
