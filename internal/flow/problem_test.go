package flow

import (
	"slices"
	"testing"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/centre"
	"kcc/roster"
)

// TestSpecialDays: days of the whole centre count as holidays, those of a channel
// and seasons do not.
func TestSpecialDays(t *testing.T) {
	day := func(d int) calendar.Date { return calendar.NewDate(2026, time.December, d) }
	c := &centre.Centre{
		Zone: time.UTC, Interval: 15 * time.Minute,
		Closed: []centre.Day{{From: day(28), To: day(29)}, {From: day(1), To: day(31), Name: "season"}},
		Special: []centre.Day{
			{From: day(24), To: day(24), Name: "Christmas Eve", Spans: []calendar.Span{{From: 8 * 60, To: 15 * 60}}},
			{From: day(31), To: day(31), Channel: "phone"},
		},
	}
	want := []calendar.Date{day(28), day(29), day(24)}
	p := ProblemOf(c, Team{}, nil, day(21), 7)
	if !slices.Equal(p.OwnDays, want) {
		t.Errorf("days %v, want %v", p.OwnDays, want)
	}
	var team Team
	team.Fairness.Plain = true
	if p := ProblemOf(c, team, nil, day(21), 7); len(p.OwnDays) > 0 {
		t.Errorf("days %v, want none", p.OwnDays)
	}
	// A shift on such a day is one on a holiday.
	p.Agents = []roster.Agent{{ID: "a", Contract: 36 * time.Hour, RuleSet: "none", Skills: []roster.Skill{{Name: "phone", Efficiency: 1}}}}
	p.Skills, p.Holidays = []string{"phone"}, []calendar.Date{}
	p.Shifts = []roster.Shift{{Name: "day", EarliestStart: 8 * 60, LatestStart: 8 * 60, MinLength: 7 * time.Hour, MaxLength: 7 * time.Hour}}
	p.Demand = []roster.Demand{{Slot: 4 * 24 * 3, Skill: "phone", Need: 1}}
	r := roster.Roster{Assignments: []roster.Assignment{{Agent: "a", Date: day(24), Shift: "day", Start: day(24).At(8*60, time.UTC), End: day(24).At(15*60, time.UTC)}}}
	shares, err := roster.FairShares(&p, r)
	if err != nil || shares[0].Have[roster.FairHoliday] != 1 {
		t.Errorf("shares %+v, %v: want one shift on a holiday", shares, err)
	}
}
