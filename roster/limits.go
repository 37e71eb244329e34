package roster

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"kcc/internal/calendar"
)

// Family is a family of rules that may stand in the way of cover.
type Family string

// The families.
const (
	FamilyAvailability Family = "availability" // leave, sickness, days and times that agents cannot work
	FamilyHours        Family = "hours"        // maximum hours and days of the contracts
	FamilyRest         Family = "rest"         // daily and weekly rest, nights, days in a row, averages
	FamilySkills       Family = "skills"       // who can do what
	FamilyShifts       Family = "shifts"       // which starts and lengths there are
)

// Families lists the families.
func Families() []Family {
	return []Family{FamilyAvailability, FamilyHours, FamilyRest, FamilySkills, FamilyShifts}
}

// Limit is how much of the demand can be met at all, as things are or with one
// family of rules dropped.
type Limit struct {
	Dropped Family  // "" = as things are
	Least   float64 // agent-hours that must stay unmet: no roster does better (a valid bound)
	Found   float64 // agent-hours unmet in the best roster that was found
	Gain    float64 // Found as things are less Found
}

// Limits tells how much of the demand of the days first to last must stay unmet
// whatever the roster, and which family of rules stands in the way most: it plans
// these days anew for cover alone, as they are and with one family dropped at a
// time. The days must lie in the problem; what was worked before counts. When ctx
// ends, the limits found so far are returned with its error.
func Limits(ctx context.Context, p *Problem, r Roster, first, last calendar.Date, opt Options) ([]Limit, error) {
	base := coverOnly(p, r, first, last)
	var out []Limit
	for _, f := range append([]Family{""}, Families()...) {
		q := drop(base, f)
		res, err := Make(ctx, q, opt)
		if err != nil {
			return nil, err
		}
		if ctx.Err() != nil {
			return out, ctx.Err()
		}
		l := Limit{Dropped: f, Found: res.UnmetHours}
		if !math.IsNaN(res.Bound) {
			l.Least = min(l.Found, math.Max(0, res.Bound)/MissingCost*p.Step.Hours())
		}
		if len(out) > 0 {
			l.Gain = math.Max(0, out[0].Found-l.Found)
		}
		out = append(out, l)
	}
	slices.SortStableFunc(out[1:], func(a, b Limit) int { return cmp.Compare(b.Gain, a.Gain) })
	return out, nil
}

// LeastUnmet returns the agent-hours of demand that no roster for the problem can cover:
// the lower bound of the same problem in which nothing costs but missing agents. It
// takes about as long as the bound of Make at the same effort. When ctx ends first, it
// returns its error.
func LeastUnmet(ctx context.Context, p *Problem, opt Options) (hours float64, err error) {
	m, err := newModel(coverOnly(p, Roster{}, p.First, p.Last()))
	if err != nil {
		return 0, err
	}
	s, effort := m.searcher(opt)
	s.construct(ctx)
	s.ascend(ctx, leastRounds+roundsEach*effort, &hurry{})
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	return math.Max(0, s.bound) / MissingCost * p.Step.Hours(), nil
}

// coverOnly is the problem of some days in which nothing costs but missing agents.
func coverOnly(p *Problem, r Roster, first, last calendar.Date) *Problem {
	q := *p
	q.First, q.Days = first, int(last-first)+1
	q.Weights = Weights{UnderContract: -1, OverContract: -1, UnderMin: -1, Wish: -1, SplitDaysOff: -1, SkillChange: -1, Fair: -1}
	q.ShiftDemand, q.Locked = nil, nil
	q.History = slices.Clone(p.History)
	for _, a := range r.Assignments {
		if a.Date < first {
			q.History = append(q.History, a)
		}
	}
	q.Agents = slices.Clone(p.Agents)
	for i := range q.Agents { // minimum hours are no matter here
		q.Agents[i].HasMin, q.Agents[i].Min = true, 0
	}
	q.Demand = nil
	slots := q.Slots()
	for _, d := range p.Demand {
		slot := q.SlotOf(p.SlotStart(d.Slot))
		if slot < 0 || slot >= slots || d.Need <= 0 {
			continue
		}
		x := Demand{Slot: slot, Skill: d.Skill, Need: d.Need}
		n := int(math.Ceil(d.Need))
		for z := 0; z <= n; z++ {
			x.Curve = append(x.Curve, MissingCost*math.Max(0, d.Need-float64(z)))
		}
		x.Curve = append(x.Curve, 0) // more than needed costs nothing
		q.Demand = append(q.Demand, x)
	}
	return &q
}

