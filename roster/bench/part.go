package bench

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// part is one part of a problem to be solved anew: some employees on a stretch of
// days.
type part struct {
	staff    []int
	from, to int
	seed     uint64

	found bool      // result: lines holds a roster of the part that seems no worse
	lines [][]int16 // whole lines of the staff
	steps int64
}

// solvePart solves t against s, which it does not change. guide are prices per
// cell to start from.
func (w *worker) solvePart(ctx context.Context, p *problem, s *state, t *part, guide []float64) {
	before := w.work()
	v := w.diver
	v.crew = []*worker{w}
	v.open(p, s, t.staff, t.from, t.to, t.seed)
	copy(v.center, guide[t.from*p.types:t.to*p.types])
	rng := rand.New(rand.NewPCG(t.seed, 0x2545f491))
	better := s.cost - int64(p.scale) // weights are whole numbers
	_, bound := v.generate(ctx, partRounds, partSmooth, 0.05, better)
	t.found = bound <= better && ctx.Err() == nil && v.dive(ctx, s.cost, 0.6+0.35*rng.Float64())
	if t.found {
		t.lines = t.lines[:0]
		for k := range t.staff {
			t.lines = append(t.lines, slices.Clone(v.next[k]))
		}
	}
	t.steps = w.work() - before
}

const (
	partRounds = 40
	partSmooth = 0.5
)

// polish solves parts anew, larger ones when smaller ones no longer help, until the
// clock's part reaches until or best costs no more than goal.
func (c *crew) polish(ctx context.Context, s, best *state, goal int64, guide []float64, clk *clock, until float64, rng *rand.Rand, progress func()) {
	p := c.p
	parts := make([]part, partBatch)
	touched := make([]bool, p.staff)
	size := firstPart
	for ctx.Err() == nil && best.cost > goal && clk.part() < until {
		for i := range parts {
			p.choosePart(&parts[i], size, rng)
		}
		each(c.workers, 0, len(parts), func(w *worker, i int) { w.solvePart(ctx, p, s, &parts[i], guide) })
		clear(touched)
		for i := range parts {
			t := &parts[i]
			clk.done += t.steps
			if t.steps > partWork {
				size *= 0.97
			} else if !t.found {
				size *= 1.01
			}
			c.acceptPart(s, t, touched)
		}
		if s.cost < best.cost {
			best.copyFrom(s)
			progress()
		}
	}
}

const (
	partBatch = 4           // parts solved side by side
	firstPart = 150.0       // size of the first parts, in days of one employee
	partWork  = 100_000_000 // elementary steps from which a part is too large
)

// acceptPart puts the result of t into s if the cost does not rise. touched marks
// employees changed since s was handed to t; such parts are dropped.
func (c *crew) acceptPart(s *state, t *part, touched []bool) {
	if !t.found || slices.ContainsFunc(t.staff, func(e int) bool { return touched[e] }) {
		return
	}
	p, w := c.p, c.workers[0]
	var delta int64
	old := make([][]int16, len(t.staff))
	for k, e := range t.staff {
		old[k] = slices.Clone(s.lines[e])
		delta += p.penalty(e, t.lines[k], w) - p.penalty(e, old[k], w) + p.replace(s, e, t.from, t.to, t.lines[k])
	}
	if delta > 0 {
		for k, e := range t.staff {
			p.replace(s, e, t.from, t.to, old[k])
		}
		return
	}
	s.cost += delta
	for k, e := range t.staff {
		touched[e] = touched[e] || !slices.Equal(old[k], t.lines[k])
	}
}

// choosePart draws staff and days of about size days of one employee.
func (p *problem) choosePart(t *part, size float64, rng *rand.Rand) {
	// From few employees on many days to many on few.
	few := min(3, p.staff)
	n := int(float64(few) * math.Pow(float64(p.staff)/float64(few), rng.Float64()*rng.Float64()))
	length := min(max(int(size)/n, shortPart), p.days)
	if length == p.days {
		n = min(int(size)/length, p.staff)
	}
	n = max(n, min(2, p.staff))
	t.from = min(max(rng.IntN(p.days+length/2)-length/4-length/2, 0), p.days-length)
	t.to = t.from + length
	if t.to < p.days && t.to%7 == 6 {
		t.to++
	}
	t.staff = append(t.staff[:0], rng.Perm(p.staff)[:n]...)
	t.seed = rng.Uint64()
}

// shortPart is the least number of days of a part: fewer leave a line no choice.
const shortPart = 7
