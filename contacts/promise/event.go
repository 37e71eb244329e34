package promise

import (
	"errors"
	"fmt"
	"time"

	"kcc/internal/calendar"
)

// EventKind names what happened to a promise.
type EventKind string

// The kinds of events.
const (
	Received  EventKind = "received"   // by the centre: the customer's clock starts
	HandedOff EventKind = "handed_off" // to a department: its clock starts
	Assigned  EventKind = "assigned"   // to another department (its clock starts anew), or to a group or person in it
	Paused    EventKind = "paused"     // with a reason
	Resumed   EventKind = "resumed"
	Extended  EventKind = "extended"  // once, by an amount
	Attempted EventKind = "attempted" // the customer was not reached
	Responded EventKind = "responded" // the customer was answered or called back
	Message   EventKind = "message"   // from the customer, "thanks" say: no clock moves
	Closed    EventKind = "closed"
	Reopened  EventKind = "reopened"
	Repinned  EventKind = "repinned" // another rule or calendar was put under the promise
)

// Event is one entry in the log of a promise.
type Event struct {
	At         time.Time
	Kind       EventKind
	Department string // of handed_off and assigned
	Assignee   string // group or person, of handed_off and assigned
	Reason     string // of paused, extended, closed, reopened, repinned
	Amount     calendar.Term
	By         string // who entered it
}

// Metric says what stops the clock.
type Metric string

// The metrics.
const (
	FirstResponse Metric = "first_response" // an answer or a close
	Callback      Metric = "callback"       // the customer was spoken to, or a close
	Resolve       Metric = "resolve"        // a close
)

// ParseMetric reads the name of a metric; empty is resolve.
func ParseMetric(s string) (Metric, error) {
	switch m := Metric(s); m {
	case "":
		return Resolve, nil
	case FirstResponse, Callback, Resolve:
		return m, nil
	}
	return "", fmt.Errorf("metric %q: want first_response, callback or resolve", s)
}

// Status is where a promise stands.
type Status string

// The states.
const (
	Open      Status = "open"
	OnHold    Status = "paused"
	Met       Status = "met"    // what was promised is done; the case may still be open
	CaseClose Status = "closed" // the case is closed
)

// State is where a promise stands at a moment, computed from its log alone.
type State struct {
	Status     Status
	Received   time.Time
	Due        time.Time // the customer's clock; while paused as if resumed now
	Department string
	Assignee   string
	Since      time.Time // the department has it since; zero when never handed off
	DeptDue    time.Time // the department's clock; zero when never handed off

	Stopped       time.Time // what was promised was done; zero when not yet
	FirstResponse time.Time
	FirstClosed   time.Time
	LastClosed    time.Time
	PausedSince   time.Time // zero when not paused
	Paused        time.Duration
	Extended      bool
	Handovers     int // to another department, the first not counted
	Attempts      int
	Reopens       int

	Elapsed time.Duration // business time on the customer's clock, pauses left out
	Days    int           // civil days from receipt until stopped or now
}

// Late reports whether the promise to the customer is broken at the moment for
// which s was computed.
func (s *State) Late(now time.Time) bool { return late(s.Due, s.Stopped, s.Status, now) }

// DeptLate reports the same for the department's clock.
func (s *State) DeptLate(now time.Time) bool {
	return !s.DeptDue.IsZero() && late(s.DeptDue, s.Stopped, s.Status, now)
}

func late(due, stopped time.Time, status Status, now time.Time) bool {
	switch {
	case !stopped.IsZero():
		return stopped.After(due)
	default:
		// On hold the due time has moved along with now, unless it had passed
		// before the pause began.
		return now.After(due)
	}
}

// Errors of a log.
var (
	ErrNoReceipt = errors.New("the log does not start with received")
	ErrOrder     = errors.New("the log is not in order of time")
)

// RefusedError says that an event cannot follow on where the promise stands.
type RefusedError struct {
	Kind EventKind
	Why  string
}

func (e *RefusedError) Error() string { return fmt.Sprintf("%s: %s", e.Kind, e.Why) }

// Follow reads a log in order of time and returns where the promise stands at
// now. Events after now are left out.
func Follow(c *Calendar, r *Rule, log []Event, now time.Time) (State, error) {
	f := follower{cal: c, rule: r}
	for i := range log {
		if log[i].At.After(now) {
			break
		}
		if err := f.apply(&log[i]); err != nil {
			return f.s, err
		}
	}
	if f.s.Received.IsZero() {
		return f.s, ErrNoReceipt
	}
	return f.at(now)
}

// Check reports whether e may follow on log.
func Check(c *Calendar, r *Rule, log []Event, e Event) error {
	f := follower{cal: c, rule: r}
	for i := range log {
		if err := f.apply(&log[i]); err != nil {
			return err
		}
	}
	return f.apply(&e)
}

