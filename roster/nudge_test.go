package roster

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

// searched is a small generated problem with a roster that was annealed a little.
func searched(t *testing.T) *searcher {
	t.Helper()
	m, err := newModel(Generate(GenerateOptions{Agents: 14, Skills: 3, Weeks: 2, Seed: 5}))
	if err != nil {
		t.Fatal(err)
	}
	s := newSearcher(m, 1, 2)
	s.construct(context.Background())
	s.improve(context.Background(), 3, coolTemperature, coldTemperature, 0, 1)
	return s
}

// What nudges and new plans are judged by has to add up to what the roster costs.
func TestSearchKeepsItsSums(t *testing.T) {
	s := searched(t)
	c := s.lanes[0].cov
	if d := c.cost - c.total(); math.Abs(d) > 1e-6 {
		t.Errorf("the cover costs %g, its sum is %g", c.total(), c.cost)
	}
	own := 0.0
	for a, p := range s.plans {
		ma := &s.m.agents[a]
		own += s.m.ownCost(ma, p.opts)
		if !s.m.legal(ma, s.lanes[0].linksOf(ma.book), p.opts) {
			t.Errorf("the plan of %s is not legal", ma.a.ID)
		}
		for d, i := range p.opts {
			if i == noOption {
				continue
			}
			o := ma.option(d, i)
			if o.brk < 0 {
				continue
			}
			list, end := ma.book.breaks[ma.book.cases[d][o.brk].list], o.start
			for k, b := range p.brks[d] {
				if b.start < end || b.start < o.start+list[k].lo || b.start > o.start+list[k].hi || b.n != list[k].n {
					t.Errorf("%s day %d: break %d at %d of %+v in a shift from %d", ma.a.ID, d, k, b.start, list[k], o.start)
				}
				end = b.start + b.n
			}
		}
	}
	if math.Abs(own-s.own) > 1e-6 {
		t.Errorf("plans cost %g of their own, the sum is %g", own, s.own)
	}
}

// A head less costs what taking it out costs, and asking changes nothing.
func TestRemovalIsWhatRemovingCosts(t *testing.T) {
	s := searched(t)
	c := s.lanes[0].cov
	n := 0
	for slot := 0; slot < s.m.slots; slot += 7 {
		for g := range s.m.groups {
			heads := 0
			for k := range c.k {
				heads += int(c.counts(slot)[g*c.k+k])
			}
			if heads == 0 {
				continue
			}
			before, age := c.cost, c.age[slot]
			want := c.removal(slot, g)
			if c.cost != before || c.age[slot] != age {
				t.Fatalf("slot %d: asking changed the cover", slot)
			}
			c.begin()
			c.remove(slot, g)
			if d := c.cost - before - want; math.Abs(d) > 1e-9 {
				t.Errorf("slot %d group %d: removal costs %g, said %g", slot, g, c.cost-before, want)
			}
			c.rollback()
			n++
		}
	}
	if n < 100 {
		t.Fatalf("only %d were tried", n)
	}
}

// best against all presences.
func TestBestPresence(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, eff := range [][2]float64{{1, 0.8}, {1, 0.75}, {1, 0.9}, {0.8, 0.5}, {1, 0.35}} {
		m := &model{kinds: []boundKind{{eff: eff[0], grid: 1, most: 60}, {eff: eff[1], grid: 1, most: 12}}}
		for range 200 {
			c := demandCost{need: 25 * rng.Float64(), under: 10, over: 1, weight: 1}
			mu := []float64{eff[0] * (11*rng.Float64() - 1), eff[1] * (11*rng.Float64() - 1)}
			if rng.IntN(3) == 0 {
				mu[1] = mu[0] * eff[1] / eff[0] // an exchange costs nothing
			}
			var n [maxKinds]float64
			n[0], n[1] = float64(rng.IntN(30)), float64(rng.IntN(10))
			m.best(&c, []int{0, 1}, mu, &n)
			got := c.at(eff[0]*n[0]+eff[1]*n[1]) + mu[0]*n[0] + mu[1]*n[1]
			want := math.Inf(1)
			most := math.Min(12, math.Ceil(c.top()/eff[1])+1)
			for x := 0.0; x <= 80; x++ {
				for y := 0.0; y <= most; y++ {
					want = math.Min(want, c.at(eff[0]*x+eff[1]*y)+mu[0]*x+mu[1]*y)
				}
			}
			if got > want+1e-9 {
				t.Fatalf("%v need %g prices %v: %v costs %g, %g is possible", eff, c.need, mu, n, got, want)
			}
		}
	}
}

// With enough rounds the bound comes up to what the weights of the master cost.
func TestBoundMeetsTheMaster(t *testing.T) {
	p := Generate(GenerateOptions{Agents: 20, Skills: 2, Weeks: 3, Seed: 9})
	m, err := newModel(p)
	if err != nil {
		t.Fatal(err)
	}
	s := newSearcher(m, 1, 2)
	s.construct(context.Background())
	x := s.ascend(context.Background(), 150, &hurry{})
	if v := x.value(); s.bound > v+1e-6*math.Abs(v) || v-s.bound > 0.01*m.avoidable(s.bound) {
		t.Errorf("bound %g, the master's weights cost %g (avoidable %g)", s.bound, v, m.avoidable(s.bound))
	}
}
