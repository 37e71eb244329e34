package calendar

import (
	"errors"
	"slices"
	"sort"
	"sync"
	"sync/atomic"
	"time"
)

// ErrNeverOpen is returned when the opening hours do not hold as much time as
// was asked for within the years that WorkTime looks at.
var ErrNeverOpen = errors.New("the calendar has too few opening hours for this term")

// The days that WorkTime knows. Outside them nothing is open.
var (
	firstWorkDay = NewDate(1900, time.January, 1)
	lastWorkDay  = NewDate(2199, time.December, 31)
)

// minGrowth is the least number of days added when the horizon grows: a year
// and a bit, so that most terms need one table only.
const minGrowth = 400

// WorkTime does arithmetic in the time that Hours are open: adding a number of
// business hours to an instant, counting the business time between two, finding
// the Nth working day. Each answer takes O(log n) in the number of open periods,
// by prefix sums over a horizon that grows when a question goes past it.
//
// Open periods follow the clock on the wall, so a day of 23 hours that is open
// around the clock holds 23 hours of business time, and of a doubled hour both
// passes are open: an instant is in business time exactly when Hours.Open says
// so. The hours given to NewWorkTime must not be changed afterwards. A WorkTime
// is safe for concurrent use.
type WorkTime struct {
	hours *Hours
	grow  sync.Mutex
	table atomic.Pointer[workTable]
}

// NewWorkTime returns the working time of h.
func NewWorkTime(h *Hours) *WorkTime { return &WorkTime{hours: h} }

// Hours returns the opening hours that w counts with.
func (w *WorkTime) Hours() *Hours { return w.hours }

// Loc returns the zone of the opening hours.
func (w *WorkTime) Loc() *time.Location { return w.hours.Loc }

// Stretch is a continuous stretch of business time.
type Stretch struct{ From, To time.Time }

// AddBusiness returns the first instant at which d of business time has passed
// since t; for a negative d the last instant from which -d passes until t.
// Zero returns t itself. Before opening and on closed days no time passes.
func (w *WorkTime) AddBusiness(t time.Time, d time.Duration) (time.Time, error) {
	if d == 0 {
		return t, nil
	}
	day := utcDay(t)
	lo, hi := day-1, day+1
	// A first guess of the horizon: at eight hours on five days of seven, plus a
	// month of slack; it grows when the guess was short.
	need := Date(float64(d.Abs())/float64(8*time.Hour)*7/5) + 31
	for {
		if d > 0 {
			hi = max(hi, day+need)
		} else {
			lo = min(lo, day-need)
		}
		tab := w.cover(lo, hi)
		if res, ok := tab.at(tab.before(t)+d, d > 0, w.hours.Loc); ok {
			return res, nil
		}
		if (d > 0 && tab.first+Date(tab.days()) > lastWorkDay) || (d < 0 && tab.first <= firstWorkDay) {
			return time.Time{}, ErrNeverOpen
		}
		need = max(2*need, minGrowth)
	}
}

// BusinessBetween returns the business time between two instants, negative when
// b is before a.
func (w *WorkTime) BusinessBetween(a, b time.Time) time.Duration {
	da, db := utcDay(a), utcDay(b)
	tab := w.cover(min(da, db)-1, max(da, db)+1)
	return tab.before(b) - tab.before(a)
}

// AddWorkingDays returns the closing time of the Nth open day after the day on
// which t counts. That is the day of t when it is open and t lies before its
// closing time, and before cutoff when that is not zero; otherwise the next
// open day. With n = 0 it is the closing time of that day itself.
func (w *WorkTime) AddWorkingDays(t time.Time, n int, cutoff Clock) (time.Time, error) {
	start, err := w.CountsOn(t, cutoff)
	if err != nil {
		return time.Time{}, err
	}
	day, err := w.WorkingDay(start, n)
	if err != nil {
		return time.Time{}, err
	}
	end, _ := w.Closing(day)
	return end, nil
}

