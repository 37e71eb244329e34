package kpi

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/store"
)

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

// seenIn are the columns in which the values of a key stand.
var seenIn = map[Key][]string{
	ByChannel:    {"queue.channel", "contact.channel", "ticket.channel"},
	ByKind:       {"contact.kind", "ticket.kind"},
	BySubject:    {"contact.subject", "volume_interval.subject", "ticket.subject"},
	BySegment:    {"contact.segment"},
	ByDepartment: {"contact.department", "handoff.department", "ticket.handed_off_to"},
	ByDirection:  {"contact.direction"},
}

// Seen reports whether the store has anything under a value of a key; of a key
// that is derived (team, cause) it always says yes.
func Seen(ctx context.Context, db *sql.DB, k Key, value string) (bool, error) {
	columns, ok := seenIn[k]
	if !ok {
		return true, nil
	}
	for _, c := range columns {
		table, column, _ := strings.Cut(c, ".")
		var found bool
		if err := db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM "+table+" WHERE "+column+" = ?)", value).Scan(&found); err != nil {
			return false, store.Explain(err)
		}
		if found {
			return true, nil
		}
	}
	return false, nil
}

// forget throws all kept parts away.
func forget(ctx context.Context, db *sql.DB) error {
	return store.Write(ctx, db, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM kpi_part")
		return err
	})
}
