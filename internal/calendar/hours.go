package calendar

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Span is a stretch of a day, open at From and closed at To.
type Span struct{ From, To Clock }

// Hours tells when something is open: periods per weekday, and days that
// differ from their weekday (holidays, own closed days, special days).
// The zero value is never open.
type Hours struct {
	Loc  *time.Location
	Week [7][]Span // by time.Weekday, in order, not overlapping
	// Special holds the days that do not follow Week; an empty slice is a
	// closed day.
	Special map[Date][]Span
	// Holidays closes or shortens public holidays; nil means none.
	Holidays *Holidays
}

// On returns the open periods of day d; nil when closed.
func (h *Hours) On(d Date) []Span {
	if s, ok := h.Special[d]; ok {
		return s
	}
	if h.Holidays != nil {
		if hol, ok := h.Holidays.On(d); ok {
			switch hol.Setting {
			case Closed:
				return nil
			case Short:
				return intersect(h.Week[d.Weekday()], hol.Span)
			}
		}
	}
	return h.Week[d.Weekday()]
}

// Open reports whether the instant t lies in an open period.
func (h *Hours) Open(t time.Time) bool {
	d, c := DateOf(t, h.Loc), ClockOf(t, h.Loc)
	for _, s := range h.On(d) {
		if c >= s.From && c < s.To {
			return true
		}
	}
	return false
}

// OpenDay reports whether day d has any open period.
func (h *Hours) OpenDay(d Date) bool { return len(h.On(d)) > 0 }

// Intervals returns the starts of the intervals of step on day d that begin in
// an open period, in order.
func (h *Hours) Intervals(d Date, step time.Duration) []time.Time {
	spans := h.On(d)
	if len(spans) == 0 {
		return nil
	}
	all := Grid{h.Loc, step}.Day(d)
	return slices.DeleteFunc(all, func(t time.Time) bool {
		c := ClockOf(t, h.Loc)
		return !slices.ContainsFunc(spans, func(s Span) bool { return c >= s.From && c < s.To })
	})
}

// AlwaysOpen returns hours of 24 by 7 in loc.
func AlwaysOpen(loc *time.Location) *Hours {
	h := &Hours{Loc: loc}
	for d := range h.Week {
		h.Week[d] = []Span{{0, Midnight}}
	}
	return h
}

var dayNames = map[string]time.Weekday{
	"mo": time.Monday, "tu": time.Tuesday, "we": time.Wednesday, "th": time.Thursday,
	"fr": time.Friday, "sa": time.Saturday, "su": time.Sunday,
	"ma": time.Monday, "di": time.Tuesday, "wo": time.Wednesday, "do": time.Thursday,
	"vr": time.Friday, "za": time.Saturday, "zo": time.Sunday,
}

// ParseWeek reads opening hours such as
//
//	mo-fr 08:00-17:00
//	mo-we,fr 08:00-12:00 13:30-18:00; th 08:00-20:00; sa closed
//
// with English or Dutch two-letter days. Days that are not named are closed;
// a later rule replaces an earlier one for its days.
func ParseWeek(s string) ([7][]Span, error) {
	var week [7][]Span
	for _, rule := range strings.Split(s, ";") {
		f := strings.Fields(strings.ToLower(rule))
		if len(f) == 0 {
			continue
		}
		days, err := parseDays(f[0])
		if err != nil {
			return week, err
		}
		spans, err := ParseSpans(f[1:])
		if err != nil {
			return week, fmt.Errorf("opening hours %q: %w", strings.TrimSpace(rule), err)
		}
		for _, d := range days {
			week[d] = spans
		}
	}
	return week, nil
}

// ParseSpans reads periods such as 08:00-12:00 13:30-18:00; "closed" or no
// period at all gives nil. Periods must be in order and may not overlap.
func ParseSpans(fields []string) ([]Span, error) {
	var out []Span
	for _, f := range fields {
		if f = strings.ToLower(strings.Trim(f, ",")); f == "closed" || f == "gesloten" || f == "" {
			continue
		}
		from, to, ok := strings.Cut(f, "-")
		a, err1 := ParseClock(from)
		b, err2 := ParseClock(to)
		if !ok || err1 != nil || err2 != nil || b <= a {
			return nil, fmt.Errorf("period %q: want 08:30-17:00", f)
		}
		if n := len(out); n > 0 && a < out[n-1].To {
			return nil, fmt.Errorf("period %q starts before the one ahead of it ends", f)
		}
		out = append(out, Span{a, b})
	}
	return out, nil
}

func parseDays(s string) ([]time.Weekday, error) {
	var out []time.Weekday
	for _, part := range strings.Split(s, ",") {
		from, to, isRange := strings.Cut(part, "-")
		a, ok := dayNames[from]
		if !ok {
			return nil, fmt.Errorf("weekday %q: want mo tu we th fr sa su", from)
		}
		b := a
		if isRange {
			if b, ok = dayNames[to]; !ok {
				return nil, fmt.Errorf("weekday %q: want mo tu we th fr sa su", to)
			}
		}
		for d := a; ; d = (d + 1) % 7 {
			out = append(out, d)
			if d == b {
				break
			}
		}
	}
	return out, nil
}

// FormatWeek writes a week in the form that ParseWeek reads, days with the same
// hours together, in the order of their first day from Monday on:
// mo-we,fr 08:00-17:00; th 08:00-20:00.
func FormatWeek(week [7][]Span) string {
	names := []string{"su", "mo", "tu", "we", "th", "fr", "sa"}
	var rules []string
	done := [8]bool{}
	for first := 1; first <= 7; first++ {
		spans := week[first%7]
		if done[first] || len(spans) == 0 {
			continue
		}
		var days []string
		for i := first; i <= 7; i++ {
			if !slices.Equal(week[i%7], spans) {
				continue
			}
			j := i
			for j < 7 && slices.Equal(week[(j+1)%7], spans) {
				j++
			}
			day := names[i%7]
			if j > i {
				day += "-" + names[j%7]
			}
			days = append(days, day)
			for ; i < j; i++ {
				done[i] = true
			}
			done[j] = true
		}
		rules = append(rules, strings.Join(days, ",")+" "+FormatSpans(spans))
	}
	return strings.Join(rules, "; ")
}

// FormatSpans writes periods as 08:00-12:00 13:30-18:00, or "closed".
func FormatSpans(spans []Span) string {
	if len(spans) == 0 {
		return "closed"
	}
	parts := make([]string, len(spans))
	for i, s := range spans {
		parts[i] = s.From.String() + "-" + s.To.String()
	}
	return strings.Join(parts, " ")
}

func intersect(spans []Span, with Span) []Span {
	var out []Span
	for _, s := range spans {
		if a, b := max(s.From, with.From), min(s.To, with.To); a < b {
			out = append(out, Span{a, b})
		}
	}
	return out
}
