package calendar

import "errors"

// ErrTermTooLong is returned for a statutory term that ends past the years
// that the calendar knows.
var ErrTermTooLong = errors.New("the term ends after the year 2199")

// Law counts statutory terms by the Dutch Algemene termijnenwet (General
// Extension of Time Limits Act, BWBR0002448). The zero value knows the holidays
// of article 3 and no further equated days. A Law is not changed by its
// methods and is safe for concurrent use.
type Law struct {
	// Equated holds days that the Crown has equated with a holiday (article 3,
	// third paragraph), such as the Friday after Ascension.
	Equated map[Date]bool
	// Holidays are the days of article 3, first and second paragraph; nil means
	// Statutory().
	Holidays *Holidays
}

// The limits of article 4: longer terms are not extended.
const (
	maxExtendedDays  = 90
	maxExtendedWeeks = 12
	minTwoDaysTerm   = 3 // article 2 holds for terms of at least three days
)

// Ordinary reports whether d is no Saturday, Sunday, recognised holiday or day
// equated with one.
func (l Law) Ordinary(d Date) bool {
	switch {
	case d.Weekday() == 0 || d.Weekday() == 6, l.Equated[d]:
		return false
	}
	h := l.Holidays
	if h == nil {
		h = statutoryDays
	}
	hol, ok := h.On(d)
	return !ok || hol.Setting != Closed
}

// statutoryDays is never changed: On and Year only read it.
var statutoryDays = Statutory()

// TermEnd says how a statutory term got its last day.
type TermEnd struct {
	Plain    Date // start plus the days of the term
	Last     Date // the last day of the term
	Article1 bool // moved on because Plain is no ordinary day
	Article2 bool // moved on because the term held fewer than two ordinary days
	Article4 bool // too long a term to be extended
	Ordinary int  // ordinary days up to and with Last, counted for a term of 3 days or more that is extended
}

// Term returns the last day of a term in days or weeks that starts on day from,
// which itself does not count:
//
//	article 1  a term that ends on a Saturday, Sunday or holiday runs until the end of the next day that is none
//	article 2  a term of at least three days runs on until it holds two days that are none
//	article 4  neither holds for terms longer than 90 days or 12 weeks
//
// Terms in working days count the days that are none. Other units have no
// article and are not accepted. The term ends with the last day (24:00).
func (l Law) Term(from Date, t Term) (TermEnd, error) {
	e := TermEnd{}
	days, long := t.N, t.N > maxExtendedDays
	switch t.Unit {
	case CalendarDays:
	case CalendarWeeks:
		days, long = 7*t.N, t.N > maxExtendedWeeks
	case WorkingDays:
		d := from
		for left := t.N; left > 0; {
			if d++; d > lastWorkDay {
				return e, ErrTermTooLong
			}
			if l.Ordinary(d) {
				left--
			}
		}
		e.Plain, e.Last = d, d
		return e, nil
	default:
		return e, errors.New("a statutory term is counted in days or weeks (article 4: terms in hours are never extended)")
	}
	if days < 0 || days > int(lastWorkDay-firstWorkDay) || from+Date(days) > lastWorkDay-minGrowth {
		return e, ErrTermTooLong
	}
	e.Plain = from + Date(days)
	e.Last, e.Article4 = e.Plain, long
	if long {
		return e, nil
	}
	for !l.Ordinary(e.Last) {
		e.Last++
		e.Article1 = true
	}
	if days < minTwoDaysTerm {
		return e, nil
	}
	for d := from + 1; d <= e.Last && e.Ordinary < 2; d++ {
		if l.Ordinary(d) {
			e.Ordinary++
		}
	}
	for e.Ordinary < 2 {
		e.Last++
		if l.Ordinary(e.Last) {
			e.Ordinary++
		}
		e.Article2 = true
	}
	return e, nil
}
