package bench

import (
	"context"
	"fmt"
	"math"
	"slices"

	"kcc/roster/line"
)

// yearPlan says how a long horizon is to be gone through when there is no time for prices of
// the whole (see course): how many minutes and weekends of every employee are meant to be
// used before each week.
type yearPlan struct {
	p        *problem
	minutes  [][]float64 // per employee and week, the sum of those before
	weekends [][]float64
	surplus  bool // contracts hold more than the cover needs
	wish     [][]int32
	tight    []bool // per employee: the contract asks for about all that the rules allow
}

// planYear spreads contracts over the weeks: in proportion to what the cover needs, but
// no more in a week than an employee can work then, so that those with much to give in
// quiet weeks keep it for the busy ones.
func (p *problem) planYear() *yearPlan {
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
	free := fit(rows, weekend, room)
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
	minutes := fit(rows, need, room)
	return &yearPlan{p: p, minutes: sums(minutes), weekends: sums(free), surplus: total(rows) > total(need), tight: tight}
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
	r := p.freeRules(e, denseDays, (p.inst.Staff[e].MaxWeekends*denseDays+p.days-1)/p.days)
	r.DayOff, r.MaxMinutes, r.Lengths = nil, denseDays, slices.Repeat([]int{1}, p.types)
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

// fit returns a table with the given sums of rows and with sums of columns in
// proportion to need, as far as no entry exceeds its room: each entry is the product of
// a number of its row and one of its column, or its room (iterative proportional
// fitting, W. Deming, F. Stephan, 1940).
func fit(rows, need []float64, room [][]float64) [][]float64 {
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
func (l *yearPlan) weekendsBefore(e, w int) int {
	const golden = 0.6180339887498949
	_, part := math.Modf(golden * float64(e+1))
	return int(l.weekends[e][w] + part)
}

// stage carries the prices of cover on by a week at a time; the costs of shifts stay.
func (l *yearPlan) stage(_ context.Context, _ *state, from, to int, _ float64, guide []float64) [][]int32 {
	p := l.p
	if from > 0 {
		for at := max(to-rollStep, 7) * p.types; at < to*p.types; at++ {
			guide[at] = p.clip(at, guide[at-7*p.types]*float64(p.scale)) / float64(p.scale)
		}
	}
	if l.surplus && l.wish == nil {
		l.wish = l.workWish()
	}
	if l.wish != nil {
		return l.wish
	}
	return p.wish
}

// workWish returns the costs of shifts per employee when a surplus of hours is to be
// worked at some time anyway: less what one too many costs, so that nobody puts off
// what the contract asks for.
func (l *yearPlan) workWish() [][]int32 {
	p := l.p
	sum, minutes := int64(0), int64(0)
	for _, c := range p.inst.Cover {
		sum += int64(c.Over) * int64(p.scale)
		minutes += int64(p.inst.Shifts[c.Shift].Minutes)
	}
	out := make([][]int32, p.staff)
	for e := range out {
		if out[e] = p.wish[e]; !l.tight[e] {
			continue
		}
		out[e] = slices.Clone(p.wish[e])
		for t, s := range p.inst.Shifts {
			raise(out[e], p.types, t, -int32(workReward*float64(sum)*float64(s.Minutes)/float64(minutes)))
		}
	}
	return out
}

// weekendPrice is the price of a worked weekend, in typical weights of cover: no line
// shall work one for little, as there are few. workReward is the reward of a shift in prices
// of one too many.
const (
	weekendPrice = 0.1
	workReward   = 1.2
)

// model returns the rules of e for a line that is free from day to on, when the
// minutes used by then may differ from the plan by slack shifts; with the last slack nothing
// but the contract counts.
func (l *yearPlan) model(e, to, slack int) *line.Model {
	slack++
	p := l.p
	emp := &p.inst.Staff[e]
	r := p.rules(e)
	r.MaxCount = slices.Clone(r.MaxCount)
	used := l.minutes[e][(to+6)/7]
	share := used / max(l.minutes[e][len(l.minutes[e])-1], 1)
	shift := 0
	for t, n := range r.MaxCount {
		if n > 0 {
			r.MaxCount[t] = min(int(math.Ceil(float64(n)*share))+slack, n)
			shift = max(shift, r.Lengths[t])
		}
	}
	if to == p.days {
		r.MinMinutes -= (slack - 1) * shift
	} else {
		r.MinMinutes = max(int(used)-slack*shift, 0)
		r.MaxMinutes = min(int(used)+shift/2, emp.MaxMinutes)
		if l.tight[e] {
			r.MaxMinutes = min(int(used)+2*shift, emp.MaxMinutes)
		}
		r.MaxWeekends = min(l.weekendsBefore(e, to/7), emp.MaxWeekends)
	}
	r.WeekendPrice = int32(weekendPrice * p.typicalWeight())
	if slack >= wideSlack {
		r.MinMinutes = 0
	}
	m, err := line.New(r)
	if err != nil {
		return nil
	}
	return m
}
