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

// rolling returns a crew of n and an ascent of some length for p.
func rolling(p *problem, n, effort int) (*crew, *dual) {
	c := &crew{p: p}
	for range n {
		c.workers = append(c.workers, newWorker(p))
	}
	d := newDual(p, c.workers)
	d.use = newUsage(p)
	d.ascend(context.Background(), newClock(Options{Effort: effort}), 1, rand.New(rand.NewPCG(3, 4)))
	return c, d
}

// Every contract is spread in full, in no week more than fits, and busy weeks get more
// than quiet ones.
func TestPlanYear(t *testing.T) {
	p := hardOf(t, instance(t, "Instance24.txt"))
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

// What a course uses of every contract keeps it, week by week and in all, and begins with what
// the days before use.
func TestCourse(t *testing.T) {
	p := hardOf(t, yearInstance(8, rand.New(rand.NewPCG(1, 2))))
	c, d := rolling(p, 1, 1)
	s := firstOf(t, p, c.workers[0], nil)
	for _, from := range []int{0, 70, 357} {
		plan := newCourse(d, newClock(Options{Effort: 1}), rand.New(rand.NewPCG(1, 1)))
		plan.rest.begin(s.lines, from)
		plan.rest.pass(context.Background())
		plan.follow()
		for e, emp := range p.inst.Staff {
			minutes, weekends := p.used(s.lines[e], 0, from)
			check := func(what string, at []float64, used, least, most int) {
				for w := range len(at) - 1 {
					if at[w+1] < at[w]-1e-6 {
						t.Errorf("from day %d, employee %s: %s fall in week %d", from, emp.ID, what, w)
					}
				}
				if w := from / 7; w > 0 && at[w] != float64(used) {
					t.Errorf("from day %d, employee %s: %g %s before, %d are used", from, emp.ID, at[w], what, used)
				}
				if all := at[len(at)-1]; all > float64(most)+1e-6 || all < float64(least)-1e-6 {
					t.Errorf("from day %d, employee %s: %g %s in all, want %d..%d", from, emp.ID, all, what, least, most)
				}
			}
			check("minutes", plan.minutes[e], minutes, emp.MinMinutes, emp.MaxMinutes)
			check("weekends", plan.weekends[e], weekends, 0, emp.MaxWeekends)
			for k, n := range emp.MaxShifts {
				used := 0
				for _, t := range s.lines[e][:from] {
					if int(t) == k {
						used++
					}
				}
				check("shifts of a type", plan.types[e][k], used, 0, n)
			}
		}
	}
}

// The bound of what is left is one: no roster with the same days before costs less.
func TestBoundOfTheRest(t *testing.T) {
	p := hardOf(t, yearInstance(6, rand.New(rand.NewPCG(5, 6))))
	c, d := rolling(p, 1, 1)
	s := firstOf(t, p, c.workers[0], d.prices)
	for _, from := range []int{0, 70, 210, 357} {
		r := d.rest()
		r.begin(s.lines, from)
		r.pass(context.Background())
		before := int64(0) // what the days before add to the cost of nobody anywhere
		empty := make([]int32, p.cells())
		for e, l := range s.lines {
			for day := range from {
				if l[day] != Off {
					before += p.add(empty, e, day, l[day])
				}
			}
		}
		if r.best+before > s.cost {
			t.Errorf("from day %d: bound %d of a roster that costs %d", from, r.best+before, s.cost)
		}
	}
}

// A roster made stretch by stretch keeps all rules and costs the same whatever
// the number of workers.
func TestRoll(t *testing.T) {
	p := hardOf(t, instance(t, "Instance18.txt"))
	for _, steered := range []bool{false, true} {
		var first *state
		for _, n := range []int{1, 2} {
			c, d := rolling(p, n, 4)
			clk, rng := newClock(Options{Effort: 20}), rand.New(rand.NewPCG(1, 2))
			var pace pacer = p.planYear()
			if steered {
				pace = newCourse(d, clk, rng)
			}
			s := c.roll(context.Background(), pace, make([]float64, p.cells()), float64(d.bound()), clk, 1, rng)
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
				t.Logf("steered %v: cost %d", steered, cost.Total())
			} else if first.cost != s.cost {
				t.Errorf("%d workers: cost %d, with one %d", n, s.cost, first.cost)
			}
		}
	}
}
