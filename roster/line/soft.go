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
	first  []int   // first mode of each shift type
	modes  int     // days off 1..capOff, then shift x same x work
	next   []int16 // per mode and action (0 = day off, 1.. = shift): the mode after
	price  []int32 // and the price of the change, Never if forbidden
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
	for _, s := range r.Shift {
		m.first = append(m.first, m.modes)
		m.capSft = append(m.capSft, limit(s, r.History.Same))
		m.modes += m.capSft[len(m.capSft)-1] * m.capWrk
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
	return m.first[shift] + (min(same, m.capSft[shift])-1)*m.capWrk + min(work, m.capWrk) - 1
}

// transitions tabulates every change of mode. What a mode counts only up to its
// cap is beyond the maximum already, so that one more costs the price once more.
func (m *Soft) transitions() {
	r := &m.rules
	actions := m.shifts + 1
	m.next = make([]int16, m.modes*actions)
	m.price = make([]int32, m.modes*actions)
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
			for work := 1; work <= m.capWrk; work++ {
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

// total returns the price of the period's shifts and weekends.
func (m *Soft) total(shifts, weekends int) int32 {
	h := m.rules.History
	w := m.rules.Weekends
	return m.rules.Total.outside(shifts+h.Total) + w.Price*int32(max(weekends+h.Weekends-w.Max, 0))
}

// SoftSolver holds the tables of the dynamic programme for soft rules. It is not
// safe for concurrent use.
type SoftSolver struct {
	Steps int64

	m        *Soft
	from, to int
	rows     int // weekends in the span + 1
	path     []int
	toGo     []int32
	weeks    []int
	base     []int
	f        []int32
	gc       []int32 // per day and action
	pick     []int16 // per day and action: the type behind gc
	reached  []bool  // per day and mode: the plane holds something
}

// NewSoftSolver returns an empty solver.
func NewSoftSolver() *SoftSolver { return &SoftSolver{} }

// Best finds the days from..to-1 that cost least together with the rest of
// current. cost has one entry per day of the span and type, shiftOf gives the
// shift of each type, and types holds the type chosen on every day of the span,
// or Off. The new shifts go to out, which may be current. It returns the costs
// plus all penalties of the line, and false when the hard rules leave nothing.
func (s *SoftSolver) Best(m *Soft, current []int16, from, to int, cost []int32, shiftOf []int16, out, types []int16) (int32, bool) {
	s.m, s.from, s.to = m, from, to
	s.Steps += callSteps
	s.prices(cost, shiftOf)
	before, shifts, weekends := s.follow(current)
	entry := s.path[from]
	s.layout()
	fill(s.f[:m.modes*s.size(0)], inf)
	s.plane(from, entry)[0] = 0
	s.reached[entry] = true
	for d := from; d < to; d++ {
		s.step(d)
	}
	best, at := inf, -1
	n := s.size(to - from)
	for mode := range m.modes {
		if !s.reached[(to-from)*m.modes+mode] {
			continue
		}
		after, more := s.sequel(mode, current)
		if after >= Never/2 {
			continue
		}
		for i, v := range s.plane(to, mode) {
			if v >= unreachable {
				continue
			}
			v += after + m.total(shifts+i/s.rows, weekends+more+i%s.rows)
			if v < best {
				best, at = v, mode*n+i
			}
		}
	}
	if at < 0 {
		return 0, false
	}
	s.trace(at, out, types)
	return best + before, true
}

// follow walks the current line once: s.path holds the mode before each day,
// s.toGo and s.weeks what the days from there on cost and their weekends. It
// returns the price of the days before the span and the shifts and weekends
// outside it; weekends of the days after it are left to sequel.
func (s *SoftSolver) follow(current []int16) (before int32, shifts, weekends int) {
	m, days := s.m, s.m.rules.Days
	if len(s.path) < days+1 {
		s.path, s.toGo, s.weeks = make([]int, days+1), make([]int32, days+1), make([]int, days+1)
	}
	s.path[0] = m.entry
	for d := range days {
		a := int(current[d]) + 1
		p, weekend := m.day(s.path[d], d, a)
		s.toGo[d], s.weeks[d] = p, 0
		if weekend {
			s.weeks[d] = 1
		}
		if d < s.from {
			before += p
			weekends += s.weeks[d]
		}
		if a > 0 && (d < s.from || d >= s.to) {
			shifts++
		}
		s.path[d+1] = int(m.next[s.path[d]*(m.shifts+1)+a])
	}
	s.toGo[days], s.weeks[days] = 0, 0
	for d := days - 1; d >= s.to; d-- {
		s.toGo[d] += s.toGo[d+1]
		s.weeks[d] += s.weeks[d+1]
	}
	return before, shifts, weekends
}

// sequel returns the price and the weekends of the days after the span from a
// mode. It walks only until it meets the path of the current line.
func (s *SoftSolver) sequel(mode int, current []int16) (price int32, weekends int) {
	m := s.m
	for d := s.to; d < m.rules.Days; d++ {
		if mode == s.path[d] {
			return price + s.toGo[d], weekends + s.weeks[d]
		}
		a := int(current[d]) + 1
		p, weekend := m.day(mode, d, a)
		if p >= Never/2 {
			return Never, 0
		}
		price += p
		if weekend {
			weekends++
		}
		mode = int(m.next[mode*(m.shifts+1)+a])
	}
	return price, weekends
}

// size returns the entries of a plane after k days.
func (s *SoftSolver) size(k int) int { return (k + 1) * s.rows }

func (s *SoftSolver) layout() {
	s.rows = 1
	for d := s.from; d < s.to; d++ {
		if w := s.m.weekday(d); w == 0 || w == 1 && d == s.from {
			s.rows++
		}
	}
	s.base = s.base[:0]
	cells := 0
	for k := 0; k <= s.to-s.from; k++ {
		s.base = append(s.base, cells)
		cells += s.m.modes * s.size(k)
	}
	if cap(s.f) < cells {
		s.f = make([]int32, cells+cells/4)
	}
	s.f = s.f[:cells]
	n := s.m.modes * (s.to - s.from + 1)
	if cap(s.reached) < n {
		s.reached = make([]bool, n)
	}
	s.reached = s.reached[:n]
	clear(s.reached)
}

// plane returns the entries of a mode at the start of day d: rows per number of
// shifts in the span, one entry per number of weekends.
func (s *SoftSolver) plane(d, mode int) []int32 {
	k := d - s.from
	at := s.base[k] + mode*s.size(k)
	return s.f[at : at+s.size(k)]
}

// prices finds the cheapest type of every shift on every day.
func (s *SoftSolver) prices(cost []int32, shiftOf []int16) {
	actions, types := s.m.shifts+1, len(shiftOf)
	n := (s.to - s.from) * actions
	if cap(s.gc) < n {
		s.gc, s.pick = make([]int32, n), make([]int16, n)
	}
	s.gc, s.pick = s.gc[:n], s.pick[:n]
	for k := 0; k < s.to-s.from; k++ {
		gc, pick := s.gc[k*actions:][:actions], s.pick[k*actions:][:actions]
		for a := range gc {
			gc[a], pick[a] = Never, Off
		}
		gc[0] = 0
		for t, c := range cost[k*types : (k+1)*types] {
			if a := shiftOf[t] + 1; c < gc[a] {
				gc[a], pick[a] = c, int16(t)
			}
		}
	}
}

// step computes the layer of the start of day d+1.
func (s *SoftSolver) step(d int) {
	m := s.m
	k, actions := d-s.from, s.m.shifts+1
	n, weekday := s.size(k), m.weekday(d)
	next := s.f[s.base[k+1]:][:m.modes*s.size(k+1)]
	fill(next, inf)
	for mode := range m.modes {
		src := s.f[s.base[k]+mode*n:][:n]
		if !s.reached[k*m.modes+mode] {
			continue
		}
		for a := range actions {
			p, weekend := m.onDay(mode, weekday, a)
			if c := s.gc[k*actions+a]; c < Never/2 && p < Never/2 {
				p += c
			} else {
				continue
			}
			to := int(m.next[mode*actions+a])
			s.reached[(k+1)*m.modes+to] = true
			dst := next[to*s.size(k+1):][:s.size(k+1)]
			shift := 0
			if a > 0 {
				shift = s.rows
			}
			if weekend {
				shift++
			}
			// The last row is empty before the last weekend, so nothing spills over.
			minPlus(dst[shift:min(shift+n, len(dst))], src[:min(n, len(dst)-shift)], p)
			s.Steps += int64(n)
		}
	}
}

// trace follows entry at of the last layer back and writes the shifts and types.
func (s *SoftSolver) trace(at int, out, types []int16) {
	m := s.m
	actions := m.shifts + 1
	k := s.to - s.from
	mode, i := at/s.size(k), at%s.size(k)
	for d := s.to - 1; d >= s.from; d-- {
		k--
		v := s.f[s.base[k+1]+mode*s.size(k+1)+i]
		mode, i = s.back(d, k, mode, i, v, func(a int) {
			out[d] = int16(a - 1)
			types[k] = s.pick[k*actions+a]
		})
	}
}

// back finds a predecessor of entry i of a mode with value v.
func (s *SoftSolver) back(d, k, mode, i int, v int32, chosen func(action int)) (int, int) {
	m := s.m
	actions, weekday := m.shifts+1, m.weekday(d)
	for a := range actions {
		c := s.gc[k*actions+a]
		if c >= Never/2 {
			continue
		}
		for q := range m.modes {
			if int(m.next[q*actions+a]) != mode || !s.reached[k*m.modes+q] {
				continue
			}
			p, weekend := m.onDay(q, weekday, a)
			if p >= Never/2 {
				continue
			}
			j := i
			if a > 0 {
				j -= s.rows
			}
			if weekend {
				j--
			}
			if j < 0 || j >= s.size(k) {
				continue
			}
			if u := s.f[s.base[k]+q*s.size(k)+j]; u < unreachable && u+p+c == v {
				chosen(a)
				return q, j
			}
		}
	}
	panic("line: no way back")
}
