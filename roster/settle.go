package roster

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// shifts holds the shifts of all cells and then their breaks, when the weeks are held
// and every cell has a whole number of agents; each round holds at least a share pace
// of what is open. What is held leaves its cell for a cell of its own, with room for that
// option alone, and then leaves that with its breaks for the list of what is worked.
// A head too few or too many weighs more here than before, so that prices keep up with
// what is held, and ever more the fewer are left to be held, for less can mend it.
// It is false when ctx ended.
func (d *dive) shifts(ctx context.Context, pace float64, tell func(done float64)) bool {
	x := d.x
	x.fixed = true
	total := 0.0
	for i := range x.cells {
		c := &x.cells[i]
		c.mass = math.Round(c.mass)
		total += c.mass
	}
	x.subs = make([][]int32, len(x.cells))
	x.held = make([][]*piece, len(x.cells))
	last := settleTau * x.m.scale
	x.tau = math.Min(last, x.tau*settleFirst)
	x.reprice()
	grow := math.Pow(math.Max(1, last/x.tau), 1.0/settleRounds)
	for done := 0; ; {
		for range settleTurns {
			d.crew.sweeps(ctx, settleSweeps, 0)
			d.settle()
		}
		if ctx.Err() != nil {
			return false
		}
		list, open := d.units()
		if len(list) == 0 {
			return true
		}
		n, least := 0, max(1, int(pace*open))
		for i := range list {
			if n >= least && list[i].sure < diveSure {
				break
			}
			if list[i].sure < diveSure {
				d.choose(&list[i])
			}
			n += d.keep(&list[i])
		}
		done += n
		tell(math.Min(1, float64(done)/(2*total)))
		x.tau = math.Min(last, x.tau*grow)
		x.reprice()
		x.forget()
	}
}

// How shifts are held.
const (
	settleSweeps = 3   // between two moves of the center
	settleTurns  = 2   // moves of the center in a round
	settleFirst  = 3.0 // times as many points per head of rest at the start as with the weeks
	settleTau    = 6.0 // points per head of rest at the end, in the model's scale
	settleRounds = 15  // until then
)

// unit is an option of a cell, or one of its pieces where the option is held, that
// could be held for some agents, and how sure that is.
type unit struct {
	cell  int
	opt   int32
	piece *piece
	n     int
	sure  float64
}

// units lists what could be held next in every cell, the surest first: options first,
// when all are held pieces. It returns with it how many agents are still open.
func (d *dive) units() (list []unit, open float64) {
	x := d.x
	for i := range x.cells {
		c := &x.cells[i]
		if c.mass < 0.5 || c.only != noOption {
			continue
		}
		sum := map[int32]float64{}
		best := unit{cell: i, opt: noOption}
		for j, p := range c.pieces {
			if c.weight[j] <= 0 {
				continue
			}
			sum[p.opt] += c.weight[j]
			if v := sum[p.opt]; v > best.sure {
				best.opt, best.sure = p.opt, v
			}
		}
		if best.opt == noOption {
			continue
		}
		best.size(c.mass)
		open += c.mass
		list = append(list, best)
	}
	if len(list) == 0 {
		for i := range x.cells {
			c := &x.cells[i]
			if c.mass < 0.5 || c.only == noOption {
				continue
			}
			best := unit{cell: i, opt: c.only}
			for j, p := range c.pieces {
				if c.weight[j] > best.sure {
					best.piece, best.sure = p, c.weight[j]
				}
			}
			if best.piece == nil {
				continue
			}
			best.size(c.mass)
			open += c.mass
			list = append(list, best)
		}
	}
	slices.SortStableFunc(list, func(a, b unit) int { return cmp.Compare(b.sure, a.sure) })
	return list, open
}

// size sets the whole number of agents for which the weight is held.
func (u *unit) size(mass float64) {
	u.n = int(math.Min(math.Round(mass), math.Max(1, math.Floor(u.sure+1-diveSure))))
}

