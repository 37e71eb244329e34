package kpi

import (
	"math"
	"time"

	"kcc/contacts"
	"kcc/internal/calendar"
)

// record is a contact as the parts are made from it; NaN and nil are unknown.
// Texts are numbers of a [names].
type record struct {
	start                     int64
	dims                      [numDims]uint32 // Direction is 0 for inbound
	outcome                   string
	chain                     int64 // names the contacts of this customer on this subject; 0: customer unknown
	alone                     bool  // of that chain there is no other
	wait, talk, hold, acw     float64
	handle, csat, effort, nps float64
	resolved, moved, inTime   contacts.Flag
}

func (r *record) answered() bool {
	switch r.outcome {
	case contacts.Abandoned, contacts.ShortAbandon, contacts.Overflow:
		return false
	}
	return true
}

// from names a channel and a source.
type from struct{ channel, source uint32 }

func (r *record) from() from { return from{r.dims[Channel], r.dims[source]} }

// dayParts are the parts of one day in the making.
type dayParts struct {
	day                      calendar.Date
	start, end               int64 // first second of the day and of the next
	queues, contacts, agents *builder
	seen                     map[from]*seen
}

// seen counts the records of a channel and source on a day.
type seen struct {
	from    from
	records int64 // outbound too
	inbound bool
}

// of returns the count of a channel and source, made on first use.
func (d *dayParts) of(f from) *seen {
	n := d.seen[f]
	if n == nil {
		n = &seen{from: f}
		d.seen[f] = n
	}
	return n
}

func (m *maker) newDay(d calendar.Date) *dayParts {
	loc := m.set.zone()
	return &dayParts{
		day: d, start: d.Start(loc).Unix(), end: d.Add(1).Start(loc).Unix(),
		queues: m.builder(), contacts: m.builder(), agents: m.builder(),
		seen: map[from]*seen{},
	}
}

// pending is an answered contact of a customer whose return is awaited.
type pending struct {
	at   int64 // of its last leg
	from int64 // of its first
	cell [2]*cellSums
}

// maker turns records in order of time into parts.
type maker struct {
	set      *Settings
	names    *names
	short    float64
	window   int64     // seconds
	within   []float64 // target per channel, in seconds; 0: none; made when first asked for
	answered map[int64]pending
	swept    int64
	spare    []*builder
}

func newMaker(set *Settings) *maker {
	return &maker{
		set: set, names: newNames(), short: set.short().Seconds(), window: int64(set.window()) * 24 * 60 * 60, answered: map[int64]pending{},
	}
}

// builder returns an empty builder, one of a day that is done when there is one.
func (m *maker) builder() *builder {
	if n := len(m.spare); n > 0 {
		b := m.spare[n-1]
		m.spare = m.spare[:n-1]
		return b
	}
	return newBuilder(m.names)
}

// done takes back the builders of a day. Customers who were answered that long
// ago cannot return to its cells any more.
func (m *maker) done(d *dayParts) {
	for _, b := range []*builder{d.agents, d.contacts, d.queues} { // so that each finds one of its size
		b.reset()
		m.spare = append(m.spare, b)
	}
}

// target returns within how many seconds a channel wants to answer, 0 for none.
func (m *maker) target(channel uint32) float64 {
	for int(channel) >= len(m.within) {
		m.within = append(m.within, m.set.Targets[m.names.list[len(m.within)]].Within.Seconds())
	}
	return m.within[channel]
}

