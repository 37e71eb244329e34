package flow

import (
	"cmp"
	"slices"
	"sort"
	"time"

	"kcc/erlang"
	"kcc/roster"
)

// demandOf turns requirements into the demand of a roster problem. A
// requirement that is longer than a slot holds for each of its slots, with its
// cost divided over them; requirements of several channels for one skill are
// added, their curves by infimal convolution: the agents of a skill are put
// where they are worth most.
//
// Requirements outside the problem's days, those that no number of agents can
// keep, and intervals of deferrable work in which none is done are left out. The result is in order of slot, then skill.
func demandOf(p *roster.Problem, reqs []erlang.Requirement) []roster.Demand {
	type key struct {
		slot  int
		skill string
	}
	parts := map[key][]roster.Demand{}
	slots := p.Slots()
	for _, r := range reqs {
		idle := r.Result.Model == erlang.ModelDeadline && r.Rostered == 0
		if r.Status == erlang.Unreachable || idle {
			continue
		}
		need := r.RosteredFractional
		if need == 0 && r.Rostered > 0 {
			need = float64(r.Rostered)
		}
		first, last := p.SlotOf(r.Start), p.SlotOf(r.Start.Add(r.Step-time.Nanosecond))
		share := 1 / float64(max(1, last-first+1))
		for s := max(0, first); s <= last && s < slots; s++ {
			k := key{s, r.Skill}
			parts[k] = append(parts[k], roster.Demand{Slot: s, Skill: r.Skill, Need: need, Base: r.Base, Curve: r.Curve, Weight: share})
		}
	}
	out := make([]roster.Demand, 0, len(parts))
	for _, ds := range parts {
		out = append(out, addDemand(ds))
	}
	slices.SortFunc(out, func(a, b roster.Demand) int {
		return cmp.Or(cmp.Compare(a.Slot, b.Slot), cmp.Compare(a.Skill, b.Skill))
	})
	return out
}

// addDemand joins the demands of one slot and skill.
func addDemand(ds []roster.Demand) roster.Demand {
	if len(ds) == 1 {
		return ds[0]
	}
	sum := roster.Demand{Slot: ds[0].Slot, Skill: ds[0].Skill, Weight: 1}
	lowest := 0.0
	var slopes []float64
	for _, d := range ds {
		sum.Need += d.Need
		curve := d.Curve
		base := d.Base
		if len(curve) < 2 {
			base, curve = plainCurve(d.Need)
		}
		sum.Base += base
		lowest += d.Weight * curve[0]
		for i := 1; i < len(curve); i++ {
			slopes = append(slopes, d.Weight*(curve[i]-curve[i-1]))
		}
	}
	sort.Float64s(slopes)
	sum.Curve = make([]float64, len(slopes)+1)
	sum.Curve[0] = lowest
	for i, s := range slopes {
		sum.Curve[i+1] = sum.Curve[i] + s
	}
	return sum
}

// plainCurve is the cost of a demand that has no curve of its own, from nobody
// to one more than needed.
func plainCurve(need float64) (int, []float64) {
	d := roster.Demand{Need: need}
	n := int(need) + 2
	curve := make([]float64, n+1)
	for z := range curve {
		curve[z] = d.Cost(float64(z))
	}
	return 0, curve
}
