package roster

import (
	"math"
	"slices"
	"time"
)

// roster names the shifts, breaks and skills of the plans; without skills nobody serves any, but
// who is locked.
func (m *model) roster(who served, plans []*plan) Roster {
	var r Roster
	for a, p := range plans {
		ma := &m.agents[a]
		for d, i := range p.opts {
			if i == noOption {
				continue
			}
			var skills []int8
			if who.skill != nil && !who.kept[[2]int{a, d}] {
				skills = who.skill[a]
			}
			r.Assignments = append(r.Assignments, m.assignment(ma, d, i, p.brks[d], skills))
		}
	}
	return r
}

func (m *model) assignment(ma *mAgent, d int, i int32, brks []placed, skills []int8) Assignment {
	o := ma.option(d, i)
	if i < 0 {
		cell := ma.days[d].cell
		a := cell.Assignment
		a.Agent, a.Date, a.Locked = ma.a.ID, cell.Date, true
		if skills == nil { // who serves what is left as it was
			return a
		}
		plan := m.skillPlan(o, brks, skills)
		for i, s := range cell.Assignment.Plan {
			if _, away := s.Away(); away {
				end := a.End
				if i+1 < len(cell.Assignment.Plan) {
					end = cell.Assignment.Plan[i+1].Start
				}
				plan = withAway(plan, s, end, a.End)
			}
		}
		a.Plan = plan
		return a
	}
	a := Assignment{
		Agent: ma.a.ID, Date: m.p.First.Add(d), Shift: m.p.Shifts[o.shift].Name,
		Start: m.p.SlotStart(o.start).In(m.p.Zone), End: m.p.SlotStart(o.start + o.n).In(m.p.Zone),
	}
	for _, b := range brks {
		a.Breaks = append(a.Breaks, Break{Start: m.p.SlotStart(b.start).In(m.p.Zone), Length: time.Duration(b.n) * m.p.Step, Paid: b.paid})
	}
	slices.SortFunc(a.Breaks, func(x, y Break) int { return x.Start.Compare(y.Start) })
	a.Plan = m.skillPlan(o, brks, skills)
	return a
}

// skillPlan lists where the skill changes during a shift.
func (m *model) skillPlan(o *option, brks []placed, skills []int8) []SkillSpan {
	var out []SkillSpan
	last := int8(-1)
	for t := max(0, o.start); t < min(o.start+o.n, m.slots); t++ {
		if skills == nil || onBreak(brks, t) || skills[t] < 0 || skills[t] == last {
			continue
		}
		last = skills[t]
		out = append(out, SkillSpan{Start: m.p.SlotStart(t).In(m.p.Zone), Skill: m.skills[last]})
	}
	if len(out) > 0 && o.from%m.minutes == 0 {
		out[0].Start = m.p.SlotStart(o.start).In(m.p.Zone)
	}
	return out
}

// measure fills coverage, cost and hours of the result.
func (m *model) measure(res *Result, s *searcher) {
	cov := s.lanes[0].cov
	hasDemand := make([]bool, len(m.costs))
	k := len(m.skills)
	for i := range m.p.Demand {
		d := &m.p.Demand[i]
		if x := m.skill(d.Skill); x >= 0 && d.Slot >= 0 && d.Slot < m.slots {
			hasDemand[d.Slot*k+x] = true
		}
	}
	step := m.p.Step.Hours()
	for slot := range m.slots {
		for x := range k {
			c, z := &m.costs[slot*k+x], cov.z[slot*k+x]
			agents := 0
			for g := range m.groups {
				agents += int(cov.counts(slot)[g*k+x])
			}
			z = round6(z)
			cost := c.at(z)
			zMin, least := c.least(0, m.quantum)
			res.Cost.FullCost += least
			if z < zMin {
				res.Cost.Missing += cost - least
				res.Cost.Surplus += least
			} else {
				res.Cost.Surplus += cost
			}
			res.DemandHours += c.need * step
			res.WorkedHours += float64(agents) * step
			res.UnmetHours += math.Max(0, c.need-z) * step
			if hasDemand[slot*k+x] || agents > 0 {
				res.Coverage = append(res.Coverage, Coverage{
					Start: m.p.SlotStart(slot).In(m.p.Zone), Step: m.p.Step, Skill: m.skills[x],
					Need: c.need, Agents: agents, Present: z, Cost: cost,
				})
			}
		}
	}
	for i := range m.shiftD {
		sd := &m.shiftD[i]
		n := cov.count[i]
		cost := sd.d.Cost(float64(n))
		if float64(n) < sd.d.Need {
			res.Cost.Missing += cost
		} else {
			res.Cost.Surplus += cost
		}
		res.Shifts = append(res.Shifts, ShiftCoverage{Date: sd.d.Date, Shift: sd.d.Shift, Skill: sd.d.Skill, Need: sd.d.Need, Agents: n, Cost: cost})
	}
	for a, p := range s.plans {
		if m.agents[a].group < 0 {
			continue
		}
		h, w, x := m.ownParts(&m.agents[a], p.opts)
		whole, held := m.fairCost(&m.agents[a], p.opts)
		res.Cost.Hours += h
		res.Cost.Wishes += w - held
		res.Cost.Fair += whole
		res.Cost.Pattern += x
	}
	c := &res.Cost
	c.Total = c.Missing + c.Surplus + c.Hours + c.Wishes + c.Pattern + c.Fair
	res.Hours = HoursOf(m.p, res.Roster)
}

