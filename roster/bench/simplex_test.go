package bench

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

// randomCover makes a small covering programme as the master makes it: groups of
// columns of which the weights add up to one, cells with a price of too few and of
// too many. The first column of every group is basic.
func randomCover(rng *rand.Rand, groups, cells, columns int) *program {
	lp := &program{}
	b := make([]float64, groups+cells)
	for k := range groups {
		b[k] = 1
	}
	for i := range cells {
		b[groups+i] = -coverSlip * (1 + rng.Float64())
	}
	lp.reset(b)
	chosen := make([]map[int]bool, groups*columns)
	have := make([]int, cells)
	for l := range chosen {
		chosen[l] = map[int]bool{}
		for i := range cells {
			if rng.IntN(2) == 0 {
				chosen[l][i] = true
				if l%columns == 0 {
					have[i]++
				}
			}
		}
	}
	for i := range cells {
		need := rng.IntN(groups)
		a := lp.add(-float64(1+rng.IntN(100)), float64(need), -1, int32(groups+i))
		z := lp.add(float64(1+rng.IntN(10)), float64(groups+1-need), -1, int32(groups+i))
		lp.head[groups+i] = int32(a)
		if have[i] >= need {
			lp.head[groups+i] = int32(z)
			lp.place[a] = atUpper
		}
		lp.place[lp.head[groups+i]] = basic
	}
	for l, set := range chosen {
		entries := []int32{int32(l / columns)}
		for i := range cells {
			if set[i] {
				entries = append(entries, int32(groups+i))
			}
		}
		j := lp.add(float64(rng.IntN(20)), math.Inf(1), 1, entries...)
		if l%columns == 0 {
			lp.place[j], lp.head[l/columns] = basic, int32(j)
		}
	}
	lp.safe = append(lp.safe[:0], lp.head...)
	lp.factor()
	return lp
}

// At the optimum the values are within their bounds and meet the rows, the reduced
// costs have the right signs, and so the dual solution proves the value
// (complementary slackness).
func TestSimplexOptimal(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	for n := range 200 {
		lp := randomCover(rng, 1+rng.IntN(6), 1+rng.IntN(12), 1+rng.IntN(12))
		if !lp.solve(context.Background(), 10000) {
			t.Fatalf("programme %d: not solved", n)
		}
		checkOptimal(t, lp, n)
		// A new column and a changed cost must be taken in from the basis at hand.
		lp.add(-5, math.Inf(1), 1, 0, int32(lp.rows-1))
		lp.cost[lp.head[0]] += 3
		if !lp.solve(context.Background(), 10000) {
			t.Fatalf("programme %d: not solved again", n)
		}
		checkOptimal(t, lp, n)
	}
}

func checkOptimal(t *testing.T, lp *program, n int) {
	t.Helper()
	x := make([]float64, len(lp.cost))
	for i, j := range lp.head {
		x[j] = lp.x[i]
	}
	dual := 0.0
	for i, b := range lp.b {
		dual += b * lp.y[i]
	}
	rest := append([]float64(nil), lp.b...)
	for j := range x {
		if lp.place[j] == atUpper {
			x[j] = lp.upper[j]
		}
		if x[j] < -1e-6 || x[j] > lp.upper[j]+1e-6 {
			t.Fatalf("programme %d: column %d is %g, bounds 0 and %g", n, j, x[j], lp.upper[j])
		}
		sum := 0.0
		for _, i := range lp.column(j) {
			rest[i] -= lp.sign[j] * x[j]
			sum += lp.y[i] * lp.sign[j]
		}
		if d := lp.cost[j] - sum; d < 0 && !math.IsInf(lp.upper[j], 1) {
			dual += d * lp.upper[j]
		} else if d < -1e-5 {
			t.Fatalf("programme %d: column %d has reduced cost %g", n, j, d)
		}
	}
	for i, r := range rest {
		if math.Abs(r) > 1e-6 {
			t.Fatalf("programme %d: row %d is off by %g", n, i, r)
		}
	}
	if value := lp.objective(); math.Abs(value-dual) > 1e-4 {
		t.Fatalf("programme %d: value %g, dual %g", n, value, dual)
	}
}

// Dropping columns must leave the solution as it is.
func TestSimplexKeep(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for n := range 50 {
		lp := randomCover(rng, 4, 8, 10)
		lp.solve(context.Background(), 10000)
		before, first := lp.objective(), 16
		cost := append([]float64(nil), lp.cost...)
		lp.keep(first, func(int) bool { return rng.IntN(3) == 0 }, func(from, to int) {
			if lp.cost[to] != cost[from] {
				t.Fatalf("column %d came to %d with another cost", from, to)
			}
		})
		if now := lp.objective(); now != before {
			t.Fatalf("programme %d: value %g, before %g", n, now, before)
		}
		if !lp.refresh() || !lp.solve(context.Background(), 10000) {
			t.Fatalf("programme %d: not solved", n)
		}
		if now := lp.objective(); math.Abs(now-before) > 1e-6 {
			t.Fatalf("programme %d: value %g, before %g", n, now, before)
		}
	}
}
