package forecast

import "math"

// shift finds the strongest change of level in the last half year: the day at
// which the means of the log totals before and after, over up to eight weeks,
// differ most for their spread. It returns 0 when nothing stands out.
func (v *view) shift() (at int, ratio float64) {
	const reach, least = 56, 14
	if v.p.plain || !v.p.nonneg {
		return 0, 1
	}
	z, _, n := v.dayLogs()
	if n < 3*least {
		return 0, 1
	}
	adj, days := []float64{}, []int{}
	_, season := deseason(v, z)
	for d := v.lo; d < v.n; d++ {
		if !math.IsNaN(z[d]) {
			adj = append(adj, z[d]-season[v.p.phase(d)])
			days = append(days, d)
		}
	}
	best := shiftLimit
	for i := max(least, len(adj)-182); i+least <= len(adj); i++ {
		a, b := adj[max(0, i-reach):i], adj[i:min(len(adj), i+reach)]
		ma, mb := median(append([]float64(nil), a...)), median(append([]float64(nil), b...))
		spread := 0.5 * (deviation(a, ma) + deviation(b, mb))
		if spread <= 0 {
			continue
		}
		if t := math.Abs(ma-mb) / spread; t > best && math.Abs(ma-mb) > shiftLeast {
			best, at, ratio = t, days[i], math.Exp(mb-ma)
		}
	}
	if at == 0 {
		return 0, 1
	}
	return at, ratio
}

const (
	shiftLimit = 3.0  // spreads between the levels
	shiftLeast = 0.15 // on the log scale, about 16 %
)

// deviation is the robust spread of x around m.
func deviation(x []float64, m float64) float64 {
	e := make([]float64, len(x))
	for i := range x {
		e[i] = x[i] - m
	}
	return 1.4826 * medianAbs(e)
}
