package importer

import (
	"math"
	"time"

	"kcc/contacts"
	"kcc/internal/calendar"
)

// state reads what an agent did.
func (r *reader) state(cells []string) error {
	s := &r.row.State
	s.Agent, s.State = r.text(cells, fAgent), r.text(cells, fState)
	if s.Agent == "" {
		return r.bad(fAgent, "", "an agent")
	}
	if s.State == "" {
		return r.bad(fState, "", "a state")
	}
	w, err := r.when(cells)
	if err != nil {
		return err
	}
	if s.Start, err = r.utc(w, fStart, s.Agent, true); err != nil {
		return err
	}
	if i, ok := r.l.at[fEnd]; ok {
		v := cell(cells, i)
		e, ok := r.moment(v, fEnd)
		switch {
		case v == "" || isMissing(v):
		case !ok:
			return r.bad(fEnd, v, r.wantTime(fEnd))
		case e.hasDate:
			if s.End, err = r.utc(e, fEnd, s.Agent, true); err != nil {
				return err
			}
		default:
			// A clock time: on the day of the start, or after midnight.
			e.wall += floorDiv(w.wall, 86400) * 86400
			if e.wall < w.wall {
				e.wall += 86400
			}
			if s.End, err = r.utc(e, fEnd, s.Agent, true); err != nil {
				return err
			}
		}
	} else if d, err := r.seconds(cells, fAHT); err != nil {
		return err
	} else if !math.IsNaN(d) {
		s.End = s.Start.Add(time.Duration(d * float64(time.Second)))
	}
	if !s.End.IsZero() && s.End.Before(s.Start) {
		return r.bad(fEnd, r.text(cells, fEnd), "an end after the start")
	}
	return nil
}

// ticket reads a case.
func (r *reader) ticket(cells []string) error {
	t := &r.row.Ticket
	t.ID = r.text(cells, fID)
	if t.ID == "" {
		return r.bad(fID, "", "an id")
	}
	t.Kind, t.Subject, t.Status = r.text(cells, fKind), r.text(cells, fSubject), r.text(cells, fStatus)
	t.Priority, t.Agent, t.HandedOffTo = r.text(cells, fPriority), r.text(cells, fAgent), r.text(cells, fHandedTo)
	if ch := r.text(cells, fChannel); ch != "" {
		t.Channel = contacts.ChannelName(ch)
	}
	r.row.party, r.row.bsn = r.text(cells, fParty), r.text(cells, fBSN)
	var err error
	if t.Received, err = r.instant(cells, fReceived); err != nil {
		return err
	}
	if t.Received.IsZero() {
		return r.bad(fReceived, "", r.wantTime(fReceived))
	}
	r.row.Local = true
	for _, d := range []struct {
		f Field
		v *time.Time
	}{{fUpdated, &t.Updated}, {fHandedAt, &t.HandedOff}, {fClosed, &t.Closed}, {fDue, &t.DueAt}} {
		if *d.v, err = r.instant(cells, d.f); err != nil {
			return err
		}
	}
	if !t.DueAt.IsZero() {
		w, _ := r.moment(r.text(cells, fDue), fDue)
		if w.clock && w.wall%86400 != 0 {
			t.Due = t.DueAt.In(r.opt.zone()).Format(time.RFC3339)
		} else {
			t.Due = calendar.Date(floorDiv(w.wall, 86400)).String()
		}
	}
	return nil
}

// ticketPart reads a row of the tables around tickets.
func (r *reader) ticketPart(cells []string) error {
	row := &r.row
	var err error
	switch r.l.Kind {
	case TicketEvents:
		row.Event = TicketEvent{Ticket: r.text(cells, fTicket), Field: r.text(cells, fFieldName), Value: r.text(cells, fValue)}
		if row.Event.At, err = r.instant(cells, fStart); err == nil && row.Event.At.IsZero() {
			err = r.bad(fStart, "", "a time")
		}
	case ScheduleLinks:
		row.Link = ScheduleLink{Ticket: r.text(cells, fTicket), Schedule: r.text(cells, fSchedule)}
		if row.Link.At, err = r.instant(cells, fStart); err == nil && row.Link.At.IsZero() {
			err = r.bad(fStart, "", "a time")
		}
	case Schedules:
		p := &row.Period
		*p = SchedulePeriod{Schedule: r.text(cells, fSchedule), Name: r.text(cells, fNote), Zone: ZoneName(r.text(cells, fZone))}
		if _, err := time.LoadLocation(p.Zone); err != nil || p.Zone == "" {
			return r.bad(fZone, r.text(cells, fZone), "a time zone")
		}
		for _, m := range []struct {
			f Field
			v *int
		}{{fFromMin, &p.From}, {fToMin, &p.To}} {
			v, ok := parseNumber(r.text(cells, m.f), '.')
			if !ok || v < 0 || v > 8*24*60 {
				return r.bad(m.f, r.text(cells, m.f), "a minute of the week")
			}
			*m.v = int(v)
		}
		if p.To <= p.From {
			return r.bad(fToMin, r.text(cells, fToMin), "an end after the start")
		}
	case Holidays:
		h := &row.Holiday
		h.Schedule, h.Name = r.text(cells, fSchedule), r.text(cells, fNote)
		for _, d := range []struct {
			f Field
			v *calendar.Date
		}{{fDate, &h.First}, {fEndDate, &h.Last}} {
			w, ok := r.moment(r.text(cells, d.f), d.f)
			if !ok || !w.hasDate {
				return r.bad(d.f, r.text(cells, d.f), r.wantDate(d.f))
			}
			*d.v = calendar.Date(floorDiv(w.wall, 86400))
		}
		if h.Last < h.First {
			return r.bad(fEndDate, r.text(cells, fEndDate), "an end on or after the start")
		}
	}
	return err
}
