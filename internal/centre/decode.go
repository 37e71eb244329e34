package centre

import (
	"fmt"
	"slices"
	"time"

	"kcc/internal/calendar"
)

// Defaults of a description.
const (
	DefaultZone     = "Europe/Amsterdam"
	DefaultInterval = 15 * time.Minute
	DefaultOffice   = "mo-fr 09:00-17:00"
	DefaultShort    = 5 * time.Second
	defaultWeeks    = 4
	maxWeeks        = 52
	maxSpan         = 3660 // days of a closed or special span: a longer one is a slip of the pen
)

// decode builds a centre from the keys of a description.
func decode(file string, keys map[string]any, order map[string][]string) (*Centre, error) {
	var bad []Problem
	s := newSection("", keys, order, &bad)
	c := &Centre{
		Name:     s.text("name", ""),
		Currency: s.text("currency", "EUR"),
		Interval: s.duration("interval", DefaultInterval),
		Office:   s.week("office_hours", DefaultOffice),
	}
	zone := s.text("zone", DefaultZone)
	var err error
	if c.Zone, err = time.LoadLocation(zone); err != nil || zone == "" {
		s.fail("zone", zone, "a name such as Europe/Amsterdam")
		c.Zone = time.UTC
	}

	t := s.table("service_level")
	c.ServiceLevel = ServiceLevel{
		Definition: t.text("definition", "offered", definitions...),
		Short:      t.duration("short_abandon", DefaultShort),
	}
	t.done()
	t = s.table("shrinkage")
	c.Shrinkage = Shrinkage{Planned: t.ratio("planned", 0), Unplanned: t.ratio("unplanned", 0)}
	t.done()
	t = s.table("costs")
	c.Costs = Costs{WagePerHour: t.money("wage_per_hour")}
	t.done()
	t = s.table("roster")
	c.Roster = Roster{Rules: t.text("rules", "atw"), Shifts: t.text("shifts", ""), Weeks: t.whole("weeks", defaultWeeks, 1)}
	t.done()
	decodeHolidays(s.table("holidays"), &c.Holidays)
	s.rows("closed", func(t *section) { c.Closed = append(c.Closed, decodeDay(t, false)) })
	s.rows("special", func(t *section) { c.Special = append(c.Special, decodeDay(t, true)) })
	s.each("channels", func(name string, t *section) { c.Channels = append(c.Channels, decodeChannel(name, t)) })
	s.each("departments", func(name string, t *section) {
		d := Department{Name: name, Title: t.text("title", name), Email: t.text("email", ""), Hours: t.week("hours", "")}
		d.Promise, d.HasPromise = t.term("promise")
		c.Departments = append(c.Departments, d)
	})
	s.each("subjects", func(name string, t *section) {
		sub := Subject{
			Name: name, Title: t.text("title", name), Parent: t.text("parent", ""),
			Level: t.text("level", "generic", levels...), Department: t.text("department", ""),
		}
		sub.Promise, sub.HasPromise = t.term("promise")
		c.Subjects = append(c.Subjects, sub)
	})
	s.each("segments", func(name string, t *section) {
		c.Segments = append(c.Segments, Segment{Name: name, Title: t.text("title", name)})
	})
	s.done()
	bad = append(bad, c.problems()...)
	if len(bad) > 0 {
		return nil, &Invalid{File: file, Problems: bad}
	}
	return c, nil
}

var (
	definitions = []string{"offered", "answered", "excl_short", "wait_any"}
	periods     = []string{"interval", "day", "month"}
	levels      = []string{"generic", "specialist"}
	kinds       = []string{string(Realtime), string(Chat), string(Deferrable), string(Bot)}
)

