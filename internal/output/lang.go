package output

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Pick returns the text in the language of the reader.
func (l Lang) Pick(english, dutch string) string {
	if l == Dutch {
		return dutch
	}
	return english
}

// Int formats n with grouped thousands: 12,480 or 12.480.
func (l Lang) Int(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	return sign + l.group(s)
}

// Number formats x with grouped thousands and the given decimals, rounded half
// away from zero as Excel shows it: 1,234.5 or 1.234,5.
func (l Lang) Number(x float64, digits int) string {
	if math.IsNaN(x) {
		return ""
	}
	if math.IsInf(x, 0) {
		return string(appendFloat(nil, x))
	}
	s := strconv.FormatFloat(roundHalfAway(x, digits), 'f', digits, 64)
	sign := ""
	if s[0] == '-' {
		s = s[1:]
		if strings.Trim(s, "0.") != "" { // no "-0"
			sign = "-"
		}
	}
	whole, frac, _ := strings.Cut(s, ".")
	out := sign + l.group(whole)
	if frac != "" {
		out += l.decimal() + frac
	}
	return out
}

// Signed formats a difference with its sign; one that shows as zero has none.
func (l Lang) Signed(x float64, digits int) string { return WithSign(x, l.Number(math.Abs(x), digits)) }

// WithSign puts the sign of x before the text of its size, unless that shows zero.
func WithSign(x float64, size string) string {
	switch {
	case !strings.ContainsAny(size, "123456789"):
		return size
	case x < 0:
		return "-" + size
	}
	return "+" + size
}

// roundHalfAway rounds the shortest decimal form of x, so that 0.285 gives
// 0.29 although the binary number lies just below it.
func roundHalfAway(x float64, digits int) float64 {
	p := math.Pow(10, float64(digits))
	y := math.Abs(x) * p
	if y >= maxWhole {
		return x
	}
	n := math.Floor(y)
	// halfSlack covers the rounding of x and of the product: a few units of the last place.
	const halfSlack = 1e-15
	if y-n >= 0.5-halfSlack*math.Max(1, y) {
		n++
	}
	return math.Copysign(n/p, x)
}

func (l Lang) group(digits string) string {
	if len(digits) <= 3 {
		return digits
	}
	sep := byte(',')
	if l == Dutch {
		sep = '.'
	}
	b := make([]byte, 0, len(digits)+len(digits)/3)
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b = append(b, sep)
		}
		b = append(b, digits[i])
	}
	return string(b)
}

func (l Lang) decimal() string {
	if l == Dutch {
		return ","
	}
	return "."
}

// Date formats the civil day of t: 2026-11-30 or 30-11-2026.
func (l Lang) Date(t time.Time) string {
	if l == Dutch {
		return t.Format("02-01-2006")
	}
	return t.Format(time.DateOnly)
}

// DateTime formats the wall clock of t, with seconds only when there are any.
func (l Lang) DateTime(t time.Time) string {
	layout := " 15:04"
	if t.Second() != 0 {
		layout = " 15:04:05"
	}
	return l.Date(t) + t.Format(layout)
}

// Bool says yes or no.
func (l Lang) Bool(b bool) string {
	switch {
	case b && l == Dutch:
		return "ja"
	case b:
		return "yes"
	case l == Dutch:
		return "nee"
	}
	return "no"
}

// Weekday returns the short name of a day of the week: Mon or ma.
func (l Lang) Weekday(d time.Weekday) string {
	if l == Dutch {
		return [...]string{"zo", "ma", "di", "wo", "do", "vr", "za"}[d]
	}
	return d.String()[:3]
}

// WeekdayName returns the full name of a day: Monday or maandag.
func (l Lang) WeekdayName(d time.Weekday) string {
	if l == Dutch {
		return [...]string{"zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"}[d]
	}
	return d.String()
}

// Month returns the short name of a month: Nov or nov.
func (l Lang) Month(m time.Month) string {
	if l == Dutch {
		return [...]string{"jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"}[m-1]
	}
	return m.String()[:3]
}

// Day formats the day of t for a heading: Mon 30 Nov or ma 30 nov.
func (l Lang) Day(t time.Time) string {
	return l.Weekday(t.Weekday()) + " " + strconv.Itoa(t.Day()) + " " + l.Month(t.Month())
}
