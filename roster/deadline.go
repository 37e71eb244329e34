package roster

import (
	"context"
	"time"
)

// A deadline ends the search. What comes after the bound, the dive from its prices, makes the
// roster good: where the time is short for both, the bound gets less than half of it, and the dive
// goes as fast as it must.

// hurry divides the time up to a deadline; without one it does nothing.
type hurry struct {
	begin, until, end time.Time // of the bound, and of all
	rounds            int       // of the ascent that were made
	hurried           bool      // less was done than the effort asks for
}

const (
	hurryBound = 0.45 // part of the time that the bound may take
	hurryDive  = 0.8  // part of what is then left that the dive may take
)

func newHurry(ctx context.Context) (h hurry) {
	if end, ok := ctx.Deadline(); ok {
		h.begin, h.end = time.Now(), end
		h.until = h.begin.Add(time.Duration(hurryBound * float64(end.Sub(h.begin))))
	}
	return h
}

// enough reports after each round of the ascent whether its time is over.
func (h *hurry) enough() bool {
	h.rounds++
	if !h.end.IsZero() && time.Now().After(h.until) {
		h.hurried = true
	}
	return h.hurried
}

// effort returns the effort of a dive for which there is time. A dive takes at most as long as
// all rounds of the ascent.
func (h *hurry) effort(asked, rounds int) int {
	if h.end.IsZero() || h.rounds == 0 {
		return asked
	}
	takes := time.Since(h.begin).Seconds() / float64(h.rounds) * float64(rounds)
	if room := hurryDive * time.Until(h.end).Seconds(); takes > room {
		h.hurried = true
		return max(1, int(float64(asked)*room/takes))
	}
	return asked
}

// leaveTimeForSkills returns the context of the search: where ctx has a deadline, it ends
// so much earlier that the skills can be given out with few changes, by a tenth of the
// time at most.
func (m *model) leaveTimeForSkills(ctx context.Context) (context.Context, context.CancelFunc) {
	end, ok := ctx.Deadline()
	if !ok || m.w.SkillChange == 0 {
		return context.WithCancel(ctx)
	}
	able := 0 // to serve one skill or another
	for i := range m.agents {
		if g := m.agents[i].group; g >= 0 && len(m.groups[g].skills) > 1 {
			able++
		}
	}
	need := skillTime * time.Duration(able*m.p.Days)
	return context.WithDeadline(ctx, end.Add(-min(need, time.Until(end)/10)))
}

// skillTime is what newSkills takes for a day of an agent on one core.
const skillTime = 200 * time.Microsecond
