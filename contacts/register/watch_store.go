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

// The defaults of WatchOptions.
const (
	defaultSoon   = 4 * time.Hour // of business time
	defaultWindow = time.Hour
	defaultMin    = 20
	defaultMargin = 0.1
)

func (o WatchOptions) filled() WatchOptions {
	if o.Soon == (promise.Promise{}) {
		o.Soon.Within = calendar.Term{Unit: calendar.BusinessTime, Duration: defaultSoon}
	}
	if o.Window == 0 {
		o.Window = defaultWindow
	}
	if o.MinOffered == 0 {
		o.MinOffered = defaultMin
	}
	if o.Margin == 0 {
		o.Margin = defaultMargin
	}
	return o
}

// Watch looks for promises that are broken or soon will be. It reads only what
// is open, through partial indexes, however much the store holds, and the
// contacts only when the items are asked for; it never waits for a writer.
func (d *Desk) Watch(ctx context.Context, opt WatchOptions) (*Watched, error) {
	opt = opt.filled()
	now := d.now()
	w := &Watched{Now: now, counts: map[string]int{}, opt: opt}
	cal, err := d.Calendar("")
	if err != nil {
		return nil, err
	}
	soon, err := cal.Due(now, opt.Soon)
	if err != nil {
		return nil, err
	}
	err = store.Read(ctx, d.DB, func(tx *sql.Tx) error {
		if err := d.countOpen(ctx, tx, w, soon); err != nil {
			return err
		}
		if opt.Items {
			if err := d.watchPromises(ctx, tx, w, soon); err != nil {
				return err
			}
			return d.watchWindows(ctx, tx, w)
		}
		return nil
	})
	sortItems(w.Items)
	return w, err
}

// unanswered leaves out callback requests whose customer was spoken to.
const unanswered = "NOT EXISTS (SELECT 1 FROM handoff_event e WHERE e.handoff_id = h.id AND e.kind = 'responded')"

// countOpen counts what is open in one pass over the open promises and callback
// windows. A promise that stands still is judged at the moment it was paused.
func (d *Desk) countOpen(ctx context.Context, tx *sql.Tx, w *Watched, soon time.Time) error {
	var overdue, first, dept, near, missed, closing sql.NullInt64
	err := tx.QueryRowContext(ctx, `
SELECT COUNT(*), COUNT(paused_since),
	SUM(due < moment AND metric <> 'first_response'), SUM(due < moment AND metric = 'first_response'),
	SUM(due >= moment AND late), SUM(due >= moment AND NOT late AND paused_since IS NULL AND due <= ?2)
FROM (SELECT metric, due, paused_since, COALESCE(paused_since, ?1) AS moment, COALESCE(dept_due < COALESCE(paused_since, ?1), 0) AS late
	FROM commitment INDEXED BY commitment_open WHERE stopped IS NULL)`, w.Now.Unix(), soon.Unix()).Scan(&w.Open, &w.Paused, &overdue, &first, &dept, &near)
	if err != nil {
		return err
	}
	err = tx.QueryRowContext(ctx, `
SELECT SUM(window_to < ?1), SUM(window_to >= ?1) FROM handoff h INDEXED BY handoff_window
WHERE window_to IS NOT NULL AND status IN ('open', 'paused') AND window_to <= ?2 AND `+unanswered, w.Now.Unix(), w.Now.Add(w.opt.Window).Unix()).Scan(&missed, &closing)
	for what, n := range map[string]sql.NullInt64{
		Overdue: overdue, FirstResponseLate: first, DepartmentLate: dept, DueSoon: near, CallbackMissed: missed, CallbackClosing: closing,
	} {
		w.counts[what] = int(n.Int64)
	}
	return err
}

const itemColumns = `k.id, k.metric, k.due, k.dept_due, k.paused_since, k.rule_id, k.calendar_id, h.id, h.contact_id, h.department, h.assignee, h.status,
	h.received, c.channel, c.subject, c.kind, COALESCE(c.party_ref, '')`

