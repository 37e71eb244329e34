package bench

import (
	"math"

	"kcc/roster/line"
)

// link is a rule on the whole line of an employee that the master keeps, because the
// table of the exact programme with it would be too large: an amount that the
// weighted lines may have, least to most, with a price per amount beyond.
type link struct {
	kind        linkKind
	shift       int     // for ofType
	least, most float64 // in the rule's own unit: shifts, units of time, weekends
	scale       float64 // amounts per unit
}

type linkKind int8

const (
	ofType linkKind = iota
	ofMinutes
	ofWeekends
)

// pieces returns breakpoints and slopes of what an amount costs; beyond is the price
// of one shift's amount too many.
func (l *link) pieces(beyond float64) (at, slope []float64) {
	price := beyond / l.scale
	if l.least > 0 {
		return []float64{l.least * l.scale, l.most * l.scale}, []float64{-price, 0, price}
	}
	return []float64{l.most * l.scale}, []float64{0, price}
}

// linked reports whether the rules of staff k on the whole line are kept by the
// master.
func (v *diver) linked(k int) bool {
	return len(v.links) > 0 && v.linkOf[k] < v.linkOf[k+1]
}

// openLinks lists the links of the staff whose table is too large.
func (v *diver) openLinks() {
	v.links, v.linkOf = v.links[:0], append(v.linkOf[:0], 0)
	p := v.p
	for _, e := range v.staff {
		if v.to-v.from == p.days && p.light != nil && p.light[e] != nil {
			m, emp := p.models[e], &p.inst.Staff[e]
			add := func(kind linkKind, shift int, least, most int) {
				// The square root lies between amounts of one per shift and one per line.
				v.links = append(v.links, link{kind, shift, float64(least), float64(most), 1 / math.Sqrt(float64(max(most, 1)))})
			}
			for t, n := range emp.MaxShifts {
				if n > 0 && n < m.MostShifts() {
					add(ofType, t, 0, n)
				}
			}
			unit := m.Unit()
			add(ofMinutes, 0, (emp.MinMinutes+unit-1)/unit, emp.MaxMinutes/unit)
			add(ofWeekends, 0, 0, emp.MaxWeekends)
		}
		v.linkOf = append(v.linkOf, int32(len(v.links)))
	}
}

// guideLinks takes the prices of the links from an ascent.
func (v *diver) guideLinks(d *dual) {
	for k, e := range v.staff {
		if !v.linked(k) {
			continue
		}
		for i := v.linkOf[k]; i < v.linkOf[k+1]; i++ {
			l := &v.links[i]
			price := d.bestLimit[e][l.shift]
			switch l.kind {
			case ofWeekends:
				price = d.bestWeekend[e]
			case ofMinutes:
				price = d.bestMinute[e] * float64(v.p.models[e].Unit())
			}
			v.center[len(v.present)+int(i)] = -price / (l.scale * float64(v.p.scale))
		}
	}
}

// amounts returns the cells of the links of staff k and what the days of a line add
// to them.
func (v *diver) amounts(k int, days []int16) (cells []int32, amounts []float64) {
	if !v.linked(k) {
		return nil, nil
	}
	unit := v.p.models[v.staff[k]].Unit()
	minutes, weekends := v.p.used(days, 0, len(days))
	count := make([]int, v.p.types)
	for _, t := range days {
		if t != Off {
			count[t]++
		}
	}
	for i := v.linkOf[k]; i < v.linkOf[k+1]; i++ {
		l, n := &v.links[i], weekends
		switch l.kind {
		case ofType:
			n = count[l.shift]
		case ofMinutes:
			n = minutes / unit
		}
		if n > 0 {
			cells, amounts = append(cells, int32(len(v.present))+i), append(amounts, float64(n)*l.scale)
		}
	}
	return cells, amounts
}

