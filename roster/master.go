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
// where L̂ is L with what is known: of each agent the weeks of the plans found so
// far, of each slot and skill the presences found so far. The dual of that is an
// augmented Lagrangian,
//
//	min  Σ cost·weight  +  Σ center·r  +  τ/2·Σ r²,   r = presence wanted less brought,
//
// over weights that add up to one for each agent's week and for each slot and skill,
// and over the skills that the agents of a group serve. It is solved by moving weight
// between two members of one sum at a time, exactly, until little moves; then the
// prices are center + τ·r. There all agents are planned anew, which gives a bound
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
	workers []*boundWorker
	batch   int

	tau    float64
	center []float64 // prices per row: slot and kind, then shift demands
	mu     []float64 // center + tau·rest
	rest   []float64 // wanted less brought, per row
	lo, hi []float64 // limits of the prices

	shares []share
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
	first, last  int // slots that shifts of these days can fill
	pieces       []*piece
	weight       []float64
	idle         []int // rounds without weight
}

// piece is one way for an agent to work through a contract period.
type piece struct {
	cost  float64 // hours, wishes and pattern, the joints to the weeks beside it included
	base  float64 // without the joints
	edges uint8
	runs  []run   // presence
	shift []int32 // rows of shift demands
	opts  []int32
	brks  [][]placed
}

// What of a piece's first and last two days makes a single day off with the week
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
	for a := range m.agents {
		ma := &m.agents[a]
		if ma.group < 0 {
			continue
		}
		for _, q := range ma.periods {
			first, last := m.reach(q.from, q.to)
			x.shares = append(x.shares, share{agent: a, group: ma.group, from: q.from, to: q.to, first: first, last: last})
		}
	}
	x.batch = min(mostBatch, max(leastBatch, len(m.agents)/batchShares))
	for range x.batch {
		x.workers = append(x.workers, &boundWorker{links: map[*book]*links{}, strict: map[*book]*links{}})
	}
	return x
}

// reach returns the slots that shifts of some days can fill.
func (m *model) reach(from, to int) (first, last int) {
	last = m.slots
	if to+2 < len(m.day0) {
		last = m.day0[to+2] / m.minutes
	}
	return m.day0[from] / m.minutes, last
}

