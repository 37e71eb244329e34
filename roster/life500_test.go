package roster

import (
	"context"
	"os"
	"slices"
	"testing"
	"time"

	"kcc/internal/calendar"
)

// TestLifeOfLargeTeam makes a roster and lets somebody fall ill: the repair must
// touch at most three others and lose at most five per cent more coverage than
// planning anew. It always runs on 60 agents and one week; KCC_EVAL=1 runs 500
// agents and four weeks and prints the times of repair, exchange, suggestion and
// explanation.
func TestLifeOfLargeTeam(t *testing.T) {
	agents, weeks, effort := 60, 1, 8
	if os.Getenv("KCC_EVAL") != "" {
		agents, weeks, effort = 500, 4, 2
	}
	ctx := context.Background()
	p := Generate(GenerateOptions{Agents: agents, Skills: 5, Weeks: weeks, Seed: 1})
	start := time.Now()
	res, err := Make(ctx, p, Options{Effort: effort, NoBound: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d agents, %d weeks: %.1f of %.0f agent-hours short, made in %.1f s", agents, weeks, res.UnmetHours, res.DemandHours, time.Since(start).Seconds())
	day := p.First.Add(1)
	sick := ""
	for _, a := range res.Roster.Assignments {
		if a.Date == day && a.Paid() >= 8*time.Hour {
			sick = a.Agent
			break
		}
	}
	away := Availability{Agent: sick, Kind: Sick, From: day, To: day.Add(1)}
	start = time.Now()
	rep, err := Repair(ctx, p, res.Roster, RepairOptions{Absent: []Availability{away}})
	if err != nil {
		t.Fatal(err)
	}
	took := time.Since(start)
	q := *p
	q.Availability = append(slices.Clone(p.Availability), away)
	anew, err := Make(ctx, &q, Options{Effort: effort, NoBound: true, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	covered := func(short float64) float64 { return res.DemandHours - short }
	t.Logf("repair: %.2f s, %d touched, short %.1f before, %.1f with the absence, %.1f repaired, %.1f planned anew",
		took.Seconds(), len(rep.Touched), rep.Unmet[BeforeAbsence], rep.Unmet[WithAbsence], rep.Unmet[AfterRepair], anew.UnmetHours)
	if len(rep.Touched) > 3 || len(rep.Violation) > 0 || rep.Unmet[AfterRepair] > rep.Unmet[WithAbsence]+1e-9 {
		t.Errorf("%d touched, %d rules broken, short %.2f then %.2f", len(rep.Touched), len(rep.Violation), rep.Unmet[WithAbsence], rep.Unmet[AfterRepair])
	}
	if covered(rep.Unmet[AfterRepair]) < 0.95*covered(anew.UnmetHours) {
		t.Errorf("repaired %.1f hours are covered, planned anew %.1f: more than 5 %% less", covered(rep.Unmet[AfterRepair]), covered(anew.UnmetHours))
	}
	start = time.Now()
	other := ""
	for _, a := range res.Roster.Assignments {
		if a.Date == day && a.Agent != sick {
			other = a.Agent
			break
		}
	}
	if _, err := Swap(p, res.Roster, sick, other, day); err != nil {
		t.Error(err)
	}
	t.Logf("swap: %.2f s", time.Since(start).Seconds())
	gap := Gap{From: day.At(calendar.Clock(10*60), p.Zone), To: day.At(calendar.Clock(12*60), p.Zone), Skill: p.Skills[0]}
	start = time.Now()
	list, err := Suggest(ctx, p, res.Roster, gap, 10)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("suggest: %.2f s, %d candidates", time.Since(start).Seconds(), len(list))
	start = time.Now()
	e, err := Explain(ctx, p, res.Roster, gap, 10)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("explain: %.2f s, %d reasons", time.Since(start).Seconds(), len(e.Reasons))
	start = time.Now()
	m, err := MoveBreaks(ctx, p, res.Roster, MoveOptions{Date: day, From: day.At(9*60, p.Zone)})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("move breaks: %.2f s, %d moved", time.Since(start).Seconds(), len(m.Moves))
}
