package flow

import (
	"cmp"
	"slices"
	"time"

	"kcc/erlang"
	"kcc/internal/calendar"
	"kcc/internal/centre"
	"kcc/internal/rosterfile"
	"kcc/roster"
)

// Team is what a roster is made of beside the requirement: people, their
// availability, the shift catalogue, and what was worked before.
type Team struct {
	Agents       []roster.Agent
	Availability []roster.Availability
	Shifts       []roster.Shift
	History      []roster.Assignment
	Locked       []roster.Cell
	Rules        map[string]roster.Rules
	Presence     []roster.Presence
	Meetings     []roster.Meeting // to be placed in the roster that is made
	Patterns     []roster.Pattern
	Fairness     rosterfile.Fairness
	SkillChange  float64 // price of a change of skill, as roster.Weights.SkillChange
}

// SetRules gives the team a rule book. Agents that name no rule set get its
// default.
func (t *Team) SetRules(book rosterfile.RuleBook) {
	t.Rules, t.Presence, t.Fairness, t.SkillChange = book.Sets, book.Presence, book.Fairness, book.SkillChange
	for i := range t.Agents {
		if t.Agents[i].RuleSet == "" {
			t.Agents[i].RuleSet = book.Default
		}
	}
}

// rosterStep is the grid of rosters: shifts and breaks start on quarters.
const rosterStep = 15 * time.Minute

// ProblemOf builds the roster problem of some days.
func ProblemOf(c *centre.Centre, team Team, reqs []erlang.Requirement, first calendar.Date, days int) roster.Problem {
	p := roster.Problem{
		Zone: c.Zone, First: first, Days: days, Step: min(rosterStep, c.Interval),
		Agents: team.Agents, Availability: team.Availability, Shifts: team.Shifts,
		History: team.History, Locked: team.Locked, Rules: team.Rules, Presence: team.Presence, Patterns: team.Patterns,
	}
	team.Fairness.Apply(&p)
	p.Weights.SkillChange = team.SkillChange
	p.Holidays = holidaysOf(c, first.Add(-fairDays), p.Last())
	if !team.Fairness.Plain {
		p.OwnDays = append(p.OwnDays, specialDays(c)...)
	}
	p.Demand = demandOf(&p, reqs)
	for _, d := range p.Demand {
		if !slices.Contains(p.Skills, d.Skill) {
			p.Skills = append(p.Skills, d.Skill)
		}
	}
	slices.SortFunc(p.Skills, cmp.Compare)
	return p
}

// fairDays is how far back shifts on holidays are counted.
const fairDays = 52 * 7

// specialDays lists the days on which the whole centre is closed or has other hours
// than its weekday, for a week at most: who works then has as much of a day off
// to make up for as on a public holiday. Longer spans are seasons.
func specialDays(c *centre.Centre) (out []calendar.Date) {
	const longest = 7
	for _, list := range [][]centre.Day{c.Closed, c.Special} {
		for _, d := range list {
			if d.Channel != "" || d.To-d.From >= longest {
				continue
			}
			for day := d.From; day <= d.To; day++ {
				out = append(out, day)
			}
		}
	}
	return out
}

// holidaysOf lists the public holidays of the centre in some days.
func holidaysOf(c *centre.Centre, from, to calendar.Date) []calendar.Date {
	out := []calendar.Date{} // none, not the default ones
	h := c.PublicHolidays()
	if h == nil {
		return out
	}
	for y := from.Year(); y <= to.Year(); y++ {
		for _, x := range h.Year(y) {
			// Good Friday is an ordinary day unless the centre says otherwise.
			if x.Date >= from && x.Date <= to && (x.Key != "good_friday" || x.Setting != calendar.Open) {
				out = append(out, x.Date)
			}
		}
	}
	return out
}
