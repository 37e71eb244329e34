package roster

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// The skills of a roster begin as the counts of the cover give them, which is the cheapest
// coverage with many changes; or as an existing roster has them, so that what nobody
// touched stays as it is. Then the paths are improved (skillpath.go). Prices of a change above
// and below its own, in turn, lead out of where no two shifts find anything more.

// pathPrices are the prices of a change, in its own price, at which thorough runs improve
// the paths first.
var pathPrices = [...]float64{4, 0.25, 2, 0.5, 1.5, 0.75}

const (
	pathRounds   = 4  // over all pairs at the price itself, at most
	pathSweeps   = 10 // over single shifts in a round, at most
	pathNear     = 4  // slots between changes of two shifts that are tried together
	pathPartners = 12 // shifts tried for one change, the nearest
)

// skillsOf says who serves which skill when: per agent and slot, -1 = not there; nil for
// agents without a skill. The cover follows. A thorough run takes a second and more with
// hundreds of agents, less when ctx ends; else only days are improved in which something is new.
func (m *model) skillsOf(ctx context.Context, cov *cover, plans []*plan, thorough bool) [][]int8 {
	worked := m.workedShifts(plans)
	p := m.newSkillPaths(len(plans), m.w.SkillChange*m.scale)
	for i := range worked {
		if a := worked[i].agent; p.skill[a] == nil {
			p.skill[a] = slices.Repeat([]int8{-1}, m.slots)
		}
	}
	parts := stretches(worked)
	var next atomic.Int32
	var wg sync.WaitGroup
	for range min(len(parts), runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			hand := p.share()
			for i := int(next.Add(1)) - 1; i < len(parts); i = int(next.Add(1)) - 1 {
				if hand.begin(cov, parts[i]) || thorough {
					hand.improve(ctx, parts[i], thorough)
				}
			}
		})
	}
	wg.Wait()
	p.tell(cov, worked)
	return p.skill
}

// workedShifts lists the shifts of all agents with skills in order of time.
func (m *model) workedShifts(plans []*plan) (out []workedShift) {
	for a, p := range plans {
		ma := &m.agents[a]
		if ma.group < 0 || len(m.groups[ma.group].skills) == 0 {
			continue
		}
		for d, i := range p.opts {
			if i == noOption {
				continue
			}
			w := workedShift{agent: int32(a), gr: &m.groups[ma.group]}
			m.present(ma.option(d, i), p.brks[d], func(t int) { w.slots = append(w.slots, int32(t)) })
			if len(w.slots) == 0 {
				continue
			}
			if i < 0 {
				w.plan = m.planned(&w, ma.days[d].cell.Assignment.Plan)
			}
			out = append(out, w)
		}
	}
	slices.SortStableFunc(out, func(x, y workedShift) int { return int(x.slots[0] - y.slots[0]) })
	return out
}

