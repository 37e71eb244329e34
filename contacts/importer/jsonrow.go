package importer

import (
	"bufio"
	"io"
	"math"
	"strconv"
	"time"

	"kcc/contacts"
)

// RowWriter writes rows as understood, one JSON object a line, with the keys
// that docs/import.md lists. What a file does not hold is left out.
type RowWriter struct {
	w    *bufio.Writer
	loc  *time.Location
	buf  []byte
	open bool
}

// NewRowWriter returns a writer of rows to w, local times in loc.
func NewRowWriter(w io.Writer, loc *time.Location) *RowWriter {
	return &RowWriter{w: bufio.NewWriterSize(w, 64<<10), loc: loc}
}

// Flush writes what is buffered.
func (w *RowWriter) Flush() error { return w.w.Flush() }

// Write writes one row.
func (w *RowWriter) Write(r *Row) error {
	w.buf = append(w.buf[:0], '{')
	switch r.Kind {
	case Intervals:
		w.interval(r)
	case Calls, QueueLog:
		w.call(r)
	case Tickets:
		w.ticket(r)
	case States:
		w.state(r)
	case TicketEvents:
		w.str("ticket", r.Event.Ticket)
		w.str("field", r.Event.Field)
		w.str("value", r.Event.Value)
		w.utc("at_utc", r.Event.At)
	case ScheduleLinks:
		w.str("ticket", r.Link.Ticket)
		w.str("schedule", r.Link.Schedule)
		w.utc("at_utc", r.Link.At)
	case Schedules:
		w.str("schedule", r.Period.Schedule)
		w.str("name", r.Period.Name)
		w.str("zone", r.Period.Zone)
		w.num("from_minute", float64(r.Period.From))
		w.num("to_minute", float64(r.Period.To))
	case Holidays:
		w.str("schedule", r.Holiday.Schedule)
		w.str("name", r.Holiday.Name)
		w.str("first", r.Holiday.First.String())
		w.str("last", r.Holiday.Last.String())
	}
	w.buf = append(w.buf, '}', '\n')
	w.open = false
	_, err := w.w.Write(w.buf)
	return err
}

func (w *RowWriter) interval(r *Row) {
	iv := &r.Interval
	w.local("start_local", iv.Start, "2006-01-02T15:04")
	w.utc("start_utc", iv.Start)
	w.num("minutes", iv.Step.Minutes())
	w.str("queue", iv.Queue)
	w.str("channel", iv.Channel)
	w.str("subject", iv.Subject)
	w.str("agent", iv.Agent)
	w.num("offered", iv.Offered)
	w.num("answered", iv.Answered)
	w.num("abandoned", iv.Abandoned)
	w.num("short_abandoned", iv.Short)
	if r.held[fWithin] {
		w.num("within_target", iv.Within)
	}
	w.num("target_s", iv.Target)
	w.num("asa_s", iv.Wait)
	w.num("talk_s", iv.Talk)
	w.num("hold_s", iv.Hold)
	w.num("acw_s", iv.ACW)
	w.num("aht_s", iv.AHT)
}

func (w *RowWriter) call(r *Row) {
	c := &r.Contact
	w.str("id", c.ExternalID)
	w.utc("start_utc", c.Start)
	if r.Local {
		layout := "2006-01-02T15:04:05"
		if c.Start.Nanosecond() != 0 {
			layout += ".000"
		}
		w.local("start_local", c.Start, layout)
	}
	w.str("channel", c.Channel)
	w.str("queue", c.Queue)
	if c.Direction == contacts.Outbound || r.held[fDirection] {
		w.str("direction", c.Direction)
	}
	w.str("outcome", c.Outcome)
	w.num("wait_s", c.Wait)
	w.num("talk_s", c.Talk)
	w.num("hold_s", c.Hold)
	w.num("acw_s", c.ACW)
	w.num("aht_s", c.Handle)
	w.str("subject", c.Subject)
	w.str("agent", c.Agent)
	w.str("kind", c.Kind)
	w.str("segment", c.Segment)
	w.str("cause", c.Cause)
	w.str("department", c.Department)
	w.str("article", c.Article)
	w.flag("resolved", c.Resolved)
	w.flag("transferred", c.Moved)
	w.num("csat", c.CSAT)
	w.num("effort", c.Effort)
	w.num("nps", c.NPS)
}

func (w *RowWriter) ticket(r *Row) {
	t := &r.Ticket
	w.str("id", t.ID)
	w.str("kind", t.Kind)
	w.str("subject", t.Subject)
	w.str("channel", t.Channel)
	w.utc("received_utc", t.Received)
	w.str("handed_off_to", t.HandedOffTo)
	w.utc("handed_off_utc", t.HandedOff)
	w.str("due_date", t.Due)
	w.utc("closed_utc", t.Closed)
	w.str("status", t.Status)
	w.str("priority", t.Priority)
}

func (w *RowWriter) state(r *Row) {
	w.str("agent", r.State.Agent)
	w.str("state", r.State.State)
	w.local("start_local", r.State.Start, "2006-01-02T15:04:05")
	w.utc("start_utc", r.State.Start)
	w.utc("end_utc", r.State.End)
}

func (w *RowWriter) key(k string) {
	if w.open {
		w.buf = append(w.buf, ", "...)
	}
	w.open = true
	w.buf = append(append(append(w.buf, '"'), k...), `": `...)
}

func (w *RowWriter) str(k, v string) {
	if v == "" {
		return
	}
	w.key(k)
	w.buf = appendJSON(w.buf, v)
}

func (w *RowWriter) num(k string, v float64) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return
	}
	w.key(k)
	if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
		w.buf = strconv.AppendInt(w.buf, int64(v), 10)
		return
	}
	w.buf = strconv.AppendFloat(w.buf, v, 'f', -1, 64)
}

func (w *RowWriter) flag(k string, f contacts.Flag) {
	if f != contacts.Unknown {
		w.key(k)
		w.buf = strconv.AppendBool(w.buf, f == contacts.Yes)
	}
}

func (w *RowWriter) utc(k string, t time.Time) {
	if t.IsZero() {
		return
	}
	layout := "2006-01-02T15:04:05Z"
	if t.Nanosecond() != 0 {
		layout = "2006-01-02T15:04:05.000Z"
	}
	w.key(k)
	w.buf = append(t.UTC().AppendFormat(append(w.buf, '"'), layout), '"')
}

func (w *RowWriter) local(k string, t time.Time, layout string) {
	if t.IsZero() {
		return
	}
	w.key(k)
	w.buf = append(t.In(w.loc).AppendFormat(append(w.buf, '"'), layout), '"')
}

// appendJSON appends s as a JSON string, letters as they are.
func appendJSON(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r == '\n':
			b = append(b, '\\', 'n')
		case r == '\r':
			b = append(b, '\\', 'r')
		case r == '\t':
			b = append(b, '\\', 't')
		case r < 0x20:
			b = append(b, '\\', 'u', '0', '0', hex[r>>4], hex[r&15])
		case r == 0x2028 || r == 0x2029:
			b = append(b, '\\', 'u', '2', '0', '2', hex[r&15])
		default:
			b = append(b, string(r)...)
		}
	}
	return append(b, '"')
}
