package promise

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"kcc/internal/calendar"
)

// The public holidays of 2025-2028 as printed in calendars: service days on which
// the centre is closed, and beside them the days that only the law counts.
const (
	closedDays = `
2025-01-01 2025-04-20 2025-04-21 2025-04-26 2025-05-05 2025-05-29 2025-06-08 2025-06-09 2025-12-25 2025-12-26
2026-01-01 2026-04-05 2026-04-06 2026-04-27 2026-05-05 2026-05-14 2026-05-24 2026-05-25 2026-12-25 2026-12-26
2027-01-01 2027-03-28 2027-03-29 2027-04-27 2027-05-05 2027-05-06 2027-05-16 2027-05-17 2027-12-25 2027-12-26
2028-01-01 2028-04-16 2028-04-17 2028-04-27 2028-05-05 2028-05-25 2028-06-04 2028-06-05 2028-12-25 2028-12-26`
	goodFridays = "2025-04-18 2026-04-03 2027-03-26 2028-04-14"
)

func daySet(t testing.TB, text string) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for _, f := range strings.Fields(text) {
		if _, err := time.Parse(time.DateOnly, f); err != nil {
			t.Fatal(err)
		}
		out[f] = true
	}
	return out
}

// comparisonCase is one question that all answer.
type comparisonCase struct {
	kind  string // business hours, working days, statutory
	week  string
	start time.Time
	p     Promise
}

// slowTruth answers by counting minutes and days one by one, with the printed
// holidays and nothing of the packages under test but the periods of the week.
type slowTruth struct {
	loc                 *time.Location
	closed, goodFridays map[string]bool
}

func (s slowTruth) open(week [7][]calendar.Span, t time.Time) bool {
	if s.closed[t.Format(time.DateOnly)] {
		return false
	}
	m := calendar.Clock(t.Hour()*60 + t.Minute())
	for _, span := range week[t.Weekday()] {
		if m >= span.From && m < span.To {
			return true
		}
	}
	return false
}

// closing returns the closing time of t's day in minutes, 0 when closed.
func (s slowTruth) closing(week [7][]calendar.Span, t time.Time) int {
	end := 0
	if !s.closed[t.Format(time.DateOnly)] {
		for _, span := range week[t.Weekday()] {
			end = max(end, int(span.To))
		}
	}
	return end
}

func (s slowTruth) ordinary(t time.Time) bool {
	day := t.Format(time.DateOnly)
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday && !s.closed[day] && !s.goodFridays[day]
}

func (s slowTruth) due(c comparisonCase) time.Time {
	week, _ := calendar.ParseWeek(c.week)
	t := c.start.In(s.loc)
	switch c.kind {
	case "business hours":
		for left := int(c.p.Within.Duration / time.Minute); left > 0; t = t.Add(time.Minute) {
			if s.open(week, t) {
				left--
			}
		}
		return t
	case "working days":
		y, m, d := t.Date()
		day := time.Date(y, m, d, 12, 0, 0, 0, s.loc)
		if s.closing(week, day) <= t.Hour()*60+t.Minute() {
			for day = day.AddDate(0, 0, 1); s.closing(week, day) == 0; day = day.AddDate(0, 0, 1) {
			}
		}
		for n := c.p.Within.N; n > 0; {
			if day = day.AddDate(0, 0, 1); s.closing(week, day) > 0 {
				n--
			}
		}
		y, m, d = day.Date()
		return time.Date(y, m, d, 0, s.closing(week, day), 0, 0, s.loc)
	}
	y, m, d := t.Date()
	start := time.Date(y, m, d, 12, 0, 0, 0, s.loc)
	n := days(c.p.Within)
	day := start.AddDate(0, 0, n)
	if n <= 90 && (c.p.Within.Unit != calendar.CalendarWeeks || c.p.Within.N <= 12) {
		for !s.ordinary(day) {
			day = day.AddDate(0, 0, 1)
		}
		count := func() (k int) {
			for x := start.AddDate(0, 0, 1); !x.After(day); x = x.AddDate(0, 0, 1) {
				if s.ordinary(x) {
					k++
				}
			}
			return k
		}
		for n >= 3 && (count() < 2 || !s.ordinary(day)) {
			day = day.AddDate(0, 0, 1)
		}
	}
	y, m, d = day.Date()
	return time.Date(y, m, d, 23, 59, 59, 0, s.loc)
}

// signalen answers as the documentation of Signalen (Amsterdam) describes its
// deadlines: whole days, Monday to Friday without holidays, a start in the
// week-end moves to Monday 00:00, the clock time of the start stays. Terms in
// hours do not exist there.
func signalen(c comparisonCase, loc *time.Location) (time.Time, bool) {
	t := c.start.In(loc)
	weekend := func(t time.Time) bool { return t.Weekday() == time.Saturday || t.Weekday() == time.Sunday }
	switch c.kind {
	case "business hours":
		return t, false
	case "statutory":
		return t.AddDate(0, 0, days(c.p.Within)), true
	}
	for weekend(t) {
		y, m, d := t.Date()
		t = time.Date(y, m, d+1, 0, 0, 0, 0, loc)
	}
	for n := c.p.Within.N; n > 0; {
		if t = t.AddDate(0, 0, 1); !weekend(t) {
			n--
		}
	}
	return t, true
}

