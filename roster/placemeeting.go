package roster

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"kcc/internal/calendar"
)

// AwayMark begins the name of a span of a skill plan that is no skill but a
// meeting, a training or an appointment: the agent is at work but serves nobody.
const AwayMark = "*"

// Away reports whether the span is a meeting, and its name.
func (s SkillSpan) Away() (name string, away bool) { return strings.CutPrefix(s.Skill, AwayMark) }

// PlaceMeetings puts meetings into a roster, each inside the shifts of the agents
// that it asks for. One with a time of its own lies there; any other where the
// agents are missed least, the long ones first, and never over a break or another
// meeting. Shifts and breaks stay as they are; the skills of all others on those days
// are given out anew around the meetings. What cannot be placed is reported. A meeting for
// many together takes the time at which most of them work, and of those the
// cheapest; who does not work then is reported.
func PlaceMeetings(p *Problem, r Roster, meetings []Meeting) (*Result, error) {
	at, err := newPlacing(p, r)
	if err != nil {
		return nil, err
	}
	order := make([]int, len(meetings))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := &meetings[a], &meetings[b]
		if x.Fixed() != y.Fixed() {
			if x.Fixed() {
				return -1
			}
			return 1
		}
		return cmp.Compare(y.Length, x.Length)
	})
	for _, i := range order {
		at.place(&meetings[i])
	}
	var free []calendar.Date // with a new meeting
	for i := range r.Assignments {
		if !slices.Equal(r.Assignments[i].Plan, at.roster.Assignments[i].Plan) {
			free = append(free, r.Assignments[i].Date)
		}
	}
	res, err := EvaluateAnew(p, at.roster, free...)
	if err != nil {
		return nil, err
	}
	res.Shortfalls = append(res.Shortfalls, at.missed...)
	return res, nil
}

// placing is a roster in which meetings are being placed.
type placing struct {
	m      *model
	cov    *cover
	roster Roster
	index  map[agentDay]int // into roster.Assignments
	agent  map[string]int
	busy   map[string]map[int]bool // slots with a break or a meeting
	missed []Shortfall
}

func newPlacing(p *Problem, r Roster) (*placing, error) {
	fixed := *p
	fixed.Locked = lockAll(p, r, func(string, calendar.Date) bool { return true })
	m, err := newModel(&fixed)
	if err != nil {
		return nil, err
	}
	s := newSearcher(m, 0, 1)
	s.load()
	out := &placing{m: m, cov: s.lanes[0].cov, roster: Roster{Assignments: slices.Clone(r.Assignments)}, index: map[agentDay]int{}, agent: map[string]int{}, busy: map[string]map[int]bool{}}
	for i := range m.agents {
		out.agent[m.agents[i].a.ID] = i
		out.busy[m.agents[i].a.ID] = map[int]bool{}
	}
	for i, a := range r.Assignments {
		out.index[agentDay{a.Agent, a.Date}] = i
	}
	for i := range m.agents {
		ma := &m.agents[i]
		for d := range ma.days {
			for _, o := range ma.days[d].private {
				for _, b := range o.fixedBreak {
					for t := b.start; t < b.start+b.n; t++ {
						out.busy[ma.a.ID][t] = true
					}
				}
			}
		}
	}
	return out, nil
}

// place places every occurrence of a meeting.
func (x *placing) place(mt *Meeting) {
	var asked []*Agent
	for i := range x.m.p.Agents {
		if a := &x.m.p.Agents[i]; mt.Asks(a) {
			asked = append(asked, a)
		}
	}
	if mt.Fixed() {
		for d := max(mt.From, x.m.p.First); d <= min(mt.To, x.m.p.Last()); d++ {
			if mt.On(d) {
				x.fixed(mt, d, asked)
			}
		}
		return
	}
	var used []int // starts of earlier occurrences, when together
	for range max(1, mt.Times) {
		if mt.Together {
			used = x.together(mt, asked, used)
			continue
		}
		for _, a := range asked {
			x.alone(mt, a)
		}
	}
}

// fixed puts a meeting with a time of its own into the shifts that hold it.
func (x *placing) fixed(mt *Meeting, d calendar.Date, asked []*Agent) {
	from := x.m.minuteOf(clockAt(d, mt.Start, x.m.p.Zone)) / x.m.minutes
	n := (int(mt.End-mt.Start) + x.m.minutes - 1) / x.m.minutes
	for _, a := range asked {
		if !x.take(mt, a, d, from, n) {
			x.miss(mt, a, d, "%s is not at work, or has a break, at the time of %s on %s", a.ID, mt.Name, d)
		}
	}
}

// alone places one occurrence for one agent where the agent is missed least.
func (x *placing) alone(mt *Meeting, a *Agent) {
	n := x.slots(mt)
	best, day, from := math.Inf(1), calendar.Date(0), -1
	for d := max(mt.From, x.m.p.First); d <= min(mt.To, x.m.p.Last()); d++ {
		if !mt.On(d) || x.has(mt, a, d) {
			continue
		}
		for _, t := range x.starts(mt, d) {
			if c, ok := x.price(a, d, t, n); ok && c < best-coverEps {
				best, day, from = c, d, t
			}
		}
	}
	if from < 0 {
		x.miss(mt, a, max(mt.From, x.m.p.First), "no shift of %s has room for %s of %s", a.ID, mt.Name, calendar.FormatDuration(mt.Length))
		return
	}
	x.take(mt, a, day, from, n)
}

