package bench

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"

	"kcc/roster/line"
)

// dual ascends the Lagrangian dual of the roster problem. With a price π per
// cell (day and shift type) for the presence of one person and a price λ per
// employee and limited shift type,
//
//	L(π,λ) = Σ_e min_x [ c_e(x) - π·x + λ_e·n(x) ] - Σ_e λ_e·N_e + Σ_cells min_z [ cost(z) + π·z ]
//
// is a lower bound of every roster's cost for any π and any λ ≥ 0, where x runs
// over the lines of work of employee e, n(x) counts their shifts per type, N are
// the maxima per type and z over 0..number of employees. The inner minimum is
// the exact programme of package line without the maxima per type. All prices
// are whole numbers in the units of problem, so that L is exact.
//
// Ascent is incremental: prices move after every few employees along their part
// of the subgradient (Nedic and Bertsekas, "Incremental subgradient methods for
// nondifferentiable optimization", SIAM J. Optim. 12, 2001), steps shrink, and a
// clean pass over all employees at the averaged prices gives the bound.
type dual struct {
	p              *problem
	crew           []*worker
	models         *relaxation
	price          []float64 // π now
	mean           []float64 // averaged π
	limit          [][]float64
	lmean          [][]float64
	order          []int
	lines          [][]int16
	weekend, wmean []float64 // price of a worked weekend, per employee
	minute, mmean  []float64 // price of a minute, per employee, of any sign
	best           int64     // best bound in 1/scale, before rounding
	prices         []int32   // π of the best bound
	bestLimit      [][]float64
	bestWeekend    []float64
	bestMinute     []float64
	sweeps         int
	first          float64 // first step, see firstStep
	pool           *pool
	from           int        // first day that counts, see begin
	left           []Employee // contracts less what the days before use
	use            *usage     // of a problem that is gone through stretch by stretch, else nil
}

// relaxation says which shift types have a maximum that can bind, per employee.
type relaxation struct {
	models  []*line.Model
	binding [][]int
}

// maxTable is the largest table for which the bound keeps the weekends and the
// minutes of a contract as they are; larger ones price the weekends and, if that
// is not enough, the minutes.
const maxTable = 4 << 20

// relaxed returns the model of e that the bound uses.
func (p *problem) relaxed(e int) *line.Model {
	m := p.models[e]
	if k := p.light[e]; k != nil {
		return k
	}
	if m.Cells(p.days) <= maxTable {
		return m
	}
	if k := m.Relax(false); k.Cells(p.days) <= maxTable {
		return k
	}
	return m.Relax(true)
}

// ascentBatch is the number of employees between two price steps; fixed, so that
// the result does not depend on the number of workers.
const ascentBatch = 4

// newDual prepares the ascent for p.
func newDual(p *problem, crew []*worker) *dual {
	d := &dual{p: p, crew: crew, best: math.MinInt64, first: firstStep, models: &relaxation{}, pool: newPool(p)}
	d.price, d.mean = make([]float64, p.cells()), make([]float64, p.cells())
	d.prices = make([]int32, p.cells())
	d.weekend, d.wmean = make([]float64, p.staff), make([]float64, p.staff)
	d.bestWeekend, d.bestMinute = make([]float64, p.staff), make([]float64, p.staff)
	d.minute, d.mmean = make([]float64, p.staff), make([]float64, p.staff)
	for e := range p.staff {
		var types []int
		if p.soft == nil {
			for t, n := range p.inst.Staff[e].MaxShifts {
				if n > 0 && n < p.models[e].MostShifts() {
					types = append(types, t)
				}
			}
			d.models.models = append(d.models.models, p.relaxed(e))
		}
		d.models.binding = append(d.models.binding, types)
		d.limit = append(d.limit, make([]float64, p.types))
		d.lmean = append(d.lmean, make([]float64, p.types))
		d.bestLimit = append(d.bestLimit, make([]float64, p.types))
		d.order = append(d.order, e)
		d.left = append(d.left, p.inst.Staff[e])
		line := make([]int16, p.days)
		for i := range line {
			line[i] = Off
		}
		d.lines = append(d.lines, line)
	}
	half := 0.5 * p.typicalWeight()
	for i := range d.price {
		d.price[i] = p.clip(i, min(-0.5*float64(p.slope(i, 0)), half))
		d.mean[i] = d.price[i]
	}
	return d
}

// clip keeps a price between the slopes of the cell's cost, outside of which it
// cannot be optimal.
func (p *problem) clip(cell int, price float64) float64 {
	lo, hi := -float64(p.slope(cell, int32(p.staff-1))), -float64(p.slope(cell, 0))
	return within(price, lo, hi)
}

// wanted returns the number of people that the price alone would put on a cell,
// and the cell's term of L.
func (d *dual) wanted(cell int, price int32) (n int32, value int64) {
	for n < int32(d.p.staff) {
		s := int64(d.p.slope(cell, n)) + int64(price)
		if s >= 0 {
			break
		}
		value += s
		n++
	}
	return n, value
}

