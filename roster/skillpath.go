package roster

import (
	"math"
	"slices"
)

// An agent who could serve several skills should not change skill every quarter of
// an hour for nothing: a change costs Weights.SkillChange. Given who is there when, what is
// left is to choose for every shift a path through its slots, the skill served in each, so
// that coverage and changes together cost the least. The best path of one shift beside all
// others is a small dynamic programme, and so are those of two shifts at once, which find
// what one alone cannot: that two agents change places for a while, or for good.

// skillPaths are the skills served through all shifts, and the presence that they give.
// Hands on shifts that have no slot in common may work on it at once.
type skillPaths struct {
	m     *model
	price float64   // of a change
	skill [][]int8  // per agent and slot, -1 = not there; nil for agents without a skill
	z     []float64 // per slot and skill: presence
	now   []float64 // per slot and skill: what that costs

	best []float64 // room of alone and both: cost per state
	from []int8    // where from, per slot and state
}

// workedShift is one shift of an agent: the slots in which it serves, in order.
type workedShift struct {
	agent int32
	gr    *group
	slots []int32
	day   int
	plan  []int8 // the skill of every slot as an existing roster has it, -1 = not asked for; nil without
	kept  bool   // serves what the plan says
	last  int8   // served in the slot before, -1 = none; see name
}

// pathEps is the least gain for which paths are changed: above the rounding of sums of
// presence, below every price.
const pathEps = 1e-6

// newSkillPaths returns the paths of shifts before any has one.
func (m *model) newSkillPaths(worked []workedShift, agents int) *skillPaths {
	p := &skillPaths{m: m, price: m.w.SkillChange * m.scale, skill: make([][]int8, agents), z: make([]float64, len(m.costs)), now: make([]float64, len(m.costs))}
	for i := range worked {
		if a := worked[i].agent; p.skill[a] == nil {
			p.skill[a] = slices.Repeat([]int8{-1}, m.slots)
		}
	}
	for i := range m.costs {
		p.now[i] = m.costs[i].at(0)
	}
	return p
}

// share returns a second hand on the same paths with room of its own.
func (p *skillPaths) share() *skillPaths {
	q := *p
	q.best, q.from = nil, nil
	return &q
}

// changes counts the changes of skill in a shift.
func (p *skillPaths) changes(w *workedShift) (n int) {
	s := p.skill[w.agent]
	for i := 1; i < len(w.slots); i++ {
		if s[w.slots[i]] != s[w.slots[i-1]] {
			n++
		}
	}
	return n
}

// count takes a shift out of the presence with sign -1, or puts it back with 1.
func (p *skillPaths) count(w *workedShift, sign float64) {
	k := len(p.m.skills)
	for _, t := range w.slots {
		s := p.skill[w.agent][t]
		if s < 0 { // nobody asks for it
			continue
		}
		i := int(t)*k + int(s)
		p.z[i] += sign * w.gr.eff[s]
		p.now[i] = p.m.costs[i].at(p.z[i])
	}
}

// adds is what presence e at a skill of a slot costs there.
func (p *skillPaths) adds(t int32, s int, e float64) float64 {
	i := int(t)*len(p.m.skills) + s
	return p.m.costs[i].at(p.z[i]+e) - p.now[i]
}

// room makes room for states and slots.
func (p *skillPaths) room(states, slots int) {
	p.best = slices.Grow(p.best[:0], states)[:states]
	p.from = slices.Grow(p.from[:0], states*slots)[:states*slots]
	clear(p.best)
}

// changeSkill lets a shift come to each of its n skills from the one that was cheapest,
// where that is worth a change. The states of its skills lie stride apart, from first on.
func changeSkill(best []float64, from []int8, first, stride, n int, price float64) {
	least, at := math.Inf(1), 0
	for x := range n {
		if v := best[first+x*stride]; v < least {
			least, at = v, x
		}
	}
	least += price
	for x := range n {
		i := first + x*stride
		from[i] = int8(x)
		if least < best[i] {
			best[i], from[i] = least, int8(at)
		}
	}
}

// insert gives a shift, which must not be counted, its best path beside all others, and
// counts it.
func (p *skillPaths) insert(w *workedShift) {
	p.follow(w, p.search(w))
	p.count(w, 1)
}

// alone gives a shift its best path beside all others, and reports whether that is a
// better one.
func (p *skillPaths) alone(w *workedShift) bool {
	if len(w.gr.skills) < 2 || len(w.slots) == 0 {
		return false
	}
	p.count(w, -1)
	old := p.price * float64(p.changes(w))
	for _, t := range w.slots {
		s := int(p.skill[w.agent][t])
		old += p.adds(t, s, w.gr.eff[s])
	}
	at := p.search(w)
	better := p.best[at] < old-pathEps
	if better {
		p.follow(w, at)
	}
	p.count(w, 1)
	return better
}

