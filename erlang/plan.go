package erlang

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"time"
)

// ErrNoAHT is returned for contacts without a handle time.
var ErrNoAHT = errors.New("there are contacts but no handle time")

// Plan returns the requirement for every interval: per channel the agents that
// keep the target of its settings. Channels where customers wait are sized
// interval by interval on the modified offered load (or on their own, as
// opt.TimeOfDay says); deferrable channels get the least-peak profile over their
// promise, after what idle time of the channel they blend into can do.
//
// Intervals may come in any order; the result is in order of channel, start and
// skill. Deferrable work also gets requirements in open intervals in which none
// comes in. When ctx ends Plan returns what is done with ctx.Err().
func Plan(ctx context.Context, intervals []Interval, opt PlanOptions) ([]Requirement, error) {
	groups, err := group(intervals, &opt)
	if err != nil {
		return nil, err
	}
	out := make([][]Requirement, len(groups))
	run := func(some func(queueGroup) bool, plan func(i int, g queueGroup)) {
		var wg sync.WaitGroup
		tickets := make(chan struct{}, runtime.GOMAXPROCS(0))
		for i, g := range groups {
			if some(g) {
				wg.Go(func() {
					tickets <- struct{}{}
					defer func() { <-tickets }()
					plan(i, g)
				})
			}
		}
		wg.Wait()
	}
	deferrable := func(g queueGroup) bool { return g.settings.model() == ModelDeadline }
	run(func(g queueGroup) bool { return !deferrable(g) }, func(i int, g queueGroup) { out[i] = planWaiting(ctx, g, &opt) })
	run(func(g queueGroup) bool { return deferrable(g) && g.settings.BlendInto == "" }, func(i int, g queueGroup) {
		out[i] = planDeadline(ctx, g, &opt, nil)
	})
	// Those that blend share the idle time of the others: one after the other.
	taken := Taken{}
	for i, g := range groups {
		if into := g.settings.BlendInto; deferrable(g) && into != "" {
			taken.Share(into, idleOf(groups, out, g.settings), func(idle map[time.Time]float64) {
				out[i] = planDeadline(ctx, g, &opt, idle)
			})
		}
	}
	var all []Requirement
	for _, rs := range out {
		all = append(all, rs...)
	}
	return all, ctx.Err()
}

// queueGroup is one channel and skill with its intervals in order of time.
type queueGroup struct {
	channel, skill string
	settings       Settings
	intervals      []Interval
}

func group(intervals []Interval, opt *PlanOptions) ([]queueGroup, error) {
	type key struct{ channel, skill string }
	index := map[key]int{}
	var groups []queueGroup
	for _, iv := range intervals {
		if iv.Step <= 0 {
			return nil, fmt.Errorf("interval %s of channel %q: length %v: want more than 0", iv.Start, iv.Channel, iv.Step)
		}
		s := opt.settingsOf(iv.Channel)
		if contacts(iv) > 0 && s.handleTime(iv) == 0 {
			return nil, fmt.Errorf("interval %s of channel %q: %w", iv.Start.Format(time.RFC3339), iv.Channel, ErrNoAHT)
		}
		skill := cmp.Or(iv.Skill, s.Skill, iv.Channel)
		k := key{iv.Channel, skill}
		i, ok := index[k]
		if !ok {
			i = len(groups)
			index[k] = i
			groups = append(groups, queueGroup{channel: iv.Channel, skill: skill, settings: s})
		}
		groups[i].intervals = append(groups[i].intervals, iv)
	}
	for _, g := range groups {
		slices.SortStableFunc(g.intervals, func(a, b Interval) int { return a.Start.Compare(b.Start) })
	}
	slices.SortFunc(groups, func(a, b queueGroup) int {
		return cmp.Or(cmp.Compare(a.channel, b.channel), cmp.Compare(a.skill, b.skill))
	})
	return groups, nil
}

// settingsOf returns the settings of a channel.
func (o *PlanOptions) settingsOf(channel string) Settings {
	if s, ok := o.Channels[channel]; ok {
		return s
	}
	return o.Default
}

// dayCV returns the spread of a day's volume of a channel.
func (o *PlanOptions) dayCV(channel string) float64 {
	if cv, ok := o.VolumeCV[channel]; ok {
		return cv
	}
	return o.VolumeCV[""]
}

// HighVolume returns the factor of a channel's volume that is not exceeded with
// the certainty of o; 1 without a certainty.
func (o *PlanOptions) HighVolume(channel string) float64 {
	if o.Certainty <= 0 {
		return 1
	}
	return gammaQuantile(math.Hypot(o.dayCV(channel), o.NoiseCV), o.Certainty)
}

