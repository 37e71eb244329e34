package forecast

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// boundsModel turns a forecast into bounds by split conformal prediction (Vovk,
// Gammerman and Shafer 2005; Lei et al. 2018, JASA 113:1094-1111) on the errors
// of the combination at earlier origins. An error is first brought to a common
// scale: on the square root for volumes, divided by the spread
//
//	s²(f) = a·f + b·f²
//
// of its span of days ahead, a the Poisson part and b that of a rate which is
// itself uncertain (the variance of a negative binomial), and by the factor of
// its slot. The quantiles of what remains are the bounds. Counts never get less
// than the Poisson spread unless the history itself shows less.
type boundsModel struct {
	p     *panel
	bands []scaleBand
	slots [][]float64 // factor per band and slot
	floor bool        // Poisson floor
	root  bool        // square-root scale
}

type scaleBand struct {
	from, to int
	a, b     float64
	z        []float64  // sorted standardised errors
	days     float64    // origins × days behind z
	mirror   float64    // weight of the mirrored errors, 0 to 1
	pool     *scaleBand // the errors of all spans together
	known    []quantileOf
}

// quantileOf remembers a quantile: the same few are asked for at every interval.
type quantileOf struct{ q, value float64 }

// scaleBands are the spans of days ahead with a spread of their own.
func scaleBands(h int) []scaleBand {
	var out []scaleBand
	for _, b := range [][2]int{{1, 1}, {2, 3}, {4, 7}, {8, 14}, {15, math.MaxInt32}} {
		if b[0] <= h {
			out = append(out, scaleBand{from: b[0], to: min(b[1], h)})
		}
	}
	return out
}

const (
	// slotPrior is how many days of evidence the common factor of the slots is worth.
	slotPrior = 6
	// shapePrior is how many days the normal shape is worth against the empirical one.
	shapePrior = 15
	// skewPrior is how many independent errors a symmetric shape is worth against
	// the skew of the empirical one.
	skewPrior = 60
)

// fitBounds learns the spread of the errors of c. raw holds the true values.
func fitBounds(v *view, c *choice, raw []float64) *boundsModel {
	p := v.p
	m := &boundsModel{p: p, root: p.nonneg, bands: scaleBands(v.h)}
	m.floor = p.counts && overdispersed(v)
	type sample struct {
		f, y float64
		band int
		slot int
		from int // origin
	}
	var all []sample
	for i, of := range c.origins {
		for k := range of.h {
			d := of.n + k
			bi := m.bandIndex(k + 1)
			seen := false
			for s := range p.slots {
				y, f := raw[d*p.slots+s], of.comb[k*p.slots+s]
				if math.IsNaN(y) || math.IsNaN(f) {
					continue
				}
				all = append(all, sample{f, y, bi, s, i})
				seen = true
			}
			if seen {
				m.bands[bi].days++
			}
		}
	}
	if len(all) == 0 {
		m.withoutEvidence(v)
		return m
	}
	// Spread per band by moments of robust squared errors.
	for b := range m.bands {
		var f1, e2 []float64
		for _, x := range all {
			if x.band == b {
				f1 = append(f1, math.Abs(x.f))
				e := x.y - x.f
				e2 = append(e2, e*e)
			}
		}
		m.bands[b].a, m.bands[b].b = m.spread(f1, e2)
	}
	m.borrow()
	// Factor of each slot, pooled over the bands.
	sum, n := make([]float64, p.slots), make([]float64, p.slots)
	total, cnt := 0.0, 0.0
	for _, x := range all {
		z := m.standard(x.y, x.f, m.bands[x.band], 1)
		z2 := math.Min(z*z, 16) // four spreads: beyond is an outlier
		sum[x.slot] += z2
		n[x.slot]++
		total += z2
		cnt++
	}
	base := math.Max(total/cnt, 1e-12)
	factor := make([]float64, p.slots)
	for s := range factor {
		factor[s] = 1
		if p.slots > 1 {
			factor[s] = math.Sqrt((sum[s]/base + slotPrior*float64(len(m.bands))) / (n[s] + slotPrior*float64(len(m.bands))))
		}
	}
	m.slots = make([][]float64, len(m.bands))
	for b := range m.bands {
		m.slots[b] = factor
	}
	groups := make([][]float64, len(c.origins))
	for _, x := range all {
		b := &m.bands[x.band]
		z := m.standard(x.y, x.f, *b, factor[x.slot])
		b.z = append(b.z, z)
		groups[x.from] = append(groups[x.from], z)
	}
	mirror := skewPrior / (skewPrior + independent(groups))
	for b := range m.bands {
		slices.Sort(m.bands[b].z)
		m.bands[b].mirror = mirror
	}
	pool := &scaleBand{}
	for b := range m.bands {
		pool.z = append(pool.z, m.bands[b].z...)
		pool.days += m.bands[b].days
		m.bands[b].pool = pool
	}
	slices.Sort(pool.z)
	return m
}

