package importer

import (
	"context"
	"database/sql"
	"time"

	"kcc/internal/store"
)

// TicketTimes is how long a ticket spent in each status, in elapsed and in
// business time, and until it was first solved.
type TicketTimes struct {
	ID       string
	Schedule string // "" without one: business time is then not known
	Spans    []StatusTime
	// Resolution is from receipt to the first solved or closed; zero while open.
	Resolution, ResolutionBusiness time.Duration
	Solved                         bool
}

// StatusTime is one stretch of a ticket's history.
type StatusTime struct {
	StatusSpan
	Elapsed, Business time.Duration
}

// TicketHistory returns the times of every ticket, in order of receipt. A ticket runs
// on the schedule it was last put on; without such a link on the only schedule
// there is. Open stretches end at now.
func TicketHistory(ctx context.Context, db *sql.DB, now time.Time) ([]TicketTimes, error) {
	var out []TicketTimes
	err := store.Read(ctx, db, func(tx *sql.Tx) error {
		schedules, err := readSchedules(ctx, tx)
		if err != nil {
			return err
		}
		links := map[string]string{}
		if err := each(ctx, tx, "SELECT ticket, schedule FROM ticket_schedule_link ORDER BY at", func(scan func(...any) error) error {
			var t, s string
			err := scan(&t, &s)
			links[t] = s
			return err
		}); err != nil {
			return err
		}
		events := map[string][]TicketEvent{}
		if err := each(ctx, tx, "SELECT ticket, field, at, value FROM ticket_event WHERE field = 'status' ORDER BY at, id", func(scan func(...any) error) error {
			var e TicketEvent
			var at int64
			err := scan(&e.Ticket, &e.Field, &at, &e.Value)
			e.At = time.Unix(at, 0)
			events[e.Ticket] = append(events[e.Ticket], e)
			return err
		}); err != nil {
			return err
		}
		return each(ctx, tx, "SELECT external_id, received FROM ticket ORDER BY received, id", func(scan func(...any) error) error {
			var id string
			var received int64
			if err := scan(&id, &received); err != nil {
				return err
			}
			t := TicketTimes{ID: id}
			s := schedules[links[id]]
			if s == nil && len(schedules) == 1 {
				for _, only := range schedules {
					s = only
				}
			}
			if s != nil {
				t.Schedule = s.ID
			}
			start := time.Unix(received, 0)
			for _, sp := range Spans(start, events[id], now) {
				st := StatusTime{StatusSpan: sp}
				end := sp.To
				if !end.IsZero() {
					st.Elapsed = end.Sub(sp.From)
					if s != nil {
						st.Business = s.Business(sp.From, end)
					}
				}
				if !t.Solved && (sp.Status == "solved" || sp.Status == "closed") {
					t.Solved = true
					t.Resolution = sp.From.Sub(start)
					if s != nil {
						t.ResolutionBusiness = s.Business(start, sp.From)
					}
				}
				t.Spans = append(t.Spans, st)
			}
			out = append(out, t)
			return nil
		})
	})
	return out, err
}

// each calls fn for every row of a query.
func each(ctx context.Context, tx *sql.Tx, query string, fn func(scan func(...any) error) error) error {
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// readSchedules returns the schedules with their holidays.
func readSchedules(ctx context.Context, tx *sql.Tx) (map[string]*Schedule, error) {
	out := map[string]*Schedule{}
	err := each(ctx, tx, "SELECT schedule, name, zone, from_min, to_min FROM ticket_schedule_period ORDER BY schedule, from_min", func(scan func(...any) error) error {
		var id, name, zone string
		var m Minutes
		if err := scan(&id, &name, &zone, &m.From, &m.To); err != nil {
			return err
		}
		s := out[id]
		if s == nil {
			loc, err := time.LoadLocation(zone)
			if err != nil {
				return err
			}
			s = &Schedule{ID: id, Name: name, Zone: loc}
			out[id] = s
		}
		s.Periods = append(s.Periods, m)
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = each(ctx, tx, "SELECT schedule, first_day, last_day FROM ticket_schedule_holiday", func(scan func(...any) error) error {
		var id string
		var d Days
		if err := scan(&id, &d.First, &d.Last); err != nil {
			return err
		}
		if s := out[id]; s != nil {
			s.Holidays = append(s.Holidays, d)
		}
		return nil
	})
	return out, err
}
