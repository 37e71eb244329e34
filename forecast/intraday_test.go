package forecast

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"kcc/internal/calendar"
)

// daySeries makes a history in which whole days move by dayCV and slots by
// slotCV, independent of each other, with hardly any Poisson noise.
func daySeries(dayCV, slotCV float64) Series {
	rng := rand.New(rand.NewPCG(5, 5))
	s := Series{Channel: "phone", Zone: time.UTC, Step: time.Hour}
	first := calendar.NewDate(2026, 1, 5)
	for d := first; d < first.Add(140); d++ {
		if d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
			continue
		}
		day := math.Exp(dayCV * rng.NormFloat64())
		for h := 8; h < 18; h++ {
			mu := 1000 * day * math.Exp(slotCV*rng.NormFloat64())
			s.Obs = append(s.Obs, Observation{Start: d.At(calendar.Clock(60*h), time.UTC), Offered: math.Round(mu), Handled: math.NaN(), AHT: math.NaN()})
		}
	}
	return s
}

func TestReviseCarriesOnWhatDaysShare(t *testing.T) {
	now := calendar.NewDate(2026, 5, 22).At(13*60, time.UTC) // a Friday
	for _, tt := range []struct {
		name          string
		day, slot     float64
		used          bool
		wLeast, wMost float64
	}{
		{"days move as a whole", 0.15, 0.02, true, 0.8, 1.2},
		{"only slots move", 0.0, 0.15, false, 0, 0.5},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := daySeries(tt.day, tt.slot)
			// Today runs 20 % high until now.
			for i := range s.Obs {
				if o := &s.Obs[i]; calendar.DateOf(o.Start, time.UTC) == calendar.NewDate(2026, 5, 22) {
					o.Offered = 1200
				}
			}
			f, u, err := Revise(ctx, s, now, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if u.Used != tt.used || u.Weight < tt.wLeast || u.Weight > tt.wMost {
				t.Errorf("used %v with weight %.2f (%s), want used %v and %.1f to %.1f", u.Used, u.Weight, u.Reason, tt.used, tt.wLeast, tt.wMost)
			}
			if u.Observed != 6000 || len(f.Points) != 5 || !f.Points[0].Start.Equal(now) {
				t.Errorf("observed %.0f, rest %d points from %s", u.Observed, len(f.Points), f.Points[0].Start)
			}
			if tt.used && (f.Points[0].Mean < 1080 || f.Points[0].Mean > 1300) {
				t.Errorf("next hour = %.0f, want near 1200", f.Points[0].Mean)
			}
		})
	}
}
