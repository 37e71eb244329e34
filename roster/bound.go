package roster

import (
	"cmp"
	"math"
	"slices"
)

// The lower bound is the Lagrangian dual of "presence per slot and skill is what
// the agents bring". Presence is counted in heads per kind, that is per skill and
// efficiency. With a price μ per slot and kind,
//
//	L(μ) = Σ min over whole n of [cost(Σ eff·n) + Σ μ·n]  +  Σ over agents min over
//	       plans of [own cost − Σ over slots present of max over skills of μ]
//
// is at most the cost of every roster: the roster's own presence and plans are
// among what the two minima range over. That n is whole keeps a fractional need
// from weakening the bound. The agent's minimum is the programme with loose links,
// in which every legal plan is a plan. Any μ gives a valid bound; ascent.go looks
// for a good one.
type duals struct {
	mu    []float64 // per slot and kind
	shift []float64 // per shift demand
	bound float64
}

// boundKind is a skill at an efficiency. A skill with more than two efficiencies
// has one kind for all of them, in which an agent counts with the efficiency
// instead of as a head.
type boundKind struct {
	skill  int
	eff    float64 // of one head
	merged bool
	grid   float64 // steps of presence: 1 for heads
	most   float64 // heads that there are at most
}

// buildKinds lists the kinds of every skill, the fullest first.
func (m *model) buildKinds() {
	k := len(m.skills)
	m.kindsOf = make([][]int, k)
	m.kindAt = make([]int8, len(m.groups)*k)
	heads := make([]float64, len(m.groups))
	for i := range m.agents {
		if g := m.agents[i].group; g >= 0 {
			heads[g]++
		}
	}
	for s := range k {
		var effs []float64
		for g := range m.groups {
			if e := m.groups[g].eff[s]; e > 0 && !slices.Contains(effs, e) {
				effs = append(effs, e)
			}
		}
		slices.SortFunc(effs, func(a, b float64) int { return cmp.Compare(b, a) })
		if len(effs) > maxKinds {
			q := effs[0]
			for _, e := range effs {
				q = gcdFloat(q, e)
			}
			m.kindsOf[s] = []int{len(m.kinds)}
			m.kinds = append(m.kinds, boundKind{skill: s, eff: 1, merged: true, grid: q, most: math.Inf(1)})
		} else {
			for _, e := range effs {
				m.kindsOf[s] = append(m.kindsOf[s], len(m.kinds))
				m.kinds = append(m.kinds, boundKind{skill: s, eff: e, grid: 1})
			}
		}
		for g := range m.groups {
			e := m.groups[g].eff[s]
			if e <= 0 {
				continue
			}
			x := m.kindsOf[s][0]
			if !m.kinds[x].merged {
				x = m.kindsOf[s][slices.Index(effs, e)]
				m.kinds[x].most += heads[g]
			}
			m.kindAt[g*k+s] = int8(x)
		}
	}
}

// maxKinds is the number of efficiencies of a skill that are told apart.
const maxKinds = 2

// best returns the presence per kind of a skill that minimises cost plus price,
// and that minimum. n holds a guess on entry. Prices must lie within the limits of
// the cost's slopes.
//
// Of two kinds, a few heads of one always do as much as a few of the other, and what
// their exchange costs does not depend on how many there are: so one best presence
// has less than such a few of one kind, or nearly all there are of the second.
func (m *model) best(c *demandCost, kinds []int, mu []float64, n *[maxKinds]float64) float64 {
	if len(kinds) == 0 {
		return c.at(0)
	}
	one := &m.kinds[kinds[0]]
	if len(kinds) == 1 {
		return bestHeads(c, one, mu[0], 0, &n[0])
	}
	two := &m.kinds[kinds[1]]
	most := math.Min(two.most, math.Ceil(c.top()/two.eff)+1)
	same := gcdFloat(one.eff, two.eff)
	few1, few2 := math.Round(two.eff/same), math.Round(one.eff/same)
	best := math.Inf(1)
	var arg [maxKinds]float64
	take := func(v, x, y float64) {
		if v < best-boundTie {
			best, arg = v, [maxKinds]float64{x, y}
		}
	}
	x := n[0] + math.Ceil(n[1]*two.eff/one.eff)
	for y := 0.0; y <= most; y++ {
		if y == few2 && y < most-few2+1 {
			x = math.Max(0, x-math.Floor((most-few2+1-y)*two.eff/one.eff))
			y = most - few2 + 1
		}
		v := bestHeads(c, one, mu[0], two.eff*y, &x)
		take(v+mu[1]*y, x, y)
	}
	y := n[1] + math.Ceil(n[0]*one.eff/two.eff)
	for x := range int(few1) {
		v := bestHeads(c, two, mu[1], one.eff*float64(x), &y)
		if y > most {
			y = most
			v = c.at(one.eff*float64(x)+two.eff*y) + mu[1]*y
		}
		take(v+mu[0]*float64(x), float64(x), y)
	}
	*n = arg
	return best
}

