package output

import (
	"fmt"
	"io"
	"sort"
	"strings"
	"time"

	"kcc/internal/calendar"
)

// WriteRosterICS writes the roster of one agent as iCalendar, or with an empty
// id that of all agents, each event then named after its agent. Shifts block
// the time, leave is a whole day; sickness is left out.
func WriteRosterICS(w io.Writer, book RosterBook, agent string, opt Options) error {
	if err := book.check(); err != nil {
		return err
	}
	zone := opt.zone()
	stamp := book.Stamp
	if stamp.IsZero() {
		stamp = book.First.Start(zone)
	}
	name := book.Title
	var events []Event
	found := false
	for i := range book.Agents {
		a := &book.Agents[i]
		if agent != "" && a.ID != agent {
			continue
		}
		found = true
		prefix := ""
		if agent == "" {
			prefix = displayName(a) + ": "
		} else {
			name = displayName(a)
		}
		for d := range a.Days {
			if e, ok := book.event(a, d, zone, opt.Lang); ok {
				e.Summary = prefix + e.Summary
				events = append(events, e)
			}
		}
	}
	if agent != "" && !found {
		return fmt.Errorf("the roster has no agent %q", agent)
	}
	return WriteCalendar(w, name, stamp, opt.Lang, events)
}

// event makes the entry of one agent and day.
func (b *RosterBook) event(a *RosterAgent, d int, zone *time.Location, lang Lang) (Event, bool) {
	c, date := &a.Days[d], b.First.Add(d)
	e := Event{UID: fmt.Sprintf("%s-%s@kcc", icsID(a.ID), date.Format("20060102")), Sequence: b.Version}
	switch c.Kind {
	case Working:
		e.Start, e.End = clockTime(date, c.Start, zone), clockTime(date, c.End, zone)
		e.Summary = c.span()
		if c.Shift != "" {
			e.Summary = c.Shift + " " + e.Summary
		}
		e.Description = strings.Join(b.dayLines(a, c, lang), "\n")
	case OnLeave:
		e.Start, e.End, e.AllDay, e.Free = dateTime(date), dateTime(date.Add(1)), true, true
		e.Summary = lang.label(lblLeave)
	default:
		return e, false
	}
	return e, e.End.After(e.Start)
}

// clockTime returns the instant at clock c counted from midnight of day d;
// clocks past 24:00 are on the next day.
func clockTime(d calendar.Date, c calendar.Clock, zone *time.Location) time.Time {
	for c >= calendar.Midnight {
		d, c = d.Add(1), c-calendar.Midnight
	}
	return d.At(c, zone)
}

// icsID keeps an id usable in an identifier.
func icsID(id string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == '@' || r > '~' || strings.ContainsRune(`,;:\"`, r) {
			return '_'
		}
		return r
	}, id)
}

// dayLines tells what an agent does in a shift: skills in order, breaks, note.
func (b *RosterBook) dayLines(a *RosterAgent, c *RosterCell, lang Lang) []string {
	spans := c.spans(a)
	for i := range spans {
		spans[i].skill = b.skillLabel(spans[i].skill)
	}
	for _, p := range c.Breaks {
		text := lang.label(lblBreak)
		if p.Paid {
			text = lang.label(lblPaidBreak)
		}
		spans = append(spans, workSpan{p.Start, p.End, text})
	}
	sort.SliceStable(spans, func(i, j int) bool { return spans[i].from < spans[j].from })
	var out []string
	for _, s := range spans {
		out = append(out, wrapClock(s.from)+"-"+wrapClock(s.to)+" "+s.skill)
	}
	if c.Note != "" {
		out = append(out, c.Note)
	}
	return out
}

// wrapClock formats a clock as the wall shows it, also past midnight.
func wrapClock(c calendar.Clock) string {
	if c > calendar.Midnight {
		c -= calendar.Midnight
	}
	return c.String()
}

type workSpan struct {
	from, to calendar.Clock
	skill    string
}

// spans returns the skill plan as stretches of the shift.
func (c *RosterCell) spans(a *RosterAgent) []workSpan {
	if len(c.Plan) == 0 {
		if len(a.Skills) == 0 {
			return nil
		}
		return []workSpan{{c.Start, c.End, a.Skills[0]}}
	}
	var out []workSpan
	for i, p := range c.Plan {
		to := c.End
		if i+1 < len(c.Plan) {
			to = c.Plan[i+1].Start
		}
		from := max(p.Start, c.Start)
		if to = min(to, c.End); to > from && p.Skill != "" {
			if n := len(out); n > 0 && out[n-1].skill == p.Skill && out[n-1].to == from {
				out[n-1].to = to
				continue
			}
			out = append(out, workSpan{from, to, p.Skill})
		}
	}
	return out
}
