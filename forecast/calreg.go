package forecast

import "math"

// calreg is the calendar regression on the logarithm of the day total:
//
//	log(D_t + c) = x_t·β + u_t,   u_t = level_t + ε_t
//
// with x_t from features (weekday, place in the month, closures, holidays,
// events, time of year), β by ridge regression with weights λ^age and Huber's
// robust weights, and a level that moves with the residuals and fades over the
// horizon: level_{t+h} = φ^h·level_t. Errors that hang together are allowed for
// by quasi-differencing with ρ before the regression (Cochrane and Orcutt 1949,
// JASA 44:32-61). ρ, φ and the smoothing weight α of the level are those with
// the least error over the horizon on the recent history.
// Sources: Weinberg, Brown and Stroud 2007, JASA 102:1185-1198 (multiplicative
// day effects); Aldor-Noiman, Feigin and Mandelbaum 2009, AOAS 3:1403-1447
// (calendar and billing regressors); Huber 1964, Ann. Math. Stat. 35:73-101.
type calregFit struct {
	beta   []float64
	level  float64 // at the origin
	phi    float64
	offset float64 // c
	smear  float64 // mean of a day over exp of the mean of its logarithm
	ok     bool
}

type calregSetting struct {
	lambda, rho, alpha, phi float64
	trend                   bool
}

// Huber's threshold in standard deviations, and rounds of reweighting.
const (
	huberK      = 2.0
	huberRounds = 3
)

// logOffset is the constant added before the logarithm: half a contact for
// counts with zeros, else a small part of the mean.
func logOffset(total []float64) float64 {
	sum, n, zero := 0.0, 0, false
	for _, x := range total {
		if !math.IsNaN(x) {
			sum += x
			n++
			zero = zero || x <= 0
		}
	}
	if n == 0 {
		return 1
	}
	if !zero {
		return 0
	}
	return math.Max(1e-9, math.Min(0.5, 0.05*sum/float64(n)))
}

// fitCalreg fits the regression and returns it with the residuals per day.
func fitCalreg(v *view, set calregSetting) (calregFit, []float64) {
	f := v.features()
	tot := v.totals()
	fit := calregFit{phi: set.phi, offset: logOffset(tot)}
	k := f.width()
	resid := make([]float64, v.n)
	for i := range resid {
		resid[i] = math.NaN()
	}
	var days []int
	z := make([]float64, v.n)
	for d := v.lo; d < v.n; d++ {
		if t := tot[d] + fit.offset; !math.IsNaN(t) && t > 0 {
			days = append(days, d)
			z[d] = math.Log(t)
		}
	}
	if len(days) == 0 || k == 0 {
		return fit, resid
	}
	fit.ok = true
	w := make([]float64, len(days))
	for i, d := range days {
		w[i] = math.Pow(set.lambda, float64(v.n-1-d))
	}
	// Rows after quasi-differencing, built once.
	type rowT struct {
		col []int32
		val []float64
		z   float64
	}
	rows := make([]rowT, len(days))
	for i, d := range days {
		r := rowT{f.cols[d], f.vals[d], z[d]}
		if set.rho > 0 {
			if i > 0 && d-days[i-1] <= 4 {
				e := days[i-1]
				col := append(append([]int32(nil), f.cols[d]...), f.cols[e]...)
				val := append([]float64(nil), f.vals[d]...)
				for _, x := range f.vals[e] {
					val = append(val, -set.rho*x)
				}
				r = rowT{col, val, z[d] - set.rho*z[e]}
			} else {
				// The first of a run has the variance of the level itself.
				s := math.Sqrt(1 - set.rho*set.rho)
				val := append([]float64(nil), f.vals[d]...)
				for j := range val {
					val[j] *= s
				}
				r = rowT{f.cols[d], val, z[d] * s}
			}
		}
		rows[i] = r
	}
	ridge := f.ridge
	if !set.trend {
		ridge = append([]float64(nil), ridge...)
		ridge[f.trend] = noTrend
	}
	a := make([]float64, k*k)
	b := make([]float64, k)
	huber := make([]float64, len(days))
	for i := range huber {
		huber[i] = 1
	}
	e := make([]float64, len(days))
	for round := range huberRounds {
		clear(a)
		clear(b)
		for i, r := range rows {
			wi := w[i] * huber[i]
			for p, cp := range r.col {
				x := wi * r.val[p]
				b[cp] += x * r.z
				for q, cq := range r.col {
					if cq <= cp {
						a[int(cp)*k+int(cq)] += x * r.val[q]
					}
				}
			}
		}
		solveRidge(a, b, ridge)
		for i, r := range rows {
			s := r.z
			for p, cp := range r.col {
				s -= b[cp] * r.val[p]
			}
			e[i] = s
		}
		if round == huberRounds-1 {
			break
		}
		sigma := 1.4826 * medianAbs(e)
		for i := range e {
			huber[i] = 1
			if t := huberK * sigma; math.Abs(e[i]) > t && t > 0 && !v.p.named(days[i]) {
				huber[i] = t / math.Abs(e[i])
			}
		}
	}
	fit.beta = b
	for _, d := range days {
		resid[d] = z[d] - fit.linear(f, d)
	}
	return fit, resid
}

