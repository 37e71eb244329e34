package roster

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// dive turns weighted weeks into a roster: what most of the weight of an agent's
// week agrees on is held, first which days are worked, then which shifts, then the breaks; the weights are
// moved and the agents planned anew within what is held, until every day is held.
// The prices follow: the center moves to where the weights have taken them.
//
// Source: P. Strandmark, Y. Qu, T. Curtois, "First-order linear programming in a
// column generation-based heuristic approach to the nurse rostering problem",
// Computers and Operations Research 120 (2020).
type dive struct {
	x     *master
	crew  *workshop
	hand  *hand
	held  [][]int32 // per agent and day, as programme.held
	done  []bool    // per share: all of it is held
	fits  []bool
	weigh []weighted
	list  []choice
}

// How a dive works.
const (
	diveSweeps = 12
	diveSure   = 0.99 // what this share of the weight agrees on is held at once
	diveTau    = 0.5  // of the ascent's: points per head of rest
	diveBreaks = 2    // days that the breaks of a week count for
)

// choice is something that could be held, and how much of the weight agrees: the
// pattern of the days from one to another, or with to = -1 the shift of one day.
type choice struct {
	at, from, to int // entry of shares, days
	hold         int32
	sure         float64
}

type weighted struct {
	key uint32
	sum float64
}

// run dives; each round holds at least a share pace of all days. It is false when
// ctx ended.
func (d *dive) run(ctx context.Context, pace float64, tell func(done float64)) bool {
	x := d.x
	total := 0
	for i := range x.shares {
		total += x.shares[i].to - x.shares[i].from + 1
	}
	d.done = make([]bool, len(x.shares))
	try := make([]float64, len(x.mu))
	least := max(1, int(pace*float64(total)))
	most := (1 + diveBreaks) * total
	for done := 0; ; {
		x.join()
		d.crew.sweeps(ctx, diveSweeps, 0)
		if ctx.Err() != nil {
			return false
		}
		list := d.choices()
		if len(list) == 0 {
			return true
		}
		var touched []int
		n := 0
		for i := range list {
			if n >= least && list[i].sure < diveSure {
				break
			}
			n += d.hold(&list[i])
			touched = append(touched, list[i].at)
		}
		done += n
		tell(math.Min(1, float64(done)/float64(most)))
		d.settle(try)
		d.plan(ctx, try)
		for _, at := range touched {
			if d.done[at] {
				continue
			}
			d.drop(&x.shares[at])
		}
	}
}

// settle moves the center of the prices to where the weights have taken them.
func (d *dive) settle(try []float64) {
	d.x.clampTo(try)
	copy(d.x.center, try)
	d.x.reprice()
}

// keeps reports whether a piece keeps what is held.
func (d *dive) keeps(b *share, p *piece) bool {
	for i, h := range d.held[b.agent][b.from : b.to+1] {
		if h != anyDay && h != p.opts[i] && (h != mustWork || p.opts[i] == noOption) {
			return false
		}
	}
	return true
}

// drop moves the weight of pieces that do not keep what is held to the best one
// that does, and forgets them.
func (d *dive) drop(b *share) {
	h := d.hand
	to, low := -1, math.Inf(1)
	h.worth(b.group, b.first, b.last)
	d.fits = d.fits[:0]
	for i, p := range b.pieces {
		fits := d.keeps(b, p)
		d.fits = append(d.fits, fits)
		if fits {
			if v := h.at(p); v < low {
				to, low = i, v
			}
		}
	}
	if to < 0 {
		return
	}
	n := 0
	for i, p := range b.pieces {
		if !d.fits[i] && b.weight[i] > 0 {
			h.direction(b.group, p, b.pieces[to])
			h.take(b.group, b.weight[i])
			shift(b.weight, i, to, b.weight[i])
		}
	}
	for i := range b.pieces {
		if d.fits[i] {
			b.pieces[n], b.weight[n], b.idle[n] = b.pieces[i], b.weight[i], b.idle[i]
			n++
		}
	}
	clear(b.pieces[n:])
	b.pieces, b.weight, b.idle = b.pieces[:n], b.weight[:n], b.idle[:n]
}

// choices lists what could be held, the surest first: which days of a week are
// worked, where that is held the shift of a day, and when all that is held the breaks.
func (d *dive) choices() []choice {
	x := d.x
	d.list = d.list[:0]
	weekday := (int(x.m.p.First.Weekday()) + 6) % 7
	for at := range x.shares {
		if d.done[at] {
			continue
		}
		b := &x.shares[at]
		held := d.held[b.agent]
		for from := b.from; from <= b.to; {
			to := min(b.to, from+6-(weekday+from)%7)
			if slices.Contains(held[from:to+1], anyDay) {
				best := d.weighed(b, func(p *piece) uint32 { return p.pattern(from-b.from, to-b.from) })
				d.list = append(d.list, choice{at, from, to, int32(best.key), best.sum})
				from = to + 1
				continue
			}
			for ; from <= to; from++ {
				if held[from] == mustWork {
					best := d.weighed(b, func(p *piece) uint32 { return uint32(p.opts[from-b.from]) })
					d.list = append(d.list, choice{at, from, -1, int32(best.key), best.sum})
				}
			}
		}
	}
	if len(d.list) == 0 {
		for at := range x.shares {
			if !d.done[at] {
				b := &x.shares[at]
				d.list = append(d.list, choice{at, -1, -1, 0, b.weight[b.heaviest()]})
			}
		}
	}
	slices.SortStableFunc(d.list, func(p, q choice) int { return cmp.Compare(q.sure, p.sure) })
	return d.list
}

