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
		r.row.own = nameOf(&r.names, own, contacts.ChannelName)
	}
	return channelOf(r.opt, r.row.own, queue, subject)
}

// from tells where the text of a field comes from: a column, or the same for all
// rows.
type from struct {
	f    Field
	col  int // -1: text
	text string
	unit float64 // of plain numbers of a duration
}

func (f *from) of(cells []string) string {
	if f.col < 0 {
		return f.text
	}
	return cell(cells, f.col)
}

// absent reports whether a file has nothing for the field.
func (f *from) absent() bool { return f.col < 0 && f.text == "" }

// callFields are the fields of a call record, looked up once for all rows.
type callFields struct {
	id, queue, subject, kind, channel, direction, segment, cause, department, article, agent, note, party, bsn from
	wait, talk, hold, acw, aht, target, csat, effort, nps, moved, resolved, within, outcome, answered          from
	abandoned                                                                                                  from
	start                                                                                                      Field
	updated, answerAt, end                                                                                     from
}

// from looks up where a field comes from.
func (l *layout) from(f Field) from {
	out := from{f: f, col: -1, text: l.constant[f], unit: l.unit[f]}
	if i, ok := l.at[f]; ok {
		out.col, out.text = i, ""
	}
	if out.unit == 0 {
		out.unit = 1
	}
	return out
}

func callFieldsOf(l *layout) callFields {
	of := l.from
	c := callFields{
		id: of(fID), queue: of(fQueue), subject: of(fSubject), kind: of(fKind), channel: of(fChannel), direction: of(fDirection),
		segment: of(fSegment), cause: of(fCause), department: of(fDept), article: of(fArticle), agent: of(fAgent), note: of(fNote),
		party: of(fParty), bsn: of(fBSN), wait: of(fWait), talk: of(fTalk), hold: of(fHold), acw: of(fACW), aht: of(fAHT),
		target: of(fTarget), csat: of(fCSAT), effort: of(fEffort), nps: of(fNPS), moved: of(fMoved), resolved: of(fResolved),
		within: of(fWithin), outcome: of(fOutcome), answered: of(fAnswered), abandoned: of(fAbandoned), start: fStart,
		updated: of(fUpdated), answerAt: of(fAnswerAt), end: of(fEnd),
	}
	if _, ok := l.at[fStart]; !ok {
		c.start = fDate
	}
	return c
}

// nameOf returns kcc's name for a word of a column, which has few different ones.
func nameOf(known *memo[string], s string, name func(string) string) string {
	out, ok := known.get(s)
	if !ok {
		out = strings.Clone(name(s))
		known.put(s, out)
	}
	return out
}

// elapsed reads a duration; NaN when empty.
func (r *reader) elapsed(cells []string, f *from) (float64, error) {
	if f.absent() {
		return math.NaN(), nil
	}
	if v, ok := smallWhole(f.of(cells)); ok && f.unit == 1 {
		return float64(v), nil
	}
	return r.seconds(cells, f.f)
}

func (r *reader) flagOf(cells []string, f *from) contacts.Flag {
	if f.absent() {
		return contacts.Unknown
	}
	return r.flag(cells, f.f)
}

// call reads a call record.
func (r *reader) call(cells []string) error {
	c, at := &r.row.Contact, &r.calls
	*c = contacts.Contact{CSAT: math.NaN(), Effort: math.NaN(), NPS: math.NaN()}
	c.ExternalID = at.id.of(cells)
	w, err := r.when(cells)
	if err != nil {
		return err
	}
	if c.Start, err = r.utc(w, at.start, "", true); err != nil {
		return err
	}
	r.row.Local = true
	if c.Updated, err = r.instantOf(cells, &at.updated); err != nil {
		return err
	}
	c.Queue, c.Subject, c.Kind = at.queue.of(cells), at.subject.of(cells), at.kind.of(cells)
	r.row.topic = c.Subject
	c.Channel = r.channel(at.channel.of(cells), c.Queue, &c.Subject)
	c.Direction = nameOf(&r.turns, at.direction.of(cells), contacts.DirectionName)
	c.Segment, c.Cause, c.Department = at.segment.of(cells), at.cause.of(cells), at.department.of(cells)
	c.Article, c.Agent, c.Note = at.article.of(cells), at.agent.of(cells), at.note.of(cells)
	if a := c.Agent; a != "" && !isDigit(a[0]) && strings.IndexByte("[(-?.#", a[0]) >= 0 && isMissing(a) {
		c.Agent = ""
	}
	r.row.party, r.row.bsn = at.party.of(cells), at.bsn.of(cells)
	if c.ExternalID == "" {
		r.row.dims = r.dimensions(cells)
	}
	for _, d := range [...]struct {
		f *from
		v *float64
	}{{&at.wait, &c.Wait}, {&at.talk, &c.Talk}, {&at.hold, &c.Hold}, {&at.acw, &c.ACW}, {&at.aht, &c.Handle}} {
		if *d.v, err = r.elapsed(cells, d.f); err != nil {
			return err
		}
	}
	for _, d := range [...]struct {
		f *from
		v *float64
	}{{&at.csat, &c.CSAT}, {&at.effort, &c.Effort}, {&at.nps, &c.NPS}} {
		if d.f.absent() {
			continue
		}
		if *d.v, err = r.count(cells, d.f.f); err != nil {
			return err
		}
	}
	if c.NPS > 10 {
		return r.bad(fNPS, r.text(cells, fNPS), "a score from 0 to 10")
	}
	c.Moved, c.Resolved, c.InTime = r.flagOf(cells, &at.moved), r.flagOf(cells, &at.resolved), r.flagOf(cells, &at.within)
	r.row.inTime = c.InTime
	if r.row.target, err = r.elapsed(cells, &at.target); err != nil {
		return err
	}
	return r.outcome(cells, c)
}

// outcome settles how a call ended, and the wait that follows from its times.
func (r *reader) outcome(cells []string, c *contacts.Contact) error {
	var answeredAt, end time.Time
	var err error
	if answeredAt, err = r.instantOf(cells, &r.calls.answerAt); err != nil {
		return err
	}
	if end, err = r.instantOf(cells, &r.calls.end); err != nil {
		end = time.Time{} // an end without date says nothing
	}
	if math.IsNaN(c.Wait) && !answeredAt.IsZero() && !answeredAt.Before(c.Start) {
		c.Wait = answeredAt.Sub(c.Start).Seconds()
		r.held[fWait] = true
	}
	if s := r.calls.outcome.of(cells); s != "" {
		if name, known := r.ends.get(s); known {
			c.Outcome = name
			return nil
		}
		if !isMissing(s) {
			c.Outcome = nameOf(&r.ends, s, contacts.OutcomeName)
			return nil
		}
	}
	answered := r.flagOf(cells, &r.calls.answered)
	if a := r.flagOf(cells, &r.calls.abandoned); a != contacts.Unknown && answered == contacts.Unknown {
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
	case r.held[fWait] && (r.held[fAnswered] || r.held[fAbandoned]) && math.IsNaN(c.Wait) && math.IsNaN(c.Talk) && math.IsNaN(c.Handle):
		return nil // the columns that would tell are all blank
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
