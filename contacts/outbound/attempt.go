package outbound

import (
	"fmt"
	"slices"
	"time"
)

// Outcome is what a call came to.
type Outcome string

// The outcomes of a call. Reached, refused and do_not_call end the record, as
// wrong_number does; the others do so at the last attempt.
const (
	Reached     Outcome = "reached"     // the right person, and done
	CallBack    Outcome = "callback"    // the right person, who wants to be called at another time
	NoAnswer    Outcome = "no_answer"   //
	Busy        Outcome = "busy"        //
	Voicemail   Outcome = "voicemail"   //
	WrongParty  Outcome = "wrong_party" // somebody else answered
	WrongNumber Outcome = "wrong_number"
	Refused     Outcome = "refused"
	DoNotCall   Outcome = "do_not_call" // refused, and does not want to be called again by anyone
)

// Outcomes lists the outcomes.
var Outcomes = []Outcome{Reached, CallBack, NoAnswer, Busy, Voicemail, WrongParty, WrongNumber, Refused, DoNotCall}

// Answered reports whether somebody answered.
func (o Outcome) Answered() bool {
	return o == Reached || o == CallBack || o == WrongParty || o == Refused || o == DoNotCall
}

// RightParty reports whether the right person answered.
func (o Outcome) RightParty() bool { return o.Answered() && o != WrongParty }

// Attempt is one call.
type Attempt struct {
	Record     int64
	At         time.Time // zero is now
	Outcome    Outcome
	Talk, Dial time.Duration // negative is unknown
	By         string
	Note       string
	// When the outcome is callback: the window that was promised. Without Until it
	// is an hour.
	CallFrom, CallUntil time.Time
}

// promisedWindow is how long a promised window is when only its start is said.
const promisedWindow = time.Hour

// check refuses an attempt that cannot be.
func (a *Attempt) check() error {
	if !slices.Contains(Outcomes, a.Outcome) {
		list := ""
		for i, o := range Outcomes {
			if i > 0 {
				list += ", "
			}
			list += string(o)
		}
		return fmt.Errorf("%w: outcome %q: want %s", ErrInvalid, a.Outcome, list)
	}
	if a.Outcome == CallBack {
		if a.CallFrom.IsZero() {
			return fmt.Errorf("%w: outcome callback needs the time at which the customer wants to be called", ErrInvalid)
		}
		if a.CallUntil.IsZero() {
			a.CallUntil = a.CallFrom.Add(promisedWindow)
		}
		if !a.CallUntil.After(a.CallFrom) {
			return fmt.Errorf("%w: the window to call back ends before it starts", ErrInvalid)
		}
		if !a.CallUntil.After(a.At) {
			return fmt.Errorf("%w: the window to call back has passed", ErrInvalid)
		}
	} else if !a.CallFrom.IsZero() || !a.CallUntil.IsZero() {
		return fmt.Errorf("%w: a time to call back goes with outcome callback", ErrInvalid)
	}
	return nil
}

// step is what an attempt makes of a record.
type step struct {
	done                 bool
	result               string
	next                 time.Time
	windowFrom, windowTo time.Time
}

// after says what becomes of a record by one more attempt. A
// window that the customer asked for holds whatever spacing and maximum say: it
// is a promise, and goes on until it ends.
func (c *Campaign) after(r *Record, a *Attempt) step {
	switch a.Outcome {
	case Reached, WrongNumber, Refused, DoNotCall:
		return step{done: true, result: string(a.Outcome)}
	case CallBack:
		return step{next: a.CallFrom, windowFrom: a.CallFrom, windowTo: a.CallUntil}
	}
	if r.Attempts+1 >= c.MaxAttempts {
		return step{done: true, result: resultExhausted}
	}
	s := step{next: a.At.Add(c.Spacing)}
	if s.next.Before(r.WindowTo) {
		s.windowFrom, s.windowTo = r.WindowFrom, r.WindowTo
	}
	return s
}

// How records end beside by an outcome.
const (
	resultExhausted = "exhausted" // the last attempt did not reach them
	resultStopped   = "stopped"   // by hand, or with the campaign
)