// pattern returns which of some days of a piece are worked, a bit for each.
func (p *piece) pattern(from, to int) (bits uint32) {
	for i := from; i <= to; i++ {
		if p.opts[i] != noOption {
			bits |= 1 << (i - from)
		}
	}
	return bits
}

// weighed returns the key that has the most weight among the pieces of a share.
func (d *dive) weighed(b *share, key func(p *piece) uint32) weighted {
	d.weigh = d.weigh[:0]
	for j, p := range b.pieces {
		if b.weight[j] <= 0 {
			continue
		}
		k := key(p)
		if i := slices.IndexFunc(d.weigh, func(o weighted) bool { return o.key == k }); i >= 0 {
			d.weigh[i].sum += b.weight[j]
		} else {
			d.weigh = append(d.weigh, weighted{k, b.weight[j]})
		}
	}
	return slices.MaxFunc(d.weigh, func(p, q weighted) int {
		return cmp.Or(cmp.Compare(p.sum, q.sum), cmp.Compare(q.key, p.key))
	})
}

// hold holds a choice and returns the number of days that it decides.
func (d *dive) hold(c *choice) int {
	if c.from < 0 {
		d.settleOn(c.at)
		return diveBreaks
	}
	held := d.held[d.x.shares[c.at].agent]
	if c.to < 0 {
		held[c.from] = c.hold
		return 1
	}
	for day := c.from; day <= c.to; day++ {
		held[day] = noOption
		if c.hold>>(day-c.from)&1 == 1 {
			held[day] = mustWork
		}
	}
	return 1
}

// settleOn gives all weight of a share to its heaviest piece.
func (d *dive) settleOn(at int) {
	b := &d.x.shares[at]
	to := b.heaviest()
	for i, p := range b.pieces {
		if i != to && b.weight[i] > 0 {
			d.hand.direction(b.group, p, b.pieces[to])
			d.hand.take(b.group, b.weight[i])
			shift(b.weight, i, to, b.weight[i])
		}
	}
	b.pieces, b.weight, b.idle = append(b.pieces[:0], b.pieces[to]), append(b.weight[:0], 1), append(b.idle[:0], 0)
	d.done[at] = true
}

// dive dives over the whole roster from the weights of the ascent and takes the
// roster over, better or not.
func (s *searcher) dive(ctx context.Context, x *master, pace float64) bool {
	m := s.m
	d := &dive{x: x, crew: x.workshop(), hand: x.hand(), held: make([][]int32, len(m.agents))}
	for a := range d.held {
		d.held[a] = make([]int32, m.p.Days)
		for i := range d.held[a] {
			d.held[a][i] = anyDay
		}
	}
	x.tau *= diveTau
	x.reprice()
	tell := func(done float64) { s.tell("dive", ascentShare+diveShare*done) }
	if !d.run(ctx, pace, tell) {
		return false
	}
	s.adopt(x)
	return true
}

// plan plans the agents that have something left to hold anew.
func (d *dive) plan(ctx context.Context, mu []float64) {
	x := d.x
	var who []int
	for at := range x.shares {
		if a := x.shares[at].agent; !d.done[at] && (len(who) == 0 || who[len(who)-1] != a) {
			who = append(who, a)
		}
	}
	x.learn(x.planHeld(ctx, who, mu, d.held))
}

// planHeld plans some agents at the prices within what is held.
func (x *master) planHeld(ctx context.Context, who []int, mu []float64, held [][]int32) []*boundPlan {
	plans := make([]*boundPlan, len(x.m.agents))
	base := x.m.slots * len(x.m.kinds)
	for from := 0; from < len(who) && ctx.Err() == nil; from += x.batch {
		to := min(from+x.batch, len(who))
		x.side(to-from, func(a, b int) {
			for i := a; i < b; i++ {
				id := who[from+i]
				if q := x.workers[i].plan(x.m, id, mu, mu[base:], held[id], false); !math.IsInf(q.value, 1) {
					x.m.trim(&x.m.agents[id], q.opts)
					plans[id] = q
				}
			}
		})
	}
	return plans
}

// adopt gives every agent the heaviest weeks; an agent whose weeks do not go
// together is planned anew.
func (s *searcher) adopt(x *master) {
	m, l := s.m, s.lanes[0]
	fresh := make([]*plan, len(m.agents))
	for i := range x.shares {
		b := &x.shares[i]
		if fresh[b.agent] == nil {
			fresh[b.agent] = m.emptyPlan(&m.agents[b.agent])
		}
		p := b.pieces[b.heaviest()]
		copy(fresh[b.agent].opts[b.from:b.to+1], p.opts)
		copy(fresh[b.agent].brks[b.from:b.to+1], p.brks)
	}
	var again []int
	for a, p := range fresh {
		if p == nil {
			continue
		}
		ma := &m.agents[a]
		if !m.legal(ma, l.linksOf(ma.book), p.opts) {
			again = append(again, a)
			p = m.emptyPlan(ma)
		}
		p.own = m.ownCost(ma, p.opts)
		l.put(a, s.plans[a], -1)
		l.put(a, p, 1)
		s.set(a, p)
	}
	for _, a := range again {
		s.reinsert(l, a)
	}
	l.cov.tidy()
}

func (b *share) heaviest() int {
	k := 0
	for j := range b.weight {
		if b.weight[j] > b.weight[k] {
			k = j
		}
	}
	return k
}
