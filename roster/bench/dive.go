package bench

import (
	"context"
	"math"
	"slices"
)

// diver solves a part of a problem, some employees on a stretch of days while the
// rest of the roster stays, by column generation and diving.
//
// The master is a linear programme over the lines of work found so far: one row
// per employee (the weights of the lines add up to one) and one per cell, whose
// cover is met by the lines and, at the slopes of its cost, by variables for one
// too few or one too many. Its dual values are prices of cover; the exact
// programme of package line finds the line that is cheapest at those prices, until
// none would lower the cost. Then the assignments that most of the weight agrees
// on are fixed, lines that do not keep them are priced out, and so on until every
// employee has one line (P. Strandmark, Y. Qu, T. Curtois, "First-order linear
// programming in a column generation-based heuristic approach to the nurse
// rostering problem", Computers and Operations Research 120, 2020).
type diver struct {
	p        *problem
	crew     []*worker
	rows     int     // of the exact master: one per employee and one per cell
	row      []int32 // the row of each cell, see number
	exact    bool    // the master is lp, solved by the simplex method; else it is m
	lp       program
	m        saddle
	staff    []int
	from, to int
	present  []int32 // people on the cells of the stretch, without the staff
	seed     uint64
	base     int64   // cost of all that does not depend on the lines, in 1/scale
	ideal    float64 // cost with all cover and all requests of the part met, in weights

	none      float64   // price of an employee without a line that keeps what is fixed
	firstLine int       // number of columns that are not lines
	owner     []int32   // per line: index in staff
	lines     [][]int16 // per line: its days
	arena     []int16

	current [][]int16 // whole lines of the staff before
	next    [][]int16 // whole lines that pricing found
	fixed   []int16   // per index in staff and day: the assignment, Off, or free
	lower   []int64   // per index in staff: no line costs less at the prices
	center  []float64 // prices with the best bound
	prices  []float64
	links   []link    // rules of the whole line that the master keeps
	linkOf  []int32   // per index in staff: its links are linkOf[k]:linkOf[k+1]
	x       []float64 // weight per line in the master's solution
	worth   float64   // what the part is expected to cost, if that is not its cost less ideal; or 0
	close   float64   // error allowed in the value of an inexact master, in weights
	share   []float64 // scratch of choose
	agreed  []agreement
	b       []float64
	left    func() float64 // part of the clock that is left; nil = as much as it takes
	error   float64        // error allowed in the value of an inexact master, as a part of it
}

// free marks a day that the dive has not fixed.
const free int16 = -2

// open prepares the part of s.
func (v *diver) open(p *problem, s *state, staff []int, from, to int, seed uint64) {
	w := v.crew[0]
	v.p, v.staff, v.from, v.to, v.seed = p, staff, from, to, seed
	cells, n := (to-from)*p.types, len(staff)
	first := from * p.types
	v.present = append(v.present[:0], s.present[first:first+cells]...)
	v.base = s.cost
	for k, e := range staff {
		if k == len(v.current) {
			v.current, v.next = append(v.current, make([]int16, p.days)), append(v.next, make([]int16, p.days))
		}
		copy(v.current[k], s.lines[e])
		copy(v.next[k], s.lines[e])
		v.base -= p.penalty(e, s.lines[e], w)
		for d := from; d < to; d++ {
			if t := s.lines[e][d]; t != Off {
				cell := (d-from)*p.types + int(t)
				v.present[cell]--
				v.base -= int64(p.slope(first+cell, v.present[cell]) + p.wish[e][first+cell])
			}
		}
	}
	v.ideal = v.idealCost(w)
	v.fixed = v.fixed[:0]
	for range n * (to - from) {
		v.fixed = append(v.fixed, free)
	}
	v.lower = slices.Grow(v.lower[:0], n)[:n]
	v.arena, v.owner, v.lines = v.arena[:0], v.owner[:0], v.lines[:0]
	v.close, v.error = 0, saddleError
	v.none = float64(noLine) * float64(p.steepest) / float64(p.scale)
	v.exact = float64(v.number(cells)) <= p.exactRows()
	v.links = v.links[:0]
	if v.exact {
		v.build(s, w)
	} else {
		v.buildSaddle(w)
	}
	v.prices, v.center = resize(v.prices, cells+len(v.links)), resize(v.center, cells+len(v.links))
	clear(v.center)
}

