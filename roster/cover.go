package roster

// cover is who is present when, and which skill they serve. Agents of a group are
// interchangeable, so that counts per slot, group and skill suffice; names are
// put to them at the end. Within a slot the skills are an assignment problem with
// convex costs: it is kept solved by shortest chains of moves, "agent of group g
// from skill s to skill t", on a graph with one node per skill (see skillmoves.go).
// With equal efficiencies the chains keep it optimal; with different ones they are
// a close heuristic, and the cost is exact for the assignment that is kept.
//
// Slots do not depend on each other: several hands may work on one cover at once as
// long as their slots differ.
type cover struct {
	m       *model
	k, g    int
	n       []int16   // per slot, group, skill
	z       []float64 // per slot, skill: presence weighted by efficiency
	pop     []int16   // per slot and class of moves: how many agents can make it
	cost    float64   // of all slots
	v       []float64 // per group and slot: cost of one more agent, if vAge is age
	vAge    []int32
	w       []float64 // the same of one agent less
	wAge    []int32
	age     []int32   // per slot: the number of what it holds
	next    []int32   // per slot: the last number given out
	swap    []float64 // per slot, post and post: what it costs that one comes and one goes, if swapAge is age; nil before it is asked for
	swapAge []int32
	count   []int // per shift demand
	journal journal
	step    chain // scratch
}

// chain is a path of moves in one slot.
type chain struct {
	first int // skill that the new agent takes
	moves []hop
}

// hop is a move of one agent of a class from one skill to another.
type hop struct{ class, from, to int16 }

// coverEps is the least gain, in points, for which moves are made: above the
// rounding of sums of costs, below every price.
const coverEps = 1e-7

func newCover(m *model) *cover {
	c := &cover{m: m, k: len(m.skills), g: len(m.groups)}
	c.n = make([]int16, m.slots*c.g*c.k)
	c.z = make([]float64, m.slots*c.k)
	c.pop = make([]int16, m.slots*len(m.classes))
	c.v, c.vAge = make([]float64, m.slots*c.g), make([]int32, m.slots*c.g)
	c.w, c.wAge = make([]float64, m.slots*c.g), make([]int32, m.slots*c.g)
	c.age, c.next = make([]int32, m.slots), make([]int32, m.slots)
	c.count = make([]int, len(m.shiftD))
	for i := range c.age {
		c.age[i], c.next[i] = 1, 1
	}
	c.journal.at = make([]int, m.slots)
	c.cost = c.total()
	return c
}

// share returns a second hand on the same cover, with a journal and a sum of its
// own that starts at 0.
func (c *cover) share() *cover {
	x := *c
	x.cost = 0
	x.journal = journal{at: make([]int, c.m.slots)}
	x.step = chain{}
	return &x
}

// total sums the cost of every slot and shift demand anew.
func (c *cover) total() float64 {
	sum := c.slotsCost(0, c.m.slots)
	for i, n := range c.count {
		sum += c.m.shiftD[i].d.Cost(float64(n))
	}
	return sum
}

func (c *cover) counts(slot int) []int16   { return c.n[slot*c.g*c.k : (slot+1)*c.g*c.k] }
func (c *cover) levels(slot int) []float64 { return c.z[slot*c.k : (slot+1)*c.k] }
func (c *cover) movers(slot int) []int16 {
	n := len(c.m.classes)
	return c.pop[slot*n : (slot+1)*n]
}

func (c *cover) prices(slot int) []demandCost {
	return c.m.costs[slot*c.k : (slot+1)*c.k]
}

// values returns what one more agent of a group costs in every slot.
func (c *cover) values(group int) []float64 { return c.valuesIn(group, 0, c.m.slots) }

// valuesIn is values for the slots from one to another.
func (c *cover) valuesIn(group, from, to int) []float64 {
	at := group * c.m.slots
	v, age := c.v[at:at+c.m.slots], c.vAge[at:at+c.m.slots]
	for slot := from; slot < to; slot++ {
		if age[slot] != c.age[slot] {
			v[slot], age[slot] = c.insertion(slot, group, nil), c.age[slot]
		}
	}
	return v
}

// value returns what one more agent of a group costs in a slot.
func (c *cover) value(slot, group int) float64 {
	return c.valuesIn(group, slot, slot+1)[slot]
}

// removal returns what one agent less of a group costs in a slot: there must be one.
func (c *cover) removal(slot, group int) float64 {
	at := group*c.m.slots + slot
	if c.wAge[at] != c.age[slot] {
		cost := c.cost
		c.begin()
		c.remove(slot, group)
		c.w[at] = c.cost - cost
		c.rollback()
		c.wAge[at] = c.age[slot]
	}
	return c.w[at]
}

// journal remembers what was done since begin.
type journal struct {
	on     bool
	round  int
	at     []int // per slot: the round in which its levels were saved
	slots  []int
	ages   []int32
	z      []float64
	done   []shifted
	counts []shiftCount
	cost   float64
}

// shiftCount is a change of the number of agents on a shift demand.
type shiftCount struct{ demand, by int }

// shifted is one agent that changed place in a slot.
type shifted struct {
	slot     int32
	group    int16
	from, to int16
}

// begin starts a journal: rollback brings every slot back to what it was then.
func (c *cover) begin() {
	j := &c.journal
	j.round++
	j.slots, j.ages, j.z, j.done, j.counts = j.slots[:0], j.ages[:0], j.z[:0], j.done[:0], j.counts[:0]
	j.on, j.cost = true, c.cost
}

// end ends the journal and keeps the changes.
func (c *cover) end() { c.journal.on = false }

