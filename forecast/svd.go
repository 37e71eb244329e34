package forecast

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// The method of Shen and Huang (2008, M&SOM 10:391-410): the days by slots
// matrix of root volumes is reduced by its singular value decomposition to a few
// shapes of the day, and the score of each day on a shape is forecast as an
// autoregression with a level of its own per weekday:
//
//	√(y + 1/4) = Σ_k β_k(day)·f_k(slot),  β_k(d) - a_k(w_d) = b_k·(β_k(d-1) - a_k(w_{d-1})) + ε
const (
	svdShapes = 3
	svdDays   = 150 // days of the matrix, as in the paper
	svdPrior  = 4.0 // days that pull b to 0
)

func predictSVD(v *view, _ any) []float64 {
	s, c := v.p.slots, v.p.cycle
	days := v.dataDays()
	if s < 4 || len(days) < 4*c {
		return nil
	}
	if len(days) > svdDays {
		days = days[len(days)-svdDays:]
	}
	x := rootMatrix(v, days)
	var f mat.SVD
	if !f.Factorize(x, mat.SVDThin) {
		return nil
	}
	k := min(svdShapes, s, len(days))
	var shapes mat.Dense
	f.VTo(&shapes)
	var score mat.Dense
	score.Mul(x, &shapes)
	total := mat.NewDense(v.h, s, nil)
	for j := range k {
		beta := mat.Col(nil, j, &score)
		next := scoresAhead(v, days, beta)
		for t := range v.h {
			for i := range s {
				total.Set(t, i, total.At(t, i)+next[t]*shapes.At(i, j))
			}
		}
	}
	out := v.result()
	for t := range v.h {
		for i, open := range v.p.openRow(v.n + t) {
			if open {
				r := math.Max(0, total.At(t, i))
				out[t*s+i] = math.Max(0, r*r-0.25)
			}
		}
	}
	return out
}

// rootMatrix holds √(y+1/4) of the given days; what is unknown on a day is the
// mean of its weekday, what is closed is 0.
func rootMatrix(v *view, days []int) *mat.Dense {
	s, c := v.p.slots, v.p.cycle
	sum, n := make([]float64, c*s), make([]float64, c*s)
	x := mat.NewDense(len(days), s, nil)
	for i, d := range days {
		for j, y := range v.row(d) {
			if !math.IsNaN(y) {
				r := math.Sqrt(math.Max(y, 0) + 0.25)
				x.Set(i, j, r)
				sum[v.p.phase(d)*s+j] += r
				n[v.p.phase(d)*s+j]++
			}
		}
	}
	for i, d := range days {
		open := v.p.openRow(d)
		for j, y := range v.row(d) {
			if k := v.p.phase(d)*s + j; open[j] && math.IsNaN(y) && n[k] > 0 {
				x.Set(i, j, sum[k]/n[k])
			}
		}
	}
	return x
}

// scoresAhead forecasts the score of each day of the horizon.
func scoresAhead(v *view, days []int, beta []float64) []float64 {
	c := v.p.cycle
	level, n := make([]float64, c), make([]float64, c)
	all := mean(beta)
	for i, d := range days {
		level[v.p.phase(d)] += beta[i]
		n[v.p.phase(d)]++
	}
	for w := range level {
		if n[w] > 0 {
			level[w] /= n[w]
		} else {
			level[w] = all
		}
	}
	sxy, sxx := 0.0, 0.0
	for i := 1; i < len(days); i++ {
		a := beta[i-1] - level[v.p.phase(days[i-1])]
		b := beta[i] - level[v.p.phase(days[i])]
		sxy += a * b
		sxx += a * a
	}
	b := 0.0
	if sxx > 0 {
		b = clamp(sxy/(sxx*(1+svdPrior/float64(len(days)))), 0.98)
	}
	last := days[len(days)-1]
	e := beta[len(beta)-1] - level[v.p.phase(last)]
	out := make([]float64, v.h)
	for t := range out {
		if v.p.opens[v.n+t] {
			e *= b
		}
		out[t] = level[v.p.phase(v.n+t)] + e
	}
	return out
}
