package forecast

import (
	"math"
	"math/rand/v2"
	"time"

	"kcc/internal/calendar"
)

// synth makes a seeded history of a channel: weekday, intraday and level pattern
// with Poisson noise, open by hours, from first for n days.
type synth struct {
	seed    uint64
	zone    *time.Location
	step    time.Duration
	first   calendar.Date
	days    int
	perDay  float64
	week    string // opening hours
	scale   float64
	noRows  map[calendar.Date]bool
	effects map[calendar.Date]float64
}

func (c synth) series() Series {
	if c.zone == nil {
		c.zone, _ = time.LoadLocation("Europe/Amsterdam")
	}
	if c.week == "" {
		c.week = "mo-fr 08:00-18:00; sa 09:00-13:00"
	}
	if c.scale == 0 {
		c.scale = 1
	}
	week, err := calendar.ParseWeek(c.week)
	if err != nil {
		panic(err)
	}
	h := &calendar.Hours{Loc: c.zone, Week: week}
	rng := rand.New(rand.NewPCG(c.seed, 7))
	weekday := [7]float64{0.4, 1.25, 1.05, 1, 0.95, 0.9, 0.5}
	s := Series{Channel: "phone", Zone: c.zone, Step: c.step}
	level := 0.0
	for d := c.first; d < c.first.Add(c.days); d++ {
		level = 0.9*level + 0.03*rng.NormFloat64()
		if c.noRows[d] {
			continue
		}
		at := h.Intervals(d, c.step)
		for _, t := range at {
			clock := float64(calendar.ClockOf(t, c.zone)) / 60
			shape := math.Exp(-0.5*math.Pow((clock-10.5)/2, 2)) + 0.7*math.Exp(-0.5*math.Pow((clock-14.5)/2.5, 2))
			mu := c.perDay * weekday[d.Weekday()] * shape * math.Exp(level) * c.step.Hours() / 7
			if e := c.effects[d]; e != 0 {
				mu *= e
			}
			s.Obs = append(s.Obs, Observation{Start: t, Offered: c.scale * poisson(rng, mu), Handled: math.NaN(), AHT: 240})
		}
	}
	return s
}

// poisson draws a count, by the normal approximation for large means.
func poisson(rng *rand.Rand, mu float64) float64 {
	if mu > 500 {
		return math.Max(0, math.Round(mu+math.Sqrt(mu)*rng.NormFloat64()))
	}
	n, p, l := 0.0, rng.Float64(), math.Exp(-mu)
	for p > l {
		n++
		p *= rng.Float64()
	}
	return n
}