// sumsOf sets s, which is empty, to what one record adds.
func (m *maker) sumsOf(r *record, s *cellSums) {
	s[Contacts] = 1
	add := func(v float64, sum, n Sum) {
		if !math.IsNaN(v) {
			s[sum] += v
			s[n]++
		}
	}
	answered := r.answered()
	short := r.outcome == contacts.ShortAbandon || r.outcome == contacts.Abandoned && r.wait < m.short
	s[Offered], s[Judged] = 1, 1
	switch {
	case short:
		s[Short] = 1
	case r.outcome == contacts.Abandoned:
		s[Abandoned] = 1
	}
	m.waiting(r, s, answered, short)
	add(r.csat, CSAT, CSATN)
	if s[CSATN] > 0 {
		s[CSATSq] = r.csat * r.csat
	}
	add(r.effort, Effort, EffortN)
	if s[EffortN] > 0 {
		s[EffortSq] = r.effort * r.effort
	}
	const promoter, detractor = 9, 6 // marks of 0 to 10
	if !math.IsNaN(r.nps) {
		s[NPSN] = 1
		switch {
		case r.nps >= promoter:
			s[Promoters] = 1
		case r.nps <= detractor:
			s[Detractors] = 1
		}
	}
	if !answered {
		return
	}
	s[Answered], s[RAnswered] = 1, 1
	add(r.wait, Wait, WaitN)
	add(r.talk, Talk, TalkN)
	add(r.hold, Hold, HoldN)
	add(r.acw, ACW, ACWN)
	handle := r.handle
	if math.IsNaN(handle) && s[TalkN]+s[HoldN]+s[ACWN] > 0 {
		handle = s[Talk] + s[Hold] + s[ACW]
	}
	add(handle, Handle, HandleN)
	m.ending(r, s)
	if r.resolved != contacts.Unknown {
		s[ResolvedN] = 1
		if r.resolved == contacts.Yes {
			s[Resolved] = 1
		}
	}
}

// waiting adds whether the customer was helped within the target of the channel:
// by the wait where both are known, else by what the source told. Who was not
// answered was not answered in time, however long the wait was.
func (m *maker) waiting(r *record, s *cellSums, answered, short bool) {
	target := m.target(r.dims[Channel])
	in, known := r.inTime == contacts.Yes, r.inTime != contacts.Unknown
	switch {
	case target > 0 && !math.IsNaN(r.wait):
		in, known = r.wait <= target, true
	case !answered && math.IsNaN(r.wait): // that it was not in time says nothing of when the customer left
		in, known = false, false
	}
	if !known && (answered || target <= 0) {
		return
	}
	s[SLOffered] = 1
	if known || short {
		s[SLGone] = 1
	}
	switch {
	case short:
		s[SLShort] = 1
	case answered:
		s[SLAnswered] = 1
		if in {
			s[Within] = 1
		}
	case in && r.outcome == contacts.Abandoned:
		s[GoneIn] = 1
	}
}

// contained is the outcome of a session that a bot ended without a hand-over.
const contained = "contained"

// ending adds what became of an answered contact, where the agent told: by an
// outcome, or by a mark whether it was resolved.
func (m *maker) ending(r *record, s *cellSums) {
	moved := r.moved == contacts.Yes
	passed, told := false, r.resolved != contacts.Unknown
	switch r.outcome {
	case contacts.Transferred, contacts.TransferredOK, contacts.TransferredFailed:
		moved = true
	case contacts.CallbackRequested:
		s[Callback], passed = 1, true
	case contacts.HandedOff:
		s[Handed], passed = 1, true
	case contacts.AnsweredSelf, contained:
		told = true
	}
	if moved {
		s[Moved], passed = 1, true
	}
	if !told && !passed {
		if r.outcome == contacts.Answered {
			s[Plain] = 1
		}
		return
	}
	s[OutcomeN] = 1
	if !passed && r.resolved != contacts.No {
		s[Own] = 1
	}
}

// longestLegs is how long one contact that is passed on can last, in seconds.
const longestLegs = 24 * 60 * 60

// quarter is the interval in which call records are counted, in seconds.
const quarter = 15 * 60

// add puts a record into its day; d is nil outside the days that are made.
func (m *maker) add(r *record, d *dayParts) {
	inbound := r.dims[Direction] == 0
	var cells [2]*cellSums
	if d != nil {
		cells = m.place(r, d, inbound)
	}
	if inbound && r.chain != 0 {
		each(cells, Known)
		m.follow(r, cells)
	}
}

