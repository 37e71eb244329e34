package contacts

import (
	"context"
	"database/sql"
	"math"

	"kcc/internal/calendar"
	"kcc/internal/store"
)

// dimColumns are the columns of the roll-up after day and queue, in the order
// of its key, so that groups come out without sorting.
var dimColumns = [...]string{"direction", "subject", "kind", "segment", "cause", "department"}

// cellSource is what a cell comes from.
type cellSource struct {
	cell   Cell
	source int64
}

// Cells reads the daily roll-up of contact records, in order of day and queue.
// Where several sources have records of one channel and day, only one counts: of
// those that tell the subject the one of the lowest rank, as the figures are
// about what contacts are on, and otherwise that of the lowest rank.
func Cells(ctx context.Context, db *sql.DB, f CellFilter) ([]Cell, error) {
	var out []Cell
	err := store.Read(ctx, db, func(tx *sql.Tx) error {
		var err error
		out, err = cells(ctx, tx, f)
		return err
	})
	return out, err
}

func cells(ctx context.Context, tx *sql.Tx, f CellFilter) ([]Cell, error) {
	queues, ranks, err := readQueues(ctx, tx)
	if err != nil {
		return nil, err
	}
	dims := ""
	for _, c := range dimColumns[:f.Upto+1] {
		dims += ", " + c
	}
	first, last := int64(math.MinInt32), int64(math.MaxInt32)
	if f.First != 0 {
		first = int64(f.First)
	}
	if f.Last != 0 {
		last = int64(f.Last)
	}
	direction := " AND direction = 'inbound'"
	if f.Outbound {
		direction = ""
	}
	rows, err := tx.QueryContext(ctx, `
		SELECT day, queue_id`+dims+`, MAX(subject <> ''), SUM(contacts), SUM(answered), SUM(abandoned + short_abandoned), SUM(within_target), SUM(within_n),
			SUM(transferred), SUM(callback), SUM(handed_off), SUM(own_answer), SUM(handle_sum), SUM(handle_n), SUM(csat_sum), SUM(csat_sq), SUM(csat_n),
			SUM(effort_sum), SUM(effort_n), SUM(repeats), SUM(followed), SUM(judgeable)
		FROM volume_day WHERE day BETWEEN ? AND ?`+direction+`
		GROUP BY day, queue_id`+dims, first, last)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []cellSource
	told := map[sourceDay]bool{} // whether a source tells subjects on a day
	several := map[int64]bool{}
	var c cellSource
	var queue int64
	var tells bool
	names := [...]*string{&c.cell.Direction, &c.cell.Subject, &c.cell.Kind, &c.cell.Segment, &c.cell.Cause, &c.cell.Department}
	dest := []any{&c.cell.Day, &queue}
	text := newInterner()
	raw := make([]sql.RawBytes, f.Upto+1)
	for i := range raw {
		dest = append(dest, &raw[i])
	}
	v := &c.cell
	dest = append(dest, &tells, &v.Contacts, &v.Answered, &v.Abandoned, &v.Within, &v.WithinN, &v.Transferred, &v.Callback, &v.HandedOff, &v.Own,
		&v.HandleSum, &v.HandleN, &v.CSATSum, &v.CSATSq, &v.CSATN, &v.EffortSum, &v.EffortN, &v.Repeats, &v.Followed, &v.Judgeable)
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return nil, err
		}
		for i, b := range raw {
			*names[i] = text.of(b)
		}
		q := queues[queue]
		v.Channel, c.source = q.channel, q.source
		several[q.source] = true
		list = append(list, c)
		k := sourceDay{q.channel, v.Day, q.source}
		told[k] = told[k] || tells
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	out := make([]Cell, 0, len(list))
	best := chooseSources(told, ranks)
	for i := range list {
		c := &list[i]
		if len(several) == 1 || best[sourceDay{c.cell.Channel, c.cell.Day, 0}] == c.source {
			out = append(out, c.cell)
		}
	}
	return out, nil
}

// sourceDay is one day of a channel in one source; source 0 is any.
type sourceDay struct {
	channel string
	day     calendar.Date
	source  int64
}

// chooseSources settles which source counts on each channel and day.
func chooseSources(told map[sourceDay]bool, ranks map[int64]int64) map[sourceDay]int64 {
	best := map[sourceDay]int64{}
	for k, tells := range told {
		day := sourceDay{k.channel, k.day, 0}
		was, seen := best[day]
		if !seen {
			best[day] = k.source
			continue
		}
		before := told[sourceDay{k.channel, k.day, was}]
		if tells != before {
			if tells {
				best[day] = k.source
			}
		} else if ranks[k.source] < ranks[was] {
			best[day] = k.source
		}
	}
	return best
}

type queueOf struct {
	channel string
	source  int64
}

// readQueues returns what queues stand for and the ranks of sources.
func readQueues(ctx context.Context, tx *sql.Tx) (map[int64]queueOf, map[int64]int64, error) {
	rows, err := tx.QueryContext(ctx, "SELECT q.id, q.channel, s.id, s.rank FROM queue q JOIN source s ON s.id = q.source_id")
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	queues, ranks := map[int64]queueOf{}, map[int64]int64{}
	for rows.Next() {
		var id, rank int64
		var q queueOf
		if err := rows.Scan(&id, &q.channel, &q.source, &rank); err != nil {
			return nil, nil, err
		}
		queues[id], ranks[q.source] = q, rank
	}
	return queues, ranks, rows.Err()
}

// interner keeps one copy of each text, as a roll-up repeats the same few.
type interner map[string]string

func newInterner() interner { return interner{} }

func (t interner) of(b []byte) string {
	if s, ok := t[string(b)]; ok {
		return s
	}
	s := string(b)
	t[s] = s
	return s
}
