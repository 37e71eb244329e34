package planstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"kcc/internal/calendar"
	"kcc/internal/store"
	"kcc/roster"
)

// SaveShifts makes shifts the catalogue of shifts, in this order.
func SaveShifts(ctx context.Context, db *sql.DB, shifts []roster.Shift) error {
	return store.Write(ctx, db, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM plan_shift"); err != nil {
			return err
		}
		for i, s := range shifts {
			skills, err := jsonList(s.Skills)
			if err != nil {
				return err
			}
			teams, err := jsonList(s.Teams)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `
INSERT INTO plan_shift (name, position, earliest, latest, every_s, min_s, max_s, weekdays, skills, teams) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
				s.Name, i, int64(s.EarliestStart), int64(s.LatestStart), seconds(s.Every), seconds(s.MinLength), seconds(s.MaxLength),
				weekdayMask(s.Weekdays), skills, teams); err != nil {
				return fmt.Errorf("shift %s: %w", s.Name, err)
			}
			for j, b := range s.Breaks {
				if _, err := tx.ExecContext(ctx, `
INSERT INTO plan_shift_break (shift, position, length_s, earliest_s, latest_s, over_s, paid) VALUES (?, ?, ?, ?, ?, ?, ?)`,
					s.Name, j, seconds(b.Length), seconds(b.Earliest), seconds(b.Latest), seconds(b.Over), b.Paid); err != nil {
					return fmt.Errorf("shift %s: %w", s.Name, err)
				}
			}
		}
		return nil
	})
}

// jsonList writes a list of names; NULL for nil, which means any.
func jsonList(names []string) (sql.Null[string], error) {
	if names == nil {
		return sql.Null[string]{}, nil
	}
	b, err := json.Marshal(names)
	return maybe(string(b), true), err
}

func fromJSONList(v sql.Null[string]) (names []string, err error) {
	if v.Valid {
		err = json.Unmarshal([]byte(v.V), &names)
	}
	return names, err
}

// LoadShifts returns the catalogue of shifts in its order.
func LoadShifts(ctx context.Context, db *sql.DB) ([]roster.Shift, error) {
	var out []roster.Shift
	err := store.Read(ctx, db, func(tx *sql.Tx) error {
		index := map[string]int{}
		rows, err := tx.QueryContext(ctx, `
SELECT name, earliest, latest, every_s, min_s, max_s, weekdays, skills, teams FROM plan_shift ORDER BY position`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var s roster.Shift
			var earliest, latest, every, lo, hi, mask int64
			var skills, teams sql.Null[string]
			if err := rows.Scan(&s.Name, &earliest, &latest, &every, &lo, &hi, &mask, &skills, &teams); err != nil {
				return err
			}
			s.EarliestStart, s.LatestStart, s.Every = calendar.Clock(earliest), calendar.Clock(latest), duration(every)
			s.MinLength, s.MaxLength, s.Weekdays = duration(lo), duration(hi), weekdays(mask)
			if s.Skills, err = fromJSONList(skills); err != nil {
				return err
			}
			if s.Teams, err = fromJSONList(teams); err != nil {
				return err
			}
			index[s.Name] = len(out)
			out = append(out, s)
		}
		if err := rows.Err(); err != nil {
			return err
		}
		breaks, err := tx.QueryContext(ctx, "SELECT shift, length_s, earliest_s, latest_s, over_s, paid FROM plan_shift_break ORDER BY shift, position")
		if err != nil {
			return err
		}
		defer breaks.Close()
		for breaks.Next() {
			var name string
			var length, earliest, latest, over int64
			var b roster.BreakTemplate
			if err := breaks.Scan(&name, &length, &earliest, &latest, &over, &b.Paid); err != nil {
				return err
			}
			b.Length, b.Earliest, b.Latest, b.Over = duration(length), duration(earliest), duration(latest), duration(over)
			s := &out[index[name]]
			s.Breaks = append(s.Breaks, b)
		}
		return breaks.Err()
	})
	return out, err
}
