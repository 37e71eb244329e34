package forecast

import (
	"math"
)

// Limits of the cleaning of outliers.
const (
	// outlierSpread is how many robust spreads a day must lie from its weekday's
	// neighbours in time to be left out.
	outlierSpread = 6.0
	// outlierRatio is the least ratio to its neighbours.
	outlierRatio = 0.35
)

// clean marks history days whose total is far from the same weekday in the
// weeks around it, on both sides: a shift of level is no outlier, as the days
// after it are high as well. Such days become unknown in y; the raw history
// keeps them, and each is listed. Days with a holiday, next to a closure, or in
// an event are never touched: their models explain them.
func clean(v *view, y []float64) []Cleaned {
	p := v.p
	var out []Cleaned
	tot := make([]float64, v.n)
	for d := range tot {
		tot[d] = math.NaN()
		if d >= v.lo && v.has(d) {
			s := 0.0
			for _, x := range v.row(d) {
				if !math.IsNaN(x) {
					s += x
				}
			}
			tot[d] = s
		}
	}
	if !p.nonneg || p.plain {
		return nil
	}
	rel := make([]float64, v.n)
	ref, usual := make([]float64, v.n), make([]float64, v.n)
	var spread []float64
	for d := range rel {
		rel[d] = math.NaN()
		if math.IsNaN(tot[d]) {
			continue
		}
		var before, after []float64
		for k := 1; k <= 3; k++ {
			if e := d - k*p.cycle; e >= v.lo && !math.IsNaN(tot[e]) {
				before = append(before, tot[e])
			}
			if e := d + k*p.cycle; e < v.n && !math.IsNaN(tot[e]) {
				after = append(after, tot[e])
			}
		}
		if len(before)+len(after) < 3 {
			continue
		}
		usual[d] = median(append(append([]float64(nil), before...), after...))
		ref[d] = usual[d]
		if ref[d] <= 0 {
			continue
		}
		rel[d] = rootRatio(tot[d], ref[d])
		spread = append(spread, math.Abs(rel[d]))
		// A day that is as usual for either side stands at a change of level.
		for _, side := range [][]float64{before, after} {
			if len(side) < 2 {
				continue
			}
			if m := median(side); m > 0 && math.Abs(rootRatio(tot[d], m)) < math.Abs(rel[d]) {
				rel[d], ref[d] = rootRatio(tot[d], m), m
			}
		}
	}
	if len(spread) < 20 {
		return nil
	}
	sd := 1.4826 * median(spread)
	for d := range rel {
		if math.IsNaN(rel[d]) || math.Abs(rel[d]) < outlierSpread*math.Max(sd, 0.01) {
			continue
		}
		if math.Abs(tot[d]/ref[d]-1) < outlierRatio || p.explained(d) || shifted(rel, d, p.cycle) {
			continue
		}
		out = append(out, Cleaned{
			Date: p.date(d), Was: tot[d], Becomes: usual[d],
			Reason: "far from the same weekday in the weeks around it",
		})
		v.blank(d, y)
	}
	v.tot, v.prof, v.shapes, v.shaped = nil, nil, nil, false
	return out
}

// rootRatio is the distance of x from m on the square root, where counts have one
// spread, relative to m.
func rootRatio(x, m float64) float64 { return 2 * (math.Sqrt(x/m) - 1) }

// shifted reports whether most days around d, within a cycle, are off in the same
// way: then the level has changed.
func shifted(rel []float64, d, cycle int) bool {
	var near []float64
	for k := max(0, d-cycle); k <= min(len(rel)-1, d+cycle); k++ {
		if k != d && !math.IsNaN(rel[k]) {
			near = append(near, rel[k])
		}
	}
	if len(near) == 0 {
		return false
	}
	m := median(near)
	return m*rel[d] > 0 && math.Abs(m) > math.Abs(rel[d])/2
}

// blank makes a day unknown.
func (v *view) blank(d int, y []float64) {
	for i := range v.p.slots {
		y[d*v.p.slots+i] = math.NaN()
	}
}

// named reports whether a planner wrote an event to be learned on day d.
func (p *panel) named(d int) bool { return p.events != nil && len(p.events[d].learn) > 0 }

// explained reports whether the calendar has its own word for day d.
func (p *panel) explained(d int) bool {
	if p.holiday[d] != "" || p.school[d] || p.named(d) {
		return true
	}
	for k := max(0, d-1); k <= min(p.days()-1, d+1); k++ {
		if p.closed[k] || p.holiday[k] != "" {
			return true
		}
	}
	return false
}
