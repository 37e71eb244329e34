package roster

import (
	"slices"
	"testing"
	"time"

	"kcc/internal/calendar"
)

// TestEachPlainRule has for every rule that is no working-time rule (contract,
// catalogue, availability, locks) a roster that breaks just that rule, and the
// nearest one that does not.
func TestEachPlainRule(t *testing.T) {
	const h, m = time.Hour, time.Minute
	monday := calendar.NewDate(2026, time.November, 30)
	base := func() *Problem {
		p := ruleProblem(monday, 14, NoRules())
		p.Agents[0].Team = "front"
		p.Agents[0].Skills = append(p.Agents[0].Skills, Skill{Name: "b"})
		p.Skills = []string{"a", "b", "c"}
		p.Shifts = []Shift{
			{
				Name: "day", EarliestStart: 8 * 60, LatestStart: 9 * 60, Every: 30 * m, MinLength: 8 * h, MaxLength: 8*h + 30*m,
				Weekdays: [7]bool{false, true, true, true, true, true, false},
				Breaks:   []BreakTemplate{{Length: 30 * m, Earliest: 3 * h, Latest: 5 * h}},
			},
			{Name: "back", EarliestStart: 8 * 60, LatestStart: 8 * 60, MinLength: 4 * h, MaxLength: 4 * h, Teams: []string{"back"}},
			{Name: "expert", EarliestStart: 8 * 60, LatestStart: 8 * 60, MinLength: 4 * h, MaxLength: 4 * h, Skills: []string{"c", "d"}},
			{Name: "half", EarliestStart: 8 * 60, LatestStart: 8 * 60, MinLength: 4 * h, MaxLength: 4 * h},
		}
		for slot := 8 * 4; slot < p.Slots(); slot += 24 * 4 {
			p.Demand = append(p.Demand, Demand{Slot: slot, Skill: "a", Need: 1})
		}
		return p
	}
	shift := func(p *Problem, d int, name string, start calendar.Clock, length time.Duration, pause ...time.Duration) Assignment {
		a := at(p, d, start, length)
		a.Shift = name
		for _, x := range pause {
			a.Breaks = append(a.Breaks, Break{Start: a.Start.Add(x), Length: 30 * m})
		}
		return a
	}
	day := func(p *Problem, d int) Assignment { return shift(p, d, "day", 8*60, 8*h, 4*h) }
	away := func(k Kind, from, to calendar.Clock) func(p *Problem) {
		return func(p *Problem) {
			p.Availability = []Availability{{Agent: "p", From: monday, To: monday, Kind: k, Start: from, End: to}}
		}
	}
	plan := func(a Assignment, spans ...SkillSpan) Assignment { a.Plan = spans; return a }
	cases := []struct {
		rule      string
		setup     func(p *Problem)
		bad, good func(p *Problem) []Assignment
	}{
		{
			"agent", nil,
			func(p *Problem) []Assignment { a := day(p, 0); a.Agent = "q"; return []Assignment{a} },
			func(p *Problem) []Assignment { return []Assignment{day(p, 0)} },
		},
		{
			"one_shift", nil,
			func(p *Problem) []Assignment {
				return []Assignment{shift(p, 0, "half", 8*60, 4*h), shift(p, 0, "", 13*60, 4*h)}
			},
			func(p *Problem) []Assignment {
				return []Assignment{shift(p, 0, "half", 8*60, 4*h), shift(p, 1, "", 13*60, 4*h)}
			},
		},
		{
			"times", nil,
			func(p *Problem) []Assignment { a := shift(p, 0, "", 8*60, 0); return []Assignment{a} },
			func(p *Problem) []Assignment { return []Assignment{shift(p, 0, "", 8*60, m)} },
		},
		{
			"times", nil, // the day is that of the start
			func(p *Problem) []Assignment { a := shift(p, 0, "", 23*60+59, 4*h); a.Date++; return []Assignment{a} },
			func(p *Problem) []Assignment { a := shift(p, 1, "", 0, 4*h); return []Assignment{a} },
		},
		{
			"horizon", nil,
			func(p *Problem) []Assignment { return []Assignment{shift(p, 14, "half", 8*60, 4*h)} },
			func(p *Problem) []Assignment { return []Assignment{shift(p, 13, "half", 8*60, 4*h)} },
		},
		{
			"contract", func(p *Problem) { p.Agents[0].HasTo, p.Agents[0].ValidTo = true, monday },
			func(p *Problem) []Assignment { return []Assignment{day(p, 1)} },
			func(p *Problem) []Assignment { return []Assignment{day(p, 0)} },
		},
		{
			"shift", nil,
			func(p *Problem) []Assignment { return []Assignment{shift(p, 0, "other", 8*60, 4*h)} },
			func(p *Problem) []Assignment { return []Assignment{shift(p, 0, "", 8*60, 4*h)} }, // drawn by hand
		},
		{
			"shift_start", nil,
			func(p *Problem) []Assignment { return []Assignment{shift(p, 0, "day", 9*60+30, 8*h, 4*h)} },
			func(p *Problem) []Assignment { return []Assignment{shift(p, 0, "day", 9*60, 8*h, 4*h)} },
		},
		{
			"shift_start", nil, // not on the grid
			func(p *Problem) []Assignment { return []Assignment{shift(p, 0, "day", 8*60+15, 8*h, 4*h)} },
			func(p *Problem) []Assignment { return []Assignment{shift(p, 0, "day", 8*60+30, 8*h, 4*h)} },
		},
		{
			"shift_length", nil,
			func(p *Problem) []Assignment { return []Assignment{shift(p, 0, "day", 8*60, 9*h, 4*h)} },
			func(p *Problem) []Assignment { return []Assignment{shift(p, 0, "day", 8*60, 8*h+30*m, 4*h)} },
		},
		{
			"shift_day", nil,
			func(p *Problem) []Assignment { return []Assignment{day(p, 5)} },
			func(p *Problem) []Assignment { return []Assignment{day(p, 4)} },
		},
		{
			"shift_team", nil,
			func(p *Problem) []Assignment { return []Assignment{shift(p, 0, "back", 8*60, 4*h)} },
			func(p *Problem) []Assignment {
				p.Agents[0].Team = "back"
				return []Assignment{shift(p, 0, "back", 8*60, 4*h)}
			},
		},
		{
			"shift_skill", nil,
			func(p *Problem) []Assignment { return []Assignment{shift(p, 0, "expert", 8*60, 4*h)} },
			func(p *Problem) []Assignment {
				p.Agents[0].Skills = append(p.Agents[0].Skills, Skill{Name: "d"})
				return []Assignment{shift(p, 0, "expert", 8*60, 4*h)}
			},
		},
		{
			"break_missing", nil,
			func(p *Problem) []Assignment { return []Assignment{shift(p, 0, "day", 8*60, 8*h)} },
			func(p *Problem) []Assignment { return []Assignment{shift(p, 0, "day", 8*60, 8*h, 5*h)} },
		},
		{
			"break_extra", nil,
			func(p *Problem) []Assignment { return []Assignment{shift(p, 0, "day", 8*60, 8*h, 4*h, 6*h)} },
			func(p *Problem) []Assignment { return []Assignment{shift(p, 0, "day", 8*60, 8*h, 3*h)} },
		},
		{
			"breaks", nil, // reaches past the end
			func(p *Problem) []Assignment { return []Assignment{shift(p, 0, "", 8*60, 4*h, 3*h+31*m)} },
			func(p *Problem) []Assignment { return []Assignment{shift(p, 0, "", 8*60, 4*h, 3*h+30*m)} },
		},
		{
			"breaks", nil, // overlap
			func(p *Problem) []Assignment { return []Assignment{shift(p, 0, "", 8*60, 4*h, h, h+29*m)} },
			func(p *Problem) []Assignment { return []Assignment{shift(p, 0, "", 8*60, 4*h, h, h+30*m)} },
		},
		{
			"skill", nil,
			func(p *Problem) []Assignment {
				a := day(p, 0)
				return []Assignment{plan(a, SkillSpan{a.Start, "c"})}
			},
			func(p *Problem) []Assignment {
				a := day(p, 0)
				return []Assignment{plan(a, SkillSpan{a.Start, "a"}, SkillSpan{a.Start.Add(h), "b"}, SkillSpan{a.Start.Add(2 * h), AwayMark + "meeting"})}
			},
		},
		{
			"skill", nil, // outside the shift
			func(p *Problem) []Assignment {
				a := day(p, 0)
				return []Assignment{plan(a, SkillSpan{a.End, "a"})}
			},
			func(p *Problem) []Assignment {
				a := day(p, 0)
				return []Assignment{plan(a, SkillSpan{a.End.Add(-m), "a"})}
			},
		},
		{
			"leave", away(Leave, 0, 0),
			func(p *Problem) []Assignment { return []Assignment{day(p, 0)} },
			func(p *Problem) []Assignment { return []Assignment{day(p, 1)} },
		},
		{
			"sick", away(Sick, 15*60+59, 18*60), // ends a minute too late
			func(p *Problem) []Assignment { return []Assignment{day(p, 0)} },
			func(p *Problem) []Assignment {
				p.Availability[0].Start = 16 * 60
				return []Assignment{day(p, 0)}
			},
		},
		{
			"unavailable", away(Unavailable, 6*60, 8*60+1),
			func(p *Problem) []Assignment { return []Assignment{day(p, 0)} },
			func(p *Problem) []Assignment {
				p.Availability[0].End = 8 * 60
				return []Assignment{day(p, 0)}
			},
		},
		{
			"available", away(Available, 8*60+1, 16*60),
			func(p *Problem) []Assignment { return []Assignment{day(p, 0)} },
			func(p *Problem) []Assignment {
				p.Availability[0].Start = 8 * 60
				return []Assignment{day(p, 0)}
			},
		},
		{
			"fixed", func(p *Problem) {
				p.Availability = []Availability{{Agent: "p", From: monday, To: monday, Kind: Fixed, Shift: "half"}}
			},
			func(p *Problem) []Assignment { return []Assignment{day(p, 0)} },
			func(p *Problem) []Assignment { return []Assignment{shift(p, 0, "half", 8*60, 4*h)} },
		},
		{
			"locked", func(p *Problem) { p.Locked = []Cell{{Agent: "p", Date: monday, Assignment: day(p, 0)}} },
			func(p *Problem) []Assignment { return []Assignment{shift(p, 0, "day", 8*60, 8*h, 4*h+15*m)} },
			func(p *Problem) []Assignment { return []Assignment{day(p, 0)} },
		},
		{
			"locked", func(p *Problem) { p.Locked = []Cell{{Agent: "p", Date: monday, Off: true}} },
			func(p *Problem) []Assignment { return []Assignment{day(p, 0)} },
			func(p *Problem) []Assignment { return []Assignment{day(p, 1)} },
		},
		{
			"max_hours", func(p *Problem) { p.Agents[0].Contract = 15 * h },
			func(p *Problem) []Assignment { return []Assignment{day(p, 0), shift(p, 1, "", 8*60, 7*h+31*m)} },
			func(p *Problem) []Assignment { return []Assignment{day(p, 0), shift(p, 1, "", 8*60, 7*h+30*m)} },
		},
		{
			"max_hours", func(p *Problem) { // leave counts as worked
				p.Agents[0].Contract, p.Agents[0].MaxDaysPerWeek = 16*h, 4
				p.Availability = []Availability{{Agent: "p", From: monday.Add(4), To: monday.Add(4), Kind: Leave}}
			},
			func(p *Problem) []Assignment { return []Assignment{day(p, 0), shift(p, 1, "", 8*60, 4*h+31*m)} },
			func(p *Problem) []Assignment { return []Assignment{day(p, 0), shift(p, 1, "", 8*60, 4*h+30*m)} },
		},
		{
			"max_days_per_week", func(p *Problem) { p.Agents[0].MaxDaysPerWeek = 2 },
			func(p *Problem) []Assignment { return []Assignment{day(p, 0), day(p, 1), day(p, 2)} },
			func(p *Problem) []Assignment { return []Assignment{day(p, 0), day(p, 1), day(p, 7)} },
		},
		{
			"overlap", nil,
			func(p *Problem) []Assignment {
				return []Assignment{shift(p, 0, "", 22*60, 8*h+1*m), shift(p, 1, "", 6*60, 4*h)}
			},
			func(p *Problem) []Assignment {
				return []Assignment{shift(p, 0, "", 22*60, 8*h), shift(p, 1, "", 6*60, 4*h)}
			},
		},
		{
			"rule_set", nil,
			func(p *Problem) []Assignment { p.Agents[0].RuleSet = "minors"; return []Assignment{day(p, 0)} },
			func(p *Problem) []Assignment { return []Assignment{day(p, 0)} },
		},
	}
	for _, c := range cases {
		check := func(draw func(p *Problem) []Assignment) (rules []string) {
			p := base()
			if c.setup != nil {
				c.setup(p)
			}
			as := draw(p)
			for _, v := range Check(p, Roster{Assignments: as}) {
				rules = append(rules, v.Rule)
				if v.Agent == "" || v.Text.English == "" {
					t.Errorf("%s: violation without agent or text: %+v", c.rule, v)
				}
			}
			slices.Sort(rules)
			return slices.Compact(rules)
		}
		if got := check(c.bad); !slices.Equal(got, []string{c.rule}) {
			t.Errorf("bad roster breaks %v, want just %s", got, c.rule)
		}
		if got := check(c.good); len(got) > 0 {
			t.Errorf("good roster of %s breaks %v", c.rule, got)
		}
	}
}
