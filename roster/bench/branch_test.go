package bench

import (
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// The bound of the linear programme of instance 1 is 558, dividing takes it to the
// optimum.
func TestBranch(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(dataDir(t), "roster", "curtois", "Instance1.txt"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Solve(context.Background(), parse(t, string(b)), Options{Effort: 40, Seed: 2})
	if err != nil {
		t.Fatal(err)
	}
	if r.Bound != 607 || r.Objective != 607 {
		t.Errorf("objective %d, bound %d; the optimum is 607", r.Objective, r.Bound)
	}
}

// On small random problems the bound after dividing must meet the optimum and never
// exceed it, though the search starts from a poor roster.
func TestBranchAgainstEnumeration(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 32))
	closed, n := 0, 0
	for range 60 {
		inst := randomInstance(rng)
		want, found := bestByEnumeration(inst)
		if !found {
			continue
		}
		p, err := newHard(inst, costScale)
		if err != nil {
			continue
		}
		c := &crew{p: p, workers: []*worker{newWorker(p)}}
		s := firstOf(t, p, c.workers[0], nil)
		n++
		clk := newClock(Options{Effort: 4})
		bound := c.branch(context.Background(), s, -1<<40, make([]float64, p.cells()), clk, 1, func() {})
		if bound > want*int64(p.scale) {
			t.Fatalf("bound %d/%d, the optimum is %d", bound, p.scale, want)
		}
		if bound == want*int64(p.scale) && s.cost == bound {
			closed++
		}
	}
	if closed < n*9/10 {
		t.Errorf("%d of %d problems proved", closed, n)
	}
}
