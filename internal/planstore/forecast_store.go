package planstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"kcc/forecast"
	"kcc/internal/store"
)

// ErrNoRun is returned when there is no run of that number, or none yet.
var ErrNoRun = errors.New("the store has no such run")

// ForecastRun is one run of the forecast, with what it was made from.
type ForecastRun struct {
	ID     int64
	Made   time.Time
	Source string // store, a file, "plan", "update"
	Inputs string // hash of what it was made from; may be empty
	Note   string
}

// forecastDetail is what is kept of a forecast as JSON.
type forecastDetail struct {
	Why     []forecast.DayFactor
	Choice  forecast.Choice
	Cleaned []forecast.Cleaned
	Notes   []string
	Team    string // of one team; the forecasts of whole channels have none
}

// SaveForecasts stores the forecasts of one run and returns its number. All
// fields of run but ID are used.
func SaveForecasts(ctx context.Context, db *sql.DB, run ForecastRun, list []*forecast.Forecast) (id int64, err error) {
	err = store.Write(ctx, db, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, "INSERT INTO plan_forecast_run (made_at, source, inputs, note) VALUES (?, ?, ?, ?)",
			run.Made.Unix(), run.Source, run.Inputs, run.Note)
		if err != nil {
			return err
		}
		if id, err = res.LastInsertId(); err != nil {
			return err
		}
		point, err := tx.PrepareContext(ctx, "INSERT INTO plan_forecast_point (forecast, start, step_s, mean, aht, bounds, computed) VALUES (?, ?, ?, ?, ?, ?, ?)")
		if err != nil {
			return err
		}
		defer point.Close()
		for _, f := range list {
			if err := saveForecast(ctx, tx, point, id, f); err != nil {
				return fmt.Errorf("forecast of %s %s: %w", f.Channel, f.Subject, err)
			}
		}
		return nil
	})
	return id, err
}

