package roster

import (
	"context"
	"slices"
	"sync"
)

// master looks for the prices with the highest bound L(μ) (see bound.go) by a
// proximal bundle method, solved in its primal form. Around the best prices so far,
// the center, it maximises
//
//	L̂(μ) − |μ − center|² / 2τ
//
// where L̂ is L with what is known: of each agent the weeks found so far, that is
// which days are worked and in what form (see menu.go); of each cell, that is the
// days of one form of all agents with the same choice, the shifts with breaks found
// so far; of each slot and skill the presences found so far. The dual of that is an
// augmented Lagrangian,
//
//	min  Σ cost·weight  +  Σ center·r  +  τ/2·Σ r²,   r = presence wanted less brought,
//
// over weights that add up to one for each agent's week and each slot and skill, and
// for each cell to the weight of the weeks that use it, and over the skills that the
// agents of a group serve. It is solved by moving weight between two members of one
// sum at a time, exactly, until little moves, with new shifts found on the way; then
// the prices are center + τ·r. There all agents are planned anew, which gives a bound
// and new weeks.
//
// Sources: K. Kiwiel, "Proximity control in bundle methods for convex
// nondifferentiable minimization", Mathematical Programming 46 (1990); S. Lacoste-Julien,
// M. Jaggi, "On the global linear convergence of Frank-Wolfe optimization variants",
// NeurIPS 2015 (pairwise steps).
//
// Weeks (contract periods) of different plans are combined although rest between
// them may not allow it: that only guides the prices. L itself is computed from
// whole plans.
type master struct {
	m       *model
	threads int
	workers [2]*boundWorker

	tau    float64
	center []float64 // prices per row: slot and kind, then shift demands
	mu     []float64 // center + tau·rest
	rest   []float64 // wanted less brought, per row
	lo, hi []float64 // limits of the prices

	menus  []menu
	menuAt [][]int32 // per agent and day, -1: off only
	cells  []cell
	shares []share
	joints []joint
	fixed  bool       // the weights of shares no longer move
	subs   [][]int32  // per cell, when fixed: those in which one of its options is held
	held   [][]*piece // per cell, when fixed: what is worked, one for every agent
	spots  []spot
	split  []float64 // heads per slot, group with several kinds, and kind
	kinds  [][]int   // per group: its kinds
	unit   []float64 // per group and kind: what a head counts
	offset []int     // per group: where its kinds lie in split, -1 with one kind
	width  int       // of split per slot
	spotAt []int     // per slot, and one more: its first spot
}

// share holds the weighted weeks of one agent in one contract period.
type share struct {
	agent, group int
	from, to     int // days
	weeks        []*week
	weight       []float64
	idle         []int   // rounds without weight
	gain         float64 // at the last visit

	before, after int // joints with the weeks beside, -1 = none
}

// week is one way for an agent to work through a contract period: the form of every
// day. What is worked on the days is for the cells to say.
type week struct {
	cost  float64 // hours, days off and pattern, the joints to the weeks beside it left out
	edges uint8
	cells []int32 // per day: the cell, -1 = off
}

// What of a week's first and last two days makes a single day off with the week
// beside it.
const (
	headWork  = 1 << iota // works the first day
	headLate              // is off the first day and works the second
	tailWork              // works the last day
	tailEarly             // is off the last day and works the one before
)

// run is a stretch of slots.
type run struct{ from, to int32 }

// spot is a slot and skill, or a shift demand, with weighted presences.
type spot struct {
	rows   []int
	points []point
	weight []float64
	last   [maxKinds]float64
}

type point struct {
	n    [maxKinds]float64
	cost float64
}

