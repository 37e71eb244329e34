package erlang

import "math"

// Impatient describes the queue of M/M/n+M, where every waiting caller leaves
// after an exponential time with mean patience. Figures that need an answered
// caller are NaN without agents.
type Impatient struct {
	PWait            float64 // share that finds all agents busy
	PAbandon         float64 // share that leaves before an answer
	SLOffered        float64 // answered within T / offered
	SLAnswered       float64 // answered within T / answered
	SLExclShort      float64 // answered within T / (offered − abandoned within the short limit)
	SLWaitAny        float64 // 1 − P(time in queue > T)
	PVirtualWaitOver float64 // P(wait of a caller with endless patience > T)
	ASAAnswered      float64 // mean wait of the answered, s
	MeanWait         float64 // mean time in queue of all, s
	Queue            float64 // mean number waiting
	Occupancy        float64
}

// A returns what n agents (whole or fractional) do with an offered load a of
// callers with mean handle time h and mean patience, for a threshold T, all in
// seconds. A caller leaves after short counts as short in SLExclShort; give T
// where there is no limit of its own.
//
// With η = a·patience/h, c = n·patience/h, u = T/patience, I = 1/B(n,a) and
//
//	φ(v) = η(1-e^(-v)) - c·v,   J = c ∫₀^∞ e^φ(v) dv = Σ_k Π_{i<=k} η/(c+i)
//
// the law of the virtual wait V (in units of patience) gives
//
//	P(wait)             = J / (I - 1 + J)
//	P(V > u)            = P(wait) · ∫_u^∞ e^φ / ∫₀^∞ e^φ
//	P(answered, V > u)  = P(wait) · ∫_u^∞ e^(-v) e^φ / ∫₀^∞ e^φ
//	P(abandon)          = P(wait) · ∫₀^∞ (1-e^(-v)) e^φ / ∫₀^∞ e^φ
//	P(in queue > u)     = P(V > u) · e^(-u)
//
// Every integral has a positive integrand. Where the series for J has few terms
// it is summed, else the integral is taken by quadrature around its peak, so
// that the cost stays bounded up to the largest loads. a = 0 gives an idle
// queue, n = 0 a queue that everybody leaves.
//
// Source: Mandelbaum and Zeltyn (2007), Service engineering in action: the
// Palm/Erlang-A queue, section 2 and appendix; the numerics are our own.
func A(a, n, h, patience, T, short float64) Impatient {
	if !(a >= 0) || !(n >= 0) || !(h >= 0) || !(patience > 0) {
		nan := math.NaN()
		return Impatient{nan, nan, nan, nan, nan, nan, nan, nan, nan, nan, nan}
	}
	if a == 0 {
		return Impatient{SLOffered: 1, SLAnswered: 1, SLExclShort: 1, SLWaitAny: 1}
	}
	out := newPalm(a, n, h, patience).figures(T, short)
	out.Occupancy *= a / n
	if n == 0 {
		nan := math.NaN()
		out.ASAAnswered, out.SLAnswered, out.Occupancy = nan, nan, nan
	}
	return out
}

// figures returns what the queue does for a threshold T and a limit short. Its
// Occupancy is the share answered: the caller knows what that work keeps busy.
func (q palm) figures(T, short float64) Impatient {
	r := q.whole(true)
	tail := q.over(r, T)
	out := Impatient{
		PWait: r.wait, PAbandon: r.abandon,
		PVirtualWaitOver: tail.virtual,
		MeanWait:         r.abandon * q.patience,
		Queue:            r.abandon * q.eta,
		ASAAnswered:      q.patience * r.waitAnswered / r.answered,
		Occupancy:        r.answered,
	}
	inTime := math.Max(0, r.answered-tail.answered)
	shortTail := tail
	if short != T {
		shortTail = q.over(r, short)
	}
	left := r.abandon - (shortTail.virtual*math.Exp(-short/q.patience) - shortTail.answered)
	out.SLOffered = inTime
	out.SLAnswered = math.Min(1, inTime/r.answered)
	out.SLExclShort = math.Min(1, inTime/(1-left))
	out.SLWaitAny = 1 - tail.virtual*math.Exp(-T/q.patience)
	return out
}

// palm is a queue with impatience in units of patience, whatever the servers
// below it are: n agents with one contact each, or chats in slots.
type palm struct {
	eta, c   float64 // arrivals and full service per patience
	drift    float64 // arrivals minus full service, per second
	ratio    float64 // full service per arrival
	inv      float64 // 1 / P(all busy | nobody waits); for agents 1/B(n,a)
	patience float64 // s
	series   bool
}

// palmStates are the shares of callers that do not depend on a threshold.
type palmStates struct {
	wait, abandon, answered float64
	waitAnswered            float64 // E[wait; answered], in units of patience
	j                       float64 // series: J
	m                       moments // quadrature: the integrals from 0
}

// palmTail are the shares of callers beyond a threshold.
type palmTail struct{ virtual, answered float64 }

const (
	// seriesTerms is the number of terms up to which summing is faster than
	// quadrature.
	seriesTerms = 500
	// seriesExponent keeps J far from overflow.
	seriesExponent = 600
)

func newPalm(a, n, h, patience float64) palm {
	q := palm{eta: a * patience / h, c: n * patience / h, drift: (a - n) / h, ratio: n / a, patience: patience}
	q.inv, _ = inverseB(a, n)
	return q.prepared()
}

// prepared chooses between series and quadrature.
func (q palm) prepared() palm {
	q.series = q.terms() <= seriesTerms && q.peak() < seriesExponent
	return q
}

