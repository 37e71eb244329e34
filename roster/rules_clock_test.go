package roster

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"kcc/internal/calendar"
)

// TestRulesOverClockChanges holds every rule that is measured in elapsed hours to
// the minute over the two nights of 2026 in which the clock changes: a roster that
// breaks just the rule, and the nearest that does not. lost is what elapses less
// between the clocks of Saturday evening and Sunday morning: 1 h on 29 March, -1 h
// on 25 October. Days count from the Monday before.
func TestRulesOverClockChanges(t *testing.T) {
	const h, m = time.Hour, time.Minute
	atw := ATWAdult()
	only := func(f func(r *Rules)) Rules { r := NoRules(); f(&r); return r }
	row := func(p *Problem, from, to int, start calendar.Clock, length time.Duration, pause ...int) (out []Assignment) {
		for d := from; d <= to; d++ {
			out = append(out, at(p, d, start, length, pause...))
		}
		return out
	}
	cases := []struct {
		rule  string
		what  string
		rules Rules
		// shifts draws a roster: off is by how many minutes it misses the limit.
		shifts func(p *Problem, lost, off calendar.Clock) []Assignment
	}{
		{
			"daily_rest", "11 h from Saturday 20:00", only(func(r *Rules) { r.DailyRest = atw.DailyRest }),
			func(p *Problem, lost, off calendar.Clock) []Assignment {
				return []Assignment{at(p, 5, 15*60, 5*h), at(p, 6, 7*60+lost-off, 4*h)}
			},
		},
		{
			"weekly_rest", "36 h from Saturday 20:00, the only long rest of a fortnight",
			only(func(r *Rules) { r.WeeklyRest, r.WeeklyWithin = atw.WeeklyRest, atw.WeeklyWithin }),
			func(p *Problem, lost, off calendar.Clock) []Assignment {
				as := append(row(p, 0, 5, 15*60, 5*h), at(p, 7, 8*60+lost-off, 4*h))
				return append(as, row(p, 8, 12, 15*60, 5*h)...)
			},
		},
		{
			"weekly_rest", "three pieces of 32 h in 14 days, the middle one over the change",
			only(func(r *Rules) {
				r.WeeklyRest, r.WeeklyWithin = atw.WeeklyRest, atw.WeeklyWithin
				r.SplitRest, r.SplitPiece, r.SplitWithin = atw.SplitRest, atw.SplitPiece, atw.SplitWithin
			}),
			func(p *Problem, lost, off calendar.Clock) []Assignment {
				return []Assignment{
					at(p, 0, 16*60, 4*h), at(p, 1, 16*60, 4*h), at(p, 3, 4*60, 4*h), at(p, 4, 10*60, 4*h), at(p, 5, 16*60, 4*h),
					at(p, 7, 4*60+lost-off, 4*h), at(p, 8, 10*60, 4*h), at(p, 9, 16*60, 4*h), at(p, 11, 4*60, 4*h), at(p, 12, 10*60, 4*h),
					at(p, 13, 16*60, 4*h), at(p, 14, 16*60, 4*h),
				}
			},
		},
		{
			"max_shift", "12 h of work from Saturday 20:00", only(func(r *Rules) { r.MaxShift = atw.MaxShift }),
			func(p *Problem, _, off calendar.Clock) []Assignment {
				return []Assignment{at(p, 5, 20*60, 12*h+45*m+time.Duration(off)*m, 30, 15)}
			},
		},
		{
			"breaks", "5½ h without a break from Saturday 23:00", only(func(r *Rules) { r.Breaks = atw.Breaks }),
			func(p *Problem, _, off calendar.Clock) []Assignment {
				return []Assignment{at(p, 5, 23*60, 5*h+30*m+time.Duration(off)*m)}
			},
		},
		{
			"max_week", "60 h from the Sunday of the change on", only(func(r *Rules) { r.MaxWeek = atw.MaxWeek }),
			func(p *Problem, _, off calendar.Clock) []Assignment {
				return append(row(p, 7, 10, 8*60, 12*h), at(p, 6, 0, 12*h+time.Duration(off)*m))
			},
		},
		{
			"average_week", "55 h over 4 weeks, with the night in it", only(func(r *Rules) { r.Averages = atw.Averages[:1] }),
			func(p *Problem, _, off calendar.Clock) []Assignment {
				return append(row(p, 0, 26, 22*60, 8*h), at(p, 27, 20*60, 4*h+time.Duration(off)*m))
			},
		},
		{
			"night_shift", "10 h of work in the night of the change", only(func(r *Rules) { r.Night = NightRules{MinWork: h, MaxShift: atw.Night.MaxShift} }),
			func(p *Problem, _, off calendar.Clock) []Assignment {
				return []Assignment{at(p, 5, 20*60, 10*h+45*m+time.Duration(off)*m, 30, 15)}
			},
		},
		{
			"night_rest", "14 h after a night that ends 4 h after 22:00, just not after 02:00",
			only(func(r *Rules) { r.Night = NightRules{MinWork: h, LateEnd: 2 * h, RestAfter: atw.Night.RestAfter} }),
			func(p *Problem, _, off calendar.Clock) []Assignment {
				night := at(p, 5, 22*60, 4*h+time.Duration(off)*m)
				next := at(p, 6, 20*60, 4*h)
				next.Start = night.End.Add(14*h - m)
				next.End = next.Start.Add(4 * h)
				return []Assignment{night, next}
			},
		},
		{
			"night_rest", "14 h after a night that ends late, over the change",
			only(func(r *Rules) { r.Night = NightRules{MinWork: h, LateEnd: 2 * h, RestAfter: atw.Night.RestAfter} }),
			func(p *Problem, lost, off calendar.Clock) []Assignment {
				// From Saturday 17:00 to Sunday 02:30 on the old clock; the rest is over at 16:30 of it.
				return []Assignment{at(p, 5, 17*60, 9*h+30*m), at(p, 6, 16*60+30+lost-off, 4*h)}
			},
		},
		{
			"night_run_rest", "46 h after three nights, from Saturday 04:00",
			only(func(r *Rules) {
				r.Night = NightRules{MinWork: h, LateEnd: 2 * h, RunLength: atw.Night.RunLength, RunRest: atw.Night.RunRest}
			}),
			func(p *Problem, lost, off calendar.Clock) []Assignment {
				return append(row(p, 2, 4, 23*60, 5*h), at(p, 7, 2*60+lost-off, 4*h))
			},
		},
	}
	changes := []struct {
		monday calendar.Date
		lost   calendar.Clock
	}{
		{calendar.NewDate(2026, time.March, 23), 60},
		{calendar.NewDate(2026, time.October, 19), -60},
	}
	for i, c := range cases {
		for _, change := range changes {
			t.Run(fmt.Sprintf("%02d_%s_%s", i, c.rule, change.monday.Add(6)), func(t *testing.T) {
				check := func(off calendar.Clock) (rules []string) {
					p := ruleProblem(change.monday, 28, c.rules)
					for _, v := range Check(p, Roster{Assignments: c.shifts(p, change.lost, off)}) {
						rules = append(rules, v.Rule)
					}
					slices.Sort(rules)
					return slices.Compact(rules)
				}
				if got := check(1); !slices.Equal(got, []string{c.rule}) {
					t.Errorf("%s, missed by a minute: breaks %v, want just %s", c.what, got, c.rule)
				}
				if got := check(0); len(got) > 0 {
					t.Errorf("%s, just kept: breaks %v", c.what, got)
				}
			})
		}
	}
}

// TestShiftLengthElapsed: a shift of eight hours is eight elapsed hours in the
// nights of the change too, though the clock shows nine or seven.
func TestShiftLengthElapsed(t *testing.T) {
	for _, monday := range []calendar.Date{calendar.NewDate(2026, time.March, 23), calendar.NewDate(2026, time.October, 19)} {
		p := ruleProblem(monday, 7, NoRules())
		p.Shifts = []Shift{{Name: "night", EarliestStart: 22 * 60, LatestStart: 22 * 60, MinLength: 8 * time.Hour, MaxLength: 8 * time.Hour}}
		a := at(p, 5, 22*60, 8*time.Hour)
		a.Shift = "night"
		if got := Check(p, Roster{Assignments: []Assignment{a}}); len(got) > 0 {
			t.Errorf("%s: eight hours: %v", monday, got)
		}
		a.End = p.First.Add(6).At(6*60, p.Zone)
		if got := Check(p, Roster{Assignments: []Assignment{a}}); len(got) != 1 || got[0].Rule != "shift_length" {
			t.Errorf("%s: until six on the clock: %v, want shift_length", monday, got)
		}
	}
}
