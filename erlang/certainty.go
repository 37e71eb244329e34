package erlang

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// sizeUncertain sizes a station whose volume is its forecast times a random
// factor X with mean 1 and spread cv. With certainty 0 the target must hold on
// average over the contacts,
//
//	E[X·SL(n, aX)] / E[X] >= ratio
//
// with certainty p it must hold with that probability, which for measures that
// get worse with the load means at the p-quantile of X. X has a gamma law.
//
// Source: Jongbloed and Koole (2001), Managing uncertainty in call centres using
// Poisson mixtures; Koole and Li (2021), section on forecast errors.
func (st station) sizeUncertain(cv, certainty float64) (int, float64, Status) {
	if !(cv > 0) || !(st.load.Erlangs > 0) {
		return st.size()
	}
	if certainty > 0 {
		high := st
		high.load.Erlangs *= gammaQuantile(cv, certainty)
		return high.size()
	}
	x, w := gammaNodes(cv)
	return st.search(func(n float64) float64 { return st.mean(n, x, w).slack(st.target) })
}

// mean returns the figures of n agents over the laws of X: ratios and waits
// weighted by contacts, occupancy by time.
func (st station) mean(n float64, x, w []float64) Result {
	var out Result
	var answered float64
	for i := range x {
		r := st.at(n, x[i])
		if i == 0 {
			out = r
			out.ServiceLevel, out.PWait, out.PAbandon, out.ASA, out.Occupancy, out.Queue = 0, 0, 0, 0, 0, 0
		}
		weight := w[i] * x[i]
		if !math.IsNaN(r.ServiceLevel) {
			out.ServiceLevel += weight * r.ServiceLevel
		}
		out.PWait += weight * r.PWait
		out.PAbandon += weight * r.PAbandon
		if !math.IsNaN(r.ASA) {
			out.ASA += weight * (1 - r.PAbandon) * r.ASA
			answered += weight * (1 - r.PAbandon)
		}
		if !math.IsNaN(r.Occupancy) {
			out.Occupancy += w[i] * r.Occupancy
		}
		out.Queue += w[i] * r.Queue
	}
	// An unstable day now and then is part of the average: it counts as a day on
	// which nobody is answered in time, not as a plan that cannot be.
	out.Status = OK
	out.ASA = share(out.ASA, answered)
	return out
}

// certaintyNodes is the number of quadrature points over the day factor.
const certaintyNodes = 15

// gammaNodes returns nodes and weights for the mean over a gamma law with mean 1
// and spread cv: the means of strips of equal probability, so that the mean of X
// is kept.
func gammaNodes(cv float64) (x, w []float64) {
	k := 1 / (cv * cv)
	x, w = make([]float64, certaintyNodes), make([]float64, certaintyNodes)
	// E[X; X < q] of Gamma(k) is k·P(k+1, q); divided by k for mean 1.
	below := 0.0
	for i := range x {
		upTo := 1.0
		if i < certaintyNodes-1 {
			q := gammaQuantile(cv, float64(i+1)/certaintyNodes)
			upTo = mathext.GammaIncReg(k+1, k*q)
		}
		x[i] = (upTo - below) * certaintyNodes
		w[i] = 1.0 / certaintyNodes
		below = upTo
	}
	return x, w
}

// normalCV is the spread below which the gamma law is taken as normal: its
// skewness 2·cv is lost in any target then.
const normalCV = 1e-3

// gammaQuantile returns the p-quantile of a gamma law with mean 1 and spread cv.
func gammaQuantile(cv, p float64) float64 {
	switch {
	case !(cv > 0):
		return 1
	case p <= 0:
		return 0
	case p >= 1:
		return math.Inf(1)
	case cv < normalCV:
		return math.Max(0, 1+cv*normalQuantile(p))
	}
	k := 1 / (cv * cv)
	return mathext.GammaIncRegInv(k, p) / k
}

// normalQuantile returns the p-quantile of the standard normal law.
func normalQuantile(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*p-1) }

// rosterDraw returns the heads to roster when each is away with probability
// shrinkage: the fewest with which the target holds on average over who shows
// up or, with a certainty, with which at least n show up that often.
func (st station) rosterDraw(n int, shrinkage, certainty float64) int {
	if n == 0 {
		return 0
	}
	r, _ := Gross(float64(n), shrinkage)
	enough := func(r int) bool {
		if certainty > 0 {
			return binomialAtLeast(r, n, 1-shrinkage) >= certainty
		}
		level, need := 0.0, st.at(float64(n), 1)
		if st.target.Ratio > 0 {
			need.ServiceLevel = math.Min(need.ServiceLevel, st.target.Ratio)
		}
		eachBinomial(r, 1-shrinkage, func(k int, p float64) {
			if sl := st.at(float64(k), 1).ServiceLevel; !math.IsNaN(sl) {
				level += p * sl
			}
		})
		return level >= need.ServiceLevel-ratioSlack
	}
	for r > n && enough(r-1) {
		r--
	}
	for !enough(r) && r < 4*n+100 {
		r++
	}
	return r
}

// eachBinomial calls f for every count with a probability that matters.
func eachBinomial(n int, p float64, f func(k int, prob float64)) {
	lnN, _ := math.Lgamma(float64(n) + 1)
	for k := range n + 1 {
		a, _ := math.Lgamma(float64(k) + 1)
		b, _ := math.Lgamma(float64(n-k) + 1)
		prob := math.Exp(lnN - a - b + float64(k)*math.Log(p) + float64(n-k)*math.Log1p(-p))
		if prob > epsilon {
			f(k, prob)
		}
	}
}

func binomialAtLeast(n, least int, p float64) float64 {
	sum := 0.0
	eachBinomial(n, p, func(k int, prob float64) {
		if k >= least {
			sum += prob
		}
	})
	return sum
}
