package promise

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"kcc/internal/calendar"
)

// Mode says which calendar a promise counts in.
type Mode int

// The modes.
const (
	Service   Mode = iota // own opening hours
	Statutory             // Algemene termijnenwet
)

// ParseMode reads service or statutory; empty is service.
func ParseMode(s string) (Mode, error) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "", "service":
		return Service, nil
	case "statutory":
		return Statutory, nil
	}
	return 0, fmt.Errorf("mode %q: want service or statutory", s)
}

// String returns the word that ParseMode reads.
func (m Mode) String() string {
	if m == Statutory {
		return "statutory"
	}
	return "service"
}

// Promise is an amount of time within which something is promised.
type Promise struct {
	Within calendar.Term
	Mode   Mode
	Cutoff calendar.Clock // what comes in later counts for the next working day; 0 = closing time
}

// Check reports a promise that cannot be counted.
func (p Promise) Check() error {
	switch {
	case p.Within.N < 0 || p.Within.Duration < 0:
		return fmt.Errorf("term %s: want an amount of at least 0", p.Within)
	case p.Mode == Statutory && p.Within.Unit == calendar.BusinessTime:
		return fmt.Errorf("term %s: a statutory term is in days, weeks or elapsed hours, not in business time", p.Within)
	}
	return nil
}

// endOfDay is the last second of a day: terms in days hold the whole last day.
func endOfDay(d calendar.Date, loc *time.Location) time.Time {
	return d.Add(1).Start(loc).Add(-time.Second)
}

// Due returns when p is due for something received at t.
func (c *Calendar) Due(t time.Time, p Promise) (time.Time, error) {
	return c.due(t, p, 0, 0)
}

// errNegative marks a promise that Check would have refused.
var errNegative = errors.New("promise: a negative amount")

// due is Due with days added to the term: extra by an extension, paused by the
// days in which the term stood still. Only terms in calendar days have such;
// the others are moved on by shift.
func (c *Calendar) due(t time.Time, p Promise, extra, paused int) (time.Time, error) {
	if p.Within.N < 0 || p.Within.Duration < 0 {
		return time.Time{}, errNegative
	}
	loc := c.Loc()
	w := p.Within
	switch w.Unit {
	case calendar.Elapsed:
		return t.Add(w.Duration).In(loc), nil
	case calendar.BusinessTime:
		if p.Mode == Statutory {
			return time.Time{}, p.Check()
		}
		due, err := c.Work.AddBusiness(t, w.Duration)
		return due.In(loc), err
	case calendar.WorkingDays:
		if p.Mode == Service {
			return c.Work.AddWorkingDays(t, w.N, p.Cutoff)
		}
	case calendar.CalendarDays, calendar.CalendarWeeks:
		if p.Mode == Service {
			return endOfDay(calendar.DateOf(t, loc).Add(days(w)+extra+paused), loc), nil
		}
	}
	end, err := c.lawEnd(calendar.DateOf(t, loc), w, extra, paused)
	if err != nil {
		return time.Time{}, err
	}
	return endOfDay(end.Last, loc), nil
}

// lawEnd applies the law to a term that was extended or stood still for days.
// Whether it is too long for articles 1 and 2 is judged by the term itself.
func (c *Calendar) lawEnd(from calendar.Date, w calendar.Term, extra, paused int) (calendar.TermEnd, error) {
	end, err := c.Law.Term(from, w)
	if err != nil || extra+paused == 0 {
		return end, err
	}
	if w.Unit == calendar.WorkingDays {
		return c.Law.Term(from, calendar.Term{Unit: w.Unit, N: w.N + extra + paused})
	}
	if end.Article4 {
		end.Plain = end.Plain.Add(extra + paused)
		end.Last = end.Plain
		return end, nil
	}
	// Counting from later on keeps the length of the term, by which article 4 is
	// judged; the days in between belong to the extension or the pause.
	return c.Law.Term(from.Add(extra+paused), w)
}

// days returns a term of days or weeks in days.
func days(w calendar.Term) int {
	if w.Unit == calendar.CalendarWeeks {
		return 7 * w.N
	}
	return w.N
}
