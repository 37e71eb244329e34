package roster

import (
	"time"

	"kcc/internal/calendar"
)

// ruleCheck holds one agent's working days, history first.
type ruleCheck struct {
	c     *checker
	ag    *Agent
	r     *Rules
	all   []Assignment
	fresh int // all[fresh:] is the roster, all[:fresh] the history
}

func newRuleCheck(c *checker, ag *Agent, r *Rules, now, past []Assignment) *ruleCheck {
	all := append([]Assignment{}, past...)
	return &ruleCheck{c: c, ag: ag, r: r, all: append(all, now...), fresh: len(past)}
}

func (k *ruleCheck) run() {
	if len(k.all) == k.fresh {
		return
	}
	k.shiftLengths()
	k.breaks()
	k.dailyRest()
	k.weeklyRest()
	k.weekHours()
	k.averages()
	k.sundays()
	k.nights()
	k.ownRules()
}

func (k *ruleCheck) bad(rule, cites string, days []calendar.Date, have, want float64, unit, format string, args ...any) {
	k.c.add(Violation{
		Rule: rule, Cites: cites, Agent: k.ag.ID, Days: days, Have: have, Want: want, Unit: unit,
		Text: say("%s: %s", k.ag.ID, say(format, args...)),
	})
}

// when formats an instant for a sentence.
func (k *ruleCheck) when(t time.Time) string { return t.In(k.c.p.Zone).Format("2006-01-02 15:04") }

func (k *ruleCheck) shiftLengths() {
	for _, a := range k.all[k.fresh:] {
		w := a.Paid()
		if k.r.MaxShift > 0 && w > k.r.MaxShift {
			k.bad("max_shift", "ATW 5:7", []calendar.Date{a.Date}, w.Hours(), k.r.MaxShift.Hours(), "h",
				"%.2f hours of work on %s, at most %.2f in one shift", w.Hours(), a.Date, k.r.MaxShift.Hours())
		}
	}
}

func (k *ruleCheck) breaks() {
	for _, a := range k.all[k.fresh:] {
		for _, b := range k.r.Breaks {
			if a.Paid() <= b.Over {
				continue
			}
			var sum time.Duration
			for _, x := range a.Breaks {
				if x.Length >= b.Piece {
					sum += x.Length
				}
			}
			if sum < b.Total {
				k.bad("breaks", "ATW 5:4", []calendar.Date{a.Date}, sum.Minutes(), b.Total.Minutes(), "min",
					"%.0f minutes of breaks on %s, at least %.0f in a shift of over %.1f hours", sum.Minutes(), a.Date, b.Total.Minutes(), b.Over.Hours())
			}
		}
	}
}

func (k *ruleCheck) dailyRest() {
	for i := max(1, k.fresh); i < len(k.all); i++ {
		prev, next := k.all[i-1], k.all[i]
		rest := next.Start.Sub(prev.End)
		if rest < 0 {
			k.bad("overlap", "", []calendar.Date{prev.Date, next.Date}, rest.Hours(), 0, "h", "the shifts of %s and %s overlap", prev.Date, next.Date)
			continue
		}
		if k.r.DailyRest > 0 && rest < k.r.DailyRest {
			k.bad("daily_rest", "ATW 5:3(2)", []calendar.Date{prev.Date, next.Date}, rest.Hours(), k.r.DailyRest.Hours(), "h",
				"%.2f hours of rest between %s and %s, at least %.2f", rest.Hours(), k.when(prev.End), k.when(next.Start), k.r.DailyRest.Hours())
		}
	}
}

// weeklyRest checks that within WeeklyWithin from the start of every shift there
// is a rest of WeeklyRest, or the split form of it. What comes after the last
// known shift counts as rest.
func (k *ruleCheck) weeklyRest() {
	if k.r.WeeklyRest <= 0 {
		return
	}
	for i := 0; i < len(k.all); i++ {
		t := k.all[i].Start
		longest, at := k.longestRest(i, t.Add(k.r.WeeklyWithin))
		if longest >= k.r.WeeklyRest || k.splitRest(i) {
			continue
		}
		if k.all[len(k.all)-1].Start.Before(t) || at < k.fresh {
			continue // wholly in the past
		}
		k.bad("weekly_rest", "ATW 5:3(2)", []calendar.Date{k.all[i].Date, k.all[at].Date}, longest.Hours(), k.r.WeeklyRest.Hours(), "h",
			"the longest rest in the %.0f hours from %s is %.2f hours, at least %.0f", k.r.WeeklyWithin.Hours(), k.when(t), longest.Hours(), k.r.WeeklyRest.Hours())
		// One message for one stretch of work: go on behind the next full rest.
		for i+1 < len(k.all) && k.all[i+1].Start.Sub(k.all[i].End) < k.r.WeeklyRest {
			i++
		}
	}
}

