package forecast

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// scored is a fold with what its scores need.
type scored struct {
	fold      Fold
	day       []int // day index of each point, to add up days
	scale     float64
	floorable bool
	seconds   float64
}

// weekScale is the mean absolute difference between the same interval one week
// apart in the training part: the denominator of MASE (Hyndman and Koehler 2006,
// IJF 22:679-688).
func weekScale(p *panel, lo, n int) float64 {
	sum, count := 0.0, 0.0
	for d := lo + p.cycle; d < n; d++ {
		for s := range p.slots {
			a, b := p.y[d*p.slots+s], p.y[(d-p.cycle)*p.slots+s]
			if !math.IsNaN(a) && !math.IsNaN(b) {
				sum += math.Abs(a - b)
				count++
			}
		}
	}
	return sum / count
}

// score pools the points of all folds that lie from..to days ahead.
func score(model string, folds []*scored, from, to int, levels []float64) Score {
	s := Score{Model: model, From: from, To: to, Coverage: make([]float64, len(levels))}
	var abs, sum, bias, absDay, sumDay, mase, pin, msis, floor float64
	var aht ahtSums
	i80, i95 := slices.Index(levels, 0.80), slices.Index(levels, 0.95)
	for _, f := range folds {
		s.SecondsPerFit += f.seconds / float64(len(folds))
		used := false
		dayErr, dayAct, last := 0.0, 0.0, -1
		flush := func() {
			absDay += math.Abs(dayErr)
			sumDay += dayAct
			dayErr, dayAct = 0, 0
			aht.flush()
		}
		for i, pt := range f.fold.Points {
			if pt.Ahead < from || pt.Ahead > to {
				continue
			}
			used = true
			s.N++
			if f.day[i] != last {
				flush()
				last = f.day[i]
			}
			aht.add(&pt)
			e := pt.Mean - pt.Actual
			dayErr += e
			dayAct += pt.Actual
			abs += math.Abs(e)
			sum += pt.Actual
			bias += e
			mase += math.Abs(e) / f.scale
			if f.floorable {
				floor += poissonMAD(pt.Mean)
			}
			for l := range levels {
				if pt.Actual >= pt.Bounds[2*l] && pt.Actual <= pt.Bounds[2*l+1] {
					s.Coverage[l]++
				}
			}
			if i80 >= 0 {
				pin += (quantileLoss(pt.Actual, pt.Bounds[2*i80], 0.1) + quantileLoss(pt.Actual, pt.Mean, 0.5) +
					quantileLoss(pt.Actual, pt.Bounds[2*i80+1], 0.9)) / 3
			}
			if i95 >= 0 {
				lo, hi := pt.Bounds[2*i95], pt.Bounds[2*i95+1]
				msis += (hi - lo + 40*math.Max(0, lo-pt.Actual) + 40*math.Max(0, pt.Actual-hi)) / f.scale
			}
		}
		flush()
		if used {
			s.Origins++
		}
	}
	n := float64(s.N)
	s.WAPE, s.WAPEDay, s.Bias = abs/sum, absDay/sumDay, bias/sum
	s.MASE, s.Pinball, s.MSIS = mase/n, pin/sum, msis/n
	aht.scores(&s)
	s.Floor = math.NaN()
	if folds[0].floorable {
		s.Floor = floor / sum
	}
	if i80 < 0 {
		s.Pinball = math.NaN()
	}
	if i95 < 0 {
		s.MSIS = math.NaN()
	}
	for l := range s.Coverage {
		s.Coverage[l] /= n
	}
	return s
}

// quantileLoss is the pinball loss of quantile forecast q at probability tau.
func quantileLoss(y, q, tau float64) float64 {
	if y >= q {
		return tau * (y - q)
	}
	return (1 - tau) * (q - y)
}

// poissonMAD is E|X-μ| of a Poisson variable with mean μ:
//
//	2·e^(-μ)·μ^(⌊μ⌋+1)/⌊μ⌋!
//
// (Crow 1958, Biometrika 45:556-559). It is what a perfect forecast of the rate
// still misses by.
func poissonMAD(mu float64) float64 {
	if !(mu > 0) {
		return 0
	}
	return 2 * mu * distuv.Poisson{Lambda: mu}.Prob(math.Floor(mu))
}
