package erlang

import (
	"math"
	"time"
)

// OfferedLoad returns the mean number of busy agents, if there were always one
// free, in each of consecutive intervals: the modified offered load. rate is in
// contacts per second, aht in seconds, step the length of the intervals, m0 what
// is still there when the first begins. It solves m' = λ - m/h exactly for rates
// that are constant within an interval:
//
//	m(d) = λh + (m(0) - λh) e^(-d/h)
//	mean = λh + (m(0) - λh) (h/d)(1 - e^(-d/h))
//
// It also returns m at the end. Where the handle time changes, the work that is
// left keeps its number of contacts.
//
// Source: Jennings, Mandelbaum, Massey and Whitt (1996), Server staffing to meet
// time-varying demand; Green, Kolesar and Whitt (2007), section 4.
func OfferedLoad(rate, aht, step []float64, m0 float64) (mean []float64, end float64) {
	if len(rate) != len(aht) || len(rate) != len(step) {
		panic("erlang: rates, handle times and steps differ in length")
	}
	mean = make([]float64, len(rate))
	m := m0
	for i := range rate {
		mean[i], m = molStep(rate[i], aht[i], step[i], m)
	}
	return mean, m
}

// molStep passes one interval of the modified offered load.
func molStep(rate, h, d, m float64) (mean, end float64) {
	if !(h > 0) {
		return 0, 0
	}
	steady := rate * h
	fade := -math.Expm1(-d / h)
	return steady + (m-steady)*(h/d)*fade, m + (steady-m)*fade
}

// averse is how much more an hour of too few agents costs in service level than
// an hour of too many gains. For a target of 80 % it is the ratio of curvature to
// slope of the normal law at its 80 % point.
const averse = 0.8416

// gauss3 are the three-point Gauss-Legendre nodes on [0,1] and their weights.
var gauss3 = [3][2]float64{{0.1127016653792583, 5.0 / 18}, {0.5, 8.0 / 18}, {0.8872983346207417, 5.0 / 18}}

// staffedLoad passes one interval and returns the load to staff it for. The
// agents stay the same while m(t) moves, and too few at one end weigh more than
// too many at the other. So it is not the mean of m but its mean in the sense of
//
//	load = (s/κ)·ln mean(e^(κ m(t)/s)),   s = √mean(m)
//
// which is the mean plus κ·Var(m)/(2s) for small changes and never above the
// largest m(t). It matters when a centre opens and the first work comes in.
func staffedLoad(rate, h, d, m float64) (load, end float64) {
	mean, end := molStep(rate, h, d, m)
	steady := rate * h
	moved := math.Abs(m-steady) * -math.Expm1(-d/h)
	if moved <= 0.05*math.Sqrt(mean) || mean <= 0 {
		return mean, end
	}
	k := averse / math.Sqrt(mean)
	top := math.Max(m, end)
	// Most of the movement lies in the first few h: the nodes follow it.
	sum, from := 0.0, 0.0
	for _, to := range [4]float64{math.Min(d, h/2), math.Min(d, 1.5*h), math.Min(d, 4*h), d} {
		for _, g := range gauss3 {
			t := from + g[0]*(to-from)
			sum += g[1] * (to - from) / d * math.Exp(k*(steady+(m-steady)*math.Exp(-t/h)-top))
		}
		from = to
	}
	return math.Max(mean, top+math.Log(sum)/k), end
}

// loads returns the load to staff for in each interval; ivs are of one queue in
// order of time. Between intervals that do not touch no work comes in and what
// is there fades out.
func loads(ivs []Interval, s Settings, mode TimeOfDay) []float64 {
	out := make([]float64, len(ivs))
	m := 0.0
	var last time.Time
	for i, iv := range ivs {
		h, calls := s.handleTime(iv), contacts(iv)
		d := iv.Step.Seconds()
		if mode == SIPP || iv.Start.IsZero() || d <= 0 {
			out[i] = calls * h / d
			continue
		}
		if gap := iv.Start.Sub(last); i > 0 && gap > 0 && h > 0 {
			m *= math.Exp(-gap.Seconds() / h)
		}
		if h > 0 {
			out[i], m = staffedLoad(calls/d, h, d, m)
		}
		last = iv.Start.Add(iv.Step)
	}
	return out
}

// contacts returns the volume of an interval; unknown counts as none.
func contacts(iv Interval) float64 {
	if !(iv.Offered > 0) {
		return 0
	}
	return iv.Offered
}

// handleTime returns the handle time of an interval, from the settings where it
// has none of its own; 0 when neither knows.
func (s Settings) handleTime(iv Interval) float64 {
	switch {
	case iv.AHT > 0:
		return iv.AHT
	case s.AHT > 0:
		return s.AHT
	}
	return 0
}