// longestRest returns the longest rest from the start of shift i up to end, and
// the last shift that begins before end.
func (k *ruleCheck) longestRest(i int, end time.Time) (longest time.Duration, last int) {
	last = i
	for j := i; j < len(k.all) && k.all[j].Start.Before(end); j++ {
		last = j
		to := end
		if j+1 < len(k.all) {
			if k.all[j+1].Start.Before(end) {
				to = k.all[j+1].Start
			}
		} else {
			to = end.Add(k.r.WeeklyRest) // nothing planned yet: rest
		}
		longest = max(longest, to.Sub(k.all[j].End))
	}
	return longest, last
}

// splitRest reports whether the split form of the weekly rest holds from shift i on.
func (k *ruleCheck) splitRest(i int) bool {
	if k.r.SplitRest <= 0 {
		return false
	}
	end := k.all[i].Start.Add(k.r.SplitWithin)
	var sum time.Duration
	for j := i; j < len(k.all) && k.all[j].Start.Before(end); j++ {
		to := end
		if j+1 < len(k.all) && k.all[j+1].Start.Before(end) {
			to = k.all[j+1].Start
		}
		if piece := to.Sub(k.all[j].End); piece >= k.r.SplitPiece {
			sum += piece
		}
	}
	return sum >= k.r.SplitRest
}

// weekHours checks the week from Sunday to Saturday; a shift counts on the day it starts.
func (k *ruleCheck) weekHours() {
	if k.r.MaxWeek <= 0 {
		return
	}
	sum := map[calendar.Date]time.Duration{}
	for _, a := range k.all {
		sum[sunday(a.Date)] += a.Paid()
	}
	for s := sunday(k.c.p.First); s <= k.c.p.Last(); s += 7 {
		if w := sum[s]; w > k.r.MaxWeek && k.touches(s, s+6) {
			k.bad("max_week", "ATW 5:7(2)", []calendar.Date{s, s.Add(6)}, w.Hours(), k.r.MaxWeek.Hours(), "h",
				"%.2f hours of work from Sunday %s to Saturday %s, at most %.0f", w.Hours(), s, s.Add(6), k.r.MaxWeek.Hours())
		}
	}
}

func sunday(d calendar.Date) calendar.Date { return d.Add(-int(d.Weekday())) }

// touches reports whether the roster has a shift in from..to.
func (k *ruleCheck) touches(from, to calendar.Date) bool {
	for _, a := range k.all[k.fresh:] {
		if a.Date >= from && a.Date <= to {
			return true
		}
	}
	return false
}

// averages checks the mean week over every run of weeks that ends in the horizon.
func (k *ruleCheck) averages() {
	byWeek := map[calendar.Date]time.Duration{}
	for _, a := range k.all {
		byWeek[a.Date.Monday()] += a.Paid()
	}
	for _, avg := range k.r.Averages {
		k.average("average_week", "ATW 5:7(3)", byWeek, avg.Weeks, avg.Max, func(calendar.Date) bool { return true })
	}
}

func (k *ruleCheck) average(rule, cites string, byWeek map[calendar.Date]time.Duration, weeks int, limit time.Duration, applies func(end calendar.Date) bool) {
	for m := k.c.p.First.Monday(); m <= k.c.p.Last().Monday(); m += 7 {
		var sum time.Duration
		for w := range weeks {
			sum += byWeek[m.Add(-7*w)]
		}
		if sum > limit*time.Duration(weeks) && k.touches(m.Add(-7*(weeks-1)), m.Add(6)) && applies(m.Add(6)) {
			mean := sum.Hours() / float64(weeks)
			k.bad(rule, cites, []calendar.Date{m.Add(-7 * (weeks - 1)), m.Add(6)}, mean, limit.Hours(), "h",
				"%.2f hours a week on average in the %d weeks up to %s, at most %.0f", mean, weeks, m.Add(6), limit.Hours())
		}
	}
}

// sundays checks the free Sundays of every 52 weeks that end in the horizon.
func (k *ruleCheck) sundays() {
	if k.r.FreeSundays <= 0 {
		return
	}
	worked := map[calendar.Date]bool{}
	for _, a := range k.all {
		if a.Date.Weekday() == time.Sunday {
			worked[a.Date] = true
		}
	}
	for s := k.c.p.First.Monday().Add(6); s <= k.c.p.Last(); s += 7 {
		n := 0
		for w := range 52 {
			if worked[s.Add(-7*w)] {
				n++
			}
		}
		if 52-n < k.r.FreeSundays && worked[s] {
			k.bad("free_sundays", "ATW 5:6", []calendar.Date{s.Add(-7 * 51), s}, float64(52-n), float64(k.r.FreeSundays), "days",
				"%d free Sundays in the 52 weeks up to %s, at least %d", 52-n, s, k.r.FreeSundays)
		}
	}
}

// nightWork returns the working time of a between 00:00 and 06:00 of any day.
func (k *ruleCheck) nightWork(a Assignment) time.Duration {
	var sum time.Duration
	for d := a.Date; d <= calendar.DateOf(a.End, k.c.p.Zone); d++ {
		from, to := d.Start(k.c.p.Zone), d.At(6*60, k.c.p.Zone)
		sum += overlap(a.Start, a.End, from, to)
		for _, b := range a.Breaks {
			if !b.Paid {
				sum -= overlap(b.Start, b.Start.Add(b.Length), from, to)
			}
		}
	}
	return sum
}

