package forecast

import (
	"math"
	"testing"
	"time"

	"kcc/internal/calendar"
)

// day makes a forecast of one contact count per day, made on the morning of made.
func dayForecast(run int64, made calendar.Date, first calendar.Date, means ...float64) Made {
	f := &Forecast{Channel: "phone", Step: 24 * time.Hour, Levels: []float64{0.8, 0.95}}
	for i, m := range means {
		f.Points = append(f.Points, Point{Start: first.Add(i).Start(time.UTC), Step: 24 * time.Hour, Mean: m, Bounds: []float64{m - 10, m + 10, m - 20, m + 20}, AHT: math.NaN(), Computed: m})
	}
	return Made{Run: run, At: made.At(6*60, time.UTC), Known: made - 1, Forecast: f}
}

func TestJudgeRecord(t *testing.T) {
	first := calendar.NewDate(2026, 6, 1) // a Monday
	s := Series{Channel: "phone", Zone: time.UTC, Step: 24 * time.Hour}
	for d := first.Add(-28); d < first.Add(3); d++ {
		n := 100.0
		if d >= first {
			n = 100 + 10*float64(d-first) // 100, 110, 120
		}
		s.Obs = append(s.Obs, Observation{Start: d.Start(time.UTC), Offered: n, Handled: n, AHT: 200})
	}
	changed := dayForecast(3, first.Add(1), first.Add(1), 132, 110)
	changed.Forecast.Points[0].Computed = 120 // a planner made it 132
	made := []Made{
		dayForecast(1, first, first, 90, 100, 110),
		dayForecast(2, first, first, 95, 100, 110), // the same morning again: this one counts
		changed,
	}
	adjust := []Adjustment{{ID: "a1", From: first.Add(1).Start(time.UTC), To: first.Add(2).Start(time.UTC), Factor: 1.1, Reason: "x", Made: first.At(20*60, time.UTC)}}
	made[1].At = made[1].At.Add(time.Hour)
	r, err := JudgeRecord(made, s, [][2]int{{1, 1}, {2, 3}}, adjust)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Bands) != 2 {
		t.Fatalf("%d spans", len(r.Bands))
	}
	// One day ahead: 1 June by run 2 (95 for 100), 2 June by run 3 (132 for 110; 120 computed).
	next := r.Bands[0]
	if next.Runs != 2 || next.Score.N != 2 || math.Abs(next.Score.WAPE-27.0/210) > 1e-12 || math.Abs(next.Computed-15.0/210) > 1e-12 {
		t.Errorf("next day: %d runs, %d intervals, WAPE %g and computed %g, want 2, 2, %g, %g", next.Runs, next.Score.N, next.Score.WAPE, next.Computed, 27.0/210, 15.0/210)
	}
	// Two and three days ahead: 2 June by run 2 (100 for 110), 3 June by run 3 (110 for 120).
	later := r.Bands[1]
	if later.Score.N != 2 || math.Abs(later.Score.Bias+20.0/230) > 1e-12 {
		t.Errorf("later: %d intervals, bias %g, want 2, %g", later.Score.N, later.Score.Bias, -20.0/230)
	}
	if next.Score.Coverage[0] != 0.5 || next.Score.Coverage[1] != 0.5 {
		t.Errorf("coverage %v, want half", next.Score.Coverage)
	}
	if len(r.Layers) != 1 {
		t.Fatalf("%d changes judged", len(r.Layers))
	}
	j := r.Layers[0]
	if j.Before != 120 || j.After != 132 || j.Came != 110 || !(j.ErrorAfter > j.ErrorBefore) {
		t.Errorf("change by hand: %+v", j)
	}
	if _, err := JudgeRecord([]Made{dayForecast(1, first.Add(9), first.Add(9), 1)}, s, [][2]int{{1, 1}}, nil); err == nil {
		t.Error("a forecast without actuals was judged")
	}
}