func decodeHolidays(t *section, h *Holidays) {
	h.Calendar = t.text("calendar", "nl", "nl", "none")
	for _, e := range t.list("equated_days") {
		d, err := calendar.ParseDate(e)
		if err != nil {
			t.fail("equated_days", e, "dates such as 2026-05-15")
			continue
		}
		h.Equated = append(h.Equated, d)
	}
	for _, key := range calendar.HolidayKeys() {
		v, ok := t.words(key, "open, closed or hours such as 10:00-14:00")
		if !ok {
			continue
		}
		if err := new(calendar.Holidays).Set(key, v); err != nil {
			want := "open, closed or hours such as 10:00-14:00"
			if key == "liberation_day" {
				want = "open, closed, yearly, lustrum, never or hours such as 10:00-14:00"
			}
			t.fail(key, v, want)
			continue
		}
		if h.Set == nil {
			h.Set = map[string]string{}
		}
		h.Set[key] = v
	}
	t.done()
}

func decodeDay(t *section, special bool) Day {
	day := Day{Name: t.text("name", ""), Channel: t.text("channel", "")}
	one, ok := t.date("date")
	from, hasFrom := t.date("from")
	to, hasTo := t.date("to")
	switch {
	case ok && !hasFrom && !hasTo:
		day.From, day.To = one, one
	case !ok && hasFrom && hasTo && from <= to && to-from > maxSpan:
		t.fail("to", to.String(), "a day within ten years of from")
	case !ok && hasFrom && hasTo && from <= to:
		day.From, day.To = from, to
	default:
		t.fail("date", nil, "want either date, or from and to in order")
	}
	if special {
		const want = "hours such as \"10:00-14:00\", or closed"
		text, ok := t.words("hours", want)
		spans, err := calendar.ParseSpans(fieldsOf(text))
		if !ok || err != nil {
			t.fail("hours", t.keys["hours"], want)
		}
		day.Spans = spans
	}
	return day
}

func decodeChannel(name string, t *section) Channel {
	ch := Channel{
		Name:           name,
		Title:          t.text("title", name),
		Kind:           Kind(t.text("kind", string(Realtime), kinds...)),
		Skill:          t.text("skill", name),
		Hours:          t.week("hours", ""),
		Arrivals:       t.week("arrivals", ""),
		OpenOnHolidays: t.flag("open_on_holidays"),
		Queues:         t.list("queues"),
		PromiseLevel:   t.ratio("promise_level", 1),
		Patience:       t.duration("patience", 0),
		AHT:            t.duration("aht", 0),
		Concurrency:    t.whole("concurrency", 1, 1),
		MaxOccupancy:   t.ratio("max_occupancy", 0),
		MaxAbandon:     t.ratio("max_abandon", 0),
		MinPresence:    t.whole("min_presence", 0, 0),
		Redial:         t.ratio("redial", 0),
		BlendInto:      t.text("blend_into", ""),
		MaxBlend:       t.ratio("max_blend", 0),
		CostByContact:  t.money("cost_per_contact"),
	}
	ch.Promise, ch.HasPromise = t.term("promise")
	g := t.table("target")
	ch.Target = Target{
		Level:   g.ratio("level", 0),
		Within:  g.duration("within", 0),
		Period:  g.text("period", "interval", periods...),
		Formula: g.text("formula", "", append([]string{""}, definitions...)...),
	}
	g.done()
	return ch
}

