package flow

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"kcc/erlang"
	"kcc/forecast"
	"kcc/internal/calendar"
	"kcc/internal/planstore"
	"kcc/roster"
)

// Version is a roster of the store with the problem it answers.
type Version struct {
	planstore.RosterVersion
	Problem      roster.Problem
	Requirements []erlang.Requirement
	Forecasts    []*forecast.Forecast // nil when the requirement came from a file
}

// Roster returns the assignments of the version.
func (v *Version) Roster() roster.Roster { return v.Result.Roster }

// LoadVersion loads a roster of the store with its problem: its requirement, and
// the team, rules and locks as they are now. Number 0 is the roster in force: the
// last one published for today or later, else the last one saved.
func (s *Site) LoadVersion(ctx context.Context, id int64) (*Version, error) {
	if id == 0 {
		var err error
		if id, err = s.inForce(ctx); err != nil {
			return nil, err
		}
	}
	stored, err := planstore.LoadRoster(ctx, s.DB, id)
	if err != nil {
		return nil, err
	}
	v := &Version{RosterVersion: stored}
	if _, v.Forecasts, v.Requirements, err = s.forecastOf(ctx, stored.RequirementRun); err != nil {
		return nil, err
	}
	reqs := v.Requirements
	team, err := s.Team(ctx, v.First, v.Last())
	if err != nil {
		return nil, err
	}
	if team.Locked, err = s.Locks(ctx, v.First, v.Last()); err != nil {
		return nil, err
	}
	v.Problem = ProblemOf(s.Centre, team, reqs, v.First, v.Days)
	return v, v.Problem.Validate()
}

// forecastOf loads a requirement (0: the newest) with the forecast behind it and
// returns the number of that; 0 without one.
func (s *Site) forecastOf(ctx context.Context, requirementRun int64) (int64, []*forecast.Forecast, []erlang.Requirement, error) {
	run, reqs, err := s.requirements(ctx, requirementRun)
	if err != nil || run.ForecastRun == 0 {
		return 0, nil, reqs, err
	}
	forecasts, ok := s.fores[run.ForecastRun]
	if !ok {
		if _, forecasts, err = planstore.LoadForecasts(ctx, s.DB, run.ForecastRun, s.Centre.Zone); err != nil {
			return 0, nil, nil, err
		}
		if s.fores == nil {
			s.fores = map[int64][]*forecast.Forecast{}
		}
		s.fores[run.ForecastRun] = forecasts
	}
	return run.ForecastRun, forecasts, reqs, nil
}

// Locks returns the cells that a planner fixed on some days.
func (s *Site) Locks(ctx context.Context, first, last calendar.Date) ([]roster.Cell, error) {
	return planstore.Locks(ctx, s.DB, first, last, s.Centre.Zone)
}

// inForce returns the number of the roster that counts today.
func (s *Site) inForce(ctx context.Context) (int64, error) {
	list, err := planstore.Rosters(ctx, s.DB)
	if err != nil {
		return 0, err
	}
	if len(list) == 0 {
		return 0, fmt.Errorf("%w: there is no roster", planstore.ErrNoRun)
	}
	today := calendar.DateOf(s.Now, s.Centre.Zone)
	best := planstore.RosterVersion{}
	for _, v := range list {
		if v.Status != planstore.Published || v.Last() < today {
			continue
		}
		if best.ID == 0 || v.Published.After(best.Published) || v.Published.Equal(best.Published) && v.ID > best.ID {
			best = v
		}
	}
	if best.ID == 0 {
		best = list[0]
	}
	return best.ID, nil
}

// SaveVersion stores a changed roster as a new draft, based on the one it came
// from (0: none).
func (s *Site) SaveVersion(ctx context.Context, p *roster.Problem, res *roster.Result, basedOn, requirementRun int64, note string) (int64, error) {
	v := planstore.RosterVersion{
		Status: planstore.Draft, First: p.First, Days: p.Days, Zone: p.Zone, Step: p.Step, Made: s.Now,
		BasedOn: basedOn, RequirementRun: requirementRun, Inputs: hashOf(p), Result: *res, Note: note,
	}
	return planstore.SaveRoster(ctx, s.DB, v)
}

// Freeze fixes in a team what later runs may not change: the cells that a planner
// locked, and with published also every cell of a roster that was published for
// these days. An agent without any shift in it is not fixed, nor is a cell in
// which the agent has since become absent.
func (s *Site) Freeze(ctx context.Context, t *Team, first, last calendar.Date, published bool) error {
	locks, err := planstore.Locks(ctx, s.DB, first, last, s.Centre.Zone)
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for i := range t.Agents {
		known[t.Agents[i].ID] = true
	}
	type key struct {
		agent string
		day   calendar.Date
	}
	done := map[key]bool{}
	put := func(c roster.Cell) {
		k := key{c.Agent, c.Date}
		if !known[c.Agent] || done[k] || !c.Off && absentOn(t.Availability, c.Agent, c.Date) {
			return
		}
		done[k] = true
		t.Locked = append(t.Locked, c)
	}
	var shifts []roster.Assignment
	if published {
		if shifts, err = planstore.PublishedShifts(ctx, s.DB, first, last, s.Centre.Zone); err != nil {
			return err
		}
	}
	works := map[key]*roster.Assignment{}
	team := map[string]bool{}
	for i := range shifts {
		works[key{shifts[i].Agent, shifts[i].Date}] = &shifts[i]
		team[shifts[i].Agent] = true
	}
	for _, c := range locks { // a lock does not say who serves what
		if a := works[key{c.Agent, c.Date}]; a != nil && roster.SameShift(a, &c.Assignment) && len(c.Assignment.Plan) == 0 {
			c.Assignment.Plan = a.Plan
		}
		put(c)
	}
	if !published {
		return nil
	}
	list, err := planstore.Rosters(ctx, s.DB)
	if err != nil {
		return err
	}
	for d := first; d <= last; d++ {
		if !slices.ContainsFunc(list, func(v planstore.RosterVersion) bool {
			return v.Status == planstore.Published && d >= v.First && d <= v.Last()
		}) {
			continue
		}
		for i := range t.Agents {
			id := t.Agents[i].ID
			if !team[id] {
				continue
			}
			c := roster.Cell{Agent: id, Date: d, Off: true}
			if a := works[key{id, d}]; a != nil {
				c.Off, c.Assignment = false, *a
			}
			put(c)
		}
	}
	return nil
}

