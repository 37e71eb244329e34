package kpi

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/store/storetest"
)

var amsterdam = func() *time.Location {
	loc, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		panic(err)
	}
	return loc
}()

// desk is a store that a test fills by hand.
type desk struct {
	t      testing.TB
	db     *sql.DB
	queues map[string]int64
	next   int64
	last   map[string]int64 // contact of a customer on a subject
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	db := storetest.Open(t, t.TempDir()+"/k.db")
	d := &desk{t: t, db: db, queues: map[string]int64{}, last: map[string]int64{}}
	d.exec("INSERT INTO source (id, name, rank) VALUES (1, 'acd', 1), (2, 'crm', 2)")
	d.exec("INSERT INTO import_run (id, started) VALUES (1, 0)")
	return d
}

func (d *desk) exec(q string, args ...any) {
	d.t.Helper()
	if _, err := d.db.Exec(q, args...); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) queue(source int64, channel string) int64 {
	k := channel + string(rune('0'+source))
	if d.queues[k] == 0 {
		d.queues[k] = int64(len(d.queues) + 1)
		d.exec("INSERT INTO queue (id, source_id, name, channel) VALUES (?, ?, ?, ?)", d.queues[k], source, k, channel)
	}
	return d.queues[k]
}

func (d *desk) cover(source int64, channel string, at time.Time) {
	d.exec("INSERT INTO coverage (channel, day, source_id, queue_id, rows) VALUES (?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET rows = rows + 1",
		channel, calendar.DateOf(at, amsterdam), source, d.queue(source, channel))
}

// call is a contact record; nil is unknown.
type call struct {
	at                                         string
	channel, outcome, subject, kind, segment   string
	direction, department, party, agent        string
	wait, talk, hold, acw, csat, nps, resolved any
	source                                     int64
}

func (d *desk) call(c call) int64 {
	d.t.Helper()
	at := localTime(d.t, c.at)
	d.next++
	for _, f := range []struct {
		v    *string
		dflt string
	}{{&c.channel, "phone"}, {&c.outcome, "answered"}, {&c.direction, "inbound"}} {
		if *f.v == "" {
			*f.v = f.dflt
		}
	}
	if c.source == 0 {
		c.source = 1
	}
	var repeat any
	if c.party != "" {
		if before := d.last[c.party+"|"+c.subject]; before != 0 {
			var start int64
			if err := d.db.QueryRow("SELECT start FROM contact WHERE id = ?", before).Scan(&start); err != nil {
				d.t.Fatal(err)
			}
			if at.Unix()-start <= 7*86400 {
				repeat = before
				d.exec("UPDATE contact SET followed_by = ? WHERE id = ?", d.next, before)
			}
		}
		d.last[c.party+"|"+c.subject] = d.next
	}
	var agent any
	if c.agent != "" {
		agent = c.agent
	}
	day := calendar.DateOf(at, amsterdam)
	d.exec(`INSERT INTO contact (id, key, source_id, start, day, slot, channel, queue_id, direction, outcome, subject, kind, segment, department,
		wait_s, talk_s, hold_s, acw_s, csat, nps, resolved, agent, party_ref, judgeable, repeat_of) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		d.next, d.next, c.source, at.Unix(), day, 0, c.channel, d.queue(c.source, c.channel), c.direction, c.outcome, c.subject, c.kind, c.segment, c.department,
		c.wait, c.talk, c.hold, c.acw, c.csat, c.nps, c.resolved, agent, c.party, c.party != "", repeat)
	d.cover(c.source, c.channel, at)
	return d.next
}

// interval adds a row of interval statistics; within < 0 is unknown.
func (d *desk) interval(at, channel string, step, offered, answered, abandoned, short, within int, wait, aht float64) {
	d.t.Helper()
	t := localTime(d.t, at)
	known := 0
	if within >= 0 {
		known = offered
	} else {
		within = 0
	}
	d.exec(`INSERT INTO volume_interval (start, queue_id, subject, source_id, day, step_s, rows, offered, offered_n, answered, abandoned, short_abandoned, within_target, within_n,
		wait_sum, wait_n, handle_sum, handle_n) VALUES (?, ?, '', 1, ?, ?, 1, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		t.Unix(), d.queue(1, channel), calendar.DateOf(t, amsterdam), step, offered, answered, abandoned, short, within, known, wait*float64(answered), answered, aht*float64(answered), answered)
	d.cover(1, channel, t)
}

// handOff adds work on a contact with a promise to resolve it by due.
func (d *desk) handOff(contact int64, department, received, due, closed, paused string) int64 {
	d.t.Helper()
	d.exec("INSERT OR IGNORE INTO promise_rule (id, name, version, valid_from, metric, within, mode) VALUES (1, 'r', 1, 0, 'resolve', '5wd', 'service')")
	d.exec("INSERT OR IGNORE INTO promise_calendar (id, version, text) VALUES (1, '1', 'x')")
	sec := func(s string) any {
		if s == "" {
			return nil
		}
		return localTime(d.t, s).Unix()
	}
	res, err := d.db.Exec("INSERT INTO handoff (contact_id, department, status, received, since, closed) VALUES (?, ?, ?, ?, ?, ?)", contact, department,
		map[bool]string{true: "closed", false: "open"}[closed != ""], sec(received), sec(received), sec(closed))
	if err != nil {
		d.t.Fatal(err)
	}
	id, _ := res.LastInsertId()
	d.exec("INSERT INTO commitment (handoff_id, metric, rule_id, calendar_id, due, stopped, paused_since) VALUES (?, 'resolve', 1, 1, ?, ?, ?)", id, sec(due), sec(closed), sec(paused))
	return id
}

func (d *desk) event(handoff int64, at, kind string) {
	d.exec("INSERT INTO handoff_event (handoff_id, at, kind, reason) VALUES (?, ?, ?, 'x')", handoff, localTime(d.t, at).Unix(), kind)
}

// localTime reads a time of the wall clock, or RFC 3339 for the doubled hour.
func localTime(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := calendar.ParseTime(s, amsterdam)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func phoneSettings() *Settings {
	return &Settings{Zone: amsterdam, Targets: map[string]Target{"phone": {0.8, 30 * time.Second}}}
}

func days(t testing.TB, from, to string) Period {
	a, err1 := calendar.ParseDate(from)
	b, err2 := calendar.ParseDate(to)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	return Period{a, b}
}

// load answers a query on the desk, work included.
func (d *desk) load(set *Settings, q Query, now string) *Frame {
	d.t.Helper()
	f, err := loadAll(context.Background(), d.db, set, q, View{Now: localTime(d.t, now)})
	if err != nil {
		d.t.Fatal(err)
	}
	return f
}
