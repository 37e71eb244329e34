package outbound

import (
	"time"
)

// noDue is what the store has for a record without a term: the end of 9999.
const noDue = 253402300799

// Record is one person on the list of a campaign.
type Record struct {
	ID          int64
	Campaign    string
	Key         string // id elsewhere, or what the record was made from: handoff:17
	Party       string // as typed when it comes in; never given back
	Number      string // to call; given back by Next alone
	Contact     int64
	HandOff     int64
	Appointment int64
	Subject     string
	Reference   string // number of the case
	Task        string // what to say or ask
	Priority    int
	Due         time.Time // zero: no term
	NotBefore   time.Time
	WindowFrom  time.Time // promised to the customer
	WindowTo    time.Time
	Status      string // open, taken or done
	Result      string
	Attempts    int
	NextAt      time.Time
	TakenBy     string
	TakenUntil  time.Time

	party string // keyed reference
	camp  int64
}

// promised reports whether the customer was promised a window.
func (r *Record) promised() bool { return !r.WindowTo.IsZero() }

// Loaded is what became of records that came in.
type Loaded struct {
	Added, Known, Barred, NoConsent, NoNumber int
}
