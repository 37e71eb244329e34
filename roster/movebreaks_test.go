package roster

import (
	"context"
	"testing"
	"time"
)

// Breaks move only within their windows, only after the instant, never to a
// worse roster, and not those of locked cells.
func TestMoveBreaks(t *testing.T) {
	p := Generate(GenerateOptions{Agents: 20, Weeks: 1, Seed: 4})
	res, err := Make(context.Background(), p, Options{Effort: 5, NoBound: true})
	if err != nil {
		t.Fatal(err)
	}
	day := p.First.Add(1)
	noon := day.At(12*60, p.Zone)
	q := *p
	q.Demand = append([]Demand(nil), p.Demand...)
	for i := range q.Demand { // a rush between 12:30 and 13:30
		at := p.SlotStart(q.Demand[i].Slot)
		if d := at.Sub(noon); d >= 30*time.Minute && d < 90*time.Minute {
			q.Demand[i].Need *= 1.5
		}
	}
	first := res.Roster.Assignments
	locked := ""
	for _, a := range first {
		if a.Date == day && len(a.Breaks) > 1 {
			locked = a.Agent
			q.Locked = append(q.Locked, Cell{Agent: a.Agent, Date: day, Assignment: a})
			break
		}
	}
	got, err := MoveBreaks(context.Background(), &q, res.Roster, MoveOptions{Date: day, From: noon, PerMove: 1})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Moves) == 0 || got.Saves <= 0 || got.Unmet[1] >= got.Unmet[0] {
		t.Errorf("%d moves save %.1f points, short %.2f then %.2f hours; want a gain", len(got.Moves), got.Saves, got.Unmet[0], got.Unmet[1])
	}
	for _, b := range got.Moves {
		if b.Before.Before(noon) || b.After.Before(noon) {
			t.Errorf("%s: a break moves from %v to %v although it is %v", b.Agent, b.Before, b.After, noon)
		}
		if b.Agent == locked {
			t.Errorf("a break of the locked shift of %s moves", locked)
		}
	}
	if found := Check(&q, got.Roster); len(found) > 0 {
		t.Errorf("breaks %s", found[0].Text)
	}
	for i, a := range got.Roster.Assignments {
		if b := first[i]; a.Agent != b.Agent || !a.Start.Equal(b.Start) || !a.End.Equal(b.End) {
			t.Fatalf("the shift of %s on %s changed", b.Agent, b.Date)
		}
	}
	if none, _ := MoveBreaks(context.Background(), &q, got.Roster, MoveOptions{Date: day, From: noon, PerMove: 1}); len(none.Moves) > 0 {
		t.Errorf("%d breaks move again", len(none.Moves))
	}
}
