package flow

import (
	"context"
	"math"
	"slices"
	"time"

	"kcc/erlang"
	"kcc/forecast"
	"kcc/internal/centre"
)

// Service is what customers of a channel may expect of a roster, over the whole
// plan. Figures are NaN where they do not apply.
type Service struct {
	Channel   string
	Goal      float64
	Level     float64
	Low, High float64 // 95 % interval of Level
	ASA       float64 // s
	Abandon   float64
	Occupancy float64
}

// The simulation of a plan stops at this half width of each service level's
// 95 % interval, or after so many times.
const (
	playPrecision = 0.005
	playRuns      = 200
)

// play simulates the roster: every channel where customers wait meets the agents
// of its skill who are present after breaks, each of them away for a day with
// the chance of the unplanned shrinkage. It returns how many days were played.
func (p *Plan) play(ctx context.Context, seed uint64) (services []Service, days int, err error) {
	return p.playWith(ctx, erlang.SimOptions{Seed: seed, Precision: playPrecision, MaxRuns: playRuns})
}

// playWith is play with other options of the simulation.
func (p *Plan) playWith(ctx context.Context, opt erlang.SimOptions) (services []Service, days int, err error) {
	sc, channels := p.scenario()
	if len(sc.Queues) == 0 || len(sc.Slots) == 0 {
		return nil, 0, nil
	}
	rep, err := erlang.Simulate(ctx, sc, opt)
	if err != nil {
		return nil, 0, err
	}
	for q, ch := range channels {
		t := &rep.Total[q]
		v := Service{
			Channel: ch.Name, Goal: math.NaN(), Level: t.ServiceLevel(), ASA: t.ASA(), Abandon: t.Abandoned(),
			Occupancy: p.occupancy(sc, rep, q),
		}
		v.Low, v.High = math.Max(0, v.Level-t.HalfWidth()), math.Min(1, v.Level+t.HalfWidth())
		if ch.Target.Level > 0 {
			v.Goal = ch.Target.Level
		}
		services = append(services, v)
	}
	return services, rep.Runs * len(rep.DayStart), nil
}

// scenario lays the waiting channels and the agents present per skill on the
// intervals of the plan.
func (p *Plan) scenario() (*erlang.Scenario, []centre.Channel) {
	c := p.Input.Centre
	points := pointsOf(p.Forecasts)
	var starts []int64
	var channels []centre.Channel
	for _, ch := range c.Channels {
		if ch.Kind != centre.Realtime && ch.Kind != centre.Chat {
			continue
		}
		n := len(starts)
		for _, r := range p.Requirements {
			if r.Channel == ch.Name {
				starts = append(starts, r.Start.Unix())
			}
		}
		if len(starts) > n {
			channels = append(channels, ch)
		}
	}
	slices.Sort(starts)
	starts = slices.Compact(starts)
	sc := &erlang.Scenario{}
	for _, t := range starts {
		sc.Slots = append(sc.Slots, erlang.Slot{Start: time.Unix(t, 0).In(c.Zone), Step: c.Interval})
	}
	cv := PlanOptionsOf(c, p.Forecasts).VolumeCV
	present := p.presence(starts)
	var skills []string
	for _, ch := range channels {
		offered, aht := make([]float64, len(starts)), make([]float64, len(starts))
		for i, t := range starts {
			pt, ok := points[pointKey{ch.Name, t}]
			if !ok {
				continue
			}
			offered[i], aht[i] = pt.Mean, pt.AHT
			if math.IsNaN(aht[i]) {
				aht[i] = ch.AHT.Seconds()
			}
		}
		q := erlang.SimQueueOf(ch.Name, SettingsOf(c, ch), sc.Slots, offered, aht)
		q.VolumeCV = cv[ch.Name]
		sc.Queues = append(sc.Queues, q)
		skill := skillOf(ch)
		at := slices.Index(skills, skill)
		if at < 0 {
			at = len(skills)
			skills = append(skills, skill)
			sc.Teams = append(sc.Teams, erlang.SimTeam{Name: skill, Agents: present[skill], Away: c.Shrinkage.Unplanned})
			if present[skill] == nil {
				sc.Teams[at].Agents = make([]float64, len(starts))
			}
		}
		sc.Teams[at].Skills = append(sc.Teams[at].Skills, erlang.SimSkill{Queue: ch.Name})
	}
	return sc, channels
}

// presence returns the agents present per skill in the intervals that begin at
// starts, in units of full efficiency, after breaks.
func (p *Plan) presence(starts []int64) map[string][]float64 {
	step := int64(p.Input.Centre.Interval.Seconds())
	out := map[string][]float64{}
	for _, cov := range p.Result.Coverage {
		t := cov.Start.Unix()
		i, found := slices.BinarySearch(starts, t)
		if !found {
			i--
		}
		if i < 0 || t >= starts[i]+step {
			continue
		}
		if out[cov.Skill] == nil {
			out[cov.Skill] = make([]float64, len(starts))
		}
		out[cov.Skill][i] += cov.Present * cov.Step.Seconds() / float64(step)
	}
	return out
}

// occupancy returns the busy share of the time that the agents of a channel's
// skill are there, a share of it where several channels use the skill.
func (p *Plan) occupancy(sc *erlang.Scenario, rep *erlang.SimReport, q int) float64 {
	there, work := 0.0, 0.0
	for _, t := range sc.Teams {
		if !slices.ContainsFunc(t.Skills, func(s erlang.SimSkill) bool { return s.Queue == sc.Queues[q].Name }) {
			continue
		}
		for i, n := range t.Agents {
			there += n * (1 - t.Away) * sc.Slots[i].Step.Seconds()
		}
		for k := range sc.Queues {
			if slices.ContainsFunc(t.Skills, func(s erlang.SimSkill) bool { return s.Queue == sc.Queues[k].Name }) {
				work += rep.Total[k].Work / float64(max(1, len(sc.Queues[k].ChatAHT)))
			}
		}
	}
	if there == 0 {
		return math.NaN()
	}
	return work / float64(rep.Runs) / there
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
