package roster

import (
	"cmp"
	"math"
	"slices"
)

// A nudge is a small change of one shift: it begins a little earlier or later, or
// becomes another of the same paid time, or one of its breaks moves. Few slots change,
// by one head each, and what a head more or less costs in a slot is remembered until
// somebody comes or goes there: most nudges are judged without touching the cover, so
// that thousands go into the time of planning an agent anew. They settle starts and
// breaks, for which planning one agent at a time is too coarse.
type nudge struct {
	peers map[*book]*peers
	days  []int
	opt   int32 // after the nudge
	brks  []placed
}

// peers lists the options of the days of a book by paid time and then start.
type peers struct {
	order, at [][]int32
}

func newPeers(b *book) *peers {
	x := &peers{}
	for _, day := range b.days {
		order, at := make([]int32, len(day)), make([]int32, len(day))
		for i := range order {
			order[i] = int32(i)
		}
		slices.SortStableFunc(order, func(i, j int32) int {
			o, q := &day[i], &day[j]
			return cmp.Or(cmp.Compare(o.paid, q.paid), cmp.Compare(o.start, q.start), cmp.Compare(o.n, q.n))
		})
		for i, o := range order {
			at[o] = int32(i)
		}
		x.order, x.at = append(x.order, order), append(x.at, at)
	}
	return x
}

// nudgesEach nudges go with each day of an agent that is planned anew. nudgeReach is
// how far in the list of its peers a shift looks for another; every nudgeLeap-th time it
// looks anywhere.
const (
	nudgesEach = 40
	nudgeReach = 8
	nudgeLeap  = 8
)

// nudges tries n nudges of one agent on some days at a temperature.
func (l *lane) nudges(plans []*plan, agent, first, last, n int, temp float64) {
	ma := &l.m.agents[agent]
	u := &l.nudge
	p, changed := plans[agent].clone(), false
	p.own = plans[agent].own
	u.days = u.days[:0]
	for d := first; d <= last; d++ {
		if p.opts[d] >= 0 {
			u.days = append(u.days, d)
		}
	}
	if len(u.days) == 0 || len(l.m.groups[ma.group].skills) == 0 {
		return
	}
	for range n {
		d := u.days[l.rng.IntN(len(u.days))]
		if l.rng.Uint32()&1 == 0 {
			if !l.breakElsewhere(ma, d, p) {
				continue
			}
		} else if !l.peerShift(ma, d, p) {
			continue
		}
		mine := l.nudgeCost(ma, d, p)
		delta := mine + l.countCost(ma, d, p.opts[d], u.opt) + l.slotCost(ma.group)
		if delta > 0 && delta > -temp*math.Log(1-l.rng.Float64()) || !l.mayNudge(ma, d, p) {
			continue
		}
		l.carry(ma, d, p.opts[d], u.opt)
		p.opts[d], p.brks[d] = u.opt, slices.Clone(u.brks)
		p.own += mine
		changed = true
	}
	if changed {
		l.own += p.own - plans[agent].own
		plans[agent] = p
	}
}

// breakElsewhere draws another place for a break.
func (l *lane) breakElsewhere(ma *mAgent, d int, p *plan) bool {
	u, old := &l.nudge, p.brks[d]
	o := ma.option(d, p.opts[d])
	if o.brk < 0 || len(old) == 0 {
		return false
	}
	list := ma.book.breaks[ma.book.cases[d][o.brk].list]
	k := l.rng.IntN(len(list))
	lo, hi := o.start+list[k].lo, o.start+list[k].hi
	if k > 0 {
		lo = max(lo, old[k-1].start+old[k-1].n)
	}
	if k+1 < len(list) {
		hi = min(hi, old[k+1].start-list[k].n)
	}
	if hi <= lo {
		return false
	}
	t := lo + l.rng.IntN(hi-lo)
	if t >= old[k].start {
		t++
	}
	u.opt = p.opts[d]
	u.brks = append(u.brks[:0], old...)
	u.brks[k].start = t
	l.was, l.is = l.was[:0], l.is[:0]
	n := list[k].n
	for x := t; x < t+n; x++ {
		if (x < old[k].start || x >= old[k].start+n) && x < l.m.slots {
			l.was = append(l.was, x)
		}
	}
	for x := old[k].start; x < old[k].start+n; x++ {
		if (x < t || x >= t+n) && x < l.m.slots {
			l.is = append(l.is, x)
		}
	}
	return true
}

// peerShift draws another shift of the same paid time, with its breaks as near as
// they can be to where they were in the day, or in the shift.
func (l *lane) peerShift(ma *mAgent, d int, p *plan) bool {
	u, b := &l.nudge, ma.book
	if u.peers == nil {
		u.peers = map[*book]*peers{}
	}
	x := u.peers[b]
	if x == nil {
		x = newPeers(b)
		u.peers[b] = x
	}
	i := p.opts[d]
	order, at := x.order[d], int(x.at[d][i])
	if l.rng.IntN(nudgeLeap) == 0 {
		at = l.rng.IntN(len(order))
	} else if by := 1 + l.rng.IntN(nudgeReach); l.rng.Uint32()&1 == 0 {
		at += by
	} else {
		at -= by
	}
	if at < 0 || at >= len(order) || order[at] == i {
		return false
	}
	j := order[at]
	o, q := ma.option(d, i), ma.option(d, j)
	if o.paid != q.paid || !ma.days[d].allows(j) {
		return false
	}
	old := p.brks[d]
	u.opt, u.brks = j, u.brks[:0]
	if q.brk >= 0 {
		list := b.breaks[b.cases[d][q.brk].list]
		along := 0
		if l.rng.Uint32()&1 == 0 {
			along = q.start - o.start
		}
		end := q.start
		for k, w := range list {
			hi := q.start + w.hi
			for after, n := k+1, w.n; after < len(list); after++ { // leave room for those behind
				hi = min(hi, q.start+list[after].hi-n)
				n += list[after].n
			}
			lo := max(end, q.start+w.lo)
			t := lo
			if k < len(old) {
				t = old[k].start + along
			} else if hi > lo {
				t = lo + l.rng.IntN(hi-lo+1)
			}
			t = max(lo, min(hi, t))
			u.brks = append(u.brks, placed{t, w.n, w.paid})
			end = t + w.n
		}
	}
	l.was, l.is = l.m.differ(o, old, q, u.brks, l.was[:0], l.is[:0])
	return true
}

// nudgeCost returns what a nudge changes of the agent's own cost.
func (l *lane) nudgeCost(ma *mAgent, d int, p *plan) (own float64) {
	m, i, j := l.m, p.opts[d], l.nudge.opt
	if i == j {
		return 0
	}
	if x := ma.days[d].extra; x != nil {
		own = x[j] - x[i]
	}
	if ma.fair != nil {
		whole, held := m.fairCost(ma, p.opts)
		p.opts[d] = j
		after, kept := m.fairCost(ma, p.opts)
		p.opts[d] = i
		own += after - kept - whole + held
	}
	return own
}

// mayNudge reports whether the plan stays legal.
func (l *lane) mayNudge(ma *mAgent, d int, p *plan) bool {
	i, j := p.opts[d], l.nudge.opt
	if i == j || ma.book.days[d][i].group == ma.book.days[d][j].group && ma.rules.MaxStarts == 0 {
		return true
	}
	p.opts[d] = j
	ok := l.m.legal(ma, l.linksOf(ma.book), p.opts)
	p.opts[d] = i
	return ok
}