// drop returns the problem without one family of rules.
func drop(p *Problem, f Family) *Problem {
	q := *p
	switch f {
	case FamilyAvailability:
		q.Patterns, q.Agents = nil, slices.Clone(p.Agents)
		for i := range q.Agents {
			q.Agents[i].Pattern = ""
		}
		q.Availability = slices.DeleteFunc(slices.Clone(p.Availability), func(v Availability) bool {
			return v.Kind != Prefer && v.Kind != Avoid
		})
	case FamilyHours:
		q.Agents = slices.Clone(p.Agents)
		const most = 60 * time.Hour // a week has no more by law
		for i := range q.Agents {
			a := &q.Agents[i]
			a.Contract, a.Max, a.HasMax, a.Period, a.MaxDaysPerWeek = most, most, true, PerWeek, 0
		}
	case FamilyRest:
		q.Rules = map[string]Rules{}
		for i := range p.Agents {
			rules, ok := p.rulesOf(&p.Agents[i])
			if !ok {
				continue
			}
			name := p.Agents[i].RuleSet
			if name == "" {
				name = DefaultRuleSet
			}
			rules.DailyRest, rules.WeeklyRest, rules.SplitRest, rules.Averages = 0, 0, 0, nil
			rules.Night, rules.FreeSundays, rules.MaxDaysInRow, rules.MinDaysOff = NightRules{}, 0, 0, 0
			rules.MaxWeekends, rules.MaxStarts, rules.NoEarlyAfter = 0, 0, false
			q.Rules[name] = rules
		}
	case FamilySkills:
		q.Agents = slices.Clone(p.Agents)
		for i := range q.Agents {
			a := &q.Agents[i]
			a.Skills = slices.Clone(a.Skills)
			for _, s := range p.Skills {
				if a.Efficiency(s) == 0 {
					a.Skills = append(a.Skills, Skill{Name: s, Efficiency: 1})
				}
			}
		}
	case FamilyShifts:
		q.Shifts = anyShift(p)
	}
	return &q
}

// anyShift adds shifts of every length from the shortest to the longest of the
// catalogue, starting whenever some shift may be under way, with the breaks of
// the shift nearest in length.
func anyShift(p *Problem) []Shift {
	out := slices.Clone(p.Shifts)
	if len(out) == 0 {
		return out
	}
	shortest, longest := out[0].MinLength, out[0].MaxLength
	first, last := out[0].EarliestStart, calendar.Clock(0)
	for i := range out {
		s := &out[i]
		shortest, longest = min(shortest, s.MinLength), max(longest, s.MaxLength)
		first = min(first, s.EarliestStart)
		last = max(last, s.LatestStart+calendar.Clock(s.MaxLength/time.Minute))
	}
	const step = 30 * time.Minute
	for n := shortest; n <= longest; n += step {
		near := &p.Shifts[0]
		for i := range p.Shifts {
			if s := &p.Shifts[i]; max(s.MinLength-n, n-s.MaxLength, 0) < max(near.MinLength-n, n-near.MaxLength, 0) {
				near = s
			}
		}
		latest := min(last-calendar.Clock(n/time.Minute), calendar.Midnight-calendar.Clock(step/time.Minute))
		if latest < first {
			continue
		}
		out = append(out, Shift{
			Name: "any " + calendar.FormatDuration(n), EarliestStart: first, LatestStart: latest, Every: max(step, p.Step),
			MinLength: n, MaxLength: n, Breaks: near.Breaks,
		})
	}
	return out
}

// HireValue is what one more agent would be worth over the days of a roster.
type HireValue struct {
	Contract time.Duration // per week
	Skills   []string
	Saves    float64 // points of cost
	PerHour  float64 // points per contract hour
	Unmet    float64 // agent-hours less unmet
}

// HireAdvice ranks what one more agent would be worth beside a roster that stays
// as it is: every contract with every set of skills, planned exactly. The sets
// are those that agents have already, and each skill alone.
func HireAdvice(ctx context.Context, p *Problem, r Roster, contracts []time.Duration) ([]HireValue, error) {
	sets := skillSets(p)
	q := *p
	q.Agents = slices.Clone(p.Agents)
	q.Locked = lockAll(p, r, func(string, calendar.Date) bool { return true })
	var out []HireValue
	for _, c := range contracts {
		for _, set := range sets {
			a := Agent{ID: "new agent " + calendar.FormatDuration(c) + joinNames(set), Contract: c, MaxDaysPerWeek: min(5, int(c.Hours()/6)+1)}
			for _, s := range set {
				a.Skills = append(a.Skills, Skill{Name: s, Efficiency: 1})
			}
			a.RuleSet = commonRules(p)
			q.Agents = append(q.Agents, a)
			out = append(out, HireValue{Contract: c, Skills: set})
		}
	}
	m, err := newModel(&q)
	if err != nil {
		return nil, err
	}
	s := newSearcher(m, 0, 1)
	s.load()
	l := s.lanes[0]
	weeks := float64(p.Days) / 7
	for i := range out {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		a := len(p.Agents) + i
		before, missing := l.cov.cost, l.missing()
		plan := l.respond(a, nil, nil)
		l.put(a, plan, 1)
		h := &out[i]
		// Hours of the contract that find no work count against it; the idle wage of
		// the empty plan is not a saving.
		h.Saves = before - l.cov.cost
		h.Unmet = missing - l.missing()
		h.PerHour = h.Saves / (h.Contract.Hours() * weeks)
		l.put(a, plan, -1)
	}
	slices.SortStableFunc(out, func(a, b HireValue) int { return cmp.Compare(b.PerHour, a.PerHour) })
	return out, nil
}

