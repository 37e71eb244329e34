package importer

import (
	"strings"
	"time"
)

// stamp is a date, a time or both as written; which of the first two numbers is
// the day is open until the whole column has been seen.
type stamp struct {
	hasDate, hasTime bool
	a, b, c          int // date numbers in the order they stand
	lenA, lenC       int // digits of the first and last number
	month            int // 1-12 when written as a word; then a is the day and c the year
	sep              byte
	hour, min, sec   int
	nano             int
	ampm             bool
	offset           int // seconds east of UTC
	hasOffset        bool
	to               int // end of a range 08:00-08:15 in seconds of the day, -1 without
}

// dateOrder tells which number of a date is what.
type dateOrder int

const (
	orderUnknown dateOrder = iota
	orderYMD
	orderDMY
	orderMDY
)

func (o dateOrder) String() string { return [...]string{"", "ymd", "dmy", "mdy"}[o] }

// monthNames holds English and Dutch months by their first three letters, and
// the ones that differ.
func monthOf(w string) int {
	if len(w) < 3 {
		return 0
	}
	switch w[:3] {
	case "jan":
		return 1
	case "feb":
		return 2
	case "mar", "mrt", "maa":
		return 3
	case "apr":
		return 4
	case "may", "mei":
		return 5
	case "jun":
		return 6
	case "jul":
		return 7
	case "aug":
		return 8
	case "sep":
		return 9
	case "oct", "okt":
		return 10
	case "nov":
		return 11
	case "dec":
		return 12
	}
	return 0
}

// weekdays that may stand before a date, in full or short, English and Dutch.
func isWeekday(w string) bool {
	switch w {
	case "mon", "monday", "tue", "tues", "tuesday", "wed", "wednesday", "thu", "thur", "thurs", "thursday", "fri", "friday",
		"sat", "saturday", "sun", "sunday", "ma", "maandag", "di", "dinsdag", "wo", "woensdag", "do", "donderdag", "vr", "vrijdag",
		"za", "zaterdag", "zo", "zondag", "mo", "tu", "we", "th", "fr", "sa", "su":
		return true
	}
	return false
}

func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isLetter(c byte) bool { return (c|0x20) >= 'a' && (c|0x20) <= 'z' }

// number reads up to 14 digits at i.
func number(s string, i int) (v, next int) {
	for next = i; next < len(s) && next-i < 14 && isDigit(s[next]); next++ {
		v = v*10 + int(s[next]-'0')
	}
	return v, next
}

func word(s string, i int) (w string, next int) {
	for next = i; next < len(s) && isLetter(s[next]); next++ {
	}
	return strings.ToLower(s[i:next]), next
}

func skipBlank(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\t') {
		i++
	}
	return i
}

// isoStamp reads the form that most programs write, 2026-03-27T08:00:00 with or
// without Z, at the cost of a look at each character.
func isoStamp(s string) (st stamp, ok bool) {
	const form = "0000-00-00T00:00:00Z"
	if len(s) != len(form) && len(s) != len(form)-1 {
		return st, false
	}
	for i := 0; i < len(s); i++ {
		if form[i] == '0' && !isDigit(s[i]) || form[i] != '0' && form[i] != s[i] && (i != 10 || s[i] != ' ') {
			return st, false
		}
	}
	two := func(i int) int { return int(s[i]-'0')*10 + int(s[i+1]-'0') }
	st = stamp{
		hasDate: true, hasTime: true, a: two(0)*100 + two(2), b: two(5), c: two(8), lenA: 4, lenC: 2, sep: '-',
		hour: two(11), min: two(14), sec: two(17), hasOffset: len(s) == len(form), to: -1,
	}
	return st, st.a > 0 && st.b >= 1 && st.b <= 12 && st.c >= 1 && st.c <= 31 && st.hour < 24 && st.min < 60 && st.sec < 60
}

