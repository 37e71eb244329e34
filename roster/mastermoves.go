package roster

import (
	"context"
	"math"
)

// hand moves weight in a master. Two hands may work on one master at once as long
// as their patches share no slot.
type hand struct {
	*master
	pricer
	dir   []change
	moved []int // days of the last move of a week
	quiet quiet
}

// quiet is what the menus and shares of a patch have to gain at a visit to be visited again in
// a sweep that looks for nothing new: a part of what they gained on average in the last
// sweep. Nine of ten visits bring next to nothing.
type quiet struct {
	on          bool // else all are visited
	menu, share float64
}

func (x *master) hand() *hand { return &hand{master: x} }

// bump changes the rest of a row.
func (x *master) bump(row int, by float64) {
	x.rest[row] += by
	x.mu[row] = x.center[row] + x.tau*x.rest[row]
}

// change is a step in the rest of one row per unit of weight, and in split.
type change struct {
	row, split int32
	by         float64
}

// direction adds to dir what a unit of weight moved from one piece to another changes.
func (h *hand) direction(g int, from, to *piece) {
	if len(h.kinds[g]) > 0 {
		// Both lists of runs are in order: what they share stays as it is.
		i, j := 0, 0
		var a, b run
		next := func() {
			if a.from >= a.to && i < len(from.runs) {
				a = from.runs[i]
				i++
			}
			if b.from >= b.to && j < len(to.runs) {
				b = to.runs[j]
				j++
			}
		}
		for next(); a.from < a.to || b.from < b.to; next() {
			switch {
			case b.from >= b.to || a.from < a.to && a.from < b.from:
				end := a.to
				if b.from < b.to {
					end = min(end, b.from)
				}
				for ; a.from < end; a.from++ {
					h.leave(g, int(a.from))
				}
			case a.from >= a.to || b.from < a.from:
				end := b.to
				if a.from < a.to {
					end = min(end, a.from)
				}
				for ; b.from < end; b.from++ {
					h.enter(g, int(b.from))
				}
			default:
				a.from = min(a.to, b.to)
				b.from = a.from
			}
		}
	}
	for _, r := range from.shift {
		h.dir = append(h.dir, change{r, -1, 1})
	}
	for _, r := range to.shift {
		h.dir = append(h.dir, change{r, -1, -1})
	}
}

// enter adds a head of the group in a slot, in the skill where it is worth most.
func (h *hand) enter(g, slot int) {
	x := h.master
	kinds, list := len(x.m.kinds), x.kinds[g]
	if len(list) == 1 {
		h.dir = append(h.dir, change{int32(slot*kinds + list[0]), -1, -x.unit[g*kinds+list[0]]})
		return
	}
	best, arg := math.Inf(-1), 0
	for j, kind := range list {
		if v := x.mu[slot*kinds+kind] * x.unit[g*kinds+kind]; v > best {
			best, arg = v, j
		}
	}
	h.dir = append(h.dir, change{int32(slot*kinds + list[arg]), int32(slot*x.width + x.offset[g] + arg), -x.unit[g*kinds+list[arg]]})
}

// leave takes a head of the group out of a slot, from its skills in proportion.
func (h *hand) leave(g, slot int) {
	x := h.master
	kinds, list := len(x.m.kinds), x.kinds[g]
	if len(list) == 1 {
		h.dir = append(h.dir, change{int32(slot*kinds + list[0]), -1, x.unit[g*kinds+list[0]]})
		return
	}
	at := slot*x.width + x.offset[g]
	sum := 0.0
	for j := range list {
		sum += x.split[at+j]
	}
	for j, kind := range list {
		if w := x.split[at+j]; w > 0 {
			h.dir = append(h.dir, change{int32(slot*kinds + kind), int32(at + j), w / sum * x.unit[g*kinds+kind]})
		}
	}
}

// step returns the best step along the direction, at most `most`; own is how fast the
// cost rises with the step beside that of the rest.
func (h *hand) step(cost, own, most float64) float64 {
	slope, bend := cost, 0.0
	for _, c := range h.dir {
		slope += h.mu[c.row] * c.by
		bend += c.by * c.by
	}
	if slope >= 0 {
		return 0
	}
	if bend = bend*h.tau + own; bend == 0 {
		return most
	}
	return math.Min(most, -slope/bend)
}

// take makes a step along the direction, of group g.
func (h *hand) take(g int, theta float64) {
	x := h.master
	kinds := len(x.m.kinds)
	for _, c := range h.dir {
		x.bump(int(c.row), theta*c.by)
		if c.split >= 0 {
			s := &x.split[c.split]
			*s = math.Max(0, *s-theta*c.by/x.unit[g*kinds+int(c.row)%kinds])
		}
	}
}

