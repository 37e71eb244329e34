package flow

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"kcc/contacts"
	"kcc/erlang"
	"kcc/forecast"
	"kcc/internal/calendar"
	"kcc/internal/centre"
	"kcc/internal/planstore"
	"kcc/roster"
)

// Today is the rest of a day: what has come, what is still to be expected, what
// that asks for, and what the roster has.
type Today struct {
	Version  *Version
	Date     calendar.Date
	From     time.Time      // first instant that can still be changed
	Problem  roster.Problem // from today to the end of its week, with today's requirement
	Roster   roster.Roster  // of these days
	Updates  []ChannelUpdate
	Skipped  []forecast.Skipped
	Result   *roster.Result // of Roster
	Service  []Service      // expected for the rest of the day
	Channels []string       // where customers wait, in order of Service

	centre    *centre.Centre
	forecasts []*forecast.Forecast
	reqs      []erlang.Requirement
	seed      uint64
}

// ChannelUpdate is what the actuals of today say of one channel.
type ChannelUpdate struct {
	Channel  string
	Observed float64 // contacts so far
	Expected float64 // of these intervals, this morning
	Factor   float64 // by which the rest of the day was changed
	Rest     float64 // contacts still to come
	Used     bool
	Reason   string
}

// ErrNoRosterToday is returned when no roster of the store covers today.
var ErrNoRosterToday = errors.New("no roster of the store covers today")

// OpenToday compares today's actuals with the forecast, staffs the rest of the
// day, and measures the roster in force against it. Absence of today is taken to
// be known and entered: nothing is added for it.
func (s *Site) OpenToday(ctx context.Context, seed uint64) (*Today, error) {
	v, err := s.LoadVersion(ctx, 0)
	if err != nil {
		return nil, err
	}
	zone := s.Centre.Zone
	today := calendar.DateOf(s.Now, zone)
	if today < v.First || today > v.Last() {
		return nil, fmt.Errorf("%w: roster %d is of %s to %s", ErrNoRosterToday, v.ID, v.First, v.Last())
	}
	c := *s.Centre
	c.Shrinkage.Unplanned = 0
	t := &Today{Version: v, Date: today, centre: &c, seed: seed}
	step := v.Problem.Step
	t.From = today.Start(zone).Add((s.Now.Sub(today.Start(zone)) + step - 1) / step * step)
	if err := t.revise(ctx, s); err != nil {
		return nil, err
	}
	t.problem()
	if t.Result, err = roster.Measure(&t.Problem, t.Roster); err != nil {
		return nil, err
	}
	t.Service, err = t.expect(ctx, t.reqs, t.Result)
	for _, x := range t.Service {
		t.Channels = append(t.Channels, x.Channel)
	}
	return t, err
}

// revise forecasts the rest of the day and staffs it. Deferrable work keeps the
// requirement that the plan had.
func (t *Today) revise(ctx context.Context, s *Site) error {
	var queues []string
	for _, ch := range s.Centre.Channels {
		if waits(ch) {
			queues = append(append(queues, ch.Name), ch.Queues...)
		}
	}
	var hist []contacts.Series
	if len(queues) > 0 { // none named would be all
		var err error
		if hist, err = s.History(ctx, contacts.Filter{Channels: queues}); err != nil {
			return err
		}
	}
	opt := forecast.Options{Interval: s.Centre.Interval, Holidays: s.Centre.PublicHolidays()}
	var err error
	if opt.Events, err = planstore.Events(ctx, s.DB); err != nil {
		return err
	}
	hist = slices.DeleteFunc(hist, func(h contacts.Series) bool {
		ch, ok := s.Centre.Channel(h.Channel)
		return !ok || h.Subject != "" || !waits(ch)
	})
	type revised struct {
		f   *forecast.Forecast
		u   *forecast.Update
		err error
	}
	found := make([]revised, len(hist))
	var run errgroup.Group
	run.SetLimit(runtime.GOMAXPROCS(0))
	for i, h := range hist {
		run.Go(func() error {
			f, u, err := forecast.Revise(ctx, SeriesOf(h, s.Centre, forecast.GapsAuto), s.Now, opt)
			found[i] = revised{f, u, err}
			return ctx.Err()
		})
	}
	if err := run.Wait(); err != nil {
		return err
	}
	for i, h := range hist {
		f, u, err := found[i].f, found[i].u, found[i].err
		if err != nil {
			t.Skipped = append(t.Skipped, forecast.Skipped{Name: h.Channel, Err: err})
			continue
		}
		x := ChannelUpdate{Channel: h.Channel, Observed: u.Observed, Expected: u.Expected, Factor: u.Factor, Used: u.Used, Reason: u.Reason}
		for _, p := range f.Points {
			x.Rest += p.Mean
		}
		t.Updates = append(t.Updates, x)
		t.forecasts = append(t.forecasts, f)
	}
	plan := PlanOptionsOf(t.centre, t.forecasts)
	reqs, err := erlang.Plan(ctx, IntervalsOf(t.centre, t.forecasts), plan)
	if err != nil {
		return err
	}
	waiting := map[string]bool{}
	for _, f := range t.forecasts {
		waiting[f.Channel] = true
	}
	end := t.Date.Add(1).Start(s.Centre.Zone)
	for _, r := range reqs {
		if !r.Start.Add(r.Step).After(t.From) || !r.Start.Before(end) {
			continue
		}
		t.reqs = append(t.reqs, r)
	}
	for _, r := range t.Version.Requirements {
		if !waiting[r.Channel] && !r.Start.Before(t.From) && r.Start.Before(end) {
			t.reqs = append(t.reqs, r)
		}
	}
	return nil
}

