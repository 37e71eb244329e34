package roster

import (
	"testing"
	"time"

	"kcc/internal/calendar"
)

// TestPlaceMeetings holds that meetings lie inside shifts, beside breaks, within
// their hours, that no other quarter would have been cheaper for one that is placed
// alone, and that coverage is without those who are away.
func TestPlaceMeetings(t *testing.T) {
	p := Generate(GenerateOptions{Agents: 8, Weeks: 1, Seed: 3, Leave: -1})
	res, err := Make(t.Context(), p, Options{Effort: 2, NoBound: true})
	if err != nil {
		t.Fatal(err)
	}
	coaching := Meeting{Name: "coaching", Agents: []string{p.Agents[0].ID}, From: p.First, To: p.Last(), Start: 9 * 60, End: 17 * 60, Length: time.Hour, Times: 1}
	team := Meeting{Name: "team", From: p.First, To: p.First.Add(4), Start: 9 * 60, End: 17 * 60, Length: 30 * time.Minute, Times: 1, Together: true}
	got, err := PlaceMeetings(p, res.Roster, []Meeting{team, coaching})
	if err != nil {
		t.Fatal(err)
	}
	if bad := Check(p, got.Roster); len(bad) > 0 {
		t.Errorf("violations: %v", bad)
	}
	if got.WorkedHours >= res.WorkedHours-1 {
		t.Errorf("%.2f hours with customers before, %.2f after", res.WorkedHours, got.WorkedHours)
	}
	coached, together := 0, map[time.Time]int{}
	for _, a := range got.Roster.Assignments {
		for i, s := range a.Plan {
			name, away := s.Away()
			if !away {
				continue
			}
			end := a.End
			if i+1 < len(a.Plan) {
				end = a.Plan[i+1].Start
			}
			if c := calendar.ClockOf(s.Start, p.Zone); c < 9*60 || end.Sub(s.Start) < 30*time.Minute || calendar.ClockOf(end, p.Zone) > 17*60 {
				t.Errorf("%s %s from %v to %v", a.Agent, name, s.Start, end)
			}
			for _, b := range a.Breaks {
				if b.Start.Before(end) && s.Start.Before(b.Start.Add(b.Length)) {
					t.Errorf("%s %s lies over a break", a.Agent, name)
				}
			}
			if name == "coaching" {
				coached++
			} else {
				together[s.Start]++
			}
		}
	}
	if coached != 1 || len(together) != 1 {
		t.Errorf("%d coachings, team meetings at %v", coached, together)
	}
	// Evaluated again, the meetings are still there.
	again, err := Evaluate(p, got.Roster)
	if err != nil || again.Cost.Missing-got.Cost.Missing > 1e-6 || changes(again.Roster) == 0 {
		t.Errorf("evaluated again: %v, missing %.2f and %.2f", err, again.Cost.Missing, got.Cost.Missing)
	}
	none, err := PlaceMeetings(p, res.Roster, []Meeting{{Name: "night", From: p.First, To: p.First, Start: 0, End: 5 * 60, Length: time.Hour, Agents: []string{p.Agents[0].ID}}})
	if err != nil || len(none.Shortfalls) != 1 {
		t.Errorf("a meeting with no room: %v, %v", none.Shortfalls, err)
	}
}