// place adds a record to its cells and returns those of contacts and agents.
func (m *maker) place(r *record, d *dayParts, inbound bool) (cells [2]*cellSums) {
	var s cellSums
	m.sumsOf(r, &s)
	n := d.of(r.from())
	n.records++
	n.inbound = n.inbound || inbound
	k := cellKey{dims: r.dims}
	k.dims[Agent] = 0
	cells[0] = d.contacts.cell(&k)
	cells[0].add(&s)
	if r.dims[Agent] != 0 {
		k = cellKey{}
		for _, dim := range []Dim{Channel, Direction, source, Agent} {
			k.dims[dim] = r.dims[dim]
		}
		cells[1] = d.agents.cell(&k)
		cells[1].add(&s)
	}
	if inbound {
		at := r.start - floorMod(r.start, quarter)
		k = cellKey{start: at - d.start, step: quarter}
		for _, dim := range []Dim{Channel, Subject, source} {
			k.dims[dim] = r.dims[dim]
		}
		q := d.queues.cell(&k)
		for i := range queueSums {
			q[i] += s[i]
		}
	}
	return cells
}

func floorMod(a, b int64) int64 { return (a%b + b) % b }

// each adds one to a sum of cells.
func each(cells [2]*cellSums, sum Sum) {
	for _, c := range cells {
		if c != nil {
			c[sum]++
		}
	}
}

// follow matches a contact with the last answered one of the same customer and
// subject. Contacts close together are legs of one.
func (m *maker) follow(r *record, cells [2]*cellSums) {
	answered := r.answered()
	if r.alone {
		if answered {
			each(cells, Party)
		}
		return
	}
	if r.start-m.swept > m.window {
		for k, p := range m.answered {
			if r.start-p.at > m.window {
				delete(m.answered, k)
			}
		}
		m.swept = r.start
	}
	p, ok := m.answered[r.chain]
	if ok && r.start-p.at <= int64(legs/time.Second) && r.start-p.from <= longestLegs {
		if answered {
			p.at = r.start
			m.answered[r.chain] = p
		}
		return
	}
	if ok {
		if r.start-p.at <= m.window {
			each(p.cell, Followed)
			each(cells, Repeats)
		}
		delete(m.answered, r.chain) // a contact is followed once
	}
	if answered {
		each(cells, Party)
		m.answered[r.chain] = pending{at: r.start, from: r.start, cell: cells}
	}
}

// fact is a row of interval statistics.
type fact struct {
	start, step                int64
	channel, source, subject   uint32
	offered, offeredN          float64
	answered, abandoned, short float64
	within, withinN            float64
	wait, waitN, talk, talkN   float64
	hold, acw, handle, handleN float64
}

// interval puts a row of interval statistics into its day. judged tells whether
// the source says of this channel how contacts end.
func (d *dayParts) interval(f *fact, judged bool) {
	b := d.queues
	k := cellKey{start: f.start - d.start, step: f.step}
	k.dims[Channel], k.dims[Subject], k.dims[source] = f.channel, f.subject, f.source
	s := b.cell(&k)
	lost := f.abandoned
	// Some sources count short abandons among the abandoned, others beside them:
	// what adds up to the offered tells.
	if f.short > 0 && math.Abs(f.offered-f.answered-f.abandoned) <= math.Abs(f.offered-f.answered-f.abandoned-f.short) {
		lost = math.Max(0, lost-f.short)
	}
	s[Offered] += f.offered
	if judged {
		s[Judged] += f.offered
		s[Answered] += f.answered
		s[Abandoned] += lost
		s[Short] += f.short
	}
	if f.withinN > 0 && f.offered > 0 {
		share := f.withinN / f.offered
		s[SLOffered] += f.withinN
		s[SLAnswered] += f.answered * share
		s[SLShort] += f.short * share
		s[Within] += f.within
	}
	s[Wait] += f.wait
	s[WaitN] += f.waitN
	s[Talk] += f.talk
	s[TalkN] += f.talkN
	if f.hold != 0 {
		s[Hold] += f.hold
		s[HoldN] += f.handleN
	}
	if f.acw != 0 {
		s[ACW] += f.acw
		s[ACWN] += f.handleN
	}
	s[Handle] += f.handle
	s[HandleN] += f.handleN
}
