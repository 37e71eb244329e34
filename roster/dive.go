package roster

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// dive turns weighted weeks into a roster in three steps: what most of the weight of
// an agent's week agrees on is held, which days are worked and then in what form;
// then shifts are held in the cells, for as many agents as a cell then has (settle.go),
// then their breaks; and the agents of a cell share out what it holds (handout.go).
// Between, the weights are moved and agents planned anew within what is held. The
// prices follow: the center moves to where the weights have taken them.
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
	try   []float64
	ways  []way     // see choose
	mean  []float64 // presence of all ways
}

// How a dive works. In a round a share of what is still open is held: the less is left,
// the less of it can mend what another hold does, and the smaller the steps.
const (
	diveSweeps  = 12  // between two holds of weeks, for 60 agents; less for more, but
	diveLeast   = 6   // not less than this
	weekPace    = 2.6 // share of the open weeks and patterns held in a round, by effort
	shiftPace   = 9.6 // the same of shifts and breaks, for 60 agents; less for more
	fastestDive = 0.6
	diveSure    = 0.99 // what this share of the weight agrees on is held at once
)

// choice is something that could be held, and how much of the weight agrees: the
// pattern of the days from one to another, or with from = -1 the heaviest week.
type choice struct {
	at, from, to int // entry of shares, days
	hold         uint32
	sure         float64
}

type weighted struct {
	key uint32
	sum float64
}

// weeks holds the weeks of all agents, each round, after some sweeps, at least a share
// pace of what is open. It is false when ctx ended.
func (d *dive) weeks(ctx context.Context, pace float64, sweeps int, tell func(done float64)) bool {
	x := d.x
	total := 2 * len(x.shares)
	d.done = make([]bool, len(x.shares))
	for done := 0; ; {
		x.join()
		d.crew.sweeps(ctx, sweeps, 0)
		if ctx.Err() != nil {
			return false
		}
		list := d.choices()
		if len(list) == 0 {
			return true
		}
		var touched []int
		n, least := 0, max(1, int(pace*float64(len(list))))
		for i := range list {
			if n >= least && list[i].sure < diveSure {
				break
			}
			d.hold(&list[i])
			n++
			touched = append(touched, list[i].at)
		}
		done += n
		tell(math.Min(1, float64(done)/float64(total)))
		d.settle()
		d.plan(ctx)
		for _, at := range touched {
			if !d.done[at] {
				d.drop(&x.shares[at])
			}
		}
		x.forget()
	}
}

// settle moves the center of the prices to where the weights have taken them.
func (d *dive) settle() {
	d.x.clampTo(d.try)
	copy(d.x.center, d.try)
	d.x.reprice()
}

// keeps reports whether a week keeps what is held.
func (d *dive) keeps(b *share, q *week) bool {
	for i, h := range d.held[b.agent][b.from : b.to+1] {
		f := d.x.formOf(q.cells[i])
		if h != anyDay && h != f && (h != mustWork || f == noOption) {
			return false
		}
	}
	return true
}

// formOf returns the form of a cell, noOption for a day off.
func (x *master) formOf(cell int32) int32 {
	if cell < 0 {
		return noOption
	}
	return int32(x.cells[cell].form)
}

// drop moves the weight of weeks that do not keep what is held to the best one that
// does, and forgets them.
func (d *dive) drop(b *share) {
	x := d.x
	to, low := -1, math.Inf(1)
	d.fits = d.fits[:0]
	for i, q := range b.weeks {
		fits := d.keeps(b, q)
		d.fits = append(d.fits, fits)
		if !fits {
			continue
		}
		if v := x.cheapest(b, q); to < 0 || v < low {
			to, low = i, v
		}
	}
	if to < 0 {
		return
	}
	n := 0
	for i := range b.weeks {
		if !d.fits[i] {
			d.move(b, i, to)
		}
	}
	for i := range b.weeks {
		if d.fits[i] {
			b.weeks[n], b.weight[n], b.idle[n] = b.weeks[i], b.weight[i], b.idle[i]
			n++
		}
	}
	clear(b.weeks[n:])
	b.weeks, b.weight, b.idle = b.weeks[:n], b.weight[:n], b.idle[:n]
}

// move gives all weight of one week of a share to another.
func (d *dive) move(b *share, from, to int) {
	theta := b.weight[from]
	if theta <= 0 {
		return
	}
	p, q := b.weeks[from], b.weeks[to]
	for i := range p.cells {
		if p.cells[i] != q.cells[i] {
			d.hand.pass(b.group, p.cells[i], q.cells[i], theta)
		}
	}
	shift(b.weight, from, to, theta)
}

// pass moves weight from one cell to another of the same menu, whatever it costs;
// cells are -1 for a day off.
func (h *hand) pass(group int, from, to int32, theta float64) {
	q := emptyPiece
	if to >= 0 {
		c := &h.cells[to]
		n := &h.menus[c.menu]
		h.offer(n)
		q = c.pieces[c.enter]
		c.mass += theta
		c.weight[c.enter] += theta
	}
	if from < 0 {
		h.shove(group, emptyPiece, q, theta)
		return
	}
	c := &h.cells[from]
	c.mass = math.Max(0, c.mass-theta)
	h.drain(c, nil, q, theta)
}

