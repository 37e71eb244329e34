package roster

import "math"

// post is where a head can serve: a skill, and what a head counts there.
type post struct {
	skill int
	eff   float64
}

// buildPosts lists the posts of all groups.
func (m *model) buildPosts() {
	k := len(m.skills)
	m.postAt = make([]int16, len(m.groups)*k)
	index := map[post]int16{}
	for g := range m.groups {
		for _, s := range m.groups[g].skills {
			p := post{s, m.groups[g].eff[s]}
			i, ok := index[p]
			if !ok {
				i = int16(len(m.posts))
				index[p] = i
				m.posts = append(m.posts, p)
			}
			m.postAt[g*k+s] = i
		}
	}
}

// readySwaps makes room for what exchanges cost.
func (c *cover) readySwaps() {
	if c.swap == nil {
		n := len(c.m.posts)
		c.swap, c.swapAge = make([]float64, c.m.slots*n*n), make([]int32, c.m.slots)
	}
}

// exchange returns what it costs in a slot that a head of group g comes and one of
// group h, of which there must be one, goes: along the best chain of moves from the one
// to the other, or each for itself.
func (c *cover) exchange(slot, g, h int) float64 {
	if c.swapAge[slot] != c.age[slot] {
		c.priceSwaps(slot)
		c.swapAge[slot] = c.age[slot]
	}
	n := len(c.m.posts)
	table := c.swap[slot*n*n : (slot+1)*n*n]
	counts := c.counts(slot)[h*c.k : (h+1)*c.k]
	best := c.value(slot, g) + c.removal(slot, h) // with nothing between the two
	for _, t := range c.m.groups[h].skills {
		if counts[t] == 0 {
			continue
		}
		to := int(c.m.postAt[h*c.k+t])
		for _, s := range c.m.groups[g].skills {
			best = math.Min(best, table[int(c.m.postAt[g*c.k+s])*n+to])
		}
	}
	return best
}

// priceSwaps fills what it costs in a slot that a head comes to a post and one goes
// from another.
func (c *cover) priceSwaps(slot int) {
	z, cost := c.levels(slot), c.prices(slot)
	n := len(c.m.posts)
	for i, p := range c.m.posts {
		var lab labels
		lab.seed(p.skill, p.eff)
		c.search(slot, &lab)
		row := c.swap[(slot*n+i)*n : (slot*n+i+1)*n]
		for j, q := range c.m.posts {
			row[j] = math.Inf(1)
			if t := q.skill; lab.set>>t&1 == 1 {
				row[j] = lab.dist[t]
				if a := lab.arrive[t]; a != q.eff {
					row[j] += cost[t].at(math.Max(0, z[t]+a-q.eff)) - cost[t].at(z[t])
				}
			}
		}
	}
}
