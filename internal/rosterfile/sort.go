package rosterfile

import (
	"cmp"
	"slices"

	"kcc/roster"
)

// Sort puts a roster in its order: by agent as in the problem, then by day.
func Sort(p *roster.Problem, r *roster.Roster) {
	order := map[string]int{}
	for i := range p.Agents {
		order[p.Agents[i].ID] = i
	}
	slices.SortStableFunc(r.Assignments, func(a, b roster.Assignment) int {
		return cmp.Or(cmp.Compare(order[a.Agent], order[b.Agent]), cmp.Compare(a.Date, b.Date))
	})
}
