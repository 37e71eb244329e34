package rosterfile

import (
	"fmt"
	"math"
	"strings"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/tabular"
	"kcc/roster"
)

// always bounds rows without dates.
var always = [2]calendar.Date{calendar.NewDate(1970, time.January, 1), calendar.NewDate(9999, time.December, 31)}

// Availability reads availability.csv: agent,from,to,weekday,kind,hours. From and
// to are days (both included), times of one day or of several, or times of day
// alone (then of every day named by weekday). An agent not in known is an error.
func Availability(r *tabular.Reader, known func(agent string) bool, shifts []roster.Shift, zone *time.Location) ([]roster.Availability, error) {
	c, err := columns(r, "agent|id", "kind")
	if err != nil {
		return nil, err
	}
	c.Alias("agent", "id")
	var out []roster.Availability
	err = rows(c, func() {
		v := roster.Availability{Agent: c.Text("agent"), Days: weekdaysOf(c, "weekday")}
		if !known(v.Agent) {
			c.Fail("agent", "an id from the file of agents")
		}
		kind(c, &v, shifts)
		if h, ok := hours(c, "hours"); ok {
			v.Hours, v.HasHours = h, true
		}
		if w := c.Float("weight"); !math.IsNaN(w) {
			v.Weight = w
		}
		out = append(out, spread(c, v, zone)...)
	})
	return out, err
}

func kind(c *tabular.Columns, v *roster.Availability, shifts []roster.Shift) {
	word, shift, found := strings.Cut(c.Text("kind"), ":")
	switch strings.ReplaceAll(strings.ToLower(strings.TrimSpace(word)), "_", " ") {
	case "leave", "annual leave", "paid leave", "holiday", "holidays", "vacation", "verlof", "betaald verlof", "bijzonder verlof", "ouderschapsverlof", "vakantie", "vakantieverlof", "snipperdag":
		v.Kind = roster.Leave
	case "sick", "sickness", "sick leave", "ill", "ziek", "ziekte", "ziekteverlof", "verzuim":
		v.Kind = roster.Sick
	case "unavailable", "not available", "absent", "niet beschikbaar", "afwezig":
		v.Kind = roster.Unavailable
	case "available", "beschikbaar":
		v.Kind = roster.Available
	case "prefer", "voorkeur", "liever", "liever wel", "graag":
		v.Kind = roster.Prefer
	case "avoid", "rather not", "liever niet":
		v.Kind = roster.Avoid
	case "fixed", "vast":
		v.Kind, v.Shift = roster.Fixed, strings.TrimSpace(shift)
		for i := range shifts {
			if shifts[i].Name == v.Shift {
				return
			}
		}
		c.Fail("kind", "fixed:SHIFT with a shift from the file of shifts")
		return
	default:
		c.Fail("kind", "leave, sick, unavailable, available, prefer, avoid or fixed:SHIFT (verlof, ziek, niet beschikbaar, beschikbaar, liever, liever niet, vast:DIENST)")
		return
	}
	if found {
		c.Fail("kind", "a shift only after fixed:")
	}
}

// moment is a cell of from or to.
type moment struct {
	day         calendar.Date
	clock       calendar.Clock
	hasDay, has bool
	hasClock    bool
}

func momentOf(c *tabular.Columns, name string, zone *time.Location) (m moment) {
	s := c.Text(name)
	if s == "" {
		return m
	}
	m.has = true
	if v, err := calendar.ParseClock(s); err == nil {
		m.clock, m.hasClock = v, true
		return m
	}
	if d, err := calendar.ParseDate(s); err == nil {
		m.day, m.hasDay = d, true
		return m
	}
	t, err := calendar.ParseTime(s, zone)
	if err != nil {
		c.Fail(name, "a day such as 2026-12-24, a time such as 2026-12-24 13:00, or a time of day")
		return m
	}
	m.day, m.hasDay = calendar.DateOf(t, zone), true
	m.clock, m.hasClock = calendar.ClockOf(t, zone), true
	if m.clock == 0 {
		m.hasClock = name == "to" // from midnight is the whole day; to midnight ends the day before
	}
	return m
}

// spread turns from and to into one row, or into several when times of day lie
// on different days.
func spread(c *tabular.Columns, v roster.Availability, zone *time.Location) []roster.Availability {
	from, to := momentOf(c, "from", zone), momentOf(c, "to", zone)
	v.From, v.To = always[0], always[1]
	if from.hasDay {
		v.From = from.day
		if !to.has {
			v.To = from.day
		}
	}
	if to.hasDay {
		v.To = to.day
	}
	if v.To < v.From {
		c.Fail("to", "a day on or after "+v.From.String())
		return nil
	}
	switch {
	case !from.hasClock && !to.hasClock:
		return []roster.Availability{v}
	case !from.hasDay && !to.hasDay, from.hasDay && to.hasDay && from.day == to.day, from.hasDay && !to.has:
		if !to.hasClock {
			to.clock = calendar.Midnight
		}
		if to.clock <= from.clock {
			if from.hasDay {
				c.Fail("to", fmt.Sprintf("a time after %s", from.clock))
				return nil
			}
			to.clock += calendar.Midnight
		}
		v.Start, v.End = from.clock, to.clock
		return []roster.Availability{v}
	case !from.hasDay || !to.hasDay:
		c.Fail("from", "from and to of the same form")
		return nil
	}
	// Several days with times: the rest of the first, whole days, the start of the last.
	var out []roster.Availability
	if from.hasClock {
		x := v
		x.To, x.Start, x.End = v.From, from.clock, calendar.Midnight
		out = append(out, x)
		v.From++
	}
	if to.hasClock {
		x := v
		x.From, x.Start, x.End = v.To, 0, to.clock
		if to.clock > 0 {
			out = append(out, x)
		}
		v.To--
	}
	if v.From <= v.To {
		out = append(out, v)
	}
	return out
}
