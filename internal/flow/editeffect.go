package flow

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"kcc/erlang"
	"kcc/forecast"
	"kcc/internal/calendar"
	"kcc/internal/output"
	"kcc/roster"
)

// EditEffect is what edits do to a roster.
type EditEffect struct {
	Changes       []roster.Change
	Added, Solved []roster.Violation // broken by the edits, and no longer broken
	Before, After *roster.Result
	Days          []calendar.Date // on which something changed
	ServiceBefore []Service       // expected on these days; nil without a forecast
	ServiceAfter  []Service
}

// effectRuns bounds the simulation of an edit: the same days are played before
// and after, with the same random numbers, so that their difference is certain
// sooner than their level.
const effectRuns = 40

// OriginalOfBook returns the roster that a workbook was written from.
func OriginalOfBook(p *roster.Problem, read *output.RosterRead) roster.Roster {
	var r roster.Roster
	for i := range read.Cells {
		c := &read.Cells[i]
		if c.Changed {
			c = c.Was
		}
		if c != nil && c.Kind == output.Working && c.Date >= p.First && c.Date <= p.Last() {
			r.Assignments = append(r.Assignments, assignmentOf(c, p.Zone))
		}
	}
	return r
}

// EditEffectOf compares two rosters: p is the problem before, q the same with the
// absences of the edit.
func EditEffectOf(p, q *roster.Problem, before, after roster.Roster) (*EditEffect, error) {
	e := &EditEffect{Changes: roster.Diff(q, before, after)}
	var run errgroup.Group
	e.Days = roster.ChangedDays(e.Changes)
	run.Go(func() (err error) { e.Before, err = roster.Evaluate(p, before); return err })
	run.Go(func() (err error) {
		e.After, err = roster.EvaluateAnew(q, after, e.Days...)
		return err
	})
	if err := run.Wait(); err != nil {
		return nil, err
	}
	e.Added = roster.NewViolations(e.Before.Violations, e.After.Violations)
	e.Solved = roster.NewViolations(e.After.Violations, e.Before.Violations)
	return e, nil
}

// Play simulates the changed days before and after, where the store has the
// forecast behind the requirement of the roster's days.
func (e *EditEffect) Play(ctx context.Context, s *Site, p *roster.Problem, seed uint64) error {
	run, forecasts, reqs, err := s.behind(ctx, p.First, p.Days)
	if err != nil || run == 0 || len(e.Days) == 0 {
		return err
	}
	var part []erlang.Requirement
	for _, r := range reqs {
		if _, found := slices.BinarySearch(e.Days, calendar.DateOf(r.Start, s.Centre.Zone)); found {
			part = append(part, r)
		}
	}
	play := func(res *roster.Result) ([]Service, error) {
		plan := &Plan{Input: PlanInput{Centre: s.Centre}, Forecasts: forecasts, Requirements: part, Problem: *p, Result: res}
		services, _, err := plan.playWith(ctx, erlang.SimOptions{Seed: seed, Runs: max(4, effectRuns/len(e.Days))})
		return services, err
	}
	if e.ServiceBefore, err = play(e.Before); err != nil {
		return err
	}
	e.ServiceAfter, err = play(e.After)
	return err
}

// behind returns the requirement of some days with its forecast; run 0 when it
// was made from a file.
func (s *Site) behind(ctx context.Context, first calendar.Date, days int) (int64, []*forecast.Forecast, []erlang.Requirement, error) {
	run, err := s.requirementFor(ctx, first, days)
	if err != nil {
		return 0, nil, nil, err
	}
	return s.forecastOf(ctx, run)
}

// Table shows the effect in numbers.
func (e *EditEffect) Table(lang output.Lang) output.Table {
	t := output.Table{
		Name: "effect", Title: lang.Pick("What the edits do", "Wat de wijzigingen doen"),
		Columns: []output.Column{
			{Name: "what", Title: lang.Pick("What", "Wat"), Kind: output.Text},
			{Name: "before", Title: lang.Pick("Before", "Voor"), Kind: output.Text},
			{Name: "after", Title: lang.Pick("After", "Na"), Kind: output.Text},
			{Name: "difference", Title: lang.Pick("Difference", "Verschil"), Kind: output.Text},
		},
	}
	put := func(what string, a, b float64, digits int, unit string) {
		t.Rows = append(t.Rows, []any{what, lang.Number(a, digits) + unit, lang.Number(b, digits) + unit, lang.Signed(b-a, digits) + unit})
	}
	put(lang.Pick("agent-hours short", "medewerkeruren tekort"), e.Before.UnmetHours, e.After.UnmetHours, 1, "")
	put(lang.Pick("agent-hours worked", "medewerkeruren gewerkt"), e.Before.WorkedHours, e.After.WorkedHours, 1, "")
	put(lang.Pick("cost (points)", "kosten (punten)"), e.Before.Cost.Total, e.After.Cost.Total, 0, "")
	put(lang.Pick("rules broken", "regels gebroken"), float64(len(e.Before.Violations)), float64(len(e.After.Violations)), 0, "")
	for i, a := range e.ServiceBefore {
		if i < len(e.ServiceAfter) {
			put(lang.Pick("service level ", "servicelevel ")+a.Channel, 100*a.Level, 100*e.ServiceAfter[i].Level, 1, "%")
		}
	}
	if len(e.ServiceBefore) > 0 {
		t.Notes = append(t.Notes, lang.Pick("service level: simulated on the changed days", "servicelevel: gesimuleerd op de gewijzigde dagen"))
	}
	return t
}
