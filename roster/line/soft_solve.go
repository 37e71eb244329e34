package line

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
	gc       []int32 // per day and action
	pick     []int16 // per day and action: the type behind gc
	after    []int32 // per mode: the price of the days after the span
	more     []int32 // and their weekends

	rest, spare []int32 // per day and mode: the least cost of the rest of the line, see squeeze
	hyper       []hyperplane
	dear        []int32

	base   []int
	f      []int32
	lo, hi []int32 // per day and mode: the entries of the plane that hold something
	low    []int32 // per mode: the least entry
}

// NewSoftSolver returns an empty solver.
func NewSoftSolver() *SoftSolver { return &SoftSolver{} }

// Best finds the days from..to-1 that cost least together with the rest of
// current. cost has one entry per day of the span and type, shiftOf gives the
// shift of each type, and types holds the type chosen on every day of the span,
// or Off. The new shifts go to out, which may be current. It returns the costs
// plus all penalties of the line, and false when the hard rules leave nothing.
//
// First a smaller programme, with prices in place of the totals, bounds the rest of
// the line from every mode on every day (squeeze). The exact programme then counts only what an arc
// costs beyond the best way on, and follows only what stays within a small excess over the bound; that
// rises until a line is found.
func (s *SoftSolver) Best(m *Soft, current []int16, from, to int, cost []int32, shiftOf []int16, out, types []int16) (int32, bool) {
	s.m, s.from, s.to = m, from, to
	s.Steps += callSteps
	s.prices(cost, shiftOf)
	before, shifts, weekends := s.follow(current)
	s.sequels(current)
	s.layout()
	entry := s.path[from]
	t, bound, upper := s.squeeze(entry, shifts, weekends)
	if bound == inf {
		return 0, false
	}
	for excess := firstExcess; ; excess *= 4 {
		excess = min(excess, upper-bound)
		s.table(entry, &t, excess)
		if over, at := s.least(&t, shifts, weekends); at >= 0 && over <= excess {
			s.trace(at, &t, out, types)
			return bound + over + before, true
		}
	}
}

// firstExcess is the first excess over the bound that is tried.
const firstExcess int32 = 512

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

// sequels finds what comes after the span for every mode.
func (s *SoftSolver) sequels(current []int16) {
	s.after, s.more = s.after[:0], s.more[:0]
	for mode := range s.m.modes {
		p, w := s.sequel(mode, current)
		s.after, s.more = append(s.after, p), append(s.more, int32(w))
	}
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
	s.f = resized(s.f, cells)
	n := s.m.modes * (s.to - s.from + 1)
	s.lo, s.hi, s.low = resized(s.lo, n), resized(s.hi, n), resized(s.low, s.m.modes)
}

// resized returns v with n elements of no particular value.
func resized(v []int32, n int) []int32 {
	if cap(v) < n {
		v = make([]int32, n+n/4)
	}
	return v[:n]
}

