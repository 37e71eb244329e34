package roster

import (
	"testing"
	"time"
)

// TestPlace draws shifts by hand into a roster: the rest stays as it is, the
// breaks lie where the rules want them, and no other place costs less.
func TestPlace(t *testing.T) {
	p := Generate(GenerateOptions{Agents: 8, Weeks: 1, Seed: 3, Leave: -1})
	res, err := Make(t.Context(), p, Options{Effort: 3, NoBound: true})
	if err != nil {
		t.Fatal(err)
	}
	r := res.Roster
	old := r.Assignments[0]
	start := old.Date.At(9*60+15, p.Zone)
	draft := Draft{Agent: old.Agent, Date: old.Date, Start: start, End: start.Add(7*time.Hour + 15*time.Minute), Locked: true}
	got, err := Place(p, r, []Draft{draft})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Assignments) != len(r.Assignments) {
		t.Fatalf("%d shifts, want %d", len(got.Assignments), len(r.Assignments))
	}
	for i, a := range got.Assignments[1:] {
		if !SameShift(&a, &r.Assignments[i+1]) {
			t.Errorf("shift %d changed to %v", i+1, a)
		}
	}
	a := got.Assignments[0]
	if !a.Start.Equal(draft.Start) || !a.End.Equal(draft.End) || !a.Locked || len(a.Breaks) == 0 || len(a.Plan) == 0 {
		t.Fatalf("placed %+v, want the drawn times with breaks and skills", a)
	}
	for _, v := range Check(p, got) {
		if v.Rule == "breaks" || v.Rule == "break_missing" || v.Rule == "skill" {
			t.Errorf("%s: %s", v.Rule, v.Text)
		}
	}
	cost := func(r Roster) float64 {
		e, err := Measure(p, r)
		if err != nil {
			t.Fatal(err)
		}
		return e.Cost.Total
	}
	best := cost(got)
	for _, x := range p.layouts(draft) {
		other := Roster{Assignments: append([]Assignment{x}, got.Assignments[1:]...)}
		if c := cost(other); c < best-1e-6 {
			t.Errorf("breaks %v cost %.3f, those placed cost %.3f", x.Breaks, c, best)
		}
	}

	// By name alone, and what cannot be.
	named, err := Place(p, r, []Draft{{Agent: old.Agent, Date: old.Date, Shift: p.Shifts[0].Name}})
	if err != nil || named.Assignments[0].Shift != p.Shifts[0].Name || named.Assignments[0].Start.IsZero() {
		t.Errorf("by name: %+v, %v", named.Assignments[0], err)
	}
	for name, d := range map[string]Draft{
		"agent": {Agent: "nobody", Date: old.Date, Start: draft.Start, End: draft.End},
		"day":   {Agent: old.Agent, Date: p.First - 1, Start: draft.Start, End: draft.End},
		"kind":  {Agent: old.Agent, Date: old.Date, Shift: "no such shift"},
	} {
		if _, err := Place(p, r, []Draft{d}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