func planWaiting(ctx context.Context, g queueGroup, opt *PlanOptions) []Requirement {
	out := make([]Requirement, 0, len(g.intervals))
	load := loads(g.intervals, g.settings, opt.TimeOfDay)
	for i, iv := range g.intervals {
		if ctx.Err() != nil {
			return out
		}
		r := Require(iv, load[i], g.settings, *opt)
		r.Skill = g.skill
		out = append(out, r)
	}
	if p := g.settings.Target.Period; p != PerInterval {
		spreadTarget(g, opt, load, out)
	}
	return out
}

// OfferedLoads returns the load to staff for in each interval of one queue, in
// order of time: that of Plan before it sizes.
func OfferedLoads(intervals []Interval, s Settings, mode TimeOfDay) []float64 {
	return loads(intervals, s, mode)
}

// Require sizes one interval for a load that is already known (see
// OfferedLoads): what Plan does for channels where customers wait. Deferrable
// channels need their whole profile and are treated as if work came at the pace
// it is done.
func Require(iv Interval, load float64, s Settings, opt PlanOptions) Requirement {
	req := Requirement{
		Start: iv.Start, Step: iv.Step, Channel: iv.Channel, Skill: cmp.Or(iv.Skill, s.Skill, iv.Channel), Erlangs: load,
	}
	h := s.handleTime(iv)
	st := newStation(load, h, s)
	fixed := math.Max(0, iv.Fixed)
	if st.model == ModelDeadline || st.model == ModelFixed {
		req.set(s, load+fixed, opt)
		req.Result = Result{Model: st.model, Agents: float64(req.Agents), Erlangs: load, ServiceLevel: 1, Occupancy: share(load, float64(req.Agents))}
		if !opt.NoCurve {
			req.Base, req.Curve = linearCurve(req, s)
		}
		return req
	}
	n, frac, status := st.sizeUncertain(math.Hypot(opt.dayCV(iv.Channel), opt.NoiseCV), opt.Certainty)
	if status != OK {
		req.Status = status
		req.Fractional, req.RosteredFractional = math.NaN(), math.NaN()
		req.Result = Result{Model: st.model, Definition: s.Target.Definition, Erlangs: load}
		return req
	}
	req.Agents, req.Fractional = n, frac
	req.Result = st.at(float64(n), 1)
	req.finish(fixed, s, opt, st)
	return req
}

// RequireAgents is Require with a number of agents that is already settled, by a
// simulation for example.
func RequireAgents(iv Interval, load float64, s Settings, opt PlanOptions, agents int) Requirement {
	r := Require(iv, load, s, opt)
	if r.Status != OK || r.Agents == agents {
		return r
	}
	st := newStation(load, s.handleTime(iv), s)
	fixed := math.Max(0, iv.Fixed)
	r.Agents = max(0, agents-int(ceilSlack(fixed)))
	r.Fractional = float64(r.Agents)
	r.Result = st.at(r.Fractional, 1)
	r.finish(fixed, s, opt, st)
	return r
}

// finish adds fixed work and minimum presence and grosses up for shrinkage.
func (r *Requirement) finish(fixed float64, s Settings, opt PlanOptions, st station) {
	if low := s.Minimum; r.Agents < low {
		r.Agents, r.Fractional = low, float64(low)
		r.Result = st.at(float64(low), 1)
	}
	serving := float64(r.Agents)
	r.Agents += int(ceilSlack(fixed))
	r.Fractional += fixed
	if opt.ShrinkageDraw && s.Unplanned > 0 {
		r.Rostered = st.rosterDraw(int(serving), s.Unplanned, opt.Certainty) + int(ceilSlack(fixed/(1-s.Unplanned)))
		_, r.RosteredFractional = Gross(r.Fractional, s.Unplanned)
		r.RosteredFractional = math.Min(float64(r.Rostered), math.Max(r.RosteredFractional, float64(r.Rostered-1)))
	} else {
		r.Rostered, _ = Gross(float64(r.Agents), s.Unplanned)
		_, r.RosteredFractional = Gross(r.Fractional, s.Unplanned)
	}
	if !opt.NoCurve {
		r.Base, r.Curve = waitingCurve(*r, fixed, s, st)
	}
}

// set fills a requirement whose need is a plain number of agents.
func (r *Requirement) set(s Settings, need float64, _ PlanOptions) {
	need = math.Max(need, float64(s.Minimum))
	r.Fractional = need
	r.Agents = int(ceilSlack(need))
	r.Rostered, _ = Gross(float64(r.Agents), s.Unplanned)
	_, r.RosteredFractional = Gross(need, s.Unplanned)
}

// share returns a/b, 0 for b = 0.
func share(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}
