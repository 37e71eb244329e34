package forecast

import (
	"math"
	"slices"
)

// grid is the history of a view as a regular sequence: every day of a kind that
// is ever open, with every slot that is ever open, so that a day and a week are
// whole periods. Closed and unknown intervals are NaN.
type grid struct {
	y        []float64
	days     []int // history days, then those of the horizon
	hist     int   // days of the history
	slots    []int
	m1, m2   int // slots per day, and per cycle
	perCycle int // days per cycle
}

// maxGrid bounds the sequence like maxFlat.
const maxGrid = maxFlat

func (v *view) grid() *grid {
	p := v.p
	used := make([]bool, p.slots)
	phases := make([]bool, p.cycle)
	for d := v.lo; d < v.n+v.h; d++ {
		if p.opens[d] {
			phases[p.phase(d)] = true
			for i, o := range p.openRow(d) {
				used[i] = used[i] || o
			}
		}
	}
	g := &grid{}
	for i, u := range used {
		if u {
			g.slots = append(g.slots, i)
		}
	}
	g.m1 = len(g.slots)
	for _, o := range phases {
		if o {
			g.perCycle++
		}
	}
	g.m2 = g.m1 * g.perCycle
	if g.m2 == 0 {
		return nil
	}
	from := v.lo
	if cycles := max(5, maxGrid/g.m2); v.n-cycles*p.cycle > from {
		from = v.n - cycles*p.cycle
	}
	for d := from; d < v.n+v.h; d++ {
		if d == v.n {
			g.hist = len(g.days)
		}
		if !phases[p.phase(d)] {
			continue
		}
		g.days = append(g.days, d)
		if d < v.n {
			row := v.row(d)
			for _, i := range g.slots {
				g.y = append(g.y, row[i])
			}
		}
	}
	// Start at the first day with data.
	if k := slices.IndexFunc(g.y, func(x float64) bool { return !math.IsNaN(x) }); k >= g.m1 {
		k = k / g.m1
		g.days, g.hist, g.y = g.days[k:], g.hist-k, g.y[k*g.m1:]
	}
	return g
}

// back puts forecasts of the horizon days on the panel; closed slots stay NaN.
func (g *grid) back(v *view, z []float64) []float64 {
	out := v.result()
	for k, d := range g.days[g.hist:] {
		open := v.p.openRow(d)
		for j, i := range g.slots {
			if open[i] {
				out[(d-v.n)*v.p.slots+i] = z[k*g.m1+j]
			}
		}
	}
	return out
}

// fill replaces what is unknown by the mean of the same place in the two cycles
// before and after, else of all cycles, else of everything.
func (g *grid) fill(z []float64) []float64 {
	out := append([]float64(nil), z...)
	sum, n := make([]float64, g.m2), make([]float64, g.m2)
	all, count := 0.0, 0.0
	for i, x := range z {
		if !math.IsNaN(x) {
			sum[i%g.m2] += x
			n[i%g.m2]++
			all += x
			count++
		}
	}
	for i, x := range z {
		if !math.IsNaN(x) {
			continue
		}
		near, k := 0.0, 0.0
		for _, c := range [...]int{-2, -1, 1, 2} {
			if j := i + c*g.m2; j >= 0 && j < len(z) && !math.IsNaN(z[j]) {
				near += z[j]
				k++
			}
		}
		switch {
		case k > 0:
			out[i] = near / k
		case n[i%g.m2] > 0:
			out[i] = sum[i%g.m2] / n[i%g.m2]
		default:
			out[i] = all / math.Max(count, 1)
		}
	}
	return out
}
