package planstore

import (
	"context"
	"database/sql"
	"time"

	"kcc/forecast"
	"kcc/internal/store"
)

// Record is the forecast of record of a channel: each interval as the newest run
// that was made at least some time before it had it.
type Record struct {
	Channel string
	Levels  []float64
	Points  []forecast.Point
}

// RecordForecasts returns the forecasts of record of whole channels over a span
// of time (until excluded), with times in loc.
func RecordForecasts(ctx context.Context, db *sql.DB, from, until time.Time, lead time.Duration, loc *time.Location) ([]Record, error) {
	var out []Record
	err := keptPoints{from: from, until: until, lead: &lead, updates: true}.each(ctx, db, loc, func(x *keptPoint) {
		if n := len(out); n == 0 || out[n-1].Channel != x.channel {
			out = append(out, Record{Channel: x.channel, Levels: x.levels})
		}
		r := &out[len(out)-1]
		r.Points = append(r.Points, x.point)
	})
	return out, err
}

// Needed is how many agents an interval of a channel needed by the newest
// requirement.
type Needed struct {
	Channel, Skill string
	Start          time.Time
	Step           time.Duration
	Agents         int
}

// RecordRequirements returns what the newest requirement had for each interval of
// a span of time (until excluded).
func RecordRequirements(ctx context.Context, db *sql.DB, from, until time.Time, loc *time.Location) ([]Needed, error) {
	rows, err := db.QueryContext(ctx, `
SELECT channel, skill, start, step_s, agents, MAX(run) FROM plan_requirement
WHERE start >= ? AND start < ? GROUP BY channel, skill, start ORDER BY start, skill, channel`, from.Unix(), until.Unix())
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var out []Needed
	for rows.Next() {
		var n Needed
		var start, step, run int64
		if err := rows.Scan(&n.Channel, &n.Skill, &start, &step, &n.Agents, &run); err != nil {
			return nil, store.Explain(err)
		}
		n.Start, n.Step = at(start, loc), duration(step)
		out = append(out, n)
	}
	return out, store.Explain(rows.Err())
}
