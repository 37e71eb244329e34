package cause

import (
	"context"
	"database/sql"
	"time"

	"kcc/contacts"
	"kcc/internal/calendar"
	"kcc/internal/store"
)

// LoadChases returns the contacts of customers whose own promise on the subject
// was missed at most days before, each once, with the promise that was missed
// last. The contact itself came from first to last.
func LoadChases(ctx context.Context, db *sql.DB, first, last calendar.Date, days int, now time.Time, zone *time.Location) ([]Chase, error) {
	rows, err := db.QueryContext(ctx, `
SELECT n.id, n.day, q.channel, n.direction, n.subject, n.kind, n.segment, n.cause, n.department, n.outcome,
	n.handle_s, n.csat, n.repeat_of IS NOT NULL, n.followed_by IS NOT NULL, k.due, n.start, h.department
FROM commitment k JOIN handoff h ON h.id = k.handoff_id JOIN contact c ON c.id = h.contact_id
	JOIN contact n ON n.party_ref = c.party_ref AND n.start > k.due AND n.start <= k.due + ?1
	JOIN queue q ON q.id = n.queue_id
WHERE k.due >= ?2 - ?1 AND k.due < ?3 AND k.due < ?4 AND (k.stopped IS NULL OR k.stopped > k.due)
	AND c.party_ref IS NOT NULL AND n.id <> c.id AND n.subject = c.subject AND n.direction = 'inbound' AND n.day BETWEEN ?5 AND ?6
ORDER BY n.id, k.due DESC`, int64(days)*86400, first.Start(zone).Unix(), (last + 1).Start(zone).Unix(), now.Unix(), int64(first), int64(last))
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var out []Chase
	before := int64(0)
	for rows.Next() {
		var ch Chase
		var id, due, start int64
		var outcome string
		var handle, csat sql.NullFloat64
		var repeat, followed bool
		c := &ch.Cell
		if err := rows.Scan(&id, &c.Day, &c.Channel, &c.Direction, &c.Subject, &c.Kind, &c.Segment, &c.Cause, &c.Department, &outcome,
			&handle, &csat, &repeat, &followed, &due, &start, &ch.Promised); err != nil {
			return nil, store.Explain(err)
		}
		if id == before {
			continue
		}
		before = id
		fillOne(c, outcome, handle, csat, repeat, followed)
		ch.Due = calendar.DateOf(time.Unix(due, 0), zone)
		ch.After = int((start - due + 86399) / 86400)
		out = append(out, ch)
	}
	return out, store.Explain(rows.Err())
}

// fillOne puts the counts of a single contact into its cell.
func fillOne(c *contacts.Cell, outcome string, handle, csat sql.NullFloat64, repeat, followed bool) {
	c.Contacts, c.Judgeable = 1, 1
	one := contacts.Contact{Outcome: outcome}
	if one.IsAnswered() {
		c.Answered = 1
		if handle.Valid {
			c.HandleSum, c.HandleN = handle.Float64, 1
		}
	} else {
		c.Abandoned = 1
	}
	if csat.Valid {
		c.CSATSum, c.CSATSq, c.CSATN = csat.Float64, csat.Float64*csat.Float64, 1
	}
	if repeat {
		c.Repeats = 1
	}
	if followed {
		c.Followed = 1
	}
}

// Kept is what became of the promises on a subject at a department, and how many
// customers came back within some days of the due time.
type Kept struct {
	Department, Subject string
	Promises            int
	Missed              int // due and not done in time
	Open                int // of those, still not done
	Known               int // with a known customer
	KnownMissed         int
	CameBack            int // customers of kept promises that had contact on the subject after the due time
	CameBackMissed      int
}

// LoadKept counts the promises that came due from first to last.
func LoadKept(ctx context.Context, db *sql.DB, first, last calendar.Date, days int, now time.Time, zone *time.Location) ([]Kept, error) {
	rows, err := db.QueryContext(ctx, `
SELECT department, subject, COUNT(*), SUM(missed), SUM(missed AND open), SUM(known), SUM(known AND missed), SUM(back AND NOT missed), SUM(back AND missed)
FROM (
	SELECT h.department, c.subject, k.stopped IS NULL AS open, k.stopped IS NULL OR k.stopped > k.due AS missed, c.party_ref IS NOT NULL AS known,
		c.party_ref IS NOT NULL AND EXISTS (SELECT 1 FROM contact n WHERE n.party_ref = c.party_ref AND n.start > k.due AND n.start <= k.due + ?1
			AND n.subject = c.subject AND n.id <> c.id AND n.direction = 'inbound') AS back
	FROM commitment k JOIN handoff h ON h.id = k.handoff_id JOIN contact c ON c.id = h.contact_id
	WHERE k.metric <> 'first_response' AND k.due >= ?2 AND k.due < ?3 AND k.due < ?4)
GROUP BY department, subject ORDER BY department, subject`, int64(days)*86400, first.Start(zone).Unix(), (last + 1).Start(zone).Unix(), now.Unix())
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var out []Kept
	for rows.Next() {
		var k Kept
		if err := rows.Scan(&k.Department, &k.Subject, &k.Promises, &k.Missed, &k.Open, &k.Known, &k.KnownMissed, &k.CameBack, &k.CameBackMissed); err != nil {
			return nil, store.Explain(err)
		}
		out = append(out, k)
	}
	return out, store.Explain(rows.Err())
}

// LoadNotes returns the notes of the contacts on a subject from first to last.
func LoadNotes(ctx context.Context, db *sql.DB, subject string, first, last calendar.Date, zone *time.Location) ([]string, error) {
	rows, err := db.QueryContext(ctx, `
SELECT note FROM contact WHERE start >= ? AND start < ? AND subject = ? AND note IS NOT NULL AND direction = 'inbound' ORDER BY id`,
		first.Start(zone).Unix(), (last + 1).Start(zone).Unix(), subject)
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var n string
		if err := rows.Scan(&n); err != nil {
			return nil, store.Explain(err)
		}
		out = append(out, n)
	}
	return out, store.Explain(rows.Err())
}
