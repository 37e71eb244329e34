package importer

import (
	"cmp"
	"slices"
	"time"

	"kcc/internal/calendar"
)

// Schedule holds the business hours of a desk: periods in minutes of the week
// from Sunday 00:00 on the local clock, without its holidays.
type Schedule struct {
	ID, Name string
	Zone     *time.Location
	Periods  []Minutes
	Holidays []Days
}

// Minutes is a stretch of the week, From included, To not.
type Minutes struct{ From, To int }

// Days is a stretch of civil days, both ends included.
type Days struct{ First, Last calendar.Date }

const weekMinutes = 7 * 24 * 60

// Business returns the business time between two moments: the elapsed time in
// open periods on days that are no holiday. A period lies on the local clock, so
// that one which spans a clock change is an hour shorter or longer; a period
// that runs past Saturday midnight goes on on Sunday. An end inside the doubled
// autumn hour means its first pass.
func (s *Schedule) Business(from, to time.Time) time.Duration {
	if !to.After(from) || len(s.Periods) == 0 {
		return 0
	}
	first, last := calendar.DateOf(from, s.Zone), calendar.DateOf(to, s.Zone)
	var sum time.Duration
	for d := first - 1; d <= last; d++ {
		for _, m := range s.on(d) {
			a, b := d.At(calendar.Clock(m.From), s.Zone), d.At(calendar.Clock(m.To), s.Zone)
			if a.Before(from) {
				a = from
			}
			if b.After(to) {
				b = to
			}
			if b.After(a) {
				sum += b.Sub(a)
			}
		}
	}
	return sum
}

// on returns the open stretches of a day, in minutes since its midnight, merged
// where periods overlap.
func (s *Schedule) on(d calendar.Date) []Minutes {
	for _, h := range s.Holidays {
		if d >= h.First && d <= h.Last {
			return nil
		}
	}
	from := int(d.Weekday()) * 24 * 60 // Sunday is 0, as in time.Weekday
	var out []Minutes
	for _, p := range s.Periods {
		for _, shift := range []int{0, -weekMinutes} { // past Saturday midnight
			a, b := max(p.From+shift, from), min(p.To+shift, from+24*60)
			if a < b {
				out = append(out, Minutes{a - from, b - from})
			}
		}
	}
	slices.SortFunc(out, func(a, b Minutes) int { return cmp.Compare(a.From, b.From) })
	merged := out[:0]
	for _, m := range out {
		if n := len(merged); n > 0 && m.From <= merged[n-1].To {
			merged[n-1].To = max(merged[n-1].To, m.To)
			continue
		}
		merged = append(merged, m)
	}
	return merged
}

// StatusSpan is a stretch that a ticket spent in one status.
type StatusSpan struct {
	Status   string
	From, To time.Time // To is zero while it lasts
}

// Spans puts the changes of a ticket's status in order and returns how long each
// lasted; before the first change a ticket is new. Until closes the last span
// unless the ticket is closed or deleted there.
func Spans(received time.Time, changes []TicketEvent, until time.Time) []StatusSpan {
	ev := slices.Clone(changes)
	slices.SortStableFunc(ev, func(a, b TicketEvent) int { return a.At.Compare(b.At) })
	var out []StatusSpan
	at, status := received, "new"
	for _, e := range ev {
		if e.Field != "status" {
			continue
		}
		if e.At.After(at) {
			out = append(out, StatusSpan{status, at, e.At})
			at = e.At
		}
		status = e.Value
	}
	if status == "closed" || status == "deleted" {
		return append(out, StatusSpan{status, at, time.Time{}})
	}
	return append(out, StatusSpan{status, at, until})
}
