package roster

import (
	"slices"
	"time"

	"kcc/internal/calendar"
)

// defaultContractDays is the number of days over which a week's contract hours
// are spread for leave when the agent has no limit of days.
const defaultContractDays = 5

// weeksPerYear spreads yearly hours over weeks: 365.25 / 7.
const weeksPerYear = 365.25 / 7

// rulesOf returns the rule set of an agent.
func (p *Problem) rulesOf(ag *Agent) (Rules, bool) {
	name := ag.RuleSet
	if name == "" {
		name = DefaultRuleSet
	}
	if r, ok := p.Rules[name]; ok {
		return r, true
	}
	switch name {
	case DefaultRuleSet, "atw":
		return ATWAdult(), true
	case "none":
		return NoRules(), true
	}
	return Rules{}, false
}

// ledger returns the agent's hours per contract period that meets the horizon.
// avail is the agent's availability, asked tells which days have demand, worked
// are all assignments known, those of the history included.
func (p *Problem) ledger(ag *Agent, avail []*Availability, asked []bool, worked []Assignment) []AgentHours {
	known := p.First // first day of which anything is known
	for i := range p.History {
		known = min(known, p.History[i].Date)
	}
	period := ag.Period
	if period == noPeriod {
		period = PerWeek
	}
	var out []AgentHours
	for d := p.First; d <= p.Last(); {
		from, to := periodOf(ag, p.First, d, period)
		h := AgentHours{Agent: ag.ID, From: from, To: to}
		days, valid := 0, 0
		for x := from; x <= to; x++ {
			days++
			if x >= known && x <= p.Last() && !(ag.HasFrom && x < ag.ValidFrom) && !(ag.HasTo && x > ag.ValidTo) {
				valid++
			}
		}
		share := float64(valid) / float64(days)
		scale := func(v time.Duration) time.Duration {
			return (time.Duration(float64(v)*share) / time.Minute) * time.Minute
		}
		h.Contract = scale(ag.Contract)
		h.Min = scale(ag.Min)
		if !ag.HasMin {
			h.Min = max(0, h.Contract-p.longestPaid(ag)+time.Minute)
		}
		h.Max = ag.Contract
		if ag.HasMax {
			h.Max = ag.Max
		}
		if period == PerYear {
			h.Max = scale(h.Max)
		}
		for i := range worked {
			if a := &worked[i]; a.Date >= from && a.Date <= to {
				h.Worked += a.Paid()
				if a.Date >= p.First {
					h.Days++
				}
			}
		}
		h.Credited = p.credit(ag, avail, asked, period, max(from, known), min(to, p.Last()))
		out = append(out, h)
		d = to + 1
	}
	return out
}

// periodOf returns the first and last day of the period that holds d.
func periodOf(ag *Agent, first, d calendar.Date, period Period) (from, to calendar.Date) {
	switch period {
	case PerFour:
		anchor := first.Monday()
		if ag.HasFrom {
			anchor = ag.ValidFrom.Monday()
		}
		n := int(d-anchor) % 28
		if n < 0 {
			n += 28
		}
		return d.Add(-n), d.Add(27 - n)
	case PerYear:
		y := d.Year()
		return calendar.NewDate(y, time.January, 1), calendar.NewDate(y, time.December, 31)
	}
	return d.Monday(), d.Monday().Add(6)
}

// longestPaid returns the most paid time of one shift that the agent could work
// by its kind.
func (p *Problem) longestPaid(ag *Agent) time.Duration {
	var best time.Duration
	for i := range p.Shifts {
		sh := &p.Shifts[i]
		if len(sh.Teams) > 0 && !slices.Contains(sh.Teams, ag.Team) {
			continue
		}
		if len(sh.Skills) > 0 && !slices.ContainsFunc(sh.Skills, func(s string) bool { return ag.Efficiency(s) > 0 }) {
			continue
		}
		paid := sh.MaxLength
		for _, b := range sh.Breaks {
			if !b.Paid && b.Earliest+b.Length < sh.MaxLength && sh.MaxLength > b.Over {
				paid -= b.Length
			}
		}
		best = max(best, paid)
	}
	return best
}

