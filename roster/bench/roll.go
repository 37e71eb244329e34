package bench

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"kcc/roster/line"
)

// roll makes a roster of a long horizon from nothing: stretches of a few weeks of all
// employees are solved like the whole, from the first day to the last, the days beyond
// being free. Before each, the ascent d is taken on for what is left of the horizon: its prices
// of hours, weekends and shifts per type go into the costs of the stretch, so that every
// employee keeps what is worth more later, and contracts are used about as the
// relaxation of the rest uses them. The last stretch is solved under all rules, without
// prices. It returns nil when there is no time or an employee ends without a line that
// keeps all rules.
func (c *crew) roll(ctx context.Context, d *dual, clk *clock, until float64, rng *rand.Rand) *state {
	p := c.p
	empty := make(Roster, p.staff)
	staff := make([]int, p.staff)
	for e := range empty {
		empty[e] = slices.Repeat([]int16{Off}, p.days)
		staff[e] = e
	}
	s := p.newState(empty)
	q := *p
	q.models, q.light = make([]*line.Model, p.staff), make([]*line.Model, p.staff)
	last := min(max(windowSize/p.staff/14, rollDays/14), windowMost/14) * 14
	ends := 1 + (max(p.days-last, 0)+rollStep-1)/rollStep
	worth := float64(d.bound()) / float64(p.days)
	guide := make([]float64, p.cells())
	r := d.rest()
	for i := range ends {
		from, to := i*rollStep, i*rollStep+rollDays
		slot := (until - clk.part()) / float64(ends-i)
		end := clk.part() + slot
		r.begin(s.lines, from)
		if i == 0 {
			r.pass(ctx)
		} else {
			r.ascend(ctx, clk, rollAscent*slot/max(1-clk.part(), slot), rng)
		}
		if ctx.Err() != nil {
			return nil
		}
		for i, pr := range r.prices {
			guide[i] = float64(pr) / float64(p.scale)
		}
		plan := r.plan()
		q.wish = plan.wish
		if i == ends-1 {
			to, q.wish, plan.weekend = p.days, p.wish, make([]int32, p.staff)
		}
		c.begin(&q, s, &plan, from, to, rng)
		if !c.stretch(ctx, &q, s, staff, from, to, guide, worth*float64(to-from), clk, end, rng) {
			return nil
		}
	}
	return c.whole(p.newState(s.roster()))
}

// begin gives every employee the rules for the days up to to and a line on the days
// from..to-1 that keeps them, as near to the plan as that can be.
func (c *crew) begin(q *problem, s *state, plan *plan, from, to int, rng *rand.Rand) {
	w := c.workers[0]
	for _, e := range rng.Perm(q.staff) {
		days := slices.Clone(s.lines[e])
		q.replace(s, e, from, to, slices.Repeat([]int16{Off}, q.days))
		cost := w.marginal(q, s.present, e, from, to)
		for slack := range wideSlack {
			if q.models[e] = c.p.pacedModel(plan, e, to, slack); q.models[e] == nil {
				q.models[e] = c.p.models[e]
				continue
			}
			if w.cheapest(q, e, from, to, cost, days) {
				break
			}
		}
		q.replace(s, e, from, to, days)
	}
	s.cost = q.newState(s.lines).cost
}

// stretch solves the days from..to-1 of s anew under the rules and costs of q until the
// clock's part reaches end. guide are prices to begin with, worth is what the stretch
// is expected to cost.
func (c *crew) stretch(ctx context.Context, q *problem, s *state, staff []int, from, to int, guide []float64, worth float64, clk *clock, end float64, rng *rand.Rand) bool {
	work := func() int64 { return totalWork(c.workers) }
	start, done, begun := work(), clk.done, clk.part()
	v, until := c.workers[0].diver, begun+rollRelax*(end-begun)
	v.left = func() float64 {
		clk.done = done + work() - start
		return until - clk.part()
	}
	defer func() { v.left(); v.left, v.worth = nil, 0 }()
	v.crew = c.workers
	v.open(q, s, staff, from, to, rng.Uint64())
	v.error, v.worth = rollError, worth
	copy(v.center, guide[from*q.types:to*q.types])
	v.generate(ctx, rootRounds, partSmooth, 0.05, math.Inf(-1), math.MaxInt64)
	if ctx.Err() != nil {
		return false
	}
	until, v.error = end, saddleError
	t := part{found: v.dive(ctx, s.cost, 0.75), staff: staff, from: from, to: to, lines: v.next[:len(staff)]}
	(&crew{p: q, workers: c.workers}).acceptPart(s, &t, make([]bool, q.staff))
	return ctx.Err() == nil
}

