package forecast

import (
	"context"
	"fmt"
	"math"
	"strings"
)

// The choice of models by rolling origin.
const (
	maxOrigins = 12
	// originReach is the part of the history, 1/originReach, that lies between two
	// origins at least: with maxOrigins the backtest looks back a fifth.
	originReach = 60
	// weightPower makes weights of errors: w = (best/err)^weightPower.
	weightPower = 8.0
	// weightCut drops models whose error exceeds the best by this factor.
	weightCut = 1.25
	// priorCycles is the history from which the calendar regression is the
	// favourite: others must beat its error times priorOf the band.
	priorCycles = 12
	// oneSided is the ratio of bias to error from which the favourite is doubted.
	oneSided = 0.85
	// farCount origins further back, after at least farCycles cycles and farShare of
	// the history, serve the bounds.
	farCount  = 3
	farCycles = 8
	farShare  = 0.3
	// rareVolume is the mean of an interval below which models are weighed by their
	// squared error.
	rareVolume = 1.0
	// retunePoints is the length of history up to which settings are tuned anew at
	// every origin.
	retunePoints = 2500
	// minShareOfHistory is the part of the history that no origin goes before.
	minShareOfHistory = 0.45
)

// bands are the spans of days ahead with a choice of their own: the ranking of
// methods flips with the horizon (Taylor 2008).
func bands(h int) [][2]int {
	all := [][2]int{{1, 3}, {4, 14}, {15, math.MaxInt32}}
	var out [][2]int
	for _, b := range all {
		if b[0] <= h {
			out = append(out, [2]int{b[0], min(b[1], h)})
		}
	}
	return out
}

// priorOf is what the error of the favourite is multiplied by in band b. The
// further ahead, the fewer independent stretches a backtest holds, and the
// stronger the prior must be.
func priorOf(b int) float64 { return [...]float64{0.92, 0.78, 0.65}[b] }

// originForecast is what the pool said at one origin of the choice.
type originForecast struct {
	n, h  int
	preds [][]float64 // per model; nil when it could not
	comb  []float64   // combined with the final weights
}

// choice is the outcome of the rolling-origin backtest within one history.
type choice struct {
	models  []model
	weights [][]float64 // band × model
	errs    [][]float64 // band × model
	bands   [][2]int
	origins []originForecast
	far     int // of them, the oldest, that serve the bounds only
	reason  string
}

// originsOf places the origins: evenly, the latest first, at a distance that is
// no multiple of the cycle, so that every weekday is the first day some time.
func originsOf(v *view) []int {
	gap := max(1, (v.h+5)/6, (v.n-v.lo)/originReach)
	if v.p.cycle > 1 && gap%v.p.cycle == 0 {
		gap++
	}
	need := max(2*v.p.cycle, int(minShareOfHistory*float64(v.n-v.lo)), 4)
	var out []int
	for k := 1; k <= maxOrigins; k++ {
		o := v.n - k*gap
		if o-v.lo < need {
			break
		}
		out = append(out, o)
	}
	return out
}

// farOrigins places a few origins further back. They have no say in the choice, as
// a level may have changed since, but their errors count for the bounds: the recent
// ones can all lie in one season.
func farOrigins(v *view, at []int) []int {
	if len(at) < maxOrigins {
		return nil
	}
	last := at[len(at)-1]
	need := v.lo + max(farCycles*v.p.cycle, int(farShare*float64(v.n-v.lo)))
	step := (last - need) / farCount
	if step < 3 {
		return nil
	}
	if v.p.cycle > 1 && step%v.p.cycle == 0 {
		step--
	}
	var out []int
	for k := 1; k <= farCount; k++ {
		out = append(out, last-k*step)
	}
	return out
}

// choose weighs the models by their errors at earlier origins of the history.
func choose(ctx context.Context, v *view, raw []float64, only string) (*choice, error) {
	c := &choice{bands: bands(v.h)}
	at := originsOf(v)
	if len(at) == 0 {
		c.models = able(v, only)
		c.evenWeights("the history is too short for a backtest")
		return c, nil
	}
	near := len(at)
	at = append(at, farOrigins(v, at)...)
	c.far = len(at) - near
	first := v.at(at[len(at)-1], min(v.h, v.n-at[len(at)-1]))
	c.models = able(first, only)
	if len(c.models) == 0 {
		c.models = able(v, only)
		c.evenWeights("the history is too short for a backtest")
		return c, nil
	}
	// Settings are tuned on the history before an origin, so that none sees its
	// future; on long histories, where they hardly move, only at every few.
	every := 1
	if (v.n-v.lo)*v.p.slots > retunePoints {
		every = 4
	}
	var tuned *settings
	for i := len(at) - 1; i >= 0; i-- {
		of := originForecast{n: at[i], h: min(v.h, v.n-at[i])}
		if (len(at)-1-i)%every == 0 {
			tuned = nil
		}
		w := newView(v.p, v.lo, of.n, of.h, v.y, tuned)
		tuned = w.set
		for _, m := range c.models {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			of.preds = append(of.preds, m.run(w))
		}
		c.origins = append(c.origins, of)
	}
	c.weigh(v, raw)
	for i := range c.origins {
		c.origins[i].comb = c.combine(v.p, c.origins[i].n, c.origins[i].h, c.origins[i].preds)
	}
	return c, nil
}

