package kpi

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"
)

// seenWork is all that reports are told of the work of a store.
func seenWork(t *testing.T, d *desk) []string {
	t.Helper()
	var out []string
	err := eachWork(context.Background(), d.db, phoneSettings(), time.Unix(0, 0), time.Unix(farAway>>1, 0), func(w *workItem) {
		out = append(out, fmt.Sprintf("%v %v %v %v %v", *w.about, w.received, w.closed, w.promises, w.held))
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

// TestWorkFollows changes work in every way and looks whether what is kept of it
// follows.
func TestWorkFollows(t *testing.T) {
	d := newDesk(t)
	d.exec("INSERT INTO queue (id, source_id, name, channel) VALUES (50, 1, 'q', 'phone')")
	d.exec("INSERT INTO import_file (id, run_id, source_id, name, fingerprint, settings, kind, imported) VALUES (1, 1, 1, 'f', 'x', '', 'tickets', 0)")
	for i := range 4 {
		d.exec("INSERT INTO contact (id, key, source_id, start, day, slot, channel, queue_id, subject, kind) VALUES (?, ?, 1, 0, 0, 0, 'phone', 50, ?, 'question')", i+1, i+1, []string{"waste", "taxes"}[i%2])
	}
	ticket := "INSERT OR REPLACE INTO ticket (key, source_id, file_id, line, hash, external_id, received, closed, subject, due_date) VALUES (1, 1, 1, 1, 1, 'x', ?, ?, ?, ?)"
	at := func(s string) int64 { return localTime(t, s).Unix() }
	var work int64
	seen := seenWork(t, d)
	for _, c := range []struct {
		name   string
		change func()
	}{
		{"handing off", func() { work = d.handOff(1, "dep", "2026-03-02 10:00", "2026-03-09 10:00", "", "") }},
		{"handing off another", func() { d.handOff(2, "dep", "2026-03-04 10:00", "2026-03-09 10:00", "2026-03-05 10:00", "") }},
		{"a correction of the contact", func() { d.exec("UPDATE contact SET subject = 'parking', segment = 'business' WHERE id = 1") }},
		{"a new rule for a queue", func() { d.exec("UPDATE contact SET channel = 'chat' WHERE queue_id = 50") }},
		{"changes of all contacts", func() { d.exec("UPDATE contact SET kind = 'complaint', direction = 'outbound'") }},
		{"a replacement", func() { d.exec("UPDATE OR REPLACE contact SET subject = 'waste' WHERE id = 1") }},
		{"another department", func() { d.exec("UPDATE handoff SET department = 'other' WHERE id = ?", work) }},
		{"a pause", func() { d.event(work, "2026-03-03 09:00", "paused") }},
		{"its promise on hold", func() {
			d.exec("UPDATE commitment SET paused_since = ? WHERE handoff_id = ?", at("2026-03-03 09:00"), work)
		}},
		{"a resumption", func() { d.event(work, "2026-03-03 11:00", "resumed") }},
		{"a corrected event", func() {
			d.exec("UPDATE handoff_event SET at = at + 60 WHERE handoff_id = ? AND kind = 'resumed'", work)
		}},
		{"an event that goes", func() { d.exec("DELETE FROM handoff_event WHERE handoff_id = ?", work) }},
		{"a later due time", func() {
			d.exec("UPDATE commitment SET due = due + 3600, paused_since = NULL WHERE handoff_id = ?", work)
		}},
		{"a close", func() { d.exec("UPDATE handoff SET closed = ? WHERE id = ?", at("2026-03-06 10:00"), work) }},
		{"a promise that goes", func() { d.exec("DELETE FROM commitment WHERE handoff_id = ?", work) }},
		{"another day of receipt", func() { d.exec("UPDATE handoff SET received = received - 86400 WHERE id = ?", work) }},
		{"a ticket", func() { d.exec(ticket, at("2026-03-07 10:00"), nil, "waste", "2026-03-20") }},
		{"a ticket in its place, of another day", func() { d.exec(ticket, at("2026-03-08 10:00"), at("2026-03-09 10:00"), "taxes", "") }},
		{"a closed ticket", func() { d.exec("UPDATE ticket SET closed = closed + 60") }},
		{"no ticket", func() { d.exec("DELETE FROM ticket") }},
		{"a contact that goes", func() { d.exec("DELETE FROM contact WHERE id = 1") }},
	} {
		c.change()
		got := seenWork(t, d)
		d.exec("DELETE FROM kpi_work")
		if want := seenWork(t, d); !slices.Equal(got, want) {
			t.Errorf("after %s:\n%s\nare told, want\n%s", c.name, got, want)
		}
		if slices.Equal(got, seen) {
			t.Errorf("%s changes nothing", c.name)
		}
		seen = got
	}
}

// TestWorkMeanwhile: a list is not kept when work changed while it was made.
func TestWorkMeanwhile(t *testing.T) {
	d := newDesk(t)
	c := d.call(call{at: "2026-11-02 09:00"})
	id := d.handOff(c, "public", "2026-11-02 09:00", "2026-11-06 17:00", "", "")
	before := seenWork(t, d)
	// As if a run that began before a change kept its list after it.
	var day, token int64
	var body []byte
	if err := d.db.QueryRow("SELECT day, token, body FROM kpi_work").Scan(&day, &token, &body); err != nil {
		t.Fatal(err)
	}
	d.exec("UPDATE handoff SET closed = received + 60 WHERE id = ?", id)
	d.exec("UPDATE kpi_work SET body = ? WHERE day = ? AND token = ?", body, day, token)
	if after := seenWork(t, d); slices.Equal(after, before) {
		t.Errorf("%s is still told", after)
	}
	// Announced by a run that was killed, or of another form: made again.
	for _, q := range []string{"UPDATE kpi_work SET body = NULL", "UPDATE kpi_work SET form = form + 1, body = x'09'"} {
		want := seenWork(t, d)
		d.exec(q)
		if got := seenWork(t, d); !slices.Equal(got, want) {
			t.Errorf("%s: %s, want %s", q, got, want)
		}
	}
	d.exec("UPDATE kpi_work SET body = x'0900'")
	if err := eachWork(context.Background(), d.db, phoneSettings(), time.Unix(0, 0), time.Unix(farAway>>1, 0), func(*workItem) {}); err == nil {
		t.Error("a damaged list is read")
	}
	if got := seenWork(t, d); len(got) != 1 {
		t.Errorf("after the damage %s", got)
	}
}

// TestWorkList: what is written is read again.
func TestWorkList(t *testing.T) {
	at := func(sec int64) time.Time { return time.Unix(20_000*secondsPerDay+sec, 0) }
	a, b := &about{"phone", "question", "waste", "", "inbound", "dep", false}, &about{channel: "email", ticket: true}
	items := []workItem{
		{about: a, received: at(5), closed: at(-60), promises: []promised{{due: at(99), stopped: at(98)}, {due: at(1), paused: at(0)}}, held: []stretch{{at(5), at(9)}, {from: at(11)}}},
		{about: a, received: at(5)},
		{about: b, received: at(2), closed: at(500_000)},
	}
	l := newWorkList(20_000)
	for i := range items {
		l.add(&items[i], "")
	}
	body := l.encode()
	var got []workItem
	read := func(b []byte) error {
		got = nil
		return newWorkDecoder(amsterdam).each(20_000, b, func(w *workItem) {
			c := *w
			c.promises, c.held = slices.Clone(w.promises), slices.Clone(w.held)
			if len(c.promises) == 0 {
				c.promises = nil
			}
			if len(c.held) == 0 {
				c.held = nil
			}
			got = append(got, c)
		})
	}
	if err := read(body); err != nil || !reflect.DeepEqual(got, items) {
		t.Errorf("read %+v, %v, want %+v", got, err, items)
	}
	for n := 1; n < len(body); n++ {
		if read(body[:n]) == nil {
			t.Errorf("%d of %d bytes are read as a list", n, len(body))
		}
	}
}

func FuzzWorkList(f *testing.F) {
	l := newWorkList(20_000)
	l.add(&workItem{about: &about{channel: "phone"}, received: time.Unix(20_000*secondsPerDay, 0)}, "")
	f.Add(l.encode())
	f.Fuzz(func(_ *testing.T, b []byte) {
		_ = newWorkDecoder(amsterdam).each(20_000, b, func(*workItem) {})
	})
}