// shove moves weight from one piece to another, whatever that costs.
func (h *hand) shove(g int, from, to *piece, theta float64) {
	h.dir = h.dir[:0]
	h.direction(g, from, to)
	h.take(g, theta)
}

// drain moves weight out of a cell, from its dearest pieces, into q, or with s given
// into the piece of s that is the cheapest at the time. What the cell lacks stays.
func (h *hand) drain(c, s *cell, q *piece, theta float64) {
	n := &h.menus[c.menu]
	for theta > weightDust {
		h.fill(h.master, n, h.mu)
		h.look(c)
		if c.leave < 0 {
			return
		}
		by := math.Min(theta, c.weight[c.leave])
		if s != nil {
			h.look(s)
			if s.enter < 0 {
				return
			}
			q = s.pieces[s.enter]
			s.weight[s.enter] += by
		}
		h.shove(n.group, c.pieces[c.leave], q, by)
		c.weight[c.leave] -= by
		theta -= by
	}
}

// cheapest returns what a week costs with the cheapest shift that each of its cells
// was last priced at.
func (x *master) cheapest(b *share, q *week) float64 {
	v := q.cost + x.edgeCost(b, q.edges)
	for _, at := range q.cells {
		if at >= 0 {
			v += x.cells[at].low
		}
	}
	return v
}

// look prices the pieces of a cell by the prefix sums as they are.
func (h *hand) look(c *cell) {
	c.enter, c.leave = -1, -1
	c.low, c.high = math.Inf(1), math.Inf(-1)
	for i, p := range c.pieces {
		v := h.at(p, h.mu)
		if v < c.low {
			c.low, c.enter = v, i
		}
		if c.weight[i] > 0 && v > c.high {
			c.high, c.leave = v, i
		}
	}
}

// again prices what look chose anew, and all where that has no weight any more.
func (h *hand) again(c *cell) {
	if c.enter < 0 || c.leave < 0 || c.weight[c.leave] <= 0 {
		h.look(c)
		return
	}
	c.low, c.high = h.at(c.pieces[c.enter], h.mu), h.at(c.pieces[c.leave], h.mu)
}

// offer prices the cells of a menu and gives each the cheapest shift that there is.
func (h *hand) offer(n *menu) {
	h.price(h.master, n, h.mu)
	pick := h.prog.pick[n.day]
	for k, at := range n.cells {
		c := &h.cells[at]
		c.forget()
		h.look(c)
		best, opt := math.Inf(1), int32(noOption)
		for g, f := range n.forms {
			if f == k && h.prog.best[g] < best {
				best, opt = h.prog.best[g], pick[g]
			}
		}
		h.propose(n, c, best, opt)
	}
	for _, at := range n.subs {
		if c := &h.cells[at]; c.mass > 0 {
			c.forget()
			h.look(c)
			h.propose(n, c, h.optionPrice(n, c.only), c.only)
		}
	}
}

// glance prices the shifts that the cells of a menu have.
func (h *hand) glance(n *menu) {
	h.fill(h.master, n, h.mu)
	for _, at := range n.cells {
		h.look(&h.cells[at])
	}
	for _, at := range n.subs {
		if c := &h.cells[at]; c.mass > 0 {
			h.look(c)
		}
	}
}

// optionPrice returns what an option costs with the best breaks, after price.
func (h *hand) optionPrice(n *menu, opt int32) float64 {
	if opt < 0 {
		return math.Inf(1)
	}
	ma := &h.m.agents[n.agent]
	return h.prog.price(h.m, &ma.days[n.day], ma.option(n.day, opt), opt, n.day, h.pricer.shift)
}

// propose adds an option with the best breaks to a cell where it is cheaper than all
// that is known.
func (h *hand) propose(n *menu, c *cell, price float64, opt int32) {
	if price > c.low-turnTie || opt == noOption {
		return
	}
	ma := &h.m.agents[n.agent]
	c.enter = c.add(h.piece(n, opt, h.prog.place(ma, n.day, ma.option(n.day, opt))))
	c.low = price
}

// even moves weight between the pieces of a cell, which look has priced, and returns
// about what that gains.
func (h *hand) even(n *menu, c *cell) (gain float64) {
	for range cellMoves {
		if c.enter < 0 || c.leave < 0 || c.enter == c.leave || c.high-c.low < turnTie {
			return gain
		}
		h.dir = h.dir[:0]
		from, to := c.pieces[c.leave], c.pieces[c.enter]
		h.direction(n.group, from, to)
		theta := h.step(to.cost-from.cost, 0, c.weight[c.leave])
		if theta <= 0 {
			return gain
		}
		if c.weight[c.leave]-theta < cellDust {
			theta = c.weight[c.leave]
		}
		h.take(n.group, theta)
		gain += theta * (c.high - c.low)
		shift(c.weight, c.leave, c.enter, theta)
		h.fill(h.master, n, h.mu)
		h.look(c)
	}
	return gain
}

