package roster

import (
	"cmp"
	"context"
	"slices"
)

// adopt gives the agents what the cells hold, every agent the shift that lies nearest
// to the one before; an agent whose days do not go together is planned anew.
func (s *searcher) adopt(ctx context.Context, x *master) {
	m, l := s.m, s.lanes[0]
	fresh := make([]*plan, len(m.agents))
	members := make([][]int, len(x.held)) // agents per cell
	for i := range x.shares {
		b := &x.shares[i]
		if fresh[b.agent] == nil {
			fresh[b.agent] = m.emptyPlan(&m.agents[b.agent])
		}
		for _, at := range b.weeks[b.heaviest()].cells {
			if at >= 0 {
				members[at] = append(members[at], b.agent)
			}
		}
	}
	order := make([]int, len(x.held))
	for i := range order {
		order[i] = i
	}
	day := func(c int) int { return x.menus[x.cells[c].menu].day }
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(day(a), day(b)) })
	start := make([]int, len(m.agents)) // minutes after the start of the day of the last shift
	for _, c := range order {
		who, held := members[c], x.held[c]
		d := day(c)
		slices.SortStableFunc(who, func(a, b int) int { return cmp.Compare(start[a], start[b]) })
		ma := &m.agents[x.menus[x.cells[c].menu].agent]
		from := func(p *piece) int { return ma.option(d, p.opt).from - m.day0[d] }
		slices.SortStableFunc(held, func(p, q *piece) int { return cmp.Compare(from(p), from(q)) })
		for i, a := range who[:min(len(who), len(held))] {
			fresh[a].opts[d], fresh[a].brks[d] = held[i].opt, held[i].brks
			start[a] = from(held[i])
		}
	}
	var again []int
	for a, p := range fresh {
		if p == nil {
			continue
		}
		ma := &m.agents[a]
		if !m.legal(ma, l.linksOf(ma.book), p.opts) {
			again = append(again, a)
			p = m.emptyPlan(ma)
		}
		p.own = m.ownCost(ma, p.opts)
		l.put(a, s.plans[a], -1)
		l.put(a, p, 1)
		s.set(a, p)
	}
	for _, a := range again {
		s.reinsert(l, a)
	}
	s.eachDay(ctx, func(l *lane, d int) { l.dealDay(ctx, d) })
}
