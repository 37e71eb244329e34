package roster

import (
	"context"
	"math"
	"math/rand/v2"
	"sync"
)

// improve anneals: one agent after another is planned anew over a few days, each
// time as a sample of all ways through these days according to what they cost at
// the temperature of the moment. Two lanes work side by side on days that do not
// touch, with different agents. It cools from the first temperature to the last; told and
// until are the shares of the whole run that are done before and after it.
func (s *searcher) improve(ctx context.Context, effort int, first, last, told, until float64) (stopped bool) {
	m := s.m
	who := s.rostered()
	if len(who) == 0 {
		return false // nobody has a skill that is asked for: there is nothing to trade
	}
	rng := rand.New(rand.NewPCG(s.lanes[0].rng.Uint64(), 7))
	table := gumbels()
	for _, l := range s.lanes {
		l.blur.table = table
	}
	total := effort * len(who) * m.p.Days
	done := 0
	for done < total {
		if ctx.Err() != nil {
			return true
		}
		share := float64(done) / float64(total)
		temp := m.scale * first * math.Pow(last/first, share)
		rng.Shuffle(len(who), func(i, j int) { who[i], who[j] = who[j], who[i] })
		s.split(rng, who)
		s.round(func(l *lane) { l.sweep(ctx, s.plans, temp) })
		for _, l := range s.lanes {
			done += l.done
			l.done = 0
		}
		s.keep()
		s.iters++
		if s.iters%reportEvery == 0 {
			s.tell("improve", told+(until-told)*share)
		}
	}
	return false
}

const reportEvery = 4

// The temperatures of the annealing, in points where a missing agent-slot costs
// MissingCost: it begins there, or from a roster that is good already at a fifth of a
// surplus interval, which little of what the dive decided gives way to; and it ends
// where next to nothing that makes the roster worse goes through.
const (
	firstTemperature = 10.0
	coolTemperature  = 0.2
	lastTemperature  = 0.1
	coldTemperature  = 0.05
)

// blurShare is the scale of the random numbers, in temperatures, with which the
// costs of options are lowered; the rest of the randomness lies in the acceptance.
const blurShare = 0.5

// split gives the lanes days and agents. With less than four days, or few agents,
// who then must be able to exchange shifts with one another, there is but one lane.
func (s *searcher) split(rng *rand.Rand, who []int) {
	days := s.m.p.Days
	one, two := s.lanes[0], s.lanes[1]
	if days < 4 || len(who) < smallTeam {
		one.first, one.last, one.agents = 0, days-1, who
		two.agents = nil
		return
	}
	cut := 1 + rng.IntN(days-2)
	one.first, one.last = 0, cut-1
	two.first, two.last = cut+1, days-1
	half := len(who) / 2
	one.agents, two.agents = who[:half], who[half:]
}

// smallTeam is the number of agents below which the lanes do not work side by side.
const smallTeam = 6

// rostered lists the agents that have a skill that is asked for.
func (s *searcher) rostered() (who []int) {
	for a := range s.m.agents {
		if s.m.agents[a].group >= 0 {
			who = append(who, a)
		}
	}
	return who
}

// round lets every lane work once.
func (s *searcher) round(work func(l *lane)) {
	if s.workers < 2 {
		for _, l := range s.lanes {
			work(l)
		}
	} else {
		var wg sync.WaitGroup
		wg.Go(func() { work(s.lanes[1]) })
		work(s.lanes[0])
		wg.Wait()
	}
	master := s.lanes[0]
	for _, l := range s.lanes {
		s.own += l.own
		l.own = 0
		if l != master {
			master.cov.cost += l.cov.cost
			l.cov.cost = 0
		}
	}
}

func (l *lane) sweep(ctx context.Context, plans []*plan, temp float64) {
	l.sort()
	for _, a := range l.agents {
		if ctx.Err() != nil {
			return
		}
		first, last := l.stretch()
		l.resample(plans, a, first, last, temp)
		l.exchanges(plans, a, temp)
		l.nudges(plans, a, first, last, nudgesEach*(last-first+1), temp)
		l.done += last - first + 1
	}
}

// stretch draws the days of one move: mostly a week or what of it lies in the
// lane's days, sometimes a shorter stretch, or a longer one.
func (l *lane) stretch() (first, last int) {
	weekday := (int(l.m.p.First.Weekday()) + 6) % 7
	d := l.first + l.rng.IntN(l.last-l.first+1)
	switch l.rng.IntN(10) {
	case 0:
		return max(l.first, d-10), min(l.last, d+10)
	case 1, 2, 3:
		return d, min(l.last, d+l.rng.IntN(3))
	}
	monday := (weekday+d)/7*7 - weekday
	return max(l.first, monday), min(l.last, monday+6)
}

// resample plans one agent anew on some days.
func (l *lane) resample(plans []*plan, agent, first, last int, temp float64) {
	old := plans[agent]
	p := l.respondIn(agent, old, first, last, temp*blurShare)
	if p == nil || l.changes(agent, old, p, first, last)+p.own-old.own > -temp*math.Log(1-l.rng.Float64()) {
		return
	}
	l.change(agent, old, p, first, last)
	l.own += p.own - old.own
	plans[agent] = p
}

// respondIn is respond for some days, the others staying as they are in old; nil
// when there is no way or nothing changes.
func (l *lane) respondIn(agent int, old *plan, first, last int, scale float64) *plan {
	m, ma := l.m, &l.m.agents[agent]
	from := max(0, m.day0[first]/m.minutes)
	to := m.slots
	if last+2 < len(m.day0) {
		to = m.day0[last+2] / m.minutes
	}
	v := l.worth(agent, old, first, last, from, to)
	l.prog.sums(m, v, from, to)
	var noise *blur
	if scale > 0 {
		l.blur.scale = scale
		noise = &l.blur
	}
	l.prog.tilt, l.prog.tilted = m.tiltOf(ma, old.opts)
	l.prog.evaluateDays(m, ma, v, l.shiftCosts(ma, old, first, last), first, last, noise)
	l.prog.tilted = false
	p := &plan{opts: append([]int32(nil), old.opts...), brks: append([][]placed(nil), old.brks...)}
	if !l.prog.solveWindow(m, ma, l.linksOf(ma.book), p.opts, first, last) {
		return nil
	}
	if !m.trimIn(ma, p.opts, first, last) {
		return nil
	}
	for d := first; d <= last; d++ {
		p.brks[d] = nil
		if i := p.opts[d]; i != noOption {
			p.brks[d] = l.prog.place(ma, d, ma.option(d, i))
		}
	}
	p.own = m.ownCost(ma, p.opts)
	return p
}
