package register

import (
	"errors"
	"fmt"
	"time"

	"kcc/contacts/privacy"
	"kcc/contacts/promise"
	"kcc/internal/calendar"
)

// Work is work on a contact that is to be done: by a department, or by the
// centre itself when no department is named.
type Work struct {
	Contact    int64
	Department string
	Assignee   string // group or person
	Task       string
	Callback   string    // number or address to call back at; makes it a callback request
	Call       bool      // a callback without a number of its own
	WindowFrom string    // when the customer can be called; a time
	WindowTo   string    // or a term from now such as 4bh
	At         time.Time // zero is now
}

// The kinds of work.
const (
	Question = "question"
	Callback = "callback"
)

// HandOff is a piece of work as it stands.
type HandOff struct {
	ID         int64
	Contact    int64
	Kind       string
	Task       string
	Department string // empty: the centre itself
	Assignee   string
	Status     promise.Status
	Received   time.Time
	Since      time.Time // the department has it since; zero for the centre itself
	Closed     time.Time
	WindowFrom time.Time
	WindowTo   time.Time
	Attempts   int
	// Of the contact:
	Channel, Subject, ContactKind, Reference string

	Promises []Commitment
	Log      []promise.Event
	Details  []string // unsealed, only when asked for
}

// Commitment is a promise that was made on a piece of work.
type Commitment struct {
	ID       int64
	HandOff  int64
	For      string // the department for which it was made; empty: the centre itself
	Metric   promise.Metric
	Rule     promise.Rule
	Calendar *promise.Calendar
	CalID    int64
	State    promise.State
}

// Due returns the nearest due time of what is still to be done; zero when
// nothing is.
func (h *HandOff) Due() time.Time {
	var due time.Time
	for _, c := range h.Promises {
		if c.State.Stopped.IsZero() && (due.IsZero() || c.State.Due.Before(due)) {
			due = c.State.Due
		}
	}
	return due
}

// DeptDue is Due on the clock of the department.
func (h *HandOff) DeptDue() time.Time {
	var due time.Time
	for _, c := range h.Promises {
		if d := c.State.DeptDue; c.State.Stopped.IsZero() && !d.IsZero() && (due.IsZero() || d.Before(due)) {
			due = d
		}
	}
	return due
}

// Late reports whether a promise on the work is broken at now.
func (h *HandOff) Late(now time.Time) bool {
	for _, c := range h.Promises {
		if c.State.Late(now) {
			return true
		}
	}
	return false
}

// metrics returns what is promised on a kind of work, in order.
func metrics(kind string) []promise.Metric {
	if kind == Callback {
		return []promise.Metric{promise.Callback, promise.Resolve}
	}
	return []promise.Metric{promise.FirstResponse, promise.Resolve}
}

// window reads the time in which a customer wants to be called. A bare term for
// the end counts from the beginning.
func window(cal *promise.Calendar, from, to string, now time.Time) (a, b time.Time, err error) {
	if from != "" {
		if a, err = calendar.ParseTime(from, cal.Loc()); err != nil {
			return a, b, fmt.Errorf("window from %q: want a time such as 2006-01-02 15:04", privacy.Harmless(from))
		}
	}
	if to == "" {
		return a, b, nil
	}
	if b, err = calendar.ParseTime(to, cal.Loc()); err != nil {
		term, err2 := calendar.ParseTerm(to)
		if err2 != nil {
			return a, b, fmt.Errorf("window to %q: want a time such as 2006-01-02 15:04, or a term such as 4bh", privacy.Harmless(to))
		}
		base := a
		if base.IsZero() {
			base = now
		}
		if b, err = cal.Due(base, promise.Promise{Within: term}); err != nil {
			return a, b, fmt.Errorf("window to: %w", err)
		}
	}
	if !a.IsZero() && !a.Before(b) {
		return a, b, errors.New("the window to call back ends before it begins")
	}
	return a, b, nil
}
