package planstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/store"
	"kcc/roster"
)

// lockedShift is how a locked shift is kept.
type lockedShift struct {
	Shift  string        `json:"shift"`
	Start  int64         `json:"start"`
	End    int64         `json:"end"`
	Breaks []lockedBreak `json:"breaks,omitempty"`
}

type lockedBreak struct {
	Start  int64 `json:"start"`
	Length int64 `json:"length_s"`
	Paid   bool  `json:"paid"`
}

// LockCells fixes cells; a cell that was fixed before gets its new content.
func LockCells(ctx context.Context, db *sql.DB, cells []roster.Cell, now time.Time) error {
	return store.Write(ctx, db, func(tx *sql.Tx) error { return lockCells(ctx, tx, cells, now) })
}

func lockCells(ctx context.Context, tx *sql.Tx, cells []roster.Cell, now time.Time) error {
	for _, c := range cells {
		var shift sql.Null[string]
		if !c.Off {
			a := c.Assignment
			x := lockedShift{Shift: a.Shift, Start: a.Start.Unix(), End: a.End.Unix()}
			for _, b := range a.Breaks {
				x.Breaks = append(x.Breaks, lockedBreak{b.Start.Unix(), seconds(b.Length), b.Paid})
			}
			text, err := json.Marshal(x)
			if err != nil {
				return err
			}
			shift = maybe(string(text), true)
		}
		if _, err := tx.ExecContext(ctx, `
INSERT INTO plan_lock (agent, day, shift, made_at) VALUES (?, ?, ?, ?)
ON CONFLICT (agent, day) DO UPDATE SET shift = excluded.shift, made_at = excluded.made_at`,
			c.Agent, dayNumber(c.Date), shift, now.Unix()); err != nil {
			return fmt.Errorf("lock of %s on %s: %w", c.Agent, c.Date, err)
		}
	}
	return nil
}

// UnlockCells lets go of what is fixed for an agent ("" = everyone) on the days
// from and to, both included, and returns how many cells that were.
func UnlockCells(ctx context.Context, db *sql.DB, agent string, from, to calendar.Date) (n int64, err error) {
	err = store.Write(ctx, db, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, "DELETE FROM plan_lock WHERE (agent = ?1 OR ?1 = '') AND day BETWEEN ?2 AND ?3", agent, dayNumber(from), dayNumber(to))
		if err != nil {
			return err
		}
		n, err = res.RowsAffected()
		return err
	})
	return n, err
}

// Locks returns what is fixed on the days from and to, both included, by agent
// and day, with times in loc (nil: UTC).
func Locks(ctx context.Context, db *sql.DB, from, to calendar.Date, loc *time.Location) ([]roster.Cell, error) {
	rows, err := db.QueryContext(ctx, "SELECT agent, day, shift FROM plan_lock WHERE day BETWEEN ? AND ? ORDER BY agent, day", dayNumber(from), dayNumber(to))
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var out []roster.Cell
	for rows.Next() {
		var c roster.Cell
		var day int64
		var shift sql.Null[string]
		if err := rows.Scan(&c.Agent, &day, &shift); err != nil {
			return nil, store.Explain(err)
		}
		c.Date, c.Off = calendar.Date(day), !shift.Valid
		if shift.Valid {
			var x lockedShift
			if err := json.Unmarshal([]byte(shift.V), &x); err != nil {
				return nil, fmt.Errorf("lock of %s on %s: %w", c.Agent, c.Date, err)
			}
			a := roster.Assignment{Agent: c.Agent, Date: c.Date, Shift: x.Shift, Start: at(x.Start, loc), End: at(x.End, loc), Locked: true}
			for _, b := range x.Breaks {
				a.Breaks = append(a.Breaks, roster.Break{Start: at(b.Start, loc), Length: duration(b.Length), Paid: b.Paid})
			}
			c.Assignment = a
		}
		out = append(out, c)
	}
	return out, store.Explain(rows.Err())
}
