package roster

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
)

// The lower bound is the Lagrangian dual of "presence per slot and skill is what
// the agents bring". With price μ per slot and skill,
//
//	L(μ) = Σ min over z of [cost(z) + μ·z]  +  Σ over agents min over plans of
//	       [own cost − Σ over slots present of max over skills of eff·μ]
//
// is at most the cost of every roster: the roster's own presence and plans are
// among what the two minima range over. z ranges over multiples of the greatest
// common divisor of the efficiencies, so that a fractional need does not weaken
// the bound. The agent's minimum is the programme with loose links, in which
// every legal plan is a plan. Any μ gives a valid bound; a good one is found by
// an incremental subgradient method: after each batch of agents the prices move
// along demand less presence with a falling step, and the mean of the last
// prices is evaluated in full now and then.
type duals struct {
	mu    []float64 // per slot and skill
	shift []float64 // per shift demand
	bound float64
}

// boundBatch is the number of agents that are planned against the same prices;
// it is fixed so that the prices do not depend on the number of workers.
const boundBatch = 4

// boundSweeps is the number of times that all agents are planned in the ascent.
func boundSweeps(effort int) int { return min(400, max(12, effort/2)) }

type ascent struct {
	m        *model
	workers  []*boundWorker
	mu       []float64
	shift    []float64
	lo, hi   []float64 // limits of the prices
	presence []float64 // per slot and skill, by the last plans
	count    []float64
	last     []*boundPlan
	threads  int
}

// boundPlan is an agent's answer to prices.
type boundPlan struct {
	value float64
	use   []int32 // slot*skills + skill of each presence
	shift []int32
}

type boundWorker struct {
	prog  programme
	v     []float64
	pick  []int8
	shift []float64
	opts  []int32
	links map[*book]*links
}

func newAscent(m *model, threads int) *ascent {
	a := &ascent{m: m, threads: threads}
	n := len(m.costs)
	a.mu, a.lo, a.hi = make([]float64, n), make([]float64, n), make([]float64, n)
	a.presence = make([]float64, n)
	a.shift, a.count = make([]float64, len(m.shiftD)), make([]float64, len(m.shiftD))
	for i := range m.costs {
		first, last := m.costs[i].slopes()
		a.lo[i], a.hi[i] = -last, -first
	}
	a.last = make([]*boundPlan, len(m.agents))
	for range boundBatch {
		a.workers = append(a.workers, &boundWorker{links: map[*book]*links{}})
	}
	return a
}

// answer plans one agent against the prices.
func (w *boundWorker) answer(a *ascent, agent int, mu, shift []float64) *boundPlan {
	m, ma := a.m, &a.m.agents[agent]
	out := &boundPlan{}
	if ma.group < 0 {
		return out
	}
	k := len(m.skills)
	gr := &m.groups[ma.group]
	if w.v == nil {
		w.v, w.pick = make([]float64, m.slots), make([]int8, m.slots)
		w.opts = make([]int32, m.p.Days)
	}
	for t := range w.v {
		best, arg := math.Inf(-1), -1
		for _, s := range gr.skills {
			if x := gr.eff[s] * mu[t*k+s]; x > best {
				best, arg = x, s
			}
		}
		if arg < 0 {
			best = 0
		}
		w.v[t], w.pick[t] = -best, int8(arg)
	}
	var sc []float64
	if len(m.shiftD) > 0 {
		if w.shift == nil {
			w.shift = make([]float64, m.p.Days*len(m.p.Shifts))
		}
		sc = w.shift
		clear(sc)
		for i := range m.shiftD {
			if sd := &m.shiftD[i]; m.countsFor(ma, sd) {
				sc[sd.day*len(m.p.Shifts)+sd.shift] -= shift[i]
			}
		}
	}
	l := w.links[ma.book]
	if l == nil {
		x := newLinks(ma.book, true)
		l = &x
		w.links[ma.book] = l
	}
	w.prog.evaluate(m, ma, w.v, sc)
	out.value = w.prog.solve(m, ma, l, nil, w.opts)
	for d, i := range w.opts {
		if i == noOption {
			continue
		}
		o := ma.option(d, i)
		brks := o.fixedBreak
		if brks == nil && o.brk >= 0 {
			c := ma.book.cases[d][o.brk]
			list := ma.book.breaks[c.list]
			at := make([]int, len(list))
			w.prog.bestBreaks(list, c.start, at)
			for j, b := range list {
				brks = append(brks, placed{at[j], b.n, b.paid})
			}
		}
		m.present(o, brks, func(t int) {
			if s := w.pick[t]; s >= 0 {
				out.use = append(out.use, int32(t*k+int(s)))
			}
		})
		for _, x := range m.byDay[d] {
			if sd := &m.shiftD[x]; sd.shift == o.shift && m.countsFor(ma, sd) {
				out.shift = append(out.shift, int32(x))
			}
		}
	}
	return out
}

