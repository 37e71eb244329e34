package line

// state is one entry of the table.
type state struct {
	mode, week, count, units int
	value                    int32
}

// trace follows the cheapest final state of value v back to the first day and
// writes the shifts to out. No back pointers are kept: a predecessor is a state
// whose value plus the arc gives the value.
func (s *Solver) trace(v int32, out []int16) {
	st := s.final(v)
	for d := s.to - 1; d >= s.from; d-- {
		s.prices(d)
		var shift int16
		st, shift = s.back(d, st)
		out[d] = shift
	}
}

func (s *Solver) final(v int32) state {
	k := s.to - s.from
	for mode := range s.modes() {
		if !s.leaves(mode) {
			continue
		}
		p := s.plane(s.to, mode)
		for i := max(s.minU-s.lo[k], 0) * s.rows; i < len(p); i++ {
			if p[i] == v {
				return state{mode, i % s.rows / s.counts, i % s.counts, s.lo[k] + i/s.rows, v}
			}
		}
	}
	panic("line: lost the best state")
}

// at returns the value of a state at the start of day d, or inf outside the
// table.
func (s *Solver) at(d int, st state) int32 {
	k := d - s.from
	if st.week < 0 || st.count < 0 || st.week >= s.weeks || st.count >= s.counts || st.units < s.lo[k] || st.units > s.hi[k] {
		return inf
	}
	n := s.hi[k] - s.lo[k] + 1
	return s.f[s.base[k]+(st.mode*n+st.units-s.lo[k])*s.rows+st.week*s.counts+st.count]
}

// back finds the predecessor at the start of day d of st at the start of day
// d+1, and the shift on day d.
func (s *Solver) back(d int, st state) (state, int16) {
	m := s.m
	weekday := (d - m.sat + 7) % 7
	try := func(p state, arc int32) (state, bool) {
		p.value = s.at(d, p)
		return p, p.value < unreachable && p.value+arc == st.value
	}
	if st.mode < m.minOff {
		if d == 0 {
			return state{}, Off
		}
		p := st
		if n := st.mode + 1; n > 1 || m.minOff == 1 {
			for _, q := range [2]int{n - 1, n} {
				if q < 1 || s.offMode(q+1) != st.mode {
					continue
				}
				p.mode = s.offMode(q)
				if p, ok := try(p, 0); ok {
					return p, Off
				}
			}
		}
		if st.mode == 0 {
			for run := 1; run <= m.maxRun; run++ {
				if run < m.minRun && run != d {
					continue
				}
				for c := range m.classes {
					p.mode = s.workMode(c, run)
					if p, ok := try(p, 0); ok {
						return p, Off
					}
				}
			}
		}
		panic("line: no way back from a day off")
	}
	run, class := (st.mode-m.minOff)/m.classes+1, (st.mode-m.minOff)%m.classes
	for i, g := range s.groups {
		if g.class != class || s.gc[i] >= Never/2 {
			continue
		}
		p := st
		p.units -= g.units
		p.count -= s.inc(i)
		arc := s.gc[i]
		if weekday == 0 || weekday == 1 && run == 1 {
			arc += s.weekendPrice()
			if !m.anyWeek {
				p.week--
			}
		}
		if d == 0 {
			if run == 1 && p.units == 0 && p.week == 0 && p.count == 0 && arc == st.value {
				return state{}, s.cheapest(d, i)
			}
			continue
		}
		if run == 1 {
			for n := 1; n <= m.minOff; n++ {
				if n < m.minOff && n != d {
					continue
				}
				p.mode = s.offMode(n)
				if q, ok := try(p, arc); ok {
					return q, s.cheapest(d, i)
				}
			}
			continue
		}
		for _, c := range m.sets[g.set] {
			p.mode = s.workMode(c, run-1)
			if q, ok := try(p, arc); ok {
				return q, s.cheapest(d, i)
			}
		}
	}
	panic("line: no way back from a shift")
}

// cheapest returns the type of group i that has the price of the group.
func (s *Solver) cheapest(d, i int) int16 {
	for _, t := range s.groups[i].types {
		if (i < len(s.m.groups) && t == s.exact) || s.limit[t] <= 0 {
			continue
		}
		if s.cost[(d-s.from)*s.stride+t] == s.gc[i] {
			return int16(t)
		}
	}
	panic("line: no type has the price of its group")
}
