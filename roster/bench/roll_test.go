package bench

import (
	"context"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

func instance(t *testing.T, name string) *Instance {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dataDir(t), "roster", "curtois", name))
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, string(b))
}

// Every contract is spread in full, in no week more than fits, and busy weeks get more
// than quiet ones.
func TestPlanYear(t *testing.T) {
	p, err := newHard(instance(t, "Instance24.txt"), costScale)
	if err != nil {
		t.Fatal(err)
	}
	plan := p.planYear()
	quiet, busy := 0.0, 0.0
	for e, emp := range p.inst.Staff {
		at, weekends := plan.minutes[e], plan.weekends[e]
		if got, want := at[len(at)-1], float64(emp.MinMinutes+emp.MaxMinutes)/2; math.Abs(got-want) > 1 {
			t.Errorf("employee %s: %g minutes planned, want %g", emp.ID, got, want)
		}
		if got := weekends[len(weekends)-1]; got > float64(emp.MaxWeekends)+1e-6 {
			t.Errorf("employee %s: %g weekends planned, at most %d", emp.ID, got, emp.MaxWeekends)
		}
		for w := range len(at) - 1 {
			if used := weekends[w+1] - weekends[w]; at[w+1] < at[w] || used < 0 || used > 1+1e-6 {
				t.Errorf("employee %s, week %d: %g minutes, %g weekends", emp.ID, w, at[w+1]-at[w], used)
			}
		}
		quiet += at[10]
		busy += at[52] - at[42]
	}
	// The cover of the last ten weeks needs 1.8 times the hours of the first ten.
	if busy < 1.3*quiet {
		t.Errorf("%.0f minutes planned for the first ten weeks, %.0f for the last", quiet, busy)
	}
}

// A roster made stretch by stretch keeps all rules and costs the same whatever
// the number of workers.
func TestRoll(t *testing.T) {
	p, err := newHard(instance(t, "Instance18.txt"), costScale)
	if err != nil {
		t.Fatal(err)
	}
	var first *state
	for _, n := range []int{1, 2} {
		c := &crew{p: p}
		for range n {
			c.workers = append(c.workers, newWorker(p))
		}
		guide := make([]float64, p.cells())
		s := c.roll(context.Background(), guide, newClock(Options{Effort: 20}), 1, rand.New(rand.NewPCG(1, 2)))
		if s == nil {
			t.Fatal("no roster")
		}
		broken, cost := Check(p.inst, s.roster())
		if len(broken) > 0 {
			t.Fatalf("rules broken: %v", broken)
		}
		const known = 4459
		if cost.Total() > 2*known || cost.Total()*int64(p.scale) != s.cost {
			t.Errorf("cost %d, counted %d/%d, best known %d", cost.Total(), s.cost, p.scale, known)
		}
		if first == nil {
			first = s
			t.Logf("cost %d", cost.Total())
		} else if first.cost != s.cost {
			t.Errorf("%d workers: cost %d, with one %d", n, s.cost, first.cost)
		}
	}
}
