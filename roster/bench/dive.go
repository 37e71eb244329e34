package bench

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"kcc/roster/line"
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
	exact    bool // the master is lp, solved by the simplex method; else it is m
	lp       program
	m        saddle
	staff    []int
	from, to int
	present  []int32 // people on the cells of the stretch, without the staff
	seed     uint64
	base     int64 // cost of all that does not depend on the lines, in 1/scale

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
	close   float64   // error allowed in the value of an inexact master, in weights
	share   []float64 // scratch of choose
	agreed  []agreement
	b       []float64
	left    func() float64 // part of the clock that is left; nil = as much as it takes
	error   float64        // error allowed in the value of an inexact master, as a part of it
}

// free marks a day that the dive has not fixed.
const free int16 = -2

// fixPrice returns what the exact programme takes, in 1/scale, for a day on which a
// line does not keep what is fixed: far more than the cover of a shift brings.
func (v *diver) fixPrice() int32 {
	return min(10*v.p.steepest, line.Never/8/int32(v.to-v.from))
}

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
	v.fixed = v.fixed[:0]
	for range n * (to - from) {
		v.fixed = append(v.fixed, free)
	}
	v.lower = slices.Grow(v.lower[:0], n)[:n]
	v.arena, v.owner, v.lines = v.arena[:0], v.owner[:0], v.lines[:0]
	v.close, v.error = 0, saddleError
	v.none = float64(noLine) * float64(p.steepest) / float64(p.scale)
	v.exact = float64(n+cells) <= p.exactRows()
	v.links = v.links[:0]
	if v.exact {
		v.build(s, w)
	} else {
		v.buildSaddle(w)
	}
	v.prices, v.center = resize(v.prices, cells+len(v.links)), resize(v.center, cells+len(v.links))
	clear(v.center)
}

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
	v.b = slices.Grow(v.b[:0], n+cells)[:n+cells]
	for k := range n {
		v.b[k] = 1
	}
	rng := rand.New(rand.NewPCG(v.seed, 0x2545f4914f6cdd1d))
	for i := range cells {
		// A little more cover than the lines give, different for every cell, keeps the
		// simplex method from standing still.
		v.b[n+i] = -coverSlip * (1 + rng.Float64())
	}
	lp := &v.lp
	lp.reset(v.b)
	at := make([]int32, cells) // the first variable of each cell
	for i := range cells {
		here := s.present[first+i] - v.present[i]
		for z := int32(0); z <= int32(n); {
			slope, a := p.slope(first+i, min(v.present[i]+z, int32(p.staff-1))), z
			for z <= int32(n) && p.slope(first+i, min(v.present[i]+z, int32(p.staff-1))) == slope {
				z++
			}
			j := lp.add(float64(slope)/float64(p.scale), float64(z-a), -1, int32(n+i))
			if a == 0 {
				at[i] = int32(j)
			}
			switch {
			case here >= z:
				lp.place[j] = atUpper
			case here >= a:
				lp.place[j] = basic
				lp.head[n+i] = int32(j)
			}
		}
	}
	// A column per employee stands for no line at all, at a price that only the want of
	// lines that keep what is fixed can make it pay. With nobody present these columns
	// form a basis that needs no line.
	lp.safe, lp.full = append(lp.safe[:0], lp.head...), lp.full[:0]
	for i := range cells {
		lp.safe[n+i] = at[i]
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
	p, e, n := v.p, v.staff[k], len(v.staff)
	at := len(v.arena)
	v.arena = append(v.arena, whole[v.from:v.to]...)
	days := v.arena[at:]
	entries := make([]int32, 1, 1+len(days))
	entries[0] = int32(k)
	cost := p.penalty(e, whole, w)
	for d, t := range days {
		if t != Off {
			cell := d*p.types + int(t)
			entries = append(entries, int32(n+cell))
			cost += int64(p.wish[e][v.from*p.types+cell])
		}
	}
	if v.exact {
		v.lp.add(float64(cost)/float64(p.scale), math.Inf(1), 1, entries...)
	} else {
		entries = entries[1:]
		for i := range entries {
			entries[i] -= int32(n)
		}
		more, amounts := v.amounts(k, days)
		v.m.line(k, float64(cost)/float64(p.scale), 0, entries, more, amounts)
	}
	v.owner, v.lines = append(v.owner, int32(k)), append(v.lines, days)
}

