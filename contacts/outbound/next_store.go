package outbound

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"kcc/internal/calendar"
)

// Lease is how long a record stays with who took it.
const Lease = 15 * time.Minute

// How many candidates are looked at: of a list in order of rank, and how many of
// them are compared. Beyond the first the order by rank gives way to the order
// in which records may be called again, so that a choice never reads a whole
// list.
const (
	scanRanked = 2000
	compared   = 40
)

// NextOptions narrow what Next hands out.
type NextOptions struct {
	Campaign string
	Skills   []string // of campaigns that ask for one of them; empty: all
	By       string   // default: the name of the desk
}

// ErrNothing is returned by Next when there is nobody to call now. Wait tells
// when there may be.
var ErrNothing = errors.New("there is nobody to call now")

// Next hands out the record to call now, with its number, and keeps it from
// everybody else for Lease. It fails with ErrNothing when there is none.
func (d *Desk) Next(ctx context.Context, o NextOptions) (Record, error) {
	if o.By == "" {
		o.By = d.Register.By
	}
	var out Record
	err := d.write(ctx, func(tx *sql.Tx) error {
		now := d.now()
		if _, err := tx.ExecContext(ctx, "UPDATE outbound_record SET status = 'open', taken_by = '', taken_until = NULL WHERE status = 'taken' AND taken_until <= ?", now.Unix()); err != nil {
			return err
		}
		list, err := d.callable(ctx, tx, o, now)
		if err != nil {
			return err
		}
		if out, err = d.choose(ctx, tx, list, now); err != nil {
			return err
		}
		out.Status, out.TakenBy, out.TakenUntil = "taken", o.By, now.Add(Lease)
		_, err = tx.ExecContext(ctx, "UPDATE outbound_record SET status = 'taken', taken_by = ?, taken_until = ? WHERE id = ?", o.By, out.TakenUntil.Unix(), out.ID)
		return err
	})
	return out, err
}

// callable returns the campaigns that may call now, those that go first at the front.
func (d *Desk) callable(ctx context.Context, tx *sql.Tx, o NextOptions, now time.Time) ([]Campaign, error) {
	where, args := "WHERE state = 'open'", []any{}
	if o.Campaign != "" {
		if _, err := campaign(ctx, tx, o.Campaign); err != nil {
			return nil, err
		}
		where, args = where+" AND name = ?", append(args, o.Campaign)
	}
	all, err := campaigns(ctx, tx, where, args...)
	if err != nil {
		return nil, err
	}
	today := calendar.DateOf(now, d.zone())
	var out []Campaign
	for _, c := range all {
		w, err := d.Window(&c)
		if err != nil {
			return nil, err
		}
		if c.active(today) && w.Open(now) && (len(o.Skills) == 0 || slices.Contains(o.Skills, c.Skill)) {
			out = append(out, c)
		}
	}
	return out, nil
}

// choose returns the record to call: promised windows first, the one that ends
// soonest at the front; then by campaign.
func (d *Desk) choose(ctx context.Context, tx *sql.Tx, list []Campaign, now time.Time) (Record, error) {
	byID := map[int64]*Campaign{}
	marks, args := []string{}, []any{}
	for i := range list {
		byID[list[i].ID] = &list[i]
		marks, args = append(marks, "?"), append(args, list[i].ID)
	}
	if len(list) == 0 {
		return Record{}, ErrNothing
	}
	promised, err := d.candidates(ctx, tx, "r.status = 'open' AND r.window_to IS NOT NULL AND r.next_at <= ? AND r.campaign_id IN ("+strings.Join(marks, ", ")+") ORDER BY r.window_to, r.id LIMIT ?",
		append(append([]any{now.Unix()}, args...), scanRanked)...)
	if err != nil {
		return Record{}, err
	}
	for i := range promised {
		ok, err := d.ready(ctx, tx, byID[promised[i].camp], &promised[i], now)
		if err != nil || ok {
			return promised[i], err
		}
	}
	for i := range list {
		r, err := d.best(ctx, tx, &list[i], now)
		if !errors.Is(err, ErrNothing) {
			return r, err
		}
	}
	return Record{}, ErrNothing
}

