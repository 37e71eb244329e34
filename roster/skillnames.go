package roster

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
)

// The skills of a new roster begin as the counts of the cover give them, which is the cheapest
// coverage with many changes. Then the paths are improved (skillpath.go). Prices of a change above
// and below its own, in turn, lead out of where no two shifts find anything more. Who works in a
// roster that exists serves what it says, but on days that are free to change.

// pathPrices are the prices of a change, in its own price, at which the paths of a new roster
// are improved first.
var pathPrices = [...]float64{4, 0.25, 2, 0.5, 1.5, 0.75}

const (
	pathRounds   = 4  // over all pairs at the price itself, at most
	pathSweeps   = 10 // over single shifts in a round, at most
	pathNear     = 4  // slots between changes of two shifts that are tried together
	pathPartners = 12 // shifts tried for one change, the nearest
)

// served says who serves which skill when.
type served struct {
	skill [][]int8        // per agent and slot, -1 = not there; nil for agents without a skill
	kept  map[[2]int]bool // agent and day: as an existing roster has it
}

// newSkills gives out the skills of a new roster; the cover follows. It takes a second and more with
// hundreds of agents, less when ctx ends. On days on which every shift is locked those that have
// skills keep them.
func (m *model) newSkills(ctx context.Context, cov *cover, plans []*plan, workers int) served {
	worked := m.workedShifts(plans)
	fresh := map[int]bool{} // days with a shift that is not locked
	for i := range worked {
		if w := &worked[i]; plans[w.agent].opts[w.day] >= 0 {
			fresh[w.day] = true
		}
	}
	for i := range worked {
		w := &worked[i]
		w.kept = w.plan != nil && !fresh[w.day]
	}
	p := m.newSkillPaths(worked, len(plans))
	parts := stretches(worked)
	var next atomic.Int32
	var wg sync.WaitGroup
	for range max(1, min(len(parts), workers)) {
		wg.Go(func() {
			hand := p.share()
			for i := int(next.Add(1)) - 1; i < len(parts); i = int(next.Add(1)) - 1 {
				hand.name(cov, parts[i])
				todo := open(parts[i])
				if p.price > 0 || len(todo) < len(parts[i]) { // else no path is better than the counts
					hand.improve(ctx, todo, pathPrices[:])
				}
			}
		})
	}
	wg.Wait()
	p.tell(cov, worked)
	return p.outcome(worked)
}

// sameSkills gives skills to the shifts of a roster that have none, and anew to those of days
// that are free. All others serve what they did. The cover follows.
func (m *model) sameSkills(cov *cover, plans []*plan, free map[int]bool) served {
	worked := m.workedShifts(plans)
	for i := range worked {
		w := &worked[i]
		w.kept = w.plan != nil && !free[w.day]
	}
	p := m.newSkillPaths(worked, len(plans))
	for _, part := range stretches(worked) {
		todo := open(part)
		if len(todo) == len(part) && (p.price == 0 || !slices.ContainsFunc(part, func(w workedShift) bool { return w.plan != nil })) {
			p.name(cov, part)
		} else {
			for i := range part {
				p.serve(&part[i])
			}
			for i := range part {
				if w := &part[i]; !w.kept && !w.whole() {
					p.insert(w)
				}
			}
		}
		p.improve(context.Background(), todo, nil)
	}
	p.tell(cov, worked)
	return p.outcome(worked)
}

// open returns the shifts whose skills may change.
func open(part []workedShift) []workedShift {
	return slices.DeleteFunc(slices.Clone(part), func(w workedShift) bool { return w.kept })
}

// whole reports whether a shift has a plan with a skill that is asked for in every slot.
func (w *workedShift) whole() bool { return w.plan != nil && !slices.Contains(w.plan, -1) }

// serve lets a shift serve what its plan says, if that is to stay or to begin with.
func (p *skillPaths) serve(w *workedShift) {
	if !w.kept && !w.whole() {
		return
	}
	for i, t := range w.slots {
		p.skill[w.agent][t] = w.plan[i]
	}
	p.count(w, 1)
}

// outcome tells who serves what.
func (p *skillPaths) outcome(worked []workedShift) served {
	out := served{skill: p.skill, kept: map[[2]int]bool{}}
	for i := range worked {
		if w := &worked[i]; w.kept {
			out.kept[[2]int{int(w.agent), w.day}] = true
		}
	}
	return out
}

