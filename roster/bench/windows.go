package bench

import (
	"context"
	"math"
	"math/rand/v2"

	"kcc/roster/line"
)

// windows solves a few weeks of all employees anew, one stretch after the other and
// over again, shifted by half, until the clock's part reaches until or best costs no
// more than goal. A window has far more to exchange than the parts of polish, at the
// cost of many of them.
func (c *crew) windows(ctx context.Context, s, best *state, goal int64, guide []float64, clk *clock, until float64, rng *rand.Rand, progress func()) {
	c.windowPass(ctx, s, best, goal, guide, clk, until, rng, math.MaxInt, progress)
}

// windowPass is windows for so many passes at most.
func (c *crew) windowPass(ctx context.Context, s, best *state, goal int64, guide []float64, clk *clock, until float64, rng *rand.Rand, passes int, progress func()) {
	p := c.p
	staff := make([]int, p.staff)
	for e := range staff {
		staff[e] = e
	}
	length := min(max(windowSize/p.staff/14, windowLeast/14), windowMost/14) * 14
	if length >= p.days {
		return
	}
	touched := make([]bool, p.staff)
	for from, pass := 0, 0; ; from += length / 2 {
		if from+length/2 >= p.days {
			pass++
			from = -(pass % 2) * length / 4 / 7 * 7
		}
		if pass >= passes || ctx.Err() != nil || best.cost <= goal || clk.part() >= until {
			return
		}
		t := part{staff: staff, from: max(from, 0), to: min(from+length, p.days), seed: rng.Uint64()}
		c.workers[0].solveWith(ctx, c.workers, p, s, &t, guide, windowRounds)
		clk.done += t.steps
		copy(guide[t.from*p.types:t.to*p.types], c.workers[0].diver.center)
		clear(touched)
		c.acceptPart(s, &t, touched)
		if s.cost < best.cost {
			best.copyFrom(s)
			progress()
		}
	}
}

// thrifty goes through the windows once with a price on worked weekends, so that those of
// little use become free for other windows, and leaves the roster in s, dearer or not.
func (c *crew) thrifty(ctx context.Context, s *state, guide []float64, clk *clock, until float64, rng *rand.Rand) {
	q := *c.p
	q.models = make([]*line.Model, q.staff)
	for e := range q.models {
		r := q.rules(e)
		r.WeekendPrice = int32(passPrice * q.typicalWeight())
		m, err := line.New(r)
		if err != nil {
			return
		}
		q.models[e] = m
	}
	priced := q.newState(s.lines)
	best := q.newState(s.lines)
	k := &crew{p: &q, workers: c.workers}
	k.windowPass(ctx, priced, best, math.MinInt64, guide, clk, until, rng, 1, func() {})
	s.copyFrom(c.p.newState(priced.lines))
}

// passPrice is the price of a weekend in thrifty, in typical weights of cover: little
// enough that a weekend is worked for one shift when there is no other way.
const passPrice = 0.9

// windowRounds bounds the pricing rounds of a window.
const windowRounds = 150

// The size of a window in days of one employee, and its least and largest length in
// days.
const (
	windowSize  = 3000
	windowLeast = 28
	windowMost  = 56
)
