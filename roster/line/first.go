package line

import "slices"

// wholeCells is the largest table for which First optimises the whole period at
// once. Above it, a whole line costs more time than it is worth.
const wholeCells = 2 << 20

// First finds a line for the whole period from nothing, at low cost. Short
// periods are solved at once. For long ones a line of one or two shift types,
// with the free weekends spread over the period, is made first and then improved
// a few weeks at a time. It returns false when it finds no line; that is a proof
// only for periods that are solved at once and have at most one shift type with
// a maximum that binds.
func (s *Solver) First(m *Model, cost []int32, out []int16) bool {
	for d := range out {
		out[d] = Off
	}
	if m.Cells(m.days) <= wholeCells {
		if _, ok := s.Best(m, out, 0, m.days, cost, out); ok {
			return true
		}
	}
	if !s.skeleton(m, cost, out) {
		_, ok := s.Best(m, out, 0, m.days, cost, out)
		return ok
	}
	s.polish(m, cost, out)
	return true
}

// polish improves a line a few weeks at a time.
func (s *Solver) polish(m *Model, cost []int32, out []int16) {
	const length, move = 28, 14
	types := len(m.units)
	for from := 0; from < m.days; from += move {
		to := min(from+length, m.days)
		if (to-m.sat+7)%7 == 1 && to < m.days {
			to++
		}
		s.Best(m, out, from, to, cost[from*types:to*types], out)
		if to == m.days {
			return
		}
	}
}

// skeleton finds a line with as few shift types as possible, those with the
// highest maximum first, so that the table stays small.
func (s *Solver) skeleton(m *Model, cost []int32, out []int16) bool {
	types := slices.Clone(m.types)
	slices.SortStableFunc(types, func(a, b int) int { return m.rules.MaxCount[b] - m.rules.MaxCount[a] })
	const most = 12 // types tried; more would only repeat the same lengths
	types = types[:min(len(types), most)]
	for i, a := range types {
		if s.few(m, cost, out, a) {
			return true
		}
		for _, b := range types[:i] {
			if s.few(m, cost, out, a, b) {
				return true
			}
		}
	}
	return false
}

// few finds a line of the given types only, first with the free weekends fixed.
func (s *Solver) few(m *Model, cost []int32, out []int16, types ...int) bool {
	r := m.rules
	r.MaxCount = make([]int, len(m.rules.MaxCount))
	for _, t := range types {
		r.MaxCount[t] = m.rules.MaxCount[t]
	}
	spread := r
	spread.DayOff = m.freeWeekends()
	for _, try := range []Rules{spread, r} {
		k, err := New(try)
		if err != nil || k.Cells(k.days) > maxCells {
			continue
		}
		if _, ok := s.Best(k, out, 0, k.days, cost, out); ok {
			return true
		}
	}
	return false
}

// freeWeekends returns the fixed days off plus as many weekends, evenly spread,
// as must stay free. Weekends that are free anyway come first.
func (m *Model) freeWeekends() []bool {
	off := make([]bool, m.days)
	copy(off, m.rules.DayOff)
	var open []int // Saturdays of the weekends that could be worked
	first := m.sat
	if first == 6 {
		first = -1
	}
	for sat := first; sat < m.days; sat += 7 {
		if sat >= 0 && !off[sat] || sat+1 < m.days && !off[sat+1] {
			open = append(open, sat)
		}
	}
	free := max(len(open)-m.rules.MaxWeekends, 0)
	for i, sat := range open {
		if (i+1)*free/len(open) == i*free/len(open) {
			continue
		}
		for d := max(sat, 0); d <= min(sat+1, m.days-1); d++ {
			off[d] = true
		}
	}
	return off
}
