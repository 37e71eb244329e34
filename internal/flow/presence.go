package flow

import (
	"context"

	"kcc/roster"
)

// withPresence changes a roster so that those who must be there are, as far as
// that can be, and reports what cannot.
func withPresence(ctx context.Context, p *roster.Problem, res *roster.Result) (*roster.Result, error) {
	r, n, err := roster.EnsurePresence(ctx, p, res.Roster, p.Presence)
	if err != nil {
		return nil, err
	}
	if n > 0 {
		better, err := roster.Evaluate(p, r)
		if err != nil {
			return nil, err
		}
		better.Bound, better.Gap, better.GapWithCalm = res.Bound, res.Gap, res.GapWithCalm
		better.Prices, better.Shortfalls = res.Prices, res.Shortfalls
		better.Seed, better.Effort, better.Iterations, better.Stopped = res.Seed, res.Effort, res.Iterations, res.Stopped
		better.Notes = append(res.Notes, roster.ShiftsChanged(n))
		for i := range better.Roster.Assignments { // judging locks every shift
			better.Roster.Assignments[i].Locked = false
		}
		for _, c := range p.Locked {
			for i := range better.Roster.Assignments {
				if a := &better.Roster.Assignments[i]; a.Agent == c.Agent && a.Date == c.Date {
					a.Locked = true
				}
			}
		}
		res = better
	}
	res.Violations = append(res.Violations, roster.CheckPresence(p, res.Roster, p.Presence)...)
	return res, nil
}
