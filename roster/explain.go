package roster

import (
	"cmp"
	"context"
	"slices"
	"time"

	"kcc/internal/calendar"
)

// Reason says why some agents with a skill do not serve it in an interval.
type Reason struct {
	Why    string // serving, other_skill, break, leave, sick, unavailable, contract, shift, max_hours, ..., free
	Agents []string
}

// Explanation is why an interval of a skill has the agents it has.
type Explanation struct {
	From, To   time.Time
	Skill      string
	Need, Have float64 // means over the interval
	Reasons    []Reason
	Candidates []Candidate // who could still work then, best first
}

// The reasons besides the names of violated rules.
const (
	Serving    = "serving"
	OtherSkill = "other_skill"
	OnBreak    = "break"
	NoContract = "contract"
	NoShift    = "shift"
	CouldWork  = "free"
)

// Explain tells for every agent with the skill why the agent does or does not
// serve it between two instants of a day: what the agent does, or the first rule
// that working then would break, or that nothing forbids it. Candidates are those
// whom nothing forbids, with what the whole roster would gain.
func Explain(ctx context.Context, p *Problem, r Roster, gap Gap, most int) (*Explanation, error) {
	now, err := Evaluate(p, r)
	if err != nil {
		return nil, err
	}
	e := &Explanation{From: gap.From, To: gap.To, Skill: gap.Skill}
	n := 0.0
	for _, c := range now.Coverage {
		if c.Skill == gap.Skill && !c.Start.Before(gap.From) && c.Start.Before(gap.To) {
			e.Need += c.Need
			e.Have += c.Present
			n++
		}
	}
	if n > 0 {
		e.Need, e.Have = e.Need/n, e.Have/n
	}
	day := calendar.DateOf(gap.From, p.Zone)
	why := map[string][]string{}
	for i := range p.Agents {
		ag := &p.Agents[i]
		if ag.Efficiency(gap.Skill) <= 0 {
			continue
		}
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		reason := whyNot(p, now.Roster, ag, gap, day)
		why[reason] = append(why[reason], ag.ID)
	}
	for _, k := range sortedKeys(why) {
		e.Reasons = append(e.Reasons, Reason{k, why[k]})
	}
	slices.SortStableFunc(e.Reasons, func(a, b Reason) int { return cmp.Compare(len(b.Agents), len(a.Agents)) })
	e.Candidates, err = Suggest(ctx, p, r, gap, most)
	return e, err
}

// whyNot returns the reason for one agent.
func whyNot(p *Problem, r Roster, ag *Agent, gap Gap, day calendar.Date) string {
	var own Roster
	var today *Assignment
	for i := range r.Assignments {
		a := &r.Assignments[i]
		if a.Agent != ag.ID {
			continue
		}
		if a.Date == day {
			today = a
		}
		if a.Start.Before(gap.To) && a.End.After(gap.From) {
			return doing(a, gap)
		}
		if a.Date != day {
			own.Assignments = append(own.Assignments, *a)
		}
	}
	if ag.HasFrom && day < ag.ValidFrom || ag.HasTo && day > ag.ValidTo {
		return NoContract
	}
	one := *p
	one.Agents = []Agent{*ag}
	one.Availability = nil
	for _, v := range p.Availability {
		if v.Agent == ag.ID {
			one.Availability = append(one.Availability, v)
		}
	}
	before := Check(&one, own)
	// Try the shifts that meet the gap; the shortest are the easiest to fit.
	m, err := newModel(&one)
	if err != nil {
		return NoShift
	}
	ma := &m.agents[0]
	from, to := m.minuteOf(gap.From), m.minuteOf(gap.To)
	best, found := "", false
	for _, d := range []int{int(day-p.First) - 1, int(day - p.First)} {
		if d < 0 || d >= p.Days {
			continue
		}
		options := slices.Clone(ma.book.days[d])
		slices.SortStableFunc(options, func(a, b option) int { return a.paid - b.paid })
		for i := range options {
			o := &options[i]
			if o.from >= to || o.to <= from {
				continue
			}
			found = true
			a := m.drawn(ma, d, o)
			x := Roster{Assignments: append(slices.Clone(own.Assignments), a)}
			bad := newViolations(before, Check(&one, x))
			if len(bad) == 0 {
				if today != nil {
					return "other_hours" // works at another time of the day
				}
				return CouldWork
			}
			if best == "" {
				best = bad[0].Rule
			}
		}
	}
	if !found {
		return NoShift
	}
	return best
}