// number gives every cell its row in the exact master, -1 when nobody of the staff can work
// there, and returns the number of rows.
func (v *diver) number(cells int) int {
	p, rows := v.p, len(v.staff)
	able := make([]bool, p.types)
	for t := range able {
		able[t] = p.soft == nil || slices.ContainsFunc(v.staff, func(e int) bool { return p.inst.Staff[e].MaxShifts[t] > 0 })
	}
	v.row = slices.Grow(v.row[:0], cells)[:cells]
	for i := range v.row {
		v.row[i] = -1
		if able[i%p.types] {
			v.row[i] = int32(rows)
			rows++
		}
	}
	v.rows = rows
	return rows
}

// idealCost returns what the whole roster would cost, in weights, if all cover and all
// requests of the part were met. What a roster of the part costs beyond it measures
// the errors allowed: the rest of the roster says nothing about the part.
func (v *diver) idealCost(w *worker) float64 {
	p, first, cost := v.p, v.from*v.p.types, v.base
	if p.soft == nil {
		for k, e := range v.staff {
			copy(v.next[k][v.from:v.to], slices.Repeat([]int16{Off}, v.to-v.from))
			cost += p.penalty(e, v.next[k], w) // what the days outside cost
			copy(v.next[k], v.current[k])
		}
	}
	for i, n := range v.present {
		for z := n; z < int32(p.staff) && p.slope(first+i, z) < 0; z++ {
			cost += int64(p.slope(first+i, z))
		}
	}
	for _, e := range v.staff {
		for d := v.from; d < v.to; d++ {
			cost += int64(min(slices.Min(p.wish[e][d*p.types:(d+1)*p.types]), 0))
		}
	}
	return float64(cost) / float64(p.scale)
}

// dive fixes and prices until every employee has one line, which it leaves in
// v.next. It returns false when the cost of the master rises above cutoff.
func (v *diver) dive(ctx context.Context, cutoff int64, threshold float64) bool {
	limit := float64(cutoff)/float64(v.p.scale) + 0.5
	value := v.solve(ctx)
	pace := &pace{left: v.left}
	for v.choose(threshold, pace) > 0 {
		if ctx.Err() != nil {
			return false
		}
		if v.spent() {
			v.finish()
			v.mend(v.crew[0])
			return true
		}
		before := value
		value = v.enforce(ctx)
		// As long as the lines at hand are as good as before, new ones are not needed.
		if slack := max(diveSlack, 2*v.close); value > before+slack {
			value, _ = v.generate(ctx, max(int(diveRounds*stepShare/pace.last), leastRounds), v.diveSmooth(), 0.01, before+slack, math.MaxInt64)
		}
		if v.floor(value) > limit {
			return false
		}
	}
	v.round()
	v.mend(v.crew[0])
	return ctx.Err() == nil
}

// diveSmooth returns how far the prices of a step stay near those before it. What is
// fixed leaves many without a line at first, which spoils the prices of the master; under
// soft rules lines are many and much alike, and the old prices find the ones that are needed.
func (v *diver) diveSmooth() float64 {
	if v.p.soft != nil {
		return softSmooth
	}
	return 0
}

const softSmooth = 0.8

// diveSlack is the rise of the master's value, in weights, from which a step of a
// dive looks for new lines.
const diveSlack = 0.05

// finish gives the employees that the dive has not decided the line that is cheapest
// beside the others, near what is fixed.
func (v *diver) finish() {
	p, first := v.p, v.from*v.p.types
	present := slices.Clone(v.present)
	place := func(k int) {
		for d, t := range v.next[k][v.from:v.to] {
			if t != Off {
				present[d*p.types+int(t)]++
			}
		}
	}
	most := v.round()
	for k, x := range most {
		if x > wholeWeight {
			place(k)
		}
	}
	for k, x := range most {
		if x > wholeWeight {
			continue
		}
		for i, n := range present {
			v.prices[i] = -float64(p.slope(first+i, min(n, int32(p.staff-1)))) / float64(p.scale)
		}
		v.price(v.crew[0], k)
		place(k)
	}
}

// round leaves in v.next the line of every employee that has the largest weight, and
// returns the weights.
func (v *diver) round() (most []float64) {
	most = make([]float64, len(v.staff))
	for l, x := range v.x {
		if k := v.owner[l]; x > most[k] {
			most[k] = x
			copy(v.next[k], v.current[k])
			copy(v.next[k][v.from:v.to], v.lines[l])
		}
	}
	return most
}

// diveRounds bounds the pricing rounds after one step of a dive; in a hurry there are
// fewer, but leastRounds.
const (
	diveRounds  = 20
	leastRounds = 4
)
