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
// being free. How much of a contract may be used by the end of a stretch is planned
// beforehand (see plan), so that every employee has hours left when they are
// needed. Prices go from one stretch to the next. It returns nil when there is no time or
// an employee ends without a line that keeps all rules.
func (c *crew) roll(ctx context.Context, guide []float64, clk *clock, until float64, rng *rand.Rand) *state {
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
	ends := 1 + (max(p.days-rollDays, 0)+rollStep-1)/rollStep
	plan := p.planYear()
	if plan.surplus {
		q.wish = p.workWish(&plan)
	}
	for i := range ends {
		from, to := i*rollStep, i*rollStep+rollDays
		if i == ends-1 {
			to = p.days
		}
		c.begin(&q, s, &plan, from, to, rng)
		if !c.stretch(ctx, &q, s, staff, from, to, guide, clk, clk.part()+(until-clk.part())/float64(ends-i), rng) {
			return nil
		}
		for at := to * p.types; at < min(len(guide), (to+rollStep)*p.types); at++ {
			guide[at] = p.clip(at, guide[at-7*p.types]*float64(p.scale)) / float64(p.scale)
		}
	}
	return c.whole(p.newState(s.roster()))
}

// workWish returns the costs of shifts per employee when a surplus of hours is to be
// worked at some time anyway: less what one too many costs, so that nobody puts off
// what the contract asks for.
func (p *problem) workWish(plan *plan) [][]int32 {
	sum, minutes := int64(0), int64(0)
	for _, c := range p.inst.Cover {
		sum += int64(c.Over) * int64(p.scale)
		minutes += int64(p.inst.Shifts[c.Shift].Minutes)
	}
	out := make([][]int32, p.staff)
	for e := range out {
		if out[e] = p.wish[e]; !plan.tight[e] {
			continue
		}
		out[e] = slices.Clone(p.wish[e])
		for t, s := range p.inst.Shifts {
			raise(out[e], p.types, t, -int32(workReward*float64(sum)*float64(s.Minutes)/float64(minutes)))
		}
	}
	return out
}

// weekendPrice is the price of a worked weekend, in typical weights of cover: no line
// shall work one for little, as there are few.
const weekendPrice = 0.1

// workReward is the reward of a shift in prices of one too many.
const workReward = 1.2

// begin gives every employee the rules for the days up to to and a line on the days
// from..to-1 that keeps them, with as little slack in the plan as that takes.
func (c *crew) begin(q *problem, s *state, plan *plan, from, to int, rng *rand.Rand) {
	w := c.workers[0]
	for _, e := range rng.Perm(q.staff) {
		days := slices.Clone(s.lines[e])
		s.cost += q.replace(s, e, from, to, slices.Repeat([]int16{Off}, q.days))
		cost := w.marginal(q, s.present, e, from, to)
		for slack := 1; slack <= wideSlack; slack++ {
			if q.models[e] = c.p.pacedModel(plan, e, to, slack); q.models[e] == nil {
				q.models[e] = c.p.models[e]
				continue
			}
			if w.cheapest(q, e, from, to, cost, days) {
				break
			}
		}
		s.cost += q.replace(s, e, from, to, days)
	}
}

// stretch solves the days from..to-1 of s anew under the rules of q until the clock's
// part reaches end, and leaves its prices in guide.
func (c *crew) stretch(ctx context.Context, q *problem, s *state, staff []int, from, to int, guide []float64, clk *clock, end float64, rng *rand.Rand) bool {
	work := func() int64 { return totalWork(c.workers) }
	start, done, begun := work(), clk.done, clk.part()
	v, until := c.workers[0].diver, begun+rollRelax*(end-begun)
	v.left = func() float64 {
		clk.done = done + work() - start
		return until - clk.part()
	}
	defer func() { v.left(); v.left = nil }()
	v.crew = c.workers
	v.open(q, s, staff, from, to, rng.Uint64())
	v.error = rollError
	copy(v.center, guide[from*q.types:to*q.types])
	_, bound := v.generate(ctx, rootRounds, partSmooth, 0.05, 0, math.MaxInt64)
	if ctx.Err() != nil {
		return false
	}
	if bound > math.MinInt64 {
		copy(guide[from*q.types:], v.center)
	}
	until, v.error = end, saddleError
	t := part{found: v.dive(ctx, s.cost, 0.75), staff: staff, from: from, to: to, lines: v.next[:len(staff)]}
	c.acceptPart(s, &t, make([]bool, q.staff))
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

// pacedModel returns the rules of e for a line that is free from day to on, when the
// minutes used by then may differ from the plan by slack shifts; from wide on nothing
// but the contract counts.
func (p *problem) pacedModel(plan *plan, e, to, slack int) *line.Model {
	emp := &p.inst.Staff[e]
	r := p.rules(e)
	r.MaxCount = slices.Clone(r.MaxCount)
	used := plan.minutes[e][(to+6)/7]
	share := used / max(plan.minutes[e][len(plan.minutes[e])-1], 1)
	shift := 0
	for t, n := range r.MaxCount {
		if n > 0 {
			r.MaxCount[t] = min(int(math.Ceil(float64(n)*share))+slack, n)
			shift = max(shift, r.Lengths[t])
		}
	}
	if to == p.days {
		r.MinMinutes -= (slack - 1) * shift
	} else {
		r.MinMinutes = max(int(used)-slack*shift, 0)
		r.MaxMinutes = min(int(used)+shift/2, emp.MaxMinutes)
		if plan.tight[e] {
			r.MaxMinutes = min(int(used)+2*shift, emp.MaxMinutes)
		}
		r.MaxWeekends = min(plan.weekendsBefore(e, to/7), emp.MaxWeekends)
	}
	r.WeekendPrice = int32(weekendPrice * p.typicalWeight())
	if slack >= wideSlack {
		r.MinMinutes = 0
	}
	m, err := line.New(r)
	if err != nil {
		return nil
	}
	return m
}

// wideSlack is the slack from which the plan does not count.
const wideSlack = 16

// A stretch of roll in days, from one to the next, the share of its time for the
// relaxation and the error allowed there.
const (
	rollDays  = 28
	rollStep  = 21
	rollRelax = 0.6
	rollError = 1e-3
)
