package forecast

import "math"

// The seasonal ARIMA model (Box and Jenkins 1970, chapter 9) of the day totals
// on a log scale, or of transformed intervals less the usual week:
//
//	φ(B)·Φ(B^m)·∇^d·∇_m^D z_t = c + θ(B)·Θ(B^m)·ε_t
//
// m is the week for days and the day for intervals. D is 1 when the season is
// strong, d by the KPSS test of a steady level (Kwiatkowski et al. 1992, J.
// Econometrics 54:159-178), the orders by AICc from a short list, as Hyndman and
// Khandakar (2008, J. Stat. Software 27:3) do stepwise; the coefficients by
// conditional least squares within the region of stability.
type sarimaOrder struct{ p, q, sp, sq int }

type sarimaFit struct {
	order sarimaOrder
	d, sd int
	m     int
	coef  []float64 // as transformed: φ, θ, Φ, Θ, mean
}

// sarimaOrders is the list compared.
var sarimaOrders = []sarimaOrder{
	{0, 1, 0, 1}, {1, 0, 0, 1}, {1, 1, 0, 1}, {2, 1, 0, 1}, {1, 2, 0, 1}, {1, 1, 1, 1}, {2, 2, 1, 1}, {2, 0, 1, 0}, {3, 0, 1, 1},
}

const (
	sarimaPoints = 1500 // the history used
	sarimaEvals  = 150
	kpssLimit    = 0.463 // 5 %
	seasonLimit  = 0.64  // strength of the season from which it is differenced
)

// sarimaSeries returns the sequence, the season, and the way back.
func sarimaSeries(v *view) (z []float64, m int, base []float64, f *flat, tr power) {
	if v.p.slots == 1 {
		f = v.flatten()
		tr = choosePower(v)
		return tr.series(f.y), v.p.cycle, nil, f, tr
	}
	f = v.flatten()
	tr = choosePower(v)
	z = tr.series(f.y)
	base = weekBase(f, z, sarHalfLife)
	for i := range z {
		z[i] -= base[f.week[i]]
	}
	return z, f.m1, base, f, tr
}

func tuneSARIMA(v *view) any {
	z, m, _, f, _ := sarimaSeries(v)
	if f.start < 0 {
		return (*sarimaFit)(nil)
	}
	z = z[max(f.start, len(z)-sarimaPoints):]
	known := 0
	for _, x := range z {
		if !math.IsNaN(x) {
			known++
		}
	}
	if known < 3*m+10 {
		return (*sarimaFit)(nil)
	}
	fit := &sarimaFit{m: m}
	if m > 1 && seasonStrength(z, m) > seasonLimit {
		fit.sd = 1
	}
	w := difference(z, fit.sd, m)
	if kpss(w) > kpssLimit {
		fit.d = 1
		w = difference(w, 1, 1)
	}
	best := math.Inf(1)
	for _, o := range sarimaOrders {
		if m <= 1 && o.sp+o.sq > 0 {
			o.sp, o.sq = 0, 0
		}
		k := o.p + o.q + o.sp + o.sq
		lo, hi, x0 := make([]float64, k), make([]float64, k), make([]float64, k)
		for i := range lo {
			lo[i], hi[i], x0[i] = -0.97, 0.97, 0.1
		}
		c := 0.0
		if fit.d+fit.sd == 0 {
			c = meanKnown(w)
		}
		try := sarimaFit{order: o, d: fit.d, sd: fit.sd, m: m}
		cost := func(x []float64) float64 {
			try.coef = append(x[:k:k], c)
			s, _, _ := try.residuals(w)
			return s
		}
		x := minimise(cost, x0, lo, hi, sarimaEvals)
		s := cost(x)
		n := float64(known)
		aicc := n*math.Log(math.Max(s, 1e-300)) + 2*float64(k+1)*n/math.Max(n-float64(k)-2, 1)
		if aicc < best {
			best = aicc
			fit.order = o
			fit.coef = append(append([]float64(nil), x...), c)
		}
	}
	return fit
}

// polynomials expands the coefficients: the AR and MA weights per lag, from 1.
func (s *sarimaFit) polynomials() (ar, ma []float64) {
	o := s.order
	c := s.coef
	phi := stable(c[:o.p])
	theta := stable(c[o.p : o.p+o.q])
	sphi := stable(c[o.p+o.q : o.p+o.q+o.sp])
	stheta := stable(c[o.p+o.q+o.sp : o.p+o.q+o.sp+o.sq])
	return product(phi, sphi, s.m), product(theta, stheta, s.m)
}

// stable turns partial autocorrelations in (-1, 1) into the coefficients of a
// stable autoregression (Monahan 1984, Biometrika 71:403-404).
func stable(r []float64) []float64 {
	out := append([]float64(nil), r...)
	tmp := make([]float64, len(r))
	for k := 1; k < len(r); k++ {
		copy(tmp, out[:k])
		for i := range k {
			out[i] = tmp[i] - r[k]*tmp[k-1-i]
		}
		out[k] = r[k]
	}
	return out
}

// product returns the lag weights of 1 - (1-Σa_iB^i)(1-Σb_jB^jm).
func product(a, b []float64, m int) []float64 {
	out := make([]float64, len(a)+len(b)*m)
	for i, x := range a {
		out[i] += x
	}
	for j, y := range b {
		out[(j+1)*m-1] += y
		for i, x := range a {
			out[(j+1)*m+i] -= x * y
		}
	}
	return out
}

