package flow

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"kcc/contacts"
	"kcc/erlang"
	"kcc/forecast"
	"kcc/internal/calendar"
	"kcc/internal/centre"
	"kcc/roster"
)

// PlanInput is all that a plan of some weeks is made from.
type PlanInput struct {
	Centre  *centre.Centre
	History []contacts.Series // whole channels
	Team    Team
	Events  []forecast.Event
	Adjust  []forecast.Adjustment
	// Outbound are the calls of open campaigns in the weeks of the plan.
	Outbound OutboundPlan
	First    calendar.Date // a Monday
	Weeks    int
	Roster   roster.Options
	// Certainty keeps targets with this certainty under the forecast's day
	// factor; 0 is on average.
	Certainty float64
	// TimeLimit is a ceiling on the search for a roster; 0 is none.
	TimeLimit time.Duration
	// Step is told what is going on, done 0..1; may be nil.
	Step func(step string, done float64)
}

// Plan is the outcome of a plan: every stage with what it handed on.
type Plan struct {
	Input        PlanInput
	Forecasts    []*forecast.Forecast
	Skipped      []forecast.Skipped
	Requirements []erlang.Requirement
	Problem      roster.Problem
	Result       *roster.Result
	Service      []Service
	PlayedDays   int // simulated days behind Service
}

// ErrNothingToPlan is returned when no channel has history that agents work on.
var ErrNothingToPlan = errors.New("no channel has history to plan from")

// errUnknownChannel is why a channel of the history is skipped.
var errUnknownChannel = errors.New("the description of the centre has no such channel")

// MakePlan forecasts, staffs and rosters, and checks what customers may expect
// of the roster. It writes nothing. A channel that cannot be forecast is
// skipped and listed. When the time limit ends the search the best roster so
// far is the result.
func MakePlan(ctx context.Context, in PlanInput) (*Plan, error) {
	if in.Step == nil {
		in.Step = func(string, float64) {}
	}
	p := &Plan{Input: in}
	if err := p.forecast(ctx); err != nil {
		return nil, err
	}
	if err := p.staff(ctx); err != nil {
		return nil, err
	}
	if err := p.roster(ctx); err != nil {
		return nil, err
	}
	in.Step("simulate", 0)
	var err error
	p.Service, p.PlayedDays, err = p.play(ctx, in.Roster.Seed)
	return p, err
}

// warmUp is how long before the plan deferrable work is followed, so that the
// first day starts with the work of the days before it.
const warmUp = 14

func (p *Plan) forecast(ctx context.Context) error {
	in := p.Input
	// Series that begin on the same day are forecast together; as a rule all do.
	starts := map[calendar.Date][]forecast.Series{}
	total := 0
	for _, h := range in.History {
		if _, known := in.Centre.Channel(h.Channel); !known {
			p.Skipped = append(p.Skipped, forecast.Skipped{Name: h.Channel, Err: errUnknownChannel})
			continue
		}
		if h.Subject == "" {
			from := min(in.First, max(h.Last+1, in.First-warmUp))
			starts[from] = append(starts[from], SeriesOf(h, in.Centre, forecast.GapsAuto))
			total++
		}
	}
	in.Step("forecast", 0)
	var done atomic.Int64
	for _, from := range slices.Sorted(maps.Keys(starts)) {
		good, bad, err := forecast.RunAll(ctx, starts[from], in.forecastOptions(from), func() {
			in.Step("forecast", float64(done.Add(1))/float64(total))
		})
		if err != nil {
			return err
		}
		p.Forecasts = append(p.Forecasts, good...)
		p.Skipped = append(p.Skipped, bad...)
	}
	slices.SortFunc(p.Forecasts, func(a, b *forecast.Forecast) int { return cmp.Compare(a.Channel, b.Channel) })
	switch {
	case len(p.Forecasts) > 0:
		return nil
	case len(p.Skipped) > 0:
		return fmt.Errorf("%w: %s", ErrNothingToPlan, skippedText(p.Skipped))
	}
	return ErrNothingToPlan
}

