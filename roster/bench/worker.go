package bench

import (
	"math"
	"math/rand/v2"

	"kcc/roster/line"
)

// worker holds what one goroutine needs to work out moves.
type worker struct {
	solver  *line.Solver
	present []int32
	cost    []int32
	noise   []int32 // table of standard Gumbel numbers in 1/256
}

// gumbelBits is the size of the table of random numbers.
const gumbelBits = 12

func newWorker(p *problem) *worker {
	w := &worker{solver: line.NewSolver(), present: make([]int32, p.cells()), cost: make([]int32, p.cells())}
	w.noise = make([]int32, 1<<gumbelBits)
	for i := range w.noise {
		u := (float64(i) + 0.5) / float64(len(w.noise))
		w.noise[i] = int32(math.Round(-256 * math.Log(-math.Log(u))))
	}
	return w
}

// marginal returns the cost of every shift of the days from..to-1 for e when
// present already work.
func (w *worker) marginal(p *problem, present []int32, e, from, to int) []int32 {
	cost := w.cost[:(to-from)*p.types]
	first := from * p.types
	wish := p.wish[e]
	for i := range cost {
		cell := first + i
		cost[i] = p.slopes[cell*p.staff+min(int(present[cell]), p.staff-1)] + wish[cell]
	}
	return cost
}

// job is one move to work out: some employees are taken out of a stretch of days
// and put back one after the other, each at the cheapest line given the rest.
type job struct {
	employees []int
	from, to  int
	heat      float64 // size of the random changes of costs, in 1/scale
	seed      uint64

	lines [][]int16 // result, per employee: a whole line
	found bool
	steps int64
}

// do works out j against s, which it does not change.
func (w *worker) do(p *problem, s *state, j *job) {
	before := w.solver.Steps
	rng := rand.NewPCG(j.seed, 0x9e3779b97f4a7c15)
	first, last := j.from*p.types, j.to*p.types
	copy(w.present[first:last], s.present[first:last])
	j.found = false
	for _, e := range j.employees {
		for d := j.from; d < j.to; d++ {
			if t := s.lines[e][d]; t != Off {
				w.present[d*p.types+int(t)]--
			}
		}
	}
	for i, e := range j.employees {
		cost := w.marginal(p, w.present, e, j.from, j.to)
		w.heat(cost, j.heat, rng)
		copy(j.lines[i], s.lines[e])
		if _, ok := w.solver.Best(p.models[e], s.lines[e], j.from, j.to, cost, j.lines[i]); !ok {
			j.steps = w.solver.Steps - before
			return
		}
		for d := j.from; d < j.to; d++ {
			if t := j.lines[i][d]; t != Off {
				w.present[d*p.types+int(t)]++
			}
		}
	}
	j.found = true
	j.steps = w.solver.Steps - before
}

// heat adds random numbers with a Gumbel distribution of the given size to cost,
// so that the cheapest line is a sample of the good ones.
func (w *worker) heat(cost []int32, size float64, rng *rand.PCG) {
	h := int64(size * 256)
	if h <= 0 {
		return
	}
	var bits uint64
	left := 0
	for i := range cost {
		if left < gumbelBits {
			bits, left = rng.Uint64(), 64
		}
		g := w.noise[bits&(1<<gumbelBits-1)]
		bits >>= gumbelBits
		left -= gumbelBits
		cost[i] -= int32(int64(g) * h >> 16)
	}
}
