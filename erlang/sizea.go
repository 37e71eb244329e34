package erlang

import "math"

// wantA is a target for M/M/n+M.
type wantA struct {
	target Target
	T      float64
	short  float64
}

func wantAOf(t Target) wantA {
	w := wantA{target: t, T: t.Within.Seconds(), short: t.Short.Seconds()}
	if t.Short <= 0 {
		w.short = w.T
	}
	return w
}

// slackA returns by how much n agents miss the target: positive is a miss, and
// the value falls with n. Each part of the target is measured in odds or ratios
// that vary smoothly with n, so that a root finder likes it.
func slackA(l Load, n float64, w wantA) float64 {
	t := w.target
	q := newPalm(l.Erlangs, n, l.AHT, l.Patience)
	r := q.whole(t.MaxASA > 0)
	g := math.Inf(-1)
	if t.Ratio > 0 {
		g = math.Max(g, logit(t.Ratio)-logit(unit(w.level(q, r))))
	}
	if t.MaxAbandon > 0 {
		g = math.Max(g, logit(r.abandon)-logit(t.MaxAbandon))
	}
	if t.MaxASA > 0 {
		asa := math.Inf(1)
		if r.answered > 0 {
			asa = l.Patience * r.waitAnswered / r.answered
		}
		g = math.Max(g, math.Log(asa/t.MaxASA.Seconds()))
	}
	if t.MaxOccupancy > 0 && t.MaxOccupancy < 1 {
		occupancy := 1.0
		if n > 0 {
			occupancy = l.Erlangs * r.answered / n
		}
		g = math.Max(g, math.Log(occupancy/(t.MaxOccupancy*(1+tieSlack))))
	}
	return g
}

// level returns the service level in the asked definition.
func (w wantA) level(q palm, r palmStates) float64 {
	tail := q.over(r, w.T)
	inTime := math.Max(0, r.answered-tail.answered)
	switch w.target.Definition {
	case Answered:
		if r.answered == 0 {
			return 0
		}
		return inTime / r.answered
	case ExclShort:
		s := tail
		if w.short != w.T {
			s = q.over(r, w.short)
		}
		return inTime / (1 - r.abandon + s.virtual*math.Exp(-w.short/q.patience) - s.answered)
	case WaitAny:
		return 1 - tail.virtual*math.Exp(-w.T/q.patience)
	}
	return inTime
}

// unit keeps rounding from carrying a share out of 0..1.
func unit(p float64) float64 { return math.Max(0, math.Min(1, p)) }

func logit(p float64) float64 { return math.Log(p) - math.Log1p(-p) }

// sizeA returns the smallest whole n >= 0 that keeps t. Every measure improves
// with n. n may lie below the load: those who leave make room.
//
// The bracket holds the slack at n-1 and n, from which fractionalA goes on.
func sizeA(l Load, t Target) (n int, b bracket, status Status) {
	if t.Ratio >= 1 {
		return 0, b, Unreachable
	}
	w := wantAOf(t)
	return leastAgents(func(n float64) float64 { return slackA(l, n, w) }, math.Round(l.Erlangs), 0.6*math.Sqrt(l.Erlangs))
}

// bracket is a falling slack at n-1 and at n.
type bracket struct{ low, high float64 }

// leastAgents returns the smallest whole n >= 0 with f(n) <= 0 for a falling f.
// The answer is bracketed by doubling steps from a guess, the first of them
// spread per unit of f, and closed in on by secants and bisection.
func leastAgents(f func(float64) float64, guess, spread float64) (int, bracket, Status) {
	n := math.Max(0, guess)
	fn := f(n)
	lo, hi := math.Inf(-1), math.Inf(1) // f(lo) > 0 >= f(hi)
	flo, fhi := math.Inf(1), math.Inf(-1)
	set := func() {
		if fn > 0 {
			lo, flo = n, fn
		} else {
			hi, fhi = n, fn
		}
	}
	set()
	step := math.Max(1, math.Ceil(math.Min(math.Abs(fn), 4)*spread))
	for math.IsInf(lo, -1) || math.IsInf(hi, 1) {
		if fn > 0 {
			n += step
		} else {
			if n == 0 {
				return 0, bracket{}, OK
			}
			n = math.Max(0, n-step)
		}
		if n > maxAgents {
			return 0, bracket{}, Unreachable
		}
		step *= 2
		fn = f(n)
		set()
	}
	for halve := false; hi-lo > 1; {
		was := hi - lo
		n = lo + math.Round(was*flo/(flo-fhi))
		if halve || math.IsInf(flo, 1) || math.IsInf(fhi, -1) || math.IsNaN(n) {
			n = math.Floor((lo + hi) / 2)
		}
		n = math.Min(math.Max(n, lo+1), hi-1)
		fn = f(n)
		set()
		halve = hi-lo > was/2 // the secant creeps up from one side
	}
	return int(hi), bracket{flo, fhi}, OK
}

// maxAgents ends a search that no sensible target needs.
const maxAgents = 1e9

// fractionalA returns the real number of agents at which the continuation of
// Erlang A just keeps t; n and b are from sizeA.
func fractionalA(l Load, t Target, n int, b bracket) float64 {
	if n == 0 {
		return 0
	}
	w := wantAOf(t)
	return b.root(func(x float64) float64 { return slackA(l, x, w) }, n)
}

// root returns where the slack f is 0 between n-1 and n.
func (b bracket) root(f func(float64) float64, n int) float64 {
	limit := func(v float64) float64 { return math.Max(-slackLimit, math.Min(slackLimit, v)) }
	return fallingRoot(func(x float64) float64 { return limit(f(x)) }, float64(n-1), float64(n), limit(b.low), limit(b.high))
}

// slackLimit keeps infinite slack (no agents) out of the secant.
const slackLimit = 1e3

// evaluateA returns what n agents do with impatient callers.
func evaluateA(l Load, n float64, t Target) Result {
	w := wantAOf(t)
	r := A(l.Erlangs, n, l.AHT, l.Patience, w.T, w.short)
	out := Result{
		Model: ModelA, Definition: t.Definition, Agents: n, Erlangs: l.Erlangs,
		PWait: r.PWait, PAbandon: r.PAbandon, ASA: r.ASAAnswered, Occupancy: r.Occupancy, Queue: r.Queue,
	}
	switch t.Definition {
	case Answered:
		out.ServiceLevel = r.SLAnswered
	case ExclShort:
		out.ServiceLevel = r.SLExclShort
	case WaitAny:
		out.ServiceLevel = r.SLWaitAny
	default:
		out.ServiceLevel = r.SLOffered
	}
	return out
}
