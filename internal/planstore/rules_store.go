package planstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"kcc/internal/centre"
	"kcc/internal/store"
)

// Rules returns what "check" looks at in the tables of planning.
func Rules() []store.Rule {
	return []store.Rule{
		{Name: "centre", Run: checkCentres},
		store.Query("shifts", `
SELECT 'roster ' || roster || ': the shift of ' || agent || ' on ' || DATE(day * 86400, 'unixepoch') || ' ends before it starts'
FROM plan_assignment WHERE stop <= start ORDER BY id`),
		store.Query("breaks", `
SELECT 'roster ' || a.roster || ': a break of ' || a.agent || ' on ' || DATE(a.day * 86400, 'unixepoch') || ' lies outside the shift'
FROM plan_break b JOIN plan_assignment a ON a.id = b.assignment WHERE b.start < a.start OR b.start + b.length_s > a.stop ORDER BY a.id, b.position`),
		store.Query("shift days", `
SELECT 'roster ' || r.id || ': the shift of ' || a.agent || ' on ' || DATE(a.day * 86400, 'unixepoch') || ' lies outside its days'
FROM plan_assignment a JOIN plan_roster r ON r.id = a.roster WHERE a.day < r.first_day OR a.day >= r.first_day + r.days ORDER BY a.id`),
		store.Query("availability", `
SELECT 'the ' || kind || ' of ' || agent || ' from ' || DATE(from_day * 86400, 'unixepoch') || ' ends before it starts'
FROM plan_availability WHERE to_day < from_day ORDER BY id`),
		store.Query("forecast", `
SELECT 'forecast run ' || f.run || ': ' || f.channel || ' has a volume below zero'
FROM plan_forecast f WHERE EXISTS (SELECT 1 FROM plan_forecast_point p WHERE p.forecast = f.id AND p.mean < 0) ORDER BY f.id`),
	}
}

// checkCentres reads every version of the centre again.
func checkCentres(ctx context.Context, db *sql.DB) ([]string, error) {
	rows, err := db.QueryContext(ctx, "SELECT id, text FROM centre_version ORDER BY id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var id int64
		var text string
		if err := rows.Scan(&id, &text); err != nil {
			return nil, err
		}
		_, err := centre.Parse(fmt.Sprintf("version %d", id), []byte(text))
		var inv *centre.Invalid
		if errors.As(err, &inv) {
			out = append(out, inv.Error())
		} else if err != nil {
			return nil, err
		}
	}
	return out, rows.Err()
}
