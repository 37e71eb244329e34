package roster

import (
	"slices"

	"kcc/internal/calendar"
)

// pattern checks the rotation that an agent follows, day by day. Days that are
// locked, and days with a fixed shift, go before it.
func (c *checker) pattern(ag *Agent, now []Assignment) {
	i := slices.IndexFunc(c.p.Patterns, func(x Pattern) bool {
		if ag.Pattern != "" {
			return x.Name == ag.Pattern
		}
		return slices.Contains(x.Teams, ag.Team)
	})
	if i < 0 || len(c.p.Patterns[i].Days) == 0 {
		return
	}
	x := &c.p.Patterns[i]
	weeks := len(x.Days) / 7
	begin := x.From
	if ag.HasPatternFrom {
		begin = ag.PatternFrom
	}
	for d := c.p.First; d <= c.p.Last(); d++ {
		if c.locked[agentDay{ag.ID, d}] || ag.HasFrom && d < ag.ValidFrom || ag.HasTo && d > ag.ValidTo || c.hasFixed(ag, d) {
			continue
		}
		week := int(d.Monday()-begin.Monday()) / 7 % weeks
		if week < 0 {
			week += weeks
		}
		day := x.Days[7*week+int(d-d.Monday())]
		at := slices.IndexFunc(now, func(a Assignment) bool { return a.Date == d })
		bad := func(have, want float64, unit, format string, args ...any) {
			c.add(Violation{
				Rule: "pattern", Cites: x.Name, Agent: ag.ID, Days: []calendar.Date{d}, Have: have, Want: want, Unit: unit,
				Text: say("%s on %s (%s, week %d of %d of rotation %s): %s", ag.ID, d, d.Weekday(), week+1, weeks, x.Name, say(format, args...)),
			})
		}
		if at < 0 {
			if day.Must && c.asked[d-c.p.First] && !c.absent(ag, d) {
				bad(0, 1, "shifts", "no shift, works that day")
			}
			continue
		}
		a := &now[at]
		switch {
		case day.Off:
			bad(1, 0, "shifts", "works %s, is off that day", c.span(*a))
		case len(day.Shifts) > 0 && !slices.Contains(day.Shifts, a.Shift):
			bad(0, 1, "shifts", "works %s (%q), wanted is %s", c.span(*a), a.Shift, either(day.Shifts))
		case day.Start != 0 || day.End != 0:
			from, to := clockAt(d, day.Start, c.p.Zone), clockAt(d, day.End, c.p.Zone)
			if out := max(0, from.Sub(a.Start)) + max(0, a.End.Sub(to)); out > 0 {
				bad(out.Minutes(), 0, "min", "works %s, %.0f minutes outside %s-%s", c.span(*a), out.Minutes(), day.Start, day.End%calendar.Midnight)
			}
		}
	}
}

func (c *checker) hasFixed(ag *Agent, d calendar.Date) bool {
	return slices.ContainsFunc(c.avail[ag.ID], func(v *Availability) bool { return v.Kind == Fixed && v.On(d) })
}
