package register

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"kcc/contacts"
	"kcc/contacts/promise"
	"kcc/internal/calendar"
	"kcc/internal/store"
)

// HandOffAdd passes work on a contact to a department. Work on the contact that
// the centre still has itself is what is passed on; else new work is made.
func (d *Desk) HandOffAdd(ctx context.Context, w Work) (*HandOff, error) {
	if err := check("department", w.Department, d.Centre.departmentNames()); err != nil {
		return nil, err
	}
	if d.Secrets != nil {
		w.Task, _ = d.Secrets.Mask(w.Task)
	}
	var id int64
	err := d.write(ctx, func(tx *sql.Tx) error {
		if err := exists(ctx, tx, w.Contact); err != nil {
			return err
		}
		own, err := ownWork(ctx, tx, w)
		if err != nil {
			return err
		}
		if own == 0 {
			id, _, err = d.addWork(ctx, tx, w)
			return err
		}
		id = own
		e := promise.Event{At: d.at(w.At), Kind: promise.HandedOff, Department: w.Department, Assignee: w.Assignee, Reason: "", By: d.By}
		if w.Task != "" {
			if _, err := tx.ExecContext(ctx, "UPDATE handoff SET task = ? WHERE id = ?", w.Task, id); err != nil {
				return err
			}
		}
		return d.apply(ctx, tx, id, e)
	})
	if err != nil || d.DryRun {
		return &HandOff{Contact: w.Contact, Department: w.Department, Assignee: w.Assignee}, err
	}
	return d.HandOff(ctx, id)
}

// ownWork returns open work on the contact that no department has yet and that
// fits the new one; 0 when there is none.
func ownWork(ctx context.Context, tx *sql.Tx, w Work) (int64, error) {
	if w.Department == "" || w.Callback != "" || w.Call {
		return 0, nil
	}
	var id int64
	err := tx.QueryRowContext(ctx, "SELECT id FROM handoff WHERE contact_id = ? AND department = '' AND status <> 'closed' ORDER BY id LIMIT 1", w.Contact).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return id, err
}

func (d *Desk) at(t time.Time) time.Time {
	if t.IsZero() {
		return d.now()
	}
	return t.Truncate(time.Second)
}

// addWork makes a piece of work with its promises. The customer's clock starts
// when the contact was received.
func (d *Desk) addWork(ctx context.Context, tx *sql.Tx, w Work) (int64, []Commitment, error) {
	var start int64
	var m promise.Match
	err := tx.QueryRowContext(ctx, "SELECT start, channel, kind, subject FROM contact WHERE id = ?", w.Contact).Scan(&start, &m.Channel, &m.Kind, &m.Subject)
	if err != nil {
		return 0, nil, err
	}
	m.Department = w.Department
	cal, err := d.Calendar(w.Department)
	if err != nil {
		return 0, nil, err
	}
	kind := Question
	if w.Callback != "" || w.Call || w.WindowTo != "" {
		kind = Callback
	}
	at := d.at(w.At)
	received := time.Unix(start, 0)
	if at.Before(received) { // a contact registered ahead of its start
		at = received
	}
	from, to, err := window(cal, w.WindowFrom, w.WindowTo, at)
	if err != nil {
		return 0, nil, err
	}
	res, err := tx.ExecContext(ctx, `
INSERT INTO handoff (contact_id, kind, task, department, assignee, status, received, since, window_from, window_to)
VALUES (?, ?, ?, ?, ?, 'open', ?, ?, ?, ?)`,
		w.Contact, kind, w.Task, w.Department, w.Assignee, start, unixOr(at, w.Department != ""), unixOrNil(from), unixOrNil(to))
	if err != nil {
		return 0, nil, err
	}
	id, err := res.LastInsertId()
	if err != nil {
		return 0, nil, err
	}
	log := []promise.Event{{At: received, Kind: promise.Received, By: d.By}}
	if w.Department != "" {
		log = append(log, promise.Event{At: at, Kind: promise.HandedOff, Department: w.Department, Assignee: w.Assignee, By: d.By})
	} else if w.Assignee != "" {
		log = append(log, promise.Event{At: at, Kind: promise.Assigned, Assignee: w.Assignee, By: d.By})
	}
	for i := range log {
		if err := insertEvent(ctx, tx, id, &log[i]); err != nil {
			return 0, nil, err
		}
	}
	if w.Callback != "" {
		if err := d.seal(ctx, tx, "handoff_id", id, "callback: "+w.Callback); err != nil {
			return 0, nil, err
		}
	}
	if _, err := tx.ExecContext(ctx, "UPDATE contact SET status = 'open', closed = NULL WHERE id = ?", w.Contact); err != nil {
		return 0, nil, err
	}
	if err := setDepartment(ctx, tx, w.Contact, w.Department); err != nil {
		return 0, nil, err
	}
	made, err := d.promiseOn(ctx, tx, id, kind, promise.Request{Match: m, Above: d.Centre.lineage(m.Subject)}, cal, log, at)
	return id, made, err
}

