package roster

import "math"

// hand moves weight in a master. Two hands may work on one master at once as long
// as their patches share no slot.
type hand struct {
	*master
	prefix []float64
	dir    []change
}

func (x *master) hand() *hand {
	return &hand{master: x, prefix: make([]float64, x.m.slots+1)}
}

// worth makes the prefix sums of what a head of the group is worth, over the slots
// from one to another.
func (h *hand) worth(g, from, to int) {
	x := h.master
	kinds := len(x.m.kinds)
	list := x.kinds[g]
	sum := 0.0
	pre := h.prefix[:to+1]
	switch len(list) {
	case 0:
		clear(pre[from:])
		return
	case 1:
		u := x.unit[g*kinds+list[0]]
		at := from*kinds + list[0]
		for t := from; t < to; t++ {
			pre[t] = sum
			sum += x.mu[at] * u
			at += kinds
		}
	default:
		units := x.unit[g*kinds : (g+1)*kinds]
		for t := from; t < to; t++ {
			pre[t] = sum
			mu := x.mu[t*kinds : (t+1)*kinds]
			best := mu[list[0]] * units[list[0]]
			for _, kind := range list[1:] {
				if v := mu[kind] * units[kind]; v > best {
					best = v
				}
			}
			sum += best
		}
	}
	pre[to] = sum
}

// at returns what a piece costs at the prices of the last call of worth.
func (h *hand) at(p *piece) float64 {
	c := p.cost
	for _, r := range p.runs {
		c += h.prefix[r.from] - h.prefix[r.to]
	}
	for _, r := range p.shift {
		c -= h.mu[r]
	}
	return c
}

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

// direction fills dir with what a unit of weight moved from one piece to another
// changes.
func (h *hand) direction(g int, from, to *piece) {
	h.dir = h.dir[:0]
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

// step returns the best step along the direction, at most `most`.
func (h *hand) step(cost, most float64) float64 {
	slope, bend := cost, 0.0
	for _, c := range h.dir {
		slope += h.mu[c.row] * c.by
		bend += c.by * c.by
	}
	if slope >= 0 {
		return 0
	}
	if bend == 0 {
		return most
	}
	return math.Min(most, -slope/(h.tau*bend))
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

// turn moves weight within an agent's week and returns about what that gains.
func (h *hand) turn(b *share) float64 {
	if len(b.pieces) < 2 {
		return 0
	}
	h.worth(b.group, b.first, b.last)
	enter, leave := -1, -1
	low, high := math.Inf(1), math.Inf(-1)
	for i, p := range b.pieces {
		v := h.at(p)
		if v < low {
			low, enter = v, i
		}
		if b.weight[i] > 0 && v > high {
			high, leave = v, i
		}
	}
	if enter == leave || high-low < turnTie {
		return 0
	}
	h.direction(b.group, b.pieces[leave], b.pieces[enter])
	theta := h.step(b.pieces[enter].cost-b.pieces[leave].cost, b.weight[leave])
	if theta <= 0 {
		return 0
	}
	h.take(b.group, theta)
	shift(b.weight, leave, enter, theta)
	return theta * (high - low)
}

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

// aim moves weight between the presences of spot i.
func (x *master) aim(i int) {
	s := &x.spots[i]
	for round := range 3 {
		enter := 0
		if round == 0 {
			enter = s.find(x.bestPoint(i, x.mu, false))
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
func (x *master) bestPoint(i int, mu []float64, wide bool) point {
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
	m.best(c, list, price[:], &n, wide)
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

// sweep moves weight once everywhere in a patch and returns about what the weeks
// gained.
func (h *hand) sweep(p *patch) (gain float64) {
	for _, i := range p.shares {
		gain += h.turn(&h.shares[i])
	}
	if h.width > 0 {
		for t := p.from; t < p.to; t++ {
			h.balance(t)
		}
	}
	for i := h.spotAt[p.from]; i < h.spotAt[p.to]; i++ {
		h.aim(i)
	}
	for _, i := range p.spots {
		h.aim(i)
	}
	return gain
}
