package roster

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
)

// plan is one agent's choice for every day. A plan is not changed once made.
type plan struct {
	opts []int32    // option per day, noOption when off
	brks [][]placed // breaks per day
	own  float64    // cost of hours, wishes and pattern
}

// lane is one worker's copy of the cover with its scratch memory. Lanes propose
// changes side by side against the same roster; the changes are then decided in
// order of lane, so that the result does not depend on how many run at once.
type lane struct {
	m       *model
	cov     *cover
	prog    programme
	links   map[*book]*links
	rng     *rand.Rand
	shift   []float64 // cost per day and shift kind of one more agent
	noisy   []float64
	barred  []bool
	agents  []int
	plans   []*plan // proposed, per agent of agents
	delta   float64
	pending []change // decided elsewhere, still to be done here
	undo    bool     // the lane's own proposal is to be rolled back
}

// change replaces one agent's plan.
type change struct {
	agent    int
	old, new *plan
}

func newLane(m *model, seed uint64, i int) *lane {
	return &lane{m: m, cov: newCover(m), links: map[*book]*links{}, rng: rand.New(rand.NewPCG(seed, uint64(i)))}
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
				l.cov.cost -= sd.d.Cost(float64(l.cov.count[s]))
				l.cov.count[s] += sign
				l.cov.cost += sd.d.Cost(float64(l.cov.count[s]))
			}
		}
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

// shiftCosts returns the cost of one more agent like ma per day and shift kind,
// nil without demand per shift.
func (l *lane) shiftCosts(ma *mAgent) []float64 {
	m := l.m
	if len(m.shiftD) == 0 {
		return nil
	}
	if l.shift == nil {
		l.shift = make([]float64, m.p.Days*len(m.p.Shifts))
	}
	clear(l.shift)
	for i := range m.shiftD {
		if sd := &m.shiftD[i]; m.countsFor(ma, sd) {
			n := float64(l.cov.count[i])
			l.shift[sd.day*len(m.p.Shifts)+sd.shift] += sd.d.Cost(n+1) - sd.d.Cost(n)
		}
	}
	return l.shift
}

// respond returns the agent's best plan against the cover as it is. With noise
// the values of presence are blurred by up to that share.
func (l *lane) respond(agent int, noise float64, scale func(slot int) float64) *plan {
	m, ma := l.m, &l.m.agents[agent]
	if ma.group < 0 {
		return m.emptyPlan(ma)
	}
	v := l.cov.values(ma.group)
	if noise > 0 || scale != nil {
		l.noisy = append(l.noisy[:0], v...)
		for i := range l.noisy {
			if noise > 0 {
				l.noisy[i] *= 1 + noise*(2*l.rng.Float64()-1)
			}
			if scale != nil {
				l.noisy[i] *= scale(i)
			}
		}
		v = l.noisy
	}
	l.prog.evaluate(m, ma, v, l.shiftCosts(ma))
	p := &plan{opts: make([]int32, m.p.Days), brks: make([][]placed, m.p.Days)}
	l.prog.solve(m, ma, l.linksOf(ma.book), l.bars(ma), p.opts)
	m.trim(ma, p.opts)
	for d, i := range p.opts {
		if i != noOption {
			p.brks[d] = l.placeBreaks(ma, d, ma.option(d, i))
		}
	}
	p.own = m.ownCost(ma, p.opts)
	return p
}

