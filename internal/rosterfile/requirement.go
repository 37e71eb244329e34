package rosterfile

import (
	"fmt"
	"math"
	"time"

	"kcc/internal/tabular"
)

// Requirement is one row of requirement.csv: the agents wanted for a skill in an
// interval, unplanned absence included.
type Requirement struct {
	Start time.Time
	Step  time.Duration
	Skill string
	Need  float64
}

// Requirements reads requirement.csv: start, interval_s, skill (else channel),
// and as demand rostered_fractional, else rostered, else agents. A missing
// interval is that between the first two starts.
func Requirements(r *tabular.Reader, zone *time.Location) ([]Requirement, error) {
	c, err := tabular.NewColumns(r, "start", "rostered_fractional|rostered|agents")
	if err != nil {
		return nil, err
	}
	c.Alias("skill", "channel")
	demand := "agents"
	for _, name := range []string{"rostered", "rostered_fractional"} {
		if c.Has(name) {
			demand = name
		}
	}
	var out []Requirement
	empty := 0
	err = rows(c, func() {
		q := Requirement{Start: c.Time("start", zone), Skill: c.Text("skill")}
		if q.Start.IsZero() && c.RowErr() == nil {
			c.Fail("start", "a time such as 2026-11-30 08:15")
		}
		if q.Skill == "" {
			q.Skill = defaultSkill
		}
		if d, ok := c.Seconds("interval_s"); ok {
			if q.Step = d; d <= 0 || d%time.Minute != 0 {
				c.Fail("interval_s", "whole minutes in seconds, such as 900")
			}
		}
		q.Need = c.Float(demand)
		switch {
		case math.IsNaN(q.Need):
			empty++ // an interval that no number of agents can serve
			return
		case q.Need < 0 || math.IsInf(q.Need, 0):
			c.Fail(demand, "a number of agents")
		}
		out = append(out, q)
	})
	if err != nil {
		return nil, err
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: there is no requirement in it", r.Name())
	}
	step := guessStep(out)
	for i := range out {
		if out[i].Step == 0 {
			out[i].Step = step
		}
	}
	return out, nil
}

// defaultSkill is the skill of a requirement without one.
const defaultSkill = "phone"

// guessStep returns the shortest time between starts.
func guessStep(rs []Requirement) time.Duration {
	best := time.Duration(0)
	for i := 1; i < len(rs); i++ {
		if d := rs[i].Start.Sub(rs[i-1].Start); d > 0 && (best == 0 || d < best) {
			best = d
		}
	}
	if best == 0 || best > time.Hour {
		best = 15 * time.Minute
	}
	return best
}