// promiseOn makes the promises that the rules give for a piece of work and that
// it does not have yet.
func (d *Desk) promiseOn(ctx context.Context, tx *sql.Tx, id int64, kind string, q promise.Request, cal *promise.Calendar, log []promise.Event, now time.Time) ([]Commitment, error) {
	rules, err := promise.LoadRules(ctx, tx)
	if err != nil {
		return nil, err
	}
	rules = rules.With(d.Centre.Rules)
	var out []Commitment
	for _, metric := range metrics(kind) {
		r, _ := rules.Match(metric, q, calendar.DateOf(log[0].At, d.zone()))
		if r == nil {
			continue
		}
		c := Commitment{HandOff: id, For: q.Department, Metric: metric, Rule: *r, Calendar: cal}
		if c.Rule.ID == 0 { // it follows from the description of the centre
			if _, err := promise.SaveRule(ctx, tx, &c.Rule); err != nil {
				return nil, err
			}
		}
		if c.CalID, err = d.calendarID(ctx, tx, cal); err != nil {
			return nil, err
		}
		if c.State, err = promise.Follow(cal, &c.Rule, log, now); err != nil {
			return nil, err
		}
		res, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO commitment (handoff_id, metric, department, rule_id, calendar_id, due, dept_due) VALUES (?, ?, ?, ?, ?, ?, ?)",
			id, string(metric), c.For, c.Rule.ID, c.CalID, c.State.Due.Unix(), unixOrNil(c.State.DeptDue))
		if err != nil {
			return nil, err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			if err != nil {
				return nil, err
			}
			continue
		}
		if c.ID, err = res.LastInsertId(); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

func (d *Desk) calendarID(ctx context.Context, tx *sql.Tx, cal *promise.Calendar) (int64, error) {
	v := cal.Version()
	if id := d.calIDs[v]; id != 0 {
		return id, nil
	}
	id, err := promise.SaveCalendar(ctx, tx, cal)
	if err != nil {
		return 0, err
	}
	if d.calIDs == nil {
		d.calIDs = map[string]int64{}
	}
	d.calIDs[v] = id
	return id, nil
}

// pin returns the calendar and the rule that a promise was made with.
func (d *Desk) pin(ctx context.Context, db promise.Queryer, ruleID, calID int64) (*promise.Rule, *promise.Calendar, error) {
	c, r := d.pinned[calID], d.rules[ruleID]
	if c == nil {
		var err error
		if c, err = promise.LoadCalendar(ctx, db, calID); err != nil {
			return nil, nil, err
		}
		if d.pinned == nil {
			d.pinned = map[int64]*promise.Calendar{}
		}
		d.pinned[calID] = c
	}
	if r == nil {
		rule, err := promise.LoadRule(ctx, db, ruleID)
		if err != nil {
			return nil, nil, err
		}
		r = &rule
		if d.rules == nil {
			d.rules = map[int64]*promise.Rule{}
		}
		d.rules[ruleID] = r
	}
	return r, c, nil
}

func insertEvent(ctx context.Context, tx *sql.Tx, id int64, e *promise.Event) error {
	amount := ""
	if e.Kind == promise.Extended {
		amount = e.Amount.String()
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO handoff_event (handoff_id, at, kind, department, assignee, reason, amount, by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		id, e.At.Unix(), string(e.Kind), e.Department, e.Assignee, e.Reason, amount, e.By)
	return err
}

// loadEvents returns the log of a piece of work in order.
func loadEvents(ctx context.Context, db promise.Queryer, id int64) ([]promise.Event, error) {
	rows, err := db.QueryContext(ctx, "SELECT at, kind, department, assignee, reason, amount, by FROM handoff_event WHERE handoff_id = ? ORDER BY id", id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []promise.Event
	for rows.Next() {
		e, err := scanEvent(rows.Scan)
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, rows.Err()
}

func scanEvent(scan func(...any) error, more ...any) (promise.Event, error) {
	var e promise.Event
	var at int64
	var kind, amount string
	if err := scan(append(more, &at, &kind, &e.Department, &e.Assignee, &e.Reason, &amount, &e.By)...); err != nil {
		return e, err
	}
	e.At, e.Kind = time.Unix(at, 0), promise.EventKind(kind)
	if amount != "" {
		var err error
		if e.Amount, err = calendar.ParseTerm(amount); err != nil {
			return e, err
		}
	}
	return e, nil
}

// loadCommitments returns the promises on a piece of work, without their state.
func (d *Desk) loadCommitments(ctx context.Context, db promise.Queryer, id int64) ([]Commitment, error) {
	rows, err := db.QueryContext(ctx, "SELECT id, metric, department, rule_id, calendar_id FROM commitment WHERE handoff_id = ? ORDER BY id", id)
	if err != nil {
		return nil, err
	}
	type ids struct {
		c    Commitment
		rule int64
	}
	var found []ids
	for rows.Next() {
		var f ids
		var metric string
		if err := rows.Scan(&f.c.ID, &metric, &f.c.For, &f.rule, &f.c.CalID); err != nil {
			rows.Close()
			return nil, err
		}
		f.c.HandOff, f.c.Metric = id, promise.Metric(metric)
		found = append(found, f)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		return nil, err
	}
	out := make([]Commitment, len(found))
	for i, f := range found {
		r, cal, err := d.pin(ctx, db, f.rule, f.c.CalID)
		if err != nil {
			return nil, err
		}
		f.c.Rule, f.c.Calendar = *r, cal
		out[i] = f.c
	}
	return out, nil
}

// apply adds one event to the log of a piece of work and brings everything that
// follows from the log up to date. An event that does not fit is refused.
func (d *Desk) apply(ctx context.Context, tx *sql.Tx, id int64, e promise.Event) error {
	log, err := loadEvents(ctx, tx, id)
	if err != nil {
		return err
	}
	if len(log) == 0 {
		return fmt.Errorf("hand-off %d: %w", id, ErrNotFound)
	}
	made, err := d.loadCommitments(ctx, tx, id)
	if err != nil {
		return err
	}
	wrap := func(err error) error { return fmt.Errorf("hand-off %d: %w", id, err) }
	plain := promise.Rule{Metric: promise.Resolve} // what every log must fit, with promises or without
	cal, err := d.Calendar("")
	if err != nil {
		return err
	}
	if err := promise.Check(cal, &plain, log, e); err != nil {
		return wrap(err)
	}
	log = append(log, e)
	state, err := promise.Follow(cal, &plain, log, e.At)
	if err != nil {
		return wrap(err)
	}
	if err := insertEvent(ctx, tx, id, &e); err != nil {
		return err
	}
	if e.Kind == promise.HandedOff || e.Kind == promise.Assigned {
		more, err := d.promisesAfter(ctx, tx, id, state.Department, log, made)
		if err != nil {
			return wrap(err)
		}
		made = append(made, more...)
	}
	met := len(made) > 0
	for i := range made {
		c := &made[i]
		if c.State, err = promise.Follow(c.Calendar, &c.Rule, log, e.At); err != nil {
			return wrap(err)
		}
		if err := saveState(ctx, tx, c); err != nil {
			return err
		}
		met = met && !c.State.Stopped.IsZero()
	}
	status := state.Status
	if status == promise.Open && met {
		status = promise.Met
	}
	_, err = tx.ExecContext(ctx, "UPDATE handoff SET department = ?, assignee = ?, status = ?, since = ?, closed = ?, attempts = ? WHERE id = ?",
		state.Department, state.Assignee, string(status), unixOrNil(state.Since), unixOr(state.LastClosed, status == promise.CaseClose), state.Attempts, id)
	if err != nil {
		return err
	}
	return d.follow(ctx, tx, id, e)
}

// promisesAfter makes the promises that a department gives on work that comes to
// it without.
func (d *Desk) promisesAfter(ctx context.Context, tx *sql.Tx, id int64, department string, log []promise.Event, have []Commitment) ([]Commitment, error) {
	var kind string
	m := promise.Match{Department: department}
	err := tx.QueryRowContext(ctx, `
SELECT h.kind, c.channel, c.kind, c.subject FROM handoff h JOIN contact c ON c.id = h.contact_id WHERE h.id = ?`, id).Scan(&kind, &m.Channel, &m.Kind, &m.Subject)
	if err != nil || len(have) == len(metrics(kind)) {
		return nil, err
	}
	cal, err := d.Calendar(department)
	if err != nil {
		return nil, err
	}
	return d.promiseOn(ctx, tx, id, kind, promise.Request{Match: m, Above: d.Centre.lineage(m.Subject)}, cal, log, log[len(log)-1].At)
}

func saveState(ctx context.Context, tx *sql.Tx, c *Commitment) error {
	_, err := tx.ExecContext(ctx, "UPDATE commitment SET due = ?, dept_due = ?, stopped = ?, paused_since = ? WHERE id = ?",
		c.State.Due.Unix(), unixOrNil(c.State.DeptDue), unixOrNil(c.State.Stopped), unixOrNil(c.State.PausedSince), c.ID)
	return err
}

// follow keeps the contact and the sealed details in step with an event.
func (d *Desk) follow(ctx context.Context, tx *sql.Tx, id int64, e promise.Event) error {
	var contact int64
	if err := tx.QueryRowContext(ctx, "SELECT contact_id FROM handoff WHERE id = ?", id).Scan(&contact); err != nil {
		return err
	}
	var err error
	switch e.Kind {
	case promise.HandedOff, promise.Assigned:
		err = setDepartment(ctx, tx, contact, e.Department)
	case promise.Closed:
		if _, err = tx.ExecContext(ctx, `
UPDATE contact SET status = 'closed', closed = ? WHERE id = ? AND NOT EXISTS
	(SELECT 1 FROM handoff WHERE contact_id = ? AND status <> 'closed')`, e.At.Unix(), contact, contact); err == nil {
			_, err = tx.ExecContext(ctx, "UPDATE sealed_detail SET erase_at = ? WHERE handoff_id = ?", e.At.Add(DetailsKept).Unix(), id)
		}
	case promise.Reopened:
		if _, err = tx.ExecContext(ctx, "UPDATE contact SET status = 'open', closed = NULL WHERE id = ?", contact); err == nil {
			_, err = tx.ExecContext(ctx, "UPDATE sealed_detail SET erase_at = NULL WHERE handoff_id = ?", id)
		}
	}
	return err
}

// setDepartment notes the department that a contact is with, and keeps the
// roll-ups in step; an empty one changes nothing.
func setDepartment(ctx context.Context, tx *sql.Tx, contact int64, department string) error {
	var had string
	if err := tx.QueryRowContext(ctx, "SELECT department FROM contact WHERE id = ?", contact).Scan(&had); err != nil || department == "" || department == had {
		return err
	}
	return contacts.Rolled(ctx, tx, contact, func() error {
		_, err := tx.ExecContext(ctx, "UPDATE contact SET department = ? WHERE id = ?", department, contact)
		return err
	})
}

// DetailsKept is how long sealed details outlive the work they were for.
const DetailsKept = 7 * 24 * time.Hour

// seal stores a text that open work needs, unreadable without the key file.
func (d *Desk) seal(ctx context.Context, tx *sql.Tx, column string, id int64, text string) error {
	if d.Secrets == nil {
		return errors.New("there is no key file to seal details of customers with")
	}
	keyID, body, err := d.Secrets.Seal(text)
	if err != nil {
		return err
	}
	switch column {
	case "handoff_id", "contact_id", "appointment_id":
	default:
		panic("register: no such owner of sealed details")
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO sealed_detail ("+column+", key_id, body) VALUES (?, ?, ?)", id, keyID, body)
	return err
}

// Event adds an event to the log of a piece of work.
func (d *Desk) Event(ctx context.Context, id int64, e promise.Event) error {
	e.At, e.By = d.at(e.At), d.By
	if err := check("department", e.Department, d.Centre.departmentNames()); err != nil {
		return err
	}
	if d.Secrets != nil {
		e.Reason, _ = d.Secrets.Mask(e.Reason)
	}
	return d.write(ctx, func(tx *sql.Tx) error { return d.apply(ctx, tx, id, e) })
}

const handoffColumns = `h.id, h.contact_id, h.kind, h.task, h.department, h.assignee, h.status, h.received, h.since, h.closed,
	h.window_from, h.window_to, h.attempts, c.channel, c.subject, c.kind, COALESCE(c.reference, '')`

func (d *Desk) scanHandOff(scan func(...any) error) (*HandOff, error) {
	h := &HandOff{}
	var received int64
	var since, closed, from, to sql.NullInt64
	var status string
	err := scan(&h.ID, &h.Contact, &h.Kind, &h.Task, &h.Department, &h.Assignee, &status, &received, &since, &closed,
		&from, &to, &h.Attempts, &h.Channel, &h.Subject, &h.ContactKind, &h.Reference)
	h.Status, h.Received = promise.Status(status), time.Unix(received, 0).In(d.zone())
	h.Since, h.Closed, h.WindowFrom, h.WindowTo = d.timeOf(since), d.timeOf(closed), d.timeOf(from), d.timeOf(to)
	return h, err
}

// HandOff returns a piece of work with its log and the state of its promises.
func (d *Desk) HandOff(ctx context.Context, id int64) (*HandOff, error) {
	var h *HandOff
	err := store.Read(ctx, d.DB, func(tx *sql.Tx) error {
		var err error
		h, err = d.scanHandOff(tx.QueryRowContext(ctx, "SELECT "+handoffColumns+" FROM handoff h JOIN contact c ON c.id = h.contact_id WHERE h.id = ?", id).Scan)
		if errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("hand-off %d: %w", id, ErrNotFound)
		}
		if err != nil {
			return err
		}
		if h.Log, err = loadEvents(ctx, tx, id); err != nil {
			return err
		}
		if h.Promises, err = d.loadCommitments(ctx, tx, id); err != nil {
			return err
		}
		return d.stand(h)
	})
	return h, err
}

// stand computes where the promises on h stand now.
func (d *Desk) stand(h *HandOff) error {
	now := d.now()
	for i := range h.Log { // an event may be entered ahead of the clock
		if h.Log[i].At.After(now) {
			now = h.Log[i].At
		}
	}
	for i := range h.Promises {
		c := &h.Promises[i]
		var err error
		if c.State, err = promise.Follow(c.Calendar, &c.Rule, h.Log, now); err != nil {
			return fmt.Errorf("hand-off %d: %w", h.ID, err)
		}
	}
	return nil
}

// Details opens the sealed details of a piece of work.
func (d *Desk) Details(ctx context.Context, id int64) ([]string, error) {
	rows, err := d.DB.QueryContext(ctx, "SELECT key_id, body FROM sealed_detail WHERE handoff_id = ? ORDER BY id", id)
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var key string
		var body []byte
		if err := rows.Scan(&key, &body); err != nil {
			return nil, store.Explain(err)
		}
		if d.Secrets == nil {
			return nil, errors.New("there is no key file to open the details with")
		}
		text, err := d.Secrets.Open(key, body)
		if err != nil {
			return nil, err
		}
		out = append(out, text)
	}
	return out, store.Explain(rows.Err())
}

// WorkFilter chooses pieces of work; empty fields choose all.
type WorkFilter struct {
	Department *string // nil: any; empty: the centre itself
	Assignee   string
	Status     string // open, paused, met, closed; empty: all but closed; all
	Kind       string
	Subject    string
	Contact    int64
	Limit      int // 0 means 1000, negative all
}

// HandOffs returns pieces of work with the state of their promises, those with
// the nearest due time first.
func (d *Desk) HandOffs(ctx context.Context, f WorkFilter) ([]*HandOff, error) {
	where, args := []string{"1 = 1"}, []any{}
	and := func(cond string, v ...any) { where, args = append(where, cond), append(args, v...) }
	switch f.Status {
	case "":
		and("h.status <> 'closed'")
	case "all":
	default:
		and("h.status = ?", f.Status)
	}
	if f.Department != nil {
		and("h.department = ?", *f.Department)
	}
	if f.Assignee != "" {
		and("h.assignee = ?", f.Assignee)
	}
	if f.Kind != "" {
		and("h.kind = ?", f.Kind)
	}
	if f.Contact != 0 {
		and("h.contact_id = ?", f.Contact)
	}
	if f.Subject != "" {
		names := d.Centre.under(f.Subject)
		vals := make([]any, len(names))
		for i, n := range names {
			vals[i] = n
		}
		and("c.subject IN (?"+strings.Repeat(", ?", len(names)-1)+")", vals...)
	}
	if f.Limit == 0 {
		f.Limit = 1000
	}
	if f.Limit < 0 {
		f.Limit = math.MaxInt32
	}
	var out []*HandOff
	err := store.Read(ctx, d.DB, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, "SELECT "+handoffColumns+` FROM handoff h JOIN contact c ON c.id = h.contact_id
WHERE `+strings.Join(where, " AND ")+`
ORDER BY (SELECT MIN(due) FROM commitment k WHERE k.handoff_id = h.id AND k.stopped IS NULL) IS NULL,
	(SELECT MIN(due) FROM commitment k WHERE k.handoff_id = h.id AND k.stopped IS NULL), h.id LIMIT ?`, append(args, f.Limit)...)
		if err != nil {
			return err
		}
		for rows.Next() {
			h, err := d.scanHandOff(rows.Scan)
			if err != nil {
				rows.Close()
				return err
			}
			out = append(out, h)
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return err
		}
		for _, h := range out {
			if h.Log, err = loadEvents(ctx, tx, h.ID); err != nil {
				return err
			}
			if h.Promises, err = d.loadCommitments(ctx, tx, h.ID); err != nil {
				return err
			}
			if err := d.stand(h); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

func (d *Desk) timeOf(v sql.NullInt64) time.Time {
	if !v.Valid {
		return time.Time{}
	}
	return time.Unix(v.Int64, 0).In(d.zone())
}

func unixOrNil(t time.Time) any { return unixOr(t, true) }

func unixOr(t time.Time, ok bool) any {
	if !ok || t.IsZero() {
		return nil
	}
	return t.Unix()
}

func orNaN(v sql.NullFloat64) float64 {
	if !v.Valid {
		return math.NaN()
	}
	return v.Float64
}
