package centre

import (
	"slices"
	"time"

	"kcc/internal/calendar"
)

// Centre is the description of a contact centre.
type Centre struct {
	Name     string
	Zone     *time.Location
	Currency string        // ISO 4217
	Interval time.Duration // of plans and reports: 5m, 10m, 15m, 30m or 1h
	Office   Week          // hours of the departments, in which promises run

	ServiceLevel ServiceLevel
	Shrinkage    Shrinkage
	Holidays     Holidays
	Closed       []Day // days or spans of days on which nothing is open
	Special      []Day // days with other hours than their weekday
	Costs        Costs
	Roster       Roster

	Channels    []Channel
	Departments []Department
	Subjects    []Subject
	Segments    []Segment
}

// Week is the open periods per weekday, by time.Weekday.
type Week [7][]calendar.Span

// String writes the week in the form of the description: mo-fr 08:30-17:00.
func (w Week) String() string { return calendar.FormatWeek(w) }

// Empty reports whether the week is never open.
func (w Week) Empty() bool {
	return !slices.ContainsFunc(w[:], func(s []calendar.Span) bool { return len(s) > 0 })
}

// ServiceLevel is the way in which waiting is counted everywhere but in channels
// with one of their own.
type ServiceLevel struct {
	Definition string        // offered, answered, excl_short or wait_any
	Short      time.Duration // abandoned sooner than this is a short abandon
}

// Shrinkage is the share of paid time that is not spent on contacts.
type Shrinkage struct {
	Planned   float64 // leave, training, meetings, paid breaks: on the roster
	Unplanned float64 // sickness, lateness, systems: on top of the roster
}

// Holidays says which public holidays there are and how each is kept.
type Holidays struct {
	Calendar string            // nl or none
	Set      map[string]string // holiday to open, closed, hours, or for liberation_day yearly, lustrum, never
	Equated  []calendar.Date   // days that the Crown equates with a holiday for statutory terms
}

// Day is a day, or a span of days, that differs from its weekday.
type Day struct {
	From, To calendar.Date   // both included
	Spans    []calendar.Span // open periods; none: closed
	Channel  string          // only this channel; empty: all
	Name     string
}

// Costs are in the centre's currency.
type Costs struct {
	WagePerHour float64 // of an agent, all included
}

// Roster holds the defaults of rostering.
type Roster struct {
	Rules  string // atw, none or a file
	Shifts string // file of shifts
	Weeks  int    // that are made at a time
}

// Kind is how a channel is worked.
type Kind string

// The kinds of a channel.
const (
	Realtime   Kind = "realtime"   // the customer waits: phone, counter
	Chat       Kind = "chat"       // several at once per agent
	Deferrable Kind = "deferrable" // worked within a promise: e-mail, post
	Bot        Kind = "bot"        // answered without agents
)

// Target is a promise on waiting.
type Target struct {
	Level   float64       // share answered within Within; 0: no target
	Within  time.Duration // from arrival to answer
	Period  string        // over which it must hold: interval, day or month
	Formula string        // definition of the service level; empty: that of the centre
}

// Channel is a way in which customers reach the centre.
type Channel struct {
	Name           string
	Title          string
	Kind           Kind
	Skill          string // that an agent needs; the name of the channel when not set
	Hours          Week   // when it is worked
	Arrivals       Week   // when contacts arrive; empty: always for deferrable and bot, else Hours
	OpenOnHolidays bool   // public holidays are days like any other
	Queues         []string

	Target        Target
	Promise       calendar.Term // deferrable: lead time of an answer
	HasPromise    bool
	PromiseLevel  float64       // share that must keep Promise
	Patience      time.Duration // mean time before a customer leaves; 0: unknown
	AHT           time.Duration // mean handle time where history has none
	Concurrency   int           // contacts per agent at once; at least 1
	MaxOccupancy  float64       // 0: no cap
	MaxAbandon    float64       // 0: no cap
	MinPresence   int           // agents in every open interval
	Redial        float64       // share of those who left that try again
	BlendInto     string        // channel whose idle time this work fills
	MaxBlend      float64       // occupancy up to which idle time is filled
	CostByContact float64       // besides agents: licences, messages, postage
}

// Formula returns the definition of the service level that counts for a channel.
func (ch *Channel) Formula(c *Centre) string {
	if ch.Target.Formula != "" {
		return ch.Target.Formula
	}
	return c.ServiceLevel.Definition
}

// Department is a part of the organisation that handles what the centre passes on.
type Department struct {
	Name    string
	Title   string
	Email   string
	Hours   Week // empty: Centre.Office
	Promise calendar.Term
	// HasPromise tells whether Promise is set; it is the default for what is
	// handed to the department.
	HasPromise bool
}

