package bench

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"kcc/roster/line"
)

// pacer says, when a long horizon is gone through stretch by stretch, how much of every
// contract a stretch may use.
type pacer interface {
	// stage prepares the stretch from..to-1 of s, of which the days before are done, in the
	// given share of the clock. It sets prices of cover to begin with in guide and returns the
	// costs of shifts per employee.
	stage(ctx context.Context, s *state, from, to int, slot float64, guide []float64) [][]int32
	// model returns the rules of e for a line that is free from day to on, wider the larger
	// slack is, or nil if there is no such line.
	model(e, to, slack int) *line.Model
}

// roll makes a roster of a long horizon from nothing: stretches of a few weeks of all
// employees are solved like the whole, from the first day to the last, the days beyond
// being free. How much of a contract is used by the end of a stretch is up to pace. worth is
// about what the roster will cost, in weights. It returns nil when there is no time or an
// employee ends without a line that keeps all rules.
func (c *crew) roll(ctx context.Context, pace pacer, guide []float64, worth float64, clk *clock, until float64, rng *rand.Rand) *state {
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
	ends := 1 + (max(p.days-p.windowDays(), 0)+rollStep-1)/rollStep // the last stretch is a window
	for i := range ends {
		from, to := i*rollStep, i*rollStep+rollDays
		if i == ends-1 {
			to = p.days
		}
		slot := max(until-clk.part(), 0) / float64(ends-i)
		end := clk.part() + slot
		if q.wish = pace.stage(ctx, s, from, to, slot, guide); ctx.Err() != nil {
			return nil
		}
		c.begin(&q, s, pace, from, to, rng)
		if !c.stretch(ctx, &q, s, staff, from, to, guide, worth*float64(to-from)/float64(p.days), clk, end, rng) {
			return nil
		}
	}
	return c.whole(p.newState(s.roster()))
}

// begin gives every employee the rules for the days up to to and a line on the days
// from..to-1 that keeps them, with as little slack as that takes.
func (c *crew) begin(q *problem, s *state, pace pacer, from, to int, rng *rand.Rand) {
	w := c.workers[0]
	for _, e := range rng.Perm(q.staff) {
		days := slices.Clone(s.lines[e])
		q.replace(s, e, from, to, slices.Repeat([]int16{Off}, q.days))
		cost := w.marginal(q, s.present, e, from, to)
		for slack := range wideSlack {
			if q.models[e] = pace.model(e, to, slack); q.models[e] == nil {
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
// clock's part reaches end, and leaves its prices in guide. worth is what the stretch is
// expected to cost.
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
	_, bound := v.generate(ctx, rootRounds, partSmooth, 0.05, math.Inf(-1), math.MaxInt64)
	if ctx.Err() != nil {
		return false
	}
	if bound > math.MinInt64 {
		copy(guide[from*q.types:], v.center)
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

// wideSlack is the number of slacks tried; with the last, the plan does not count.
const wideSlack = 16

// A stretch of roll in days, from one to the next, the share of its time for the relaxation
// and the error allowed there.
const (
	rollDays  = 28
	rollStep  = 21
	rollRelax = 0.6
	rollError = 1e-3
)