// doing says what an agent who is there does in the gap.
func doing(a *Assignment, gap Gap) string {
	for _, b := range a.Breaks {
		if !b.Start.After(gap.From) && !b.Start.Add(b.Length).Before(gap.To) {
			return OnBreak
		}
	}
	skill := ""
	for _, s := range a.Plan {
		if s.Start.Before(gap.To) {
			skill = s.Skill
		}
	}
	if skill == gap.Skill || skill == "" {
		return Serving
	}
	return OtherSkill
}

// drawn makes an assignment of an option with its breaks at their earliest.
func (m *model) drawn(ma *mAgent, d int, o *option) Assignment {
	a := Assignment{Agent: ma.a.ID, Date: m.p.First.Add(d), Shift: m.p.Shifts[o.shift].Name, Start: m.p.SlotStart(o.start), End: m.p.SlotStart(o.start + o.n)}
	if o.brk >= 0 {
		c := ma.book.cases[d][o.brk]
		at := 0
		for _, b := range ma.book.breaks[c.list] {
			at = max(at, b.lo)
			a.Breaks = append(a.Breaks, Break{Start: m.p.SlotStart(c.start + at), Length: time.Duration(b.n) * m.p.Step, Paid: b.paid})
			at += b.n
		}
	}
	return a
}

// Account is what weighs on one agent over the history and the roster.
type Account struct {
	Agent    string
	Days     int
	Weekends int
	Sundays  int
	Late     int // shifts that end at or after the late hour
	Early    int // shifts that start before the early hour
	Nights   int // shifts with work between 00:00 and 06:00
	Wishes   int // prefer and avoid of the roster's days
	Granted  int
	Hours    float64
	Share    float64 // late, early, weekends and nights per day worked
}

// Fairness counts weekends, late and early shifts and granted wishes per agent.
func Fairness(p *Problem, r Roster, late, early calendar.Clock) []Account {
	acc := map[string]*Account{}
	weekends := map[string]map[calendar.Date]bool{}
	out := make([]Account, len(p.Agents))
	for i := range p.Agents {
		out[i].Agent = p.Agents[i].ID
		acc[p.Agents[i].ID] = &out[i]
		weekends[p.Agents[i].ID] = map[calendar.Date]bool{}
	}
	count := func(a Assignment) {
		x := acc[a.Agent]
		if x == nil {
			return
		}
		x.Days++
		x.Hours += a.Paid().Hours()
		switch a.Date.Weekday() {
		case time.Saturday, time.Sunday:
			weekends[a.Agent][a.Date.Monday()] = true
			if a.Date.Weekday() == time.Sunday {
				x.Sundays++
			}
		}
		if !a.End.Before(clockAt(a.Date, late, p.Zone)) {
			x.Late++
		}
		if a.Start.Before(clockAt(a.Date, early, p.Zone)) {
			x.Early++
		}
		if nightMinutes(a.Start, a.End, p.Zone) > 0 {
			x.Nights++
		}
	}
	for _, a := range p.History {
		if a.Date < p.First {
			count(a)
		}
	}
	for _, a := range r.Assignments {
		count(a)
	}
	for i := range out {
		x := &out[i]
		x.Weekends = len(weekends[x.Agent])
		if x.Days > 0 {
			x.Share = float64(x.Weekends+x.Late+x.Early+x.Nights) / float64(x.Days)
		}
	}
	countWishes(p, r, acc)
	return out
}

func countWishes(p *Problem, r Roster, acc map[string]*Account) {
	work := r.cells()
	for i := range p.Availability {
		v := &p.Availability[i]
		x := acc[v.Agent]
		if x == nil || v.Kind != Prefer && v.Kind != Avoid {
			continue
		}
		for d := max(v.From, p.First); d <= min(v.To, p.Last()); d++ {
			if !v.On(d) {
				continue
			}
			from, to := d.Start(p.Zone), d.Add(1).Start(p.Zone)
			if !v.wholeDay() {
				from, to = clockAt(d, v.Start, p.Zone), clockAt(d, v.End, p.Zone)
			}
			a := work[agentDay{v.Agent, d}]
			meets := a != nil && a.Start.Before(to) && a.End.After(from)
			x.Wishes++
			if meets == (v.Kind == Prefer) {
				x.Granted++
			}
		}
	}
}