// Subject is what contacts are about; subjects form a tree.
type Subject struct {
	Name       string
	Title      string
	Parent     string
	Level      string // generic: by the centre itself; specialist: by a department
	Department string
	Promise    calendar.Term
	HasPromise bool
}

// Segment is a group of customers.
type Segment struct {
	Name  string
	Title string
}

// Channel returns the channel of that name; of its queues' names too.
func (c *Centre) Channel(name string) (Channel, bool) {
	for _, ch := range c.Channels {
		if ch.Name == name {
			return ch, true
		}
	}
	for _, ch := range c.Channels {
		if slices.Contains(ch.Queues, name) {
			return ch, true
		}
	}
	return Channel{}, false
}

// Department returns the department of that name.
func (c *Centre) Department(name string) (Department, bool) {
	for _, d := range c.Departments {
		if d.Name == name {
			return d, true
		}
	}
	return Department{}, false
}

// Subject returns the subject of that name.
func (c *Centre) Subject(name string) (Subject, bool) {
	for _, s := range c.Subjects {
		if s.Name == name {
			return s, true
		}
	}
	return Subject{}, false
}

// DepartmentOf returns the department that handles a subject, its own or that
// of the nearest subject above it; empty when there is none.
func (c *Centre) DepartmentOf(subject string) string {
	for range len(c.Subjects) + 1 {
		s, ok := c.Subject(subject)
		if !ok || s.Department != "" {
			return s.Department
		}
		subject = s.Parent
	}
	return ""
}

// PromiseOf returns the promise on a subject that a department handles: that of
// the subject, of the nearest subject above it that has one, or of the
// department.
func (c *Centre) PromiseOf(subject, department string) (calendar.Term, bool) {
	for range len(c.Subjects) + 1 {
		s, ok := c.Subject(subject)
		if !ok {
			break
		}
		if s.HasPromise {
			return s.Promise, true
		}
		subject = s.Parent
	}
	d, _ := c.Department(department)
	return d.Promise, d.HasPromise
}

// PublicHolidays returns the calendar of public holidays with the centre's
// settings; nil when it has none.
func (c *Centre) PublicHolidays() *calendar.Holidays {
	if c.Holidays.Calendar == "none" {
		return nil
	}
	h := &calendar.Holidays{}
	for _, key := range calendar.HolidayKeys() {
		if v, ok := c.Holidays.Set[key]; ok {
			_ = h.Set(key, v) // was checked when it was read
		}
	}
	return h
}

// Hours returns the opening hours of a channel, with holidays, closed days and
// special days; nil when there is no such channel.
func (c *Centre) Hours(channel string) *calendar.Hours {
	ch, ok := c.Channel(channel)
	if !ok {
		return nil
	}
	return c.hours(ch.Hours, ch.Name, ch.OpenOnHolidays)
}

// Arrivals returns the hours in which contacts of a channel arrive: its own, or
// around the clock for deferrable work and bots, or the opening hours. Nil when
// there is no such channel.
func (c *Centre) Arrivals(channel string) *calendar.Hours {
	ch, ok := c.Channel(channel)
	switch {
	case !ok:
		return nil
	case !ch.Arrivals.Empty():
		return &calendar.Hours{Loc: c.Zone, Week: ch.Arrivals}
	case ch.Kind == Deferrable || ch.Kind == Bot:
		return calendar.AlwaysOpen(c.Zone)
	}
	return c.Hours(channel)
}

// OfficeHours returns the working hours of a department, or of all departments
// when the name is empty or has no hours of its own. Promises run in them.
func (c *Centre) OfficeHours(department string) *calendar.Hours {
	week := c.Office
	if d, ok := c.Department(department); ok && !d.Hours.Empty() {
		week = d.Hours
	}
	return c.hours(week, "", false)
}

// hours puts the days that differ into a week. What is said of one channel
// goes before what is said of all, opening before closing.
func (c *Centre) hours(week Week, channel string, onHolidays bool) *calendar.Hours {
	h := &calendar.Hours{Loc: c.Zone, Week: week, Special: map[calendar.Date][]calendar.Span{}}
	if !onHolidays {
		h.Holidays = c.PublicHolidays()
	}
	put := func(days []Day, only string) {
		for _, day := range days {
			if day.Channel != only {
				continue
			}
			for d := day.From; d <= day.To; d++ {
				h.Special[d] = day.Spans
			}
		}
	}
	put(c.Closed, "")
	put(c.Special, "")
	if channel != "" {
		put(c.Closed, channel)
		put(c.Special, channel)
	}
	return h
}
