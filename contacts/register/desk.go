package register

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"kcc/contacts/privacy"
	"kcc/contacts/promise"
	"kcc/internal/calendar"
	"kcc/internal/store"
)

// Subject is what the register needs to know of a subject.
type Subject struct {
	Name, Title, Parent string
	Specialist          bool   // handled by a department, not by the centre itself
	Department          string // that handles it; empty: that of the subject above it
}

// Department is what the register needs to know of a department.
type Department struct{ Name, Title, Email string }

// Centre is what the register needs to know of the centre. Empty lists allow any
// name.
type Centre struct {
	Zone        *time.Location
	Channels    []string
	Segments    []string
	Subjects    []Subject
	Departments []Department
	Targets     map[string]time.Duration // waiting time within which a channel wants to help
	// Hours are the office hours of a department, or of the centre for "".
	Hours func(department string) promise.Settings
	// Rules follow from the description; those in the store go before them when
	// they are as specific.
	Rules promise.Rules
}

// Secrets makes references to customers and seals what work needs of them.
type Secrets interface {
	// Ref returns the keyed reference of a customer as typed: phone, e-mail or a
	// number of their own.
	Ref(identifier string) (string, error)
	// Refs returns the references under all keys that are still in use.
	Refs(identifier string) ([]string, error)
	// Seal encrypts a text; Open undoes it.
	Seal(text string) (keyID string, body []byte, err error)
	Open(keyID string, body []byte) (string, error)
	// Mask hides numbers in free text that must not be stored and counts them.
	Mask(text string) (string, int)
}

// Desk works on one store. It is not safe for concurrent use; open one for each
// worker.
type Desk struct {
	DB      *sql.DB
	Centre  Centre
	Secrets Secrets
	Now     func() time.Time
	By      string // who works here, for the log
	DryRun  bool   // do everything but commit
	// Turn, when set, waits for the turn of this desk to write and returns what
	// ends it.
	Turn func(ctx context.Context) (end func())

	calendars map[string]*promise.Calendar // of departments
	pinned    map[int64]*promise.Calendar  // by id in the store
	calIDs    map[string]int64             // ids by version
	rules     map[int64]*promise.Rule
	queues    map[string]int64
	source    int64
}

// ErrNotFound is returned for an id that the store does not have.
var ErrNotFound = errors.New("not found")

// now returns the time in whole seconds, as the store keeps it.
func (d *Desk) now() time.Time { return d.Now().Truncate(time.Second) }

func (d *Desk) zone() *time.Location {
	if d.Centre.Zone == nil {
		return time.UTC
	}
	return d.Centre.Zone
}

// errDryRun rolls back what a dry run did.
var errDryRun = errors.New("dry run")

// write runs f in one transaction; a failed one leaves no trace in the caches.
func (d *Desk) write(ctx context.Context, f func(tx *sql.Tx) error) error {
	if d.Turn != nil {
		defer d.Turn(ctx)()
	}
	err := store.Write(ctx, d.DB, func(tx *sql.Tx) error {
		if err := f(tx); err != nil || !d.DryRun {
			return err
		}
		return errDryRun
	})
	if errors.Is(err, errDryRun) {
		d.calIDs, d.rules, d.queues, d.source = nil, nil, nil, 0
		return nil
	}
	if err != nil {
		d.calIDs, d.rules, d.queues, d.source = nil, nil, nil, 0
	}
	return err
}

// Calendar returns the calendar in which a department works; "" is the centre.
func (d *Desk) Calendar(department string) (*promise.Calendar, error) {
	if c := d.calendars[department]; c != nil {
		return c, nil
	}
	s := promise.Settings{Zone: d.zone().String()}
	if d.Centre.Hours != nil {
		s = d.Centre.Hours(department)
	}
	c, err := promise.NewCalendar(s)
	if err != nil {
		return nil, err
	}
	// Departments with the same hours share one calendar and its table.
	for _, other := range d.calendars {
		if other.Version() == c.Version() {
			c = other
			break
		}
	}
	if d.calendars == nil {
		d.calendars = map[string]*promise.Calendar{}
	}
	d.calendars[department] = c
	return c, nil
}

// lineage returns the subjects above a subject, the nearest first.
func (c *Centre) lineage(name string) []string {
	var out []string
	for range len(c.Subjects) {
		s, ok := c.subject(name)
		if !ok || s.Parent == "" || slices.Contains(out, s.Parent) {
			break
		}
		out = append(out, s.Parent)
		name = s.Parent
	}
	return out
}

func (c *Centre) subject(name string) (Subject, bool) {
	i := slices.IndexFunc(c.Subjects, func(s Subject) bool { return s.Name == name })
	if i < 0 {
		return Subject{}, false
	}
	return c.Subjects[i], true
}

// Specialist reports whether a subject, or one above it, is for a department,
// and for which.
func (c *Centre) Specialist(name string) (department string, specialist bool) {
	s, _ := c.subject(name)
	specialist = s.Specialist
	department = s.Department
	for _, above := range c.lineage(name) {
		if department != "" {
			break
		}
		s, _ := c.subject(above)
		department = s.Department
	}
	return department, specialist
}

// under returns the subject and all below it in the tree.
func (c *Centre) under(name string) []string {
	out := []string{name}
	for _, s := range c.Subjects {
		if slices.Contains(c.lineage(s.Name), name) {
			out = append(out, s.Name)
		}
	}
	return out
}

// UnknownError says that a name is not one of the centre's.
type UnknownError struct {
	What, Name string
	Known      []string
}

func (e *UnknownError) Error() string {
	known := e.Known
	more := ""
	if len(known) > 12 {
		known, more = known[:12], " ..."
	}
	s := ""
	for i, k := range known {
		if i > 0 {
			s += ", "
		}
		s += k
	}
	return fmt.Sprintf("%s %q is not one of the centre's: want %s%s", e.What, privacy.Harmless(e.Name), s, more)
}

// check refuses a name that a non-empty list does not have.
func check(what, name string, known []string) error {
	if name == "" || len(known) == 0 || slices.Contains(known, name) {
		return nil
	}
	return &UnknownError{what, name, known}
}

func (c *Centre) departmentNames() []string {
	out := make([]string, len(c.Departments))
	for i, d := range c.Departments {
		out[i] = d.Name
	}
	return out
}

func (c *Centre) subjectNames() []string {
	out := make([]string, len(c.Subjects))
	for i, s := range c.Subjects {
		out[i] = s.Name
	}
	return out
}

// local returns the civil day and the quarter of t in the centre's zone.
func (d *Desk) local(t time.Time) (day calendar.Date, slot int) {
	g := calendar.Grid{Loc: d.zone(), Step: 15 * time.Minute}
	return calendar.DateOf(t, d.zone()), g.Slot(t)
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
