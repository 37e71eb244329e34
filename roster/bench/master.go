package bench

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// exactRows is the number of rows up to which the master is solved by the simplex
// method; the work per pivot grows with the square of the rows and the pivots with the
// rows. Under soft rules pricing takes longer and more of the lines stay fractional:
// there its exact corners are worth the work up to softRows.
func (p *problem) exactRows() float64 {
	if p.soft != nil {
		return softRows
	}
	return hardRows
}

const (
	hardRows = 200
	softRows = 600
)

// buildSaddle makes the master with the present lines as its solution.
func (v *diver) buildSaddle(w *worker) {
	p, n, first := v.p, len(v.staff), v.from*v.p.types
	v.openLinks()
	v.m.reset(n, len(v.present)+len(v.links), p.typicalWeight()/float64(p.scale))
	var at, slope []float64
	for i, have := range v.present {
		at, slope = at[:0], slope[:0]
		for z := range int32(n) + 1 {
			c := float64(p.slope(first+i, min(have+z, int32(p.staff-1)))) / float64(p.scale)
			if z > 0 && c != slope[len(slope)-1] {
				at = append(at, float64(z))
			}
			if z == 0 || c != slope[len(slope)-1] {
				slope = append(slope, c)
			}
		}
		v.m.cell(at, slope)
	}
	for i := range v.links {
		v.m.cell(v.links[i].pieces(v.none))
	}
	v.firstLine = 0
	for k := range n {
		v.addLine(k, v.current[k], w)
		v.m.x[k] = 1
	}
}

// build makes the master with the present lines as its basis.
func (v *diver) build(s *state, w *worker) {
	p, n, cells := v.p, len(v.staff), len(v.present)
	first := v.from * p.types
	v.b = slices.Grow(v.b[:0], v.rows)[:v.rows]
	for k := range n {
		v.b[k] = 1
	}
	rng := rand.New(rand.NewPCG(v.seed, 0x2545f4914f6cdd1d))
	for i := n; i < v.rows; i++ {
		// A little more cover than the lines give, different for every cell, keeps the
		// simplex method from standing still.
		v.b[i] = -coverSlip * (1 + rng.Float64())
	}
	lp := &v.lp
	lp.reset(v.b)
	at := make([]int32, cells) // the first variable of each cell
	for i, row := range v.row {
		if row < 0 {
			continue
		}
		here := s.present[first+i] - v.present[i]
		for z := int32(0); z <= int32(n); {
			slope, a := p.slope(first+i, min(v.present[i]+z, int32(p.staff-1))), z
			for z <= int32(n) && p.slope(first+i, min(v.present[i]+z, int32(p.staff-1))) == slope {
				z++
			}
			j := lp.add(float64(slope)/float64(p.scale), float64(z-a), -1, row)
			if a == 0 {
				at[i] = int32(j)
			}
			switch {
			case here >= z:
				lp.place[j] = atUpper
			case here >= a:
				lp.place[j] = basic
				lp.head[row] = int32(j)
			}
		}
	}
	// A column per employee stands for no line at all, at a price that only the want of
	// lines that keep what is fixed can make it pay. With nobody present these columns
	// form a basis that needs no line.
	lp.safe, lp.full = append(lp.safe[:0], lp.head...), lp.full[:0]
	for i, row := range v.row {
		if row >= 0 {
			lp.safe[row] = at[i]
		}
	}
	v.none *= float64(v.to - v.from)
	for k := range n {
		lp.safe[k] = int32(lp.add(v.none, math.Inf(1), 1, int32(k)))
	}
	v.firstLine = len(lp.cost)
	for k := range n {
		v.addLine(k, v.current[k], w)
		j := len(lp.cost) - 1
		lp.place[j], lp.head[k] = basic, int32(j)
	}
	lp.factor()
}

// noLine is the price of an employee without a line, in the largest slopes per day.
const noLine = 4

// coverSlip is the size of the perturbation of cover, in people.
const coverSlip = 1e-5

// addLine adds the days of a whole line of staff k to the master.
func (v *diver) addLine(k int, whole []int16, w *worker) {
	p, e := v.p, v.staff[k]
	at := len(v.arena)
	v.arena = append(v.arena, whole[v.from:v.to]...)
	days := v.arena[at:]
	entries := make([]int32, 1, 1+len(days))
	entries[0] = int32(k)
	cost := p.penalty(e, whole, w)
	for d, t := range days {
		if t != Off {
			cell := d*p.types + int(t)
			if v.exact {
				entries = append(entries, v.row[cell])
			} else {
				entries = append(entries, int32(cell))
			}
			cost += int64(p.wish[e][v.from*p.types+cell])
		}
	}
	if v.exact {
		v.lp.add(float64(cost)/float64(p.scale), math.Inf(1), 1, entries...)
	} else {
		entries = entries[1:]
		more, amounts := v.amounts(k, days)
		v.m.line(k, float64(cost)/float64(p.scale), 0, entries, more, amounts)
	}
	v.owner, v.lines = append(v.owner, int32(k)), append(v.lines, days)
}

// extend adds the lines of v.next that would lower the cost of the master.
func (v *diver) extend(w *worker) (added int) {
	for k := range v.staff {
		v.addLine(k, v.next[k], w)
		if v.gain(k) <= lineTolerance {
			v.drop()
			continue
		}
		added++
		v.loosen(k)
	}
	return added
}

