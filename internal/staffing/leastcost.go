package staffing

import (
	"math"

	"kcc/erlang"
)

// leastCost sizes a row for the least cost. With a certainty the volume is the one
// that is not exceeded with it.
func (s *staff) leastCost(row *staffRow, load float64) figures {
	f := figures{plain: row.load()}
	if m := row.settings.Formula(); m == erlang.ModelDeadline || m == erlang.ModelFixed {
		f.req = erlang.Require(row.interval, load, row.settings, s.opt.Plan)
		return s.priced(f, row.channel)
	}
	prices := s.opt.Prices(row.channel)
	w := erlang.WhatIf{Load: load * s.opt.Plan.HighVolume(row.channel), AHT: row.interval.AHT, Settings: row.settings}
	c := erlang.LeastCost(w, *prices)
	f.cost = &c
	if c.Status != erlang.OK {
		f.req = erlang.Requirement{
			Start: row.interval.Start, Step: row.interval.Step, Erlangs: load, Status: c.Status,
			Fractional: math.NaN(), RosteredFractional: math.NaN(), Result: erlang.Result{Model: row.settings.Formula()},
		}
		return f
	}
	fixed := int(math.Ceil(math.Max(0, row.interval.Fixed) - 1e-9))
	f.req = erlang.RequireAgents(row.interval, load, row.settings, s.opt.Plan, c.Agents+fixed)
	f.req.Status = erlang.OK
	f.req.Result = c.Result
	f.req.Fractional = float64(f.req.Agents) // the least cost is at a whole number
	_, f.req.RosteredFractional = erlang.Gross(f.req.Fractional, row.settings.Unplanned)
	c.Wages += prices.WageHour * float64(f.req.Agents-c.Agents) // fixed work is paid too
	c.PerHour += prices.WageHour * float64(f.req.Agents-c.Agents)
	return f
}

// priced adds the wages to a row whose agents do not follow from the prices.
func (s *staff) priced(f figures, channel string) figures {
	wages := s.opt.Prices(channel).WageHour * float64(f.req.Agents)
	f.cost = &erlang.CostPlan{Status: f.req.Status, Agents: f.req.Agents, Wages: wages, PerHour: wages}
	return f
}

// costOf returns the cost of h hours.
func costOf(c *erlang.CostPlan, h float64) Cost {
	return Cost{Wages: h * c.Wages, Waiting: h * c.Waiting, Lost: h * c.Lost, Overflow: h * c.Overflow, Lines: h * c.LineRent}
}
