package forecast

import "math"

// minShapeDays is how many days of a kind must be known before it has a shape.
const minShapeDays = 2

// kindOf names the kind of special day that d is, for its shape: an event, a
// worked holiday, the first open day after a closure or the last before one.
func (p *panel) kindOf(d int) string {
	if p.events != nil && len(p.events[d].learn) > 0 {
		return "event " + p.events[d].learn[0]
	}
	if p.holiday[d] != "" {
		return "holiday " + p.holiday[d]
	}
	for k := d - 1; k >= 0; k-- {
		if p.closed[k] {
			return "after"
		}
		if p.opens[k] {
			break
		}
	}
	for k := d + 1; k < p.days(); k++ {
		if p.closed[k] {
			return "before"
		}
		if p.opens[k] {
			break
		}
	}
	return ""
}

// dayShapes holds per kind of special day the factor of each slot against the
// profile of its weekday:
//
//	r(s) = 1 + b·(Σ y_d(s) / Σ e_d(s) - 1),   b = max(0, 1 - m·φ / Σ_s (y - e)²/e)
//
// over the days of that kind, e being the volume of the day spread by the profile,
// m the number of slots, and φ the mean of (y - e)²/e on ordinary days: the rule of
// James and Stein (1961, Proc. 4th Berkeley Symp. 1:361-379). A shape that chance
// could have made is left at that of the weekday.
func (v *view) dayShapes() map[string][]float64 {
	if v.shaped {
		return v.shapes
	}
	v.shaped = true
	p := v.p
	if p.slots < 4 || p.plain || !p.nonneg {
		return nil
	}
	kinds := map[string][]int{}
	for d := v.lo; d < v.n; d++ {
		if v.has(d) {
			if k := p.kindOf(d); k != "" {
				kinds[k] = append(kinds[k], d)
			}
		}
	}
	enough := false
	for _, days := range kinds {
		enough = enough || len(days) >= minShapeDays
	}
	if !enough {
		return nil
	}
	phi := v.dispersion()
	if !(phi > 0) {
		return nil
	}
	v.shapes = map[string][]float64{}
	for kind, days := range kinds {
		if len(days) < minShapeDays {
			continue
		}
		if r := v.shapeOf(days, phi); r != nil {
			v.shapes[kind] = r
		}
	}
	return v.shapes
}

// expected spreads the volume of a history day over its known slots by the
// profile; NaN where unknown.
func (v *view) expected(d int) []float64 {
	share := v.profile().of(v.p.phase(d))
	row := v.row(d)
	tot, part := 0.0, 0.0
	for i, x := range row {
		if !math.IsNaN(x) {
			tot += x
			part += share[i]
		}
	}
	out := make([]float64, len(row))
	for i, x := range row {
		out[i] = math.NaN()
		if !math.IsNaN(x) && part > 0 {
			out[i] = tot * share[i] / part
		}
	}
	return out
}

// dispersion is the mean of (y - e)²/e over the ordinary days of the last half
// year.
func (v *view) dispersion() float64 {
	const recent = 182
	sum, n := 0.0, 0.0
	for d := max(v.lo, v.n-recent); d < v.n; d++ {
		if !v.has(d) || v.p.kindOf(d) != "" {
			continue
		}
		for i, e := range v.expected(d) {
			if e > leastExpected {
				r := v.row(d)[i] - e
				sum += r * r / e
				n++
			}
		}
	}
	if n == 0 {
		return 0
	}
	return sum / n
}

// leastExpected is the volume under which a slot says nothing about a shape.
const leastExpected = 0.05

func (v *view) shapeOf(days []int, phi float64) []float64 {
	s := v.p.slots
	y, e := make([]float64, s), make([]float64, s)
	for _, d := range days {
		for i, x := range v.expected(d) {
			if x > leastExpected {
				y[i] += v.row(d)[i]
				e[i] += x
			}
		}
	}
	chi, m := 0.0, 0.0
	for i := range y {
		if e[i] > 0 {
			chi += (y[i] - e[i]) * (y[i] - e[i]) / e[i]
			m++
		}
	}
	if chi <= 0 {
		return nil
	}
	b := 1 - m*phi/chi
	if b <= 0 {
		return nil
	}
	out := make([]float64, s)
	for i := range out {
		out[i] = 1
		if e[i] > 0 {
			out[i] = 1 + b*(y[i]/e[i]-1)
		}
	}
	return out
}

// shape returns the factors of the slots of day d, scaled so that the shares of
// the open slots keep their sum; nil when the day has the shape of its weekday.
func (v *view) shape(d int) []float64 {
	shapes := v.dayShapes()
	if len(shapes) == 0 {
		return nil
	}
	r, ok := shapes[v.p.kindOf(d)]
	if !ok {
		return nil
	}
	share, open := v.profile().of(v.p.phase(d)), v.p.openRow(d)
	before, after := 0.0, 0.0
	for i, x := range share {
		if open[i] {
			before += x
			after += x * r[i]
		}
	}
	if before <= 0 || after <= 0 {
		return nil
	}
	out := make([]float64, len(r))
	for i, x := range r {
		out[i] = x * before / after
	}
	return out
}

// share returns the part of each slot in the volume of day d.
func (v *view) share(d int) []float64 {
	row := v.profile().of(v.p.phase(d))
	r := v.shape(d)
	if r == nil {
		return row
	}
	out := make([]float64, len(row))
	for i, x := range row {
		out[i] = x * r[i]
	}
	return out
}
