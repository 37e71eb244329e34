package planstore

import (
	"context"
	"database/sql"
	"time"

	"kcc/forecast"
	"kcc/internal/calendar"
	"kcc/internal/store"
)

// MadeForecasts returns the forecasts of one channel and subject that say
// something about the intervals from..until (until excluded), each with only
// those intervals and with the last day of history it can have known, the oldest
// first. Updates of a running day are no forecasts of record and left out.
func MadeForecasts(ctx context.Context, db *sql.DB, channel, subject string, from, until time.Time, loc *time.Location) ([]forecast.Made, error) {
	rows, err := db.QueryContext(ctx, `
SELECT f.run, r.made_at, f.model, f.step_s, f.levels, f.first_start, p.start, p.step_s, p.mean, p.aht, p.bounds, p.computed
FROM plan_forecast f
JOIN plan_forecast_run r ON r.id = f.run
JOIN plan_forecast_point p ON p.forecast = f.id
WHERE f.channel = ? AND f.subject = ? AND r.source <> 'update' AND f.last_start >= ?3 AND f.first_start < ?4 AND p.start >= ?3 AND p.start < ?4
ORDER BY f.run, p.start`, channel, subject, from.Unix(), until.Unix())
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var out []forecast.Made
	last := int64(0)
	for rows.Next() {
		var run, made, step, first, start, length int64
		var model string
		var levels, bounds sql.RawBytes
		var p forecast.Point
		if err := rows.Scan(&run, &made, &model, &step, &levels, &first, &start, &length, (*real)(&p.Mean), (*real)(&p.AHT), &bounds, (*real)(&p.Computed)); err != nil {
			return nil, err
		}
		if run != last {
			last = run
			f := &forecast.Forecast{Channel: channel, Subject: subject, Model: model, Step: duration(step)}
			if f.Levels, err = unpackFloats(levels); err != nil {
				return nil, err
			}
			known := min(calendar.DateOf(at(made, loc), zoneOf(loc)), calendar.DateOf(at(first, loc), zoneOf(loc))) - 1
			out = append(out, forecast.Made{Run: run, Known: known, At: at(made, loc), Forecast: f})
		}
		p.Start, p.Step = at(start, loc), duration(length)
		if p.Bounds, err = unpackFloats(bounds); err != nil {
			return nil, err
		}
		f := out[len(out)-1].Forecast
		f.Points = append(f.Points, p)
	}
	return out, store.Explain(rows.Err())
}

func zoneOf(loc *time.Location) *time.Location {
	if loc == nil {
		return time.UTC
	}
	return loc
}

// ForecastSeries lists the channels and subjects that have stored forecasts of
// the span from..until (until excluded).
func ForecastSeries(ctx context.Context, db *sql.DB, from, until time.Time) ([][2]string, error) {
	rows, err := db.QueryContext(ctx, `
SELECT DISTINCT f.channel, f.subject FROM plan_forecast f JOIN plan_forecast_run r ON r.id = f.run
WHERE r.source <> 'update' AND f.last_start >= ? AND f.first_start < ? ORDER BY f.channel, f.subject`, from.Unix(), until.Unix())
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var out [][2]string
	for rows.Next() {
		var k [2]string
		if err := rows.Scan(&k[0], &k[1]); err != nil {
			return nil, err
		}
		out = append(out, k)
	}
	return out, store.Explain(rows.Err())
}
