package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"kcc/contacts"
	"kcc/erlang"
	"kcc/forecast"
	"kcc/internal/centre"
	"kcc/internal/flow"
	"kcc/internal/planstore"
	"kcc/internal/rosterfile"
	"kcc/internal/staffing"
	"kcc/internal/tabular"
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

// storedRows returns the newest forecast of the store as rows to be staffed, and
// fills in what the forecast knows of the spread of its volumes.
func (a *App) storedRows(ctx context.Context, opt *staffing.Options) (*flow.Site, planstore.ForecastRun, func() (*tabular.Reader, error), error) {
	s, err := a.site(ctx)
	if err != nil {
		return nil, planstore.ForecastRun{}, nil, err
	}
	run, forecasts, err := s.LastForecast(ctx)
	if errors.Is(err, planstore.ErrNoRun) {
		err = withHint(err, "make one with \"kcc forecast run\", or name a file with --in")
	}
	if err != nil {
		return nil, run, nil, err
	}
	if opt.Plan.VolumeCV == nil {
		opt.Plan.VolumeCV = flow.PlanOptionsOf(s.Centre, forecasts).VolumeCV
	}
	if opt.View == staffing.AutoView {
		opt.View = staffing.MOLView
	}
	return s, run, func() (*tabular.Reader, error) { return flow.StaffRows(s.Centre, forecasts) }, nil
}

// storedPlay returns the newest requirement of the store, with the forecast it was
// made from, as rows to be played.
func (a *App) storedPlay(ctx context.Context, opt *staffing.Options) (*tabular.Reader, error) {
	s, err := a.site(ctx)
	if err != nil {
		return nil, withHint(err, "name a requirement with --in, as \"kcc staff -o requirement.csv\" writes it")
	}
	run, reqs, err := s.LastRequirements(ctx)
	if errors.Is(err, planstore.ErrNoRun) {
		err = withHint(err, "make one with \"kcc staff\", or name a file with --in")
	}
	if err != nil {
		return nil, err
	}
	_, forecasts, err := planstore.LoadForecasts(ctx, s.DB, run.ForecastRun, s.Centre.Zone)
	if err != nil {
		return nil, err
	}
	if opt.Plan.VolumeCV == nil {
		opt.Plan.VolumeCV = flow.PlanOptionsOf(s.Centre, forecasts).VolumeCV
	}
	return flow.PlayRows(forecasts, reqs)
}

// staffFromStore staffs the newest forecast of the store and stores the
// requirement.
func (a *App) staffFromStore(ctx context.Context, opt staffing.Options) error {
	s, run, open, err := a.storedRows(ctx, &opt)
	if err != nil {
		return err
	}
	r, err := open()
	if err != nil {
		return err
	}
	defer r.Close()
	var mu sync.Mutex
	var reqs []erlang.Requirement
	opt.Collect = func(q erlang.Requirement) {
		mu.Lock()
		reqs = append(reqs, q)
		mu.Unlock()
	}
	sink := &staffing.TableSink{Zone: a.Zone()}
	rep, err := staffing.Staff(ctx, r, opt, sink)
	if err != nil {
		return a.staffError(err)
	}
	flow.SortRequirements(reqs)
	if !a.flags.dryRun {
		if _, err := s.SaveRequirements(ctx, run.ID, reqs); err != nil {
			return err
		}
	}
	if !a.silent() || a.flags.dryRun {
		sink.Finish()
		sink.Table.Notes = staffNotes(a.Lang(), rep)
		flow.StaffTable(a.Lang(), &sink.Table)
		if err := a.emitShort(sink.Table, staffWide...); err != nil {
			return err
		}
	}
	return a.reportStaff(rep)
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
		a.Infof(a.Lang().Pick("stored as forecast run %d", "opgeslagen als prognose %d"), run)
	}
	return err
}

// storedProblem builds a roster problem from the requirement of the store, its
// team, and what was published before.
func (a *App) storedProblem(ctx context.Context, o *rosterInput) (*roster.Problem, []roster.Sentence, error) {
	if o.site == nil {
		var err error
		if o.site, err = a.site(ctx); err != nil {
			return nil, nil, withHint(err, "name files with --agents, --shifts and --requirement")
		}
	}
	s := o.site
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
	reqs, whole, err := s.RequirementOf(ctx, in.First, in.Days, o.reading)
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
		return nil, nil, withHint(fmt.Errorf("no requirement of the store has an interval from %s to %s", p.First, p.Last()), "make one with \"kcc staff\"")
	}
	var notes []roster.Sentence
	if !whole {
		first, last := flow.DaysOf(reqs, s.Centre.Zone)
		notes = append(notes, roster.Sentence{
			English: fmt.Sprintf("the requirement is of %s to %s: on other days nobody is asked for (kcc staff or kcc plan makes one of all days)", first, last),
			Dutch:   fmt.Sprintf("de bezettingsvraag is van %s tot en met %s: op andere dagen wordt niemand gevraagd (kcc staff of kcc plan maakt er een van alle dagen)", first, last),
		})
	}
	return &p, notes, p.Validate()
}
