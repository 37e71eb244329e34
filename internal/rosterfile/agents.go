package rosterfile

import (
	"fmt"
	"math"
	"strings"

	"kcc/internal/tabular"
	"kcc/roster"
)

// Agents reads agents.csv: id, contract_hours and skills, and optionally name,
// team, min_hours, max_hours, hours_period, max_days_per_week, valid_from,
// valid_to, acd_id, cost_per_hour, rule_set, pattern, pattern_from, notes.
func Agents(r *tabular.Reader) ([]roster.Agent, error) {
	c, err := columns(r, "id|agent", "contract_hours", "skills|skill")
	if err != nil {
		return nil, err
	}
	c.Alias("id", "agent")
	c.Alias("skills", "skill")
	var out []roster.Agent
	line := map[string]int{}
	err = rows(c, func() {
		a := agent(c)
		if n, twice := line[a.ID]; twice {
			c.Fail("id", fmt.Sprintf("an id that is not used before (line %d)", n))
		}
		line[a.ID] = c.Line()
		out = append(out, a)
	})
	if err == nil && len(out) == 0 {
		err = fmt.Errorf("%s: there are no agents in it", r.Name())
	}
	return out, err
}

func agent(c *tabular.Columns) roster.Agent {
	a := person(c)
	contract(c, &a)
	a.Skills = skills(c)
	return a
}

// person reads who an agent is.
func person(c *tabular.Columns) roster.Agent {
	a := roster.Agent{
		ID: c.Text("id"), Name: c.Text("name"), Team: c.Text("team"),
		ACD: c.Text("acd_id"), RuleSet: c.Text("rule_set"), Notes: c.Text("notes"),
	}
	if a.ID == "" {
		c.Fail("id", "the id of an agent")
	}
	if v := c.Float("cost_per_hour"); !math.IsNaN(v) {
		a.CostPerHour = v
	}
	return a
}

// contract reads hours and days of an agent.
func contract(c *tabular.Columns, a *roster.Agent) {
	var ok bool
	if a.Contract, ok = hours(c, "contract_hours"); !ok {
		c.Fail("contract_hours", "contract hours, such as 36")
	}
	a.Min, a.HasMin = hours(c, "min_hours")
	a.Max, a.HasMax = hours(c, "max_hours")
	if a.HasMin && a.HasMax && a.Min > a.Max {
		c.Fail("min_hours", "at most max_hours")
	}
	switch strings.ToLower(c.Text("hours_period")) {
	case "", "week", "w", "1w":
		a.Period = roster.PerWeek
	case "4w", "4weeks", "4 weeks", "4weken", "4 weken", "four_weeks":
		a.Period = roster.PerFour
	case "year", "y", "jaar":
		a.Period = roster.PerYear
	default:
		c.Fail("hours_period", "week, 4w or year")
	}
	if n, ok := c.Int("max_days_per_week"); ok {
		if n < 1 || n > 7 {
			c.Fail("max_days_per_week", "1 to 7")
		}
		a.MaxDaysPerWeek = n
	}
	a.Pattern = c.Text("pattern")
	a.PatternFrom, a.HasPatternFrom = c.Date("pattern_from")
	a.ValidFrom, a.HasFrom = c.Date("valid_from")
	a.ValidTo, a.HasTo = c.Date("valid_to")
	if a.HasFrom && a.HasTo && a.ValidTo < a.ValidFrom {
		c.Fail("valid_to", "a day on or after "+a.ValidFrom.String())
	}
}

// skills reads skills such as phone;chat:0.8.
func skills(c *tabular.Columns) (out []roster.Skill) {
	for _, part := range list(c.Text("skills")) {
		name, eff, found := strings.Cut(part, ":")
		s := roster.Skill{Name: strings.TrimSpace(name), Efficiency: 1}
		if found {
			v, err := tabular.ParseNumber(eff)
			if err != nil || v <= 0 || v > maxEfficiency || math.IsNaN(v) {
				c.Fail("skills", "skills such as phone;chat:0.8, with efficiencies above 0")
			} else {
				s.Efficiency = v
			}
		}
		out = append(out, s)
	}
	return out
}

// maxEfficiency is the fastest that an agent can be beside a full agent.
const maxEfficiency = 2
