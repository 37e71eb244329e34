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
	fresh    bool // a roster that costs more will do, too

	found bool      // result: lines holds a roster of the part that seems no worse
	lines [][]int16 // whole lines of the staff
	steps int64
}

// solvePart solves t against s, which it does not change. guide are prices per
// cell to start from.
func (w *worker) solvePart(ctx context.Context, p *problem, s *state, t *part, guide []float64) {
	w.solveWith(ctx, []*worker{w}, p, s, t, guide, partRounds)
}

// solveWith is solvePart with several workers for the pricing and that many rounds of it.
func (w *worker) solveWith(ctx context.Context, crew []*worker, p *problem, s *state, t *part, guide []float64, rounds int) {
	before := totalWork(crew)
	v := w.diver
	v.crew = crew
	v.open(p, s, t.staff, t.from, t.to, t.seed)
	copy(v.center, guide[t.from*p.types:t.to*p.types])
	rng := rand.New(rand.NewPCG(t.seed, 0x2545f491))
	cutoff, better := s.cost, s.cost-p.unit
	if t.fresh {
		cutoff, better = anyCost, anyCost
	}
	_, bound := v.generate(ctx, rounds, partSmooth, 0.05, 0, better)
	t.found = bound <= better && ctx.Err() == nil && v.dive(ctx, cutoff, 0.6+0.35*rng.Float64())
	if t.found {
		t.lines = t.lines[:0]
		for k := range t.staff {
			t.lines = append(t.lines, slices.Clone(v.next[k]))
		}
	}
	t.steps = totalWork(crew) - before
}

const (
	partRounds = 40
	partSmooth = 0.5
)

// shape is a kind of part: how many of the staff, and how many days of one employee
// in all. Shapes that bring more per step are drawn more often.
type shape struct {
	wide       float64 // 0 = few employees .. 1 = all
	size       float64
	gain, work float64 // of the parts so far, older ones weighing less
}

// shapes returns the kinds of parts to begin with.
func (p *problem) shapes() []shape {
	all := make([]shape, 4)
	for i := range all {
		all[i] = shape{wide: float64(i) / 3, size: firstPart}
		if p.soft != nil {
			all[i].size = max(firstPart, softPart*float64(p.staff))
		}
	}
	return all
}

// draw returns the index of a shape, with a chance in proportion to its gain per
// step; the worst keeps a share so that it can come back.
func draw(all []shape, rng *rand.Rand) int {
	rate := make([]float64, len(all))
	best := 0.0
	for i, s := range all {
		if s.work > 0 {
			rate[i] = s.gain / s.work
		}
		best = max(best, rate[i])
	}
	sum := 0.0
	for i := range rate {
		rate[i] = max(rate[i], worstShare*best)
		if best == 0 {
			rate[i] = 1
		}
		sum += rate[i]
	}
	u := rng.Float64() * sum
	for i, r := range rate {
		if u < r {
			return i
		}
		u -= r
	}
	return len(all) - 1
}

// note takes the outcome of a part into account.
func (h *shape) note(t *part, gain int64) {
	h.gain, h.work = memory*h.gain+float64(gain), memory*h.work+float64(t.steps)
	switch {
	case t.steps > partWork:
		h.size = max(h.size*0.97, firstPart/4)
	case !t.found:
		h.size *= 1.02
	}
}

const (
	worstShare = 0.15 // least chance of a shape, in that of the best
	memory     = 0.95 // weight that the past of a shape keeps
)

// polish solves parts anew, larger ones when smaller ones no longer help, until the
// clock's part reaches until, best costs no more than goal or last, unless nil, is over.
func (c *crew) polish(ctx context.Context, s, best *state, goal int64, guide []float64, clk *clock, until float64, last *patience, rng *rand.Rand, progress func()) {
	p := c.p
	parts := make([]part, partBatch)
	kinds := p.shapes()
	groups := p.groups()
	kind := make([]int, partBatch)
	touched := make([]bool, p.staff)
	for ctx.Err() == nil && best.cost > goal && clk.part() < until && !last.over(clk, until) {
		for i := range parts {
			kind[i] = draw(kinds, rng)
			p.choosePart(&parts[i], &kinds[kind[i]], groups, rng)
		}
		each(c.workers, 0, len(parts), func(w *worker, i int) { w.solvePart(ctx, p, s, &parts[i], guide) })
		clear(touched)
		for i := range parts {
			t := &parts[i]
			clk.done += t.steps
			before := s.cost
			c.acceptPart(s, t, touched)
			kinds[kind[i]].note(t, before-s.cost)
		}
		if s.cost < best.cost {
			best.copyFrom(s)
			if last != nil {
				last.gained = clk.done
			}
			progress()
		}
	}
}

const (
	partBatch = 4           // parts solved side by side
	firstPart = 150.0       // size of the first parts, in days of one employee
	softPart  = 7.0         // the same under soft rules, in days of all employees
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

// choosePart draws staff and days of the given shape.
func (p *problem) choosePart(t *part, h *shape, groups []group, rng *rand.Rand) {
	all := groups[0].staff
	if len(groups) > 1 {
		e := rng.IntN(p.staff)
		for _, g := range groups {
			if slices.Contains(g.staff, e) {
				all = g.staff
			}
		}
	}
	few := min(3, len(all))
	wide := min(h.wide+0.33*rng.Float64(), 1)
	n := int(float64(few) * math.Pow(float64(len(all))/float64(few), wide))
	length := min(max(int(h.size)/n, shortPart), p.days)
	if length == p.days {
		n = min(max(n, int(h.size)/length), len(all))
	}
	t.from = min(max(rng.IntN(p.days+length/2)-length/4-length/2, 0), p.days-length)
	t.to = t.from + length
	if t.to < p.days && t.to%7 == 6 {
		t.to++
	}
	t.staff = t.staff[:0]
	for _, i := range rng.Perm(len(all))[:n] {
		t.staff = append(t.staff, all[i])
	}
	t.seed = rng.Uint64()
}

// shortPart is the least number of days of a part: fewer leave a line no choice.
const shortPart = 7
