package roster

import (
	"context"
	"math"
)

// Which skill every head of a slot serves is kept good by single chains of moves as heads
// come and go (skillmoves.go). Where heads count differently that leaves something: a skill
// that lacks a fifth of a head is helped by several changes at once, none of which pays
// alone. Deal looks for those.
//
// A chain takes one head from a post (post.go) and brings one to another; the posts between
// stay as they are. So a slot is told by the number of heads at each of its posts, and
// what it costs by sums per skill. For every skill the cheapest changes at its posts are
// found that bring it some heads more or less; a dynamic programme over the skills puts
// them together so that nobody comes or goes; and the changes are made, chain by chain.
// The programme does not know which chains there are: where one is missing, the post that
// could not give any more is held at what it gave, and the rest is sought again.

const (
	dealHeads = 3  // heads that a skill may gain or lose
	dealLent  = 6  // heads that the skills dealt with may have from those that are not yet
	dealPosts = 4  // posts of a skill whose heads may change
	dealTurns = 12 // posts held before the slot is left as it is
)

// dealSwing is how many heads a post may gain or lose, by the number of posts of its skill.
var dealSwing = [dealPosts + 1]int{0, dealHeads, 6, 3, 2}

// dealer is room for deal.
type dealer struct {
	posts  [][]int // per skill
	have   []int   // per post: heads there
	room   []int   // per post: heads that could be there
	least  []int   // per post: the most that it may lose, negative
	change []int   // per post: still to be made
	begun  []int   // change at first
	skills []dealSkill
	via    []int16 // per post: the one before it in a chain, -1 = not reached
	queue  []int16
	done   []shifted
	reach  []uint64 // per post: those that a chain from it can end in
	swaps  []swap
	banned [][2]swap
}

// dealSkill is what the programme knows of a skill.
type dealSkill struct {
	own  [2*dealHeads + 1]dealing // by heads gained
	sum  [2*dealLent + 1]float64  // the least that the skills up to this one cost, by heads gained by all
	pick [2*dealLent + 1]int8     // heads that this one gains then
}

// dealing is the cheapest change at the posts of a skill.
type dealing struct {
	cost float64
	by   [dealPosts]int8
}

// ready makes room.
func (w *dealer) ready(m *model) {
	if w.posts != nil {
		return
	}
	n := len(m.posts)
	w.posts, w.skills = make([][]int, len(m.skills)), make([]dealSkill, len(m.skills))
	for i, p := range m.posts {
		if len(w.posts[p.skill]) < dealPosts {
			w.posts[p.skill] = append(w.posts[p.skill], i)
		}
	}
	w.have, w.room, w.least, w.change, w.begun = make([]int, n), make([]int, n), make([]int, n), make([]int, n), make([]int, n)
	w.via, w.reach = make([]int16, n), make([]uint64, n)
}

// deal gives the heads of a slot better skills if it finds any. The cost of the cover
// follows.
func (c *cover) deal(w *dealer, slot int) {
	now := c.slotsCost(slot, slot+1)
	if now == 0 || c.m.uniform {
		return
	}
	w.ready(c.m)
	w.count(c, slot)
	for p := range w.least {
		w.least[p] = -math.MaxInt16
	}
	for range dealTurns {
		if !w.plan(c, slot, now) {
			break
		}
		held := c.dealOut(w, slot)
		if held < 0 {
			break
		}
		w.least[held] = w.begun[held] - w.change[held]
	}
}

// count fills have and room.
func (w *dealer) count(c *cover, slot int) {
	m, counts := c.m, c.counts(slot)
	clear(w.have)
	clear(w.room)
	for g := range m.groups {
		row, skills := counts[g*c.k:(g+1)*c.k], m.groups[g].skills
		all := 0
		for _, s := range skills {
			all += int(row[s])
		}
		if all == 0 {
			continue
		}
		for _, s := range skills {
			p := m.postAt[g*c.k+s]
			w.have[p] += int(row[s])
			w.room[p] += all
		}
	}
}

