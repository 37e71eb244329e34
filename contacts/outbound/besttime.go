package outbound

// Tally counts attempts by hour, number and outcome.
type Tally struct {
	Attempt int // the number of the call to the same person, from 1
	Hour    int // local
	Outcome Outcome
	N       int
	Talk    float64 // sum over TalkN calls, s
	TalkN   int
	Dial    float64 // sum over DialN calls, s
	DialN   int
}

// The share of calls that reach the right person before anything is known, and
// how many calls that guess counts for; and how many calls the mean of all hours
// counts for in each hour, so that an hour with few calls is not taken for good
// or bad.
const (
	priorReach  = 0.35
	priorCalls  = 10
	hourCalls   = 40
	sameBlock   = 0.6 // what remains of the chance where a call at the same time of day failed before
	blockHours  = 3
	hoursPerDay = 24
)

// Reach is the chance that a call reaches the right person, as the attempts of
// the past show it, shrunk towards the mean of all hours.
type Reach struct {
	Mean   float64
	ByHour [hoursPerDay]float64
	Calls  [hoursPerDay]int
}

// ReachOf learns the chances by hour from attempts: with r right-party calls of
// n in an hour, and mean p of all hours,
//
//	chance = (r + 40·p)/(n + 40)
//
// the posterior mean of a beta distribution around p (Gelman et al. 2013,
// section 2.4).
func ReachOf(list []Tally) Reach {
	var right, calls [hoursPerDay]float64
	allRight, all := priorReach*priorCalls, float64(priorCalls)
	for _, t := range list {
		calls[t.Hour] += float64(t.N)
		all += float64(t.N)
		if t.Outcome.RightParty() {
			right[t.Hour] += float64(t.N)
			allRight += float64(t.N)
		}
	}
	r := Reach{Mean: allRight / all}
	for h := range r.ByHour {
		r.ByHour[h] = (right[h] + hourCalls*r.Mean) / (calls[h] + hourCalls)
		r.Calls[h] = int(calls[h])
	}
	return r
}

// chance returns the chance that a call at an hour reaches a person whom calls
// at the hours failed did not.
func (r *Reach) chance(hour int, failed []int) float64 {
	p := r.ByHour[hour]
	for _, f := range failed {
		if f/blockHours == hour/blockHours {
			p *= sameBlock
		}
	}
	return p
}

// gain says how much better it is to call now than at the best of the other
// hours that the campaign calls in: the higher, the sooner should be called.
func (r *Reach) gain(hour int, failed []int, other []int) float64 {
	best := 0.0
	for _, h := range other {
		if h != hour {
			best = max(best, r.chance(h, failed))
		}
	}
	return r.chance(hour, failed) - best
}

// ByAttempt returns the chance that call 1, 2, ... up to most reaches the right
// person, shrunk towards the mean with the same weight.
func ByAttempt(list []Tally, most int) []float64 {
	mean := ReachOf(list).Mean
	right, calls := make([]float64, most), make([]float64, most)
	for _, t := range list {
		k := min(max(t.Attempt, 1), most) - 1
		calls[k] += float64(t.N)
		if t.Outcome.RightParty() {
			right[k] += float64(t.N)
		}
	}
	out := make([]float64, most)
	for k := range out {
		out[k] = (right[k] + hourCalls*mean) / (calls[k] + hourCalls)
	}
	return out
}

// meanTimes returns the mean time of a call that was answered and of one that
// was not, s; NaN-free: without attempts those expected.
func meanTimes(list []Tally, talk, dial float64) (answered, other float64) {
	var talkSum, talkN, dialSum, dialN float64
	for _, t := range list {
		if t.Outcome.Answered() {
			talkSum += t.Talk + t.Dial
			talkN += float64(t.TalkN)
		} else {
			dialSum += t.Talk + t.Dial
			dialN += float64(t.DialN)
		}
	}
	return (talkSum + priorCalls*talk) / (talkN + priorCalls), (dialSum + priorCalls*dial) / (dialN + priorCalls)
}