// thin drops the dearest lines of a master with very many.
func (v *diver) thin() {
	if v.exact || len(v.lines) <= manyLines*len(v.staff) {
		return
	}
	limit := make([]float64, len(v.staff))
	for k, list := range v.m.of {
		var c []float64
		for _, l := range list {
			c = append(c, v.m.reducedCost(l, v.m.w))
		}
		slices.Sort(c)
		limit[k] = c[min(fewLines, len(c))-1]
	}
	v.keepLines(func(l int) bool {
		return v.m.x[l] > 0 || v.m.reducedCost(int32(l), v.m.w) <= limit[v.owner[l]]
	})
}

// A master with manyLines per employee is thinned to fewLines and those with weight.
const (
	manyLines = 80
	fewLines  = 40
)

// keepLines drops the lines of an inexact master that are not wanted.
func (v *diver) keepLines(wanted func(l int) bool) {
	n := 0
	v.m.keep(wanted, func(from, to int) {
		v.owner[to], v.lines[to] = v.owner[from], v.lines[from]
		n++
	})
	v.owner, v.lines = v.owner[:n], v.lines[:n]
}

// gain returns by how much the last line, of staff k, is cheaper at the prices of the
// master than those it has.
func (v *diver) gain(k int) float64 {
	if v.exact {
		return -v.lp.reduced(len(v.lp.cost) - 1)
	}
	return v.m.least[k] - v.m.reducedCost(int32(len(v.m.cost)-1), v.m.w)
}

// drop takes the last line out again.
func (v *diver) drop() {
	l := len(v.lines) - 1
	if v.exact {
		lp := &v.lp
		j := v.firstLine + l
		lp.cost, lp.upper, lp.sign, lp.place = lp.cost[:j], lp.upper[:j], lp.sign[:j], lp.place[:j]
		lp.entry, lp.start = lp.entry[:lp.start[j]], lp.start[:j+1]
	} else {
		v.m.drop(v.owner[l])
	}
	v.arena = v.arena[:len(v.arena)-len(v.lines[l])]
	v.owner, v.lines = v.owner[:l], v.lines[:l]
}

// lineTolerance is the least gain, in weights, for which a line enters the master.
const lineTolerance = 1e-3

// solve solves the master and returns its value in weights.
func (v *diver) solve(ctx context.Context) float64 {
	base := v.constant()
	if !v.exact {
		v.m.parallel = len(v.crew) > 1
		v.m.solve(ctx, v.close, saddleSteps)
		v.x = append(v.x[:0], v.m.x...)
		worth := v.worth
		if worth == 0 {
			worth = v.m.value + base - v.ideal
		}
		v.close = max(v.error*worth, diveSlack/2)
		return v.m.value + base
	}
	lp := &v.lp
	lp.solve(ctx, maxPivots)
	v.x = resize(v.x, len(v.lines))
	clear(v.x)
	for i, j := range lp.head {
		if l := int(j) - v.firstLine; l >= 0 {
			v.x[l] = lp.x[i]
		}
	}
	return lp.objective() + base
}

// mixPrices sets the prices to the dual values of the master, moved towards the
// center, within the slopes of the cost of cover.
func (v *diver) mixPrices(smooth float64) {
	first, scale := v.from*v.p.types, float64(v.p.scale)
	for i := range v.prices {
		var y float64
		switch {
		case i < len(v.row) && v.row[i] < 0:
			y = v.center[i]
		case !v.exact:
			y = -v.m.w[i]
		default:
			y = v.lp.y[v.row[i]]
		}
		y += smooth * (v.center[i] - y)
		if i < len(v.present) {
			y = v.p.clip(first+i, y*scale) / scale
		}
		v.prices[i] = y
	}
}

// solved reports whether the last solution of the master is good enough.
func (v *diver) solved() bool { return v.exact || v.m.value-v.m.bound <= v.close }

// floor returns the least that the master's value can be, in weights.
func (v *diver) floor(value float64) float64 {
	if v.exact {
		return value
	}
	return v.m.bound + v.constant()
}

// constant returns what the value of the master does not count, in weights.
func (v *diver) constant() float64 {
	c := float64(v.base) / float64(v.p.scale)
	for i := range v.links {
		c += v.links[i].least * v.none // the pieces of a link cost nothing at zero
	}
	return c
}

// The steps of one solution of an inexact master and the error allowed, as a part of
// its value, in dives and parts and in the relaxation of the whole.
const (
	saddleSteps = 400
	saddleError = 5e-4
	rootError   = 1e-4
)

// maxPivots bounds one solution of a master.
const maxPivots = 20000

// enforce drops the lines that do not keep what is fixed and solves the master
// without them. It returns its value in weights.
func (v *diver) enforce(ctx context.Context) float64 {
	days := v.to - v.from
	keeps := func(l int) bool {
		at := int(v.owner[l]) * days
		for d, t := range v.lines[l] {
			if f := v.fixed[at+d]; f != free && f != t {
				return false
			}
		}
		return true
	}
	if v.exact {
		lp, to := &v.lp, 0
		lp.keep(v.firstLine, func(j int) bool { return keeps(j - v.firstLine) }, func(from, now int) {
			l := from - v.firstLine
			if !keeps(l) {
				lp.cost[now] = v.none // until it leaves the basis and is dropped
			}
			v.owner[to], v.lines[to] = v.owner[l], v.lines[l]
			to++
		})
		v.owner, v.lines = v.owner[:to], v.lines[:to]
	} else {
		v.keepLines(keeps)
		v.refill()
	}
	return v.solve(ctx)
}

// refill gives a line to every employee of the staff who has none in the master.
func (v *diver) refill() {
	ready := false
	for k, list := range v.m.of {
		if len(list) > 0 {
			continue
		}
		if !ready {
			v.mixPrices(0)
			ready = true
		}
		v.price(v.crew[0], k)
		v.addLine(k, v.next[k], v.crew[0])
		v.loosen(k)
	}
}
