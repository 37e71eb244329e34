package importer

// isoTimes reads times as most programs write them, 2026-03-27T08:00:00 with or
// without Z. What a day begins with is worked out once, as the next time is mostly
// of the same day.
type isoTimes struct {
	day   [len("2026-03-27")]byte
	start int64 // seconds since 1970 at its midnight
}

// read returns the seconds since 1970 on the clock, and whether the time ends in Z.
// Other forms, and days up to 1904, which may stand for clock times, are not ok.
func (t *isoTimes) read(s string) (wall int64, isUTC, ok bool) {
	const form = "2026-03-27T08:00:00"
	switch {
	case len(s) == len(form):
	case len(s) == len(form)+1 && s[len(form)] == 'Z':
		isUTC = true
	default:
		return 0, false, false
	}
	if s[10] != 'T' && s[10] != ' ' || s[13] != ':' || s[16] != ':' {
		return 0, false, false
	}
	h, m, sec := twoDigits(s[11:]), twoDigits(s[14:]), twoDigits(s[17:])
	if h >= 24 || m >= 60 || sec >= 60 || string(t.day[:]) != s[:len(t.day)] && !t.begin(s) {
		return 0, false, false
	}
	return t.start + int64(h*3600+m*60+sec), isUTC, true
}

// begin turns to the day of s.
func (t *isoTimes) begin(s string) bool {
	st, ok := isoStamp(s)
	if !ok {
		return false
	}
	y, m, d, ok := st.civil(orderYMD)
	if !ok || y <= 1904 {
		return false
	}
	copy(t.day[:], s)
	t.start = civilSeconds(y, m, d)
	return true
}

// twoDigits reads the first two characters; 100 or more when they are no digits.
func twoDigits(s string) uint {
	a, b := s[0]-'0', s[1]-'0'
	if a > 9 || b > 9 {
		return 100
	}
	return uint(a)*10 + uint(b)
}
