package kpi

import (
	"math"
	"slices"
)

// lives are how long things took, in whole units, or have taken so far. Each is
// twice its time, and one more while it is open: in order, what is done stands
// before what is cut off at the same time.
type lives []int64

func (l *lives) add(t int64, done bool) {
	t *= 2
	if !done {
		t++
	}
	*l = append(*l, t)
}

// each calls f for every one.
func (l lives) each(f func(t int64, done bool)) {
	for _, x := range l {
		f(x>>1, x&1 == 0)
	}
}

// quantiles returns the times within which shares p, in rising order, are done,
// by the estimator of Kaplan and Meier, which takes what is still open for as
// long as it was seen:
//
//	S(t) = Π (1 - d/n) over the times up to t at which d of the n still open were done
//
// each the smallest t with S(t) <= 1-p. It is +Inf when more than 1-p are still
// open at the longest time seen, NaN without any. It puts l in order.
//
// Source: Kaplan and Meier (1958), Nonparametric estimation from incomplete
// observations, J. Amer. Statist. Assoc. 53, equation 2b.
func (l lives) quantiles(p ...float64) []float64 {
	out := make([]float64, len(p))
	for i := range out {
		out[i] = math.Inf(1)
		if len(l) == 0 {
			out[i] = math.NaN()
		}
	}
	slices.Sort(l)
	const slack = 1e-12 // for the rounding of the product
	s, next := 1.0, 0
	for i := 0; i < len(l) && next < len(p); {
		n, d, j := float64(len(l)-i), 0.0, i
		for j < len(l) && l[j]>>1 == l[i]>>1 {
			if l[j]&1 == 0 {
				d++
			}
			j++
		}
		s *= 1 - d/n
		for d > 0 && next < len(p) && s <= 1-p[next]+slack {
			out[next] = float64(l[i] >> 1)
			next++
		}
		i = j
	}
	return out
}