// follower walks along a log.
type follower struct {
	cal  *Calendar
	rule *Rule
	s    State
	last time.Time
	// The two clocks and since when both stand still: a pause for a reason that
	// counts, or a close.
	customer, dept clock
	stopped        time.Time
	held           time.Duration // business time both clocks stood still
}

func (f *follower) apply(e *Event) error {
	s := &f.s
	if s.Received.IsZero() && e.Kind != Received {
		return ErrNoReceipt
	}
	if e.At.Before(f.last) {
		return fmt.Errorf("%w: %s at %s comes after an event at %s", ErrOrder, e.Kind, e.At.Format(time.RFC3339), f.last.Format(time.RFC3339))
	}
	if err := f.allowed(e); err != nil {
		return err
	}
	f.last = e.At
	var err error
	switch e.Kind {
	case Received:
		s.Received, s.Status = e.At, Open
		f.customer, err = newClock(f.cal, f.rule.Promise, e.At)
	case HandedOff, Assigned:
		err = f.assign(e)
	case Paused:
		s.PausedSince, s.Status = e.At, OnHold
		if f.rule.stops(e.Reason) {
			f.stopped = e.At
		}
	case Resumed:
		err = f.resume(e.At)
	case Extended:
		s.Extended = true
		if err = f.customer.extend(e.Amount); err == nil && !s.Since.IsZero() {
			err = f.dept.extend(e.Amount)
		}
	case Attempted:
		s.Attempts++
	case Responded:
		if s.FirstResponse.IsZero() {
			s.FirstResponse = e.At
		}
		if f.rule.Metric != Resolve && s.Stopped.IsZero() {
			err = f.stop(e.At, Met)
		}
	case Closed:
		if s.FirstClosed.IsZero() {
			s.FirstClosed = e.At
		}
		s.LastClosed = e.At
		err = f.stop(e.At, CaseClose)
	case Reopened:
		s.Reopens++
		s.Status = Open
		switch {
		case f.rule.Metric != Resolve && !s.FirstResponse.IsZero():
			s.Status = Met // answered is answered
		default:
			// The clock stood still while the case was closed and goes on.
			f.stopped, s.Stopped = s.LastClosed, time.Time{}
			err = f.restart(e.At)
		}
	}
	return err
}

// allowed reports whether e fits where the promise stands.
func (f *follower) allowed(e *Event) error {
	s := &f.s
	refuse := func(why string) error { return &RefusedError{e.Kind, why} }
	closed := s.Status == CaseClose
	switch e.Kind {
	case Received:
		if !s.Received.IsZero() {
			return refuse("it was received already")
		}
	case HandedOff, Assigned:
		switch {
		case closed:
			return refuse("it is closed; reopen it first")
		case e.Kind == HandedOff && e.Department == "":
			return refuse("the department is missing")
		}
	case Paused:
		switch {
		case closed:
			return refuse("it is closed")
		case !s.PausedSince.IsZero():
			return refuse("it is paused already")
		case e.Reason == "":
			return refuse("a pause needs a reason")
		}
	case Resumed:
		if s.PausedSince.IsZero() {
			return refuse("it is not paused")
		}
	case Extended:
		switch {
		case closed:
			return refuse("it is closed")
		case s.Extended:
			return refuse("it was extended once already")
		case e.Amount.N <= 0 && e.Amount.Duration <= 0:
			return refuse("the amount is missing")
		case e.Reason == "":
			return refuse("an extension needs a reason")
		}
	case Attempted, Responded:
		if closed {
			return refuse("it is closed")
		}
	case Closed:
		if closed {
			return refuse("it is closed already")
		}
	case Reopened:
		if !closed {
			return refuse("it is not closed")
		}
	case Message, Repinned:
	default:
		return fmt.Errorf("event kind %q is not known", e.Kind)
	}
	return nil
}

// assign hands the promise to a department, group or person. The department's
// clock starts again when the department changes.
func (f *follower) assign(e *Event) error {
	s := &f.s
	if e.Department != "" && e.Department != s.Department {
		if !s.Since.IsZero() {
			s.Handovers++
		}
		var err error
		if f.dept, err = newClock(f.cal, f.rule.Promise, e.At); err != nil {
			return err
		}
		s.Department, s.Since, s.Assignee = e.Department, e.At, ""
	}
	if e.Assignee != "" || e.Department == "" {
		s.Assignee = e.Assignee
	}
	return nil
}

