package roster

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sync"
	"time"

	"kcc/internal/calendar"
)

// RepairOptions says what happened to a published roster and how much may change.
type RepairOptions struct {
	Absent []Availability // who is away, by kind Sick, Leave or Unavailable
	From   calendar.Date  // earlier days stay as they are; zero: the first absent day
	Around int            // days before and after an absence that may change too; 0 = 2, negative = none
	Most   int            // agents touched at most; 0 = 3
	// PerCell is the price of one changed cell in points, doubled for From itself
	// and falling to the plain price a week later; 0 = 20.
	PerCell float64
}

// Repaired is a repaired roster with what it changes.
type Repaired struct {
	Roster    Roster
	Changes   []Change
	Touched   []string // agents other than the absent ones
	Unmet     [3]float64
	Cost      [3]Cost // before the absence, with it and unrepaired, repaired
	Violation []Violation
}

// The indexes of Repaired.Unmet and Repaired.Cost.
const (
	BeforeAbsence = iota
	WithAbsence
	AfterRepair
)

const (
	defaultAround  = 2
	defaultMost    = 3
	defaultPerCell = 20.0
)

// Repair fills the holes that absence leaves in a roster, with as few changes as
// pay, those who must be there first: agents are re-planned one at a time, exactly, each change of a cell at a
// price, and the one that gains most is taken, until none gains or Most agents
// are touched. When ctx ends, what was found so far is returned.
func Repair(ctx context.Context, p *Problem, r Roster, opt RepairOptions) (*Repaired, error) {
	if len(opt.Absent) == 0 {
		return nil, problemf("nobody is absent")
	}
	around, most, perCell := opt.Around, opt.Most, opt.PerCell
	if around == 0 {
		around = defaultAround
	}
	around = max(0, around)
	if most <= 0 {
		most = defaultMost
	}
	if perCell <= 0 {
		perCell = defaultPerCell
	}
	first, last := opt.Absent[0].From, opt.Absent[0].To
	for _, v := range opt.Absent {
		first, last = min(first, v.From), max(last, v.To)
	}
	from := opt.From
	if from == 0 {
		from = first
	}
	out := &Repaired{}
	q := *p
	q.Availability = append(slices.Clone(p.Availability), asPlanned(p, r, opt.Absent)...)
	absent := func(id string, d calendar.Date) bool {
		return slices.ContainsFunc(opt.Absent, func(v Availability) bool { return v.Agent == id && v.On(d) })
	}
	var left Roster
	for _, a := range r.Assignments {
		if !absent(a.Agent, a.Date) || a.Date < from {
			left.Assignments = append(left.Assignments, a)
		}
	}
	var before, hole *Result
	var err, err2 error
	var wg sync.WaitGroup
	wg.Go(func() { before, err = Evaluate(p, r) })
	hole, err2 = EvaluateAnew(&q, left, ChangedDays(Diff(p, r, left))...)
	wg.Wait()
	if err = cmp.Or(err, err2); err != nil {
		return nil, err
	}
	out.Cost[BeforeAbsence], out.Unmet[BeforeAbsence] = before.Cost, before.UnmetHours
	out.Cost[WithAbsence], out.Unmet[WithAbsence] = hole.Cost, hole.UnmetHours
	out.Roster = left
	isAbsent := func(id string) bool {
		return slices.ContainsFunc(opt.Absent, func(v Availability) bool { return v.Agent == id })
	}
	lo, hi := max(from, first.Add(-around)), last.Add(around)
	fixed := q
	fixed.Locked = lockAll(&q, left, func(id string, d calendar.Date) bool { return d < lo || d > hi || isAbsent(id) })
	fixed.Locked = append(fixed.Locked, lockedOnly(p, lo, hi)...)
	m, err := newModel(&fixed)
	if err != nil {
		return nil, err
	}
	s := newSearcher(m, 1, 1)
	changer := m.loadRepair(s, &fixed, left, from, lo, hi, perCell)
	touched := map[int]bool{}
	loDay, hiDay := max(0, int(lo-p.First)), min(p.Days-1, int(hi-p.First))
	watch := m.watchPresence(s.plans, loDay, hiDay)
	for len(touched) < most && ctx.Err() == nil {
		a, plan := s.bestRepair(ctx, touched, isAbsent, changer, watch, loDay, hiDay)
		if plan == nil {
			break
		}
		touched[a] = true
		watch.put(a, s.plans[a].opts, -1)
		watch.put(a, plan.opts, 1)
		l := s.lanes[0]
		l.put(a, s.plans[a], -1)
		l.put(a, plan, 1)
		s.set(a, plan)
	}
	s.lanes[0].cov.tidy()
	done := m.rosterAfter(s, left)
	out.Changes = Diff(p, r, done)
	after, err := EvaluateAnew(&q, done, ChangedDays(out.Changes)...)
	if err != nil {
		return nil, err
	}
	takePlans(&done, after.Roster)
	out.Roster, out.Violation = done, append(newViolations(before.Violations, after.Violations), AddsPresence(p, r, done)...)
	out.Cost[AfterRepair], out.Unmet[AfterRepair] = after.Cost, after.UnmetHours
	for a := range m.agents {
		if touched[a] {
			out.Touched = append(out.Touched, m.agents[a].a.ID)
		}
	}
	return out, nil
}

