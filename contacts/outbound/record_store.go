package outbound

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// keepNumber is how long a number stays after its record is done.
const keepNumber = 7 * 24 * time.Hour

// Load puts records on the list of a campaign. One whose key is on the list
// already is left as it is; people who may not be called are not put on it.
func (d *Desk) Load(ctx context.Context, name string, records []Record) (Loaded, error) {
	var out Loaded
	err := d.write(ctx, func(tx *sql.Tx) error {
		out = Loaded{}
		c, err := campaign(ctx, tx, name)
		if err != nil {
			return err
		}
		if c.State == Closed {
			return fmt.Errorf("%w: campaign %s is closed", ErrInvalid, name)
		}
		for i := range records {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := d.add(ctx, tx, &c, &records[i], &out); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

func (d *Desk) add(ctx context.Context, tx *sql.Tx, c *Campaign, r *Record, out *Loaded) error {
	now := d.now()
	var refs []string
	if who := firstOf(r.Party, r.Number); who != "" {
		var err error
		if refs, err = d.Register.Secrets.Refs(who); err != nil {
			return fmt.Errorf("record %s: %w", r.Key, err)
		}
		if r.party, err = d.Register.Secrets.Ref(who); err != nil {
			return fmt.Errorf("record %s: %w", r.Key, err)
		}
		if r.Number != "" && r.Party != "" { // barred by either
			more, err := d.Register.Secrets.Refs(r.Number)
			if err != nil {
				return fmt.Errorf("record %s: %w", r.Key, err)
			}
			refs = append(refs, more...)
		}
	} else if r.party != "" {
		refs = []string{r.party}
	}
	barred, err := isBarred(ctx, tx, refs)
	if err != nil {
		return err
	}
	if barred {
		out.Barred++
		return nil
	}
	if c.Consent {
		agreed, err := hasConsent(ctx, tx, c.Kind, refs)
		if err != nil {
			return err
		}
		if !agreed {
			out.NoConsent++
			return nil
		}
	}
	if r.Number == "" && r.HandOff == 0 && r.Appointment == 0 && r.Contact == 0 {
		out.NoNumber++
		return nil
	}
	next := now
	for _, t := range []time.Time{r.NotBefore, r.WindowFrom} {
		if t.After(next) {
			next = t
		}
	}
	due := int64(noDue)
	if !r.Due.IsZero() {
		due = r.Due.Unix()
	}
	task := r.Task
	if d.Register.Secrets != nil {
		task, _ = d.Register.Secrets.Mask(task)
	}
	res, err := tx.ExecContext(ctx, `INSERT INTO outbound_record (campaign_id, key, party_ref, contact_id, handoff_id, appointment_id, subject, reference, task, priority,
			due, window_from, window_to, next_at, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (campaign_id, key) DO NOTHING`,
		c.ID, r.Key, textOrNil(r.party), idOrNil(r.Contact), idOrNil(r.HandOff), idOrNil(r.Appointment), firstOf(r.Subject, c.Subject), r.Reference, task, r.Priority,
		due, unixOrNil(r.WindowFrom), unixOrNil(r.WindowTo), next.Unix(), now.Unix())
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil {
		return err
	} else if n == 0 {
		out.Known++
		return nil
	}
	if r.ID, err = res.LastInsertId(); err != nil {
		return err
	}
	out.Added++
	if r.Number == "" {
		return nil
	}
	key, body, err := d.Register.Secrets.Seal(r.Number)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO sealed_detail (outbound_id, key_id, body) VALUES (?, ?, ?)", r.ID, key, body)
	return err
}

// finish ends records with a result and lets their numbers go after a while.
// where chooses them, on outbound_record.
func (d *Desk) finish(ctx context.Context, tx *sql.Tx, result, where string, args ...any) error {
	now := d.now()
	_, err := tx.ExecContext(ctx, "UPDATE sealed_detail SET erase_at = ? WHERE erase_at IS NULL AND outbound_id IN (SELECT id FROM outbound_record WHERE "+where+")",
		append([]any{now.Add(keepNumber).Unix()}, args...)...)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "UPDATE outbound_record SET status = 'done', result = ?, closed = ?, taken_by = '', taken_until = NULL WHERE "+where,
		append([]any{result, now.Unix()}, args...)...)
	return err
}

const recordColumns = `r.id, c.name, c.id, r.key, COALESCE(r.party_ref, ''), COALESCE(r.contact_id, 0), COALESCE(r.handoff_id, 0), COALESCE(r.appointment_id, 0), r.subject, r.reference,
	r.task, r.priority, r.due, r.window_from, r.window_to, r.status, r.result, r.attempts, r.next_at, r.taken_by, r.taken_until`

func (d *Desk) scanRecord(row interface{ Scan(...any) error }) (Record, error) {
	var r Record
	var due, next int64
	var from, to, until sql.NullInt64
	err := row.Scan(&r.ID, &r.Campaign, &r.camp, &r.Key, &r.party, &r.Contact, &r.HandOff, &r.Appointment, &r.Subject, &r.Reference,
		&r.Task, &r.Priority, &due, &from, &to, &r.Status, &r.Result, &r.Attempts, &next, &r.TakenBy, &until)
	if due != noDue {
		r.Due = time.Unix(due, 0).In(d.zone())
	}
	r.NextAt = time.Unix(next, 0).In(d.zone())
	for _, t := range []struct {
		from sql.NullInt64
		to   *time.Time
	}{{from, &r.WindowFrom}, {to, &r.WindowTo}, {until, &r.TakenUntil}} {
		if t.from.Valid {
			*t.to = time.Unix(t.from.Int64, 0).In(d.zone())
		}
	}
	return r, err
}

// record loads one record.
func (d *Desk) record(ctx context.Context, q querier, id int64) (Record, error) {
	r, err := d.scanRecord(q.QueryRowContext(ctx, "SELECT "+recordColumns+" FROM outbound_record r JOIN outbound_campaign c ON c.id = r.campaign_id WHERE r.id = ?", id))
	if errors.Is(err, sql.ErrNoRows) {
		err = fmt.Errorf("record %d: %w", id, ErrNotFound)
	}
	return r, err
}

// Filter chooses records; empty fields choose all.
type Filter struct {
	Campaign string
	Status   string // open, taken or done
	Result   string
	TakenBy  string
	Promised bool // with a promised window
	Limit    int  // 0: all
}

// List returns records in the order in which they would be called, done ones by
// id; never with a number.
func (d *Desk) List(ctx context.Context, f Filter) ([]Record, error) {
	where, args := []string{"1"}, []any{}
	add := func(ok bool, what string, arg any) {
		if ok {
			where, args = append(where, what), append(args, arg)
		}
	}
	add(f.Campaign != "", "c.name = ?", f.Campaign)
	add(f.Status != "", "r.status = ?", f.Status)
	add(f.Result != "", "r.result = ?", f.Result)
	add(f.TakenBy != "", "r.taken_by = ?", f.TakenBy)
	if f.Promised {
		where = append(where, "r.window_to IS NOT NULL")
	}
	query := "SELECT " + recordColumns + " FROM outbound_campaign c JOIN outbound_record r ON r.campaign_id = c.id WHERE " + strings.Join(where, " AND ") +
		" ORDER BY c.priority DESC, c.id, r.priority DESC, r.due, r.id"
	if f.Limit > 0 {
		query += fmt.Sprintf(" LIMIT %d", f.Limit)
	}
	return d.records(ctx, d.db(), query, args...)
}

// records reads the records of a query over recordColumns.
func (d *Desk) records(ctx context.Context, q querier, query string, args ...any) ([]Record, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Record
	for rows.Next() {
		r, err := d.scanRecord(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

func textOrNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func idOrNil(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

func unixOrNil(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.Unix()
}
