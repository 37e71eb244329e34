package roster

import (
	"cmp"
	"slices"
	"time"

	"kcc/internal/calendar"
)

// Check verifies a roster against every hard rule: structure, shifts and breaks,
// availability, skills, fixed and locked cells, hours, days and the agent's rule
// set, with the history before it. It works from the problem and the roster
// alone. The violations come in order of agent and day; none means valid.
func Check(p *Problem, r Roster) []Violation {
	c := &checker{p: p, shifts: map[string]*Shift{}, worksOn: map[agentDay]int{}, avail: map[string][]*Availability{}, cellsOf: map[string][]*Cell{}, asked: p.askedDays()}
	for i := range p.Availability {
		c.avail[p.Availability[i].Agent] = append(c.avail[p.Availability[i].Agent], &p.Availability[i])
	}
	for i := range p.Locked {
		c.cellsOf[p.Locked[i].Agent] = append(c.cellsOf[p.Locked[i].Agent], &p.Locked[i])
	}
	for i := range p.Shifts {
		c.shifts[p.Shifts[i].Name] = &p.Shifts[i]
	}
	known := map[string]bool{}
	for i := range p.Agents {
		known[p.Agents[i].ID] = true
	}
	locked := map[agentDay]bool{}
	for i := range p.Locked {
		locked[agentDay{p.Locked[i].Agent, p.Locked[i].Date}] = true
	}
	c.locked = locked
	byAgent := map[string][]Assignment{}
	for _, a := range r.Assignments {
		if !known[a.Agent] {
			c.add(Violation{
				Rule: "agent", Agent: a.Agent, Days: []calendar.Date{a.Date},
				Text: say("%s works on %s but is not an agent", a.Agent, a.Date),
			})
			continue
		}
		byAgent[a.Agent] = append(byAgent[a.Agent], a)
	}
	before := map[string][]Assignment{}
	for _, a := range p.History {
		if a.Date < p.First {
			before[a.Agent] = append(before[a.Agent], a)
		}
	}
	for i := range p.Agents {
		ag := &p.Agents[i]
		c.agent(ag, sortedByStart(byAgent[ag.ID]), sortedByStart(before[ag.ID]))
	}
	return c.found
}

func sortedByStart(as []Assignment) []Assignment {
	out := slices.Clone(as)
	slices.SortStableFunc(out, func(a, b Assignment) int {
		return cmp.Or(a.Start.Compare(b.Start), a.End.Compare(b.End))
	})
	return out
}

type agentDay struct {
	agent string
	day   calendar.Date
}

// cells returns the shift of every agent and day that has one.
func (r Roster) cells() map[agentDay]*Assignment {
	out := map[agentDay]*Assignment{}
	for i := range r.Assignments {
		a := &r.Assignments[i]
		out[agentDay{a.Agent, a.Date}] = a
	}
	return out
}

type checker struct {
	p       *Problem
	shifts  map[string]*Shift
	locked  map[agentDay]bool
	worksOn map[agentDay]int
	avail   map[string][]*Availability
	cellsOf map[string][]*Cell
	asked   []bool
	found   []Violation
}

func (c *checker) add(v Violation) { c.found = append(c.found, v) }

// agent checks one agent: now is the roster, past the history.
func (c *checker) agent(ag *Agent, now, past []Assignment) {
	for _, a := range now {
		c.assignment(ag, a)
		c.worksOn[agentDay{ag.ID, a.Date}]++
		if n := c.worksOn[agentDay{ag.ID, a.Date}]; n == 2 {
			c.add(Violation{
				Rule: "one_shift", Agent: ag.ID, Days: []calendar.Date{a.Date}, Have: 2, Want: 1, Unit: "shifts",
				Text: say("%s has more than one shift on %s", ag.ID, a.Date),
			})
		}
	}
	c.fixed(ag, now)
	c.cells(ag, now)
	c.pattern(ag, now)
	c.hours(ag, now, past)
	c.days(ag, now, past)
	rules, ok := c.p.rulesOf(ag)
	if !ok {
		c.add(Violation{
			Rule: "rule_set", Agent: ag.ID,
			Text: say("%s has rule set %q, which is not known", ag.ID, ag.RuleSet),
		})
		return
	}
	newRuleCheck(c, ag, &rules, now, past).run()
}

