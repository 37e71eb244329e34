package rosterfile

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	ical "github.com/arran4/golang-ical"

	"kcc/internal/calendar"
	"kcc/roster"
)

// CalendarOptions says how a calendar file is read.
type CalendarOptions struct {
	Zone *time.Location
	// Agent is whose calendar it is; empty: an event says so by its attendee, its
	// summary ("agent-003: leave") or the file by its name (agent-003.ics).
	Agent string
	// Kind is what an event is that does not say so itself; empty: leave.
	Kind  roster.Kind
	Known func(agent string) bool
}

// IsCalendar reports whether a file is iCalendar, by its name.
func IsCalendar(path string) bool {
	ext := strings.ToLower(filepath.Ext(path))
	return ext == ".ics" || ext == ".ical" || ext == ".ifb"
}

// maxCalendarDays bounds how far an event that repeats without end is followed.
const maxCalendarDays = 400

// ReadCalendar reads leave and wishes from an iCalendar file (RFC 5545). What an
// event is follows from its categories or the words of its summary: leave, sick,
// unavailable, prefer, avoid, in English or Dutch. Daily and weekly repetition is
// followed, exceptions included; cancelled events are left out.
func ReadCalendar(path string, stdin io.Reader, opt CalendarOptions) (out []roster.Availability, notes []roster.Sentence, err error) {
	in := stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, nil, err
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(bufio.NewReader(in))
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	if !bytes.Contains(data, []byte("BEGIN:VCALENDAR")) {
		return nil, nil, fmt.Errorf("%s: this is not an iCalendar file: it has no BEGIN:VCALENDAR", path)
	}
	cal, err := ical.ParseCalendar(bytes.NewReader(data))
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	if opt.Agent == "" {
		if base := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)); opt.Known(base) {
			opt.Agent = base
		}
	}
	skipped := 0
	for i, e := range cal.Events() {
		ev := calEvent{VEvent: e, opt: &opt, where: fmt.Sprintf("%s: event %d (%s)", path, i+1, short(text(e, ical.ComponentPropertySummary)))}
		if text(e, ical.ComponentPropertyStatus) == "CANCELLED" {
			skipped++
			continue
		}
		list, err := ev.availability()
		if err != nil {
			return nil, nil, err
		}
		out = append(out, list...)
	}
	if skipped > 0 {
		notes = append(notes, noteOf("%s: %d cancelled events are left out", "%s: %d geannuleerde afspraken tellen niet mee", filepath.Base(path), skipped))
	}
	return out, notes, nil
}

func short(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "..."
	}
	return s
}

func text(e *ical.VEvent, p ical.ComponentProperty) string {
	if v := e.GetProperty(p); v != nil {
		return strings.TrimSpace(v.Value)
	}
	return ""
}

type calEvent struct {
	*ical.VEvent
	opt   *CalendarOptions
	where string
}

// availability returns the rows of an event, one per occurrence.
func (e *calEvent) availability() ([]roster.Availability, error) {
	v := roster.Availability{Kind: e.kind()}
	var ok bool
	if v.Agent, ok = e.agent(); !ok {
		return nil, fmt.Errorf("%s: whose it is cannot be told: name the agent with --agent, as attendee, at the start of its summary or as the name of the file", e.where)
	}
	start, allDay, err := e.moment(ical.ComponentPropertyDtStart)
	if err != nil {
		return nil, err
	}
	end := start
	switch {
	case e.GetProperty(ical.ComponentPropertyDtEnd) != nil:
		if end, _, err = e.moment(ical.ComponentPropertyDtEnd); err != nil {
			return nil, err
		}
	case text(e.VEvent, ical.ComponentProperty(ical.PropertyDuration)) != "":
		if end, err = e.GetEndAt(); err != nil {
			return nil, fmt.Errorf("%s: DURATION: %w", e.where, err)
		}
		end = end.In(e.opt.Zone)
	case allDay:
		end = calendar.DateOf(start, e.opt.Zone).Add(1).Start(e.opt.Zone)
	}
	if !end.After(start) {
		return nil, fmt.Errorf("%s: it does not end after its start", e.where)
	}
	days, err := e.occurrences(start)
	if err != nil {
		return nil, err
	}
	first := calendar.DateOf(start, e.opt.Zone)
	var out []roster.Availability
	for _, d := range days {
		shift := int(d - first)
		out = append(out, e.spread(v, moved(start, shift, e.opt.Zone), moved(end, shift, e.opt.Zone))...)
	}
	return out, nil
}

