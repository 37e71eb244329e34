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
	if got := c.lead(output.English); !strings.HasSuffix(got, "; 4 people to be hired; 319 temporary hours.") {
		t.Errorf("lead = %q, want 4 people to be hired", got)
	}
	none := *c
	none.Hires = nil
	if got := none.lead(output.English); !strings.HasSuffix(got, "; nobody can be found and trained before these months are over; 319 temporary hours.") {
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

// yearOf is a plan of twelve months with one person of 36 hours under contract,
// a need per month and nobody leaving.
func yearOf(peak int, need ...float64) *Capacity {
	first := calendar.NewDate(2027, time.January, 1)
	c := &Capacity{Wage: 30, Options: CapacityOptions{FullTime: 36 * time.Hour, HireHours: 36 * time.Hour, PeakMonths: peak}}
	for m, n := range need {
		d := first.AddMonths(m)
		c.Months = append(c.Months, Month{First: d, Days: int(first.AddMonths(m+1) - d), Needed: n})
	}
	c.compare([]roster.Agent{{ID: "a", Contract: 36 * time.Hour}}, calendar.NewDate(2026, time.December, 1))
	return c
}

func TestNobodyIsHiredForAPeak(t *testing.T) {
	for _, x := range []struct {
		name            string
		peak            int
		need            []float64
		hires           []int // per month
		work            float64
		idle            int
		peaks, undecide int // months
	}{
		{"one month", 3, []float64{1, 1, 4, 1, 1, 1, 1, 1, 1, 1, 1, 1}, []int{}, 0, 0, 1, 0},
		{"one month, hired for when every gap is", -1, []float64{1, 1, 4, 1, 1, 1, 1, 1, 1, 1, 1, 1}, []int{0, 0, 3}, 1, 3, 0, 0},
		{"a need that lasts", 3, []float64{1, 1, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3}, []int{0, 0, 2}, 10, 0, 0, 0},
		{"a peak on top of a need that lasts", 3, []float64{1, 1, 5, 2, 2, 2, 2, 2, 2, 2, 2, 2}, []int{0, 0, 1}, 10, 0, 1, 0},
		{"three months here and there are work", 3, []float64{1, 1, 2, 1, 2, 1, 1, 2, 1, 1, 1, 1}, []int{0, 0, 1}, 3, 1, 0, 0},
		{"half a job does for twice as long", 3, []float64{1, 1, 1.5, 1.5, 1.5, 1.5, 1.5, 1, 1, 1, 1, 1}, []int{}, 0, 0, 5, 0},
		{"the end of the plan does not tell", 3, []float64{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2}, []int{}, 0, 0, 0, 2},
		{"a peak every year is a peak", 3, []float64{1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 1, 1}, []int{}, 0, 0, 3, 0},
	} {
		t.Run(x.name, func(t *testing.T) {
			c := yearOf(x.peak, x.need...)
			people, idle, work := 0, 0, 0.0
			for _, h := range c.Hires {
				people, idle, work = people+h.People, idle+h.Idle, work+h.Work
			}
			want := 0
			for m := range c.Months {
				n := 0
				if m < len(x.hires) {
					n = x.hires[m]
				}
				want += n
				if c.Months[m].Hires != n {
					t.Errorf("month %d: %d hired, want %d", m+1, c.Months[m].Hires, n)
				}
				// What nobody is hired for is temporary: no month stays short unsaid.
				if g := c.Months[m].Gap; (g > 0) != (c.Months[m].Temp > 0) {
					t.Errorf("month %d: short of %.2f FTE with %.0f temporary hours", m+1, g, c.Months[m].Temp)
				}
			}
			if people != want || idle != x.idle || math.Abs(work-x.work) > 1e-9 {
				t.Errorf("%d people with %.2f months of work, %d idle, want %d with %.2f, %d idle", people, work, idle, want, x.work, x.idle)
			}
			if p, u := len(c.Peaks()), len(c.Undecided()); p != x.peaks || u != x.undecide {
				t.Errorf("%d months of a peak and %d undecided, want %d and %d", p, u, x.peaks, x.undecide)
			}
			if len(c.Unfilled()) != 0 {
				t.Errorf("%d months too soon, want none", len(c.Unfilled()))
			}
			c.Tables(output.Dutch)
		})
	}
}

// Temporary hours are worked: 3 FTE of 36 hours for the 31 days of March, less
// what is paid but not worked, at one and a half times the wage.
func TestTemporaryHours(t *testing.T) {
	c := yearOf(3, 1, 1, 4, 1, 1, 1, 1, 1, 1, 1, 1, 1)
	c.Planned, c.Away, c.Hires = 0.2, 0.1, nil
	c.compare([]roster.Agent{{ID: "a", Contract: 36 * time.Hour}}, calendar.NewDate(2026, time.December, 1))
	m := c.Months[2]
	if want := 3 * 36.0 / 7 * 31 * 0.8 * 0.9; math.Abs(m.Temp-want) > 1e-9 || math.Abs(m.TempCost-want*45) > 1e-6 {
		t.Errorf("March: %.2f temporary hours for %.2f, want %.2f for %.2f", m.Temp, m.TempCost, want, want*45)
	}
	tables := c.Tables(output.English)
	notes := strings.Join(tables[0].Notes, "\n")
	if !strings.Contains(notes, "too short a peak to hire for: 2027-03") || len(tables[2].Rows) != 0 {
		t.Errorf("notes %q and %d hires, want the peak of March told and nobody hired", notes, len(tables[2].Rows))
	}
	if got := c.lead(output.Dutch); !strings.HasSuffix(got, "; niemand te werven; 344 tijdelijke uren, ook voor de piek in 2027-03.") {
		t.Errorf("lead = %q", got)
	}
}
