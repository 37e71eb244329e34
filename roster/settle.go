package roster

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// shifts holds the shifts of all cells and then their breaks, when the weeks are held
// and every cell has a whole number of agents; each round holds at least a share pace
// of them. What is held leaves its cell for a cell of its own, with room for that
// option alone, and then leaves that with its breaks for the list of what is worked.
// The fewer are left to be held, the more a head too few or too many weighs, for less
// can mend it.
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
	least := max(1, int(pace*total))
	x.subs = make([][]int32, len(x.cells))
	x.held = make([][]*piece, len(x.cells))
	last := diveTau * x.m.scale
	grow := math.Pow(math.Max(1, last/x.tau), pace) // there halfway
	for done := 0; ; {
		d.crew.sweeps(ctx, settleSweeps, 0)
		if ctx.Err() != nil {
			return false
		}
		list := d.units()
		if len(list) == 0 {
			return true
		}
		n := 0
		for i := range list {
			if n >= least && list[i].sure < diveSure {
				break
			}
			n += d.keep(&list[i])
		}
		done += n
		tell(math.Min(1, float64(done)/(2*total)))
		d.settle()
		x.tau = math.Min(last, x.tau*grow)
		x.reprice()
		x.forget()
	}
}

const settleSweeps = 3

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
// when all are held pieces.
func (d *dive) units() []unit {
	x := d.x
	var list []unit
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
			list = append(list, best)
		}
	}
	slices.SortStableFunc(list, func(a, b unit) int { return cmp.Compare(b.sure, a.sure) })
	return list
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