// rosterAfter names the shifts of the plans. Those that are as before serve what they did, and are locked
// where they were: locking others was ours.
func (m *model) rosterAfter(s *searcher, before Roster) (done Roster) {
	was := before.cells()
	for a, plan := range s.plans {
		for d, i := range plan.opts {
			if i == noOption {
				continue
			}
			x := m.assignment(&m.agents[a], d, i, plan.brks[d], nil)
			o := was[agentDay{x.Agent, x.Date}]
			if x.Locked = o != nil && o.Locked; SameShift(o, &x) {
				x.Plan = o.Plan
			}
			done.Assignments = append(done.Assignments, x)
		}
	}
	return done
}

// lockedOnly returns the cells in the window that the problem itself locks.
func lockedOnly(p *Problem, lo, hi calendar.Date) []Cell {
	var out []Cell
	for _, c := range p.Locked {
		if c.Date >= lo && c.Date <= hi {
			out = append(out, c)
		}
	}
	return out
}

// loadRepair puts the roster into the search and returns, per agent, the days
// with the prices of change.
func (m *model) loadRepair(s *searcher, p *Problem, r Roster, from, lo, hi calendar.Date, perCell float64) map[int][]mDay {
	work := r.cells()
	out := map[int][]mDay{}
	for a := range m.agents {
		ma := &m.agents[a]
		plan := m.emptyPlan(ma)
		days := slices.Clone(ma.days)
		for d := lo; d <= hi && d <= p.Last(); d++ {
			if d < p.First {
				continue
			}
			i := int(d - p.First)
			md := &days[i]
			if len(md.private) > 0 {
				continue
			}
			price := perCell * (1 + math.Exp(-float64(d-from)/2))
			md.extra = make([]float64, len(ma.book.days[i]))
			if ma.days[i].extra != nil {
				copy(md.extra, ma.days[i].extra)
			}
			at := m.find(ma, i, work[agentDay{ma.a.ID, d}])
			for j := range md.extra {
				if int32(j) != at {
					md.extra[j] += price
				}
			}
			if work[agentDay{ma.a.ID, d}] != nil {
				md.off += price
			}
			if at >= 0 {
				plan.opts[i] = at
				plan.brks[i] = m.breaksOf(work[agentDay{ma.a.ID, d}])
			} else if x := work[agentDay{ma.a.ID, d}]; x != nil { // drawn by hand: it stays
				cell := &Cell{Agent: ma.a.ID, Date: d, Assignment: *x}
				ma.days[i] = mDay{cell: cell}
				m.lockDay(ma, &ma.days[i], i, x)
				*md = ma.days[i]
				plan.opts[i], plan.brks[i] = -1, md.private[0].fixedBreak
			}
		}
		if ma.group >= 0 {
			plan.own = m.ownCost(ma, plan.opts)
		}
		out[a] = days
		s.lanes[0].put(a, plan, 1)
		s.set(a, plan)
	}
	return out
}

