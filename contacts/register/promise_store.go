package register

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"kcc/contacts/promise"
	"kcc/internal/calendar"
	"kcc/internal/store"
)

// Rules returns the promise rules of the store with those that follow from the
// description of the centre.
func (d *Desk) Rules(ctx context.Context) (promise.Rules, error) {
	rs, err := promise.LoadRules(ctx, d.DB)
	if err != nil {
		return nil, store.Explain(err)
	}
	return rs.With(d.Centre.Rules), nil
}

// AddRule stores a new version of a rule. It is false when the last version says
// the same.
func (d *Desk) AddRule(ctx context.Context, r *promise.Rule) (isNew bool, err error) {
	if err := errors.Join(
		check("channel", r.Match.Channel, d.Centre.Channels), check("subject", r.Match.Subject, d.Centre.subjectNames()),
		check("department", r.Match.Department, d.Centre.departmentNames()),
	); err != nil {
		return false, err
	}
	err = d.write(ctx, func(tx *sql.Tx) error {
		isNew, err = promise.SaveRule(ctx, tx, r)
		return err
	})
	return isNew, err
}

// Match returns the rule for a request, and why.
func (d *Desk) Match(ctx context.Context, metric promise.Metric, m promise.Match, on calendar.Date) (*promise.Rule, []promise.Verdict, error) {
	rs, err := d.Rules(ctx)
	if err != nil {
		return nil, nil, err
	}
	r, why := rs.Match(metric, promise.Request{Match: m, Above: d.Centre.lineage(m.Subject)}, on)
	return r, why, nil
}

// Change is a promise that other rules or another calendar would alter.
type Change struct {
	Commitment      Commitment // as it stands
	Contact         int64
	Department      string
	Rule            promise.Rule // that would hold; an empty name when none would
	Due             time.Time
	WasLate, IsLate bool
	calendar        *promise.Calendar
	log             []promise.Event
}

// Recompute finds the open promises that the rules and office hours of today
// would give another rule, calendar or due time, and unless the desk is on a dry
// run puts them in place: the log gets an event that says so. What is closed or
// met keeps what it was made with.
func (d *Desk) Recompute(ctx context.Context, f WorkFilter) (changes []Change, looked int, err error) {
	err = d.write(ctx, func(tx *sql.Tx) error {
		rules, err := promise.LoadRules(ctx, tx)
		if err != nil {
			return err
		}
		rules = rules.With(d.Centre.Rules)
		work, err := d.openWork(ctx, tx, f)
		if err != nil {
			return err
		}
		for _, h := range work {
			for _, c := range h.Promises {
				if !c.State.Stopped.IsZero() {
					continue
				}
				looked++
				ch, differs, err := d.compare(h, c, rules)
				if err != nil {
					return err
				}
				if !differs {
					continue
				}
				if err := d.repin(ctx, tx, &ch); err != nil {
					return err
				}
				changes = append(changes, ch)
			}
		}
		return nil
	})
	return changes, looked, err
}

// openWork loads the open work that has promises.
func (d *Desk) openWork(ctx context.Context, tx *sql.Tx, f WorkFilter) ([]*HandOff, error) {
	q := "SELECT DISTINCT h.id FROM commitment k JOIN handoff h ON h.id = k.handoff_id WHERE k.stopped IS NULL"
	var args []any
	if f.Department != nil {
		q += " AND h.department = ?"
		args = append(args, *f.Department)
	}
	list, err := ids(ctx, tx, q+" ORDER BY h.id", args...)
	if err != nil {
		return nil, err
	}
	out := make([]*HandOff, len(list))
	for i, id := range list {
		h, err := d.scanHandOff(tx.QueryRowContext(ctx, "SELECT "+handoffColumns+" FROM handoff h JOIN contact c ON c.id = h.contact_id WHERE h.id = ?", id).Scan)
		if err != nil {
			return nil, err
		}
		if h.Log, err = loadEvents(ctx, tx, id); err != nil {
			return nil, err
		}
		if h.Promises, err = d.loadCommitments(ctx, tx, id); err != nil {
			return nil, err
		}
		if err := d.stand(h); err != nil {
			return nil, err
		}
		out[i] = h
	}
	return out, nil
}

// compare tells what the rules of today would make of a promise. Calendars are
// compared by what they say; rule and calendar are sought for the department for
// which the promise was made.
func (d *Desk) compare(h *HandOff, c Commitment, rules promise.Rules) (Change, bool, error) {
	m := promise.Match{Channel: h.Channel, Kind: h.ContactKind, Subject: h.Subject, Department: c.For}
	r, _ := rules.Match(c.Metric, promise.Request{Match: m, Above: d.Centre.lineage(m.Subject)}, calendar.DateOf(h.Received, d.zone()))
	ch := Change{Commitment: c, Contact: h.Contact, Department: h.Department, log: h.Log}
	if r == nil { // no rule any more: the promise stays as it was made
		return ch, false, nil
	}
	cal, err := d.Calendar(c.For)
	if err != nil {
		return ch, false, err
	}
	ch.Rule, ch.calendar = *r, cal
	if (r.ID == c.Rule.ID && r.ID != 0) && cal.Version() == c.Calendar.Version() {
		return ch, false, nil
	}
	now := d.now()
	state, err := promise.Follow(cal, r, h.Log, now)
	if err != nil {
		return ch, false, err
	}
	ch.Due, ch.WasLate, ch.IsLate = state.Due, c.State.Late(now), state.Late(now)
	return ch, true, nil
}

// repin puts another rule and calendar under a promise.
func (d *Desk) repin(ctx context.Context, tx *sql.Tx, ch *Change) error {
	if ch.Rule.ID == 0 {
		if _, err := promise.SaveRule(ctx, tx, &ch.Rule); err != nil {
			return err
		}
	}
	calID, err := d.calendarID(ctx, tx, ch.calendar)
	if err != nil {
		return err
	}
	c := ch.Commitment
	e := promise.Event{At: d.now(), Kind: promise.Repinned, By: d.By, Reason: string(c.Metric) + ": " + c.Rule.Name + " version " + itoa(int64(c.Rule.Version)) +
		" became " + ch.Rule.Name + " version " + itoa(int64(ch.Rule.Version))}
	for _, old := range ch.log { // the log stays in order of time
		if old.At.After(e.At) {
			e.At = old.At
		}
	}
	if err := insertEvent(ctx, tx, c.HandOff, &e); err != nil {
		return err
	}
	state, err := promise.Follow(ch.calendar, &ch.Rule, ch.log, e.At)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE commitment SET rule_id = ?, calendar_id = ? WHERE id = ?", ch.Rule.ID, calID, c.ID); err != nil {
		return err
	}
	return saveState(ctx, tx, &Commitment{ID: c.ID, State: state})
}