// choices lists what could be held, the surest first: which days of a calendar week
// are worked, and where that is held the heaviest week with its forms.
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
		open := false
		for from, to := b.from, 0; from <= b.to; from = to + 1 {
			to = min(b.to, from+6-(weekday+from)%7)
			if slices.Contains(held[from:to+1], anyDay) {
				best := d.weighed(b, func(q *week) uint32 { return q.pattern(from-b.from, to-b.from) })
				d.list = append(d.list, choice{at, from, to, best.key, best.sum})
				open = true
			}
		}
		if !open {
			d.list = append(d.list, choice{at, -1, -1, 0, b.weight[b.heaviest()]})
		}
	}
	slices.SortStableFunc(d.list, func(p, q choice) int { return cmp.Compare(q.sure, p.sure) })
	return d.list
}

// pattern returns which of some days of a week are worked, a bit for each.
func (q *week) pattern(from, to int) (bits uint32) {
	for i := from; i <= to; i++ {
		if q.cells[i] >= 0 {
			bits |= 1 << (i - from)
		}
	}
	return bits
}

// weighed returns the key that has the most weight among the weeks of a share.
func (d *dive) weighed(b *share, key func(q *week) uint32) weighted {
	d.weigh = d.weigh[:0]
	for j, q := range b.weeks {
		if b.weight[j] <= 0 {
			continue
		}
		k := key(q)
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

// hold holds a choice.
func (d *dive) hold(c *choice) {
	if c.from < 0 {
		d.settleOn(c.at)
		return
	}
	held := d.held[d.x.shares[c.at].agent]
	for day := c.from; day <= c.to; day++ {
		held[day] = noOption
		if c.hold>>(day-c.from)&1 == 1 {
			held[day] = mustWork
		}
	}
}

// settleOn gives all weight of a share to its heaviest week.
func (d *dive) settleOn(at int) {
	b := &d.x.shares[at]
	to := b.heaviest()
	for i := range b.weeks {
		if i != to {
			d.move(b, i, to)
		}
	}
	b.weeks, b.weight, b.idle = append(b.weeks[:0], b.weeks[to]), append(b.weight[:0], 1), append(b.idle[:0], 0)
	d.done[at] = true
	for i, c := range b.weeks[0].cells {
		d.held[b.agent][b.from+i] = d.x.formOf(c)
	}
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

// dive dives over the whole roster from the weights of the ascent and takes the
// roster over, better or not.
func (s *searcher) dive(ctx context.Context, x *master, effort int) bool {
	m := s.m
	d := &dive{x: x, crew: x.workshop(), hand: x.hand(), held: make([][]int32, len(m.agents)), try: make([]float64, len(x.mu))}
	for a := range d.held {
		d.held[a] = make([]int32, m.p.Days)
		for i := range d.held[a] {
			d.held[a][i] = anyDay
		}
	}
	// It takes a third off the time, and no worse weeks come out. The ascent, in which every
	// second to fourth sweep looks for something new, ends with a lower bound by it.
	for _, h := range d.crew.hands {
		h.quiet.on = true
	}
	x.tau = m.boundTau()
	x.reprice()
	tell := func(done float64) { s.tell("dive", ascentShare+diveShare*done) }
	large := m.large()
	sweeps := max(diveLeast, int(diveSweeps/math.Cbrt(large)))
	if !d.weeks(ctx, math.Min(fastestDive, weekPace/float64(effort)), sweeps, func(done float64) { tell(done / 2) }) {
		return false
	}
	if !d.shifts(ctx, math.Min(fastestDive, shiftPace/float64(effort)*math.Pow(large, -effortFall)), func(done float64) { tell(0.5 + done/2) }) {
		return false
	}
	s.adopt(ctx, x)
	return true
}

// plan plans the agents that have something left to hold anew.
func (d *dive) plan(ctx context.Context) {
	x := d.x
	var who []int
	for at := range x.shares {
		if a := x.shares[at].agent; !d.done[at] && (len(who) == 0 || who[len(who)-1] != a) {
			who = append(who, a)
		}
	}
	x.priceMenus(ctx, d.try)
	plans := make([]*boundPlan, len(x.m.agents))
	x.side(len(who), func(w *boundWorker, from, to int) {
		opts := make([]int32, x.m.p.Days)
		for _, a := range who[from:to] {
			if ctx.Err() != nil {
				return
			}
			if q := w.plan(x, a, d.held[a], false); !math.IsInf(q.value, 1) {
				x.trim(a, q, opts)
				plans[a] = q
			}
		}
	})
	x.learn(plans)
}

// trim drops days from a plan until the far-reaching rules hold; opts is room.
func (x *master) trim(agent int, q *boundPlan, opts []int32) {
	for d, g := range q.groups {
		opts[d] = noOption
		if g >= 0 {
			opts[d] = x.menus[x.menuAt[agent][d]].pick[g]
		}
	}
	x.m.trim(&x.m.agents[agent], opts)
	for d, o := range opts {
		if o == noOption {
			q.groups[d] = noOption
		}
	}
}
