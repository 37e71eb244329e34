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

// What a plan uses of every contract keeps it, week by week and in all, and begins with what
// the days before use.
func TestPlanOfTheRest(t *testing.T) {
	p, err := newHard(yearInstance(8, rand.New(rand.NewPCG(1, 2))), costScale)
	if err != nil {
		t.Fatal(err)
	}
	c, d := rolling(p, 1, 1)
	s, err := p.construct(context.Background(), c.workers[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, from := range []int{0, 70, 357} {
		r := d.rest()
		r.begin(s.lines, from)
		r.pass(context.Background())
		if r.best == math.MinInt64 {
			t.Fatalf("from day %d: no bound", from)
		}
		plan := r.plan()
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
	p, err := newHard(yearInstance(6, rand.New(rand.NewPCG(5, 6))), costScale)
	if err != nil {
		t.Fatal(err)
	}
	c, d := rolling(p, 1, 1)
	s, err := p.construct(context.Background(), c.workers[0], d.prices)
	if err != nil {
		t.Fatal(err)
	}
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
	p, err := newHard(instance(t, "Instance18.txt"), costScale)
	if err != nil {
		t.Fatal(err)
	}
	var first *state
	for _, n := range []int{1, 2} {
		c, d := rolling(p, n, 4)
		s := c.roll(context.Background(), d, newClock(Options{Effort: 20}), 1, rand.New(rand.NewPCG(1, 2)))
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