// rollback undoes everything since begin.
func (c *cover) rollback() {
	j := &c.journal
	j.on = false
	for i := len(j.done) - 1; i >= 0; i-- {
		x := &j.done[i]
		c.shift(int(x.slot), int(x.group), int(x.to), int(x.from))
	}
	for i, slot := range j.slots {
		copy(c.levels(slot), j.z[i*c.k:(i+1)*c.k])
		c.age[slot] = j.ages[i]
	}
	for _, x := range j.counts {
		c.count[x.demand] -= x.by
	}
	c.cost = j.cost
}

// touch is called before a slot changes.
func (c *cover) touch(slot int) {
	if j := &c.journal; j.on && j.at[slot] != j.round {
		j.at[slot] = j.round
		j.slots = append(j.slots, slot)
		j.ages = append(j.ages, c.age[slot])
		j.z = append(j.z, c.levels(slot)...)
	}
	c.next[slot]++
	c.age[slot] = c.next[slot]
}

// shift moves one agent of a group between skills; -1 is out of the slot.
func (c *cover) shift(slot, group, from, to int) {
	counts, z, pop := c.counts(slot), c.levels(slot), c.movers(slot)
	eff, prices := c.m.groups[group].eff, c.prices(slot)
	if from >= 0 {
		counts[group*c.k+from]--
		x := z[from] - eff[from]
		c.cost += prices[from].at(x) - prices[from].at(z[from])
		z[from] = x
		for _, i := range c.m.classesOf[group*c.k+from] {
			pop[i]--
		}
	}
	if to >= 0 {
		counts[group*c.k+to]++
		x := z[to] + eff[to]
		c.cost += prices[to].at(x) - prices[to].at(z[to])
		z[to] = x
		for _, i := range c.m.classesOf[group*c.k+to] {
			pop[i]++
		}
	}
	if c.journal.on {
		c.journal.done = append(c.journal.done, shifted{slot: int32(slot), group: int16(group), from: int16(from), to: int16(to)})
	}
}

// add puts one agent of the group into the slot, in the cheapest way.
func (c *cover) add(slot, group int) {
	if len(c.m.groups[group].skills) == 0 {
		return
	}
	c.touch(slot)
	c.insertion(slot, group, &c.step)
	c.shift(slot, group, -1, c.step.first)
	c.follow(slot, c.step.moves)
	if !c.m.uniform {
		c.mend(slot, c.step.first)
		for _, h := range c.step.moves {
			c.mend(slot, int(h.to))
		}
	}
}

// remove takes one agent of the group out of the slot and lets others move into
// the hole where that is better.
func (c *cover) remove(slot, group int) {
	gr := &c.m.groups[group]
	if len(gr.skills) == 0 {
		return
	}
	c.touch(slot)
	counts, z, cost := c.counts(slot), c.levels(slot), c.prices(slot)
	from, best := -1, 0.0
	for _, s := range gr.skills {
		if counts[group*c.k+s] > 0 {
			if d := cost[s].at(z[s]-gr.eff[s]) - cost[s].at(z[s]); from < 0 || d < best {
				best, from = d, s
			}
		}
	}
	c.shift(slot, group, from, -1)
	if len(c.m.classes) == 0 {
		return
	}
	if c.m.uniform {
		c.fill(slot, from)
		return
	}
	if c.fillable(slot, from) {
		c.settle(slot)
	}
	c.mend(slot, from)
}

// follow makes the moves of a chain.
func (c *cover) follow(slot int, moves []hop) {
	counts := c.counts(slot)
	for _, h := range moves {
		for _, g := range c.m.classes[h.class].groups {
			if counts[int(g)*c.k+int(h.from)] > 0 {
				c.shift(slot, int(g), int(h.from), int(h.to))
				break
			}
		}
	}
}

// coverage is a copy of what a cover holds.
type coverage struct {
	n, pop []int16
	z      []float64
	count  []int
	cost   float64
}

// save copies the cover into k.
func (c *cover) save(k *coverage) {
	k.n, k.pop = append(k.n[:0], c.n...), append(k.pop[:0], c.pop...)
	k.z, k.count, k.cost = append(k.z[:0], c.z...), append(k.count[:0], c.count...), c.cost
}

// restore makes the cover what it was at save.
func (c *cover) restore(k *coverage) {
	copy(c.n, k.n)
	copy(c.pop, k.pop)
	copy(c.z, k.z)
	copy(c.count, k.count)
	c.cost = k.cost
	for i := range c.age {
		c.next[i]++
		c.age[i] = c.next[i]
	}
}

// slotState is what some slots in a row held.
type slotState struct {
	from   int
	n, pop []int16
	z      []float64
	age    []int32
}

// saveSlots copies the slots from one to another into k.
func (c *cover) saveSlots(k *slotState, from, to int) {
	w, g := len(c.m.classes), c.g*c.k
	k.from = from
	k.n, k.pop = append(k.n[:0], c.n[from*g:to*g]...), append(k.pop[:0], c.pop[from*w:to*w]...)
	k.z, k.age = append(k.z[:0], c.z[from*c.k:to*c.k]...), append(k.age[:0], c.age[from:to]...)
}

// restoreSlots makes the slots what they were.
func (c *cover) restoreSlots(k *slotState) {
	c.cost -= c.slotsCost(k.from, k.from+len(k.age))
	copy(c.n[k.from*c.g*c.k:], k.n)
	copy(c.pop[k.from*len(c.m.classes):], k.pop)
	copy(c.z[k.from*c.k:], k.z)
	copy(c.age[k.from:], k.age)
	c.cost += c.slotsCost(k.from, k.from+len(k.age))
}

// slotsCost returns what the slots from one to another cost.
func (c *cover) slotsCost(from, to int) (sum float64) {
	for i := from * c.k; i < to*c.k; i++ {
		sum += c.m.costs[i].at(c.z[i])
	}
	return sum
}