// waits reports whether customers of the channel wait for an agent.
func waits(ch centre.Channel) bool { return ch.Kind == centre.Realtime || ch.Kind == centre.Chat }

// problem lays out the days from today to the end of the week: today with the
// new requirement from now on, the others as they were planned.
func (t *Today) problem() {
	v := t.Version
	last := min(t.Date.Monday().Add(6), v.Last())
	t.Problem = v.Problem
	p := &t.Problem
	p.First, p.Days = t.Date, int(last-t.Date)+1
	p.History = slices.Clone(v.Problem.History)
	for _, a := range v.Roster().Assignments {
		switch {
		case a.Date < t.Date:
			p.History = append(p.History, a)
		case a.Date <= last:
			t.Roster.Assignments = append(t.Roster.Assignments, a)
		}
	}
	p.Locked = slices.DeleteFunc(slices.Clone(v.Problem.Locked), func(c roster.Cell) bool { return c.Date < t.Date || c.Date > last })
	t.setDemand(t.reqs)
}

// setDemand gives the problem the requirement of the rest of today and the
// planned one of the days after it.
func (t *Today) setDemand(reqs []erlang.Requirement) {
	all := slices.Clone(reqs)
	tomorrow := t.Date.Add(1).Start(t.Problem.Zone)
	for _, r := range t.Version.Requirements {
		if !r.Start.Before(tomorrow) {
			all = append(all, r)
		}
	}
	t.Problem.Demand = demandOf(&t.Problem, all)
}

// expect simulates the rest of the day.
func (t *Today) expect(ctx context.Context, reqs []erlang.Requirement, res *roster.Result) ([]Service, error) {
	p := &Plan{Input: PlanInput{Centre: t.centre}, Forecasts: t.forecasts, Requirements: reqs, Problem: t.Problem, Result: res}
	services, _, err := p.play(ctx, t.seed)
	return services, err
}

// Shortage is how much of a skill is missing or left over in the rest of the day.
type Shortage struct {
	Skill        string
	Short, Spare float64 // agent-hours
	From, To     time.Time
	Worst        float64 // agents missing in the worst stretch, from From to To
}

// Shortages sums the rest of the day up per skill: the worst stretch is the run
// of intervals in which most agent-hours are missing.
func (t *Today) Shortages() []Shortage {
	return shortagesOf(t.Result, t.From, t.Date.Add(1).Start(t.Problem.Zone))
}

// ShortHours returns how many agent-hours a roster of today leaves short in the
// rest of the day, as Shortages counts them.
func (t *Today) ShortHours(r roster.Roster) (float64, error) {
	res, err := roster.Measure(&t.Problem, r)
	if err != nil {
		return 0, err
	}
	sum := 0.0
	for _, x := range shortagesOf(res, t.From, t.Date.Add(1).Start(t.Problem.Zone)) {
		sum += x.Short
	}
	return sum, nil
}

func shortagesOf(res *roster.Result, from, to time.Time) []Shortage {
	bySkill := map[string][]roster.Coverage{}
	var skills []string
	for _, c := range res.Coverage {
		if c.Start.Before(from) || !c.Start.Before(to) {
			continue
		}
		if bySkill[c.Skill] == nil {
			skills = append(skills, c.Skill)
		}
		bySkill[c.Skill] = append(bySkill[c.Skill], c)
	}
	slices.Sort(skills)
	var out []Shortage
	for _, skill := range skills {
		x := Shortage{Skill: skill}
		run, best := 0.0, 0.0
		var begin time.Time
		for _, c := range bySkill[skill] {
			gap := c.Need - c.Present
			x.Short += math.Max(0, gap) * c.Step.Hours()
			x.Spare += math.Max(0, -gap) * c.Step.Hours()
			if gap < leastGap {
				run = 0
				continue
			}
			if run == 0 {
				begin = c.Start
			}
			run += gap * c.Step.Hours()
			if run > best {
				best, x.From, x.To = run, begin, c.Start.Add(c.Step)
			}
		}
		if best > 0 {
			x.Worst = best / x.To.Sub(x.From).Hours()
		}
		out = append(out, x)
	}
	return out
}

// leastGap is the smallest part of an agent whose absence counts as a shortage.
const leastGap = 0.25

// worst returns the skill with the largest shortage, one for which customers wait
// where there is any.
func (t *Today) worst() (Shortage, bool) {
	var best Shortage
	for _, x := range t.Shortages() {
		if x.To.IsZero() {
			continue
		}
		now, was := t.waiting(x.Skill), t.waiting(best.Skill)
		if best.Skill == "" || now && !was || now == was && x.hours() > best.hours() {
			best = x
		}
	}
	return best, best.Skill != ""
}

// hours is what is missing in the worst stretch.
func (x Shortage) hours() float64 { return x.Worst * x.To.Sub(x.From).Hours() }