// batch plans some agents against the same prices, side by side.
func (a *ascent) batch(agents []int, mu, shift []float64) []*boundPlan {
	out := make([]*boundPlan, len(agents))
	if a.threads < 2 {
		for i, x := range agents {
			out[i] = a.workers[i].answer(a, x, mu, shift)
		}
		return out
	}
	var wg sync.WaitGroup
	half := (len(agents) + 1) / 2
	wg.Go(func() {
		for i := half; i < len(agents); i++ {
			out[i] = a.workers[i].answer(a, agents[i], mu, shift)
		}
	})
	for i := range half {
		out[i] = a.workers[i].answer(a, agents[i], mu, shift)
	}
	wg.Wait()
	return out
}

// swap replaces the presence of an agent's last plan.
func (a *ascent) swap(agent int, p *boundPlan) {
	gr := a.m.agents[agent].group
	if gr < 0 {
		return
	}
	k := len(a.m.skills)
	eff := a.m.groups[gr].eff
	if old := a.last[agent]; old != nil {
		for _, u := range old.use {
			a.presence[u] -= eff[int(u)%k]
		}
		for _, u := range old.shift {
			a.count[u]--
		}
	}
	for _, u := range p.use {
		a.presence[u] += eff[int(u)%k]
	}
	for _, u := range p.shift {
		a.count[u]++
	}
	a.last[agent] = p
}

// value returns L at the prices.
func (a *ascent) value(ctx context.Context, mu, shift []float64) (float64, bool) {
	sum := 0.0
	for i := range a.m.costs {
		_, v := a.m.costs[i].least(mu[i], a.m.quantum)
		sum += v
	}
	for i := range a.m.shiftD {
		_, v := leastShift(a.m.shiftD[i].d, shift[i])
		sum += v
	}
	for from := 0; from < len(a.m.agents); from += boundBatch {
		if ctx.Err() != nil {
			return 0, false
		}
		var ids []int
		for x := from; x < min(from+boundBatch, len(a.m.agents)); x++ {
			ids = append(ids, x)
		}
		for _, p := range a.batch(ids, mu, shift) {
			sum += p.value
		}
	}
	return sum, true
}

// leastShift minimises a shift demand's cost plus price times number.
func leastShift(d *ShiftDemand, price float64) (z, value float64) {
	c := demandCost{need: d.Need, under: MissingCost, over: SurplusCost, weight: 1}
	if len(d.Curve) >= 2 {
		c.curve, c.base = d.Curve, float64(d.Base)
	}
	return c.least(price, 1)
}

func shiftLimits(d *ShiftDemand) (lo, hi float64) {
	c := demandCost{need: d.Need, under: MissingCost, over: SurplusCost, weight: 1}
	if len(d.Curve) >= 2 {
		c.curve, c.base = d.Curve, float64(d.Base)
	}
	first, last := c.slopes()
	return -last, -first
}

