package roster

import (
	"cmp"
	"slices"
)

// OpenGap is a stretch in which a skill is short.
type OpenGap struct {
	Gap
	Short float64 // agent-hours
}

// openLeast is the smallest part of an agent whose absence makes a gap.
const openLeast = 0.25

// OpenGaps lists the stretches of a judged roster in which a skill is short of a
// quarter of an agent or more without a pause, the largest first, at most most.
func OpenGaps(res *Result, most int) []OpenGap {
	last := map[string]int{} // the stretch that is open, per skill
	var out []OpenGap
	for _, c := range res.Coverage {
		gap := c.Need - c.Present
		i, open := last[c.Skill]
		if gap < openLeast {
			delete(last, c.Skill)
			continue
		}
		end := c.Start.Add(c.Step)
		if !open || !out[i].To.Equal(c.Start) {
			i = len(out)
			out = append(out, OpenGap{Gap: Gap{From: c.Start, Skill: c.Skill}})
			last[c.Skill] = i
		}
		out[i].To = end
		out[i].Short += gap * c.Step.Hours()
	}
	slices.SortStableFunc(out, func(a, b OpenGap) int { return cmp.Compare(b.Short, a.Short) })
	return out[:min(len(out), most)]
}
