package forecast

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"kcc/internal/calendar"
)

// marketSeries is a channel with a weekly market day of its own kind every fifth
// week: late is how much of the day's volume comes two hours later then.
func marketSeries(shifted bool) (Series, []Event, calendar.Date) {
	rng := rand.New(rand.NewPCG(4, 4))
	first := calendar.NewDate(2025, 9, 1)
	s := Series{Channel: "desk", Zone: time.UTC, Step: time.Hour}
	var events []Event
	const days = 7 * 30
	for d := first; d < first.Add(days+7); d++ {
		if wd := d.Weekday(); wd == time.Saturday || wd == time.Sunday {
			continue
		}
		market := d.Weekday() == time.Wednesday && int(d-first)/7%5 == 0
		if market {
			events = append(events, Event{Name: "market", From: d, To: d})
		}
		if d >= first.Add(days) {
			continue
		}
		for h := 8; h < 17; h++ {
			mu := 60 - 4*math.Abs(float64(h)-10)
			if market && shifted {
				mu = 60 - 4*math.Abs(float64(h)-14)
			}
			s.Obs = append(s.Obs, Observation{Start: d.At(calendar.Clock(60*h), time.UTC), Offered: poisson(rng, mu), Handled: math.NaN(), AHT: math.NaN()})
		}
	}
	return s, events, first.Add(days)
}

func TestSpecialDaysHaveAShapeOfTheirOwn(t *testing.T) {
	for _, shifted := range []bool{true, false} {
		s, events, from := marketSeries(shifted)
		f := must(t, s, Options{From: from, Horizon: 7, Events: events})
		morning, afternoon := map[calendar.Date]float64{}, map[calendar.Date]float64{}
		for _, p := range f.Points {
			d := calendar.DateOf(p.Start, time.UTC)
			if p.Start.Hour() < 12 {
				morning[d] += p.Mean
			} else {
				afternoon[d] += p.Mean
			}
		}
		market, thursday := from.Add(2), from.Add(3)
		// Four hours before noon, five after it: 9/8 of the usual day, and on a
		// shifted one (60·5-24)/(60·4-56) = 1.5.
		ordinary := afternoon[thursday] / morning[thursday]
		special := afternoon[market] / morning[market]
		want := 1.0
		if shifted {
			want = 1.4
		}
		if shifted && special < want*ordinary {
			t.Errorf("afternoon over morning = %.2f on the market day, %.2f on others: want at least %g times", special, ordinary, want)
		}
		if !shifted && math.Abs(special/ordinary-1) > 0.08 {
			t.Errorf("afternoon over morning = %.2f on the market day, %.2f on others: want the same", special, ordinary)
		}
	}
}

func TestShapeOfChanceIsNoShape(t *testing.T) {
	s, events, from := marketSeries(false)
	p, n, err := buildPanel(&s, &Options{Events: events}, from.Add(7))
	if err != nil {
		t.Fatal(err)
	}
	v := newView(p, 0, n, 7, p.withoutEvents(n), nil)
	for kind, r := range v.dayShapes() {
		for i, x := range r {
			if math.Abs(x-1) > 0.15 {
				t.Errorf("%s: slot %d has factor %.2f, from chance alone", kind, i, x)
			}
		}
	}
}
