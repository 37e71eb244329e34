package erlang

import "math"

// withReturns evaluates the queue when callers come back: a share redial of
// those who left calls again soon, a share repeat of those answered returns with
// the same question. The total load a' solves
//
//	a' = a + redial·P(abandon; a')·a' + repeat·(1-P(abandon; a'))·a'
//
// The right side grows slower than the left for shares below 1, so the root is
// unique and bisection finds it. All figures are per call, first or repeated.
//
// Source: Koole, Erlang X; Aguir, Karaesmen, Aksin and Chauvet (2004), The
// impact of retrials on call center performance, for the fixed point.
func (st station) withReturns(l Load, n float64) Result {
	worst := math.Max(st.redial, st.repeat)
	if worst >= 1 {
		r := st.plain(l, n)
		r.Status = Unstable
		return r
	}
	first := l.Erlangs
	excess := func(a float64) float64 {
		l.Erlangs = a
		p := st.plain(l, n).PAbandon
		return first + (st.redial*p+st.repeat*(1-p))*a - a
	}
	lo, hi := first, first/(1-worst)
	if hi == lo {
		return st.plain(l, n)
	}
	l.Erlangs = fallingRoot(excess, lo, hi, excess(lo), excess(hi))
	return st.plain(l, n)
}
