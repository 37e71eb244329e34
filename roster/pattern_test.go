package roster

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"kcc/internal/calendar"
)

func days(t *testing.T, texts ...string) (out []PatternDay) {
	t.Helper()
	for _, s := range texts {
		d, err := ParsePatternDay(s)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, d)
	}
	return out
}

func TestPatternDayForms(t *testing.T) {
	for _, s := range []string{"", "-", "x", "early", "early/day!", "07:00-15:30", "22:00-06:00!", "16:00-24:00"} {
		d := days(t, s)[0]
		if got := d.String(); got != s {
			t.Errorf("%q comes back as %q", s, got)
		}
	}
	if d := days(t, "22:00-06:00")[0]; d.End != 30*60 {
		t.Errorf("22:00-06:00 ends at %s", d.End)
	}
	if d := days(t, "vrij")[0]; !d.Off {
		t.Error("vrij is no day off")
	}
	for _, s := range []string{"!", "early/", "/"} {
		if _, err := ParsePatternDay(s); err == nil {
			t.Errorf("%q is accepted", s)
		}
	}
}

// TestPatternRule has rosters that break just the rotation, and the nearest that
// do not: a round of two weeks that begins in the week before the roster.
func TestPatternRule(t *testing.T) {
	monday := calendar.NewDate(2026, time.November, 30)
	make := func() *Problem {
		p := ruleProblem(monday, 14, NoRules())
		p.Agents[0].Pattern = "round"
		early := days(t, "early", "early", "x", "", "-", "-", "-")
		late := days(t, "07:00-15:30", "late", "", "", "", "-", "-")
		p.Patterns = []Pattern{{Name: "round", From: monday.Add(-5), HasFrom: true, Days: append(late, early...)}} // the roster begins with the early week
		for slot := 8 * 4; slot < p.Slots(); slot += 24 * 4 {
			p.Demand = append(p.Demand, Demand{Slot: slot, Skill: "a", Need: 1})
		}
		p.Shifts = []Shift{
			{Name: "early", EarliestStart: 7 * 60, LatestStart: 7 * 60, MinLength: 4 * time.Hour, MaxLength: 4 * time.Hour},
			{Name: "late", EarliestStart: 15 * 60, LatestStart: 15 * 60, MinLength: 4 * time.Hour, MaxLength: 4 * time.Hour},
		}
		return p
	}
	shift := func(p *Problem, d int, name string, start calendar.Clock) Assignment {
		a := at(p, d, start, 4*time.Hour)
		a.Shift = name
		return a
	}
	base := func(p *Problem) []Assignment { return []Assignment{shift(p, 2, "early", 7*60)} } // Wednesday is a must
	cases := []struct {
		name string
		more func(p *Problem) []Assignment
		want []string
		have float64
	}{
		{"nothing more", func(*Problem) []Assignment { return nil }, nil, 0},
		{"late in the early week", func(p *Problem) []Assignment { return []Assignment{shift(p, 0, "late", 15*60)} }, []string{"pattern"}, 0},
		{"early in the early week", func(p *Problem) []Assignment { return []Assignment{shift(p, 0, "early", 7*60)} }, nil, 0},
		{"works on the day off", func(p *Problem) []Assignment { return []Assignment{shift(p, 4, "early", 7*60)} }, []string{"pattern"}, 1},
		{"works on the free day", func(p *Problem) []Assignment { return []Assignment{shift(p, 3, "late", 15*60)} }, nil, 0},
		{"a minute outside the times", func(p *Problem) []Assignment {
			a := at(p, 7, 11*60+31, 4*time.Hour)
			return []Assignment{a}
		}, []string{"pattern"}, 1},
		{"just inside the times", func(p *Problem) []Assignment { return []Assignment{at(p, 7, 11*60+30, 4*time.Hour)} }, nil, 0},
		{"late in the late week", func(p *Problem) []Assignment { return []Assignment{shift(p, 8, "late", 15*60)} }, nil, 0},
		{"early in the late week", func(p *Problem) []Assignment { return []Assignment{shift(p, 8, "early", 7*60)} }, []string{"pattern"}, 0},
	}
	for _, c := range cases {
		p := make()
		found := Check(p, Roster{Assignments: append(base(p), c.more(p)...)})
		var rules []string
		for _, v := range found {
			rules = append(rules, v.Rule)
			if v.Have != c.have || v.Cites != "round" || v.Agent != "p" || len(v.Days) != 1 {
				t.Errorf("%s: %+v", c.name, v)
			}
		}
		if !slices.Equal(rules, c.want) {
			t.Errorf("%s breaks %v, want %v", c.name, rules, c.want)
		}
	}
	p := make()
	if got := Check(p, Roster{}); len(got) != 1 || got[0].Rule != "pattern" || got[0].Days[0] != monday.Add(2) {
		t.Errorf("a free must: %v", got)
	}
	p.Availability = []Availability{{Agent: "p", From: monday.Add(2), To: monday.Add(2), Kind: Leave}}
	if got := Check(p, Roster{}); len(got) > 0 {
		t.Errorf("a must on leave: %v", got)
	}
}

// TestMakeKeepsPatterns rosters a team of two rotations, by team and by agent.
func TestMakeKeepsPatterns(t *testing.T) {
	p := Generate(GenerateOptions{Agents: 16, Skills: 1, Weeks: 4, Seed: 5})
	for i := range p.Agents {
		p.Agents[i].Team = []string{"red", "blue"}[i%2]
	}
	p.Agents[3].Pattern, p.Agents[3].PatternFrom, p.Agents[3].HasPatternFrom = "round", p.First.Add(-7), true
	p.Agents[4].Pattern = "days"
	p.Patterns = []Pattern{
		{Name: "round", Teams: []string{"red"}, From: p.First, HasFrom: true, Days: days(
			t, "08:00-17:00", "08:00-17:00", "08:00-17:00", "08:00-17:00", "08:00-17:00", "-", "-",
			"11:00-20:00", "11:00-20:00", "11:00-20:00", "11:00-20:00", "11:00-20:00", "", "-")},
		{Name: "days", Days: days(t, "full/middle!", "full", "-", "x", "", "-", "-")},
	}
	res, err := Make(context.Background(), p, Options{Effort: 4, NoBound: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range res.Violations {
		t.Errorf("%s: %s", v.Rule, v.Text)
	}
	late := map[string]int{}
	for _, a := range res.Roster.Assignments {
		if calendar.ClockOf(a.End, p.Zone) > 17*60 && int(a.Date-p.First)/7%2 == 0 {
			late[a.Agent]++
		}
	}
	if late[p.Agents[0].ID] > 0 || late[p.Agents[3].ID] == 0 {
		t.Errorf("late shifts in the first and third week: %d of an agent in the early week, %d of one in the late week", late[p.Agents[0].ID], late[p.Agents[3].ID])
	}
	for name, change := range map[string]func(*Problem){
		"which is not known":      func(p *Problem) { p.Agents[0].Pattern = "other" },
		"not a kind of shift":     func(p *Problem) { p.Patterns[1].Days[0].Shifts = []string{"none"} },
		"want the day from which": func(p *Problem) { p.Patterns[0].HasFrom = false },
		"not whole weeks":         func(p *Problem) { p.Patterns[0].Days = p.Patterns[0].Days[:8] },
	} {
		q := *p
		q.Agents, q.Patterns = slices.Clone(p.Agents), slices.Clone(p.Patterns)
		q.Patterns[1].Days = slices.Clone(q.Patterns[1].Days)
		change(&q)
		if err := q.Validate(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
