package erlang

import "math"

// Prices turn staffing into money.
type Prices struct {
	WageHour float64 // of an agent, per hour present
	WaitHour float64 // of a customer waiting, per hour
	Abandon  float64 // of a customer who leaves, each

	// A partner takes contacts over, per contact; 0 means that there is none.
	Partner      float64
	PartnerShare float64 // largest share of the contacts that the partner takes; 0 means all
	// A flexible layer may be called in on top of the regular agents.
	FlexHour float64 // per agent and hour; 0 means that there is none
	Regular  int     // regular agents at most, where there is a flexible layer
	FlexMax  int     // flexible agents at most; 0 means any number
}

// CostPlan is the least costly way to serve a load for an hour.
type CostPlan struct {
	Agents  int     // regular
	Flex    int     // flexible
	Partner float64 // share of the contacts that goes to the partner
	PerHour float64 // total cost of an hour
	Result  Result  // of the contacts that stay
}

// costSteps is the fineness with which the share of a partner is tried.
const costSteps = 20

// LeastCost returns the agents with the least cost of wages, waiting and lost
// customers. The cost is convex in the agents: it is followed down from the
// first stable number until it rises. With a partner the share that goes there is
// tried in steps of 5 %.
func LeastCost(w WhatIf, p Prices) CostPlan {
	best := CostPlan{PerHour: math.Inf(1)}
	steps, most := 0, 0.0
	if p.Partner > 0 {
		steps, most = costSteps, p.PartnerShare
		if most <= 0 || most > 1 {
			most = 1
		}
	}
	rate := 0.0
	if w.AHT > 0 {
		rate = 3600 * w.Load / w.AHT
	}
	for i := range steps + 1 {
		away := 0.0
		if steps > 0 {
			away = most * float64(i) / float64(steps)
		}
		kept := w
		kept.Load *= 1 - away
		c := p.cheapest(kept, rate*(1-away))
		c.Partner = away
		c.PerHour += away * rate * p.Partner
		if c.PerHour < best.PerHour {
			best = c
		}
	}
	return best
}

// cheapest finds the number of agents for the contacts that stay.
func (p Prices) cheapest(w WhatIf, rate float64) CostPlan {
	st := newStation(w.Load, w.AHT, w.Settings)
	cost := func(n int) CostPlan {
		c := CostPlan{Agents: n}
		wage := p.WageHour * float64(n)
		if p.FlexHour > 0 && n > p.Regular {
			c.Agents, c.Flex = p.Regular, n-p.Regular
			wage = p.WageHour*float64(p.Regular) + p.FlexHour*float64(c.Flex)
			if p.FlexMax > 0 && c.Flex > p.FlexMax {
				c.PerHour = math.Inf(1)
				return c
			}
		}
		c.Result = st.at(float64(n), 1)
		c.PerHour = wage
		if w.Load > 0 {
			c.PerHour += p.WaitHour*c.Result.Queue + p.Abandon*rate*c.Result.PAbandon
			if c.Result.Status != OK || math.IsNaN(c.PerHour) {
				c.PerHour = math.Inf(1)
			}
		}
		return c
	}
	best := cost(w.Settings.Minimum)
	limit := int(w.Load*2+20*math.Sqrt(w.Load)) + 20 + w.Settings.Minimum
	rising := 0
	for n := w.Settings.Minimum + 1; n <= limit && rising < 3; n++ {
		switch c := cost(n); {
		case c.PerHour < best.PerHour:
			best, rising = c, 0
		case !math.IsInf(best.PerHour, 1):
			rising++
		}
	}
	return best
}