// spread estimates a and b of the variance by weighted least squares with
// weights 1/f², so that quiet and busy slots count alike; both stay >= 0.
func (m *boundsModel) spread(f, e2 []float64) (a, b float64) {
	if len(f) == 0 {
		return math.NaN(), math.NaN()
	}
	scale := 0.0
	for _, x := range f {
		scale += x
	}
	scale = scale/float64(len(f)) + 1e-12
	if !m.root {
		s := 0.0
		for _, x := range e2 {
			s += x
		}
		return s / float64(len(e2)) / scale, 0
	}
	// e² = a·f + b·f²; limit the pull of single large errors.
	cut := sortedQuantile(append([]float64(nil), e2...), 0.99)
	var s11, s12, s22, y1, y2 float64
	for i, x := range f {
		x = math.Max(x, 0.01*scale)
		w := 1 / (x * x)
		v := math.Min(e2[i], cut)
		s11 += w * x * x
		s12 += w * x * x * x
		s22 += w * x * x * x * x
		y1 += w * x * v
		y2 += w * x * x * v
	}
	det := s11*s22 - s12*s12
	if det > 1e-9*s11*s22 {
		a = (y1*s22 - y2*s12) / det
		b = (y2*s11 - y1*s12) / det
	}
	switch {
	case det <= 1e-9*s11*s22 || a < 0:
		a, b = 0, y2/s22
	case b < 0:
		a, b = y1/s11, 0
	}
	if m.floor && a < 1 {
		a = 1
		b = math.Max(0, (y2-s12)/s22)
	}
	return a, b
}

// borrow fills bands without errors from their neighbours and keeps the spread
// from shrinking with the horizon.
func (m *boundsModel) borrow() {
	for b := range m.bands {
		if math.IsNaN(m.bands[b].a) && b > 0 {
			m.bands[b].a, m.bands[b].b = m.bands[b-1].a, m.bands[b-1].b
		}
	}
	for b := len(m.bands) - 2; b >= 0; b-- {
		if math.IsNaN(m.bands[b].a) {
			m.bands[b].a, m.bands[b].b = m.bands[b+1].a, m.bands[b+1].b
		}
	}
}

// withoutEvidence sets a wide spread for a series too short for a backtest: the
// variation of its own days, at least a fifth of the volume.
func (m *boundsModel) withoutEvidence(v *view) {
	var e []float64
	var tot []float64
	for _, d := range v.dataDays() {
		s := 0.0
		for _, x := range v.row(d) {
			if !math.IsNaN(x) {
				s += x
			}
		}
		tot = append(tot, s)
	}
	mu := mean(tot)
	for _, t := range tot {
		e = append(e, math.Abs(t-mu)/math.Max(math.Abs(mu), 1e-12))
	}
	cv := 0.2
	if len(e) > 2 {
		cv = math.Max(cv, 1.4826*median(e))
	}
	a := 1.0
	if !m.floor {
		a = 0
	}
	m.slots = make([][]float64, len(m.bands))
	for b := range m.bands {
		m.bands[b].a, m.bands[b].b = a, cv*cv
		m.slots[b] = make([]float64, v.p.slots)
		for s := range m.slots[b] {
			m.slots[b][s] = 1
		}
	}
}

func (m *boundsModel) bandIndex(ahead int) int {
	for b := range m.bands {
		if ahead <= m.bands[b].to {
			return b
		}
	}
	return len(m.bands) - 1
}

// sd is the spread around forecast f.
func (b *scaleBand) sd(f float64) float64 {
	f = math.Abs(f)
	return math.Sqrt(b.a*f+b.b*f*f) + 1e-9
}

func (m *boundsModel) standard(y, f float64, b scaleBand, factor float64) float64 {
	if !m.root {
		return (y - f) / (b.sd(f) * factor)
	}
	f = math.Max(f, rootFloor)
	return (math.Sqrt(math.Max(y, 0)) - math.Sqrt(f)) * 2 * math.Sqrt(f) / (b.sd(f) * factor)
}