// forecastOptions asks for the days from the end of the history, but at most
// warmUp days before the plan, to the end of the plan.
func (in *PlanInput) forecastOptions(from calendar.Date) forecast.Options {
	return forecast.Options{
		From: from, Horizon: int(in.First-from) + 7*in.Weeks, Interval: in.Centre.Interval,
		Holidays: in.Centre.PublicHolidays(), Events: in.Events, Adjust: in.Adjust,
	}
}

func (p *Plan) staff(ctx context.Context) error {
	in := p.Input
	in.Step("staff", 0)
	opt := PlanOptionsOf(in.Centre, p.Forecasts)
	opt.Certainty = in.Certainty
	intervals := append(p.recentWork(), IntervalsOf(in.Centre, p.Forecasts)...)
	calls, settings := outboundWork(in.Centre, in.Outbound)
	intervals = append(intervals, calls...)
	maps.Copy(opt.Channels, settings)
	reqs, err := erlang.Plan(ctx, intervals, opt)
	if err != nil {
		return err
	}
	from := in.First.Start(in.Centre.Zone)
	to := in.First.Add(7 * in.Weeks).Start(in.Centre.Zone)
	for _, r := range reqs {
		if !r.Start.Before(from) && r.Start.Before(to) {
			p.Requirements = append(p.Requirements, r)
		}
	}
	return nil
}

// recentWork is the deferrable work that came in shortly before the forecast
// starts: part of it is done in the first days of the plan.
func (p *Plan) recentWork() []erlang.Interval {
	in := p.Input
	since := in.First.Add(-warmUp).Start(in.Centre.Zone)
	var out []erlang.Interval
	for _, h := range in.History {
		ch, ok := in.Centre.Channel(h.Channel)
		if !ok || ch.Kind != centre.Deferrable || h.Subject != "" {
			continue
		}
		until := max(h.Last+1, in.First-warmUp).Start(in.Centre.Zone)
		for _, o := range h.Obs {
			if !o.Start.Before(since) && o.Start.Before(until) {
				out = append(out, erlang.Interval{Start: o.Start, Step: h.Step, Channel: h.Channel, Offered: o.Offered, AHT: o.AHT})
			}
		}
	}
	return out
}

func (p *Plan) roster(ctx context.Context) error {
	in := p.Input
	p.Problem = ProblemOf(in.Centre, in.Team, p.Requirements, in.First, 7*in.Weeks)
	opt := in.Roster
	opt.Progress = func(r roster.Progress) { in.Step("roster", r.Done) }
	var err error
	p.Result, err = MakeRoster(ctx, &p.Problem, opt, in.TimeLimit)
	if p.Result == nil || len(in.Team.Meetings) == 0 {
		return err
	}
	placed, merr := WithMeetings(&p.Problem, p.Result, in.Team.Meetings)
	if merr != nil {
		return errors.Join(err, merr)
	}
	p.Result = placed
	return err
}

// MakeRoster runs the solver under a ceiling of time; 0 is none. When the
// ceiling ends the search the best roster so far is the result, marked as
// stopped. When ctx itself ends, its error is returned beside it.
func MakeRoster(ctx context.Context, p *roster.Problem, opt roster.Options, limit time.Duration) (*roster.Result, error) {
	run := ctx
	if limit > 0 {
		var cancel context.CancelFunc
		run, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	res, err := roster.Make(run, p, opt)
	if err != nil {
		return nil, err
	}
	if len(p.Presence) > 0 {
		if res, err = withPresence(ctx, p, res); err != nil {
			return nil, err
		}
	}
	keepLocks(p, res.Roster.Assignments)
	return res, ctx.Err()
}

// keepLocks marks as locked what a planner locked, not what is only fixed because
// it is published.
func keepLocks(p *roster.Problem, list []roster.Assignment) {
	type key struct {
		agent string
		day   calendar.Date
	}
	published := map[key]bool{}
	for i := range p.Locked {
		if c := &p.Locked[i]; !c.Off && !c.Assignment.Locked {
			published[key{c.Agent, c.Date}] = true
		}
	}
	for i := range list {
		if published[key{list[i].Agent, list[i].Date}] {
			list[i].Locked = false
		}
	}
}
