package erlang

import (
	"context"
	"math"
)

// RepairOptions say when a plan counts as verified.
type RepairOptions struct {
	Sim       SimOptions
	Certainty float64 // share of the days on which the day's target must hold; 0 asks for every interval on average only
	Rounds    int     // at most; default 25
}

// RepairReport tells what Repair did.
type RepairReport struct {
	Rounds         int
	Added, Removed int // agent-intervals
	Low            int // intervals below target that are left
	Kept           float64
	Sim            *SimReport
}

// defaultRepairRounds bounds the search; a plan that is nearly right needs few.
const defaultRepairRounds = 25

// Repair plays one queue with the planned agents and moves them by one until
// the target holds: an agent more in each interval whose simulated service level
// is below the ratio by more than the simulation's own uncertainty; an agent
// less where the simulation shows room for it. With a certainty it goes on until
// the day's service level is reached on that share of days, adding where an
// agent saves most contacts. All rounds meet the same customers.
//
// ratio is the level that each slot must keep; planned is not changed.
func Repair(ctx context.Context, s *Scenario, s0 Settings, planned []int, opt RepairOptions) ([]int, *RepairReport, error) {
	if len(s.Queues) != 1 || len(s.Teams) != 1 {
		panic("erlang: Repair wants one queue and one team")
	}
	q := &s.Queues[0]
	ratio := s0.Target.Ratio
	agents := append([]int(nil), planned...)
	rep := &RepairReport{}
	rounds := opt.Rounds
	if rounds <= 0 {
		rounds = defaultRepairRounds
	}
	sim := opt.Sim
	if sim.Runs <= 0 {
		sim.Runs = defaultRepairRuns
	}
	play := func(n []int) (*SimReport, error) {
		team := &s.Teams[0]
		for i := range n {
			team.Agents[i] = float64(n[i])
		}
		rep.Rounds++
		return Simulate(ctx, s, sim)
	}
	low := func(r *SimReport, i int) bool {
		c := &r.Slots[0][i]
		sl := c.ServiceLevel()
		return c.Offered > 0 && sl+math.Min(c.HalfWidth(), repairTolerance) < ratio
	}
	r, err := play(agents)
	if err != nil {
		return agents, rep, err
	}
	// Room: take one away where the formula says that the rest still does.
	trimmed := append([]int(nil), agents...)
	for i := range trimmed {
		c := &r.Slots[0][i]
		if agents[i] <= s0.Minimum || agents[i] == 0 || !(c.Offered > 0) {
			continue
		}
		load := q.Offered[i] * q.AHT[i] / s.Slots[i].Step.Seconds()
		st := newStation(load, q.AHT[i], s0)
		drop := st.at(float64(agents[i]), 1).ServiceLevel - st.at(float64(agents[i]-1), 1).ServiceLevel
		if c.ServiceLevel()-c.HalfWidth()-trimSafety*drop >= ratio && i%2 == 0 {
			trimmed[i]--
		}
	}
	if opt.Certainty == 0 {
		r2, err := play(trimmed)
		if err != nil {
			return agents, rep, err
		}
		for i := range trimmed { // who made it worse for themselves or the next comes back
			if trimmed[i] < agents[i] && (low(r2, i) || (i+1 < len(trimmed) && low(r2, i+1) && !low(r, i+1))) {
				trimmed[i]++
			} else if trimmed[i] < agents[i] {
				rep.Removed++
			}
		}
		agents = trimmed
		if r, err = play(agents); err != nil {
			return agents, rep, err
		}
	}
	for rep.Rounds < rounds {
		add := make([]int, 0, 16)
		for i := range agents {
			if low(r, i) {
				add = append(add, i)
			}
		}
		if len(add) == 0 && opt.Certainty > 0 && r.Kept[0] < opt.Certainty {
			add = mostMissed(r, agents)
		}
		if len(add) == 0 {
			break
		}
		for _, i := range add {
			agents[i]++
		}
		rep.Added += len(add)
		if r, err = play(agents); err != nil {
			return agents, rep, err
		}
	}
	for i := range agents {
		if low(r, i) {
			rep.Low++
		}
	}
	rep.Kept, rep.Sim = r.Kept[0], r
	return agents, rep, nil
}

const (
	// defaultRepairRuns gives a service level of about half a percent per interval
	// of a hundred contacts.
	defaultRepairRuns = 100
	// repairTolerance is what an interval may fall short of its ratio.
	repairTolerance = 0.01
	// trimSafety is the part of the expected loss, beside its own, that an interval
	// must be able to bear before an agent is taken away: neighbours lose too.
	trimSafety = 1.3
	// addShare is the share of the slots with contacts that get one agent in a round
	// towards a certainty.
	addShare = 0.05
)

// mostMissed returns the slots in which most contacts per agent are late.
func mostMissed(r *SimReport, agents []int) []int {
	type slot struct {
		at   int
		gain float64
	}
	var all []slot
	for i := range agents {
		c := &r.Slots[0][i]
		if num, den := c.num, c.den; den > num {
			all = append(all, slot{i, (den - num) / math.Sqrt(float64(agents[i])+1)})
		}
	}
	want := max(1, int(addShare*float64(len(all))))
	var out []int
	for range min(want, len(all)) {
		best := 0
		for k := range all {
			if all[k].gain > all[best].gain {
				best = k
			}
		}
		out = append(out, all[best].at)
		all[best] = all[len(all)-1]
		all = all[:len(all)-1]
	}
	return out
}
