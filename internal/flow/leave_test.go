package flow

import (
	"math"
	"strings"
	"testing"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/output"
	"kcc/roster"
)

// Three agents, two skills: 36 h of phone only, 24 h of both, 16 h of chat only.
// The week needs 40 h of phone and 20 h of chat. Phone alone: 36+24-40 = 20 h of
// room; chat alone: 24+16-20 = 20; both: 76-60 = 16. So 16 h for everybody.
func TestLeaveRoom(t *testing.T) {
	monday := calendar.NewDate(2026, time.December, 7)
	agent := func(id string, h int, skills ...string) roster.Agent {
		a := roster.Agent{ID: id, Contract: time.Duration(h) * time.Hour, MaxDaysPerWeek: 4}
		for _, s := range skills {
			a.Skills = append(a.Skills, roster.Skill{Name: s})
		}
		return a
	}
	need := map[string]float64{"phone": 40, "chat": 20}
	l := &Leave{
		Skills: []string{"chat", "phone"}, need: []map[string]float64{need},
		agents: []roster.Agent{agent("p", 36, "phone"), agent("b", 24, "phone", "chat"), agent("c", 16, "chat"), agent("x", 20, "archive")},
	}
	w := l.week(monday, need)
	if w.Room != 16 || w.BySkill["phone"].Hours != 16 || w.BySkill["chat"].Hours != 16 {
		t.Errorf("room %.0f, phone %.0f, chat %.0f; want 16 each", w.Room, w.BySkill["phone"].Hours, w.BySkill["chat"].Hours)
	}
	l.Weeks = []LeaveWeek{w}
	ask := func(id string, days int) LeaveAnswer {
		got, err := l.Check(roster.Availability{Agent: id, Kind: roster.Leave, From: monday, To: monday.Add(days - 1)})
		if err != nil || len(got) != 1 {
			t.Fatalf("%v %v", got, err)
		}
		return got[0]
	}
	if a := ask("p", 1); a.Hours != 9 || !a.OK {
		t.Errorf("one day of p is %.1f h, possible %v; want 9 h, possible", a.Hours, a.OK)
	}
	if a := ask("p", 2); a.Hours != 18 || a.OK {
		t.Errorf("two days of p are %.1f h, possible %v; want 18 h, not possible", a.Hours, a.OK)
	}
	if a := ask("x", 7); !a.OK {
		t.Error("nobody waits for the archive")
	}
	// Leave that is granted counts.
	l.avail = []roster.Availability{{Agent: "c", Kind: roster.Leave, From: monday, To: monday.Add(6)}}
	if w := l.week(monday, need); math.Abs(w.Room) > 1e-9 || w.Granted != 16 {
		t.Errorf("room %.1f with %.0f h granted, want none with 16", w.Room, w.Granted)
	}
	if a := ask("p", 1); a.OK {
		t.Error("there is no room left")
	}
	if _, err := l.Check(roster.Availability{Agent: "p", From: monday.Add(7), To: monday.Add(8)}); err == nil {
		t.Error("a week that is not planned is answered")
	}
}

// A week is forecast over the same days whether it is one of many or asked for
// alone: else it would have two amounts of room.
func TestLeaveSpanIsOneForAll(t *testing.T) {
	today := calendar.NewDate(2026, time.November, 24)
	next := calendar.NewDate(2026, time.November, 30)
	for _, weeks := range [][2]int{{0, 26}, {0, 8}, {2, 1}, {25, 1}} {
		from := next.Add(7 * weeks[0])
		first, until := leaveSpan(today, from, from.Add(7*weeks[1]))
		if first != next || until != next.Add(7*26) {
			t.Errorf("%d weeks from %s are forecast from %s until %s, want %s until %s", weeks[1], from, first, until, next, next.Add(7*26))
		}
	}
	if first, until := leaveSpan(today, today, next.Add(7*52)); first != today || until != next.Add(7*52) {
		t.Errorf("a year from today is forecast from %s until %s", first, until)
	}
}

// A day is doubted when it lies more than half a year ahead, more so when the
// history does not hold its time of the year, and never when it is in the plan.
func TestLeaveDoubt(t *testing.T) {
	day := func(y int, m time.Month, d int) calendar.Date { return calendar.NewDate(y, m, d) }
	l := &Leave{Far: day(2027, time.May, 24), History: day(2026, time.September, 1)}
	for _, x := range []struct {
		on   calendar.Date
		want string
	}{
		{day(2026, time.December, 21), ""},
		{day(2027, time.May, 23), ""},
		{day(2027, time.May, 24), "begins on 2026-09-01, does not hold this time of the year"},
		{day(2027, time.September, 6), "is uncertain"},
	} {
		got := l.Doubt(output.English, x.on)
		if (got == "") != (x.want == "") || !strings.Contains(got, x.want) {
			t.Errorf("%s: %q, want %q", x.on, got, x.want)
		}
	}
	l.Weeks = []LeaveWeek{{Monday: day(2027, time.September, 6), Planned: true}}
	if got := l.Doubt(output.English, day(2027, time.September, 8)); got != "" {
		t.Errorf("a day of the plan is doubted: %q", got)
	}
	if got, want := l.plannedNote(output.Dutch), "Nodig: zoals in het nieuwste plan"; got != want {
		t.Errorf("note %q, want %q", got, want)
	}
}