// residuals returns the mean squared error one step ahead of the differenced
// series, the errors, and the series with its unknown values forecast.
func (s *sarimaFit) residuals(w []float64) (loss float64, e, full []float64) {
	ar, ma := s.polynomials()
	c := s.coef[len(s.coef)-1]
	la, lm := nonzero(ar), nonzero(ma)
	e, full = make([]float64, len(w)), make([]float64, len(w))
	warm := min(len(ar), len(w)/4)
	n := 0.0
	for i, x := range w {
		f := 0.0
		for _, k := range la {
			if i > k {
				f += ar[k] * full[i-k-1]
			}
		}
		for _, k := range lm {
			if i > k {
				f -= ma[k] * e[i-k-1]
			}
		}
		if math.IsNaN(x) {
			full[i] = f
			continue
		}
		full[i] = x - c
		e[i] = full[i] - f
		if i >= warm {
			loss += e[i] * e[i]
			n++
		}
	}
	if n == 0 {
		return math.Inf(1), e, full
	}
	return loss / n, e, full
}

func nonzero(a []float64) []int {
	var out []int
	for i, x := range a {
		if x != 0 {
			out = append(out, i)
		}
	}
	return out
}

func predictSARIMA(v *view, tuned any) []float64 {
	fit := tuned.(*sarimaFit)
	if fit == nil {
		return nil
	}
	z, m, base, f, tr := sarimaSeries(v)
	if m != fit.m || f.start < 0 {
		return nil
	}
	z = z[max(f.start, len(z)-sarimaPoints):]
	season := difference(z, fit.sd, m)
	w := difference(season, fit.d, 1)
	_, e, full := fit.residuals(w)
	ar, ma := fit.polynomials()
	la, lm := nonzero(ar), nonzero(ma)
	c := fit.coef[len(fit.coef)-1]
	h := len(f.day) - f.hist
	n := len(w)
	lim := 0.0
	for _, x := range z {
		if !math.IsNaN(x) {
			lim = math.Max(lim, math.Abs(x))
		}
	}
	for i := n; i < n+h; i++ {
		x := 0.0
		for _, k := range la {
			if i > k {
				x += ar[k] * full[i-k-1]
			}
		}
		for _, k := range lm {
			if i-k-1 < n && i > k {
				x -= ma[k] * e[i-k-1]
			}
		}
		full = append(full, x)
	}
	// Undo the differences: the plain one from the last known value, then the season.
	next := make([]float64, h)
	for i := range next {
		next[i] = full[n+i] + c
	}
	if fit.d == 1 {
		l := lastKnown(season)
		for i := range next {
			l += next[i]
			next[i] = l
		}
	}
	if fit.sd == 1 {
		hist := fillSeason(z, m)
		for i := range next {
			next[i] += hist[len(hist)-m]
			hist = append(hist, next[i])
		}
	}
	out := make([]float64, h)
	for i := range out {
		x := clamp(next[i], 3*lim)
		if base != nil {
			x += base[f.week[f.hist+i]]
		}
		out[i] = tr.from(x)
	}
	return v.unflatten(f, out)
}

func difference(z []float64, times, lag int) []float64 {
	if times == 0 || len(z) <= lag {
		return z
	}
	out := make([]float64, len(z)-lag)
	for i := range out {
		out[i] = z[i+lag] - z[i]
	}
	return out
}

func lastKnown(z []float64) float64 {
	for i := len(z) - 1; i >= 0; i-- {
		if !math.IsNaN(z[i]) {
			return z[i]
		}
	}
	return 0
}

// fillSeason replaces unknown values by those a season earlier, or else 0.
func fillSeason(z []float64, m int) []float64 {
	out := append([]float64(nil), z...)
	for i, x := range out {
		if math.IsNaN(x) {
			out[i] = 0
			if i >= m {
				out[i] = out[i-m]
			}
		}
	}
	return out
}

func meanKnown(x []float64) float64 {
	s, n := 0.0, 0.0
	for _, v := range x {
		if !math.IsNaN(v) {
			s += v
			n++
		}
	}
	return s / math.Max(n, 1)
}

// seasonStrength is 1 - Var(remainder)/Var(season + remainder) around a centred
// mean (Wang, Smith and Hyndman 2006, Data Mining and Knowledge Discovery
// 13:335-364).
func seasonStrength(z []float64, m int) float64 {
	ma := centredMean(z, m)
	sum, n := make([]float64, m), make([]float64, m)
	for i, x := range z {
		if d := x - ma[i]; !math.IsNaN(d) {
			sum[i%m] += d
			n[i%m]++
		}
	}
	var all, rest float64
	for i, x := range z {
		if d := x - ma[i]; !math.IsNaN(d) {
			r := d - sum[i%m]/n[i%m]
			all += d * d
			rest += r * r
		}
	}
	if all <= 0 {
		return 0
	}
	return math.Max(0, 1-rest/all)
}

// kpss is the statistic of the level-stationarity test with a Bartlett window.
func kpss(x []float64) float64 {
	m := meanKnown(x)
	var e []float64
	for _, v := range x {
		if !math.IsNaN(v) {
			e = append(e, v-m)
		}
	}
	n := float64(len(e))
	if n < 10 {
		return 0
	}
	s, sum := 0.0, 0.0
	for _, v := range e {
		s += v
		sum += s * s
	}
	lag := int(4 * math.Pow(n/100, 0.25))
	variance := 0.0
	for k := 0; k <= lag; k++ {
		c := 0.0
		for i := k; i < len(e); i++ {
			c += e[i] * e[i-k]
		}
		if k > 0 {
			c *= 2 * (1 - float64(k)/float64(lag+1))
		}
		variance += c
	}
	if variance <= 0 {
		return 0
	}
	return sum / n / variance
}
