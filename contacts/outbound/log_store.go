package outbound

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"kcc/contacts"
	"kcc/contacts/promise"
	"kcc/contacts/register"
	"kcc/internal/calendar"
)

func errNotTaken(r Record) error {
	if r.Status == "done" {
		return fmt.Errorf("%w: record %d is done already (%s)", ErrInvalid, r.ID, r.Result)
	}
	return fmt.Errorf("%w: record %d is not taken", ErrInvalid, r.ID)
}

// Logged is what became of a record by an attempt.
type Logged struct {
	Record  Record
	Contact int64 // that the call became in the register; 0: nobody was spoken
	Barred  int64 // further records that ended because the customer is not to be called
}

// Log notes an attempt: what becomes of the record, of the work it is about, and
// the contact in the register when the right person was spoken. All of it is
// kept, or nothing.
func (d *Desk) Log(ctx context.Context, a Attempt) (Logged, error) {
	if a.At.IsZero() {
		a.At = d.now()
	}
	if a.By == "" {
		a.By = d.Register.By
	}
	if err := a.check(); err != nil {
		return Logged{}, err
	}
	a.Note, _ = d.Register.Secrets.Mask(a.Note)
	var out Logged
	err := d.write(ctx, func(tx *sql.Tx) error {
		out = Logged{}
		r, err := d.record(ctx, tx, a.Record)
		if err != nil {
			return err
		}
		if r.Status == "done" {
			return errNotTaken(r)
		}
		if r.Status == "taken" && r.TakenBy != a.By {
			return fmt.Errorf("%w: record %d is taken by another", ErrInvalid, r.ID)
		}
		if a.At.After(d.now()) {
			return fmt.Errorf("%w: the call is in the future", ErrInvalid)
		}
		c, err := campaign(ctx, tx, r.Campaign)
		if err != nil {
			return err
		}
		if err := d.attempt(ctx, tx, &c, &r, &a); err != nil {
			return err
		}
		if out.Contact, err = d.contact(ctx, tx, &c, &r, &a); err != nil {
			return err
		}
		if err := d.work(ctx, tx, &c, &r, &a); err != nil {
			return err
		}
		if a.Outcome == DoNotCall {
			if out.Barred, err = d.barRecord(ctx, tx, &r); err != nil {
				return err
			}
		}
		out.Record, err = d.record(ctx, tx, a.Record)
		return err
	})
	return out, err
}

// attempt stores the call, counts it and moves the record on.
func (d *Desk) attempt(ctx context.Context, tx *sql.Tx, c *Campaign, r *Record, a *Attempt) error {
	hour := a.At.In(d.zone()).Hour()
	if _, err := tx.ExecContext(ctx, "INSERT INTO outbound_attempt (record_id, at, hour, outcome, talk_s, dial_s, by, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		r.ID, a.At.Unix(), hour, a.Outcome, secondsOrNil(a.Talk), secondsOrNil(a.Dial), a.By, a.Note); err != nil {
		return err
	}
	count := func(t time.Duration) (int64, int) {
		if t < 0 {
			return 0, 0
		}
		return int64(t / time.Second), 1
	}
	talk, talkN := count(a.Talk)
	dial, dialN := count(a.Dial)
	if _, err := tx.ExecContext(ctx, `INSERT INTO outbound_tally (campaign_id, day, attempt, hour, outcome, n, talk_s, talk_n, dial_s, dial_n) VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?, ?)
		ON CONFLICT (campaign_id, day, attempt, hour, outcome) DO UPDATE SET n = n + 1, talk_s = talk_s + excluded.talk_s, talk_n = talk_n + excluded.talk_n,
			dial_s = dial_s + excluded.dial_s, dial_n = dial_n + excluded.dial_n`,
		c.ID, int64(calendar.DateOf(a.At, d.zone())), r.Attempts+1, hour, a.Outcome, talk, talkN, dial, dialN); err != nil {
		return err
	}
	s := c.after(r, a)
	if _, err := tx.ExecContext(ctx, `UPDATE outbound_record SET status = 'open', taken_by = '', taken_until = NULL, attempts = attempts + 1,
		next_at = ?, window_from = ?, window_to = ? WHERE id = ?`, s.next.Unix(), unixOrNil(s.windowFrom), unixOrNil(s.windowTo), r.ID); err != nil {
		return err
	}
	if s.done {
		return d.finish(ctx, tx, s.result, "id = ?", r.ID)
	}
	return nil
}

