package contacts

import "kcc/internal/calendar"

// Dim is a dimension of the daily roll-up of contacts.
type Dim int

// The dimensions of the daily roll-up, in the order in which it is kept.
const (
	ByDirection Dim = iota
	BySubject
	ByKind
	BySegment
	ByCause
	ByDepartment
)

// Cell is what the contact records of one day, channel and combination of
// dimensions add up to. Dimensions that were not asked for are empty. Counts are
// numbers of contacts, which become fractions where a cell is divided; the sums
// go with the counts that end in N.
type Cell struct {
	Day     calendar.Date
	Channel string

	Direction, Subject, Kind, Segment, Cause, Department string

	Contacts    float64
	Answered    float64
	Abandoned   float64
	Within      float64 // helped within the target of the channel
	WithinN     float64
	Transferred float64
	Callback    float64
	HandedOff   float64
	Own         float64 // answered by the centre itself
	HandleSum   float64 // seconds
	HandleN     float64
	CSATSum     float64
	CSATSq      float64
	CSATN       float64
	EffortSum   float64
	EffortN     float64
	Repeats     float64 // of an earlier contact of the customer on the subject
	Followed    float64 // by such a repeat
	Judgeable   float64 // whose customer is known, so that a repeat would show
}

// Add adds the counts and sums of o to c.
func (c *Cell) Add(o *Cell) { c.addTimes(o, 1) }

// AddPart adds the share part (0..1) of o to c.
func (c *Cell) AddPart(o *Cell, part float64) { c.addTimes(o, part) }

func (c *Cell) addTimes(o *Cell, x float64) {
	c.Contacts += x * o.Contacts
	c.Answered += x * o.Answered
	c.Abandoned += x * o.Abandoned
	c.Within += x * o.Within
	c.WithinN += x * o.WithinN
	c.Transferred += x * o.Transferred
	c.Callback += x * o.Callback
	c.HandedOff += x * o.HandedOff
	c.Own += x * o.Own
	c.HandleSum += x * o.HandleSum
	c.HandleN += x * o.HandleN
	c.CSATSum += x * o.CSATSum
	c.CSATSq += x * o.CSATSq
	c.CSATN += x * o.CSATN
	c.EffortSum += x * o.EffortSum
	c.EffortN += x * o.EffortN
	c.Repeats += x * o.Repeats
	c.Followed += x * o.Followed
	c.Judgeable += x * o.Judgeable
}

// Figures says how much of a cell is read: fewer is faster.
type Figures int

// The figures of a cell.
const (
	AllFigures   Figures = iota
	WorkFigures          // contacts, answered, abandoned, handle time, repeats
	CountFigures         // contacts
)

// CellFilter chooses from the daily roll-up. Empty fields choose all; a cell is
// divided by the dimensions up to and with To.
type CellFilter struct {
	First, Last calendar.Date // both included; 0 is open
	Upto        Dim           // the last dimension that cells are divided by
	Figures     Figures       // that are read; the others stay 0
	Outbound    bool          // contacts of both directions; else inbound alone
}
