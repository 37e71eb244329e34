package line

import "math"

// A layer holds, for one day, one plane per mode. Modes 0..minOff-1 are days off
// (the last one means "at least minOff"), then come the runs: mode
// minOff + (run-1)*classes + class. A plane has one entry per number of units
// between lo and hi of that day, number of weekends and number of shifts of the
// exact type, the last varying fastest. An arc then is one shift of a whole
// plane; entries that would carry a weekend or a count too many are taken out of
// a copy first, as they would land on the next number of units.

func (s *Solver) modes() int { return s.m.minOff + s.m.maxRun*s.m.classes }

func (s *Solver) offMode(n int) int { return min(n, s.m.minOff) - 1 }

func (s *Solver) workMode(class, run int) int { return s.m.minOff + (run-1)*s.m.classes + class }

// plane returns the entries of a mode at the start of day d.
func (s *Solver) plane(d, mode int) []int32 {
	k := d - s.from
	n := s.rows * (s.hi[k] - s.lo[k] + 1)
	at := s.base[k] + mode*n
	return s.f[at : at+n]
}

// run fills the tables and returns the cheapest final value.
func (s *Solver) run(exact int) (int32, bool) {
	s.Steps += callSteps
	if !s.layout(exact) {
		return 0, false
	}
	s.enter()
	for d := s.from; d < s.to; d++ {
		s.prices(d)
		if d > 0 && s.m.anyMinutes && s.rows == 1 {
			s.stepScalar(d)
		} else {
			s.step(d)
		}
	}
	return s.best()
}

// layout fixes the sizes of all layers.
func (s *Solver) layout(exact int) bool {
	m, days := s.m, s.to-s.from
	s.exact = exact
	s.weeks = 1
	for d := s.from; d < s.to; d++ {
		if w := (d - m.sat + 7) % 7; w == 0 || w == 1 && d == s.from {
			s.weeks++
		}
	}
	s.weeks = min(s.weeks, s.weekends+1)
	if m.anyWeek {
		s.weeks = 1
	}
	s.counts = 1
	if exact >= 0 {
		s.counts = min(s.limit[exact], days) + 1
	}
	s.rows = s.weeks * s.counts
	s.lo, s.hi, s.base = s.lo[:0], s.hi[:0], s.base[:0]
	cells := 0
	for k := 0; k <= days; k++ {
		lo := max(0, s.minU-m.most[days-k])
		hi := min(s.maxU, m.most[k])
		if hi < lo {
			return false
		}
		s.lo, s.hi, s.base = append(s.lo, lo), append(s.hi, hi), append(s.base, cells)
		cells += s.modes() * s.rows * (hi - lo + 1)
	}
	if cells > maxCells {
		return false
	}
	if cap(s.f) < cells {
		s.f = make([]int32, cells+cells/4)
	}
	s.f = s.f[:cells]
	s.groups = append(s.groups[:0], m.groups...)
	if exact >= 0 {
		s.groups = append(s.groups, group{class: m.class[exact], set: m.typeSet[exact], units: m.units[exact], types: m.alone[exact]})
	}
	s.gc = append(s.gc[:0], make([]int32, len(s.groups))...)
	return true
}

// enter fills the first layer with the state that the fixed days before leave.
func (s *Solver) enter() {
	current := s.current
	n := s.rows * (s.hi[0] - s.lo[0] + 1)
	fill(s.f[:s.modes()*n], inf)
	s.entryMode = -1
	if s.from == 0 {
		return
	}
	run := 1
	d := s.from - 1
	for d-run >= 0 && (current[d-run] == Off) == (current[d] == Off) {
		run++
	}
	if current[d] == Off {
		s.entryMode = s.offMode(run)
	} else {
		s.entryMode = s.workMode(s.m.class[current[d]], min(run, s.m.maxRun))
	}
	if s.lo[0] == 0 {
		s.plane(s.from, s.entryMode)[0] = 0
	}
}

// prices finds the cheapest type of every group on day d.
func (s *Solver) prices(d int) {
	row := s.cost[(d-s.from)*s.stride : (d-s.from+1)*s.stride]
	closed := s.m.rules.DayOff != nil && s.m.rules.DayOff[d]
	for i, g := range s.groups {
		best := Never
		if !closed {
			for _, t := range g.types {
				if (i < len(s.m.groups) && t == s.exact) || s.limit[t] <= 0 {
					continue
				}
				best = min(best, row[t])
			}
		}
		s.gc[i] = best
	}
}

