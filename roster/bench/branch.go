package bench

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// node is a part of all rosters, with a bound of what the cheapest of them costs.
type node struct {
	bound  int64
	cuts   []cut
	prices []float64 // with the bound
	order  int       // when it was made

	x     split  // result: how to go on, if it is worth it
	lines []long // lines with weight
	whole bool   // the lines with weight are a roster
	steps int64
}

// cut restricts a node: between low and high people on a cell, or of one employee only.
type cut struct {
	cell      int
	low, high int32
	employee  int // or -1 for all
}

// split says where the weights of a relaxation are not whole.
type split struct {
	cell     int
	below    int32 // the whole number below the weight
	employee int   // or -1 for the cover of all
	part     float64
}

// long is a line of an employee.
type long struct {
	employee int
	days     []int16
}

// branch raises the bound beyond the linear relaxation: the rosters are divided by the
// number of people on a day and shift, where the relaxation has a fraction, and, when
// cover is whole, by whether one employee is; the least bound of all parts is a bound
// of the whole. It ends when the clock's part reaches until, when best is proved to be
// optimal or when a relaxation has nothing to divide. It returns the bound and leaves better rosters in best.
func (c *crew) branch(ctx context.Context, best *state, bound int64, guide []float64, clk *clock, until float64, progress func()) int64 {
	p := c.p
	open := []*node{{bound: bound, prices: guide}}
	lines := map[string]bool{}
	var pool []long
	made := 0
	for len(open) > 0 && ctx.Err() == nil && clk.part() < until {
		slices.SortStableFunc(open, func(a, b *node) int {
			return cmp.Or(cmp.Compare(a.bound, b.bound), len(b.cuts)-len(a.cuts), a.order-b.order)
		})
		n := min(branchBatch, len(open))
		now := slices.Clone(open[:n])
		each(c.workers, 0, n, func(w *worker, i int) { w.relax(ctx, p, best, now[i], pool) })
		if ctx.Err() != nil {
			break
		}
		open = open[n:]
		for _, k := range now {
			clk.done += k.steps
			for _, l := range k.lines {
				key := p.lineKey(l)
				if !lines[key] && len(pool) < branchPool {
					lines[key] = true
					pool = append(pool, l)
				}
			}
			if k.whole {
				c.take(best, k.lines, progress)
			}
		}
		for _, k := range now {
			// A bound above the cost less one unit leaves nothing better.
			if k.bound > best.cost-p.unit {
				continue
			}
			if k.x.part == 0 {
				return max(bound, min(k.bound, least(open, now, best.cost)))
			}
			for _, u := range k.x.cuts(p) {
				made++
				open = append(open, &node{bound: k.bound, cuts: append(slices.Clone(k.cuts), u), prices: k.prices, order: made})
			}
		}
		open = slices.DeleteFunc(open, func(k *node) bool { return k.bound > best.cost-p.unit })
		bound = max(bound, least(open, nil, best.cost))
	}
	if len(open) == 0 && ctx.Err() == nil {
		return best.cost
	}
	return bound
}

// least returns the least bound of the nodes, and no more than most.
func least(a, b []*node, most int64) int64 {
	for _, k := range slices.Concat(a, b) {
		most = min(most, k.bound)
	}
	return most
}

// The relaxations worked out side by side, the lines kept for others and the rounds of
// pricing of one.
const (
	branchBatch  = 4
	branchPool   = 4000
	branchRounds = 200
)

// cuts returns the two parts of a node divided at x.
func (x *split) cuts(p *problem) [2]cut {
	most := int32(p.staff)
	if x.employee >= 0 {
		most = 1
	}
	return [2]cut{{x.cell, 0, x.below, x.employee}, {x.cell, x.below + 1, most, x.employee}}
}

// lineKey tells lines apart.
func (p *problem) lineKey(l long) string {
	key := make([]byte, 0, 2*len(l.days)+2)
	key = append(key, byte(l.employee), byte(l.employee>>8))
	for _, t := range l.days {
		key = append(key, byte(t), byte(t>>8))
	}
	return string(key)
}

// take makes the lines the best roster if they are one that costs less.
func (c *crew) take(best *state, lines []long, progress func()) {
	p := c.p
	r := Roster(best.lines).Clone()
	for _, l := range lines {
		if p.soft == nil && !p.models[l.employee].Keeps(l.days) {
			return
		}
		copy(r[l.employee], l.days)
	}
	if s := p.newState(r); s.cost < best.cost {
		best.copyFrom(s)
		progress()
	}
}

// restrict returns p under the cuts of k: what they forbid has a price that no roster
// is worth.
func (p *problem) restrict(cuts []cut) *problem {
	q := *p
	q.slopes = slices.Clone(p.slopes)
	q.wish = slices.Clone(p.wish)
	forbid := 10 * p.steepest
	for _, u := range cuts {
		if u.employee >= 0 {
			q.wish[u.employee] = slices.Clone(q.wish[u.employee])
			if u.high == 0 {
				q.wish[u.employee][u.cell] += forbid
			} else {
				// The other types of the day become dear, and so does a day off: see forced.
				q.wish[u.employee][u.cell] -= forbid
				q.base += int64(forbid)
			}
			continue
		}
		for z := range int32(p.staff) {
			if s := &q.slopes[u.cell*p.staff+int(z)]; z < u.low {
				*s -= forbid
				q.base += int64(forbid) // what the missing cost when nobody is there
			} else if z >= u.high {
				*s += forbid
			}
		}
	}
	return &q
}

// relax solves the relaxation of a node.
func (w *worker) relax(ctx context.Context, p *problem, best *state, k *node, pool []long) {
	before := w.work()
	q := p.restrict(k.cuts)
	s := q.newState(best.lines)
	staff := make([]int, p.staff)
	for e := range staff {
		staff[e] = e
	}
	v := w.diver
	v.crew = []*worker{w}
	v.open(q, s, staff, 0, p.days, uint64(k.order))
	copy(v.center, k.prices)
	for _, l := range pool {
		v.addLine(l.employee, l.days, w)
	}
	_, bound := v.generate(ctx, branchRounds, partSmooth, 0.02, math.Inf(-1), best.cost-p.unit)
	k.steps = w.work() - before
	if bound > k.bound {
		k.bound = bound
		k.prices = slices.Clone(v.center)
	}
	k.lines = k.lines[:0]
	k.whole = true
	cover := make([]float64, q.cells())
	own := make([]float64, q.cells()*p.staff)
	for l, x := range v.x {
		if x < leastPart {
			continue
		}
		e := int(v.owner[l])
		k.whole = k.whole && x > 1-leastPart
		k.lines = append(k.lines, long{e, slices.Clone(v.lines[l])})
		for d, t := range v.lines[l] {
			if t != Off {
				cover[d*p.types+int(t)] += x
				own[e*q.cells()+d*p.types+int(t)] += x
			}
		}
	}
	k.x = split{}
	if !k.whole {
		for i, z := range cover {
			k.x.consider(i, -1, z)
		}
		if k.x.part == 0 {
			for i, z := range own {
				k.x.consider(i%q.cells(), i/q.cells(), z)
			}
		}
	}
}

// consider takes the weight z of a cell, of one employee or of all, if it is nearer to a
// half than what x has.
func (x *split) consider(cell, employee int, z float64) {
	below := math.Floor(z + leastPart)
	if part := min(z-below, below+1-z); part > max(x.part, leastPart) {
		*x = split{cell, int32(below), employee, part}
	}
}

// leastPart is the least fraction that counts as one, far above what the perturbation of
// cover makes.
const leastPart = 0.01
