package bench

import (
	"context"
	"math"
	"math/rand/v2"
)

// rounds begins again from a new roster, made by anew, when parts gain nothing any more, as often as the clock allows until
// its part reaches until, and leaves the best of all in best. Parts are proved to be the best of their kind then, and what
// a dive has done wrong in the large only another dive puts right. The first round goes on from s, for which the search has worked
// since begun.
func (c *crew) rounds(ctx context.Context, s, best *state, goal int64, guide []float64, clk *clock, begun int64, until float64, rng *rand.Rand, progress func(), anew func(s, own *state)) {
	own := c.p.newState(best.roster())
	better := func() {
		if own.cost < best.cost {
			best.copyFrom(own)
			progress()
		}
	}
	for {
		last := &patience{begun: begun, gained: clk.done, least: int64(max(leastPatience, patienceShare*clk.total()))}
		c.polish(ctx, s, own, goal, guide, clk, until, last, rng, better)
		if ctx.Err() != nil || best.cost <= goal || clk.part() >= until {
			break
		}
		begun = clk.done
		anew(s, own)
		better()
	}
	s.copyFrom(best)
}

// patience says when a round has gained nothing for too long: half of what it took to its last gain, and some.
type patience struct {
	begun, gained int64 // work of the clock at the beginning and at the last gain
	least         int64
}

// over reports whether a new round is better than going on: not where the clock leaves less than this one has had.
func (q *patience) over(clk *clock, until float64) bool {
	return q != nil && clk.done-q.gained > (q.gained-q.begun)/2+q.least &&
		clk.part()+float64(clk.done-q.begun)/clk.total() < until
}

const (
	leastPatience = 20 * stepsPerEffort
	patienceShare = 0.05 // of the whole clock
)

// diveAnew makes s by a dive of every group, from s with prices guide.
func (c *crew) diveAnew(ctx context.Context, s, own *state, guide []float64, clk *clock, rng *rand.Rand) {
	p := c.p
	for _, g := range p.groups() {
		t := part{staff: g.staff, to: p.days, seed: rng.Uint64(), fresh: true}
		c.workers[0].solveWith(ctx, c.workers, p, s, &t, guide, rootRounds)
		clk.done += t.steps
		if !t.found {
			continue
		}
		r := Roster(s.lines).Clone()
		for k, e := range t.staff {
			copy(r[e], t.lines[k])
		}
		s.copyFrom(p.newState(r))
	}
	own.copyFrom(s)
}

// anyCost is more than any roster costs.
const anyCost = math.MaxInt64 / 4