// scanStamp reads s as a date, a time or both. Plain numbers (serials, epochs,
// 20260322) are left to scanNumeric.
func scanStamp(s string) (st stamp, ok bool) {
	if st, ok = isoStamp(s); ok {
		return st, true
	}
	st = stamp{to: -1}
	s = strings.TrimSpace(s)
	i := 0
	if s == "" {
		return st, false
	}
	if isLetter(s[0]) {
		w, j := word(s, 0)
		if !isWeekday(w) {
			return st.scanMonthFirst(s, w, j)
		}
		for j < len(s) && (s[j] == ',' || s[j] == '.' || s[j] == ' ') {
			j++
		}
		if j < len(s) && isLetter(s[j]) {
			w, k := word(s, j)
			return st.scanMonthFirst(s, w, k)
		}
		i = j
	}
	v, j := number(s, i)
	if j == i || j >= len(s) {
		return st, false
	}
	if s[j] == ':' {
		return st, st.scanTime(s, i)
	}
	st.a, st.lenA = v, j-i
	if s[j] == '-' || s[j] == '/' || s[j] == '.' || s[j] == ' ' {
		st.sep = s[j]
		j++
	} else {
		return st, false
	}
	j = skipBlank(s, j)
	if j >= len(s) {
		return st, false
	}
	if isLetter(s[j]) { // 27 mrt 2026, 27-Mar-26, 27 maart 2026
		var w string
		w, j = word(s, j)
		if st.month = monthOf(w); st.month == 0 || st.lenA > 2 {
			return st, false
		}
		for j < len(s) && (s[j] == '-' || s[j] == '/' || s[j] == '.' || s[j] == ' ' || s[j] == ',') {
			j++
		}
	} else {
		k := j
		st.b, j = number(s, k)
		if j == k || j-k > 2 || j >= len(s) || s[j] != st.sep || st.sep == ' ' {
			return st, false
		}
		j++
	}
	k := j
	st.c, j = number(s, k)
	st.lenC = j - k
	if st.lenC == 0 || st.lenC > 4 || st.lenC == 3 || st.lenA > 4 || st.lenA == 3 {
		return st, false
	}
	st.hasDate = true
	return st, st.rest(s, j)
}

// scanMonthFirst reads Mar 27, 2026 with an optional time.
func (st *stamp) scanMonthFirst(s, w string, j int) (stamp, bool) {
	if st.month = monthOf(w); st.month == 0 {
		return *st, false
	}
	for j < len(s) && (s[j] == ' ' || s[j] == '.' || s[j] == '-') {
		j++
	}
	k := j
	st.a, j = number(s, k)
	st.lenA = j - k
	if st.lenA == 0 || st.lenA > 2 {
		return *st, false
	}
	for j < len(s) && (s[j] == ' ' || s[j] == ',' || s[j] == '-') {
		j++
	}
	k = j
	st.c, j = number(s, k)
	st.lenC = j - k
	if st.lenC != 4 && st.lenC != 2 {
		return *st, false
	}
	st.hasDate = true
	ok := st.rest(s, j)
	return *st, ok
}

// rest reads what follows a date: nothing, or a time.
func (st *stamp) rest(s string, j int) bool {
	if j < len(s) && (s[j] == 'T' || s[j] == 't' || s[j] == ',') {
		j++
	}
	j = skipBlank(s, j)
	if j >= len(s) {
		return true
	}
	return st.scanTime(s, j)
}

// scanTime reads 8:15[:30[.250]] [AM|PM|uur] [offset], or the range 08:00-08:15.
func (st *stamp) scanTime(s string, i int) bool {
	var j int
	st.hour, j = number(s, i)
	if j == i || j-i > 2 || j >= len(s) || s[j] != ':' {
		return false
	}
	k := j + 1
	st.min, j = number(s, k)
	if j-k != 2 || st.min > 59 {
		return false
	}
	if j < len(s) && s[j] == ':' {
		k = j + 1
		st.sec, j = number(s, k)
		if j-k != 2 || st.sec > 60 {
			return false
		}
		if j < len(s) && (s[j] == '.' || s[j] == ',') {
			scale := 100_000_000
			for j++; j < len(s) && isDigit(s[j]); j++ {
				st.nano += int(s[j]-'0') * scale
				scale /= 10
			}
		}
	}
	st.hasTime = true
	for {
		j = skipBlank(s, j)
		if j >= len(s) {
			break
		}
		c := s[j]
		switch {
		case c == 'Z' && j+1 == len(s):
			st.hasOffset = true
			j++
		case c == '+' || (c == '-' && offsetAt(s, j)):
			if !st.scanOffset(s, &j) {
				return false
			}
		case c == '-' || strings.HasPrefix(s[j:], "–") || strings.HasPrefix(s[j:], "t/m") || strings.HasPrefix(s[j:], "tot "):
			return st.scanRange(s, j)
		case c == '(':
			e := strings.IndexByte(s[j:], ')')
			if e < 0 {
				return false
			}
			j += e + 1
		case isLetter(c):
			e := j
			for e < len(s) && (isLetter(s[e]) || s[e] == '.' || s[e] == '/' || s[e] == '_') {
				e++
			}
			if !st.suffix(strings.ToLower(strings.ReplaceAll(s[j:e], ".", ""))) {
				return false
			}
			j = e
		default:
			return false
		}
	}
	if st.ampm && (st.hour < 0 || st.hour > 23) {
		return false
	}
	return st.hour < 24 || (st.hour == 24 && st.min == 0 && st.sec == 0)
}