// ascend looks for prices with a high bound, starting from what presence is worth
// in the roster at hand.
func (s *searcher) ascend(ctx context.Context, effort int, progress func(float64)) *duals {
	m := s.m
	a := newAscent(m, s.workers)
	cov := s.lanes[0].cov
	for i := range a.mu {
		c, z := &m.costs[i], cov.z[i]
		up, down := c.at(z+m.quantum)-c.at(z), 0.0
		if z >= m.quantum {
			down = c.at(z) - c.at(z-m.quantum)
		} else {
			down = up
		}
		a.mu[i] = clamp(-(up+down)/2/m.quantum, a.lo[i], a.hi[i])
	}
	for i := range a.shift {
		d, n := m.shiftD[i].d, float64(cov.count[i])
		lo, hi := shiftLimits(d)
		a.shift[i] = clamp(-(d.Cost(n+1)-d.Cost(math.Max(0, n-1)))/2, lo, hi)
	}
	order := make([]int, 0, len(m.agents))
	for i := range m.agents {
		if m.agents[i].group >= 0 {
			order = append(order, i)
		}
	}
	if len(order) == 0 {
		return nil
	}
	best := &duals{bound: math.Inf(-1)}
	try := func(mu, shift []float64) bool {
		v, ok := a.value(ctx, mu, shift)
		if ok && v > best.bound {
			best.bound = v
			best.mu, best.shift = slices.Clone(mu), slices.Clone(shift)
			s.bound = v
		}
		return ok
	}
	// Prices from a roster tend to be too high: start from the best share of them,
	// and where hours are plenty below zero, since presence then costs. No prices at
	// all give the cost of full cover, so that no bound is below that.
	start, startShift := slices.Clone(a.mu), slices.Clone(a.shift)
	for _, share := range startShares {
		for i := range a.mu {
			a.mu[i] = clamp(share.prices*start[i]+share.level*a.lo[i], a.lo[i], a.hi[i])
		}
		for i := range a.shift {
			a.shift[i] = share.prices * startShift[i]
		}
		if !try(a.mu, a.shift) {
			return best.orNil()
		}
	}
	restart := func() {
		copy(a.mu, best.mu)
		copy(a.shift, best.shift)
	}
	restart()
	mean, meanShift := slices.Clone(a.mu), slices.Clone(a.shift)
	for from := 0; from < len(order); from += boundBatch { // presence must be whole
		if ctx.Err() != nil {
			return best.orNil()
		}
		ids := order[from:min(from+boundBatch, len(order))]
		for i, p := range a.batch(ids, a.mu, a.shift) {
			a.swap(ids[i], p)
		}
	}
	rng := rand.New(rand.NewPCG(11, uint64(len(order))))
	sweeps := boundSweeps(effort)
	perSweep := float64((len(order) + boundBatch - 1) / boundBatch)
	step := MissingCost * boundStep
	for sweep := range sweeps {
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for from := 0; from < len(order); from += boundBatch {
			if ctx.Err() != nil {
				return best.orNil()
			}
			ids := order[from:min(from+boundBatch, len(order))]
			for i, p := range a.batch(ids, a.mu, a.shift) {
				a.swap(ids[i], p)
			}
			a.move(step / perSweep)
			a.average(mean, meanShift, boundMean/perSweep)
		}
		if sweep%boundEvery == boundEvery-1 || sweep == sweeps-1 {
			before := best.bound
			if !try(mean, meanShift) {
				return best.orNil()
			}
			if best.bound <= before+boundGain*math.Abs(before) {
				step *= boundShrink
			}
			progress(float64(sweep+1) / float64(sweeps))
		}
	}
	return best.orNil()
}

// startShares are where the ascent tries to start from: a share of the roster's
// own prices, and a level as a share of the price of surplus.
var startShares = [...]struct{ prices, level float64 }{
	{0, 0}, {0, 1}, {0.1, 1}, {0.25, 1}, {0.1, 0.5}, {0.25, 0.5}, {0.5, 0.5}, {0.25, 0}, {0.5, 0}, {1, 0},
}

func (d *duals) orNil() *duals {
	if d.mu == nil {
		return nil
	}
	return d
}

// The step of the ascent, as a share of MissingCost per agent of imbalance and
// sweep, shrinks by boundShrink whenever boundEvery sweeps have not raised the
// bound by boundGain; the mean of the prices forgets a share boundMean per sweep.
const (
	boundStep   = 0.1
	boundShrink = 0.6
	boundGain   = 0.002
	boundMean   = 0.25
	boundEvery  = 8
)

// move shifts the prices along demand less presence.
func (a *ascent) move(step float64) {
	for i := range a.mu {
		z, _ := a.m.costs[i].least(a.mu[i], a.m.quantum)
		if g := z - a.presence[i]; g > coverEps || g < -coverEps {
			a.mu[i] = clamp(a.mu[i]+step*g, a.lo[i], a.hi[i])
		}
	}
	for i := range a.shift {
		z, _ := leastShift(a.m.shiftD[i].d, a.shift[i])
		lo, hi := shiftLimits(a.m.shiftD[i].d)
		a.shift[i] = clamp(a.shift[i]+step*(z-a.count[i]), lo, hi)
	}
}

func (a *ascent) average(mean, meanShift []float64, share float64) {
	share = math.Min(share, 1)
	for i, x := range a.mu {
		mean[i] += share * (x - mean[i])
	}
	for i, x := range a.shift {
		meanShift[i] += share * (x - meanShift[i])
	}
}

func clamp(x, lo, hi float64) float64 { return math.Max(lo, math.Min(hi, x)) }

// addBound puts the bound, the gap and the prices into the result.
func (m *model) addBound(res *Result, d *duals) {
	res.Bound = d.bound
	if res.Cost.Total >= res.Bound {
		demand := 0.0
		for i := range m.costs {
			demand += m.costs[i].need
		}
		res.Gap = (res.Cost.Total - res.Bound) / math.Max(gapFloor, res.Bound-res.Cost.FullCost+gapDemand*demand)
	}
	k := len(m.skills)
	for i, x := range d.mu {
		if m.costs[i].need > 0 {
			res.Prices = append(res.Prices, Price{Start: m.p.SlotStart(i / k).In(m.p.Zone), Skill: m.skills[i%k], Value: x})
		}
	}
}

// gapDemand and gapFloor keep the gap finite when next to nothing can be avoided.
const (
	gapDemand = 0.01
	gapFloor  = 1.0
)