// keep holds a unit and returns the number of agents it was held for.
func (d *dive) keep(u *unit) int {
	x, theta := d.x, float64(u.n)
	if u.piece == nil {
		to := x.sub(u.cell, u.opt)
		c, s := &x.cells[u.cell], &x.cells[to]
		for j, p := range c.pieces { // what is worked already moves without a change
			if p.opt != u.opt || c.weight[j] <= 0 || theta <= 0 {
				continue
			}
			by := math.Min(theta, c.weight[j])
			k := s.add(p)
			s.weight[k] += by
			c.weight[j] -= by
			theta -= by
		}
		d.hand.drain(c, s, nil, theta)
		s.mass += float64(u.n)
	} else {
		c := &x.cells[u.cell]
		j := c.find(u.piece.opt, u.piece.brks)
		by := math.Min(theta, c.weight[j])
		c.weight[j] -= by
		d.hand.drain(c, nil, u.piece, theta-by)
		for range u.n {
			x.held[c.root] = append(x.held[c.root], u.piece)
		}
	}
	c := &x.cells[u.cell]
	c.mass -= float64(u.n)
	c.clean()
	return u.n
}

// way is an option, or a piece of the option that is held, for one agent of a cell.
type way struct {
	piece         *piece // of the option the cheapest that has weight
	weight, price float64
}

// choose decides anew what of a cell is held for one agent, where no way has the weight of
// one: what changes the value least
// at the prices as they are after all that was held before in the same round. If cells
// alike all held what has most of their weight, it would be the same everywhere.
func (d *dive) choose(u *unit) {
	x := d.x
	c := &x.cells[u.cell]
	mass, sum := d.listWays(c, u.piece != nil)
	best := math.Inf(1)
	for i := range d.ways {
		y := &d.ways[i]
		score := math.Inf(-1) // there is nothing else
		if rest := mass - y.weight; rest > cellDust {
			// What the agent does not work of it yet comes from what the others of the cell work.
			by := 1 - y.weight
			score = by*(y.price-(sum-y.weight*y.price)/rest) + x.tau/2*by*by*d.far(y, rest, x.menus[c.menu].first)
		}
		if score < best {
			best = score
			u.opt = y.piece.opt
			if u.piece != nil {
				u.piece = y.piece
			}
		}
	}
}

// listWays lists what of a cell can be held, pieces or options, and the presence of all of
// it per slot of the menu; it returns its weight and what it costs.
func (d *dive) listWays(c *cell, pieces bool) (mass, sum float64) {
	x := d.x
	n := &x.menus[c.menu]
	d.hand.fill(x, n, x.mu)
	d.ways, d.mean = d.ways[:0], room(d.mean, n.last-n.first)
	clear(d.mean)
	for j, p := range c.pieces {
		w := c.weight[j]
		if w <= 0 {
			continue
		}
		price := d.hand.at(p, x.mu)
		mass += w
		sum += w * price
		for _, r := range p.runs {
			for t := r.from; t < r.to; t++ {
				d.mean[int(t)-n.first] += w
			}
		}
		at := -1
		if !pieces {
			at = slices.IndexFunc(d.ways, func(y way) bool { return y.piece.opt == p.opt })
		}
		if at < 0 {
			d.ways = append(d.ways, way{p, w, price})
			continue
		}
		y := &d.ways[at]
		y.weight += w
		if price < y.price {
			y.piece, y.price = p, price
		}
	}
	return mass, sum
}

// far returns how far a way is from the mean of the other ways of a cell, whose weight is
// rest: squares of heads, summed over the slots, of which the first is given.
func (d *dive) far(y *way, rest float64, first int) (sum float64) {
	at := 0
	until := func(slot int32, own, head float64) {
		for ; at < int(slot)-first; at++ {
			sum += sq((d.mean[at]-own)/rest - head)
		}
	}
	for _, r := range y.piece.runs {
		until(r.from, 0, 0)
		until(r.to, y.weight, 1)
	}
	until(int32(first+len(d.mean)), 0, 0)
	return sum
}

// clean drops what rounding left of the weights of an empty cell.
func (c *cell) clean() {
	if c.mass < 0.5 {
		c.mass = 0
		clear(c.weight)
	}
}

// sub returns the cell of one option of a cell.
func (x *master) sub(of int, opt int32) int {
	for _, i := range x.subs[of] {
		if x.cells[i].only == opt {
			return int(i)
		}
	}
	c := &x.cells[of]
	at := int32(len(x.cells))
	x.cells = append(x.cells, cell{menu: c.menu, form: c.form, units: c.units, only: opt, root: of, enter: -1, leave: -1, low: math.Inf(1)})
	x.subs[of] = append(x.subs[of], at)
	n := &x.menus[x.cells[of].menu]
	n.subs = append(n.subs, at)
	return int(at)
}
