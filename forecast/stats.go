package forecast

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// median returns the median of x, which it sorts; NaN for none.
func median(x []float64) float64 { return sortedQuantile(x, 0.5) }

// sortedQuantile sorts x and returns its q-quantile by linear interpolation.
func sortedQuantile(x []float64, q float64) float64 {
	if len(x) == 0 {
		return math.NaN()
	}
	slices.Sort(x)
	return quantile(x, q)
}

// quantile returns the q-quantile of sorted x by linear interpolation between
// order statistics (type 7 of Hyndman and Fan 1996).
func quantile(x []float64, q float64) float64 {
	t := q * float64(len(x)-1)
	i := int(t)
	if i >= len(x)-1 {
		return x[len(x)-1]
	}
	if i < 0 {
		return x[0]
	}
	return x[i] + (t-float64(i))*(x[i+1]-x[i])
}

func mean(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v
	}
	return s / float64(len(x))
}

// zSquared is the square of the normal quantile of a central level.
func zSquared(level float64) float64 {
	z := distuv.UnitNormal.Quantile((1 + level) / 2)
	return z * z
}