// plane returns the entries of a mode after k days: rows per number of
// shifts in the span, one entry per number of weekends. An entry is the least excess, over
// the bound, of the ways there.
func (s *SoftSolver) plane(k, mode int) []int32 {
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

// table computes the layers of all days, as far as the excess does not pass most.
func (s *SoftSolver) table(entry int, t *totals, most int32) {
	clear(s.lo)
	clear(s.hi)
	s.plane(0, entry)[0] = 0
	s.hi[entry] = 1
	for k := range s.to - s.from {
		s.step(k, t, most)
	}
}

// step computes the layer after day k of the span.
func (s *SoftSolver) step(k int, t *totals, most int32) {
	m := s.m
	actions, weekday := m.shifts+1, m.weekday(s.from+k)
	table := m.tableOf(weekday)
	free, busy := s.dearDay(k, t)
	here, next := s.rest[k*m.modes:][:m.modes], s.rest[(k+1)*m.modes:][:m.modes]
	los, his := s.lo[(k+1)*m.modes:][:m.modes], s.hi[(k+1)*m.modes:][:m.modes]
	size, steps := s.size(k+1), 0
	layer := s.f[s.base[k+1]:][:m.modes*size]
	for mode := range m.modes {
		lo, hi := s.trim(k, mode, most)
		if lo == hi {
			continue
		}
		src := s.plane(k, mode)[lo:hi]
		dear, shift := busy, s.rows
		switch {
		case mode < m.capOff:
			dear = free
			if weekday == 0 || weekday == 1 {
				shift++
			}
		case weekday == 0:
			shift++
		}
		left := most - s.low[mode] + here[mode]
		for a, c := range dear {
			to := int(m.next[mode*actions+a])
			c += table[mode*actions+a] + next[to]
			if c > left {
				continue
			}
			by := 0
			if a > 0 {
				by = shift
			}
			// The last row is empty before the last weekend, so nothing spills over.
			i, j := lo+by, min(hi+by, size)
			if i >= j {
				continue
			}
			plane := layer[to*size:][:size]
			los[to], his[to] = open(plane, los[to], his[to], int32(i), int32(j))
			minPlus(plane[i:j], src[:j-i], c-here[mode])
			steps += arcSteps + j - i
		}
	}
	s.Steps += 2 * int64(steps+m.modes)
}

// arcSteps is what an arc costs beside its entries, in elementary steps.
const arcSteps = 8

// trim drops entries above most at both ends of the plane of a mode after k days, and leaves the
// least entry in s.low.
func (s *SoftSolver) trim(k, mode int, most int32) (from, to int) {
	at := k*s.m.modes + mode
	lo, hi := s.lo[at], s.hi[at]
	if lo == hi {
		return int(lo), int(hi)
	}
	plane := s.plane(k, mode)
	for lo < hi && plane[lo] > most {
		lo++
	}
	for lo < hi && plane[hi-1] > most {
		hi--
	}
	s.lo[at], s.hi[at] = lo, hi
	low := inf
	for _, v := range plane[lo:hi] {
		low = min(low, v)
	}
	s.low[mode] = low
	return int(lo), int(hi)
}

// open fills the entries a..b-1 of a plane, as far as they lie outside lo..hi-1, and those
// between, with inf, and returns the ends of them all.
func open(plane []int32, lo, hi, a, b int32) (int32, int32) {
	if lo == hi {
		lo, hi = a, a
	}
	for a < lo {
		lo--
		plane[lo] = inf
	}
	for hi < b {
		plane[hi] = inf
		hi++
	}
	return lo, hi
}

// least returns the least excess of a whole line and its entry in the last layer, -1 when
// there is none.
func (s *SoftSolver) least(t *totals, shifts, weekends int) (over int32, at int) {
	over, at = inf, -1
	k := s.to - s.from
	n, worth := s.size(k), t.worth()
	for mode, more := range s.more {
		lo, hi := s.lo[k*s.m.modes+mode], s.hi[k*s.m.modes+mode]
		for i, v := range s.plane(k, mode)[lo:hi] {
			if v >= unreachable {
				continue
			}
			i += int(lo)
			n1, w1 := i/s.rows, int(more)+i%s.rows
			v += s.m.total(shifts+n1, weekends+w1) - t.shift*int32(n1) - t.weekend*int32(w1) + worth
			if v < over {
				over, at = v, mode*n+i
			}
		}
	}
	return over, at
}

// trace follows entry at of the last layer back and writes the shifts and types.
func (s *SoftSolver) trace(at int, t *totals, out, types []int16) {
	actions := s.m.shifts + 1
	k := s.to - s.from
	mode, i := at/s.size(k), at%s.size(k)
	for k--; k >= 0; k-- {
		v := s.plane(k+1, mode)[i]
		a := 0
		mode, i, a = s.back(k, t, mode, i, v)
		out[s.from+k] = int16(a - 1)
		types[k] = s.pick[k*actions+a]
	}
}

// back finds a predecessor of entry i of a mode with value v after day k, and the action.
func (s *SoftSolver) back(k int, t *totals, mode, i int, v int32) (from, at, action int) {
	m := s.m
	actions, weekday := m.shifts+1, m.weekday(s.from+k)
	table := m.tableOf(weekday)
	free, busy := s.dearDay(k, t)
	rest := s.rest[(k+1)*m.modes+mode]
	for q := range m.modes {
		lo, hi := int(s.lo[k*m.modes+q]), int(s.hi[k*m.modes+q])
		if lo == hi {
			continue
		}
		dear := busy
		if q < m.capOff {
			dear = free
		}
		for a, c := range dear {
			if int(m.next[q*actions+a]) != mode {
				continue
			}
			c += table[q*actions+a] + rest - s.rest[k*m.modes+q]
			j := i
			if a > 0 {
				j -= s.rows
				if weekday == 0 || weekday == 1 && q < m.capOff {
					j--
				}
			}
			if j < lo || j >= hi || c >= unreachable {
				continue
			}
			if s.plane(k, q)[j]+c == v {
				return q, j, a
			}
		}
	}
	panic("line: no way back")
}
