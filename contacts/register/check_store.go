package register

import (
	"context"
	"database/sql"
	"fmt"

	"kcc/contacts/privacy"
	"kcc/contacts/promise"
	"kcc/internal/store"
)

// maxChecked bounds the findings of one rule.
const maxChecked = 100

// Rules returns what kcc check verifies of the register: that everything that
// follows from the logs is as the logs say, and that the audit log is whole.
func Rules() []store.Rule {
	return append([]store.Rule{
		store.Query("contacts", `
SELECT 'contact ' || id || ' is closed, but work on it is open' FROM contact c
WHERE status = 'closed' AND EXISTS (SELECT 1 FROM handoff h WHERE h.contact_id = c.id AND h.status <> 'closed') LIMIT 100`),
		store.Query("hand-off logs", `
SELECT 'hand-off ' || id || ' has a log that does not begin with its receipt' FROM handoff h
WHERE COALESCE((SELECT kind FROM handoff_event e WHERE e.handoff_id = h.id ORDER BY e.id LIMIT 1), '') <> 'received' LIMIT 100`),
		store.Query("roll-ups", `
WITH c AS (SELECT queue_id, COUNT(*) AS n, SUM(repeat_of IS NOT NULL) AS r, SUM(followed_by IS NOT NULL) AS f FROM contact WHERE queue_id IS NOT NULL GROUP BY 1),
	v AS (SELECT queue_id, SUM(contacts) AS n, SUM(repeats) AS r, SUM(followed) AS f FROM volume_day GROUP BY 1)
SELECT 'queue ' || COALESCE(c.queue_id, v.queue_id) || ' has ' || COALESCE(c.n, 0) || ' contacts, its daily roll-up holds ' || COALESCE(v.n, 0) || ', or repeats that do not fit'
FROM c FULL JOIN v ON v.queue_id = c.queue_id WHERE (c.n, c.r, c.f) IS NOT (v.n, v.r, v.f) LIMIT 100`),
		{Name: "promises", Run: checkPromises},
	}, privacy.Rules()...)
}

// checkPromises follows the log of every promise again and compares what is kept
// beside it.
func checkPromises(ctx context.Context, db *sql.DB) ([]string, error) {
	d := Desk{DB: db}
	rules, cals := map[int64]*promise.Rule{}, map[int64]*promise.Calendar{}
	list, err := promise.LoadRules(ctx, db)
	if err != nil {
		return nil, err
	}
	for i := range list {
		rules[list[i].ID] = &list[i]
	}
	calIDs, err := ids(ctx, db, "SELECT id FROM promise_calendar")
	if err != nil {
		return nil, err
	}
	for _, id := range calIDs {
		if cals[id], err = promise.LoadCalendar(ctx, db, id); err != nil {
			return []string{fmt.Sprintf("calendar %d: %v", id, err)}, nil
		}
	}
	// One pass over promises and events, both in order of hand-off.
	events, err := db.QueryContext(ctx, `
SELECT handoff_id, at, kind, department, assignee, reason, amount, by FROM handoff_event ORDER BY handoff_id, id`)
	if err != nil {
		return nil, err
	}
	defer events.Close()
	logs := logReader{rows: events}
	rows, err := db.QueryContext(ctx, "SELECT id, handoff_id, rule_id, calendar_id, due, dept_due, stopped, paused_since FROM commitment ORDER BY handoff_id, id")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() && len(out) < maxChecked {
		var id, handoff, rule, cal, due int64
		var dept, stopped, paused sql.NullInt64
		if err := rows.Scan(&id, &handoff, &rule, &cal, &due, &dept, &stopped, &paused); err != nil {
			return nil, err
		}
		log, err := logs.of(handoff)
		if err != nil {
			return nil, err
		}
		if len(log) == 0 {
			out = append(out, fmt.Sprintf("promise %d has no log", id))
			continue
		}
		s, err := promise.Follow(cals[cal], rules[rule], log, log[len(log)-1].At)
		switch {
		case err != nil:
			out = append(out, fmt.Sprintf("promise %d: %v", id, err))
		case s.Due.Unix() != due:
			out = append(out, fmt.Sprintf("promise %d is kept as due %s, its log says %s", id, d.timeOf(sql.NullInt64{Int64: due, Valid: true}), s.Due.UTC()))
		case !sameTime(dept, unixOrNil(s.DeptDue)) || !sameTime(stopped, unixOrNil(s.Stopped)) || !sameTime(paused, unixOrNil(s.PausedSince)):
			out = append(out, fmt.Sprintf("promise %d does not stand where its log says", id))
		}
	}
	return out, rows.Err()
}

func sameTime(have sql.NullInt64, want any) bool {
	v, ok := want.(int64)
	return have.Valid == ok && (!ok || have.Int64 == v)
}

// logReader reads events in order of hand-off, one log at a time.
type logReader struct {
	rows *sql.Rows
	next struct {
		id int64
		e  promise.Event
		ok bool
	}
	id      int64
	current []promise.Event
}

// of returns the log of a hand-off; the ids asked for never go back.
func (l *logReader) of(id int64) ([]promise.Event, error) {
	if l.id == id {
		return l.current, nil
	}
	l.id, l.current = id, nil
	for {
		if !l.next.ok {
			if !l.rows.Next() {
				return l.current, l.rows.Err()
			}
			e, err := scanEvent(l.rows.Scan, &l.next.id)
			if err != nil {
				return nil, err
			}
			l.next.e, l.next.ok = e, true
		}
		if l.next.id > id {
			return l.current, nil
		}
		if l.next.id == id {
			l.current = append(l.current, l.next.e)
		}
		l.next.ok = false
	}
}
