package roster

import (
	"math"
	"slices"
)

// cover is who is present when, and which skill they serve. Agents of a group are
// interchangeable, so that counts per slot, group and skill suffice; names are
// put to them at the end. Within a slot the skills are an assignment problem with
// convex costs: it is kept solved by shortest chains of moves, "agent of group g
// from skill s to skill t", on a graph with one node per skill. With equal
// efficiencies the chains keep it optimal; with different ones they are a close
// heuristic, and the cost is exact for the assignment that is kept.
type cover struct {
	m          *model
	k, g       int
	n          []int16   // per slot, group, skill
	z          []float64 // per slot, skill: presence weighted by efficiency
	cost       float64   // of all slots
	v          []float64 // per group and slot: cost of one more agent, NaN = to be computed
	count      []int     // per shift demand
	edges      [][]edge  // per slot, where edgeOK
	edgeOK     []bool
	journal    []int // slots saved since begin
	savedN     []int16
	savedZ     []float64
	savedAt    []int // per slot: the round in which it was saved
	savedCost  float64
	round      int
	journaling bool
	seen       []int // per class of moves: the stamp when it was last seen
	stamp      int
	multi      bool      // some group has more than one skill
	trades     [][]trade // that matter, by skill
	step       chain     // scratch
}

// chain is a path of moves in one slot.
type chain struct {
	cost  float64
	first int      // skill that the new agent takes
	moves [][3]int // group, from, to
}

// coverEps is the least gain, in points, for which moves are made: above the
// rounding of sums of costs, below every price.
const coverEps = 1e-7

func newCover(m *model) *cover {
	c := &cover{m: m, k: len(m.skills), g: len(m.groups)}
	c.n = make([]int16, m.slots*c.g*c.k)
	c.z = make([]float64, m.slots*c.k)
	c.v = make([]float64, m.slots*c.g)
	c.count = make([]int, len(m.shiftD))
	for i := range c.v {
		c.v[i] = math.NaN()
	}
	for _, g := range m.groups {
		c.multi = c.multi || len(g.skills) > 1
	}
	c.trades = m.trades()
	c.edges, c.edgeOK, c.seen = make([][]edge, m.slots), make([]bool, m.slots), make([]int, m.moveClasses)
	c.savedAt = make([]int, m.slots)
	c.cost = c.total()
	return c
}

// total sums the cost of every slot and shift demand anew.
func (c *cover) total() float64 {
	sum := 0.0
	for i := range c.z {
		sum += c.m.costs[i].at(c.z[i])
	}
	for i, n := range c.count {
		sum += c.m.shiftD[i].d.Cost(float64(n))
	}
	return sum
}

func (c *cover) counts(slot int) []int16   { return c.n[slot*c.g*c.k : (slot+1)*c.g*c.k] }
func (c *cover) levels(slot int) []float64 { return c.z[slot*c.k : (slot+1)*c.k] }
func (c *cover) prices(slot int) []demandCost {
	return c.m.costs[slot*c.k : (slot+1)*c.k]
}

// values returns what one more agent of a group costs in every slot.
func (c *cover) values(group int) []float64 {
	v := c.v[group*c.m.slots : (group+1)*c.m.slots]
	for slot, x := range v {
		if x != x {
			v[slot] = c.insertion(slot, group, nil)
		}
	}
	return v
}

// insertion returns the cost of one more agent of the group in the slot and
// fills path, if not nil, with how.
func (c *cover) insertion(slot, group int, path *chain) float64 {
	eff := c.m.groups[group].eff
	z, cost := c.levels(slot), c.prices(slot)
	best := math.Inf(1)
	for _, s := range c.m.groups[group].skills {
		if d := cost[s].at(z[s]+eff[s]) - cost[s].at(z[s]); d < best {
			best = d
			if path != nil {
				path.first, path.moves = s, path.moves[:0]
			}
		}
	}
	if len(c.m.groups[group].skills) == 0 {
		return 0
	}
	if !c.multi {
		if path != nil {
			path.cost = best
		}
		return best
	}
	if c.cheapestSkill(slot) >= best-coverEps {
		if path != nil {
			path.cost = best
		}
		return best // no chain can end in a better place
	}
	var lab labels
	for _, s := range c.m.groups[group].skills {
		lab.seed(s, eff[s])
	}
	c.search(slot, &lab)
	if t := c.bestEnd(slot, &lab); t >= 0 && lab.end < best-coverEps {
		best = lab.end
		if path != nil {
			path.first = lab.trace(t, path)
		}
	}
	if path != nil {
		path.cost = best
	}
	return best
}