// lineOf finds the cheapest line of e at the prices and returns its term of L.
func (d *dual) lineOf(w *worker, e int, price, limit []float64, weekend, minute float64) int64 {
	p, emp := d.p, &d.left[e]
	for i := range w.cost {
		w.cost[i] = p.wish[e][i] - int32(math.Round(price[i]))
	}
	if p.soft != nil {
		shifts := w.shiftsOf(p, d.lines[e])
		v, ok := w.soft.Best(p.soft[e], shifts, 0, p.days, w.cost, p.shifts, shifts, d.lines[e])
		if !ok {
			return math.MinInt32
		}
		return int64(v)
	}
	var constant int64
	for _, t := range d.models.binding[e] {
		if l := int32(math.Round(limit[t])); l > 0 {
			constant -= int64(l) * int64(emp.MaxShifts[t])
			raise(w.cost, p.types, t, l)
		}
	}
	m := d.models.models[e]
	w.solver.WeekendPrice = 0
	if m.AnyWeekends() {
		w.solver.WeekendPrice = int32(math.Round(weekend))
		constant -= int64(w.solver.WeekendPrice) * int64(emp.MaxWeekends)
	}
	if m.AnyMinutes() {
		// The price is per unit, so that it is a whole number for every shift.
		unit := int64(p.models[e].Unit())
		mu := int64(math.Round(minute * float64(unit)))
		for t, s := range p.inst.Shifts {
			if p.inst.Staff[e].MaxShifts[t] > 0 {
				raise(w.cost, p.types, t, int32(mu*(int64(s.Minutes)/unit)))
			}
		}
		lo, hi := (int64(emp.MinMinutes)+unit-1)/unit, int64(emp.MaxMinutes)/unit
		constant -= max(mu*lo, mu*hi)
	}
	v, ok := w.solver.Relaxed(m, d.lines[e], d.from, p.days, w.cost[d.from*p.types:], d.lines[e])
	if !ok {
		return math.MinInt32
	}
	return int64(v) + constant
}

// each runs f for the numbers a..b-1 on all workers and waits.
func each(crew []*worker, a, b int, f func(w *worker, i int)) {
	if len(crew) == 1 || b-a == 1 {
		for i := a; i < b; i++ {
			f(crew[0], i)
		}
		return
	}
	next := atomic.Int64{}
	next.Store(int64(a))
	var wg sync.WaitGroup
	work := func(w *worker) {
		for {
			i := int(next.Add(1)) - 1
			if i >= b {
				return
			}
			f(w, i)
		}
	}
	for _, w := range crew[1:] {
		wg.Go(func() { work(w) })
	}
	work(crew[0])
	wg.Wait()
}

// pass computes L at the averaged prices and keeps it if it is the best.
func (d *dual) pass(ctx context.Context) {
	p := d.p
	values := make([]int64, p.staff)
	each(d.crew, 0, p.staff, func(w *worker, e int) {
		if ctx.Err() == nil {
			values[e] = d.lineOf(w, e, d.mean, d.lmean[e], d.wmean[e], d.mmean[e])
		}
	})
	if ctx.Err() != nil {
		return
	}
	total := p.base + p.empty
	for _, v := range values {
		total += v
	}
	for i := d.from * p.types; i < len(d.mean); i++ {
		_, v := d.wanted(i, int32(math.Round(d.mean[i])))
		total += v
	}
	if total > d.best {
		d.best = total
		for i, pr := range d.mean {
			d.prices[i] = int32(math.Round(pr))
		}
		for e, l := range d.lmean {
			d.bestLimit[e] = append(d.bestLimit[e][:0], l...)
		}
		copy(d.bestWeekend, d.wmean)
		copy(d.bestMinute, d.mmean)
	}
}

// sweep moves the prices once after every few employees.
func (d *dual) sweep(ctx context.Context, step float64, rng *rand.Rand) {
	p := d.p
	rng.Shuffle(len(d.order), func(i, j int) { d.order[i], d.order[j] = d.order[j], d.order[i] })
	for a := 0; a < p.staff && ctx.Err() == nil; a += ascentBatch {
		b := min(a+ascentBatch, p.staff)
		each(d.crew, a, b, func(w *worker, i int) {
			e := d.order[i]
			d.lineOf(w, e, d.price, d.limit[e], d.weekend[e], d.minute[e])
		})
		share := float64(b-a) / float64(p.staff)
		for i := d.from * p.types; i < len(d.price); i++ {
			n, _ := d.wanted(i, int32(math.Round(d.price[i])))
			d.price[i] += step * share * float64(n)
		}
		for _, e := range d.order[a:b] {
			d.pool.put(p, e, d.lines[e])
			if d.use != nil {
				d.use.note(p, e, d.lines[e], max(usageWeight, 1/float64(d.sweeps+1)))
			}
			for day := d.from; day < p.days; day++ {
				if t := d.lines[e][day]; t != Off {
					d.price[day*p.types+int(t)] -= step
				}
			}
			d.moveLimits(e, step)
			if p.soft == nil {
				d.moveRelaxed(e, step)
			}
		}
		for i, pr := range d.price {
			d.price[i] = d.p.clip(i, pr)
		}
		w := averaging * share
		for i, pr := range d.price {
			d.mean[i] += w * (pr - d.mean[i])
		}
	}
}