// priceLinks adds the prices of the links of staff k to cost and returns the term
// that does not depend on the line, in 1/scale. All are whole numbers, so that the
// bound is exact.
func (v *diver) priceLinks(w *worker, k int, cost []int32) (constant int64) {
	w.solver.WeekendPrice = 0
	if !v.linked(k) {
		return 0
	}
	p, unit := v.p, int64(v.p.models[v.staff[k]].Unit())
	for i := v.linkOf[k]; i < v.linkOf[k+1]; i++ {
		l := &v.links[i]
		price := int64(math.Round(-v.prices[len(v.present)+int(i)] * l.scale * float64(p.scale)))
		least, most := int64(l.least), int64(l.most)
		switch l.kind {
		case ofType:
			price = max(price, 0)
			raise(cost, p.types, l.shift, int32(price))
		case ofWeekends:
			price = max(price, 0)
			w.solver.WeekendPrice = int32(price)
		case ofMinutes:
			for t, s := range p.inst.Shifts {
				raise(cost, p.types, t, int32(price*(int64(s.Minutes)/unit)))
			}
		}
		constant -= max(price*least, price*most)
	}
	return constant
}

// raise adds c to the cost of all shifts of type t.
func raise(cost []int32, types, t int, c int32) {
	for i := t; i < len(cost); i += types {
		cost[i] += c
	}
}

// mend changes the lines of v.next that break a rule of the whole line, on as few
// days as it can; an employee for whom that fails keeps the line before.
func (v *diver) mend(w *worker) {
	p := v.p
	if len(v.links) == 0 {
		return
	}
	present := make([]int32, len(v.present))
	copy(present, v.present)
	put := func(k int, n int32) {
		for d, t := range v.next[k] {
			if t != Off {
				present[d*p.types+int(t)] += n
			}
		}
	}
	for k := range v.staff {
		put(k, 1)
	}
	for k, e := range v.staff {
		if !v.linked(k) || p.models[e].Keeps(v.next[k]) {
			continue
		}
		put(k, -1)
		if !w.mendLine(p, e, present, v.next[k]) {
			copy(v.next[k], v.current[k])
		}
		put(k, 1)
	}
}

// mendLine changes one stretch of the line of e, as short as can be, so that it keeps
// all rules, at least cost beside the others present.
func (w *worker) mendLine(p *problem, e int, present []int32, days []int16) bool {
	m := p.models[e]
	try, best := make([]int16, p.days), make([]int16, p.days)
	for length := mendDays; ; length *= 2 {
		found, least := false, int64(0)
		for from := 0; from < p.days; from += length / 2 {
			to := min(from+length, p.days)
			cost := w.marginal(p, present, e, from, to)
			old := int64(0)
			for d := from; d < to; d++ {
				if t := days[d]; t != Off {
					old += int64(cost[(d-from)*p.types+int(t)])
				}
			}
			copy(try, days)
			value, ok := w.solver.Best(m, days, from, to, cost, try)
			if ok && m.Keeps(try) && (!found || int64(value)-old < least) {
				found, least = true, int64(value)-old
				copy(best, try)
			}
			if to == p.days {
				break
			}
		}
		if found {
			copy(days, best)
			return true
		}
		if length >= p.days {
			return false
		}
	}
}

// mendDays is the first length of the stretches that mendLine tries, whole weeks.
const mendDays = 28

// heavyTable is the size of the table of a whole line, with the dimension of one
// limited shift type, from which its rules are kept by the master.
const heavyTable = 16 << 20

// lighten returns the model without the rules that the master keeps, or nil if the
// table is small enough for all rules.
func (p *problem) lighten(e int) *line.Model {
	m := p.models[e]
	cells := m.Cells(p.days)
	for _, n := range p.inst.Staff[e].MaxShifts {
		if n > 0 && n < m.MostShifts() {
			return p.lightIf(m, cells*(n+1))
		}
	}
	return p.lightIf(m, cells)
}

func (p *problem) lightIf(m *line.Model, cells int) *line.Model {
	if cells <= heavyTable {
		return nil
	}
	return m.Relax(true)
}
