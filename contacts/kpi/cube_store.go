package kpi

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

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
	db    *sql.DB
	set   *Settings
	fast  map[int64][]byte // parts made in this run
	span  span             // days with any row
	none  bool             // there are no rows at all
	fresh bool             // parts are made anew and not kept, and nobody asks who came back
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
	SELECT (day + n) * ?2 + part FROM (SELECT DISTINCT day FROM kpi_stale), w, p)`, c.set.reach(), partsPerDay); err != nil {
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

// fill makes the missing parts of the days.
func (c *cube) fill(ctx context.Context, days span) error {
	keep := !c.fresh
	if keep && c.set.Apart {
		var other bool
		err := c.db.QueryRowContext(ctx, "SELECT COALESCE((SELECT value FROM kpi_setting WHERE name = 'hash'), '') <> ?", c.set.hash()).Scan(&other)
		if err != nil {
			return store.Explain(err)
		}
		keep = !other
	}
	if keep {
		err := c.invalidate(ctx)
		if err != nil && !errors.Is(err, store.ErrLocked) {
			return err
		}
		keep = err == nil // else as if none were kept
	}
	have := map[calendar.Date]bool{}
	if keep {
		list, err := keptDays(ctx, c.db, days)
		if err != nil {
			return err
		}
		for _, d := range list {
			have[d] = true
		}
	}
	var missing []span
	for d := days.first; d <= days.last; d++ {
		if have[d] || c.fast[int64(d)*partsPerDay] != nil {
			continue
		}
		if n := len(missing); n > 0 && missing[n-1].last == d-1 {
			missing[n-1].last = d
		} else {
			missing = append(missing, span{d, d})
		}
	}
	return c.make(ctx, missing, keep)
}

// keptDays returns the days whose parts are kept, in order.
func keptDays(ctx context.Context, db *sql.DB, days span) ([]calendar.Date, error) {
	rows, err := db.QueryContext(ctx, "SELECT id / ?3 FROM kpi_part WHERE id >= ?1 * ?3 AND id <= ?2 * ?3 AND id % ?3 = 0 ORDER BY id", days.first, days.last, partsPerDay)
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var out []calendar.Date
	for rows.Next() {
		var d calendar.Date
		if err := rows.Scan(&d); err != nil {
			return nil, err
		}
		out = append(out, d)
	}
	return out, store.Explain(rows.Err())
}

// rowsPerDay returns how many rows the sources have of each day.
func rowsPerDay(ctx context.Context, db *sql.DB) (map[calendar.Date]int, error) {
	rows, err := db.QueryContext(ctx, "SELECT day, SUM(rows) FROM coverage GROUP BY day")
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	out := map[calendar.Date]int{}
	for rows.Next() {
		var d calendar.Date
		var n int
		if err := rows.Scan(&d, &n); err != nil {
			return nil, err
		}
		out[d] = n
	}
	return out, store.Explain(rows.Err())
}

// fewRows is how many rows are not worth a second reader, which reads those of a
// window of days before and after its own too.
const fewRows = 10_000

// pieces cuts spans so that readers have about as many rows to read each.
func (c *cube) pieces(ctx context.Context, spans []span, readers int) ([]span, error) {
	perDay, err := rowsPerDay(ctx, c.db)
	if err != nil {
		return nil, err
	}
	total := 0
	for _, s := range spans {
		for d := s.first; d <= s.last; d++ {
			total += perDay[d]
		}
	}
	size := max(fewRows, total/readers+1)
	var out []span
	n := size // of the piece in the making; full: a new one begins
	for _, s := range spans {
		for d := s.first; d <= s.last; d++ {
			if last := len(out) - 1; last >= 0 && out[last].last == d-1 && n < size {
				out[last].last = d
			} else {
				out = append(out, span{d, d})
				if n >= size {
					n = 0
				}
			}
			n += perDay[d]
		}
	}
	return out, nil
}

// madeDay are the encoded parts of a day.
type madeDay struct {
	day    calendar.Date
	bodies [agentPart + 1][]byte
}

// make builds the parts of the spans, several at a time, and keeps them as they
// come; those that cannot be kept are in c.fast.
func (c *cube) make(ctx context.Context, spans []span, keep bool) error {
	if len(spans) == 0 {
		return nil
	}
	gen, err := generation(ctx, c.db)
	if err != nil {
		return store.Explain(err)
	}
	c.set.zone() // set before it is shared
	work, err := c.pieces(ctx, spans, runtime.GOMAXPROCS(0))
	if err != nil {
		return err
	}
	made := make(chan madeDay)
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0) + 1)
	k := keeper{cube: c, gen: gen, keep: keep}
	g.Go(func() error { return k.run(gctx, made) })
	readers, rctx := errgroup.WithContext(gctx)
	readers.SetLimit(runtime.GOMAXPROCS(0))
	for _, s := range work {
		readers.Go(func() error { return c.build(rctx, s, made) })
	}
	err = readers.Wait()
	close(made)
	return errors.Join(err, g.Wait())
}

// keeper puts parts into the store while others are made.
type keeper struct {
	cube *cube
	gen  int64 // what was made of another generation may be out of date
	keep bool
	days []madeDay
	size int
}

// keepBytes is how much is kept in one transaction: others write in between.
const keepBytes = 8 << 20

func (k *keeper) run(ctx context.Context, made <-chan madeDay) error {
	for d := range made {
		k.days = append(k.days, d)
		for _, b := range d.bodies {
			k.size += len(b)
		}
		if k.size >= keepBytes {
			if err := k.flush(ctx); err != nil {
				return err
			}
		}
	}
	return k.flush(ctx)
}

func (k *keeper) flush(ctx context.Context) error {
	kept := false
	if k.keep && len(k.days) > 0 {
		err := store.Write(ctx, k.cube.db, func(tx *sql.Tx) error {
			now, err := generation(ctx, tx)
			if err != nil || now != k.gen {
				return err
			}
			put, err := tx.PrepareContext(ctx, "INSERT OR REPLACE INTO kpi_part (id, body) VALUES (?, ?)")
			if err != nil {
				return err
			}
			defer put.Close()
			for _, d := range k.days {
				for p, body := range d.bodies {
					if _, err := put.ExecContext(ctx, int64(d.day)*partsPerDay+int64(p), body); err != nil {
						return err
					}
				}
			}
			kept = true
			return nil
		})
		if err != nil {
			if kept = false; !errors.Is(err, store.ErrLocked) {
				return err
			}
		}
		k.keep = kept // else made again next time
	}
	if !kept {
		for _, d := range k.days {
			for p, body := range d.bodies {
				k.cube.fast[int64(d.day)*partsPerDay+int64(p)] = body
			}
		}
	}
	k.days, k.size = nil, 0
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
	for range fillTries {
		if err := c.fill(ctx, days); err != nil {
			return err
		}
		err := store.Read(ctx, c.db, func(tx *sql.Tx) error { return c.read(ctx, tx, days, which, w, f) })
		if !errors.Is(err, errGone) {
			return err
		}
	}
	return fmt.Errorf("%w: imports keep changing the days of this report", store.ErrLocked)
}

// fillTries is how often parts are made again when another run throws them away
// before they are read.
const fillTries = 5

// errGone is returned when a part is not there any more.
var errGone = errors.New("a part of the report figures is gone")

// read reads a part of each day that fill made.
func (c *cube) read(ctx context.Context, tx *sql.Tx, days span, which int64, w *want, f func(d calendar.Date, p *part) error) error {
	var there int64
	if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM kpi_part WHERE id >= ?1 * ?3 AND id < (?2 + 1) * ?3 AND id % ?3 = ?4", days.first, days.last, partsPerDay, which).Scan(&there); err != nil {
		return err
	}
	for d := days.first; d <= days.last; d++ {
		if _, ok := c.fast[int64(d)*partsPerDay+which]; ok {
			there++
		}
	}
	if there < int64(days.last-days.first)+1 {
		return errGone
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
	rows, err := tx.QueryContext(ctx, "SELECT id, body FROM kpi_part WHERE id >= ?1 * ?3 AND id < (?2 + 1) * ?3 AND id % ?3 = ?4 ORDER BY id",
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
