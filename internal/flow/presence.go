package flow

import (
	"context"
	"slices"

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
		better.TakeSearch(res)
		better.Shortfalls = res.Shortfalls
		better.Notes = append(slices.Clone(res.Notes), roster.ShiftsChanged(n))
		res = better
	}
	res.Violations = append(res.Violations, roster.CheckPresence(p, res.Roster, p.Presence)...)
	return res, nil
}
