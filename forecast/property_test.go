package forecast

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kcc/internal/calendar"
)

// drawSeries makes a history of any size, with closed days and missing ones.
func drawSeries(t *rapid.T) synth {
	c := synth{
		seed:   rapid.Uint64().Draw(t, "seed"),
		step:   rapid.SampledFrom([]time.Duration{30 * time.Minute, time.Hour, 2 * time.Hour}).Draw(t, "step"),
		first:  calendar.NewDate(2026, 1, 1).Add(rapid.IntRange(0, 400).Draw(t, "first")),
		days:   rapid.IntRange(1, 70).Draw(t, "days"),
		perDay: rapid.SampledFrom([]float64{0.5, 5, 60, 3000}).Draw(t, "perDay"),
		week:   rapid.SampledFrom([]string{"mo-fr 08:00-18:00", "mo-su 00:00-24:00", "mo-th 08:00-12:00 14:00-20:00; sa 10:00-16:00"}).Draw(t, "week"),
		noRows: map[calendar.Date]bool{},
	}
	for range rapid.IntRange(0, 5).Draw(t, "missing") {
		c.noRows[c.first.Add(rapid.IntRange(0, c.days).Draw(t, "day"))] = true
	}
	return c
}

func TestPropertyForecastIsSane(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawSeries(t)
		s := c.series()
		if len(s.Obs) == 0 {
			t.Skip("closed all the time")
		}
		week, _ := calendar.ParseWeek(c.week)
		s.Hours = &calendar.Hours{Loc: s.Zone, Week: week}
		f, err := Run(ctx, s, Options{Horizon: rapid.IntRange(1, 20).Draw(t, "horizon")})
		if err != nil {
			t.Fatal(err)
		}
		last := time.Time{}
		for _, p := range f.Points {
			if !(p.Mean >= 0) || math.IsInf(p.Mean, 0) {
				t.Fatalf("mean %g at %s", p.Mean, p.Start)
			}
			if !s.Hours.Open(p.Start) {
				t.Fatalf("%s is closed", p.Start)
			}
			if !p.Start.After(last) {
				t.Fatalf("%s after %s", p.Start, last)
			}
			last = p.Start
			b := p.Bounds
			if !(b[2] <= b[0] && b[0] <= p.Mean && p.Mean <= b[1] && b[1] <= b[3] && b[2] >= 0) {
				t.Fatalf("bounds %v around %g", b, p.Mean)
			}
		}
		if math.IsNaN(f.DayFactorCV) || f.DayFactorCV < 0 {
			t.Fatalf("day factor %g", f.DayFactorCV)
		}
	})
}

// The order of the rows does not matter, nor does splitting one into two.
func TestPropertyOrderOfRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSeries(t).series()
		if len(s.Obs) < 2 {
			t.Skip("too little")
		}
		a, err := Run(ctx, s, Options{Horizon: 7})
		if err != nil {
			t.Skip(err)
		}
		mixed := s
		mixed.Obs = slices.Clone(s.Obs)
		slices.Reverse(mixed.Obs)
		o := mixed.Obs[0]
		mixed.Obs[0].Offered -= 1
		o.Offered = 1
		mixed.Obs = append(mixed.Obs, o)
		b, err := Run(ctx, mixed, Options{Horizon: 7})
		if err != nil {
			t.Fatal(err)
		}
		for i := range a.Points {
			if math.Abs(a.Points[i].Mean-b.Points[i].Mean) > 1e-9*(1+a.Points[i].Mean) {
				t.Fatalf("point %d: %g and %g", i, a.Points[i].Mean, b.Points[i].Mean)
			}
		}
	})
}

// Twice the volume gives twice the forecast where counts are large enough that
// the offset of the logarithm and the Poisson floor play no part.
func TestPropertyScaling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawSeries(t)
		c.perDay, c.days, c.noRows = 5000, max(c.days, 30), nil
		c.week = "mo-fr 08:00-18:00"
		k := rapid.SampledFrom([]float64{2, 10, 0.5}).Draw(t, "factor")
		a, err := Run(ctx, c.series(), Options{Horizon: 7})
		if err != nil {
			t.Fatal(err)
		}
		c.scale = k
		b, err := Run(ctx, c.series(), Options{Horizon: 7})
		if err != nil {
			t.Fatal(err)
		}
		for i := range a.Points {
			if r := b.Points[i].Mean / a.Points[i].Mean / k; math.Abs(r-1) > 0.02 {
				t.Fatalf("point %d: %g and %g, ratio %g, want %g", i, a.Points[i].Mean, b.Points[i].Mean, r*k, k)
			}
		}
	})
}

// A plain series shifted in units stays itself: y → k·y.
func TestPropertyPlainScaling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(30, 200).Draw(t, "n")
		period := rapid.SampledFrom([]int{1, 7, 12}).Draw(t, "period")
		v := make([]float64, n)
		for i := range v {
			v[i] = 100 + 30*math.Sin(2*math.Pi*float64(i)/float64(period)) + rapid.Float64Range(0, 10).Draw(t, "noise")
		}
		opt := PlainOptions{Periods: []int{period}, Steps: 14}
		a, err := RunPlain(ctx, Plain{Values: v}, opt)
		if err != nil {
			t.Fatal(err)
		}
		w := make([]float64, n)
		for i := range v {
			w[i] = 4 * v[i]
		}
		b, err := RunPlain(ctx, Plain{Values: w}, opt)
		if err != nil {
			t.Fatal(err)
		}
		for i := range a.Mean {
			if r := b.Mean[i] / a.Mean[i] / 4; math.Abs(r-1) > 0.02 {
				t.Fatalf("step %d: %g and %g", i, a.Mean[i], b.Mean[i])
			}
		}
	})
}