// watchPromises finds the open promises that are due before soon on one of the
// two clocks. What is paused is broken only when it was so before the pause.
func (d *Desk) watchPromises(ctx context.Context, tx *sql.Tx, w *Watched, soon time.Time) error {
	rows, err := tx.QueryContext(ctx, `
SELECT `+itemColumns+` FROM (
	SELECT id FROM commitment INDEXED BY commitment_open WHERE stopped IS NULL AND due <= ?1
	UNION
	SELECT id FROM commitment INDEXED BY commitment_open_dept WHERE stopped IS NULL AND dept_due IS NOT NULL AND dept_due < ?2
) JOIN commitment k USING (id) JOIN handoff h ON h.id = k.handoff_id JOIN contact c ON c.id = h.contact_id`, soon.Unix(), w.Now.Unix())
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		i, due, deptDue, paused, err := d.scanItem(rows.Scan)
		if err != nil {
			return err
		}
		moment := w.Now
		if !paused.IsZero() {
			moment = paused
		}
		i.Due = due
		switch {
		case moment.After(due) && i.Metric == promise.FirstResponse:
			i.What = FirstResponseLate
		case moment.After(due):
			i.What = Overdue
		case !deptDue.IsZero() && moment.After(deptDue):
			i.What, i.Due = DepartmentLate, deptDue
		case paused.IsZero() && !due.After(soon):
			i.What = DueSoon
		default:
			continue
		}
		w.Items = append(w.Items, i)
	}
	return rows.Err()
}

func (d *Desk) scanItem(scan func(...any) error) (i Item, due, deptDue, paused time.Time, err error) {
	var metric, status string
	var at, received int64
	var dept, since sql.NullInt64
	err = scan(&i.Commitment, &metric, &at, &dept, &since, &i.RuleID, &i.CalID, &i.HandOff, &i.Contact, &i.Department, &i.Assignee, &status,
		&received, &i.Channel, &i.Subject, &i.Kind, &i.Party)
	i.Metric, i.Status, i.Received = promise.Metric(metric), promise.Status(status), time.Unix(received, 0).In(d.zone())
	return i, time.Unix(at, 0).In(d.zone()), d.timeOf(dept), d.timeOf(since), err
}

// watchWindows finds callback requests whose window closes or has closed.
func (d *Desk) watchWindows(ctx context.Context, tx *sql.Tx, w *Watched) error {
	rows, err := tx.QueryContext(ctx, `
SELECT h.id, h.contact_id, h.department, h.assignee, h.status, h.received, h.window_to, c.channel, c.subject, c.kind, COALESCE(c.party_ref, '')
FROM handoff h INDEXED BY handoff_window JOIN contact c ON c.id = h.contact_id
WHERE h.window_to IS NOT NULL AND h.status IN ('open', 'paused') AND h.window_to <= ?
	AND `+unanswered, w.Now.Add(w.opt.Window).Unix())
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		i := Item{Metric: promise.Callback, What: CallbackClosing}
		var status string
		var received, to int64
		if err := rows.Scan(&i.HandOff, &i.Contact, &i.Department, &i.Assignee, &status, &received, &to, &i.Channel, &i.Subject, &i.Kind, &i.Party); err != nil {
			return err
		}
		i.Status, i.Received, i.Due = promise.Status(status), time.Unix(received, 0).In(d.zone()), time.Unix(to, 0).In(d.zone())
		if w.Now.After(i.Due) {
			i.What = CallbackMissed
		}
		w.Items = append(w.Items, i)
	}
	return rows.Err()
}

// Notice is a mail to be sent about promises that need attention.
type Notice struct {
	To    string // department, or the name in the escalation
	Lines []NoticeLine
}

// NoticeLine is one promise in a notice.
type NoticeLine struct {
	Item
	Step string
}

