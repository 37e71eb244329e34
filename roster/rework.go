package roster

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// An iterated local search with relays: something is tried that makes the roster worse,
// relays mend the days that it touched, and it stays if that is no worse than before.

// The tries: an agent's week is planned anew at reworkTemperature, unless that makes the
// roster worse by more than reworkMost, or some agents of a day are nudged at
// shakeTemperature. Temperatures and costs are in points where a missing agent-slot costs
// MissingCost.
const (
	reworkTemperature = 4.0
	reworkMost        = 20.0
	reworkShare       = 0.5 // of the effort, for 60 agents
	reworkFall        = 1.9 // the exponent by which that falls with the number of agents: each is dearer, too

	shakeTemperature = 3.0
	shakeShare       = 5.0 // shakes per day and effort, for 60 agents
	shakeRise        = 0.8 // the exponent by which that rises with the number of agents
	shakeAgents      = 2   // are nudged
	shakeNudges      = 3   // so many times
	shakeTurn        = 50  // shakes until the slots of the day are dealt out anew
)

// beginTry remembers the plans and some days, which are in order.
func (l *lane) beginTry(days ...int) {
	r := &l.relay
	r.kept, r.days, r.own = append(r.kept[:0], r.plans...), append(r.days[:0], days...), l.own
	r.cost = l.cov.cost
	for len(r.slots) < len(days) {
		r.slots = append(r.slots, slotState{})
	}
	at := 0
	for i, d := range days {
		from := max(at, int(r.spans[d].from)) // shifts of the day before may reach into this one
		at = max(from, int(r.spans[d].to))
		l.cov.saveSlots(&r.slots[i], from, at)
	}
}

// endTry brings back what was before unless the roster is no worse now.
func (l *lane) endTry() {
	r := &l.relay
	if l.cov.cost+l.own-r.cost-r.own <= 0 {
		return
	}
	copy(r.plans, r.kept)
	for i := range r.days {
		l.cov.restoreSlots(&r.slots[i])
	}
	l.cov.cost, l.own = r.cost, r.own
}

// shake nudges some of the agents of a day, which has been settled.
func (l *lane) shake(ctx context.Context, d int) {
	r := &l.relay
	if len(r.who) == 0 {
		return
	}
	l.beginTry(d)
	for range shakeAgents {
		l.nudges(r.plans, r.who[l.rng.IntN(len(r.who))], d, d, shakeNudges, l.m.scale*shakeTemperature)
	}
	r.near = true // elsewhere no relay paid before
	l.settleDay(ctx, d)
	r.near = false
	l.endTry()
}

// fuller reports whether a slot of the first day of a try has more presence than when it
// began.
func (l *lane) fuller(slot int) bool {
	k := &l.relay.slots[0]
	i := slot - k.from
	if i < 0 || i >= len(k.age) {
		return true
	}
	if k.age[i] == l.cov.age[slot] {
		return false
	}
	more := -coverEps
	for s, z := range l.cov.levels(slot) {
		more += z - k.z[i*l.cov.k+s]
	}
	return more > 0
}

// rework plans one agent anew on some days.
func (l *lane) rework(ctx context.Context, a, first, last int) {
	r := &l.relay
	old := r.plans[a]
	p := l.respondIn(a, old, first, last, l.m.scale*reworkTemperature)
	if p == nil || l.changes(a, old, p, first, last)+p.own-old.own > l.m.scale*reworkMost {
		return
	}
	var days []int
	for d := first; d <= last; d++ {
		if old.opts[d] != p.opts[d] || !slices.Equal(old.brks[d], p.brks[d]) {
			days = append(days, d)
		}
	}
	if len(days) == 0 {
		return
	}
	l.beginTry(days...)
	l.change(a, old, p, first, last)
	l.own += p.own - old.own
	r.plans[a] = p
	for _, d := range days {
		l.settleDay(ctx, d)
	}
	l.endTry()
}

