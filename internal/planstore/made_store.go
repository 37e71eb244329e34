package planstore

import (
	"context"
	"database/sql"
	"time"

	"kcc/forecast"
	"kcc/internal/calendar"
	"kcc/internal/store"
)

// keptPoint is an interval of a stored forecast.
type keptPoint struct {
	run, made, first int64 // made and first: seconds; first is that of the whole forecast
	channel, model   string
	step             time.Duration // of the forecast
	levels           []float64
	point            forecast.Point
}

// keptPoints says which intervals of stored forecasts are read.
type keptPoints struct {
	from, until time.Time
	series      *[2]string     // channel and subject; nil: whole channels
	lead        *time.Duration // of each interval only the newest that was made so long before it; nil: all
	updates     bool           // those of a running day too
}

// each calls f for the intervals of stored forecasts, in order of channel, and then
// of the run and the time, or with lead of the time alone.
func (k keptPoints) each(ctx context.Context, db *sql.DB, loc *time.Location, f func(*keptPoint)) error {
	where := "p.start >= ?1 AND p.start < ?2 AND f.last_start >= ?1 AND f.first_start < ?2"
	args := []any{k.from.Unix(), k.until.Unix()}
	if k.series != nil {
		where += " AND f.channel = ?3 AND f.subject = ?4"
		args = append(args, k.series[0], k.series[1])
	} else {
		where += " AND f.subject = ''"
		args = append(args, nil, nil)
	}
	if !k.updates {
		where += " AND r.source <> 'update'"
	}
	run, order := "f.run", "ORDER BY f.channel, f.run, p.start"
	if k.lead != nil { // the other columns are those of the newest run
		where += " AND r.made_at <= p.start - ?5"
		args = append(args, seconds(*k.lead))
		run, order = "MAX(f.run)", "GROUP BY f.channel, p.start ORDER BY f.channel, p.start"
	}
	rows, err := db.QueryContext(ctx, "SELECT "+run+`, r.made_at, f.channel, f.model, f.step_s, f.levels, f.first_start, p.start, p.step_s, p.mean, p.aht, p.bounds, p.computed
FROM plan_forecast f
JOIN plan_forecast_run r ON r.id = f.run
JOIN plan_forecast_point p ON p.forecast = f.id
WHERE `+where+" "+order, args...)
	if err != nil {
		return store.Explain(err)
	}
	defer rows.Close()
	names := interner{}
	var packed string // the levels of the row before
	var levels []float64
	for rows.Next() {
		var x keptPoint
		var step, start, length int64
		var channel, model, packedLevels, bounds sql.RawBytes
		p := &x.point
		if err := rows.Scan(&x.run, &x.made, &channel, &model, &step, &packedLevels, &x.first, &start, &length, (*real)(&p.Mean), (*real)(&p.AHT), &bounds, (*real)(&p.Computed)); err != nil {
			return store.Explain(err)
		}
		if levels == nil || string(packedLevels) != packed {
			packed = string(packedLevels)
			if levels, err = unpackFloats(packedLevels); err != nil {
				return err
			}
		}
		if p.Bounds, err = unpackFloats(bounds); err != nil {
			return err
		}
		x.channel, x.model, x.step, x.levels = names.name(channel), names.name(model), duration(step), levels
		p.Start, p.Step = at(start, loc), duration(length)
		f(&x)
	}
	return store.Explain(rows.Err())
}

// MadeForecasts returns the forecasts of one channel and subject that say
// something about the intervals from..until (until excluded), each with only
// those intervals and with the last day of history it can have known, the oldest
// first. Updates of a running day are no forecasts of record and left out.
func MadeForecasts(ctx context.Context, db *sql.DB, channel, subject string, from, until time.Time, loc *time.Location) ([]forecast.Made, error) {
	var out []forecast.Made
	last := int64(0)
	err := keptPoints{from: from, until: until, series: &[2]string{channel, subject}}.each(ctx, db, loc, func(x *keptPoint) {
		if x.run != last {
			last = x.run
			known := min(calendar.DateOf(at(x.made, loc), zoneOf(loc)), calendar.DateOf(at(x.first, loc), zoneOf(loc))) - 1
			out = append(out, forecast.Made{
				Run: x.run, Known: known, At: at(x.made, loc),
				Forecast: &forecast.Forecast{Channel: channel, Subject: subject, Model: x.model, Step: x.step, Levels: x.levels},
			})
		}
		f := out[len(out)-1].Forecast
		f.Points = append(f.Points, x.point)
	})
	return out, err
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
