package bench

import (
	"context"
	"math/rand/v2"
)

// softWindows solves problems with soft rules group by group, all of its days when the exact master has room
// for them (unless that is done), else in windows of as many weeks as it has, from the last to the first with
// half a window's overlap. One pass is enough: smaller parts find more then.
func (c *crew) softWindows(ctx context.Context, s, best *state, d *dual, guide []float64, done bool, clk *clock, until float64, rng *rand.Rand, progress func()) {
	p := c.p
	touched := make([]bool, p.staff)
	for _, g := range p.groups() {
		length := min(max((windowRows-len(g.staff))/g.types/14, 1)*14, p.days)
		if length == p.days && done {
			continue
		}
		for from := p.days - length; from+length/2 > 0; from -= length / 2 {
			if ctx.Err() != nil || best.cost <= d.goal() || clk.part() >= until {
				return
			}
			t := part{staff: g.staff, from: max(from, 0), to: min(from+length, p.days), seed: rng.Uint64()}
			c.window(ctx, s, best, &t, touched, guide, clk, progress)
			if length == p.days {
				break
			}
		}
	}
}

// windowRows is the number of rows of the master that a window may have: larger ones take far longer and
// end no better.
const windowRows = 450
