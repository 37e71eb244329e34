package forecast

import (
	"math"
	"slices"
)

// predictMeans forecasts each weekday by the trimmed mean of its last k totals,
// spread by the profile. Taylor (2008, Management Science 54:253-265) found that
// beyond a few days such an average is hard to beat on contact volume.
func predictMeans(k int) func(*view, any) []float64 {
	return func(v *view, _ any) []float64 {
		tot := v.totals()
		c := v.p.cycle
		level := make([]float64, c)
		var every []float64
		for ph := range c {
			var last []float64
			for d := v.n - 1; d >= v.lo && len(last) < k; d-- {
				if v.p.phase(d) == ph && !math.IsNaN(tot[d]) {
					last = append(last, tot[d])
				}
			}
			level[ph] = trimmedMean(last)
			every = append(every, last...)
		}
		if len(every) == 0 {
			return nil
		}
		all := mean(every)
		total := make([]float64, v.h)
		for i := range total {
			total[i] = level[v.p.phase(v.n+i)]
			if math.IsNaN(total[i]) {
				total[i] = all
			}
		}
		return v.spread(total)
	}
}

// trimmedMean leaves out the lowest and highest of eight or more values.
func trimmedMean(x []float64) float64 {
	if len(x) == 0 {
		return math.NaN()
	}
	if len(x) >= 8 && mean(x) >= lowVolume { // of few contacts every one counts
		slices.Sort(x)
		x = x[len(x)/8 : len(x)-len(x)/8]
	}
	return mean(x)
}