// problems checks what one key alone cannot tell.
func (c *Centre) problems() []Problem {
	var bad []Problem
	fail := func(key, value, want string) { bad = append(bad, Problem{key, value, want}) }
	if c.Interval <= 0 || (time.Hour%c.Interval != 0 && c.Interval%time.Hour != 0) || c.Interval%time.Minute != 0 || c.Interval > 24*time.Hour {
		fail("interval", calendar.FormatDuration(c.Interval), "whole minutes that divide an hour, such as 15m")
	}
	if c.Shrinkage.Planned >= 1 {
		fail("shrinkage.planned", fmt.Sprint(c.Shrinkage.Planned), "less than 1: somebody must be at work")
	}
	if c.Shrinkage.Unplanned >= 1 {
		fail("shrinkage.unplanned", fmt.Sprint(c.Shrinkage.Unplanned), "less than 1: somebody must be at work")
	}
	if c.Roster.Weeks > maxWeeks {
		fail("roster.weeks", fmt.Sprint(c.Roster.Weeks), fmt.Sprintf("at most %d weeks", maxWeeks))
	}
	for i, ch := range c.Channels {
		bad = append(bad, c.channelProblems(ch)...)
		for _, q := range ch.Queues {
			for _, other := range c.Channels[:i] {
				if other.Name == q || slices.Contains(other.Queues, q) {
					fail("channels."+ch.Name+".queues", q, "a queue of one channel only; it is also that of "+other.Name)
				}
			}
		}
	}
	for i, d := range c.Special {
		if _, ok := c.Channel(d.Channel); d.Channel != "" && !ok {
			fail(fmt.Sprintf("special[%d].channel", i+1), d.Channel, "the name of a channel")
		}
	}
	for i, d := range c.Closed {
		if _, ok := c.Channel(d.Channel); d.Channel != "" && !ok {
			fail(fmt.Sprintf("closed[%d].channel", i+1), d.Channel, "the name of a channel")
		}
	}
	for _, s := range c.Subjects {
		key := "subjects." + s.Name
		if _, ok := c.Department(s.Department); s.Department != "" && !ok {
			fail(key+".department", s.Department, "the name of a department")
		}
		if s.Level == "specialist" && c.DepartmentOf(s.Name) == "" {
			fail(key+".department", "", "a specialist subject needs a department, its own or of a subject above it")
		}
		if _, ok := c.Subject(s.Parent); s.Parent != "" && !ok {
			fail(key+".parent", s.Parent, "the name of a subject")
		} else if c.inLoop(s.Name) {
			fail(key+".parent", s.Parent, "a subject that does not lie below this one")
		}
	}
	return bad
}

// inLoop reports whether the parents of a subject lead back to it.
func (c *Centre) inLoop(name string) bool {
	at := name
	for range len(c.Subjects) {
		s, ok := c.Subject(at)
		if !ok || s.Parent == "" {
			return false
		}
		if at = s.Parent; at == name {
			return true
		}
	}
	return false
}

func (c *Centre) channelProblems(ch Channel) []Problem {
	var bad []Problem
	fail := func(key, value, want string) {
		bad = append(bad, Problem{"channels." + ch.Name + "." + key, value, want})
	}
	if ch.Hours.Empty() && ch.Kind != Bot {
		fail("hours", "", "want when the channel is worked, such as \"mo-fr 08:30-17:00\"")
	}
	if ch.Kind == Deferrable && !ch.HasPromise {
		fail("promise", "", "want the lead time of this deferrable channel, such as \"2wd\"")
	}
	if ch.Kind == Deferrable && ch.Target.Level > 0 {
		fail("target", "", "a deferrable channel has a promise and no target on waiting")
	}
	if ch.HasPromise && ch.Kind != Deferrable {
		fail("promise", ch.Promise.String(), "a promise on deferrable channels only; give this one a target")
	}
	if ch.Target.Level >= 1 {
		fail("target.level", fmt.Sprint(ch.Target.Level), "less than 1: no number of agents answers everybody in time")
	}
	if ch.Kind != Chat && ch.Concurrency > 1 {
		fail("concurrency", fmt.Sprint(ch.Concurrency), "1 unless kind is \"chat\"")
	}
	if ch.PromiseLevel == 0 {
		fail("promise_level", "0", "more than 0")
	}
	if ch.Redial >= 1 {
		fail("redial", fmt.Sprint(ch.Redial), "less than 1: else everybody calls for ever")
	}
	if ch.BlendInto != "" {
		into, ok := c.Channel(ch.BlendInto)
		if !ok || into.Name == ch.Name || into.Kind == Deferrable || into.Kind == Bot {
			fail("blend_into", ch.BlendInto, "another channel where customers wait")
		}
		if ch.Kind != Deferrable {
			fail("blend_into", ch.BlendInto, "this on a deferrable channel only")
		}
	}
	return bad
}
