package roster

import (
	"context"
	"testing"
	"time"

	"kcc/internal/calendar"
)

// tight makes a week that one thing keeps from being covered: three agents of 40
// hours, two wanted from 09:00 to 17:00 on five days, shifts of eight hours.
func tight() *Problem {
	zone, _ := time.LoadLocation("Europe/Amsterdam")
	p := &Problem{Zone: zone, First: calendar.NewDate(2026, time.November, 30), Days: 7, Step: time.Hour, Skills: []string{"phone"}}
	for _, id := range []string{"a", "b", "c"} {
		p.Agents = append(p.Agents, Agent{ID: id, Contract: 40 * time.Hour, Skills: []Skill{{Name: "phone"}}, RuleSet: "none"})
	}
	p.Shifts = []Shift{{Name: "day", EarliestStart: 540, LatestStart: 540, MinLength: 8 * time.Hour, MaxLength: 8 * time.Hour}}
	for d := range 5 {
		for h := 9; h < 17; h++ {
			p.Demand = append(p.Demand, Demand{Slot: 24*d + h, Skill: "phone", Need: 2})
		}
	}
	return p
}

// The family that stands in the way is the one whose drop helps, and the least
// unmet hours are those that can be counted by hand.
func TestLimits(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(p *Problem)
		least float64
		bound float64 // share of it that the bound must prove; it leaves rest rules out
		want  Family
	}{
		{"all can be met", func(*Problem) {}, 0, 1, ""},
		{"two on leave all week", func(p *Problem) {
			for _, id := range []string{"a", "b"} {
				p.Availability = append(p.Availability, Availability{Agent: id, From: p.First, To: p.Last(), Kind: Leave})
			}
		}, 40, 0.9, FamilyAvailability},
		{"contracts of 16 hours", func(p *Problem) {
			for i := range p.Agents {
				p.Agents[i].Contract = 16 * time.Hour
			}
		}, 80 - 48, 0.8, FamilyHours},
		{"two cannot do it", func(p *Problem) {
			p.Agents[0].Skills, p.Agents[1].Skills = []Skill{{Name: "chat"}}, []Skill{{Name: "chat"}}
		}, 40, 0.9, FamilySkills},
		{"at most two days in a row, three off", func(p *Problem) {
			p.Rules = map[string]Rules{"own": {Name: "own", MaxDaysInRow: 2, MinDaysOff: 3}}
			for i := range p.Agents {
				p.Agents[i].RuleSet = "own"
			}
		}, 80 - 3*16, 0, FamilyRest},
		{"shifts of four hours", func(p *Problem) {
			p.Agents = p.Agents[:2]
			p.Shifts[0].MinLength, p.Shifts[0].MaxLength = 4*time.Hour, 4*time.Hour
			p.Shifts = append(p.Shifts, Shift{Name: "long", EarliestStart: 540, LatestStart: 540, MinLength: 8 * time.Hour, MaxLength: 8 * time.Hour, Weekdays: [7]bool{false, true}})
		}, 80 - 16 - 4*8, 0.9, FamilyShifts},
	} {
		p := tight()
		c.spoil(p)
		got, err := Limits(context.Background(), p, Roster{}, p.First, p.Last(), Options{Effort: 30})
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if l := got[0]; l.Found != c.least || l.Least > c.least+1e-6 || l.Least < c.bound*c.least-1e-6 {
			t.Errorf("%s: at least %.1f, found %.1f; want %.0f hours unmet", c.name, l.Least, l.Found, c.least)
		}
		if c.want != "" && (got[1].Dropped != c.want || got[1].Gain <= 0) {
			t.Errorf("%s: %s helps most (%.1f h), want %s", c.name, got[1].Dropped, got[1].Gain, c.want)
		}
	}
}

// Hiring for the skill that is short is worth most, and hiring for nothing none.
func TestHireAdvice(t *testing.T) {
	p := tight()
	p.Skills = []string{"chat", "phone"}
	p.Agents = p.Agents[:1]
	p.Agents = append(p.Agents, Agent{ID: "d", Contract: 40 * time.Hour, Skills: []Skill{{Name: "chat"}}, RuleSet: "none"})
	res, err := Make(context.Background(), p, Options{Effort: 20, NoBound: true})
	if err != nil {
		t.Fatal(err)
	}
	got, err := HireAdvice(context.Background(), p, res.Roster, []time.Duration{16 * time.Hour, 40 * time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	if h := got[0]; h.Skills[0] != "phone" || h.Saves <= 0 || h.Unmet != h.Contract.Hours() {
		t.Errorf("best is %+v, want phone, every hour of the contract used", h)
	}
	if h := got[len(got)-1]; h.Skills[0] != "chat" || h.Unmet != 0 {
		t.Errorf("last is %+v, want chat for nothing", h)
	}
	w, err := WhyWorks(context.Background(), p, res.Roster, "a", p.First, 3)
	if err != nil || w.Unmet != 8 || w.Cost <= 0 {
		t.Errorf("without the Monday of a: %+v, %v; want 8 hours more unmet", w, err)
	}
	if _, err := WhyWorks(context.Background(), p, res.Roster, "a", p.Last(), 3); err == nil {
		t.Error("a Sunday off is explained")
	}
}