// averaging is the weight of one sweep in the mean of the prices.
const averaging = 0.3

// moveLimits moves the prices of the shift types whose maximum can bind.
func (d *dual) moveLimits(e int, step float64) {
	for _, t := range d.models.binding[e] {
		used, most := 0, d.left[e].MaxShifts[t]
		for _, s := range d.lines[e][d.from:] {
			if int(s) == t {
				used++
			}
		}
		d.limit[e][t] = within(d.limit[e][t]+step*diagonal(most)*float64(used-most), 0, d.p.dearest())
		d.lmean[e][t] += averaging * (d.limit[e][t] - d.lmean[e][t])
	}
}

// moveRelaxed moves the prices of weekends and minutes where they have any.
func (d *dual) moveRelaxed(e int, step float64) {
	left, m := &d.left[e], d.models.models[e]
	if !m.AnyWeekends() && !m.AnyMinutes() {
		return
	}
	minutes, weekends := d.p.used(d.lines[e], d.from, d.p.days)
	if m.AnyWeekends() {
		d.weekend[e] = within(d.weekend[e]+step*diagonal(left.MaxWeekends)*float64(weekends-left.MaxWeekends), 0, 2*d.p.dearest())
		d.wmean[e] += averaging * (d.weekend[e] - d.wmean[e])
	}
	if m.AnyMinutes() {
		off := minutes - min(max(minutes, left.MinMinutes), left.MaxMinutes)
		shifts := max(d.p.models[e].MostShifts(), 1)
		mean := float64(max(d.p.inst.Staff[e].MaxMinutes, 1)) / float64(shifts)
		most := d.p.dearest() / float64(slices.Max(d.p.lengths))
		step *= diagonal(shifts * (d.p.days - d.from) / d.p.days)
		d.minute[e] = within(d.minute[e]+step*float64(off)/(mean*mean), -most, most)
		d.mmean[e] += averaging * (d.minute[e] - d.mmean[e])
	}
}

// diagonal scales the step of a price of what a line adds up to so many of: between that of
// one of them and that of their mean. With the step of one, prices of a year swing as far as a shift
// can be worth and bounds are poor; with that of the mean they are slow.
func diagonal(n int) float64 { return 1 / math.Sqrt(float64(max(n, 1))) }

// within keeps a price between two limits. Without limits the prices of what a whole line
// adds up swing, in a period of a year, until their sums no longer fit.
func within(price, lo, hi float64) float64 { return min(max(price, lo), hi) }

// dearest is more than any shift is worth for cover and wishes together: a limit that
// costs as much per shift is kept by working none.
func (p *problem) dearest() float64 { return float64(p.steepest) + float64(p.dearWish) }

// cleanEvery is the number of sweeps between two evaluations of the bound.
const cleanEvery = 10

// firstStep and lastStep are the steps of the prices at both ends of an ascent,
// as parts of the typical weight of cover; between them steps shrink by equal
// factors.
const (
	firstStep = 0.1
	lastStep  = 0.0002
	warmStep  = 0.02 // first step from good prices
)

// work returns the steps of all workers.
func (d *dual) work() int64 { return totalWork(d.crew) }

// ascend runs sweeps until the clock's part reaches until, one at least.
func (d *dual) ascend(ctx context.Context, clk *clock, until float64, rng *rand.Rand) {
	start := clk.part()
	steps := d.work
	typical := d.p.typicalWeight()
	for k := 1; ctx.Err() == nil; k++ {
		before := steps()
		part := 1.0
		if until > start { // else what came before took longer than it was given
			part = min((clk.part()-start)/(until-start), 1)
		}
		d.sweep(ctx, typical*d.first*math.Pow(lastStep/d.first, part), rng)
		d.sweeps++
		clk.done += steps() - before
		if part >= 1 || k%cleanEvery == 0 {
			before = steps()
			d.pass(ctx)
			clk.done += steps() - before
		}
		if part >= 1 {
			return
		}
	}
}

// bound returns the best bound in whole weights, rounded up to what a roster can cost.
func (d *dual) bound() int64 {
	if d.best == math.MinInt64 {
		return 0
	}
	u := max(d.p.unit, int64(d.p.scale))
	b := d.best / u
	if d.best > 0 && d.best%u != 0 {
		b++
	}
	return max(b, 0) * (u / int64(d.p.scale))
}

// goal returns the bound in 1/scale, no roster costs less.
func (d *dual) goal() int64 { return d.bound() * int64(d.p.scale) }
