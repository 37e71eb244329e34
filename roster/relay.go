package roster

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// A relay passes one head on from slot to slot of a day: somebody begins a quarter
// later and so ends a quarter later, which takes a head from the one slot to the other;
// somebody else has the break in that slot and takes it where one is to spare; and so on.
// Only the slots at both ends of the way change; those between stay as they are, however
// dear they would be with a head more or less. Nudges, one at a time, do not get through
// there. In a slot on the way a head of one group may be handed on as one of another, for
// what that costs.
//
// Given who works for how long, a day is nearly a flow on a network: shifts and breaks are
// runs of slots, and skills are assigned within a slot. So where no relay pays, little
// can. The cheapest relay is a shortest path in layers, one for each move; its nodes are
// pairs of group and slot.
type relay struct {
	day     int
	from, n int     // slots
	plans   []*plan // per agent, as the lane has it
	who     []int   // those who work on the day
	spans   []run   // per day: the slots that any shift can fill
	steps   map[*book]*steps
	arcs    [][]pass // per node that a head is taken from
	layers  [relayMoves]relayLayer
	least   []float64 // per node: the cheapest way in, of any layer
	ends    []relayEnd
	near    bool   // relays begin where the try has brought presence only
	begins  []bool // slots in which relays begin
	used    []bool // slots
	moved   []bool // agents
	path    []pass
	way     []int // slots that each pass goes to and comes from, from the end of the path

	kept      []*plan // before a try
	days      []int
	slots     []slotState
	cost, own float64
}

// pass is a change of one shift that takes a head from one slot to another.
type pass struct {
	agent int32
	to    int32 // node
	brk   int16 // the break that moves, -1 = the whole shift
	at    int32 // where the break goes, or the option that the shift becomes
	own   float64
}

// relayLayer holds the cheapest ways with some number of moves.
type relayLayer struct {
	in, out   []float64 // per node
	came, arc []int32   // of in: the node it comes from, and which of its arcs
	handed    []int32   // of out: the node of in of the layer before, -1 = the way begins
	fresh     []int32   // nodes of in
}

type relayEnd struct {
	layer int
	node  int32
	cost  float64
}

const (
	relayMoves  = 8
	relayRounds = 100  // of one day
	relayLeast  = 1e-4 // the gain below which a relay is not made, in points
)

// steps gives for every option the one that begins a slot later, and the one that
// begins a slot earlier, and is otherwise the same; noOption where there is none.
type steps struct{ later, earlier [][]int32 }

func newSteps(b *book) *steps {
	type key struct{ shift, n, paid, start int }
	x := &steps{}
	for d, day := range b.days {
		at := map[key]int32{}
		for i := range day {
			o := &day[i]
			at[key{o.shift, o.n, o.paid, o.start}] = int32(i)
		}
		find := func(o *option, by int) int32 {
			i, ok := at[key{o.shift, o.n, o.paid, o.start + by}]
			if !ok || day[i].group != o.group || (day[i].brk < 0) != (o.brk < 0) ||
				o.brk >= 0 && b.cases[d][day[i].brk].list != b.cases[d][o.brk].list {
				return noOption
			}
			return i
		}
		later, earlier := make([]int32, len(day)), make([]int32, len(day))
		for i := range day {
			later[i], earlier[i] = find(&day[i], 1), find(&day[i], -1)
		}
		x.later, x.earlier = append(x.later, later), append(x.earlier, earlier)
	}
	return x
}

// ready makes room for relays.
func (r *relay) ready(m *model) {
	if r.plans != nil {
		return
	}
	r.plans, r.moved = make([]*plan, len(m.agents)), make([]bool, len(m.agents))
	r.steps = map[*book]*steps{}
	r.spans = make([]run, m.p.Days)
	for d := range r.spans {
		r.spans[d].from = int32(m.slots)
	}
	for i := range m.agents {
		b := m.agents[i].book
		if r.steps[b] != nil {
			continue
		}
		r.steps[b] = newSteps(b)
		for d, day := range b.days {
			for j := range day {
				o := &day[j]
				r.spans[d].from = min(r.spans[d].from, int32(max(0, o.start)))
				r.spans[d].to = max(r.spans[d].to, int32(min(o.start+o.n, m.slots)))
			}
		}
	}
}

// settleDay makes relays on a day until none pays.
func (l *lane) settleDay(ctx context.Context, d int) {
	m, r := l.m, &l.relay
	r.day, r.who = d, r.who[:0]
	for a, p := range r.plans {
		if p != nil && p.opts[d] >= 0 && m.agents[a].group >= 0 && len(m.groups[m.agents[a].group].skills) > 0 {
			r.who = append(r.who, a)
		}
	}
	r.from, r.n = int(r.spans[d].from), int(r.spans[d].to-r.spans[d].from)
	if len(r.who) == 0 || r.n <= 0 {
		return
	}
	nodes := r.n * len(m.groups)
	for len(r.arcs) < nodes {
		r.arcs = append(r.arcs, nil)
	}
	r.least, r.used, r.begins = room(r.least, nodes), room(r.used, r.n), room(r.begins, r.n)
	for i := range r.layers {
		x := &r.layers[i]
		x.in, x.out = room(x.in, nodes), room(x.out, nodes)
		x.arc, x.came, x.handed = room(x.arc, nodes), room(x.came, nodes), room(x.handed, nodes)
	}
	for range relayRounds {
		if ctx.Err() != nil || !l.relayRound() {
			return
		}
	}
}