// round6 takes the rounding of sums of efficiencies away.
func round6(z float64) float64 { return math.Round(z*1e6) / 1e6 }

// HoursOf compares every agent's hours with the contract, per period.
func HoursOf(p *Problem, r Roster) []AgentHours {
	worked := map[string][]Assignment{}
	for _, a := range p.History {
		if a.Date < p.First {
			worked[a.Agent] = append(worked[a.Agent], a)
		}
	}
	for _, a := range r.Assignments {
		worked[a.Agent] = append(worked[a.Agent], a)
	}
	avail := map[string][]*Availability{}
	for i := range p.Availability {
		avail[p.Availability[i].Agent] = append(avail[p.Availability[i].Agent], &p.Availability[i])
	}
	asked := p.askedDays()
	var out []AgentHours
	for i := range p.Agents {
		id := p.Agents[i].ID
		out = append(out, p.ledger(&p.Agents[i], avail[id], asked, worked[id])...)
	}
	return out
}

// whyShort names what keeps an agent from its minimum hours in a period: the
// first restriction without which they would fit.
func (m *model) whyShort(s *searcher, h *AgentHours) Sentence {
	ma := m.agentByID(h.Agent)
	if ma == nil || ma.group < 0 {
		return say("the agent has none of the skills that are asked for")
	}
	period := -1
	for i, q := range ma.periods {
		if m.p.First.Add(q.from) == max(h.From, m.p.First) {
			period = i
		}
	}
	if period < 0 || len(ma.book.days) == 0 || ma.book.longest == 0 {
		return say("there is no shift that the agent can work")
	}
	need := ma.periods[period].min
	fits := func(x mAgent, loose bool) bool { return m.mostHours(s, &x, period, loose) >= need }
	if fits(*ma, false) {
		return say("the hours would fit, but other agreements of the roster stand in the way")
	}
	free := *ma
	free.days = make([]mDay, len(ma.days))
	days := 0
	for d := range free.days {
		if len(ma.days[d].private) > 0 {
			free.days[d] = ma.days[d]
		} else {
			free.days[d].all = true
		}
		if q := ma.periods[period]; d >= q.from && d <= q.to && (ma.days[d].all || len(ma.days[d].allow) > 0) {
			days++
		}
	}
	if fits(free, false) {
		return say("leave, availability, contract dates or fixed days leave only %s to work", dayCount(days))
	}
	week := *ma
	week.maxDays = 7
	if fits(week, false) {
		return say("the maximum of %s a week stands in the way", dayCount(ma.maxDays))
	}
	if fits(*ma, true) {
		return say("the rest rules of rule set %s stand in the way", ma.rules.Name)
	}
	return say("no combination of shift lengths within the maximum hours and days reaches it")
}

func dayCount(n int) Sentence {
	if n == 1 {
		return say("1 day")
	}
	return say("%d days", n)
}

// mostHours returns the most paid minutes that the agent could work in a period.
func (m *model) mostHours(s *searcher, ma *mAgent, period int, loose bool) int {
	l := s.lanes[0]
	links := newLinks(ma.book, loose)
	l.prog.evaluate(m, ma, make([]float64, m.slots), nil)
	opts := make([]int32, m.p.Days)
	l.prog.solve(m, ma, &links, nil, opts)
	sum := 0
	q := ma.periods[period]
	for d := q.from; d <= q.to; d++ {
		if opts[d] != noOption {
			sum += ma.option(d, opts[d]).paid
		}
	}
	return sum
}
