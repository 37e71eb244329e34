package kpi

import "math"

// z95 is the 0.975 quantile of the standard normal distribution.
const z95 = 1.959963984540054

// wilson returns the 95 % interval of a share of n.
//
// Source: Wilson (1927), Probable inference, J. Amer. Statist. Assoc. 22.
func wilson(hits, n float64) (lo, hi float64) {
	if n <= 0 {
		return math.NaN(), math.NaN()
	}
	p := math.Min(1, math.Max(0, hits/n))
	mid := (p + z95*z95/(2*n)) / (1 + z95*z95/n)
	half := z95 / (1 + z95*z95/n) * math.Sqrt(p*(1-p)/n+z95*z95/(4*n*n))
	return math.Max(0, mid-half), math.Min(1, mid+half)
}

// meanBounds returns the 95 % interval of a mean by the normal approximation,
// from the sum, the sum of squares and the number; NaN below two.
func meanBounds(sum, squares, n float64) (lo, hi float64) {
	if n < 2 {
		return math.NaN(), math.NaN()
	}
	mean := sum / n
	half := z95 * math.Sqrt(math.Max(0, squares-n*mean*mean)/(n-1)/n)
	return mean - half, mean + half
}

// npsBounds returns the 95 % interval of a net promoter score: the mean of
// marks +1, 0 and -1.
func npsBounds(promoters, detractors, n float64) (lo, hi float64) {
	return meanBounds(promoters-detractors, promoters+detractors, n)
}