func (f *follower) resume(at time.Time) error {
	f.s.Status = Open
	if !f.s.Stopped.IsZero() {
		f.s.Status = Met
	}
	f.s.PausedSince = time.Time{}
	if !f.s.Stopped.IsZero() {
		f.stopped = time.Time{}
		return nil
	}
	return f.restart(at)
}

// restart lets both clocks go on after they stood still.
func (f *follower) restart(at time.Time) error {
	if f.stopped.IsZero() {
		return nil
	}
	from := f.stopped
	f.stopped = time.Time{}
	f.held += f.cal.Work.BusinessBetween(from, at)
	if err := f.customer.pause(from, at); err != nil {
		return err
	}
	if f.s.Since.IsZero() {
		return nil
	}
	return f.dept.pause(later(from, f.s.Since), at)
}

// stop ends a pause and notes that what was promised is done.
func (f *follower) stop(at time.Time, status Status) error {
	if !f.s.PausedSince.IsZero() {
		if err := f.resume(at); err != nil {
			return err
		}
	}
	if f.s.Stopped.IsZero() {
		f.s.Stopped = at
	}
	f.s.Status = status
	return nil
}

// at finishes the state for the moment now.
func (f *follower) at(now time.Time) (State, error) {
	status, since := f.s.Status, f.s.PausedSince
	if !f.stopped.IsZero() && f.s.Stopped.IsZero() && now.After(f.stopped) {
		if err := f.restart(now); err != nil {
			return f.s, err
		}
	}
	s := f.s
	s.Status, s.PausedSince = status, since
	s.Due, s.Paused = f.customer.due, f.held
	if !s.Since.IsZero() {
		s.DeptDue = f.dept.due
	}
	end := now
	if !s.Stopped.IsZero() {
		end = s.Stopped
	}
	s.Elapsed = f.cal.Work.BusinessBetween(s.Received, end) - f.held
	s.Days = int(calendar.DateOf(end, f.cal.Loc()) - calendar.DateOf(s.Received, f.cal.Loc()))
	return s, nil
}

// clock is one running promise: its due time, moved on by pauses and extensions.
type clock struct {
	cal           *Calendar
	p             Promise
	start, due    time.Time
	extra, paused int // days, for terms in days
}

func newClock(c *Calendar, p Promise, at time.Time) (clock, error) {
	due, err := c.Due(at, p)
	return clock{cal: c, p: p, start: at, due: due}, err
}

// pause moves the due time on by what the clock stood still: the business time
// of the pause for promises in opening hours, its days for terms in days. A
// pause that begins after the due time changes nothing: the promise is broken.
func (k *clock) pause(from, to time.Time) error {
	from = later(from, k.start)
	if !from.Before(k.due) || !from.Before(to) {
		return nil
	}
	loc := k.cal.Loc()
	a, b := calendar.DateOf(from, loc), calendar.DateOf(to, loc)
	var err error
	switch u := k.p.Within.Unit; {
	case u == calendar.Elapsed:
		k.due = k.due.Add(to.Sub(from))
	case u == calendar.BusinessTime, u == calendar.WorkingDays && k.p.Mode == Service:
		k.due, err = k.cal.Work.AddBusiness(k.due, k.cal.Work.BusinessBetween(from, to))
	case u == calendar.WorkingDays:
		for d := a + 1; d <= b; d++ {
			if k.cal.Law.Ordinary(d) {
				k.paused++
			}
		}
		k.due, err = k.cal.due(k.start, k.p, k.extra, k.paused)
	default:
		k.paused += int(b - a)
		k.due, err = k.cal.due(k.start, k.p, k.extra, k.paused)
	}
	return err
}

// extend moves the due time on by an amount in the unit of the promise, or in
// another unit counted from the due time.
func (k *clock) extend(by calendar.Term) error {
	var err error
	inDays := func(u calendar.TermUnit) bool {
		return u == calendar.CalendarDays || u == calendar.CalendarWeeks
	}
	switch u := by.Unit; {
	case inDays(u) && inDays(k.p.Within.Unit):
		k.extra += days(by)
		k.due, err = k.cal.due(k.start, k.p, k.extra, k.paused)
	case u == calendar.WorkingDays && k.p.Mode == Statutory && k.p.Within.Unit == calendar.WorkingDays:
		k.extra += by.N
		k.due, err = k.cal.due(k.start, k.p, k.extra, k.paused)
	case u == calendar.WorkingDays:
		// The due time is at or after closing time: count from its own day.
		var day calendar.Date
		if day, err = k.cal.Work.WorkingDay(calendar.DateOf(k.due, k.cal.Loc()), by.N); err == nil {
			k.due, _ = k.cal.Work.Closing(day)
		}
	default:
		k.due, err = k.cal.Due(k.due, Promise{Within: by})
	}
	return err
}
