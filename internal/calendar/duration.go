package calendar

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ParseDuration reads an elapsed time with its units: 20s, 3m30s, 15m, 8h, 2d
// (24 hours), 2w. A bare number is refused, as nobody can tell its unit.
func ParseDuration(s string) (time.Duration, error) {
	s = strings.TrimSpace(s)
	if _, err := strconv.ParseFloat(s, 64); err == nil && s != "0" {
		return 0, fmt.Errorf("duration %q has no unit: write %ss, %sm or %sh", s, s, s, s)
	}
	if s == "0" {
		return 0, nil
	}
	if n, unit, ok := cutUnit(s, "d", "w"); ok {
		day := 24 * time.Hour
		if unit == "w" {
			day *= 7
		}
		return time.Duration(n * float64(day)), nil
	}
	d, err := time.ParseDuration(s)
	if err != nil {
		return 0, fmt.Errorf("duration %q: want for example 20s, 3m30s, 15m, 8h or 2d", s)
	}
	return d, nil
}

// FormatDuration writes d in the shortest form that ParseDuration reads back:
// 20s, 3m30s, 15m, 8h.
func FormatDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = s[:len(s)-2]
	}
	if strings.HasSuffix(s, "h0m") {
		s = s[:len(s)-2]
	}
	return s
}

// TermUnit is the unit of a Term.
type TermUnit int

// The units of a term.
const (
	Elapsed       TermUnit = iota // seconds on the wall, Term.Duration
	BusinessTime                  // seconds of opening hours, Term.Duration
	WorkingDays                   // open days, Term.N
	CalendarDays                  // civil days, Term.N
	CalendarWeeks                 // weeks of civil days, Term.N
)

// Term is the amount of a promise: 4bh, 90bm, 5wd, 3d, 2w or an elapsed 20m.
type Term struct {
	Unit     TermUnit
	N        int
	Duration time.Duration
}

// ParseTerm reads a term: 4bh and 30bm are business time, 5wd working days, 3d
// calendar days, 2w calendar weeks; 20m and 8h are elapsed time.
func ParseTerm(s string) (Term, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	if n, unit, ok := cutUnit(s, "bh", "bm", "wd", "d", "w"); ok {
		whole := n == float64(int(n)) && n >= 0
		switch unit {
		case "bh":
			return Term{Unit: BusinessTime, Duration: time.Duration(n * float64(time.Hour))}, nil
		case "bm":
			return Term{Unit: BusinessTime, Duration: time.Duration(n * float64(time.Minute))}, nil
		case "wd":
			if whole {
				return Term{Unit: WorkingDays, N: int(n)}, nil
			}
		case "d":
			if whole {
				return Term{Unit: CalendarDays, N: int(n)}, nil
			}
		case "w":
			if whole {
				return Term{Unit: CalendarWeeks, N: int(n)}, nil
			}
		}
		return Term{}, fmt.Errorf("term %q: want a whole number of days or weeks", s)
	}
	d, err := ParseDuration(s)
	if err != nil {
		return Term{}, fmt.Errorf("term %q: want for example 4bh, 30bm, 5wd, 3d, 2w or 20m", s)
	}
	return Term{Unit: Elapsed, Duration: d}, nil
}

// String writes the term in the form that ParseTerm reads.
func (t Term) String() string {
	switch t.Unit {
	case BusinessTime:
		if t.Duration%time.Hour == 0 {
			return fmt.Sprintf("%dbh", t.Duration/time.Hour)
		}
		return fmt.Sprintf("%dbm", t.Duration/time.Minute)
	case WorkingDays:
		return fmt.Sprintf("%dwd", t.N)
	case CalendarDays:
		return fmt.Sprintf("%dd", t.N)
	case CalendarWeeks:
		return fmt.Sprintf("%dw", t.N)
	}
	return FormatDuration(t.Duration)
}

// ParseTime reads an instant: RFC 3339 with offset, or 2006-01-02 15:04[:05]
// (also with a T) and 2006-01-02 in loc. A local time that does not exist is an
// error; of a time that exists twice the first is meant.
func ParseTime(s string, loc *time.Location) (time.Time, error) {
	s = strings.TrimSpace(s)
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	for _, layout := range []string{
		"2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02T15:04:05",
		time.DateOnly, "2-1-2006 15:04", "2-1-2006 15:04:05", "2-1-2006", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04Z07:00",
	} {
		t, err := time.ParseInLocation(layout, s, loc)
		if err != nil {
			continue
		}
		if strings.HasSuffix(layout, "07:00") {
			return t, nil
		}
		if t.Format(layout) != s && !sameDigits(t.Format(layout), s) {
			return time.Time{}, fmt.Errorf("time %q does not exist in %s: the clock is moved forward there", s, loc)
		}
		if e := t.Add(-time.Hour); sameWall(e, t) {
			t = e
		}
		return t, nil
	}
	return time.Time{}, fmt.Errorf("time %q: want 2006-01-02 15:04 or RFC 3339", s)
}

// sameDigits compares two times as written, ignoring leading zeros ("2-1-2026").
func sameDigits(a, b string) bool {
	fields := func(s string) string {
		parts := strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
		for i := range parts {
			parts[i] = strings.TrimLeft(parts[i], "0")
		}
		return strings.Join(parts, " ")
	}
	return fields(a) == fields(b)
}

func cutUnit(s string, units ...string) (n float64, unit string, ok bool) {
	for _, u := range units {
		if num, found := strings.CutSuffix(s, u); found {
			if f, err := strconv.ParseFloat(num, 64); err == nil {
				return f, u, true
			}
		}
	}
	return 0, "", false
}
