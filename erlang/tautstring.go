package erlang

import "math"

// tautString returns the shortest path through a tube: y[0] = 0, y[i] between
// lower[i] and upper[i] at x[i], ending at lower of the last. Its slopes are the
// least-peak and least-variance way to do work that has arrived by upper and is
// due by lower. x must rise; lower and upper may not fall; lower <= upper.
//
// From each corner it looks ahead and keeps the steepest slope that the lower
// edge asks for and the flattest that the upper edge allows; where they cross,
// the string bends at the point that was binding. This gives the schedule of Yao,
// Demers and Shenker (1995), A scheduling model for reduced CPU energy, for
// deadlines in order of arrival.
func tautString(x, lower, upper []float64) []float64 {
	n := len(x)
	if len(lower) != n || len(upper) != n {
		panic("erlang: tube edges differ in length")
	}
	y := make([]float64, n)
	last := n - 1
	for i := 0; i < last; {
		low, high := math.Inf(-1), math.Inf(1)
		lowAt, highAt := i+1, i+1
		j := i + 1
		for ; j <= last; j++ {
			d := x[j] - x[i]
			l, u := (lower[j]-y[i])/d, (upper[j]-y[i])/d
			if j == last {
				u = l
			}
			if l > high { // the lower edge rises above the view: bend at the upper one
				break
			}
			if u < low { // the upper edge falls below the view: bend at the lower one
				break
			}
			if l >= low {
				low, lowAt = l, j
			}
			if u <= high {
				high, highAt = u, j
			}
		}
		to, slope := last, low
		if j <= last {
			if (lower[j]-y[i])/(x[j]-x[i]) > high {
				to, slope = highAt, high
			} else {
				to, slope = lowAt, low
			}
		}
		for k := i + 1; k <= to; k++ {
			y[k] = y[i] + slope*(x[k]-x[i])
		}
		i = to
	}
	return y
}
