package kpi

import (
	"encoding/binary"
	"math"
	"time"

	"kcc/internal/calendar"
)

// workVersion is the first byte of the list of work of a day; another one is
// made again.
const workVersion = 1

// secondsPerDay is the length of a day in UTC, by which work is kept.
const secondsPerDay = 24 * 60 * 60

// farAway stands for when open work will be closed.
const farAway = math.MaxInt64

// workList writes the work that was received on a day, in order of receipt:
// version, texts, what the work is about as numbers of texts, then piece by piece
// what it is about, when it was received (since the one before), closed (since it
// was received), its promises, and when it stood still. Of a case the promise is
// the text of its due date, as a date ends with the day of the zone.
type workList struct {
	texts  []string
	ids    map[string]uint64
	abouts []byte
	kinds  map[about]uint64
	items  []byte
	n      int
	at     int64 // the receipt before
	last   int64 // when the last one was closed
}

func newWorkList(day int64) *workList {
	return &workList{ids: map[string]uint64{}, kinds: map[about]uint64{}, at: day * secondsPerDay}
}

func (l *workList) text(s string) uint64 {
	n, ok := l.ids[s]
	if !ok {
		n = uint64(len(l.texts))
		l.ids[s] = n
		l.texts = append(l.texts, s)
	}
	return n
}

// fields are the texts of what work is about, in the order in which they are written.
func (w *about) fields() [6]*string {
	return [...]*string{&w.channel, &w.kind, &w.subject, &w.segment, &w.direction, &w.department}
}

// add appends a piece of work. due is the due date of a case as it was told.
func (l *workList) add(w *workItem, due string) {
	n, ok := l.kinds[*w.about]
	if !ok {
		n = uint64(len(l.kinds))
		l.kinds[*w.about] = n
		ticket := byte(0)
		if w.ticket {
			ticket = 1
		}
		l.abouts = append(l.abouts, ticket)
		for _, f := range w.fields() {
			l.abouts = binary.AppendUvarint(l.abouts, l.text(*f))
		}
	}
	l.n++
	received := w.received.Unix()
	b := binary.AppendUvarint(l.items, n)
	b = binary.AppendVarint(b, received-l.at)
	l.at = received
	b = appendMoment(b, w.closed, received)
	if w.closed.IsZero() {
		l.last = farAway
	}
	l.last = max(l.last, w.closed.Unix())
	if w.ticket {
		b = binary.AppendUvarint(b, l.text(due))
	} else {
		b = binary.AppendUvarint(b, uint64(len(w.promises)))
		for i := range w.promises {
			p := &w.promises[i]
			b = appendMoment(b, p.due, received)
			b = appendMoment(b, p.stopped, received)
			b = appendMoment(b, p.paused, received)
		}
		b = binary.AppendUvarint(b, uint64(len(w.held)))
		for _, h := range w.held {
			b = appendMoment(b, h.from, received)
			b = appendMoment(b, h.to, received)
		}
	}
	l.items = b
}

// appendMoment writes a moment as its distance from another; 0 is no moment.
func appendMoment(b []byte, t time.Time, from int64) []byte {
	if t.IsZero() {
		return append(b, 0)
	}
	d := t.Unix() - from
	return binary.AppendUvarint(b, uint64(d<<1^d>>63)+1)
}

// encode returns the list; empty without work.
func (l *workList) encode() []byte {
	if l.n == 0 {
		return []byte{}
	}
	out := binary.AppendUvarint([]byte{workVersion}, uint64(len(l.texts)))
	for _, t := range l.texts {
		out = binary.AppendUvarint(out, uint64(len(t)))
		out = append(out, t...)
	}
	out = binary.AppendUvarint(out, uint64(len(l.kinds)))
	out = append(out, l.abouts...)
	out = binary.AppendUvarint(out, uint64(l.n))
	return append(out, l.items...)
}

// workDecoder reads lists of work. What work is about is the same for the same,
// over all lists.
type workDecoder struct {
	zone  *time.Location
	known map[about]*about
	dues  map[string]time.Time
}

func newWorkDecoder(zone *time.Location) *workDecoder {
	return &workDecoder{zone, map[about]*about{}, map[string]time.Time{}}
}

// each calls f for every piece of work of a list. What f gets is used again for
// the next one.
func (d *workDecoder) each(day int64, body []byte, f func(*workItem)) error {
	if len(body) == 0 {
		return nil
	}
	if body[0] != workVersion {
		return errPart
	}
	c := cursor{b: body[1:]}
	count := func() int { // of things that take a byte at least
		n := c.uvarint()
		if n > uint64(len(c.b)) {
			c.bad = true
			return 0
		}
		return int(n)
	}
	texts := make([]string, count())
	for i := range texts {
		texts[i] = string(c.bytes(c.uvarint()))
	}
	text := func() string {
		n := c.uvarint()
		if n >= uint64(len(texts)) {
			c.bad = true
			return ""
		}
		return texts[n]
	}
	abouts := make([]*about, count())
	for i := range abouts {
		var a about
		a.ticket = c.uvarint() == 1
		for _, p := range a.fields() {
			*p = text()
		}
		if d.known[a] == nil {
			d.known[a] = &a
		}
		abouts[i] = d.known[a]
	}
	var w workItem
	at := day * secondsPerDay
	moment := func() time.Time {
		u := c.uvarint()
		if u == 0 {
			return time.Time{}
		}
		u--
		return time.Unix(at+(int64(u>>1)^-int64(u&1)), 0)
	}
	for range count() {
		n := c.uvarint()
		if c.bad || n >= uint64(len(abouts)) {
			return errPart
		}
		at += c.varint()
		w.about, w.received, w.closed = abouts[n], time.Unix(at, 0), moment()
		w.promises, w.held = w.promises[:0], w.held[:0]
		if w.ticket {
			if due := d.due(text()); !due.IsZero() {
				w.promises = append(w.promises, promised{due: due, stopped: w.closed})
			}
		} else {
			for range count() {
				w.promises = append(w.promises, promised{due: moment(), stopped: moment(), paused: moment()})
			}
			for range count() {
				w.held = append(w.held, stretch{moment(), moment()})
			}
		}
		if c.bad {
			return errPart
		}
		f(&w)
	}
	if c.bad || len(c.b) > 0 {
		return errPart
	}
	return nil
}

// due returns the due time that a text tells: a date is a promise for that whole day.
func (d *workDecoder) due(s string) time.Time {
	if s == "" {
		return time.Time{}
	}
	t, ok := d.dues[s]
	if !ok {
		if day, err := calendar.ParseDate(s); err == nil {
			t = day.Add(1).Start(d.zone).Add(-time.Second)
		} else if at, err := calendar.ParseTime(s, d.zone); err == nil {
			t = at
		}
		d.dues[s] = t
	}
	return t
}
