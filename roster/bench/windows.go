package bench

import (
	"context"
	"math/rand/v2"
)

// windows solves a few weeks of all employees anew, one stretch after the other from the
// last and over again, shifted, until the clock's part reaches until or best costs no
// more than goal. A window has far more to exchange than the parts of polish, at the
// cost of many of them.
func (c *crew) windows(ctx context.Context, s, best *state, goal int64, guide []float64, clk *clock, until float64, rng *rand.Rand, progress func()) {
	p := c.p
	staff := make([]int, p.staff)
	for e := range staff {
		staff[e] = e
	}
	length := p.windowDays()
	if length >= p.days {
		return
	}
	touched := make([]bool, p.staff)
	for from, pass := p.days-length, 0; ; from -= length / 2 {
		if from+length/2 <= 0 {
			pass++
			from = p.days - length + (pass%2)*length/4/7*7
		}
		if ctx.Err() != nil || best.cost <= goal || clk.part() >= until {
			return
		}
		t := part{staff: staff, from: max(from, 0), to: min(from+length, p.days), seed: rng.Uint64()}
		c.window(ctx, s, best, &t, touched, guide, clk, progress)
	}
}

// window solves t anew with all workers and leaves its prices in guide. touched is scratch.
func (c *crew) window(ctx context.Context, s, best *state, t *part, touched []bool, guide []float64, clk *clock, progress func()) {
	p, w := c.p, c.workers[0]
	w.solveWith(ctx, c.workers, p, s, t, guide, windowRounds)
	clk.done += t.steps
	copy(guide[t.from*p.types:t.to*p.types], w.diver.center)
	clear(touched)
	c.acceptPart(s, t, touched)
	if s.cost < best.cost {
		best.copyFrom(s)
		progress()
	}
}

// windowDays returns the length of a window of all employees.
func (p *problem) windowDays() int {
	return min(max(windowSize/p.staff/14, windowLeast/14), windowMost/14) * 14
}

// windowRounds bounds the pricing rounds of a window.
const windowRounds = 150

// The size of a window in days of one employee, and its least and largest length in
// days.
const (
	windowSize  = 3000
	windowLeast = 28
	windowMost  = 56
)
