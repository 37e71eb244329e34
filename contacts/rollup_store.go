package contacts

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"
	"sync"
)

// The roll-ups of contacts: volume_day, volume_interval and coverage are kept in
// the transaction that changes a contact.

// judged is contact with what several figures rest on.
const judged = "(SELECT *, outcome NOT IN ('abandoned', 'short_abandon', 'overflow') AS answered, outcome IN ('abandoned', 'short_abandon') AS lost FROM contact WHERE "

// intervalColumns are the figures of volume_interval of an inbound contact.
var intervalColumns = [][2]string{
	{"rows", "1"},
	{"offered", "1"},
	{"answered", "answered"},
	{"abandoned", "(outcome = 'abandoned')"},
	{"short_abandoned", "(outcome = 'short_abandon')"},
	{"within_target", "(answered AND in_time IS 1)"},
	{"within_n", "(in_time IS NOT NULL)"},
	{"offered_n", "1"},
	{"wait_sum", "answered * COALESCE(wait_s, 0)"},
	{"wait_n", "(answered AND wait_s IS NOT NULL)"},
	{"talk_sum", "answered * COALESCE(talk_s, 0)"},
	{"talk_n", "(answered AND talk_s IS NOT NULL)"},
	{"hold_sum", "answered * COALESCE(hold_s, 0)"},
	{"acw_sum", "answered * COALESCE(acw_s, 0)"},
	{"handle_sum", "answered * COALESCE(handle_s, 0)"},
	{"handle_n", "(answered AND handle_s IS NOT NULL)"},
}

// rollSQL are the statements on roll-ups, put together from the tables of
// figures.
type rollSQL struct {
	oneDay, oneInterval string // adds contact ?2 with sign ?1
	daysOf, intervalsOf string // all cells of queue ?1
	oneCover            string
	emptied             []string // deletes cells that lost contact ?1 as their last
}

// upsert returns the clause that adds the figures to those that are there.
func upsert(names []string) string {
	var set []string
	for _, n := range names {
		set = append(set, n+" = "+n+" + excluded."+n)
	}
	return " ON CONFLICT DO UPDATE SET " + strings.Join(set, ", ")
}

var rolling = sync.OnceValue(func() *rollSQL {
	s := &rollSQL{}
	build := func(table, head, headSQL, group string, cols [][2]string) (one, all string) {
		var n, signed, sums []string
		for _, c := range cols {
			n = append(n, c[0])
			signed = append(signed, "?1 * "+c[1])
			sums = append(sums, "SUM("+c[1]+")")
		}
		into := "INSERT INTO " + table + " (" + head + ", " + strings.Join(n, ", ") + ") SELECT " + headSQL + ", "
		one = into + strings.Join(signed, ", ") + " FROM " + judged + "id = ?2 AND queue_id IS NOT NULL AND %s) WHERE true" + upsert(n)
		all = into + strings.Join(sums, ", ") + " FROM " + judged + "queue_id = ?1 AND %s) GROUP BY " + group
		return one, all
	}
	var day [][2]string
	for _, c := range dayColumns() {
		day = append(day, [2]string{c.name, c.sql})
	}
	head := "day, queue_id, " + dayDims + ", source_id"
	s.oneDay, s.daysOf = build("volume_day", head, head, "day, "+dayDims, day)
	s.oneDay, s.daysOf = strings.Replace(s.oneDay, "%s", "true", 1), strings.Replace(s.daysOf, "%s", "true", 1)
	head = "start, queue_id, subject, source_id, day, step_s"
	s.oneInterval, s.intervalsOf = build("volume_interval", head, "start - start % 900, queue_id, subject, source_id, day, 900",
		"start - start % 900, subject", intervalColumns)
	const inbound = "direction = 'inbound'"
	s.oneInterval, s.intervalsOf = strings.Replace(s.oneInterval, "%s", inbound, 1), strings.Replace(s.intervalsOf, "%s", inbound, 1)
	s.oneCover = `INSERT INTO coverage (channel, day, source_id, queue_id, rows)
		SELECT q.channel, c.day, c.source_id, c.queue_id, ?1 FROM contact c JOIN queue q ON q.id = c.queue_id WHERE c.id = ?2
		ON CONFLICT DO UPDATE SET rows = rows + excluded.rows`
	s.emptied = []string{
		"DELETE FROM volume_interval WHERE rows = 0 AND (start, queue_id, subject) IN (SELECT start - start % 900, queue_id, subject FROM contact WHERE id = ?)",
		"DELETE FROM volume_day WHERE contacts = 0 AND (day, queue_id, " + dayDims + ") IN (SELECT day, queue_id, " + dayDims + " FROM contact WHERE id = ?)",
		"DELETE FROM coverage WHERE rows = 0 AND (day, queue_id) IN (SELECT day, queue_id FROM contact WHERE id = ?)",
	}
	return s
})

// RebuildContacts adds the contacts of a queue to volume_day and volume_interval,
// which must hold none of them.
func RebuildContacts(ctx context.Context, tx *sql.Tx, queue int64) error {
	for _, q := range []string{rolling().intervalsOf, rolling().daysOf} {
		if _, err := tx.ExecContext(ctx, q, queue); err != nil {
			return err
		}
	}
	return nil
}

// Roll adds a contact to the roll-ups, or takes it away with sign -1.
func Roll(ctx context.Context, tx *sql.Tx, id int64, sign int) error {
	s := rolling()
	for _, q := range []string{s.oneInterval, s.oneDay, s.oneCover} {
		if _, err := tx.ExecContext(ctx, q, sign, id); err != nil {
			return err
		}
	}
	if sign > 0 {
		return nil
	}
	for _, q := range s.emptied {
		if _, err := tx.ExecContext(ctx, q, id); err != nil {
			return err
		}
	}
	return nil
}

// Rolled changes a contact and keeps the roll-ups in step.
func Rolled(ctx context.Context, tx *sql.Tx, id int64, change func() error) error {
	if err := Roll(ctx, tx, id, -1); err != nil {
		return err
	}
	if err := change(); err != nil {
		return err
	}
	return Roll(ctx, tx, id, 1)
}

// RollRepeats adds to cells of volume_day how many contacts more are repeats, and
// how many more are followed by one.
func RollRepeats(ctx context.Context, tx *sql.Tx, cells map[DayKey][2]int) error {
	if len(cells) == 0 {
		return nil
	}
	stmt, err := tx.PrepareContext(ctx, `UPDATE volume_day SET repeats = repeats + ?, followed = followed + ?
		WHERE (day, queue_id, `+dayDims+`) = (?, ?, ?, ?, ?, ?, ?, ?)`)
	if err != nil {
		return err
	}
	defer stmt.Close()
	keys := slices.SortedFunc(maps.Keys(cells), func(a, b DayKey) int { return a.Compare(&b) })
	for i := range keys {
		k, n := &keys[i], cells[keys[i]]
		if n == [2]int{} {
			continue
		}
		if _, err := stmt.ExecContext(ctx, n[0], n[1], k.Day, k.Queue, k.Direction, k.Subject, k.Kind, k.Segment, k.Cause, k.Department); err != nil {
			return err
		}
	}
	return nil
}