func secondsOrNil(t time.Duration) any {
	if t < 0 {
		return nil
	}
	return int64(t / time.Second)
}

// contact registers a call in which the right person was spoken.
func (d *Desk) contact(ctx context.Context, tx *sql.Tx, c *Campaign, r *Record, a *Attempt) (int64, error) {
	if !a.Outcome.RightParty() {
		return 0, nil
	}
	e := register.Entry{
		ID: fmt.Sprintf("outbound:%d:%d", r.ID, r.Attempts+1), Start: a.At.Format(time.RFC3339), Direction: "outbound", Channel: c.Channel,
		Subject: r.Subject, Kind: string(c.Kind), Outcome: contacts.AnsweredSelf, Reference: r.Reference, Note: a.Note,
	}
	if a.Talk >= 0 {
		talk := a.Talk.Seconds()
		e.Talk = &talk
	}
	if a.Outcome == CallBack {
		e.Outcome = contacts.Answered
	}
	return d.Register.AddWithin(ctx, tx, &e, r.party)
}

// work notes the call with the work or the appointment that the record is about.
func (d *Desk) work(ctx context.Context, tx *sql.Tx, c *Campaign, r *Record, a *Attempt) error {
	if r.Appointment != 0 && c.Kind == Reminder && a.Outcome == Reached {
		_, err := tx.ExecContext(ctx, "UPDATE appointment SET reminded = ? WHERE id = ? AND reminded IS NULL", a.At.Unix(), r.Appointment)
		return err
	}
	if r.HandOff == 0 {
		return nil
	}
	e := promise.Event{At: a.At, By: a.By, Kind: promise.Attempted}
	switch {
	case a.Outcome == Reached && c.Kind == Callback:
		e.Kind = promise.Responded
	case a.Outcome.RightParty():
		e.Kind, e.Reason = promise.Message, string(c.Kind)
	case c.Kind != Callback: // who is told how far it is waits for no call
		return nil
	}
	return d.Register.EventWithin(ctx, tx, r.HandOff, e)
}

// barRecord puts the person of a record on the do-not-call list.
func (d *Desk) barRecord(ctx context.Context, tx *sql.Tx, r *Record) (int64, error) {
	number, err := d.number(ctx, tx, r)
	if err != nil {
		return 0, err
	}
	refs, ref := []string{}, r.party
	if number != "" {
		if refs, err = d.Register.Secrets.Refs(number); err != nil {
			return 0, err
		}
		if ref == "" {
			if ref, err = d.Register.Secrets.Ref(number); err != nil {
				return 0, err
			}
		}
		own, err := d.Register.Secrets.Ref(number)
		if err != nil {
			return 0, err
		}
		if own != ref { // known by another identifier: both are barred
			if _, err := d.bar(ctx, tx, own, refs, "asked for in a call"); err != nil {
				return 0, err
			}
		}
	}
	if ref == "" {
		return 0, nil
	}
	return d.bar(ctx, tx, ref, append(refs, ref), "asked for in a call")
}

// Stop ends records by hand.
func (d *Desk) Stop(ctx context.Context, id int64) error {
	return d.write(ctx, func(tx *sql.Tx) error {
		r, err := d.record(ctx, tx, id)
		if err != nil {
			return err
		}
		if r.Status == "done" {
			return errNotTaken(r)
		}
		return d.finish(ctx, tx, resultStopped, "id = ?", id)
	})
}