// whole mends the lines of s that break a rule of the whole horizon; it returns nil
// when one cannot be mended.
func (c *crew) whole(s *state) *state {
	p, w := c.p, c.workers[0]
	for e := range s.lines {
		if p.models[e].Keeps(s.lines[e]) {
			continue
		}
		days := slices.Clone(s.lines[e])
		s.cost += p.replace(s, e, 0, p.days, slices.Repeat([]int16{Off}, p.days))
		if !w.fillUp(p, e, s.present, days) && !w.mendLine(p, e, s.present, days) {
			return nil
		}
		s.cost += p.replace(s, e, 0, p.days, days)
	}
	return s
}

// fillUp adds minutes to a line of e that breaks no rule but their minimum, a few weeks at
// a time, at least cost beside the others present.
func (w *worker) fillUp(p *problem, e int, present []int32, days []int16) bool {
	r := p.rules(e)
	r.MinMinutes = 0
	m, err := line.New(r)
	if err != nil {
		return false
	}
	for _, reward := range []int32{p.steepest, 20 * p.steepest} {
		for from := 0; from < p.days; from += rollDays / 2 {
			if p.models[e].Keeps(days) {
				return true
			}
			to := min(from+rollDays, p.days)
			cost := w.marginal(p, present, e, from, to)
			for i := range cost {
				cost[i] -= reward * int32(p.inst.Shifts[i%p.types].Minutes) / int32(p.inst.Shifts[0].Minutes)
			}
			w.solver.Best(m, days, from, to, cost, days)
		}
	}
	return p.models[e].Keeps(days)
}

// pacedModel returns the rules of e for a line that is free from day to on: minutes, weekends
// and shifts per type used by then are about those of the plan, wider by slack shifts; from
// wide on nothing but the contract counts. The minutes must leave no more than can still
// be worked. On the last stretch the contract counts, less slack shifts.
func (p *problem) pacedModel(plan *plan, e, to, slack int) *line.Model {
	emp := &p.inst.Staff[e]
	r := p.rules(e)
	shift := p.longest(e)
	r.WeekendPrice = plan.weekend[e]
	if to == p.days {
		r.MinMinutes -= slack * shift
	} else {
		week := to / 7
		r.MaxCount = slices.Clone(r.MaxCount)
		for t, n := range r.MaxCount {
			if n > 0 {
				r.MaxCount[t] = min(int(math.Ceil(plan.types[e][t][week]))+slack+rollTypes, n)
			}
		}
		r.MaxWeekends = min(int(plan.weekends[e][week]+rollWeekends), emp.MaxWeekends)
		used := int(plan.minutes[e][week])
		later := p.mostMinutes(e, to, emp.MaxWeekends-int(plan.weekends[e][week]))
		r.MinMinutes = max(used-slack*shift, emp.MinMinutes-later+rollReserve*shift, 0)
		r.MaxMinutes = min(max(used+rollShifts*shift, r.MinMinutes+shift), emp.MaxMinutes)
		r.MinMinutes = min(r.MinMinutes, r.MaxMinutes)
	}
	if slack == wideSlack-1 {
		r.MinMinutes = 0
	}
	m, err := line.New(r)
	if err != nil {
		return nil
	}
	return m
}

// longest returns the longest shift that e may work.
func (p *problem) longest(e int) (minutes int) {
	for t, n := range p.inst.Staff[e].MaxShifts {
		if n > 0 {
			minutes = max(minutes, p.lengths[t])
		}
	}
	return minutes
}

// mostMinutes returns the most minutes that e can work from day from, a Monday, on in so
// many weekends.
func (p *problem) mostMinutes(e, from, weekends int) int {
	r := p.rules(e)
	unit := p.models[e].Unit()
	r.Days, r.DayOff = p.days-from, r.DayOff[from:]
	r.MinMinutes, r.MaxMinutes, r.MaxWeekends = 0, r.Days*slices.Max(p.lengths), weekends
	r.MaxCount = slices.Clone(r.MaxCount)
	for t, n := range r.MaxCount {
		r.MaxCount[t] = min(n, 1) * r.Days
	}
	m, err := line.New(r)
	if err != nil {
		return 0
	}
	cost := make([]int32, r.Days*p.types)
	for i := range cost {
		cost[i] = -int32(p.lengths[i%p.types] / unit)
	}
	days := slices.Repeat([]int16{Off}, r.Days)
	v, _ := line.NewSolver().Best(m, days, 0, r.Days, cost, days)
	return int(-v) * unit
}

// wideSlack is the number of slacks tried; with the last, the plan does not count.
const wideSlack = 16

const (
	// A stretch of roll in days, from one to the next, the shares of its time for the ascent
	// and for the relaxation and the error allowed there.
	rollDays   = 28
	rollStep   = 21
	rollAscent = 0.3
	rollRelax  = 0.6
	rollError  = 1e-3
	// What a line may use beyond the plan, in shifts, shifts of a type and weekends, and the
	// shifts that must be left over of what can still be worked.
	rollShifts   = 2
	rollTypes    = 3
	rollWeekends = 1.5
	rollReserve  = 3
)
