package roster

import (
	"testing"
	"time"
)

// TestNobodyHasTheSkill holds that a team without any skill that is asked for
// still ends with a roster, which says so.
func TestNobodyHasTheSkill(t *testing.T) {
	p := Generate(GenerateOptions{Agents: 3, Weeks: 1, Seed: 1})
	for i := range p.Agents {
		p.Agents[i].Skills = []Skill{{Name: "something else", Efficiency: 1}}
	}
	done := make(chan *Result, 1)
	go func() {
		res, err := Make(t.Context(), p, Options{Effort: 2, NoBound: true})
		if err != nil {
			t.Error(err)
		}
		done <- res
	}()
	select {
	case res := <-done:
		if len(res.Roster.Assignments) > 0 || len(res.Shortfalls) == 0 {
			t.Errorf("%d shifts, %d shortfalls; want no shift and the skills named", len(res.Roster.Assignments), len(res.Shortfalls))
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the search does not end")
	}
}
