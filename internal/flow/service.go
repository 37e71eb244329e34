package flow

import (
	"math"
	"time"

	"kcc/erlang"
	"kcc/forecast"
	"kcc/internal/centre"
)

// Service is what customers of a channel may expect of a roster, weighted by
// volume over the whole plan. Figures are NaN where they do not apply.
type Service struct {
	Channel   string
	Goal      float64
	Level     float64
	Low, High float64
	ASA       float64 // s
	Abandon   float64
	Occupancy float64
}

// expectedService evaluates the roster interval by interval with the formula
// that sized it. The agents of a skill are divided over its channels in
// proportion to what each needs, less the unplanned shrinkage.
func (p *Plan) expectedService() []Service {
	c := p.Input.Centre
	type key struct {
		at    int64
		skill string
	}
	present, slots := map[key]float64{}, map[key]int{}
	step := c.Interval
	floor := func(t time.Time) int64 { return t.Unix() - t.Unix()%int64(step.Seconds()) }
	for _, cov := range p.Result.Coverage {
		k := key{floor(cov.Start), cov.Skill}
		present[k] += cov.Present
		slots[k]++
	}
	needed := map[key]float64{}
	for _, r := range p.Requirements {
		needed[key{floor(r.Start), r.Skill}] += r.RosteredFractional
	}
	type sums struct{ offered, level, answered, wait, abandon, busy, agents float64 }
	per := map[string]*sums{}
	points := pointsOf(p.Forecasts)
	for _, r := range p.Requirements {
		ch, ok := c.Channel(r.Channel)
		if !ok || (ch.Kind != centre.Realtime && ch.Kind != centre.Chat) {
			continue
		}
		pt, ok := points[pointKey{r.Channel, r.Start.Unix()}]
		if !ok || pt.Mean == 0 {
			continue
		}
		k := key{floor(r.Start), r.Skill}
		n := 0.0
		if slots[k] > 0 && needed[k] > 0 {
			n = present[k] / float64(slots[k]) * r.RosteredFractional / needed[k] * (1 - c.Shrinkage.Unplanned)
		}
		offered, aht := pt.Mean, pt.AHT
		if math.IsNaN(aht) {
			aht = ch.AHT.Seconds()
		}
		res := erlang.Given(r.Erlangs, aht, n, SettingsOf(c, ch))
		s := per[r.Channel]
		if s == nil {
			s = &sums{}
			per[r.Channel] = s
		}
		s.offered += offered
		s.level += offered * orZero(res.ServiceLevel)
		s.abandon += offered * orZero(res.PAbandon)
		answered := offered * (1 - orZero(res.PAbandon))
		s.answered += answered
		s.wait += answered * min(orZero(res.ASA), step.Seconds())
		s.busy += n * orZero(res.Occupancy)
		s.agents += n
	}
	var out []Service
	for _, ch := range c.Channels {
		s := per[ch.Name]
		if s == nil {
			continue
		}
		v := Service{
			Channel: ch.Name, Goal: math.NaN(), Level: s.level / s.offered, Low: math.NaN(), High: math.NaN(),
			ASA: s.wait / s.answered, Abandon: s.abandon / s.offered, Occupancy: s.busy / s.agents,
		}
		if ch.Target.Level > 0 {
			v.Goal = ch.Target.Level
		}
		out = append(out, v)
	}
	return out
}

type pointKey struct {
	channel string
	at      int64
}

// pointsOf returns the forecast of each channel by the start of its intervals.
func pointsOf(forecasts []*forecast.Forecast) map[pointKey]forecast.Point {
	out := map[pointKey]forecast.Point{}
	for _, f := range forecasts {
		for _, pt := range f.Points {
			out[pointKey{f.Channel, pt.Start.Unix()}] = pt
		}
	}
	return out
}

func orZero(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	return x
}
