package bench

import (
	"context"
	"math"
)

// rootWork returns about the work of the relaxation of the whole problem: so many
// rounds of pricing, and so many steps of the master over the lines that count or, by the
// simplex method, work in proportion to the third power of the rows. A dive
// from it goes as fast as the clock asks.
func (d *dual) rootWork() float64 {
	p := d.p
	masters := 0.0
	for _, g := range p.groups() {
		if rows := g.rows(p.days); rows <= p.exactRows() {
			masters += rootPivots * rows * rows * rows
		} else {
			masters += rootMasters * float64(len(g.staff)*p.days) * 0.65 * poolSize
		}
	}
	return rootPricings*d.pricing() + masters
}

// pricing returns about the work of one line of every employee, which is that of a sweep.
func (d *dual) pricing() float64 {
	before, n := d.work(), min(d.p.staff, rootProbe)
	for e := range n {
		d.lineOf(d.crew[0], e, d.mean, d.lmean[e], d.wmean[e], d.mmean[e])
	}
	return float64(d.work()-before) / float64(n) * float64(d.p.staff)
}

const (
	rootProbe    = 5
	rootPricings = 60
	rootMasters  = 12000
	rootPivots   = 9.0
)

// root solves the linear relaxation of the whole problem, group by group, and dives from it. It
// leaves the better prices in guide and a better roster in s, and returns the bound
// in 1/scale, and whether there was time for the dive. Without it s takes the line of
// the largest weight of every employee, better or not: a start that has the budgets of
// whole lines right.
func (c *crew) root(ctx context.Context, s *state, d *dual, guide []float64, seed uint64, clk *clock) (bound int64, dived bool) {
	p := c.p
	groups := p.groups()
	bound, dived = p.base+p.empty, true
	known := true // all groups have a bound
	for _, g := range groups {
		if ctx.Err() != nil {
			return math.MinInt64, false
		}
		base, b, ok := c.rootGroup(ctx, s, d, &g, guide, seed, clk)
		known = known && b > math.MinInt64
		bound += b - base
		dived = dived && ok
	}
	if !known {
		return math.MinInt64, dived
	}
	return bound, dived
}

// rootGroup does it for one group. It returns what the rest of the roster costs, and
// the bound with it.
func (c *crew) rootGroup(ctx context.Context, s *state, d *dual, g *group, guide []float64, seed uint64, clk *clock) (base, bound int64, dived bool) {
	p, staff := c.p, g.staff
	v := &diver{crew: c.workers}
	work := func() int64 { return c.work() + v.lp.Steps + v.m.Steps }
	start, done, begun := work(), clk.done, clk.part()
	until := relaxUntil
	v.left = func() float64 {
		clk.done = done + work() - start
		return until - clk.part()
	}
	v.open(p, s, staff, 0, p.days, seed)
	v.error = rootError
	copy(v.center, guide)
	v.guideLinks(d)
	for k, e := range staff {
		for _, l := range d.pool.lines[e] {
			v.addLine(k, l, c.workers[0])
		}
	}
	_, bound = v.generate(ctx, rootRounds, partSmooth, 0.05, 0, math.MaxInt64)
	if bound == math.MinInt64 || ctx.Err() != nil {
		v.left()
		return v.base, bound, false
	}
	copy(guide, v.center)
	// A dive takes about as long as the relaxation. Where all days fit about one window, a
	// hasty one is better than none.
	left := until - v.left()
	fits := !v.spent() && diveWork*(left-begun) < rootUntil-left
	dived = len(v.links) == 0 && (fits || p.staff*p.days <= diveSize)
	if p.soft != nil {
		dived = v.exact // else windows with an exact master do better
	}
	until, v.error = rootUntil, saddleError
	t := part{found: true, staff: staff, to: p.days, lines: v.next[:len(staff)]}
	if dived {
		if v.dive(ctx, s.cost, 0.75) {
			c.acceptPart(s, &t, make([]bool, p.staff))
		}
	} else {
		v.round()
		v.mend(c.workers[0])
		r := Roster(s.lines).Clone()
		for k, e := range staff {
			copy(r[e], v.next[k])
		}
		s.copyFrom(p.newState(r))
	}
	v.left()
	return v.base, bound, dived
}

// rootRounds bounds the pricing rounds of the root.
const rootRounds = 500

// Shares of the clock at which the relaxation and the dive from it end, and the work
// of a dive in that of the relaxation.
const (
	relaxUntil = 0.4
	rootUntil  = 0.8
	diveWork   = 1.2
	diveSize   = 4000 // days of one employee
)

// work returns the steps of all workers.
func (c *crew) work() int64 { return totalWork(c.workers) }

func totalWork(workers []*worker) (n int64) {
	for _, w := range workers {
		n += w.work()
	}
	return n
}