func overlap(a1, a2, b1, b2 time.Time) time.Duration {
	if b1.After(a1) {
		a1 = b1
	}
	if b2.Before(a2) {
		a2 = b2
	}
	return max(0, a2.Sub(a1))
}

func (k *ruleCheck) nights() {
	n := k.r.Night
	if n.MinWork <= 0 {
		return
	}
	night := make([]bool, len(k.all))
	late := make([]bool, len(k.all)) // ends after 02:00
	for i, a := range k.all {
		night[i] = k.nightWork(a) > n.MinWork
		endDay := calendar.DateOf(a.End, k.c.p.Zone)
		late[i] = night[i] && a.End.After(endDay.At(calendar.Clock(n.LateEnd/time.Minute), k.c.p.Zone))
		if i >= k.fresh && night[i] && n.MaxShift > 0 && a.Paid() > n.MaxShift {
			k.bad("night_shift", "ATW 5:8(1)", []calendar.Date{a.Date}, a.Paid().Hours(), n.MaxShift.Hours(), "h",
				"%.2f hours of work in the night shift of %s, at most %.0f", a.Paid().Hours(), a.Date, n.MaxShift.Hours())
		}
	}
	row := 0
	for i := range k.all {
		if i > 0 && i >= k.fresh {
			prev, next := k.all[i-1], k.all[i]
			rest := next.Start.Sub(prev.End)
			if late[i-1] && rest < n.RestAfter {
				k.bad("night_rest", "ATW 5:8(3)", []calendar.Date{prev.Date, next.Date}, rest.Hours(), n.RestAfter.Hours(), "h",
					"%.2f hours of rest after the night shift of %s, at least %.0f", rest.Hours(), prev.Date, n.RestAfter.Hours())
			}
			if row >= n.RunLength && n.RunLength > 0 && !night[i] && rest < n.RunRest || row >= n.RunLength && n.RunLength > 0 && night[i] && next.Date != prev.Date+1 && rest < n.RunRest {
				k.bad("night_run_rest", "ATW 5:8(4)", []calendar.Date{prev.Date, next.Date}, rest.Hours(), n.RunRest.Hours(), "h",
					"%.2f hours of rest after %d night shifts in a row up to %s, at least %.0f", rest.Hours(), row, prev.Date, n.RunRest.Hours())
			}
		}
		switch {
		case !night[i]:
			row = 0
		case i > 0 && night[i-1] && k.all[i].Date == k.all[i-1].Date+1:
			row++
		default:
			row = 1
		}
	}
	k.nightRuns(night)
	k.nightCounts(night, late)
}

// nightRuns bounds the length of a row of working days that has a night shift in it.
func (k *ruleCheck) nightRuns(night []bool) {
	limit := k.r.Night.MaxRun
	if limit <= 0 {
		return
	}
	for i := 0; i < len(k.all); {
		j, any := i, night[i]
		for j+1 < len(k.all) && k.all[j+1].Date <= k.all[j].Date+1 {
			j++
			any = any || night[j]
		}
		if n := j - i + 1; any && n > limit && j >= k.fresh {
			k.bad("night_run", "ATW 5:8(5)", []calendar.Date{k.all[i].Date, k.all[j].Date}, float64(n), float64(limit), "shifts",
				"%d shifts in a row with a night shift among them from %s to %s, at most %d", n, k.all[i].Date, k.all[j].Date, limit)
		}
		i = j + 1
	}
}

// nightCounts bounds the night shifts, and the hours that go with many of them,
// in every 16 weeks that end in the horizon.
func (k *ruleCheck) nightCounts(night, late []bool) {
	const weeks = 16
	n := k.r.Night
	nightsUpTo := func(end calendar.Date, which []bool) (count int) {
		for i, a := range k.all {
			if which[i] && a.Date > end.Add(-7*weeks) && a.Date <= end {
				count++
			}
		}
		return count
	}
	for m := k.c.p.First.Monday(); n.MaxCount > 0 && m <= k.c.p.Last().Monday(); m += 7 {
		if got := nightsUpTo(m.Add(6), late); got > n.MaxCount && k.touches(m, m.Add(6)) {
			k.bad("night_count", "ATW 5:8(6)", []calendar.Date{m.Add(6 - 7*weeks + 1), m.Add(6)}, float64(got), float64(n.MaxCount), "shifts",
				"%d night shifts that end after %s in the 16 weeks up to %s, at most %d", got, calendar.Clock(n.LateEnd/time.Minute), m.Add(6), n.MaxCount)
		}
	}
	if n.AvgCount <= 0 {
		return
	}
	byWeek := map[calendar.Date]time.Duration{}
	for _, a := range k.all {
		byWeek[a.Date.Monday()] += a.Paid()
	}
	k.average("night_average", "ATW 5:8(2)", byWeek, weeks, n.AvgMaxWeek, func(end calendar.Date) bool {
		return nightsUpTo(end, night) >= n.AvgCount
	})
}
