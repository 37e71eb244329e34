package roster

import (
	"math"
	"slices"
	"testing"
	"time"

	"kcc/internal/calendar"
)

// changes counts how often agents change skill within a shift.
func changes(r Roster) (n int) {
	for _, a := range r.Assignments {
		n += a.SkillChanges()
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
	if x, y := steady.Cost.Total+DefaultSkillChange*float64(b), loose.Cost.Total+DefaultSkillChange*float64(a); x > y-3 {
		t.Errorf("cost and changes %.1f with a price on changes, %.1f without: want at least 3 less", x, y)
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

// samePlan reports whether two shifts serve the same.
func samePlan(x, y Assignment) bool {
	return slices.EqualFunc(x.Plan, y.Plan, func(a, b SkillSpan) bool { return a.Skill == b.Skill && a.Start.Equal(b.Start) })
}

// otherPlans counts the shifts that two rosters have at the same times and that serve
// something else, by date.
func otherPlans(r, s Roster) map[calendar.Date]int {
	was := map[agentDay]*Assignment{}
	for i := range r.Assignments {
		was[agentDay{r.Assignments[i].Agent, r.Assignments[i].Date}] = &r.Assignments[i]
	}
	n := map[calendar.Date]int{}
	for i := range s.Assignments {
		y := &s.Assignments[i]
		if x := was[agentDay{y.Agent, y.Date}]; sameShift(x, y) && !samePlan(*x, *y) {
			n[y.Date]++
		}
	}
	return n
}

// TestUntouchedSkillsStay holds that a roster judged, repaired, swapped in or planned over keeps
// who serves what on days on which nothing else changes.
func TestUntouchedSkillsStay(t *testing.T) {
	p := Generate(GenerateOptions{Agents: 25, Skills: 4, Weeks: 2, Seed: 3})
	opt := Options{Effort: 2, Seed: 1, NoBound: true}
	made, err := Make(t.Context(), p, opt)
	if err != nil {
		t.Fatal(err)
	}
	r := made.Roster
	again, err := Evaluate(p, r)
	if err != nil {
		t.Fatal(err)
	}
	if n := otherPlans(r, again.Roster); len(n) > 0 {
		t.Errorf("judged again, shifts serve something else: %v", n)
	}
	if math.Abs(again.Cost.Total-made.Cost.Total) > 1e-3 {
		t.Errorf("cost %.4f judged again, %.4f when made", again.Cost.Total, made.Cost.Total)
	}
	for i, h := range again.Hours {
		if h != made.Hours[i] {
			t.Errorf("hours %+v judged again, %+v when made", h, made.Hours[i])
			break
		}
	}
	gone := r.Assignments[len(r.Assignments)/2]
	mended, err := Repair(t.Context(), p, r, RepairOptions{Absent: []Availability{{Agent: gone.Agent, From: gone.Date, To: gone.Date, Kind: Sick}}})
	if err != nil {
		t.Fatal(err)
	}
	changed := map[calendar.Date]bool{}
	for _, c := range mended.Changes {
		changed[c.Date] = true
	}
	n := otherPlans(r, mended.Roster)
	for d, k := range n {
		if !changed[d] {
			t.Errorf("repaired, %d shifts of %s serve something else though nothing changed there", k, d)
		}
	}
	if n[gone.Date] == 0 {
		t.Errorf("nobody serves something else for %s, who is away on %s", gone.Agent, gone.Date)
	}
	for _, x := range r.Assignments {
		for _, y := range r.Assignments {
			if x.Date != gone.Date || y.Date != gone.Date || x.Agent == y.Agent || x.Start.Equal(y.Start) {
				continue
			}
			s, err := Swap(p, r, x.Agent, y.Agent, x.Date)
			if err != nil {
				t.Fatal(err)
			}
			for d, k := range otherPlans(r, s.Roster) {
				if d != x.Date {
					t.Errorf("%s and %s swapped on %s, %d shifts of %s serve something else", x.Agent, y.Agent, x.Date, k, d)
				}
			}
			goto swapped
		}
	}
swapped:
	// The first week is published, the second planned anew.
	over := *p
	over.Locked = lockAll(p, r, func(_ string, d calendar.Date) bool { return d < p.First+7 })
	fresh, err := Make(t.Context(), &over, opt)
	if err != nil {
		t.Fatal(err)
	}
	for d, k := range otherPlans(r, fresh.Roster) {
		if d < p.First+7 {
			t.Errorf("%s is locked and %d shifts serve something else", d, k)
		}
	}
}

// TestLockedSkillsCostNothing holds that some locked shifts with skills make a new roster no
// worse than the same shifts without.
func TestLockedSkillsCostNothing(t *testing.T) {
	for _, price := range []float64{0, -1} {
		p := Generate(GenerateOptions{Agents: 30, Skills: 4, Weeks: 1, Seed: 5})
		p.Weights.SkillChange = price
		opt := Options{Effort: 2, Seed: 1, NoBound: true}
		made, err := Make(t.Context(), p, opt)
		if err != nil {
			t.Fatal(err)
		}
		var cost [2]float64
		for i := range cost {
			q := *p
			q.Locked = nil
			day := calendar.Date(-1)
			for _, a := range made.Roster.Assignments {
				if a.Date <= day {
					continue
				}
				day = a.Date
				if i == 1 {
					a.Plan = nil
				}
				q.Locked = append(q.Locked, Cell{Agent: a.Agent, Date: a.Date, Assignment: a})
			}
			res, err := Make(t.Context(), &q, opt)
			if err != nil {
				t.Fatal(err)
			}
			cost[i] = res.Cost.Total + math.Max(0, DefaultSkillChange+price)*float64(changes(res.Roster))
		}
		if cost[0] > 1.01*cost[1]+1e-6 {
			t.Errorf("price %g: %.1f with the skills of locked shifts, %.1f without", price, cost[0], cost[1])
		}
	}
}

// TestSkillsOnAnyCores holds that the skills are the same on one core and on more.
func TestSkillsOnAnyCores(t *testing.T) {
	p := Generate(GenerateOptions{Agents: 25, Skills: 4, Weeks: 1, Seed: 4})
	m, err := newModel(p)
	if err != nil {
		t.Fatal(err)
	}
	s, _ := m.searcher(Options{Seed: 1})
	s.construct(t.Context())
	s.restoreBest()
	var kept coverage
	cov := s.lanes[0].cov
	cov.save(&kept)
	several := m.newSkills(t.Context(), cov, s.plans, 3).skill
	cov.restore(&kept)
	one := m.newSkills(t.Context(), cov, s.plans, 1).skill
	for a := range one {
		if !slices.Equal(one[a], several[a]) {
			t.Fatalf("agent %d serves other skills", a)
		}
	}
}

// BenchmarkSkills gives out the skills of 500 agents and four weeks.
func BenchmarkSkills(b *testing.B) {
	p := Generate(GenerateOptions{Agents: 500, Skills: 5, Weeks: 4, Seed: 1})
	m, err := newModel(p)
	if err != nil {
		b.Fatal(err)
	}
	s, _ := m.searcher(Options{Seed: 1})
	s.construct(b.Context())
	s.restoreBest()
	var kept coverage
	cov := s.lanes[0].cov
	cov.tidy()
	cov.save(&kept)
	worked := m.workedShifts(s.plans)
	for b.Loop() {
		before := cov.total()
		p := &skillPaths{m: m, skill: m.newSkills(b.Context(), cov, s.plans, 2).skill}
		n := 0
		for i := range worked {
			n += p.changes(&worked[i])
		}
		b.ReportMetric(float64(n), "changes")
		b.ReportMetric(cov.total()-before, "points")
		cov.restore(&kept)
	}
}