// assignment checks what can be seen from one shift alone.
func (c *checker) assignment(ag *Agent, a Assignment) {
	bad := func(rule string, have, want float64, unit, format string, args ...any) {
		c.add(Violation{
			Rule: rule, Agent: ag.ID, Days: []calendar.Date{a.Date}, Have: have, Want: want, Unit: unit,
			Text: say("%s on %s: %s", ag.ID, a.Date, say(format, args...)),
		})
	}
	if !a.End.After(a.Start) {
		bad("times", 0, 0, "", "the shift ends at or before its start")
		return
	}
	if calendar.DateOf(a.Start, c.p.Zone) != a.Date {
		bad("times", 0, 0, "", "the shift starts on %s", calendar.DateOf(a.Start, c.p.Zone))
	}
	if a.Date < c.p.First || a.Date > c.p.Last() {
		bad("horizon", 0, 0, "", "outside the roster's days %s to %s", c.p.First, c.p.Last())
	}
	if ag.HasFrom && a.Date < ag.ValidFrom || ag.HasTo && a.Date > ag.ValidTo {
		bad("contract", 0, 0, "", "not under contract")
	}
	c.breaksInside(a, bad)
	c.skillPlan(ag, a, bad)
	c.away(ag, a, bad)
	if a.Shift == "" || c.locked[agentDay{ag.ID, a.Date}] {
		return
	}
	sh := c.shifts[a.Shift]
	if sh == nil {
		bad("shift", 0, 0, "", "shift %q is not known", a.Shift)
		return
	}
	c.shiftShape(ag, sh, a, bad)
}

type badFunc func(rule string, have, want float64, unit, format string, args ...any)

func (c *checker) breaksInside(a Assignment, bad badFunc) {
	bs := slices.Clone(a.Breaks)
	slices.SortFunc(bs, func(x, y Break) int { return x.Start.Compare(y.Start) })
	for i, b := range bs {
		if b.Length <= 0 || b.Start.Before(a.Start) || b.Start.Add(b.Length).After(a.End) {
			bad("breaks", b.Length.Minutes(), 0, "min", "the break at %s is not inside the shift", b.Start.In(c.p.Zone).Format("15:04"))
		}
		if i > 0 && b.Start.Before(bs[i-1].Start.Add(bs[i-1].Length)) {
			bad("breaks", 0, 0, "", "the breaks at %s overlap", b.Start.In(c.p.Zone).Format("15:04"))
		}
	}
}

func (c *checker) skillPlan(ag *Agent, a Assignment, bad badFunc) {
	for i, s := range a.Plan {
		if _, away := s.Away(); !away && ag.Efficiency(s.Skill) <= 0 {
			bad("skill", 0, 0, "", "planned on %s, a skill that %s does not have", s.Skill, ag.ID)
		}
		if s.Start.Before(a.Start) || !s.Start.Before(a.End) {
			bad("skill", 0, 0, "", "the skill plan names %s, outside the shift", s.Start.In(c.p.Zone).Format("15:04"))
		}
		if i > 0 && !s.Start.After(a.Plan[i-1].Start) {
			bad("skill", 0, 0, "", "the skill plan is not in order of time")
		}
	}
}

// away checks leave, sickness and the windows in which the agent can work.
func (c *checker) away(ag *Agent, a Assignment, bad badFunc) {
	said := map[Kind]bool{}
	for _, v := range c.avail[ag.ID] {
		if (v.Kind != Leave && v.Kind != Sick && v.Kind != Unavailable) || said[v.Kind] {
			continue
		}
		// A window may reach past midnight, so may the shift.
		for d := a.Date - 1; d <= a.Date+1; d++ {
			if !v.On(d) {
				continue
			}
			from, to := c.window(v, d)
			if a.Start.Before(to) && a.End.After(from) {
				what := map[Kind]string{Leave: "works %s but has leave", Sick: "works %s but is sick", Unavailable: "works %s but is unavailable"}[v.Kind]
				bad(string(v.Kind), 0, 0, "", what, c.span(a))
				said[v.Kind] = true
				break
			}
		}
	}
	open := false
	var need bool
	for _, v := range c.avail[ag.ID] {
		if v.Kind != Available {
			continue
		}
		need = true
		for d := a.Date - 1; d <= a.Date; d++ {
			if v.On(d) {
				from, to := c.window(v, d)
				open = open || (!a.Start.Before(from) && !a.End.After(to))
			}
		}
	}
	if need && !open {
		bad("available", 0, 0, "", "works %s outside the times that %s can work", c.span(a), ag.ID)
	}
}

func (c *checker) span(a Assignment) string {
	return a.Start.In(c.p.Zone).Format("15:04") + "-" + a.End.In(c.p.Zone).Format("15:04")
}

// window returns the instants of an availability on day d. A whole day of work
// that may go on past midnight ends when the next day's window would begin.
func (c *checker) window(v *Availability, d calendar.Date) (from, to time.Time) {
	if v.wholeDay() {
		if v.Kind == Available {
			return d.Start(c.p.Zone), d.Add(2).Start(c.p.Zone)
		}
		return d.Start(c.p.Zone), d.Add(1).Start(c.p.Zone)
	}
	return clockAt(d, v.Start, c.p.Zone), clockAt(d, v.End, c.p.Zone)
}

func (v *Availability) wholeDay() bool {
	return v.Start == 0 && (v.End == 0 || v.End == calendar.Midnight)
}

// clockAt is the instant of a clock time that may lie past midnight.
func clockAt(d calendar.Date, c calendar.Clock, zone *time.Location) time.Time {
	return d.Add(int(c/calendar.Midnight)).At(c%calendar.Midnight, zone)
}