// step computes the layer of the start of day d+1 from that of day d.
func (s *Solver) step(d int) {
	m := s.m
	k := d - s.from
	next := s.f[s.base[k+1]:]
	next = next[:s.modes()*s.rows*(s.hi[k+1]-s.lo[k+1]+1)]
	fill(next, inf)
	weekday := (d - m.sat + 7) % 7
	open := false
	for _, c := range s.gc {
		open = open || c < Never/2
	}
	if d == 0 {
		s.first(weekday)
		return
	}
	for run := 1; run <= m.maxRun && m.classes > 0; run++ {
		ends := run >= m.minRun || run == d
		if !ends && (run == m.maxRun || !open) {
			continue
		}
		s.hubs(d, run)
		if ends {
			s.relax(d, s.hubPlane(d, run, m.all), s.plane(d+1, s.offMode(1)), 0, 0, 0)
		}
		if run == m.maxRun || !open {
			continue
		}
		for set := range m.sets {
			if len(m.sets[set]) > 0 {
				s.work(d, s.hubPlane(d, run, set), set, run+1, weekday == 0)
			}
		}
	}
	for n := 1; n <= m.minOff; n++ {
		src := s.plane(d, s.offMode(n))
		s.relax(d, src, s.plane(d+1, s.offMode(n+1)), 0, 0, 0)
		if (n == m.minOff || n == d) && open {
			s.work(d, src, -1, 1, weekday <= 1)
		}
	}
}

// work relaxes the arcs from src to all groups that the classes of set may
// precede; set -1 stands for days off, which all may follow.
func (s *Solver) work(d int, src []int32, set, run int, weekend bool) {
	shift, extra := 0, int32(0)
	if weekend {
		extra = s.weekendPrice()
	}
	if weekend && !s.m.anyWeek {
		if s.weeks == 1 {
			return
		}
		shift = s.counts
		src = s.without(&s.noWeek, src, s.rows-s.counts, s.rows)
	}
	for i := range s.groups {
		g := &s.groups[i]
		if set >= 0 && g.set != set || s.gc[i] >= Never/2 {
			continue
		}
		dst := s.plane(d+1, s.workMode(g.class, run))
		if s.inc(i) == 0 {
			s.relax(d, src, dst, g.units, shift, s.gc[i]+extra)
			continue
		}
		from := src
		for w := s.counts; w <= s.rows; w += s.counts {
			from = s.without(&s.noCount, from, w-1, w)
		}
		if s.counts > 1 {
			s.relax(d, from, dst, g.units, shift+1, s.gc[i]+extra)
		}
	}
}

// without copies a plane to buf without the rows a..b-1.
func (s *Solver) without(buf *[]int32, src []int32, a, b int) []int32 {
	if len(*buf) > 0 && len(src) > 0 && &(*buf)[0] == &src[0] {
		// Already a copy: take the rows out in place.
	} else {
		*buf = append((*buf)[:0], src...)
	}
	out := *buf
	for i := a; i < len(out); i += s.rows {
		for j := i; j < i+b-a; j++ {
			out[j] = inf
		}
	}
	return out
}

// weekendPrice returns what a worked weekend costs.
func (s *Solver) weekendPrice() int32 {
	if s.m.anyWeek {
		return s.m.rules.WeekendPrice + s.WeekendPrice
	}
	return s.m.rules.WeekendPrice
}

// first makes the step of the first day of the period, which nothing precedes.
func (s *Solver) first(weekday int) {
	inc, extra := 0, int32(0)
	if weekday <= 1 {
		if inc, extra = 1, s.weekendPrice(); s.m.anyWeek {
			inc = 0
		}
	}
	set := func(mode, units, inc, count int, c int32) {
		if units < s.lo[1] || units > s.hi[1] || inc >= s.weeks || count >= s.counts {
			return
		}
		p := &s.plane(1, mode)[(units-s.lo[1])*s.rows+inc*s.counts+count]
		*p = min(*p, c)
	}
	set(s.offMode(1), 0, 0, 0, 0)
	for i, g := range s.groups {
		if s.gc[i] < Never/2 {
			set(s.workMode(g.class, 1), g.units, inc, s.inc(i), s.gc[i]+extra)
		}
	}
}

// inc is 1 for the group of the exact type.
func (s *Solver) inc(i int) int {
	if i >= len(s.m.groups) {
		return 1
	}
	return 0
}

