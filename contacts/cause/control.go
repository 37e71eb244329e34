package cause

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"kcc/internal/calendar"
)

// Series is the number of contacts on each of a run of days. NaN is a day that
// is not known: not open at all, or not covered by a source.
type Series struct {
	First  calendar.Date
	Counts []float64
	// Special marks the days that are no ordinary weekday although contacts may
	// arrive: public holidays.
	Special func(calendar.Date) bool
}

// Last returns the last day of the series.
func (s *Series) Last() calendar.Date { return s.First.Add(len(s.Counts) - 1) }

// Control is the forecast of what would have come without what happened on some
// days: a log-linear model of the other days of the series,
//
//	ln μ(d) = weekday(d) + special(d) + after(d) + slope·t + yearly waves(t),
//
// fitted as a Poisson regression whose variance is the dispersion φ times the
// mean (quasi-Poisson; McCullagh and Nelder, Generalized Linear Models, 1989,
// sections 6.2 and 9.2). φ is taken from the sums over whole weeks, so that what
// the days of a week share counts in full.
type Control struct {
	Series   Series
	Mean     []float64 // expected per day; NaN where nothing can be said
	Slope    float64   // change per day on the log scale
	SlopeSE  float64   // with the dispersion
	Disp     float64   // φ of sums over a week, at least minDispersion
	DF       float64   // degrees of freedom of Disp
	Persist  float64   // correlation of the residuals of one week and the next, 0 or more
	used     []bool    // days that the model was fitted on
	x        [][]float64
	cov      *mat.SymDense // of the coefficients at φ = 1
	weekResi []float64     // Pearson residuals of whole weeks
}

// Limits of the model.
const (
	minDays       = 21  // fewer days that can be used give no control
	minDispersion = 1   // less than the Poisson spread is chance
	waveDays      = 300 // of history from which a yearly wave is told from a trend
	secondDays    = 500 // and a second one
	trendDays     = 28  // and a slope
	fitRounds     = 25
	fitTolerance  = 1e-9 // of the deviance, relative
	halfCount     = 0.5
	weekOf        = 7
	yearDays      = 365.25
)

// Fit makes the control of a series from the days that out does not take away.
// It returns nil when fewer than three weeks of days are left.
func Fit(s Series, out func(calendar.Date) bool) *Control {
	c := &Control{Series: s, used: make([]bool, len(s.Counts)), Mean: make([]float64, len(s.Counts))}
	var weekday [7]float64
	special, specialN, after, usable := 0.0, 0, 0, 0
	for i, y := range s.Counts {
		d := s.First.Add(i)
		c.used[i] = !math.IsNaN(y) && (out == nil || !out(d))
		if !c.used[i] {
			continue
		}
		if c.special(d) {
			special += y
			specialN++
			continue
		}
		weekday[d.Weekday()] += y
		usable++
		if c.special(d - 1) {
			after++
		}
	}
	if usable < minDays {
		return nil
	}
	m := modelOf(s.First, usable, weekday, special > 0 && specialN >= 2, after >= 3)
	c.x = make([][]float64, len(s.Counts))
	for i := range s.Counts {
		d := s.First.Add(i)
		c.x[i] = m.row(d, c.special(d), c.special(d-1))
		if c.x[i] == nil { // a day of the week, or a holiday, on which nothing comes
			c.used[i] = false
		}
	}
	if !c.fit(m) {
		return nil
	}
	c.disperse(len(c.x[c.firstUsed()]))
	if m.trend >= 0 {
		c.SlopeSE *= math.Sqrt(c.Disp)
	}
	return c
}

func (c *Control) special(d calendar.Date) bool {
	return c.Series.Special != nil && c.Series.Special(d)
}

func (c *Control) firstUsed() int {
	for i, u := range c.used {
		if u {
			return i
		}
	}
	return 0
}

// design is the layout of the columns of the model; -1 is left out.
type design struct {
	first                          calendar.Date
	weekday                        [7]int
	special, after, trend, wave, n int
	waves                          int
	hasSpecial                     bool
}

