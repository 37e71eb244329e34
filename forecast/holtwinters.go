package forecast

import "math"

// Double-seasonal exponential smoothing of Taylor (2003, J. Oper. Res. Soc.
// 54:799-805; 2010, IJF 26:627-646) with an autoregressive residual, on the
// transformed intervals:
//
//	e_t = z_t - (l + ψb + d_k + w_j)
//	l += ψb + α·e_t,  b = ψb + β·e_t,  d_k += δ·e_t,  w_j += ω·e_t
//	ẑ_{t+h} = l + (ψ + ... + ψ^h)·b + d_k + w_j + φ^h·e_t
//
// d is the season of the day, w that of the week, b a slope that fades with ψ
// (Gardner and McKenzie 1985, Management Science 31:1237-1246). Parameters by
// least squares of the errors one step and one day ahead.
type hwState struct {
	level, slope float64
	d, w         []float64
	e            float64
}

type hwSetting struct{ alpha, delta, omega, phi, beta, psi float64 }

// slopeHalfLife is how many days it takes a slope to fade by half.
const slopeHalfLife = 5.0

// startHW gives the first states from the first cycles (at most four).
func startHW(f *flat, z []float64) hwState {
	st := hwState{d: make([]float64, f.m1), w: make([]float64, f.m2)}
	end := min(len(z), max(f.start, 0)+4*f.m2)
	sum, n := 0.0, 0.0
	sd, nd := make([]float64, f.m1), make([]float64, f.m1)
	for i := max(f.start, 0); i < end; i++ {
		if !math.IsNaN(z[i]) {
			sum += z[i]
			n++
			sd[f.pos[i]] += z[i]
			nd[f.pos[i]]++
		}
	}
	if n == 0 {
		return st
	}
	st.level = sum / n
	if f.m1 > 1 {
		for k := range sd {
			if nd[k] > 0 {
				st.d[k] = sd[k]/nd[k] - st.level
			}
		}
	}
	if f.m2 > f.m1 {
		sw, nw := make([]float64, f.m2), make([]float64, f.m2)
		for i := max(f.start, 0); i < end; i++ {
			if !math.IsNaN(z[i]) {
				sw[f.week[i]] += z[i] - st.level - st.d[f.pos[i]]
				nw[f.week[i]]++
			}
		}
		for k := range sw {
			if nw[k] > 0 {
				st.w[k] = sw[k] / (nw[k] + 1) // few weeks: pull to the season of the day
			}
		}
	}
	return st
}

// runHW smooths the history. The loss is the mean squared error one step ahead
// plus, with far > 0, that far steps ahead.
func runHW(f *flat, z []float64, st hwState, s hwSetting, far int) (hwState, float64) {
	st.d = append([]float64(nil), st.d...)
	st.w = append([]float64(nil), st.w...)
	loss, n := 0.0, 0.0
	// Errors in the first cycle tell of the start, not of the smoothing.
	warm := max(f.start, 0) + f.m2
	farPhi, farSum := 0.0, 0.0
	if far > 0 {
		farPhi = math.Pow(s.phi, float64(far))
		farSum = geometric(s.psi, far)
	}
	for i := max(f.start, 0); i < len(z); i++ {
		if math.IsNaN(z[i]) {
			st.e *= s.phi
			st.slope *= s.psi
			st.level += st.slope
			continue
		}
		st.slope *= s.psi
		st.level += st.slope
		e := z[i] - st.level - st.d[f.pos[i]] - st.w[f.week[i]]
		if i >= warm {
			r := e - s.phi*st.e
			loss += r * r
			n++
		}
		st.e = e
		st.level += s.alpha * e
		st.slope += s.beta * e
		st.d[f.pos[i]] += s.delta * e
		st.w[f.week[i]] += s.omega * e
		if j := i + far; far > 0 && i >= warm && j < len(z) && !math.IsNaN(z[j]) {
			r := z[j] - st.level - farSum*st.slope - st.d[f.pos[j]] - st.w[f.week[j]] - farPhi*st.e
			loss += r * r
		}
	}
	if n == 0 {
		return st, math.Inf(1)
	}
	return st, loss / n
}

// geometric is ψ + ψ² + ... + ψ^n.
func geometric(psi float64, n int) float64 {
	if psi >= 1 {
		return float64(n)
	}
	return psi * (1 - math.Pow(psi, float64(n))) / (1 - psi)
}

func tuneHW(v *view) any {
	f := v.flatten()
	tr := choosePower(v)
	z := tr.series(f.y)
	st := startHW(f, z)
	far := 0
	if f.m1 > 1 {
		far = f.m1
	} else if f.m2 > 1 && v.h > 1 {
		far = min(f.m2, v.h)
	}
	psi := math.Pow(0.5, 1/(slopeHalfLife*float64(f.m1)))
	setting := func(x []float64) hwSetting {
		return hwSetting{alpha: x[0], delta: x[1], omega: x[2], phi: x[3], beta: x[0] * x[4], psi: psi}
	}
	cost := func(x []float64) float64 {
		_, l := runHW(f, z, st, setting(x), far)
		return l
	}
	hiD, hiW := 0.6, 0.6
	if f.m1 == 1 {
		hiD = 0
	}
	if f.m2 == f.m1 {
		hiW = 0
	}
	return setting(minimise(cost, []float64{0.03, math.Min(0.1, hiD), math.Min(0.1, hiW), 0.7, 0.05},
		[]float64{0, 0, 0, 0, 0}, []float64{0.6, hiD, hiW, 0.99, 0.3}, hwEvals))
}

// hwEvals bounds the search for the five weights.
const hwEvals = 180

func predictHW(v *view, tuned any) []float64 {
	f := v.flatten()
	if f.start < 0 {
		return nil
	}
	tr := choosePower(v)
	z := tr.series(f.y)
	s := tuned.(hwSetting)
	st, _ := runHW(f, z, startHW(f, z), s, 0)
	out := make([]float64, len(f.day)-f.hist)
	e, damp, rise := st.e, 1.0, 0.0
	for i := range out {
		e *= s.phi
		damp *= s.psi
		rise += damp * st.slope
		j := f.hist + i
		out[i] = tr.from(st.level + rise + st.d[f.pos[j]] + st.w[f.week[j]] + e)
	}
	return v.unflatten(f, out)
}
