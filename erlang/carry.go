package erlang

import "math"

// CarriedOver is what given agents do in one interval of a day whose overloaded
// intervals leave work to the next.
type CarriedOver struct {
	Result
	Backlog float64 // contacts that wait at the end of the interval
}

// CarryOver returns what agents do, interval by interval in order of time, when
// work that an interval cannot take goes on in the next.
//
// Where nobody leaves it is the stationary backlog-carryover approach. An interval
// is cut into stretches of about a handle time. In each, the new contacts and the
// backlog B are offered to a system without a queue; what it blocks is the backlog
// of the next stretch,
//
//	rate = λ + B/d,   B' = rate·B(rate·h, n)·d
//
// and the figures are those of the steady state that keeps the agents as busy as
// this, rate·(1-B(rate·h, n))·h erlangs. So an overloaded interval has figures too
// where its steady state has none, and they get better only as fast as the backlog
// is worked off.
//
// Where callers leave a queue forgets within their patience, and Erlang A has a
// steady state at any load: it is taken at the modified offered load, in which
// work of the intervals before is still there; the backlog is its mean queue.
//
// agents may be broken numbers. Between intervals that do not touch everybody has
// gone home: the backlog is lost. Redials are not followed.
//
// Source: Stolletz (2008), Approximation of the non-stationary M(t)/M(t)/c(t)
// queue using stationary queueing models: the stationary backlog-carryover
// approach, European J. Oper. Res. 190.
func CarryOver(ivs []Interval, agents []float64, s Settings) []CarriedOver {
	if len(ivs) != len(agents) {
		panic("erlang: intervals and agents differ in length")
	}
	out := make([]CarriedOver, len(ivs))
	if s.model() == ModelA {
		for i, load := range loads(ivs, s, MOL) {
			st := newStation(load, s.handleTime(ivs[i]), s)
			st.redial, st.repeat = 0, 0
			out[i].Result = st.at(agents[i], 1)
			out[i].Backlog = out[i].Queue
		}
		return out
	}
	backlog := 0.0
	for i, iv := range ivs {
		if i > 0 && iv.Start.After(ivs[i-1].Start.Add(ivs[i-1].Step)) {
			backlog = 0
		}
		out[i], backlog = carryOver(iv, agents[i], backlog, s)
	}
	return out
}

func carryOver(iv Interval, n, backlog float64, s Settings) (CarriedOver, float64) {
	h, d := s.handleTime(iv), iv.Step.Seconds()
	calls := contacts(iv)
	c := CarriedOver{Result: Result{Model: ModelC, Definition: s.Target.Definition, Agents: n, Erlangs: calls * h / d}}
	if !(h > 0) || (calls == 0 && backlog == 0) {
		c.ServiceLevel = 1
		return c, 0
	}
	k := math.Max(1, math.Round(d/h))
	lambda := calls / d
	d /= k
	var sl, wait, asa, busy, queue float64
	for range int(k) {
		rate := lambda + backlog/d
		blocked := B(rate*h, n)
		carried := math.Min(rate*(1-blocked)*h, n*(1-epsilon))
		if n > 0 {
			r := Evaluate(Load{Erlangs: carried, AHT: h}, n, s.Target)
			sl += r.ServiceLevel
			wait += r.PWait
			asa += r.ASA
			busy += carried / n
			queue += r.Queue
		} else {
			wait++
			asa = math.Inf(1)
		}
		backlog = rate * blocked * d
	}
	c.ServiceLevel, c.PWait, c.ASA, c.Occupancy, c.Queue = sl/k, wait/k, asa/k, busy/k, queue/k
	c.Backlog = backlog
	return c, backlog
}
