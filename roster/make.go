package roster

import (
	"context"
	"errors"
	"math"
	"runtime"
	"slices"
)

// ErrNoAgents is returned when there is nobody to roster.
var ErrNoAgents = errors.New("roster: no agents")

// Make returns the best roster it finds with the effort of opt. Every hard rule
// holds in it, as far as locked cells and the history leave room; what cannot be
// met is in Result.Shortfalls. When ctx ends, Make returns the best roster so
// far, without error and with Result.Stopped set. Errors are about the problem.
func Make(ctx context.Context, p *Problem, opt Options) (*Result, error) {
	m, err := newModel(p)
	if err != nil {
		return nil, err
	}
	s, effort := m.searcher(opt)
	tell := func(phase string, done float64) {
		if opt.Progress != nil {
			opt.Progress(Progress{Phase: phase, Done: done, Best: s.cost, Bound: s.bound, Gap: gap(s.cost, s.bound, m.avoidable(s.bound))})
		}
	}
	tell("construct", 0)
	s.tell = tell
	search, cancel := m.leaveTimeForSkills(ctx)
	defer cancel()
	s.construct(search)
	stopped := false
	if opt.NoBound {
		stopped = s.improve(search, effort, firstTemperature, lastTemperature, 0, 1)
	} else {
		stopped = s.priced(search, effort)
	}
	s.restoreBest()
	s.polish(search)
	stopped = stopped || search.Err() != nil // by time or by the caller
	prices := s.duals
	res := m.result(ctx, s)
	tell("polish", 1)
	res.Seed, res.Effort, res.Iterations, res.Stopped = opt.Seed, effort, s.iters, stopped || ctx.Err() != nil
	if prices != nil {
		m.addBound(res, prices)
	}
	if res.Stopped {
		res.Notes = append(res.Notes, say("the search was ended before its effort was spent: the same run may give another roster next time"))
	}
	return res, nil
}

// searcher makes a searcher with the seed and workers of opt, and returns the effort.
func (m *model) searcher(opt Options) (s *searcher, effort int) {
	workers, effort := opt.Workers, opt.Effort
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	if effort <= 0 {
		effort = m.defaultEffort()
	}
	return newSearcher(m, opt.Seed, workers), effort
}

// priced searches by prices: it looks for the prices of the bound, dives from them
// and improves what comes out. It reports whether ctx ended it.
func (s *searcher) priced(ctx context.Context, effort int) (stopped bool) {
	if len(s.rostered()) == 0 {
		return false
	}
	h := newHurry(ctx)
	rounds := leastRounds + roundsEach*effort
	x := s.ascend(ctx, rounds, &h)
	if x == nil || !s.dive(ctx, x, h.effort(effort, rounds)) {
		return true
	}
	large := s.m.large()
	told := ascentShare + diveShare
	s.settle(ctx, 0)
	if few := coolAgents / float64(len(s.m.agents)); few >= 1 {
		for _, hot := range hotAgain {
			if s.improve(ctx, max(1, int(float64(effort)*few)), hot, coldTemperature, told, told) {
				return true
			}
			s.restoreBest()
		}
		s.settle(ctx, 0)
	}
	s.rework(ctx, reworkShare*float64(effort)*math.Pow(large, -reworkFall), told, told+reworkTime)
	told += reworkTime
	shakes := int(shakeShare * float64(effort) * math.Pow(large, shakeRise))
	for done := 0; done < shakes && ctx.Err() == nil; done += shakeTurn {
		s.settle(ctx, min(shakes-done, shakeTurn))
		s.tell("improve", told+(1-told)*math.Min(1, float64(done+shakeTurn)/float64(shakes)))
	}
	return h.hurried || ctx.Err() != nil
}

// How effort is spent, and the parts of the work for progress.
const (
	leastRounds = 60 // of the ascent
	roundsEach  = 3
	coolAgents  = 20 // up to so many agents annealing is cheap beside the dive, and brings something

	ascentShare = 0.35
	diveShare   = 0.4
	reworkTime  = 0.1
)

// hotAgain are the temperatures from which small teams are annealed first.
var hotAgain = [...]float64{firstTemperature, 2, 0.7, coolTemperature}

// defaultEffort is the effort by default: about a quarter of a minute on two cores
// for 60 agents over four weeks, a minute for 500; less per agent for larger teams,
// whose agents differ less in what they can add.
func (m *model) defaultEffort() int {
	return max(leastEffort, int(defaultEffort60*math.Pow(m.large(), -defaultFall)))
}

// large is how many times 60 agents there are, at least 1: what is set for 60 rises or
// falls with it.
func (m *model) large() float64 { return math.Max(1, float64(len(m.agents))/60) }

const (
	defaultEffort60 = 32
	defaultFall     = 0.285 // so that 500 agents take less than a minute
	effortFall      = 0.28
	leastEffort     = 10
)

