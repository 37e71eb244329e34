package importer

import (
	"math"
	"strings"
	"time"

	"kcc/internal/tabular"
)

// wallTime is a moment as a cell tells it.
type wallTime struct {
	wall           int64 // seconds since 1970 on the clock
	nano           int
	utc            bool // wall is UTC: the cell has an offset or is an epoch
	hasDate, clock bool
	to             int
}

// moment reads a cell of a time field.
func (r *reader) moment(s string, f Field) (wallTime, bool) {
	if f == r.last.f && s == r.last.text {
		return r.last.wallTime, true
	}
	w, ok := r.readMoment(s, f)
	if ok {
		r.last = readMoment{f, s, w}
	}
	return w, ok
}

func (r *reader) readMoment(s string, f Field) (wallTime, bool) {
	if wall, isUTC, ok := r.iso.read(s); ok {
		return wallTime{wall: wall, utc: isUTC, hasDate: true, clock: true, to: -1}, true
	}
	w := wallTime{to: -1}
	if isPlainNumber(s) {
		return r.numericMoment(s, f)
	}
	st, ok := scanStamp(s)
	if !ok {
		return w, false
	}
	w.nano, w.hasDate, w.clock, w.to = st.nano, st.hasDate, st.hasTime, st.to
	w.wall = int64(st.clock())
	if st.hasDate {
		y, m, d, ok := st.civil(r.l.order[f])
		if !ok {
			return w, false
		}
		if y <= 1904 && (f == fTime || f == fEndTime) { // a clock time stored as a date
			w.hasDate = false
		} else {
			w.wall += civilSeconds(y, m, d)
		}
	}
	if st.hasOffset {
		w.wall -= int64(st.offset)
		w.utc = true
	}
	return w, true
}

// numericMoment reads epochs, serials, 20260322, 0815 and fractions of a day.
func (r *reader) numericMoment(s string, f Field) (wallTime, bool) {
	w := wallTime{to: -1}
	v, ok := parseNumber(strings.Replace(s, ",", ".", 1), '.')
	if !ok {
		return w, false
	}
	n := int64(v)
	whole := v == math.Trunc(v)
	day := func(y, m, d int) bool {
		if m < 1 || m > 12 || d < 1 || d > daysIn(y, m) || y < 1900 {
			return false
		}
		w.wall += civilSeconds(y, m, d)
		w.hasDate = true
		return true
	}
	hms := func(h, m, sec int) bool {
		w.clock = true
		w.wall += int64(h*3600 + m*60 + sec)
		return h < 25 && m < 60 && sec < 61
	}
	clockOnly := f == fTime || f == fEndTime
	switch {
	case clockOnly && r.l.columns[r.l.at[f]].dotClocks():
		h, _ := smallWhole(s[:max(len(s)-3, 0)])
		ok = isDotClock(s) && hms(h, int(math.Round((v-math.Trunc(v))*100)), 0)
	case v >= minEpoch && v <= maxEpoch:
		_, frac := math.Modf(v)
		return wallTime{n, int(math.Round(frac*1e6)) * 1000, true, true, true, -1}, true
	case v >= minEpoch*1000 && v <= maxEpoch*1000:
		return wallTime{n / 1000, int(n%1000) * 1e6, true, true, true, -1}, true
	case len(s) == 14 && whole:
		ok = day(int(n/1e10), int(n/1e8%100), int(n/1e6%100)) && hms(int(n/1e4%100), int(n/100%100), int(n%100))
	case len(s) == 12 && whole:
		ok = day(int(n/1e8), int(n/1e6%100), int(n/1e4%100)) && hms(int(n/100%100), int(n%100), 0)
	case !clockOnly && v >= minSerial && v <= maxSerial:
		t, _ := tabular.FromSerial(v, false)
		w.wall, w.nano, w.hasDate, w.clock = t.Unix(), t.Nanosecond(), true, !whole
		return w, true
	case (len(s) == 8 || len(s) == 7) && whole:
		switch r.l.order[f] {
		case orderMDY:
			ok = day(int(n%10000), int(n/1000000), int(n/10000%100))
		case orderDMY:
			ok = day(int(n%10000), int(n/10000%100), int(n/1000000))
		default:
			ok = day(int(n/10000), int(n/100%100), int(n%100))
		}
	case clockOnly && v < 1 && !whole, clockOnly && v == 0 && len(s) == 1 && r.l.columns[r.l.at[f]].below1 > r.l.columns[r.l.at[f]].hhmm:
		sec := math.Round(v * 86400)
		w.wall, w.clock = int64(sec), true
		return w, true
	case clockOnly && v >= minSerial && v <= maxSerial:
		t, _ := tabular.FromSerial(v, false)
		w.wall, w.clock = t.Unix()-t.Truncate(24*time.Hour).Unix(), true
		return w, true
	case whole && n <= maxHHMM && n >= 0:
		c := r.l.columns[r.l.at[f]]
		if c.hourOnly == c.hhmm {
			ok = hms(int(n), 0, 0)
		} else {
			ok = hms(int(n/100), int(n%100), 0)
		}
	default:
		return w, false
	}
	return w, ok
}