// CountsOn returns the working day on which something received at t counts: the
// day of t when it is open and t lies before its closing time and before cutoff
// (when that is not zero), otherwise the next open day.
func (w *WorkTime) CountsOn(t time.Time, cutoff Clock) (Date, error) {
	d := DateOf(t, w.hours.Loc)
	end, open := w.Closing(d)
	if open && t.Before(end) && (cutoff == 0 || ClockOf(t, w.hours.Loc) < cutoff) {
		return d, nil
	}
	return w.WorkingDay(d, 1)
}

// WorkingDay returns the Nth open day after day d; for a negative n before d,
// and for n = 0 day d itself when it is open, else the next open day.
func (w *WorkTime) WorkingDay(d Date, n int) (Date, error) {
	if d < firstWorkDay || d > lastWorkDay || max(n, -n) > int(lastWorkDay-firstWorkDay) {
		return 0, ErrNeverOpen
	}
	lo, hi := d, d+1
	need := Date(max(n, -n))*7/5 + 31
	for {
		if n >= 0 {
			hi = max(hi, d+need)
		} else {
			lo = min(lo, d-need)
		}
		tab := w.cover(lo, hi)
		if res, ok := tab.openDay(d, n); ok {
			return res, nil
		}
		if (n >= 0 && tab.first+Date(tab.days()) > lastWorkDay) || (n < 0 && tab.first <= firstWorkDay) {
			return 0, ErrNeverOpen
		}
		need = max(2*need, minGrowth)
	}
}

// WorkingDaysBetween returns the number of open days after a up to and with b.
func (w *WorkTime) WorkingDaysBetween(a, b Date) int {
	tab := w.cover(min(a, b), max(a, b)+1)
	return tab.daysBefore(b+1) - tab.daysBefore(a+1)
}

// Closing returns the end of the last open period of day d, false when d is
// closed.
func (w *WorkTime) Closing(d Date) (time.Time, bool) {
	if s := w.Stretches(d); len(s) > 0 {
		return s[len(s)-1].To, true
	}
	return time.Time{}, false
}

// Opening returns the start of the first open period of day d, false when d is
// closed.
func (w *WorkTime) Opening(d Date) (time.Time, bool) {
	if s := w.Stretches(d); len(s) > 0 {
		return s[0].From, true
	}
	return time.Time{}, false
}

// Open reports whether t lies in an open period.
func (w *WorkTime) Open(t time.Time) bool { return w.hours.Open(t) }

// NextOpen returns t when it lies in business time, else the next opening.
func (w *WorkTime) NextOpen(t time.Time) (time.Time, error) {
	day := utcDay(t)
	hi := day + 32
	for {
		tab := w.cover(day-1, hi)
		i := tab.ending(t)
		if i < len(tab.start) {
			if from := time.Unix(tab.start[i], 0).In(w.hours.Loc); from.After(t) {
				return from, nil
			}
			return t, nil
		}
		if tab.first+Date(tab.days()) > lastWorkDay {
			return time.Time{}, ErrNeverOpen
		}
		hi = day + max(2*(hi-day), minGrowth)
	}
}

// Stretches returns the open stretches of day d in order; two where a period is
// cut by a clock change.
func (w *WorkTime) Stretches(d Date) []Stretch {
	if d < firstWorkDay || d > lastWorkDay {
		return nil
	}
	tab := w.cover(d, d+1)
	i := d - tab.first
	var out []Stretch
	for k := tab.dayFirst[i]; k < tab.dayFirst[i+1]; k++ {
		out = append(out, Stretch{time.Unix(tab.start[k], 0).In(w.hours.Loc), time.Unix(tab.end[k], 0).In(w.hours.Loc)})
	}
	return out
}

