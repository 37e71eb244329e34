package roster

import (
	"math"
	"slices"
)

// An exchange of shifts between two agents leaves presence nearly as it is. It goes
// through where planning one agent anew does not: which days an agent works is
// settled early in the annealing, while the price of a single day off is still
// noise.

// exchanges tries a number of exchanges between an agent and others of its group,
// which cost next to nothing to judge, and some with agents of any kind.
func (l *lane) exchanges(plans []*plan, a int, temp float64) {
	alike := l.alike[l.m.agents[a].group]
	for range alikeSwaps {
		l.swapDays(plans, a, alike[l.rng.IntN(len(alike))], temp)
	}
	for range otherSwaps {
		l.swapDays(plans, a, l.agents[l.rng.IntN(len(l.agents))], temp)
	}
}

// alikeSwaps and otherSwaps are the numbers of exchanges that are tried for each
// agent that is planned anew: the first are cheap, and settle which days who works.
const (
	alikeSwaps = 60
	otherSwaps = 12
)

// sort puts the lane's agents into their groups.
func (l *lane) sort() {
	if l.alike == nil {
		l.alike = make([][]int, len(l.m.groups))
	}
	for g := range l.alike {
		l.alike[g] = l.alike[g][:0]
	}
	for _, a := range l.agents {
		g := l.m.agents[a].group
		l.alike[g] = append(l.alike[g], a)
	}
}

// swapDays lets an agent give a shift to another one who gives one back: on the
// same day, or on another day of the week on which the first is off.
func (l *lane) swapDays(plans []*plan, a, b int, temp float64) {
	m := l.m
	x, y := &m.agents[a], &m.agents[b]
	if a == b || x.book != y.book || !m.share(a, b) {
		return
	}
	weekday := (int(m.p.First.Weekday()) + 6) % 7
	p, q := plans[a], plans[b]
	d := l.first + l.rng.IntN(l.last-l.first+1)
	if p.opts[d] < 0 {
		return
	}
	monday := (weekday+d)/7*7 - weekday
	from, to := max(l.first, monday), min(l.last, monday+6)
	e := from + l.rng.IntN(to-from+1)
	if d == e {
		if q.opts[d] < 0 || p.opts[d] == q.opts[d] && x.group == y.group {
			return
		}
	} else if q.opts[e] < 0 || p.opts[e] != noOption || q.opts[d] != noOption || x.days[d].forced || x.days[e].forced || y.days[d].forced || y.days[e].forced {
		return
	}
	if !x.days[e].allows(q.opts[e]) || !y.days[d].allows(p.opts[d]) {
		return
	}
	p2, q2 := p.clone(), q.clone()
	if d == e {
		p2.opts[d], p2.brks[d], q2.opts[d], q2.brks[d] = q.opts[d], q.brks[d], p.opts[d], p.brks[d]
	} else {
		p2.opts[d], p2.brks[d], q2.opts[d], q2.brks[d] = noOption, nil, p.opts[d], p.brks[d]
		p2.opts[e], p2.brks[e], q2.opts[e], q2.brks[e] = q.opts[e], q.brks[e], noOption, nil
	}
	p2.own, q2.own = m.ownCost(x, p2.opts), m.ownCost(y, q2.opts)
	own := p2.own + q2.own - p.own - q.own
	luck := -temp * math.Log(1-l.rng.Float64())
	if x.group == y.group && own > luck || !m.legal(x, l.linksOf(x.book), p2.opts) || !m.legal(y, l.linksOf(y.book), q2.opts) {
		return
	}
	if x.group != y.group {
		l.cov.begin()
		before := l.cov.cost
		for _, day := range []int{d, e} {
			l.putDays(a, p, -1, day, day)
			l.putDays(b, q, -1, day, day)
			l.putDays(a, p2, 1, day, day)
			l.putDays(b, q2, 1, day, day)
			if d == e {
				break
			}
		}
		if l.cov.cost-before+own > luck {
			l.cov.rollback()
			return
		}
		l.cov.end()
	}
	l.own += own
	plans[a], plans[b] = p2, q2
}

func (p *plan) clone() *plan {
	return &plan{opts: slices.Clone(p.opts), brks: slices.Clone(p.brks)}
}

// allows reports whether option i of the book can be worked.
func (d *mDay) allows(i int32) bool {
	if len(d.private) > 0 {
		return false
	}
	if d.all {
		return true
	}
	_, ok := slices.BinarySearch(d.allow, i)
	return ok
}

// legal reports whether a plan keeps the rules, by the same states as the programme.
func (m *model) legal(ma *mAgent, l *links, opts []int32) bool {
	weekday := (int(m.p.First.Weekday()) + 6) % 7
	link, units, week, period := l.start(m, ma), 0, ma.hist.weekDays, 0
	for d, i := range opts {
		if i == noOption {
			link = l.afterOff(link)
		} else {
			g := ma.groupOf(d, i)
			next, _, ok := l.afterWork(link, g, 0)
			link = next
			units += g.units
			week++
			if len(ma.days[d].private) == 0 && (!ok || week > ma.maxDays || units > ma.periods[period].cap/ma.book.unit) {
				return false
			}
		}
		switch {
		case d == ma.periods[period].to:
			units, week = 0, 0
			period = min(period+1, len(ma.periods)-1)
		case (weekday+d)%7 == 6:
			week = 0
		}
	}
	_, _, bad := m.offence(ma, opts)
	return !bad
}

// share reports whether two agents have a skill in common.
func (m *model) share(a, b int) bool {
	x, y := &m.groups[m.agents[a].group], &m.groups[m.agents[b].group]
	for _, s := range x.skills {
		if y.eff[s] > 0 {
			return true
		}
	}
	return len(x.skills) == 0 && len(y.skills) == 0
}
