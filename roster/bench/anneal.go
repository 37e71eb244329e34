package bench

import (
	"context"
	"math"
	"math/rand/v2"
	"sync"
	"sync/atomic"
)

// tuning holds the numbers that steer the search; all are on the scale of the
// instance's own weights or sizes.
type tuning struct {
	hot, cold float64 // first and last temperature, as a part of the typical weight of cover
	heat      float64 // random change of costs per temperature
	pick      [4]float64
	short     int   // shortest stretch of days
	long      int   // longest stretch of days
	batch     int   // moves worked out side by side
	swaps     int   // exchanges tried per batch
	goal      int64 // stop when the cost is this low: it is the bound
}

// crew runs jobs on several workers.
type crew struct {
	p       *problem
	workers []*worker
}

// run works out all jobs against s. The result does not depend on the number of
// workers.
func (c *crew) run(s *state, jobs []job) {
	if len(c.workers) == 1 || len(jobs) == 1 {
		for i := range jobs {
			c.workers[0].do(c.p, s, &jobs[i])
		}
		return
	}
	var next atomic.Int32
	work := func(w *worker) {
		for {
			i := int(next.Add(1)) - 1
			if i >= len(jobs) {
				return
			}
			w.do(c.p, s, &jobs[i])
		}
	}
	var wg sync.WaitGroup
	for _, w := range c.workers[1:] {
		wg.Go(func() { work(w) })
	}
	work(c.workers[0])
	wg.Wait()
}

// anneal improves s until the clock's part reaches until, and leaves the best
// state found in best.
func (c *crew) anneal(ctx context.Context, s *state, best *state, tune tuning, clk *clock, from, until float64, rng *rand.Rand, progress func(int64)) {
	p := c.p
	typical := p.typicalWeight()
	jobs := make([]job, tune.batch)
	touched := make([]bool, p.staff)
	for ctx.Err() == nil && best.cost > tune.goal && from < until {
		part := (clk.part() - from) / (until - from)
		if part >= 1 {
			return
		}
		temp := typical * tune.hot * math.Pow(tune.cold/tune.hot, max(part, 0))
		for i := range jobs {
			j := &jobs[i]
			j.count = tune.size(rng)
			j.heat = tune.heat * temp
			j.from, j.to = p.stretch(tune, rng)
			j.seed = rng.Uint64()
		}
		c.run(s, jobs)
		clear(touched)
		for i := range jobs {
			j := &jobs[i]
			clk.done += j.steps
			stale := j.used == 0
			for _, m := range j.moves[:j.used] {
				stale = stale || touched[m.employee]
			}
			if stale || !c.accept(s, j, temp, rng) {
				continue
			}
			for _, m := range j.moves[:j.used] {
				touched[m.employee] = true
			}
		}
		clk.done += c.swaps(s, tune.swaps, temp, rng)
		if s.cost < best.cost {
			best.copyFrom(s)
			progress(best.cost)
		}
	}
}

// accept puts the result of j into s if the change in cost passes the test of
// Metropolis at the temperature, and reports whether it did.
func (c *crew) accept(s *state, j *job, temp float64, rng *rand.Rand) bool {
	var delta int64
	for _, m := range j.moves[:j.used] {
		delta += c.p.swap(s.present, m.employee, m.from, m.to, s.lines[m.employee], m.line)
		delta += c.p.penalty(m.employee, m.line, c.workers[0]) - c.p.penalty(m.employee, s.lines[m.employee], c.workers[0])
	}
	if delta > 0 && rng.Float64() >= math.Exp(-float64(delta)/temp) {
		for _, m := range j.moves[:j.used] {
			c.p.swap(s.present, m.employee, m.from, m.to, m.line, s.lines[m.employee])
		}
		return false
	}
	s.cost += delta
	for _, m := range j.moves[:j.used] {
		copy(s.lines[m.employee][m.from:m.to], m.line[m.from:m.to])
	}
	return true
}

// swap changes present from the old to the new days of e's line.
func (p *problem) swap(present []int32, e, from, to int, old, now []int16) int64 {
	var delta int64
	for d := from; d < to; d++ {
		if old[d] == now[d] {
			continue
		}
		if old[d] != Off {
			delta += p.remove(present, e, d, old[d])
		}
		if now[d] != Off {
			delta += p.add(present, e, d, now[d])
		}
	}
	return delta
}

func (s *state) copyFrom(t *state) {
	for e := range s.lines {
		copy(s.lines[e], t.lines[e])
	}
	copy(s.present, t.present)
	s.cost = t.cost
}

func (t *tuning) size(rng *rand.Rand) int {
	u := rng.Float64()
	for k, q := range t.pick {
		if u < q {
			return k + 1
		}
		u -= q
	}
	return 1
}

// stretch picks days that do not end between Saturday and Sunday.
func (p *problem) stretch(tune tuning, rng *rand.Rand) (from, to int) {
	// Short stretches cost little and succeed often, long ones move what short ones
	// cannot: every order of magnitude gets the same share.
	length := int(float64(tune.short) * math.Pow(float64(tune.long+1)/float64(tune.short), rng.Float64()))
	if length >= p.days {
		return 0, p.days
	}
	// Starting before the first day gives the edges the chance of the middle.
	from = rng.IntN(p.days+length/2) - length/4
	to = from + length
	if to > p.days {
		from, to = p.days-length, p.days
	}
	if from < 0 {
		from, to = 0, length
	}
	if to < p.days && to%7 == 6 {
		to++
	}
	return from, to
}

// typicalWeight is the mean weight, over all cover, of one too few.
func (p *problem) typicalWeight() float64 {
	if p.typical > 0 {
		return p.typical * float64(p.scale)
	}
	var sum, n float64
	for _, c := range p.inst.Cover {
		if c.Need > 0 && c.Under > 0 {
			sum += float64(c.Under)
			n++
		}
	}
	if n == 0 {
		return float64(p.scale)
	}
	return sum / n * float64(p.scale)
}