func modelOf(first calendar.Date, usable int, weekday [7]float64, special, after bool) *design {
	m := &design{first: first, special: -1, after: -1, trend: -1, wave: -1, hasSpecial: special}
	take := func() int { m.n++; return m.n - 1 }
	for w, sum := range weekday {
		m.weekday[w] = -1
		if sum > 0 {
			m.weekday[w] = take()
		}
	}
	if special {
		m.special = take()
	}
	if after {
		m.after = take()
	}
	if usable >= trendDays {
		m.trend = take()
	}
	switch {
	case usable >= secondDays:
		m.waves = 2
	case usable >= waveDays:
		m.waves = 1
	}
	if m.waves > 0 {
		m.wave = m.n
		m.n += 2 * m.waves
	}
	return m
}

// row returns the regressors of a day; nil when no contacts are expected at all.
func (m *design) row(d calendar.Date, special, after bool) []float64 {
	w := m.weekday[d.Weekday()]
	if w < 0 || special && !m.hasSpecial {
		return nil
	}
	x := make([]float64, m.n)
	x[w] = 1
	if special {
		x[m.special] = 1
	}
	if after && m.after >= 0 {
		x[m.after] = 1
	}
	t := float64(d - m.first)
	if m.trend >= 0 {
		x[m.trend] = t / yearDays
	}
	for k := range m.waves {
		a := 2 * math.Pi * float64(k+1) * t / yearDays
		x[m.wave+2*k], x[m.wave+2*k+1] = math.Sin(a), math.Cos(a)
	}
	return x
}

// fit finds the coefficients by iteratively reweighted least squares.
func (c *Control) fit(m *design) bool {
	n := m.n
	beta := make([]float64, n)
	eta := make([]float64, len(c.x))
	for i, y := range c.Series.Counts {
		if c.used[i] {
			eta[i] = math.Log(y + halfCount)
		}
	}
	info := mat.NewSymDense(n, nil)
	score := mat.NewVecDense(n, nil)
	var chol mat.Cholesky
	was := math.Inf(1)
	for range fitRounds {
		info.Zero()
		score.Zero()
		for i, x := range c.x {
			if !c.used[i] {
				continue
			}
			mu := math.Exp(eta[i])
			z := eta[i] + (c.Series.Counts[i]-mu)/mu
			for a, xa := range x {
				if xa == 0 {
					continue
				}
				score.SetVec(a, score.AtVec(a)+mu*xa*z)
				for b := a; b < n; b++ {
					if x[b] != 0 {
						info.SetSym(a, b, info.At(a, b)+mu*xa*x[b])
					}
				}
			}
		}
		if !chol.Factorize(info) {
			return false
		}
		sol := mat.NewVecDense(n, beta)
		if chol.SolveVecTo(sol, score) != nil {
			return false
		}
		dev := 0.0
		for i, x := range c.x {
			if !c.used[i] {
				continue
			}
			eta[i] = dot(x, beta)
			y, mu := c.Series.Counts[i], math.Exp(eta[i])
			if y > 0 {
				dev += y*math.Log(y/mu) - (y - mu)
			} else {
				dev += mu
			}
		}
		if math.IsNaN(dev) {
			return false
		}
		if math.Abs(was-dev) <= fitTolerance*(1+math.Abs(dev)) {
			break
		}
		was = dev
	}
	c.cov = mat.NewSymDense(n, nil)
	if chol.InverseTo(c.cov) != nil {
		return false
	}
	for i, x := range c.x {
		c.Mean[i] = 0
		if x != nil {
			c.Mean[i] = math.Exp(dot(x, beta))
		}
		if math.IsNaN(c.Series.Counts[i]) {
			c.Mean[i] = math.NaN()
		}
	}
	if m.trend >= 0 {
		c.Slope, c.SlopeSE = beta[m.trend]/yearDays, math.Sqrt(c.cov.At(m.trend, m.trend))/yearDays
	}
	return true
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}

