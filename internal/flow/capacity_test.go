package flow

import (
	"math"
	"strings"
	"testing"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/output"
	"kcc/roster"
)

// Two people of 36 hours against a need of three: one is hired for the first
// month by which somebody can be found and trained, not before.
func TestCapacityHires(t *testing.T) {
	today := calendar.NewDate(2026, time.November, 22)
	first := calendar.NewDate(2026, time.December, 1)
	week := 7 * 24 * time.Hour
	c := &Capacity{Wage: 30, Options: CapacityOptions{FullTime: 36 * time.Hour, HireHours: 18 * time.Hour, Recruit: 4 * week, Train: 4 * week}}
	for m := range 4 {
		d := first.AddMonths(m)
		c.Months = append(c.Months, Month{First: d, Days: int(first.AddMonths(m+1) - d), Needed: 3})
	}
	agents := []roster.Agent{
		{ID: "a", Contract: 36 * time.Hour},
		{ID: "b", Contract: 144 * time.Hour, Period: roster.PerFour, ValidTo: calendar.NewDate(2027, time.January, 31), HasTo: true},
	}
	c.compare(agents, today)
	// 8 weeks after 22 November is 17 January: February is the first month.
	if len(c.Hires) != 1 || c.Hires[0].Ready != first.AddMonths(2) || c.Hires[0].People != 4 {
		t.Fatalf("hires %+v, want four of half a job for February, when b has left", c.Hires)
	}
	if h := c.Hires[0]; h.Start != h.Ready-28 || h.Recruit != h.Start-28 || h.Recruit < today {
		t.Errorf("%+v: want four weeks to find and four to train", h)
	}
	for i, want := range []float64{1, 1, 0, 0} {
		if g := c.Months[i].Gap; math.Abs(g-want) > 1e-9 {
			t.Errorf("month %d is short of %.3f FTE, want %.0f", i+1, g, want)
		}
	}
	if n := len(c.Unfilled()); n != 2 {
		t.Errorf("%d months stay short, want 2", n)
	}
	if got := c.lead(output.English); !strings.HasSuffix(got, "; 4 people to be hired.") {
		t.Errorf("lead = %q, want 4 people to be hired", got)
	}
	none := *c
	none.Hires = nil
	if got := none.lead(output.English); !strings.HasSuffix(got, "; nobody can be found and trained before these months are over.") {
		t.Errorf("lead without hires = %q, want that nobody can be found", got)
	}
	// December: two contracts of 36 hours over 31 days.
	if got, want := c.Months[0].Cost, 2*36.0/7*31*30; math.Abs(got-want) > 1e-6 {
		t.Errorf("December costs %.2f, want %.2f", got, want)
	}
	// January holds the training of the four from 4 January on.
	if got, want := c.Months[1].Cost, (2+2*28.0/31)*36/7*31*30; math.Abs(got-want) > 1e-6 {
		t.Errorf("January costs %.2f, want %.2f", got, want)
	}
	c.Options.Attrition = 0.5
	c.Months[3].Contract, c.Hires = 0, nil
	c.compare(agents[:1], today)
	if x := c.stays(365); x > 0.51 || x < 0.49 {
		t.Errorf("after a year %.2f stay, want half", x)
	}
}
