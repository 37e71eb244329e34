package importer

import (
	"database/sql"
	"math"
	"slices"
	"time"

	"kcc/contacts"
)

// keptContact is a contact until its batch is written.
type keptContact struct {
	contacts.Contact
	queue, day, slot int64
}

// contactBatch returns the batch of contacts, with the columns that the file of r
// holds.
func (w *writer) contactBatch(r *Row) *batch {
	if b := w.batches["contact"]; b != nil {
		return b
	}
	var cols []string
	for _, c := range contactCols() {
		held := c.need == nil || slices.ContainsFunc(c.need, func(f Field) bool { return r.held[f] })
		if c.name == "in_time" && len(w.opt.Targets) == 0 && !r.held[fWithin] && !r.held[fTarget] {
			held = false
		}
		if held || r.Kind == QueueLog && slices.Contains(c.need, fParty) {
			w.cols = append(w.cols, c)
			cols = append(cols, c.name)
		}
	}
	b := w.batch("contact", cols)
	b.load = w.loadContact
	b.apply = func(i int, sign float64) {
		c := &w.contacts[i]
		w.roll.contact(&c.Contact, c.queue, c.day, sign)
	}
	return b
}

func (w *writer) contact(r *Row) error {
	b := w.contactBatch(r)
	w.contacts[len(b.pending)].Contact = r.Contact
	c := &w.contacts[len(b.pending)]
	channel := c.Channel
	if channel == "" && r.Kind == QueueLog {
		channel = contacts.Phone // Asterisk queues hold calls
	}
	q, err := w.queue(c.Queue, r.own, channel)
	if err != nil {
		return err
	}
	c.Channel = q.channel
	if err := w.protect(r, &c.Contact); err != nil {
		return err
	}
	c.Judge(r.target)
	c.Judge(q.target)
	day, slot := w.days.of(c.Start.Unix())
	c.queue, c.day, c.slot = q.id, int64(day), int64(slot)
	rec := record{line: r.Line}
	hash := contactHash(r, c)
	key := newStableHash()
	key.text(w.sname)
	if c.ExternalID != "" {
		key.text(c.ExternalID)
		if r.Kind == QueueLog {
			key.text(c.Queue) // one call may wait in several queues
			key.num(uint64(c.Start.Unix()))
		}
		if !c.Updated.IsZero() {
			rec.updated = c.Updated.Unix()
		}
	} else {
		// Two calls that agree in every column are two calls; those that agree only
		// in what is kept of them are so, too.
		key.num(hash)
		key.text(c.Agent)
		key.text(c.PartyRef)
		key.num(r.dims)
		key.num(r.ordinal)
		rec.again = q.id
		w.note(q.id, c.Start.Unix())
	}
	rec.key, rec.hash = int64(key.sum()&mask63), int64(hash&mask63)
	if w.loader != nil {
		return w.loader.add(&rec, c)
	}
	w.parties.add(c.PartyRef)
	w.vals = w.vals[:0]
	for i := range w.cols {
		w.vals = append(w.vals, w.cols[i].value(c))
	}
	if err := b.add(rec, w.vals...); err != nil {
		return err
	}
	return w.spill()
}

// contactHash hashes what a contact says, apart from who.
func contactHash(r *Row, c *keptContact) uint64 {
	h := newStableHash()
	h.num(uint64(c.Start.UnixNano()))
	for _, s := range [...]string{c.Queue, r.own, c.Direction, c.Outcome, r.topic, c.Kind, c.Segment, c.Cause, c.Department, c.Article, c.Note} {
		h.text(s)
	}
	for _, v := range [...]float64{c.Wait, c.Talk, c.Hold, c.ACW, c.Handle, c.CSAT, c.Effort} {
		if math.IsNaN(v) {
			v = -1
		}
		h.float(v)
	}
	h.num(uint64(c.Resolved)<<8 | uint64(c.Moved))
	if !math.IsNaN(c.NPS) {
		h.float(c.NPS)
	}
	if r.inTime != contacts.Unknown {
		h.num(uint64(r.inTime))
	}
	return h.sum()
}

// loadContact returns how a stored contact counts in the roll-ups.
func (w *writer) loadContact(id int64) (func(sign float64), error) {
	c := contacts.Contact{ID: id}
	var start, queue, day int64
	var wait, talk, hold, acw, handle, csat, effort, nps sql.NullFloat64
	var resolved, moved, inTime sql.NullInt64
	var party sql.NullString
	var judgeable bool
	err := w.tx.QueryRowContext(w.ctx, `SELECT start, COALESCE(queue_id, 0), day, direction, outcome, subject, kind, segment, cause, department,
		wait_s, talk_s, hold_s, acw_s, handle_s, csat, effort, nps, resolved, transferred, in_time, party_ref, judgeable,
		COALESCE(repeat_of, 0), COALESCE(followed_by, 0) FROM contact WHERE id = ?`, id).
		Scan(&start, &queue, &day, &c.Direction, &c.Outcome, &c.Subject, &c.Kind, &c.Segment, &c.Cause, &c.Department,
			&wait, &talk, &hold, &acw, &handle, &csat, &effort, &nps, &resolved, &moved, &inTime, &party, &judgeable, &c.RepeatOf, &c.FollowedBy)
	if err != nil {
		return nil, err
	}
	c.Start = time.Unix(start, 0)
	f := func(v sql.NullFloat64) float64 {
		if v.Valid {
			return v.Float64
		}
		return math.NaN()
	}
	c.Wait, c.Talk, c.Hold, c.ACW, c.Handle, c.CSAT, c.Effort, c.NPS = f(wait), f(talk), f(hold), f(acw), f(handle), f(csat), f(effort), f(nps)
	c.Resolved, c.Moved, c.InTime = flagOf(resolved), flagOf(moved), flagOf(inTime)
	if c.PartyRef = party.String; c.PartyRef == "" && judgeable {
		c.PartyRef = "erased" // it counts as before
	}
	if party.String != "" {
		w.changed(party.String)
	}
	if c.RepeatOf != 0 || c.FollowedBy != 0 {
		// The row that takes its place is linked anew with all of the customer.
		if _, err := w.tx.ExecContext(w.ctx, "UPDATE contact SET repeat_of = NULL, followed_by = NULL WHERE id = ?", id); err != nil {
			return nil, err
		}
	}
	if err := w.loadChannel(queue); err != nil {
		return nil, err
	}
	return func(sign float64) { w.roll.contact(&c, queue, day, sign) }, nil
}

func flagOf(v sql.NullInt64) contacts.Flag {
	switch {
	case !v.Valid:
		return contacts.Unknown
	case v.Int64 == 1:
		return contacts.Yes
	}
	return contacts.No
}
