package rosterfile

import (
	"slices"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/output"
	"kcc/roster"
)

// PayrollOptions says which hours are paid extra.
type PayrollOptions struct {
	Evening, Night, Morning calendar.Clock // 20:00, 00:00, 06:00: evening from, night until
	Holidays                *calendar.Holidays
}

// DefaultPayroll are the hours of the local-government collective agreement in
// broad lines: evening from 20:00, night until 06:00.
func DefaultPayroll(h *calendar.Holidays) PayrollOptions {
	return PayrollOptions{Evening: 20 * 60, Morning: 6 * 60, Holidays: h}
}

// Payroll lays out a row per agent and day: what was worked or credited, and how
// many of the paid hours fall in the evening, the night, on Saturday, Sunday or
// a public holiday. The parts do not overlap: a holiday goes before Sunday, Sunday
// before Saturday, these before night and evening. Hours are elapsed time, so
// that the nights of the clock changes count as they are.
func Payroll(p *roster.Problem, r roster.Roster, opt PayrollOptions) output.Table {
	t := output.Table{Name: "payroll", Title: "Payroll", Columns: []output.Column{
		{Name: "agent", Kind: output.Text},
		{Name: "name", Kind: output.Text},
		{Name: "team", Kind: output.Text},
		{Name: "date", Kind: output.Date},
		{Name: "kind", Kind: output.Text},
		{Name: "shift", Kind: output.Text},
		{Name: "start", Kind: output.DateTime},
		{Name: "end", Kind: output.DateTime},
		{Name: "unpaid_break_hours", Kind: output.Number, Digits: 2},
		{Name: "paid_hours", Kind: output.Number, Digits: 2},
		{Name: "evening_hours", Kind: output.Number, Digits: 2},
		{Name: "night_hours", Kind: output.Number, Digits: 2},
		{Name: "saturday_hours", Kind: output.Number, Digits: 2},
		{Name: "sunday_hours", Kind: output.Number, Digits: 2},
		{Name: "holiday_hours", Kind: output.Number, Digits: 2},
	}}
	works := map[string]map[calendar.Date]*roster.Assignment{}
	for i := range r.Assignments {
		a := &r.Assignments[i]
		if works[a.Agent] == nil {
			works[a.Agent] = map[calendar.Date]*roster.Assignment{}
		}
		works[a.Agent][a.Date] = a
	}
	for i := range p.Agents {
		ag := &p.Agents[i]
		for d := p.First; d <= p.Last(); d++ {
			if a := works[ag.ID][d]; a != nil {
				x := opt.split(a, p.Zone)
				t.Rows = append(t.Rows, []any{
					ag.ID, ag.Name, ag.Team, d, "work", a.Shift, a.Start.In(p.Zone), a.End.In(p.Zone), (a.End.Sub(a.Start) - a.Paid()).Hours(), a.Paid().Hours(),
					x[evening].Hours(), x[night].Hours(), x[saturday].Hours(), x[sunday].Hours(), x[holiday].Hours(),
				})
				continue
			}
			if kind, credit, ok := p.CreditOn(ag, d); ok {
				t.Rows = append(t.Rows, []any{ag.ID, ag.Name, ag.Team, d, string(kind), "", nil, nil, 0.0, credit.Hours(), 0.0, 0.0, 0.0, 0.0, 0.0})
			}
		}
	}
	return t
}

// The parts of paid time that may be paid extra.
const (
	ordinary = iota
	evening
	night
	saturday
	sunday
	holiday
	payParts
)

// split divides the paid time of a shift, quarter by quarter or finer.
func (o PayrollOptions) split(a *roster.Assignment, zone *time.Location) (sum [payParts]time.Duration) {
	step := time.Minute
	for at := a.Start; at.Before(a.End); at = at.Add(step) {
		if slices.ContainsFunc(a.Breaks, func(b roster.Break) bool {
			return !b.Paid && !at.Before(b.Start) && at.Before(b.Start.Add(b.Length))
		}) {
			continue
		}
		d, c := calendar.DateOf(at, zone), calendar.ClockOf(at, zone)
		part := ordinary
		isHoliday := false
		if o.Holidays != nil {
			_, isHoliday = o.Holidays.On(d)
		}
		switch {
		case isHoliday:
			part = holiday
		case d.Weekday() == time.Sunday:
			part = sunday
		case d.Weekday() == time.Saturday:
			part = saturday
		case c < o.Morning:
			part = night
		case c >= o.Evening:
			part = evening
		}
		sum[part] += step
	}
	return sum
}

// ACD lays out what each agent does when, for a telephony or routing system: a
// row per stretch of one activity, a skill or a break.
func ACD(p *roster.Problem, r roster.Roster) output.Table {
	t := output.Table{Name: "acd", Title: "ACD", Columns: []output.Column{
		{Name: "acd_id", Kind: output.Text},
		{Name: "agent", Kind: output.Text},
		{Name: "start", Kind: output.DateTime},
		{Name: "end", Kind: output.DateTime},
		{Name: "activity", Kind: output.Text},
		{Name: "paid", Kind: output.Bool},
	}}
	ids := map[string]string{}
	for i := range p.Agents {
		ids[p.Agents[i].ID] = p.Agents[i].ACD
		if p.Agents[i].ACD == "" {
			ids[p.Agents[i].ID] = p.Agents[i].ID
		}
	}
	for i := range r.Assignments {
		a := &r.Assignments[i]
		for _, s := range Stretches(a) {
			t.Rows = append(t.Rows, []any{ids[a.Agent], a.Agent, s.From.In(p.Zone), s.To.In(p.Zone), s.Activity, s.Paid})
		}
	}
	return t
}

// Stretch is a part of a shift in which one thing is done.
type Stretch struct {
	From, To time.Time
	Activity string // a skill, "break", or "work" where no skill is planned
	Paid     bool
}

// Stretches cuts a shift into stretches, in order, without gaps.
func Stretches(a *roster.Assignment) []Stretch {
	cuts := []time.Time{a.Start, a.End}
	for _, b := range a.Breaks {
		cuts = append(cuts, b.Start, b.Start.Add(b.Length))
	}
	for _, s := range a.Plan {
		cuts = append(cuts, s.Start)
	}
	slices.SortFunc(cuts, time.Time.Compare)
	var out []Stretch
	for i := 0; i+1 < len(cuts); i++ {
		from, to := cuts[i], cuts[i+1]
		if !to.After(from) || from.Before(a.Start) || to.After(a.End) {
			continue
		}
		s := Stretch{From: from, To: to, Activity: "work", Paid: true}
		for _, x := range a.Plan {
			if !x.Start.After(from) {
				s.Activity = x.Skill
			}
		}
		for _, b := range a.Breaks {
			if !from.Before(b.Start) && from.Before(b.Start.Add(b.Length)) {
				s.Activity, s.Paid = "break", b.Paid
			}
		}
		if n := len(out); n > 0 && out[n-1].Activity == s.Activity && out[n-1].Paid == s.Paid {
			out[n-1].To = to
			continue
		}
		out = append(out, s)
	}
	return out
}
