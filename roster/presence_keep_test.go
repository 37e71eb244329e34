package roster

import (
	"context"
	"slices"
	"testing"
	"time"

	"kcc/internal/calendar"
)

// keyed is a team of four of which c and d have keys and somebody with keys must be
// there all day: c works from Monday to Friday, d has Wednesday off, a and b do not
// hold keys.
func keyed() (*Problem, Roster) {
	p := tight()
	p.Agents = append(p.Agents, Agent{ID: "d", Contract: 40 * time.Hour, Skills: []Skill{{Name: "phone"}}, RuleSet: "none"})
	for i := range p.Agents {
		p.Agents[i].HasMin = true
		p.Agents[i].HasMax, p.Agents[i].Max = true, 48*time.Hour
	}
	for _, i := range []int{2, 3} {
		p.Agents[i].Skills = append(p.Agents[i].Skills, Skill{Name: "keys"})
	}
	p.Shifts = append(p.Shifts, Shift{Name: "late", EarliestStart: 600, LatestStart: 600, MinLength: 8 * time.Hour, MaxLength: 8 * time.Hour})
	p.Presence = []Presence{{Name: "key holder", Skill: "keys", Least: 1, Start: 540, End: 1020}}
	var r Roster
	for _, x := range []struct{ agent, days string }{{"a", "01-34"}, {"b", "01-34"}, {"c", "01234"}, {"d", "01-34"}} {
		for d := range 5 {
			if x.days[d] != '-' {
				r.Assignments = append(r.Assignments, drawnDay(p, x.agent, d, 0))
			}
		}
	}
	return p, r
}

func drawnDay(p *Problem, agent string, d, shift int) Assignment {
	s, date := &p.Shifts[shift], p.First.Add(d)
	at := clockAt(date, s.EarliestStart, p.Zone)
	return Assignment{Agent: agent, Date: date, Shift: s.Name, Start: at, End: at.Add(s.MinLength)}
}

func TestRepairKeepsPresence(t *testing.T) {
	p, r := keyed()
	wednesday := p.First.Add(2)
	away := RepairOptions{Absent: []Availability{{Agent: "c", From: wednesday, To: wednesday, Kind: Sick}}, Most: 1}
	rep, err := Repair(context.Background(), p, r, away)
	if err != nil {
		t.Fatal(err)
	}
	// Any of a, b and d could fill the hole; only d has keys.
	if !slices.Equal(rep.Touched, []string{"d"}) || len(rep.Violation) > 0 {
		t.Errorf("touched %v, want d; violations %v", rep.Touched, rep.Violation)
	}
	if found := CheckPresence(p, rep.Roster, p.Presence); len(found) > 0 {
		t.Errorf("left: %v", found)
	}
	// With d away as well nobody has keys: told, and the rest is repaired.
	away.Absent = append(away.Absent, Availability{Agent: "d", From: wednesday, To: wednesday, Kind: Leave})
	rep, err = Repair(context.Background(), p, r, away)
	if err != nil {
		t.Fatal(err)
	}
	if len(rep.Violation) != 1 || rep.Violation[0].Rule != "presence" || rep.Violation[0].Days[0] != wednesday || len(rep.Touched) != 1 {
		t.Errorf("touched %v, violations %v; want one of a and b, and presence on Wednesday", rep.Touched, rep.Violation)
	}
}

func TestSwapAndSuggestKeepPresence(t *testing.T) {
	p, r := keyed()
	s, err := Swap(p, r, "c", "a", p.First.Add(2))
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Violations) != 1 || s.Violations[0].Rule != "presence" || s.Violations[0].Have != 0 {
		t.Errorf("c gives Wednesday to a: %v, want no key holder", s.Violations)
	}
	if s, err = Swap(p, r, "c", "d", p.First.Add(2)); err != nil || len(s.Violations) > 0 {
		t.Errorf("c gives Wednesday to d: %v, %v", s.Violations, err)
	}
	// The last hour of Wednesday: c could come later, but then nobody opens.
	day := p.First.Add(2)
	gap := Gap{From: day.At(calendar.Clock(17*60), p.Zone), To: day.At(calendar.Clock(18*60), p.Zone), Skill: "phone"}
	names := func() (out []string) {
		list, err := Suggest(context.Background(), p, r, gap, 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range list {
			out = append(out, c.Agent)
		}
		slices.Sort(out)
		return out
	}
	if got := names(); slices.Contains(got, "c") || len(got) != 3 {
		t.Errorf("candidates %v, want a, b and d", got)
	}
	p.Presence = nil
	if got := names(); !slices.Contains(got, "c") {
		t.Errorf("candidates %v without the key holder, want c among them", got)
	}
}
