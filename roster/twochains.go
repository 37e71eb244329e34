package roster

import (
	"cmp"
	"math"
	"slices"
)

// swap is one head less at a post and one more at another, along a chain.
type swap struct {
	from, to int16
	cost     float64
}

// Of the swaps of a slot the cheapest are tried in pairs; where a slot has more posts than
// a set can hold none are.
const (
	swapsMost  = 96
	postsMost  = 64
	swapRounds = 20 // of two chains
)

// twoChains makes two chains at a time in a slot, or one, as long as that pays: what the
// programme of deal wants but no chains lead to is often found so. Two that have no skill in
// common pay together only if one of them does.
func (c *cover) twoChains(w *dealer, slot int) {
	if c.m.uniform || len(c.m.posts) > postsMost || c.slotsCost(slot, slot+1) == 0 {
		return
	}
	w.ready(c.m)
	w.banned = w.banned[:0]
	for range swapRounds {
		c.listSwaps(w, slot)
		one, two := c.bestSwaps(w, slot)
		if one < 0 {
			return
		}
		pair := [2]swap{w.swaps[one], {from: -1}}
		if two >= 0 {
			pair[1] = w.swaps[two]
		}
		age, before := c.age[slot], c.cost
		c.touch(slot)
		w.done = w.done[:0]
		ok := true
		for _, x := range pair {
			if x.from < 0 || !ok {
				break
			}
			clear(w.change)
			w.change[x.from], w.change[x.to] = -1, 1
			ok = c.dealChain(w, slot, int(x.from))
		}
		if ok && c.cost < before-coverEps {
			w.banned = w.banned[:0]
			continue
		}
		c.takeBack(w, slot, age)
		w.banned = append(w.banned, pair)
	}
}

// listSwaps lists the swaps that there is a chain for, the cheapest first.
func (c *cover) listSwaps(w *dealer, slot int) {
	m, counts := c.m, c.counts(slot)
	z, cost := c.levels(slot), c.prices(slot)
	clear(w.reach)
	for g := range m.groups {
		skills := m.groups[g].skills
		if len(skills) < 2 {
			continue
		}
		for _, s := range skills {
			if counts[g*c.k+s] == 0 {
				continue
			}
			p := m.postAt[g*c.k+s]
			for _, t := range skills {
				w.reach[p] |= 1 << m.postAt[g*c.k+t]
			}
		}
	}
	for k := range w.reach { // all pairs that are joined over the posts up to k
		for i := range w.reach {
			if w.reach[i]>>k&1 == 1 {
				w.reach[i] |= w.reach[k]
			}
		}
	}
	w.swaps = w.swaps[:0]
	for i, p := range m.posts {
		for j, q := range m.posts {
			if i == j || w.reach[i]>>j&1 == 0 {
				continue
			}
			x := swap{from: int16(i), to: int16(j)}
			if p.skill == q.skill {
				x.cost = cost[p.skill].at(math.Max(0, z[p.skill]-p.eff+q.eff)) - cost[p.skill].at(z[p.skill])
			} else {
				x.cost = cost[p.skill].at(math.Max(0, z[p.skill]-p.eff)) - cost[p.skill].at(z[p.skill]) +
					cost[q.skill].at(z[q.skill]+q.eff) - cost[q.skill].at(z[q.skill])
			}
			w.swaps = append(w.swaps, x)
		}
	}
	if len(w.swaps) > swapsMost {
		slices.SortStableFunc(w.swaps, func(x, y swap) int { return cmp.Compare(x.cost, y.cost) })
		w.swaps = w.swaps[:swapsMost]
	}
}

// bestSwaps returns the two swaps that together cost least, below nothing; the second is -1
// when one alone does, the first when none do.
func (c *cover) bestSwaps(w *dealer, slot int) (one, two int) {
	m := c.m
	z, cost := c.levels(slot), c.prices(slot)
	var d [maxSkills]float64
	best := -coverEps
	one, two = -1, -1
	barred := func(x, y swap) bool {
		return len(w.banned) > 0 && slices.ContainsFunc(w.banned, func(b [2]swap) bool {
			return b[0].from == x.from && b[0].to == x.to && b[1].from == y.from && (y.from < 0 || b[1].to == y.to)
		})
	}
	for a, x := range w.swaps {
		if x.cost < best && !barred(x, swap{from: -1}) {
			best, one, two = x.cost, a, -1
		}
		xf, xt := m.posts[x.from], m.posts[x.to]
		for b, y := range w.swaps[:a+1] {
			yf, yt := m.posts[y.from], m.posts[y.to]
			if yf.skill != xf.skill && yf.skill != xt.skill && yt.skill != xf.skill && yt.skill != xt.skill {
				continue
			}
			d[xf.skill] -= xf.eff
			d[xt.skill] += xt.eff
			d[yf.skill] -= yf.eff
			d[yt.skill] += yt.eff
			v := 0.0
			for _, s := range [...]int{xf.skill, xt.skill, yf.skill, yt.skill} {
				if d[s] != 0 {
					v += cost[s].at(math.Max(0, z[s]+d[s])) - cost[s].at(z[s])
					d[s] = 0
				}
			}
			if v < best && !barred(x, y) {
				best, one, two = v, a, b
			}
		}
	}
	return one, two
}
