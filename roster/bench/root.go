package bench

import (
	"context"
	"math"
)

// rootSteps is the work of the root relaxation of a problem with one row, about; it
// grows with the third power of the rows.
const rootSteps = 9.0

// root solves the linear relaxation of the whole problem and dives from it. It
// leaves the better prices in guide and a better roster in s, and returns the bound
// in 1/scale.
func (c *crew) root(ctx context.Context, s *state, lines *pool, guide []float64, seed uint64, clk *clock, until float64) int64 {
	p := c.p
	staff := make([]int, p.staff)
	for e := range staff {
		staff[e] = e
	}
	v := &diver{crew: c.workers}
	work := func() int64 { return c.work() + v.lp.Steps }
	start, done := work(), clk.done
	v.stop = func() bool {
		clk.done = done + work() - start
		return clk.part() >= until
	}
	v.open(p, s, staff, 0, p.days, seed)
	copy(v.center, guide)
	for e := range staff {
		for _, l := range lines.lines[e] {
			v.addLine(e, l, c.workers[0])
		}
	}
	_, bound := v.generate(ctx, rootRounds, partSmooth, 0.05, 0, math.MaxInt64)
	if bound > math.MinInt64 {
		copy(guide, v.center)
	}
	if bound > math.MinInt64 && ctx.Err() == nil && v.dive(ctx, s.cost, 0.75) {
		t := part{found: true, staff: staff, to: p.days, lines: v.next}
		c.acceptPart(s, &t, make([]bool, p.staff))
	}
	v.stop()
	return bound
}

// rootRounds bounds the pricing rounds of the root.
const rootRounds = 500

// work returns the steps of all workers.
func (c *crew) work() (n int64) {
	for _, w := range c.workers {
		n += w.work()
	}
	return n
}
