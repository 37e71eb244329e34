package forecast

import "math"

// The damped-trend seasonal exponential smoothing of day totals on a log scale,
// ETS(A,Ad,A) in the words of Hyndman, Koehler, Ord and Snyder (2008,
// Forecasting with Exponential Smoothing, table 2.3):
//
//	e_t = z_t - (l + φb + s),  l' = l + φb + α·e,  b' = φb + αβ·e,  s' = s + γ·e
//
// with α, β, γ, φ by least absolute error one and several days ahead. A missing
// day leaves the states as they are.
type etsState struct {
	level, trend float64
	season       []float64
}

type etsSetting struct{ alpha, beta, gamma, phi float64 }

// dayLogs returns the logs of the totals, the log offset, and how many are known.
func (v *view) dayLogs() (z []float64, offset float64, n int) {
	tot := v.totals()
	offset = logOffset(tot)
	z = make([]float64, v.n)
	for d := range z {
		z[d] = math.NaN()
		if t := tot[d] + offset; t > 0 {
			z[d] = math.Log(t)
			n++
		}
	}
	return z, offset, n
}

// startEts gives first states from the first four cycles.
func startEts(v *view, z []float64) etsState {
	c := v.p.cycle
	sum, n := make([]float64, c), make([]float64, c)
	total, count := 0.0, 0.0
	for d, used := v.lo, 0; d < v.n && used < 4*c; d++ {
		if math.IsNaN(z[d]) {
			if v.p.opens[d] {
				used++
			}
			continue
		}
		used++
		sum[v.p.phase(d)] += z[d]
		n[v.p.phase(d)]++
	}
	st := etsState{season: make([]float64, c)}
	for ph := range c {
		if n[ph] > 0 {
			total += sum[ph] / n[ph]
			count++
		}
	}
	if count == 0 {
		return st
	}
	st.level = total / count
	for ph := range c {
		if n[ph] > 0 && c > 1 {
			st.season[ph] = (sum[ph]/n[ph] - st.level) * n[ph] / (n[ph] + 0.5)
		}
	}
	return st
}

// runEts smooths days [from, n) and returns the final state and the loss.
func runEts(v *view, z []float64, st etsState, set etsSetting, steps []int) (etsState, float64) {
	st.season = append([]float64(nil), st.season...)
	loss, n := 0.0, 0.0
	for d := v.lo; d < v.n; d++ {
		if math.IsNaN(z[d]) {
			continue
		}
		damp, sum := set.phi, set.phi
		k := 1
		for _, s := range steps {
			for ; k < s; k++ {
				damp *= set.phi
				sum += damp
			}
			t := d + s - 1
			if t >= v.n {
				break
			}
			if !math.IsNaN(z[t]) {
				loss += math.Abs(z[t] - st.level - sum*st.trend - st.season[v.p.phase(t)])
				n++
			}
		}
		e := z[d] - st.level - set.phi*st.trend - st.season[v.p.phase(d)]
		st.level += set.phi*st.trend + set.alpha*e
		st.trend = set.phi*st.trend + set.alpha*set.beta*e
		st.season[v.p.phase(d)] += set.gamma * e
	}
	if n == 0 {
		return st, math.Inf(1)
	}
	return st, loss / n
}

func tuneEts(v *view) any {
	z, _, n := v.dayLogs()
	def := etsSetting{alpha: 0.2, gamma: 0.1, phi: 0.9}
	if n < 2*v.p.cycle+4 {
		return def
	}
	steps := []int{1}
	if v.h > 3 {
		steps = []int{1, 4}
	}
	if v.h > 7 {
		steps = []int{1, 4, 11}
	}
	st := startEts(v, z)
	cost := func(x []float64) float64 {
		_, l := runEts(v, z, st, etsSetting{x[0], x[1], x[2], x[3]}, steps)
		return l
	}
	x := minimise(cost, []float64{0.2, 0.05, 0.1, 0.9}, []float64{0.01, 0, 0, 0.7}, []float64{0.95, 0.5, 0.6, 0.98}, 120)
	return etsSetting{x[0], x[1], x[2], x[3]}
}

func predictEts(v *view, tuned any) []float64 {
	set := tuned.(etsSetting)
	z, offset, n := v.dayLogs()
	if n == 0 {
		return nil
	}
	st, _ := runEts(v, z, startEts(v, z), set, nil)
	total := make([]float64, v.h)
	damp, sum := 1.0, 0.0
	for i := range total {
		damp *= set.phi
		sum += damp
		total[i] = math.Max(0, math.Exp(st.level+sum*st.trend+st.season[v.p.phase(v.n+i)])-offset)
	}
	return v.spread(total)
}
