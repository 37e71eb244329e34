package bench

import (
	"math"
	"slices"
)

// A long horizon is gone through from its first day to its last (see roll). What is left of
// it at any time is a problem of its own: the days from from on, under contracts less
// what the days before use. Its dual says what the hours, weekends and shifts per type of every
// contract are worth, and the lines of the last sweeps say when they are used.

// rest returns an ascent for what is left, which begins at the best prices of d.
func (d *dual) rest() *dual {
	r := newDual(d.p, d.crew)
	for i, v := range d.prices {
		r.price[i], r.mean[i] = float64(v), float64(v)
	}
	for e := range r.limit {
		copy(r.limit[e], d.bestLimit[e])
		copy(r.lmean[e], d.bestLimit[e])
	}
	copy(r.weekend, d.bestWeekend)
	copy(r.wmean, d.bestWeekend)
	copy(r.minute, d.bestMinute)
	copy(r.mmean, d.bestMinute)
	r.first = restStep
	r.use, r.sweeps = d.use, d.sweeps
	return r
}

// restStep is the first step of an ascent for the rest of a period.
const restStep = 0.01

// begin takes the days before from, a Monday, as they are in lines. The bound of d is
// then one of the rest only.
func (d *dual) begin(lines [][]int16, from int) {
	d.from, d.best = from, math.MinInt64
	for e, l := range lines {
		copy(d.lines[e][:from], l)
		emp := d.p.inst.Staff[e]
		minutes, weekends := d.p.used(l, 0, from)
		emp.MaxWeekends -= weekends
		emp.MinMinutes, emp.MaxMinutes = max(emp.MinMinutes-minutes, 0), emp.MaxMinutes-minutes
		emp.MaxShifts = slices.Clone(emp.MaxShifts)
		for _, t := range l[:from] {
			if t != Off {
				emp.MaxShifts[t]--
			}
		}
		d.left[e] = emp
	}
}

// used returns the minutes and worked weekends of a line on the days from..to-1.
func (p *problem) used(days []int16, from, to int) (minutes, weekends int) {
	for day := from; day < to; day++ {
		t := days[day]
		if t == Off {
			continue
		}
		minutes += p.inst.Shifts[t].Minutes
		if day%7 == 5 || day%7 == 6 && days[day-1] == Off {
			weekends++
		}
	}
	return minutes, weekends
}

// usage says what lines use of what counts over the whole of them, per week, on average over
// the last sweeps of an ascent: the weights of the linear relaxation, about.
type usage struct {
	minutes, weekends [][]float64   // per employee and week
	types             [][][]float64 // per employee, type and week
}

// usageWeight is the weight of one sweep in the averages.
const usageWeight = 0.03

func newUsage(p *problem) *usage {
	weeks := (p.days + 6) / 7
	u := &usage{}
	for range p.staff {
		u.minutes, u.weekends = append(u.minutes, make([]float64, weeks)), append(u.weekends, make([]float64, weeks))
		types := make([][]float64, p.types)
		for t := range types {
			types[t] = make([]float64, weeks)
		}
		u.types = append(u.types, types)
	}
	return u
}

// note moves the averages of e towards a line, by the given weight.
func (u *usage) note(p *problem, e int, days []int16, weight float64) {
	fade := func(row []float64) {
		for w := range row {
			row[w] *= 1 - weight
		}
	}
	fade(u.minutes[e])
	fade(u.weekends[e])
	for _, row := range u.types[e] {
		fade(row)
	}
	for d, t := range days {
		if t == Off {
			continue
		}
		u.minutes[e][d/7] += weight * float64(p.inst.Shifts[t].Minutes)
		u.types[e][t][d/7] += weight
		if d%7 == 5 || d%7 == 6 && days[d-1] == Off {
			u.weekends[e][d/7] += weight
		}
	}
}

// plan says how what is left of a long horizon is to be used.
type plan struct {
	minutes  [][]float64   // per employee: those used before each week, and in all
	weekends [][]float64   // likewise
	types    [][][]float64 // likewise per employee and type
	wish     [][]int32     // costs of shifts with the prices of hours and of shifts per type
	weekend  []int32       // price of a worked weekend per employee
}

// plan returns what the averages of the ascent and its best prices make. What is before d.from
// counts as it is.
func (d *dual) plan() plan {
	p := d.p
	l := plan{wish: make([][]int32, p.staff), weekend: make([]int32, p.staff)}
	for e := range p.staff {
		whole, left, m := &p.inst.Staff[e], &d.left[e], d.models.models[e]
		minutes, weekends := p.used(d.lines[e], 0, d.from)
		l.minutes = append(l.minutes, spread(d.use.minutes[e], d.from/7, minutes, left.MinMinutes, left.MaxMinutes))
		l.weekends = append(l.weekends, spread(d.use.weekends[e], d.from/7, weekends, 0, left.MaxWeekends))
		types := make([][]float64, p.types)
		for t, row := range d.use.types[e] {
			types[t] = spread(row, d.from/7, whole.MaxShifts[t]-left.MaxShifts[t], 0, left.MaxShifts[t])
		}
		l.types = append(l.types, types)
		l.wish[e] = slices.Clone(p.wish[e])
		for _, t := range d.models.binding[e] {
			raise(l.wish[e], p.types, t, int32(math.Round(d.bestLimit[e][t])))
		}
		if m.AnyWeekends() {
			l.weekend[e] = int32(math.Round(d.bestWeekend[e]))
		}
		if m.AnyMinutes() {
			for t, s := range p.inst.Shifts {
				raise(l.wish[e], p.types, t, int32(math.Round(d.bestMinute[e]*float64(s.Minutes))))
			}
		}
	}
	return l
}

// spread returns the sums before each week, and in all, of an amount of which used is spent
// before week first; the rest follows row, brought between least and most in all.
func spread(row []float64, first, used, least, most int) []float64 {
	all := total(row[first:])
	by := min(max(all, float64(least)), float64(most)) / max(all, 1e-9)
	out := make([]float64, len(row)+1)
	for w := range row {
		if w < first {
			out[w+1] = float64(used)
		} else {
			out[w+1] = out[w] + row[w]*by
		}
	}
	return out
}

func total(v []float64) (sum float64) {
	for _, x := range v {
		sum += x
	}
	return sum
}
