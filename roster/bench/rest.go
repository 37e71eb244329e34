package bench

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"kcc/roster/line"
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
		if t != Off {
			u.types[e][t][d/7] += weight
		}
	}
	for w := range u.minutes[e] {
		minutes, weekends := p.used(days, 7*w, min(7*w+7, len(days)))
		u.minutes[e][w] += weight * float64(minutes)
		u.weekends[e][w] += weight * float64(weekends)
	}
}

// course is the pacer that follows an ascent of what is left: its prices of hours, weekends
// and shifts per type go into the costs of the stretch, so that every employee keeps
// what is worth more later, and contracts are used about as the relaxation of the rest
// uses them. The last stretch is solved under all rules, without prices.
type course struct {
	p        *problem
	crew     []*worker
	rest     *dual
	clk      *clock
	rng      *rand.Rand
	minutes  [][]float64   // per employee: those to be used before each week, and in all
	weekends [][]float64   // likewise
	types    [][][]float64 // likewise per employee and type
	weekend  []int32       // price of a worked weekend per employee
	later    []int         // most minutes that an employee can work after the stretch
}

// newCourse returns the course after an ascent d.
func newCourse(d *dual, clk *clock, rng *rand.Rand) *course {
	return &course{p: d.p, crew: d.crew, rest: d.rest(), clk: clk, rng: rng, later: make([]int, d.p.staff)}
}

func (c *course) stage(ctx context.Context, s *state, from, to int, slot float64, guide []float64) [][]int32 {
	p, d := c.p, c.rest
	d.begin(s.lines, from)
	if from == 0 {
		d.pass(ctx)
	} else {
		d.ascend(ctx, c.clk, c.clk.part()+courseAscent*slot, c.rng)
	}
	for i, pr := range d.prices {
		guide[i] = float64(pr) / float64(p.scale)
	}
	wish := c.follow()
	if to == p.days {
		clear(c.weekend)
		return p.wish
	}
	before := totalWork(c.crew)
	each(c.crew, 0, p.staff, func(w *worker, e int) {
		c.later[e] = w.mostMinutes(p, e, to, p.inst.Staff[e].MaxWeekends-int(c.weekends[e][to/7]))
	})
	c.clk.done += totalWork(c.crew) - before
	return wish
}

// follow sets the course by the averages of the ascent, and returns the costs of shifts with
// its best prices. What is before the first day left counts as it is.
func (c *course) follow() (wish [][]int32) {
	p, d := c.p, c.rest
	c.minutes, c.weekends, c.types, c.weekend = nil, nil, nil, make([]int32, p.staff)
	for e := range p.staff {
		whole, left, m := &p.inst.Staff[e], &d.left[e], d.models.models[e]
		minutes, weekends := p.used(d.lines[e], 0, d.from)
		c.minutes = append(c.minutes, spread(d.use.minutes[e], d.from/7, minutes, left.MinMinutes, left.MaxMinutes))
		c.weekends = append(c.weekends, spread(d.use.weekends[e], d.from/7, weekends, 0, left.MaxWeekends))
		types := make([][]float64, p.types)
		for t, row := range d.use.types[e] {
			types[t] = spread(row, d.from/7, whole.MaxShifts[t]-left.MaxShifts[t], 0, left.MaxShifts[t])
		}
		c.types = append(c.types, types)
		costs := slices.Clone(p.wish[e])
		for _, t := range d.models.binding[e] {
			raise(costs, p.types, t, int32(math.Round(d.bestLimit[e][t])))
		}
		if m.AnyWeekends() {
			c.weekend[e] = int32(math.Round(d.bestWeekend[e]))
		}
		if m.AnyMinutes() {
			for t, s := range p.inst.Shifts {
				raise(costs, p.types, t, int32(math.Round(d.bestMinute[e]*float64(s.Minutes))))
			}
		}
		wish = append(wish, costs)
	}
	return wish
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

// model returns the rules of e for a line that is free from day to on: minutes, weekends
// and shifts per type used by then are about those of the plan, wider by slack shifts; with the last
// slack nothing but the contract counts. The minutes must leave no more than can still
// be worked. On the last stretch the contract counts, less slack shifts.
func (c *course) model(e, to, slack int) *line.Model {
	p := c.p
	emp := &p.inst.Staff[e]
	r := p.rules(e)
	shift := p.longest(e)
	r.WeekendPrice = c.weekend[e]
	if to == p.days {
		r.MinMinutes -= slack * shift
	} else {
		week := to / 7
		r.MaxCount = slices.Clone(r.MaxCount)
		for t, n := range r.MaxCount {
			if n > 0 {
				r.MaxCount[t] = min(int(math.Ceil(c.types[e][t][week]))+slack+courseTypes, n)
			}
		}
		r.MaxWeekends = min(int(c.weekends[e][week]+courseWeekends), emp.MaxWeekends)
		used := int(c.minutes[e][week])
		r.MinMinutes = max(used-slack*shift, emp.MinMinutes-c.later[e]+courseReserve*shift, 0)
		r.MaxMinutes = min(max(used+courseShifts*shift, r.MinMinutes+shift), emp.MaxMinutes)
		r.MinMinutes = min(r.MinMinutes, r.MaxMinutes)
	}
	if slack == wideSlack-1 {
		r.MinMinutes = 0
	}
	m, err := line.New(r)
	if err != nil {
		return nil
	}
	return m
}

// longest returns the longest shift that e may work.
func (p *problem) longest(e int) (minutes int) {
	for t, n := range p.inst.Staff[e].MaxShifts {
		if n > 0 {
			minutes = max(minutes, p.lengths[t])
		}
	}
	return minutes
}

// mostMinutes returns the most minutes that e can work from day from, a Monday, on in so
// many weekends.
func (w *worker) mostMinutes(p *problem, e, from, weekends int) int {
	r := p.freeRules(e, p.days-from, weekends)
	r.DayOff, r.MaxMinutes = r.DayOff[from:], r.Days*slices.Max(p.lengths)
	unit := p.models[e].Unit()
	m, err := line.New(r)
	if err != nil {
		return 0
	}
	cost := make([]int32, r.Days*p.types)
	for i := range cost {
		cost[i] = -int32(p.lengths[i%p.types] / unit)
	}
	days := slices.Repeat([]int16{Off}, r.Days)
	v, _ := w.solver.Best(m, days, 0, r.Days, cost, days)
	return int(-v) * unit
}

const (
	courseAscent = 0.3 // share of the time of a stretch for the ascent
	// What a line may use beyond the course, in shifts, shifts of a type and weekends, and the
	// shifts that must be left over of what can still be worked.
	courseShifts   = 2
	courseTypes    = 3
	courseWeekends = 1.5
	courseReserve  = 3
)
