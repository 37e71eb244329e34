package roster

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// plan is one agent's choice for every day. A plan is not changed once made.
type plan struct {
	opts []int32    // option per day, noOption when off
	brks [][]placed // breaks per day
	own  float64    // cost of hours, wishes and pattern
}

// lane is one worker with its scratch memory. All lanes work on one cover: side by
// side they re-plan different agents on different days, so that neither sees what
// the other does until both are done, however many of them run at once.
type lane struct {
	m           *model
	cov         *cover
	prog        programme
	links       map[*book]*links
	rng         *rand.Rand
	blur        blur
	shift       []float64 // cost per day and shift kind of one more agent
	without     []float64
	scaled      []float64
	barred      []bool
	agents      []int   // to be re-planned in this round
	alike       [][]int // the same by group
	first, last int     // the days of this round
	was, is     []int   // slots that an agent leaves, and comes to
	nudge       nudge
	relay       relay
	dealer      dealer
	own         float64
	done        int // agent-days re-planned
}

func newLane(m *model, cov *cover, seed uint64, i int) *lane {
	l := &lane{m: m, cov: cov, links: map[*book]*links{}, rng: rand.New(rand.NewPCG(seed, uint64(i)))}
	l.blur = blur{rng: l.rng}
	return l
}

func (l *lane) linksOf(b *book) *links {
	x := l.links[b]
	if x == nil {
		n := newLinks(b, false)
		x = &n
		l.links[b] = x
	}
	return x
}

// put adds (or with sign -1 takes out) an agent's presence.
func (l *lane) put(agent int, p *plan, sign int) {
	if p != nil {
		l.putDays(agent, p, sign, 0, len(p.opts)-1)
	}
}

// putDays is put for some days only.
func (l *lane) putDays(agent int, p *plan, sign, first, last int) {
	m, ma := l.m, &l.m.agents[agent]
	for d := first; d <= last; d++ {
		i := p.opts[d]
		if i == noOption {
			continue
		}
		o := ma.option(d, i)
		m.present(o, p.brks[d], func(slot int) {
			if ma.group < 0 {
				return
			}
			if sign > 0 {
				l.cov.add(slot, ma.group)
			} else {
				l.cov.remove(slot, ma.group)
			}
		})
		for _, s := range m.byDay[d] {
			if sd := &m.shiftD[s]; sd.shift == o.shift && m.countsFor(ma, sd) {
				l.count(s, sign)
			}
		}
	}
}

// change puts one plan of an agent in the place of another on some days. Only slots
// in which the two differ are touched.
func (l *lane) change(agent int, old, p *plan, first, last int) {
	ma := &l.m.agents[agent]
	if ma.group < 0 {
		return
	}
	for d := first; d <= last; d++ {
		l.compare(ma, d, old, p)
		l.carry(ma, d, old.opts[d], p.opts[d])
	}
}

// count changes the number of agents on a shift demand.
func (l *lane) count(s, by int) {
	d := l.m.shiftD[s].d
	l.cov.cost -= d.Cost(float64(l.cov.count[s]))
	l.cov.count[s] += by
	l.cov.cost += d.Cost(float64(l.cov.count[s]))
	if l.cov.journal.on {
		l.cov.journal.counts = append(l.cov.journal.counts, shiftCount{s, by})
	}
}

func (m *model) countsFor(ma *mAgent, sd *mShiftDemand) bool {
	return ma.group >= 0 && (sd.skill < 0 || m.groups[ma.group].eff[sd.skill] > 0)
}

// present calls f for every slot of the horizon in which the shift is worked.
func (m *model) present(o *option, brks []placed, f func(slot int)) {
	t, end := max(0, o.start), min(o.start+o.n, m.slots)
	for _, b := range brks {
		for ; t < min(b.start, end); t++ {
			f(t)
		}
		t = max(t, b.start+b.n)
	}
	for ; t < end; t++ {
		f(t)
	}
}

