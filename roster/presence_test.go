package roster

import (
	"context"
	"testing"
	"time"
)

// Exactly one key holder short at the opening is told, the nearest roster that
// has one is clean, and the shortage is mended by an exchange that keeps every
// rule.
func TestPresence(t *testing.T) {
	p := tight()
	p.Agents[2].Skills = append(p.Agents[2].Skills, Skill{Name: "keys"})
	p.Shifts = append(p.Shifts, Shift{Name: "late", EarliestStart: 600, LatestStart: 600, MinLength: 7 * time.Hour, MaxLength: 7 * time.Hour})
	day := func(agent string, d int, shift string) Assignment {
		s := &p.Shifts[0]
		if shift == "late" {
			s = &p.Shifts[1]
		}
		date := p.First.Add(d)
		at := clockAt(date, s.EarliestStart, p.Zone)
		return Assignment{Agent: agent, Date: date, Shift: shift, Start: at, End: at.Add(s.MinLength)}
	}
	var r Roster
	for d := range 5 {
		r.Assignments = append(r.Assignments, day("a", d, "day"), day("b", d, "day"))
		if d != 2 {
			r.Assignments = append(r.Assignments, day("c", d, "day"))
		}
	}
	r.Assignments = append(r.Assignments, day("c", 2, "late"))
	want := []Presence{{Name: "key holder", Skill: "keys", Least: 1, Start: 540, End: 1020}}
	found := CheckPresence(p, r, want)
	if len(found) != 1 || found[0].Days[0] != p.First.Add(2) || found[0].Have != 0 || found[0].Want != 1 {
		t.Fatalf("%+v, want one hour without a key holder on Wednesday", found)
	}
	mended, n, err := EnsurePresence(context.Background(), p, r, want)
	if err != nil || n == 0 || len(CheckPresence(p, mended, want)) > 0 || len(Check(p, mended)) > 0 {
		t.Errorf("%d changes, %v left, rules %v, %v", n, CheckPresence(p, mended, want), Check(p, mended), err)
	}
	r.Assignments[len(r.Assignments)-1] = day("c", 2, "day")
	if found := CheckPresence(p, r, want); len(found) > 0 {
		t.Errorf("with a key holder all day: %+v", found)
	}
	// A team of which two must be there, and one is after 16:00.
	for i := range p.Agents {
		p.Agents[i].Team = "front"
	}
	short := Roster{Assignments: []Assignment{day("a", 0, "day"), day("b", 0, "late")}}
	short.Assignments[1].End = short.Assignments[1].End.Add(-time.Hour)
	got := CheckPresence(p, short, []Presence{{Name: "front", Team: "front", Least: 2, Days: [7]bool{false, true}, Start: 600, End: 1020}})
	if len(got) != 1 || got[0].Have != 1 {
		t.Errorf("%+v, want one there from 16:00 to 17:00 on Monday", got)
	}
}
