package bench

import (
	"math"
	"math/rand/v2"

	"kcc/roster/line"
)

// swaps tries n times to exchange a stretch of days between two employees. Cover
// does not change, so that such moves go on when the temperature is too low for
// any detour over a shift left open.
func (c *crew) swaps(s *state, n int, temp float64, rng *rand.Rand) (steps int64) {
	p, w := c.p, c.workers[0]
	if p.staff < 2 {
		return 0
	}
	for range n {
		a, b := rng.IntN(p.staff), rng.IntN(p.staff-1)
		if b >= a {
			b++
		}
		// Lengths 1, 2, 3 .. with falling chance, up to the whole period.
		length := min(int(1/(1-rng.Float64())), p.days)
		if u := rng.IntN(2); u == 0 {
			length = min(1+rng.IntN(14), p.days)
		}
		from := rng.IntN(p.days - length + 1)
		la, lb := s.lines[a][from:from+length], s.lines[b][from:from+length]
		delta, ok := p.exchange(a, b, from, la, lb)
		if !ok {
			continue
		}
		steps += int64(length)
		limit := int64(-temp * math.Log(1-rng.Float64())) // accept up to this change
		if p.soft == nil && delta > limit {
			continue
		}
		steps += trySteps * int64(p.days)
		if p.soft != nil {
			steps += softSteps * int64(p.days)
		}
		before := p.penalty(a, s.lines[a], w) + p.penalty(b, s.lines[b], w)
		exchangeDays(la, lb)
		if p.soft != nil {
			delta += p.penalty(a, s.lines[a], w) + p.penalty(b, s.lines[b], w) - before
			ok = delta <= limit
		} else {
			ok = p.models[a].Keeps(s.lines[a]) && p.models[b].Keeps(s.lines[b])
		}
		if !ok {
			exchangeDays(la, lb)
			continue
		}
		s.cost += delta
	}
	return steps
}

// What trying an exchange costs per day, in elementary steps, under hard rules and how
// much more under soft ones.
const (
	trySteps  = 4
	softSteps = 16
)

// exchange returns the change in the cost of requests when a and b swap days, and
// false when they are the same or one may not do what the other does.
func (p *problem) exchange(a, b, from int, la, lb []int16) (delta int64, ok bool) {
	for i := range la {
		if la[i] == lb[i] {
			continue
		}
		ok = true
		first := (from + i) * p.types
		if t := la[i]; t != Off {
			there := p.wish[b][first+int(t)]
			if there >= line.Never/2 {
				return 0, false
			}
			delta += int64(there - p.wish[a][first+int(t)])
		}
		if t := lb[i]; t != Off {
			there := p.wish[a][first+int(t)]
			if there >= line.Never/2 {
				return 0, false
			}
			delta += int64(there - p.wish[b][first+int(t)])
		}
	}
	return delta, ok
}

func exchangeDays(a, b []int16) {
	for i := range a {
		a[i], b[i] = b[i], a[i]
	}
}