// Notices finds the notices that the escalations ask for now and that were not
// sent yet, lets send write them, and keeps that they were sent. Nothing is sent
// outside the office hours of the department, or of the centre for others; it
// waits. next is when the first of those that wait can be sent, zero when none
// waits. When send fails nothing counts as sent.
func (d *Desk) Notices(ctx context.Context, send func([]Notice) error) (sent int, next time.Time, err error) {
	now := d.now()
	err = d.write(ctx, func(tx *sql.Tx) error {
		items, err := d.openItems(ctx, tx)
		if err != nil {
			return err
		}
		byTo := map[string]int{}
		var out []Notice
		type key struct {
			to         string
			commitment int64
		}
		inMail := map[key]bool{}
		for _, i := range items {
			r, cal, err := d.pin(ctx, tx, i.RuleID, i.CalID)
			if err != nil {
				return err
			}
			ladder := r.Escalation
			if len(ladder) == 0 {
				ladder = promise.DefaultEscalation()
			}
			reached, err := ladder.Reached(cal, i.Due, now)
			if err != nil {
				return err
			}
			for _, rung := range reached {
				to := rung.To
				hours := ""
				if to == promise.ToDepartment {
					to, hours = or(i.Department, "kcc"), i.Department
				}
				known, err := isSent(ctx, tx, i, rung)
				if err != nil {
					return err
				}
				if known {
					continue
				}
				office, err := d.Calendar(hours)
				if err != nil {
					return err
				}
				if !office.Work.Open(now) {
					if at, err := office.Work.NextOpen(now); err == nil && (next.IsZero() || at.Before(next)) {
						next = at
					}
					continue
				}
				if _, err := tx.ExecContext(ctx, "INSERT INTO notice (commitment_id, step, due, sent, department) VALUES (?, ?, ?, ?, ?)",
					i.Commitment, rung.String(), i.Due.Unix(), now.Unix(), i.Department); err != nil {
					return err
				}
				sent++
				if inMail[key{to, i.Commitment}] {
					continue // one line per promise, whatever the number of rungs
				}
				inMail[key{to, i.Commitment}] = true
				n, ok := byTo[to]
				if !ok {
					n = len(out)
					byTo[to] = n
					out = append(out, Notice{To: to})
				}
				i.What = whatOf(i, now)
				out[n].Lines = append(out[n].Lines, NoticeLine{i, rung.String()})
			}
		}
		if len(out) == 0 || d.DryRun {
			return nil
		}
		return send(out)
	})
	return sent, next, err
}

func whatOf(i Item, now time.Time) string {
	switch {
	case !now.After(i.Due):
		return DueSoon
	case i.Metric == promise.FirstResponse:
		return FirstResponseLate
	}
	return Overdue
}

func isSent(ctx context.Context, tx *sql.Tx, i Item, r promise.Rung) (bool, error) {
	var n int
	err := tx.QueryRowContext(ctx, "SELECT 1 FROM notice WHERE commitment_id = ? AND step = ? AND due = ?", i.Commitment, r.String(), i.Due.Unix()).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// escalationHorizon bounds how far ahead of its due time a promise is looked at.
const escalationHorizon = 60 * 24 * time.Hour

// openItems returns the open promises whose clock runs and that are due within
// the horizon, the oldest first.
func (d *Desk) openItems(ctx context.Context, tx *sql.Tx) ([]Item, error) {
	rows, err := tx.QueryContext(ctx, `
SELECT `+itemColumns+` FROM commitment k INDEXED BY commitment_open JOIN handoff h ON h.id = k.handoff_id JOIN contact c ON c.id = h.contact_id
WHERE k.stopped IS NULL AND k.paused_since IS NULL AND k.due <= ? ORDER BY k.due, k.id`, d.now().Add(escalationHorizon).Unix())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Item
	for rows.Next() {
		i, due, _, _, err := d.scanItem(rows.Scan)
		if err != nil {
			return nil, err
		}
		i.Due = due
		out = append(out, i)
	}
	return out, rows.Err()
}
