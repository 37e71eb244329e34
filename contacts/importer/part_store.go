package importer

import (
	"fmt"
	"time"
)

// plain writes a row of a table without roll-ups; natural tells which row it is,
// content what it says.
func (w *writer) plain(table string, cols []string, line int, updated time.Time, natural, content []string, args ...any) error {
	key, hash := newStableHash(), newStableHash()
	key.text(w.sname)
	key.text(table)
	for _, s := range natural {
		key.text(s)
		hash.text(s)
	}
	for _, s := range content {
		hash.text(s)
	}
	rec := record{key: int64(key.sum() & mask63), hash: int64(hash.sum() & mask63), line: line}
	if !updated.IsZero() {
		rec.updated = updated.Unix()
	}
	return w.batch(table, cols).add(rec, args...)
}

func (w *writer) ticket(r *Row) error {
	t := &r.Ticket
	party, err := w.partyRef(r)
	if err != nil {
		return err
	}
	agent, err := w.agentRef(t.Agent)
	if err != nil {
		return err
	}
	return w.plain("ticket", []string{
		"external_id", "updated", "received", "channel", "kind", "subject", "status", "priority", "handed_off_to", "handed_off",
		"due_date", "closed", "agent", "party_ref",
	}, r.Line, t.Updated, []string{t.ID},
		[]string{fmt.Sprint(t.Received.Unix()), t.Channel, t.Kind, t.Subject, t.Status, t.Priority, t.HandedOffTo, fmt.Sprint(t.HandedOff.Unix()), t.Due, fmt.Sprint(t.Closed.Unix())},
		t.ID, nullTime(t.Updated), t.Received.Unix(), t.Channel, t.Kind, t.Subject, t.Status, t.Priority, t.HandedOffTo, nullTime(t.HandedOff),
		nullText(t.Due), nullTime(t.Closed), nullText(agent), nullText(party))
}

func (w *writer) state(r *Row) error {
	s := &r.State
	agent, err := w.agentRef(s.Agent)
	if err != nil {
		return err
	}
	return w.plain("agent_state", []string{"agent", "start", "end", "state"}, r.Line, time.Time{},
		[]string{agent, fmt.Sprint(s.Start.UnixNano()), s.State}, []string{fmt.Sprint(s.End.UnixNano())},
		agent, s.Start.Unix(), nullTime(s.End), s.State)
}

func (w *writer) ticketPart(r *Row) error {
	switch r.Kind {
	case TicketEvents:
		e := &r.Event
		return w.plain("ticket_event", []string{"ticket", "field", "at", "value"}, r.Line, time.Time{},
			[]string{e.Ticket, e.Field, fmt.Sprint(e.At.UnixNano()), e.Value}, nil, e.Ticket, e.Field, e.At.Unix(), e.Value)
	case ScheduleLinks:
		l := &r.Link
		return w.plain("ticket_schedule_link", []string{"ticket", "schedule", "at"}, r.Line, time.Time{},
			[]string{l.Ticket, l.Schedule, fmt.Sprint(l.At.Unix())}, nil, l.Ticket, l.Schedule, l.At.Unix())
	case Schedules:
		p := &r.Period
		return w.plain("ticket_schedule_period", []string{"schedule", "name", "zone", "from_min", "to_min"}, r.Line, time.Time{},
			[]string{p.Schedule, fmt.Sprint(p.From)}, []string{p.Name, p.Zone, fmt.Sprint(p.To)}, p.Schedule, p.Name, p.Zone, int64(p.From), int64(p.To))
	case Holidays:
		h := &r.Holiday
		return w.plain("ticket_schedule_holiday", []string{"schedule", "name", "first_day", "last_day"}, r.Line, time.Time{},
			[]string{h.Schedule, h.First.String()}, []string{h.Name, h.Last.String()}, h.Schedule, h.Name, int64(h.First), int64(h.Last))
	}
	return nil
}
