package bench

import "time"

// clock says how far the search is, by elapsed time or by work done.
type clock struct {
	elapsed func() time.Duration
	limit   time.Duration // 0: by work
	steps   int64         // work allowed
	done    int64         // work done
}

// stepsPerEffort is the work of one unit of effort, about a tenth of a second on
// one core.
const stepsPerEffort = 50_000_000

// newClock returns the clock of opt: work when effort is given, else time. With
// both, work counts and the time is a ceiling that the context keeps.
func newClock(opt Options) *clock {
	start := time.Now()
	c := &clock{elapsed: func() time.Duration { return time.Since(start) }}
	if opt.Effort > 0 {
		c.steps = int64(opt.Effort) * stepsPerEffort
	} else {
		c.limit = opt.TimeLimit
	}
	return c
}

// part returns how much of the clock is gone, 0..1 and above.
func (c *clock) part() float64 {
	if c.limit > 0 {
		return float64(c.elapsed()) / float64(c.limit)
	}
	return float64(c.done) / float64(c.steps)
}

// ahead returns the part of the clock at which a share of what is left now is gone.
func (c *clock) ahead(share float64) float64 {
	at := c.part()
	return at + share*max(1-at, 0)
}

// total returns the work that fits into the clock, by effort or about.
func (c *clock) total() float64 {
	if c.limit > 0 {
		return c.limit.Seconds() * 10 * stepsPerEffort
	}
	return float64(c.steps)
}
