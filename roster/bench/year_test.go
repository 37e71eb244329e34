package bench

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"
)

// yearInstance is a year of shifts of three lengths and six kinds: the table of a whole
// line is too large for it, so that minutes and weekends have prices.
func yearInstance(staff int, rng *rand.Rand) *Instance {
	const days = 364
	inst := &Instance{Days: days}
	for t := range 6 {
		s := Shift{ID: string(rune('a' + t)), Minutes: 360 + 120*(t%3)}
		for k := range t {
			s.NotNext = append(s.NotNext, k)
		}
		inst.Shifts = append(inst.Shifts, s)
	}
	for e := range staff {
		emp := Employee{ID: string(rune('A' + e)), MinMinutes: 88000 + 1000*rng.IntN(10), MaxRun: 5, MinRun: 2, MinOff: 2, MaxWeekends: 26}
		emp.MaxMinutes = emp.MinMinutes + 3000
		for range inst.Shifts {
			emp.MaxShifts = append(emp.MaxShifts, []int{70, 120, days}[rng.IntN(3)])
		}
		inst.Staff = append(inst.Staff, emp)
	}
	for d := range days {
		for t := range inst.Shifts {
			inst.Cover = append(inst.Cover, Cover{d, t, rng.IntN(1 + staff/4), 100, 1})
		}
	}
	return inst
}

// The prices of what whole lines add up stay within what a shift can be worth: in a year they
// once swung until their sums no longer fit.
func TestPricesOfAYear(t *testing.T) {
	p := hardOf(t, yearInstance(5, rand.New(rand.NewPCG(1, 2))))
	w := newWorker(p)
	s := firstOf(t, p, w, nil)
	d := newDual(p, []*worker{w})
	rng := rand.New(rand.NewPCG(3, 4))
	longest := 0
	for _, s := range p.inst.Shifts {
		longest = max(longest, s.Minutes)
	}
	most := p.dearest() * 1.001
	for sweep := range 5 {
		d.sweep(context.Background(), firstStep*p.typicalWeight(), rng)
		for e := range p.staff {
			if m := d.models.models[e]; !m.AnyMinutes() || !m.AnyWeekends() {
				t.Fatal("minutes and weekends are kept in the line: the test tests nothing")
			}
			if v := max(d.minute[e], -d.minute[e]) * float64(longest); v > most {
				t.Errorf("sweep %d, employee %d: a shift costs %.0f by its minutes, no shift is worth more than %.0f", sweep, e, v, most)
			}
			if d.weekend[e] > 2*most {
				t.Errorf("sweep %d, employee %d: a weekend costs %.0f, no two shifts are worth more than %.0f", sweep, e, d.weekend[e], 2*most)
			}
		}
	}
	d.ascend(context.Background(), newClock(Options{Effort: 1}), 1, rng)
	if d.best <= 0 || d.best > s.cost {
		t.Errorf("bound %d, a roster costs %d", d.best, s.cost)
	}
}

// Where the steps before took longer than they were given, an ascent and a roster made stretch
// by stretch have no time left: they end with little done, not with prices without limits.
func TestRollLate(t *testing.T) {
	p := hardOf(t, yearInstance(6, rand.New(rand.NewPCG(7, 8))))
	c, d := rolling(p, 1, 1)
	for _, gone := range []int64{1, 2} { // whole clocks
		clk := newClock(Options{Effort: 1})
		clk.done = gone * clk.steps
		before := d.sweeps
		d.ascend(context.Background(), clk, 0.5, rand.New(rand.NewPCG(1, 1)))
		if d.sweeps != before+1 {
			t.Errorf("%d sweeps, want one", d.sweeps-before)
		}
		rng := rand.New(rand.NewPCG(1, 2))
		s := c.roll(context.Background(), newCourse(d, clk, rng), make([]float64, p.cells()), float64(d.bound()), clk, 0.5, rng)
		if s == nil {
			continue // an employee may end without a line
		}
		if broken, _ := Check(p.inst, s.roster()); len(broken) > 0 {
			t.Fatalf("rules broken: %v", broken)
		}
	}
}

// A clock of seconds that is over before there is a first roster leaves that roster
// and ends at once.
func TestSolveLate(t *testing.T) {
	inst := yearInstance(5, rand.New(rand.NewPCG(5, 6)))
	done := make(chan error, 1)
	go func() {
		r, err := Solve(context.Background(), inst, Options{TimeLimit: time.Millisecond, Workers: 2})
		if err == nil {
			if broken, _ := Check(inst, r.Roster); len(broken) > 0 {
				t.Errorf("broken: %v", broken)
			}
		}
		done <- err
	}()
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Error("still running a minute after the end of the clock")
	}
}