// moved keeps the wall clock and changes the day.
func moved(t time.Time, days int, zone *time.Location) time.Time {
	return calendar.DateOf(t, zone).Add(days).At(calendar.ClockOf(t, zone), zone)
}

// spread turns a span of time into rows: whole days, and parts of a day.
func (e *calEvent) spread(v roster.Availability, start, end time.Time) []roster.Availability {
	zone := e.opt.Zone
	first, last := calendar.DateOf(start, zone), calendar.DateOf(end, zone)
	from, to := calendar.ClockOf(start, zone), calendar.ClockOf(end, zone)
	if to == 0 {
		last, to = last-1, calendar.Midnight
	}
	var out []roster.Availability
	add := func(a, b calendar.Date, s, t calendar.Clock) {
		if a > b {
			return
		}
		x := v
		x.From, x.To, x.Start, x.End = a, b, s, t
		if s == 0 && t == calendar.Midnight {
			x.End = 0
		}
		out = append(out, x)
	}
	if first == last {
		add(first, last, from, to)
		return out
	}
	if from > 0 {
		add(first, first, from, calendar.Midnight)
		first++
	}
	if to < calendar.Midnight {
		add(first, last-1, 0, calendar.Midnight)
		add(last, last, 0, to)
		return out
	}
	add(first, last, 0, calendar.Midnight)
	return out
}

// moment reads DTSTART or DTEND: a day, a time in UTC, in a named zone, or on
// the wall of the centre.
func (e *calEvent) moment(p ical.ComponentProperty) (t time.Time, allDay bool, err error) {
	prop := e.GetProperty(p)
	if prop == nil {
		return t, false, fmt.Errorf("%s: %s is missing", e.where, p)
	}
	zone := e.opt.Zone
	if names := prop.ICalParameters["TZID"]; len(names) > 0 {
		if z, err := time.LoadLocation(names[0]); err == nil {
			zone = z
		}
	}
	s := strings.TrimSpace(prop.Value)
	switch {
	case len(s) == len("20261224"):
		t, err = time.ParseInLocation("20060102", s, e.opt.Zone)
		allDay = true
	case strings.HasSuffix(s, "Z"):
		t, err = time.Parse("20060102T150405Z", s)
	default:
		t, err = time.ParseInLocation("20060102T150405", s, zone)
	}
	if err != nil {
		return t, false, fmt.Errorf("%s: %s %q: want a time such as 20261224T090000", e.where, p, s)
	}
	return t.In(e.opt.Zone), allDay, nil
}

// agent tells whose event it is.
func (e *calEvent) agent() (string, bool) {
	if e.opt.Agent != "" {
		return e.opt.Agent, e.opt.Known(e.opt.Agent)
	}
	for _, name := range []string{"X-KCC-AGENT", string(ical.ComponentPropertyOrganizer), string(ical.ComponentPropertyAttendee)} {
		prop := e.GetProperty(ical.ComponentProperty(name))
		if prop == nil {
			continue
		}
		id := strings.TrimPrefix(strings.ToLower(prop.Value), "mailto:")
		id, _, _ = strings.Cut(id, "@")
		for _, try := range append([]string{strings.TrimSpace(prop.Value), id}, prop.ICalParameters["CN"]...) {
			if e.opt.Known(try) {
				return try, true
			}
		}
	}
	before, _, found := strings.Cut(text(e.VEvent, ical.ComponentPropertySummary), ":")
	if id := strings.TrimSpace(before); found && e.opt.Known(id) {
		return id, true
	}
	return "", false
}