// rickarCal answers as a business calendar of rickar/cal v2 with its Dutch
// holidays would, by what was measured of it: Good Friday and 5 May always in the
// list, both 26 and 27 April in years in which the 27th is a Sunday, and one
// opening and closing time for all weekdays (those of Monday, without a break).
// It has no statutory terms; rolling on to its next workday is the nearest.
func rickarCal(c comparisonCase, truth slowTruth) (time.Time, bool) {
	loc := truth.loc
	week, _ := calendar.ParseWeek(c.week)
	monday := week[time.Monday]
	from, to := int(monday[0].From), int(monday[len(monday)-1].To)
	work := func(t time.Time) bool {
		day := t.Format(time.DateOnly)
		sundayKing := t.Month() == time.April && t.Day() == 27 && t.Weekday() == time.Sunday
		return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday && !truth.closed[day] && !truth.goodFridays[day] && !sundayKing
	}
	t := c.start.In(loc)
	switch c.kind {
	case "business hours":
		for left := int(c.p.Within.Duration / time.Minute); left > 0; t = t.Add(time.Minute) {
			if m := t.Hour()*60 + t.Minute(); work(t) && m >= from && m < to {
				left--
			}
		}
		return t, true
	case "working days":
		if !work(t) || t.Hour()*60+t.Minute() >= to {
			for t = t.AddDate(0, 0, 1); !work(t); t = t.AddDate(0, 0, 1) {
			}
		}
		for n := c.p.Within.N; n > 0; {
			if t = t.AddDate(0, 0, 1); work(t) {
				n--
			}
		}
		y, m, d := t.Date()
		return time.Date(y, m, d, 0, to, 0, 0, loc), true
	}
	for t = t.AddDate(0, 0, days(c.p.Within)); !work(t); t = t.AddDate(0, 0, 1) {
	}
	return t, true
}

// TestComparison answers a thousand random cases three ways and compares with the
// slow truth. Terms in days are compared by day, so that a system that keeps the
// clock time of the start is not counted as wrong for that; hours to the minute.
// go test -run TestComparison -v prints the table of docs/promises.md.
func TestComparison(t *testing.T) {
	loc, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	truth := slowTruth{loc, daySet(t, closedDays), daySet(t, goodFridays)}
	r := rand.New(rand.NewPCG(20261122, 6))
	weeks := []string{"mo-fr 09:00-17:00", "mo-fr 08:00-17:00", "mo-fr 08:00-12:00 13:30-18:00", "mo-th 08:30-17:00; fr 08:30-12:30"}
	kinds := []string{"business hours", "working days", "statutory"}
	type score struct{ n, ours, signalen, rickar int }
	scores := map[string]*score{}
	calendars := map[string]*Calendar{}
	first := time.Date(2025, 1, 1, 0, 0, 0, 0, loc)
	for i := range 1000 {
		c := comparisonCase{kind: kinds[i%3], week: weeks[r.IntN(len(weeks))], start: first.Add(time.Duration(r.IntN(3*365*24*60)) * time.Minute)}
		switch c.kind {
		case "business hours":
			c.p.Within = calendar.Term{Unit: calendar.BusinessTime, Duration: time.Duration(1+r.IntN(40*60)) * time.Minute}
		case "working days":
			c.p.Within = calendar.Term{Unit: calendar.WorkingDays, N: 1 + r.IntN(15)}
		default:
			c.p.Mode = Statutory
			c.p.Within = calendar.Term{Unit: calendar.CalendarDays, N: 1 + r.IntN(60)}
			if r.IntN(2) == 0 {
				c.p.Within = calendar.Term{Unit: calendar.CalendarWeeks, N: 1 + r.IntN(26)}
			}
		}
		if calendars[c.week] == nil {
			calendars[c.week] = mustCalendar(t, Settings{Week: c.week})
		}
		want := truth.due(c)
		same := func(got time.Time) bool {
			if c.kind == "business hours" {
				return got.Equal(want)
			}
			return got.In(loc).Format(time.DateOnly) == want.Format(time.DateOnly)
		}
		s := scores[c.kind]
		if s == nil {
			s = &score{}
			scores[c.kind] = s
		}
		s.n++
		ours, err := calendars[c.week].Due(c.start, c.p)
		if err != nil || !ours.Equal(want) { // ours to the second, also for days
			t.Errorf("%s, %s, %s + %s: due %s (%v), want %s", c.kind, c.week, c.start, c.p.Within, ours, err, want)
		} else {
			s.ours++
		}
		if got, ok := signalen(c, loc); ok && same(got) {
			s.signalen++
		}
		if got, ok := rickarCal(c, truth); ok && same(got) {
			s.rickar++
		}
	}
	var total score
	share := func(k, n int) string { return fmt.Sprintf("%.1f%%", 100*float64(k)/float64(n)) }
	t.Log("| promise | cases | kcc | Signalen | rickar/cal |")
	for _, k := range kinds {
		s := scores[k]
		sig := share(s.signalen, s.n)
		if k == "business hours" {
			sig = "none"
		}
		t.Logf("| %s | %d | %s | %s | %s |", k, s.n, share(s.ours, s.n), sig, share(s.rickar, s.n))
		total.n, total.ours, total.signalen, total.rickar = total.n+s.n, total.ours+s.ours, total.signalen+s.signalen, total.rickar+s.rickar
	}
	t.Logf("| all | %d | %s | %s | %s |", total.n, share(total.ours, total.n), share(total.signalen, total.n), share(total.rickar, total.n))
}
