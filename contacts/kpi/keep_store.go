package kpi

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"kcc/internal/calendar"
	"kcc/internal/store"
)

// Prepare makes the parts of the days that changed since the last report or the
// last Prepare, and of those around them where a return shows, from the newest
// back, as long as they hold most rows at most: the next report finds them made.
// It returns how many days it made. It makes none when another run holds the
// store.
func Prepare(ctx context.Context, db *sql.DB, set *Settings, most int) (int, error) {
	if err := prepareWork(ctx, db, most); err != nil {
		return 0, err
	}
	c, err := openCube(ctx, db, set)
	if err != nil || c.none {
		return 0, err
	}
	changed, err := c.staleDays(ctx)
	if err != nil {
		return 0, err
	}
	if err := c.invalidate(ctx); err != nil {
		if errors.Is(err, store.ErrLocked) {
			return 0, nil
		}
		return 0, err
	}
	perDay, err := rowsPerDay(ctx, db)
	if err != nil {
		return 0, err
	}
	var spans []span
	rows, days := 0, 0
	for d := c.span.last; d >= c.span.first; d-- {
		if !changed[d] {
			continue
		}
		if rows += perDay[d]; rows > most {
			break
		}
		days++
		if n := len(spans); n > 0 && spans[n-1].first == d+1 {
			spans[n-1].first = d
		} else {
			spans = append(spans, span{d, d})
		}
	}
	return days, c.make(ctx, spans, true)
}

// sampleStretches times sampleDays is how many days a quick check makes again.
const (
	sampleStretches = 4
	sampleDays      = 2
)

// maxFindings bounds what one check tells.
const maxFindings = 100

// CheckKept makes kept parts again from contacts and interval statistics, and
// lists of work from hand-offs and tickets, and returns a sentence for each that
// differs: of some days spread over the kept ones, or of all. Days that wait to be
// made again are left out, and so are all parts when they were made under other
// settings: the next report makes them anew. Nothing is written.
func CheckKept(ctx context.Context, db *sql.DB, set *Settings, all bool) ([]string, error) {
	found, err := checkParts(ctx, db, set, all)
	if err != nil {
		return nil, err
	}
	work, err := checkWork(ctx, db, all)
	return append(found, work...), err
}

func checkParts(ctx context.Context, db *sql.DB, set *Settings, all bool) ([]string, error) {
	var hash string
	err := db.QueryRowContext(ctx, "SELECT COALESCE((SELECT value FROM kpi_setting WHERE name = 'hash'), '')").Scan(&hash)
	if err != nil || hash != set.hash() {
		return nil, store.Explain(err)
	}
	c, err := openCube(ctx, db, set)
	if err != nil {
		return nil, err
	}
	found, err := store.Texts(ctx, db, `
SELECT 'the figures of ' || DATE(id / ?1 * 86400, 'unixepoch') || ' are not whole' FROM kpi_part GROUP BY id / ?1
HAVING COUNT(*) <> ?2 OR MAX(id % ?1) >= ?2 LIMIT ?3`, partsPerDay, len(madeDay{}.bodies), maxFindings)
	if err != nil {
		return nil, err
	}
	days, err := c.freshDays(ctx)
	if err != nil {
		return nil, err
	}
	if !all {
		days = sample(days)
	}
	var spans []span
	for _, d := range days {
		if n := len(spans); n > 0 && spans[n-1].last == d-1 {
			spans[n-1].last = d
		} else {
			spans = append(spans, span{d, d})
		}
	}
	made := make(chan madeDay)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		defer close(made)
		for _, s := range spans {
			if err := c.build(gctx, s, made); err != nil {
				return err
			}
		}
		return nil
	})
	g.Go(func() error {
		for d := range made {
			for p, want := range d.bodies {
				var have []byte
				err := db.QueryRowContext(gctx, "SELECT body FROM kpi_part WHERE id = ?", int64(d.day)*partsPerDay+int64(p)).Scan(&have)
				if err != nil && !errors.Is(err, sql.ErrNoRows) {
					return err
				}
				if !bytes.Equal(have, want) && len(found) < maxFindings {
					found = append(found, fmt.Sprintf("the %s figures of %s are not those of its contacts and statistics", [...]string{"waiting", "contact", "agent"}[p], d.day))
				}
			}
		}
		return nil
	})
	return found, store.Explain(g.Wait())
}

// freshDays returns the days whose kept parts should be right.
func (c *cube) freshDays(ctx context.Context) ([]calendar.Date, error) {
	days, err := keptDays(ctx, c.db, span{c.span.first, c.span.last})
	if err != nil {
		return nil, err
	}
	stale, err := c.staleDays(ctx)
	if err != nil {
		return nil, err
	}
	fresh := days[:0]
	for _, d := range days {
		if !stale[d] {
			fresh = append(fresh, d)
		}
	}
	return fresh, nil
}

// staleDays returns the days whose parts are wrong by changes since they were made.
func (c *cube) staleDays(ctx context.Context) (map[calendar.Date]bool, error) {
	rows, err := c.db.QueryContext(ctx, "SELECT DISTINCT day FROM kpi_stale")
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	out := map[calendar.Date]bool{}
	for rows.Next() {
		var d calendar.Date
		if err := rows.Scan(&d); err != nil {
			return nil, err
		}
		for n := -c.set.reach(); n <= c.set.reach(); n++ {
			out[d.Add(n)] = true
		}
	}
	return out, store.Explain(rows.Err())
}

// sample picks a few stretches of days, evenly spread.
func sample[D calendar.Date | int64](days []D) []D {
	if len(days) <= sampleStretches*sampleDays {
		return days
	}
	var out []D
	for i := range sampleStretches {
		at := i * (len(days) - sampleDays) / (sampleStretches - 1)
		out = append(out, days[at:at+sampleDays]...)
	}
	return out
}
