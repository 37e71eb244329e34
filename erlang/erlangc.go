package erlang

import "math"

// Waiting describes the queue of M/M/n, where nobody leaves.
type Waiting struct {
	PWait        float64 // share that waits
	PWaitOver    float64 // share that waits longer than T, with full relative precision
	ServiceLevel float64 // share answered within T
	ASA          float64 // mean wait of all, s
	Occupancy    float64
	Stable       bool // n > a
}

// C returns the Erlang C probability that a contact has to wait, for an offered
// load a (erlangs) and n agents, by
//
//	C = 1 / (I·(1-ρ) + ρ),   I = 1/B(n,a),   ρ = a/n
//
// which is B/(1-ρ(1-B)) without cancellation. n may be fractional. C(0, n) is 0;
// C is 1 for 0 < n <= a, where the queue grows without end; NaN for a < 0 or
// n < 0.
//
// Source: Koole (2013), Call center optimization, section 4.2.
func C(a, n float64) float64 {
	switch {
	case !(a >= 0) || !(n >= 0):
		return math.NaN()
	case a == 0:
		return 0
	case n <= a:
		return 1
	}
	inv, _ := inverseB(a, n)
	return 1 / (inv*(n-a)/n + a/n)
}

// WaitC returns what n agents (whole or fractional) do with an offered load a
// of contacts with a mean handle time h, for a threshold T, both in seconds:
//
//	P(wait > T) = C·e^(-(n-a)T/h)     ASA = C·h/(n-a)
//
// Without load nobody waits. Without stability everybody waits for ever.
func WaitC(a, n, h, T float64) Waiting { return waitC(a, n, n-a, h, T) }

// WaitCDecimal is WaitC for numbers as they were written. It keeps the full
// relative precision of PWaitOver where n-a and T/h are so large that the
// rounding of a to a double would show.
func WaitCDecimal(a, n Decimal, h, T float64) Waiting {
	return waitC(a.Hi, n.Hi, n.minus(a), h, T)
}

func waitC(a, n, idle, h, T float64) Waiting {
	switch {
	case a == 0:
		return Waiting{ServiceLevel: 1, Stable: true}
	case idle <= 0:
		return Waiting{PWait: 1, PWaitOver: 1, ASA: math.Inf(1), Occupancy: 1}
	}
	inv, prev := inverseB(a, n)
	free := idle / n
	c := 1 / (inv*free + a/n)
	// 1 - C = (I-1)(1-ρ)·C and I-1 = (n/a)·I(n-1): no difference of near equals.
	atOnce := 1.0
	if inv <= inverseMax {
		atOnce = n / a * prev * free * c
	} else {
		c = 0
	}
	y := idle * T / h
	return Waiting{
		PWait:        c,
		PWaitOver:    c * math.Exp(-y),
		ServiceLevel: atOnce - c*math.Expm1(-y),
		ASA:          c * h / idle,
		Occupancy:    a / n,
		Stable:       true,
	}
}