// best returns the record of one campaign to call now.
func (d *Desk) best(ctx context.Context, tx *sql.Tx, c *Campaign, now time.Time) (Record, error) {
	// First those of the highest rank, then, when none of them may be called yet,
	// those that may.
	for _, where := range []string{
		"r.id IN (SELECT id FROM (SELECT id, next_at FROM outbound_record INDEXED BY outbound_rank WHERE campaign_id = ?1 AND status = 'open' ORDER BY priority DESC, due, id LIMIT ?3) WHERE next_at <= ?2)",
		"r.id IN (SELECT id FROM outbound_record INDEXED BY outbound_next WHERE campaign_id = ?1 AND status = 'open' AND next_at <= ?2 ORDER BY next_at LIMIT ?3)",
	} {
		list, err := d.candidates(ctx, tx, where+" ORDER BY r.priority DESC, r.due, r.id", c.ID, now.Unix(), scanRanked)
		if err != nil {
			return Record{}, err
		}
		var good []Record
		for i := range list {
			if len(good) == compared || len(good) > 0 && list[i].Priority < good[0].Priority {
				break
			}
			ok, err := d.ready(ctx, tx, c, &list[i], now)
			if err != nil {
				return Record{}, err
			}
			if ok {
				good = append(good, list[i])
			}
		}
		if len(good) > 0 {
			return d.bestTime(ctx, tx, c, good, now)
		}
	}
	return Record{}, ErrNothing
}

func (d *Desk) candidates(ctx context.Context, tx *sql.Tx, where string, args ...any) ([]Record, error) {
	return d.records(ctx, tx, "SELECT "+recordColumns+" FROM outbound_record r JOIN outbound_campaign c ON c.id = r.campaign_id WHERE "+where, args...)
}