// plan fills change with the cheapest changes at the posts; it is false when there are none
// below the cost that the slot has now.
func (w *dealer) plan(c *cover, slot int, now float64) bool {
	z, cost := c.levels(slot), c.prices(slot)
	for s := range w.skills {
		x := &w.skills[s]
		for i := range x.own {
			x.own[i].cost = math.Inf(1)
		}
		w.vary(c.m, s, 0, 0, z[s], [dealPosts]int8{}, &cost[s])
		for i := range x.sum {
			x.sum[i] = math.Inf(1)
		}
		for d := -dealHeads; d <= dealHeads; d++ {
			v := x.own[d+dealHeads].cost
			if math.IsInf(v, 1) {
				continue
			}
			if s == 0 {
				x.sum[d+dealLent], x.pick[d+dealLent] = v, int8(d)
				continue
			}
			before := &w.skills[s-1].sum
			for b := max(-dealLent, d-dealLent); b <= min(dealLent, d+dealLent); b++ {
				if y := before[b-d+dealLent] + v; y < x.sum[b+dealLent]-coverEps {
					x.sum[b+dealLent], x.pick[b+dealLent] = y, int8(d)
				}
			}
		}
	}
	if w.skills[len(w.skills)-1].sum[dealLent] > now-coverEps {
		return false
	}
	clear(w.change)
	for s, b := len(w.skills)-1, 0; s >= 0; s-- {
		d := int(w.skills[s].pick[b+dealLent])
		for i, p := range w.posts[s] {
			w.change[p] = int(w.skills[s].own[d+dealHeads].by[i])
		}
		b -= d
	}
	return true
}

// vary tries all changes at the posts of a skill from the i-th on; heads are gained and z
// is the presence with those before.
func (w *dealer) vary(m *model, s, i, heads int, z float64, by [dealPosts]int8, cost *demandCost) {
	list := w.posts[s]
	if i == len(list) {
		if heads < -dealHeads || heads > dealHeads {
			return
		}
		if x := &w.skills[s].own[heads+dealHeads]; x.cost > coverEps {
			if v := cost.at(math.Max(0, z)); v < x.cost-coverEps {
				*x = dealing{v, by}
			}
		}
		return
	}
	p, swing := list[i], dealSwing[len(list)]
	for x := max(-swing, -w.have[p], w.least[p]); x <= min(swing, w.room[p]-w.have[p]); x++ {
		by[i] = int8(x)
		w.vary(m, s, i+1, heads+x, z+float64(x)*m.posts[p].eff, by, cost)
	}
}

// dealOut makes the changes. It returns -1, or where a chain is missing the post that it
// should begin at, and the slot is as before.
func (c *cover) dealOut(w *dealer, slot int) int {
	age := c.age[slot]
	c.touch(slot)
	copy(w.begun, w.change)
	w.done = w.done[:0]
	for p := range w.change {
		for w.change[p] < 0 {
			if !c.dealChain(w, slot, p) {
				c.takeBack(w, slot, age)
				return p
			}
		}
	}
	return -1
}

// takeBack undoes what was done since touch gave the slot, which had some age, a new one.
func (c *cover) takeBack(w *dealer, slot int, age int32) {
	for i := len(w.done) - 1; i >= 0; i-- {
		x := &w.done[i]
		c.shift(slot, int(x.group), int(x.to), int(x.from))
	}
	c.age[slot] = age
}

// dealChain moves a head from a post, over others, to one that lacks some; it is false
// when there is no way.
func (c *cover) dealChain(w *dealer, slot, from int) bool {
	m, counts := c.m, c.counts(slot)
	for i := range w.via {
		w.via[i] = -1
	}
	w.via[from] = int16(from)
	w.queue = append(w.queue[:0], int16(from))
	end := -1
	for i := 0; i < len(w.queue) && end < 0; i++ {
		at := w.queue[i]
		s := m.posts[at].skill
		for g := range m.groups {
			if counts[g*c.k+s] == 0 || m.postAt[g*c.k+s] != at {
				continue
			}
			for _, t := range m.groups[g].skills {
				to := m.postAt[g*c.k+t]
				if w.via[to] >= 0 {
					continue
				}
				w.via[to] = at
				w.queue = append(w.queue, to)
				if w.change[to] > 0 && end < 0 {
					end = int(to)
				}
			}
		}
	}
	if end < 0 {
		return false
	}
	w.change[from]++
	w.change[end]--
	for at := int16(end); int(at) != from; at = w.via[at] {
		s, t := m.posts[w.via[at]].skill, m.posts[at].skill
		for g := range m.groups {
			if counts[g*c.k+s] > 0 && m.groups[g].eff[t] > 0 && m.postAt[g*c.k+s] == w.via[at] && m.postAt[g*c.k+t] == at {
				c.shift(slot, g, s, t)
				w.done = append(w.done, shifted{group: int16(g), from: int16(s), to: int16(t)})
				break
			}
		}
	}
	return true
}

// dealDay deals the slots of a day out anew.
func (l *lane) dealDay(ctx context.Context, d int) {
	for slot := int(l.relay.spans[d].from); slot < int(l.relay.spans[d].to) && ctx.Err() == nil; slot++ {
		l.cov.deal(&l.dealer, slot)
		l.cov.twoChains(&l.dealer, slot)
	}
}
