package roster

import (
	"context"
	"math"
	"testing"

	"kcc/internal/calendar"
)

// spreadOf is the standard deviation of counts per 36 contract hours, over the
// agents.
func spreadOf(p *Problem, count func(id string) float64) float64 {
	sum, sq, n := 0.0, 0.0, 0.0
	for i := range p.Agents {
		x := count(p.Agents[i].ID) * 36 / p.Agents[i].Contract.Hours()
		sum, sq, n = sum+x, sq+x*x, n+1
	}
	return math.Sqrt(math.Max(0, sq/n-(sum/n)*(sum/n)))
}

// halfYear plans weeks one after the other, each on the history before it, and
// returns the spread of late and of weekend shifts and the cost without fairness.
func halfYear(t *testing.T, weeks int, fair float64) (late, weekend, cost, unmet float64) {
	t.Helper()
	first := calendar.NewDate(2026, 1, 5)
	var all []Assignment
	var p *Problem
	for w := range weeks {
		p = Generate(GenerateOptions{Agents: 24, Skills: 2, Weeks: 1, Seed: 3, First: first.Add(7 * w), Leave: -1})
		p.History = all
		p.Weights.Fair = fair
		res, err := Make(context.Background(), p, Options{Effort: 8, Seed: uint64(w), NoBound: true})
		if err != nil {
			t.Fatal(err)
		}
		if len(res.Violations) > 0 {
			t.Fatalf("week %d: %v", w, res.Violations)
		}
		all = append(all, res.Roster.Assignments...)
		cost += res.Cost.Total - res.Cost.Fair
		unmet += res.UnmetHours
	}
	n := map[string][fairKinds]float64{}
	for i := range all {
		x := n[all[i].Agent]
		for k, counts := range p.fairOf(&all[i], false) {
			if counts {
				x[k]++
			}
		}
		n[all[i].Agent] = x
	}
	return spreadOf(p, func(id string) float64 { return n[id][FairLate] }), spreadOf(p, func(id string) float64 { return n[id][FairWeekend] }), cost, unmet
}

// TestFairHalfYear plans half a year without and with a price on what weighs
// unevenly: the spread must shrink markedly and the cost hardly rise.
func TestFairHalfYear(t *testing.T) {
	weeks, least := 26, 0.6
	if testing.Short() { // two or three Saturdays each: whole shifts stand in the way
		weeks, least = 8, 0.75
	}
	late0, weekend0, cost0, unmet0 := halfYear(t, weeks, -1)
	late1, weekend1, cost1, unmet1 := halfYear(t, weeks, 0)
	t.Logf("%d weeks: late shifts spread %.2f without a price, %.2f with; weekend shifts %.2f and %.2f; cost %.0f and %.0f; agent-hours short %.1f and %.1f",
		weeks, late0, late1, weekend0, weekend1, cost0, cost1, unmet0, unmet1)
	if late1 > 0.6*late0 || weekend1 > least*weekend0 {
		t.Errorf("late shifts spread %.2f then %.2f, weekend shifts %.2f then %.2f: not markedly less", late0, late1, weekend0, weekend1)
	}
	if cost1 > 1.02*cost0 {
		t.Errorf("cost %.0f, without fairness %.0f: more than 2 %% dearer", cost1, cost0)
	}
}
