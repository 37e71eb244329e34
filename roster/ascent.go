package roster

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
)

// ascent looks for prices with a high bound by an incremental subgradient method:
// after each batch of agents the prices move along wanted less actual presence, by
// steps that shrink, and the mean of the last prices is evaluated in full now and
// then.
type ascent struct {
	m        *model
	workers  []*boundWorker
	mu       []float64 // per slot and kind
	shift    []float64 // per shift demand
	lo, hi   []float64 // limits of the prices
	want     []float64 // presence that the demand would like best, at the last prices
	presence []float64 // per slot and kind, by the last plans
	count    []float64
	last     []*boundPlan
	threads  int
	batch    int
	rows     []int // slots and skills with any kind: the others have no say
}

// The number of agents that are planned against the same prices depends on the
// size of the team alone, so that prices do not depend on the number of workers.
const (
	leastBatch  = 4
	mostBatch   = 32
	batchShares = 48
)

func newAscent(m *model, threads int) *ascent {
	a := &ascent{m: m, threads: threads}
	k, kinds := len(m.skills), len(m.kinds)
	n := m.slots * kinds
	a.mu, a.lo, a.hi = make([]float64, n), make([]float64, n), make([]float64, n)
	a.presence, a.want = make([]float64, n), make([]float64, n)
	a.shift, a.count = make([]float64, len(m.shiftD)), make([]float64, len(m.shiftD))
	for i := range m.costs {
		first, last := m.costs[i].slopes()
		if len(m.kindsOf[i%k]) > 0 {
			a.rows = append(a.rows, i)
		}
		for _, x := range m.kindsOf[i%k] {
			j := i/k*kinds + x
			a.lo[j], a.hi[j] = -last*m.kinds[x].eff, -first*m.kinds[x].eff
		}
	}
	a.last = make([]*boundPlan, len(m.agents))
	a.batch = min(mostBatch, max(leastBatch, len(m.agents)/batchShares))
	for range a.batch {
		a.workers = append(a.workers, &boundWorker{links: map[*book]*links{}})
	}
	return a
}

// side runs two halves of some work, side by side where there are two threads.
func (a *ascent) side(n int, f func(from, to int)) {
	if a.threads < 2 || n < 2 {
		f(0, n)
		return
	}
	var wg sync.WaitGroup
	wg.Go(func() { f(n/2, n) })
	f(0, n/2)
	wg.Wait()
}

// answers plans some agents against the same prices.
func (a *ascent) answers(agents []int, mu, shift []float64) []*boundPlan {
	out := make([]*boundPlan, len(agents))
	a.side(len(agents), func(from, to int) {
		for i := from; i < to; i++ {
			out[i] = a.workers[i].answer(a, agents[i], mu, shift)
		}
	})
	return out
}

// swap replaces the presence of an agent's last plan.
func (a *ascent) swap(agent int, p *boundPlan) {
	gr := a.m.agents[agent].group
	if gr < 0 {
		return
	}
	kinds := len(a.m.kinds)
	weight := func(u int32) float64 {
		if x := &a.m.kinds[int(u)%kinds]; x.merged {
			return a.m.groups[gr].eff[x.skill]
		}
		return 1
	}
	if old := a.last[agent]; old != nil {
		for _, u := range old.use {
			a.presence[u] -= weight(u)
		}
		for _, u := range old.shift {
			a.count[u]--
		}
	}
	for _, u := range p.use {
		a.presence[u] += weight(u)
	}
	for _, u := range p.shift {
		a.count[u]++
	}
	a.last[agent] = p
}

// value returns L at the prices.
func (a *ascent) value(ctx context.Context, mu, shift []float64) (float64, bool) {
	m := a.m
	k, kinds := len(m.skills), len(m.kinds)
	sum := 0.0
	for i := range m.costs {
		list := m.kindsOf[i%k]
		var n, price [maxKinds]float64
		for j, x := range list {
			price[j], n[j] = mu[i/k*kinds+x], a.want[i/k*kinds+x]
		}
		sum += m.best(&m.costs[i], list, price[:], &n, true)
	}
	for i := range m.shiftD {
		_, v := leastShift(m.shiftD[i].d, shift[i])
		sum += v
	}
	for from := 0; from < len(m.agents); from += a.batch {
		if ctx.Err() != nil {
			return 0, false
		}
		var ids []int
		for x := from; x < min(from+a.batch, len(m.agents)); x++ {
			ids = append(ids, x)
		}
		for _, p := range a.answers(ids, mu, shift) {
			sum += p.value
		}
	}
	return sum, true
}

