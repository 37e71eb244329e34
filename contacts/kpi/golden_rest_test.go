package kpi

import (
	"context"
	"testing"
)

// TestBotAndEffort: what the bot ended itself, marks of effort, and the reach of
// marks. Of five sessions of the bot three tell their ending and one was passed on.
func TestBotAndEffort(t *testing.T) {
	d := newDesk(t)
	for i, outcome := range []string{"answered_self", "answered_self", "transferred", "abandoned", "abandoned"} {
		id := d.call(call{at: "2026-11-02 09:00", channel: "bot", outcome: outcome, wait: 0.0})
		if i < 3 {
			d.exec("UPDATE contact SET effort = ? WHERE id = ?", []float64{2, 3, 5}[i], id)
		}
	}
	d.call(call{at: "2026-11-02 09:00", outcome: "transferred", nps: 10.0}) // no bot
	d.call(call{at: "2026-11-02 09:00", nps: 9.0})
	d.call(call{at: "2026-11-02 09:00", nps: 3.0})
	d.call(call{at: "2026-11-02 09:00", nps: 7.0})
	set := phoneSettings()
	set.Bots = []string{"bot"}
	f := d.load(set, Query{Period: days(t, "2026-11-02", "2026-11-02")}, "2026-11-20 12:00")
	wantFigures(t, figuresOf(set, &f.Total), map[string]float64{"containment": 2.0 / 3, "effort": 10.0 / 3, "nps": 100 * (2 - 1) / 4.0})
	f = d.load(set, Query{Period: days(t, "2026-11-02", "2026-11-02"), By: []Key{ByChannel}}, "2026-11-20 12:00")
	for _, g := range f.Groups {
		if g.Values[0] == "phone" && figuresOf(set, &g.Sums)["containment"] == figuresOf(set, &g.Sums)["containment"] {
			t.Error("the telephone has a share that the bot ended")
		}
	}
}

// TestRepeatFigures: window 7 days, newest contact on the 20th, so that those up to
// the 13th are judged. A contact costs 300 s at 36 an hour: 3.
func TestRepeatFigures(t *testing.T) {
	d := newDesk(t)
	for _, c := range [][2]string{
		{"2026-11-02 09:00", "p1"}, // came back on the 5th
		{"2026-11-05 09:00", "p1"}, // a repeat
		{"2026-11-03 09:00", "p2"},
		{"2026-11-03 09:30", ""},
		{"2026-11-19 09:00", "p3"}, // too recent to judge
		{"2026-11-20 09:00", "p3"}, // a repeat
	} {
		d.call(call{at: c[0], party: c[1], subject: "waste", talk: 300.0})
	}
	set := phoneSettings()
	set.Costs = Costs{Wage: 36}
	r, err := RepeatReport(context.Background(), d.db, set, Query{Period: days(t, "2026-11-01", "2026-11-30")}, View{Now: localTime(t, "2026-11-21 12:00")})
	if err != nil {
		t.Fatal(err)
	}
	wantFigures(t, rowOf(t, r, "waste"), map[string]float64{
		"known": 5, "judged": 3, "followed": 1, "fcr": 2.0 / 3, "repeats": 2, "repeat_rate": 2.0 / 5, "repeat_cost": 6,
	})
}

// TestBacklogAges at noon on Friday the 20th.
func TestBacklogAges(t *testing.T) {
	d := newDesk(t)
	c := d.call(call{at: "2026-11-02 09:00", subject: "waste"})
	for _, w := range [][3]string{ // received, due, paused
		{"2026-11-19 09:00", "2026-11-30 17:00", ""},                 // later
		{"2026-11-18 09:00", "2026-11-29 17:00", "2026-11-19 09:00"}, // later, paused
		{"2026-11-17 09:00", "2026-11-22 17:00", ""},                 // within two days
		{"2026-11-16 09:00", "2026-11-20 17:00", ""},                 // today
		{"2026-11-10 12:00", "2026-11-19 12:00", ""},                 // one day late of nine
		{"2026-11-14 12:00", "2026-11-17 12:00", ""},                 // three days late of three: just once
		{"2026-11-14 12:00", "2026-11-16 12:00", ""},                 // four late of two
		{"2026-11-12 12:00", "2026-11-14 12:00", ""},                 // six late of two: just three times
		{"2026-11-09 12:00", "2026-11-11 12:00", ""},                 // nine late of two
	} {
		d.handOff(c, "public", w[0], w[1], "", w[2])
	}
	d.handOff(c, "public", "2026-11-19 09:00", "2026-11-25 17:00", "2026-11-20 11:00", "") // done an hour ago
	d.exec("INSERT INTO handoff (contact_id, department, status, received) VALUES (?, 'public', 'open', ?)", c, localTime(t, "2026-11-01 09:00").Unix())
	b, err := Backlog(context.Background(), d.db, phoneSettings(), Query{Period: days(t, "2026-11-01", "2026-11-30")}, View{Now: localTime(t, "2026-11-20 12:00")})
	if err != nil {
		t.Fatal(err)
	}
	wantFigures(t, rowOf(t, b, "public"), map[string]float64{
		"open": 10, "due_later": 2, "due_2_days": 1, "due_today": 1, "late_1x": 2, "late_3x": 2, "late_more": 1, "no_promise": 1, "paused": 1,
		"age_p50_days": 6, "age_max_days": 19,
	})
}
