package contacts

import (
	"math"
	"time"

	"kcc/internal/calendar"
)

// Volume is what happened on a channel, and subject, in one interval. Counts
// and means are NaN when unknown.
type Volume struct {
	Start     time.Time
	Offered   float64
	Handled   float64 // answered
	Abandoned float64
	AHT       float64 // mean seconds of talk, hold and after-contact work
	Wait      float64 // mean seconds until answered
}

// Series is the history of one channel and subject: the intervals with rows, in
// order of time, and the days that the sources cover. Inside the span an absent
// interval of an open day is zero; a whole open day without rows is missing.
type Series struct {
	Channel     string
	Subject     string // "" is the whole channel
	Zone        *time.Location
	Step        time.Duration
	First, Last calendar.Date // span covered
	GapsMissing bool          // absent intervals are unknown rather than zero
	Obs         []Volume
}

// Offered returns the sum of the volumes of s that are known.
func (s *Series) Offered() float64 {
	sum := 0.0
	for _, o := range s.Obs {
		if !math.IsNaN(o.Offered) {
			sum += o.Offered
		}
	}
	return sum
}

// Filter chooses from the history. The zero value is all of it, per channel.
type Filter struct {
	Channels  []string // empty = all
	Subjects  []string // only these, each a series of its own
	BySubject bool     // a series per subject too, beside that of the channel
	From, To  calendar.Date
	Step      time.Duration // 0 = that of the history, the coarsest of its sources
	Source    string        // only this source; "" = the first that covers a day
	Zone      *time.Location
}