// search fills best and from for a shift that is not counted, and returns the state in
// which its best path ends.
func (p *skillPaths) search(w *workedShift) (end int) {
	n := len(w.gr.skills)
	p.room(n, len(w.slots))
	for i, t := range w.slots {
		if i > 0 {
			changeSkill(p.best, p.from[i*n:], 0, 1, n, p.price)
		}
		for x, s := range w.gr.skills {
			p.best[x] += p.adds(t, s, w.gr.eff[s])
		}
	}
	return lowest(p.best)
}

// follow takes the path that ends in a state.
func (p *skillPaths) follow(w *workedShift, end int) {
	n := len(w.gr.skills)
	for i := len(w.slots) - 1; i >= 0; i-- {
		p.skill[w.agent][w.slots[i]] = int8(w.gr.skills[end])
		if i > 0 {
			end = int(p.from[i*n+end])
		}
	}
}

func lowest(v []float64) (at int) {
	for i := range v {
		if v[i] < v[at] {
			at = i
		}
	}
	return at
}

// both gives two shifts of different agents their best paths beside all others, and reports
// whether they are better ones. A state is a skill of the one and a skill of the other; a
// shift that has not begun, or is over, or is in a break, keeps its part of it.
func (p *skillPaths) both(a, b *workedShift) bool {
	na, nb := len(a.gr.skills), len(b.gr.skills)
	if na < 2 || nb < 2 || len(a.slots) == 0 || len(b.slots) == 0 {
		return false
	}
	n, steps := na*nb, len(a.slots)+len(b.slots)
	p.count(a, -1)
	p.count(b, -1)
	old := p.price * float64(p.changes(a)+p.changes(b))
	p.room(n, 2*steps)
	best, sa, sb := p.best, p.skill[a.agent], p.skill[b.agent]
	var ga, gb [maxSkills]float64
	i, j, step := 0, 0, 0
	for ; i < len(a.slots) || j < len(b.slots); step++ {
		t, inA, inB := nextSlot(a.slots[i:], b.slots[j:])
		fa, fb := p.steps(step, n)
		clear(ga[:na])
		clear(gb[:nb])
		if inA {
			for y := 0; i > 0 && y < nb; y++ {
				changeSkill(best, fa, y, nb, na, p.price)
			}
			for x, s := range a.gr.skills {
				ga[x] = p.adds(t, s, a.gr.eff[s])
			}
			i++
		}
		if inB {
			for x := 0; j > 0 && x < na; x++ {
				changeSkill(best, fb, x*nb, 1, nb, p.price)
			}
			for y, s := range b.gr.skills {
				gb[y] = p.adds(t, s, b.gr.eff[s])
			}
			j++
		}
		for x, s := range a.gr.skills {
			for y, u := range b.gr.skills {
				d := ga[x] + gb[y]
				if s == u && inA && inB {
					d = p.adds(t, s, a.gr.eff[s]+b.gr.eff[s])
				}
				best[x*nb+y] += d
			}
		}
		switch {
		case inA && inB && sa[t] == sb[t]:
			s := int(sa[t])
			old += p.adds(t, s, a.gr.eff[s]+b.gr.eff[s])
		case inA && inB:
			old += p.adds(t, int(sa[t]), a.gr.eff[sa[t]]) + p.adds(t, int(sb[t]), b.gr.eff[sb[t]])
		case inA:
			old += p.adds(t, int(sa[t]), a.gr.eff[sa[t]])
		default:
			old += p.adds(t, int(sb[t]), b.gr.eff[sb[t]])
		}
	}
	end := lowest(best)
	better := best[end] < old-pathEps
	if better {
		x, y := end/nb, end%nb
		for step--; step >= 0; step-- {
			t, inA, inB := lastSlot(a.slots[:i], b.slots[:j])
			fa, fb := p.steps(step, n)
			if inA {
				i--
				sa[t] = int8(a.gr.skills[x])
			}
			if inB { // the second one changed after the first
				j--
				sb[t] = int8(b.gr.skills[y])
				if j > 0 {
					y = int(fb[x*nb+y])
				}
			}
			if inA && i > 0 {
				x = int(fa[x*nb+y])
			}
		}
	}
	p.count(a, 1)
	p.count(b, 1)
	return better
}

// steps returns where the states of one step came from: this shift's part and the other's.
func (p *skillPaths) steps(step, n int) (fa, fb []int8) {
	return p.from[2*n*step : 2*n*step+n], p.from[2*n*step+n : 2*n*(step+1)]
}

// nextSlot returns the first slot of two lists, and in which it is.
func nextSlot(a, b []int32) (t int32, inA, inB bool) {
	switch {
	case len(a) == 0:
		return b[0], false, true
	case len(b) == 0:
		return a[0], true, false
	}
	t = min(a[0], b[0])
	return t, a[0] == t, b[0] == t
}

// lastSlot returns the last slot of two lists, and in which it is.
func lastSlot(a, b []int32) (t int32, inA, inB bool) {
	switch {
	case len(a) == 0:
		return b[len(b)-1], false, true
	case len(b) == 0:
		return a[len(a)-1], true, false
	}
	t = max(a[len(a)-1], b[len(b)-1])
	return t, a[len(a)-1] == t, b[len(b)-1] == t
}
