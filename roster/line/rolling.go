package line

// Rolling fills the whole period in stretches of a few weeks, for periods too
// long for one table. Every stretch keeps pace with the contract's minutes,
// weekends and limits per type, looks one week ahead, and leaves the rest open.
// cost covers the whole period. The result keeps all rules but is not optimal;
// false means that no line was found in this way, not that there is none.
func (s *Solver) Rolling(m *Model, cost []int32, out []int16) (int32, bool) {
	for _, try := range []struct{ weeks, slack int }{{4, 1}, {4, 2}, {6, 3}, {8, 5}} {
		for d := range out {
			out[d] = Off
		}
		if s.roll(m, cost, out, 7*try.weeks, try.slack) {
			s.m, s.from, s.to, s.cost, s.stride = m, 0, m.days, cost, len(m.units)
			return s.value(out), true
		}
	}
	return 0, false
}

// roll makes the line in stretches of the given length; slack is how many of the
// longest shifts it may be ahead of or behind the pace.
func (s *Solver) roll(m *Model, cost []int32, out []int16, length, slack int) bool {
	const ahead = 7
	types := len(m.units)
	longest := 0
	for _, t := range m.types {
		longest = max(longest, m.units[t])
	}
	defer func() { s.pace = nil }()
	for from := 0; from < m.days; from += length {
		to := min(from+length+ahead, m.days)
		if (to-m.sat+7)%7 == 1 && to < m.days {
			to++
		}
		if to < m.days {
			mid := (m.lo + m.hi) * to / (2 * m.days)
			s.pace = &pace{
				lo: mid - slack*longest, hi: mid + slack*longest,
				weekends: (m.rules.MaxWeekends*to + m.days - 1) / m.days, part: float64(to) / float64(m.days),
			}
		} else {
			s.pace = nil
		}
		for d := from; d < m.days; d++ {
			out[d] = Off
		}
		if _, ok := s.Best(m, out, from, to, cost[from*types:to*types], out); !ok {
			return false
		}
		if to == m.days {
			return true
		}
	}
	return true
}

// pace bounds what a line may hold at the end of a span whose sequel is open.
type pace struct {
	lo, hi   int // units since the first day
	weekends int
	part     float64 // share of the period that is over
}

// keepPace replaces the budget of the span by that of the pace.
func (s *Solver) keepPace() bool {
	p := s.pace
	if p == nil {
		return s.maxU >= s.minU && s.weekends >= 0
	}
	m := s.m
	done, late := m.hi-s.maxU, m.rules.MaxWeekends-s.weekends
	s.minU, s.maxU = max(p.lo-done, 0), min(p.hi-done, m.most[s.to-s.from])
	s.weekends = p.weekends - late
	for _, t := range m.types {
		used := m.rules.MaxCount[t] - s.limit[t]
		s.limit[t] = int(float64(m.rules.MaxCount[t])*p.part) + 1 - used
	}
	return s.maxU >= s.minU && s.weekends >= 0
}
