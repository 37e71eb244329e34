package erlang

import "math"

// Sizing is the answer to "how many agents".
type Sizing struct {
	Agents     int     // smallest whole number that keeps the target
	Fractional float64 // real number that just keeps it
	Status     Status  // Unreachable: no finite number does; Agents is then 0
	Result     Result  // what Agents do
}

// Size returns the agents that keep t under l: Erlang A where l has a patience,
// Erlang C otherwise. Without load no agents are needed. With Erlang C at least
// floor(a)+1 agents are needed for a stable queue, whatever the target; so many
// are also given where there is no target at all.
func Size(l Load, t Target) Sizing {
	n, frac, status := sizeBoth(l, t)
	s := Sizing{Agents: n, Fractional: frac, Status: status}
	if status == OK {
		s.Result = Evaluate(l, float64(n), t)
	}
	return s
}

// sizeBoth returns the whole and the fractional number of agents.
func sizeBoth(l Load, t Target) (n int, frac float64, status Status) {
	if l.leaves() && l.Erlangs > 0 && !t.none() {
		n, b, status := sizeA(l, t)
		if status != OK {
			return 0, math.NaN(), status
		}
		return n, fractionalA(l, t, n, b), OK
	}
	n, status = Agents(l, t)
	switch {
	case status != OK:
		return 0, math.NaN(), status
	case !(l.Erlangs > 0):
		return 0, 0, OK
	case t.none():
		return n, l.Erlangs, OK
	}
	return n, fractionalC(l.Erlangs, l.AHT, float64(n), wantCOf(t)), OK
}

// Agents returns only the whole number of Size, without the time for the
// fractional one and the results.
func Agents(l Load, t Target) (int, Status) {
	if !(l.Erlangs > 0) {
		return 0, OK
	}
	if t.none() { // enough for the work, as for Erlang C
		return int(math.Floor(l.Erlangs)) + 1, OK
	}
	if l.leaves() {
		n, _, status := sizeA(l, t)
		return n, status
	}
	w := wantCOf(t)
	if !(w.miss > 0) {
		return 0, Unreachable
	}
	n, _ := sizeC(l.Erlangs, l.AHT, w)
	return int(n), OK
}

// none reports whether nothing is asked.
func (t Target) none() bool {
	return t.Ratio <= 0 && t.MaxASA <= 0 && t.MaxAbandon <= 0 && (t.MaxOccupancy <= 0 || t.MaxOccupancy >= 1)
}

// leaves reports whether callers lose patience.
func (l Load) leaves() bool { return l.Patience > 0 && !math.IsInf(l.Patience, 1) }

// Evaluate returns what n agents (whole or fractional) do with l, with the
// service level as t defines it.
func Evaluate(l Load, n float64, t Target) Result {
	if l.leaves() {
		return evaluateA(l, n, t)
	}
	w := WaitC(l.Erlangs, n, l.AHT, t.Within.Seconds())
	r := Result{
		Model: ModelC, Definition: t.Definition, Agents: n, Erlangs: l.Erlangs,
		ServiceLevel: w.ServiceLevel, PWait: w.PWait, ASA: w.ASA, Occupancy: w.Occupancy,
	}
	if !w.Stable {
		r.Status = Unstable
		r.Queue = math.Inf(1)
	} else if l.Erlangs > 0 {
		r.Queue = l.Erlangs / l.AHT * w.ASA
	}
	return r
}

// Meets reports whether r keeps every part of t.
func (r Result) Meets(t Target) bool {
	switch {
	case t.Ratio > 0 && !(r.ServiceLevel >= t.Ratio-ratioSlack):
		return false
	case t.MaxASA > 0 && !(r.ASA <= t.MaxASA.Seconds()*(1+tieSlack)):
		return false
	case t.MaxAbandon > 0 && !(r.PAbandon <= t.MaxAbandon+ratioSlack):
		return false
	case t.MaxOccupancy > 0 && !(r.Occupancy <= t.MaxOccupancy*(1+tieSlack)):
		return false
	}
	return r.Status == OK
}

// ratioSlack forgives rounding where a computed ratio is compared with a target.
const ratioSlack = 1e-12

// Gross returns the heads that must be rostered so that n agents are there when
// a share of them is away: whole is n/(1-shrinkage) rounded up once, with a tie
// rounded down. NaN and 0 for a shrinkage of 1 or more.
func Gross(n, shrinkage float64) (whole int, exact float64) {
	if !(shrinkage < 1) {
		return 0, math.NaN()
	}
	exact = n / (1 - shrinkage)
	return int(ceilSlack(exact)), exact
}
