package erlang

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// poissonBelow returns P(N < k) for a Poisson variable with mean m: the chance
// that k exponential stages of rate 1 take longer than m.
func poissonBelow(k int, m float64) float64 {
	if k <= 0 {
		return 0
	}
	return mathext.GammaIncRegComp(float64(k), m)
}

// incompleteBeta returns the regularised incomplete beta function I_x(a, b).
func incompleteBeta(a, b, x float64) float64 {
	switch {
	case x <= 0:
		return 0
	case x >= 1:
		return 1
	}
	return math.Min(1, math.Max(0, mathext.RegIncBeta(a, b, x)))
}
