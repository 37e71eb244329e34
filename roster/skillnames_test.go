package roster

import (
	"testing"
	"time"
)

// changes counts how often agents change skill within a shift.
func changes(r Roster) (n int) {
	for _, a := range r.Assignments {
		n += max(0, len(a.Plan)-1)
	}
	return n
}

// TestSkillsAreSteady holds that a price on changes of skill lowers their number
// and hardly costs coverage, and that coverage is told as the roster then is.
func TestSkillsAreSteady(t *testing.T) {
	p := Generate(GenerateOptions{Agents: 20, Skills: 4, Weeks: 1, Seed: 2})
	free := *p
	free.Weights.SkillChange = -1
	opt := Options{Effort: 4, Seed: 1, NoBound: true}
	loose, err := Make(t.Context(), &free, opt)
	if err != nil {
		t.Fatal(err)
	}
	steady, err := Make(t.Context(), p, opt)
	if err != nil {
		t.Fatal(err)
	}
	a, b := changes(loose.Roster), changes(steady.Roster)
	if b >= a {
		t.Errorf("%d changes of skill with a price, %d without", b, a)
	}
	if x, y := steady.Cost.Total+DefaultSkillChange*float64(b), loose.Cost.Total+DefaultSkillChange*float64(a); x > y-5 {
		t.Errorf("cost and changes %.1f with a price on changes, %.1f without: want at least 5 less", x, y)
	}
	// Coverage by the skill plans themselves.
	have := map[time.Time]map[string]float64{}
	eff := map[string]*Agent{}
	for i := range p.Agents {
		eff[p.Agents[i].ID] = &p.Agents[i]
	}
	for _, x := range steady.Roster.Assignments {
		skill, next := "", 0
		for at := x.Start; at.Before(x.End); at = at.Add(p.Step) {
			for next < len(x.Plan) && !x.Plan[next].Start.After(at) {
				skill = x.Plan[next].Skill
				next++
			}
			resting := false
			for _, br := range x.Breaks {
				resting = resting || !at.Before(br.Start) && at.Before(br.Start.Add(br.Length))
			}
			if !resting {
				if have[at.UTC()] == nil {
					have[at.UTC()] = map[string]float64{}
				}
				have[at.UTC()][skill] += eff[x.Agent].Efficiency(skill)
			}
		}
	}
	for _, c := range steady.Coverage {
		if got := have[c.Start.UTC()][c.Skill]; got-c.Present > 1e-6 || c.Present-got > 1e-6 {
			t.Errorf("%v %s: coverage says %.2f, the skill plans %.2f", c.Start, c.Skill, c.Present, got)
		}
	}
	t.Logf("%d changes without a price, %d with; cost %.1f and %.1f", a, b, loose.Cost.Total, steady.Cost.Total)
}
