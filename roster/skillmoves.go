package roster

import (
	"math"
	"sync"
)

// Moves of agents between skills within one slot.

// moveClass is a kind of move: from one skill to another, by agents who count leave
// in the one and arrive in the other. The agents of its groups can make it.
type moveClass struct {
	from, to      int
	leave, arrive float64
	groups        []int16
}

// exchange is a pair of classes whose agents can change places: one of class a goes
// from skill s to t, one of class b from t to s. It matters only where their
// efficiencies differ.
type exchange struct {
	a, b   int
	s, t   int
	ds, dt float64 // what s and t gain
}

// buildMoves lists every class of moves.
func (m *model) buildMoves() {
	type key struct {
		from, to      int
		leave, arrive float64
	}
	index := map[key]int{}
	k := len(m.skills)
	m.uniform = true
	m.classesOf = make([][]int32, len(m.groups)*k)
	m.classesFrom, m.classesTo = make([][]int32, k), make([][]int32, k)
	for g := range m.groups {
		eff := m.groups[g].eff
		for _, s := range m.groups[g].skills {
			m.uniform = m.uniform && eff[s] == 1
			for _, t := range m.groups[g].skills {
				if s == t {
					continue
				}
				x := key{s, t, eff[s], eff[t]}
				i, ok := index[x]
				if !ok {
					i = len(m.classes)
					index[x] = i
					m.classes = append(m.classes, moveClass{from: s, to: t, leave: eff[s], arrive: eff[t]})
					m.classesFrom[s] = append(m.classesFrom[s], int32(i))
					m.classesTo[t] = append(m.classesTo[t], int32(i))
				}
				m.classes[i].groups = append(m.classes[i].groups, int16(g))
				m.classesOf[g*k+s] = append(m.classesOf[g*k+s], int32(i))
			}
		}
	}
	m.exchanges = make([][]exchange, k)
	for a := range m.classes {
		for b := range m.classes {
			x, y := &m.classes[a], &m.classes[b]
			if x.from != y.to || x.to != y.from {
				continue
			}
			e := exchange{a: a, b: b, s: x.from, t: x.to, ds: y.arrive - x.leave, dt: x.arrive - y.leave}
			if e.ds != 0 || e.dt != 0 {
				m.exchanges[e.s] = append(m.exchanges[e.s], e)
			}
		}
	}
}

// maxSkills bounds the skills of a problem: labels live on the stack.
const maxSkills = 24

// insertion returns the cost of one more agent of the group in the slot and
// fills path, if not nil, with how.
func (c *cover) insertion(slot, group int, path *chain) float64 {
	gr := &c.m.groups[group]
	if len(gr.skills) == 0 {
		return 0
	}
	z, cost := c.levels(slot), c.prices(slot)
	best, first := math.Inf(1), -1
	for _, s := range gr.skills {
		if d := cost[s].at(z[s]+gr.eff[s]) - cost[s].at(z[s]); d < best {
			best, first = d, s
		}
	}
	if path != nil {
		path.first, path.moves = first, path.moves[:0]
	}
	if len(c.m.classes) == 0 {
		return best
	}
	var up [maxSkills]float64
	least := math.Inf(1)
	for s := range c.k {
		up[s] = cost[s].at(z[s]+1) - cost[s].at(z[s])
		least = math.Min(least, up[s])
	}
	if least >= best-coverEps {
		return best // no chain can end in a better place
	}
	if c.m.uniform {
		return c.reach(slot, gr.skills, &up, best, path)
	}
	var lab labels
	for _, s := range gr.skills {
		lab.seed(s, gr.eff[s])
	}
	c.search(slot, &lab)
	if t := c.bestEnd(slot, &lab); t >= 0 && lab.end < best-coverEps {
		best = lab.end
		if path != nil {
			path.first = lab.trace(t, path)
		}
	}
	return best
}