func newMaster(m *model, threads int) *master {
	x := &master{m: m, threads: threads}
	k, kinds := len(m.skills), len(m.kinds)
	rows := m.slots*kinds + len(m.shiftD)
	x.center, x.mu, x.rest = make([]float64, rows), make([]float64, rows), make([]float64, rows)
	x.lo, x.hi = make([]float64, rows), make([]float64, rows)
	for i := range m.costs {
		first, last := m.costs[i].slopes()
		var s spot
		for _, kind := range m.kindsOf[i%k] {
			row := i/k*kinds + kind
			x.lo[row], x.hi[row] = -last*m.kinds[kind].eff, -first*m.kinds[kind].eff
			s.rows = append(s.rows, row)
		}
		if i%k == 0 {
			x.spotAt = append(x.spotAt, len(x.spots))
		}
		if len(s.rows) > 0 {
			x.spots = append(x.spots, s)
		}
	}
	x.spotAt = append(x.spotAt, len(x.spots))
	for i := range m.shiftD {
		row := m.slots*kinds + i
		x.lo[row], x.hi[row] = shiftLimits(m.shiftD[i].d)
		x.spots = append(x.spots, spot{rows: []int{row}})
	}
	x.buildGroups()
	x.buildMenus()
	for a := range m.agents {
		ma := &m.agents[a]
		if ma.group < 0 {
			continue
		}
		for _, q := range ma.periods {
			x.shares = append(x.shares, share{agent: a, group: ma.group, from: q.from, to: q.to})
		}
	}
	x.buildJoints()
	for i := range x.workers {
		x.workers[i] = &boundWorker{links: map[*book]*links{}, strict: map[*book]*links{}}
	}
	return x
}

// patch is a part of a master: menus, shares, and the slots and shift demands that they
// reach.
type patch struct {
	menus    []int
	shares   []int
	from, to int   // slots
	spots    []int // of shift demands
}

// patches cuts the master in two at the end of a contract period, where no shift
// runs on, so that two hands can work side by side; one patch where there is no such
// place. The cut depends on the problem alone.
func (x *master) patches() []patch {
	m := x.m
	best := 0
	for day := 1; day < m.p.Days; day++ {
		if max(day, m.p.Days-day) >= max(best, m.p.Days-best) || !x.parts(day) {
			continue
		}
		best = day
	}
	one, two := patch{to: m.slots}, patch{to: m.slots}
	if best > 0 {
		one.to = m.day0[best] / m.minutes
		two.from = one.to
	}
	for i := range x.shares {
		if best > 0 && x.shares[i].from >= best {
			two.shares = append(two.shares, i)
		} else {
			one.shares = append(one.shares, i)
		}
	}
	for i := range x.menus {
		if best > 0 && x.menus[i].day >= best {
			two.menus = append(two.menus, i)
		} else {
			one.menus = append(one.menus, i)
		}
	}
	for i := range m.shiftD {
		if best > 0 && m.shiftD[i].day >= best {
			two.spots = append(two.spots, x.spotAt[m.slots]+i)
		} else {
			one.spots = append(one.spots, x.spotAt[m.slots]+i)
		}
	}
	if best == 0 {
		return []patch{one}
	}
	return []patch{one, two}
}

// parts reports whether no contract period and no shift reaches over the start of a
// day.
func (x *master) parts(day int) bool {
	m := x.m
	for i := range x.shares {
		b := &x.shares[i]
		if b.from < day && b.to >= day {
			return false
		}
	}
	at := m.day0[day] / m.minutes
	for i := range m.agents {
		ma := &m.agents[i]
		if len(ma.days[day-1].private) > 0 {
			if o := &ma.days[day-1].private[0]; o.start+o.n > at {
				return false
			}
		}
		if i > 0 && ma.book == m.agents[i-1].book {
			continue
		}
		for d := max(0, day-2); d < day; d++ {
			for j := range ma.book.days[d] {
				if o := &ma.book.days[d][j]; o.start+o.n > at {
					return false
				}
			}
		}
	}
	return true
}