// restoreBest puts the best roster seen back.
func (s *searcher) restoreBest() {
	for a, p := range s.best {
		s.own += p.own - s.plans[a].own
		s.plans[a] = p
	}
	s.lanes[0].cov.restore(&s.kept)
}

// polishPasses bounds the final passes; they end earlier when nothing improves.
const polishPasses = 6

// polish re-inserts agents one by one until none can be placed better.
func (s *searcher) polish(ctx context.Context) {
	for range polishPasses {
		before := s.total()
		s.pass(ctx)
		if ctx.Err() != nil {
			return
		}
		s.lanes[0].cov.tidy()
		if s.total() > before-coverEps {
			return
		}
	}
}

// result turns the plans into a roster with everything that is told of it, and
// verifies it.
func (m *model) result(ctx context.Context, s *searcher) *Result {
	res := &Result{Bound: math.NaN(), Gap: math.NaN(), GapWithCalm: math.NaN(), Notes: m.notes, Shortfalls: m.short}
	give := func() {
		cov := s.lanes[0].cov
		before := cov.total()
		res.Roster = m.roster(m.newSkills(ctx, cov, s.plans, s.workers), s.plans)
		res.Cost.Calm = math.Max(0, res.Cost.Calm+cov.total()-before)
		res.Violations = Check(m.p, res.Roster)
	}
	give()
	if m.dropOffenders(s, res) {
		give()
	}
	m.measure(res, s)
	m.hourShortfalls(res, s)
	m.nobodyShortfalls(res)
	for _, v := range res.Violations {
		if (v.Rule == "fixed" || v.Rule == "pattern") && !slices.ContainsFunc(res.Shortfalls, func(x Shortfall) bool { return x.What == "fixed" && x.Agent == v.Agent && x.From == v.Days[0] }) {
			res.Shortfalls = append(res.Shortfalls, Shortfall{
				What: "fixed", Agent: v.Agent, From: v.Days[0], Want: 1, Unit: "shifts", Text: say("%s: the working-time rules leave no room for it", v.Text),
			})
		}
	}
	return res
}

// dropOffenders is the last line of defence: should a shift that nobody locked
// break a rule, it is taken out, and the roster says so.
func (m *model) dropOffenders(s *searcher, res *Result) bool {
	index := map[string]int{}
	for i := range m.agents {
		index[m.agents[i].a.ID] = i
	}
	any := false
	for range m.p.Days {
		changed := false
		for _, v := range res.Violations {
			a, ok := index[v.Agent]
			if !ok || len(v.Days) == 0 {
				continue
			}
			// The rules go before fixed days and rotations, which are reported.
			if m.dropIn(s, a, v, false) || v.Rule != "fixed" && v.Rule != "pattern" && m.dropIn(s, a, v, true) {
				changed = true
			}
		}
		if !changed {
			break
		}
		any = true
		res.Violations = Check(m.p, m.roster(served{}, s.plans))
	}
	if any {
		res.Notes = append(res.Notes, say("some shifts were taken out again to keep the rules"))
	}
	return any
}

// dropIn takes the last free shift, or with forced set the last that is not
// locked, out of the days of a violation.
func (m *model) dropIn(s *searcher, a int, v Violation, forced bool) bool {
	ma, old := &m.agents[a], s.plans[a]
	from, to := v.Days[0], v.Days[len(v.Days)-1]
	for d := min(to, m.p.Last()); d >= max(from, m.p.First); d-- {
		i := int(d - m.p.First)
		if old.opts[i] == noOption || ma.days[i].forced && (!forced || len(ma.days[i].private) > 0) {
			continue
		}
		p := &plan{opts: append([]int32{}, old.opts...), brks: append([][]placed{}, old.brks...)}
		p.opts[i], p.brks[i] = noOption, nil
		p.own = m.ownCost(ma, p.opts)
		l := s.lanes[0]
		l.put(a, old, -1)
		l.put(a, p, 1)
		s.set(a, p)
		return true
	}
	return false
}

func (m *model) hourShortfalls(res *Result, s *searcher) {
	for i := range res.Hours {
		h := &res.Hours[i]
		if have := h.Worked + h.Credited; have < h.Min {
			what := "min_hours"
			if a := m.agentByID(h.Agent); a != nil && !a.a.HasMin {
				what = "contract_hours"
			}
			res.Shortfalls = append(res.Shortfalls, Shortfall{
				What: what, Agent: h.Agent, From: h.From, Have: have.Hours(), Want: h.Min.Hours(), Unit: "h",
				Text: say("%s gets %.2f of at least %.2f hours from %s to %s: %s", h.Agent, have.Hours(), h.Min.Hours(), h.From, h.To, m.whyShort(s, h)),
			})
		}
	}
}

func (m *model) agentByID(id string) *mAgent {
	for i := range m.agents {
		if m.agents[i].a.ID == id {
			return &m.agents[i]
		}
	}
	return nil
}
