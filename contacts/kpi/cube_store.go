package kpi

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"runtime"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"kcc/contacts"
	"kcc/internal/calendar"
	"kcc/internal/store"
)

// The parts of a day in the store: id is 4·day + part.
const (
	queuePart = iota
	contactPart
	agentPart
	partsPerDay = 4
)

// span is the days from First to Last, both included.
type span struct{ first, last calendar.Date }

// cube gives the parts of days. Days whose parts are missing or no longer right
// are made again, and kept unless another run holds the store.
type cube struct {
	db   *sql.DB
	set  *Settings
	fast map[int64][]byte // parts made in this run
	span span             // days with any row
	none bool             // there are no rows at all
}

// openCube throws away parts that changes since have made wrong.
func openCube(ctx context.Context, db *sql.DB, set *Settings) (*cube, error) {
	c := &cube{db: db, set: set, fast: map[int64][]byte{}}
	var first, last sql.Null[int64]
	if err := db.QueryRowContext(ctx, "SELECT MIN(day), MAX(day) FROM coverage WHERE rows > 0").Scan(&first, &last); err != nil {
		return nil, store.Explain(err)
	}
	c.none = !first.Valid
	c.span = span{calendar.Date(first.V), calendar.Date(last.V)}
	return c, nil
}

// invalidate removes the parts that are no longer right. A change of a day can
// change what is a repeat a window before and after it.
func (c *cube) invalidate(ctx context.Context) error {
	hash := c.set.hash()
	var have string
	var marks int64
	err := c.db.QueryRowContext(ctx, "SELECT COALESCE((SELECT value FROM kpi_setting WHERE name = 'hash'), ''), EXISTS (SELECT 1 FROM kpi_stale)").Scan(&have, &marks)
	if err != nil || have == hash && marks == 0 {
		return store.Explain(err)
	}
	return store.Write(ctx, c.db, func(tx *sql.Tx) error {
		if have != hash {
			if _, err := tx.ExecContext(ctx, "DELETE FROM kpi_part"); err != nil {
				return err
			}
		} else if _, err := tx.ExecContext(ctx, `
DELETE FROM kpi_part WHERE id IN (
	WITH w(n) AS (SELECT -?1 UNION ALL SELECT n + 1 FROM w WHERE n < ?1), p(part) AS (VALUES (0), (1), (2))
	SELECT (day + n) * ?2 + part FROM (SELECT DISTINCT day FROM kpi_stale), w, p)`, c.set.window(), partsPerDay); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "DELETE FROM kpi_stale")
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
INSERT INTO kpi_setting (name, value) VALUES ('hash', ?), ('generation', '1')
ON CONFLICT DO UPDATE SET value = CASE name WHEN 'hash' THEN excluded.value ELSE CAST(value AS INTEGER) + 1 END`, hash)
		return err
	})
}

// generation counts the times that parts were thrown away.
func generation(ctx context.Context, q interface {
	QueryRowContext(context.Context, string, ...any) *sql.Row
},
) (n int64, err error) {
	err = q.QueryRowContext(ctx, "SELECT COALESCE((SELECT CAST(value AS INTEGER) FROM kpi_setting WHERE name = 'generation'), 0)").Scan(&n)
	return n, err
}

// chunkDays is how many days are made in one go beside another.
const chunkDays = 61

// fill makes the missing parts of the days.
func (c *cube) fill(ctx context.Context, days span) error {
	if err := c.invalidate(ctx); err != nil {
		if !errors.Is(err, store.ErrLocked) {
			return err
		}
		return c.make(ctx, []span{days}, false) // as if none were kept
	}
	var missing []span
	have := map[calendar.Date]bool{}
	rows, err := c.db.QueryContext(ctx, "SELECT id / ?3 FROM kpi_part WHERE id >= ?1 * ?3 AND id <= ?2 * ?3 AND id % ?3 = 0", days.first, days.last, partsPerDay)
	if err != nil {
		return store.Explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var d calendar.Date
		if err := rows.Scan(&d); err != nil {
			return err
		}
		have[d] = true
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for d := days.first; d <= days.last; d++ {
		if have[d] {
			continue
		}
		if n := len(missing); n > 0 && missing[n-1].last == d-1 && d-missing[n-1].first < chunkDays {
			missing[n-1].last = d
		} else {
			missing = append(missing, span{d, d})
		}
	}
	return c.make(ctx, missing, true)
}

// make builds the parts of the spans, several at a time, and keeps them.
func (c *cube) make(ctx context.Context, spans []span, keep bool) error {
	if len(spans) == 0 {
		return nil
	}
	gen, err := generation(ctx, c.db)
	if err != nil {
		return store.Explain(err)
	}
	made := make([]map[int64][]byte, len(spans))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, s := range spans {
		g.Go(func() error {
			return store.Read(gctx, c.db, func(tx *sql.Tx) error {
				var err error
				made[i], err = c.build(gctx, tx, s)
				return err
			})
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for _, m := range made {
		for id, body := range m {
			c.fast[id] = body
		}
	}
	if !keep {
		return nil
	}
	err = store.Write(ctx, c.db, func(tx *sql.Tx) error {
		now, err := generation(ctx, tx)
		if err != nil || now != gen {
			return err // what was made may be out of date by now: it is not kept
		}
		put, err := tx.PrepareContext(ctx, "INSERT OR REPLACE INTO kpi_part (id, body) VALUES (?, ?)")
		if err != nil {
			return err
		}
		defer put.Close()
		for _, s := range spans {
			for d := s.first; d <= s.last; d++ {
				for p := range int64(partsPerDay - 1) {
					id := int64(d)*partsPerDay + p
					if _, err := put.ExecContext(ctx, id, c.fast[id]); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
	if errors.Is(err, store.ErrLocked) {
		return nil // made again next time
	}
	return err
}

// build makes the parts of a span of days from contacts and interval statistics.
func (c *cube) build(ctx context.Context, tx *sql.Tx, s span) (map[int64][]byte, error) {
	m := newMaker(c.set)
	loc := c.set.zone()
	for d := s.first; d <= s.last; d++ {
		m.days[d] = newDayParts(d, loc)
	}
	if err := readRecords(ctx, tx, m, s); err != nil {
		return nil, err
	}
	if err := readFacts(ctx, tx, m, s); err != nil {
		return nil, err
	}
	out := map[int64][]byte{}
	for d, p := range m.days {
		for i, b := range []*builder{p.queues, p.contacts, p.agents} {
			body := []byte{}
			if t := b.part(); t != nil {
				body = t.encode()
			}
			out[int64(d)*partsPerDay+int64(i)] = body
		}
	}
	return out, nil
}

// readRecords reads the contacts of a span and, to know what is a repeat, those
// of a window around it.
func readRecords(ctx context.Context, tx *sql.Tx, m *maker, s span) error {
	loc := m.set.zone()
	w := m.set.window()
	rows, err := tx.QueryContext(ctx, `
SELECT start, source_id, id, judgeable, channel, direction, outcome, subject, kind, segment, cause, department, agent,
	wait_s, talk_s, hold_s, acw_s, handle_s, csat, effort, nps, resolved, transferred, in_time, repeat_of, followed_by
FROM contact WHERE start >= ? AND start < ? ORDER BY start, id`, s.first.Add(-w).Start(loc).Unix(), s.last.Add(w+1).Start(loc).Unix())
	if err != nil {
		return err
	}
	defer rows.Close()
	names := interner{}
	raw := make([]sql.RawBytes, 9) // of text
	nums := make([]sql.Null[float64], 8)
	flags := make([]sql.Null[int64], 5)
	var r record
	var src, id int64
	var known bool
	dest := []any{&r.start, &src, &id, &known}
	for i := range raw {
		dest = append(dest, &raw[i])
	}
	for i := range nums {
		dest = append(dest, &nums[i])
	}
	for i := range flags {
		dest = append(dest, &flags[i])
	}
	chains := map[int64]int64{} // of contacts that another one follows
	day, next := s.first, s.first.Start(loc).Unix()
	var cur *dayParts
	sources := map[int64]string{}
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		for r.start >= next { // days in order: no search per row
			cur = m.days[day]
			day++
			next = day.Start(loc).Unix()
		}
		name, ok := sources[src]
		if !ok {
			name = strconv.FormatInt(src, 10)
			sources[src] = name
		}
		r.source = name
		for i, p := range []*string{&r.channel, &r.direction, &r.outcome, &r.subject, &r.kind, &r.segment, &r.cause, &r.department, &r.agent} {
			*p = names.text(raw[i])
		}
		r.chain = 0
		if repeats, followed := flags[3], flags[4]; known || repeats.Valid || followed.Valid {
			r.chain = id
			if repeats.Valid {
				r.chain = repeats.V
				if first, ok := chains[repeats.V]; ok {
					r.chain = first
					delete(chains, repeats.V)
				}
			}
			if followed.Valid {
				chains[id] = r.chain
			}
		}
		for i, p := range []*float64{&r.wait, &r.talk, &r.hold, &r.acw, &r.handle, &r.csat, &r.effort, &r.nps} {
			if *p = math.NaN(); nums[i].Valid {
				*p = nums[i].V
			}
		}
		for i, p := range []*contacts.Flag{&r.resolved, &r.moved, &r.inTime} {
			*p = contacts.Unknown
			if flags[i].Valid {
				*p = contacts.No + contacts.Flag(flags[i].V)
			}
		}
		m.add(&r, cur)
	}
	return rows.Err()
}

// interner keeps one copy of each text.
type interner map[string]string

func (n interner) text(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if s, ok := n[string(b)]; ok {
		return s
	}
	s := string(b)
	n[s] = s
	return s
}

// readFacts reads the interval statistics of a span, of the channels and sources
// whose rows are not all contact records: those are counted already.
func readFacts(ctx context.Context, tx *sql.Tx, m *maker, s span) error {
	type key struct {
		day  calendar.Date
		from [2]string
	}
	facts := map[key]bool{}
	rows, err := tx.QueryContext(ctx, "SELECT day, channel, source_id, SUM(rows) FROM coverage WHERE day >= ? AND day <= ? GROUP BY day, channel, source_id", s.first, s.last)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var k key
		var n int64
		if err := rows.Scan(&k.day, &k.from[0], &k.from[1], &n); err != nil {
			return err
		}
		if d := m.days[k.day]; d != nil && n > d.records[k.from] {
			facts[k] = true
		}
	}
	if err := rows.Err(); err != nil || len(facts) == 0 {
		return err
	}
	loc := m.set.zone()
	rows, err = tx.QueryContext(ctx, `
SELECT v.start, v.step_s, v.day, q.channel, v.source_id, v.subject, v.offered, v.offered_n, v.answered, v.abandoned, v.short_abandoned,
	v.within_target, v.within_n, v.wait_sum, v.wait_n, v.talk_sum, v.talk_n, v.hold_sum, v.acw_sum, v.handle_sum, v.handle_n
FROM volume_interval v JOIN queue q ON q.id = v.queue_id
WHERE v.start >= ? AND v.start < ? ORDER BY v.start, v.queue_id, v.subject, v.step_s`, s.first.Start(loc).Unix(), s.last.Add(1).Start(loc).Unix())
	if err != nil {
		return err
	}
	defer rows.Close()
	byDay := map[key][]fact{}
	names := interner{}
	var order []key
	for rows.Next() {
		var f fact
		var k key
		var channel, src, subject sql.RawBytes
		if err := rows.Scan(&f.start, &f.step, &k.day, &channel, &src, &subject, &f.offered, &f.offeredN, &f.answered, &f.abandoned, &f.short,
			&f.within, &f.withinN, &f.wait, &f.waitN, &f.talk, &f.talkN, &f.hold, &f.acw, &f.handle, &f.handleN); err != nil {
			return err
		}
		f.channel, f.source, f.subject = names.text(channel), names.text(src), names.text(subject)
		k.from = [2]string{f.channel, f.source}
		if !facts[k] {
			continue
		}
		if byDay[k] == nil {
			order = append(order, k)
		}
		byDay[k] = append(byDay[k], f)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, k := range order {
		d := m.days[k.day]
		if d == nil {
			continue
		}
		if d.inbound[k.from] {
			d.queues.drop(Channel, k.from[0], source, k.from[1]) // the statistics hold the records too
		}
		judged := false
		for _, f := range byDay[k] {
			judged = judged || f.answered+f.abandoned+f.short > 0
		}
		for i := range byDay[k] {
			d.interval(&byDay[k][i], judged)
		}
	}
	return nil
}

// each reads the wanted columns of a part of each day, in order of time. The
// part is used again for the next day.
func (c *cube) each(ctx context.Context, days span, which int64, w *want, f func(d calendar.Date, p *part) error) error {
	if c.none {
		return nil
	}
	days.first, days.last = max(days.first, c.span.first), min(days.last, c.span.last)
	if days.first > days.last {
		return nil
	}
	if err := c.fill(ctx, days); err != nil {
		return err
	}
	var p part
	use := func(id int64, body []byte) error {
		if len(body) == 0 {
			return nil
		}
		if err := p.decode(body, w); err != nil {
			return err
		}
		return f(calendar.Date(id/partsPerDay), &p)
	}
	rows, err := c.db.QueryContext(ctx, "SELECT id, body FROM kpi_part WHERE id >= ?1 * ?3 AND id < (?2 + 1) * ?3 AND id % ?3 = ?4 ORDER BY id",
		days.first, days.last, partsPerDay, which)
	if err != nil {
		return store.Explain(err)
	}
	defer rows.Close()
	next := int64(days.first)*partsPerDay + which
	until := func(id int64) error { // what was made in this run and could not be kept
		for ; next < id; next += partsPerDay {
			if err := use(next, c.fast[next]); err != nil {
				return err
			}
		}
		next = id + partsPerDay
		return nil
	}
	for rows.Next() {
		var id int64
		var body sql.RawBytes
		if err := rows.Scan(&id, &body); err != nil {
			return err
		}
		if err := until(id); err != nil {
			return err
		}
		b := []byte(body)
		if fresh, ok := c.fast[id]; ok {
			b = fresh
		}
		if err := use(id, b); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return until((int64(days.last)+1)*partsPerDay + which)
}

// dayStart returns the first second of a day.
func (c *cube) dayStart(d calendar.Date) time.Time { return d.Start(c.set.zone()) }

// readRanks reads the rank of each source, by its number as text.
func readRanks(ctx context.Context, db *sql.DB) (map[string]int, error) {
	rows, err := db.QueryContext(ctx, "SELECT id, rank FROM source")
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	out := map[string]int{}
	for rows.Next() {
		var id string
		var rank int
		if err := rows.Scan(&id, &rank); err != nil {
			return nil, store.Explain(err)
		}
		out[id] = rank
	}
	return out, store.Explain(rows.Err())
}

// DataPeriod returns the days of which the store has contacts, statistics, work
// or tickets; ok is false when it has none of them.
func DataPeriod(ctx context.Context, db *sql.DB, set *Settings) (p Period, ok bool, err error) {
	var first, last sql.Null[int64]
	if err := db.QueryRowContext(ctx, "SELECT MIN(day), MAX(day) FROM coverage WHERE rows > 0").Scan(&first, &last); err != nil {
		return p, false, store.Explain(err)
	}
	if first.Valid {
		return Period{calendar.Date(first.V), calendar.Date(last.V)}, true, nil
	}
	if err := db.QueryRowContext(ctx, `
SELECT MIN(t), MAX(t) FROM (SELECT received AS t FROM ticket UNION ALL SELECT closed FROM ticket UNION ALL SELECT received FROM handoff
	UNION ALL SELECT closed FROM handoff UNION ALL SELECT start FROM agent_state) WHERE t IS NOT NULL`).Scan(&first, &last); err != nil {
		return p, false, store.Explain(err)
	}
	if !first.Valid {
		return p, false, nil
	}
	day := func(sec int64) calendar.Date { return calendar.DateOf(time.Unix(sec, 0), set.zone()) }
	return Period{day(first.V), day(last.V)}, true, nil
}

// TargetForAll gives every channel of the store the same target.
func TargetForAll(ctx context.Context, db *sql.DB, t Target) (map[string]Target, error) {
	names, err := store.Texts(ctx, db, "SELECT DISTINCT channel FROM queue")
	if err != nil {
		return nil, store.Explain(err)
	}
	out := map[string]Target{}
	for _, n := range names {
		out[n] = t
	}
	return out, nil
}

// forget throws all kept parts away.
func forget(ctx context.Context, db *sql.DB) error {
	return store.Write(ctx, db, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM kpi_part")
		return err
	})
}
