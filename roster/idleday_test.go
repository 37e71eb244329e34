package roster

import (
	"testing"
	"time"
)

// TestContractHoursOpenNoClosedDay holds that agents who have hours to spare are
// not sent in on days on which nothing is asked for.
func TestContractHoursOpenNoClosedDay(t *testing.T) {
	p := Generate(GenerateOptions{Agents: 6, Weeks: 1, Seed: 3})
	p.Demand = p.Demand[:0:0]
	for d := range 5 { // Monday to Friday, one agent from 10 to 12
		for c := 600; c < 720; c += int(p.Step / time.Minute) {
			at := p.First.Add(d).Start(p.Zone).Add(time.Duration(c) * time.Minute)
			p.Demand = append(p.Demand, Demand{Slot: p.SlotOf(at), Skill: p.Skills[0], Need: 1})
		}
	}
	for i := range p.Agents {
		a := &p.Agents[i]
		a.Skills = []Skill{{Name: p.Skills[0]}}
		a.HasMin, a.Min = true, 0
	}
	res, err := Make(t.Context(), p, Options{Effort: 10, NoBound: true})
	if err != nil {
		t.Fatal(err)
	}
	worked := 0
	for _, a := range res.Roster.Assignments {
		worked++
		if w := a.Date.Weekday(); w == time.Saturday || w == time.Sunday {
			t.Errorf("%s works on %s, a closed %s", a.Agent, a.Date, w)
		}
	}
	if worked == 0 {
		t.Error("nobody works")
	}
}