// ready reports whether a record may be called now, and puts in its number.
// People who may not be called end here; so does who has no number left.
func (d *Desk) ready(ctx context.Context, tx *sql.Tx, c *Campaign, r *Record, now time.Time) (bool, error) {
	if !r.promised() && r.Attempts >= c.MaxAttempts {
		return false, d.finish(ctx, tx, resultExhausted, "id = ?", r.ID)
	}
	number, err := d.number(ctx, tx, r)
	if err != nil {
		return false, err
	}
	if number == "" {
		return false, d.finish(ctx, tx, string(WrongNumber), "id = ?", r.ID)
	}
	refs, err := d.Register.Secrets.Refs(number)
	if err != nil {
		return false, err
	}
	if r.party != "" {
		refs = append(refs, r.party)
	}
	barred, err := isBarred(ctx, tx, refs)
	if err != nil {
		return false, err
	}
	if barred {
		return false, d.finish(ctx, tx, string(DoNotCall), "id = ?", r.ID)
	}
	if c.Consent {
		agreed, err := hasConsent(ctx, tx, c.Kind, refs)
		if err != nil || !agreed {
			return false, errors.Join(err, d.finish(ctx, tx, resultStopped, "id = ?", r.ID))
		}
	}
	if !r.promised() && r.party != "" && c.Spacing > 0 { // whatever campaign called them last
		var n int
		err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM outbound_record o JOIN outbound_attempt a ON a.record_id = o.id
			WHERE o.party_ref = ? AND a.at > ?) OR EXISTS (SELECT 1 FROM outbound_record WHERE party_ref = ? AND status = 'taken')`,
			r.party, now.Add(-c.Spacing).Unix(), r.party).Scan(&n)
		if err != nil || n > 0 {
			return false, err
		}
	}
	r.Number = number
	return true, nil
}

// number opens the number of a record: its own, that of the work or appointment
// it is about, or that of the contact.
func (d *Desk) number(ctx context.Context, tx *sql.Tx, r *Record) (string, error) {
	for _, from := range []struct {
		column string
		id     int64
	}{{"outbound_id", r.ID}, {"handoff_id", r.HandOff}, {"appointment_id", r.Appointment}, {"contact_id", r.Contact}} {
		if from.id == 0 {
			continue
		}
		var key string
		var body []byte
		err := tx.QueryRowContext(ctx, "SELECT key_id, body FROM sealed_detail WHERE "+from.column+" = ? ORDER BY id DESC LIMIT 1", from.id).Scan(&key, &body)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return "", err
		}
		text, err := d.Register.Secrets.Open(key, body)
		if err != nil {
			return "", err
		}
		if _, number, ok := strings.Cut(text, ": "); ok { // the register writes what it is for before it
			text = number
		}
		return strings.TrimSpace(text), nil
	}
	return "", nil
}

// bestTime returns the record to call among those of one priority: what is due
// within a day first, then whom it is the best time to call.
func (d *Desk) bestTime(ctx context.Context, tx *sql.Tx, c *Campaign, list []Record, now time.Time) (Record, error) {
	tallies, err := tallyOfKind(ctx, tx, c.Kind)
	if err != nil {
		return Record{}, err
	}
	reach := ReachOf(tallies)
	w, err := d.Window(c)
	if err != nil {
		return Record{}, err
	}
	hours := w.hours(calendar.DateOf(now, d.zone()))
	hour := now.In(d.zone()).Hour()
	type scored struct {
		urgent bool
		gain   float64
		r      *Record
	}
	var all []scored
	for i := range list {
		r := &list[i]
		failed, err := failedHours(ctx, tx, r)
		if err != nil {
			return Record{}, err
		}
		all = append(all, scored{!r.Due.IsZero() && r.Due.Before(now.Add(24*time.Hour)), reach.gain(hour, failed, hours), r})
	}
	slices.SortStableFunc(all, func(a, b scored) int {
		if a.urgent != b.urgent {
			if a.urgent {
				return -1
			}
			return 1
		}
		if a.urgent {
			return 0 // they are in order of their due time
		}
		return cmp.Compare(b.gain, a.gain)
	})
	return *all[0].r, nil
}

// hours returns the hours of a week from day on in which may be called.
func (w *Window) hours(day calendar.Date) []int {
	var seen [hoursPerDay]bool
	for i := range 7 {
		for _, s := range w.Stretches(day.Add(i)) {
			for t := s.From; t.Before(s.To); t = t.Add(time.Hour) {
				seen[t.In(w.work.Loc()).Hour()] = true
			}
		}
	}
	var out []int
	for h, ok := range seen {
		if ok {
			out = append(out, h)
		}
	}
	return out
}

// failedHours returns the hours at which calls to a record were not answered.
func failedHours(ctx context.Context, tx *sql.Tx, r *Record) ([]int, error) {
	if r.Attempts == 0 {
		return nil, nil
	}
	rows, err := tx.QueryContext(ctx, "SELECT hour FROM outbound_attempt WHERE record_id = ? AND outcome IN ('no_answer', 'busy', 'voicemail')", r.ID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []int
	for rows.Next() {
		var h int
		if err := rows.Scan(&h); err != nil {
			return nil, err
		}
		out = append(out, h)
	}
	return out, rows.Err()
}

// Wait returns the first moment from now on at which there may be somebody to
// call; false when there is none on any list.
func (d *Desk) Wait(ctx context.Context, o NextOptions) (time.Time, bool, error) {
	now := d.now()
	all, err := d.Campaigns(ctx)
	if err != nil {
		return now, false, err
	}
	var first time.Time
	for i := range all {
		c := &all[i]
		if c.State != Open || (o.Campaign != "" && c.Name != o.Campaign) || (len(o.Skills) > 0 && !slices.Contains(o.Skills, c.Skill)) {
			continue
		}
		var next sql.NullInt64
		err := d.db().QueryRowContext(ctx, `SELECT MIN(at) FROM (SELECT MIN(next_at) AS at FROM outbound_record WHERE campaign_id = ?1 AND status = 'open'
			UNION ALL SELECT MIN(taken_until) FROM outbound_record WHERE campaign_id = ?1 AND status = 'taken')`, c.ID).Scan(&next)
		if err != nil {
			return now, false, err
		}
		if !next.Valid {
			continue
		}
		at := time.Unix(max(next.Int64, now.Unix()), 0).In(d.zone())
		if start := c.First.Start(d.zone()); c.First != 0 && at.Before(start) {
			at = start
		}
		w, err := d.Window(c)
		if err != nil {
			return now, false, err
		}
		at, ok := w.Next(at)
		if !ok || (c.Last != 0 && calendar.DateOf(at, d.zone()) > c.Last) {
			continue
		}
		if first.IsZero() || at.Before(first) {
			first = at
		}
	}
	return first, !first.IsZero(), nil
}

// Release gives a record back that was taken and not called.
func (d *Desk) Release(ctx context.Context, id int64) error {
	return d.write(ctx, func(tx *sql.Tx) error {
		r, err := d.record(ctx, tx, id)
		if err != nil {
			return err
		}
		if r.Status != "taken" {
			return errNotTaken(r)
		}
		_, err = tx.ExecContext(ctx, "UPDATE outbound_record SET status = 'open', taken_by = '', taken_until = NULL WHERE id = ?", id)
		return err
	})
}
