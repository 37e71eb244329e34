package kpi

import "math"

// spark draws values as a line of small bars, blank where they are unknown. At
// most width bars: longer series are averaged over equal stretches.
func spark(values []float64, width int) string {
	if n := len(values); n > width {
		short := make([]float64, width)
		for i := range short {
			from, to := i*n/width, (i+1)*n/width
			sum, k := 0.0, 0
			for _, v := range values[from:to] {
				if !math.IsNaN(v) {
					sum += v
					k++
				}
			}
			short[i] = ratio(sum, float64(k))
		}
		values = short
	}
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if !math.IsNaN(v) {
			lo, hi = math.Min(lo, v), math.Max(hi, v)
		}
	}
	if math.IsInf(lo, 0) || hi == 0 && lo == 0 {
		return ""
	}
	bars := []rune("▁▂▃▄▅▆▇█")
	out := make([]rune, len(values))
	for i, v := range values {
		switch {
		case math.IsNaN(v):
			out[i] = ' '
		case hi == lo:
			out[i] = bars[3]
		default:
			out[i] = bars[int(math.Round((v-lo)/(hi-lo)*float64(len(bars)-1)))]
		}
	}
	return string(out)
}
