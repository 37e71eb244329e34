package roster

import (
	"context"
	"math"
	"testing"
)

// TestExchange prices exchanges of a head for another and makes them: where all
// efficiencies are 1 both are exact, else the price is what the exchange brings nearly
// everywhere.
func TestExchange(t *testing.T) {
	for _, uniform := range []bool{true, false} {
		p := Generate(GenerateOptions{Agents: 25, Skills: 4, Weeks: 1, Seed: 3})
		for i := range p.Agents {
			for j := range p.Agents[i].Skills {
				if uniform {
					p.Agents[i].Skills[j].Efficiency = 1
				}
			}
		}
		m, err := newModel(p)
		if err != nil {
			t.Fatal(err)
		}
		s := newSearcher(m, 1, 1)
		s.construct(context.Background())
		s.readyRelays()
		c := s.lanes[0].cov
		c.tidy()
		tried, off := 0, 0
		for slot := range m.slots {
			for g := range m.groups {
				for h := range m.groups {
					if sum16(c.counts(slot)[h*c.k:(h+1)*c.k]) == 0 {
						continue
					}
					want := c.exchange(slot, g, h)
					before := c.cost
					c.begin()
					c.add(slot, g)
					c.remove(slot, h)
					c.tidySlot(slot)
					got := c.cost - before
					c.rollback()
					tried++
					if math.Abs(got-want) > 1e-6 {
						off++
						if uniform && off < 5 {
							t.Errorf("slot %d, a head of group %d for one of %d: priced at %g, costs %g", slot, g, h, want, got)
						}
					}
				}
			}
		}
		if tried < 1000 {
			t.Errorf("%d exchanges tried: too few", tried)
		}
		t.Logf("uniform %v: %d of %d priced otherwise than made", uniform, off, tried)
		if off > tried/10 {
			t.Errorf("%d of %d exchanges cost something else than they were priced at", off, tried)
		}
	}
}
