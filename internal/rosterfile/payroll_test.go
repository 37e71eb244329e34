package rosterfile

import (
	"testing"
	"time"

	"kcc/internal/calendar"
	"kcc/roster"
)

// Hours by hand: a Thursday shift 15:00 to 23:00 with half an hour unpaid break
// has 3 evening hours; Christmas Day counts as holiday; the night to Sunday 25
// October 2026, when the clock goes back, has an hour more.
func TestPayroll(t *testing.T) {
	zone := amsterdam(t)
	at := func(s string) time.Time {
		v, err := calendar.ParseTime(s, zone)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	shift := func(from, to string, breaks ...roster.Break) roster.Assignment {
		return roster.Assignment{Agent: "a", Date: calendar.DateOf(at(from), zone), Start: at(from), End: at(to), Breaks: breaks}
	}
	opt := DefaultPayroll(calendar.Statutory())
	for _, c := range []struct {
		name string
		a    roster.Assignment
		want [payParts]float64 // ordinary, evening, night, saturday, sunday, holiday
	}{
		{"late", shift("2026-12-03 15:00", "2026-12-03 23:00", roster.Break{Start: at("2026-12-03 18:00"), Length: 30 * time.Minute}), [payParts]float64{4.5, 3}},
		{"paid break", shift("2026-12-03 09:00", "2026-12-03 12:00", roster.Break{Start: at("2026-12-03 10:00"), Length: 15 * time.Minute, Paid: true}), [payParts]float64{3}},
		{"Christmas", shift("2026-12-25 09:00", "2026-12-25 13:00"), [payParts]float64{0, 0, 0, 0, 0, 4}},
		{"the long night", shift("2026-10-24 22:00", "2026-10-25 06:00"), [payParts]float64{0, 0, 0, 2, 7}},
		{"the short night", shift("2026-03-28 22:00", "2026-03-29 06:00"), [payParts]float64{0, 0, 0, 2, 5}},
		{"Friday to Saturday", shift("2026-12-04 19:00", "2026-12-05 02:00"), [payParts]float64{1, 4, 0, 2}},
	} {
		got := opt.split(&c.a, zone)
		for i := range got {
			if got[i].Hours() != c.want[i] {
				t.Errorf("%s: part %d has %.2f hours, want %.2f", c.name, i, got[i].Hours(), c.want[i])
			}
		}
	}
}

// Stretches have no gaps and add up to the shift.
func TestStretches(t *testing.T) {
	zone := amsterdam(t)
	day := calendar.NewDate(2026, time.December, 3)
	h := func(c calendar.Clock) time.Time { return day.At(c, zone) }
	a := roster.Assignment{
		Agent: "a", Date: day, Start: h(480), End: h(990),
		Breaks: []roster.Break{{Start: h(720), Length: 30 * time.Minute}, {Start: h(600), Length: 15 * time.Minute, Paid: true}},
		Plan:   []roster.SkillSpan{{Start: h(480), Skill: "phone"}, {Start: h(600), Skill: "chat"}, {Start: h(800), Skill: "chat"}},
	}
	got := Stretches(&a)
	want := []string{"phone", "break", "chat", "break", "chat"}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	sum := time.Duration(0)
	for i, s := range got {
		if s.Activity != want[i] || i > 0 && !s.From.Equal(got[i-1].To) {
			t.Errorf("stretch %d: %+v", i, s)
		}
		sum += s.To.Sub(s.From)
	}
	if sum != a.End.Sub(a.Start) {
		t.Errorf("the stretches add up to %v", sum)
	}
}
