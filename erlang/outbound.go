package erlang

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Outbound is a list of people to be called. The zero value of a field is the
// documented default.
type Outbound struct {
	Records  float64 // people on the list
	Attempts int     // calls per person at most; default 1
	// Connect is the chance that a call is answered, by attempt; the last one holds
	// for the attempts after it. Chances by hour are for Spread.
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
	// ByAttempt are the calls of the first, second, ... attempt, ReachedBy the
	// people reached by it.
	ByAttempt, ReachedBy []float64
}

// Check returns what is wrong with the list, nil when nothing is.
func (o Outbound) Check() error {
	switch {
	case !(o.Records >= 0) || math.IsInf(o.Records, 1):
		return fmt.Errorf("records %g: want 0 or more", o.Records)
	case o.Attempts < 0 || o.Attempts > maxAttempts:
		return fmt.Errorf("attempts %d: want a number from 1 to %d", o.Attempts, maxAttempts)
	case !(o.Talk >= 0) || !(o.Dial >= 0) || math.IsInf(o.Talk, 1) || math.IsInf(o.Dial, 1):
		return errors.New("talk and dial: want times of 0 or more")
	case !(o.RightOne >= 0 && o.RightOne <= 1):
		return fmt.Errorf("share of the right person %g: want a share from 0 to 1", o.RightOne)
	}
	for _, p := range o.Connect {
		if !(p >= 0 && p <= 1) {
			return fmt.Errorf("chance of an answer %g: want a share from 0 to 1", p)
		}
	}
	return nil
}

// maxAttempts is more calls to one person than anybody makes.
const maxAttempts = 1000

// right returns the share of answered calls that reach the right person.
func (o Outbound) right() float64 {
	if o.RightOne <= 0 {
		return 1
	}
	return o.RightOne
}

// chance returns the chance that call k (from 0) to a person is answered.
func (o Outbound) chance(k int) float64 {
	if len(o.Connect) == 0 {
		return 0
	}
	return unit(o.Connect[min(k, len(o.Connect)-1)])
}

// each returns the work of a call that is answered with chance p, s.
func (o Outbound) each(p float64) float64 { return p*o.Talk + (1-p)*o.Dial }

// Work returns the workload of the list: attempt k calls those who were not
// reached before,
//
//	calls(k) = records · Π_{i<k} (1 - p(i)·right),   work = Σ calls(k)·(p(k)·talk + (1-p(k))·dial)
func (o Outbound) Work() OutboundWork {
	var w OutboundWork
	left := o.Records
	for k := range max(1, o.Attempts) {
		p := o.chance(k)
		w.ByAttempt = append(w.ByAttempt, left)
		w.Calls += left
		w.Seconds += left * o.each(p)
		reached := left * p * o.right()
		w.ReachedBy = append(w.ReachedBy, reached)
		w.Reached += reached
		left -= reached
	}
	w.Left = left
	return w
}

// OutboundSlot is a stretch of time in which calls may be made.
type OutboundSlot struct {
	Connect float64 // chance of an answer in this slot; NaN: that of the attempt
	Room    float64 // agent-seconds for outbound work; +Inf is any number
}

// OutboundPlan is a list spread over slots.
type OutboundPlan struct {
	OutboundWork           // of the calls that found room; ByAttempt as there
	PerSlot      []float64 // calls per slot
	SlotSeconds  []float64 // work per slot, s
	SlotReached  []float64 // people reached per slot
	Open         float64   // people who could still be called, but for whom there was no room
}

// Spread puts the calls of the list into slots, in order of time, so that many
// people are reached: slots are taken up by falling chance of an answer, each for
// as many calls as there are people who could still be called without it, since
// an attempt that is spent in a dull hour is missing in a better one. A slot that
// does not help is left out. Somebody who is not reached may be called again in a
// later slot, until the attempts are used up; nobody is called twice in one.
func (o Outbound) Spread(slots []OutboundSlot) OutboundPlan {
	order := make([]int, len(slots))
	for i := range order {
		order[i] = i
	}
	chance := func(i int) float64 {
		if math.IsNaN(slots[i].Connect) {
			return o.chance(0)
		}
		return unit(slots[i].Connect)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(chance(b), chance(a)) })
	most := make([]float64, len(slots))
	best := o.call(slots, most)
	for _, i := range order {
		if best.Open <= tieSlack*o.Records {
			break
		}
		most[i] = best.Open
		if p := o.call(slots, most); p.Reached > best.Reached*(1+tieSlack) {
			best = p
		} else {
			most[i] = 0
		}
	}
	return best
}

// call plays the list through the slots with at most so many calls in each: people
// with the fewest calls so far first, up to the room.
func (o Outbound) call(slots []OutboundSlot, most []float64) OutboundPlan {
	n := max(1, o.Attempts)
	p := OutboundPlan{PerSlot: make([]float64, len(slots)), SlotSeconds: make([]float64, len(slots)), SlotReached: make([]float64, len(slots))}
	p.ByAttempt, p.ReachedBy = make([]float64, n), make([]float64, n)
	open := make([]float64, n+1) // people by calls made to them
	open[0] = o.Records
	for i := range slots {
		if most[i] <= 0 {
			continue
		}
		room, left := math.Max(0, slots[i].Room), most[i]
		tried := make([]float64, n)
		for k := 0; k < n && room > 0 && left > 0; k++ {
			chance := slots[i].Connect
			if math.IsNaN(chance) {
				chance = o.chance(k)
			}
			chance = unit(chance)
			calls, each := math.Min(open[k], left), o.each(chance)
			if each > 0 {
				calls = math.Min(calls, room/each)
			}
			room -= calls * each
			left -= calls
			reached := calls * chance * o.right()
			tried[k] = calls - reached
			open[k] -= calls
			p.PerSlot[i] += calls
			p.ByAttempt[k] += calls
			p.ReachedBy[k] += reached
			p.SlotReached[i] += reached
			p.SlotSeconds[i] += calls * each
		}
		for k, v := range tried { // may be called again from the next slot on
			open[k+1] += v
		}
		p.Calls += p.PerSlot[i]
		p.Reached += p.SlotReached[i]
		p.Seconds += p.SlotSeconds[i]
	}
	for _, v := range open[:n] {
		p.Open += v
	}
	p.Left = open[n]
	return p
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