// shiftCosts returns the cost of one more agent like ma per day and shift kind on some days,
// with the shifts of a plan (nil: none) taken out there; nil without demand per shift.
func (l *lane) shiftCosts(ma *mAgent, old *plan, first, last int) []float64 {
	m := l.m
	if len(m.shiftD) == 0 {
		return nil
	}
	if l.shift == nil {
		l.shift = make([]float64, m.p.Days*len(m.p.Shifts))
	}
	clear(l.shift)
	for i := range m.shiftD {
		if sd := &m.shiftD[i]; sd.day >= first && sd.day <= last && m.countsFor(ma, sd) { // the other days may be the other lane's
			n := float64(l.cov.count[i])
			if old != nil {
				if j := old.opts[sd.day]; j != noOption && ma.option(sd.day, j).shift == sd.shift {
					n--
				}
			}
			l.shift[sd.day*len(m.p.Shifts)+sd.shift] += sd.d.Cost(n+1) - sd.d.Cost(n)
		}
	}
	return l.shift
}

// respond returns the agent's best plan against the cover as it is, with the plan that
// the agent has in it (nil: none) taken out. With scale the values of presence are
// multiplied.
func (l *lane) respond(agent int, old *plan, scale func(slot int) float64) *plan {
	m, ma := l.m, &l.m.agents[agent]
	if ma.group < 0 {
		return m.emptyPlan(ma)
	}
	v := l.worth(agent, old, 0, m.p.Days-1, 0, m.slots)
	if scale != nil {
		l.scaled = append(l.scaled[:0], v...)
		for i := range l.scaled {
			l.scaled[i] *= scale(i)
		}
		v = l.scaled
	}
	l.prog.evaluate(m, ma, v, l.shiftCosts(ma, old, 0, m.p.Days-1))
	p := &plan{opts: make([]int32, m.p.Days), brks: make([][]placed, m.p.Days)}
	l.prog.solve(m, ma, l.linksOf(ma.book), l.bars(ma), p.opts)
	m.trim(ma, p.opts)
	for d, i := range p.opts {
		if i != noOption {
			p.brks[d] = l.prog.place(ma, d, ma.option(d, i))
		}
	}
	p.own = m.ownCost(ma, p.opts)
	return p
}

// place puts the breaks of an option where presence is worth least, by the prefix
// sums of the last evaluate.
func (s *programme) place(ma *mAgent, d int, o *option) []placed {
	if o.fixedBreak != nil {
		return o.fixedBreak
	}
	if o.brk < 0 {
		return nil
	}
	c := ma.book.cases[d][o.brk]
	list := ma.book.breaks[c.list]
	at := make([]int, len(list))
	s.bestBreaks(list, c.start, at)
	out := make([]placed, len(list))
	for i, b := range list {
		out[i] = placed{at[i], b.n, b.paid}
	}
	return out
}

// emptyPlan has nothing but locked shifts.
func (m *model) emptyPlan(ma *mAgent) *plan {
	p := &plan{opts: make([]int32, m.p.Days), brks: make([][]placed, m.p.Days)}
	for d := range p.opts {
		p.opts[d] = noOption
		if len(ma.days[d].private) > 0 {
			p.opts[d] = -1
			p.brks[d] = ma.days[d].private[0].fixedBreak
		}
	}
	if ma.group >= 0 {
		p.own = m.ownCost(ma, p.opts)
	}
	return p
}

// ownCost prices hours, wishes, single days off and fairness of a plan.
func (m *model) ownCost(ma *mAgent, opts []int32) float64 {
	c, work, off := m.ownParts(ma, opts)
	whole, held := m.fairCost(ma, opts)
	return c + work + off + whole - held
}

// ownParts splits ownCost into hours, wishes and pattern.
func (m *model) ownParts(ma *mAgent, opts []int32) (hours, wishes, pattern float64) {
	units := 0
	period := 0
	last := ma.hist.lastDay
	for d, i := range opts {
		md := &ma.days[d]
		if i == noOption {
			wishes += md.off
		} else {
			o := ma.option(d, i)
			if i >= 0 {
				units += o.paid / ma.book.unit
				if md.extra != nil {
					wishes += md.extra[i]
				}
			} else {
				units += md.link.units
			}
			if last == d-2 {
				pattern += m.w.SplitDaysOff
			}
			last = d
		}
		if d == ma.periods[period].to {
			hours += m.hoursCost(ma, &ma.periods[period], units)
			units = 0
			period = min(period+1, len(ma.periods)-1)
		}
	}
	return hours, wishes, pattern
}

