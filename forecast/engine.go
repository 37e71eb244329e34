package forecast

import (
	"context"
	"math"
)

// outcome is the forecast of one view before it is put on the clock.
type outcome struct {
	v      *view
	mean   []float64 // h × slots; NaN closed
	bounds *boundsModel
	choice *choice
	preds  [][]float64
	dayCV  float64
	before []float64 // mean without announced events
	clean  []Cleaned
}

// solve cleans, chooses, forecasts and bounds: the one rule set for every series.
func solve(ctx context.Context, p *panel, lo, n, h int, opt *Options) (*outcome, error) {
	raw := p.withoutEvents(n)
	work := append([]float64(nil), raw...)
	o := &outcome{}
	v := newView(p, lo, n, h, work, nil)
	if !opt.KeepOutliers {
		o.clean = clean(v, work)
	}
	c, err := choose(ctx, v, raw, opt.Model)
	if err != nil {
		return nil, err
	}
	o.v, o.choice = v, c
	for i := range c.models {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if !c.used(i) {
			o.preds = append(o.preds, nil)
			continue
		}
		o.preds = append(o.preds, c.models[i].run(v))
	}
	o.mean = c.combine(p, n, h, o.preds)
	if p.nonneg {
		for i, x := range o.mean {
			if x < leastMean { // false for NaN
				o.mean[i] = 0
			}
		}
	}
	o.bounds = fitBounds(v, c, raw)
	o.dayCV = dayFactorCV(v, c, raw)
	o.before = append([]float64(nil), o.mean...)
	o.withEvents()
	return o, nil
}

// leastMean is the volume of an interval that is as good as nothing.
const leastMean = 1e-9

// used reports whether model m has weight in any band.
func (c *choice) used(m int) bool {
	for b := range c.bands {
		if c.weights[b][m] > 0 {
			return true
		}
	}
	return false
}

// dayFactorCV estimates the spread of a whole day around its forecast beyond
// the Poisson part: CV² = mean((D-F)²/F²) - mean(1/F), errors cut at 4 spreads.
func dayFactorCV(v *view, c *choice, raw []float64) float64 {
	var sq, inv []float64
	s := v.p.slots
	for _, of := range c.origins {
		for k := range of.h {
			day, f, n := 0.0, 0.0, 0
			for i := range s {
				y, m := raw[(of.n+k)*s+i], of.comb[k*s+i]
				if !math.IsNaN(y) && !math.IsNaN(m) {
					day += y
					f += m
					n++
				}
			}
			if n > 0 && f > 0 {
				r := (day - f) / f
				sq = append(sq, r*r)
				inv = append(inv, 1/f)
			}
		}
	}
	if len(sq) == 0 {
		return defaultDayCV
	}
	cut := 16 * 1.4826 * 1.4826 * median(append([]float64(nil), sq...))
	sum := 0.0
	for _, x := range sq {
		sum += math.Min(x, cut)
	}
	cv2 := sum / float64(len(sq))
	if v.p.counts {
		cv2 -= mean(inv)
	}
	return math.Sqrt(math.Max(0, cv2))
}

// defaultDayCV is assumed where the history is too short to measure it.
const defaultDayCV = 0.15