// cover returns a table that holds at least the days lo up to and without hi,
// as far as they are within the years WorkTime knows.
func (w *WorkTime) cover(lo, hi Date) *workTable {
	lo, hi = min(max(lo, firstWorkDay), lastWorkDay), min(max(hi, firstWorkDay+1), lastWorkDay+1)
	if tab := w.table.Load(); tab != nil && tab.first <= lo && tab.first+Date(tab.days()) >= hi {
		return tab
	}
	w.grow.Lock()
	defer w.grow.Unlock()
	old := w.table.Load()
	if old != nil {
		last := old.first + Date(old.days())
		if old.first <= lo && last >= hi {
			return old
		}
		if lo < old.first {
			lo = min(lo, old.first-minGrowth)
		}
		if hi > last {
			hi = max(hi, last+minGrowth)
		}
		lo, hi = max(min(lo, old.first), firstWorkDay), min(max(hi, last), lastWorkDay+1)
	}
	tab := extend(old, w.hours, lo, hi)
	w.table.Store(tab)
	return tab
}

// workTable is immutable once it is published. Open stretch i runs from
// start[i] to end[i] (UTC seconds); sum[i] is the business time in seconds
// before it, counted from the first day; stretches of day first+k are
// dayFirst[k] up to dayFirst[k+1]; opened[k] open days lie before day first+k.
type workTable struct {
	first    Date
	start    []int64
	end      []int64
	sum      []int64
	dayFirst []int32
	opened   []int32
}

func (t *workTable) days() int { return len(t.dayFirst) - 1 }

// extend builds the table of lo up to hi from old, which it holds whole.
func extend(old *workTable, h *Hours, lo, hi Date) *workTable {
	t := &workTable{first: lo, dayFirst: make([]int32, 1, hi-lo+1), opened: make([]int32, 1, hi-lo+1)}
	z := zoneCursor{loc: h.Loc}
	for d := lo; d < hi; d++ {
		if old != nil && d == old.first {
			t.adopt(old)
			d += Date(old.days()) - 1
			continue
		}
		n := len(t.start)
		if spans := h.On(d); len(spans) > 0 {
			t.addDay(&z, d, spans)
		}
		t.closeDay(n)
	}
	return t
}

// addDay appends the stretches of day d. The local seconds of the day are cut
// at every change of offset, so that each piece is a plain shift of UTC.
func (t *workTable) addDay(z *zoneCursor, d Date, spans []Span) {
	n := len(t.start)
	midnight := int64(d) * secondsPerDay
	for from := midnight - maxOffset; from < midnight+secondsPerDay+maxOffset; from = z.to {
		z.seek(from)
		for _, s := range spans {
			a := max(midnight+int64(s.From)*60-z.offset, z.from)
			b := min(midnight+min(int64(s.To), int64(Midnight))*60-z.offset, z.to)
			if a < b {
				t.start, t.end = append(t.start, a), append(t.end, b)
			}
		}
	}
	// Touching stretches (a span across a change of offset) become one.
	k := n
	for i := n + 1; i < len(t.start); i++ {
		if t.start[i] == t.end[k] {
			t.end[k] = t.end[i]
			continue
		}
		k++
		t.start[k], t.end[k] = t.start[i], t.end[i]
	}
	if len(t.start) > n {
		t.start, t.end = t.start[:k+1], t.end[:k+1]
	}
}

// closeDay ends a day whose stretches begin at index n.
func (t *workTable) closeDay(n int) {
	for i := n; i < len(t.start); i++ {
		var sum int64
		if i > 0 {
			sum = t.sum[i-1] + t.end[i-1] - t.start[i-1]
		}
		t.sum = append(t.sum, sum)
	}
	opened := t.opened[len(t.opened)-1]
	if len(t.start) > n {
		opened++
	}
	t.dayFirst = append(t.dayFirst, int32(len(t.start)))
	t.opened = append(t.opened, opened)
}

// adopt appends all days of old, which follow on the last day of t.
func (t *workTable) adopt(old *workTable) {
	n, sum, opened := int32(len(t.start)), int64(0), t.opened[len(t.opened)-1]
	if n > 0 {
		sum = t.sum[n-1] + t.end[n-1] - t.start[n-1]
	}
	t.start, t.end = append(t.start, old.start...), append(t.end, old.end...)
	for _, s := range old.sum {
		t.sum = append(t.sum, s+sum)
	}
	for i := 1; i < len(old.dayFirst); i++ {
		t.dayFirst = append(t.dayFirst, old.dayFirst[i]+n)
		t.opened = append(t.opened, old.opened[i]+opened)
	}
}