func saveForecast(ctx context.Context, tx *sql.Tx, point *sql.Stmt, run int64, f *forecast.Forecast) error {
	detail, err := encodeDetail(forecastDetail{f.Why, f.Choice, f.Cleaned, f.Notes, f.Team})
	if err != nil {
		return err
	}
	var first, last sql.Null[int64]
	if n := len(f.Points); n > 0 {
		first, last = maybe(f.Points[0].Start.Unix(), true), maybe(f.Points[n-1].Start.Unix(), true)
	}
	res, err := tx.ExecContext(ctx, `
INSERT INTO plan_forecast (run, channel, subject, model, step_s, levels, day_factor_cv, first_start, last_start, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		run, f.Channel, f.Subject, f.Model, seconds(f.Step), packFloats(f.Levels), f.DayFactorCV, first, last, detail)
	if err != nil {
		return err
	}
	id, err := res.LastInsertId()
	if err != nil {
		return err
	}
	for _, p := range f.Points {
		if _, err := point.ExecContext(ctx, id, p.Start.Unix(), seconds(p.Step), p.Mean, p.AHT, packFloats(p.Bounds), p.Computed); err != nil {
			return err
		}
	}
	return nil
}

// LoadForecasts returns the forecasts of a run in the order of saving, with
// times in loc (nil: UTC). Run 0 is the last one.
func LoadForecasts(ctx context.Context, db *sql.DB, run int64, loc *time.Location) (ForecastRun, []*forecast.Forecast, error) {
	var head ForecastRun
	var out []*forecast.Forecast
	err := store.Read(ctx, db, func(tx *sql.Tx) error {
		var made int64
		err := tx.QueryRowContext(ctx, `
SELECT id, made_at, source, inputs, note FROM plan_forecast_run WHERE id = ?1 OR ?1 = 0 ORDER BY id DESC LIMIT 1`, run).
			Scan(&head.ID, &made, &head.Source, &head.Inputs, &head.Note)
		if errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("forecast: %w", ErrNoRun)
		}
		if err != nil {
			return err
		}
		head.Made = at(made, loc)
		ids, list, err := loadForecastHeads(ctx, tx, head.ID)
		if err != nil {
			return err
		}
		for i, f := range list {
			if f.Points, err = loadPoints(ctx, tx, ids[i], loc); err != nil {
				return err
			}
		}
		out = list
		return nil
	})
	return head, out, err
}

func loadForecastHeads(ctx context.Context, tx *sql.Tx, run int64) (ids []int64, out []*forecast.Forecast, err error) {
	rows, err := tx.QueryContext(ctx, `
SELECT id, channel, subject, model, step_s, levels, day_factor_cv, detail FROM plan_forecast WHERE run = ? ORDER BY id`, run)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	for rows.Next() {
		f := &forecast.Forecast{}
		var id, step int64
		var levels []byte
		var detail string
		if err := rows.Scan(&id, &f.Channel, &f.Subject, &f.Model, &step, &levels, (*real)(&f.DayFactorCV), &detail); err != nil {
			return nil, nil, err
		}
		f.Step = duration(step)
		if f.Levels, err = unpackFloats(levels); err != nil {
			return nil, nil, err
		}
		var d forecastDetail
		if err := decodeDetail(detail, &d); err != nil {
			return nil, nil, err
		}
		f.Why, f.Choice, f.Cleaned, f.Notes, f.Team = d.Why, d.Choice, d.Cleaned, d.Notes, d.Team
		ids, out = append(ids, id), append(out, f)
	}
	return ids, out, rows.Err()
}

func loadPoints(ctx context.Context, tx *sql.Tx, forecastID int64, loc *time.Location) ([]forecast.Point, error) {
	rows, err := tx.QueryContext(ctx, "SELECT start, step_s, mean, aht, bounds, computed FROM plan_forecast_point WHERE forecast = ? ORDER BY start", forecastID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []forecast.Point
	var bounds sql.RawBytes
	for rows.Next() {
		var p forecast.Point
		var start, step int64
		if err := rows.Scan(&start, &step, (*real)(&p.Mean), (*real)(&p.AHT), &bounds, (*real)(&p.Computed)); err != nil {
			return nil, err
		}
		p.Start, p.Step = at(start, loc), duration(step)
		if p.Bounds, err = unpackFloats(bounds); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, rows.Err()
}

// ForecastRuns lists the runs, the newest first, at most limit (0: all).
func ForecastRuns(ctx context.Context, db *sql.DB, limit int) ([]ForecastRun, error) {
	if limit == 0 {
		limit = -1
	}
	rows, err := db.QueryContext(ctx, "SELECT id, made_at, source, inputs, note FROM plan_forecast_run ORDER BY id DESC LIMIT ?", limit)
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var out []ForecastRun
	for rows.Next() {
		var r ForecastRun
		var made int64
		if err := rows.Scan(&r.ID, &made, &r.Source, &r.Inputs, &r.Note); err != nil {
			return nil, store.Explain(err)
		}
		r.Made = at(made, nil)
		out = append(out, r)
	}
	return out, store.Explain(rows.Err())
}

// LastForecastPoints returns, for one channel and subject and a span of time
// (until excluded), each interval as the newest run made at or before asOf had
// it; the zero asOf means now. It is what a forecast is judged by afterwards.
func LastForecastPoints(ctx context.Context, db *sql.DB, channel, subject string, from, until, asOf time.Time, loc *time.Location) ([]forecast.Point, error) {
	var latest sql.Null[int64]
	if !asOf.IsZero() {
		latest = maybe(asOf.Unix(), true)
	}
	rows, err := db.QueryContext(ctx, `
SELECT p.start, p.step_s, p.mean, p.aht, p.bounds, MAX(f.run)
FROM plan_forecast f
JOIN plan_forecast_run r ON r.id = f.run
JOIN plan_forecast_point p ON p.forecast = f.id
WHERE f.channel = ? AND f.subject = ? AND p.start >= ? AND p.start < ? AND f.last_start >= ? AND f.first_start < ? AND (?7 IS NULL OR r.made_at <= ?7)
GROUP BY p.start ORDER BY p.start`, channel, subject, from.Unix(), until.Unix(), from.Unix(), until.Unix(), latest)
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var out []forecast.Point
	for rows.Next() {
		var p forecast.Point
		var start, step, run int64
		var bounds []byte
		if err := rows.Scan(&start, &step, (*real)(&p.Mean), (*real)(&p.AHT), &bounds, &run); err != nil {
			return nil, store.Explain(err)
		}
		p.Start, p.Step = at(start, loc), duration(step)
		if p.Bounds, err = unpackFloats(bounds); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, store.Explain(rows.Err())
}
