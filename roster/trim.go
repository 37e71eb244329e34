package roster

import (
	"slices"
	"time"

	"kcc/internal/calendar"
)

// Rules that look far back or ahead (averages over weeks, the week from Sunday,
// Sundays and weekends, numbers of nights and of starts) are no state of the
// agent's programme. They are kept by trimming: shifts are dropped from a plan
// until the rules hold, which never breaks another rule of the programme but may
// leave a single day off. Days on which such rules would bind anyway are barred
// beforehand.

// bars returns the days on which the agent may not work because of weekend and
// Sunday limits, nil when there are none.
func (l *lane) bars(ma *mAgent) []bool {
	r := ma.rules
	if r.MaxWeekends <= 0 || r.MaxWeekends >= 4 {
		return nil
	}
	m := l.m
	if len(l.barred) < m.p.Days {
		l.barred = make([]bool, m.p.Days)
	}
	clear(l.barred)
	// A rotation with MaxWeekends working weekends in every four, in a phase that
	// agrees with the history; several phases are tried over the search.
	phase := l.rng.IntN(4)
	worked := map[int]bool{}
	for w := range ma.hist.weekends {
		worked[w] = true
	}
	monday := (int(m.p.First.Weekday()) + 6) % 7
	for d := range m.p.Days {
		wd := (monday + d) % 7
		if wd < 5 {
			continue
		}
		week := (monday + d) / 7
		if worked[week] && ma.hist.weekends[week] {
			continue
		}
		n := 0
		for back := 1; back < 4; back++ {
			if worked[week-back] {
				n++
			}
		}
		if n >= r.MaxWeekends || (week+phase)%4 >= r.MaxWeekends && !ma.hist.weekends[week] {
			l.barred[d] = true
			continue
		}
		worked[week] = true
	}
	return l.barred
}

// trim drops shifts from the plan until the far-reaching rules hold.
func (m *model) trim(ma *mAgent, opts []int32) {
	for range opts {
		from, to, ok := m.offence(ma, opts)
		if !ok {
			return
		}
		if !m.dropOne(ma, opts, from, to, false) && !m.dropOne(ma, opts, from, to, true) {
			return
		}
	}
}

// trimIn is trim for the days first..last; false when the others stand in the way.
func (m *model) trimIn(ma *mAgent, opts []int32, first, last int) bool {
	for range opts {
		from, to, bad := m.offence(ma, opts)
		if !bad {
			return true
		}
		from, to = max(from, first), min(to, last)
		if from > to || !m.dropOne(ma, opts, from, to, false) {
			return false
		}
	}
	return false
}

// dropOne drops the last shift of the days that is not fixed, or with fixed set
// the last that is not locked.
func (m *model) dropOne(ma *mAgent, opts []int32, from, to int, fixed bool) bool {
	for d := min(to, len(opts)-1); d >= max(0, from); d-- {
		if opts[d] != noOption && (!ma.days[d].forced || fixed && len(ma.days[d].private) == 0) {
			opts[d] = noOption
			return true
		}
	}
	return false
}

// offence returns the days within which a shift must go, if any.
func (m *model) offence(ma *mAgent, opts []int32) (from, to int, found bool) {
	r := ma.rules
	monday := (int(m.p.First.Weekday()) + 6) % 7
	weeks := (monday + len(opts) + 6) / 7
	byWeek := make([]int, weeks)
	bySunday := make([]int, weeks+1)
	nights := make([]int, weeks)
	lateNights := make([]int, weeks)
	any := false
	for d, i := range opts {
		if i == noOption {
			continue
		}
		o := ma.option(d, i)
		any = true
		byWeek[(monday+d)/7] += o.paid
		bySunday[(monday+d+1)/7] += o.paid
		if o.night {
			nights[(monday+d)/7]++
			lateNights[(monday+d)/7]++
		}
	}
	if !any {
		return 0, 0, false
	}
	days := func(w int) (int, int) { return w*7 - monday, w*7 - monday + 6 }
	hist := func(w int) int { return ma.hist.weeks[w] }
	for w := 0; r.MaxWeek > 0 && w <= weeks; w++ {
		sum := bySunday[w] + ma.hist.sunweek[w*7-1]
		if sum > int(r.MaxWeek/time.Minute) && bySunday[w] > 0 {
			a, b := days(w)
			return a - 1, b - 1, true
		}
	}
	for _, avg := range r.Averages {
		if w := exceeds(byWeek, hist, avg.Weeks, avg.Weeks*int(avg.Max/time.Minute)); w >= 0 {
			a, _ := days(max(0, w-avg.Weeks+1))
			_, b := days(w)
			return a, b, true
		}
	}
	if f, t, ok := m.sundayOffence(ma, opts); ok {
		return f, t, true
	}
	if f, t, ok := m.weekendOffence(ma, opts, monday, weeks); ok {
		return f, t, true
	}
	if f, t, ok := m.startOffence(ma, opts, monday, weeks); ok {
		return f, t, true
	}
	return m.nightOffence(ma, opts, byWeek, nights, days)
}