// relays lets both lanes work with relays, on days that do not touch, and takes over
// what they did. Of every agent at most one lane changes what days and for how long it
// works.
func (s *searcher) relays(ctx context.Context, work func(l *lane)) {
	s.readyRelays()
	for _, l := range s.lanes {
		copy(l.relay.plans, s.plans)
	}
	s.round(work)
	for _, l := range s.lanes {
		for a, p := range l.relay.plans {
			s.takeOver(a, p, l.first, l.last)
		}
	}
	s.keep()
}

func (s *searcher) readyRelays() {
	m, c := s.m, s.lanes[0].cov
	c.readySwaps()
	for _, l := range s.lanes {
		l.cov.swap, l.cov.swapAge = c.swap, c.swapAge
		l.relay.ready(m)
	}
}

// takeOver puts some days of a lane's plan into the agent's plan; the cover and the sum
// of costs have them already.
func (s *searcher) takeOver(a int, p *plan, first, last int) {
	if p == nil || p == s.plans[a] || last < first {
		return
	}
	q := s.plans[a].clone()
	copy(q.opts[first:last+1], p.opts[first:last+1])
	copy(q.brks[first:last+1], p.brks[first:last+1])
	q.own = s.m.ownCost(&s.m.agents[a], q.opts)
	s.plans[a] = q
}

// halves gives each lane about half of the days, with one between them, if possible one
// on which nobody works; that day is returned, -1 for none.
func (s *searcher) halves() int {
	m, least, cut := s.m, 0.0, 0
	for d := 1; d < m.p.Days-1; d++ {
		off := math.Abs(float64(2*d - m.p.Days + 1))
		if m.asked[d] {
			off += 7
		}
		if cut == 0 || off < least {
			cut, least = d, off
		}
	}
	one, two := s.lanes[0], s.lanes[1]
	one.first, one.last, two.first, two.last = 0, m.p.Days-1, 0, -1
	if cut > 0 {
		one.last, two.first, two.last = cut-1, cut+1, m.p.Days-1
	}
	return cut - 1 + min(1, cut) // -1 without a cut
}

// settle makes relays on all days until none pays, and then shakes every day a number of
// times; the slots are dealt out anew after that.
func (s *searcher) settle(ctx context.Context, shakes int) {
	s.eachDay(ctx, func(l *lane, d int) {
		l.settleDay(ctx, d)
		for k := 0; k < shakes && ctx.Err() == nil; k++ {
			l.shake(ctx, d)
		}
		l.dealDay(ctx, d)
	})
}

// eachDay does some work on every day, the lanes side by side.
func (s *searcher) eachDay(ctx context.Context, work func(l *lane, d int)) {
	days := func(l *lane) {
		for d := l.first; d <= l.last && ctx.Err() == nil; d++ {
			work(l, d)
		}
	}
	cut := s.halves()
	s.relays(ctx, days)
	if cut >= 0 {
		one, two := s.lanes[0], s.lanes[1]
		one.first, one.last, two.first, two.last = cut, cut, 0, -1
		s.relays(ctx, days)
	}
}

// rework reworks every agent-day so many times on average.
func (s *searcher) rework(ctx context.Context, times, told, until float64) {
	who := s.rostered()
	rng := rand.New(rand.NewPCG(s.lanes[0].rng.Uint64(), 11))
	for _, l := range s.lanes {
		l.blur.table = gumbels()
	}
	total := int(times * float64(len(who)*s.m.p.Days))
	for done := 0; done < total && ctx.Err() == nil; {
		rng.Shuffle(len(who), func(i, j int) { who[i], who[j] = who[j], who[i] })
		s.split(rng, who)
		most := (total - done) / 2
		s.relays(ctx, func(l *lane) {
			for _, a := range l.agents {
				if ctx.Err() != nil || l.done > most {
					return
				}
				first, last := l.stretch()
				l.rework(ctx, a, first, last)
				l.done += last - first + 1
			}
		})
		for _, l := range s.lanes {
			done += l.done
			l.done = 0
		}
		s.tell("improve", told+(until-told)*math.Min(1, float64(done)/float64(total)))
	}
}