// when reads the start of a row from its start, or date and time columns.
func (r *reader) when(cells []string) (w wallTime, err error) {
	if r.start.col >= 0 {
		s := cell(cells, r.start.col)
		w, ok := r.moment(s, fStart)
		if !ok || !w.hasDate {
			return w, r.bad(fStart, s, r.wantTime(fStart))
		}
		return w, nil
	}
	s := r.l.titleDay
	if r.date.col >= 0 {
		s = cell(cells, r.date.col)
	} else if s == "" {
		return w, r.bad(fStart, "", "a time")
	}
	w, ok := r.moment(s, fDate)
	if !ok || !w.hasDate {
		return w, r.bad(fDate, s, r.wantDate(fDate))
	}
	if r.clock.col >= 0 {
		s := cell(cells, r.clock.col)
		c, ok := r.moment(s, fTime)
		if !ok || (!c.clock && !c.hasDate) {
			return w, r.bad(fTime, s, "a time such as 08:15")
		}
		day := floorDiv(w.wall, 86400) * 86400
		inDay := c.wall
		if c.hasDate {
			inDay = c.wall - floorDiv(c.wall, 86400)*86400
		}
		w.wall, w.nano, w.clock, w.to = day+inDay, c.nano, true, c.to
		w.utc = w.utc || c.utc
	}
	return w, nil
}

func (r *reader) wantDate(f Field) string {
	switch r.l.order[f] {
	case orderMDY:
		return "a date such as 12/31/2026"
	case orderDMY:
		return "a date such as 2026-12-31 or 31-12-2026"
	}
	return "a date such as 2026-12-31"
}

func (r *reader) wantTime(f Field) string { return r.wantDate(f) + ", with a time such as 08:15" }

// utc turns the wall clock of a row into a moment.
func (r *reader) utc(w wallTime, f Field, series string, records bool) (time.Time, error) {
	if w.utc {
		return time.Unix(w.wall, int64(w.nano)).UTC(), nil
	}
	u, doubled, missing := r.zone.at(w.wall, firstPass)
	switch {
	case missing:
		return time.Time{}, r.bad(f, time.Unix(w.wall, 0).UTC().Format("2006-01-02 15:04:05"),
			"a time that exists in "+r.l.fileZone.String()+" (the clock is moved forward there)")
	case doubled:
		if p := r.dst.choose(series, w.wall, records); p == secondPass {
			u, _, _ = r.zone.at(w.wall, secondPass)
		}
	default:
		r.dst.leave(series)
	}
	return time.Unix(u, int64(w.nano)).UTC(), nil
}

// instant reads a time field that stands on its own (end, updated, closed).
func (r *reader) instant(cells []string, f Field) (time.Time, error) {
	from := r.l.from(f)
	return r.instantOf(cells, &from)
}

func (r *reader) instantOf(cells []string, from *from) (time.Time, error) {
	f := from.f
	if from.col < 0 {
		return time.Time{}, nil
	}
	s := cell(cells, from.col)
	if s == "" {
		return time.Time{}, nil
	}
	w, ok := r.moment(s, f)
	if !ok || !w.hasDate {
		return time.Time{}, r.bad(f, s, r.wantTime(f))
	}
	if w.utc {
		return time.Unix(w.wall, int64(w.nano)).UTC(), nil
	}
	u, _, missing := r.zone.at(w.wall, firstPass)
	if missing {
		u += 3600
	}
	return time.Unix(u, int64(w.nano)).UTC(), nil
}
