package erlang

import "math"

// moments are integrals over v from 0 to infinity of a weight times
// e^(φ(v)-φ(v0)), where φ(v) = x(1-e^(-v)) - c·v.
type moments struct {
	one   float64 // weight 1
	stay  float64 // e^(-v): the caller is still there after v
	leave float64 // 1-e^(-v)
	wait  float64 // v·e^(-v)
}

const (
	// integrandDrop is where an integrand e^(-drop) has nothing left to add.
	integrandDrop = 45.0
	panels        = 4
)

// gaussNodes and gaussWeights are the positive half of the 16-point
// Gauss-Legendre rule on [-1,1]. Source: Abramowitz and Stegun (1964), table 25.4.
var (
	gaussNodes = [8]float64{
		0.0950125098376374402, 0.2816035507792589132, 0.4580167776572273863, 0.6178762444026437484,
		0.7554044083550030339, 0.8656312023878317439, 0.9445750230732325761, 0.9894009349916499326,
	}
	gaussWeights = [8]float64{
		0.1894506104550684963, 0.1826034150449235889, 0.1691565193950025382, 0.1495959888165767321,
		0.1246289712555338720, 0.0951585116824927848, 0.0622535239386478929, 0.0271524594117540949,
	}
)

// integrate returns the moments; v0 must be where φ is largest on v >= 0: 0 for
// x <= c, else ln(x/c). The range is cut where the integrand has fallen by
// e^-45 and split into panels, those beyond v = 2 growing geometrically, as e^-v
// and e^φ may live on different scales.
func integrate(c, x, v0 float64) moments {
	// Around v0 the exponent is rate·s - x0·gap(s) with s = v - v0.
	x0, rate := x, x-c
	if v0 > 0 {
		x0, rate = c, 0
	}
	fall := func(s float64) float64 { return x0*gap(s) - rate*s }
	m := side(fall, v0, +1, reach(fall, +1, x0, -rate))
	if v0 > 0 {
		m.add(side(fall, v0, -1, math.Min(v0, reach(fall, -1, x0, 0))))
	}
	return m
}

// reach returns how far from the peak the integrand matters.
func reach(fall func(float64) float64, sign, x0, rate float64) float64 {
	s := math.Inf(1)
	if rate > 0 {
		s = integrandDrop / rate
	}
	if x0 > 0 {
		s = math.Min(s, math.Sqrt(2*integrandDrop/x0))
	}
	if sign < 0 {
		s = math.Min(s, 700) // e^700 is the last of the doubles
		for fall(-s*0.9) > integrandDrop {
			s *= 0.9
		}
	}
	for fall(sign*s) < integrandDrop {
		s *= 1.2
	}
	return s
}

// side integrates over one side of the peak at v0, to the distance end.
func side(fall func(float64) float64, v0, sign, end float64) moments {
	var m moments
	near := math.Min(end, 2)
	for i := range panels {
		m.panel(fall, v0, sign, near*float64(i)/panels, near*float64(i+1)/panels)
	}
	for from := near; from < end; {
		to := math.Min(end, 1.5*from)
		m.panel(fall, v0, sign, from, to)
		from = to
	}
	return m
}

func (m *moments) panel(fall func(float64) float64, v0, sign, from, to float64) {
	mid, half := (from+to)/2, (to-from)/2
	for i, x := range gaussNodes {
		for _, z := range [2]float64{mid - half*x, mid + half*x} {
			s := sign * z
			y := half * gaussWeights[i] * math.Exp(-fall(s))
			v := v0 + s
			leave := -math.Expm1(-v)
			m.one += y
			m.leave += y * leave
			m.stay += y * (1 - leave)
			m.wait += y * v * (1 - leave)
		}
	}
}

func (m *moments) add(o moments) {
	m.one += o.one
	m.stay += o.stay
	m.leave += o.leave
	m.wait += o.wait
}
