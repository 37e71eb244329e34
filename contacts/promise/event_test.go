package promise

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kcc/internal/calendar"
)

func TestTwoClocks(t *testing.T) {
	c := mustCalendar(t, Settings{})
	r := rule(t, Resolve, "2wd")
	to := func(at, dept, who string) Event {
		return Event{At: instant(t, at), Kind: Assigned, Department: dept, Assignee: who}
	}
	l := log(ev(t, "2026-11-16 09:00", Received), to("2026-11-17 09:00", "permits", ""), to("2026-11-18 09:00", "permits", "team 2"),
		to("2026-11-19 09:00", "taxes", ""))
	now := instant(t, "2026-11-20 12:00")
	s, err := Follow(c, r, l, now)
	if err != nil {
		t.Fatal(err)
	}
	if !s.Due.Equal(instant(t, "2026-11-18 17:00")) || !s.Late(now) {
		t.Errorf("customer: due %s, late %t, want 18 November and late", s.Due, s.Late(now))
	}
	if !s.DeptDue.Equal(instant(t, "2026-11-23 17:00")) || s.DeptLate(now) || s.Handovers != 1 || s.Department != "taxes" || s.Assignee != "" {
		t.Errorf("department: %+v", s)
	}
	// Another person in the same department changes no clock.
	s, err = Follow(c, r, l[:3], now)
	if err != nil || !s.DeptDue.Equal(instant(t, "2026-11-19 17:00")) || s.Assignee != "team 2" {
		t.Errorf("assigned within the department: due %s, %q (%v)", s.DeptDue, s.Assignee, err)
	}
}