// price finds the cheapest line of staff k at v.prices and puts it into v.next[k]
// and its least cost into v.lower[k].
func (v *diver) price(w *worker, k int) {
	p, e := v.p, v.staff[k]
	first, scale := v.from*p.types, float64(p.scale)
	cost := w.cost[:len(v.present)]
	wish := p.wish[e][first:]
	for i := range cost {
		cost[i] = wish[i] - int32(math.Round(v.prices[i]*scale))
	}
	constant := v.priceLinks(w, k, cost)
	extra := v.fixPrice()
	for d := range v.to - v.from {
		row := cost[d*p.types : (d+1)*p.types]
		switch f := v.fixed[k*(v.to-v.from)+d]; {
		case f == Off:
			for t := range row {
				row[t] += extra
			}
		case f >= 0:
			row[f] -= extra
			constant += int64(extra)
		}
	}
	copy(v.next[k], v.current[k])
	if v.linked(k) {
		if best, ok := w.solver.Relaxed(p.light[e], v.current[k], v.from, v.to, cost, v.next[k]); ok {
			v.lower[k] = int64(best) + constant
			return
		}
	} else if p.soft == nil {
		if _, ok := w.solver.Best(p.models[e], v.current[k], v.from, v.to, cost, v.next[k]); ok {
			v.lower[k] = int64(w.solver.Lower) + constant
			return
		}
	} else {
		shifts := w.shiftsOf(p, v.current[k])
		if best, ok := w.soft.Best(p.soft[e], shifts, v.from, v.to, cost, p.shifts, shifts, v.next[k][v.from:v.to]); ok {
			v.lower[k] = int64(best) + constant
			return
		}
	}
	v.lower[k] = math.MinInt32 // the table is too large: no line, no bound
	copy(v.next[k], v.current[k])
}