func (x *master) buildGroups() {
	m := x.m
	k, kinds := len(m.skills), len(m.kinds)
	x.kinds, x.offset = make([][]int, len(m.groups)), make([]int, len(m.groups))
	x.unit = make([]float64, len(m.groups)*kinds)
	for g := range m.groups {
		x.offset[g] = -1
		for _, s := range m.groups[g].skills {
			kind := int(m.kindAt[g*k+s])
			x.kinds[g] = append(x.kinds[g], kind)
			x.unit[g*kinds+kind] = 1
			if m.kinds[kind].merged {
				x.unit[g*kinds+kind] = m.groups[g].eff[s]
			}
		}
		if n := len(x.kinds[g]); n > 1 {
			x.offset[g] = x.width
			x.width += n
		}
	}
	x.split = make([]float64, m.slots*x.width)
}

func (s *spot) find(p point) int {
	for i := range s.points {
		if s.points[i].n == p.n {
			return i
		}
	}
	s.points = append(s.points, p)
	s.weight = append(s.weight, 0)
	return len(s.points) - 1
}

// side runs two halves of some work, side by side where there are two threads; each
// half has its own worker.
func (x *master) side(n int, f func(w *boundWorker, from, to int)) {
	if x.threads < 2 || n < 2 {
		f(x.workers[0], 0, n)
		return
	}
	var wg sync.WaitGroup
	wg.Go(func() { f(x.workers[1], n/2, n) })
	f(x.workers[0], 0, n/2)
	wg.Wait()
}

// ask plans all agents at the prices mu and returns L and the plans.
func (x *master) ask(ctx context.Context, mu []float64) (float64, []*boundPlan, bool) {
	m := x.m
	sum := 0.0
	for i := range x.spots {
		s := &x.spots[i]
		p := x.pointAt(i, mu)
		v := p.cost
		for j, row := range s.rows {
			v += mu[row] * p.n[j]
		}
		sum += v
	}
	k := len(m.skills)
	for i := range m.costs {
		if len(m.kindsOf[i%k]) == 0 {
			sum += m.costs[i].at(0)
		}
	}
	x.priceMenus(ctx, mu)
	plans := make([]*boundPlan, len(m.agents))
	x.side(len(m.agents), func(w *boundWorker, from, to int) {
		for a := from; a < to && ctx.Err() == nil; a++ {
			plans[a] = w.plan(x, a, nil, true)
		}
	})
	if ctx.Err() != nil {
		return 0, nil, false
	}
	for _, p := range plans {
		sum += p.value
	}
	return sum, plans, true
}

// pointAt is the exact best presence for prices within their limits.
func (x *master) pointAt(i int, mu []float64) point {
	s := &x.spots[i]
	m := x.m
	k, kinds := len(m.skills), len(m.kinds)
	if s.rows[0] >= m.slots*kinds {
		d := m.shiftD[s.rows[0]-m.slots*kinds].d
		z, _ := leastShift(d, mu[s.rows[0]])
		return point{n: [maxKinds]float64{z}, cost: d.Cost(z)}
	}
	slot := s.rows[0] / kinds
	skill := m.kinds[s.rows[0]%kinds].skill
	c := &m.costs[slot*k+skill]
	list := m.kindsOf[skill]
	var price [maxKinds]float64
	for j, row := range s.rows {
		price[j] = mu[row]
	}
	n := s.last
	m.best(c, list, price[:], &n)
	z := 0.0
	for j := range s.rows {
		z += m.kinds[list[j]].eff * n[j]
	}
	return point{n: n, cost: c.at(z)}
}

// learn cuts the plans into weeks and adds those that are new.
func (x *master) learn(plans []*boundPlan) {
	for i := range x.shares {
		if p := plans[x.shares[i].agent]; p != nil {
			x.learnShare(&x.shares[i], p)
		}
	}
}

