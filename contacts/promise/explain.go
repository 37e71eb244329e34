package promise

import (
	"fmt"
	"strings"
	"time"

	"kcc/internal/calendar"
)

// Step is one line of the arithmetic that leads to a due time.
type Step struct {
	From, To time.Time     // the stretch that is counted; both zero when the line is about a day or a rule
	Counted  time.Duration // business time in it
	Left     time.Duration // of the promise after it
	Text     string
}

// maxSteps bounds the lines of an explanation; the middle of a long one is
// given as one line.
const maxSteps = 24

// Explain returns when p is due for something received at t, and how that was
// counted.
func (c *Calendar) Explain(t time.Time, p Promise) ([]Step, time.Time, error) {
	due, err := c.Due(t, p)
	if err != nil {
		return nil, due, err
	}
	t = t.In(c.Loc())
	day := calendar.DateOf(t, c.Loc())
	w := p.Within
	switch {
	case w.Unit == calendar.Elapsed:
		return []Step{{From: t, To: due, Counted: w.Duration, Text: "elapsed time runs day and night"}}, due, nil
	case w.Unit == calendar.BusinessTime:
		return c.explainBusiness(t, due, w.Duration), due, nil
	case p.Mode == Statutory:
		return c.explainLaw(day, w), due, nil
	case w.Unit == calendar.WorkingDays:
		return c.explainWorkingDays(t, due, p), due, nil
	}
	return []Step{
		note("%s is day 0", dayName(day)),
		note("%s is day %d; the promise ends with that day", dayName(day.Add(days(w))), days(w)),
	}, due, nil
}

func note(format string, a ...any) Step { return Step{Text: fmt.Sprintf(format, a...)} }

func dayName(d calendar.Date) string { return d.Format("Mon 2006-01-02") }

// explainBusiness lists the open stretches between t and due and why the days
// between them are closed.
func (c *Calendar) explainBusiness(t, due time.Time, left time.Duration) []Step {
	var out []Step
	loc := c.Loc()
	first, last := calendar.DateOf(t, loc), calendar.DateOf(due, loc)
	if !c.Work.Open(t) && left > 0 {
		if next, err := c.Work.NextOpen(t); err == nil {
			out = append(out, note("received outside opening hours: the clock starts at %s", next.Format("Mon 2006-01-02 15:04")))
		}
	}
	for d := first; d <= last; d++ {
		if why, closed := c.closedBecause(d); closed {
			if d > first || len(out) == 0 {
				out = append(out, note("%s closed (%s)", dayName(d), why))
			}
			continue
		}
		for _, s := range c.Work.Stretches(d) {
			from, to := later(s.From, t), earlier(s.To, due)
			if !from.Before(to) {
				continue
			}
			left -= to.Sub(from)
			out = append(out, Step{From: from, To: to, Counted: to.Sub(from), Left: left, Text: "open"})
		}
	}
	return shorten(out)
}

func (c *Calendar) explainWorkingDays(t, due time.Time, p Promise) []Step {
	start, err := c.Work.CountsOn(t, p.Cutoff)
	if err != nil {
		return nil
	}
	received := calendar.DateOf(t, c.Loc())
	out := []Step{note("received %s: counts as %s, day 0%s", t.Format("Mon 2006-01-02 15:04"), dayName(start), c.whyNot(t, received, start, p))}
	n := 0
	for d := start + 1; d <= calendar.DateOf(due, c.Loc()); d++ {
		if why, closed := c.closedBecause(d); closed {
			out = append(out, note("%s closed (%s)", dayName(d), why))
			continue
		}
		n++
		out = append(out, note("%s open, day %d", dayName(d), n))
	}
	out = append(out, note("due at closing time of that day"))
	return shorten(out)
}

// whyNot says why a request counts for a later day than it came in on.
func (c *Calendar) whyNot(t time.Time, received, start calendar.Date, p Promise) string {
	if received == start {
		return ""
	}
	if why, closed := c.closedBecause(received); closed {
		return ", as " + received.Format("Mon 2006-01-02") + " is closed (" + why + ")"
	}
	if p.Cutoff > 0 && calendar.ClockOf(t, c.Loc()) >= p.Cutoff {
		return ", as it came in after the cut-off of " + p.Cutoff.String()
	}
	return ", as it came in after closing time"
}

func (c *Calendar) explainLaw(from calendar.Date, w calendar.Term) []Step {
	end, err := c.Law.Term(from, w)
	if err != nil {
		return nil
	}
	out := []Step{note("%s is day 0", dayName(from))}
	if w.Unit == calendar.WorkingDays {
		for d, n := from+1, 0; d <= end.Last; d++ {
			if why, no := c.notOrdinary(d); no {
				out = append(out, note("%s does not count (%s)", dayName(d), why))
				continue
			}
			n++
			out = append(out, note("%s day %d", dayName(d), n))
		}
		return shorten(out)
	}
	out = append(out, note("%s is day %d of %s", dayName(end.Plain), int(end.Plain-from), w))
	if end.Article4 {
		return append(out, note("article 4: longer than 90 days or 12 weeks, so the term is not extended"))
	}
	for d := end.Plain; d < end.Last; d++ {
		if why, no := c.notOrdinary(d); no {
			out = append(out, note("article 1: %s does not count (%s)", dayName(d), why))
		}
	}
	if end.Article2 {
		out = append(out, note("article 2: the term must hold two days that are no Saturday, Sunday or holiday"))
	}
	out = append(out, note("the term ends with %s", dayName(end.Last)))
	return shorten(out)
}

// closedBecause says why the centre is closed on d.
func (c *Calendar) closedBecause(d calendar.Date) (string, bool) {
	h := c.Work.Hours()
	if h.OpenDay(d) {
		return "", false
	}
	if _, ok := h.Special[d]; ok {
		return "special day", true
	}
	if h.Holidays != nil {
		if hol, ok := h.Holidays.On(d); ok && hol.Setting != calendar.Open {
			return holidayName(hol.Key), true
		}
	}
	return d.Weekday().String(), true
}

// notOrdinary says why d is no ordinary day for the law.
func (c *Calendar) notOrdinary(d calendar.Date) (string, bool) {
	if c.Law.Ordinary(d) {
		return "", false
	}
	if hol, ok := calendar.Statutory().On(d); ok {
		return holidayName(hol.Key), true
	}
	if c.Law.Equated[d] {
		return "equated day", true
	}
	return d.Weekday().String(), true
}

func holidayName(key string) string { return strings.ReplaceAll(key, "_", " ") }

// shorten replaces the middle of a long explanation by one line.
func shorten(steps []Step) []Step {
	if len(steps) <= maxSteps {
		return steps
	}
	head, tail := maxSteps/2, maxSteps/2-1
	mid := note("... %d more lines", len(steps)-head-tail)
	for _, s := range steps[head : len(steps)-tail] {
		mid.Counted += s.Counted
		if s.Counted > 0 {
			mid.Left = s.Left
		}
	}
	return append(append(append([]Step{}, steps[:head]...), mid), steps[len(steps)-tail:]...)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