// exceeds returns the first week whose window of n weeks sums to more than limit
// and in which something is rostered; -1 when none does.
func exceeds(byWeek []int, hist func(int) int, n, limit int) int {
	for w := range byWeek {
		sum, own := 0, 0
		for k := range n {
			if w-k >= 0 {
				own += byWeek[w-k]
			}
			if w-k <= 0 {
				sum += hist(w - k)
			}
		}
		if own > 0 && sum+own > limit {
			return w
		}
	}
	return -1
}

func (m *model) sundayOffence(ma *mAgent, opts []int32) (from, to int, found bool) {
	if ma.rules.FreeSundays <= 0 {
		return 0, 0, false
	}
	limit := 52 - ma.rules.FreeSundays
	for d, i := range opts {
		if i == noOption || m.p.First.Add(d).Weekday() != time.Sunday {
			continue
		}
		n := 0
		for w := range 52 {
			x := d - 7*w
			if x >= 0 && opts[x] != noOption || x < 0 && ma.hist.sundays[x] {
				n++
			}
		}
		if n > limit {
			return d, d, true
		}
	}
	return 0, 0, false
}

// weekendOffence finds a weekend too many in four weeks.
func (m *model) weekendOffence(ma *mAgent, opts []int32, monday, weeks int) (from, to int, found bool) {
	limit := ma.rules.MaxWeekends
	if limit <= 0 {
		return 0, 0, false
	}
	worked := map[int]bool{}
	for w := range ma.hist.weekends {
		worked[w] = true
	}
	for w := range weeks {
		sat := w*7 - monday + 5
		for d := max(0, sat); d <= min(sat+1, len(opts)-1); d++ {
			if opts[d] != noOption {
				worked[w] = true
				n := 0
				for back := range 4 {
					if worked[w-back] {
						n++
					}
				}
				if n > limit {
					return sat, sat + 1, true
				}
			}
		}
	}
	return 0, 0, false
}

// startOffence finds a week with too many different start times; the day whose
// start is the least common goes.
func (m *model) startOffence(ma *mAgent, opts []int32, monday, weeks int) (from, to int, found bool) {
	limit := ma.rules.MaxStarts
	for w := 0; limit > 0 && w < weeks; w++ {
		uses := map[int][]int{}
		for c := range ma.hist.starts {
			if w == 0 {
				uses[c] = append(uses[c], -1)
			}
		}
		for d := max(0, w*7-monday); d < min(len(opts), w*7-monday+7); d++ {
			if opts[d] != noOption {
				clock := int(calendar.ClockOf(m.p.First.Start(m.p.Zone).Add(time.Duration(ma.option(d, opts[d]).from)*time.Minute), m.p.Zone))
				uses[clock] = append(uses[clock], d)
			}
		}
		if len(uses) <= limit {
			continue
		}
		keys := sortedKeys(uses)
		slices.SortStableFunc(keys, func(a, b int) int { return len(uses[a]) - len(uses[b]) })
		for _, k := range keys {
			if d := uses[k][0]; d >= 0 && !ma.days[d].forced {
				return d, d, true
			}
		}
		for _, k := range keys {
			if d := uses[k][0]; d >= 0 && len(ma.days[d].private) == 0 {
				return d, d, true
			}
		}
	}
	return 0, 0, false
}

func (m *model) nightOffence(ma *mAgent, opts []int32, byWeek, nights []int, days func(int) (int, int)) (from, to int, found bool) {
	n := ma.rules.Night
	if n.MinWork <= 0 {
		return 0, 0, false
	}
	const window = 16
	monday := (int(m.p.First.Weekday()) + 6) % 7
	histNights := func(w int) int {
		c := 0
		for d := range ma.hist.nightDays {
			if d >= w*7-monday && d <= w*7-monday+6 {
				c++
			}
		}
		return c
	}
	if n.MaxCount > 0 {
		if w := exceeds(nights, histNights, window, n.MaxCount); w >= 0 {
			for d := min(len(opts)-1, w*7-monday+6); d >= 0; d-- {
				if opts[d] != noOption && ma.option(d, opts[d]).night && !ma.days[d].forced {
					return d, d, true
				}
			}
		}
	}
	if n.AvgCount > 0 && exceeds(nights, histNights, window, n.AvgCount-1) >= 0 {
		hist := func(w int) int { return ma.hist.weeks[w] }
		if w := exceeds(byWeek, hist, window, window*int(n.AvgMaxWeek/time.Minute)); w >= 0 {
			a, _ := days(max(0, w-window+1))
			_, b := days(w)
			return a, b, true
		}
	}
	return 0, 0, false
}
