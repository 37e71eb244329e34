package contacts

import (
	"math"
	"time"
)

// Outcomes of a contact that figures are made of; a source may have others.
const (
	Answered          = "answered"
	AnsweredSelf      = "answered_self" // by the agent who took it, alone
	Abandoned         = "abandoned"
	ShortAbandon      = "short_abandon"
	Transferred       = "transferred"
	TransferredOK     = "transferred_ok"
	TransferredFailed = "transferred_failed"
	HandedOff         = "handed_off"
	CallbackRequested = "callback_requested"
	Overflow          = "overflow" // left the queue unanswered: timed out, key pressed, sent on
)

// Directions of a contact.
const (
	Inbound  = "inbound"
	Outbound = "outbound"
)

// Contact is one contact with a customer. Elapsed times are in seconds; NaN is
// unknown. Optional texts are empty when unknown.
type Contact struct {
	ID         int64  // in the store; 0 before it is there
	Source     string // where it came from
	ExternalID string // id in that source
	Updated    time.Time
	Start      time.Time
	Channel    string
	Queue      string
	Direction  string // Inbound or Outbound
	Outcome    string
	Subject    string
	Kind       string
	Segment    string
	Cause      string
	Department string
	Article    string
	Wait       float64 // until answered, or until the customer gave up
	Talk       float64
	Hold       float64
	ACW        float64 // after-contact work
	Handle     float64 // talk, hold and after-contact work together
	Agent      string  // reference or name
	PartyRef   string  // keyed reference of the customer
	CSAT       float64
	Effort     float64
	NPS        float64 // 0-10, how likely the customer is to recommend the centre
	Resolved   Flag
	Moved      Flag  // transferred to someone else
	InTime     Flag  // the wait ended within the target of the channel
	RepeatOf   int64 // the contact of the same customer and subject before it
	FollowedBy int64 // the contact that repeats this one
	Note       string
}

// Flag is a yes or no that may be unknown.
type Flag int8

// Values of a Flag.
const (
	Unknown Flag = iota
	No
	Yes
)

// IsAnswered reports whether an agent or bot spoke with the customer; a contact
// whose outcome is not known counts as answered.
func (c *Contact) IsAnswered() bool {
	switch c.Outcome {
	case Abandoned, ShortAbandon, Overflow:
		return false
	}
	return true
}

// HandleTime returns Handle, or the sum of talk, hold and after-contact work
// when it is unknown; NaN when none of them is known.
func (c *Contact) HandleTime() float64 {
	if !math.IsNaN(c.Handle) {
		return c.Handle
	}
	sum, known := 0.0, false
	for _, v := range []float64{c.Talk, c.Hold, c.ACW} {
		if !math.IsNaN(v) {
			sum += v
			known = true
		}
	}
	if !known {
		return math.NaN()
	}
	return sum
}
