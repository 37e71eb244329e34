package flow

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"kcc/erlang"
	"kcc/internal/calendar"
	"kcc/internal/output"
	"kcc/internal/planstore"
	"kcc/roster"
)

// Edited is a roster that a planner changed by hand.
type Edited struct {
	Problem  *roster.Problem // with the absences of the workbook
	Roster   roster.Roster
	Changed  int                   // edited cells
	Days     []calendar.Date       // with an edited cell
	Absences []roster.Availability // leave and sickness that the workbook adds
	Locks    []roster.Cell         // cells that the workbook locks
	Book     bool                  // from a workbook: it says which cells are locked
}

// ReadEdited turns the day cells of a workbook back into a roster. Where the
// store locks a cell that the workbook has without !, the workbook counts.
func ReadEdited(p *roster.Problem, book *output.RosterRead) (*Edited, error) {
	open := *p
	open.Locked = nil
	q, r, changed, err := RosterOfBook(&open, book)
	if err != nil {
		return nil, err
	}
	e := &Edited{Problem: q, Roster: r, Changed: changed, Book: true}
	e.Absences = slices.Clone(q.Availability[len(p.Availability):])
	for _, a := range r.Assignments {
		if a.Locked {
			e.Locks = append(e.Locks, roster.Cell{Agent: a.Agent, Date: a.Date, Assignment: a})
		}
	}
	for i := range book.Cells {
		c := &book.Cells[i]
		if c.Changed {
			e.Days = append(e.Days, c.Date)
		}
		if c.Locked && c.Kind == output.DayOff && c.Date >= p.First && c.Date <= p.Last() {
			e.Locks = append(e.Locks, roster.Cell{Agent: c.Agent, Date: c.Date, Off: true})
		}
	}
	q.Locked = slices.Clone(e.Locks)
	return e, nil
}

// ProblemFor builds the problem of some days from the store: the requirement
// that covers them best, with the team as it is now. It returns the number of
// the requirement run.
func (s *Site) ProblemFor(ctx context.Context, first calendar.Date, days int) (*roster.Problem, int64, error) {
	team, err := s.Team(ctx, first, first.Add(days-1))
	if err != nil {
		return nil, 0, err
	}
	if err := team.Check(first, first.Add(days-1)); err != nil {
		return nil, 0, err
	}
	if team.Locked, err = s.Locks(ctx, first, first.Add(days-1)); err != nil {
		return nil, 0, err
	}
	run, err := s.requirementFor(ctx, first, days)
	if err != nil {
		return nil, 0, err
	}
	_, reqs, err := s.requirements(ctx, run)
	if err != nil {
		return nil, 0, err
	}
	p := ProblemOf(s.Centre, team, reqs, first, days)
	if len(p.Demand) == 0 {
		return nil, 0, fmt.Errorf("requirement %d of the store has no interval from %s to %s", run, p.First, p.Last())
	}
	return &p, run, p.Validate()
}

// RequirementOf loads the requirement of some days: to judge a roster that was made,
// that of the newest roster of these days, else the newest one; to make one, the
// newest, unless it leaves out weeks of them and that of a roster does not. whole
// tells whether it is of all the weeks.
func (s *Site) RequirementOf(ctx context.Context, first calendar.Date, days int, made bool) (reqs []erlang.Requirement, whole bool, err error) {
	if !made {
		if _, reqs, err = s.LastRequirements(ctx); err != nil {
			return nil, false, err
		}
		if s.covers(reqs, first, days) {
			return reqs, true, nil
		}
	}
	run, err := s.requirementFor(ctx, first, days)
	if err != nil {
		return nil, false, err
	}
	_, other, err := s.requirements(ctx, run)
	if err != nil {
		return nil, false, err
	}
	within := func(r erlang.Requirement) bool {
		d := calendar.DateOf(r.Start, s.Centre.Zone)
		return d >= first && d < first.Add(days)
	}
	if whole = s.covers(other, first, days); whole || made || !slices.ContainsFunc(reqs, within) {
		return other, whole, nil
	}
	return reqs, false, nil
}

// covers reports whether requirements are of all the weeks of some days; days
// without any in them may be closed.
func (s *Site) covers(reqs []erlang.Requirement, first calendar.Date, days int) bool {
	if len(reqs) == 0 {
		return false
	}
	from, to := DaysOf(reqs, s.Centre.Zone)
	return from.Monday() <= first && to.Monday().Add(6) >= first.Add(days-1)
}

// DaysOf returns the first and the last day of requirements.
func DaysOf(reqs []erlang.Requirement, zone *time.Location) (first, last calendar.Date) {
	for i, r := range reqs {
		d := calendar.DateOf(r.Start, zone)
		if i == 0 {
			first, last = d, d
		}
		first, last = min(first, d), max(last, d)
	}
	return first, last
}

// requirementFor returns the requirement of the newest roster of these days, or
// else the newest requirement.
func (s *Site) requirementFor(ctx context.Context, first calendar.Date, days int) (int64, error) {
	list, err := planstore.Rosters(ctx, s.DB)
	if err != nil {
		return 0, err
	}
	for _, v := range list {
		if v.First <= first && v.Last() >= first.Add(days-1) && v.RequirementRun != 0 {
			return v.RequirementRun, nil
		}
	}
	run, _, err := s.LastRequirements(ctx)
	return run.ID, err
}

// TakeOver stores an edited roster as a draft, notes its absences, and makes its
// locked cells the locked cells of its days.
func (s *Site) TakeOver(ctx context.Context, e *Edited, requirementRun int64, file string) (int64, error) {
	res, err := roster.EvaluateAnew(e.Problem, e.Roster, e.Days...)
	if err != nil {
		return 0, err
	}
	based, err := s.inForce(ctx)
	if err != nil && !errors.Is(err, planstore.ErrNoRun) {
		return 0, err
	}
	id, err := s.SaveVersion(ctx, e.Problem, res, based, requirementRun, "from "+filepath.Base(file))
	if err != nil {
		return 0, err
	}
	if len(e.Absences) > 0 {
		if err := SaveTeam(ctx, s.DB, TeamFiles{Availability: e.Absences}, true); err != nil {
			return 0, err
		}
	}
	if e.Book {
		if _, err := planstore.UnlockCells(ctx, s.DB, "", e.Problem.First, e.Problem.Last()); err != nil {
			return 0, err
		}
		return id, planstore.LockCells(ctx, s.DB, e.Locks, s.Now)
	}
	return id, nil
}