// missing is the agent-hours of demand without an agent.
func (l *lane) missing() float64 {
	m, sum := l.m, 0.0
	k := len(m.skills)
	for slot := range m.slots {
		z := l.cov.levels(slot)
		for s := range k {
			sum += math.Max(0, m.costs[slot*k+s].need-z[s])
		}
	}
	return sum * m.p.Step.Hours()
}

func joinNames(names []string) string {
	out := ""
	for _, n := range names {
		out += " " + n
	}
	return out
}

// commonRules is the rule set that most agents have.
func commonRules(p *Problem) string {
	count := map[string]int{}
	best := ""
	for i := range p.Agents {
		name := p.Agents[i].RuleSet
		count[name]++
		if count[name] > count[best] || count[name] == count[best] && name < best {
			best = name
		}
	}
	return best
}

// skillSets lists the sets of demanded skills that agents have, and each alone.
func skillSets(p *Problem) [][]string {
	seen := map[string]bool{}
	var out [][]string
	add := func(set []string) {
		key := joinNames(set)
		if len(set) > 0 && !seen[key] {
			seen[key] = true
			out = append(out, set)
		}
	}
	for _, s := range p.Skills {
		add([]string{s})
	}
	for i := range p.Agents {
		var set []string
		for _, s := range p.Skills {
			if p.Agents[i].Efficiency(s) > 0 {
				set = append(set, s)
			}
		}
		add(set)
	}
	return out
}

// Works is why an agent works on a day.
type Works struct {
	Shift      Assignment
	Locked     bool
	Fixed      bool
	Wish       Kind    // Prefer or Avoid, "" = none
	Unmet      float64 // agent-hours more unmet without the shift
	Cost       float64 // points more without the shift, hours of the contract included
	Balance    float64 // hours against contract in the period of the day, with the shift
	Weekends   int     // worked, history included
	Mean       float64 // weekends worked by the agents who share a skill with this one
	Candidates []Candidate
}

// WhyWorks tells why an agent works on a day: what the roster would lose without
// the shift, and who could take it, best first. It fails when the agent is free.
func WhyWorks(ctx context.Context, p *Problem, r Roster, agent string, day calendar.Date, most int) (*Works, error) {
	i := slices.IndexFunc(r.Assignments, func(a Assignment) bool { return a.Agent == agent && a.Date == day })
	if i < 0 {
		return nil, problemf("%s does not work on %s", agent, day)
	}
	w := &Works{Shift: r.Assignments[i], Locked: r.Assignments[i].Locked}
	w.Locked = w.Locked || slices.ContainsFunc(p.Locked, func(c Cell) bool { return c.Agent == agent && c.Date == day })
	for _, v := range p.Availability {
		if v.Agent != agent || !v.On(day) {
			continue
		}
		switch v.Kind {
		case Fixed:
			w.Fixed = true
		case Prefer, Avoid:
			w.Wish = v.Kind
		}
	}
	before, err := Measure(p, r)
	if err != nil {
		return nil, err
	}
	without := Roster{Assignments: slices.Delete(slices.Clone(r.Assignments), i, i+1)}
	after, err := Measure(p, without)
	if err != nil {
		return nil, err
	}
	w.Unmet, w.Cost = after.UnmetHours-before.UnmetHours, after.Cost.Total-before.Cost.Total
	for _, h := range before.Hours {
		if h.Agent == agent && day >= h.From && day <= h.To {
			w.Balance = h.Balance().Hours()
		}
	}
	own := agentOf(p, agent)
	n := 0
	for _, x := range Fairness(p, r, 18*60, 8*60+30) {
		other := agentOf(p, x.Agent)
		if x.Agent == agent {
			w.Weekends = x.Weekends
		}
		if slices.ContainsFunc(own.Skills, func(s Skill) bool { return other.Efficiency(s.Name) > 0 }) {
			w.Mean += float64(x.Weekends)
			n++
		}
	}
	if n > 0 {
		w.Mean /= float64(n)
	}
	skill := ""
	if len(w.Shift.Plan) > 0 {
		skill = w.Shift.Plan[0].Skill
	}
	list, err := Suggest(ctx, p, without, Gap{From: w.Shift.Start, To: w.Shift.End, Skill: skill}, most+1)
	if err != nil {
		return nil, err
	}
	for _, c := range list {
		if c.Agent != agent && len(w.Candidates) < most {
			w.Candidates = append(w.Candidates, c)
		}
	}
	return w, nil
}

func agentOf(p *Problem, id string) *Agent {
	for i := range p.Agents {
		if p.Agents[i].ID == id {
			return &p.Agents[i]
		}
	}
	return &Agent{}
}
