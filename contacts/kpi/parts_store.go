package kpi

import (
	"context"
	"math"
	"strconv"

	"kcc/contacts"
	"kcc/internal/calendar"
	"kcc/internal/store"
)

// build makes the parts of a span of days from contacts and interval statistics,
// in one pass over the contacts in order of time, and sends them off day by day.
func (c *cube) build(ctx context.Context, s span, made chan<- madeDay) error {
	r, err := store.OpenReader(ctx, c.db)
	if err != nil {
		return err
	}
	defer r.Close()
	m := newMaker(c.set)
	b := &stretchBuild{maker: m, reader: r, span: s, reach: c.set.reach(), next: s.first, send: func(d madeDay) error {
		select {
		case made <- d:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}}
	if c.fresh {
		b.reach = 0
	}
	if err := b.readCoverage(ctx); err != nil {
		return err
	}
	if err := b.readRecords(ctx); err != nil {
		return err
	}
	return b.advance(ctx, math.MaxInt64)
}

// stretchBuild is a span of days in the making. A day is done when no contact to
// come can be the return of a customer who was answered on it.
type stretchBuild struct {
	*maker
	reader *store.Reader
	span   span
	rows   map[calendar.Date]map[from]int64 // that the sources have of a channel and day
	open   []*dayParts                      // begun, in order
	next   calendar.Date                    // the day to begin
	at     int64                            // its first second
	reach  int                              // days from a contact to one that it can make a repeat
	send   func(madeDay) error
}

// today returns the day of a moment in order of time, nil outside the span.
func (b *stretchBuild) today(ctx context.Context, at int64) (*dayParts, error) {
	if at >= b.at {
		if err := b.advance(ctx, at); err != nil {
			return nil, err
		}
	}
	if n := len(b.open); n > 0 && at >= b.open[n-1].start && at < b.open[n-1].end {
		return b.open[n-1], nil
	}
	return nil, nil
}

// advance begins the days up to a moment and ends those that are done by then.
func (b *stretchBuild) advance(ctx context.Context, at int64) error {
	loc := b.set.zone()
	b.at = b.next.Start(loc).Unix()
	for ; b.at <= at && b.next <= b.span.last; b.at = b.next.Start(loc).Unix() {
		b.open = append(b.open, b.newDay(b.next))
		b.next++
		if err := b.finish(ctx, b.next-1); err != nil {
			return err
		}
	}
	if b.next > b.span.last { // then by the clock
		b.at = math.MaxInt64
		if at == math.MaxInt64 {
			return b.finish(ctx, b.span.last.Add(b.reach+2))
		}
	}
	return nil
}

// finish ends the days that a contact of a day cannot change any more.
func (b *stretchBuild) finish(ctx context.Context, today calendar.Date) error {
	for len(b.open) > 0 && b.open[0].day < today.Add(-b.reach-1) {
		d := b.open[0]
		b.open = b.open[1:]
		if err := b.readFacts(ctx, d); err != nil {
			return err
		}
		out := madeDay{day: d.day}
		for i, p := range []*builder{d.queues, d.contacts, d.agents} {
			out.bodies[i] = p.encode()
		}
		b.done(d)
		if err := b.send(out); err != nil {
			return err
		}
	}
	return nil
}

// readRecords reads the contacts of the span and, to know what is a repeat, those
// of a window around it.
func (b *stretchBuild) readRecords(ctx context.Context) error {
	var r record
	const (
		start = iota
		sourceID
		id
		judgeable
		texts // from here those of dims
	)
	dims := [...]Dim{Channel, Direction, Subject, Kind, Segment, Cause, Department, Agent}
	values := [...]*float64{&r.wait, &r.talk, &r.hold, &r.acw, &r.handle, &r.csat, &r.effort, &r.nps}
	marks := [...]*contacts.Flag{&r.resolved, &r.moved, &r.inTime}
	const (
		outcome = texts + len(dims)
		numbers = outcome + 1
		flags   = numbers + len(values)
		repeat  = flags + len(marks)
		follow  = repeat + 1
	)
	const query = `
SELECT start, source_id, id, judgeable, channel, direction, subject, kind, segment, cause, department, agent, outcome,
	wait_s, talk_s, hold_s, acw_s, handle_s, csat, effort, nps, resolved, transferred, in_time, repeat_of, followed_by
FROM contact WHERE start >= ? AND start < ? ORDER BY start, id`
	loc := b.set.zone()
	known := map[int64]uint32{} // sources
	chains := map[int64]int64{} // of contacts that another one follows
	var last [numbers]struct {  // of each column: texts are often those of the row before
		text string
		id   uint32
	}
	text := func(row store.Row, col int) uint32 {
		raw := row.Bytes(col)
		l := &last[col]
		if string(raw) != l.text {
			l.id = b.names.id(raw)
			l.text = b.names.list[l.id]
		}
		return l.id
	}
	return b.reader.Each(ctx, query, func(row store.Row) error {
		r.start = row.Int(start)
		d, err := b.today(ctx, r.start)
		if err != nil {
			return err
		}
		repeats, followed := !row.Null(repeat), !row.Null(follow)
		r.chain, r.alone = 0, !repeats && !followed
		if r.alone && d == nil {
			return nil
		}
		if !r.alone || row.Int(judgeable) != 0 {
			this := row.Int(id)
			r.chain = this
			if repeats {
				r.chain = row.Int(repeat)
				if first, ok := chains[r.chain]; ok {
					delete(chains, r.chain)
					r.chain = first
				}
			}
			if followed {
				chains[this] = r.chain
			}
		}
		r.outcome = b.names.list[text(row, outcome)]
		r.dims[Direction] = text(row, texts+1)
		if b.names.list[r.dims[Direction]] == contacts.Inbound {
			r.dims[Direction] = 0
		}
		if d == nil {
			b.add(&r, nil)
			return nil
		}
		src := row.Int(sourceID)
		n, ok := known[src]
		if !ok {
			n = b.names.id([]byte(strconv.FormatInt(src, 10)))
			known[src] = n
		}
		r.dims[source] = n
		for i, dim := range dims {
			if dim != Direction {
				r.dims[dim] = text(row, texts+i)
			}
		}
		for i, p := range values {
			if *p = math.NaN(); !row.Null(numbers + i) {
				*p = row.Float(numbers + i)
			}
		}
		for i, p := range marks {
			*p = contacts.Unknown
			if !row.Null(flags + i) {
				*p = contacts.No + contacts.Flag(row.Int(flags+i))
			}
		}
		b.add(&r, d)
		return nil
	}, b.span.first.Add(-b.reach).Start(loc).Unix(), b.span.last.Add(b.reach+1).Start(loc).Unix())
}

// readCoverage reads how many rows the sources have of each channel and day.
func (b *stretchBuild) readCoverage(ctx context.Context) error {
	b.rows = map[calendar.Date]map[from]int64{}
	return b.reader.Each(ctx, "SELECT day, channel, source_id, SUM(rows) FROM coverage WHERE day >= ? AND day <= ? GROUP BY day, channel, source_id", func(row store.Row) error {
		d := calendar.Date(row.Int(0))
		if b.rows[d] == nil {
			b.rows[d] = map[from]int64{}
		}
		b.rows[d][from{b.names.id(row.Bytes(1)), b.names.id(row.Bytes(2))}] = row.Int(3)
		return nil
	}, int64(b.span.first), int64(b.span.last))
}

// readFacts adds the interval statistics of a day, of the channels and sources
// whose rows are not all contact records: those are counted already.
func (b *stretchBuild) readFacts(ctx context.Context, d *dayParts) error {
	facts := map[from]bool{}
	for k, n := range b.rows[d.day] {
		if n > d.of(k).records {
			facts[k] = true
		}
	}
	if len(facts) == 0 {
		return nil
	}
	byFrom := map[from][]fact{}
	var order []from
	err := b.reader.Each(ctx, `
SELECT v.start, v.step_s, q.channel, v.source_id, v.subject, v.offered, v.offered_n, v.answered, v.abandoned, v.short_abandoned,
	v.within_target, v.within_n, v.wait_sum, v.wait_n, v.talk_sum, v.talk_n, v.hold_sum, v.acw_sum, v.handle_sum, v.handle_n
FROM volume_interval v JOIN queue q ON q.id = v.queue_id
WHERE v.start >= ? AND v.start < ? ORDER BY v.start, v.queue_id, v.subject, v.step_s`, func(row store.Row) error {
		k := from{b.names.id(row.Bytes(2)), b.names.id(row.Bytes(3))}
		if !facts[k] {
			return nil
		}
		if byFrom[k] == nil {
			order = append(order, k)
		}
		f := fact{start: row.Int(0), step: row.Int(1), channel: k.channel, source: k.source, subject: b.names.id(row.Bytes(4))}
		for i, p := range []*float64{
			&f.offered, &f.offeredN, &f.answered, &f.abandoned, &f.short, &f.within, &f.withinN,
			&f.wait, &f.waitN, &f.talk, &f.talkN, &f.hold, &f.acw, &f.handle, &f.handleN,
		} {
			*p = row.Float(5 + i)
		}
		byFrom[k] = append(byFrom[k], f)
		return nil
	}, d.start, d.end)
	if err != nil {
		return err
	}
	for _, k := range order {
		if d.of(k).inbound { // the statistics hold the records too
			d.queues = d.queues.without(func(c *cellKey) bool { return c.dims[Channel] == k.channel && c.dims[source] == k.source })
		}
		judged := false
		for _, f := range byFrom[k] {
			judged = judged || f.answered+f.abandoned+f.short > 0
		}
		for i := range byFrom[k] {
			d.interval(&byFrom[k][i], judged)
		}
	}
	return nil
}