// turn moves weight between the weeks of an agent and returns about what that gains.
func (h *hand) turn(b *share) float64 {
	if len(b.weeks) < 2 {
		return 0
	}
	enter, low := -1, math.Inf(1)
	for i, q := range b.weeks {
		if v := h.cheapest(b, q); v < low {
			enter, low = i, v
		}
	}
	if enter < 0 {
		return 0
	}
	leave, most := -1, turnTie
	to := b.weeks[enter]
	for i, q := range b.weeks {
		if b.weight[i] <= 0 || i == enter {
			continue
		}
		v := q.cost - to.cost + h.edgeCost(b, q.edges) - h.edgeCost(b, to.edges)
		for d, at := range q.cells {
			if at == to.cells[d] {
				continue
			}
			if at >= 0 {
				v += h.cells[at].high
			}
			if at := to.cells[d]; at >= 0 {
				v -= h.cells[at].low
			}
		}
		if v > most {
			leave, most = i, v
		}
	}
	if leave < 0 {
		return 0
	}
	from := b.weeks[leave]
	h.dir, h.moved = h.dir[:0], h.moved[:0]
	cost, room := to.cost-from.cost+h.edgeCost(b, to.edges)-h.edgeCost(b, from.edges), b.weight[leave]
	for d, at := range from.cells {
		if at == to.cells[d] {
			continue
		}
		h.moved = append(h.moved, d)
		p, q := emptyPiece, emptyPiece
		if at >= 0 {
			c := &h.cells[at]
			if c.leave < 0 {
				return 0
			}
			p = c.pieces[c.leave]
			room = math.Min(room, c.weight[c.leave])
		}
		if at := to.cells[d]; at >= 0 {
			q = h.cells[at].pieces[h.cells[at].enter]
		}
		cost += q.cost - p.cost
		h.direction(b.group, p, q)
	}
	theta := h.step(cost, h.edgeBend(b, from.edges, to.edges), room)
	if theta <= 0 {
		return 0
	}
	h.take(b.group, theta)
	h.edgeMove(b, from.edges, to.edges, theta)
	if rest := b.weight[leave] - theta; rest < weightDust {
		theta = b.weight[leave]
	}
	shift(b.weight, leave, enter, theta)
	for _, d := range h.moved {
		var n *menu
		if at := from.cells[d]; at >= 0 {
			c := &h.cells[at]
			n = &h.menus[c.menu]
			c.mass = math.Max(0, c.mass-theta)
			c.weight[c.leave] = math.Max(0, c.weight[c.leave]-theta)
		}
		if at := to.cells[d]; at >= 0 {
			c := &h.cells[at]
			n = &h.menus[c.menu]
			c.mass += theta
			c.weight[c.enter] += theta
		}
		h.fill(h.master, n, h.mu)
		for _, at := range [...]int32{from.cells[d], to.cells[d]} {
			if at >= 0 {
				h.again(&h.cells[at])
			}
		}
	}
	return theta * most
}

// cellMoves is the number of moves within a cell at each visit.
const cellMoves = 4

// shift moves weight from one member to another; what would be next to nothing
// goes whole.
func shift(weight []float64, from, to int, by float64) {
	if weight[from]-by < weightDust {
		by = weight[from]
	}
	weight[to] += by
	weight[from] -= by
}

const (
	turnTie    = 1e-6
	weightDust = 1e-9
	cellDust   = 1e-3 // weight of a shift that goes with what else leaves it
)

// balance moves heads of the groups between skills in one slot.
func (x *master) balance(slot int) {
	kinds := len(x.m.kinds)
	for g, list := range x.kinds {
		if len(list) < 2 {
			continue
		}
		w := x.split[slot*x.width+x.offset[g]:][:len(list)]
		for range 2 {
			best, worst := -1, -1
			high, low := math.Inf(-1), math.Inf(1)
			for j, kind := range list {
				v := x.mu[slot*kinds+kind] * x.unit[g*kinds+kind]
				if v > high {
					high, best = v, j
				}
				if w[j] > 0 && v < low {
					low, worst = v, j
				}
			}
			if worst < 0 || best == worst || high-low < turnTie {
				break
			}
			ub, uw := x.unit[g*kinds+list[best]], x.unit[g*kinds+list[worst]]
			theta := math.Min(w[worst], (high-low)/(x.tau*(ub*ub+uw*uw)))
			w[worst] -= theta
			w[best] += theta
			x.bump(slot*kinds+list[worst], theta*uw)
			x.bump(slot*kinds+list[best], -theta*ub)
		}
	}
}

