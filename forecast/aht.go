package forecast

import "math"

// ahtModel forecasts the mean handle time of an interval as a product
//
//	aht(day, slot) = level · weekday factor · slot factor
//
// All three are means weighted by the contacts behind them. The level is
// discounted with the half life, of one to eight weeks, that would have missed the
// days ahead by least; the factors are shrunk to 1 by
// n/(n+κ), where κ = 1/τ² contacts and τ² is the relative variance between
// weekdays or slots beyond what single handle times (with a coefficient of
// variation of about 1) explain: the Bühlmann-Straub credibility rule
// (Bühlmann and Straub 1970, Mitt. SAV 70:111-133).
type ahtModel struct {
	level   float64
	phase   []float64
	slot    []float64
	handled float64
}

const (
	ahtHalfLife   = 28.0 // days, of the level when the history is too short to tell
	ahtFactorLife = 91.0 // days, of the factors
	ahtClip       = 5.0  // an interval beyond five times the level is an error
	ahtFactorMax  = 3.0
)

// fitAHT learns the handle time from the observations of days [lo, n).
func fitAHT(s *Series, p *panel, lo, n int) *ahtModel {
	type cell struct{ w, wa float64 }
	slotSec := int64(p.step.Seconds())
	obs := make([]Observation, 0, 64)
	for _, o := range s.Obs {
		if o.AHT > 0 && !math.IsInf(o.AHT, 0) && weightOf(o) > 0 {
			obs = append(obs, o)
		}
	}
	if len(obs) == 0 {
		return nil
	}
	g := newClockIndex(p)
	var sum, weight, hits float64
	days := make([]int, len(obs))
	slots := make([]int, len(obs))
	for i, o := range obs {
		days[i], slots[i] = g.find(o.Start.Unix(), slotSec)
		if days[i] >= n || days[i] < lo {
			continue
		}
		w := weightOf(o)
		hits += w
		w *= math.Pow(0.5, float64(n-1-days[i])/ahtHalfLife)
		sum += w * o.AHT
		weight += w
	}
	if weight <= 0 {
		return nil
	}
	level := sum / weight
	// Once more without what cannot be true.
	sum, weight = 0, 0
	phase, slot := make([]cell, p.cycle), make([]cell, p.slots)
	for i, o := range obs {
		if days[i] >= n || days[i] < lo || o.AHT > ahtClip*level || o.AHT < level/ahtClip {
			continue
		}
		age := float64(n - 1 - days[i])
		w := weightOf(o)
		l := w * math.Pow(0.5, age/ahtHalfLife)
		sum += l * o.AHT
		weight += l
		f := w * math.Pow(0.5, age/ahtFactorLife)
		ph := p.phase(days[i])
		phase[ph].w += f
		phase[ph].wa += f * o.AHT
		slot[slots[i]].w += f
		slot[slots[i]].wa += f * o.AHT
	}
	if weight > 0 {
		level = sum / weight
	}
	factors := func(c []cell) []float64 {
		var w, wa float64
		for _, x := range c {
			w += x.w
			wa += x.wa
		}
		out := make([]float64, len(c))
		base := wa / math.Max(w, 1e-300)
		var between, within float64
		for _, x := range c {
			if x.w > 0 {
				r := x.wa/x.w/base - 1
				between += x.w * r * r
				within++
			}
		}
		tau2 := math.Max(0, (between-within)/math.Max(w, 1e-300))
		for i, x := range c {
			out[i] = 1
			if x.w > 0 && tau2 > 0 {
				b := x.w / (x.w + 1/tau2)
				out[i] = math.Min(ahtFactorMax, math.Max(1/ahtFactorMax, 1+b*(x.wa/x.w/base-1)))
			}
		}
		return out
	}
	m := &ahtModel{level: level, phase: factors(phase), slot: factors(slot), handled: hits}
	m.level = m.tunedLevel(p, lo, n, days, obs)
	return m
}

// ahtHalfLives are compared for the level; ahtRecent days decide.
var ahtHalfLives = [...]float64{ahtHalfLife, 7, 14, 56}

const ahtRecent = 364

// tunedLevel smooths the handle time of whole days, without its weekday factor,
// with each half life, and returns the level at day n of the one with the least
// error, weighted by contacts, on the days one to four weeks on.
func (m *ahtModel) tunedLevel(p *panel, lo, n int, days []int, obs []Observation) float64 {
	w, wa := make([]float64, n), make([]float64, n)
	for i, o := range obs {
		if d := days[i]; d >= lo && d < n && o.AHT <= ahtClip*m.level && o.AHT >= m.level/ahtClip {
			w[d] += weightOf(o)
			wa[d] += weightOf(o) * o.AHT / m.phase[p.phase(d)]
		}
	}
	best, level := math.Inf(1), m.level
	for _, hl := range ahtHalfLives {
		keep := math.Pow(0.5, 1/hl)
		sw, swa, loss, weight := 0.0, 0.0, 0.0, 0.0
		for d := range n {
			if sw > 0 && d > n-ahtRecent {
				for _, k := range [...]int{0, 6, 13, 20} {
					if t := d + k; t < n && w[t] > 0 {
						loss += math.Abs(wa[t] - w[t]*swa/sw)
						weight += w[t]
					}
				}
			}
			sw, swa = keep*sw+w[d], keep*swa+wa[d]
		}
		if sw <= 0 {
			continue
		}
		if weight == 0 {
			return swa / sw
		}
		if loss /= weight; loss < 0.995*best { // the first wins a tie
			best, level = loss, swa/sw
		}
	}
	return level
}

// weightOf returns the contacts behind the handle time of o.
func weightOf(o Observation) float64 {
	switch {
	case !math.IsNaN(o.Handled):
		return o.Handled
	case !math.IsNaN(o.Offered):
		return o.Offered
	}
	return 1
}

// at returns the expected handle time of a slot of day d; NaN without a model.
func (m *ahtModel) at(p *panel, d, slot int) float64 {
	if m == nil {
		return math.NaN()
	}
	return m.level * m.phase[p.phase(d)] * m.slot[slot]
}