// workedShifts lists the shifts of all agents with skills in order of time.
func (m *model) workedShifts(plans []*plan) (out []workedShift) {
	for a, p := range plans {
		ma := &m.agents[a]
		if ma.group < 0 || len(m.groups[ma.group].skills) == 0 {
			continue
		}
		next := 0 // a slot in which two shifts of an agent lie, against the rules, counts for the first
		for d, i := range p.opts {
			if i == noOption {
				continue
			}
			w := workedShift{agent: int32(a), gr: &m.groups[ma.group], day: d}
			m.present(ma.option(d, i), p.brks[d], func(t int) {
				if t >= next {
					w.slots = append(w.slots, int32(t))
				}
			})
			if len(w.slots) == 0 {
				continue
			}
			next = int(w.slots[len(w.slots)-1]) + 1
			if i < 0 {
				w.plan = m.spansOf(&w, ma.days[d].cell.Assignment.Plan)
			}
			out = append(out, w)
		}
	}
	slices.SortStableFunc(out, func(x, y workedShift) int { return int(x.slots[0] - y.slots[0]) })
	return out
}

// spansOf reads the skill of every slot of a shift from spans: -1 is one that nobody asks for;
// nil when there are none or the agent does not have it.
func (m *model) spansOf(w *workedShift, spans []SkillSpan) []int8 {
	var work []SkillSpan
	for _, s := range spans {
		if _, away := s.Away(); !away {
			work = append(work, s)
		}
	}
	if len(work) == 0 {
		return nil
	}
	out := make([]int8, len(w.slots))
	for i, t := range w.slots {
		at := m.p.SlotStart(int(t))
		for len(work) > 1 && !work[1].Start.After(at) {
			work = work[1:]
		}
		s := m.skill(work[0].Skill)
		if m.agents[w.agent].a.Efficiency(work[0].Skill) == 0 {
			return nil
		}
		out[i] = int8(s)
	}
	return out
}

// stretches splits shifts in order of time where none runs on.
func stretches(worked []workedShift) (out [][]workedShift) {
	first, end := 0, int32(-1)
	for i := range worked {
		w := &worked[i]
		if i > first && w.slots[0] > end {
			out = append(out, worked[first:i])
			first = i
		}
		end = max(end, w.slots[len(w.slots)-1])
	}
	if first < len(worked) {
		out = append(out, worked[first:])
	}
	return out
}

// name puts names to the counts of the cover. Who is kept serves what the plan says. Who else has a
// plan serves that, and who served a skill in the slot before keeps it, where the counts allow that,
// also by trading places with people of another group.
func (p *skillPaths) name(cov *cover, part []workedShift) {
	m, k := p.m, cov.k
	from := part[0].slots[0]
	var there [][]*workedShift
	for i := range part {
		for _, t := range part[i].slots {
			for int(t-from) >= len(there) {
				there = append(there, nil)
			}
			there[t-from] = append(there[t-from], &part[i])
		}
	}
	for i := range part {
		part[i].last = -1
	}
	var waiting []*workedShift
	var room []int16
	for i, now := range there {
		t := int(from) + i
		room = append(room[:0], cov.counts(t)...)
		take := func(w *workedShift, s int8) bool {
			at := m.agents[w.agent].group*k + int(s)
			if room[at] == 0 {
				return false
			}
			room[at]--
			p.skill[w.agent][t] = s
			return true
		}
		waiting = waiting[:0]
		planned := func(w *workedShift) int8 {
			at, _ := slices.BinarySearch(w.slots, int32(t))
			return w.plan[at]
		}
		for _, w := range now {
			if w.kept {
				if s := planned(w); s < 0 || !take(w, s) {
					p.skill[w.agent][t] = s // the counts have somebody else there
				}
			}
		}
		for _, w := range now {
			if w.kept {
				continue
			}
			want := w.last
			if w.plan != nil {
				want = planned(w)
			}
			if want < 0 || !take(w, want) {
				waiting = append(waiting, w)
			}
		}
		for _, w := range waiting {
			s := 0
			for s < k && !take(w, int8(s)) {
				s++
			}
			if s == k { // somebody kept has the place
				p.skill[w.agent][t] = int8(w.gr.skills[0])
			}
		}
		for _, w := range waiting {
			if w.last >= 0 {
				p.trade(now, t, w)
			}
		}
		for _, w := range now {
			w.last = p.skill[w.agent][t]
		}
	}
	for i := range part {
		p.count(&part[i], 1)
	}
}

// trade lets a shift keep its last skill when somebody else can take the one it was given
// at no loss.
func (p *skillPaths) trade(now []*workedShift, t int, w *workedShift) {
	want, got := w.last, p.skill[w.agent][t]
	for _, o := range now {
		if o == w || o.kept || p.skill[o.agent][t] != want || o.last == want {
			continue
		}
		if o.gr.eff[got] == w.gr.eff[got] && o.gr.eff[want] == w.gr.eff[want] {
			p.skill[w.agent][t], p.skill[o.agent][t] = want, got
			return
		}
	}
}

