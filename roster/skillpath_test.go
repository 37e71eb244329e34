package roster

import (
	"math"
	"math/rand/v2"
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
		p := m.newSkillPaths(nil, 4)
		p.price = 0.3 * rng.Float64()
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
