package kpi

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"kcc/internal/calendar"
	"kcc/internal/store"
)

// eachWork calls f for the pieces of work and the cases that were open at some
// time from from until end, in order of the day of receipt. What f gets is used
// again for the next one.
func eachWork(ctx context.Context, db *sql.DB, set *Settings, from, end time.Time, f func(*workItem)) error {
	d := &workDays{db: db, fast: map[int64]madeWork{}}
	dec := newWorkDecoder(set.zone())
	use := func(w *workItem) {
		if w.received.Before(end) && (w.closed.IsZero() || !w.closed.Before(from)) {
			f(w)
		}
	}
	first, last, ok, err := d.span(ctx)
	if err != nil || !ok || first > dayOf(end) {
		return err
	}
	last = min(last, dayOf(end))
	for range fillTries {
		if err := d.fill(ctx, first, last); err != nil {
			return err
		}
		bodies, err := d.read(ctx, first, last, dayOf(from), from.Unix())
		if errors.Is(err, errGone) {
			continue
		}
		if err != nil {
			return err
		}
		for _, b := range bodies {
			if err := dec.each(b.day, b.body, use); err != nil {
				return d.forget(ctx, b.day, err)
			}
		}
		return nil
	}
	return fmt.Errorf("%w: others keep changing the work of this report", store.ErrLocked)
}

// forget takes a damaged list away.
func (d *workDays) forget(ctx context.Context, day int64, damage error) error {
	if _, err := d.db.ExecContext(ctx, "DELETE FROM kpi_work WHERE day = ?", day); err != nil {
		return store.Explain(err)
	}
	return fmt.Errorf("%w: that of the work received on %s, which is thrown away now: ask again", damage, calendar.Date(day))
}

// dayOf returns the day of UTC of a moment.
func dayOf(t time.Time) int64 { return floorDiv(t.Unix(), secondsPerDay) }

func floorDiv(a, b int64) int64 { return (a - floorMod(a, b)) / b }

// workDays gives the lists of work by the day of receipt. Lists that are missing
// are made, and kept unless another run holds the store.
type workDays struct {
	db   *sql.DB
	fast map[int64]madeWork // made in this run
}

// madeWork is the list of a day.
type madeWork struct {
	day, last int64
	body      []byte
}

// span returns the first and the last day on which work was received.
func (d *workDays) span(ctx context.Context) (first, last int64, ok bool, err error) {
	var a, b sql.Null[int64]
	err = d.db.QueryRowContext(ctx, `
SELECT MIN(t) / ?1, MAX(t) / ?1 FROM (SELECT (SELECT MIN(received) FROM handoff) AS t UNION ALL SELECT (SELECT MAX(received) FROM handoff)
	UNION ALL SELECT (SELECT MIN(received) FROM ticket) UNION ALL SELECT (SELECT MAX(received) FROM ticket))`, secondsPerDay).Scan(&a, &b)
	return a.V, b.V, a.Valid, store.Explain(err)
}

// kept returns the days whose lists are there, in order.
func (d *workDays) kept(ctx context.Context, first, last int64) ([]int64, error) {
	rows, err := d.db.QueryContext(ctx, "SELECT day FROM kpi_work WHERE day >= ? AND day <= ? AND body IS NOT NULL AND form = ? ORDER BY day", first, last, workVersion)
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var out []int64
	for rows.Next() {
		var day int64
		if err := rows.Scan(&day); err != nil {
			return nil, store.Explain(err)
		}
		out = append(out, day)
	}
	return out, store.Explain(rows.Err())
}

// missing returns the days without a list.
func (d *workDays) missing(ctx context.Context, first, last int64) ([]int64, error) {
	kept, err := d.kept(ctx, first, last)
	if err != nil {
		return nil, err
	}
	var out []int64
	for day := first; day <= last; day++ {
		if len(kept) > 0 && kept[0] == day {
			kept = kept[1:]
		} else if _, ok := d.fast[day]; !ok {
			out = append(out, day)
		}
	}
	return out, nil
}

// fill makes the missing lists.
func (d *workDays) fill(ctx context.Context, first, last int64) error {
	days, err := d.missing(ctx, first, last)
	if err != nil {
		return err
	}
	return d.make(ctx, days)
}

