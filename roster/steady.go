package roster

// An agent who could serve several skills should not change skill every quarter of
// an hour for nothing. Whoever was there in the slot before starts with the skill
// served then; agents move to another one only where that is worth more than
// Weights.SkillChange. What comes out replaces the counts of the cover where
// it is no worse than they are, changes priced.

// steady gives skills to the agents of one slot, nearest to those of the slot
// before, and puts them into out and the cover. It reports false, with nothing
// done, where the skills by the cover's counts are better.
func (m *model) steady(cov *cover, t int, agents []int32, last []int8, named []int8) bool {
	if len(cov.m.classes) == 0 {
		return false
	}
	price := m.w.SkillChange * m.scale
	cost := cov.prices(t)
	var z [maxSkills]float64
	total := 0.0
	skill := make([]int8, len(agents))
	for i, a := range agents { // as they were; newcomers as the cover has them
		s := last[a]
		if s < 0 {
			s = named[i]
		}
		skill[i] = s
		z[s] += m.groups[m.agents[a].group].eff[s]
	}
	change := func(a int32, s int8) float64 {
		if last[a] >= 0 && last[a] != s {
			return price
		}
		return 0
	}
	for range maxSteady * len(agents) {
		best, who, to := -coverEps, -1, int8(0)
		for i, a := range agents {
			gr := &m.groups[m.agents[a].group]
			s := skill[i]
			out := cost[s].at(z[s]-gr.eff[s]) - cost[s].at(z[s]) - change(a, s)
			for _, x := range gr.skills {
				if int8(x) == s {
					continue
				}
				if d := out + cost[x].at(z[x]+gr.eff[x]) - cost[x].at(z[x]) + change(a, int8(x)); d < best {
					best, who, to = d, i, int8(x)
				}
			}
		}
		if who < 0 {
			break
		}
		eff := m.groups[m.agents[agents[who]].group].eff
		z[skill[who]] -= eff[skill[who]]
		z[to] += eff[to]
		skill[who] = to
	}
	old := 0.0
	for s := range cov.k {
		total += cost[s].at(round6(z[s]))
		old += cost[s].at(round6(cov.levels(t)[s]))
	}
	for i, a := range agents {
		total += change(a, skill[i])
		old += change(a, named[i])
	}
	if total >= old-coverEps {
		return false
	}
	cov.touch(t)
	for i, a := range agents {
		if g := m.agents[a].group; skill[i] != named[i] {
			cov.shift(t, g, int(named[i]), int(skill[i]))
			named[i] = skill[i]
		}
	}
	return true
}

// maxSteady bounds the moves per agent in one slot.
const maxSteady = 2
