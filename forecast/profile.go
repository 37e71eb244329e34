package forecast

import "math"

// profile holds the share of each slot in an ordinary day, per place in the
// cycle. A row sums to 1 over the slots that this weekday knows.
//
// The share of slot s on weekday w is
//
//	p_w(s) = q(s) + b_w · (r_w(s) - q(s)),   b_w = τ² / (τ² + σ²/n_w)
//
// with r_w the discounted mean share over days of weekday w, q that over all
// days (of weekdays with the same hours), σ² the day-to-day variance of a share
// and τ² the variance between weekdays, both pooled over slots by moments: the
// normal-normal empirical Bayes rule (Efron and Morris 1975, JASA 70:311-319).
// A busy channel keeps its own Monday; a quiet one borrows the shape of the week.
type profile struct {
	slots, cycle int
	share        []float64 // cycle × slots
}

func (p *profile) of(phase int) []float64 {
	return p.share[phase*p.slots : (phase+1)*p.slots]
}

// profileSetting is what tuneProfile chooses.
type profileSetting struct {
	halfLife float64 // in cycles
	smooth   int     // half width of the triangular kernel over slots
}

// fitProfile estimates the profile from history days [lo, n).
func fitProfile(v *view, n int, set profileSetting) *profile {
	p := v.p
	s, c := p.slots, p.cycle
	pr := &profile{slots: s, cycle: c, share: make([]float64, c*s)}
	if s == 1 {
		for i := range pr.share {
			pr.share[i] = 1
		}
		return pr
	}
	var (
		sum   = make([]float64, c*s) // discounted volume
		sq    = make([]float64, c*s) // discounted squares of shares
		mean  = make([]float64, c*s)
		wsum  = make([]float64, c*s)
		wsq   = make([]float64, c)
		wday  = make([]float64, c)
		lam   = math.Pow(0.5, 1/(set.halfLife*float64(c)))
		total float64
	)
	maxAge := int(math.Ceil(4*set.halfLife)) * c // beyond 4 half lives the weight is under 6 %
	for d := max(v.lo, n-maxAge); d < n; d++ {
		if !p.opens[d] {
			continue
		}
		row := v.row(d)
		tot, known := 0.0, 0
		for _, x := range row {
			if !math.IsNaN(x) {
				tot += math.Max(x, 0)
				known++
			}
		}
		if known == 0 || tot <= 0 {
			continue
		}
		ph := p.phase(d)
		// Days cut short distort the shares of the rest: scale them later, by leaving them out here.
		if opn := countTrue(p.openRow(d)); known*10 < opn*9 {
			continue
		}
		w := math.Pow(lam, float64(n-1-d))
		wday[ph] += w
		wsq[ph] += w * w
		total += w * tot
		for i, x := range row {
			if math.IsNaN(x) {
				continue
			}
			k := ph*s + i
			x = math.Max(x, 0)
			r := x / tot
			sum[k] += w * x
			mean[k] += w * r
			sq[k] += w * r * r
			wsum[k] += w
		}
	}
	if total <= 0 {
		pr.flatShares(v)
		return pr
	}
	// Shares per weekday, and over all weekdays.
	q := make([]float64, s)
	qw := make([]float64, s)
	raw := make([]float64, c*s)
	for ph := range c {
		day := 0.0
		for i := range s {
			day += sum[ph*s+i]
		}
		if day <= 0 {
			continue
		}
		for i := range s {
			k := ph*s + i
			raw[k] = sum[k] / day
			q[i] += sum[k]
			qw[i] += wsum[k]
		}
	}
	// Mean volume per slot over the days on which it is open.
	for i := range q {
		if qw[i] > 0 {
			q[i] /= qw[i]
		} else {
			q[i] = math.NaN()
		}
	}
	fillHoles(q)
	smoothShares(q, set.smooth)
	// Moments: noise of a day's share, and spread between weekdays.
	var noise, between, cells float64
	base := make([]float64, c*s) // q normalised to the slots of each weekday
	known := make([]bool, c*s)
	for ph := range c {
		if wday[ph] <= 0 {
			continue
		}
		norm := 0.0
		for i := range s {
			if wsum[ph*s+i] > 0 {
				norm += q[i]
			}
		}
		if norm <= 0 {
			continue
		}
		for i := range s {
			if k := ph*s + i; wsum[k] > 0 {
				base[k] = q[i] / norm
				known[k] = true
			}
		}
		neff := wday[ph] * wday[ph] / wsq[ph]
		if neff < 1.5 {
			continue
		}
		dev := make([]float64, s)
		for i := range s {
			k := ph*s + i
			if !known[k] {
				continue
			}
			m := mean[k] / wsum[k]
			variance := math.Max(0, sq[k]/wsum[k]-m*m) * neff / (neff - 1)
			scale := math.Max(base[k], 1e-9) // a share scales like its mean: weigh slots alike
			dev[i] = raw[k] - base[k]
			noise += variance / scale
			between += dev[i]*dev[i]/scale - variance/neff/scale
			cells++
		}
	}
	if cells > 0 {
		noise /= cells
		between = math.Max(0, between/cells)
	}
	for ph := range c {
		row := pr.of(ph)
		if wday[ph] <= 0 {
			copyNormalised(row, q)
			continue
		}
		neff := wday[ph] * wday[ph] / wsq[ph]
		b := 1.0
		if c > 1 && noise > 0 {
			b = between / (between + noise/neff)
		}
		dev := make([]float64, s)
		for i := range s {
			if k := ph*s + i; known[k] {
				dev[i] = raw[k] - base[k]
			}
		}
		smoothDeviations(dev, known[ph*s:(ph+1)*s], set.smooth)
		norm := 0.0
		for i := range s {
			if k := ph*s + i; known[k] {
				row[i] = math.Max(0, base[k]+b*dev[i])
				norm += row[i]
			}
		}
		if norm <= 0 {
			copyNormalised(row, q)
			continue
		}
		for i := range s {
			if k := ph*s + i; known[k] {
				row[i] /= norm
			} else {
				row[i] = q[i] / sumKnown(q, known[ph*s:(ph+1)*s])
			}
		}
	}
	return pr
}

