package erlang

import "math"

// ChatLoad is the work of a chat channel, where each agent holds up to
// len(AHT) contacts at once.
type ChatLoad struct {
	Rate     float64   // contacts per second
	AHT      []float64 // mean handle time with 1, 2, ... chats at once, s
	Patience float64   // s; 0 or +Inf means that nobody leaves
}

// DefaultChatGrowth is the growth of the handle time of a chat per further chat
// that its agent holds, where nothing better is known: with three chats each
// takes 1.6 times as long as alone.
const DefaultChatGrowth = 0.30

// ChatTimes returns handle times for 1 to sessions chats at once: those that are
// known, the others growing by growth × first per chat.
func ChatTimes(first float64, known []float64, sessions int, growth float64) []float64 {
	out := make([]float64, max(1, sessions))
	for j := range out {
		switch {
		case j < len(known):
			out[j] = known[j]
		case j == 0:
			out[j] = first
		default:
			out[j] = out[j-1] + growth*out[0]
		}
	}
	return out
}

// Chat returns what n agents do with l, for a threshold T and a limit on short
// abandons, in seconds. It is the birth-death process with even routing: with m
// chats, q = m div n and r = m mod n, r agents hold q+1 chats and n-r hold q, so
// that chats end at the rate
//
//	μ(m) = r·(q+1)/h_(q+1) + (n-r)·q/h_q     m <= nK
//	μ(m) = n·K/h_K + (m-nK)·θ                m > nK
//
// Above nK the queue is that of Erlang A with full service n·K/h_K, which gives
// the law of the wait in closed form. Occupancy is the share of the n·K slots in
// use. n must be whole.
//
// Source: birth-death balance equations; the model of concurrent chats as in
// Koole, Staffing live chat sessions, and Luo and Zhang (2013), Staffing and
// control of instant messaging contact centers.
func Chat(l ChatLoad, n int, T, short float64) Impatient {
	if l.Rate == 0 {
		return Impatient{SLOffered: 1, SLAnswered: 1, SLExclShort: 1, SLWaitAny: 1}
	}
	q, busy := chatQueue(l, n)
	if !l.leaves() {
		return chatPatient(l, n, q, busy, T)
	}
	out := q.figures(T, short)
	if n == 0 {
		nan := math.NaN()
		out.ASAAnswered, out.SLAnswered, out.Occupancy = nan, nan, nan
		return out
	}
	// While somebody waits all slots are in use.
	slots := float64(n * len(l.AHT))
	out.Occupancy = busy*(1-out.PWait)/slots + out.PWait
	return out
}

func (l ChatLoad) leaves() bool { return l.Patience > 0 && !math.IsInf(l.Patience, 1) }

// chatQueue returns the queue above the slots, and the mean number of chats
// given that not all slots are in use.
func chatQueue(l ChatLoad, n int) (palm, float64) {
	k := len(l.AHT)
	full := float64(n*k) / l.AHT[k-1]
	patience := l.Patience
	if !l.leaves() {
		patience = 1
	}
	q := palm{eta: l.Rate * patience, c: full * patience, drift: l.Rate - full, ratio: full / l.Rate, patience: patience, inv: 1}
	w, chats, below := 1.0, 0.0, 0.0
	for m := n * k; m > 0; m-- {
		w *= chatRate(l, n, m) / l.Rate
		below += w
		chats += w * float64(m-1)
		if w < epsilon*below*1e-3 && m < n*k/2 || below > inverseMax {
			break
		}
	}
	q.inv += below
	if below > 0 {
		chats /= below
	}
	return q.prepared(), chats
}

func chatRate(l ChatLoad, n, m int) float64 {
	q, r := m/n, m%n
	rate := 0.0
	if r > 0 {
		rate = float64(r*(q+1)) / l.AHT[q]
	}
	if q > 0 {
		rate += float64((n-r)*q) / l.AHT[q-1]
	}
	return rate
}

// chatPatient is the queue without impatience: P(W > T) = P(wait)·e^(-(C-λ)T)
// with full service C.
func chatPatient(l ChatLoad, n int, q palm, busy, T float64) Impatient {
	if q.drift >= 0 {
		return Impatient{PWait: 1, PVirtualWaitOver: 1, ASAAnswered: math.Inf(1), MeanWait: math.Inf(1), Queue: math.Inf(1), Occupancy: 1}
	}
	j := q.ratio / (q.ratio - 1) // Σ (λ/C)^k
	wait := j / (q.inv - 1 + j)
	if math.IsInf(q.inv, 1) {
		wait = 0
	}
	over := wait * math.Exp(q.drift*T)
	asa := wait / -q.drift
	slots := float64(n * len(l.AHT))
	return Impatient{
		PWait: wait, PVirtualWaitOver: over,
		SLOffered: 1 - over, SLAnswered: 1 - over, SLExclShort: 1 - over, SLWaitAny: 1 - over,
		ASAAnswered: asa, MeanWait: asa, Queue: l.Rate * asa,
		Occupancy: busy*(1-wait)/slots + wait,
	}
}
