package roster

import (
	"context"
	"slices"
	"testing"
	"time"
)

func published(t *testing.T) (*Problem, *Result) {
	t.Helper()
	p := Generate(GenerateOptions{Agents: 24, Skills: 2, Weeks: 2, Seed: 4})
	res, err := Make(context.Background(), p, Options{Effort: 20, Seed: 1, NoBound: true})
	if err != nil {
		t.Fatal(err)
	}
	return p, res
}

func TestEvaluateAgreesWithMake(t *testing.T) {
	p, res := published(t)
	got, err := Evaluate(p, res.Roster)
	if err != nil {
		t.Fatal(err)
	}
	// Skills are given out anew: with unequal efficiencies a little may differ.
	if d := got.Cost.Total - res.Cost.Total; d > 0.02*res.Cost.Total || d < -0.02*res.Cost.Total {
		t.Errorf("cost %+v, Make said %+v", got.Cost, res.Cost)
	}
	if len(got.Violations) > 0 {
		t.Errorf("violations %v", got.Violations)
	}
	if d := Diff(p, res.Roster, got.Roster); len(d) > 0 {
		t.Errorf("%d cells differ", len(d))
	}
}

func TestRepairTouchesFew(t *testing.T) {
	p, res := published(t)
	sick := res.Roster.Assignments[0].Agent
	away := Availability{Agent: sick, From: p.First, To: p.First.Add(4), Kind: Sick}
	rep, err := Repair(context.Background(), p, res.Roster, RepairOptions{Absent: []Availability{away}})
	if err != nil {
		t.Fatal(err)
	}
	if len(rep.Violation) > 0 {
		t.Errorf("violations %v", rep.Violation)
	}
	if len(rep.Touched) > 3 || slices.Contains(rep.Touched, sick) {
		t.Errorf("touched %v", rep.Touched)
	}
	for _, a := range rep.Roster.Assignments {
		if a.Agent == sick && a.Date <= away.To {
			t.Errorf("%s still works on %s", sick, a.Date)
		}
	}
	for _, c := range rep.Changes {
		if c.Agent != sick && !slices.Contains(rep.Touched, c.Agent) {
			t.Errorf("%s changed on %s but is not among the touched", c.Agent, c.Date)
		}
		if c.Date > away.To.Add(2) {
			t.Errorf("change on %s, far from the absence", c.Date)
		}
	}
	if rep.Cost[AfterRepair].Total > rep.Cost[WithAbsence].Total+1e-6 {
		t.Errorf("repair makes it worse: %v", rep.Cost)
	}
	t.Logf("unmet hours %v, %d changes, touched %v", rep.Unmet, len(rep.Changes), rep.Touched)
}

func TestSuggestAndExplain(t *testing.T) {
	p, res := published(t)
	day := p.First.Add(1)
	gap := Gap{From: day.At(10*60, p.Zone), To: day.At(11*60, p.Zone), Skill: p.Skills[0]}
	list, err := Suggest(context.Background(), p, res.Roster, gap, 5)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range list {
		if i > 0 && c.Saves > list[i-1].Saves {
			t.Error("candidates are not in order")
		}
		if !c.After.Start.Before(gap.To) || !c.After.End.After(gap.From) {
			t.Errorf("%s: %v-%v does not meet the gap", c.Agent, c.After.Start, c.After.End)
		}
	}
	e, err := Explain(context.Background(), p, res.Roster, gap, 3)
	if err != nil {
		t.Fatal(err)
	}
	skilled, said := 0, 0
	for i := range p.Agents {
		if p.Agents[i].Efficiency(gap.Skill) > 0 {
			skilled++
		}
	}
	for _, r := range e.Reasons {
		said += len(r.Agents)
	}
	if said != skilled || e.Need <= 0 {
		t.Errorf("reasons for %d of %d agents, need %v", said, skilled, e.Need)
	}
	t.Logf("%+v", e.Reasons)
}

func TestSwapIsCheckedAndPriced(t *testing.T) {
	p, res := published(t)
	var a, b Assignment
	for _, x := range res.Roster.Assignments {
		if x.Date == p.First && a.Agent == "" {
			a = x
		} else if x.Date == p.First && !x.Start.Equal(a.Start) {
			b = x
		}
	}
	s, err := Swap(p, res.Roster, a.Agent, b.Agent, p.First)
	if err != nil {
		t.Fatal(err)
	}
	back, err := Swap(p, s.Roster, a.Agent, b.Agent, p.First)
	if err != nil {
		t.Fatal(err)
	}
	if d := Diff(p, res.Roster, back.Roster); len(d) > 0 {
		t.Errorf("swapping twice changes %d cells", len(d))
	}
	if _, err := Swap(p, res.Roster, a.Agent, "nobody", p.First); err == nil {
		t.Error("swap with nobody is accepted")
	}
}

func TestFairnessCounts(t *testing.T) {
	p, res := published(t)
	p.Availability = append(p.Availability, Availability{Agent: res.Roster.Assignments[0].Agent, From: res.Roster.Assignments[0].Date, To: res.Roster.Assignments[0].Date, Kind: Avoid})
	days := 0
	for _, x := range Fairness(p, res.Roster, 18*60, 9*60) {
		days += x.Days
		if x.Agent == res.Roster.Assignments[0].Agent && (x.Wishes != 1 || x.Granted != 0) {
			t.Errorf("wishes %d granted %d, want 1 and 0", x.Wishes, x.Granted)
		}
	}
	if days != len(res.Roster.Assignments) {
		t.Errorf("%d days, want %d", days, len(res.Roster.Assignments))
	}
}

func BenchmarkRepair500(b *testing.B) {
	p := Generate(GenerateOptions{Agents: 500, Skills: 5, Weeks: 4, Seed: 1})
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	res, err := Make(ctx, p, Options{Effort: 1, Seed: 1, NoBound: true})
	if err != nil {
		b.Fatal(err)
	}
	away := Availability{Agent: res.Roster.Assignments[40].Agent, From: p.First.Add(7), To: p.First.Add(9), Kind: Sick}
	for b.Loop() {
		rep, err := Repair(context.Background(), p, res.Roster, RepairOptions{Absent: []Availability{away}})
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(rep.Touched)), "touched")
	}
}
