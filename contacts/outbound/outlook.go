package outbound

import "math"

// Outlook is what may be expected of the rest of a list.
type Outlook struct {
	Left    int     // people on it
	Calls   float64 // calls still to be made
	Reached float64 // people who will be reached
	Missed  float64 // people who will not, after their last attempt
	Hours   float64 // work
	Final   float64 // share of all records that will have been reached at the end
	Low     float64 // 90 % bounds of Final
	High    float64
	ByCall  []float64 // chance that call 1, 2, ... reaches the right person
	Talk    float64   // mean time of an answered call, s
	Dial    float64   // mean time of one that is not, s
	Calling []float64 // people who get their call 1, 2, ... from here on
}

// normal90 is the 95 % point of the normal distribution: two-sided 90 % bounds.
const normal90 = 1.645

// Outlook says what may be expected of what is left: someone who has had k calls
// is reached by the next one with the chance of call k+1, and so on up to the
// last attempt. The bounds of the final reach hold the chance of each person and
// what is not known of the chances themselves: a binomial variance for each, the
// latter on as many calls as the chances were learned from.
func (s *Stand) Outlook() Outlook {
	c := &s.Campaign
	o := Outlook{Left: s.Left(), ByCall: ByAttempt(s.OfKind, c.MaxAttempts), Calling: make([]float64, c.MaxAttempts)}
	o.Talk, o.Dial = meanTimes(s.OfKind, c.Talk.Seconds(), c.Dial.Seconds())
	answered := answerShare(s.OfKind)
	variance := 0.0
	for had, n := range s.Open {
		left := 1.0
		for k := min(had, c.MaxAttempts-1); k < c.MaxAttempts; k++ {
			calls := float64(n) * left
			o.Calling[k] += calls
			o.Calls += calls
			left *= 1 - o.ByCall[k]
		}
		reached := float64(n) * (1 - left)
		o.Reached += reached
		o.Missed += float64(n) * left
		variance += reached * left
	}
	p := 0.0
	if o.Calls > 0 {
		p = o.Reached / o.Calls
	}
	// Of those who are not reached some answer all the same: the wrong person.
	talking := math.Min(1, p/answered)
	o.Hours = o.Calls * (talking*o.Talk + (1-talking)*o.Dial) / 3600
	if s.Records > 0 {
		reached := float64(s.reached())
		learned := float64(priorCalls)
		for _, t := range s.OfKind {
			learned += float64(t.N)
		}
		variance += o.Calls * o.Calls * p * (1 - p) / learned
		spread := normal90 * math.Sqrt(variance)
		whole := float64(s.Records)
		o.Final = (reached + o.Reached) / whole
		o.Low = math.Max(reached/whole, o.Final-spread/whole)
		o.High = math.Min((reached+float64(o.Left))/whole, o.Final+spread/whole)
	}
	return o
}

// reached counts the records that ended with the right person.
func (s *Stand) reached() int {
	return s.Results[string(Reached)] + s.Results[string(Refused)] + s.Results[string(DoNotCall)]
}

// answerShare returns the share of answered calls in which it is the right
// person who answers.
func answerShare(list []Tally) float64 {
	right, all := float64(priorCalls), float64(priorCalls)
	for _, t := range list {
		if t.Outcome.Answered() {
			all += float64(t.N)
			if t.Outcome.RightParty() {
				right += float64(t.N)
			}
		}
	}
	return right / all
}