// hubs computes, for every set of classes, the minimum of the planes of that run.
func (s *Solver) hubs(d, run int) {
	m := s.m
	k := d - s.from
	n := s.rows * (s.hi[k] - s.lo[k] + 1)
	if need := len(m.sets) * n; len(s.hub) < need {
		s.hub = make([]int32, need*2)
	}
	if len(s.hubAt) < len(m.sets) {
		s.hubAt = make([]int, len(m.sets))
	}
	for i := range m.sets {
		rest := m.setRest[i]
		if m.setBase[i] < 0 && len(rest) == 1 {
			s.hubAt[i] = ^(s.base[k] + s.workMode(rest[0], run)*n)
			continue
		}
		dst := s.hub[i*n : (i+1)*n]
		s.hubAt[i] = i * n
		var a []int32
		if m.setBase[i] >= 0 {
			a = s.hubPlane(d, run, m.setBase[i])
		} else if len(rest) > 0 {
			a, rest = s.plane(d, s.workMode(rest[0], run)), rest[1:]
		} else {
			continue
		}
		if len(rest) == 0 {
			copy(dst, a)
		}
		for j, c := range rest {
			b := s.plane(d, s.workMode(c, run))
			if j == 0 {
				minOf(dst, a, b)
			} else {
				minOf(dst, dst, b)
			}
		}
		s.Steps += rowSteps(n) * int64(max(len(rest), 1))
	}
}

func (s *Solver) hubPlane(d, run, set int) []int32 {
	k := d - s.from
	n := s.rows * (s.hi[k] - s.lo[k] + 1)
	if at := s.hubAt[set]; at < 0 {
		return s.f[^at : ^at+n]
	}
	return s.hub[s.hubAt[set] : s.hubAt[set]+n]
}

// relax lowers dst, a plane of day d+1, to src, a plane of day d, plus c after
// moving it by units and rows. The last rows of src hold nothing that the move
// would carry beyond the rows of dst.
func (s *Solver) relax(d int, src, dst []int32, units, rows int, c int32) {
	k := d - s.from
	lo := max(s.lo[k+1], s.lo[k]+units)
	hi := min(s.hi[k+1], s.hi[k]+units)
	if hi < lo {
		return
	}
	si, di := (lo-units-s.lo[k])*s.rows, (lo-s.lo[k+1])*s.rows+rows
	n := (hi-lo+1)*s.rows - rows
	minPlus(dst[di:di+n], src[si:si+n], c)
	s.Steps += rowSteps(n)
}

// rowSteps is the work of one operation on a row of n numbers, several at a time.
func rowSteps(n int) int64 { return int64(n)/4 + 12 }

func fill(p []int32, v int32) {
	if len(p) == 0 {
		return
	}
	p[0] = v
	for n := 1; n < len(p); n *= 2 {
		copy(p[n:], p[:n])
	}
}

// best returns the cheapest value of the last layer that fits the fixed days
// after the span.
func (s *Solver) best() (int32, bool) {
	best := int32(math.MaxInt32)
	k := s.to - s.from
	for mode := range s.modes() {
		if !s.leaves(mode) {
			continue
		}
		p := s.plane(s.to, mode)
		for _, v := range p[max(s.minU-s.lo[k], 0)*s.rows:] {
			best = min(best, v)
		}
	}
	return best, best < unreachable
}

// leaves reports whether a final mode fits the fixed days after the span.
func (s *Solver) leaves(mode int) bool {
	m, current := s.m, s.current
	if s.to == m.days {
		return true
	}
	length := 1
	off := current[s.to] == Off
	for s.to+length < m.days && (current[s.to+length] == Off) == off {
		length++
	}
	edge := s.to+length == m.days // the run after the span has no minimum
	if mode < m.minOff {
		run := mode + 1
		if off {
			return edge || run == s.to || run+length >= m.minOff
		}
		return (run == s.to || run >= m.minOff) && (edge || length >= m.minRun)
	}
	run, class := (mode-m.minOff)/m.classes+1, (mode-m.minOff)%m.classes
	if off {
		return (run == s.to || run >= m.minRun) && (edge || length >= m.minOff)
	}
	set := m.sets[m.typeSet[current[s.to]]]
	follows := false
	for _, c := range set {
		follows = follows || c == class
	}
	return follows && run+length <= m.maxRun && (edge || run == s.to || run+length >= m.minRun)
}