// find returns the option of a day that an assignment is, noOption when none.
func (m *model) find(ma *mAgent, d int, a *Assignment) int32 {
	if a == nil {
		return noOption
	}
	from, to := m.minuteOf(a.Start), m.minuteOf(a.End)
	for i := range ma.book.days[d] {
		o := &ma.book.days[d][i]
		if o.from == from && o.to == to && m.p.Shifts[o.shift].Name == a.Shift {
			if !ma.days[d].all && !slices.Contains(ma.days[d].allow, int32(i)) {
				return noOption
			}
			return int32(i)
		}
	}
	return noOption
}

func (m *model) breaksOf(a *Assignment) []placed {
	var out []placed
	for _, b := range a.Breaks {
		out = append(out, placed{m.minuteOf(b.Start) / m.minutes, int(b.Length / m.p.Step), b.Paid})
	}
	return out
}

// asPlanned gives sickness and leave of whole days the hours that were planned on them:
// who falls ill has worked, for the contract, what the roster said, and not an even
// share of the week beside the shifts that stay.
func asPlanned(p *Problem, r Roster, absent []Availability) (out []Availability) {
	paid := map[agentDay]time.Duration{}
	for i := range r.Assignments {
		a := &r.Assignments[i]
		paid[agentDay{a.Agent, a.Date}] = a.Paid()
	}
	for _, v := range absent {
		if v.Kind != Sick && v.Kind != Leave || v.HasHours || v.Start != 0 || v.End != 0 && v.End != calendar.Midnight {
			out = append(out, v)
			continue
		}
		for d := max(v.From, p.First); d <= min(v.To, p.Last()); d++ {
			if v.On(d) {
				day := v
				day.From, day.To = d, d
				day.HasHours, day.Hours = true, paid[agentDay{v.Agent, d}]
				out = append(out, day)
			}
		}
		if v.To > p.Last() { // the rest after the next shift
			v.From = max(v.From, p.Last().Add(1))
			out = append(out, v)
		}
	}
	return out
}

// bestRepair returns the agent whose re-planning gains most, change prices
// included, with the new plan; nil when nobody gains.
func (s *searcher) bestRepair(ctx context.Context, touched map[int]bool, absent func(string) bool, days map[int][]mDay, watch *presenceWatch, lo, hi int) (agent int, best *plan) {
	m, l := s.m, s.lanes[0]
	gain := -coverEps
	for a := range m.agents {
		ma := &m.agents[a]
		if touched[a] || ma.group < 0 || absent(ma.a.ID) || ctx.Err() != nil {
			continue
		}
		if !slices.ContainsFunc(days[a], func(d mDay) bool { return len(d.private) == 0 && (d.all || len(d.allow) > 0) }) {
			continue
		}
		old := s.plans[a]
		l.putDays(a, old, -1, lo, hi)
		real := ma.days
		watch.put(a, old.opts, -1)
		ma.days = watch.worth(a, days[a])
		p := l.respond(a, nil, nil)
		// Days that stay keep their breaks.
		for d := range p.opts {
			if p.opts[d] == old.opts[d] {
				p.brks[d] = old.brks[d]
			}
		}
		priced := p.own - m.ownCost(ma, old.opts)
		ma.days = real
		watch.put(a, old.opts, 1)
		p.own = m.ownCost(ma, p.opts)
		l.putDays(a, p, 1, lo, hi)
		with := l.cov.cost
		l.putDays(a, p, -1, lo, hi)
		l.putDays(a, old, 1, lo, hi)
		if d := with - l.cov.cost + priced; d < gain && !slices.Equal(p.opts, old.opts) {
			gain, agent, best = d, a, p
		}
	}
	return agent, best
}

// Candidate is somebody who could fill a gap.
type Candidate struct {
	Agent   string
	Date    calendar.Date
	Before  *Assignment // what the agent would have done; nil = day off
	After   Assignment
	Saves   float64 // points of the whole roster's cost, changes not priced
	Covered float64 // hours of the gap that the agent would serve
}