// planned reads the skill of every slot of a shift from spans; nil when one is missing or the
// agent does not have it.
func (m *model) planned(w *workedShift, spans []SkillSpan) []int8 {
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
		if s < 0 || w.gr.eff[s] == 0 {
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

// begin gives the shifts of a stretch their first skills, and reports whether there
// is anything new to improve.
func (p *skillPaths) begin(cov *cover, part []workedShift) (fresh bool) {
	if !slices.ContainsFunc(part, func(w workedShift) bool { return w.plan != nil }) {
		p.name(cov, part)
		return true
	}
	for i := range part {
		if w := &part[i]; w.plan != nil {
			for j, t := range w.slots {
				p.skill[w.agent][t] = w.plan[j]
			}
			p.count(w, 1)
		}
	}
	for i := range part {
		if w := &part[i]; w.plan == nil {
			p.insert(w)
			fresh = true
		}
	}
	for i := range part {
		fresh = p.alone(&part[i]) || fresh
	}
	return fresh
}

// name puts names to the counts of the cover. Who served a skill in the slot before keeps
// it where the counts allow that, also by trading places with people of another group.
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
	last := make(map[*workedShift]int8, len(part))
	var waiting []*workedShift
	for i, now := range there {
		t := int(from) + i
		room := slices.Clone(cov.counts(t))
		take := func(w *workedShift, s int) bool {
			at := m.agents[w.agent].group*k + s
			if room[at] == 0 {
				return false
			}
			room[at]--
			p.skill[w.agent][t] = int8(s)
			return true
		}
		waiting = waiting[:0]
		for _, w := range now {
			if s, ok := last[w]; !ok || !take(w, int(s)) {
				waiting = append(waiting, w)
			}
		}
		for _, w := range waiting {
			for s := 0; s < k && !take(w, s); s++ {
			}
		}
		for _, w := range waiting {
			if _, ok := last[w]; ok {
				p.trade(now, last, t, w)
			}
		}
		for _, w := range now {
			last[w] = p.skill[w.agent][t]
		}
	}
	for i := range part {
		p.count(&part[i], 1)
	}
}

// trade lets a shift keep its last skill when somebody else can take the one it was given
// at no loss.
func (p *skillPaths) trade(now []*workedShift, last map[*workedShift]int8, t int, w *workedShift) {
	want, got := last[w], p.skill[w.agent][t]
	for _, o := range now {
		if o == w || p.skill[o.agent][t] != want {
			continue
		}
		if s, ok := last[o]; ok && s == want {
			continue
		}
		if o.gr.eff[got] == w.gr.eff[got] && o.gr.eff[want] == w.gr.eff[want] {
			p.skill[w.agent][t], p.skill[o.agent][t] = want, got
			return
		}
	}
}

// improve improves the paths of a stretch.
func (p *skillPaths) improve(ctx context.Context, part []workedShift, thorough bool) {
	price := p.price
	if price == 0 {
		return
	}
	moved, all := make([]bool, len(part)), slices.Repeat([]bool{true}, len(part))
	if thorough {
		for _, x := range pathPrices {
			p.price = x * price
			p.round(ctx, part, all, moved)
		}
	}
	p.price = price
	now := all
	for range pathRounds {
		if !p.round(ctx, part, now, moved) {
			break
		}
		if &now[0] == &all[0] {
			now = make([]bool, len(part))
		}
		now, moved = moved, now
	}
}

// round improves all single paths and then pairs of shifts that change skill at nearly the
// same time, from or to the same skill, one of them among those told by now. It reports
// whether a pair got better, and tells in moved whose paths did.
func (p *skillPaths) round(ctx context.Context, part []workedShift, now, moved []bool) (better bool) {
	clear(moved)
	for range pathSweeps {
		any := false
		for i := range part {
			if p.alone(&part[i]) {
				any, moved[i] = true, true
			}
		}
		if !any {
			break
		}
	}
	from := part[0].slots[0]
	to := from
	for i := range part {
		to = max(to, part[i].slots[len(part[i].slots)-1])
	}
	at := make([][]skillTurn, to-from+1) // changes by slot
	for i := range part {
		p.turns(&part[i], func(x skillTurn) {
			x.shift = int32(i)
			at[x.slot-from] = append(at[x.slot-from], x)
		})
	}
	tried := slices.Repeat([]int32{-1}, len(part))
	for i := range part {
		if ctx.Err() != nil {
			return false
		}
		w := &part[i]
		var mine []skillTurn
		p.turns(w, func(x skillTurn) { mine = append(mine, x) })
		for _, x := range mine {
			left := pathPartners
			for d := int32(0); d <= pathNear && left > 0; d++ {
				for _, t := range [...]int32{x.slot - d, x.slot + d} {
					if t < from || t > to || d == 0 && t != x.slot {
						continue
					}
					for _, y := range at[t-from] {
						if left == 0 {
							break
						}
						if int(y.shift) == i || !now[i] && !now[y.shift] && !moved[i] && !moved[y.shift] || y.skills&x.skills == 0 || tried[y.shift] == int32(i) || part[y.shift].agent == w.agent {
							continue
						}
						tried[y.shift] = int32(i)
						left--
						if p.both(w, &part[y.shift]) {
							better, moved[i], moved[y.shift] = true, true, true
						}
					}
					if d == 0 {
						break
					}
				}
			}
		}
	}
	return better
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
			}
		}
	}
}