// disperse estimates the dispersion from the sums of whole weeks, Monday to
// Sunday, in which at least half of what is expected was used.
func (c *Control) disperse(columns int) {
	type week struct{ y, mu, all float64 }
	weeks := map[calendar.Date]*week{}
	var order []calendar.Date
	for i := range c.x {
		d := c.Series.First.Add(i)
		w := weeks[d.Monday()]
		if w == nil {
			w = &week{}
			weeks[d.Monday()] = w
			order = append(order, d.Monday())
		}
		if c.x[i] != nil && !math.IsNaN(c.Mean[i]) {
			w.all += c.Mean[i]
		}
		if c.used[i] {
			w.y += c.Series.Counts[i]
			w.mu += c.Mean[i]
		}
	}
	sum, n := 0.0, 0.0
	for _, k := range order {
		w := weeks[k]
		if w.mu <= 0 || w.mu < w.all/2 {
			continue
		}
		r := (w.y - w.mu) / math.Sqrt(w.mu)
		c.weekResi = append(c.weekResi, r)
		sum += r * r
		n++
	}
	// Of the coefficients only level, slope and waves take away from what weeks
	// can differ; weekdays do so within weeks.
	params := 1.0
	if c.SlopeSE > 0 {
		params++
	}
	params += math.Max(0, float64(columns-9)) / 2
	c.DF = math.Max(1, n-params)
	c.Disp = math.Max(minDispersion, sum/c.DF)
	lag, all := 0.0, 0.0
	for i, r := range c.weekResi {
		all += r * r
		if i > 0 {
			lag += r * c.weekResi[i-1]
		}
	}
	if all > 0 && n > 3 {
		// The estimate of a correlation from n residuals of a fitted level is
		// about 1/n too low (Kendall and Stuart, vol. 3, 48.4).
		c.Persist = math.Max(0, math.Min(0.9, lag/all+1/n))
	}
}

// Sum is what was and what was expected over some days.
type Sum struct {
	Actual, Expected float64
	Days             int     // that count
	SE               float64 // of Actual - Expected when nothing happened
	DF               float64
}

// Extra returns what came above the expectation.
func (s Sum) Extra() float64 { return s.Actual - s.Expected }

// Over adds up the days from first to last that are known. The standard error
// holds the spread of the contacts themselves, φ·μ, longer for stretches of
// weeks whose residuals go together, and that of the fitted mean.
func (c *Control) Over(first, last calendar.Date) Sum {
	s := Sum{DF: c.DF}
	n := 0
	if c.cov != nil {
		n = c.cov.SymmetricDim()
	}
	grad := make([]float64, n)
	for i := max(0, int(first-c.Series.First)); i <= int(last-c.Series.First) && i < len(c.Mean); i++ {
		y, mu := c.Series.Counts[i], c.Mean[i]
		if math.IsNaN(y) || math.IsNaN(mu) {
			continue
		}
		s.Actual += y
		s.Expected += mu
		s.Days++
		for k, x := range c.x[i] {
			grad[k] += mu * x
		}
	}
	v := 0.0
	for a := range grad {
		for b := range grad {
			v += grad[a] * c.cov.At(a, b) * grad[b]
		}
	}
	weeks := math.Max(1, float64(last-first+1)/weekOf)
	s.SE = math.Sqrt(c.Disp * (s.Expected*inflation(c.Persist, weeks) + v*inflation(c.Persist, math.Max(weeks, c.DF))))
	return s
}

// inflation is the factor by which the variance of a sum over n weeks grows when
// each goes with the next at correlation r, as in a first-order autoregression:
//
//	1 + 2 Σ (1-k/n) r^k, k = 1 ... n-1
func inflation(r, n float64) float64 {
	sum := 1.0
	p := 1.0
	for k := 1.0; k < n; k++ {
		p *= r
		sum += 2 * (1 - k/n) * p
		if p < 1e-6 {
			break
		}
	}
	return sum
}
