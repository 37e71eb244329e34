package calendar

import (
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // zone data for containers and Windows
)

// Date is a civil day: the number of days since 1970-01-01. It has no zone.
// The zero value is 1970-01-01.
type Date int32

const secondsPerDay = 24 * 60 * 60

// NewDate returns the day y-m-d; values outside their range are normalised as
// time.Date does.
func NewDate(y int, m time.Month, d int) Date {
	return Date(floorDiv(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix(), secondsPerDay))
}

// DateOf returns the civil day of the instant t in loc.
func DateOf(t time.Time, loc *time.Location) Date {
	y, m, d := t.In(loc).Date()
	return NewDate(y, m, d)
}

// Civil returns the year, month and day of d.
func (d Date) Civil() (int, time.Month, int) { return d.utc().Date() }

// Year returns the calendar year of d.
func (d Date) Year() int { return d.utc().Year() }

// Weekday returns the day of the week of d.
func (d Date) Weekday() time.Weekday {
	return time.Weekday(((int(d)+4)%7 + 7) % 7) // 1970-01-01 was a Thursday
}

// ISOWeek returns the ISO 8601 year and week of d.
func (d Date) ISOWeek() (year, week int) { return d.utc().ISOWeek() }

// Monday returns the Monday on or before d.
func (d Date) Monday() Date { return d - Date((int(d.Weekday())+6)%7) }

// Add returns the day n days after d.
func (d Date) Add(n int) Date { return d + Date(n) }

// AddMonths returns the day n months after d; a day that does not exist there
// (31 June) becomes the last day of that month.
func (d Date) AddMonths(n int) Date {
	y, m, day := d.Civil()
	last := NewDate(y, m+time.Month(n)+1, 0)
	if want := NewDate(y, m+time.Month(n), 1) + Date(day-1); want < last {
		return want
	}
	return last
}

// At returns the instant at which the clock in loc shows c on day d. A time
// that does not exist (spring) is moved forward by the size of the gap; of a
// time that exists twice (autumn) the first is returned.
func (d Date) At(c Clock, loc *time.Location) time.Time {
	y, m, day := d.Civil()
	t := time.Date(y, m, day, 0, int(c), 0, 0, loc)
	// Of a time that is skipped time.Date may give the one before the gap, as it
	// does west of Greenwich.
	_, off := t.Zone()
	if gap := int64(d)*secondsPerDay + int64(c)*60 - (t.Unix() + int64(off)); gap > 0 {
		return t.Add(time.Duration(gap) * time.Second)
	}
	// time.Date may give the second of two equal wall clocks: take the first.
	if e := t.Add(-time.Hour); sameWall(e, t) {
		return e
	}
	return t
}

// Start returns the first instant of day d in loc.
func (d Date) Start(loc *time.Location) time.Time { return d.At(0, loc) }

// String formats d as 2006-01-02.
func (d Date) String() string { return d.utc().Format(time.DateOnly) }

// Format formats d with a layout of package time.
func (d Date) Format(layout string) string { return d.utc().Format(layout) }

func (d Date) utc() time.Time { return time.Unix(int64(d)*secondsPerDay, 0).UTC() }

// ParseDate reads 2026-11-22 or, as Dutch files have it, 22-11-2026.
func ParseDate(s string) (Date, error) {
	s = strings.TrimSpace(s)
	for _, layout := range []string{time.DateOnly, "2-1-2006"} {
		if t, err := time.Parse(layout, s); err == nil {
			return DateOf(t, time.UTC), nil
		}
	}
	return 0, fmt.Errorf("date %q: want 2006-01-02", s)
}

func sameWall(a, b time.Time) bool {
	ay, am, ad := a.Date()
	by, bm, bd := b.Date()
	return ay == by && am == bm && ad == bd && a.Hour() == b.Hour() && a.Minute() == b.Minute()
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}