// room returns a slice of n elements, in the old place where it is large enough.
func room[T any](x []T, n int) []T {
	if cap(x) < n {
		return make([]T, n)
	}
	return x[:n]
}

// relayRound looks for relays that pay and makes the best ones that do not touch; it is
// false when there are none.
func (l *lane) relayRound() (any bool) {
	r := &l.relay
	l.listArcs()
	l.search()
	slices.SortFunc(r.ends, func(a, b relayEnd) int {
		return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(a.layer, b.layer), cmp.Compare(a.node, b.node))
	})
	clear(r.used)
	for i := range r.ends {
		if l.run(&r.ends[i]) {
			any = true
		}
	}
	for _, a := range r.who {
		r.moved[a] = false
	}
	return any
}

// listArcs lists all passes of the day.
func (l *lane) listArcs() {
	m, r, d := l.m, &l.relay, l.relay.day
	for i := range r.n * len(m.groups) {
		r.arcs[i] = r.arcs[i][:0]
	}
	for _, a := range r.who {
		ma := &m.agents[a]
		base := int32(ma.group * r.n)
		add := func(from, to int, p pass) {
			if from -= r.from; from < 0 || from >= r.n || to < r.from || to >= r.from+r.n {
				return
			}
			p.agent, p.to = int32(a), base+int32(to-r.from)
			r.arcs[base+int32(from)] = append(r.arcs[base+int32(from)], p)
		}
		i, brks := r.plans[a].opts[d], r.plans[a].brks[d]
		o := ma.option(d, i)
		var list []tbreak
		if o.brk >= 0 {
			list = ma.book.breaks[ma.book.cases[d][o.brk].list]
		}
		if len(list) != len(brks) {
			continue
		}
		late, early := true, true // do all breaks stay in their windows
		for k, w := range list {
			b := &brks[k]
			lo, hi := o.start+w.lo, o.start+w.hi
			late, early = late && b.start >= lo+1, early && b.start <= hi-1
			if k > 0 {
				lo = max(lo, brks[k-1].start+brks[k-1].n)
			}
			if k+1 < len(list) {
				hi = min(hi, brks[k+1].start-w.n)
			}
			if w.n > 1 {
				lo, hi = max(lo, b.start-1), min(hi, b.start+1)
			}
			for t := lo; t <= hi; t++ {
				switch {
				case t < b.start: // a head leaves the first slot and comes to the last
					add(t, b.start+w.n-1, pass{brk: int16(k), at: int32(t)})
				case t > b.start:
					add(t+w.n-1, b.start, pass{brk: int16(k), at: int32(t)})
				}
			}
		}
		s := r.steps[ma.book]
		if j := s.later[d][i]; late && j != noOption && m.mayStep(ma, d, i, j) {
			add(o.start, o.start+o.n, pass{brk: -1, at: j, own: stepCost(&ma.days[d], i, j)})
		}
		if j := s.earlier[d][i]; early && j != noOption && m.mayStep(ma, d, i, j) {
			add(o.start+o.n-1, o.start-1, pass{brk: -1, at: j, own: stepCost(&ma.days[d], i, j)})
		}
	}
}

// mayStep reports whether option j can stand in for i, of the same group, whatever
// else the agent works.
func (m *model) mayStep(ma *mAgent, d int, i, j int32) bool {
	return ma.days[d].allows(j) && ma.rules.MaxStarts == 0 &&
		(ma.fair == nil || (ma.option(d, i).to >= m.lateAt[d]) == (ma.option(d, j).to >= m.lateAt[d]))
}

func stepCost(md *mDay, i, j int32) float64 {
	if md.extra == nil {
		return 0
	}
	return md.extra[j] - md.extra[i]
}

