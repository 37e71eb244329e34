package bench

import (
	"context"
	"math/rand/v2"
	"testing"
)

func TestPatience(t *testing.T) {
	q := &patience{begun: 100, gained: 300, least: 50}
	for _, k := range []struct {
		done  int64
		until float64
		want  bool
	}{{300, 1, false}, {450, 1, false}, {451, 1, true}, {451, 0.05, false}, {451, 0.08, false}, {451, 0.081, true}} {
		if got := q.over(&clock{steps: 10000, done: k.done}, k.until); got != k.want {
			t.Errorf("begun at 100, last gain at 300, at %d of 10000, until %g: over = %t, want %t", k.done, k.until, got, k.want)
		}
	}
	if (*patience)(nil).over(&clock{steps: 10, done: 5}, 1) {
		t.Error("without patience parts end")
	}
}

// A dive anew makes a roster under all rules that counts right and is another one with another seed.
func TestDiveAnew(t *testing.T) {
	inst := instance(t, "Instance5.txt")
	p := hardOf(t, inst)
	ctx, w := context.Background(), newWorker(p)
	c := &crew{p: p, workers: []*worker{w}}
	s := firstOf(t, p, w, nil)
	guide := make([]float64, p.cells())
	clk := newClock(Options{Effort: 20})
	costs := map[int64]bool{}
	for seed := range uint64(3) {
		now, own := p.newState(s.roster()), p.newState(s.roster())
		c.diveAnew(ctx, now, own, guide, clk, rand.New(rand.NewPCG(seed, 1)))
		broken, cost := Check(inst, now.roster())
		if len(broken) > 0 || cost.Total()*int64(p.scale) != now.cost || own.cost != now.cost {
			t.Errorf("seed %d: broken %v, cost %d, counted %d/%d, of own %d", seed, broken, cost.Total(), now.cost, p.scale, own.cost)
		}
		costs[now.cost] = true
	}
	if len(costs) == 1 {
		t.Error("dives anew with three seeds cost the same")
	}
}

// When parts gain nothing any more and time is left, a round begins anew, and the best of all is kept.
func TestRounds(t *testing.T) {
	if testing.Short() {
		t.Skip("ten seconds")
	}
	p := hardOf(t, instance(t, "Instance2.txt"))
	ctx, w := context.Background(), newWorker(p)
	c := &crew{p: p, workers: []*worker{w}}
	s := firstOf(t, p, w, nil)
	start, best, made := p.newState(s.roster()), p.newState(s.roster()), 0
	clk := newClock(Options{Effort: 60})
	c.rounds(ctx, s, best, 0, make([]float64, p.cells()), clk, 0, 1, rand.New(rand.NewPCG(1, 2)), func() {}, func(s, own *state) {
		made++
		s.copyFrom(start) // a poor one
		own.copyFrom(s)
	})
	if made == 0 {
		t.Error("no second round in an effort of 60")
	}
	if best.cost >= start.cost || s.cost != best.cost {
		t.Errorf("rounds ended at %d, best %d, from %d", s.cost, best.cost, start.cost)
	}
}