// flatShares gives every slot of a day the same share.
func (p *profile) flatShares(v *view) {
	for i := range p.share {
		p.share[i] = 1 / float64(p.slots)
	}
	for ph := range p.cycle {
		for d := max(v.lo, v.n-p.cycle); d < v.n+v.h; d++ {
			if v.p.phase(d) == ph && v.p.opens[d] {
				open := v.p.openRow(d)
				k := float64(countTrue(open))
				for i := range open {
					p.share[ph*p.slots+i] = 1 / k
				}
				break
			}
		}
	}
}

func sumKnown(q []float64, known []bool) float64 {
	s := 0.0
	for i, x := range q {
		if known[i] {
			s += x
		}
	}
	if s <= 0 {
		return 1
	}
	return s
}

func copyNormalised(dst, q []float64) {
	s := 0.0
	for _, x := range q {
		s += x
	}
	for i, x := range q {
		dst[i] = x / math.Max(s, 1e-300)
	}
}

// fillHoles gives slots without data the value of the nearest known slot.
func fillHoles(q []float64) {
	for i := range q {
		if !math.IsNaN(q[i]) {
			continue
		}
		for k := 1; k < len(q); k++ {
			if j := i - k; j >= 0 && !math.IsNaN(q[j]) {
				q[i] = q[j]
				break
			}
			if j := i + k; j < len(q) && !math.IsNaN(q[j]) {
				q[i] = q[j]
				break
			}
		}
		if math.IsNaN(q[i]) {
			q[i] = 0
		}
	}
}

// smoothShares runs a triangular kernel of half width w over x, keeping zeros.
func smoothShares(x []float64, w int) {
	known := make([]bool, len(x))
	for i := range x {
		known[i] = x[i] > 0
	}
	smoothDeviations(x, known, w)
}

func smoothDeviations(x []float64, known []bool, w int) {
	if w == 0 {
		return
	}
	out := make([]float64, len(x))
	for i := range x {
		if !known[i] {
			continue
		}
		sum, ws := 0.0, 0.0
		for k := -w; k <= w; k++ {
			j := i + k
			if j < 0 || j >= len(x) || !known[j] {
				continue
			}
			g := float64(w + 1 - max(k, -k))
			sum += g * x[j]
			ws += g
		}
		out[i] = sum / ws
	}
	copy(x, out)
}

func countTrue(b []bool) int {
	n := 0
	for _, x := range b {
		if x {
			n++
		}
	}
	return n
}

// profileGrid are the settings that tuneProfile compares. Smoothing over slots
// helps where a slot has few contacts.
func profileGrid(slots int) []profileSetting {
	var out []profileSetting
	widths := []int{0, 1}
	if slots >= 48 {
		widths = []int{0, 1, 3}
	}
	for _, w := range widths {
		for _, hl := range []float64{3, 6, 12, 26} {
			out = append(out, profileSetting{halfLife: hl, smooth: w})
		}
	}
	return out
}

// tuneProfile picks the setting with the least absolute error of the intervals,
// given the day totals, one cycle ahead over the last four cycles.
func tuneProfile(v *view) profileSetting {
	def := profileSetting{halfLife: 6}
	c, s := v.p.cycle, v.p.slots
	if s == 1 || v.n-v.lo < 4*c || v.n-v.lo < 14 {
		return def
	}
	const rounds = 4
	block := max(c, 5)
	best, bestErr := def, math.Inf(1)
	for _, set := range profileGrid(s) {
		loss := 0.0
		for r := rounds; r >= 1; r-- {
			o := v.n - r*block
			if o-v.lo < max(2*c, 7) {
				continue
			}
			pr := fitProfile(v, o, set)
			for d := o; d < o+block; d++ {
				if !v.p.opens[d] {
					continue
				}
				share := pr.of(v.p.phase(d))
				tot, part := 0.0, 0.0
				row := v.row(d)
				for i, x := range row {
					if !math.IsNaN(x) {
						tot += x
						part += share[i]
					}
				}
				if part <= 0 {
					continue
				}
				for i, x := range row {
					if !math.IsNaN(x) {
						loss += math.Abs(x - tot*share[i]/part)
					}
				}
			}
		}
		if loss > 0 && loss < bestErr*0.998 { // a simpler setting wins a tie
			best, bestErr = set, loss
		}
	}
	return best
}