// together places one occurrence for all agents at one time.
func (x *placing) together(mt *Meeting, asked []*Agent, used []int) []int {
	n := x.slots(mt)
	most, best, day, from := 0, 0.0, calendar.Date(0), -1
	for d := max(mt.From, x.m.p.First); d <= min(mt.To, x.m.p.Last()); d++ {
		if !mt.On(d) || slices.ContainsFunc(used, func(t int) bool {
			return x.m.p.SlotStart(t).After(d.Start(x.m.p.Zone)) && t < x.m.p.SlotOf((d+1).Start(x.m.p.Zone))
		}) {
			continue
		}
		for _, t := range x.starts(mt, d) {
			who, cost := 0, 0.0
			x.cov.begin()
			before := x.cov.cost
			for _, a := range asked {
				if x.free(a, d, t, n) {
					who++
					x.drop(a, t, n)
				}
			}
			cost = x.cov.cost - before
			x.cov.rollback()
			if who > most || who == most && who > 0 && cost < best-coverEps {
				most, best, day, from = who, cost, d, t
			}
		}
	}
	if from < 0 {
		for _, a := range asked {
			x.miss(mt, a, max(mt.From, x.m.p.First), "nobody has room for %s of %s", mt.Name, calendar.FormatDuration(mt.Length))
		}
		return used
	}
	for _, a := range asked {
		if !x.take(mt, a, day, from, n) {
			x.miss(mt, a, day, "%s is not at work, or has a break, when %s is held on %s", a.ID, mt.Name, day)
		}
	}
	return append(used, from)
}

func (x *placing) slots(mt *Meeting) int {
	return int((mt.Length + x.m.p.Step - 1) / x.m.p.Step)
}

// starts lists the slots of a day at which the meeting can begin.
func (x *placing) starts(mt *Meeting, d calendar.Date) []int {
	end := mt.End
	if end == 0 {
		end = calendar.Midnight
	}
	from := x.m.minuteOf(clockAt(d, mt.Start, x.m.p.Zone))
	to := x.m.minuteOf(clockAt(d, end, x.m.p.Zone))
	var out []int
	for t := (from + x.m.minutes - 1) / x.m.minutes; (t+x.slots(mt))*x.m.minutes <= to; t++ {
		out = append(out, t)
	}
	return out
}

// has reports whether the agent has that meeting on the day already.
func (x *placing) has(mt *Meeting, a *Agent, d calendar.Date) bool {
	i, ok := x.index[agentDay{a.ID, d}]
	return ok && slices.ContainsFunc(x.roster.Assignments[i].Plan, func(s SkillSpan) bool { return s.Skill == AwayMark+mt.Name })
}

// free reports whether the agent works through the slots without a break or meeting.
func (x *placing) free(a *Agent, d calendar.Date, from, n int) bool {
	i, ok := x.index[agentDay{a.ID, d}]
	if !ok {
		return false
	}
	s := &x.roster.Assignments[i]
	if x.m.p.SlotStart(from).Before(s.Start) || x.m.p.SlotStart(from+n).After(s.End) {
		return false
	}
	for t := from; t < from+n; t++ {
		if x.busy[a.ID][t] {
			return false
		}
	}
	return true
}

func (x *placing) drop(a *Agent, from, n int) {
	if g := x.m.agents[x.agent[a.ID]].group; g >= 0 {
		for t := max(0, from); t < min(from+n, x.m.slots); t++ {
			x.cov.remove(t, g)
		}
	}
}

// price returns what it costs that the agent is away.
func (x *placing) price(a *Agent, d calendar.Date, from, n int) (float64, bool) {
	if !x.free(a, d, from, n) {
		return 0, false
	}
	x.cov.begin()
	before := x.cov.cost
	x.drop(a, from, n)
	c := x.cov.cost - before
	x.cov.rollback()
	return c, true
}

// take puts the meeting into the agent's shift if the agent is free then.
func (x *placing) take(mt *Meeting, a *Agent, d calendar.Date, from, n int) bool {
	if !x.free(a, d, from, n) {
		return false
	}
	x.drop(a, from, n)
	s := &x.roster.Assignments[x.index[agentDay{a.ID, d}]]
	start, end := x.m.p.SlotStart(from).In(x.m.p.Zone), x.m.p.SlotStart(from+n).In(x.m.p.Zone)
	s.Plan = withAway(s.Plan, SkillSpan{start, AwayMark + mt.Name}, end, s.End)
	for t := from; t < from+n; t++ {
		x.busy[a.ID][t] = true
	}
	return true
}

// withAway puts a meeting into a skill plan: what was served before goes on after it.
func withAway(plan []SkillSpan, away SkillSpan, end, last time.Time) []SkillSpan {
	var out []SkillSpan
	resume := ""
	for _, s := range plan {
		if s.Start.Before(end) {
			resume = s.Skill
		}
		if s.Start.Before(away.Start) {
			out = append(out, s)
		}
	}
	out = append(out, away)
	if end.Before(last) && resume != "" && !slices.ContainsFunc(plan, func(s SkillSpan) bool { return s.Start.Equal(end) }) {
		out = append(out, SkillSpan{end, resume})
	}
	for _, s := range plan {
		if !s.Start.Before(end) {
			out = append(out, s)
		}
	}
	return out
}

func (x *placing) miss(mt *Meeting, a *Agent, d calendar.Date, format string, args ...any) {
	x.missed = append(x.missed, Shortfall{What: "meeting", Agent: a.ID, From: d, Want: mt.Length.Hours(), Unit: "h", Text: say(format, args...)})
}
