package bench

import "fmt"

// Cost is the objective of a roster by cause.
type Cost struct {
	On, Off     int64 // requests for a shift not granted, requests for no shift broken
	Under, Over int64 // too few and too many people
}

// Total returns the objective.
func (c Cost) Total() int64 { return c.On + c.Off + c.Under + c.Over }

// Check returns every hard rule that roster breaks, in words, and what roster
// costs. It reads the definitions only and shares nothing with the search.
func Check(inst *Instance, roster Roster) ([]string, Cost) {
	var broken []string
	if len(roster) != len(inst.Staff) {
		return []string{fmt.Sprintf("the roster has %d employees, the instance %d", len(roster), len(inst.Staff))}, Cost{}
	}
	for e := range inst.Staff {
		broken = append(broken, checkLine(inst, &inst.Staff[e], roster[e])...)
	}
	return broken, price(inst, roster)
}

func checkLine(inst *Instance, e *Employee, line []int16) (broken []string) {
	add := func(format string, a ...any) { broken = append(broken, e.ID+": "+fmt.Sprintf(format, a...)) }
	if len(line) != inst.Days {
		add("%d days, want %d", len(line), inst.Days)
		return broken
	}
	works := func(d int) bool { return d >= 0 && d < len(line) && line[d] >= 0 }
	minutes, weekends := 0, 0
	count := make(map[int]int)
	for d, t := range line {
		if d%7 == 5 && (works(d) || works(d+1)) {
			weekends++
		}
		if t < 0 {
			continue
		}
		if int(t) >= len(inst.Shifts) {
			add("day %d: no such shift", d)
			return broken
		}
		minutes += inst.Shifts[t].Minutes
		count[int(t)]++
		if works(d + 1) {
			for _, n := range inst.Shifts[t].NotNext {
				if int(line[d+1]) == n {
					add("%s on day %d may not follow %s", inst.Shifts[n].ID, d+1, inst.Shifts[t].ID)
				}
			}
		}
	}
	for _, d := range e.DaysOff {
		if works(d) {
			add("works on the fixed day off %d", d)
		}
	}
	for t, s := range inst.Shifts {
		if count[t] > e.MaxShifts[t] {
			add("%d times %s, at most %d", count[t], s.ID, e.MaxShifts[t])
		}
	}
	if minutes > e.MaxMinutes {
		add("%d minutes, at most %d", minutes, e.MaxMinutes)
	}
	if minutes < e.MinMinutes {
		add("%d minutes, at least %d", minutes, e.MinMinutes)
	}
	if weekends > e.MaxWeekends {
		add("%d weekends, at most %d", weekends, e.MaxWeekends)
	}
	for first := 0; first < len(line); {
		last := first
		for last+1 < len(line) && works(last+1) == works(first) {
			last++
		}
		n, edge := last-first+1, first == 0 || last == len(line)-1
		switch {
		case works(first) && n > e.MaxRun:
			add("%d shifts in a row from day %d, at most %d", n, first, e.MaxRun)
		case works(first) && !edge && n < e.MinRun:
			add("%d shifts in a row from day %d, at least %d", n, first, e.MinRun)
		case !works(first) && !edge && n < e.MinOff:
			add("%d days off in a row from day %d, at least %d", n, first, e.MinOff)
		}
		first = last + 1
	}
	return broken
}

func price(inst *Instance, roster Roster) (c Cost) {
	has := func(r Request) bool {
		line := roster[r.Employee]
		return r.Day < len(line) && int(line[r.Day]) == r.Shift
	}
	for _, r := range inst.On {
		if !has(r) {
			c.On += int64(r.Weight)
		}
	}
	for _, r := range inst.Off {
		if has(r) {
			c.Off += int64(r.Weight)
		}
	}
	present := make(map[[2]int]int)
	for _, line := range roster {
		for d, t := range line {
			present[[2]int{d, int(t)}]++
		}
	}
	for _, v := range inst.Cover {
		n := present[[2]int{v.Day, v.Shift}]
		if n < v.Need {
			c.Under += int64(v.Need-n) * int64(v.Under)
		} else {
			c.Over += int64(n-v.Need) * int64(v.Over)
		}
	}
	return c
}