// move shifts the prices along wanted less actual presence.
func (a *ascent) move(step float64) {
	m := a.m
	k, kinds := len(m.skills), len(m.kinds)
	a.side(len(a.rows), func(from, to int) {
		for _, i := range a.rows[from:to] {
			list := m.kindsOf[i%k]
			var n, price [maxKinds]float64
			for j, x := range list {
				price[j], n[j] = a.mu[i/k*kinds+x], a.want[i/k*kinds+x]
			}
			m.best(&m.costs[i], list, price[:], &n, false)
			for j, x := range list {
				at := i/k*kinds + x
				a.want[at] = n[j]
				if g := n[j] - a.presence[at]; g > coverEps || g < -coverEps {
					a.mu[at] = clamp(a.mu[at]+step*g, a.lo[at], a.hi[at])
				}
			}
		}
	})
	for i := range a.shift {
		z, _ := leastShift(m.shiftD[i].d, a.shift[i])
		lo, hi := shiftLimits(m.shiftD[i].d)
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

// begin sets all prices to a share of the price of surplus.
func (a *ascent) begin(level float64) {
	for i := range a.mu {
		a.mu[i] = level * a.lo[i]
	}
	for i := range a.shift {
		lo, _ := shiftLimits(a.m.shiftD[i].d)
		a.shift[i] = level * lo
	}
}

// beginLevels are where the ascent tries to start from: presence worth nothing, or
// costing what surplus costs, which is where it ends up when hours are plenty.
var beginLevels = [...]float64{0, 0.5, 1}

// ascend looks for prices with a high bound.
func (s *searcher) ascend(ctx context.Context, sweeps int, progress func(float64)) *duals {
	m := s.m
	a := newAscent(m, s.workers)
	var order []int
	for i := range m.agents {
		if m.agents[i].group >= 0 {
			order = append(order, i)
		}
	}
	if len(order) == 0 {
		return nil
	}
	best := s.duals
	if best == nil {
		best = &duals{bound: math.Inf(-1)}
	}
	try := func(mu, shift []float64) bool {
		v, ok := a.value(ctx, mu, shift)
		if ok && v > best.bound {
			best = &duals{bound: v, mu: slices.Clone(mu), shift: slices.Clone(shift)}
			s.duals, s.bound = best, v
		}
		return ok
	}
	for _, level := range beginLevels {
		a.begin(level)
		if !try(a.mu, a.shift) {
			return s.duals
		}
	}
	copy(a.mu, best.mu)
	copy(a.shift, best.shift)
	mean, meanShift := slices.Clone(a.mu), slices.Clone(a.shift)
	visit := func(from int) bool {
		ids := order[from:min(from+a.batch, len(order))]
		for i, p := range a.answers(ids, a.mu, a.shift) {
			a.swap(ids[i], p)
		}
		return ctx.Err() == nil
	}
	for from := 0; from < len(order); from += a.batch { // presence must be whole
		if !visit(from) {
			return s.duals
		}
	}
	a.move(0)
	rng := rand.New(rand.NewPCG(11, uint64(len(order))))
	perSweep := float64((len(order) + a.batch - 1) / a.batch)
	for sweep := range sweeps {
		step := s.m.scale / float64(len(order)) * boundFirst * math.Pow(boundLast/boundFirst, float64(sweep)/float64(sweeps))
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for from := 0; from < len(order); from += a.batch {
			if !visit(from) {
				return s.duals
			}
			a.move(step / perSweep)
			a.average(mean, meanShift, boundMean/perSweep)
		}
		if sweep%boundEvery == boundEvery-1 || sweep == sweeps-1 {
			if !try(mean, meanShift) {
				return s.duals
			}
			progress(float64(sweep+1) / float64(sweeps))
		}
	}
	return s.duals
}

// The steps of the ascent, in units of the model's scale per agent of imbalance and
// sweep: the more agents there are, the more of them a change of price moves. The
// mean of the prices forgets a share boundMean per sweep.
const (
	boundFirst = 12.0
	boundLast  = 0.15
	boundMean  = 0.3
	boundEvery = 6
)

// boundSweeps is the number of times that all agents are planned in the ascent.
func boundSweeps(effort int) int { return min(600, 12+8*effort) }