// cheapestSkill returns the least cost of one more full agent in any skill that
// somebody with several skills has.
func (c *cover) cheapestSkill(slot int) float64 {
	z, cost := c.levels(slot), c.prices(slot)
	best := math.Inf(1)
	for s := range z {
		best = math.Min(best, cost[s].at(z[s]+1)-cost[s].at(z[s]))
	}
	return best
}

// fillable reports whether it might pay that somebody moves to skill s.
func (c *cover) fillable(slot, s int) bool {
	z, cost := c.levels(slot), c.prices(slot)
	gain := cost[s].at(z[s]+1) - cost[s].at(z[s])
	for t := range z {
		if t != s && z[t] > 0 && gain+cost[t].at(math.Max(0, z[t]-1))-cost[t].at(z[t]) < -coverEps {
			return true
		}
	}
	return false
}

// maxSkills bounds the skills of a problem: labels live on the stack.
const maxSkills = 24

// labels are the nodes of a chain search: the cheapest way for one agent too many
// to stand at a skill. arrive is the efficiency that came in there.
type labels struct {
	dist   [maxSkills]float64
	arrive [maxSkills]float64
	group  [maxSkills]int16
	from   [maxSkills]int16
	set    [maxSkills]bool
	end    float64
}

func (l *labels) seed(s int, eff float64) {
	l.set[s], l.dist[s], l.arrive[s], l.from[s] = true, 0, eff, -1
}

// trace fills the path that ends at t and returns its first skill.
func (l *labels) trace(t int, path *chain) int {
	path.moves = path.moves[:0]
	s := t
	for l.from[s] >= 0 {
		path.moves = append(path.moves, [3]int{int(l.group[s]), int(l.from[s]), s})
		s = int(l.from[s])
	}
	// The moves come last first; the order does not matter to the counts.
	return s
}

// search extends the labels over moves of agents that are there.
func (c *cover) search(slot int, l *labels) {
	z, cost, edges := c.levels(slot), c.prices(slot), c.edgesOf(slot)
	for round := 0; round < c.k-1; round++ {
		changed := false
		for s := range c.k {
			if !l.set[s] {
				continue
			}
			for i := range edges {
				e := &edges[i]
				if int(e.from) != s {
					continue
				}
				// One comes in with arrive, one of the edge's group leaves.
				d := l.dist[s]
				if a := l.arrive[s]; a != e.leave {
					d += cost[s].at(z[s]+a-e.leave) - cost[s].at(z[s])
				}
				t := int(e.to)
				if (!l.set[t] || d < l.dist[t]-coverEps) && !l.passes(s, t) {
					l.set[t], l.dist[t], l.arrive[t], l.group[t], l.from[t] = true, d, e.arrive, e.group, e.from
					changed = true
				}
			}
		}
		if !changed {
			return
		}
	}
}

// edge is a move that somebody in a slot can make. Groups with the same
// efficiencies at both ends share one.
type edge struct {
	from, to, group int16
	leave, arrive   float64
}

// edgesOf returns the moves that can be made in a slot.
func (c *cover) edgesOf(slot int) []edge {
	if c.edgeOK[slot] {
		return c.edges[slot]
	}
	c.stamp++
	counts := c.counts(slot)
	out := c.edges[slot][:0]
	for i := range c.m.moves {
		mv := &c.m.moves[i]
		if counts[int(mv.group)*c.k+int(mv.from)] > 0 && c.seen[mv.class] != c.stamp {
			c.seen[mv.class] = c.stamp
			out = append(out, mv.edge)
		}
	}
	c.edges[slot], c.edgeOK[slot] = out, true
	return out
}

// move is an edge with the number of its class: moves of a class are alike.
type move struct {
	edge
	class int
}

// buildMoves lists every move of every group.
func (m *model) buildMoves() {
	classes := map[[4]float64]int{}
	for g := range m.groups {
		eff := m.groups[g].eff
		for _, s := range m.groups[g].skills {
			for _, t := range m.groups[g].skills {
				if s == t {
					continue
				}
				key := [4]float64{float64(s), float64(t), eff[s], eff[t]}
				if _, ok := classes[key]; !ok {
					classes[key] = len(classes)
				}
				m.moves = append(m.moves, move{edge{int16(s), int16(t), int16(g), eff[s], eff[t]}, classes[key]})
			}
		}
	}
	m.moveClasses = len(classes)
}

// passes reports whether the way to s goes through t.
func (l *labels) passes(s, t int) bool {
	for x := int16(s); x >= 0; x = l.from[x] {
		if int(x) == t {
			return true
		}
	}
	return false
}