// ending returns the first stretch that ends after t.
func (t *workTable) ending(at time.Time) int {
	sec := at.Unix()
	return sort.Search(len(t.end), func(i int) bool { return t.end[i] > sec })
}

// before returns the business time from the first day of the table until at.
func (t *workTable) before(at time.Time) time.Duration {
	i := t.ending(at)
	if i == len(t.end) {
		if i == 0 {
			return 0
		}
		return seconds(t.sum[i-1] + t.end[i-1] - t.start[i-1])
	}
	d := seconds(t.sum[i])
	if in := at.Sub(time.Unix(t.start[i], 0)); in > 0 {
		d += in
	}
	return d
}

// at returns the first (or last) instant at which d of business time has passed
// since the first day; false when that is not within the table.
func (t *workTable) at(d time.Duration, first bool, loc *time.Location) (time.Time, bool) {
	n := len(t.sum)
	if n == 0 || d < 0 || (first && d == 0) {
		return time.Time{}, false
	}
	var i int
	if first { // the stretch that holds d as (sum, sum+length]
		i = sort.Search(n, func(i int) bool { return seconds(t.sum[i]) >= d }) - 1
	} else { // [sum, sum+length)
		i = sort.Search(n, func(i int) bool { return seconds(t.sum[i]) > d }) - 1
	}
	res := time.Unix(t.start[i], 0).Add(d - seconds(t.sum[i]))
	end := time.Unix(t.end[i], 0)
	if res.After(end) || (!first && !res.Before(end)) {
		return time.Time{}, false
	}
	return res.In(loc), true
}

// openDay is WorkingDay within the table.
func (t *workTable) openDay(d Date, n int) (Date, bool) {
	k := int(d - t.first)
	if k < 0 || k >= t.days() {
		return 0, false
	}
	want := int(t.opened[k+1]) + n // number of the day looked for, from 1
	switch {
	case n == 0 && t.opened[k+1] > t.opened[k]:
		return d, true
	case n == 0:
		want++
	case n < 0: // count back from the days before d
		want = int(t.opened[k]) + n + 1
	}
	if want < 1 || want > int(t.opened[t.days()]) {
		return 0, false
	}
	i, _ := slices.BinarySearch(t.opened, int32(want))
	return t.first + Date(i) - 1, true
}

// daysBefore returns the open days of the table before day d.
func (t *workTable) daysBefore(d Date) int {
	return int(t.opened[min(max(int(d-t.first), 0), t.days())])
}

// maxOffset is more than any zone is ahead of or behind UTC.
const maxOffset = 16 * 60 * 60

// zoneCursor walks over the stretches of time in which a zone keeps its offset.
type zoneCursor struct {
	loc      *time.Location
	from, to int64 // UTC seconds
	offset   int64
}

// seek moves to the stretch that holds sec.
func (z *zoneCursor) seek(sec int64) {
	if sec >= z.from && sec < z.to {
		return
	}
	const forever = int64(1) << 40 // beyond the year 30000
	t := time.Unix(sec, 0).In(z.loc)
	_, off := t.Zone()
	from, to := t.ZoneBounds()
	z.offset, z.from, z.to = int64(off), -forever, forever
	if !from.IsZero() {
		z.from = from.Unix()
	}
	if !to.IsZero() {
		z.to = to.Unix()
	}
	if z.to <= sec {
		// After the last change on record (2037) package time ends leap years a
		// day early, so that on 31 December the bounds lie before the instant.
		z.from, z.to = sec, sec+int64(time.Hour/time.Second)
	}
}

func seconds(s int64) time.Duration { return time.Duration(s) * time.Second }

// utcDay is the day of t in UTC, within a day of the local one.
func utcDay(t time.Time) Date {
	d := floorDiv(t.Unix(), secondsPerDay)
	return Date(min(max(d, int64(firstWorkDay)-2), int64(lastWorkDay)+2))
}
