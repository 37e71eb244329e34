package roster

import "math"

// A window is a stretch of days in which one agent is planned anew while the
// agent's other days stay as they are. The programme runs over the window as over
// a whole horizon, begins in the state that the days before it leave, and goes on
// through the days behind it until nothing that was decided in the window can
// matter any more: the contract period is over and all ways lead to one link.

// shape returns the rows of days in a week and the number of unit states that the
// programme needs for an agent.
func (m *model) shape(ma *mAgent) (width, size int) {
	forcedUnits, inPeriod, forced := 0, 0, false
	q := 0
	for d := range ma.days {
		if ma.days[d].forced {
			forced = true
			if len(ma.days[d].private) > 0 {
				inPeriod += ma.days[d].link.units
			} else {
				inPeriod += (ma.book.longest + ma.book.unit - 1) / ma.book.unit
			}
		}
		forcedUnits = max(forcedUnits, inPeriod)
		if d == ma.periods[q].to {
			inPeriod, q = 0, min(q+1, len(ma.periods)-1)
		}
	}
	width = 1
	if ma.maxDays < 7 {
		width = ma.maxDays + 1
		if forced {
			width = 8
		}
	}
	most := 0
	for i := range ma.periods {
		most = max(most, ma.periods[i].cap/ma.book.unit)
	}
	return width, most + forcedUnits + 1
}

// groupOf returns the group of an option, that of a locked one included.
func (ma *mAgent) groupOf(d int, i int32) *optionGroup {
	if i < 0 {
		return &ma.days[d].link
	}
	return &ma.book.groups[d][ma.book.days[d][i].group]
}

// standing is the state of the programme before a day.
type standing struct{ link, week, units, period int }

// before walks through the plan up to a day.
func (s *programme) before(m *model, ma *mAgent, l *links, opts []int32, day, width int) standing {
	weekday := (int(m.p.First.Weekday()) + 6) % 7
	at := standing{link: l.start(m, ma)}
	if width > 1 {
		at.week = min(ma.hist.weekDays, width-1)
	}
	for d := range day {
		if i := opts[d]; i == noOption {
			at.link = l.afterOff(at.link)
		} else {
			g := ma.groupOf(d, i)
			at.link, _, _ = l.afterWork(at.link, g, 0)
			at.units += g.units
			at.week = min(at.week+1, width-1)
		}
		switch {
		case d == ma.periods[at.period].to:
			at.units, at.week = 0, 0
			at.period = min(at.period+1, len(ma.periods)-1)
		case (weekday+d)%7 == 6:
			at.week = 0
		}
	}
	return at
}

// solveWindow finds the cheapest way through days first..last after evaluateDays
// for them, the other days being as opts has them. It changes opts in the window
// and reports whether there is a way.
func (s *programme) solveWindow(m *model, ma *mAgent, l *links, opts []int32, first, last int) bool {
	days := len(ma.days)
	width, size := m.shape(ma)
	at := s.before(m, ma, l, opts, first, width)
	if at.units >= size {
		return false
	}
	s.reset(days, l.n, width, size)
	for i := range s.cur {
		s.cur[i], s.nxt[i] = math.Inf(1), math.Inf(1)
	}
	for i := range l.n * width {
		s.lo[i], s.hi[i] = size, -1
		s.lo2[i], s.hi2[i] = size, -1
	}
	r0 := at.link*width + at.week
	s.cur[r0*size+at.units], s.lo[r0], s.hi[r0] = 0, at.units, at.units
	weekday := (int(m.p.First.Weekday()) + 6) % 7
	period, where := at.period, 0
	end, closed := days-1, false
	for d := first; d < days; d++ {
		for i := range l.n * width {
			for u := s.lo2[i]; u <= s.hi2[i]; u++ {
				s.nxt[i*size+u] = math.Inf(1)
			}
			s.lo2[i], s.hi2[i] = size, -1
		}
		if d <= last {
			n := len(s.pick[d])
			s.day(m, ma, l, d, s.best[where:where+n], width, size, ma.periods[period].cap/ma.book.unit, false)
			where += n
		} else {
			s.fixed(m, ma, l, d, opts[d], width, size, ma.periods[period].cap/ma.book.unit)
		}
		s.cur, s.nxt = s.nxt, s.cur
		s.lo, s.lo2 = s.lo2, s.lo
		s.hi, s.hi2 = s.hi2, s.hi
		switch {
		case d == ma.periods[period].to:
			s.endPeriod(m, ma, d, &ma.periods[period], l.n, width, size)
			closed = closed || d >= last
			period = min(period+1, len(ma.periods)-1)
		case (weekday+d)%7 == 6 && width > 1:
			s.endWeek(d, l.n, width, size)
		}
		if closed && s.oneLink(l.n, width) {
			end = d
			break
		}
	}
	bestCost, bestRow, bestUnits := math.Inf(1), -1, 0
	for row := range l.n * width {
		for u := s.lo[row]; u <= s.hi[row]; u++ {
			if c := s.cur[row*size+u]; c < bestCost {
				bestCost, bestRow, bestUnits = c, row, u
			}
		}
	}
	if bestRow < 0 {
		return false
	}
	link, w, u := bestRow/width, bestRow%width, bestUnits
	for d := end; d >= first; d-- {
		if len(s.periodBack[d]) > 0 {
			x := int(s.periodBack[d][link])
			w, u = x/size, x%size
		} else if len(s.weekBack[d]) > 0 {
			w = int(s.weekBack[d][link*size+u])
		}
		mark := s.back[d][(link*width+w)*size+u]
		link = int(mark >> 16)
		g := int(mark & offMark)
		if g == offMark {
			if d <= last {
				opts[d] = noOption
			}
			continue
		}
		if d <= last {
			opts[d] = s.pick[d][g]
		}
		u -= ma.groupOf(d, opts[d]).units
		if width > 1 {
			w--
		}
	}
	return true
}

// oneLink reports whether all states that are left have the same link.
func (s *programme) oneLink(n, width int) bool {
	seen := -1
	for row := range n * width {
		if s.lo[row] <= s.hi[row] {
			if seen >= 0 && row/width != seen {
				return false
			}
			seen = row / width
		}
	}
	return true
}

// fixed extends every state by a day that stays as it is.
func (s *programme) fixed(m *model, ma *mAgent, l *links, d int, opt int32, width, size, capUnits int) {
	back := s.back[d]
	forced := ma.days[d].forced
	var g *optionGroup
	if opt != noOption {
		g = ma.groupOf(d, opt)
	}
	for row := range l.n * width {
		lo, hi := s.lo[row], s.hi[row]
		if lo > hi {
			continue
		}
		link, w := row/width, row%width
		src := s.cur[row*size : (row+1)*size]
		if g == nil {
			s.relaxRow(src, lo, hi, l.afterOff(link)*width+w, size, 0, 0, back, uint32(link)<<16|offMark)
			continue
		}
		next, extra, ok := l.afterWork(link, g, m.w.SplitDaysOff)
		limit := capUnits - g.units
		if width > 1 {
			if w++; w > ma.maxDays {
				if !forced || w >= width {
					continue
				}
				extra += forcedPenalty
			}
		}
		if !ok {
			if !forced {
				continue
			}
			extra += forcedPenalty
		}
		if forced {
			limit = size - 1 - g.units
		}
		if top := min(hi, limit); lo <= top {
			s.relaxRow(src, lo, top, next*width+w, size, g.units, extra, back, uint32(link)<<16)
		}
	}
}
