package promise

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"kcc/internal/calendar"
)

// Rung is one step of an escalation: at Term before or after the due time a
// notice goes to To.
type Rung struct {
	Before bool
	Term   calendar.Term // zero: at the due time itself
	To     string        // department, or a name such as manager or an e-mail address
}

// Escalation is a ladder of notices, in any order.
type Escalation []Rung

// ToDepartment is the addressee that stands for the department that has the work.
const ToDepartment = "department"

// DefaultEscalation is used by rules without one: half a day ahead and at the due
// time to the department, two working days later to the manager.
func DefaultEscalation() Escalation {
	return Escalation{
		{Before: true, Term: calendar.Term{Unit: calendar.BusinessTime, Duration: 4 * time.Hour}, To: ToDepartment},
		{To: ToDepartment},
		{Term: calendar.Term{Unit: calendar.WorkingDays, N: 2}, To: "manager"},
	}
}

// ParseEscalation reads rungs such as "-4bh department; 0 department; 2wd
// manager": a term before (minus) or after the due time, and the addressee.
func ParseEscalation(s string) (Escalation, error) {
	var out Escalation
	for _, part := range strings.Split(s, ";") {
		f := strings.Fields(part)
		if len(f) == 0 {
			continue
		}
		if len(f) != 2 {
			return nil, fmt.Errorf("escalation %q: want a term and an addressee, such as -4bh department", strings.TrimSpace(part))
		}
		r := Rung{To: f[1]}
		var term string
		term, r.Before = strings.CutPrefix(f[0], "-")
		if term != "0" {
			var err error
			if r.Term, err = calendar.ParseTerm(strings.TrimPrefix(term, "+")); err != nil {
				return nil, fmt.Errorf("escalation %q: %w", strings.TrimSpace(part), err)
			}
		}
		if r.Before && (r.Term.Unit == calendar.CalendarDays || r.Term.Unit == calendar.CalendarWeeks) {
			return nil, fmt.Errorf("escalation %q: before the due time want business time, working days or elapsed time", strings.TrimSpace(part))
		}
		out = append(out, r)
	}
	return out, nil
}

// String writes the ladder in the form that ParseEscalation reads.
func (e Escalation) String() string {
	parts := make([]string, len(e))
	for i, r := range e {
		parts[i] = r.String()
	}
	return strings.Join(parts, "; ")
}

// String writes one rung: -4bh department.
func (r Rung) String() string {
	term := "0"
	if r.Term.N != 0 || r.Term.Duration != 0 {
		term = r.Term.String()
	}
	if r.Before {
		term = "-" + term
	}
	return term + " " + r.To
}

// At returns when the rung is reached for something due at a time.
func (r Rung) At(c *Calendar, due time.Time) (time.Time, error) {
	if r.Term.N == 0 && r.Term.Duration == 0 {
		return due, nil
	}
	if !r.Before {
		switch r.Term.Unit {
		case calendar.WorkingDays:
			day, err := c.Work.WorkingDay(calendar.DateOf(due, c.Loc()), r.Term.N)
			if err != nil {
				return due, err
			}
			open, _ := c.Work.Opening(day)
			return later(open, due), nil
		default:
			return c.Due(due, Promise{Within: r.Term})
		}
	}
	switch r.Term.Unit {
	case calendar.BusinessTime:
		return c.Work.AddBusiness(due, -r.Term.Duration)
	case calendar.WorkingDays: // from the opening of that day on
		day, err := c.Work.WorkingDay(calendar.DateOf(due, c.Loc()), -r.Term.N)
		if err != nil {
			return due, err
		}
		open, _ := c.Work.Opening(day)
		return open, nil
	}
	return due.Add(-r.Term.Duration), nil
}

// Reached returns the rungs that are reached at now for something due at a time,
// the earliest first.
func (e Escalation) Reached(c *Calendar, due, now time.Time) (Escalation, error) {
	type timed struct {
		at time.Time
		r  Rung
	}
	var out []timed
	for _, r := range e {
		at, err := r.At(c, due)
		if err != nil {
			return nil, err
		}
		if !at.After(now) {
			out = append(out, timed{at, r})
		}
	}
	slices.SortStableFunc(out, func(a, b timed) int { return a.at.Compare(b.at) })
	rungs := make(Escalation, len(out))
	for i, t := range out {
		rungs[i] = t.r
	}
	return rungs, nil
}
