package forecast

import "math"

// MSTL with damped exponential smoothing: the seasons of day and week are taken
// out one after the other by STL, twice over (Bandara, Hyndman and Bergmeir 2021,
// arXiv:2107.13462); what remains is forecast by smoothing with a damped trend,
// ETS(A,Ad,N), and the last cycle of each season is repeated. STL is that of
// Cleveland, Cleveland, McRae and Terpenning (1990, J. Official Statistics
// 6:3-73), not robust, with two inner loops; the seasonal windows are 11 and 15
// cycles, the trend window is nextodd(1.5·m/(1 - 1.5/window)).
func predictMSTL(v *view, tuned any) []float64 {
	g := v.grid()
	if g == nil || len(g.y) < 2*g.m2 {
		return nil
	}
	tr := choosePower(v)
	adj, seasons, periods := mstl(g.fill(tr.series(g.y)), g.m1, g.m2)
	set := tuned.(etsSetting)
	level, slope, _ := dampedRun(adj, set, nil)
	n := len(adj)
	out := make([]float64, (len(g.days)-g.hist)*g.m1)
	damp, rise := 1.0, 0.0
	for i := range out {
		damp *= set.phi
		rise += damp * slope
		z := level + rise
		for k, m := range periods {
			z += seasons[k][n-m+i%m]
		}
		out[i] = tr.from(z)
	}
	return g.back(v, out)
}

// tuneMSTL finds the weights of the smoothing of the adjusted series by least
// squares one step and one day (or week) ahead.
func tuneMSTL(v *view) any {
	def := etsSetting{alpha: 0.2, phi: 0.9}
	g := v.grid()
	if g == nil || len(g.y) < 2*g.m2 {
		return def
	}
	adj, _, _ := mstl(g.fill(choosePower(v).series(g.y)), g.m1, g.m2)
	cost := func(x []float64) float64 {
		_, _, l := dampedRun(adj, etsSetting{alpha: x[0], beta: x[1], phi: x[2]}, []int{1})
		return l
	}
	x := minimise(cost, []float64{0.2, 0.05, 0.9}, []float64{0.005, 0, 0.8}, []float64{0.99, 0.5, 0.98}, 100)
	return etsSetting{alpha: x[0], beta: x[1], phi: x[2]}
}

// dampedRun smooths x with a damped trend; the loss is the mean squared error at
// the given steps ahead.
func dampedRun(x []float64, s etsSetting, steps []int) (level, slope, loss float64) {
	level = mean(x[:min(len(x), 10)])
	n := 0.0
	for i := range x {
		for _, k := range steps {
			if i+k-1 < len(x) {
				e := x[i+k-1] - level - geometric(s.phi, k)*slope
				loss += e * e
				n++
			}
		}
		e := x[i] - level - s.phi*slope
		level += s.phi*slope + s.alpha*e
		slope = s.phi*slope + s.alpha*s.beta*e
	}
	return level, slope, loss / math.Max(n, 1)
}

// mstl returns x without its seasons, the seasons, and their periods.
func mstl(x []float64, m1, m2 int) (adj []float64, seasons [][]float64, periods []int) {
	for _, m := range []int{m1, m2} {
		if m > 1 && (len(periods) == 0 || m > periods[0]) && len(x) >= 2*m {
			periods = append(periods, m)
			seasons = append(seasons, make([]float64, len(x)))
		}
	}
	adj = append([]float64(nil), x...)
	rounds := 2
	if len(periods) < 2 {
		rounds = 1
	}
	for range rounds {
		for k, m := range periods {
			for i := range adj {
				adj[i] += seasons[k][i]
			}
			seasons[k] = stlSeason(adj, m, 7+4*(k+1))
			for i := range adj {
				adj[i] -= seasons[k][i]
			}
		}
	}
	return adj, seasons, periods
}

// stlSeason is the seasonal part of an STL decomposition with period m.
func stlSeason(x []float64, m, window int) []float64 {
	n := len(x)
	trendWindow := nextOdd(1.5 * float64(m) / (1 - 1.5/float64(window)))
	low := nextOdd(float64(m))
	trend, season := make([]float64, n), make([]float64, n)
	long := make([]float64, n+2*m)
	for range 2 {
		// Each place in the cycle smoothed over the cycles, one cycle longer at both ends.
		for ph := range m {
			var sub []float64
			for i := ph; i < n; i += m {
				sub = append(sub, x[i]-trend[i])
			}
			fit := loess(sub, window, 0, 1, -1, len(sub))
			for k, f := range fit {
				if i := ph + k*m; i < len(long) {
					long[i] = f
				}
			}
		}
		l := movingMean(movingMean(movingMean(long, m), m), 3)
		l = loess(l, low, 1, 1+low/10, 0, len(l)-1)
		for i := range season {
			season[i] = long[m+i] - l[i]
		}
		d := make([]float64, n)
		for i := range d {
			d[i] = x[i] - season[i]
		}
		trend = loess(d, trendWindow, 1, 1+trendWindow/10, 0, n-1)
	}
	return season
}

func nextOdd(x float64) int {
	k := int(math.Ceil(x))
	if k%2 == 0 {
		k++
	}
	return max(k, 3)
}

// movingMean has len(x)-k+1 values.
func movingMean(x []float64, k int) []float64 {
	out := make([]float64, len(x)-k+1)
	sum := 0.0
	for i, v := range x {
		sum += v
		if i >= k {
			sum -= x[i-k]
		}
		if i >= k-1 {
			out[i-k+1] = sum / float64(k)
		}
	}
	return out
}

// loess smooths x at the places from..to, which may lie outside it, with the
// nearest window points and tricube weights; degree 0 or 1. Only every jump-th
// place is computed, the others are interpolated.
func loess(x []float64, window, degree, jump, from, to int) []float64 {
	n := len(x)
	out := make([]float64, to-from+1)
	at := func(t int) float64 {
		q := min(window, n)
		lo := min(max(0, t-q/2), n-q)
		h := math.Max(float64(t-lo), float64(lo+q-1-t))
		if window > n {
			h += float64(window-n) / 2
		}
		h = math.Max(h*1.001, 1e-9)
		var w0, w1, w2, y0, y1 float64
		for i := lo; i < lo+q; i++ {
			u := float64(i - t)
			r := math.Abs(u) / h
			if r >= 1 {
				continue
			}
			r = 1 - r*r*r
			w := r * r * r
			w0 += w
			y0 += w * x[i]
			if degree > 0 {
				w1 += w * u
				w2 += w * u * u
				y1 += w * u * x[i]
			}
		}
		if w0 <= 0 {
			return x[min(max(t, 0), n-1)]
		}
		if den := w0*w2 - w1*w1; degree > 0 && den > 1e-9*w0*w2 {
			return (y0*w2 - y1*w1) / den
		}
		return y0 / w0
	}
	prev := from
	out[0] = at(from)
	for t := min(from+jump, to); prev < to; t = min(t+jump, to) {
		v := at(t)
		for k := prev + 1; k <= t; k++ {
			r := float64(k-prev) / float64(t-prev)
			out[k-from] = out[prev-from]*(1-r) + v*r
		}
		prev = t
	}
	return out
}