// placeBreaks puts the breaks of an option where presence is worth least, by the
// prefix sums of the last evaluate.
func (l *lane) placeBreaks(ma *mAgent, d int, o *option) []placed {
	if o.fixedBreak != nil {
		return o.fixedBreak
	}
	if o.brk < 0 {
		return nil
	}
	c := ma.book.cases[d][o.brk]
	list := ma.book.breaks[c.list]
	at := make([]int, len(list))
	l.prog.bestBreaks(list, c.start, at)
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

// ownCost prices hours, wishes and single days off of a plan.
func (m *model) ownCost(ma *mAgent, opts []int32) float64 {
	c, work, off := m.ownParts(ma, opts)
	return c + work + off
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
	cost    float64 // of best
	workers int
	iters   int
	bound   float64
	report  func(phase string, done float64)
}

// laneCount is the number of lanes. It is part of the definition of the result:
// changing it changes rosters, running the lanes on fewer cores does not.
const laneCount = 2

func newSearcher(m *model, seed uint64, workers int) *searcher {
	s := &searcher{m: m, workers: workers, cost: math.Inf(1), bound: math.NaN()}
	for i := range laneCount {
		s.lanes = append(s.lanes, newLane(m, seed, i))
	}
	s.plans = make([]*plan, len(m.agents))
	return s
}

// total returns the cost of the roster as it is.
func (s *searcher) total() float64 { return s.lanes[0].cov.cost + s.own }

// set gives an agent a plan in the master lane and leaves a note for the others.
func (s *searcher) set(agent int, p *plan) {
	old := s.plans[agent]
	if old != nil {
		s.own -= old.own
	}
	s.own += p.own
	s.plans[agent] = p
	for _, l := range s.lanes[1:] {
		l.pending = append(l.pending, change{agent, old, p})
	}
}

// keep remembers the roster as it is if it is the best so far.
func (s *searcher) keep() {
	if t := s.total(); t < s.cost-coverEps {
		s.cost = t
		s.best = append(s.best[:0], s.plans...)
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
			p = l.respond(a, 0, open)
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

func (s *searcher) reinsert(l *lane, a int) {
	before, old := s.total(), s.plans[a]
	l.cov.begin()
	l.put(a, old, -1)
	p := l.respond(a, 0, nil)
	l.put(a, p, 1)
	if l.cov.cost+s.own-old.own+p.own > before+coverEps {
		l.cov.rollback()
		return
	}
	l.cov.end()
	s.set(a, p)
}

// The temperatures of the annealing, in points: it starts below one missing
// interval and ends below one surplus interval.
const (
	firstTemperature = 8.0
	lastTemperature  = 0.5
)

// improve is the large neighbourhood search: a few agents are taken out and put
// back one after another, each in the best way, and the change is kept by the
// rule of simulated annealing.
func (s *searcher) improve(ctx context.Context, insertions int) (stopped bool) {
	if !s.m.anyDemanded() {
		return false // nobody has a skill that is asked for: there is nothing to trade
	}
	rng := rand.New(rand.NewPCG(s.lanes[0].rng.Uint64(), 7))
	done := 0
	for done < insertions {
		if ctx.Err() != nil {
			return true
		}
		share := float64(done) / float64(insertions)
		temp := firstTemperature * math.Pow(lastTemperature/firstTemperature, share)
		taken := map[int]bool{}
		for _, l := range s.lanes {
			l.agents = s.neighbourhood(rng, taken, l.agents[:0])
			done += len(l.agents)
		}
		s.propose(ctx)
		for i, l := range s.lanes {
			s.decide(i, l, temp, rng)
		}
		s.keep()
		s.iters++
		if s.iters%reportEvery == 0 && s.report != nil {
			s.report("improve", share)
		}
	}
	return false
}

const reportEvery = 16

// maxRemoved is the largest number of agents taken out at once.
const maxRemoved = 4

// neighbourhood picks agents that have something to trade: a random one, and
// others that share a skill with it.
func (s *searcher) neighbourhood(rng *rand.Rand, taken map[int]bool, out []int) []int {
	m := s.m
	k := 1 + rng.IntN(maxRemoved)
	first := -1
	for range 20 {
		a := rng.IntN(len(m.agents))
		if !taken[a] && m.agents[a].group >= 0 {
			first = a
			break
		}
	}
	if first < 0 {
		return out
	}
	out = append(out, first)
	taken[first] = true
	for tries := 0; len(out) < k && tries < 8*k; tries++ {
		a := rng.IntN(len(m.agents))
		if taken[a] || m.agents[a].group < 0 || !m.share(first, a) {
			continue
		}
		taken[a] = true
		out = append(out, a)
	}
	return out
}

// anyDemanded reports whether an agent can cover some of the demand.
func (m *model) anyDemanded() bool {
	for a := range m.agents {
		if m.agents[a].group >= 0 {
			return true
		}
	}
	return false
}

// share reports whether two agents have a skill in common.
func (m *model) share(a, b int) bool {
	x, y := m.groups[m.agents[a].group], m.groups[m.agents[b].group]
	for s := range x.eff {
		if x.eff[s] > 0 && y.eff[s] > 0 {
			return true
		}
	}
	return len(x.skills) == 0 && len(y.skills) == 0
}

// propose lets every lane work out its proposal, as many at once as there are workers.
func (s *searcher) propose(ctx context.Context) {
	if s.workers < 2 {
		for _, l := range s.lanes {
			l.propose(ctx, s.plans)
		}
		return
	}
	var wg sync.WaitGroup
	for _, l := range s.lanes[1:] {
		wg.Go(func() { l.propose(ctx, s.plans) })
	}
	s.lanes[0].propose(ctx, s.plans)
	wg.Wait()
}

// catchUp brings a lane's cover to the roster as decided.
func (l *lane) catchUp() {
	if l.undo {
		l.cov.rollback()
		l.undo = false
	}
	for _, c := range l.pending {
		l.put(c.agent, c.old, -1)
		l.put(c.agent, c.new, 1)
	}
	l.pending = l.pending[:0]
}

// noiseLevel blurs the values for all but the last agent that is put back.
const noiseLevel = 0.2

func (l *lane) propose(ctx context.Context, plans []*plan) {
	l.catchUp()
	l.cov.begin()
	before := l.cov.cost
	own := 0.0
	for _, a := range l.agents {
		l.put(a, plans[a], -1)
		own -= plans[a].own
	}
	l.rng.Shuffle(len(l.agents), func(i, j int) { l.agents[i], l.agents[j] = l.agents[j], l.agents[i] })
	l.plans = l.plans[:0]
	for i, a := range l.agents {
		noise := 0.0
		if i+1 < len(l.agents) {
			noise = noiseLevel
		}
		p := plans[a]
		if ctx.Err() == nil {
			p = l.respond(a, noise, nil)
		}
		l.put(a, p, 1)
		own += p.own
		l.plans = append(l.plans, p)
	}
	l.cov.tidyTouched()
	l.delta = l.cov.cost - before + own
}

// decide keeps or drops the proposal of a lane. The delta of any lane but the
// first is measured again on the master, which may have changed since.
func (s *searcher) decide(i int, l *lane, temp float64, rng *rand.Rand) {
	luck := -temp * math.Log(1-rng.Float64())
	if i == 0 {
		if l.delta <= luck {
			for j, a := range l.agents {
				s.set(a, l.plans[j])
			}
			l.cov.end()
			return
		}
		l.cov.rollback()
		return
	}
	master := s.lanes[0]
	ok := l.delta <= luck+staleMargin*temp
	if ok {
		master.cov.begin()
		before := master.cov.cost
		own := 0.0
		for j, a := range l.agents {
			master.put(a, s.plans[a], -1)
			master.put(a, l.plans[j], 1)
			own += l.plans[j].own - s.plans[a].own
		}
		master.cov.tidyTouched()
		if ok = master.cov.cost-before+own <= luck; !ok {
			master.cov.rollback()
		}
		master.cov.end()
	}
	// The lane's own cover holds its proposal already.
	if l.undo = !ok; !ok {
		return
	}
	l.cov.end()
	for j, a := range l.agents {
		old := s.plans[a]
		s.own += l.plans[j].own - old.own
		s.plans[a] = l.plans[j]
		for _, x := range s.lanes[1:] {
			if x != l {
				x.pending = append(x.pending, change{a, old, l.plans[j]})
			}
		}
	}
}

// staleMargin is how much worse, in temperatures, a proposal may look in its own
// lane and still be measured on the master.
const staleMargin = 2.0
