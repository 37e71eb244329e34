package accuracy

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"time"

	"kcc/forecast"
	"kcc/internal/calendar"
	"kcc/internal/output"
)

// sample is twelve weeks of a channel that is open on weekday mornings.
func sample() forecast.Series {
	s := forecast.Series{Channel: "phone", Zone: time.UTC, Step: time.Hour}
	first := calendar.NewDate(2026, 1, 5)
	for d := first; d < first.Add(84); d++ {
		if wd := d.Weekday(); wd == time.Saturday || wd == time.Sunday {
			continue
		}
		for h := 8; h < 13; h++ {
			n := 40 + 10*math.Sin(float64(h)) + float64(int(d)*7%5) - float64(d.Weekday())
			s.Obs = append(s.Obs, forecast.Observation{Start: d.At(calendar.Clock(60*h), time.UTC), Offered: math.Round(n), Handled: math.NaN(), AHT: 200})
		}
	}
	return s
}

func TestBacktestPage(t *testing.T) {
	r, err := forecast.Backtest(t.Context(), sample(), forecast.BacktestOptions{
		Options: forecast.Options{Horizon: 10, OpenDays: true}, First: 40, Step: 5, Folds: 2, Windows: []int{1, 10},
	})
	if err != nil {
		t.Fatal(err)
	}
	table := ScoreTable([]*forecast.Report{r}, output.English)
	if len(table.Rows) != 2 || len(table.Rows[0]) != len(table.Columns) {
		t.Fatalf("%d rows of %d cells for %d columns", len(table.Rows), len(table.Rows[0]), len(table.Columns))
	}
	book := BacktestBook([]*forecast.Report{r}, time.UTC, output.English)
	if len(book.Charts) != 4 {
		t.Errorf("charts = %d, want 4", len(book.Charts))
	}
	var b bytes.Buffer
	if err := output.WriteBook(&b, output.HTML, output.Options{}, book); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), "<svg"); n != 4 {
		t.Errorf("pictures on the page = %d, want 4", n)
	}
	if ahead := r.ErrorsByAhead("auto"); len(ahead) != 10 || ahead[0].Ahead != 1 || ahead[0].N != 10 {
		t.Errorf("errors by days ahead: %+v", ahead)
	}
	if clock := r.ErrorsByClock("auto", time.UTC); len(clock) != 5 || clock[0].Clock != 8*60 {
		t.Errorf("errors by time of day: %+v", clock)
	}
}

func TestTablesAreRectangles(t *testing.T) {
	f, err := forecast.Run(t.Context(), sample(), forecast.Options{Horizon: 7})
	if err != nil {
		t.Fatal(err)
	}
	fs := []*forecast.Forecast{f}
	events := []forecast.Event{{ID: "e1", Name: "letters", From: 1, To: 2, Mode: forecast.EventExtra, Letters: 100, Rate: 0.1}}
	learned := []Learned{{
		Name: "phone", Effects: []forecast.LearnedEffect{{Name: "market", Factor: 1.2, Days: 3, Event: true}},
		Surprises: []forecast.Surprise{{Date: 1, Actual: 2, Normal: 1, Factor: 2}},
		Mailings:  []forecast.MailingResult{{Event: events[0], Days: 2, Expected: 10, Came: 9, Spread: 2, Rate: 0.09}},
	}}
	f.Cleaned = []forecast.Cleaned{{Date: 3, Was: 9, Becomes: 3, Reason: "odd"}}
	for _, tt := range []output.Table{
		FactorTable(fs, 0, output.English), ChoiceTable(fs, output.English), CleanedTable(fs, output.English), EventTable(events, output.English), LearnTable(learned, output.English), SurpriseTable(learned, output.English), MailingTable(learned, output.English),
		UpdateTable(fs, []*forecast.Update{{Observed: 1, Expected: 2, Factor: 1}}, output.English),
		AdjustmentTable([]forecast.Adjustment{{ID: "a1", Factor: 1.1, Reason: "x"}, {ID: "a2", HasSet: true, SetTo: 4}, {ID: "a3", Add: 2}}, output.English),
	} {
		if len(tt.Rows) == 0 {
			t.Errorf("%s has no rows", tt.Name)
		}
		for _, r := range tt.Rows {
			if len(r) != len(tt.Columns) {
				t.Fatalf("%s: %d cells for %d columns", tt.Name, len(r), len(tt.Columns))
			}
		}
		var b bytes.Buffer
		if err := output.Write(&b, output.CSV, output.Options{}, tt); err != nil {
			t.Errorf("%s: %v", tt.Name, err)
		}
	}
}