// boundTie is the difference below which the smaller presence is taken.
const boundTie = 1e-12

// bestHeads minimises cost(base + eff·n) + price·n over the whole n >= 0, walking
// from a guess: the function is convex.
func bestHeads(c *demandCost, k *boundKind, price, base float64, n *float64) float64 {
	x := math.Max(0, *n)
	v := c.at(base+k.eff*x) + price*x
	for x >= k.grid-gridSlack {
		w := c.at(base+k.eff*(x-k.grid)) + price*(x-k.grid)
		if w > v {
			break
		}
		x, v = math.Max(0, x-k.grid), w
	}
	for {
		w := c.at(base+k.eff*(x+k.grid)) + price*(x+k.grid)
		if w >= v-boundTie {
			break
		}
		x, v = x+k.grid, w
	}
	*n = x
	return v
}

// top returns a presence from which on the cost has its last slope.
func (d *demandCost) top() float64 {
	if d.curve == nil {
		return d.need
	}
	return d.base + float64(len(d.curve)-1)
}

// boundPlan is an agent's answer to prices: the option group of every day, noOption
// for a day off.
type boundPlan struct {
	value  float64
	groups []int32
}

type boundWorker struct {
	pricer
	links, strict map[*book]*links
}

// plan plans one agent against the prices that the menus were priced at, with the
// forms of some days held; loose is for the bound.
func (w *boundWorker) plan(x *master, agent int, held []int32, loose bool) *boundPlan {
	m := x.m
	ma := &m.agents[agent]
	out := &boundPlan{}
	if ma.group < 0 {
		return out
	}
	known := &w.links
	if !loose {
		known = &w.strict
	}
	l := (*known)[ma.book]
	if l == nil {
		n := newLinks(ma.book, loose)
		l = &n
		(*known)[ma.book] = l
	}
	w.lay(x, agent, held)
	w.prog.held = held
	out.groups = make([]int32, m.p.Days)
	out.value = w.prog.solve(m, ma, l, nil, out.groups)
	w.prog.held = nil
	return out
}

// lay puts the prices of the menus of an agent into the programme, which then plans
// option groups instead of options.
func (w *boundWorker) lay(x *master, agent int, held []int32) {
	m, s := x.m, &w.prog
	ma := &m.agents[agent]
	if len(s.pick) < m.p.Days {
		s.pick = make([][]int32, m.p.Days)
	}
	s.best = s.best[:0]
	for d := range m.p.Days {
		at := x.menuAt[agent][d]
		hold := int32(anyDay)
		if held != nil {
			hold = held[d]
		}
		n := max(1, len(ma.book.groups[d]))
		if cap(s.pick[d]) < n {
			s.pick[d] = make([]int32, n)
		}
		s.pick[d] = s.pick[d][:n]
		for g := range n {
			v := math.Inf(1)
			if at >= 0 && hold != noOption {
				q := &x.menus[at]
				if g < len(q.best) && (hold < 0 || int(hold) == q.forms[g]) {
					v = q.best[g]
				}
			}
			s.best = append(s.best, v)
			s.pick[d][g] = int32(g)
		}
	}
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

// gap returns the share of the avoidable cost between a cost and a bound.
func gap(cost, bound, avoidable float64) float64 { return math.Max(0, cost-bound) / avoidable }

// avoidable is what a gap is measured against: the bound less the cost of full
// cover, plus a share of the demand.
func (m *model) avoidable(bound float64) float64 {
	demand, full := 0.0, 0.0
	for i := range m.costs {
		demand += m.costs[i].need
		_, least := m.costs[i].least(0, m.quantum)
		full += least
	}
	return math.Max(gapFloor, bound-full+gapDemand*demand)
}

// addBound puts the bound, the gap and the prices into the result.
func (m *model) addBound(res *Result, d *duals) {
	res.Bound = d.bound
	res.Avoidable = m.avoidable(res.Bound)
	res.setGaps()
	k := len(m.skills)
	for i := range m.costs {
		if m.costs[i].need <= 0 {
			continue
		}
		x := 0.0
		for _, kind := range m.kindsOf[i%k] { // of one full agent
			x = math.Max(x, d.mu[i/k*len(m.kinds)+kind]/m.kinds[kind].eff)
		}
		res.Prices = append(res.Prices, Price{Start: m.p.SlotStart(i / k).In(m.p.Zone), Skill: m.skills[i%k], Value: x})
	}
}

// gapDemand and gapFloor keep the gap finite when next to nothing can be avoided.
const (
	gapDemand = 0.01
	gapFloor  = 1.0
)