// aim moves weight between the presences of spot i, and looks for a new one unless only
// what is known counts.
func (x *master) aim(i int, known bool) {
	s := &x.spots[i]
	for round := range 3 {
		enter := 0
		if round == 0 && !known {
			enter = s.find(x.bestPoint(i, x.mu))
		}
		leave, high := -1, math.Inf(-1)
		value := func(q *point) float64 {
			v := q.cost
			for j, row := range s.rows {
				v += x.mu[row] * q.n[j]
			}
			return v
		}
		low := value(&s.points[enter])
		for j := range s.points {
			v := value(&s.points[j])
			if s.weight[j] > 0 && v > high {
				high, leave = v, j
			}
			if v < low {
				low, enter = v, j
			}
		}
		if leave < 0 || leave == enter || high-low < turnTie {
			return
		}
		h := 0.0
		for j := range s.rows {
			h += sq(s.points[enter].n[j] - s.points[leave].n[j])
		}
		theta := math.Min(s.weight[leave], (high-low)/(x.tau*h))
		for j, row := range s.rows {
			x.bump(row, theta*(s.points[enter].n[j]-s.points[leave].n[j]))
		}
		shift(s.weight, leave, enter, theta)
	}
}

// bestPoint returns the presence of spot i that is cheapest at the prices.
func (x *master) bestPoint(i int, mu []float64) point {
	m := x.m
	s := &x.spots[i]
	k, kinds := len(m.skills), len(m.kinds)
	if s.rows[0] >= m.slots*kinds {
		d := m.shiftD[s.rows[0]-m.slots*kinds].d
		row := s.rows[0]
		z, _ := leastShift(d, clamp(mu[row], x.lo[row], x.hi[row]))
		if mu[row] <= x.lo[row] {
			z = math.Max(z, float64(len(m.agents)))
		}
		return point{n: [maxKinds]float64{z}, cost: d.Cost(z)}
	}
	slot := s.rows[0] / kinds
	skill := m.kinds[s.rows[0]%kinds].skill
	c := &m.costs[slot*k+skill]
	list := m.kindsOf[skill]
	var price [maxKinds]float64
	for j, row := range s.rows {
		price[j] = clamp(mu[row], x.lo[row], x.hi[row])
	}
	n := s.last
	m.best(c, list, price[:], &n)
	s.last = n
	z := 0.0
	for j, row := range s.rows {
		kind := &m.kinds[list[j]]
		switch {
		case mu[row] >= x.hi[row]:
			n[j] = 0
		case mu[row] <= x.lo[row]:
			n[j] = math.Max(n[j], math.Min(kind.most, float64(len(m.agents))))
		}
		z += kind.eff * n[j]
	}
	return point{n: n, cost: c.at(z)}
}

// sweep moves weight once everywhere in a patch and returns about what the weeks and
// shifts gained; known: among the shifts and presences that are known, no new ones are
// looked for. It ends early, anywhere, when ctx does.
func (h *hand) sweep(ctx context.Context, p *patch, known bool) (gain float64) {
	visits := 0
	for k, i := range p.menus {
		if k%menusPerLook == 0 && ctx.Err() != nil {
			return gain
		}
		n := &h.menus[i]
		if h.fixed && !h.used(n) || known && h.quiet.on && n.gain < h.quiet.menu {
			continue
		}
		visits++
		before := gain
		if known {
			h.glance(n)
		} else {
			h.offer(n)
		}
		for _, list := range [...][]int32{n.cells, n.subs} {
			for _, at := range list {
				if c := &h.cells[at]; c.mass > 0 {
					gain += h.even(n, c)
				}
			}
		}
		n.gain = gain - before
	}
	h.quiet.menu = quietMenus * gain / float64(max(1, visits))
	if !h.fixed {
		sum, visits := 0.0, 0
		for k, i := range p.shares {
			if k%menusPerLook == 0 && ctx.Err() != nil {
				return gain
			}
			b := &h.shares[i]
			if known && h.quiet.on && b.gain < h.quiet.share {
				continue
			}
			visits++
			b.gain = h.turn(b)
			sum += b.gain
		}
		h.quiet.share = quietShares * sum / float64(max(1, visits))
		gain += sum
	}
	for t := p.from; t < p.to && ctx.Err() == nil; t++ {
		if h.width > 0 {
			h.balance(t)
		}
		for i := h.spotAt[t]; i < h.spotAt[t+1]; i++ {
			h.aim(i, known)
		}
	}
	for _, i := range p.spots {
		h.aim(i, known)
	}
	return gain
}

// quietMenus and quietShares are the parts of the average gain that quiet asks for.
const (
	quietMenus  = 1.0
	quietShares = 0.1
)

// menusPerLook is the number of menus or shares between two looks at the context.
const menusPerLook = 16

// used reports whether any cell of a menu has weight.
func (h *hand) used(n *menu) bool {
	for _, list := range [...][]int32{n.cells, n.subs} {
		for _, at := range list {
			if h.cells[at].mass > 0 {
				return true
			}
		}
	}
	return false
}
