package forecast

import "math"

// predictTheta is the theta method (Assimakopoulos and Nikolopoulos 2000, IJF
// 16:521-530) on seasonally adjusted day totals: simple exponential smoothing
// with half the slope of the linear trend as drift (Hyndman and Billah 2003,
// IJF 19:287-290):
//
//	z_{n+h} = l_n + b/2·(h - 1 + (1-(1-α)^n)/α)
func predictTheta(v *view, tuned any) []float64 {
	alpha := tuned.(float64)
	z, offset, n := v.dayLogs()
	if n == 0 {
		return nil
	}
	adj, season := deseason(v, z)
	level, slope := sesAndSlope(adj, alpha)
	total := make([]float64, v.h)
	for i := range total {
		drift := slope / 2 * (float64(i) + (1-math.Pow(1-alpha, float64(n)))/alpha)
		total[i] = math.Max(0, math.Exp(level+drift+season[v.p.phase(v.n+i)])-offset)
	}
	return v.spread(total)
}

func tuneTheta(v *view) any {
	z, _, n := v.dayLogs()
	if n < 2 {
		return 0.2
	}
	adj, _ := deseason(v, z)
	best, loss := 0.2, math.Inf(1)
	for _, a := range []float64{0.02, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 0.99} {
		l, s := math.NaN(), 0.0
		for _, x := range adj {
			if math.IsNaN(l) {
				l = x
				continue
			}
			s += (x - l) * (x - l)
			l += a * (x - l)
		}
		if s < loss {
			best, loss = a, s
		}
	}
	return best
}

// deseason subtracts the mean deviation of each phase from a centred moving
// average over one cycle; unknown days are dropped.
func deseason(v *view, z []float64) (adj, season []float64) {
	c := v.p.cycle
	season = make([]float64, c)
	if c > 1 {
		ma := centredMean(z, c)
		sum, n := make([]float64, c), make([]float64, c)
		for d := v.lo; d < v.n; d++ {
			if !math.IsNaN(z[d]) && !math.IsNaN(ma[d]) {
				sum[v.p.phase(d)] += z[d] - ma[d]
				n[v.p.phase(d)]++
			}
		}
		centre, count := 0.0, 0.0
		for ph := range c {
			if n[ph] > 0 {
				season[ph] = sum[ph] / n[ph]
				centre += season[ph]
				count++
			}
		}
		for ph := range c {
			if n[ph] > 0 {
				season[ph] -= centre / count
			}
		}
	}
	for d := v.lo; d < v.n; d++ {
		if !math.IsNaN(z[d]) {
			adj = append(adj, z[d]-season[v.p.phase(d)])
		}
	}
	return adj, season
}

// centredMean is the mean of the known values within half a cycle either side;
// an even cycle gives its ends half weight. Where under half is known it is NaN.
func centredMean(z []float64, c int) []float64 {
	out := make([]float64, len(z))
	half := c / 2
	for t := range z {
		sum, w := 0.0, 0.0
		for k := -half; k <= half; k++ {
			i := t + k
			if i < 0 || i >= len(z) || math.IsNaN(z[i]) {
				continue
			}
			g := 1.0
			if c%2 == 0 && (k == -half || k == half) {
				g = 0.5
			}
			sum += g * z[i]
			w += g
		}
		out[t] = math.NaN()
		if w >= float64(c)/2 {
			out[t] = sum / w
		}
	}
	return out
}

// sesAndSlope smooths x and fits a straight line through it.
func sesAndSlope(x []float64, alpha float64) (level, slope float64) {
	n := float64(len(x))
	var st, sx, stt, stx float64
	for i, v := range x {
		t := float64(i)
		st += t
		sx += v
		stt += t * t
		stx += t * v
		if i == 0 {
			level = v
		} else {
			level += alpha * (v - level)
		}
	}
	if den := n*stt - st*st; den > 0 {
		slope = (n*stx - st*sx) / den
	}
	return level, slope
}
