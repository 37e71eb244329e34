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
	var c cellSource
	v := &c.cell
	figures := cellFigures(v)
	switch f.Figures {
	case WorkFigures:
		figures = figures[:workFigures]
	case CountFigures:
		figures = figures[:1]
	}
	// A cell by every dimension is a row as it is kept; else rows are added up,
	// in the order of the key.
	sums, group := "", "GROUP BY day, queue_id"+dims
	if f.Upto == ByDepartment && !f.Outbound {
		group = ""
	}
	for _, g := range figures {
		if group == "" {
			sums += ", " + g.sql
		} else {
			sums += ", SUM(" + g.sql + ")"
		}
	}
	tell := ", MAX(subject <> '')"
	if f.Upto >= BySubject {
		tell = ""
	}
	rows, err := tx.QueryContext(ctx, "SELECT day, queue_id"+dims+tell+sums+" FROM volume_day WHERE day BETWEEN ? AND ?"+direction+" "+group, first, last)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []cellSource
	told := map[sourceDay]bool{} // whether a source tells subjects on a day
	several := map[int64]bool{}
	names := [...]*string{&v.Direction, &v.Subject, &v.Kind, &v.Segment, &v.Cause, &v.Department}
	text := newInterner()
	raw := make([]sql.RawBytes, f.Upto+1)
	values := make([]any, len(figures)+3) // numbers as they come: converting them one by one takes most of the time
	dest := []any{&values[0], &values[1]}
	for i := range raw {
		dest = append(dest, &raw[i])
	}
	if tell != "" {
		dest = append(dest, &values[2])
	}
	for i := range figures {
		dest = append(dest, &values[i+3])
	}
	recent := sourceDay{}
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return nil, err
		}
		v.Day = calendar.Date(number(values[0]))
		for i, b := range raw {
			*names[i] = text.of(b)
		}
		for i, g := range figures {
			*g.to = number(values[i+3])
		}
		q := queues[int64(number(values[1]))]
		v.Channel, c.source = q.channel, q.source
		list = append(list, c)
		tells := v.Subject != "" || tell != "" && number(values[2]) > 0
		if k := (sourceDay{q.channel, v.Day, q.source}); k != recent || tells {
			if k != recent || !told[k] {
				told[k] = told[k] || tells
			}
			several[q.source] = true
			recent = k
		}
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

// number returns a number of the store; nothing is 0.
func number(v any) float64 {
	switch x := v.(type) {
	case int64:
		return float64(x)
	case float64:
		return x
	}
	return 0
}

// cellFigure is one figure of a cell with its column.
type cellFigure struct {
	sql string
	to  *float64
}

// workFigures is how many of the figures are WorkFigures.
const workFigures = 6

// cellFigures are the figures of a cell: those of WorkFigures first, of them the
// count of contacts.
func cellFigures(v *Cell) []cellFigure {
	return []cellFigure{
		{"contacts", &v.Contacts},
		{"answered", &v.Answered},
		{"abandoned + short_abandoned", &v.Abandoned},
		{"handle_sum", &v.HandleSum},
		{"handle_n", &v.HandleN},
		{"repeats", &v.Repeats},
		{"within_target", &v.Within},
		{"within_n", &v.WithinN},
		{"transferred", &v.Transferred},
		{"callback", &v.Callback},
		{"handed_off", &v.HandedOff},
		{"own_answer", &v.Own},
		{"csat_sum", &v.CSATSum},
		{"csat_sq", &v.CSATSq},
		{"csat_n", &v.CSATN},
		{"effort_sum", &v.EffortSum},
		{"effort_n", &v.EffortN},
		{"followed", &v.Followed},
		{"judgeable", &v.Judgeable},
	}
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
