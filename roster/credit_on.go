package roster

import (
	"time"

	"kcc/internal/calendar"
)

// CreditOn returns what a day of leave or sickness of an agent counts for: the
// hours that are given with it, else contract hours over contract days, on days
// with demand and at most that many days a week. False when the agent has
// neither on that day.
func (p *Problem) CreditOn(ag *Agent, d calendar.Date) (Kind, time.Duration, bool) {
	var avail []*Availability
	kind := Kind("")
	for i := range p.Availability {
		v := &p.Availability[i]
		if v.Agent != ag.ID || v.Kind != Leave && v.Kind != Sick {
			continue
		}
		avail = append(avail, v)
		if v.On(d) && kind != Sick {
			kind = v.Kind
		}
	}
	if kind == "" {
		return "", 0, false
	}
	period := ag.Period
	if period == noPeriod {
		period = PerWeek
	}
	asked := p.askedDays()
	monday := d.Monday()
	credit := p.credit(ag, avail, asked, period, monday, d)
	if d > monday {
		credit -= p.credit(ag, avail, asked, period, monday, d-1)
	}
	return kind, credit, true
}
