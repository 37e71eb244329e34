package outbound

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"kcc/internal/calendar"
)

// Kind is what a campaign is for.
type Kind string

// The kinds of campaigns.
const (
	Callback    Kind = "callback"    // customers who asked to be called back
	Status      Kind = "status"      // how far their case is, before they ask
	Appointment Kind = "appointment" // to make one
	Reminder    Kind = "reminder"    // of one that was made
	Arrears     Kind = "arrears"     // of payments
	Survey      Kind = "survey"      // how satisfied they are
	Other       Kind = "other"
)

// Kinds lists the kinds in order of how soon their customers wait.
var Kinds = []Kind{Callback, Status, Appointment, Reminder, Arrears, Survey, Other}

// State is whether a campaign is worked on.
type State string

// The states of a campaign.
const (
	Open   State = "open"
	Paused State = "paused"
	Closed State = "closed"
)

// Campaign is a list to be called with its rules. Fields that are zero get the
// defaults of the kind.
type Campaign struct {
	ID          int64
	Name        string
	Kind        Kind
	State       State
	Priority    int    // the higher the sooner
	Channel     string // default phone
	Skill       string // of who calls; default the channel
	Subject     string
	Hours       string        // when may be called: mo-fr 09:00-12:00 13:00-17:00
	MaxAttempts int           // calls per person
	Spacing     time.Duration // between two calls to one person; negative: none
	Consent     bool          // only who agreed is called
	First, Last calendar.Date // days of the campaign; 0 is open
	Talk, Dial  time.Duration // expected, until attempts say otherwise
}

// ErrInvalid is returned for a campaign, record or attempt that cannot be.
var ErrInvalid = errors.New("not possible")

// defaults of a kind: hours, attempts, spacing, talk.
var defaults = map[Kind]struct {
	hours    string
	attempts int
	spacing  time.Duration
	talk     time.Duration
}{
	Callback:    {"mo-fr 09:00-17:00", 3, time.Hour, 5 * time.Minute},
	Status:      {"mo-fr 09:00-17:00", 2, 4 * time.Hour, 3 * time.Minute},
	Appointment: {"mo-fr 09:00-20:00", 4, 4 * time.Hour, 4 * time.Minute},
	Reminder:    {"mo-fr 09:00-20:00", 2, 4 * time.Hour, 90 * time.Second},
	Arrears:     {"mo-fr 09:00-20:00", 5, 20 * time.Hour, 5 * time.Minute},
	Survey:      {"mo-fr 10:00-20:00; sa 10:00-13:00", 3, 20 * time.Hour, 6 * time.Minute},
	Other:       {"mo-fr 09:00-17:00", 3, 4 * time.Hour, 4 * time.Minute},
}

// defaultDial is the time of dialling and ringing when nobody answers.
const defaultDial = 40 * time.Second

// maxAttempts bounds the calls to one person: more is harassment.
const maxAttempts = 20

// fill puts in the defaults and refuses what cannot be.
func (c *Campaign) fill() error {
	c.Name = strings.TrimSpace(c.Name)
	if c.Kind == "" {
		c.Kind = Other
	}
	d, ok := defaults[c.Kind]
	switch {
	case c.Name == "":
		return fmt.Errorf("%w: the campaign has no name", ErrInvalid)
	case !ok:
		return fmt.Errorf("%w: kind %q: want %s", ErrInvalid, c.Kind, kindList())
	case c.MaxAttempts < 0 || c.MaxAttempts > maxAttempts:
		return fmt.Errorf("%w: %d attempts: want 1 to %d", ErrInvalid, c.MaxAttempts, maxAttempts)
	case c.Talk < 0 || c.Dial < 0:
		return fmt.Errorf("%w: times of talking and dialling are not negative", ErrInvalid)
	case c.First != 0 && c.Last != 0 && c.Last < c.First:
		return fmt.Errorf("%w: the campaign ends on %s, before it starts on %s", ErrInvalid, c.Last, c.First)
	}
	if c.State == "" {
		c.State = Open
	}
	if c.Channel == "" {
		c.Channel = "phone"
	}
	if c.Skill == "" {
		c.Skill = c.Channel
	}
	if strings.TrimSpace(c.Hours) == "" {
		c.Hours = d.hours
	}
	if c.MaxAttempts == 0 {
		c.MaxAttempts = d.attempts
	}
	switch {
	case c.Spacing < 0:
		c.Spacing = 0
	case c.Spacing == 0:
		c.Spacing = d.spacing
	}
	if c.Talk == 0 {
		c.Talk = d.talk
	}
	if c.Dial == 0 {
		c.Dial = defaultDial
	}
	week, err := calendar.ParseWeek(c.Hours)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	if !slices.ContainsFunc(week[:], func(s []calendar.Span) bool { return len(s) > 0 }) {
		return fmt.Errorf("%w: hours %q: the campaign never calls", ErrInvalid, c.Hours)
	}
	return nil
}

func kindList() string {
	out := make([]string, len(Kinds))
	for i, k := range Kinds {
		out[i] = string(k)
	}
	return strings.Join(out, ", ")
}

// active reports whether the campaign may call on a day.
func (c *Campaign) active(d calendar.Date) bool {
	return c.State == Open && (c.First == 0 || d >= c.First) && (c.Last == 0 || d <= c.Last)
}