// learnShare returns the week of a plan, which it adds if it is new.
func (x *master) learnShare(b *share, p *boundPlan) int {
	cells := make([]int32, b.to-b.from+1)
	for i := range cells {
		d := b.from + i
		cells[i] = -1
		if g := p.groups[d]; g >= 0 {
			n := &x.menus[x.menuAt[b.agent][d]]
			cells[i] = n.cells[n.forms[g]]
		}
	}
	if known := slices.IndexFunc(b.weeks, func(q *week) bool { return slices.Equal(q.cells, cells) }); known >= 0 {
		b.idle[known] = 0
		return known
	}
	q := &week{cells: cells}
	q.cost = x.weekCost(b, cells)
	n := len(cells)
	works := func(i int) bool { return i >= 0 && i < n && cells[i] >= 0 }
	for i, on := range [...]bool{works(0), !works(0) && works(1), works(n - 1), !works(n-1) && works(n-2)} {
		if on {
			q.edges |= 1 << i
		}
	}
	b.weeks = append(b.weeks, q)
	b.weight = append(b.weight, 0)
	b.idle = append(b.idle, 0)
	return len(b.weeks) - 1
}

// weekCost is ownCost of the days of one contract period without what its shifts
// cost, single days off between it and the one before left out.
func (x *master) weekCost(b *share, cells []int32) float64 {
	m, ma := x.m, &x.m.agents[b.agent]
	c, units := 0.0, 0
	last := noDay
	if b.from == 0 {
		last = ma.hist.lastDay
	}
	for i, at := range cells {
		d := b.from + i
		if at < 0 {
			c += ma.days[d].off
			continue
		}
		units += x.cells[at].units
		if last == d-2 {
			c += m.w.SplitDaysOff
		}
		last = d
	}
	for q := range ma.periods {
		if ma.periods[q].to == b.to {
			c += m.hoursCost(ma, &ma.periods[q], units)
		}
	}
	return c
}

// begin gives every agent the weeks and shifts of a roster and every spot its first
// presence; the weeks of some other plans are known too.
func (x *master) begin(roster []*plan, others []*boundPlan) {
	m := x.m
	clear(x.rest)
	copy(x.mu, x.center)
	for i := range x.spots {
		s := &x.spots[i]
		p := x.bestPoint(i, x.center)
		s.weight[s.find(p)] = 1
		for j, row := range s.rows {
			x.rest[row] += p.n[j]
		}
	}
	h := x.hand()
	for i := range x.shares {
		b := &x.shares[i]
		p := roster[b.agent]
		groups := make([]int32, len(p.opts))
		for d, o := range p.opts {
			groups[d] = noOption
			if o != noOption {
				groups[d] = int32(m.agents[b.agent].option(d, o).group)
			}
		}
		k := x.learnShare(b, &boundPlan{groups: groups})
		b.weight[k] = 1
		for i, at := range b.weeks[k].cells {
			if at < 0 {
				continue
			}
			d := b.from + i
			c := &x.cells[at]
			j := c.add(x.piece(&x.menus[c.menu], p.opts[d], p.brks[d]))
			h.shove(b.group, emptyPiece, c.pieces[j], 1)
			c.weight[j]++
			c.mass++
		}
	}
	x.learn(others)
	x.reprice()
}

func (x *master) reprice() {
	for i := range x.mu {
		x.mu[i] = x.center[i] + x.tau*x.rest[i]
	}
}

// forget drops weeks that have had no weight for long.
func (x *master) forget() {
	for i := range x.shares {
		b := &x.shares[i]
		n := 0
		for j := range b.weeks {
			b.idle[j]++
			if b.weight[j] > 0 {
				b.idle[j] = 0
			}
			if b.idle[j] > weekIdle {
				continue
			}
			b.weeks[n], b.weight[n], b.idle[n] = b.weeks[j], b.weight[j], b.idle[j]
			n++
		}
		clear(b.weeks[n:])
		b.weeks, b.weight, b.idle = b.weeks[:n], b.weight[:n], b.idle[:n]
	}
}

// weekIdle is the number of rounds without weight after which a week is dropped.
const weekIdle = 12