// search finds the cheapest ways, up to the first number of moves with which any pays.
func (l *lane) search() {
	m, r := l.m, &l.relay
	nodes := r.n * len(m.groups)
	r.ends = r.ends[:0]
	deepest := math.Inf(1) // the best that the end of a relay can bring
	seen := -1
	for _, a := range r.who {
		g := m.agents[a].group
		if g == seen {
			continue
		}
		seen = g
		for _, v := range l.cov.valuesIn(g, r.from, r.from+r.n)[r.from : r.from+r.n] {
			deepest = math.Min(deepest, v)
		}
	}
	for i := range nodes {
		r.least[i] = math.Inf(1)
	}
	for i := range r.begins {
		r.begins[i] = !r.near || l.fuller(r.from+i)
	}
	for k := range r.layers {
		x := &r.layers[k]
		for i := range nodes {
			x.in[i], x.out[i] = math.Inf(1), math.Inf(1)
		}
		x.fresh = x.fresh[:0]
		if k == 0 {
			for i := range nodes {
				if len(r.arcs[i]) > 0 && r.begins[i%r.n] {
					x.out[i], x.handed[i] = l.cov.removal(r.from+i%r.n, i/r.n), -1
				}
			}
		} else {
			for _, i := range r.layers[k-1].fresh {
				l.handOn(k, int(i), deepest)
			}
		}
		for i := range nodes {
			if x.out[i]+deepest < -coverEps {
				l.follow(k, i, deepest)
			}
		}
		slices.Sort(x.fresh)
		for _, i := range x.fresh {
			if c := x.in[i] + l.cov.value(r.from+int(i)%r.n, int(i)/r.n); c < -relayLeast {
				r.ends = append(r.ends, relayEnd{k, i, c})
			}
		}
		if len(x.fresh) == 0 || len(r.ends) > 0 {
			return
		}
	}
}

// follow goes on from a node of layer k over all of its passes.
func (l *lane) follow(k, i int, deepest float64) {
	r := &l.relay
	x := &r.layers[k]
	for j := range r.arcs[i] {
		p := &r.arcs[i][j]
		v := x.out[i] + p.own
		to := int(p.to)
		if v > r.least[to]-coverEps || v+deepest > -coverEps || r.passes(k, int32(i), p) {
			continue
		}
		if math.IsInf(x.in[to], 1) {
			x.fresh = append(x.fresh, p.to)
		}
		x.in[to], x.came[to], x.arc[to], r.least[to] = v, int32(i), int32(j), v
	}
}

// handOn lets a head that came in to a node go out as one of any group.
func (l *lane) handOn(k, i int, deepest float64) {
	r := &l.relay
	x, v := &r.layers[k], r.layers[k-1].in[i]
	slot := i % r.n
	for g := range l.m.groups {
		to := g*r.n + slot
		if len(r.arcs[to]) == 0 {
			continue
		}
		c := v
		if to != i {
			c += l.cov.exchange(r.from+slot, i/r.n, g)
		}
		if c < x.out[to] && c+deepest < -coverEps {
			x.out[to], x.handed[to] = c, int32(i)
		}
	}
}

// passes reports whether the way out of a node of layer k has been in the slot that a
// pass goes to, or has moved its agent.
func (r *relay) passes(k int, out int32, p *pass) bool {
	slot := p.to % int32(r.n)
	for {
		if out%int32(r.n) == slot {
			return true
		}
		in := r.layers[k].handed[out]
		if in < 0 {
			return false
		}
		k--
		x := &r.layers[k]
		out = x.came[in]
		if r.arcs[out][x.arc[in]].agent == p.agent {
			return true
		}
	}
}

// trace fills path and way with the relay that ends at a node; it is false when one before
// it this round touched its slots or agents.
func (r *relay) trace(e *relayEnd) bool {
	r.path, r.way = r.path[:0], r.way[:0]
	free := !r.used[int(e.node)%r.n]
	for k, in := e.layer, e.node; in >= 0; k-- {
		x := &r.layers[k]
		out := x.came[in]
		p := r.arcs[out][x.arc[in]]
		free = free && !r.used[int(out)%r.n] && !r.moved[p.agent]
		r.path, r.way = append(r.path, p), append(r.way, int(in)%r.n, int(out)%r.n)
		in = x.handed[out]
	}
	return free
}

// run makes the relay that ends at a node, if none before it this round touched its
// slots or agents and it pays.
func (l *lane) run(e *relayEnd) bool {
	m, r, d := l.m, &l.relay, l.relay.day
	if !r.trace(e) {
		return false
	}
	l.cov.begin()
	before, own := l.cov.cost, 0.0
	var was [relayMoves]*plan
	for i := range r.path {
		p := &r.path[i]
		old := r.plans[p.agent]
		was[i] = old
		q := old.clone()
		q.own = old.own + p.own
		if p.brk < 0 {
			q.opts[d] = p.at
		} else {
			q.brks[d] = slices.Clone(old.brks[d])
			q.brks[d][p.brk].start = int(p.at)
		}
		own += p.own
		r.plans[p.agent] = q
		ma := &m.agents[p.agent]
		l.compare(ma, d, old, q)
		l.carry(ma, d, old.opts[d], q.opts[d])
	}
	for _, i := range r.way { // twice where a head is handed on: from where the first ended the second at times finds more
		l.cov.deal(&l.dealer, r.from+i)
	}
	if l.cov.cost-before+own > -relayLeast/2 {
		l.cov.rollback()
		for i := len(r.path) - 1; i >= 0; i-- {
			r.plans[r.path[i].agent] = was[i]
		}
		return false
	}
	l.cov.end()
	l.own += own
	for _, i := range r.way {
		r.used[i] = true
	}
	for i := range r.path {
		r.moved[r.path[i].agent] = true
	}
	return true
}
