package erlang

import (
	"context"
	"math"
	"testing"
	"time"
)

// overloadedMorning is a morning of 11 agents with a hump of 13 erlangs.
func overloadedMorning(patience float64) (*Scenario, []Interval, []float64, Settings) {
	t0 := time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)
	step := 15 * time.Minute
	set := Settings{Patience: patience, Target: Target{Ratio: 0.8, Within: 20 * time.Second}}
	q := SimQueue{Name: "q", Patience: patience, Target: set.Target}
	team := SimTeam{Name: "t", Skills: []SimSkill{{Queue: "q"}}}
	sc := &Scenario{}
	var ivs []Interval
	var agents []float64
	for i, a := range []float64{8, 8, 9, 10, 13, 13, 13, 11, 9, 8, 8, 7, 7, 7} {
		iv := Interval{Start: t0.Add(time.Duration(i) * step), Step: step, Offered: a * 900 / 300, AHT: 300}
		ivs, agents = append(ivs, iv), append(agents, 11)
		sc.Slots = append(sc.Slots, Slot{iv.Start, step})
		q.Offered, q.AHT, team.Agents = append(q.Offered, iv.Offered), append(q.AHT, 300), append(team.Agents, 11)
	}
	sc.Queues, sc.Teams = []SimQueue{q}, []SimTeam{team}
	return sc, ivs, agents, set
}

// A morning with an overloaded hump, against the simulation: interval by interval
// within a few points, where each interval on its own says 0 in the hump and
// nothing of it afterwards.
func TestCarryOverAgainstSimulation(t *testing.T) {
	for _, patience := range []float64{0, 240} {
		sc, ivs, agents, set := overloadedMorning(patience)
		sim, err := Simulate(context.Background(), sc, SimOptions{Seed: 1, Runs: 3000})
		if err != nil {
			t.Fatal(err)
		}
		got := CarryOver(ivs, agents, set)
		var off, plainOff float64
		for i, iv := range ivs {
			want := sim.Slots[0][i].ServiceLevel()
			plain := Evaluate(Load{Erlangs: iv.Offered * 300 / 900, AHT: 300, Patience: patience}, 11, set.Target).ServiceLevel
			off += math.Abs(got[i].ServiceLevel - want)
			plainOff += math.Abs(plain - want)
			t.Logf("patience %g, %d: simulated %.3f, carry-over %.3f, on its own %.3f, backlog %.1f", patience, i, want, got[i].ServiceLevel, plain, got[i].Backlog)
		}
		limit := 0.08 // the stretches of the backlog are coarse
		if patience > 0 {
			limit = 0.012
		}
		if n := float64(len(ivs)); off/n > limit || off > plainOff*0.5 {
			t.Errorf("patience %g: off by %.3f on average, each on its own by %.3f", patience, off/n, plainOff/n)
		}
	}
}

// Without overload and in a long steady state it is the formula; nobody there
// means that all waits.
func TestCarryOverLimits(t *testing.T) {
	t0 := time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)
	set := Settings{Target: Target{Ratio: 0.8, Within: 20 * time.Second}}
	var ivs []Interval
	agents := make([]float64, 40)
	for i := range agents {
		ivs = append(ivs, Interval{Start: t0.Add(time.Duration(i) * 15 * time.Minute), Step: 15 * time.Minute, Offered: 15, AHT: 300})
		agents[i] = 14
	}
	last := CarryOver(ivs, agents, set)[39]
	if want := WaitC(5, 14, 300, 20).ServiceLevel; !closeTo(last.ServiceLevel, want, 1e-3, 0) {
		t.Errorf("service level %.5f with few who wait, the formula says %.5f", last.ServiceLevel, want)
	}
	none := CarryOver(ivs[:2], []float64{0, 0}, set)
	if none[1].ServiceLevel != 0 || !closeTo(none[1].Backlog, 30, 1e-9, 0) {
		t.Errorf("with nobody there: %+v", none[1])
	}
	ivs[1].Start = ivs[1].Start.Add(time.Hour) // a break in between: the backlog is gone
	if gone := CarryOver(ivs[:2], []float64{0, 0}, set); !closeTo(gone[1].Backlog, 15, 1e-9, 0) {
		t.Errorf("after closing time %g contacts wait, want 15", gone[1].Backlog)
	}
}
