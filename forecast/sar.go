package forecast

import "math"

// sar is a seasonal autoregression on the transformed intervals by ridge
// regression: after the discounted mean of each place in the week is taken out,
//
//	x_t = c + Σ_k β_k·x_{t-k} + ε_t,  k near 1, the day and the week
//
// and forecasts are iterated. It is the linear core of what a seasonal ARIMA
// with these spans fits, at the cost of one least-squares problem. Box and
// Jenkins (1970), Time Series Analysis, chapter 9, for the multiplicative lags.
type sarFit struct {
	lags []int
	beta []float64
	c    float64
	base []float64 // per place in the week
}

const (
	sarRidge    = 0.002 // of the variance, so that near-equal lags share their weight
	sarHalfLife = 4.0   // weeks, of the base
)

// sarLags lists the lags for seasons m1 and m2.
func sarLags(m1, m2, n int) []int {
	var out []int
	add := func(k int) {
		if k < 1 || k > n/3 {
			return
		}
		for _, x := range out {
			if x == k {
				return
			}
		}
		out = append(out, k)
	}
	for k := 1; k <= 3; k++ {
		add(k)
	}
	for _, m := range []int{m1, m2} {
		if m > 1 {
			add(m - 1)
			add(m)
			add(m + 1)
		}
	}
	if m1 > 1 {
		add(2 * m1)
	}
	if m2 > m1 && m2 < 60 {
		for k := 4; k <= m2; k++ {
			add(k)
		}
		add(2 * m2)
	} else if m2 > m1 {
		add(2 * m2)
	}
	return out
}

// weekBase is the discounted mean of each place in the week.
func weekBase(f *flat, z []float64, halfLife float64) []float64 {
	sum, w := make([]float64, f.m2), make([]float64, f.m2)
	all, n := 0.0, 0.0
	for i, x := range z {
		if math.IsNaN(x) {
			continue
		}
		g := math.Pow(0.5, float64(len(z)-1-i)/float64(f.m2)/halfLife)
		sum[f.week[i]] += g * x
		w[f.week[i]] += g
		all += g * x
		n += g
	}
	for k := range sum {
		if w[k] > 0 {
			sum[k] /= w[k]
		} else {
			sum[k] = all / n
		}
	}
	return sum
}

func fitSAR(f *flat, z []float64) *sarFit {
	n := len(z)
	s := &sarFit{lags: sarLags(f.m1, f.m2, n)}
	s.base = weekBase(f, z, sarHalfLife)
	x := make([]float64, n)
	for i := range z {
		x[i] = z[i] - s.base[f.week[i]]
	}
	p := len(s.lags)
	if p == 0 {
		return nil
	}
	top := 0
	for _, l := range s.lags {
		top = max(top, l)
	}
	k := p + 1
	a, b := make([]float64, k*k), make([]float64, k)
	row := make([]float64, k)
	row[p] = 1
	rows := 0
	for i := max(f.start, 0) + top; i < n; i++ {
		if math.IsNaN(x[i]) {
			continue
		}
		ok := true
		for j, l := range s.lags {
			if row[j] = x[i-l]; math.IsNaN(row[j]) {
				ok = false
				break
			}
		}
		if !ok {
			continue
		}
		rows++
		for q := range k {
			b[q] += row[q] * x[i]
			for r := range q + 1 {
				a[q*k+r] += row[q] * row[r]
			}
		}
	}
	if rows < 3*k {
		return nil
	}
	trace := 0.0
	for q := range p {
		trace += a[q*k+q]
	}
	ridge := make([]float64, k)
	for q := range p {
		ridge[q] = sarRidge*trace/float64(p) + 1e-12
	}
	ridge[p] = 0.05 * float64(rows)
	solveRidge(a, b, ridge)
	s.beta, s.c = b[:p], b[p]
	return s
}

func predictSAR(v *view, _ any) []float64 {
	f := v.flatten()
	if f.start < 0 {
		return nil
	}
	tr := choosePower(v)
	z := tr.series(f.y)
	s := fitSAR(f, z)
	if s == nil {
		return nil
	}
	n, h := len(z), len(f.day)-f.hist
	x := make([]float64, n+h)
	lim := 0.0
	for i := range z {
		x[i] = z[i] - s.base[f.week[i]]
		if math.IsNaN(x[i]) {
			x[i] = 0 // unknown: as usual for this place in the week
		}
		lim = math.Max(lim, math.Abs(x[i]))
	}
	out := make([]float64, h)
	for i := n; i < n+h; i++ {
		t := s.c
		for j, l := range s.lags {
			if i >= l {
				t += s.beta[j] * x[i-l]
			}
		}
		x[i] = clamp(t, 2*lim) // an unstable fit must not run away
		out[i-n] = tr.from(x[i] + s.base[f.week[i]])
	}
	return v.unflatten(f, out)
}
