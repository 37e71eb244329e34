package flow

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kcc/erlang"
	"kcc/internal/calendar"
	"kcc/roster"
)

func problem(t *testing.T) *roster.Problem {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	return &roster.Problem{Zone: loc, First: calendar.NewDate(2026, 11, 23), Days: 7, Step: 15 * time.Minute}
}

func TestDemandSplitsLongIntervals(t *testing.T) {
	p := problem(t)
	at := p.First.At(8*60, p.Zone)
	got := demandOf(p, []erlang.Requirement{
		{Start: at, Step: 30 * time.Minute, Skill: "phone", RosteredFractional: 4.5, Base: 3, Curve: []float64{30, 12, 2, 3}},
		{Start: at.AddDate(0, 0, -1), Step: 30 * time.Minute, Skill: "phone", RosteredFractional: 9},
	})
	if len(got) != 2 || got[0].Slot != 32 || got[1].Slot != 33 {
		t.Fatalf("demand = %+v, want slots 32 and 33", got)
	}
	// The two halves together cost what the half hour costs.
	if c := got[0].Cost(4) + got[1].Cost(4); c != 12 {
		t.Errorf("four agents cost %g over both slots, want 12", c)
	}
}

// The joint curve of two channels equals the best split, found by trying all.
func TestDemandOfSharedSkillIsTheBestSplit(t *testing.T) {
	p := problem(t)
	at := p.First.At(9*60, p.Zone)
	rapid.Check(t, func(t *rapid.T) {
		curve := func(label string) []float64 {
			slope := -rapid.Float64Range(5, 40).Draw(t, label+" first slope")
			c := []float64{rapid.Float64Range(20, 200).Draw(t, label+" start")}
			for range rapid.IntRange(2, 6).Draw(t, label+" length") {
				c = append(c, c[len(c)-1]+slope)
				slope += rapid.Float64Range(0, 15).Draw(t, label+" bend")
			}
			return c
		}
		a := erlang.Requirement{Start: at, Step: p.Step, Skill: "written", Base: rapid.IntRange(0, 4).Draw(t, "a base"), Curve: curve("a"), RosteredFractional: 2}
		b := erlang.Requirement{Start: at, Step: p.Step, Skill: "written", Base: rapid.IntRange(0, 4).Draw(t, "b base"), Curve: curve("b"), RosteredFractional: 3}
		joint := demandOf(p, []erlang.Requirement{a, b})
		if len(joint) != 1 || joint[0].Need != 5 {
			t.Fatalf("joint = %+v", joint)
		}
		total := joint[0].Base + rapid.IntRange(0, len(joint[0].Curve)-1).Draw(t, "agents")
		best := math.Inf(1)
		for x := a.Base; x <= a.Base+len(a.Curve)-1; x++ {
			if y := total - x; y >= b.Base && y <= b.Base+len(b.Curve)-1 {
				best = min(best, a.Curve[x-a.Base]+b.Curve[y-b.Base])
			}
		}
		if got := joint[0].Cost(float64(total)); math.Abs(got-best) > 1e-9*(1+math.Abs(best)) {
			t.Fatalf("%d agents cost %g, best split %g", total, got, best)
		}
	})
}
