package forecast

import (
	"math"
	"testing"
	"time"

	"kcc/internal/calendar"
)

// ahtSeries has a handle time of level(d) seconds, a tenth longer on Monday and a
// fifth longer before ten.
func ahtSeries(days int, level func(d int) float64) Series {
	s := Series{Channel: "phone", Zone: time.UTC, Step: time.Hour}
	first := calendar.NewDate(2026, 1, 5)
	for d := range days {
		date := first.Add(d)
		if wd := date.Weekday(); wd == time.Saturday || wd == time.Sunday {
			continue
		}
		for h := 8; h < 16; h++ {
			a := level(d)
			if date.Weekday() == time.Monday {
				a *= 1.1
			}
			if h < 10 {
				a *= 1.2
			}
			s.Obs = append(s.Obs, Observation{Start: date.At(calendar.Clock(60*h), time.UTC), Offered: float64(50 + h), Handled: 45, AHT: a})
		}
	}
	return s
}

func TestBacktestScoresHandleTime(t *testing.T) {
	r, err := Backtest(ctx, ahtSeries(140, func(int) float64 { return 200 }), BacktestOptions{Options: Options{Horizon: 14}, Folds: 3, Windows: []int{1, 14}})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range r.Scores {
		if s.AHTError > 0.03 || math.Abs(s.AHTBias) > 0.02 || s.AHTErrorDay > 0.02 {
			t.Errorf("%d-%d: handle time off by %.3f, bias %.3f, of days %.3f on a series without noise", s.From, s.To, s.AHTError, s.AHTBias, s.AHTErrorDay)
		}
		if s.WorkError > s.WAPE+s.AHTError+0.005 { // the weights differ: offered and handled
			t.Errorf("workload off by %.3f, more than volume %.3f and handle time %.3f together", s.WorkError, s.WAPE, s.AHTError)
		}
	}
	none := ahtSeries(140, func(int) float64 { return math.NaN() })
	if r, err = Backtest(ctx, none, BacktestOptions{Options: Options{Horizon: 14}, Folds: 2}); err != nil {
		t.Fatal(err)
	}
	if s := r.Scores[0]; !math.IsNaN(s.AHTError) || !math.IsNaN(s.WorkError) {
		t.Errorf("scores without handle times: %g, %g, want NaN", s.AHTError, s.WorkError)
	}
}

// By hand: two intervals of 10 and 30 contacts, 100 s and 200 s long, forecast at
// 110 s and 190 s: (10·10 + 30·10) / (10·100 + 30·200) = 400/7000.
func TestHandleTimeErrorIsWeighted(t *testing.T) {
	var a ahtSums
	a.add(&FoldPoint{Actual: 10, Mean: 10, AHT: 110, ActualAHT: 100, Handled: 10})
	a.add(&FoldPoint{Actual: 30, Mean: 30, AHT: 190, ActualAHT: 200, Handled: 30})
	a.flush()
	var s Score
	a.scores(&s)
	for name, x := range map[string][2]float64{
		"per interval": {s.AHTError, 400.0 / 7000}, "bias": {s.AHTBias, -200.0 / 7000}, "of days": {s.AHTErrorDay, 200.0 / 7000}, "workload": {s.WorkError, 400.0 / 7000},
	} {
		if math.Abs(x[0]-x[1]) > 1e-12 {
			t.Errorf("%s = %g, want %g", name, x[0], x[1])
		}
	}
}

// A level that fell a month ago is followed by a short half life.
func TestHandleTimeFollowsAChange(t *testing.T) {
	f := must(t, ahtSeries(196, func(d int) float64 {
		if d >= 168 {
			return 150
		}
		return 200
	}), Options{Horizon: 7})
	day := f.Days(time.UTC)[1]
	if day.AHT < 150 || day.AHT > 175 {
		t.Errorf("handle time = %.0f s four weeks after it fell from 210 to 157 (Tuesday), want under 175", day.AHT)
	}
}
