package roster

// RulesOf returns the rule set of an agent; false when its name is not known.
func (p *Problem) RulesOf(a *Agent) (Rules, bool) { return p.rulesOf(a) }
