package roster

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"kcc/internal/calendar"
)

// ruleProblem has one agent to whom nothing but the rule set applies.
func ruleProblem(first calendar.Date, days int, r Rules) *Problem {
	zone, _ := time.LoadLocation("Europe/Amsterdam")
	r.Name = "test"
	return &Problem{
		Zone: zone, First: first, Days: days, Step: 15 * time.Minute, Skills: []string{"a"}, Rules: map[string]Rules{"test": r},
		Agents: []Agent{{ID: "p", Contract: 2000 * time.Hour, Skills: []Skill{{Name: "a"}}, RuleSet: "test"}},
	}
}

// at draws a shift on day d (of the horizon, negative for history) at a clock
// time; pause are the unpaid breaks in minutes, an hour apart from the third on.
func at(p *Problem, d int, start calendar.Clock, length time.Duration, pause ...int) Assignment {
	date := p.First.Add(d)
	a := Assignment{Agent: "p", Date: date, Start: date.At(start, p.Zone)}
	a.End = a.Start.Add(length)
	for i, m := range pause {
		a.Breaks = append(a.Breaks, Break{Start: a.Start.Add(time.Duration(2+i) * time.Hour), Length: time.Duration(m) * time.Minute})
	}
	return a
}

// TestEachRule has for every rule a roster that breaks just that rule, and the
// nearest one that does not.
func TestEachRule(t *testing.T) {
	const h, m = time.Hour, time.Minute
	monday := calendar.NewDate(2026, time.November, 30)
	atw := ATWAdult()
	own := func(f func(*Rules)) Rules { r := NoRules(); f(&r); return r }
	only := func(f func(from *Rules, to *Rules)) Rules { r := NoRules(); f(&atw, &r); return r }
	row := func(p *Problem, from, to int, start calendar.Clock, length time.Duration, pause ...int) (out []Assignment) {
		for d := from; d <= to; d++ {
			out = append(out, at(p, d, start, length, pause...))
		}
		return out
	}
	cases := []struct {
		rule      string
		first     calendar.Date
		days      int
		rules     Rules
		bad, good func(p *Problem) []Assignment
	}{
		{
			"max_shift", monday, 7, atw,
			func(p *Problem) []Assignment { return []Assignment{at(p, 0, 7*60, 13*h, 30, 15)} },
			func(p *Problem) []Assignment { return []Assignment{at(p, 0, 7*60, 12*h+45*m, 30, 15)} },
		},
		{
			"breaks", monday, 7, atw,
			func(p *Problem) []Assignment { return []Assignment{at(p, 0, 9*60, 5*h+31*m)} },
			func(p *Problem) []Assignment { return []Assignment{at(p, 0, 9*60, 5*h+30*m)} },
		},
		{
			"breaks", monday, 7, atw,
			func(p *Problem) []Assignment { return []Assignment{at(p, 0, 8*60, 11*h, 30)} },
			func(p *Problem) []Assignment { return []Assignment{at(p, 0, 8*60, 11*h, 30, 15)} },
		},
		{
			"breaks", monday, 7, atw, // pieces under a quarter do not count
			func(p *Problem) []Assignment { return []Assignment{at(p, 0, 8*60, 8*h, 20, 10)} },
			func(p *Problem) []Assignment { return []Assignment{at(p, 0, 8*60, 8*h, 15, 15)} },
		},
		{
			"daily_rest", monday, 7, atw,
			func(p *Problem) []Assignment { return []Assignment{at(p, 0, 13*60, 5*h), at(p, 1, 4*60+45, 4*h)} },
			func(p *Problem) []Assignment { return []Assignment{at(p, 0, 13*60, 5*h), at(p, 1, 5*60, 4*h)} },
		},
		// The clock goes forward on 28 March 2027: 20:00 to 08:00 is 11 hours, to 07:45 less.
		{
			"daily_rest", calendar.NewDate(2027, time.March, 22), 14, atw,
			func(p *Problem) []Assignment { return []Assignment{at(p, 5, 15*60, 5*h), at(p, 6, 7*60+45, 4*h)} },
			func(p *Problem) []Assignment { return []Assignment{at(p, 5, 15*60, 5*h), at(p, 6, 8*60, 4*h)} },
		},
		// It goes back on 25 October 2026: 21:00 to 07:00 is 11 hours.
		{
			"daily_rest", calendar.NewDate(2026, time.October, 19), 14, atw,
			func(p *Problem) []Assignment { return []Assignment{at(p, 5, 16*60, 5*h), at(p, 6, 6*60+45, 4*h)} },
			func(p *Problem) []Assignment { return []Assignment{at(p, 5, 16*60, 5*h), at(p, 6, 7*60, 4*h)} },
		},
		// Seven days from Monday 08:00, one free day in the middle of 34 hours.
		{
			"weekly_rest", monday, 14, only(func(a, r *Rules) { r.WeeklyRest, r.WeeklyWithin = a.WeeklyRest, a.WeeklyWithin }),
			func(p *Problem) []Assignment {
				return append(append(row(p, 0, 3, 8*60, 5*h), at(p, 4, 17*60, 5*h)), row(p, 6, 8, 8*60, 5*h)...)
			},
			func(p *Problem) []Assignment {
				return append(append(row(p, 0, 3, 8*60, 5*h), at(p, 4, 15*60, 5*h)), row(p, 6, 8, 8*60, 5*h)...)
			},
		},
		// The other form: 36 + 36 hours in 14 days, where one stretch is longer than 7 days.
		{
			"weekly_rest", monday, 14, atw,
			func(p *Problem) []Assignment { return row(p, 0, 13, 8*60, 4*h) },
			func(p *Problem) []Assignment { return append(row(p, 0, 7, 8*60, 3*h), row(p, 10, 12, 8*60, 4*h)...) },
		},
		{
			"max_week", monday.Add(-1), 8, only(func(a, r *Rules) { r.MaxWeek = a.MaxWeek }),
			func(p *Problem) []Assignment { return row(p, 0, 5, 8*60, 10*h+10*m) },
			func(p *Problem) []Assignment { return row(p, 0, 5, 8*60, 10*h) },
		},
		{
			"average_week", monday, 28, only(func(a, r *Rules) { r.Averages = a.Averages[:1] }),
			func(p *Problem) []Assignment { return append(row(p, 0, 26, 8*60, 8*h), at(p, 27, 8*60, 4*h+1*m)) },
			func(p *Problem) []Assignment { return append(row(p, 0, 26, 8*60, 8*h), at(p, 27, 8*60, 4*h)) },
		},
		{
			"average_week", monday, 7, only(func(a, r *Rules) { r.Averages = a.Averages[1:] }), // with 15 weeks of history
			func(p *Problem) []Assignment {
				return append(row(p, -105, -1, 8*60, 7*h), at(p, 0, 8*60, 12*h), at(p, 1, 8*60, 12*h), at(p, 2, 8*60, 9*h+1*m))
			},
			func(p *Problem) []Assignment {
				return append(row(p, -105, -1, 8*60, 7*h), at(p, 0, 8*60, 12*h), at(p, 1, 8*60, 12*h), at(p, 2, 8*60, 9*h))
			},
		},
		{
			"free_sundays", monday, 7, only(func(a, r *Rules) { r.FreeSundays = a.FreeSundays }),
			func(p *Problem) []Assignment { return sundays(p, 40) },
			func(p *Problem) []Assignment { return sundays(p, 39) },
		},
		{
			"night_shift", monday, 7, atw,
			func(p *Problem) []Assignment { return []Assignment{at(p, 0, 20*60, 11*h, 30, 15)} },
			func(p *Problem) []Assignment { return []Assignment{at(p, 0, 20*60, 10*h+45*m, 30, 15)} },
		},
		{
			"night_rest", monday, 7, atw,
			func(p *Problem) []Assignment { return []Assignment{at(p, 0, 22*60, 5*h), at(p, 1, 16*60, 4*h)} },
			func(p *Problem) []Assignment { return []Assignment{at(p, 0, 22*60, 5*h), at(p, 1, 17*60, 4*h)} },
		},
		{
			"night_run_rest", monday, 9, atw,
			func(p *Problem) []Assignment { return append(row(p, 0, 2, 23*60, 5*h), at(p, 5, 60, 4*h)) },
			func(p *Problem) []Assignment { return append(row(p, 0, 2, 23*60, 5*h), at(p, 5, 2*60, 4*h)) },
		},
		{
			"night_run", monday, 9, only(func(a, r *Rules) { r.Night = a.Night }),
			func(p *Problem) []Assignment { return row(p, 0, 7, 23*60, 5*h) },
			func(p *Problem) []Assignment { return row(p, 0, 6, 23*60, 5*h) },
		},
		{
			"night_count", monday, 42, only(func(a, r *Rules) { r.Night = a.Night; r.Night.MaxRun = 0 }),
			func(p *Problem) []Assignment { return row(p, 0, 36, 23*60, 5*h) },
			func(p *Problem) []Assignment { return row(p, 0, 35, 23*60, 5*h) },
		},
		{
			"night_average", monday, 112, only(func(a, r *Rules) { r.Night = a.Night; r.Night.MaxRun = 0 }),
			func(p *Problem) []Assignment {
				return append(row(p, 0, 15, 23*60, 5*h), row(p, 18, 97, 8*60, 7*h+1*m)...)
			},
			func(p *Problem) []Assignment { return append(row(p, 0, 15, 23*60, 5*h), row(p, 18, 97, 8*60, 7*h)...) },
		},
		{
			"max_days_in_row", monday, 14, own(func(r *Rules) { r.MaxDaysInRow = 5 }),
			func(p *Problem) []Assignment { return row(p, 0, 5, 8*60, 4*h) },
			func(p *Problem) []Assignment { return row(p, 0, 4, 8*60, 4*h) },
		},
		{
			"min_days_off", monday, 14, own(func(r *Rules) { r.MinDaysOff = 2 }),
			func(p *Problem) []Assignment { return []Assignment{at(p, 0, 8*60, 4*h), at(p, 2, 8*60, 4*h)} },
			func(p *Problem) []Assignment { return []Assignment{at(p, 0, 8*60, 4*h), at(p, 3, 8*60, 4*h)} },
		},
		{
			"max_weekends", monday, 28, own(func(r *Rules) { r.MaxWeekends = 1 }),
			func(p *Problem) []Assignment { return []Assignment{at(p, 5, 8*60, 4*h), at(p, 27, 8*60, 4*h)} },
			func(p *Problem) []Assignment { return []Assignment{at(p, 5, 8*60, 4*h), at(p, 6, 8*60, 4*h)} },
		},
		{
			"max_starts", monday, 7, own(func(r *Rules) { r.MaxStarts = 1 }),
			func(p *Problem) []Assignment { return []Assignment{at(p, 0, 8*60, 4*h), at(p, 1, 9*60, 4*h)} },
			func(p *Problem) []Assignment { return []Assignment{at(p, 0, 8*60, 4*h), at(p, 1, 8*60, 6*h)} },
		},
		{
			"late_then_early", monday, 7, own(func(r *Rules) { r.NoEarlyAfter, r.LateEnd, r.EarlyStart = true, 21*h, 9*h }),
			func(p *Problem) []Assignment { return []Assignment{at(p, 0, 17*60, 4*h), at(p, 1, 8*60+45, 4*h)} },
			func(p *Problem) []Assignment { return []Assignment{at(p, 0, 17*60, 4*h), at(p, 1, 9*60, 4*h)} },
		},
	}
	for i, c := range cases {
		t.Run(fmt.Sprintf("%02d_%s", i, c.rule), func(t *testing.T) {
			check := func(as []Assignment) (rules []string) {
				p := ruleProblem(c.first, c.days, c.rules)
				var now []Assignment
				for _, a := range as {
					if a.Date < p.First {
						p.History = append(p.History, a)
					} else {
						now = append(now, a)
					}
				}
				for _, v := range Check(p, Roster{Assignments: now}) {
					rules = append(rules, v.Rule)
					if v.Agent != "p" || v.Text.English == "" || v.Text.Dutch == v.Text.English || len(v.Days) == 0 {
						t.Errorf("violation without agent, days or text: %+v", v)
					}
				}
				slices.Sort(rules)
				return slices.Compact(rules)
			}
			p := ruleProblem(c.first, c.days, c.rules)
			if got := check(c.bad(p)); !slices.Equal(got, []string{c.rule}) {
				t.Errorf("bad roster breaks %v, want just %s", got, c.rule)
			}
			if got := check(c.good(p)); len(got) > 0 {
				t.Errorf("good roster breaks %v", got)
			}
		})
	}
}

// sundays works n Sundays, the last one in the horizon.
func sundays(p *Problem, n int) (out []Assignment) {
	for w := n - 1; w >= 0; w-- {
		out = append(out, at(p, 6-7*w, 9*60, 4*time.Hour))
	}
	return out
}
