package bench

import (
	"math"
	"math/rand/v2"

	"kcc/roster/line"
)

// worker holds what one goroutine needs to work out moves.
type worker struct {
	solver  *line.Solver
	soft    *line.SoftSolver
	diver   *diver
	shifts  []int16 // a line as shifts
	present []int32
	cost    []int32
	noise   []int32 // table of standard Gumbel numbers in 1/256
	rng     rand.PCG
}

// gumbelBits is the size of the table of random numbers.
const gumbelBits = 12

func newWorker(p *problem) *worker {
	w := &worker{solver: line.NewSolver(), soft: line.NewSoftSolver(), diver: &diver{}, present: make([]int32, p.cells()), cost: make([]int32, p.cells())}
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

// job is one compound move to work out: new lines for a few employees.
type job struct {
	count    int // employees to take out
	from, to int
	heat     float64 // size of the random changes of costs, in 1/scale
	seed     uint64

	moves []move // result
	used  int    // moves in use
	steps int64
}

// move is a new line of one employee, different from the old one on some of the
// days from..to-1.
type move struct {
	employee, from, to int
	line               []int16
}

// move returns the move of employee e, made from its line in s if it is new.
func (j *job) move(s *state, e, from, to int) *move {
	for i := range j.moves[:j.used] {
		if m := &j.moves[i]; m.employee == e {
			m.from, m.to = min(m.from, from), max(m.to, to)
			return m
		}
	}
	if j.used == len(j.moves) {
		j.moves = append(j.moves, move{line: make([]int16, len(s.lines[e]))})
	}
	m := &j.moves[j.used]
	j.used++
	m.employee, m.from, m.to = e, from, to
	copy(m.line, s.lines[e])
	return m
}

// do works out j against s, which it does not change.
func (w *worker) do(p *problem, s *state, j *job) {
	before := w.work()
	w.rng.Seed(j.seed, 0x9e3779b97f4a7c15)
	copy(w.present, s.present)
	j.used = 0
	w.reinsert(p, s, j)
	j.steps = w.work() - before
}

// reinsert takes employees out of a stretch of days and puts them back one after
// the other, each at the cheapest line given the rest.
func (w *worker) reinsert(p *problem, s *state, j *job) {
	for range j.count {
		e, n := w.pick(p.staff), j.used
		if m := j.move(s, e, j.from, j.to); j.used > n {
			w.without(p, m)
		}
	}
	for i := range j.moves[:j.used] {
		m := &j.moves[i]
		if !w.best(p, m, j.from, j.to, j.heat) {
			j.used = 0
			return
		}
	}
}

// without takes the shifts of m out of w.present.
func (w *worker) without(p *problem, m *move) {
	for d := m.from; d < m.to; d++ {
		if t := m.line[d]; t != Off {
			w.present[d*p.types+int(t)]--
		}
	}
}

// best puts the cheapest days from..to-1 into m's line and w.present. If there
// are none, both are as if the old days had been put back.
func (w *worker) best(p *problem, m *move, from, to int, heat float64) bool {
	cost := w.marginal(p, w.present, m.employee, from, to)
	w.heat(cost, heat)
	ok := w.cheapest(p, m.employee, from, to, cost, m.line)
	for d := from; d < to; d++ {
		if t := m.line[d]; t != Off {
			w.present[d*p.types+int(t)]++
		}
	}
	return ok
}

// cheapest fills the days from..to-1 of line, the line of e, at least cost.
func (w *worker) cheapest(p *problem, e, from, to int, cost []int32, types []int16) bool {
	if p.soft == nil {
		_, ok := w.solver.Best(p.models[e], types, from, to, cost, types)
		return ok
	}
	shifts := w.shiftsOf(p, types)
	_, ok := w.soft.Best(p.soft[e], shifts, from, to, cost, p.shifts, shifts, types[from:to])
	return ok
}

// shiftsOf returns the shifts of a line of duties.
func (w *worker) shiftsOf(p *problem, types []int16) []int16 {
	w.shifts = w.shifts[:0]
	for _, t := range types {
		if t != Off {
			t = p.shifts[t]
		}
		w.shifts = append(w.shifts, t)
	}
	return w.shifts
}

// work returns the elementary steps that w has made.
func (w *worker) work() int64 {
	return w.solver.Steps + w.soft.Steps + w.diver.lp.Steps + w.diver.m.Steps
}

// pick returns a random number below n.
func (w *worker) pick(n int) int {
	return int(uint64(uint32(w.rng.Uint64())) * uint64(n) >> 32)
}

// heat adds random numbers with a Gumbel distribution of the given size to cost,
// so that the cheapest line is a sample of the good ones.
func (w *worker) heat(cost []int32, size float64) {
	h := int64(size * 256)
	if h <= 0 {
		return
	}
	var bits uint64
	left := 0
	for i := range cost {
		if left < gumbelBits {
			bits, left = w.rng.Uint64(), 64
		}
		g := w.noise[bits&(1<<gumbelBits-1)]
		bits >>= gumbelBits
		left -= gumbelBits
		cost[i] -= int32(int64(g) * h >> 16)
	}
}
