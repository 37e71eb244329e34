package kpi

import (
	"cmp"
	"math"
	"slices"
)

// life is how long something took, or has taken so far.
type life struct {
	t    float64
	done bool // false: still open at t
}

// quantile returns the time within which a share p is done, by the estimator of
// Kaplan and Meier, which takes what is still open for as long as it was seen:
//
//	S(t) = Π (1 - d/n) over the times up to t at which d of the n still open were done
//
// the smallest t with S(t) <= 1-p. It is +Inf when more than 1-p are still open
// at the longest time seen, NaN without any.
//
// Source: Kaplan and Meier (1958), Nonparametric estimation from incomplete
// observations, J. Amer. Statist. Assoc. 53, equation 2b.
func quantile(lives []life, p float64) float64 {
	if len(lives) == 0 {
		return math.NaN()
	}
	list := slices.Clone(lives)
	slices.SortFunc(list, func(a, b life) int {
		if c := cmp.Compare(a.t, b.t); c != 0 {
			return c
		}
		if a.done != b.done { // done before what is cut off at the same time
			if a.done {
				return -1
			}
			return 1
		}
		return 0
	})
	const slack = 1e-12 // for the rounding of the product
	s := 1.0
	for i := 0; i < len(list); {
		n, d, j := float64(len(list)-i), 0.0, i
		for j < len(list) && list[j].t == list[i].t {
			if list[j].done {
				d++
			}
			j++
		}
		s *= 1 - d/n
		if d > 0 && s <= 1-p+slack {
			return list[i].t
		}
		i = j
	}
	return math.Inf(1)
}
