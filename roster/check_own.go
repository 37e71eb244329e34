package roster

import (
	"time"

	"kcc/internal/calendar"
)

// ownRules checks the rules that a centre sets itself.
func (k *ruleCheck) ownRules() {
	k.daysInRow()
	k.daysOff()
	k.weekends()
	k.starts()
	k.lateThenEarly()
}

func (k *ruleCheck) daysInRow() {
	if k.r.MaxDaysInRow <= 0 {
		return
	}
	for i := 0; i < len(k.all); {
		j := i
		for j+1 < len(k.all) && k.all[j+1].Date <= k.all[j].Date+1 {
			j++
		}
		n := int(k.all[j].Date-k.all[i].Date) + 1
		if n > k.r.MaxDaysInRow && j >= k.fresh {
			k.bad("max_days_in_row", "", []calendar.Date{k.all[i].Date, k.all[j].Date}, float64(n), float64(k.r.MaxDaysInRow), "days",
				"%d days in a row from %s to %s, at most %d", n, k.all[i].Date, k.all[j].Date, k.r.MaxDaysInRow)
		}
		i = j + 1
	}
}

func (k *ruleCheck) daysOff() {
	for i := max(1, k.fresh); k.r.MinDaysOff > 1 && i < len(k.all); i++ {
		off := int(k.all[i].Date-k.all[i-1].Date) - 1
		if off > 0 && off < k.r.MinDaysOff {
			k.bad("min_days_off", "", []calendar.Date{k.all[i-1].Date, k.all[i].Date}, float64(off), float64(k.r.MinDaysOff), "days",
				"%d days off between %s and %s, at least %d", off, k.all[i-1].Date, k.all[i].Date, k.r.MinDaysOff)
		}
	}
}

func (k *ruleCheck) weekends() {
	if k.r.MaxWeekends <= 0 {
		return
	}
	worked := map[calendar.Date]bool{}
	for _, a := range k.all {
		if wd := a.Date.Weekday(); wd == time.Saturday || wd == time.Sunday {
			worked[a.Date.Monday()] = true
		}
	}
	for m := k.c.p.First.Monday(); m <= k.c.p.Last(); m += 7 {
		n := 0
		for w := range 4 {
			if worked[m.Add(-7*w)] {
				n++
			}
		}
		if n > k.r.MaxWeekends && worked[m] && k.touches(m.Add(-21), m.Add(6)) {
			k.bad("max_weekends", "", []calendar.Date{m.Add(-21), m.Add(6)}, float64(n), float64(k.r.MaxWeekends), "weekends",
				"%d weekends with work in the four weeks up to %s, at most %d", n, m.Add(6), k.r.MaxWeekends)
		}
	}
}

func (k *ruleCheck) starts() {
	if k.r.MaxStarts <= 0 {
		return
	}
	clocks := map[calendar.Date]map[calendar.Clock]bool{}
	for _, a := range k.all {
		m := a.Date.Monday()
		if clocks[m] == nil {
			clocks[m] = map[calendar.Clock]bool{}
		}
		clocks[m][calendar.ClockOf(a.Start, k.c.p.Zone)] = true
	}
	for m := k.c.p.First.Monday(); m <= k.c.p.Last(); m += 7 {
		if n := len(clocks[m]); n > k.r.MaxStarts && k.touches(m, m.Add(6)) {
			k.bad("max_starts", "", []calendar.Date{m, m.Add(6)}, float64(n), float64(k.r.MaxStarts), "starts",
				"%d different start times in the week of %s, at most %d", n, m, k.r.MaxStarts)
		}
	}
}

func (k *ruleCheck) lateThenEarly() {
	if !k.r.NoEarlyAfter {
		return
	}
	for i := max(1, k.fresh); i < len(k.all); i++ {
		prev, next := k.all[i-1], k.all[i]
		if next.Date != prev.Date+1 {
			continue
		}
		late := !prev.End.Before(clockAt(prev.Date, calendar.Clock(k.r.LateEnd/time.Minute), k.c.p.Zone))
		early := next.Start.Before(clockAt(next.Date, calendar.Clock(k.r.EarlyStart/time.Minute), k.c.p.Zone))
		if late && early {
			k.bad("late_then_early", "", []calendar.Date{prev.Date, next.Date}, 0, 0, "",
				"an early shift on %s after the late shift of %s", next.Date, prev.Date)
		}
	}
}
