package roster

// RulesOf returns the rule set of an agent; false when its name is not known.
func (p *Problem) RulesOf(a *Agent) (Rules, bool) { return p.rulesOf(a) }

// Adds returns the violations of one agent that a changed roster has and the
// roster before did not.
func Adds(p *Problem, agent string, before, after Roster) []Violation {
	one := *p
	one.Agents, one.Availability = nil, nil
	for i := range p.Agents {
		if p.Agents[i].ID == agent {
			one.Agents = p.Agents[i : i+1]
		}
	}
	for _, v := range p.Availability {
		if v.Agent == agent {
			one.Availability = append(one.Availability, v)
		}
	}
	return newViolations(Check(&one, before.of(agent)), Check(&one, after.of(agent)))
}

// NewViolations returns the violations that are not among the old ones.
func NewViolations(old, now []Violation) []Violation { return newViolations(old, now) }

// of returns the shifts of one agent.
func (r Roster) of(agent string) Roster {
	var out Roster
	for _, a := range r.Assignments {
		if a.Agent == agent {
			out.Assignments = append(out.Assignments, a)
		}
	}
	return out
}
