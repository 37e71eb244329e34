package importer

import (
	"math"
	"strings"
	"time"

	"kcc/contacts"
)

// channel settles the channel of a row.
func (r *reader) channel(own, queue string, subject *string) string {
	if own != "" {
		name, ok := r.names[own]
		if !ok {
			name = contacts.ChannelName(own)
			if len(r.names) < maxDistinct {
				r.names[strings.Clone(own)] = name
			}
		}
		r.row.own = name
	}
	return channelOf(r.opt, r.row.own, queue, subject)
}

// call reads a call record.
func (r *reader) call(cells []string) error {
	c := &r.row.Contact
	*c = contacts.Contact{CSAT: math.NaN(), Effort: math.NaN(), NPS: math.NaN()}
	c.ExternalID = r.text(cells, fID)
	w, err := r.when(cells, fStart, fDate, fTime)
	if err != nil {
		return err
	}
	f := fStart
	if _, ok := r.l.at[fStart]; !ok {
		f = fDate
	}
	if c.Start, err = r.utc(w, f, "", true); err != nil {
		return err
	}
	r.row.Local = true
	if c.Updated, err = r.instant(cells, fUpdated); err != nil {
		return err
	}
	c.Queue, c.Subject, c.Kind = r.text(cells, fQueue), r.text(cells, fSubject), r.text(cells, fKind)
	r.row.topic = c.Subject
	c.Channel = r.channel(r.text(cells, fChannel), c.Queue, &c.Subject)
	c.Direction = contacts.DirectionName(r.text(cells, fDirection))
	c.Segment, c.Cause, c.Department = r.text(cells, fSegment), r.text(cells, fCause), r.text(cells, fDept)
	c.Article, c.Agent, c.Note = r.text(cells, fArticle), r.text(cells, fAgent), r.text(cells, fNote)
	r.row.party, r.row.bsn = r.text(cells, fParty), r.text(cells, fBSN)
	if c.ExternalID == "" {
		r.row.dims = r.dimensions(cells)
	}
	for _, d := range []struct {
		f Field
		v *float64
	}{{fWait, &c.Wait}, {fTalk, &c.Talk}, {fHold, &c.Hold}, {fACW, &c.ACW}, {fAHT, &c.Handle}} {
		if *d.v, err = r.seconds(cells, d.f); err != nil {
			return err
		}
	}
	for _, d := range []struct {
		f Field
		v *float64
	}{{fCSAT, &c.CSAT}, {fEffort, &c.Effort}, {fNPS, &c.NPS}} {
		if *d.v, err = r.count(cells, d.f); err != nil {
			return err
		}
	}
	if c.NPS > 10 {
		return r.bad(fNPS, r.text(cells, fNPS), "a score from 0 to 10")
	}
	c.Moved, c.Resolved, c.InTime = r.flag(cells, fMoved), r.flag(cells, fResolved), r.flag(cells, fWithin)
	r.row.inTime = c.InTime
	if r.row.target, err = r.seconds(cells, fTarget); err != nil {
		return err
	}
	return r.outcome(cells, c)
}

// outcome settles how a call ended, and the wait that follows from its times.
func (r *reader) outcome(cells []string, c *contacts.Contact) error {
	answeredAt, err := r.instant(cells, fAnswerAt)
	if err != nil {
		return err
	}
	end, err := r.instant(cells, fEnd)
	if err != nil {
		end = time.Time{} // an end without date says nothing
	}
	if math.IsNaN(c.Wait) && !answeredAt.IsZero() && !answeredAt.Before(c.Start) {
		c.Wait = answeredAt.Sub(c.Start).Seconds()
		r.held[fWait] = true
	}
	if s := r.text(cells, fOutcome); s != "" && !isMissing(s) {
		c.Outcome = contacts.OutcomeName(s)
		return nil
	}
	answered := r.flag(cells, fAnswered)
	if a := r.flag(cells, fAbandoned); a != contacts.Unknown && answered == contacts.Unknown {
		answered = contacts.Yes
		if a == contacts.Yes {
			answered = contacts.No
		}
	}
	switch {
	case answered == contacts.Yes:
		c.Outcome = contacts.Answered
	case answered == contacts.No:
		c.Outcome = contacts.Abandoned
	case !answeredAt.IsZero(), c.Talk > 0, c.Handle > 0 && !r.held[fTalk]:
		c.Outcome = contacts.Answered
	case r.held[fTalk] || r.held[fAnswerAt], r.held[fAHT]:
		c.Outcome = contacts.Abandoned
	default:
		return nil // the file does not say
	}
	if c.Moved == contacts.Yes && c.Outcome == contacts.Answered {
		c.Outcome = contacts.Transferred
	}
	r.held[fOutcome] = true
	if math.IsNaN(c.Wait) && c.Outcome == contacts.Abandoned && !end.IsZero() && r.held[fAnswerAt] {
		c.Wait = end.Sub(c.Start).Seconds()
	}
	if math.IsNaN(c.Talk) && math.IsNaN(c.Handle) && c.Outcome == contacts.Answered && !end.IsZero() && !answeredAt.IsZero() && end.After(answeredAt) {
		c.Talk = end.Sub(answeredAt).Seconds()
		r.held[fTalk] = true
	}
	return nil
}
