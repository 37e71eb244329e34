package erlang

import "math"

// tieSlack is the relative slack with which a quotient counts as whole when it
// is rounded up: 35.7/0.85 = 42.000000000000007 needs 42 agents, not 43. It is
// far above rounding errors and far below anything a planner could mean.
const tieSlack = 1e-9

// ceilSlack rounds x up, a tie (within tieSlack) down.
func ceilSlack(x float64) float64 {
	r := math.Round(x)
	if math.Abs(x-r) <= tieSlack*math.Max(1, math.Abs(x)) {
		return r
	}
	return math.Ceil(x)
}

// wantC is a target for M/M/n in the form that the kernels use.
type wantC struct {
	miss      float64 // largest share that may wait longer than T; 1 = no target
	T         float64 // s
	asa       float64 // s; +Inf = no target
	occupancy float64 // 1 = no cap
}

func wantCOf(t Target) wantC {
	w := wantC{miss: 1 - t.Ratio, T: t.Within.Seconds(), asa: math.Inf(1), occupancy: 1}
	if t.MaxASA > 0 {
		w.asa = t.MaxASA.Seconds()
	}
	if t.MaxOccupancy > 0 && t.MaxOccupancy < 1 {
		w.occupancy = t.MaxOccupancy
	}
	return w
}

// least returns the smallest n that stability and the occupancy cap allow.
func (w wantC) least(a float64) float64 {
	n := math.Floor(a) + 1
	if w.occupancy < 1 {
		n = math.Max(n, ceilSlack(a/w.occupancy))
	}
	return n
}

// sizeC returns the smallest whole n > a that keeps w for load a > 0 and handle
// time h, and 1/B(a,n). One upward pass: while 1/B grows by its recursion,
// e^(-(n-a)T/h) shrinks by one multiplication a step, and the target
// C·e^(-(n-a)T/h) <= miss is tested as
//
//	n·e^(-(n-a)T/h) <= miss·(I(n-a) + a)
//
// The caller has made sure that miss > 0.
func sizeC(a, h float64, w wantC) (n, inv float64) {
	n = w.least(a)
	inv, _ = inverseB(a, n)
	if w.miss >= 1 && math.IsInf(w.asa, 1) {
		return n, inv
	}
	step := math.Exp(-w.T / h)
	e := math.Exp(-(n - a) * w.T / h)
	for {
		d := inv*(n-a) + a // n/C
		if n*e <= w.miss*d && n*h <= w.asa*(n-a)*d {
			return n, inv
		}
		n++
		inv = 1 + n/a*inv
		e *= step
	}
}

// slackC returns by how much n agents miss w, as a logarithm that falls with n
// and is 0 where the target is just kept.
func slackC(a, h, x float64, w wantC) float64 {
	inv, _ := inverseB(a, x)
	lnC := math.Log(x) - math.Log(inv*(x-a)+a)
	g := math.Inf(-1)
	if w.miss < 1 {
		g = lnC - (x-a)*w.T/h - math.Log(w.miss)
	}
	if !math.IsInf(w.asa, 1) {
		g = math.Max(g, lnC+math.Log(h/(w.asa*(x-a))))
	}
	return g
}

// fractionalC returns the real number of agents at which the continuation of
// Erlang C just keeps w, or a/occupancy where that is larger; n is the whole
// number from sizeC.
func fractionalC(a, h, n float64, w wantC) float64 {
	floor := a
	if w.occupancy < 1 {
		floor = a / w.occupancy
	}
	if w.miss >= 1 && math.IsInf(w.asa, 1) {
		return floor
	}
	if floor > a && floor > n-1 && slackC(a, h, floor, w) <= 0 {
		return floor
	}
	lo, hi := math.Max(n-1, floor), n
	f := func(x float64) float64 { return slackC(a, h, x, w) }
	glo := -math.Log(w.miss) // C is 1 at x = a
	switch {
	case lo > a:
		glo = f(lo)
	case !math.IsInf(w.asa, 1):
		// The mean wait has a pole at a: come up to it until the bracket holds.
		for d := (hi - lo) / 2; ; d /= 4 {
			if glo = f(a + d); glo > 0 {
				lo = a + d
				break
			}
		}
	}
	return fallingRoot(f, lo, hi, glo, f(hi))
}

const (
	// rootTolerance is the relative width of a bracket that counts as a point.
	rootTolerance = 1e-13
	// secantStep and secantSpan are the relative sizes of a secant step and of the
	// step before it after which no other is taken: the error that is left is about
	// the product of the two, at most 1e-12, where 1e-10 is promised for fractional
	// agents. A short step through a point far away says nothing: it is short
	// because the far point makes the line steep.
	secantStep = 1e-8
	secantSpan = 1e-4
)

// fallingRoot returns the zero of a continuous falling f between lo and hi, with
// f(lo) = flo and f(hi) = fhi; an end that is no bracket is returned itself. It
// takes secant steps through the last two points and bisects when a step leaves
// the bracket.
func fallingRoot(f func(float64) float64, lo, hi, flo, fhi float64) float64 {
	if fhi >= 0 {
		return hi
	}
	if flo <= 0 {
		return lo
	}
	x0, f0, x1, f1 := lo, flo, hi, fhi
	for range 200 {
		x := x1 - f1*(x1-x0)/(f1-f0)
		if !(x > lo && x < hi) {
			x = lo + (hi-lo)/2
		}
		if math.Abs(x-x1) <= secantStep*x && math.Abs(x1-x0) <= secantSpan*x || hi-lo <= rootTolerance*x {
			return x
		}
		fx := f(x)
		if fx == 0 {
			return x
		}
		if fx > 0 {
			lo, flo = x, fx
		} else {
			hi, fhi = x, fx
		}
		x0, f0, x1, f1 = x1, f1, x, fx
		if f0 == f1 {
			x0, f0, x1, f1 = lo, flo, hi, fhi
		}
	}
	return lo + (hi-lo)/2
}
