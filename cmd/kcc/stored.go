package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"kcc/contacts"
	"kcc/erlang"
	"kcc/forecast"
	"kcc/internal/centre"
	"kcc/internal/flow"
	"kcc/internal/planstore"
	"kcc/internal/rosterfile"
	"kcc/internal/staffing"
	"kcc/roster"
)

// centreFile returns the centre that --centre (or the setting) names; nil when
// it names none.
func (a *App) centreFile() (*centre.Centre, error) {
	if a.config.Centre == "" {
		return nil, nil
	}
	return centre.ReadFile(a.config.Centre)
}

// storedHistory reads the history from the store, with the opening hours of its
// centre.
func (a *App) storedHistory(ctx context.Context, o forecastOptions) ([]forecast.Series, error) {
	s, err := a.site(ctx)
	if err != nil {
		return nil, withHint(err, "name a history file with --in, or make a store with \"kcc init\" and \"kcc import\"")
	}
	gaps, err := forecast.ParseGapRule(o.Gaps)
	if err != nil {
		return nil, usagef("--gaps: %w", err)
	}
	hist, err := s.History(ctx, contacts.Filter{Channels: o.Channels, BySubject: o.Subjects})
	if err != nil {
		return nil, err
	}
	if len(hist) == 0 {
		err := forecast.ErrNoHistory
		if len(o.Channels) > 0 {
			err = fmt.Errorf("%w of %s in the store", err, strings.Join(o.Channels, ", "))
		}
		return nil, withHint(err, "load history with \"kcc import FILE\", or name a file with --in")
	}
	out := make([]forecast.Series, len(hist))
	for i, h := range hist {
		out[i] = flow.SeriesOf(h, s.Centre, gaps)
	}
	return out, nil
}

// centreSettings returns the settings per channel of the centre: of --centre, or
// of the store; with rows from a file the store is not asked.
func (a *App) centreSettings(ctx context.Context, fromFile bool) (map[string]erlang.Settings, error) {
	c, err := a.centreFile()
	if err != nil {
		return nil, err
	}
	if c == nil && !fromFile {
		s, err := a.site(ctx)
		if err != nil {
			return nil, err
		}
		c = s.Centre
	}
	if c == nil {
		return nil, nil
	}
	return flow.PlanOptionsOf(c, nil).Channels, nil
}

// staffFromStore staffs the newest forecast of the store and stores the
// requirement.
func (a *App) staffFromStore(ctx context.Context, _ *staffOptions, opt staffing.Options) error {
	s, err := a.site(ctx)
	if err != nil {
		return err
	}
	run, forecasts, err := s.LastForecast(ctx)
	if errors.Is(err, planstore.ErrNoRun) {
		return withHint(err, "make one with \"kcc forecast run\", or name a file with --in")
	}
	if err != nil {
		return err
	}
	plan := opt.Plan
	plan.Channels, plan.Default = opt.Channels, opt.Default
	if plan.VolumeCV == nil {
		plan.VolumeCV = flow.PlanOptionsOf(s.Centre, forecasts).VolumeCV
	}
	if opt.View == staffing.SIPPView {
		plan.TimeOfDay = erlang.SIPP
	}
	reqs, err := erlang.Plan(ctx, flow.IntervalsOf(s.Centre, forecasts), plan)
	if err != nil {
		return err
	}
	if !a.flags.dryRun {
		if _, err := s.SaveRequirements(ctx, run.ID, reqs); err != nil {
			return err
		}
	}
	if !a.silent() || a.flags.dryRun {
		if err := a.emitShort(flow.RequirementTable(a.Lang(), s.Centre, forecasts, reqs), staffWide...); err != nil {
			return err
		}
	}
	short := 0
	hours, rostered := 0.0, 0.0
	for _, r := range reqs {
		if r.Status != erlang.OK {
			short++
		}
		hours += float64(r.Agents) * r.Step.Hours()
		rostered += float64(r.Rostered) * r.Step.Hours()
	}
	a.Infof("staffed %d intervals: %.1f agent hours, %.1f to roster; service level: %s", len(reqs), hours, rostered, s.Centre.ServiceLevel.Definition)
	if short > 0 {
		return notMetf("the target is unreachable in %d of %d intervals", short, len(reqs))
	}
	return nil
}

// saveForecasts stores forecasts made from the store, for staff and for the
// comparison with what came.
func (a *App) saveForecasts(ctx context.Context, fs []*forecast.Forecast) error {
	if a.flags.dryRun {
		return nil
	}
	s, err := a.site(ctx)
	if err != nil {
		return err
	}
	run, err := s.SaveForecasts(ctx, "run", fs)
	if err == nil {
		a.Infof("stored as forecast run %d", run)
	}
	return err
}

// storedProblem builds a roster problem from the newest requirement of the
// store, its team, and what was published before.
func (a *App) storedProblem(ctx context.Context, o *rosterInput) (*roster.Problem, []string, error) {
	s, err := a.site(ctx)
	if err != nil {
		return nil, nil, withHint(err, "name files with --agents, --shifts and --requirement")
	}
	var in rosterfile.Input
	if err := o.days(a, &in); err != nil {
		return nil, nil, err
	}
	team, err := s.Team(ctx, in.First, in.First.Add(in.Days-1))
	if err != nil {
		return nil, nil, err
	}
	if err := team.Check(in.First, in.First.Add(in.Days-1)); err != nil {
		return nil, nil, withHint(err, "load the team with \"kcc roster import agents.csv shifts.csv\"")
	}
	if o.freeze {
		if err := s.Freeze(ctx, &team, in.First, in.First.Add(in.Days-1), !o.replan); err != nil {
			return nil, nil, err
		}
	} else if team.Locked, err = s.Locks(ctx, in.First, in.First.Add(in.Days-1)); err != nil {
		return nil, nil, err
	}
	run, reqs, err := s.LastRequirements(ctx)
	if errors.Is(err, planstore.ErrNoRun) {
		return nil, nil, withHint(err, "make one with \"kcc staff\", or name a file with --requirement")
	}
	if err != nil {
		return nil, nil, err
	}
	if o.Rules != "" {
		book, err := rosterfile.ReadRules(o.Rules)
		if err != nil {
			return nil, nil, &statusError{exitUsage, err}
		}
		team.SetRules(book)
	}
	p := flow.ProblemOf(s.Centre, team, reqs, in.First, in.Days)
	if len(p.Demand) == 0 {
		return nil, nil, withHint(fmt.Errorf("requirement %d of the store has no interval from %s to %s", run.ID, p.First, p.Last()), "make one with \"kcc staff\"")
	}
	return &p, nil, p.Validate()
}
