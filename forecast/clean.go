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
	ref := make([]float64, v.n)
	var spread []float64
	for d := range rel {
		rel[d] = math.NaN()
		if math.IsNaN(tot[d]) {
			continue
		}
		var near []float64
		for _, k := range [...]int{-3, -2, -1, 1, 2, 3} {
			if e := d + k*p.cycle; e >= v.lo && e < v.n && !math.IsNaN(tot[e]) {
				near = append(near, tot[e])
			}
		}
		if len(near) < 3 {
			continue
		}
		ref[d] = median(near)
		if ref[d] <= 0 {
			continue
		}
		// On the square root, where counts have one spread.
		rel[d] = 2 * (math.Sqrt(tot[d]/ref[d]) - 1)
		spread = append(spread, math.Abs(rel[d]))
	}
	if len(spread) < 20 {
		return nil
	}
	sd := 1.4826 * median(spread)
	for d := range rel {
		if math.IsNaN(rel[d]) || math.Abs(rel[d]) < outlierSpread*math.Max(sd, 0.01) {
			continue
		}
		if math.Abs(tot[d]/ref[d]-1) < outlierRatio || p.explained(d) {
			continue
		}
		out = append(out, Cleaned{
			Date: p.date(d), Was: tot[d], Becomes: ref[d],
			Reason: "far from the same weekday in the weeks around it",
		})
		v.blank(d, y)
	}
	v.tot, v.prof, v.shapes, v.shaped = nil, nil, nil, false
	return out
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
