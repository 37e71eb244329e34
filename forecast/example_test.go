package forecast_test

import (
	"context"
	"fmt"
	"math"
	"time"

	"kcc/forecast"
	"kcc/internal/calendar"
)

// history is ten weeks of a channel that gets 60 contacts an hour on Mondays and
// 40 on other weekdays, from nine to twelve.
func history() forecast.Series {
	s := forecast.Series{Channel: "phone", Zone: time.UTC, Step: time.Hour}
	first := calendar.NewDate(2026, 1, 5)
	for d := first; d < first.Add(70); d++ {
		if d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
			continue
		}
		for h := 9; h < 12; h++ {
			n := 40.0
			if d.Weekday() == time.Monday {
				n = 60
			}
			s.Obs = append(s.Obs, forecast.Observation{Start: d.At(calendar.Clock(60*h), time.UTC), Offered: n, Handled: n, AHT: 300})
		}
	}
	return s
}

func ExampleRun() {
	f, err := forecast.Run(context.Background(), history(), forecast.Options{Horizon: 4})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range f.Points[:4] {
		fmt.Printf("%s %.0f contacts of %.0f s\n", p.Start.Format("Mon 15:04"), p.Mean, p.AHT)
	}
	// Output:
	// Mon 09:00 60 contacts of 300 s
	// Mon 10:00 60 contacts of 300 s
	// Mon 11:00 60 contacts of 300 s
	// Tue 09:00 40 contacts of 300 s
}

func ExampleBacktest() {
	r, err := forecast.Backtest(context.Background(), history(), forecast.BacktestOptions{
		Options: forecast.Options{Horizon: 5, OpenDays: true}, First: 40, Step: 2, Folds: 3, Windows: []int{5},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	s := r.Scores[0]
	fmt.Printf("%s, %d origins, %d intervals, WAPE under 1%%: %v\n", s.Model, s.Origins, s.N, s.WAPE < 0.01)
	// Output: auto, 3 origins, 45 intervals, WAPE under 1%: true
}

func ExampleRunPlain() {
	var v []float64
	for i := range 40 {
		v = append(v, 10+5*math.Sin(2*math.Pi*float64(i)/4))
	}
	f, err := forecast.RunPlain(context.Background(), forecast.Plain{Values: v}, forecast.PlainOptions{Periods: []int{4}, Steps: 4})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.0f\n", f.Mean)
	// Output: [10 15 10 5]
}