// credit returns the leave and sickness of the days from..to that count as
// worked. Without hours of its own a day counts contract hours / contract days,
// at most that number of days a week, and only when something is asked for on it
// (days of the horizon without demand are closed).
func (p *Problem) credit(ag *Agent, avail []*Availability, asked []bool, period Period, from, to calendar.Date) time.Duration {
	week := ag.Contract
	switch period {
	case PerFour:
		week /= 4
	case PerYear:
		week = time.Duration(float64(week) / weeksPerYear)
	}
	days := ag.MaxDaysPerWeek
	if days <= 0 {
		days = defaultContractDays
	}
	perDay := week / time.Duration(days)
	var sum time.Duration
	inWeek, monday := 0, calendar.Date(0)
	for d := from; d <= to; d++ {
		if m := d.Monday(); m != monday || d == from {
			monday, inWeek = m, 0
		}
		if ag.HasFrom && d < ag.ValidFrom || ag.HasTo && d > ag.ValidTo {
			continue
		}
		var best time.Duration
		own := false
		for _, v := range avail {
			if (v.Kind != Leave && v.Kind != Sick) || !v.On(d) {
				continue
			}
			switch {
			case v.HasHours:
				best, own = max(best, v.Hours), true
			case v.wholeDay():
				best = max(best, perDay)
			default:
				best = max(best, min(perDay, time.Duration(v.End-v.Start)*time.Minute))
			}
		}
		if best == 0 {
			continue
		}
		if !own {
			if d >= p.First && d <= p.Last() && !asked[d-p.First] || inWeek >= days {
				continue
			}
			inWeek++
		}
		sum += best
	}
	return (sum / time.Minute) * time.Minute
}

// askedDays tells for each day of the horizon whether there is any demand.
func (p *Problem) askedDays() []bool {
	asked := make([]bool, p.Days)
	for i := range p.Demand {
		if d := &p.Demand[i]; d.Need > 0 {
			if n := int(calendar.DateOf(p.SlotStart(d.Slot), p.Zone) - p.First); n >= 0 && n < p.Days {
				asked[n] = true
			}
		}
	}
	for i := range p.ShiftDemand {
		if d := &p.ShiftDemand[i]; d.Need > 0 && d.Date >= p.First && d.Date <= p.Last() {
			asked[d.Date-p.First] = true
		}
	}
	return asked
}

// hours checks the maximum hours of every period.
func (c *checker) hours(ag *Agent, now, past []Assignment) {
	for _, h := range c.p.ledger(ag, c.avail[ag.ID], c.asked, append(slices.Clone(past), now...)) {
		if h.Days == 0 || h.Worked+h.Credited <= h.Max {
			continue
		}
		c.add(Violation{
			Rule: "max_hours", Agent: ag.ID, Days: []calendar.Date{max(h.From, c.p.First), min(h.To, c.p.Last())},
			Have: (h.Worked + h.Credited).Hours(), Want: h.Max.Hours(), Unit: "h",
			Text: say("%s has %.2f hours from %s to %s (%.2f worked, %.2f leave and sickness), the maximum is %.2f",
				ag.ID, (h.Worked + h.Credited).Hours(), h.From, h.To, h.Worked.Hours(), h.Credited.Hours(), h.Max.Hours()),
		})
	}
}

// days checks the agent's maximum number of days per week.
func (c *checker) days(ag *Agent, now, past []Assignment) {
	if ag.MaxDaysPerWeek <= 0 {
		return
	}
	worked := map[calendar.Date]map[calendar.Date]bool{}
	for _, a := range append(slices.Clone(past), now...) {
		m := a.Date.Monday()
		if worked[m] == nil {
			worked[m] = map[calendar.Date]bool{}
		}
		worked[m][a.Date] = true
	}
	for m := c.p.First.Monday(); m <= c.p.Last(); m += 7 {
		if n := len(worked[m]); n > ag.MaxDaysPerWeek && slices.ContainsFunc(now, func(a Assignment) bool { return a.Date.Monday() == m }) {
			c.add(Violation{
				Rule: "max_days_per_week", Agent: ag.ID, Days: []calendar.Date{m, m.Add(6)},
				Have: float64(n), Want: float64(ag.MaxDaysPerWeek), Unit: "days",
				Text: say("%s works %d days in the week of %s, the maximum is %d", ag.ID, n, m, ag.MaxDaysPerWeek),
			})
		}
	}
}
