package calendar

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Setting says how a holiday is treated.
type Setting int

// The settings of a holiday.
const (
	Closed Setting = iota // no service
	Open                  // an ordinary day
	Short                 // open, but only within Holiday.Span
)

// Holiday is one public holiday on one day.
type Holiday struct {
	Key     string // new_year good_friday easter easter_monday kings_day liberation_day ascension whit_sunday whit_monday christmas boxing_day
	Date    Date
	Setting Setting
	Span    Span // the hours of a Short day
}

// LiberationRule says in which years 5 May counts.
type LiberationRule int

// The rules for 5 May.
const (
	LiberationYearly  LiberationRule = iota // every year (municipalities, law)
	LiberationLustrum                       // years divisible by five
	LiberationNever
)

// Holidays is the list of Dutch public holidays with the setting of each. The
// zero value has every holiday of the service calendar closed, 5 May yearly,
// and Good Friday open: the default of DESIGN section 7.
type Holidays struct {
	Liberation LiberationRule
	// Settings overrides the default per key; Spans gives the hours of Short days.
	Settings map[string]Setting
	Spans    map[string]Span
}

// HolidayKeys lists the keys of the Dutch public holidays in calendar order.
func HolidayKeys() []string {
	return []string{
		"new_year", "good_friday", "easter", "easter_monday", "kings_day", "liberation_day",
		"ascension", "whit_sunday", "whit_monday", "christmas", "boxing_day",
	}
}

// Statutory returns the days of the Algemene termijnenwet, article 3: the
// public holidays with Good Friday equated, 5 May every year.
func Statutory() *Holidays {
	return &Holidays{Settings: map[string]Setting{"good_friday": Closed}}
}

// On returns the holiday that falls on d, if any. When two fall on the same
// day (Ascension on 5 May) the one that closes wins.
func (h *Holidays) On(d Date) (Holiday, bool) {
	var found Holiday
	ok := false
	for _, hol := range h.Year(d.Year()) {
		if hol.Date == d && (!ok || hol.Setting == Closed) {
			found, ok = hol, true
		}
	}
	return found, ok
}

// Year returns the holidays of a year in order of date, those set to Open
// included. The rules hold from 1949 on: Queen's Day on 30 April (29 when that
// is a Sunday) until 2013, King's Day on 27 April (26 when a Sunday) from 2014.
func (h *Holidays) Year(year int) []Holiday {
	e := Easter(year)
	out := []Holiday{
		{Key: "new_year", Date: NewDate(year, time.January, 1)},
		{Key: "good_friday", Date: e - 2},
		{Key: "easter", Date: e},
		{Key: "easter_monday", Date: e + 1},
		{Key: "kings_day", Date: kingsDay(year)},
		{Key: "ascension", Date: e + 39},
		{Key: "whit_sunday", Date: e + 49},
		{Key: "whit_monday", Date: e + 50},
		{Key: "christmas", Date: NewDate(year, time.December, 25)},
		{Key: "boxing_day", Date: NewDate(year, time.December, 26)},
	}
	if h.Liberation == LiberationYearly || (h.Liberation == LiberationLustrum && year%5 == 0) {
		out = append(out, Holiday{Key: "liberation_day", Date: NewDate(year, time.May, 5)})
	}
	for i := range out {
		key := out[i].Key
		if s, ok := h.Settings[key]; ok {
			out[i].Setting, out[i].Span = s, h.Spans[key]
		} else if key == "good_friday" {
			out[i].Setting = Open
		}
	}
	slices.SortStableFunc(out, func(a, b Holiday) int { return int(a.Date - b.Date) })
	return out
}

// Set changes one holiday by its key and a word: open, closed, a period such
// as 10:00-14:00, and for liberation_day also yearly, lustrum or never.
func (h *Holidays) Set(key, value string) error {
	if !slices.Contains(HolidayKeys(), key) {
		return fmt.Errorf("holiday %q: want one of %s", key, strings.Join(HolidayKeys(), " "))
	}
	if h.Settings == nil {
		h.Settings, h.Spans = map[string]Setting{}, map[string]Span{}
	}
	switch value = strings.ToLower(strings.TrimSpace(value)); {
	case value == "open":
		h.Settings[key] = Open
	case value == "closed":
		h.Settings[key] = Closed
	case key == "liberation_day" && value == "yearly":
		h.Liberation = LiberationYearly
	case key == "liberation_day" && value == "lustrum":
		h.Liberation = LiberationLustrum
	case key == "liberation_day" && value == "never":
		h.Liberation = LiberationNever
	default:
		spans, err := ParseSpans([]string{value})
		if err != nil || len(spans) != 1 {
			return fmt.Errorf("holiday %s = %q: want open, closed or hours such as 10:00-14:00", key, value)
		}
		h.Settings[key], h.Spans[key] = Short, spans[0]
	}
	return nil
}

// Easter returns Easter Sunday of a year in the Gregorian calendar, by the
// anonymous algorithm (J. Meeus, Astronomical Algorithms, 1991, chapter 8).
func Easter(year int) Date {
	a := year % 19
	b, c := year/100, year%100
	d, e := b/4, b%4
	f := (b + 8) / 25
	g := (b - f + 1) / 3
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	month := (h + l - 7*m + 114) / 31
	day := (h+l-7*m+114)%31 + 1
	return NewDate(year, time.Month(month), day)
}

func kingsDay(year int) Date {
	d := NewDate(year, time.April, 27)
	if year < 2014 {
		d = NewDate(year, time.April, 30)
	}
	if d.Weekday() == time.Sunday {
		d--
	}
	return d
}
