package roster

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
)

// pathsOf calls f with every path of a shift.
func (p *skillPaths) pathsOf(w *workedShift, at int, f func()) {
	if at == len(w.slots) {
		f()
		return
	}
	for _, s := range w.gr.skills {
		p.skill[w.agent][w.slots[at]] = int8(s)
		p.pathsOf(w, at+1, f)
	}
}

// cost is what coverage and changes cost.
func (p *skillPaths) cost(worked []workedShift) float64 {
	sum := 0.0
	for i, z := range p.z {
		sum += p.m.costs[i].at(round6(z))
	}
	for i := range worked {
		sum += p.price * float64(p.changes(&worked[i]))
	}
	return sum
}

// TestPathsAgainstAllPaths holds that one shift and two shifts get their best paths, and
// that what is told of the gain is so.
func TestPathsAgainstAllPaths(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	gained := 0
	for try := range 200 {
		const slots, k = 6, 3
		m := &model{slots: slots, skills: make([]string, k), costs: make([]demandCost, slots*k)}
		for i := range m.costs {
			m.costs[i] = demandCost{need: float64(rng.IntN(5)) / 2, under: 1 + rng.Float64(), over: rng.Float64() / 4}
		}
		groups := []group{{eff: []float64{1, 0.8, 0.6}, skills: []int{0, 1, 2}}, {eff: []float64{0.9, 1.1, 0}, skills: []int{0, 1}}, {eff: []float64{0, 0, 1}, skills: []int{2}}}
		p := m.newSkillPaths(4, 0.3*rng.Float64())
		var worked []workedShift
		for a := range 4 {
			w := workedShift{agent: int32(a), gr: &groups[(a+try)%3]}
			p.skill[a] = slices.Repeat([]int8{-1}, slots)
			for s := rng.IntN(3); s < slots-rng.IntN(3); s++ {
				if rng.IntN(5) > 0 {
					w.slots = append(w.slots, int32(s))
					p.skill[a][s] = int8(w.gr.skills[rng.IntN(len(w.gr.skills))])
				}
			}
			p.count(&w, 1)
			worked = append(worked, w)
		}
		best := func(who ...int) float64 {
			least := math.Inf(1)
			var walk func(i int)
			walk = func(i int) {
				if i == len(who) {
					for _, j := range who {
						p.count(&worked[j], 1)
					}
					least = min(least, p.cost(worked))
					for _, j := range who {
						p.count(&worked[j], -1)
					}
					return
				}
				old := slices.Clone(p.skill[who[i]])
				p.pathsOf(&worked[who[i]], 0, func() { walk(i + 1) })
				copy(p.skill[who[i]], old)
			}
			for _, j := range who {
				p.count(&worked[j], -1)
			}
			walk(0)
			for _, j := range who {
				p.count(&worked[j], 1)
			}
			return least
		}
		for range 3 {
			i, j := rng.IntN(4), rng.IntN(4)
			before, want := p.cost(worked), best(i)
			better := p.alone(&worked[i])
			if got := p.cost(worked); math.Abs(got-want) > 1e-5 && len(worked[i].gr.skills) > 1 {
				t.Fatalf("try %d: one shift ends at %g, all ways at %g", try, got, want)
			} else if better != (got < before-pathEps/2) {
				t.Fatalf("try %d: one shift from %g to %g, told better %v", try, before, got, better)
			}
			if i == j || len(worked[i].gr.skills) < 2 || len(worked[j].gr.skills) < 2 || len(worked[i].slots) == 0 || len(worked[j].slots) == 0 {
				continue
			}
			before, want = p.cost(worked), best(i, j)
			better = p.both(&worked[i], &worked[j])
			if got := p.cost(worked); math.Abs(got-want) > 1e-5 {
				t.Fatalf("try %d: two shifts end at %g, all ways at %g", try, got, want)
			} else if better != (got < before-pathEps/2) {
				t.Fatalf("try %d: two shifts from %g to %g, told better %v", try, before, got, better)
			} else if better {
				gained++
			}
		}
	}
	if gained < 50 {
		t.Errorf("two shifts got better %d times: the test sees too little", gained)
	}
}

// TestUntouchedSkillsStay holds that a roster judged again keeps who serves what, and that
// after an absence only skills of that day change.
func TestUntouchedSkillsStay(t *testing.T) {
	p := Generate(GenerateOptions{Agents: 25, Skills: 4, Weeks: 1, Seed: 3})
	made, err := Make(t.Context(), p, Options{Effort: 2, Seed: 1, NoBound: true})
	if err != nil {
		t.Fatal(err)
	}
	r := made.Roster
	again, err := Evaluate(p, r)
	if err != nil {
		t.Fatal(err)
	}
	same := func(x, y Assignment) bool {
		return slices.EqualFunc(x.Plan, y.Plan, func(a, b SkillSpan) bool { return a.Skill == b.Skill && a.Start.Equal(b.Start) })
	}
	for i := range r.Assignments {
		if x, y := r.Assignments[i], again.Roster.Assignments[i]; !same(x, y) {
			t.Fatalf("%s on %s: %v became %v", x.Agent, x.Date, x.Plan, y.Plan)
		}
	}
	gone := r.Assignments[len(r.Assignments)/2]
	left := Roster{Assignments: slices.DeleteFunc(slices.Clone(r.Assignments), func(a Assignment) bool { return a.Date == gone.Date && a.Agent == gone.Agent })}
	after, err := Evaluate(p, left)
	if err != nil {
		t.Fatal(err)
	}
	others := 0
	for i := range left.Assignments {
		x, y := left.Assignments[i], after.Roster.Assignments[i]
		if same(x, y) {
			continue
		}
		if x.Date != gone.Date {
			t.Errorf("%s on %s: %v became %v after %s was gone on %s", x.Agent, x.Date, x.Plan, y.Plan, gone.Agent, gone.Date)
		}
		others++
	}
	t.Logf("%d other shifts of that day serve other skills", others)
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
	several := m.skillsOf(t.Context(), cov, s.plans, true)
	cov.restore(&kept)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	one := m.skillsOf(t.Context(), cov, s.plans, true)
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
		p := &skillPaths{m: m, skill: m.skillsOf(b.Context(), cov, s.plans, true)}
		n := 0
		for i := range worked {
			n += p.changes(&worked[i])
		}
		b.ReportMetric(float64(n), "changes")
		b.ReportMetric(cov.total()-before, "points")
		cov.restore(&kept)
	}
}
