package bench

import (
	"context"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
)

// At any prices the bound's term of an employee must not exceed what any line costs
// that keeps the rules: lines of an annealed roster stand for any.
func TestPricingBelowLines(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(dataDir(t), "roster", "curtois", "Instance8.txt"))
	if err != nil {
		t.Fatal(err)
	}
	hard := hardOf(t, parse(t, string(b)))
	soft, err := newNurseProblem(readNurses(t, "n012w8", 1, 2, 7, 0, 9, 3, 6, 0, 6))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []*problem{hard, soft} {
		ctx, w := context.Background(), newWorker(p)
		s := firstOf(t, p, w, nil)
		c := &crew{p: p, workers: []*worker{w}}
		rng := rand.New(rand.NewPCG(3, 4))
		best := p.newState(s.roster())
		clk := newClock(Options{Effort: 1})
		for n := range 3 {
			c.anneal(ctx, s, best, p.tuning(), clk, clk.part(), float64(n+1)/3, rng, func(int64) {})
			v := &diver{crew: c.workers}
			var staff []int
			for e := range p.staff {
				staff = append(staff, e)
			}
			v.open(p, s, staff, 0, p.days, 1)
			for i := range v.prices {
				v.prices[i] = math.Round(p.clip(i, 256*(rng.Float64()*120-10))) / float64(p.scale)
			}
			v.bound(ctx)
			for e, l := range s.lines {
				cost := p.penalty(e, l, w)
				for d, shift := range l {
					if shift != Off {
						i := d*p.types + int(shift)
						cost += int64(p.wish[e][i]) - int64(math.Round(v.prices[i]*float64(p.scale)))
					}
				}
				if v.lower[e] > cost {
					t.Errorf("employee %d: bound %d, a line costs %d", e, v.lower[e], cost)
				}
			}
		}
	}
}

// When equal lines share the weight of an employee there is nothing to fix, and the dive
// must end.
func TestDiveEqualLines(t *testing.T) {
	p := hardOf(t, instance(t, "Instance18.txt"))
	w := newWorker(p)
	s := firstOf(t, p, w, nil)
	staff := make([]int, p.staff)
	for e := range staff {
		staff[e] = e
	}
	v := &diver{crew: []*worker{w}}
	v.open(p, s, staff, 0, p.days, 1)
	if v.exact {
		t.Fatal("this test is about the saddle point")
	}
	for k, e := range staff {
		v.addLine(k, s.lines[e], w)
	}
	for l := range v.m.x {
		v.m.x[l] = 0.5
	}
	for k := range v.fixed {
		v.fixed[k] = s.lines[k/p.days][k%p.days]
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if !v.dive(ctx, s.cost, 0.75) || ctx.Err() != nil {
		t.Fatalf("the dive did not end: %v", ctx.Err())
	}
	for k, e := range staff {
		if d := gocmp.Diff(s.lines[e], v.next[k]); d != "" {
			t.Errorf("employee %d: %s", e, d)
		}
	}
}
