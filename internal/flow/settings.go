package flow

import (
	"kcc/erlang"
	"kcc/forecast"
	"kcc/internal/centre"
)

// SettingsOf returns how the centre wants a channel to be staffed.
func SettingsOf(c *centre.Centre, ch centre.Channel) erlang.Settings {
	s := erlang.Settings{
		Skill:       skillOf(ch),
		AHT:         ch.AHT.Seconds(),
		Patience:    ch.Patience.Seconds(),
		Redial:      ch.Redial,
		Concurrency: ch.Concurrency,
		Unplanned:   c.Shrinkage.Unplanned,
		Minimum:     ch.MinPresence,
		Hours:       c.Hours(ch.Name),
		Target: erlang.Target{
			Ratio: ch.Target.Level, Within: ch.Target.Within,
			MaxAbandon: ch.MaxAbandon, MaxOccupancy: ch.MaxOccupancy,
		},
	}
	// Both names were checked when the centre was read.
	s.Target.Definition, _ = erlang.ParseDefinition(ch.Formula(c))
	s.Target.Period, _ = erlang.ParsePeriod(ch.Target.Period)
	switch ch.Kind {
	case centre.Chat:
		s.Model = erlang.ModelChat
	case centre.Deferrable:
		s.Model, s.Promise, s.PromiseRatio = erlang.ModelDeadline, ch.Promise, ch.PromiseLevel
		s.BlendInto, s.MaxBlend = ch.BlendInto, ch.MaxBlend
		if into, ok := c.Channel(ch.BlendInto); ok && s.MaxBlend == 0 {
			s.MaxBlend = into.MaxBlend
		}
	}
	return s
}

// skillOf returns the skill that serves a channel.
func skillOf(ch centre.Channel) string {
	if ch.Skill != "" {
		return ch.Skill
	}
	return ch.Name
}

// PlanOptionsOf returns the staffing settings of every channel that agents work
// on, with the day factors of the forecasts.
func PlanOptionsOf(c *centre.Centre, forecasts []*forecast.Forecast) erlang.PlanOptions {
	opt := erlang.PlanOptions{Channels: map[string]erlang.Settings{}, VolumeCV: map[string]float64{}}
	for _, ch := range c.Channels {
		if ch.Kind != centre.Bot {
			opt.Channels[ch.Name] = SettingsOf(c, ch)
		}
	}
	for _, f := range forecasts {
		opt.VolumeCV[f.Channel] = f.DayFactorCV
	}
	return opt
}

// IntervalsOf hands forecasts over to staffing. Bots need nobody and are left
// out; so is a forecast per subject, which is part of its channel's.
func IntervalsOf(c *centre.Centre, forecasts []*forecast.Forecast) []erlang.Interval {
	var out []erlang.Interval
	for _, f := range forecasts {
		ch, ok := c.Channel(f.Channel)
		if f.Subject != "" || (ok && ch.Kind == centre.Bot) {
			continue
		}
		for _, p := range f.Points {
			out = append(out, erlang.Interval{Start: p.Start, Step: p.Step, Channel: f.Channel, Offered: p.Mean, AHT: p.AHT})
		}
	}
	return out
}