// bestEnd returns the skill at which the agent too many is best added, and sets
// l.end to the cost of the whole chain.
func (c *cover) bestEnd(slot int, l *labels) int {
	z, cost := c.levels(slot), c.prices(slot)
	t := -1
	l.end = math.Inf(1)
	for s := range c.k {
		if !l.set[s] {
			continue
		}
		if d := l.dist[s] + cost[s].at(z[s]+l.arrive[s]) - cost[s].at(z[s]); d < l.end {
			l.end, t = d, s
		}
	}
	return t
}

// begin starts a journal: rollback brings every slot back to what it was then.
func (c *cover) begin() {
	c.round++
	c.journal, c.savedN, c.savedZ = c.journal[:0], c.savedN[:0], c.savedZ[:0]
	c.journaling, c.savedCost = true, c.cost
}

// end ends the journal and keeps the changes.
func (c *cover) end() { c.journaling = false }

// rollback undoes everything since begin.
func (c *cover) rollback() {
	size := c.g * c.k
	for i, slot := range c.journal {
		copy(c.counts(slot), c.savedN[i*size:(i+1)*size])
		copy(c.levels(slot), c.savedZ[i*c.k:(i+1)*c.k])
		c.touch(slot)
	}
	c.cost, c.journaling = c.savedCost, false
}

func (c *cover) save(slot int) {
	if !c.journaling || c.savedAt[slot] == c.round {
		return
	}
	c.savedAt[slot] = c.round
	c.journal = append(c.journal, slot)
	c.savedN = append(c.savedN, c.counts(slot)...)
	c.savedZ = append(c.savedZ, c.levels(slot)...)
}

func (c *cover) touch(slot int) {
	c.edgeOK[slot] = false
	for g := range c.g {
		c.v[g*c.m.slots+slot] = math.NaN()
	}
}

// add puts one agent of the group into the slot, in the cheapest way.
func (c *cover) add(slot, group int) {
	if len(c.m.groups[group].skills) == 0 {
		return
	}
	c.save(slot)
	c.insertion(slot, group, &c.step)
	counts, z, cost := c.counts(slot), c.levels(slot), c.prices(slot)
	before := 0.0
	for s := range c.k {
		before += cost[s].at(z[s])
	}
	c.shift(counts, z, group, -1, c.step.first)
	for _, mv := range c.step.moves {
		c.shift(counts, z, mv[0], mv[1], mv[2])
	}
	last := c.step.first
	for _, mv := range c.step.moves {
		if mv[2] != last && len(c.trades[last]) > 0 && c.tradeSlot(slot, last) {
			c.settle(slot)
		}
		last = mv[2]
	}
	if len(c.trades[last]) > 0 && c.tradeSlot(slot, last) {
		c.settle(slot)
	}
	after := 0.0
	for s := range c.k {
		after += cost[s].at(z[s])
	}
	c.cost += after - before
	c.touch(slot)
}

// shift moves one agent of a group between skills; -1 is out of the slot.
func (c *cover) shift(counts []int16, z []float64, group, from, to int) {
	eff := c.m.groups[group].eff
	if from >= 0 {
		counts[group*c.k+from]--
		z[from] -= eff[from]
	}
	if to >= 0 {
		counts[group*c.k+to]++
		z[to] += eff[to]
	}
}

// remove takes one agent of the group out of the slot and lets others move into
// the hole where that is better.
func (c *cover) remove(slot, group int) {
	gr := &c.m.groups[group]
	if len(gr.skills) == 0 {
		return
	}
	counts, z, cost := c.counts(slot), c.levels(slot), c.prices(slot)
	before := 0.0
	for s := range c.k {
		before += cost[s].at(z[s])
	}
	c.save(slot)
	best, from := math.Inf(1), -1
	for _, s := range gr.skills {
		if counts[group*c.k+s] > 0 {
			if d := cost[s].at(z[s]-gr.eff[s]) - cost[s].at(z[s]); d < best {
				best, from = d, s
			}
		}
	}
	c.shift(counts, z, group, from, -1)
	if c.multi && c.fillable(slot, from) {
		c.settle(slot)
	}
	if len(c.trades[from]) > 0 && c.tradeSlot(slot, from) {
		c.settle(slot)
	}
	after := 0.0
	for s := range c.k {
		after += cost[s].at(z[s])
	}
	c.cost += after - before
	c.touch(slot)
}

