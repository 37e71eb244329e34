package promise

import (
	"testing"
	"time"

	"kcc/internal/calendar"
)

func mustCalendar(t testing.TB, s Settings) *Calendar {
	t.Helper()
	c, err := NewCalendar(s)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func instant(t testing.TB, s string) time.Time {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Amsterdam")
	if err != nil {
		t.Fatal(err)
	}
	tm, err := calendar.ParseTime(s, loc)
	if err != nil {
		t.Fatal(err)
	}
	return tm
}

func rule(t testing.TB, metric Metric, within string) *Rule {
	t.Helper()
	term, err := calendar.ParseTerm(within)
	if err != nil {
		t.Fatal(err)
	}
	return &Rule{Name: "test", Metric: metric, Promise: Promise{Within: term}}
}

// TestVectorsDue holds the cases in which a public system gave a wrong due time,
// as told in its issue tracker or documentation.
func TestVectorsDue(t *testing.T) {
	bridge := Settings{Equated: []string{"2026-05-15"}}
	tests := []struct {
		failed     string // the system that got it wrong, and how
		calendar   Settings
		from, term string
		mode       Mode
		want       string
	}{
		{"Signalen counts Monday to Friday and knows no holidays", Settings{}, "2026-04-02 11:00", "1d", Statutory, "2026-04-07 23:59:59"},
		{"Signalen knows no article 2", Settings{}, "2026-04-02 11:00", "3d", Statutory, "2026-04-08 23:59:59"},
		{"rickar/cal has no statutory terms", Settings{}, "2026-04-21 11:00", "2w", Statutory, "2026-05-06 23:59:59"},
		{"rickar/cal has no statutory terms", Settings{}, "2026-12-11 11:00", "2w", Statutory, "2026-12-28 23:59:59"},
		{"rickar/cal has no statutory terms", Settings{}, "2025-04-12 11:00", "2w", Statutory, "2025-04-28 23:59:59"},
		{"Zammad has no equated days", Settings{}, "2026-04-30 11:00", "2w", Statutory, "2026-05-15 23:59:59"},
		{"Zammad has no equated days", bridge, "2026-04-30 11:00", "2w", Statutory, "2026-05-18 23:59:59"},
		{"Signalen has no opening hours and ignores King's Day", Settings{Week: "mo-fr 08:00-17:00"}, "2026-04-24 16:30", "4bh", Service, "2026-04-28 11:30"},
		{"Chatwoot counted wall-clock time (13392)", Settings{}, "2026-11-20 16:30", "1bh", Service, "2026-11-23 09:30"},
		// A ticket made on Sunday: the time counts from the opening, not from its making.
		{"Frappe Helpdesk counted from the creation (2449)", Settings{}, "2026-11-22 13:00", "1bh", Service, "2026-11-23 10:00"},
		// 48 hours at 12 a day, made at 23:00 on Monday: four working days. St. Martin's
		// Day (11 November), on the German feed, is an ordinary Wednesday here.
		{"Zammad added regional holidays (390)", Settings{Week: "mo-fr 08:00-20:00"}, "2026-11-09 23:00", "48bh", Service, "2026-11-13 20:00"},
		{"Chatwoot has one period per day (14009)", Settings{Week: "mo-fr 08:00-12:00 13:30-18:00"}, "2026-11-20 12:30", "10bm", Service, "2026-11-20 13:40"},
		{"AddDate over the spring change is an hour off", Settings{Week: AroundTheClock}, "2026-03-28 22:00", "8bh", Service, "2026-03-29 07:00"},
		{"AddDate over the autumn change is an hour off", Settings{Week: AroundTheClock}, "2026-10-24 22:00", "8bh", Service, "2026-10-25 05:00"},
		// GLPI 687: a ticket opened outside hours got no delay at all.
		{"GLPI gave a delay of 0 outside hours (687)", Settings{}, "2026-11-20 20:00", "4bh", Service, "2026-11-23 13:00"},
	}
	for _, tt := range tests {
		term, err := calendar.ParseTerm(tt.term)
		if err != nil {
			t.Fatal(err)
		}
		c := mustCalendar(t, tt.calendar)
		got, err := c.Due(instant(t, tt.from), Promise{Within: term, Mode: tt.mode})
		if err != nil || !got.Equal(instant(t, tt.want)) {
			t.Errorf("%s: %s + %s (%s) = %s (%v), want %s", tt.failed, tt.from, tt.term, tt.mode, got, err, tt.want)
		}
		if _, again, err := c.Explain(instant(t, tt.from), Promise{Within: term, Mode: tt.mode}); err != nil || !again.Equal(got) {
			t.Errorf("%s: explained as %s (%v), computed as %s", tt.failed, again, err, got)
		}
	}
}

// TestVectorsClockChange looks at the elapsed time itself on the nights of the
// clock changes: eight hours promised are eight hours passed.
func TestVectorsClockChange(t *testing.T) {
	c := mustCalendar(t, Settings{Week: AroundTheClock})
	for _, from := range []string{"2026-03-28 22:00", "2026-10-24 22:00"} {
		start := instant(t, from)
		due, err := c.Due(start, rule(t, Resolve, "8bh").Promise)
		if err != nil || due.Sub(start) != 8*time.Hour {
			t.Errorf("%s + 8bh lasts %s (%v), want 8h", from, due.Sub(start), err)
		}
		if wall := due.Hour() - start.Hour() + 24; wall == 8 {
			t.Errorf("%s + 8bh: the clock on the wall moved by 8 hours, want one more or less", from)
		}
	}
}

func log(events ...Event) []Event { return events }

func ev(t testing.TB, at string, kind EventKind) Event {
	e := Event{At: instant(t, at), Kind: kind}
	switch kind {
	case Paused, Closed, Reopened:
		e.Reason = "waiting for the customer"
	}
	return e
}

// TestVectorsPause: GLPI 10594 counted a pause over the week-end as 66 hours; in
// opening hours it holds two: Friday 16-17 and Monday 9-10.
func TestVectorsPause(t *testing.T) {
	c := mustCalendar(t, Settings{})
	r := rule(t, Resolve, "1wd")
	l := log(ev(t, "2026-11-19 11:00", Received), ev(t, "2026-11-20 16:00", Paused), ev(t, "2026-11-23 10:00", Resumed))
	s, err := Follow(c, r, l, instant(t, "2026-11-23 10:30"))
	if err != nil || !s.Due.Equal(instant(t, "2026-11-23 11:00")) || s.Paused != 2*time.Hour {
		t.Errorf("due %s, paused %s (%v), want Monday 11:00 and 2h", s.Due, s.Paused, err)
	}
	// While it is paused the due time moves along and nothing is late.
	s, err = Follow(c, r, l[:2], instant(t, "2026-11-23 09:30"))
	if err != nil || s.Status != OnHold || !s.Due.Equal(instant(t, "2026-11-23 10:30")) || s.Late(instant(t, "2026-11-23 09:30")) {
		t.Errorf("paused: %s due %s (%v), want paused and Monday 10:30", s.Status, s.Due, err)
	}
}

// TestVectorsHoldBeforeOpening: Frappe Helpdesk 2449 added hold time to the
// moment of creation; made on Sunday, held for one business hour on Monday.
func TestVectorsHoldBeforeOpening(t *testing.T) {
	c := mustCalendar(t, Settings{})
	l := log(ev(t, "2026-11-22 13:00", Received), ev(t, "2026-11-22 15:00", Paused), ev(t, "2026-11-23 10:00", Resumed))
	s, err := Follow(c, rule(t, Resolve, "4bh"), l, instant(t, "2026-11-23 12:00"))
	if err != nil || !s.Due.Equal(instant(t, "2026-11-23 14:00")) || s.Elapsed != 2*time.Hour {
		t.Errorf("due %s, elapsed %s (%v), want Monday 14:00 and 2h", s.Due, s.Elapsed, err)
	}
}

// TestVectorsChangeOfRule: in GLPI 15605 a change of the agreement lost the
// pauses before it. Here they are in the log, whatever the rule.
func TestVectorsChangeOfRule(t *testing.T) {
	c := mustCalendar(t, Settings{})
	l := log(ev(t, "2026-11-16 09:00", Received), ev(t, "2026-11-17 09:00", Paused), ev(t, "2026-11-20 09:00", Resumed),
		ev(t, "2026-11-20 10:00", Repinned))
	now := instant(t, "2026-11-20 12:00")
	for within, want := range map[string]string{"2wd": "2026-11-23 17:00", "5wd": "2026-11-26 17:00", "20bh": "2026-11-23 13:00"} {
		s, err := Follow(c, rule(t, Resolve, within), l, now)
		if err != nil || !s.Due.Equal(instant(t, want)) || s.Paused != 24*time.Hour {
			t.Errorf("%s: due %s, paused %s (%v), want %s and 24h", within, s.Due, s.Paused, err, want)
		}
	}
}

// TestVectorsThanks: in Chatwoot 10178 the clock went on after a case was
// resolved without a reply and the customer said thanks.
func TestVectorsThanks(t *testing.T) {
	c := mustCalendar(t, Settings{})
	for _, metric := range []Metric{FirstResponse, Resolve} {
		l := log(ev(t, "2026-11-16 09:00", Received), ev(t, "2026-11-16 10:00", Closed), ev(t, "2026-11-18 09:00", Message))
		now := instant(t, "2026-11-27 12:00")
		s, err := Follow(c, rule(t, metric, "4bh"), l, now)
		if err != nil || s.Status != CaseClose || s.Elapsed != time.Hour || s.Late(now) {
			t.Errorf("%s: %s, elapsed %s, late %t (%v), want closed after 1h", metric, s.Status, s.Elapsed, s.Late(now), err)
		}
		// Asked for, it does go on, without the days in which it was closed.
		s, err = Follow(c, rule(t, metric, "4bh"), append(l, ev(t, "2026-11-27 11:00", Reopened)), now)
		if err != nil || s.Status != Open || s.Elapsed != 2*time.Hour || !s.Due.Equal(instant(t, "2026-11-27 14:00")) {
			t.Errorf("%s reopened: %s, elapsed %s, due %s (%v), want open, 2h, 14:00", metric, s.Status, s.Elapsed, s.Due, err)
		}
	}
}
