package bench

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
)

// NurseCost is the objective of INRC-II by cause, named as the competition does.
type NurseCost struct {
	Total       int64 // assignments in the period
	Consecutive int64 // shifts of one type and working days in a row
	NonWorking  int64 // days off in a row
	Preferences int64
	Weekends    int64
	Complete    int64 // weekends of which one day is worked
	Cover       int64 // below the optimal cover
}

// Sum returns the objective.
func (c NurseCost) Sum() int64 {
	return c.Total + c.Consecutive + c.NonWorking + c.Preferences + c.Weekends + c.Complete + c.Cover
}

// CheckNurses returns every hard rule that duties break, in words, and the cost.
// It reads the definitions only and shares nothing with the search.
func CheckNurses(n *Nurses, duties Duties) (broken []string, c NurseCost) {
	add := func(format string, a ...any) { broken = append(broken, fmt.Sprintf(format, a...)) }
	if len(duties) != len(n.Staff) {
		return []string{fmt.Sprintf("the roster has %d nurses, the problem %d", len(duties), len(n.Staff))}, c
	}
	present := map[[3]int]int{}
	for i := range n.Staff {
		v := &n.Staff[i]
		if len(duties[i]) != n.Days() {
			add("%s: %d days, want %d", v.ID, len(duties[i]), n.Days())
			return broken, c
		}
		last := v.Last
		for d, duty := range duties[i] {
			shift := int(duty.Shift)
			if shift >= 0 {
				if !slices.Contains(v.Skills, int(duty.Skill)) {
					add("%s: has not the skill for day %d", v.ID, d)
				}
				if last >= 0 && slices.Contains(n.Shifts[last].NotNext, shift) {
					add("%s: %s on day %d may not follow %s", v.ID, n.Shifts[shift].ID, d, n.Shifts[last].ID)
				}
				present[[3]int{d, shift, int(duty.Skill)}]++
			}
			last = shift
		}
		c.line(n, v, duties[i])
	}
	for _, w := range n.Wishes {
		if s := int(duties[w.Nurse][w.Day].Shift); s >= 0 && (w.Shift < 0 || w.Shift == s) {
			c.Preferences += priceWish
		}
	}
	for _, k := range n.Cover {
		have := present[[3]int{k.Day, k.Shift, k.Skill}]
		if have < k.Min {
			add("day %d: %d %s for %s, at least %d", k.Day, have, n.Skills[k.Skill], n.Shifts[k.Shift].ID, k.Min)
		}
		c.Cover += priceCover * int64(max(k.Best-have, 0))
	}
	return broken, c
}

// line adds what one nurse's line of work costs by its runs, weekends and total.
func (c *NurseCost) line(n *Nurses, v *Nurse, duties []Duty) {
	k := n.Contracts[v.Contract]
	days := len(duties)
	// price of a run; a run that reaches the last day may still grow, and of a run
	// from before only the days of this period count as too many.
	run := func(length, before, lo, hi int, ends bool) int64 {
		cost := 0
		if ends {
			cost += max(lo-length-before, 0)
		}
		return int64(cost + max(min(length+before-hi, length), 0))
	}
	for a := 0; a < days; {
		b := a
		for b < days && duties[b].Shift == duties[a].Shift {
			b++
		}
		if s := int(duties[a].Shift); s >= 0 {
			before := 0
			if a == 0 && v.Last == s {
				before = v.Same
			}
			c.Consecutive += priceSameRun * run(b-a, before, n.Shifts[s].MinRun, n.Shifts[s].MaxRun, b < days)
		}
		a = b
	}
	if v.Last >= 0 && int(duties[0].Shift) != v.Last { // the run from before ends at once
		c.Consecutive += priceSameRun * int64(max(n.Shifts[v.Last].MinRun-v.Same, 0))
	}
	works := func(d int) bool { return duties[d].Shift >= 0 }
	for a := 0; a < days; {
		b := a
		for b < days && works(b) == works(a) {
			b++
		}
		if works(a) {
			before := 0
			if a == 0 && v.Last >= 0 {
				before = v.Work
			}
			c.Consecutive += priceWorkRun * run(b-a, before, k.MinWork, k.MaxWork, b < days)
		} else {
			before := 0
			if a == 0 && v.Last < 0 {
				before = v.Free
			}
			c.NonWorking += priceFreeRun * run(b-a, before, k.MinFree, k.MaxFree, b < days)
		}
		a = b
	}
	if v.Last >= 0 && !works(0) {
		c.Consecutive += priceWorkRun * int64(max(k.MinWork-v.Work, 0))
	}
	if v.Last < 0 && works(0) {
		c.NonWorking += priceFreeRun * int64(max(k.MinFree-v.Free, 0))
	}
	shifts, weekends := v.Total, v.Weekends
	for d := range days {
		if works(d) {
			shifts++
		}
		if d%7 == 5 {
			sat, sun := works(d), works(d+1)
			if sat || sun {
				weekends++
			}
			if sat != sun && k.Complete {
				c.Complete += priceComplete
			}
		}
	}
	c.Total += priceTotal * int64(max(k.MinTotal-shifts, shifts-k.MaxTotal, 0))
	c.Weekends += priceWeekend * int64(max(weekends-k.MaxWeekends, 0))
}

// WriteNursesCSV writes one row employee,day,shift,skill per duty.
func WriteNursesCSV(w io.Writer, n *Nurses, duties Duties) error {
	c := csv.NewWriter(w)
	rows := [][]string{{"employee", "day", "shift", "skill"}}
	for i, line := range duties {
		for d, duty := range line {
			if duty.Shift != Off {
				rows = append(rows, []string{n.Staff[i].ID, strconv.Itoa(d), n.Shifts[duty.Shift].ID, n.Skills[duty.Skill]})
			}
		}
	}
	return c.WriteAll(rows)
}