// reach is insertion where all efficiencies are 1: a chain changes nothing but its
// end, so that the cheapest skill within reach counts.
func (c *cover) reach(slot int, from []int, up *[maxSkills]float64, best float64, path *chain) float64 {
	pop := c.movers(slot)
	var queue [maxSkills]int8
	var by [maxSkills]int16
	var seen uint32
	n := 0
	for _, s := range from {
		seen |= 1 << s
		queue[n], by[s] = int8(s), -1
		n++
	}
	end := -1
	for i := 0; i < n; i++ {
		for _, x := range c.m.classesFrom[queue[i]] {
			t := c.m.classes[x].to
			if pop[x] == 0 || seen>>t&1 == 1 {
				continue
			}
			seen |= 1 << t
			by[t] = int16(x)
			queue[n] = int8(t)
			n++
			if up[t] < best-coverEps {
				best, end = up[t], t
			}
		}
	}
	if path != nil && end >= 0 {
		for by[end] >= 0 {
			x := &c.m.classes[by[end]]
			path.moves = append(path.moves, hop{by[end], int16(x.from), int16(x.to)})
			end = x.from
		}
		path.first = end
	}
	return best
}

// fill moves agents along the best chain that ends in the skill, where all
// efficiencies are 1, if that pays.
func (c *cover) fill(slot, hole int) {
	z, cost, pop := c.levels(slot), c.prices(slot), c.movers(slot)
	gain := cost[hole].at(z[hole]+1) - cost[hole].at(z[hole])
	var queue [maxSkills]int8
	var by [maxSkills]int16
	seen := uint32(1) << hole
	queue[0], by[hole] = int8(hole), -1
	n, end, best := 1, -1, -coverEps
	for i := 0; i < n; i++ {
		for _, x := range c.m.classesTo[queue[i]] {
			s := c.m.classes[x].from
			if pop[x] == 0 || seen>>s&1 == 1 {
				continue
			}
			seen |= 1 << s
			by[s] = int16(x)
			queue[n] = int8(s)
			n++
			if d := gain + cost[s].at(z[s]-1) - cost[s].at(z[s]); d < best {
				best, end = d, s
			}
		}
	}
	if end < 0 {
		return
	}
	c.step.moves = c.step.moves[:0]
	for by[end] >= 0 {
		x := &c.m.classes[by[end]]
		c.step.moves = append(c.step.moves, hop{by[end], int16(x.from), int16(x.to)})
		end = x.to
	}
	c.follow(slot, c.step.moves)
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

// labels are the nodes of a chain search: the cheapest way for one agent too many
// to stand at a skill. arrive is the efficiency that came in there.
type labels struct {
	dist   [maxSkills]float64
	arrive [maxSkills]float64
	by     [maxSkills]int16 // class of the move that came in, -1 at the first
	from   [maxSkills]int16
	set    uint32
	end    float64
}

func (l *labels) seed(s int, eff float64) {
	l.set |= 1 << s
	l.dist[s], l.arrive[s], l.from[s], l.by[s] = 0, eff, -1, -1
}

// trace fills the path that ends at t and returns its first skill.
func (l *labels) trace(t int, path *chain) int {
	path.moves = path.moves[:0]
	s := t
	for l.from[s] >= 0 {
		path.moves = append(path.moves, hop{l.by[s], l.from[s], int16(s)})
		s = int(l.from[s])
	}
	// The moves come last first; the order does not matter to the counts.
	return s
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

// search extends the labels over moves of agents that are there.
func (c *cover) search(slot int, l *labels) {
	z, cost, pop := c.levels(slot), c.prices(slot), c.movers(slot)
	fresh := l.set
	for round := 0; round < c.k-1 && fresh != 0; round++ {
		todo := fresh
		fresh = 0
		for s := range c.k {
			if todo>>s&1 == 0 {
				continue
			}
			for _, x := range c.m.classesFrom[s] {
				if pop[x] == 0 {
					continue
				}
				// One comes in with arrive, one of the class leaves.
				e := &c.m.classes[x]
				d := l.dist[s]
				if a := l.arrive[s]; a != e.leave {
					d += cost[s].at(z[s]+a-e.leave) - cost[s].at(z[s])
				}
				if t := e.to; (l.set>>t&1 == 0 || d < l.dist[t]-coverEps) && !l.passes(s, t) {
					l.set |= 1 << t
					fresh |= 1 << t
					l.dist[t], l.arrive[t], l.by[t], l.from[t] = d, e.arrive, int16(x), int16(s)
				}
			}
		}
	}
}

// bestEnd returns the skill at which the agent too many is best added, and sets
// l.end to the cost of the whole chain.
func (c *cover) bestEnd(slot int, l *labels) int {
	z, cost := c.levels(slot), c.prices(slot)
	t := -1
	l.end = math.Inf(1)
	for s := range c.k {
		if l.set>>s&1 == 0 {
			continue
		}
		if d := l.dist[s] + cost[s].at(z[s]+l.arrive[s]) - cost[s].at(z[s]); d < l.end {
			l.end, t = d, s
		}
	}
	return t
}

// settle makes the best chain of moves in a slot as long as one pays.
func (c *cover) settle(slot int) {
	z, cost := c.levels(slot), c.prices(slot)
	for range maxSettle {
		best, first := -coverEps, -1
		least := math.Inf(1)
		for s := range c.k {
			least = math.Min(least, cost[s].at(z[s]+1)-cost[s].at(z[s]))
		}
		for s := range c.k {
			if z[s] <= 0 || cost[s].at(math.Max(0, z[s]-1))-cost[s].at(z[s])+least >= -coverEps {
				continue
			}
			var lab labels
			lab.seed(s, 0)
			c.search(slot, &lab)
			lab.set &^= 1 << s
			t := c.bestEnd(slot, &lab)
			if t < 0 || lab.end >= best {
				continue
			}
			best = lab.end
			first = lab.trace(t, &c.step)
		}
		if first < 0 {
			return
		}
		was := c.journal.on
		mark := len(c.journal.done)
		before := c.cost
		c.journal.on = true
		c.follow(slot, c.step.moves)
		c.journal.on = false
		done := c.journal.done[mark:]
		failed := c.cost-before > -coverEps // labels of unequal efficiencies may promise too much
		for i := len(done) - 1; i >= 0 && failed; i-- {
			c.shift(slot, int(done[i].group), int(done[i].to), int(done[i].from))
		}
		if failed || !was {
			c.journal.done = c.journal.done[:mark]
		}
		c.journal.on = was
		if failed {
			return
		}
	}
}

// maxSettle bounds the chains after one removal; one is enough when efficiencies
// are equal.
const maxSettle = 4

// mend makes the exchanges at a skill that pay, and settles the slot after them.
func (c *cover) mend(slot, skill int) {
	if c.exchangeAt(slot, skill) {
		c.settle(slot)
	}
}

// exchangeAt makes every exchange of a slot that pays and touches a skill.
func (c *cover) exchangeAt(slot, skill int) (changed bool) {
	list := c.m.exchanges[skill]
	if len(list) == 0 {
		return false
	}
	z, cost, pop := c.levels(slot), c.prices(slot), c.movers(slot)
	for i := range list {
		x := &list[i]
		if pop[x.a] == 0 || pop[x.b] == 0 {
			continue
		}
		d := 0.0
		if x.ds != 0 {
			d = cost[x.s].at(z[x.s]+x.ds) - cost[x.s].at(z[x.s])
		}
		if x.dt != 0 {
			d += cost[x.t].at(z[x.t]+x.dt) - cost[x.t].at(z[x.t])
		}
		if d < -coverEps {
			c.follow(slot, []hop{{int16(x.a), int16(x.s), int16(x.t)}})
			c.follow(slot, []hop{{int16(x.b), int16(x.t), int16(x.s)}})
			changed = true
		}
	}
	return changed
}

// tidy improves the skills of every slot by exchanges and chains, and deals them out anew. With equal
// efficiencies there is nothing to do.
func (c *cover) tidy() {
	if c.m.uniform {
		return
	}
	half := func(c *cover, from, to int) {
		var w dealer
		for slot := from; slot < to; slot++ {
			c.tidySlot(slot)
			c.deal(&w, slot)
			c.twoChains(&w, slot)
		}
	}
	var wg sync.WaitGroup
	other, cut := c.share(), c.m.slots/2
	wg.Go(func() { half(other, cut, c.m.slots) })
	half(c, 0, cut)
	wg.Wait()
	c.cost = c.total()
}

func (c *cover) tidySlot(slot int) {
	c.touch(slot)
	c.settle(slot)
	for range maxTidy {
		any := false
		for s := range c.k {
			any = c.exchangeAt(slot, s) || any
		}
		if !any {
			break
		}
		c.settle(slot)
	}
}

// maxTidy bounds the rounds of tidy in one slot.
const maxTidy = 20