// settle makes the best chain of moves in a slot as long as one pays.
func (c *cover) settle(slot int) {
	counts, z, cost := c.counts(slot), c.levels(slot), c.prices(slot)
	for range maxSettle {
		bestGain, bestFirst := -coverEps, -1
		var bestPath [][3]int
		c.edgeOK[slot] = false
		edges, cheapest := c.edgesOf(slot), c.cheapestSkill(slot)
		for s := range c.k {
			if cost[s].at(math.Max(0, z[s]-1))-cost[s].at(z[s])+cheapest >= -coverEps ||
				!slices.ContainsFunc(edges, func(e edge) bool { return int(e.from) == s }) {
				continue
			}
			var lab labels
			lab.seed(s, 0)
			c.search(slot, &lab)
			lab.set[s] = false
			t := c.bestEnd(slot, &lab)
			if t < 0 || lab.end >= bestGain {
				continue
			}
			bestGain = lab.end
			bestFirst = lab.trace(t, &c.step)
			bestPath = append(bestPath[:0], c.step.moves...)
		}
		if bestFirst < 0 {
			return
		}
		sum := 0.0
		for s := range c.k {
			sum -= cost[s].at(z[s])
		}
		for _, mv := range bestPath {
			c.shift(counts, z, mv[0], mv[1], mv[2])
		}
		for s := range c.k {
			sum += cost[s].at(z[s])
		}
		if sum > -coverEps { // labels of unequal efficiencies may promise too much
			for _, mv := range bestPath {
				c.shift(counts, z, mv[0], mv[2], mv[1])
			}
			return
		}
	}
}

// tidy improves the skills of every slot by trades, two agents of different
// groups that change places, and by chains, until none is left. With equal
// efficiencies there is nothing to do.
func (c *cover) tidy() {
	if c.m.quantum == 1 {
		return
	}
	for slot := range c.m.slots {
		c.tidySlot(slot)
	}
	c.cost = c.total()
}

// tidyTouched tidies the slots of the journal.
func (c *cover) tidyTouched() {
	if c.m.quantum == 1 {
		return
	}
	for _, slot := range c.journal {
		before := c.slotCost(slot)
		c.tidySlot(slot)
		c.cost += c.slotCost(slot) - before
	}
}

func (c *cover) slotCost(slot int) float64 {
	z, cost := c.levels(slot), c.prices(slot)
	sum := 0.0
	for s := range z {
		sum += cost[s].at(z[s])
	}
	return sum
}

func (c *cover) tidySlot(slot int) {
	c.settle(slot)
	for range maxTidy {
		any := false
		for s := range c.k {
			any = c.tradeSlot(slot, s) || any
		}
		if !any {
			break
		}
		c.settle(slot)
	}
	c.touch(slot)
}

// maxTidy bounds the rounds of tidy in one slot.
const maxTidy = 20

// trade is a change of places: an agent of group g from skill s to t, one of
// group h from t to s. It matters only where their efficiencies differ.
type trade struct{ g, s, h, t int }

// trades lists the trades that can change coverage, by the skills they touch.
func (m *model) trades() [][]trade {
	out := make([][]trade, len(m.skills))
	for g := range m.groups {
		for h := range m.groups {
			eg, eh := m.groups[g].eff, m.groups[h].eff
			for _, s := range m.groups[g].skills {
				for _, t := range m.groups[g].skills {
					if g != h && s != t && eh[s] > 0 && eh[t] > 0 && (eg[s] != eh[s] || eg[t] != eh[t]) {
						out[s] = append(out[s], trade{g, s, h, t})
						out[t] = append(out[t], trade{g, s, h, t})
					}
				}
			}
		}
	}
	return out
}

// tradeSlot makes every trade of a slot that pays and touches a skill.
func (c *cover) tradeSlot(slot, skill int) (changed bool) {
	counts, z, cost := c.counts(slot), c.levels(slot), c.prices(slot)
	for _, x := range c.trades[skill] {
		if counts[x.g*c.k+x.s] == 0 || counts[x.h*c.k+x.t] == 0 {
			continue
		}
		eg, eh := c.m.groups[x.g].eff, c.m.groups[x.h].eff
		ds, dt := eh[x.s]-eg[x.s], eg[x.t]-eh[x.t]
		d := 0.0
		if ds != 0 {
			d = cost[x.s].at(z[x.s]+ds) - cost[x.s].at(z[x.s])
		}
		if dt != 0 {
			d += cost[x.t].at(z[x.t]+dt) - cost[x.t].at(z[x.t])
		}
		if d < -coverEps {
			c.shift(counts, z, x.g, x.s, x.t)
			c.shift(counts, z, x.h, x.t, x.s)
			changed = true
		}
	}
	return changed
}

// maxSettle bounds the chains after one removal; one is enough when efficiencies
// are equal.
const maxSettle = 4