// patch is a part of a master: shares, and the slots and shift demands that they
// reach.
type patch struct {
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
		b := &x.shares[i]
		if best > 0 && b.from >= best {
			two.shares = append(two.shares, i)
			continue
		}
		b.last = min(b.last, one.to) // no shift runs on, and the other hand works there
		one.shares = append(one.shares, i)
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

// side runs two halves of some work, side by side where there are two threads.
func (x *master) side(n int, f func(from, to int)) {
	if x.threads < 2 || n < 2 {
		f(0, n)
		return
	}
	var wg sync.WaitGroup
	wg.Go(func() { f(n/2, n) })
	f(0, n/2)
	wg.Wait()
}

// ask plans all agents at the prices mu and returns L and the plans.
func (x *master) ask(ctx context.Context, mu []float64) (float64, []*boundPlan, bool) {
	m := x.m
	kinds := len(m.kinds)
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
	plans := make([]*boundPlan, len(m.agents))
	for from := 0; from < len(m.agents); from += x.batch {
		if ctx.Err() != nil {
			return 0, nil, false
		}
		to := min(from+x.batch, len(m.agents))
		x.side(to-from, func(a, b int) {
			for i := a; i < b; i++ {
				plans[from+i] = x.workers[i].answer(x.m, from+i, mu, mu[m.slots*kinds:])
			}
		})
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
	m.best(c, list, price[:], &n, true)
	z := 0.0
	for j := range s.rows {
		z += m.kinds[list[j]].eff * n[j]
	}
	return point{n: n, cost: c.at(z)}
}

// learn cuts the plans into weeks and adds those that are new.
func (x *master) learn(plans []*boundPlan) {
	for i := range x.shares {
		x.learnShare(&x.shares[i], plans[x.shares[i].agent])
	}
}

func (x *master) learnShare(b *share, p *boundPlan) {
	if p == nil {
		return
	}
	if known := slices.IndexFunc(b.pieces, func(q *piece) bool { return q.same(p, b.from, b.to) }); known >= 0 {
		b.idle[known] = 0
		return
	}
	b.pieces = append(b.pieces, x.cut(b, p))
	b.weight = append(b.weight, 0)
	b.idle = append(b.idle, 0)
}

func (q *piece) same(p *boundPlan, from, to int) bool {
	for d := from; d <= to; d++ {
		if q.opts[d-from] != p.opts[d] || !slices.Equal(q.brks[d-from], p.brks[d]) {
			return false
		}
	}
	return true
}

// cut makes a piece of the days of a plan.
func (x *master) cut(b *share, p *boundPlan) *piece {
	m, ma := x.m, &x.m.agents[b.agent]
	q := &piece{opts: p.opts[b.from : b.to+1], brks: p.brks[b.from : b.to+1]}
	q.base = m.costIn(ma, p.opts, b.from, b.to)
	q.cost = q.base
	n := len(q.opts)
	works := func(i int) bool { return i >= 0 && i < n && q.opts[i] != noOption }
	for i, on := range [...]bool{works(0), !works(0) && works(1), works(n - 1), !works(n-1) && works(n-2)} {
		if on {
			q.edges |= 1 << i
		}
	}
	base := m.slots * len(m.kinds)
	for d := b.from; d <= b.to; d++ {
		i := p.opts[d]
		if i == noOption {
			continue
		}
		o := ma.option(d, i)
		m.present(o, p.brks[d], func(t int) {
			if n := len(q.runs); n > 0 && int(q.runs[n-1].to) == t {
				q.runs[n-1].to++
			} else {
				q.runs = append(q.runs, run{int32(t), int32(t + 1)})
			}
		})
		for _, s := range m.byDay[d] {
			if sd := &m.shiftD[s]; sd.shift == o.shift && m.countsFor(ma, sd) {
				q.shift = append(q.shift, int32(base+s))
			}
		}
	}
	return q
}

// costIn is ownCost of the days of one contract period, single days off between it and
// the one before left out.
func (m *model) costIn(ma *mAgent, opts []int32, from, to int) float64 {
	c, units := 0.0, 0
	last := noDay
	if from == 0 {
		last = ma.hist.lastDay
	}
	for d := from; d <= to; d++ {
		md := &ma.days[d]
		i := opts[d]
		if i == noOption {
			c += md.off
			continue
		}
		if i >= 0 {
			units += ma.option(d, i).paid / ma.book.unit
			if md.extra != nil {
				c += md.extra[i]
			}
		} else {
			units += md.link.units
		}
		if last == d-2 {
			c += m.w.SplitDaysOff
		}
		last = d
	}
	for q := range ma.periods {
		if ma.periods[q].to == to {
			c += m.hoursCost(ma, &ma.periods[q], units)
		}
	}
	return c
}

// join prices the single days off between the weeks of an agent by what the weights
// say of the week beside.
func (x *master) join() {
	price := x.m.w.SplitDaysOff
	if price == 0 {
		return
	}
	for i := range x.shares {
		b := &x.shares[i]
		var before, after *share
		if i > 0 && x.shares[i-1].agent == b.agent {
			before = &x.shares[i-1]
		}
		if i+1 < len(x.shares) && x.shares[i+1].agent == b.agent {
			after = &x.shares[i+1]
		}
		for _, p := range b.pieces {
			p.cost = p.base
		}
		charge := func(other *share, mine, theirs uint8) {
			if other == nil {
				return
			}
			if c := price * other.likely(theirs); c > 0 {
				for _, p := range b.pieces {
					if p.edges&mine != 0 {
						p.cost += c
					}
				}
			}
		}
		charge(before, headWork, tailEarly)
		charge(before, headLate, tailWork)
		charge(after, tailEarly, headWork)
		charge(after, tailWork, headLate)
	}
}

// likely is the weight of the pieces with an edge.
func (b *share) likely(edge uint8) (sum float64) {
	for i, p := range b.pieces {
		if p.edges&edge != 0 {
			sum += b.weight[i]
		}
	}
	return sum
}

// begin gives every week its first piece and every spot its first presence, from the
// first of the plans; the others are known too.
func (x *master) begin(plans ...[]*boundPlan) {
	for _, p := range plans {
		x.learn(p)
	}
	clear(x.rest)
	copy(x.mu, x.center)
	for i := range x.spots {
		s := &x.spots[i]
		p := x.bestPoint(i, x.center, true)
		s.weight[s.find(p)] = 1
		for j, row := range s.rows {
			x.rest[row] += p.n[j]
		}
	}
	h, empty := x.hand(), &piece{}
	for i := range x.shares {
		b := &x.shares[i]
		b.weight[0] = 1
		h.direction(b.group, empty, b.pieces[0])
		h.take(b.group, 1)
	}
	x.reprice()
}

func (x *master) reprice() {
	for i := range x.mu {
		x.mu[i] = x.center[i] + x.tau*x.rest[i]
	}
}

// forget drops pieces that have had no weight for long.
func (x *master) forget() {
	for i := range x.shares {
		b := &x.shares[i]
		n := 0
		for j := range b.pieces {
			b.idle[j]++
			if b.weight[j] > 0 {
				b.idle[j] = 0
			}
			if b.idle[j] > pieceIdle {
				continue
			}
			b.pieces[n], b.weight[n], b.idle[n] = b.pieces[j], b.weight[j], b.idle[j]
			n++
		}
		clear(b.pieces[n:])
		b.pieces, b.weight, b.idle = b.pieces[:n], b.weight[:n], b.idle[:n]
	}
}

// pieceIdle is the number of rounds without weight after which a piece is dropped.
const pieceIdle = 12