// terms estimates how many terms of J matter.
func (q palm) terms() float64 {
	const tail = 40 // e^-40 is below rounding
	if q.eta <= q.c {
		return math.Min(tail*q.c/(q.c-q.eta), math.Sqrt(2*tail*q.c)+tail)
	}
	return q.eta - q.c + math.Sqrt(2*tail*q.eta) + tail
}

// top returns where φ is largest, v = ln(η/c) where η > c and 0 otherwise; the
// small difference of η and c comes from drift, which does not cancel.
func (q palm) top() float64 {
	if q.eta <= q.c || q.c == 0 {
		return 0
	}
	return math.Log1p(q.drift * q.patience / q.c)
}

// peak returns the largest value of φ, η - c - c·ln(η/c) where η > c.
func (q palm) peak() float64 {
	switch {
	case q.eta <= q.c:
		return 0
	case q.c == 0:
		return q.eta
	}
	return q.c * gap(-q.top())
}

// whole returns the shares without a threshold; the wait of the answered only
// where asked, as it costs two divisions a term.
func (q palm) whole(withWait bool) palmStates {
	if q.c == 0 {
		return palmStates{wait: 1, abandon: 1}
	}
	if math.IsInf(q.inv, 1) {
		return palmStates{answered: 1, j: 1, m: integrate(q.c, q.eta, 0)}
	}
	if q.series {
		return q.sum(withWait)
	}
	m := integrate(q.c, q.eta, q.top())
	scale := q.c * m.one
	busy := scale / ((q.inv-1)*math.Exp(-q.peak()) + scale)
	return palmStates{
		wait:         busy,
		abandon:      busy * m.leave / m.one,
		answered:     q.notWaiting(busy, m) + busy*m.stay/m.one,
		waitAnswered: busy * m.wait / m.one,
		m:            m,
	}
}

// notWaiting returns 1 - P(wait) without cancellation.
func (q palm) notWaiting(busy float64, m moments) float64 {
	scale := q.c * m.one
	free := (q.inv - 1) * math.Exp(-q.peak())
	return free / (free + scale)
}

// sum adds the series of the states with 0, 1, 2 ... callers waiting. A caller
// behind k others is answered with probability c/(c+k+1), after
// Σ_{j<=k+1} 1/(c+j) on average.
func (q palm) sum(withWait bool) palmStates {
	eta, c := q.eta, q.c
	w, j := 1.0, 1.0
	ab := 1 / (c + 1)
	if !withWait {
		for k := 1.0; ; k++ {
			f := eta / (c + k)
			w *= f
			j += w
			if f < 1 && w < j*epsilon*(1-f) {
				break
			}
		}
		ab = ((eta-c)*j + c) / eta
		total := q.inv - 1 + j
		return palmStates{wait: j / total, abandon: math.Max(0, ab/total), answered: (q.inv - 1 + q.ratio*(j-1)) / total, j: j}
	}
	stage := 1 / (c + 1)
	wait := c * stage * stage
	for k := 1.0; ; k++ {
		f := eta / (c + k)
		w *= f
		j += w
		d := 1 / (c + k + 1)
		add := w * (k + 1) * d
		ab += add
		stage += d
		wait += w * c * d * stage
		if f < 1 && add < ab*epsilon*(1-f)*(1-f) {
			break
		}
	}
	total := q.inv - 1 + j
	return palmStates{
		wait: j / total, abandon: ab / total, waitAnswered: wait / total, j: j,
		answered: (q.inv - 1 + q.ratio*(j-1)) / total,
	}
}

// over returns the shares beyond T seconds.
func (q palm) over(r palmStates, T float64) palmTail {
	if q.c == 0 {
		return palmTail{virtual: 1}
	}
	if T <= 0 {
		return palmTail{virtual: r.wait, answered: r.wait - r.abandon}
	}
	if r.wait == 0 {
		return palmTail{}
	}
	u := T / q.patience
	x := q.eta * math.Exp(-u)
	if q.series {
		// ∫_u^∞ e^φ = e^φ(u) · J(c,x)/c; the same with c+1 gives the answered.
		e := r.wait * math.Exp(q.drift*T-q.eta*gap(u)) / r.j
		w, j1 := 1.0, 1.0
		for k := 1.0; ; k++ {
			f := x / (q.c + 1 + k)
			w *= f
			j1 += w
			if f < 1 && w < j1*epsilon*(1-f) {
				break
			}
		}
		return palmTail{
			virtual:  e * (1 + x/(q.c+1)*j1),
			answered: e * math.Exp(-u) * q.c / (q.c + 1) * j1,
		}
	}
	v0, exponent := 0.0, 0.0
	switch {
	case x > q.c: // the peak lies beyond u: both integrals are scaled by it
		v0 = q.top() - u
	case q.eta > q.c: // φ falls from its peak to u as -c·gap
		exponent = -q.c * gap(u-q.top())
	default:
		exponent = q.drift*T - q.eta*gap(u)
	}
	m := integrate(q.c, x, v0)
	e := r.wait * math.Exp(exponent) / r.m.one
	return palmTail{virtual: e * m.one, answered: e * math.Exp(-u) * m.stay}
}

// gap returns s - 1 + e^(-s), the gap between the exponential and its tangent,
// with full relative precision.
func gap(s float64) float64 {
	if math.Abs(s) > 0.5 {
		return s + math.Expm1(-s)
	}
	// s²/2 (1 - s/3 (1 - s/4 (1 - ...))); the term s^16/17! is below rounding.
	p := 1.0
	for k := 17.0; k >= 3; k-- {
		p = 1 - s/k*p
	}
	return s * s / 2 * p
}
