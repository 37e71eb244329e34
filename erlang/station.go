package erlang

import (
	"math"

	"kcc/internal/calendar"
)

// station is one queue with its formula, for whole and fractional agents.
type station struct {
	model  Model
	load   Load // Erlangs and AHT of a contact alone with its agent
	target Target
	aht    []float64 // chat: handle times by concurrency
	redial float64
	repeat float64
}

// newStation prepares the queue of one interval under s.
func newStation(load float64, aht float64, s Settings) station {
	st := station{
		model: s.model(), load: Load{Erlangs: load, AHT: aht, Patience: s.Patience}, target: s.Target,
		redial: s.Redial, repeat: s.Repeat,
	}
	if st.model == ModelC {
		st.load.Patience = 0
	}
	if st.model == ModelChat {
		growth := s.ChatGrowth
		if growth == 0 {
			growth = DefaultChatGrowth
		}
		st.aht = ChatTimes(aht, s.ChatAHT, s.Concurrency, growth)
	}
	return st
}

// Formula returns the model in use: what Auto stands for, else Model itself.
func (s Settings) Formula() Model { return s.model() }

// model returns the formula that Auto stands for.
func (s Settings) model() Model {
	switch {
	case s.Model != Auto:
		return s.Model
	case s.Promise != (calendar.Term{}):
		return ModelDeadline
	case s.Concurrency > 1:
		return ModelChat
	case s.Patience > 0 && !math.IsInf(s.Patience, 1):
		return ModelA
	}
	return ModelC
}

// at returns what n agents do with the station's own load times scale.
func (st station) at(n, scale float64) Result {
	l := st.load
	l.Erlangs *= scale
	if st.redial == 0 && st.repeat == 0 {
		return st.plain(l, n)
	}
	return st.withReturns(l, n)
}

// plain is one evaluation without returning callers.
func (st station) plain(l Load, n float64) Result {
	if st.model == ModelChat {
		return st.chat(l, n)
	}
	return Evaluate(l, n, st.target)
}

// chat evaluates a chat channel; between whole numbers of agents ratios and
// times are interpolated, as slots come per agent.
func (st station) chat(l Load, n float64) Result {
	k := math.Floor(n)
	r := st.chatWhole(l, int(k))
	if f := n - k; f > 0 {
		s := st.chatWhole(l, int(k)+1)
		mix := func(a, b float64) float64 {
			if math.IsNaN(a) || math.IsInf(a, 0) {
				return a
			}
			return a + f*(b-a)
		}
		r.ServiceLevel, r.PWait, r.PAbandon = mix(r.ServiceLevel, s.ServiceLevel), mix(r.PWait, s.PWait), mix(r.PAbandon, s.PAbandon)
		r.ASA, r.Occupancy, r.Queue = mix(r.ASA, s.ASA), mix(r.Occupancy, s.Occupancy), mix(r.Queue, s.Queue)
		r.Agents = n
	}
	return r
}

func (st station) chatWhole(l Load, n int) Result {
	w := wantAOf(st.target)
	rate := 0.0
	if l.AHT > 0 {
		rate = l.Erlangs / l.AHT
	}
	c := Chat(ChatLoad{Rate: rate, AHT: st.aht, Patience: l.Patience}, n, w.T, w.short)
	r := Result{
		Model: ModelChat, Definition: st.target.Definition, Agents: float64(n), Erlangs: l.Erlangs,
		ServiceLevel: c.level(st.target.Definition), PWait: c.PWait, PAbandon: c.PAbandon,
		ASA: c.ASAAnswered, Occupancy: c.Occupancy, Queue: c.Queue,
	}
	if math.IsInf(c.Queue, 1) {
		r.Status = Unstable
	}
	return r
}

// level returns the service level in one of the definitions.
func (c Impatient) level(d Definition) float64 {
	switch d {
	case Answered:
		return c.SLAnswered
	case ExclShort:
		return c.SLExclShort
	case WaitAny:
		return c.SLWaitAny
	}
	return c.SLOffered
}

// slack returns by how much r misses t: positive is a miss.
func (r Result) slack(t Target) float64 {
	g := math.Inf(-1)
	if t.Ratio > 0 {
		sl := r.ServiceLevel
		if math.IsNaN(sl) {
			sl = 0
		}
		g = math.Max(g, logit(t.Ratio)-logit(unit(sl)))
	}
	if t.MaxAbandon > 0 {
		g = math.Max(g, logit(r.PAbandon)-logit(t.MaxAbandon))
	}
	if t.MaxASA > 0 {
		asa := r.ASA
		if math.IsNaN(asa) {
			asa = math.Inf(1)
		}
		g = math.Max(g, math.Log(asa/t.MaxASA.Seconds()))
	}
	if t.MaxOccupancy > 0 && t.MaxOccupancy < 1 {
		occupancy := r.Occupancy
		if math.IsNaN(occupancy) {
			occupancy = 1
		}
		g = math.Max(g, math.Log(occupancy/(t.MaxOccupancy*(1+tieSlack))))
	}
	if r.Status == Unstable {
		g = math.Inf(1)
	}
	return g
}

// size returns the agents for the station's load: whole, fractional and how far
// the target can be kept.
func (st station) size() (n int, frac float64, status Status) {
	if !(st.load.Erlangs > 0) {
		return 0, 0, OK
	}
	if st.simple() {
		return sizeBoth(st.load, st.target)
	}
	if st.target.none() { // enough for the work
		need := st.load.Erlangs*st.perErlang() + tieSlack
		return int(math.Floor(need)) + 1, need, OK
	}
	return st.search(func(x float64) float64 { return st.at(x, 1).slack(st.target) })
}

// perErlang returns the agents that one erlang of contacts asks for: with chats
// fewer, as several share an agent.
func (st station) perErlang() float64 {
	if st.model != ModelChat {
		return 1
	}
	k := len(st.aht)
	return st.aht[k-1] / st.aht[0] / float64(k)
}

// simple reports whether the closed kernels of C and A apply.
func (st station) simple() bool {
	return st.model != ModelChat && st.redial == 0 && st.repeat == 0
}

// search finds the least agents at which a falling slack is 0 or less.
func (st station) search(f func(float64) float64) (int, float64, Status) {
	if st.target.Ratio >= 1 {
		return 0, math.NaN(), Unreachable
	}
	guess := st.load.Erlangs * st.perErlang()
	n, b, status := leastAgents(f, math.Round(guess), 0.6*math.Sqrt(guess))
	if status != OK || n == 0 {
		return n, float64(n), status
	}
	return n, b.root(f, n), OK
}
