package importer

import (
	"fmt"
	"time"

	"kcc/contacts"
	"kcc/internal/calendar"
)

// Row is one row as understood. Which part holds it follows from Kind.
type Row struct {
	Kind     Kind
	Line     int
	Local    bool // the file holds a local time
	Contact  contacts.Contact
	Interval Interval
	Ticket   Ticket
	Event    TicketEvent
	Period   SchedulePeriod
	Holiday  ScheduleHoliday
	Link     ScheduleLink
	State    AgentState

	held    map[Field]bool // fields that the file has
	own     string         // channel the file itself names, "" without
	topic   string         // subject the file itself names
	party   string         // phone number, e-mail or customer id as written
	bsn     string
	inTime  contacts.Flag // whether the row itself tells that the wait was short enough
	target  float64       // target of the wait that the row names, NaN without
	dims    uint64        // hash of the columns without a field that tell rows apart
	ordinal uint64        // which of several equal rows
	noID    bool
}

// begin empties the row for the next one of a kind; what other kinds hold is empty
// already.
func (r *Row) begin(kind Kind, line int) {
	if kind != Calls || r.Kind != kind {
		*r = Row{Kind: kind, Line: line, held: r.held}
		return
	}
	r.Line, r.Local = line, false // call empties the contact
	r.own, r.topic, r.party, r.bsn = "", "", "", ""
	r.inTime, r.target, r.dims, r.ordinal, r.noID = contacts.Unknown, 0, 0, 0, false
}

// Interval is one row of interval statistics. Counts and means are NaN when
// unknown; means are over answered contacts, in seconds.
type Interval struct {
	Start                        time.Time
	Step                         time.Duration
	Queue, Channel, Subject      string
	Agent                        string
	Offered, Answered, Abandoned float64
	Short, Within, Target        float64
	Wait, Talk, Hold, ACW, AHT   float64
}

// Ticket is a case that is handed on until it is closed.
type Ticket struct {
	ID, Kind, Subject, Channel string
	Status, Priority, Agent    string
	Received, Updated          time.Time
	HandedOffTo                string
	HandedOff                  time.Time
	Due                        string // date, or date and time
	DueAt                      time.Time
	Closed                     time.Time
}

// TicketEvent is a change of one field of a ticket.
type TicketEvent struct {
	Ticket, Field, Value string
	At                   time.Time
}

// SchedulePeriod is an open stretch of the week, in minutes from Sunday 00:00
// in its zone.
type SchedulePeriod struct {
	Schedule, Name, Zone string
	From, To             int
}

// ScheduleHoliday closes a schedule from First to Last.
type ScheduleHoliday struct {
	Schedule, Name string
	First, Last    calendar.Date
}

// ScheduleLink puts a ticket on a schedule.
type ScheduleLink struct {
	Ticket, Schedule string
	At               time.Time
}

// AgentState is what an agent did from Start to End (zero: still doing it).
type AgentState struct {
	Agent, State string
	Start, End   time.Time
}

// Start returns the moment that places the row in time.
func (r *Row) Start() time.Time {
	switch r.Kind {
	case Intervals:
		return r.Interval.Start
	case Calls, QueueLog:
		return r.Contact.Start
	case Tickets:
		return r.Ticket.Received
	case TicketEvents:
		return r.Event.At
	case States:
		return r.State.Start
	case ScheduleLinks:
		return r.Link.At
	}
	return time.Time{}
}

// Has reports whether the file holds a field of the row.
func (r *Row) Has(f Field) bool { return r.held[f] }

// RowError says what is wrong with a row and where.
type RowError struct {
	File   string
	Line   int
	Column string
	Value  string
	Want   string
}

func (e *RowError) Error() string {
	if e.Column == "" {
		return fmt.Sprintf("%s: line %d: %s", e.File, e.Line, e.Want)
	}
	return fmt.Sprintf("%s: line %d: column %q: value %q: want %s", e.File, e.Line, e.Column, e.Value, e.Want)
}

// Reject is a row that was left out, with the cells as they stand.
type Reject struct {
	RowError
	Header []string
	Cells  []string
}