// rootFloor keeps the square-root scale away from its singular point.
const rootFloor = 0.05

// at returns lo and hi around f, ahead days after the origin, for each level.
func (m *boundsModel) at(f float64, ahead, slot int, levels []float64) []float64 {
	out := make([]float64, 0, 2*len(levels))
	if math.IsNaN(f) {
		for range 2 * len(levels) {
			out = append(out, math.NaN())
		}
		return out
	}
	bi := m.bandIndex(ahead)
	b := &m.bands[bi]
	sd := b.sd(f) * m.slots[bi][slot]
	for _, l := range levels {
		lo := m.invert(f, b.cached((1-l)/2), sd)
		hi := m.invert(f, b.cached((1+l)/2), sd)
		if m.p.counts && f < math.Ln2 {
			lo = 0 // none is the likeliest count
		}
		out = append(out, math.Min(lo, f), math.Max(hi, f))
	}
	return out
}

// cached returns quantile(q), computed once. A boundsModel belongs to one
// goroutine, like the view it was made from.
func (b *scaleBand) cached(q float64) float64 {
	for _, k := range b.known {
		if k.q == q {
			return k.value
		}
	}
	v := b.quantile(q)
	b.known = append(b.known, quantileOf{q, v})
	return v
}

// quantile blends the empirical quantile of the span with that of all spans,
// and that with Student's t, in proportion to the days behind them.
func (b *scaleBand) quantile(q float64) float64 {
	days := 0.0
	if b.pool != nil {
		days = b.pool.days
	}
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: math.Max(3, days/2)}.Quantile(q)
	if days == 0 {
		return t
	}
	w := days / (days + shapePrior)
	all := w*mirrored(b.pool.z, q, b.mirror) + (1-w)*t
	if len(b.z) == 0 {
		return all
	}
	w = b.days / (b.days + shapePrior)
	return w*mirrored(b.z, q, b.mirror) + (1-w)*all
}

// mirrored is the quantile of z moved towards that of the symmetric shape, the
// mean distance of the quantiles q and 1-q from zero; weight 1 is symmetric.
func mirrored(z []float64, q, weight float64) float64 {
	return (1-weight/2)*quantile(z, q) - weight/2*quantile(z, 1-q)
}

// independent is the number of independent errors behind the groups, one per
// origin: the variance of an error over that of the overall mean as the means of
// the origins show it (the design effect of Kish 1965, Survey Sampling, 5.4).
// A level that was missed at one origin moves all its errors the same way; such
// errors say little about whether the next ones lie above or below.
func independent(groups [][]float64) float64 {
	const outlier = 4.0 // spreads
	var means []float64
	sum, squares, n := 0.0, 0.0, 0.0
	for _, g := range groups {
		if len(g) == 0 {
			continue
		}
		own := 0.0
		for _, z := range g {
			z = math.Max(-outlier, math.Min(outlier, z))
			own += z
			squares += z * z
		}
		sum += own
		n += float64(len(g))
		means = append(means, own/float64(len(g)))
	}
	count := float64(len(means))
	if count < 3 {
		return count
	}
	between := 0.0
	for _, x := range means {
		between += (x - sum/n) * (x - sum/n)
	}
	between /= count - 1
	variance := squares/n - sum/n*sum/n
	return math.Min(n, variance*count/math.Max(between, 1e-12))
}

func (m *boundsModel) invert(f, z, sd float64) float64 {
	if !m.root {
		return f + z*sd
	}
	f = math.Max(f, rootFloor)
	r := math.Sqrt(f) + z*sd/(2*math.Sqrt(f))
	if r <= 0 {
		return 0
	}
	return r * r
}

// overdispersed reports whether whole-number values vary at least about as much
// as Poisson counts do: it compares the variance of the same slot one cycle
// apart with the mean. Whole seconds of handle time, say, are no counts.
func overdispersed(v *view) bool {
	p := v.p
	sum, diff := 0.0, 0.0
	for d := v.lo + p.cycle; d < v.n; d++ {
		for s := range p.slots {
			a, b := v.y[d*p.slots+s], v.y[(d-p.cycle)*p.slots+s]
			if !math.IsNaN(a) && !math.IsNaN(b) {
				sum += a + b
				diff += (a - b) * (a - b)
			}
		}
	}
	return diff >= 0.7*sum // Var(a-b) = 2·mean for Poisson counts, 0.7 allows for chance
}
