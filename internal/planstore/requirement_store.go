package planstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"kcc/erlang"
	"kcc/internal/store"
)

// RequirementRun is one run of staffing.
type RequirementRun struct {
	ID          int64
	ForecastRun int64 // 0: from a file
	Made        time.Time
	Inputs      string // hash of what it was made from; may be empty
	Note        string
}

// SaveRequirements stores the requirements of one run and returns its number.
// All fields of run but ID are used.
func SaveRequirements(ctx context.Context, db *sql.DB, run RequirementRun, reqs []erlang.Requirement) (id int64, err error) {
	err = store.Write(ctx, db, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, "INSERT INTO plan_requirement_run (forecast_run, made_at, inputs, note) VALUES (?, ?, ?, ?)",
			maybe(run.ForecastRun, run.ForecastRun != 0), run.Made.Unix(), run.Inputs, run.Note)
		if err != nil {
			return err
		}
		if id, err = res.LastInsertId(); err != nil {
			return err
		}
		put, err := tx.PrepareContext(ctx, `
INSERT INTO plan_requirement (run, channel, skill, start, step_s, erlangs, agents, fractional, rostered, rostered_fractional, status,
	model, definition, with_agents, with_erlangs, service_level, p_wait, p_abandon, asa_s, occupancy, queue, result_status, base, curve)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
		if err != nil {
			return err
		}
		defer put.Close()
		for _, r := range reqs {
			x := r.Result
			if _, err := put.ExecContext(ctx, id, r.Channel, r.Skill, r.Start.Unix(), seconds(r.Step), r.Erlangs, r.Agents, r.Fractional, r.Rostered,
				r.RosteredFractional, r.Status.String(), x.Model.String(), x.Definition.String(), x.Agents, x.Erlangs, x.ServiceLevel, x.PWait, x.PAbandon,
				x.ASA, x.Occupancy, x.Queue, x.Status.String(), r.Base, packFloats(r.Curve)); err != nil {
				return fmt.Errorf("requirement of %s at %s: %w", r.Channel, r.Start.Format(time.RFC3339), err)
			}
		}
		return nil
	})
	return id, err
}

// LoadRequirements returns the requirements of a run by channel, skill and
// start, with times in loc (nil: UTC). Run 0 is the last one.
func LoadRequirements(ctx context.Context, db *sql.DB, run int64, loc *time.Location) (RequirementRun, []erlang.Requirement, error) {
	var head RequirementRun
	var out []erlang.Requirement
	err := store.Read(ctx, db, func(tx *sql.Tx) error {
		var made int64
		var from sql.Null[int64]
		err := tx.QueryRowContext(ctx, `
SELECT id, forecast_run, made_at, inputs, note FROM plan_requirement_run WHERE id = ?1 OR ?1 = 0 ORDER BY id DESC LIMIT 1`, run).
			Scan(&head.ID, &from, &made, &head.Inputs, &head.Note)
		if errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("requirement: %w", ErrNoRun)
		}
		if err != nil {
			return err
		}
		head.ForecastRun, head.Made = from.V, at(made, loc)
		rows, err := tx.QueryContext(ctx, `
SELECT channel, skill, start, step_s, erlangs, agents, fractional, rostered, rostered_fractional, status,
	model, definition, with_agents, with_erlangs, service_level, p_wait, p_abandon, asa_s, occupancy, queue, result_status, base, curve
FROM plan_requirement WHERE run = ? ORDER BY channel, skill, start`, head.ID)
		if err != nil {
			return err
		}
		defer rows.Close()
		names := interner{}
		for rows.Next() {
			r, err := scanRequirement(rows, loc, names)
			if err != nil {
				return err
			}
			out = append(out, r)
		}
		return rows.Err()
	})
	return head, out, err
}

// interner keeps one copy of each name: a plan repeats a few names many times.
type interner map[string]string

func (in interner) name(b []byte) string {
	if s, ok := in[string(b)]; ok {
		return s
	}
	s := string(b)
	in[s] = s
	return s
}

func scanRequirement(rows *sql.Rows, loc *time.Location, names interner) (erlang.Requirement, error) {
	var r erlang.Requirement
	var start, step int64
	var channel, skill, status, model, definition, resultStatus, curve sql.RawBytes
	x := &r.Result
	err := rows.Scan(&channel, &skill, &start, &step, (*real)(&r.Erlangs), &r.Agents, (*real)(&r.Fractional), &r.Rostered, (*real)(&r.RosteredFractional),
		&status, &model, &definition, (*real)(&x.Agents), (*real)(&x.Erlangs), (*real)(&x.ServiceLevel), (*real)(&x.PWait), (*real)(&x.PAbandon),
		(*real)(&x.ASA), (*real)(&x.Occupancy), (*real)(&x.Queue), &resultStatus, &r.Base, &curve)
	if err != nil {
		return r, err
	}
	r.Channel, r.Skill = names.name(channel), names.name(skill)
	r.Start, r.Step = at(start, loc), duration(step)
	var errs [5]error
	r.Status, errs[0] = erlang.ParseStatus(names.name(status))
	x.Model, errs[1] = erlang.ParseModel(names.name(model))
	x.Definition, errs[2] = erlang.ParseDefinition(names.name(definition))
	x.Status, errs[3] = erlang.ParseStatus(names.name(resultStatus))
	r.Curve, errs[4] = unpackFloats(curve)
	return r, errors.Join(errs[:]...)
}

// RequirementRuns lists the runs, the newest first, at most limit (0: all).
func RequirementRuns(ctx context.Context, db *sql.DB, limit int) ([]RequirementRun, error) {
	if limit == 0 {
		limit = -1
	}
	rows, err := db.QueryContext(ctx, "SELECT id, forecast_run, made_at, inputs, note FROM plan_requirement_run ORDER BY id DESC LIMIT ?", limit)
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var out []RequirementRun
	for rows.Next() {
		var r RequirementRun
		var made int64
		var from sql.Null[int64]
		if err := rows.Scan(&r.ID, &from, &made, &r.Inputs, &r.Note); err != nil {
			return nil, store.Explain(err)
		}
		r.ForecastRun, r.Made = from.V, at(made, nil)
		out = append(out, r)
	}
	return out, store.Explain(rows.Err())
}
