package bench

import (
	"context"
	"fmt"
	"slices"

	"kcc/roster/line"
)

// construct makes a first feasible roster: employees with the fewest options
// first, each at the cheapest line given those before. With prices of the cells
// (guide, in 1/scale) one more on a shift is worth its price at most, so that those
// who come first go where others cannot. Until it is done there is no roster to
// return when ctx ends.
func (p *problem) construct(ctx context.Context, w *worker, guide []int32) (*state, error) {
	empty := make(Roster, p.staff)
	for e := range empty {
		empty[e] = slices.Repeat([]int16{Off}, p.days)
	}
	s := p.newState(empty)
	order := make([]int, p.staff)
	for e := range order {
		order[e] = e
	}
	slices.SortStableFunc(order, func(a, b int) int { return p.options(a) - p.options(b) })
	for _, e := range order {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		first := make([]int16, p.days)
		for d := range first {
			first[d] = Off
		}
		cost := w.marginal(p, s.present, e, 0, p.days)
		for i, pr := range guide {
			cost[i] = max(cost[i], p.wish[e][i]-pr)
		}
		ok := false
		if p.soft == nil {
			ok = w.solver.First(p.models[e], cost, first)
		} else {
			ok = w.cheapest(p, e, 0, p.days, cost, first)
		}
		if !ok {
			return nil, p.whyInfeasible(e)
		}
		s.cost += p.penalty(e, first, w) - p.penalty(e, s.lines[e], w) + p.replace(s, e, 0, p.days, first)
	}
	return s, nil
}

// options counts the shift types that employee e may work.
func (p *problem) options(e int) int {
	n := 0
	for _, m := range p.inst.Staff[e].MaxShifts {
		if m > 0 {
			n++
		}
	}
	return n
}

// whyInfeasible names the rules of e that leave no line, by dropping one at a time.
func (p *problem) whyInfeasible(e int) error {
	emp := p.inst.Staff[e]
	if p.soft != nil {
		return fmt.Errorf("%w: nurse %s: no line of work keeps the forbidden successions", ErrInfeasible, emp.ID)
	}
	for _, drop := range []struct {
		name string
		do   func(*Employee)
	}{
		{"the maximum of weekends", func(e *Employee) { e.MaxWeekends = p.days }},
		{"the minimum of minutes", func(e *Employee) { e.MinMinutes = 0 }},
		{"the fixed days off", func(e *Employee) { e.DaysOff = nil }},
		{"the minimum of shifts in a row", func(e *Employee) { e.MinRun = 1 }},
		{"the minimum of days off in a row", func(e *Employee) { e.MinOff = 1 }},
		{"the maximum of shifts in a row", func(e *Employee) { e.MaxRun = p.days }},
		{"the maximum of minutes", func(e *Employee) { e.MaxMinutes = 1 << 30 }},
		{"the maximum per shift type", func(e *Employee) {
			e.MaxShifts = slices.Clone(e.MaxShifts)
			for t, n := range e.MaxShifts {
				if n > 0 {
					e.MaxShifts[t] = p.days
				}
			}
		}},
	} {
		changed := emp
		drop.do(&changed)
		one := &Instance{Days: p.days, Shifts: p.inst.Shifts, Staff: []Employee{changed}}
		q, err := newHard(one, 1)
		if err != nil {
			continue
		}
		out := slices.Repeat([]int16{Off}, p.days)
		if line.NewSolver().First(q.models[0], make([]int32, q.cells()), out) {
			return fmt.Errorf("%w: employee %s: no line of work keeps all rules; without %s there is one", ErrInfeasible, emp.ID, drop.name)
		}
	}
	return fmt.Errorf("%w: employee %s: no line of work keeps all rules", ErrInfeasible, emp.ID)
}
