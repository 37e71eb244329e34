package roster

import (
	"context"
	"math"
	"testing"
)

// TestRelays settles, reworks and shakes generated rosters: the cost falls, the sums that
// are kept are right, and no rule is broken.
func TestRelays(t *testing.T) {
	for _, o := range []GenerateOptions{
		{Agents: 25, Skills: 3, Weeks: 2, Seed: 1},
		{Agents: 12, Skills: 1, Weeks: 1, Preset: Short, Seed: 2},
		{Agents: 20, Skills: 4, Weeks: 2, Preset: Slack, Seed: 3},
	} {
		m, err := newModel(Generate(o))
		if err != nil {
			t.Fatal(err)
		}
		s := newSearcher(m, 1, 2)
		ctx := context.Background()
		s.construct(ctx)
		before := s.total()
		test := func(step string) {
			t.Helper()
			c := s.lanes[0].cov
			if got := c.total(); math.Abs(got-c.cost) > 1e-6 {
				t.Errorf("%s: cover costs %g, summed %g", step, got, c.cost)
			}
			own := 0.0
			fresh := newCover(m)
			l := newLane(m, fresh, 1, 0)
			for a, p := range s.plans {
				own += m.ownCost(&m.agents[a], p.opts)
				l.put(a, p, 1)
			}
			if math.Abs(own-s.own) > 1e-6 {
				t.Errorf("%s: plans cost %g, summed %g", step, own, s.own)
			}
			for slot := range m.slots {
				have, want := 0, 0
				for i, n := range c.counts(slot) {
					have, want = have+int(n), want+int(fresh.counts(slot)[i])
				}
				if have != want {
					t.Fatalf("%s: %d heads in slot %d, the plans have %d", step, have, slot, want)
				}
			}
			if v := Check(m.p, m.roster(served{}, s.plans)); len(v) > 0 {
				t.Errorf("%s: %v", step, v)
			}
			if s.total() > before+1e-6 {
				t.Errorf("%s: cost %g, before %g", step, s.total(), before)
			}
			before = s.total()
		}
		first := before
		s.settle(ctx, 0)
		test("settled")
		s.rework(ctx, 2, 0, 1)
		test("reworked")
		s.settle(ctx, 3)
		test("shaken")
		if before > first-10 {
			t.Errorf("cost %g after relays, %g before: want at least 10 points less", before, first)
		}
	}
}

// TestRelayGetsThrough nudges until hardly any single change pays: relays still find
// changes that pay together.
func TestRelayGetsThrough(t *testing.T) {
	m, err := newModel(Generate(GenerateOptions{Agents: 30, Skills: 1, Weeks: 1, Seed: 5, Leave: -1}))
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	s := newSearcher(m, 1, 1)
	s.construct(ctx)
	l := s.lanes[0]
	for range 40 {
		for a, p := range s.plans {
			if p != nil && m.agents[a].group >= 0 {
				l.nudges(s.plans, a, 0, m.p.Days-1, 400, 1e-9)
			}
		}
	}
	s.own, l.own = s.own+l.own, 0
	before := s.total()
	s.settle(ctx, 0)
	if s.total() > before-1 {
		t.Errorf("relays gain %g points where no nudge pays: want at least 1", before-s.total())
	}
}

// TestSlotsAreBroughtBack changes slots and brings them back.
func TestSlotsAreBroughtBack(t *testing.T) {
	m, err := newModel(Generate(GenerateOptions{Agents: 15, Skills: 3, Weeks: 1, Seed: 4}))
	if err != nil {
		t.Fatal(err)
	}
	s := newSearcher(m, 1, 1)
	s.construct(context.Background())
	s.readyRelays()
	c := s.lanes[0].cov
	from, to := 40, 60
	var k slotState
	cost := c.cost
	var known []float64
	each := func(f func(slot, g, h int)) {
		for slot := from; slot < to; slot++ {
			for g := range m.groups {
				for h := range m.groups {
					if n := c.counts(slot)[h*c.k : (h+1)*c.k]; sum16(n) > 0 {
						f(slot, g, h)
					}
				}
			}
		}
	}
	each(func(slot, g, h int) { known = append(known, c.exchange(slot, g, h)) })
	if len(known) == 0 {
		t.Fatal("nobody is there")
	}
	c.saveSlots(&k, from, to)
	for slot := from; slot < to; slot++ {
		c.add(slot, slot%len(m.groups))
	}
	if c.cost == cost {
		t.Fatal("heads changed nothing")
	}
	c.restoreSlots(&k)
	if math.Abs(c.cost-cost) > 1e-9 {
		t.Errorf("cost %g, before %g", c.cost, cost)
	}
	i := 0
	each(func(slot, g, h int) {
		if got := c.exchange(slot, g, h); math.Abs(got-known[i]) > 1e-9 {
			t.Errorf("slot %d, group %d for %d: %g, before %g", slot, g, h, got, known[i])
		}
		i++
	})
}

func sum16(n []int16) (sum int) {
	for _, v := range n {
		sum += int(v)
	}
	return sum
}