// improve improves the paths of shifts that follow each other in time, at some prices of a change
// in turn and then at its own.
func (p *skillPaths) improve(ctx context.Context, part []workedShift, prices []float64) {
	if len(part) == 0 {
		return
	}
	price, other := p.price, false
	all := slices.Repeat([]bool{true}, len(part))
	moved := [2][]bool{make([]bool, len(part)), make([]bool, len(part))} // in this round, and in the one before
	for _, x := range prices {
		if ctx.Err() != nil {
			break
		}
		p.price, other = x*price, true
		p.round(ctx, part, all, moved[0])
	}
	p.price = price
	if ctx.Err() != nil {
		for i := 0; other && i < len(part); i++ { // what another price has left
			p.alone(&part[i])
		}
		return
	}
	now := all
	for i := range pathRounds {
		if !p.round(ctx, part, now, moved[i%2]) {
			break
		}
		now = moved[i%2]
	}
}

// round improves all single paths and then pairs of shifts, one of them among those told by
// now. It reports whether a pair got better, and tells in moved whose paths did.
func (p *skillPaths) round(ctx context.Context, part []workedShift, now, moved []bool) (better bool) {
	clear(moved)
	for range pathSweeps {
		any := false
		for i := range part {
			if ctx.Err() != nil {
				return false
			}
			if p.alone(&part[i]) {
				any, moved[i] = true, true
			}
		}
		if !any {
			break
		}
	}
	x := p.newTurns(part)
	for i := range part {
		if ctx.Err() != nil {
			return false
		}
		for _, j := range x.partners(p, i) {
			if (now[i] || now[j] || moved[i] || moved[j]) && p.both(&part[i], &part[j]) {
				better, moved[i], moved[j] = true, true, true
			}
		}
	}
	return better
}

// turns are the changes of skill of some shifts, by slot.
type turns struct {
	part  []workedShift
	first int32
	at    [][]skillTurn
	tried []int32 // per shift: the last one it was listed for
	list  []int32
}

func (p *skillPaths) newTurns(part []workedShift) *turns {
	first, last := part[0].slots[0], int32(0)
	for i := range part {
		last = max(last, part[i].slots[len(part[i].slots)-1])
	}
	x := &turns{part: part, first: first, at: make([][]skillTurn, last-first+1), tried: slices.Repeat([]int32{-1}, len(part))}
	for i := range part {
		p.turns(&part[i], func(y skillTurn) {
			y.shift = int32(i)
			x.at[y.slot-first] = append(x.at[y.slot-first], y)
		})
	}
	return x
}

// partners lists shifts of other agents that change skill at nearly the same time as a shift, from or
// to the same skill, the nearest for every change.
func (x *turns) partners(p *skillPaths, shift int) []int32 {
	w := &x.part[shift]
	x.list = x.list[:0]
	p.turns(w, func(y skillTurn) {
		left := pathPartners
		look := func(slot int32) {
			if slot < x.first || int(slot-x.first) >= len(x.at) {
				return
			}
			for _, o := range x.at[slot-x.first] {
				if left > 0 && o.skills&y.skills != 0 && x.tried[o.shift] != int32(shift) && x.part[o.shift].agent != w.agent {
					x.tried[o.shift] = int32(shift)
					x.list = append(x.list, o.shift)
					left--
				}
			}
		}
		look(y.slot)
		for by := int32(1); by <= pathNear && left > 0; by++ {
			look(y.slot - by)
			look(y.slot + by)
		}
	})
	return x.list
}

// skillTurn is a change of skill in a shift.
type skillTurn struct {
	slot   int32
	shift  int32
	skills uint32 // the one before and the one after, as bits
}

// turns calls f with every change of skill of a shift.
func (p *skillPaths) turns(w *workedShift, f func(skillTurn)) {
	s := p.skill[w.agent]
	for i := 1; i < len(w.slots); i++ {
		if x, y := s[w.slots[i-1]], s[w.slots[i]]; x != y {
			f(skillTurn{slot: w.slots[i], skills: 1<<x | 1<<y})
		}
	}
}

// tell puts the skills into the counts of the cover.
func (p *skillPaths) tell(cov *cover, worked []workedShift) {
	k := cov.k
	want := make([]int16, len(cov.n))
	for i := range worked {
		w := &worked[i]
		for _, t := range w.slots {
			if p.skill[w.agent][t] < 0 {
				continue
			}
			want[(int(t)*cov.g+p.m.agents[w.agent].group)*k+int(p.skill[w.agent][t])]++
		}
	}
	for slot := range p.m.slots {
		have, goal := cov.counts(slot), want[slot*cov.g*k:(slot+1)*cov.g*k]
		if slices.Equal(have, goal) {
			continue
		}
		cov.touch(slot)
		for g := range cov.g {
			for s := range k {
				for u := 0; u < k && have[g*k+s] > goal[g*k+s]; u++ {
					for have[g*k+s] > goal[g*k+s] && have[g*k+u] < goal[g*k+u] {
						cov.shift(slot, g, s, u)
					}
				}
				for have[g*k+s] > goal[g*k+s] { // serves what nobody asks for, or is there twice
					cov.shift(slot, g, s, -1)
				}
			}
		}
	}
}
