package forecast

import "math"

// power is the transformation of interval models: the identity (1), the square
// root (0.5) or the logarithm (0), with an offset that keeps it defined.
type power struct{ p, offset, cap float64 }

// choosePower picks the power after Guerrero (1993, J. Forecasting 12:37-48): if
// the spread of cycles grows like level^(1-p), z = y^p has an even spread. The
// slope is that of log spread on log level over the places of the cycle.
func choosePower(v *view) power {
	f := v.flatten()
	top := 0.0
	zero := false
	for _, x := range f.y {
		if x > top { // false for NaN
			top = x
		}
		zero = zero || x <= 0
	}
	tr := power{p: 1, cap: math.Inf(1)}
	if v.p.nonneg {
		tr.p = v.powerOf(f)
		tr.cap = 4 * top
	}
	if tr.p == 0 && zero {
		sum, n := 0.0, 0.0
		for _, x := range f.y {
			if !math.IsNaN(x) {
				sum += x
				n++
			}
		}
		tr.offset = math.Max(0.05*sum/n, 1e-9)
	}
	return tr
}

// powerOf returns 0, 0.5 or 1 and remembers it for the series.
func (v *view) powerOf(f *flat) float64 {
	if !math.IsNaN(v.set.power) {
		return v.set.power
	}
	n, sum, sq := make([]float64, f.m2), make([]float64, f.m2), make([]float64, f.m2)
	for i, y := range f.y {
		if math.IsNaN(y) || i < f.m2 || math.IsNaN(f.y[i-f.m2]) {
			continue
		}
		k := f.week[i]
		d := y - f.y[i-f.m2]
		n[k]++
		sum[k] += y
		sq[k] += math.Abs(d)
	}
	var sx, sy, sxx, sxy, c float64
	for k := range n {
		if n[k] < 2 || sum[k] <= 0 || sq[k] <= 0 {
			continue
		}
		x, y := math.Log(sum[k]/n[k]), math.Log(sq[k]/n[k])
		c++
		sx += x
		sy += y
		sxx += x * x
		sxy += x * y
	}
	v.set.power = 0.5
	if den := c*sxx - sx*sx; c >= 5 && den > 1e-9 && den/c/c > 0.01 { // levels differ enough to tell
		slope := (c*sxy - sx*sy) / den
		switch p := 1 - slope; {
		case p < 0.25:
			v.set.power = 0
		case p > 0.75:
			v.set.power = 1
		}
	}
	return v.set.power
}

func (t power) to(y float64) float64 {
	switch t.p {
	case 0:
		return math.Log(math.Max(y+t.offset, 1e-9))
	case 0.5:
		return math.Sqrt(math.Max(y, 0))
	}
	return y
}

func (t power) from(z float64) float64 {
	y := z
	switch t.p {
	case 0:
		y = math.Max(0, math.Exp(math.Min(z, 700))-t.offset)
	case 0.5:
		z = math.Max(z, 0)
		y = z * z
	}
	return math.Min(y, t.cap)
}

// series transforms the history of f.
func (t power) series(y []float64) []float64 {
	z := make([]float64, len(y))
	for i, x := range y {
		z[i] = x
		if !math.IsNaN(x) {
			z[i] = t.to(x)
		}
	}
	return z
}
