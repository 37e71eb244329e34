package rosterfile

import (
	"math"

	"kcc/internal/output"
	"kcc/roster"
)

// SummaryTable is one row on how good a roster is: what is covered, what it costs beside the
// lower bound, and how often agents change skill. leastUnmet are the agent-hours that no roster
// can cover. NaN stands for what was not computed.
func SummaryTable(p *roster.Problem, r *roster.Result, leastUnmet float64) output.Table {
	number := func(name string, digits int) output.Column {
		return output.Column{Name: name, Kind: output.Number, Digits: digits}
	}
	t := output.Table{Name: "summary", Title: "Summary of the roster", Columns: []output.Column{
		{Name: "agents", Kind: output.Integer},
		{Name: "shifts", Kind: output.Integer},
		number("hours_asked", 2),
		number("hours_unmet", 2),
		number("least_unmet", 2),
		number("cost", 2),
		number("calm", 2),
		number("bound", 2),
		number("gap", 4),
		number("gap_with_calm", 4),
		{Name: "skill_changes", Kind: output.Integer},
		{Name: "violations", Kind: output.Integer},
		{Name: "shortfalls", Kind: output.Integer},
		{Name: "effort", Kind: output.Integer},
		{Name: "seed", Kind: output.Integer},
		{Name: "stopped", Kind: output.Bool},
	}}
	changes := 0
	for i := range r.Roster.Assignments {
		changes += r.Roster.Assignments[i].SkillChanges()
	}
	known := func(v float64) any {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
		return math.Round(v*summaryUnit)/summaryUnit + 0 // no -0
	}
	least := any(nil)
	if !math.IsNaN(leastUnmet) {
		least = known(math.Min(leastUnmet, r.UnmetHours))
	}
	t.Rows = [][]any{{
		len(p.Agents), len(r.Roster.Assignments), known(r.DemandHours), known(r.UnmetHours), least, known(r.Cost.Total), known(r.Cost.Calm),
		known(r.Bound), known(r.Gap), known(r.GapWithCalm), changes, len(r.Violations), len(r.Shortfalls), r.Effort, int(r.Seed), r.Stopped,
	}}
	return t
}

// summaryUnit: numbers are told to a millionth, which hides what sums leave in the last digits.
const summaryUnit = 1e6
