package bench

import (
	"context"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// saddleOf makes the saddle point of a programme of randomCover.
func saddleOf(lp *program, groups, columns int) *saddle {
	m := &saddle{}
	cells := lp.rows - groups
	m.reset(groups, cells, 50)
	for i := range cells {
		m.cell([]float64{lp.upper[2*i]}, []float64{lp.cost[2*i], lp.cost[2*i+1]})
	}
	for l := range groups * columns {
		var entries []int32
		for _, i := range lp.column(2*cells + l)[1:] {
			entries = append(entries, i-int32(groups))
		}
		m.line(l/columns, lp.cost[2*cells+l], 0, entries, nil, nil)
	}
	return m
}

// The simplex method and the saddle point must agree on the value, value and bound of
// the saddle point must hold it between them, and dropping lines without weight must
// leave it as it is.
func TestSaddleAgainstSimplex(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	for n := range 60 {
		groups, cells, columns := 1+rng.IntN(8), 1+rng.IntN(12), 1+rng.IntN(12)
		lp := randomCover(rng, groups, cells, columns)
		m := saddleOf(lp, groups, columns)
		if !lp.solve(context.Background(), 10000) {
			t.Fatalf("programme %d: not solved", n)
		}
		want := lp.objective()
		m.solve(context.Background(), 1e-3, 20000)
		if m.bound > want+1e-2 || m.value < want-1e-2 || m.value-m.bound > 0.01*math.Abs(want)+0.1 {
			t.Fatalf("programme %d: value %g, bound %g, the simplex method finds %g", n, m.value, m.bound, want)
		}
		before := m.value
		m.keep(func(l int) bool { return m.x[l] > 0 }, func(int, int) {})
		m.begin()
		m.judge()
		if math.Abs(m.value-before) > 1e-6*(1+math.Abs(before)) {
			t.Fatalf("programme %d: value %g after dropping lines without weight, before %g", n, m.value, before)
		}
	}
}

// With the rules of the whole line kept by the master the bound must stay below every
// roster, and what breaks them must be mended.
func TestLinks(t *testing.T) {
	b, err := os.ReadFile(filepath.Join(dataDir(t), "roster", "curtois", "Instance18.txt"))
	if err != nil {
		t.Fatal(err)
	}
	p := hardOf(t, parse(t, string(b)))
	for e, m := range p.models {
		p.light[e] = m.Relax(true)
	}
	ctx := context.Background()
	c, d := rolling(p, 1, 2)
	s := firstOf(t, p, c.workers[0], nil)
	guide := make([]float64, p.cells())
	for i, pr := range d.prices {
		guide[i] = float64(pr) / float64(p.scale)
	}
	bound, dived := c.root(ctx, s, d, guide, 1, newClock(Options{Effort: 20}))
	if dived {
		t.Error("a dive with rules in the master: the lines may break them")
	}
	const known = 4459
	if got := bound / int64(p.scale); got > known || got < known*90/100 {
		t.Errorf("bound %d of %d", got, known)
	}
	if broken, _ := Check(p.inst, s.roster()); len(broken) > 0 {
		t.Fatalf("rules broken: %v", broken)
	}
	r, best, err := p.search(ctx, Options{Effort: 15, Seed: 1, Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	broken, cost := Check(p.inst, best.roster())
	if len(broken) > 0 {
		t.Fatalf("rules broken: %v", broken)
	}
	if r.Bound > known || cost.Total() > known*130/100 {
		t.Errorf("cost %d, bound %d, best known %d", cost.Total(), r.Bound, known)
	}
	t.Logf("relaxation: bound %d; stretch by stretch: cost %d, bound %d", bound/int64(p.scale), cost.Total(), r.Bound)
}
