package roster

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kcc/internal/calendar"
)

// anyProblem draws a small problem of any kind: nights, long and short shifts,
// clock changes, history, rules of all sorts, wishes, leave, several skills.
func anyProblem(t *rapid.T) *Problem {
	zone, _ := time.LoadLocation("Europe/Amsterdam")
	firsts := []calendar.Date{
		calendar.NewDate(2026, time.November, 30), calendar.NewDate(2026, time.October, 19),
		calendar.NewDate(2026, time.March, 25), calendar.NewDate(2026, time.December, 27),
	}
	p := &Problem{
		Zone: zone, First: rapid.SampledFrom(firsts).Draw(t, "first"), Days: rapid.IntRange(1, 17).Draw(t, "days"),
		Step:  rapid.SampledFrom([]time.Duration{15 * time.Minute, 30 * time.Minute, time.Hour}).Draw(t, "step"),
		Rules: map[string]Rules{},
	}
	own := ATWAdult()
	own.Name = "own"
	own.MaxDaysInRow = rapid.SampledFrom([]int{0, 0, 3, 5}).Draw(t, "row")
	own.MinDaysOff = rapid.SampledFrom([]int{0, 0, 2, 3}).Draw(t, "off")
	own.MaxWeekends = rapid.SampledFrom([]int{0, 0, 1, 2}).Draw(t, "weekends")
	own.MaxStarts = rapid.SampledFrom([]int{0, 0, 1, 2}).Draw(t, "starts")
	own.NoEarlyAfter = rapid.Bool().Draw(t, "early")
	own.LateEnd, own.EarlyStart = 20*time.Hour, 9*time.Hour
	own.MaxWeek = rapid.SampledFrom([]time.Duration{60 * time.Hour, 30 * time.Hour}).Draw(t, "maxweek")
	own.Averages = append(own.Averages, Average{Weeks: 2, Max: 28 * time.Hour})
	p.Rules["own"] = own
	breaks := []BreakTemplate{
		{Length: 30 * time.Minute, Earliest: 2 * time.Hour, Latest: 5 * time.Hour, Over: 5 * time.Hour},
		{Length: 30 * time.Minute, Earliest: 3 * time.Hour, Latest: 8 * time.Hour, Over: 8 * time.Hour, Paid: true},
	}
	if p.Step == time.Hour {
		breaks = []BreakTemplate{{Length: time.Hour, Earliest: 2 * time.Hour, Latest: 5 * time.Hour, Over: 5 * time.Hour}}
	}
	for i := range rapid.IntRange(1, 3).Draw(t, "shifts") {
		hours := rapid.IntRange(3, 11).Draw(t, "hours")
		s := Shift{Name: fmt.Sprintf("s%d", i), Breaks: breaks, Every: time.Hour}
		s.EarliestStart = calendar.Clock(60 * rapid.IntRange(0, 23).Draw(t, "start"))
		s.LatestStart = s.EarliestStart + calendar.Clock(60*rapid.IntRange(0, 4).Draw(t, "window"))
		s.MinLength = time.Duration(hours) * time.Hour
		s.MaxLength = s.MinLength + time.Duration(rapid.IntRange(0, 1).Draw(t, "more"))*time.Hour
		p.Shifts = append(p.Shifts, s)
	}
	p.Skills = []string{"a", "b"}
	kinds := []Kind{Leave, Sick, Unavailable, Available, Prefer, Avoid, Fixed}
	for i := range rapid.IntRange(1, 5).Draw(t, "agents") {
		a := Agent{ID: fmt.Sprintf("p%d", i), Contract: time.Duration(rapid.IntRange(4, 44).Draw(t, "contract")) * time.Hour}
		a.Period = rapid.SampledFrom([]Period{PerWeek, PerWeek, PerFour, PerYear}).Draw(t, "period")
		if a.Period != PerWeek {
			a.Contract *= 4
		}
		a.RuleSet = rapid.SampledFrom([]string{"", "own", "own", "none"}).Draw(t, "rules")
		a.MaxDaysPerWeek = rapid.IntRange(0, 6).Draw(t, "maxdays")
		a.Skills = []Skill{{Name: rapid.SampledFrom(p.Skills).Draw(t, "skill"), Efficiency: rapid.SampledFrom([]float64{1, 1, 0.8}).Draw(t, "eff")}}
		if rapid.Bool().Draw(t, "both") {
			a.Skills = []Skill{{Name: "a"}, {Name: "b", Efficiency: rapid.SampledFrom([]float64{1, 0.5}).Draw(t, "eff2")}}
		}
		if rapid.IntRange(0, 3).Draw(t, "rotation") == 0 {
			x := Pattern{Name: "round " + a.ID, From: p.First, HasFrom: true}
			for range 7 * rapid.IntRange(1, 2).Draw(t, "weeks") {
				d, _ := ParsePatternDay(rapid.SampledFrom([]string{"", "", "-", "x", "s0", "s0!", "06:00-20:00"}).Draw(t, "turn"))
				x.Days = append(x.Days, d)
			}
			p.Patterns, a.Pattern = append(p.Patterns, x), x.Name
		}
		p.Agents = append(p.Agents, a)
		for range rapid.IntRange(0, 2).Draw(t, "avail") {
			v := Availability{Agent: a.ID, Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Shift: "s0"}
			v.From = p.First.Add(rapid.IntRange(0, p.Days).Draw(t, "from"))
			v.To = v.From.Add(rapid.IntRange(0, 6).Draw(t, "to"))
			if v.Kind != Leave && v.Kind != Sick && rapid.Bool().Draw(t, "part") {
				v.Start = calendar.Clock(60 * rapid.IntRange(0, 12).Draw(t, "vs"))
				v.End = v.Start + calendar.Clock(60*rapid.IntRange(1, 14).Draw(t, "ve"))
			}
			if v.Kind == Fixed {
				v.To = v.From
			}
			p.Availability = append(p.Availability, v)
		}
		if rapid.Bool().Draw(t, "history") {
			for d := rapid.IntRange(1, 6).Draw(t, "past"); d > 0; d-- {
				if rapid.IntRange(0, 3).Draw(t, "worked") > 0 {
					s := &p.Shifts[0]
					day := p.First.Add(-d)
					start := clockAt(day, s.EarliestStart, zone)
					p.History = append(p.History, Assignment{Agent: a.ID, Date: day, Shift: s.Name, Start: start, End: start.Add(s.MinLength)})
				}
			}
		}
	}
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "needs"), 1))
	for slot := range p.Slots() {
		if slot%3 > 0 {
			p.Demand = append(p.Demand, Demand{Slot: slot, Skill: p.Skills[slot%2], Need: float64(rng.IntN(30)) / 10})
		}
	}
	return p
}

func TestNeverInvalid(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := anyProblem(rt)
		res, err := Make(context.Background(), p, Options{Effort: 3, Seed: 3, Workers: 1})
		if err != nil {
			rt.Fatal(err)
		}
		kept := true
		for _, v := range res.Violations {
			// A day that cannot be worked is told.
			if (v.Rule == "fixed" || v.Rule == "pattern" && strings.Contains(v.Text.English, "no shift")) && slices.ContainsFunc(res.Shortfalls, func(s Shortfall) bool { return s.What == "fixed" && s.Agent == v.Agent }) {
				kept = false
				continue
			}
			rt.Errorf("%s: %s", v.Rule, v.Text)
		}
		if kept && res.Bound > res.Cost.Total+1e-6 {
			rt.Errorf("bound %.4f above cost %.4f", res.Bound, res.Cost.Total)
		}
	})
}