// suffix takes am, pm, uur or the name of a zone with a fixed offset.
func (st *stamp) suffix(w string) bool {
	switch w {
	case "am", "a":
		if st.hour > 12 {
			return false
		}
		st.ampm = true
		st.hour %= 12
	case "pm", "p":
		if st.hour > 12 {
			return false
		}
		st.ampm = true
		st.hour = st.hour%12 + 12
	case "uur", "u", "h", "hrs", "hr":
	case "z", "utc", "gmt":
		st.hasOffset = true
	case "cet", "met", "west", "bst":
		st.hasOffset, st.offset = true, 3600
	case "cest", "mest":
		st.hasOffset, st.offset = true, 7200
	default:
		return false
	}
	return true
}

// offsetAt tells an offset -0530, -05:30 or -05 from a range 08:00-08:15: a
// range has blanks or a time of day no offset has.
func offsetAt(s string, j int) bool {
	if j > 0 && s[j-1] == ' ' {
		return false
	}
	rest := s[j+1:]
	switch {
	case len(rest) == 5 && rest[2] == ':':
		// 08:00-08:15 or 08:00:00-08:00: offsets are at most 14 hours on the hour,
		// half or three quarters; a column of ranges shows itself by a whole clock.
		return strings.Count(s[:j], ":") == 2 && strings.ContainsAny(s[:j], "-/T")
	case len(rest) == 4 || len(rest) == 2:
		return isDigit(rest[0])
	}
	return false
}

func (st *stamp) scanOffset(s string, j *int) bool {
	sign := 1
	if s[*j] == '-' {
		sign = -1
	}
	k := *j + 1
	v, e := number(s, k)
	var h, m int
	switch e - k {
	case 4:
		h, m = v/100, v%100
	case 1, 2:
		h = v
		if e < len(s) && s[e] == ':' {
			k = e + 1
			m, e = number(s, k)
			if e-k != 2 {
				return false
			}
		}
	default:
		return false
	}
	if h > 14 || m > 59 {
		return false
	}
	st.hasOffset, st.offset = true, sign*(h*3600+m*60)
	*j = e
	return true
}

// scanRange reads the end of 08:00 - 08:15.
func (st *stamp) scanRange(s string, j int) bool {
	for j < len(s) && !isDigit(s[j]) {
		j++
	}
	var end stamp
	end.to = -1
	if !end.scanTime(s, j) || end.to >= 0 {
		return false
	}
	if end.ampm && !st.ampm && end.hour >= 12 && st.hour < 12 && st.hour+12 < end.hour+1 {
		st.hour += 12 // 1:00 - 1:30 PM
	}
	st.to = end.hour*3600 + end.min*60 + end.sec
	return true
}

// civil resolves the date by the order of its column; ok is false when the
// numbers make no day.
func (st *stamp) civil(o dateOrder) (y, m, d int, ok bool) {
	switch {
	case st.month > 0:
		y, m, d = st.c, st.month, st.a
		y = fullYear(y, st.lenC)
	case st.lenA == 4:
		y, m, d = st.a, st.b, st.c
		if st.lenC > 2 {
			return 0, 0, 0, false
		}
	case o == orderMDY:
		y, m, d = fullYear(st.c, st.lenC), st.a, st.b
	case o == orderYMD:
		y, m, d = fullYear(st.a, st.lenA), st.b, st.c
	default:
		y, m, d = fullYear(st.c, st.lenC), st.b, st.a
	}
	if m < 1 || m > 12 || d < 1 || d > daysIn(y, m) || y < 1900 || y > 9999 {
		return 0, 0, 0, false
	}
	return y, m, d, true
}

// pivotYear is the first two-digit year read as 19xx: no contact history is
// older than 1970, none reaches beyond 2069.
const pivotYear = 70

func fullYear(y, digits int) int {
	if digits > 2 {
		return y
	}
	if y < pivotYear {
		return 2000 + y
	}
	return 1900 + y
}

func daysIn(y, m int) int {
	switch m {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// civilSeconds returns the seconds since 1970 of a wall clock taken as UTC.
func civilSeconds(y, m, d int) int64 {
	return time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC).Unix()
}

// clock returns the seconds since midnight.
func (st *stamp) clock() int { return st.hour*3600 + st.min*60 + st.sec }
