package kpi

import (
	"fmt"
	"time"

	"kcc/internal/calendar"
)

// Every is the length of the buckets of a report.
type Every string

// The lengths. Whole is one bucket for the whole period.
const (
	Whole    Every = ""
	Interval Every = "interval"
	Hour     Every = "hour"
	Day      Every = "day"
	Week     Every = "week" // ISO: from Monday
	Month    Every = "month"
	Quarter  Every = "quarter"
	Year     Every = "year"
)

// ParseEvery reads the name of a length.
func ParseEvery(s string) (Every, error) {
	switch e := Every(s); e {
	case Whole, Interval, Hour, Day, Week, Month, Quarter, Year:
		return e, nil
	}
	return "", fmt.Errorf("%q: want interval, hour, day, week, month, quarter or year", s)
}

// belowDay reports whether buckets are shorter than a day.
func (e Every) belowDay() bool { return e == Interval || e == Hour }

// first returns the first day of the bucket that holds d.
func (e Every) first(d calendar.Date) calendar.Date {
	y, m, _ := d.Civil()
	switch e {
	case Week:
		return d.Monday()
	case Month:
		return calendar.NewDate(y, m, 1)
	case Quarter:
		return calendar.NewDate(y, m-(m-1)%3, 1)
	case Year:
		return calendar.NewDate(y, time.January, 1)
	}
	return d
}

// Start returns the start of the bucket that holds t, in the zone of t.
func (e Every) Start(t time.Time) time.Time {
	switch e {
	case Interval:
		return t
	case Hour:
		_, off := t.Zone()
		return t.Add(-time.Duration(floorMod(t.Unix()+int64(off), hour)) * time.Second)
	}
	return e.first(calendar.DateOf(t, t.Location())).Start(t.Location())
}

// next returns the first day of the bucket after the one that starts on d.
func (e Every) next(d calendar.Date) calendar.Date {
	switch e {
	case Week:
		return d.Add(7)
	case Month:
		return d.AddMonths(1)
	case Quarter:
		return d.AddMonths(3)
	case Year:
		return d.AddMonths(12)
	}
	return d.Add(1)
}

// Period is a stretch of days, From and To included.
type Period struct{ From, To calendar.Date }

// Days returns the number of days.
func (p Period) Days() int { return int(p.To-p.From) + 1 }

// months returns how many whole calendar months p is, 0 when it is not.
func (p Period) months() int {
	if Month.first(p.From) != p.From || Month.first(p.To.Add(1)) != p.To.Add(1) {
		return 0
	}
	n := 0
	for d := p.From; d <= p.To; d = d.AddMonths(1) {
		n++
	}
	return n
}

// Previous returns the period of the same length just before p: for whole
// months as many months.
func (p Period) Previous() Period {
	if n := p.months(); n > 0 {
		return Period{p.From.AddMonths(-n), p.From.Add(-1)}
	}
	return Period{p.From.Add(-p.Days()), p.From.Add(-1)}
}

// YearAgo returns the same period a year before: for whole months the same
// months, else 52 weeks earlier, so that weekdays match.
func (p Period) YearAgo() Period {
	if p.months() > 0 {
		return Period{p.From.AddMonths(-12), p.To.Add(1).AddMonths(-12).Add(-1)}
	}
	const year = 52 * 7
	return Period{p.From.Add(-year), p.To.Add(-year)}
}

// LastMonth returns the last month that was over before today.
func LastMonth(today calendar.Date) Period {
	first := Month.first(today)
	return Period{first.AddMonths(-1), first.Add(-1)}
}

// ParseMonth reads 2026-10.
func ParseMonth(s string) (Period, error) {
	t, err := time.Parse("2006-01", s)
	if err != nil {
		return Period{}, fmt.Errorf("month %q: want 2026-10", s)
	}
	first := calendar.NewDate(t.Year(), t.Month(), 1)
	return Period{first, first.AddMonths(1).Add(-1)}, nil
}