// shiftShape checks start, length, weekday, skills, teams and breaks against the
// shift's definition.
func (c *checker) shiftShape(ag *Agent, sh *Shift, a Assignment, bad badFunc) {
	start := a.Start.In(c.p.Zone)
	clock := calendar.Clock(start.Hour()*60 + start.Minute())
	every := sh.Every
	if every <= 0 {
		every = c.p.Step
	}
	if clock < sh.EarliestStart || clock > sh.LatestStart || (time.Duration(clock-sh.EarliestStart)*time.Minute)%every != 0 || start.Second() != 0 {
		bad("shift_start", 0, 0, "", "shift %s starts at %s, not between %s and %s in steps of %s", sh.Name,
			clock, sh.EarliestStart, sh.LatestStart, calendar.FormatDuration(every))
	}
	length := a.End.Sub(a.Start)
	if length < sh.MinLength || length > sh.MaxLength || (length-sh.MinLength)%every != 0 {
		bad("shift_length", length.Hours(), sh.MaxLength.Hours(), "h", "shift %s is %s long, not between %s and %s", sh.Name,
			calendar.FormatDuration(length), calendar.FormatDuration(sh.MinLength), calendar.FormatDuration(sh.MaxLength))
	}
	if sh.Weekdays != [7]bool{} && !sh.Weekdays[a.Date.Weekday()] {
		bad("shift_day", 0, 0, "", "shift %s does not exist on %s", sh.Name, a.Date.Weekday())
	}
	if len(sh.Teams) > 0 && !slices.Contains(sh.Teams, ag.Team) {
		bad("shift_team", 0, 0, "", "shift %s is not for team %q", sh.Name, ag.Team)
	}
	if len(sh.Skills) > 0 && !slices.ContainsFunc(sh.Skills, func(s string) bool { return ag.Efficiency(s) > 0 }) {
		bad("shift_skill", 0, 0, "", "shift %s is not for the skills of %s", sh.Name, ag.ID)
	}
	// Every break of the template that fits must be there, in its window; no other.
	left := slices.Clone(a.Breaks)
	for _, t := range sh.Breaks {
		if t.Earliest+t.Length >= length || length <= t.Over {
			continue
		}
		i := slices.IndexFunc(left, func(b Break) bool {
			at := b.Start.Sub(a.Start)
			return b.Length == t.Length && b.Paid == t.Paid && at >= t.Earliest && at <= t.Latest
		})
		if i < 0 {
			bad("break_missing", 0, t.Length.Minutes(), "min", "no break of %s starting between %s and %s after the start of shift %s",
				calendar.FormatDuration(t.Length), calendar.FormatDuration(t.Earliest), calendar.FormatDuration(t.Latest), sh.Name)
			continue
		}
		left = slices.Delete(left, i, i+1)
	}
	for _, b := range left {
		bad("break_extra", b.Length.Minutes(), 0, "min", "the break at %s is not one of shift %s", b.Start.In(c.p.Zone).Format("15:04"), sh.Name)
	}
}

// fixed checks that fixed shifts are worked, unless the agent is away.
func (c *checker) fixed(ag *Agent, now []Assignment) {
	for _, v := range c.avail[ag.ID] {
		if v.Kind != Fixed {
			continue
		}
		for d := max(v.From, c.p.First); d <= min(v.To, c.p.Last()); d++ {
			if !v.On(d) || c.locked[agentDay{ag.ID, d}] || c.absent(ag, d) || ag.HasFrom && d < ag.ValidFrom || ag.HasTo && d > ag.ValidTo {
				continue
			}
			if !slices.ContainsFunc(now, func(a Assignment) bool { return a.Date == d && a.Shift == v.Shift }) {
				c.add(Violation{
					Rule: "fixed", Agent: ag.ID, Days: []calendar.Date{d},
					Text: say("%s does not work the fixed shift %s on %s", ag.ID, v.Shift, d),
				})
			}
		}
	}
}

// absent reports whether the agent has leave or is sick or unavailable on d for
// some of the day.
func (c *checker) absent(ag *Agent, d calendar.Date) bool {
	for _, v := range c.avail[ag.ID] {
		if v.On(d) && (v.Kind == Leave || v.Kind == Sick || v.Kind == Unavailable) {
			return true
		}
	}
	return false
}

// cells checks that locked cells are as they were.
func (c *checker) cells(ag *Agent, now []Assignment) {
	for _, l := range c.cellsOf[ag.ID] {
		if l.Date < c.p.First || l.Date > c.p.Last() {
			continue
		}
		ok := l.Off
		for _, a := range now {
			if a.Date != l.Date {
				continue
			}
			ok = !l.Off && a.Start.Equal(l.Assignment.Start) && a.End.Equal(l.Assignment.End) && slices.EqualFunc(a.Breaks, l.Assignment.Breaks,
				func(x, y Break) bool { return x.Start.Equal(y.Start) && x.Length == y.Length && x.Paid == y.Paid })
		}
		if !ok {
			c.add(Violation{
				Rule: "locked", Agent: ag.ID, Days: []calendar.Date{l.Date},
				Text: say("%s on %s differs from the locked cell", ag.ID, l.Date),
			})
		}
	}
}
