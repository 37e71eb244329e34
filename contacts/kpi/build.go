package kpi

import (
	"math"
	"time"

	"kcc/contacts"
	"kcc/internal/calendar"
)

// record is a contact as the parts are made from it; NaN and nil are unknown.
type record struct {
	start                       int64
	source                      string
	channel, direction, outcome string
	subject, kind, segment      string
	cause, department, agent    string
	chain                       int64 // names the contacts of this customer on this subject; 0: customer unknown
	wait, talk, hold, acw       float64
	handle, csat, effort, nps   float64
	resolved, moved, inTime     contacts.Flag
}

// dayParts are the parts of one day in the making.
type dayParts struct {
	day                      calendar.Date
	start                    int64 // first second of the day
	queues, contacts, agents *builder
	records                  map[[2]string]int64 // by channel and source, outbound too
	inbound                  map[[2]string]bool
}

func newDayParts(d calendar.Date, loc *time.Location) *dayParts {
	return &dayParts{
		day: d, start: d.Start(loc).Unix(), queues: newBuilder(), contacts: newBuilder(), agents: newBuilder(),
		records: map[[2]string]int64{}, inbound: map[[2]string]bool{},
	}
}

// pending is an answered contact of a customer whose return is awaited.
type pending struct {
	at   int64 // of its last leg
	cell [2]*Sums
}

// maker turns records in order of time into parts.
type maker struct {
	set      *Settings
	short    float64
	window   int64 // seconds
	days     map[calendar.Date]*dayParts
	answered map[int64]pending
	swept    int64
}

func newMaker(set *Settings) *maker {
	return &maker{
		set: set, short: set.short().Seconds(), window: int64(set.window()) * 24 * 60 * 60,
		days: map[calendar.Date]*dayParts{}, answered: map[int64]pending{},
	}
}

// sumsOf returns what one record adds.
func (m *maker) sumsOf(r *record) Sums {
	var s Sums
	s[Contacts] = 1
	add := func(v float64, sum, n Sum) {
		if !math.IsNaN(v) {
			s[sum] += v
			s[n]++
		}
	}
	answered := true
	short := false
	switch r.outcome {
	case contacts.Abandoned, contacts.ShortAbandon, contacts.Overflow:
		answered = false
		short = r.outcome == contacts.ShortAbandon || r.outcome == contacts.Abandoned && r.wait < m.short
	}
	s[Offered], s[Judged] = 1, 1
	switch {
	case short:
		s[Short] = 1
	case r.outcome == contacts.Abandoned:
		s[Abandoned] = 1
	}
	m.waiting(r, &s, answered, short)
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
		return s
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
	m.ending(r, &s)
	if r.resolved != contacts.Unknown {
		s[ResolvedN] = 1
		if r.resolved == contacts.Yes {
			s[Resolved] = 1
		}
	}
	return s
}

// waiting adds whether the customer was helped within the target of the channel:
// by the wait where both are known, else by what the source told. Who was not
// answered was not answered in time, however long the wait was.
func (m *maker) waiting(r *record, s *Sums, answered, short bool) {
	t := m.set.Targets[r.channel]
	in, known := r.inTime == contacts.Yes, r.inTime != contacts.Unknown
	switch {
	case t.Within > 0 && !math.IsNaN(r.wait):
		in, known = r.wait <= t.Within.Seconds(), true
	case !answered && math.IsNaN(r.wait): // that it was not in time says nothing of when the customer left
		in, known = false, false
	}
	if !known && (answered || t.Within <= 0) {
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
func (m *maker) ending(r *record, s *Sums) {
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

// quarter is the interval in which call records are counted, in seconds.
const quarter = 15 * 60

// add puts a record into its day; d is nil outside the days that are made.
func (m *maker) add(r *record, d *dayParts) {
	inbound := r.direction != contacts.Outbound
	var cells [2]*Sums
	var s Sums
	if d != nil {
		s = m.sumsOf(r)
		cells = m.place(r, d, &s, inbound)
	} else {
		switch r.outcome {
		case contacts.Abandoned, contacts.ShortAbandon, contacts.Overflow:
		default:
			s[RAnswered] = 1
		}
	}
	if inbound && r.chain != 0 {
		for _, c := range cells {
			if c != nil {
				c[Known]++
			}
		}
		m.follow(r, cells, s[RAnswered] > 0)
	}
}

// place adds sums to the cells of a record and returns those of contacts and
// agents.
func (m *maker) place(r *record, d *dayParts, s *Sums, inbound bool) (cells [2]*Sums) {
	from := [2]string{r.channel, r.source}
	d.records[from]++
	direction := ""
	if !inbound {
		direction = contacts.Outbound
	}
	b := d.contacts
	k := cellKey{}
	k.dims[Channel], k.dims[Direction], k.dims[source] = b.id(r.channel), b.id(direction), b.id(r.source)
	k.dims[Subject], k.dims[Kind], k.dims[Segment] = b.id(r.subject), b.id(r.kind), b.id(r.segment)
	k.dims[Cause], k.dims[Department] = b.id(r.cause), b.id(r.department)
	cells[0] = b.cell(k)
	cells[0].Add(s)
	if r.agent != "" {
		b = d.agents
		k = cellKey{}
		k.dims[Channel], k.dims[Direction], k.dims[source], k.dims[Agent] = b.id(r.channel), b.id(direction), b.id(r.source), b.id(r.agent)
		cells[1] = b.cell(k)
		cells[1].Add(s)
	}
	if inbound {
		d.inbound[from] = true
		b = d.queues
		at := r.start - floorMod(r.start, quarter)
		k = cellKey{start: at - d.start, step: quarter}
		k.dims[Channel], k.dims[Subject], k.dims[source] = b.id(r.channel), b.id(r.subject), b.id(r.source)
		q := b.cell(k)
		for i := range queueSums {
			q[i] += s[i]
		}
	}
	return cells
}

func floorMod(a, b int64) int64 { return (a%b + b) % b }

// follow matches a contact with the last answered one of the same customer and
// subject. Contacts close together are legs of one.
func (m *maker) follow(r *record, cells [2]*Sums, answered bool) {
	if r.start-m.swept > m.window {
		for k, p := range m.answered {
			if r.start-p.at > m.window {
				delete(m.answered, k)
			}
		}
		m.swept = r.start
	}
	each := func(cells [2]*Sums, sum Sum) {
		for _, c := range cells {
			if c != nil {
				c[sum]++
			}
		}
	}
	p, ok := m.answered[r.chain]
	if ok && r.start-p.at <= int64(legs/time.Second) {
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
		m.answered[r.chain] = pending{at: r.start, cell: cells}
	}
}

// fact is a row of interval statistics.
type fact struct {
	start, step                int64
	channel, source, subject   string
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
	k.dims[Channel], k.dims[Subject], k.dims[source] = b.id(f.channel), b.id(f.subject), b.id(f.source)
	s := b.cell(k)
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
