package planstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/store"
	"kcc/roster"
)

// RosterStatus is draft or published.
type RosterStatus string

// The statuses of a roster. What is published is never changed: a correction is
// a new version, published later.
const (
	Draft     RosterStatus = "draft"
	Published RosterStatus = "published"
)

// ErrPublished is returned for a change to what is published.
var ErrPublished = errors.New("the roster is published already")

// RosterVersion is one saved roster.
type RosterVersion struct {
	ID             int64
	Status         RosterStatus
	First          calendar.Date
	Days           int
	Zone           *time.Location
	Step           time.Duration
	Made           time.Time
	Published      time.Time // zero for a draft
	BasedOn        int64     // the version it was made from; 0: none
	RequirementRun int64     // 0: from a file
	Inputs         string    // hash of the problem; may be empty
	Note           string

	// Result is kept without Coverage and Prices, which follow from the problem
	// and the roster.
	Result roster.Result
	// Off holds the days on which a planner wants an agent to be free; cells
	// with a shift are assignments that are Locked.
	Off []roster.Cell
}

// Last returns the last day of the roster.
func (v RosterVersion) Last() calendar.Date { return v.First.Add(v.Days - 1) }

// SaveRoster stores a roster as a new draft and returns its number.
func SaveRoster(ctx context.Context, db *sql.DB, v RosterVersion) (id int64, err error) {
	res := v.Result
	res.Roster, res.Coverage, res.Prices = roster.Roster{}, nil, nil
	detail, err := encodeDetail(res)
	if err != nil {
		return 0, err
	}
	zone := time.UTC
	if v.Zone != nil {
		zone = v.Zone
	}
	err = store.Write(ctx, db, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `
INSERT INTO plan_roster (status, first_day, days, zone, step_s, made_at, based_on, requirement_run, inputs, note, detail)
VALUES ('draft', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			dayNumber(v.First), v.Days, zone.String(), seconds(v.Step), v.Made.Unix(), maybe(v.BasedOn, v.BasedOn != 0),
			maybe(v.RequirementRun, v.RequirementRun != 0), v.Inputs, v.Note, detail)
		if err != nil {
			return err
		}
		if id, err = res.LastInsertId(); err != nil {
			return err
		}
		if err := saveAssignments(ctx, tx, id, v.Result.Roster.Assignments); err != nil {
			return err
		}
		for _, c := range v.Off {
			if _, err := tx.ExecContext(ctx, "INSERT OR IGNORE INTO plan_day_off (roster, agent, day) VALUES (?, ?, ?)", id, c.Agent, dayNumber(c.Date)); err != nil {
				return err
			}
		}
		return nil
	})
	return id, err
}

func saveAssignments(ctx context.Context, tx *sql.Tx, id int64, list []roster.Assignment) error {
	put, err := tx.PrepareContext(ctx, "INSERT INTO plan_assignment (roster, position, agent, day, shift, start, stop, locked) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
	if err != nil {
		return err
	}
	defer put.Close()
	putBreak, err := tx.PrepareContext(ctx, "INSERT INTO plan_break (assignment, position, start, length_s, paid) VALUES (?, ?, ?, ?, ?)")
	if err != nil {
		return err
	}
	defer putBreak.Close()
	putSpan, err := tx.PrepareContext(ctx, "INSERT INTO plan_skill_span (assignment, position, start, skill) VALUES (?, ?, ?, ?)")
	if err != nil {
		return err
	}
	defer putSpan.Close()
	for i, a := range list {
		res, err := put.ExecContext(ctx, id, i, a.Agent, dayNumber(a.Date), a.Shift, a.Start.Unix(), a.End.Unix(), a.Locked)
		if err != nil {
			return fmt.Errorf("shift of %s on %s: %w", a.Agent, a.Date, err)
		}
		at, err := res.LastInsertId()
		if err != nil {
			return err
		}
		for j, b := range a.Breaks {
			if _, err := putBreak.ExecContext(ctx, at, j, b.Start.Unix(), seconds(b.Length), b.Paid); err != nil {
				return err
			}
		}
		for j, s := range a.Plan {
			if _, err := putSpan.ExecContext(ctx, at, j, s.Start.Unix(), s.Skill); err != nil {
				return err
			}
		}
	}
	return nil
}

// PublishRoster makes a draft the published roster of its days.
func PublishRoster(ctx context.Context, db *sql.DB, id int64, now time.Time) error {
	return changeDraft(ctx, db, id, "UPDATE plan_roster SET status = 'published', published_at = ? WHERE id = ?", now.Unix(), id)
}

// RemoveRoster removes a draft.
func RemoveRoster(ctx context.Context, db *sql.DB, id int64) error {
	return changeDraft(ctx, db, id, "DELETE FROM plan_roster WHERE id = ?", id)
}

func changeDraft(ctx context.Context, db *sql.DB, id int64, stmt string, args ...any) error {
	return store.Write(ctx, db, func(tx *sql.Tx) error {
		var status RosterStatus
		err := tx.QueryRowContext(ctx, "SELECT status FROM plan_roster WHERE id = ?", id).Scan(&status)
		if errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("roster %d: %w", id, ErrNoRun)
		}
		if err != nil {
			return err
		}
		if status != Draft {
			return fmt.Errorf("roster %d: %w", id, ErrPublished)
		}
		_, err = tx.ExecContext(ctx, stmt, args...)
		return err
	})
}

const rosterColumns = "id, status, first_day, days, zone, step_s, made_at, published_at, based_on, requirement_run, inputs, note, detail"

func scanRoster(scan func(...any) error) (RosterVersion, error) {
	var v RosterVersion
	var first, step, made int64
	var published, based, run sql.Null[int64]
	var zone, detail string
	if err := scan(&v.ID, &v.Status, &first, &v.Days, &zone, &step, &made, &published, &based, &run, &v.Inputs, &v.Note, &detail); err != nil {
		return v, err
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return v, err
	}
	v.Zone, v.First, v.Step, v.Made = loc, calendar.Date(first), duration(step), at(made, loc)
	if published.Valid {
		v.Published = at(published.V, loc)
	}
	v.BasedOn, v.RequirementRun = based.V, run.V
	return v, decodeDetail(detail, &v.Result)
}

// LoadRoster returns a roster with its assignments, with times in its zone.
// Number 0 is the last one saved.
func LoadRoster(ctx context.Context, db *sql.DB, id int64) (RosterVersion, error) {
	var v RosterVersion
	err := store.Read(ctx, db, func(tx *sql.Tx) (err error) {
		v, err = scanRoster(tx.QueryRowContext(ctx, "SELECT "+rosterColumns+" FROM plan_roster WHERE id = ?1 OR ?1 = 0 ORDER BY id DESC LIMIT 1", id).Scan)
		if errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("roster: %w", ErrNoRun)
		}
		if err != nil {
			return err
		}
		v.Result.Roster.Assignments, err = assignments(ctx, tx, v.Zone, `
SELECT a.id, a.agent, a.day, a.shift, a.start, a.stop, a.locked FROM plan_assignment a WHERE a.roster = ? ORDER BY a.position`, v.ID)
		if err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, "SELECT agent, day FROM plan_day_off WHERE roster = ? ORDER BY agent, day", v.ID)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			c := roster.Cell{Off: true}
			var day int64
			if err := rows.Scan(&c.Agent, &day); err != nil {
				return err
			}
			c.Date = calendar.Date(day)
			v.Off = append(v.Off, c)
		}
		return rows.Err()
	})
	return v, err
}

// Rosters lists the versions without their assignments, the newest first.
func Rosters(ctx context.Context, db *sql.DB) ([]RosterVersion, error) {
	rows, err := db.QueryContext(ctx, "SELECT "+rosterColumns+" FROM plan_roster ORDER BY id DESC")
	if err != nil {
		return nil, store.Explain(err)
	}
	defer rows.Close()
	var out []RosterVersion
	for rows.Next() {
		v, err := scanRoster(rows.Scan)
		if err != nil {
			return nil, store.Explain(err)
		}
		out = append(out, v)
	}
	return out, store.Explain(rows.Err())
}

// PublishedShifts returns what agents work, or worked, on the days from and to,
// both included: of each day the shifts of the roster that was published last
// for it. Times are in loc (nil: UTC), the order is by agent and day.
func PublishedShifts(ctx context.Context, db *sql.DB, from, to calendar.Date, loc *time.Location) ([]roster.Assignment, error) {
	var out []roster.Assignment
	err := store.Read(ctx, db, func(tx *sql.Tx) (err error) {
		out, err = assignments(ctx, tx, loc, `
SELECT a.id, a.agent, a.day, a.shift, a.start, a.stop, a.locked FROM plan_assignment a JOIN plan_roster r ON r.id = a.roster
WHERE r.status = 'published' AND a.day BETWEEN ?1 AND ?2 AND r.id = (
	SELECT p.id FROM plan_roster p WHERE p.status = 'published' AND a.day >= p.first_day AND a.day < p.first_day + p.days
	ORDER BY p.published_at DESC, p.id DESC LIMIT 1)
ORDER BY a.agent, a.day, a.start`, dayNumber(from), dayNumber(to))
		return err
	})
	return out, err
}

// assignments reads shifts with their breaks and skill plans; the query yields
// the columns of plan_assignment.
func assignments(ctx context.Context, tx *sql.Tx, loc *time.Location, query string, args ...any) ([]roster.Assignment, error) {
	index := map[int64]int{}
	var out []roster.Assignment
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var a roster.Assignment
		var id, day, start, stop int64
		if err := rows.Scan(&id, &a.Agent, &day, &a.Shift, &start, &stop, &a.Locked); err != nil {
			return nil, err
		}
		a.Date, a.Start, a.End = calendar.Date(day), at(start, loc), at(stop, loc)
		index[id] = len(out)
		out = append(out, a)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	// The details of exactly these shifts, by the same query.
	breaks, err := tx.QueryContext(ctx, `
SELECT b.assignment, b.start, b.length_s, b.paid FROM plan_break b
WHERE b.assignment IN (SELECT id FROM (`+query+`)) ORDER BY b.assignment, b.position`, args...)
	if err != nil {
		return nil, err
	}
	defer breaks.Close()
	for breaks.Next() {
		var id, start, length int64
		var b roster.Break
		if err := breaks.Scan(&id, &start, &length, &b.Paid); err != nil {
			return nil, err
		}
		b.Start, b.Length = at(start, loc), duration(length)
		a := &out[index[id]]
		a.Breaks = append(a.Breaks, b)
	}
	if err := breaks.Err(); err != nil {
		return nil, err
	}
	spans, err := tx.QueryContext(ctx, `
SELECT s.assignment, s.start, s.skill FROM plan_skill_span s
WHERE s.assignment IN (SELECT id FROM (`+query+`)) ORDER BY s.assignment, s.position`, args...)
	if err != nil {
		return nil, err
	}
	defer spans.Close()
	for spans.Next() {
		var id, start int64
		var s roster.SkillSpan
		if err := spans.Scan(&id, &start, &s.Skill); err != nil {
			return nil, err
		}
		s.Start = at(start, loc)
		a := &out[index[id]]
		a.Plan = append(a.Plan, s)
	}
	return out, spans.Err()
}
