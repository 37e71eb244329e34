package kpi

import (
	"context"
	"database/sql"
	"errors"
	"math"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"kcc/contacts"
	"kcc/internal/calendar"
	"kcc/internal/store"
)

// readWork reads the pieces of work and the tickets that were open at some time
// from from until end. named says whether it matters what they are about.
func readWork(ctx context.Context, db *sql.DB, set *Settings, from, end time.Time, named bool) ([]workItem, error) {
	return set.recall(from, end, named, func() ([]workItem, error) { return readWorkAnew(ctx, db, set, from, end, named) })
}

func readWorkAnew(ctx context.Context, db *sql.DB, set *Settings, from, end time.Time, named bool) ([]workItem, error) {
	// In two halves by when it was closed, each with a reader of its own and room in
	// one list.
	mid := from.Unix() + (end.Unix()-from.Unix())/2
	parts := [2]handOffs{{from: from.Unix(), to: mid, end: end.Unix(), named: named}, {from: mid, to: math.MaxInt64, end: end.Unix(), open: true, named: named}}
	var sizes [2]int
	for i := range parts {
		var err error
		if sizes[i], err = parts[i].count(ctx, db); err != nil {
			return nil, err
		}
	}
	all := make([]workItem, 0, sizes[0]+sizes[1])
	parts[0].items, parts[1].items = all[:0:sizes[0]], all[sizes[0]:sizes[0]]
	var tickets []workItem
	g, gctx := errgroup.WithContext(ctx)
	for i := range parts {
		g.Go(func() error { return parts[i].read(gctx, db) })
	}
	g.Go(func() error {
		return store.Read(gctx, db, func(tx *sql.Tx) (err error) {
			tickets, err = readTickets(gctx, tx, set, from, end)
			return err
		})
	})
	if err := g.Wait(); err != nil {
		return nil, err
	}
	if n, m := len(parts[0].items), len(parts[1].items); n == sizes[0] && m <= sizes[1] {
		return append(all[:n+m], tickets...), nil
	}
	return slices.Concat(parts[0].items, parts[1].items, tickets), nil // others write meanwhile
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

func timeOf(n sql.Null[int64]) time.Time {
	if !n.Valid {
		return time.Time{}
	}
	return time.Unix(n.V, 0)
}

// handOffs is work received before end that was closed from from until to, and with
// open also what is not closed.
type handOffs struct {
	from, to, end int64
	open, named   bool
	items         []workItem
}

const (
	closedWork = "SELECT id, received, closed, department, topic FROM handoff WHERE closed >= ?1 AND closed < ?3 AND received < ?2"
	openWork   = "SELECT id, received, closed, department, topic FROM handoff WHERE ?4 AND closed IS NULL AND received < ?2"
)

func (h *handOffs) args() []int64 {
	return []int64{h.from, h.end, h.to, map[bool]int64{true: 1}[h.open]}
}

// count returns how much work there is.
func (h *handOffs) count(ctx context.Context, db *sql.DB) (n int, err error) {
	a := h.args()
	err = db.QueryRowContext(ctx, "SELECT (SELECT COUNT(*) FROM ("+closedWork+")) + (SELECT COUNT(*) FROM ("+openWork+"))", a[0], a[1], a[2], a[3]).Scan(&n)
	return n, store.Explain(err)
}

// read appends the work to items.
func (h *handOffs) read(ctx context.Context, db *sql.DB) (err error) {
	r, err := store.OpenReader(ctx, db)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	var topics map[int64]workItem
	if h.named {
		if topics, err = readTopics(ctx, r); err != nil {
			return err
		}
	}
	const (
		id = iota
		received
		closed
		department
		due
		stopped
		paused
		topic
	)
	names := interner{}
	moment := func(row store.Row, col int) time.Time {
		if row.Null(col) {
			return time.Time{}
		}
		return time.Unix(row.Int(col), 0)
	}
	last := int64(-1)
	var block []promised // most work has one promise: those of many in one piece of memory
	return r.Each(ctx, "SELECT h.id, h.received, h.closed, h.department, k.due, k.stopped, k.paused_since, h.topic FROM ("+closedWork+" UNION ALL "+openWork+
		") h LEFT JOIN commitment k ON k.handoff_id = h.id", func(row store.Row) error {
		if this := row.Int(id); this != last || len(h.items) == 0 {
			last = this
			h.items = append(h.items, topics[row.Int(topic)])
			w := &h.items[len(h.items)-1]
			w.id, w.received, w.closed, w.department = this, moment(row, received), moment(row, closed), names.text(row.Bytes(department))
		}
		if row.Null(due) {
			return nil
		}
		p := promised{due: moment(row, due), stopped: moment(row, stopped), paused: moment(row, paused)}
		w := &h.items[len(h.items)-1]
		if w.promises != nil {
			w.promises = append(w.promises, p)
			return nil
		}
		if len(block) == cap(block) {
			block = make([]promised, 0, promiseBlock)
		}
		block = append(block, p)
		w.promises = block[len(block)-1 : len(block) : len(block)]
		return nil
	}, h.args()...)
}

const promiseBlock = 512

// readTopics reads what pieces of work are about, by the number of the topic.
func readTopics(ctx context.Context, r *store.Reader) (map[int64]workItem, error) {
	out := map[int64]workItem{}
	err := r.Each(ctx, "SELECT id, channel, kind, subject, segment, direction FROM work_topic", func(row store.Row) error {
		text := func(col int) string { return string(row.Bytes(col)) }
		out[row.Int(0)] = workItem{channel: text(1), kind: text(2), subject: text(3), segment: text(4), direction: text(5)}
		return nil
	})
	return out, err
}

func readTickets(ctx context.Context, tx *sql.Tx, set *Settings, from, end time.Time) ([]workItem, error) {
	rows, err := tx.QueryContext(ctx, `
SELECT id, received, closed, channel, kind, subject, handed_off_to, COALESCE(due_date, '')
FROM (SELECT * FROM ticket WHERE closed >= ?1 AND received < ?2 UNION ALL SELECT * FROM ticket WHERE closed IS NULL AND received < ?2) ORDER BY id`, from.Unix(), end.Unix())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	loc := set.zone()
	var out []workItem
	for rows.Next() {
		w := workItem{ticket: true}
		var received int64
		var closed sql.Null[int64]
		var due string
		if err := rows.Scan(&w.id, &received, &closed, &w.channel, &w.kind, &w.subject, &w.department, &due); err != nil {
			return nil, err
		}
		w.received, w.closed, w.direction = time.Unix(received, 0), timeOf(closed), contacts.Inbound
		if due != "" {
			// A date is a promise for that whole day.
			if d, err := calendar.ParseDate(due); err == nil {
				w.promises = []promised{{due: d.Add(1).Start(loc).Add(-time.Second), stopped: w.closed}}
			} else if t, err := calendar.ParseTime(due, loc); err == nil {
				w.promises = []promised{{due: t.In(loc), stopped: w.closed}}
			}
		}
		out = append(out, w)
	}
	return out, rows.Err()
}

// readHeld adds the stretches in which work received in a span stood still.
func readHeld(ctx context.Context, db *sql.DB, set *Settings, from, end time.Time, items []workItem) error {
	rows, err := db.QueryContext(ctx, `
SELECT e.handoff_id, e.at, e.kind FROM handoff h JOIN handoff_event e ON e.handoff_id = h.id
WHERE h.received >= ? AND h.received < ? AND e.kind IN ('paused', 'resumed', 'closed', 'reopened') ORDER BY e.handoff_id, e.at, e.id`, from.Unix(), end.Unix())
	if err != nil {
		return store.Explain(err)
	}
	defer rows.Close()
	byID := map[int64]*workItem{}
	for i := range items {
		if !items[i].ticket {
			byID[items[i].id] = &items[i]
		}
	}
	loc := set.zone()
	for rows.Next() {
		var id, at int64
		var kind string
		if err := rows.Scan(&id, &at, &kind); err != nil {
			return err
		}
		w := byID[id]
		if w == nil {
			continue
		}
		t := time.Unix(at, 0).In(loc)
		n := len(w.held)
		running := n > 0 && w.held[n-1].to.IsZero()
		switch {
		case kind == "paused" && !running:
			w.held = append(w.held, stretch{from: t})
		case kind == "closed":
			if running {
				w.held[n-1].to = t
			}
			w.held = append(w.held, stretch{from: t})
		case (kind == "resumed" || kind == "reopened") && running:
			w.held[n-1].to = t
		}
	}
	return rows.Err()
}

// plainWork adds the work of a period to buckets without looking at what it is
// about: sums from indexes alone, and the open and the late ones. starts are the
// first seconds of the buckets, then the end of the last.
func plainWork(ctx context.Context, db *sql.DB, starts []int64, asOf int64, out []Sums) (err error) {
	from, end := starts[0], starts[len(starts)-1]
	r, err := store.OpenReader(ctx, db)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	// The query gives moments; args are its parameters.
	count := func(sums []Sum, query string, args ...int64) error {
		b := 0 // moments come in order: the bucket is that of the one before, or a later one
		return r.Each(ctx, query, func(row store.Row) error {
			t := row.Int(0)
			for b+1 < len(out) && t >= starts[b+1] {
				b++
			}
			for _, s := range sums {
				out[b][s]++
			}
			return nil
		}, args...)
	}
	for _, c := range []struct {
		sums  []Sum
		query string
		args  []int64
	}{
		{[]Sum{Received}, "SELECT received FROM handoff WHERE received >= ? AND received < ? ORDER BY received", []int64{from, end}},
		{[]Sum{Closed}, "SELECT closed FROM handoff WHERE closed >= ? AND closed < ? ORDER BY closed", []int64{from, end}},
		{[]Sum{Decided, Kept}, "SELECT stopped FROM commitment WHERE stopped >= ? AND stopped < ? AND stopped <= due AND stopped <= ? ORDER BY stopped", []int64{from, end, asOf}},
		{[]Sum{Decided}, "SELECT due FROM commitment WHERE due >= ? AND due < ? AND due < COALESCE(paused_since, ?) AND (stopped IS NULL OR stopped > due) ORDER BY due", []int64{from, end, asOf}},
	} {
		if err := count(c.sums, c.query, c.args...); err != nil {
			return err
		}
	}
	// The backlog at the end of each bucket follows from that at the last end.
	level := 0.0
	if err := r.Each(ctx, `SELECT (SELECT COUNT(*) FROM handoff WHERE closed >= ?1 AND received < ?1) +
		(SELECT COUNT(*) FROM handoff WHERE closed IS NULL AND received < ?1)`, func(row store.Row) error { level = row.Float(0); return nil }, min(end, asOf)); err != nil {
		return err
	}
	for i := len(out) - 1; i >= 0; i-- {
		if starts[i] < asOf {
			out[i][Open] = level
			level -= out[i][Received] - out[i][Closed]
		}
	}
	// A piece of work is overdue from when a promise falls due until it is done.
	late := map[[2]int64]bool{} // bucket and piece
	return r.Each(ctx, `
SELECT handoff_id, due, stopped FROM commitment WHERE stopped >= ?1 AND stopped > due AND due < ?2 UNION ALL
SELECT handoff_id, due, ?4 FROM commitment WHERE stopped IS NULL AND due < ?2 AND due < COALESCE(paused_since, ?3)`, func(row store.Row) error {
		id, due, done := row.Int(0), row.Int(1), row.Int(2)
		for i := bucketOf(starts, max(due, from)); i < len(out) && starts[i] < asOf; i++ {
			t := min(starts[i+1], asOf)
			if due >= t {
				continue
			}
			if done <= t {
				break
			}
			if !late[[2]int64{int64(i), id}] {
				late[[2]int64{int64(i), id}] = true
				out[i][Overdue]++
			}
		}
		return nil
	}, from, end, asOf, math.MaxInt64)
}

// bucketOf returns the bucket that holds a moment.
func bucketOf(starts []int64, t int64) int {
	i, found := slices.BinarySearch(starts, t)
	if !found {
		i--
	}
	return min(max(i, 0), len(starts)-2)
}