// bound prices all staff at v.prices and returns the Lagrangian bound of the part.
func (v *diver) bound(ctx context.Context) int64 {
	each(v.crew, 0, len(v.staff), func(w *worker, k int) {
		if ctx.Err() == nil {
			v.price(w, k)
		}
	})
	if ctx.Err() != nil {
		return math.MinInt64
	}
	total := v.base
	for _, l := range v.lower {
		total += l
	}
	p, first := v.p, v.from*v.p.types
	for i := range v.present {
		price := int32(math.Round(v.prices[i] * float64(p.scale)))
		for z := int32(0); z < int32(len(v.staff)); z++ {
			c := int64(p.slope(first+i, v.present[i]+z)) + int64(price)
			if c >= 0 {
				break
			}
			total += c
		}
	}
	return total
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

// loosen frees the days on which the last line, of staff k, does not keep what is
// fixed: where no line keeps all of it, less is fixed.
func (v *diver) loosen(k int) {
	days := v.lines[len(v.lines)-1]
	for d, t := range days {
		if f := &v.fixed[k*len(days)+d]; *f != t {
			*f = free
		}
	}
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

// generate solves the master and adds lines until the bound is within tolerance of
// its value, the value is no more than enough, rounds are over, or no roster of the part
// can cost at most cutoff. The prices of a round are those of the master, moved by smooth (0..1) towards those
// with the best bound so far (P. Wentges, "Weighted Dantzig-Wolfe decomposition for
// linear mixed-integer programming", 1997). It returns the value of the master in
// weights and the bound in 1/scale, math.MinInt64 if there is none.
func (v *diver) generate(ctx context.Context, rounds int, smooth, tolerance, enough float64, cutoff int64) (value float64, bound int64) {
	scale := float64(v.p.scale)
	bound = math.MinInt64
	plain := smooth == 0
	if !v.exact && !plain {
		for i, y := range v.center {
			v.m.w[i] = -y
		}
	}
	for r := range rounds {
		value = v.solve(ctx)
		if value <= enough {
			return value, bound
		}
		if !v.exact {
			tolerance = max(tolerance, 2*v.close)
		}
		switch {
		case r == 0 && !plain:
			copy(v.prices, v.center)
		case plain:
			v.mixPrices(0)
		default:
			v.mixPrices(smooth)
		}
		l := v.bound(ctx)
		if ctx.Err() != nil || v.spent() {
			return value, bound
		}
		if l > bound {
			bound = l
			copy(v.center, v.prices)
		}
		if bound > cutoff || value-float64(bound)/scale < tolerance {
			return value, bound
		}
		added := v.extend(v.crew[0])
		v.thin()
		if added == 0 && plain && v.solved() {
			return value, bound
		}
		plain = added == 0 || smooth == 0
	}
	return v.solve(ctx), bound
}

// solve solves the master and returns its value in weights.
func (v *diver) solve(ctx context.Context) float64 {
	base := v.constant()
	if !v.exact {
		v.m.solve(ctx, v.close, saddleSteps)
		v.x = append(v.x[:0], v.m.x...)
		v.close = max(v.error*math.Abs(v.m.value+base), diveSlack/2)
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
	n, first, scale := len(v.staff), v.from*v.p.types, float64(v.p.scale)
	for i := range v.prices {
		var y float64
		if v.exact {
			y = v.lp.y[n+i]
		} else {
			y = -v.m.w[i]
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

// spent reports whether the work allowed is done.
func (v *diver) spent() bool { return v.left != nil && v.left() <= 0 }

// maxPivots bounds one solution of a master.
const maxPivots = 20000

// choose fixes what the master agrees on and returns how many days of staff are
// not yet decided. Nothing is fixed when all lines are whole.
func (v *diver) choose(threshold float64, pace *pace) (fractional int) {
	days, n := v.to-v.from, len(v.staff)
	types := v.p.types + 1
	v.share = slices.Grow(v.share[:0], n*days*types)[:n*days*types]
	clear(v.share)
	whole := make([]bool, n)
	for l, x := range v.x {
		if x < 1e-6 {
			continue
		}
		k := int(v.owner[l])
		whole[k] = whole[k] || x > wholeWeight
		for d, t := range v.lines[l] {
			v.share[(k*days+d)*types+int(t)+1] += x
		}
	}
	v.agreed = v.agreed[:0]
	open := 0
	fixes := 0
	for k := range n {
		if !whole[k] {
			fractional++
		}
		for d := range days {
			i := k*days + d
			if v.fixed[i] != free {
				continue
			}
			best, what := 0.0, free
			for t, x := range v.share[i*types : (i+1)*types] {
				if x > best {
					best, what = x, int16(t-1)
				}
			}
			if best >= wholeWeight {
				v.fixed[i] = what
			} else {
				open++
				if best >= threshold || !whole[k] {
					v.agreed = append(v.agreed, agreement{i, what, best})
				}
				if best >= threshold {
					fixes++
				}
			}
		}
	}
	if fractional == 0 {
		return 0
	}
	// Those with the largest share come first.
	share := pace.share(float64(open) / float64(n*days))
	least := max(int(float64(open)*share), 1)
	most := max(int(float64(open)*max(share, capShare)), 1)
	slices.SortFunc(v.agreed, func(a, b agreement) int {
		return cmp.Or(cmp.Compare(b.share, a.share), a.at-b.at)
	})
	for _, a := range v.agreed[:min(max(fixes, least), most, len(v.agreed))] {
		v.fixed[a.at] = a.what
	}
	return fractional
}

// stepShare and capShare are the least and the largest part of the days not yet decided that one step of a dive
// fixes.
const (
	stepShare = 0.05
	capShare  = 0.08
)

// pace says how much of a dive is to be fixed per step so that it ends in time.
type pace struct {
	left  func() float64
	first float64 // what was left at the first step
	last  float64 // the last share
	steps float64
}

// share returns the part of the days still open, themselves a part open of all, that
// the next step fixes at least.
func (p *pace) share(open float64) float64 {
	p.last = p.next(open)
	return p.last
}

func (p *pace) next(open float64) float64 {
	if p.left == nil {
		return stepShare
	}
	left := p.left()
	if p.steps == 0 {
		p.first = left
	}
	used := p.first - left
	p.steps++
	if used <= 0 || open <= lastOpen {
		return stepShare
	}
	// Steps of equal share take a number in proportion to the logarithm of what is open.
	steps := left / (used / (p.steps - 1))
	return min(max(math.Log(open/lastOpen)/max(steps, 1), stepShare), 0.5)
}

// lastOpen is the part of the days still open at which a dive is about over.
const lastOpen = 0.01

// agreement is the assignment that most of the weight agrees on.
type agreement struct {
	at    int // index in diver.fixed
	what  int16
	share float64
}

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
			value, _ = v.generate(ctx, max(int(diveRounds*stepShare/pace.last), leastRounds), 0, 0.01, before+slack, math.MaxInt64)
		}
		if v.floor(value) > limit {
			return false
		}
	}
	v.round()
	v.mend(v.crew[0])
	return ctx.Err() == nil
}

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

// wholeWeight is the weight from which a line is taken for chosen.
const wholeWeight = 0.999

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
