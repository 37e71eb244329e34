package forecast

import (
	"fmt"

	"kcc/internal/calendar"
)

// EventMode says how an event is treated in history and future.
type EventMode int

// The modes of an event.
const (
	// EventLearn: days of equal Event.Name share effects per day of the window,
	// which are learned from the occurrences in the history.
	EventLearn EventMode = iota
	// EventFactor: the volume of each day in the window is multiplied by Factor;
	// the history is divided by it before anything is learned.
	EventFactor
	// EventExtra: Contacts extra arrive, spread over the window by Spread.
	EventExtra
	// EventExclude: the days are left out of the history as if they were missing.
	EventExclude
	// EventCopy: each day takes its volume and shape from the day CopyFrom days earlier.
	EventCopy
)

// String returns the word that files and flags use.
func (m EventMode) String() string {
	return [...]string{"learn", "factor", "extra", "exclude", "copy"}[m]
}

// ParseEventMode reads learn, factor, extra, exclude or copy.
func ParseEventMode(s string) (EventMode, error) {
	for m := EventLearn; m <= EventCopy; m++ {
		if m.String() == s {
			return m, nil
		}
	}
	return 0, fmt.Errorf("event mode %q: want learn, factor, extra, exclude or copy", s)
}

// Event is something dated that changes the volume: a mailing, tax bills,
// elections, an outage, a school holiday.
type Event struct {
	ID         string
	Name       string // occurrences of one name share what is learned
	Channel    string // empty: every channel
	Subject    string // empty: every subject
	Department string // who announced it
	From, To   calendar.Date
	Lead, Lag  int // days before From and after To that feel it too
	Mode       EventMode
	Factor     float64   // EventFactor: 1.2 is 20 % more
	Letters    int       // EventExtra: letters sent ...
	Rate       float64   // ... and the expected contacts per letter
	Contacts   float64   // EventExtra: contacts when there are no letters
	Spread     []float64 // EventExtra: weight per open day of the window; nil: a geometric tail, see MailingSpread
	CopyFrom   int       // EventCopy: days back
	Note       string
}

// first and last give the window that feels the event.
func (e *Event) first() calendar.Date { return e.From.Add(-e.Lead) }
func (e *Event) last() calendar.Date  { return max(e.From, e.To).Add(e.Lag) }

// appliesTo reports whether the event touches a channel and subject.
func (e *Event) appliesTo(channel, subject string) bool {
	return (e.Channel == "" || e.Channel == channel) && (e.Subject == "" || subject == "" || e.Subject == subject)
}

// Extra returns the contacts that the event adds in total.
func (e *Event) Extra() float64 {
	if e.Letters > 0 {
		return float64(e.Letters) * e.Rate
	}
	return e.Contacts
}

// Implied returns the mode that the filled fields ask for.
func (e *Event) Implied() EventMode {
	switch {
	case e.Factor != 0:
		return EventFactor
	case e.Letters != 0 || e.Contacts != 0:
		return EventExtra
	case e.CopyFrom != 0:
		return EventCopy
	}
	return EventLearn
}

// maxEventDays bounds the window of one event.
const maxEventDays = 400

// Check reports what is wrong with an event.
func (e *Event) Check() error {
	switch {
	case e.Name == "":
		return fmt.Errorf("event without a name")
	case e.To != 0 && e.To < e.From:
		return fmt.Errorf("event %q ends on %s, before it starts on %s", e.Name, e.To, e.From)
	case e.Lead < 0 || e.Lag < 0 || int(e.last()-e.first()) > maxEventDays:
		return fmt.Errorf("event %q: want lead and lag of 0 or more days and at most %d days in all", e.Name, maxEventDays)
	case e.Mode == EventFactor && !(e.Factor > 0):
		return fmt.Errorf("event %q: factor %g, want more than 0 (1.2 is 20%% more)", e.Name, e.Factor)
	case e.Mode == EventExtra && !(e.Extra() > 0):
		return fmt.Errorf("event %q: want letters and a rate above 0, or contacts", e.Name)
	case e.Mode == EventCopy && e.CopyFrom <= 0:
		return fmt.Errorf("event %q: want copy_from, the number of days back to the day to copy", e.Name)
	}
	return nil
}
