package outbound

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Filled is what a campaign took from the register.
type Filled struct {
	Found int // work, promises, appointments or contacts that fit
	Loaded
	Gone int64 // records that ended because their work is done
}

// Fill puts on the list of a campaign what the register has for its kind:
//
//	callback  open callback requests, in their promised windows
//	status    open promises that are due within a span, or overdue
//	reminder  appointments within a span
//	survey    contacts closed within a span before now
//
// What is on the list already stays; open records whose work is done end. Other
// kinds come by Load alone.
func (d *Desk) Fill(ctx context.Context, name string, within time.Duration) (Filled, error) {
	c, err := d.Campaign(ctx, name)
	if err != nil {
		return Filled{}, err
	}
	now := d.now()
	var query string
	var args []any
	switch c.Kind {
	case Callback:
		// The centre's own requests: a department calls for itself.
		query = `SELECT 'handoff:' || h.id, COALESCE(t.party_ref, ''), t.id, h.id, 0, t.subject, COALESCE(t.reference, ''), h.task,
				(SELECT MIN(m.due) FROM commitment m WHERE m.handoff_id = h.id AND m.stopped IS NULL), h.window_from, h.window_to
			FROM handoff h JOIN contact t ON t.id = h.contact_id WHERE h.kind = 'callback' AND h.department = '' AND h.status = 'open'`
	case Status:
		query = `SELECT 'commitment:' || m.id, COALESCE(t.party_ref, ''), t.id, h.id, 0, t.subject, COALESCE(t.reference, ''),
				CASE WHEN m.due < ?1 THEN 'promised before now: say why it takes longer and when it will be done' ELSE 'say how far it is' END, m.due, NULL, NULL
			FROM commitment m JOIN handoff h ON h.id = m.handoff_id JOIN contact t ON t.id = h.contact_id
			WHERE m.stopped IS NULL AND m.paused_since IS NULL AND m.due <= ?2 AND h.status = 'open'`
		args = []any{now.Unix(), now.Add(within).Unix()}
	case Reminder:
		query = `SELECT 'appointment:' || a.id, COALESCE(a.party_ref, ''), 0, 0, a.id, a.subject, '', 'appointment at ' || a.place, a.start, NULL, NULL
			FROM appointment a WHERE a.status = 'booked' AND a.reminded IS NULL AND a.start > ?1 AND a.start <= ?2`
		args = []any{now.Unix(), now.Add(within).Unix()}
	case Survey:
		query = `SELECT 'contact:' || t.id, COALESCE(t.party_ref, ''), t.id, 0, 0, t.subject, '', '', NULL, NULL, NULL
			FROM contact t WHERE t.direction = 'inbound' AND t.status <> 'open' AND t.csat IS NULL AND t.party_ref IS NOT NULL AND t.start BETWEEN ?1 AND ?2`
		args = []any{now.Add(-within).Unix(), now.Unix()}
	default:
		return Filled{}, fmt.Errorf("%w: a campaign of kind %s is filled from a file", ErrInvalid, c.Kind)
	}
	var out Filled
	err = d.write(ctx, func(tx *sql.Tx) error {
		out = Filled{}
		list, err := fillFrom(ctx, tx, query, args...)
		if err != nil {
			return err
		}
		out.Found = len(list)
		for i := range list {
			number, err := d.number(ctx, tx, &list[i])
			if err != nil {
				return err
			}
			if number == "" {
				out.NoNumber++
				continue
			}
			if err := d.add(ctx, tx, &c, &list[i], &out.Loaded); err != nil {
				return err
			}
		}
		out.Gone, err = d.endDone(ctx, tx, &c)
		return err
	})
	return out, err
}

func fillFrom(ctx context.Context, tx *sql.Tx, query string, args ...any) ([]Record, error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Record
	for rows.Next() {
		var r Record
		var due, from, to sql.NullInt64
		if err := rows.Scan(&r.Key, &r.party, &r.Contact, &r.HandOff, &r.Appointment, &r.Subject, &r.Reference, &r.Task, &due, &from, &to); err != nil {
			return nil, err
		}
		for _, t := range []struct {
			from sql.NullInt64
			to   *time.Time
		}{{due, &r.Due}, {from, &r.WindowFrom}, {to, &r.WindowTo}} {
			if t.from.Valid {
				*t.to = time.Unix(t.from.Int64, 0)
			}
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

// endDone ends the open records of a campaign whose work, promise or appointment
// is done, so that nobody is called about what they know.
func (d *Desk) endDone(ctx context.Context, tx *sql.Tx, c *Campaign) (int64, error) {
	where := `campaign_id = ? AND status = 'open' AND (
		handoff_id IN (SELECT id FROM handoff WHERE status IN ('met', 'closed'))
		OR appointment_id IN (SELECT id FROM appointment WHERE status <> 'booked')
		OR key LIKE 'commitment:%' AND CAST(substr(key, 12) AS INTEGER) IN (SELECT id FROM commitment WHERE stopped IS NOT NULL))`
	var n int64
	if err := tx.QueryRowContext(ctx, "SELECT COUNT(*) FROM outbound_record WHERE "+where, c.ID).Scan(&n); err != nil || n == 0 {
		return n, err
	}
	return n, d.finish(ctx, tx, resultStopped, where, c.ID)
}