func TestExtend(t *testing.T) {
	c := mustCalendar(t, Settings{})
	term := func(s string) calendar.Term {
		v, err := calendar.ParseTerm(s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	extend := func(by string) Event {
		return Event{At: instant(t, "2026-11-17 09:00"), Kind: Extended, Amount: term(by), Reason: "expert needed"}
	}
	tests := []struct {
		within, by string
		mode       Mode
		want       string
	}{
		{"6w", "6w", Statutory, "2027-02-08 23:59:59"},
		{"8w", "8w", Statutory, "2027-03-08 23:59:59"}, // sixteen weeks, but no term longer than twelve
		{"5wd", "5wd", Service, "2026-11-30 17:00"},
		{"4bh", "2bh", Service, "2026-11-16 15:00"},
		{"4bh", "1wd", Service, "2026-11-17 17:00"},
		{"2d", "1w", Service, "2026-11-25 23:59:59"},
		{"3wd", "2wd", Statutory, "2026-11-23 23:59:59"},
	}
	for _, tt := range tests {
		r := &Rule{Name: "x", Metric: Resolve, Promise: Promise{Within: term(tt.within), Mode: tt.mode}}
		l := log(ev(t, "2026-11-16 09:00", Received), extend(tt.by))
		s, err := Follow(c, r, l, instant(t, "2026-11-18 09:00"))
		if err != nil || !s.Due.Equal(instant(t, tt.want)) {
			t.Errorf("%s + %s %s: due %s (%v), want %s", tt.within, tt.by, tt.mode, s.Due, err, tt.want)
		}
		var refused *RefusedError
		if err := Check(c, r, l, extend(tt.by)); !errors.As(err, &refused) {
			t.Errorf("%s: a second extension gives %v", tt.within, err)
		}
	}
}

func TestStatutoryPause(t *testing.T) {
	c := mustCalendar(t, Settings{})
	r := &Rule{Name: "x", Metric: Resolve, Promise: Promise{Within: calendar.Term{Unit: calendar.CalendarWeeks, N: 2}, Mode: Statutory}}
	l := log(ev(t, "2026-12-01 09:00", Received), ev(t, "2026-12-02 09:00", Paused), ev(t, "2026-12-12 15:00", Resumed))
	// 15 December plus ten days is Christmas: the Monday after it.
	s, err := Follow(c, r, l, instant(t, "2026-12-14 09:00"))
	if err != nil || !s.Due.Equal(instant(t, "2026-12-28 23:59:59")) {
		t.Errorf("due %s (%v), want 28 December", s.Due, err)
	}
}

func TestPauseReasonThatDoesNotCount(t *testing.T) {
	c := mustCalendar(t, Settings{})
	r := rule(t, Resolve, "4bh")
	r.PauseReasons = []string{"waiting for the customer"}
	busy := Event{At: instant(t, "2026-11-16 10:00"), Kind: Paused, Reason: "too busy"}
	s, err := Follow(c, r, log(ev(t, "2026-11-16 09:00", Received), busy), instant(t, "2026-11-16 15:00"))
	if err != nil || !s.Late(instant(t, "2026-11-16 15:00")) || s.Status != OnHold {
		t.Errorf("%s, due %s (%v): a pause for another reason stops the clock", s.Status, s.Due, err)
	}
}

func TestLateBeforeThePauseStaysLate(t *testing.T) {
	c := mustCalendar(t, Settings{})
	l := log(ev(t, "2026-11-16 09:00", Received), ev(t, "2026-11-16 15:00", Paused))
	now := instant(t, "2026-11-18 15:00")
	s, err := Follow(c, rule(t, Resolve, "4bh"), l, now)
	if err != nil || !s.Due.Equal(instant(t, "2026-11-16 13:00")) || !s.Late(now) {
		t.Errorf("due %s (%v), want 13:00 and late", s.Due, err)
	}
}

func TestRefused(t *testing.T) {
	c := mustCalendar(t, Settings{})
	r := rule(t, Resolve, "4bh")
	received, paused := ev(t, "2026-11-16 09:00", Received), ev(t, "2026-11-16 10:00", Paused)
	closed := ev(t, "2026-11-16 11:00", Closed)
	later := func(k EventKind) Event { return ev(t, "2026-11-16 12:00", k) }
	tests := []struct {
		name string
		log  []Event
		e    Event
	}{
		{"received twice", log(received), later(Received)},
		{"paused twice", log(received, paused), later(Paused)},
		{"pause without reason", log(received), Event{At: closed.At, Kind: Paused}},
		{"resumed while running", log(received), later(Resumed)},
		{"closed twice", log(received, closed), later(Closed)},
		{"reopened while open", log(received), later(Reopened)},
		{"assigned when closed", log(received, closed), Event{At: later(Closed).At, Kind: Assigned, Department: "x"}},
		{"back in time", log(received, paused), ev(t, "2026-11-16 09:30", Resumed)},
		{"unknown", log(received), later("lost")},
		{"no receipt", nil, later(Closed)},
	}
	for _, tt := range tests {
		if err := Check(c, r, tt.log, tt.e); err == nil {
			t.Errorf("%s is accepted", tt.name)
		}
	}
}

// TestLogProperties draws logs of pauses and hand-overs and holds what must be
// true of every one.
func TestLogProperties(t *testing.T) {
	c := mustCalendar(t, Settings{Week: "mo-th 08:00-12:00 13:00-17:30; fr 08:00-12:00"})
	base := instant(t, "2026-03-02 08:00")
	rapid.Check(t, func(rt *rapid.T) {
		within := rapid.SampledFrom([]string{"4bh", "30bm", "2wd", "5wd", "3d", "2w", "6h"}).Draw(rt, "within")
		r := rule(t, Resolve, within)
		if rapid.Bool().Draw(rt, "statutory") && r.Promise.Within.Unit != calendar.BusinessTime {
			r.Promise.Mode = Statutory
		}
		at := base.Add(time.Duration(rapid.IntRange(0, 60*24*60).Draw(rt, "received")) * time.Minute)
		step := func() { at = at.Add(time.Duration(rapid.IntRange(0, 3*24*60).Draw(rt, "wait")) * time.Minute) }
		l := log(Event{At: at, Kind: Received})
		plain, err := c.Due(at, r.Promise)
		if err != nil {
			rt.Fatal(err)
		}
		zero := true // all pauses hold no business time
		for range rapid.IntRange(0, 4).Draw(rt, "pauses") {
			step()
			l = append(l, Event{At: at, Kind: Paused, Reason: "x"})
			from := at
			step()
			l = append(l, Event{At: at, Kind: Resumed})
			zero = zero && c.Work.BusinessBetween(from, at) == 0 && from.YearDay() == at.YearDay() && r.Promise.Within.Unit != calendar.Elapsed
		}
		now := at.Add(time.Hour)
		s, err := Follow(c, r, l, now)
		if err != nil {
			rt.Fatal(err)
		}
		if s.Due.Before(plain) {
			rt.Fatalf("pauses bring the due time forward: %s, without %s", s.Due, plain)
		}
		if zero && !s.Due.Equal(plain) {
			rt.Fatalf("pauses of no business time move the due time from %s to %s", plain, s.Due)
		}
		if s.Elapsed < 0 || s.Elapsed+s.Paused != c.Work.BusinessBetween(s.Received, now) {
			rt.Fatalf("elapsed %s and paused %s are not the whole %s", s.Elapsed, s.Paused, c.Work.BusinessBetween(s.Received, now))
		}
		// An event that moves no clock changes nothing.
		same, err := Follow(c, r, append(l, Event{At: at, Kind: Message}), now)
		if err != nil || same != s {
			rt.Fatalf("a message changes the state: %+v, %+v (%v)", s, same, err)
		}
		// The customer's clock is the same however often it is handed over.
		moved, err := Follow(c, r, append(l, Event{At: at, Kind: HandedOff, Department: "a"}, Event{At: at, Kind: Assigned, Department: "b"}), now)
		if err != nil || !moved.Due.Equal(s.Due) || !moved.Since.Equal(at) {
			rt.Fatalf("a hand-over moves the customer's clock from %s to %s (%v)", s.Due, moved.Due, err)
		}
		// What was on time when it was closed stays so.
		done, err := Follow(c, r, append(l, Event{At: at, Kind: Closed}), now.AddDate(1, 0, 0))
		if err != nil || done.Late(now) != at.After(done.Due) || done.Elapsed > s.Elapsed {
			rt.Fatalf("closed: %+v (%v)", done, err)
		}
	})
}

// BenchmarkDue_1e6 computes a million due times, half in business hours and half
// in working days: one operation is the whole million.
func BenchmarkDue_1e6(b *testing.B) {
	c := mustCalendar(b, Settings{Week: "mo-fr 08:00-12:00 13:00-17:00"})
	base := instant(b, "2024-01-01 00:00")
	rules := []*Rule{rule(b, Resolve, "4bh"), rule(b, Resolve, "5wd")}
	for b.Loop() {
		for i := range 1_000_000 {
			l := [1]Event{{At: base.Add(time.Duration(i) * time.Minute), Kind: Received}}
			if _, err := Follow(c, rules[i%2], l[:], base.AddDate(3, 0, 0)); err != nil {
				b.Fatal(err)
			}
		}
	}
}