// absentOn reports whether an agent is away for the whole of a day.
func absentOn(list []roster.Availability, agent string, d calendar.Date) bool {
	return slices.ContainsFunc(list, func(v roster.Availability) bool {
		away := v.Kind == roster.Leave || v.Kind == roster.Sick || v.Kind == roster.Unavailable
		return v.Agent == agent && away && v.On(d) && v.Start == v.End
	})
}

// Notice is how soon the changes of a publication come.
type Notice struct {
	Cells, Agents int           // changed against what was published, or all when nothing was
	First         calendar.Date // nearest changed day
	Late          int           // changed cells on days nearer than Wanted
	TooLate       int           // changed cells on days nearer than Least
	Wanted, Least int           // days of notice
	Earlier       bool          // something was published for these days before
}

// leastNotice is the fewest days of notice where the work does not allow more:
// Arbeidstijdenwet 4:2(2).
const leastNotice = 4

// Publication is what publishing a version means.
type Publication struct {
	Version    *Version
	Violations []roster.Violation
	Changes    []roster.Change
	Notice     Notice
}

// ErrBrokenRules is returned for the publication of a roster that breaks rules.
var ErrBrokenRules = errors.New("the roster breaks rules")

// Publication checks a draft and tells what its publication changes.
func (s *Site) Publication(ctx context.Context, id int64) (*Publication, error) {
	if id == 0 {
		list, err := planstore.Rosters(ctx, s.DB)
		if err != nil {
			return nil, err
		}
		for _, v := range list {
			if v.Status == planstore.Draft {
				id = v.ID
				break
			}
		}
		if id == 0 {
			return nil, fmt.Errorf("%w: there is no draft roster", planstore.ErrNoRun)
		}
	}
	v, err := s.LoadVersion(ctx, id)
	if err != nil {
		return nil, err
	}
	if v.Status == planstore.Published {
		return nil, fmt.Errorf("roster %d: %w", id, planstore.ErrPublished)
	}
	before, err := planstore.PublishedShifts(ctx, s.DB, v.First, v.Last(), s.Centre.Zone)
	if err != nil {
		return nil, err
	}
	out := &Publication{Version: v, Violations: roster.Check(&v.Problem, v.Roster())}
	out.Changes = roster.Diff(&v.Problem, roster.Roster{Assignments: before}, v.Roster())
	out.Notice = noticeOf(&v.Problem, out.Changes, calendar.DateOf(s.Now, s.Centre.Zone))
	out.Notice.Earlier = len(before) > 0
	return out, nil
}

// noticeOf counts the changes that are told late. Moving a break within a shift
// changes no working time and needs no notice.
func noticeOf(p *roster.Problem, changes []roster.Change, today calendar.Date) Notice {
	n := Notice{Least: leastNotice}
	wanted := map[string]int{}
	for i := range p.Agents {
		if r, ok := p.RulesOf(&p.Agents[i]); ok {
			wanted[p.Agents[i].ID] = r.AnnounceDays
			n.Wanted = max(n.Wanted, r.AnnounceDays)
		}
	}
	agents := map[string]bool{}
	for _, c := range changes {
		if c.Before != nil && c.After != nil && c.Before.Start.Equal(c.After.Start) && c.Before.End.Equal(c.After.End) {
			continue
		}
		if c.After == nil && absentOn(p.Availability, c.Agent, c.Date) {
			continue // who falls ill is not told
		}
		n.Cells++
		agents[c.Agent] = true
		if n.First == 0 || c.Date < n.First {
			n.First = c.Date
		}
		if ahead := int(c.Date - today); ahead < wanted[c.Agent] {
			n.Late++
			if ahead < leastNotice {
				n.TooLate++
			}
		}
	}
	n.Agents = len(agents)
	return n
}

// Publish makes the version the published one of its days.
func (s *Site) Publish(ctx context.Context, p *Publication, force bool) error {
	if len(p.Violations) > 0 && !force {
		return fmt.Errorf("roster %d: %w", p.Version.ID, ErrBrokenRules)
	}
	return planstore.PublishRoster(ctx, s.DB, p.Version.ID, s.Now)
}

// SaveChanged stores a changed roster as a new draft based on v, judged anew.
func (s *Site) SaveChanged(ctx context.Context, v *Version, r roster.Roster, note string) (int64, error) {
	res, err := roster.Evaluate(&v.Problem, r)
	if err != nil {
		return 0, err
	}
	return s.SaveVersion(ctx, &v.Problem, res, v.ID, v.RequirementRun, note)
}
