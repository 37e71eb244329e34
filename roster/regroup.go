package roster

import (
	"context"
	"math"
	"math/rand/v2"
)

// Which skill every head of a slot serves is kept good by chains of moves as heads come
// and go (skillmoves.go). Where heads count differently that leaves something: a skill
// that lacks a fifth of a head is helped by two others changing places elsewhere. Regroup
// anneals the heads of one slot: single heads go to another skill, and, three times as
// often, two change places.

// regroupEach is the number of tries for each kind of head that could go elsewhere; the
// temperatures are in points where a missing agent-slot costs MissingCost.
const (
	regroupEach  = 100
	regroupFirst = 1.0
	regroupLast  = 0.05
	regroupLeast = 20 // kinds of heads are assumed at least
	partnerTries = 8  // to find somebody to change places with
)

// regrouper is room for regroup.
type regrouper struct {
	rng    *rand.Rand
	places []place
	n      []int16
	z      []float64
}

// place is a skill that heads of a group serve.
type place struct{ group, skill int16 }

// regroup looks for better skills in a slot, with each tries for every place, and takes
// the best that it came by. The cost of the cover follows.
func (c *cover) regroup(w *regrouper, slot, each int) {
	counts, z := c.counts(slot), c.levels(slot)
	if c.slotsCost(slot, slot+1) == 0 {
		return
	}
	w.places = w.places[:0]
	for g := range c.m.groups {
		skills := c.m.groups[g].skills
		if len(skills) < 2 {
			continue
		}
		for _, s := range skills {
			if counts[g*c.k+s] > 0 {
				w.places = append(w.places, place{int16(g), int16(s)})
			}
		}
	}
	if len(w.places) == 0 {
		return
	}
	w.n, w.z = append(w.n[:0], counts...), append(w.z[:0], z...)
	now, best := 0.0, 0.0
	tries := each * max(regroupLeast, len(w.places))
	temp := c.m.scale * regroupFirst
	cool := math.Pow(regroupLast/regroupFirst, 1/float64(tries))
	changed := false
	for range tries {
		temp *= cool
		i := w.rng.IntN(len(w.places))
		g, s := int(w.places[i].group), int(w.places[i].skill)
		if counts[g*c.k+s] == 0 {
			w.places[i] = w.places[len(w.places)-1]
			w.places = w.places[:len(w.places)-1]
			continue
		}
		skills := c.m.groups[g].skills
		t := skills[w.rng.IntN(len(skills))]
		if t == s {
			continue
		}
		h := -1
		if w.rng.Uint32()&3 != 0 {
			if h = w.partner(c, counts, s, t); h < 0 {
				continue
			}
		}
		d, ok := c.retry(w, slot, g, h, s, t, temp)
		if !ok {
			continue
		}
		now += d
		changed = true
		if now < best-coverEps {
			best = now
			copy(w.n, counts)
			copy(w.z, z)
		}
	}
	if !changed {
		return
	}
	c.touch(slot)
	copy(counts, w.n)
	copy(z, w.z)
	c.cost += best
	c.countMovers(slot)
}

// partner returns the group of somebody who serves skill t and could serve s, -1 when none
// was found.
func (w *regrouper) partner(c *cover, counts []int16, s, t int) int {
	for range partnerTries {
		p := w.places[w.rng.IntN(len(w.places))]
		if int(p.skill) != t {
			continue
		}
		h := int(p.group)
		if counts[h*c.k+t] > 0 && c.m.groups[h].eff[s] > 0 {
			return h
		}
		return -1
	}
	return -1
}

// retry moves one head of group g from skill s to t and, unless h is -1, one of group h
// from t to s, if the temperature lets it. It returns what that costs.
func (c *cover) retry(w *regrouper, slot, g, h, s, t int, temp float64) (float64, bool) {
	counts, z, cost := c.counts(slot), c.levels(slot), c.prices(slot)
	zs, zt := z[s]-c.m.groups[g].eff[s], z[t]+c.m.groups[g].eff[t]
	if h >= 0 {
		zs, zt = zs+c.m.groups[h].eff[s], zt-c.m.groups[h].eff[t]
		if zs == z[s] && zt == z[t] {
			return 0, false
		}
	}
	d := cost[s].at(zs) - cost[s].at(z[s]) + cost[t].at(zt) - cost[t].at(z[t])
	if d > 0 && d > -temp*math.Log(1-w.rng.Float64()) {
		return 0, false
	}
	move := func(g, from, to int) {
		if counts[g*c.k+to] == 0 {
			w.places = append(w.places, place{int16(g), int16(to)})
		}
		counts[g*c.k+from]--
		counts[g*c.k+to]++
	}
	move(g, s, t)
	if h >= 0 {
		move(h, t, s)
	}
	z[s], z[t] = zs, zt
	return d, true
}

// countMovers counts anew who could make which move in a slot.
func (c *cover) countMovers(slot int) {
	counts, pop := c.counts(slot), c.movers(slot)
	clear(pop)
	for g := range c.m.groups {
		for _, s := range c.m.groups[g].skills {
			for _, i := range c.m.classesOf[g*c.k+s] {
				pop[i] += counts[g*c.k+s]
			}
		}
	}
}

// regroupDay regroups the slots of a day, and makes what chains and exchanges still bring.
func (l *lane) regroupDay(ctx context.Context, d int) {
	c := l.cov
	if c.m.uniform {
		return
	}
	for slot := int(l.relay.spans[d].from); slot < int(l.relay.spans[d].to) && ctx.Err() == nil; slot++ {
		c.regroup(&l.group, slot, regroupEach)
		c.tidySlot(slot)
	}
}