// Suggest ranks the agents who could work in a gap: on the day, from one instant
// to another, for a skill ("" = any). Each candidate's shift is the best one that
// meets the gap and keeps every rule, and who must be there, with the rest of the
// roster as it is.
func Suggest(ctx context.Context, p *Problem, r Roster, gap Gap, most int) ([]Candidate, error) {
	day := calendar.DateOf(gap.From, p.Zone)
	fixed := *p
	fixed.Locked = append(lockAll(p, r, func(_ string, d calendar.Date) bool { return d != day }), lockedOnly(p, day, day)...)
	m, err := newModel(&fixed)
	if err != nil {
		return nil, err
	}
	s := newSearcher(m, 1, 1)
	m.loadRepair(s, &fixed, r, day, day, day, 0)
	l := s.lanes[0]
	i := int(day - p.First)
	if i < 0 || i >= p.Days {
		return nil, problemf("%s is not in the roster", day)
	}
	from, to := m.minuteOf(gap.From), m.minuteOf(gap.To)
	base := s.total()
	watch := m.watchPresence(s.plans, i, i)
	present := watch.missing()
	var out []Candidate
	for a := range m.agents {
		ma := &m.agents[a]
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if ma.group < 0 || len(ma.days[i].private) > 0 || gap.Skill != "" && ma.a.Efficiency(gap.Skill) <= 0 {
			continue
		}
		old := s.plans[a]
		if old.opts[i] != noOption && m.meets(ma.option(i, old.opts[i]), old.brks[i], from, to) > 0 {
			continue // is there already
		}
		real := ma.days
		ma.days = slices.Clone(real)
		md := &ma.days[i]
		var allow []int32
		for o := range ma.book.days[i] {
			x := &ma.book.days[i][o]
			if (md.all || slices.Contains(md.allow, int32(o))) && x.from < to && x.to > from {
				allow = append(allow, int32(o))
			}
		}
		md.all, md.allow, md.forced = false, allow, len(allow) > 0
		if len(allow) == 0 {
			ma.days = real
			continue
		}
		l.put(a, old, -1)
		plan := l.respond(a, nil, nil)
		ma.days = real
		if plan.opts[i] != noOption {
			l.put(a, plan, 1)
			c := Candidate{Agent: ma.a.ID, Date: day, Saves: base - (l.cov.cost + s.own - old.own + m.ownCost(ma, plan.opts))}
			c.After = m.assignment(ma, i, plan.opts[i], plan.brks[i], nil)
			c.Covered = float64(m.meets(ma.option(i, plan.opts[i]), plan.brks[i], from, to)) / 60
			l.put(a, plan, -1)
			if old.opts[i] != noOption {
				x := m.assignment(ma, i, old.opts[i], old.brks[i], nil)
				c.Before = &x
			}
			watch.put(a, old.opts, -1)
			watch.put(a, plan.opts, 1)
			kept := watch.missing() <= present+coverEps // nobody who must be there goes away
			watch.put(a, plan.opts, -1)
			watch.put(a, old.opts, 1)
			if kept && c.Covered > 0 && m.keepsRules(p, r, c) {
				out = append(out, c)
			}
		}
		l.put(a, old, 1)
	}
	slices.SortStableFunc(out, func(x, y Candidate) int {
		switch {
		case x.Saves > y.Saves:
			return -1
		case x.Saves < y.Saves:
			return 1
		}
		return 0
	})
	return out[:min(len(out), most)], nil
}

// Gap is a stretch of a day in which somebody is wanted.
type Gap struct {
	From, To time.Time
	Skill    string
}

// meets returns the minutes of a gap in which the shift is worked.
func (m *model) meets(o *option, brks []placed, from, to int) int {
	sum := 0
	m.present(o, brks, func(t int) {
		sum += max(0, min(to, (t+1)*m.minutes)-max(from, t*m.minutes))
	})
	return sum
}

// keepsRules checks the agent of a candidate with the new shift.
func (m *model) keepsRules(p *Problem, r Roster, c Candidate) bool {
	one := *p
	one.Agents = nil
	for i := range p.Agents {
		if p.Agents[i].ID == c.Agent {
			one.Agents = p.Agents[i : i+1]
		}
	}
	var before, after Roster
	for _, a := range r.Assignments {
		if a.Agent == c.Agent {
			before.Assignments = append(before.Assignments, a)
			if a.Date != c.Date {
				after.Assignments = append(after.Assignments, a)
			}
		}
	}
	after.Assignments = append(after.Assignments, c.After)
	return len(newViolations(Check(&one, before), Check(&one, after))) == 0
}