// searcher holds the roster as it is, and the best one seen.
type searcher struct {
	m       *model
	lanes   []*lane
	plans   []*plan
	own     float64
	best    []*plan
	kept    coverage // of best
	cost    float64  // of best
	workers int
	iters   int
	bound   float64
	duals   *duals
	tell    func(phase string, done float64)
}

// laneCount is the number of lanes. It is part of the definition of the result:
// changing it changes rosters, running the lanes on fewer cores does not.
const laneCount = 2

func newSearcher(m *model, seed uint64, workers int) *searcher {
	s := &searcher{m: m, workers: workers, cost: math.Inf(1), bound: math.NaN(), tell: func(string, float64) {}}
	cov := newCover(m)
	for i := range laneCount {
		if i > 0 {
			cov = cov.share()
		}
		s.lanes = append(s.lanes, newLane(m, cov, seed, i))
	}
	s.plans = make([]*plan, len(m.agents))
	return s
}

// total returns the cost of the roster as it is.
func (s *searcher) total() float64 { return s.lanes[0].cov.cost + s.own }

// set gives an agent a plan.
func (s *searcher) set(agent int, p *plan) {
	old := s.plans[agent]
	if old != nil {
		s.own -= old.own
	}
	s.own += p.own
	s.plans[agent] = p
}

// keep remembers the roster as it is if it is the best so far.
func (s *searcher) keep() {
	if t := s.total(); t < s.cost-coverEps {
		s.cost = t
		s.best = append(s.best[:0], s.plans...)
		s.lanes[0].cov.save(&s.kept)
	}
}

// construct inserts all agents, those with the fewest choices first. Presence is
// worth more where more of the need is still open, so that the first agents do
// not all take the same hours.
func (s *searcher) construct(ctx context.Context) {
	m, l := s.m, s.lanes[0]
	order := make([]int, len(m.agents))
	choices := make([]int, len(m.agents))
	for i := range m.agents {
		order[i] = i
		ma := &m.agents[i]
		for d := range ma.days {
			if ma.days[d].all {
				choices[i] += len(ma.book.days[d])
			}
			choices[i] += len(ma.days[d].allow)
		}
		if ma.group >= 0 {
			choices[i] *= max(1, len(m.groups[ma.group].skills))
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return choices[a] - choices[b] })
	open := func(slot int) float64 {
		need, have := 0.0, 0.0
		for k := range m.skills {
			need += m.costs[slot*len(m.skills)+k].need
			have += l.cov.z[slot*len(m.skills)+k]
		}
		if need <= have || need == 0 {
			return 1
		}
		return 0.2 + 0.8*(need-have)/need
	}
	for _, a := range order {
		p := m.emptyPlan(&m.agents[a])
		if ctx.Err() == nil {
			p = l.respond(a, nil, open)
		}
		l.put(a, p, 1)
		s.set(a, p)
	}
	s.keep()
	for range bestResponsePasses {
		s.pass(ctx)
	}
}

// bestResponsePasses is how often every agent is re-inserted after construction.
const bestResponsePasses = 2

// pass re-inserts every agent once, which never makes the roster worse.
func (s *searcher) pass(ctx context.Context) {
	l := s.lanes[0]
	for a := range s.m.agents {
		if ctx.Err() != nil {
			return
		}
		s.reinsert(l, a)
	}
	s.keep()
}

// reinsert plans one agent anew if that pays.
func (s *searcher) reinsert(l *lane, a int) {
	last := s.m.p.Days - 1
	before, old := s.total(), s.plans[a]
	p := l.respond(a, old, nil)
	if l.changes(a, old, p, 0, last)+p.own-old.own > -coverEps {
		return
	}
	l.cov.begin()
	l.change(a, old, p, 0, last)
	if l.cov.cost+s.own-old.own+p.own > before-coverEps {
		l.cov.rollback()
		return
	}
	l.cov.end()
	s.set(a, p)
}
