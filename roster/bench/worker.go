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
	shifts  []int16 // a line as shifts
	present []int32
	cost    []int32
	noise   []int32 // table of standard Gumbel numbers in 1/256
	rng     rand.PCG
	open    []int   // cells that a chain has upset
	old     []int16 // a line before it changes
}

// gumbelBits is the size of the table of random numbers.
const gumbelBits = 12

func newWorker(p *problem) *worker {
	w := &worker{solver: line.NewSolver(), soft: line.NewSoftSolver(), present: make([]int32, p.cells()), cost: make([]int32, p.cells())}
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
	kind     kind
	count    int // employees to take out, or replies to try
	from, to int
	heat     float64 // size of the random changes of costs, in 1/scale
	first    float64 // the same for the first employee of a chain
	seed     uint64

	moves []move // result
	used  int    // moves in use
	steps int64
}

// kind says how a job makes its move.
type kind int

const (
	reinsert kind = iota // take several employees out, put them back one by one
	chain                // disturb one employee, let others reply
)

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
	switch j.kind {
	case reinsert:
		w.reinsert(p, s, j)
	case chain:
		w.chain(p, s, j)
	}
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

// chain gives one employee a disturbed line and lets others, one after the
// other, reply to what that leaves uncovered or covered twice.
func (w *worker) chain(p *problem, s *state, j *job) {
	m := j.move(s, w.pick(p.staff), j.from, j.to)
	w.without(p, m)
	if !w.best(p, m, j.from, j.to, j.first) {
		j.used = 0
		return
	}
	w.open = w.open[:0]
	w.upset(p, s.lines[m.employee], m.line, j.from, j.to)
	for range j.count {
		if len(w.open) == 0 {
			return
		}
		i := w.pick(len(w.open))
		cell := w.open[i]
		short, bad := w.bad(p, cell)
		if !bad {
			w.open[i] = w.open[len(w.open)-1]
			w.open = w.open[:len(w.open)-1]
			continue
		}
		w.reply(p, s, j, cell, short)
	}
}

// bad reports whether a cell has too few or too many people for its cost.
func (w *worker) bad(p *problem, cell int) (short, bad bool) {
	n := w.present[cell]
	if n < int32(p.staff) && p.slope(cell, n) < 0 {
		return true, true
	}
	return false, n > 0 && p.slope(cell, n-1) > 0
}

// upset adds to w.open the cells that differ between two lines.
func (w *worker) upset(p *problem, old, now []int16, from, to int) {
	for d := from; d < to; d++ {
		if old[d] == now[d] {
			continue
		}
		for _, t := range [2]int16{old[d], now[d]} {
			if t == Off {
				continue
			}
			cell := d*p.types + int(t)
			if _, bad := w.bad(p, cell); bad {
				w.open = append(w.open, cell)
			}
		}
	}
}

// replyDays is the length of the stretch in which a reply may change a line.
const replyDays = 10

// reply lets one employee who could mend the cell find a cheaper line around it.
func (w *worker) reply(p *problem, s *state, j *job, cell int, short bool) {
	d, t := cell/p.types, int16(cell%p.types)
	const tries = 10
	for range tries {
		e := w.pick(p.staff)
		line := s.lines[e]
		for i := range j.moves[:j.used] {
			if j.moves[i].employee == e {
				line = j.moves[i].line
			}
		}
		if (line[d] == t) == short || short && !p.able(e, d, t) {
			continue
		}
		from, to := p.around(d, replyDays)
		m := j.move(s, e, from, to)
		w.old = append(w.old[:0], m.line...)
		w.without(p, &move{employee: e, from: from, to: to, line: m.line})
		if !w.best(p, m, from, to, j.heat) {
			return
		}
		w.upset(p, w.old, m.line, from, to)
		return
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
func (w *worker) work() int64 { return w.solver.Steps + w.soft.Steps }

// pick returns a random number below n.
func (w *worker) pick(n int) int {
	return int(uint64(uint32(w.rng.Uint64())) * uint64(n) >> 32)
}

// able reports whether employee e may work shift t on day d at all.
func (p *problem) able(e, d int, t int16) bool {
	return p.inst.Staff[e].MaxShifts[t] > 0 && !p.off[e][d]
}

// around returns a stretch of days with d in the middle, inside the period and
// not ending between Saturday and Sunday.
func (p *problem) around(d, length int) (from, to int) {
	from = max(d-length/2, 0)
	to = min(from+length, p.days)
	from = max(min(from, to-length), 0)
	if to < p.days && to%7 == 6 {
		to++
	}
	return from, to
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
