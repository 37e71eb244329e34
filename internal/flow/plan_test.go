package flow

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"kcc/contacts"
	"kcc/forecast"
	"kcc/internal/calendar"
	"kcc/internal/centre"
	"kcc/internal/output"
	"kcc/roster"
)

// smallCentre has a phone and an e-mail channel.
func smallCentre(t *testing.T) *centre.Centre {
	t.Helper()
	c, err := centre.Parse("small.toml", []byte(`
name = "Small"
[shrinkage]
unplanned = 0.08
[channels.phone]
kind = "realtime"
hours = "mo-fr 08:00-17:00"
target = { level = 0.80, within = "30s" }
patience = "150s"
aht = "240s"
[channels.email]
kind = "deferrable"
skill = "written"
hours = "mo-fr 09:00-17:00"
promise = "2wd"
aht = "300s"
`))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// flatHistory gives weeks of the same number of contacts in every interval of
// the hours.
func flatHistory(c *centre.Centre, channel string, first calendar.Date, weeks int, perInterval, aht float64) contacts.Series {
	s := contacts.Series{Channel: channel, Zone: c.Zone, Step: c.Interval, First: first, Last: first.Add(7*weeks - 1)}
	h := c.Hours(channel)
	for d := s.First; d <= s.Last; d++ {
		for _, at := range h.Intervals(d, s.Step) {
			s.Obs = append(s.Obs, contacts.Volume{Start: at, Offered: perInterval, Handled: perInterval, Abandoned: 0, AHT: aht, Wait: 10})
		}
	}
	return s
}

func smallTeam(n int) Team {
	var team Team
	for i := range n {
		a := roster.Agent{ID: fmt.Sprintf("agent-%02d", i+1), Contract: 32 * time.Hour, Min: 28 * time.Hour, Max: 36 * time.Hour, HasMin: true, HasMax: true, MaxDaysPerWeek: 5, Skills: []roster.Skill{{Name: "phone"}}}
		if i%2 == 0 {
			a.Skills = append(a.Skills, roster.Skill{Name: "written", Efficiency: 0.9})
		}
		team.Agents = append(team.Agents, a)
	}
	lunch := roster.BreakTemplate{Length: 30 * time.Minute, Earliest: 3 * time.Hour, Latest: 5 * time.Hour}
	team.Shifts = []roster.Shift{
		{Name: "day", EarliestStart: 8 * 60, LatestStart: 9 * 60, Every: 30 * time.Minute, MinLength: 8*time.Hour + 30*time.Minute, MaxLength: 8*time.Hour + 30*time.Minute, Breaks: []roster.BreakTemplate{lunch}},
		{Name: "short", EarliestStart: 8 * 60, LatestStart: 13 * 60, Every: 30 * time.Minute, MinLength: 4 * time.Hour, MaxLength: 4 * time.Hour},
	}
	return team
}

func smallPlan(t *testing.T) PlanInput {
	t.Helper()
	c := smallCentre(t)
	first := calendar.NewDate(2026, 11, 23)
	return PlanInput{
		Centre: c, Team: smallTeam(14), First: first, Weeks: 1,
		History: []contacts.Series{
			flatHistory(c, "phone", first.Add(-70), 10, 12, 240),
			flatHistory(c, "email", first.Add(-70), 10, 6, 300),
		},
		Roster: roster.Options{Effort: 20, Seed: 1},
	}
}

func TestMakePlan(t *testing.T) {
	p, err := MakePlan(context.Background(), smallPlan(t))
	if err != nil {
		t.Fatal(err)
	}
	// Flat history: each quarter of the phone is forecast as 12 contacts of 240 s.
	for _, f := range p.Forecasts {
		want := 12.0
		if f.Channel == "email" {
			want = 6
		}
		for _, pt := range f.Points {
			if math.Abs(pt.Mean-want) > 0.02*want {
				t.Fatalf("%s %s: forecast %.2f, want %.0f", f.Channel, pt.Start, pt.Mean, want)
			}
		}
	}
	// E-mail is deferrable: over a week the agents' time equals the work.
	hours := 0.0
	for _, r := range p.Requirements {
		if r.Channel == "email" {
			hours += r.Fractional * r.Step.Hours()
		}
	}
	if want := 5 * 32 * 6 * 300 / 3600.0; math.Abs(hours-want) > 0.05*want {
		t.Errorf("e-mail needs %.1f agent-hours, want about %.1f", hours, want)
	}
	if len(p.Result.Violations) > 0 {
		t.Errorf("violations: %v", p.Result.Violations)
	}
	if len(p.Service) != 1 || p.Service[0].Channel != "phone" || p.Service[0].Level < 0.5 || p.Service[0].Level > 1 {
		t.Errorf("service = %+v", p.Service)
	}
	for _, f := range p.Book(output.English).Forecast {
		if f.Channel == "email" { // worked by the day
			if len(f.Points) > 0 {
				t.Errorf("%d intervals of e-mail in the workbook, want none", len(f.Points))
			}
			continue
		}
		days, points := 0.0, 0.0
		for _, d := range f.Days {
			days += d.Mean
		}
		for _, pt := range f.Points {
			points += pt.Mean
		}
		if len(f.Days) == 0 || math.Abs(days-points) > 1e-6*days {
			t.Errorf("%s: %d days of the workbook sum to %.2f contacts, its %d intervals to %.2f", f.Channel, len(f.Days), days, len(f.Points), points)
		}
	}
	var buf bytes.Buffer
	for _, lang := range []output.Lang{output.English, output.Dutch} {
		if err := output.WriteRosterBook(&buf, p.Book(lang), output.Options{Lang: lang, Zone: p.Input.Centre.Zone}); err != nil {
			t.Fatal(err)
		}
	}
}

// A day of the workbook is noted for what moves it besides its weekday, in the
// language of the reader.
func TestDayNote(t *testing.T) {
	day := calendar.NewDate(2026, 11, 30) // a Monday
	f := &forecast.Forecast{Why: []forecast.DayFactor{{Date: day, Factors: []forecast.Factor{
		{Name: "Monday", Value: 1.4}, {Name: "time of year", Value: 1.02}, {Name: "day after a closed day", Value: 1.25}, {Name: "letter of taxes", Value: 0.9},
	}}}}
	for lang, want := range map[output.Lang]string{
		output.English: "day after a closed day +25 %, letter of taxes -10 %",
		output.Dutch:   "dag na een gesloten dag +25 %, letter of taxes -10 %",
	} {
		if got := dayNote(f, day, lang); got != want {
			t.Errorf("dayNote = %q, want %q", got, want)
		}
	}
	if got := dayNote(f, day+1, output.English); got != "" {
		t.Errorf("dayNote of another day = %q, want nothing", got)
	}
}

// The first day of a plan starts with the work of the days before it, so that
// a flat week needs the same for e-mail on every day.
func TestPlanStartsWithRecentWork(t *testing.T) {
	p, err := MakePlan(context.Background(), smallPlan(t))
	if err != nil {
		t.Fatal(err)
	}
	perDay := map[calendar.Date]float64{}
	for _, r := range p.Requirements {
		if r.Channel == "email" {
			perDay[calendar.DateOf(r.Start, p.Input.Centre.Zone)] += r.Fractional * r.Step.Hours()
		}
	}
	want := 32 * 6 * 300 / 3600.0
	for d, h := range perDay {
		if math.Abs(h-want) > 0.1*want {
			t.Errorf("%s: e-mail needs %.2f agent-hours, want about %.2f", d, h, want)
		}
	}
}

func TestPlanWithoutHistory(t *testing.T) {
	in := smallPlan(t)
	in.History = nil
	if _, err := MakePlan(context.Background(), in); err == nil {
		t.Error("a plan was made from nothing")
	}
}

func TestPlanCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := MakePlan(ctx, smallPlan(t)); err == nil {
		t.Error("a cancelled plan gave no error")
	}
}

func TestRosterTitle(t *testing.T) {
	first := calendar.NewDate(2026, 11, 30)
	for _, tt := range []struct {
		lang output.Lang
		days int
		want string
	}{
		{output.English, 7, "Roster Aa, week 49"},
		{output.English, 28, "Roster Aa, weeks 49-52"},
		{output.Dutch, 7, "Rooster Aa, week 49"},
		{output.Dutch, 35, "Rooster Aa, weken 49-53"},
	} {
		if got := RosterTitle(tt.lang, "Aa", first, tt.days); got != tt.want {
			t.Errorf("RosterTitle = %q, want %q", got, tt.want)
		}
	}
}