// make builds the lists of days, several at a time, and keeps them. They are
// announced first: a change of a piece of work takes the announcement away, and
// then the list, which may be of the time before, is not kept.
func (d *workDays) make(ctx context.Context, days []int64) error {
	if len(days) == 0 {
		return nil
	}
	token := rand.Int64()
	err := store.Write(ctx, d.db, func(tx *sql.Tx) error {
		put, err := tx.PrepareContext(ctx, "INSERT OR REPLACE INTO kpi_work (day, form, token) VALUES (?, ?, ?)")
		if err != nil {
			return err
		}
		defer put.Close()
		for _, day := range days {
			if _, err := put.ExecContext(ctx, day, workVersion, token); err != nil {
				return err
			}
		}
		return nil
	})
	keep := err == nil
	if err != nil && !errors.Is(err, store.ErrLocked) {
		return err
	}
	made, err := buildWork(ctx, d.db, days)
	if err != nil {
		return err
	}
	for _, m := range made {
		d.fast[m.day] = m
	}
	if !keep {
		return nil
	}
	err = store.Write(ctx, d.db, func(tx *sql.Tx) error {
		put, err := tx.PrepareContext(ctx, "UPDATE kpi_work SET last = ?, body = ? WHERE day = ? AND token = ?")
		if err != nil {
			return err
		}
		defer put.Close()
		for _, m := range made {
			if _, err := put.ExecContext(ctx, m.last, m.body, m.day, token); err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, store.ErrLocked) {
		return nil // made again next time
	}
	return err
}

// read returns the lists of the days from which there may be work that was not
// closed before a moment: all from the day from on, and of those before it the
// ones whose last work was closed after the moment.
func (d *workDays) read(ctx context.Context, first, last, from, after int64) ([]madeWork, error) {
	var out []madeWork
	err := store.Read(ctx, d.db, func(tx *sql.Tx) error {
		var there int64
		if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM kpi_work WHERE day >= ? AND day <= ? AND body IS NOT NULL AND form = ?", first, last, workVersion).Scan(&there); err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, `
SELECT day, last, body FROM kpi_work WHERE day >= ?1 AND day <= ?2 AND (day >= ?3 OR last >= ?4) AND body IS NOT NULL AND form = ?5 ORDER BY day`, first, last, from, after, workVersion)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var m madeWork
			if err := rows.Scan(&m.day, &m.last, &m.body); err != nil {
				return err
			}
			if _, ok := d.fast[m.day]; ok {
				continue
			}
			out = append(out, m)
		}
		if err := rows.Err(); err != nil {
			return err
		}
		if there == last-first+1 {
			return nil
		}
		return d.all(ctx, first, last)
	})
	if err != nil {
		return nil, store.Explain(err)
	}
	for _, m := range d.fast {
		if m.day >= first && m.day <= last && (m.day >= from || m.last >= after) {
			out = append(out, m)
		}
	}
	slices.SortFunc(out, func(a, b madeWork) int { return int(a.day - b.day) })
	return out, nil
}

// all returns errGone when a list was taken away since fill.
func (d *workDays) all(ctx context.Context, first, last int64) error {
	days, err := d.missing(ctx, first, last)
	if err == nil && len(days) > 0 {
		err = errGone
	}
	return err
}

// prepareWork makes missing lists from the newest day back, of as many pieces of
// work as most, for the reports to come.
func prepareWork(ctx context.Context, db *sql.DB, most int) error {
	d := &workDays{db: db, fast: map[int64]madeWork{}}
	first, last, ok, err := d.span(ctx)
	if err != nil || !ok {
		return err
	}
	days, err := d.missing(ctx, first, last)
	if err != nil {
		return err
	}
	n := len(days)
	for left := most; n > 0; n-- {
		var work int
		from := days[n-1] * secondsPerDay
		err := db.QueryRowContext(ctx, `
SELECT (SELECT COUNT(*) FROM handoff WHERE received >= ?1 AND received < ?2) + (SELECT COUNT(*) FROM ticket WHERE received >= ?1 AND received < ?2)`,
			from, from+secondsPerDay).Scan(&work)
		if err != nil {
			return store.Explain(err)
		}
		if left -= work; left < 0 {
			break
		}
	}
	return d.make(ctx, days[n:])
}

// checkWork makes lists of work again, of some days spread over the kept ones or
// of all, and returns a sentence for each that differs.
func checkWork(ctx context.Context, db *sql.DB, all bool) ([]string, error) {
	d := &workDays{db: db}
	first, last, ok, err := d.span(ctx)
	if err != nil || !ok {
		return nil, err
	}
	days, err := d.kept(ctx, first, last)
	if err != nil {
		return nil, err
	}
	if !all {
		days = sample(days)
	}
	made, err := buildWork(ctx, db, days)
	if err != nil {
		return nil, err
	}
	var found []string
	for _, m := range made {
		var last int64
		var body []byte
		err := db.QueryRowContext(ctx, "SELECT last, body FROM kpi_work WHERE day = ? AND body IS NOT NULL", m.day).Scan(&last, &body)
		if errors.Is(err, sql.ErrNoRows) {
			continue // it changed meanwhile
		}
		if err != nil {
			return nil, store.Explain(err)
		}
		if (last != m.last || !bytes.Equal(body, m.body)) && len(found) < maxFindings {
			found = append(found, fmt.Sprintf("the list of work of %s is not that of its hand-offs and tickets", calendar.Date(m.day)))
		}
	}
	return found, nil
}

// buildWork makes the lists of days, in their order.
func buildWork(ctx context.Context, db *sql.DB, days []int64) ([]madeWork, error) {
	out := make([]madeWork, len(days))
	const few = 8 // days, not worth a reader of their own
	readers := min(runtime.GOMAXPROCS(0), (len(days)+few-1)/few)
	g, gctx := errgroup.WithContext(ctx)
	for k := range readers {
		g.Go(func() (err error) {
			r, err := store.OpenReader(gctx, db)
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, r.Close()) }()
			for i := k * len(days) / readers; i < (k+1)*len(days)/readers; i++ {
				if out[i], err = buildWorkDay(gctx, r, days[i]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return out, g.Wait()
}

// buildWorkDay makes the list of a day.
func buildWorkDay(ctx context.Context, r *store.Reader, day int64) (madeWork, error) {
	start, end := day*secondsPerDay, (day+1)*secondsPerDay
	held, err := readHeld(ctx, r, start, end)
	if err != nil {
		return madeWork{}, err
	}
	l := newWorkList(day)
	moment := func(row store.Row, col int) time.Time {
		if row.Null(col) {
			return time.Time{}
		}
		return time.Unix(row.Int(col), 0)
	}
	const (
		id = iota
		received
		closed
		texts // from here those of about
	)
	const (
		due = iota + texts + 6
		stopped
		paused
	)
	var w workItem
	piece := func(row store.Row) {
		w = workItem{about: &about{}, received: moment(row, received), closed: moment(row, closed), promises: w.promises[:0]}
		for i, p := range w.fields() {
			*p = string(row.Bytes(texts + i))
		}
	}
	last := int64(-1)
	done := func() {
		if last < 0 {
			return
		}
		if w.held = held[last]; len(w.held) > 0 { // after the end nothing stands still
			if n := len(w.held) - 1; !w.closed.IsZero() && w.held[n].to.IsZero() && !w.held[n].from.Before(w.closed) {
				w.held = w.held[:n]
			}
		}
		l.add(&w, "")
	}
	err = r.Each(ctx, `
SELECT h.id, h.received, h.closed, c.channel, c.kind, c.subject, c.segment, c.direction, h.department, k.due, k.stopped, k.paused_since
FROM handoff h LEFT JOIN contact c ON c.id = h.contact_id LEFT JOIN commitment k ON k.handoff_id = h.id
WHERE h.received >= ? AND h.received < ? ORDER BY h.received, h.id, k.id`, func(row store.Row) error {
		if this := row.Int(id); this != last {
			done()
			piece(row)
			last = this
		}
		if !row.Null(due) {
			w.promises = append(w.promises, promised{due: moment(row, due), stopped: moment(row, stopped), paused: moment(row, paused)})
		}
		return nil
	}, start, end)
	if err != nil {
		return madeWork{}, err
	}
	done()
	err = r.Each(ctx, `
SELECT id, received, closed, channel, kind, subject, '', 'inbound', handed_off_to, COALESCE(due_date, '') FROM ticket
WHERE received >= ? AND received < ? ORDER BY received, id`, func(row store.Row) error {
		piece(row)
		w.ticket = true
		l.add(&w, string(row.Bytes(due)))
		return nil
	}, start, end)
	return madeWork{day, l.last, l.encode()}, err
}

// readHeld reads the stretches in which work received in a span stood still, by
// the number of the work.
func readHeld(ctx context.Context, r *store.Reader, from, end int64) (map[int64][]stretch, error) {
	out := map[int64][]stretch{}
	return out, r.Each(ctx, `
SELECT e.handoff_id, e.at, e.kind FROM handoff h JOIN handoff_event e ON e.handoff_id = h.id
WHERE h.received >= ? AND h.received < ? AND e.kind IN ('paused', 'resumed', 'closed', 'reopened') ORDER BY e.handoff_id, e.at, e.id`, func(row store.Row) error {
		id, t, kind := row.Int(0), time.Unix(row.Int(1), 0), string(row.Bytes(2))
		held := out[id]
		n := len(held)
		running := n > 0 && held[n-1].to.IsZero()
		switch {
		case kind == "paused" && !running:
			held = append(held, stretch{from: t})
		case kind == "closed":
			if running {
				held[n-1].to = t
			}
			held = append(held, stretch{from: t})
		case (kind == "resumed" || kind == "reopened") && running:
			held[n-1].to = t
		default:
			return nil
		}
		out[id] = held
		return nil
	}, from, end)
}