func (c *calregFit) linear(f *dayFeatures, d int) float64 {
	s := 0.0
	for i, col := range f.cols[d] {
		s += c.beta[col] * f.vals[d][i]
	}
	return s
}

// levelOf runs the damped level over residuals and returns it at the end.
// A residual beyond the Huber threshold counts only up to it.
func levelOf(resid []float64, alpha, phi, clip float64) float64 {
	l := 0.0
	for _, r := range resid {
		if math.IsNaN(r) {
			continue
		}
		l *= phi
		l += alpha * clamp(r-l, clip)
	}
	return l
}

func clamp(x, limit float64) float64 { return math.Max(-limit, math.Min(limit, x)) }

// clipOf is the largest innovation that the level believes at once.
func clipOf(resid []float64) float64 {
	var e []float64
	for _, r := range resid {
		if !math.IsNaN(r) {
			e = append(e, r)
		}
	}
	if len(e) == 0 {
		return 1
	}
	return 4 * math.Max(1.4826*medianAbs(e), 1e-6)
}

// levelGrid and levelPhi are the settings compared by tuneCalreg.
var (
	levelAlphas = [...]float64{0, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7}
	levelPhis   = [...]float64{0.8, 0.9, 0.95, 0.98, 1}
	calregRhos  = [...]float64{0, 0.5, 0.8, 0.95}
)

// levelLoss is the mean absolute error of the level over the days ahead.
func levelLoss(resid []float64, alpha, phi, clip float64, h int) float64 {
	r := make([]float64, 0, len(resid))
	for _, x := range resid {
		if !math.IsNaN(x) {
			r = append(r, x)
		}
	}
	const recent = 150
	from := max(len(r)/3, len(r)-recent)
	l, sum, n := 0.0, 0.0, 0.0
	h = min(h, 15)
	steps := [...]int{1, 2, 4, 7, 11, 15}
	var fade [len(steps)]float64
	for i, k := range steps {
		fade[i] = math.Pow(phi, float64(k))
	}
	for i, x := range r {
		if i >= from {
			for j, k := range steps {
				if k > h || i+k-1 >= len(r) {
					break
				}
				sum += math.Abs(r[i+k-1] - l*fade[j])
				n++
			}
		}
		l *= phi
		l += alpha * clamp(x-l, clip)
	}
	if n == 0 {
		return math.Inf(1)
	}
	return sum / n
}

// The discounts per day of the two calendar regressions in the pool: half lives
// of about a year and of six weeks.
const (
	lambdaSlow = 0.998
	lambdaFast = 0.985
)

// noTrend is a ridge that leaves nothing of the trend.
const noTrend = 1e12

func tuneCalreg(lambda float64, trend bool) func(*view) any {
	return func(v *view) any {
		best := calregSetting{lambda: lambda, trend: trend, alpha: 0.2, phi: 0.9}
		loss := math.Inf(1)
		for _, rho := range calregRhos {
			set := calregSetting{lambda: lambda, trend: trend, rho: rho, phi: 0.9}
			_, resid := fitCalreg(v, set)
			clip := clipOf(resid)
			for _, a := range levelAlphas {
				for _, phi := range levelPhis {
					if l := levelLoss(resid, a, phi, clip, v.h); l < loss*0.995 {
						loss = l
						set.alpha, set.phi = a, phi
						best = set
					}
				}
			}
		}
		return best
	}
}

// predictCalreg is the model function of calreg.
func predictCalreg(v *view, tuned any) []float64 {
	set := tuned.(calregSetting)
	fit, resid := fitCalreg(v, set)
	if !fit.ok {
		return nil
	}
	fit.level = levelOf(resid, set.alpha, set.phi, clipOf(resid))
	fit.smear = v.smearing(fit.offset, func(d int) float64 { return fit.linear(v.features(), d) })
	return v.spread(fit.totals(v))
}

func (c *calregFit) totals(v *view) []float64 {
	f := v.features()
	out := make([]float64, v.h)
	l := c.level
	for k := range out {
		d := v.n + k
		if !v.p.opens[d] {
			continue
		}
		l *= c.phi
		out[k] = math.Max(0, c.smear*math.Exp(c.linear(f, d)+l)-c.offset)
	}
	return out
}

// Low volume: with fewer contacts a day than lowVolume, and days without any, the
// mean of a day and the exponential of its mean logarithm are far apart.
const (
	lowVolume = 10.0
	smearDays = 182
)

// smearing is Duan's factor (1983, JASA 78:605-610) for days of few contacts, whose
// mean the exponential of a mean logarithm would miss: Σ(y + c) / Σexp(fit) over the
// last half year. It is 1 where a day has many contacts.
func (v *view) smearing(offset float64, fit func(d int) float64) float64 {
	if offset == 0 || !v.p.counts {
		return 1
	}
	tot := v.totals()
	y, f, n := 0.0, 0.0, 0.0
	for d := max(v.lo, v.n-smearDays); d < v.n; d++ {
		if !math.IsNaN(tot[d]) {
			y += tot[d] + offset
			f += math.Exp(fit(d))
			n++
		}
	}
	if n == 0 || f <= 0 || y/n-offset > lowVolume {
		return 1
	}
	return y / f
}

func medianAbs(x []float64) float64 {
	a := make([]float64, len(x))
	for i := range x {
		a[i] = math.Abs(x[i])
	}
	return median(a)
}
