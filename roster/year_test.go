package roster

import (
	"context"
	"testing"

	"kcc/internal/calendar"
)

// TestYearOfWeeks plans a year week by week, each on the history before it, and
// checks the whole year at once.
func TestYearOfWeeks(t *testing.T) {
	weeks, agents := 52, 60
	if testing.Short() {
		weeks, agents = 6, 12
	}
	const seed = 8
	first := calendar.NewDate(2026, 1, 5)
	var year *Problem
	var all []Assignment
	for w := range weeks {
		p := Generate(GenerateOptions{Agents: agents, Skills: 2, Weeks: 1, Seed: seed, First: first.Add(7 * w)})
		for i := range p.Shifts { // evenings, so that rest between days can bind
			p.Shifts[i].LatestStart = 13*60 + 30
		}
		own := ATWAdult()
		own.MaxWeekends, own.MaxDaysInRow, own.MinDaysOff = 3, 5, 1
		own.Averages = append(own.Averages, Average{Weeks: 3, Max: 38 * 60 * 60e9})
		p.Rules = map[string]Rules{DefaultRuleSet: own}
		p.History = all
		res, err := Make(context.Background(), p, Options{Effort: 1, Seed: uint64(w), NoBound: true})
		if err != nil {
			t.Fatal(err)
		}
		if len(res.Violations) > 0 {
			t.Fatalf("week %d: %v", w, res.Violations)
		}
		all = append(all, res.Roster.Assignments...)
		if year == nil {
			year = p
			year.Demand, year.History = nil, nil
			year.Availability = append([]Availability{}, p.Availability...)
		} else {
			year.Availability = append(year.Availability, p.Availability...)
		}
	}
	year.Days = 7 * weeks
	for _, v := range Check(year, Roster{Assignments: all}) {
		// Leave on closed days counts in the year's view, which knows no demand.
		if v.Rule != "max_hours" {
			t.Errorf("%s: %s", v.Rule, v.Text)
		}
	}
	t.Logf("%d shifts", len(all))
}
