package forecast

import "math"

// withoutEvents returns the history [0, n) as it would have been without the
// events of known size: extra contacts taken off, factors divided out, excluded
// and copied days unknown.
func (p *panel) withoutEvents(n int) []float64 {
	y := append([]float64(nil), p.y[:n*p.slots]...)
	if p.events == nil {
		return y
	}
	for d := range n {
		e := &p.events[d]
		if !e.exclude && e.copy == 0 && e.extra == 0 && e.factor == 1 {
			continue
		}
		row := y[d*p.slots : (d+1)*p.slots]
		total := 0.0
		for _, x := range row {
			if !math.IsNaN(x) {
				total += x
			}
		}
		scale := 1 / e.factor
		if e.extra > 0 && total > 0 {
			// Never more than extraLimit of a day is explained away.
			scale *= math.Max(1-extraLimit, 1-e.extra/total)
		}
		for i := range row {
			if e.exclude || e.copy != 0 {
				row[i] = math.NaN()
			} else {
				row[i] *= scale
			}
		}
	}
	return y
}

// extraLimit is the largest part of a past day that announced contacts may take.
const extraLimit = 0.8

// withEvents puts the events back on a forecast.
func (o *outcome) withEvents() {
	v, p := o.v, o.v.p
	if p.events == nil {
		return
	}
	for k := range v.h {
		d := v.n + k
		e := &p.events[d]
		row := o.mean[k*p.slots : (k+1)*p.slots]
		if e.factor != 1 {
			for i := range row {
				row[i] *= e.factor
			}
		}
		if e.extra > 0 {
			share := v.share(d)
			part := 0.0
			for i, open := range p.openRow(d) {
				if open {
					part += share[i]
				}
			}
			if part > 0 {
				for i := range row {
					row[i] += e.extra * share[i] / part
				}
			}
		}
		if src := d - e.copy; e.copy > 0 && src >= 0 {
			for i := range row {
				x := math.NaN()
				switch {
				case src < v.n:
					x = p.y[src*p.slots+i]
				case src < d:
					x = o.mean[(src-v.n)*p.slots+i]
				}
				if !math.IsNaN(x) && !math.IsNaN(row[i]) {
					row[i] = x
				}
			}
		}
	}
}

// eventFactors tells what the events did to day k of the forecast, as factors.
func (o *outcome) eventFactors(before []float64, k int) []Factor {
	p := o.v.p
	if p.events == nil {
		return nil
	}
	e := &p.events[o.v.n+k]
	if e.factor == 1 && e.extra == 0 && e.copy == 0 {
		return nil
	}
	was, is := 0.0, 0.0
	for i := range p.slots {
		if x := o.mean[k*p.slots+i]; !math.IsNaN(x) {
			is += x
			was += before[k*p.slots+i]
		}
	}
	if was <= 0 {
		return nil
	}
	return []Factor{{"announced events", is / was}}
}
