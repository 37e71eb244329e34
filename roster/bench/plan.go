package bench

import (
	"fmt"
	"math"
	"slices"

	"kcc/roster/line"
)

// plan says how a long horizon is to be gone through: how many minutes and weekends of
// every employee are meant to be used before each week.
type plan struct {
	minutes  [][]float64 // per employee and week, the sum of those before
	weekends [][]float64
	surplus  bool   // contracts hold more than the cover needs
	tight    []bool // per employee: the contract asks for about all that the rules allow
}

// planYear spreads contracts over the weeks: in proportion to what the cover needs, but
// no more in a week than an employee can work then, so that those with much to give in
// quiet weeks keep it for the busy ones.
func (p *problem) planYear() plan {
	weeks := (p.days + 6) / 7
	need, weekend := make([]float64, weeks), make([]float64, weeks)
	perType, shifts := make([]float64, p.types), 0.0
	for _, c := range p.inst.Cover {
		if c.Under <= c.Over {
			continue
		}
		n := float64(c.Need)
		need[c.Day/7] += n * float64(p.inst.Shifts[c.Shift].Minutes)
		if c.Day%7 >= 5 {
			weekend[c.Day/7] += n
		}
		perType[c.Shift] += n
		shifts += n
	}
	rows, room := make([]float64, p.staff), make([][]float64, p.staff)
	for e := range p.staff {
		emp := &p.inst.Staff[e]
		room[e] = make([]float64, weeks)
		for w := range weeks {
			if p.freeDays(emp, w, 5, 7) < min(p.days-7*w, 7)-5 {
				room[e][w] = 1
			}
		}
		rows[e] = float64(emp.MaxWeekends)
	}
	free := spread(rows, weekend, room)
	tight := make([]bool, p.staff)
	known := map[string]float64{}
	for e := range p.staff {
		emp := &p.inst.Staff[e]
		length := p.usualLength(emp, perType)
		dense := p.densest(e, known)
		for w := range weeks {
			days := float64(min(p.days-7*w, 7) - p.freeDays(emp, w, 0, 7))
			if w == weeks-1 {
				days = min(days, float64(emp.MaxRun)) / dense // nothing comes after it
			}
			room[e][w] = min(dense*days, float64(5-p.freeDays(emp, w, 0, 5))+2*free[e][w]) * length
		}
		rows[e] = float64(emp.MinMinutes+emp.MaxMinutes) / 2
		all := total(room[e])
		tight[e] = rows[e] > tightShare*all
		for w := range weeks - 1 {
			room[e][w] *= max(denseShare, rows[e]/max(all, 1))
		}
	}
	minutes := spread(rows, need, room)
	return plan{minutes: sums(minutes), weekends: sums(free), surplus: total(rows) > total(need), tight: tight}
}

// freeDays counts the fixed days off of an employee on the days a..b-1 of week w.
func (p *problem) freeDays(emp *Employee, w, a, b int) (n int) {
	for _, d := range emp.DaysOff {
		if d/7 == w && d%7 >= a && d%7 < b {
			n++
		}
	}
	return n
}

// usualLength returns the mean minutes of the shifts needed that the employee may work.
func (p *problem) usualLength(emp *Employee, perType []float64) float64 {
	sum, n := 0.0, 0.0
	for t, k := range emp.MaxShifts {
		if k > 0 {
			weight := perType[t] + 1e-6 // a type that nobody needs counts when there is no other
			sum += weight * float64(p.inst.Shifts[t].Minutes)
			n += weight
		}
	}
	return sum / max(n, 1e-9)
}

// densest returns the most shifts per day that employee e can work on average over some
// weeks with the usual share of weekends. known holds the answers so far.
func (p *problem) densest(e int, known map[string]float64) float64 {
	r := p.rules(e)
	r.MaxWeekends = (r.MaxWeekends*denseDays + p.days - 1) / p.days
	r.Days, r.DayOff, r.MinMinutes, r.MaxMinutes = denseDays, nil, 0, denseDays
	r.Lengths, r.MaxCount = slices.Repeat([]int{1}, p.types), slices.Clone(r.MaxCount)
	for t, n := range r.MaxCount {
		r.MaxCount[t] = min(n, 1) * denseDays
	}
	key := fmt.Sprint(r.MaxCount, r.MinRun, r.MaxRun, r.MinOff, r.MaxWeekends)
	if v, ok := known[key]; ok {
		return v
	}
	m, err := line.New(r)
	if err != nil {
		return 0
	}
	days := slices.Repeat([]int16{Off}, denseDays)
	v, _ := line.NewSolver().Best(m, days, 0, denseDays, slices.Repeat([]int32{-1}, denseDays*p.types), days)
	known[key] = float64(-v) / denseDays
	return known[key]
}

// denseDays is the stretch over which the densest line is looked for.
// and how near to it a plan comes where the contract allows: a line that also follows the
// need is less dense.
const (
	denseDays  = 56
	denseShare = 0.95
	tightShare = 0.97 // of it makes a contract tight
)

// spread returns a table with the given sums of rows and with sums of columns in
// proportion to need, as far as no entry exceeds its room: each entry is the product of
// a number of its row and one of its column, or its room (iterative proportional
// fitting, W. Deming, F. Stephan, 1940).
func spread(rows, need []float64, room [][]float64) [][]float64 {
	all, columns := 0.0, make([]float64, len(need))
	for e, sum := range rows {
		most := 0.0
		for w, r := range room[e] {
			columns[w] += r
			most += r
		}
		all += min(sum, most)
	}
	target := make([]float64, len(need))
	level := fillLevel(all, need, columns)
	for w := range target {
		target[w] = min(level*need[w], columns[w])
	}
	factor := make([]float64, len(need))
	copy(factor, target)
	out := make([][]float64, len(rows))
	for round := range spreadRounds {
		got := make([]float64, len(need))
		for e := range rows {
			a := fillLevel(rows[e], factor, room[e])
			out[e] = out[e][:0]
			for w, f := range factor {
				out[e] = append(out[e], min(a*f, room[e][w]))
				got[w] += out[e][w]
			}
		}
		if round == spreadRounds-1 {
			break
		}
		for w := range factor {
			factor[w] *= min(max(target[w]/max(got[w], 1e-9), 0.5), 2)
		}
	}
	return out
}

// spreadRounds is enough for a few parts in a thousand.
const spreadRounds = 40

// fillLevel returns the level at which the sum of min(level·weight, room) is sum, or
// one that fills all room.
func fillLevel(sum float64, weight, room []float64) float64 {
	low, high := 0.0, 1.0
	at := func(level float64) (total float64) {
		for w, r := range room {
			total += min(level*weight[w], r)
		}
		return total
	}
	for range 60 {
		if at(high) >= sum {
			break
		}
		high *= 2
	}
	for range 60 {
		if middle := (low + high) / 2; at(middle) < sum {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

func total(v []float64) (sum float64) {
	for _, x := range v {
		sum += x
	}
	return sum
}

// sums returns the sums of the entries before each column, and of all.
func sums(table [][]float64) [][]float64 {
	out := make([][]float64, len(table))
	for e, row := range table {
		out[e] = make([]float64, len(row)+1)
		for w, v := range row {
			out[e][w+1] = out[e][w] + v
		}
	}
	return out
}

// weekendsBefore returns how many weekends employee e may have worked before week w.
// The parts of whole weekends come at other times for every employee.
func (l *plan) weekendsBefore(e, w int) int {
	const golden = 0.6180339887498949
	_, part := math.Modf(golden * float64(e+1))
	return int(l.weekends[e][w] + part)
}
