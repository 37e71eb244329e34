package roster

import (
	"context"
	"math"
	"slices"
	"testing"
)

// TestDealAgainstAllWays deals out the slots of small rosters from the worst way to
// share out the heads: nobody comes or goes, what is counted is right, and the cost is the
// least of all ways nearly everywhere.
func TestDealAgainstAllWays(t *testing.T) {
	p := Generate(GenerateOptions{Agents: 16, Skills: 4, Weeks: 1, Seed: 4})
	for i := range p.Agents {
		for j := range p.Agents[i].Skills {
			if j > 0 {
				p.Agents[i].Skills[j].Efficiency = []float64{0.8, 0.6}[i%2]
			}
		}
	}
	m, err := newModel(p)
	if err != nil {
		t.Fatal(err)
	}
	s := newSearcher(m, 1, 1)
	s.construct(context.Background())
	c := s.lanes[0].cov
	w := &dealer{}
	slots, off := 0, 0
	for slot := range m.slots {
		heads := headsOf(c, slot)
		least, most := math.Inf(1), math.Inf(-1)
		var worst []int
		allWays(c, slot, heads, func(skills []int) {
			v := c.waysCost(slot, heads, skills)
			least = math.Min(least, v)
			if v > most {
				most, worst = v, slices.Clone(skills)
			}
		})
		if len(heads) == 0 || most == least {
			continue
		}
		slots++
		for g := range m.groups {
			for _, k := range m.groups[g].skills {
				for c.counts(slot)[g*c.k+k] > 0 {
					c.shift(slot, g, k, -1)
				}
			}
		}
		for i, g := range heads {
			c.shift(slot, g, -1, worst[i])
		}
		c.deal(w, slot)
		c.twoChains(w, slot)
		if got := headsOf(c, slot); !slices.Equal(got, heads) {
			t.Fatalf("slot %d: heads of groups %v, before %v", slot, got, heads)
		}
		counts, pop := c.counts(slot), make([]int16, len(m.classes))
		for g := range m.groups {
			for _, k := range m.groups[g].skills {
				for _, i := range m.classesOf[g*c.k+k] {
					pop[i] += counts[g*c.k+k]
				}
			}
		}
		if !slices.Equal(pop, c.movers(slot)) {
			t.Fatalf("slot %d: movers %v, counted %v", slot, c.movers(slot), pop)
		}
		switch v := c.slotsCost(slot, slot+1); {
		case v < least-1e-6:
			t.Fatalf("slot %d: costs %g, no way costs less than %g", slot, v, least)
		case v > least+1e-6:
			off++
		}
	}
	if got := c.total(); math.Abs(got-c.cost) > 1e-6 {
		t.Errorf("cover costs %g, summed %g", got, c.cost)
	}
	t.Logf("%d of %d slots are not at their least", off, slots)
	if slots < 50 || off > slots/20 {
		t.Errorf("%d of %d slots are not at their least: want one in twenty at most, of 50 or more", off, slots)
	}
}

// headsOf lists the groups of the heads of a slot.
func headsOf(c *cover, slot int) (heads []int) {
	for g := range c.m.groups {
		for range sum16(c.counts(slot)[g*c.k : (g+1)*c.k]) {
			heads = append(heads, g)
		}
	}
	return heads
}

// allWays calls f with every way to give the heads skills.
func allWays(c *cover, slot int, heads []int, f func(skills []int)) {
	skills := make([]int, 0, len(heads))
	var next func()
	next = func() {
		if len(skills) == len(heads) {
			f(skills)
			return
		}
		for _, k := range c.m.groups[heads[len(skills)]].skills {
			skills = append(skills, k)
			next()
			skills = skills[:len(skills)-1]
		}
	}
	next()
}

func (c *cover) waysCost(slot int, heads, skills []int) (sum float64) {
	z := make([]float64, c.k)
	for i, g := range heads {
		z[skills[i]] += c.m.groups[g].eff[skills[i]]
	}
	for k, x := range z {
		sum += c.prices(slot)[k].at(x)
	}
	return sum
}
