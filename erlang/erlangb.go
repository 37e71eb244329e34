package erlang

import "math"

const (
	// startSpread · √a agents below min(n, a) the recursion for 1/B may begin with
	// a rough value: its relative error shrinks by about exp(-startSpread²/2) =
	// 3e-18 on the way up.
	startSpread = 9
	// inverseMax ends the recursion: 1/B beyond it makes B smaller than any
	// probability that matters, and one step more could overflow.
	inverseMax = 1e300
	// fractionSeries is the load below which the continuation to fractional n is
	// summed as a series; above it the continued fraction converges well.
	fractionSeries = 1.5
)

// B returns the Erlang B blocking probability: the share of the offered load a
// (erlangs) that finds all n lines busy and is lost. It follows the recursion
//
//	1/B(0,a) = 1,   1/B(n,a) = 1 + (n/a) · 1/B(n-1,a)
//
// which neither overflows nor cancels, begun 9·√a below n where that is above
// 0. For fractional n it is the continuation 1/B = a ∫₀^∞ e^(-at) (1+t)^n dt.
// B(0, n) is 0 for n > 0 and 1 for n = 0; NaN for a < 0 or n < 0. Results below
// 1e-300 are given as 0.
//
// Source: Jagerman (1974), Some properties of the Erlang loss function,
// theorems 1 and 3; the start by a diffusion bound of our own, checked against
// 320-bit numbers.
func B(a, n float64) float64 {
	if !(a >= 0) || !(n >= 0) {
		return math.NaN()
	}
	if a == 0 {
		if n == 0 {
			return 1
		}
		return 0
	}
	inv, _ := inverseB(a, n)
	if inv > inverseMax {
		return 0
	}
	return 1 / inv
}

// Carried returns the load that n lines carry of an offered load a:
// a·(1-B(a,n)) without the cancellation that a B near 1 would bring.
func Carried(a, n float64) float64 {
	switch {
	case !(a >= 0) || !(n >= 0):
		return math.NaN()
	case a == 0 || n == 0:
		return 0
	}
	inv, prev := inverseB(a, n)
	if inv > inverseMax {
		return a
	}
	return n * (prev / inv) // a (1 - 1/I(n)) = n I(n-1)/I(n)
}

// Lines returns the smallest number of lines at which an offered load a is
// blocked with a probability of at most block. It is Unreachable when block is
// 0 and a is not.
func Lines(a, block float64) (int, Status) {
	switch {
	case block >= 1:
		return 0, OK
	case a == 0:
		return 1, OK // B(0,0) = 1 and B(0,1) = 0
	case !(block > 0):
		return 0, Unreachable
	}
	// B(a,n) >= 1 - n/a, so nothing below a(1-block) can do.
	n := math.Max(0, math.Floor(a*(1-block))-1)
	inv, _ := inverseB(a, n)
	for want := 1 / block; inv < want; {
		n++
		inv = 1 + n/a*inv
	}
	return int(n), OK
}

// inverseB returns 1/B(a,n) and 1/B(a,n-1) for a > 0, n >= 0. The second is 0
// for n = 0. Both are +Inf beyond inverseMax.
func inverseB(a, n float64) (inv, prev float64) {
	whole := math.Floor(n)
	x := n - whole // the fraction, stepped up to n
	if base := math.Floor(math.Min(whole, a) - startSpread*math.Sqrt(a)); base >= 1 {
		x += base
		inv = a / (a - x)
		prev = inv
	} else {
		inv, prev = fractionalB(a, x)
	}
	for x < n-0.5 {
		x++
		prev = inv
		inv = 1 + x/a*inv
		if inv > inverseMax {
			return math.Inf(1), math.Inf(1)
		}
	}
	return inv, prev
}

// fractionalB returns 1/B(a,f) and 1/B(a,f-1) for 0 <= f < 1:
//
//	1/B(a,f) = a^(-f) e^a Γ(f+1, a)
func fractionalB(a, f float64) (inv, prev float64) {
	if f == 0 {
		return 1, 0
	}
	if a >= fractionSeries {
		prev = a * upperFraction(f, a)
		return 1 + f/a*prev, prev
	}
	// Γ(s,a) = Γ(s) - a^s e^(-a) Σ a^k / (s)(s+1)...(s+k), with s = f+1.
	s := f + 1
	term := 1 / s
	sum := term
	for k := 1.0; term > sum*epsilon; k++ {
		term *= a / (s + k)
		sum += term
	}
	inv = math.Pow(a, -f)*math.Exp(a)*math.Gamma(s) - a*sum
	return inv, (inv - 1) * a / f
}

// upperFraction returns Γ(s,x) e^x x^(-s) for s > 0, x > 0 by the continued
// fraction
//
//	1/(x+1-s- 1(1-s)/(x+3-s- 2(2-s)/(x+5-s- ...)))
//
// evaluated by the modified Lentz method. It is meant for x > max(1, s).
// Source: DLMF 8.9.2.
func upperFraction(s, x float64) float64 {
	const tiny = 1e-300 // keeps a zero denominator from stopping the fraction
	b := x + 1 - s
	c := 1 / tiny
	d := 1 / b
	h := d
	for i := 1.0; i < maxTerms; i++ {
		an := -i * (i - s)
		b += 2
		d = an*d + b
		if math.Abs(d) < tiny {
			d = tiny
		}
		c = b + an/c
		if math.Abs(c) < tiny {
			c = tiny
		}
		d = 1 / d
		del := d * c
		h *= del
		if math.Abs(del-1) < epsilon {
			break
		}
	}
	return h
}

const (
	epsilon  = 0x1p-53 // half the spacing of doubles at 1: a term below it changes nothing
	maxTerms = 1e6     // guards every series and fraction against a loop without end
)
