package line

import "errors"

// SoftRules are rules of a line of work that may be broken at a price. Runs that
// are not finished on the last day pay nothing for being short; History carries
// the runs in from before day 0. Successions and shifts with a price of Never
// are hard.
type SoftRules struct {
	Days      int
	Saturday  int // index modulo 7 of the Saturdays
	Forbidden [][]bool
	Shift     []Span // shifts of one type in a row
	Work      Span   // shifts in a row
	Free      Span   // days off in a row
	Total     Span   // shifts in the period, with those of History
	Weekends  Span   // worked weekends in the period, with those of History; Min is not used
	Broken    int32  // price of a weekend of which one day is worked
	History   History
}

// Span is a minimum and a maximum, and the price of each unit outside.
type Span struct {
	Min, Max int
	Price    int32
}

// outside returns the price of n units.
func (s Span) outside(n int) int32 { return s.Price * int32(max(s.Min-n, n-s.Max, 0)) }

// History is what happened before the first day.
type History struct {
	Last            int16 // shift type on the day before, or Off
	Same, Work, Off int   // shifts of that type, shifts and days off in a row
	Total, Weekends int
}

// Soft is a set of soft rules prepared for the SoftSolver. It does not change.
type Soft struct {
	rules  SoftRules
	shifts int
	capOff int
	capWrk int
	capSft []int
	first  [][]int // per shift type and length of its run: the mode of the shortest run of work, see mode
	modes  int     // days off 1..capOff, then shift x same x work
	next   []int16 // per mode and action (0 = day off, 1.. = shift): the mode after
	price  []int32 // and the price of the change, Never if forbidden
	sunday []int32 // the same on a Sunday, with that of half a weekend
	entry  int     // mode before day 0
}

// ErrSoft is returned for soft rules that make no sense.
var ErrSoft = errors.New("line: soft rules are not valid")

// NewSoft prepares r.
func NewSoft(r SoftRules) (*Soft, error) {
	if r.Days < 1 || len(r.Shift) == 0 || len(r.Forbidden) != len(r.Shift) {
		return nil, ErrSoft
	}
	m := &Soft{rules: r, shifts: len(r.Shift)}
	// A run needs counting up to its maximum, or its minimum if it cannot pass the maximum.
	limit := func(s Span, carried int) int {
		if s.Max >= r.Days+carried {
			return max(s.Min, 1)
		}
		return max(s.Min, s.Max, 1)
	}
	m.capOff = limit(r.Free, r.History.Off)
	m.capWrk = limit(r.Work, r.History.Work)
	m.modes = m.capOff
	for i, s := range r.Shift {
		m.capSft = append(m.capSft, limit(s, r.History.Same))
		m.first = append(m.first, make([]int, m.capSft[i]+1))
		for same := 1; same <= m.capSft[i]; same++ {
			// A run of work is as long as its last shifts of one type, at least.
			shortest := min(same, m.capWrk)
			m.first[i][same] = m.modes - shortest
			m.modes += m.capWrk - shortest + 1
		}
	}
	m.transitions()
	h := r.History
	if h.Last == Off {
		m.entry = min(max(h.Off, 1), m.capOff) - 1
	} else {
		m.entry = m.mode(int(h.Last), max(h.Same, 1), max(h.Work, 1))
	}
	return m, nil
}

func (m *Soft) mode(shift, same, work int) int {
	same = min(same, m.capSft[shift])
	return m.first[shift][same] + min(max(work, same), m.capWrk)
}

// transitions tabulates every change of mode. What a mode counts only up to its
// cap is beyond the maximum already, so that one more costs the price once more.
func (m *Soft) transitions() {
	r := &m.rules
	actions := m.shifts + 1
	m.next = make([]int16, m.modes*actions)
	m.price, m.sunday = make([]int32, m.modes*actions), make([]int32, m.modes*actions)
	set := func(mode, action, next int, price int32) {
		m.next[mode*actions+action], m.price[mode*actions+action] = int16(next), price
	}
	short := func(s Span, n int) int32 { return s.Price * int32(max(s.Min-n, 0)) }
	more := func(s Span, n int) int32 {
		if n >= s.Max {
			return s.Price
		}
		return 0
	}
	for n := 1; n <= m.capOff; n++ {
		set(n-1, 0, min(n+1, m.capOff)-1, more(r.Free, n))
		for s := range m.shifts {
			set(n-1, s+1, m.mode(s, 1, 1), short(r.Free, n)+more(r.Shift[s], 0)+more(r.Work, 0))
		}
	}
	for s := range m.shifts {
		for same := 1; same <= m.capSft[s]; same++ {
			for work := min(same, m.capWrk); work <= m.capWrk; work++ {
				mode := m.mode(s, same, work)
				set(mode, 0, 0, short(r.Shift[s], same)+short(r.Work, work)+more(r.Free, 0))
				for t := range m.shifts {
					switch {
					case r.Forbidden[s][t]:
						set(mode, t+1, mode, Never)
					case s == t:
						set(mode, t+1, m.mode(s, same+1, work+1), more(r.Shift[s], same)+more(r.Work, work))
					default:
						set(mode, t+1, m.mode(t, 1, work+1), short(r.Shift[s], same)+more(r.Shift[t], 0)+more(r.Work, work))
					}
				}
			}
		}
	}
	for i := range m.sunday {
		m.sunday[i], _ = m.onDay(i/actions, 1, i%actions)
	}
}

// walk follows the days from..to-1 of a line from a mode and returns the mode
// after them, what they cost, and the shifts and weekends they add.
func (m *Soft) walk(mode int, line []int16, from, to int) (after int, price int32, shifts, weekends int) {
	for d := from; d < to; d++ {
		a := int(line[d]) + 1
		p, weekend := m.day(mode, d, a)
		price = min(price+p, Never)
		if weekend {
			weekends++
		}
		if a > 0 {
			shifts++
		}
		mode = int(m.next[mode*(m.shifts+1)+a])
	}
	return mode, price, shifts, weekends
}

// day returns the price of an action on day d after a mode, and whether it
// begins a worked weekend.
func (m *Soft) day(mode, d, action int) (price int32, weekend bool) {
	return m.onDay(mode, m.weekday(d), action)
}

// weekday counts from Saturday.
func (m *Soft) weekday(d int) int { return (d - m.rules.Saturday%7 + 7) % 7 }

// onDay is day for a weekday that counts from Saturday.
func (m *Soft) onDay(mode, weekday, action int) (price int32, weekend bool) {
	price = m.price[mode*(m.shifts+1)+action]
	switch weekday {
	case 0:
		weekend = action > 0
	case 1:
		worked := mode >= m.capOff
		weekend = action > 0 && !worked
		if worked != (action > 0) {
			price += m.rules.Broken
		}
	}
	return price, weekend
}

// Penalty returns what a whole line costs by the rules alone.
func (m *Soft) Penalty(line []int16) int32 {
	_, price, shifts, weekends := m.walk(m.entry, line, 0, m.rules.Days)
	return price + m.total(shifts, weekends)
}

// tableOf returns the prices of all changes of mode on a weekday that counts from Saturday.
func (m *Soft) tableOf(weekday int) []int32 {
	if weekday == 1 {
		return m.sunday
	}
	return m.price
}

// total returns the price of the period's shifts and weekends.
func (m *Soft) total(shifts, weekends int) int32 {
	h := m.rules.History
	w := m.rules.Weekends
	return m.rules.Total.outside(shifts+h.Total) + w.Price*int32(max(weekends+h.Weekends-w.Max, 0))
}
