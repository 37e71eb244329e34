package cause

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

func digamma(x float64) float64 { return mathext.Digamma(x) }

// trigamma returns the second derivative of ln Γ(x) for x > 0, by recurrence to
// x >= 10 and the asymptotic series there (Abramowitz and Stegun 6.4.6, 6.4.12).
func trigamma(x float64) float64 {
	sum := 0.0
	for x < 10 {
		sum += 1 / (x * x)
		x++
	}
	y := 1 / (x * x)
	return sum + 1/x + y/2 + y/x*(1./6-y*(1./30-y*(1./42-y/30)))
}

// trigammaInverse returns the x > 0 with trigamma(x) = y, by Newton's method on
// 1/trigamma, which is convex and nearly linear.
func trigammaInverse(y float64) float64 {
	if y > 1e7 {
		return 1 / math.Sqrt(y)
	}
	if y < 1e-6 {
		return 1 / y
	}
	x := 0.5 + 1/y
	for range 50 {
		t := trigamma(x)
		slope := (trigamma(x*(1+1e-6)) - t) / (x * 1e-6)
		step := t * (1 - t/y) / slope
		x += step
		if math.Abs(step) < 1e-8*x {
			break
		}
	}
	return x
}
