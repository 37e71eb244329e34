package erlang

import "math"

// Outbound is a list of people to be called.
type Outbound struct {
	Records  float64 // people on the list
	Attempts int     // calls per person at most; default 1
	// Connect is the chance that a call is answered, by attempt or by hour; the
	// last one holds for what comes after.
	Connect  []float64
	Talk     float64 // s of talk and wrap-up of an answered call
	Dial     float64 // s of dialling and ringing of a call that nobody answers
	RightOne float64 // share of answered calls with the right person, who then leaves the list; default 1
}

// OutboundWork is what a list asks for.
type OutboundWork struct {
	Calls   float64 // calls made
	Reached float64 // people reached
	Left    float64 // people not reached after the last attempt
	Seconds float64 // work, s
	// ByAttempt are the calls of the first, second, ... attempt.
	ByAttempt []float64
}

// Work returns the workload of the list: attempt k calls those who were not
// reached before,
//
//	calls(k) = records · Π_{i<k} (1 - p(i)·right),   work = Σ calls(k)·(p(k)·talk + (1-p(k))·dial)
func (o Outbound) Work() OutboundWork {
	var w OutboundWork
	right := o.RightOne
	if right <= 0 {
		right = 1
	}
	left := o.Records
	for k := range max(1, o.Attempts) {
		p := 0.0
		if n := len(o.Connect); n > 0 {
			p = math.Min(1, math.Max(0, o.Connect[min(k, n-1)]))
		}
		w.ByAttempt = append(w.ByAttempt, left)
		w.Calls += left
		w.Seconds += left * (p*o.Talk + (1-p)*o.Dial)
		w.Reached += left * p * right
		left -= left * p * right
	}
	w.Left = left
	return w
}

// BestHours spreads calls over slots so that as many people as possible are
// reached: it fills the slots with the best chance of an answer first. connect
// is the chance per slot, room the agent-seconds that each slot has for outbound
// work. It returns the calls per slot and how many of the wanted did not fit.
func BestHours(calls, talk, dial float64, connect, room []float64) (perSlot []float64, unplaced float64) {
	if len(connect) != len(room) {
		panic("erlang: chances and room differ in length")
	}
	perSlot = make([]float64, len(connect))
	order := make([]int, len(connect))
	for i := range order {
		order[i] = i
	}
	for i := 1; i < len(order); i++ { // by falling chance, stable
		for j := i; j > 0 && connect[order[j]] > connect[order[j-1]]; j-- {
			order[j], order[j-1] = order[j-1], order[j]
		}
	}
	for _, i := range order {
		each := connect[i]*talk + (1-connect[i])*dial
		if calls <= 0 || each <= 0 || room[i] <= 0 {
			continue
		}
		perSlot[i] = math.Min(calls, room[i]/each)
		calls -= perSlot[i]
	}
	return perSlot, math.Max(0, calls)
}