// kind tells what an event is, by its categories and summary.
func (e *calEvent) kind() roster.Kind {
	words := strings.ToLower(text(e.VEvent, ical.ComponentPropertyCategories) + " " + text(e.VEvent, ical.ComponentPropertySummary))
	for _, k := range []struct {
		kind  roster.Kind
		words []string
	}{
		{roster.Sick, []string{"sick", "ziek"}},
		{roster.Avoid, []string{"avoid", "liever niet", "rather not", "wens vrij"}},
		{roster.Prefer, []string{"prefer", "liever", "graag", "wish to work"}},
		{roster.Unavailable, []string{"unavailable", "not available", "niet beschikbaar", "afwezig"}},
		{roster.Leave, []string{"leave", "verlof", "vakantie", "holiday", "vacation", "vrij"}},
	} {
		if slices.ContainsFunc(k.words, func(w string) bool { return strings.Contains(words, w) }) {
			return k.kind
		}
	}
	if e.opt.Kind != "" {
		return e.opt.Kind
	}
	return roster.Leave
}

// occurrences lists the days on which the event starts.
func (e *calEvent) occurrences(start time.Time) ([]calendar.Date, error) {
	first := calendar.DateOf(start, e.opt.Zone)
	rule := text(e.VEvent, ical.ComponentPropertyRrule)
	days := []calendar.Date{first}
	if rule != "" {
		r, err := parseRepeat(rule, first, e.opt.Zone)
		if err != nil {
			return nil, fmt.Errorf("%s: it repeats by %q: %w", e.where, rule, err)
		}
		days = r.days()
	}
	for _, p := range e.GetProperties(ical.ComponentPropertyExdate) {
		for _, s := range strings.Split(p.Value, ",") {
			if len(s) < len("20261224") {
				continue
			}
			if t, err := time.Parse("20060102", s[:8]); err == nil {
				out := calendar.DateOf(t, time.UTC)
				days = slices.DeleteFunc(days, func(d calendar.Date) bool { return d == out })
			}
		}
	}
	return days, nil
}

// repeat is a rule of daily or weekly repetition.
type repeat struct {
	first, until calendar.Date
	every, count int
	weekly       bool
	on           [7]bool
}

// weekdayCodes are the weekdays of RRULE, Sunday first.
const weekdayCodes = "SUMOTUWETHFRSA"

func parseRepeat(rule string, first calendar.Date, zone *time.Location) (repeat, error) {
	r := repeat{first: first, until: first.Add(maxCalendarDays), every: 1}
	r.on[first.Weekday()] = true
	for _, part := range strings.Split(strings.ToUpper(rule), ";") {
		key, value, _ := strings.Cut(part, "=")
		switch key {
		case "FREQ":
			if value != "DAILY" && value != "WEEKLY" {
				return r, fmt.Errorf("want daily or weekly repetition; make single events of it")
			}
			r.weekly = value == "WEEKLY"
		case "INTERVAL", "COUNT":
			n, err := strconv.Atoi(value)
			if err != nil || n < 1 {
				return r, fmt.Errorf("%s=%s: want a number of 1 or more", key, value)
			}
			if key == "COUNT" {
				r.count = n
			} else {
				r.every = n
			}
		case "UNTIL":
			if len(value) < 8 {
				return r, fmt.Errorf("UNTIL=%s: want a day such as 20261224", value)
			}
			t, err := time.Parse("20060102T150405Z", value)
			if err == nil {
				r.until = min(r.until, calendar.DateOf(t, zone))
				continue
			}
			if t, err = time.Parse("20060102", value[:8]); err != nil {
				return r, fmt.Errorf("UNTIL=%s: want a day such as 20261224", value)
			}
			r.until = min(r.until, calendar.DateOf(t, time.UTC))
		case "BYDAY":
			r.on = [7]bool{}
			for _, d := range strings.Split(value, ",") {
				i := strings.Index(weekdayCodes, d)
				if len(d) != 2 || i < 0 || i%2 != 0 {
					return r, fmt.Errorf("BYDAY=%s: want weekdays such as MO,WE", value)
				}
				r.on[i/2] = true
			}
		case "WKST", "":
		default:
			return r, fmt.Errorf("%s is not understood; make single events of it", key)
		}
	}
	return r, nil
}

func (r repeat) days() []calendar.Date {
	var out []calendar.Date
	for d := r.first; d <= r.until && (r.count == 0 || len(out) < r.count); d++ {
		on := int(d-r.first)%r.every == 0
		if r.weekly {
			on = r.on[d.Weekday()] && int(d.Monday()-r.first.Monday())/7%r.every == 0
		}
		if on {
			out = append(out, d)
		}
	}
	return out
}