// evenWeights gives every model the same weight.
func (c *choice) evenWeights(reason string) {
	c.reason = reason
	for range c.bands {
		w := make([]float64, len(c.models))
		e := make([]float64, len(c.models))
		for i := range w {
			w[i] = 1 / float64(len(c.models))
			e[i] = math.NaN()
		}
		c.weights = append(c.weights, w)
		c.errs = append(c.errs, e)
	}
}

// weigh sets the weights per band from interval and day errors at the origins.
func (c *choice) weigh(v *view, raw []float64) {
	nb, nm := len(c.bands), len(c.models)
	c.errs = make([][]float64, nb)
	c.weights = make([][]float64, nb)
	for b, band := range c.bands {
		square, points := make([]float64, nm), 0.0
		errSlot, errDay, bias := make([]float64, nm), make([]float64, nm), make([]float64, nm)
		slotSum, daySum := 0.0, 0.0
		bad := make([]bool, nm)
		for _, of := range c.origins[c.far:] {
			for k := band[0] - 1; k < min(band[1], of.h); k++ {
				d := of.n + k
				if !v.has(d) {
					continue
				}
				y := raw[d*v.p.slots : (d+1)*v.p.slots]
				day := 0.0
				for _, x := range y {
					if !math.IsNaN(x) {
						slotSum += math.Abs(x)
						day += x
						points++
					}
				}
				daySum += math.Abs(day)
				for m := range c.models {
					if of.preds[m] == nil {
						bad[m] = true
						continue
					}
					f := of.preds[m][k*v.p.slots : (k+1)*v.p.slots]
					sum := 0.0
					for i, x := range y {
						if !math.IsNaN(x) {
							errSlot[m] += math.Abs(x - f[i])
							square[m] += (x - f[i]) * (x - f[i])
							sum += f[i]
						}
					}
					errDay[m] += math.Abs(day - sum)
					bias[m] += day - sum
				}
			}
		}
		c.errs[b] = make([]float64, nm)
		score := make([]float64, nm)
		best := math.Inf(1)
		for m := range c.models {
			c.errs[b][m] = errSlot[m] / slotSum
			score[m] = errSlot[m] / slotSum
			if v.p.slots > 1 && !v.p.plain {
				score[m] += errDay[m] / daySum
			}
			if v.p.counts && slotSum < rareVolume*points {
				// Of so few contacts the least absolute error is that of forecasting
				// none; a rate is found by the squared error.
				score[m] = math.Sqrt(square[m] / points)
			}
			if c.models[m].favourite && v.n-v.lo >= priorCycles*v.p.cycle {
				// Errors that are all on one side show that it runs behind the level:
				// the prior then holds no longer.
				side := math.Abs(bias[m]) / math.Max(errDay[m], 1e-300)
				doubt := math.Max(0, (side-oneSided)/(1-oneSided))
				score[m] *= priorOf(b) + (1-priorOf(b))*doubt
			}
			if bad[m] || math.IsNaN(score[m]) {
				score[m] = math.Inf(1)
			}
			best = math.Min(best, score[m])
		}
		w := make([]float64, nm)
		sum := 0.0
		for m := range w {
			if score[m] <= best*weightCut && !math.IsInf(best, 1) {
				w[m] = math.Pow(math.Max(best, 1e-12)/math.Max(score[m], 1e-12), weightPower)
			}
			sum += w[m]
		}
		if sum == 0 { // nothing scored in this band: as the band before
			if b > 0 {
				copy(w, c.weights[b-1])
			} else {
				for m := range w {
					w[m] = 1 / float64(nm)
				}
			}
		} else {
			for m := range w {
				w[m] /= sum
			}
		}
		c.weights[b] = w
	}
	c.reason = fmt.Sprintf("weights from the errors at %d earlier origins", len(c.origins)-c.far)
}

// combine mixes the forecasts of the models by the weights of each band.
func (c *choice) combine(p *panel, n, h int, preds [][]float64) []float64 {
	s := p.slots
	out := make([]float64, h*s)
	for k := range h {
		b := c.bandOf(k + 1)
		for i := range s {
			sum, ws := 0.0, 0.0
			for m := range c.models {
				if w := c.weights[b][m]; w > 0 && preds[m] != nil {
					if x := preds[m][k*s+i]; !math.IsNaN(x) {
						sum += w * x
						ws += w
					}
				}
			}
			out[k*s+i] = math.NaN()
			if ws > 0 {
				out[k*s+i] = sum / ws
			}
		}
	}
	return out
}

func (c *choice) bandOf(ahead int) int {
	for b, band := range c.bands {
		if ahead <= band[1] {
			return b
		}
	}
	return len(c.bands) - 1
}

// name describes the combination, the largest weight first.
func (c *choice) name() string {
	type part struct {
		name string
		w    float64
	}
	var parts []part
	for m := range c.models {
		w := 0.0
		for b := range c.bands {
			w += c.weights[b][m] / float64(len(c.bands))
		}
		if w >= 0.005 {
			parts = append(parts, part{c.models[m].name, w})
		}
	}
	if len(parts) == 1 {
		return parts[0].name
	}
	for i := range parts {
		for j := i; j > 0 && parts[j].w > parts[j-1].w; j-- {
			parts[j], parts[j-1] = parts[j-1], parts[j]
		}
	}
	var words []string
	for _, p := range parts {
		words = append(words, fmt.Sprintf("%s %.2f", p.name, p.w))
	}
	return strings.Join(words, " + ")
}
