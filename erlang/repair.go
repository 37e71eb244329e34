package erlang

import (
	"context"
	"math"
	"slices"
	"time"
)

// RepairOptions say when a plan counts as verified.
type RepairOptions struct {
	Sim       SimOptions
	Certainty float64 // share of the days on which the target of the day must hold, or certainty of a month's; 0 asks for it on average
	Rounds    int     // at most; default 25
}

// RepairReport tells what Repair did.
type RepairReport struct {
	Rounds         int
	Added, Removed int // agent-intervals
	Low            int // intervals that are left below what they must keep
	Kept           float64
	Sim            *SimReport
}

// defaultRepairRounds bounds the search; a plan that is nearly right needs few.
const defaultRepairRounds = 25

// Repair plays one queue with the planned agents and moves them by one until
// the target holds: an agent more in each interval whose simulated service level
// is below the ratio by more than the simulation's own uncertainty; an agent
// less where the simulation shows room for it. With a certainty it goes on until
// the target of the day is reached on that share of days, adding where an agent
// saves most contacts. All rounds meet the same customers.
//
// Where the target is over a day or a month, an interval need only keep half of
// it, as in Plan, and agents are added where they save most until the period as
// a whole keeps the ratio: on average or, for a month with a certainty, at that
// quantile of its service level (its days are independent).
//
// planned is the number of agents who take contacts; it is not changed.
func Repair(ctx context.Context, s *Scenario, s0 Settings, planned []int, opt RepairOptions) ([]int, *RepairReport, error) {
	if len(s.Queues) != 1 || len(s.Teams) != 1 {
		panic("erlang: Repair wants one queue and one team")
	}
	if opt.Rounds <= 0 {
		opt.Rounds = defaultRepairRounds
	}
	if opt.Sim.Runs <= 0 {
		opt.Sim.Runs = defaultRepairRuns
	}
	x := &repair{s: s, s0: s0, opt: opt, agents: append([]int(nil), planned...), rep: &RepairReport{}}
	err := x.run(ctx)
	return x.agents, x.rep, err
}

// repair is the state of Repair.
type repair struct {
	s      *Scenario
	s0     Settings
	opt    RepairOptions
	agents []int
	rep    *RepairReport
}

func (x *repair) play(ctx context.Context, n []int) (*SimReport, error) {
	for i := range n {
		x.s.Teams[0].Agents[i] = float64(n[i])
	}
	x.rep.Rounds++
	return Simulate(ctx, x.s, x.opt.Sim)
}

// low reports whether slot i misses what a slot must keep.
func (x *repair) low(r *SimReport, i int) bool {
	t := x.s0.Target
	if t.Period != PerInterval {
		t.Ratio *= floorShare
	}
	c := &r.Slots[0][i]
	return c.Offered > 0 && !c.keeps(t)
}

func (x *repair) run(ctx context.Context) error {
	r, err := x.play(ctx, x.agents)
	if err != nil {
		return err
	}
	if x.opt.Certainty == 0 && x.s0.Target.Period == PerInterval {
		if r, err = x.trim(ctx, r); err != nil {
			return err
		}
	}
	for x.rep.Rounds < x.opt.Rounds {
		add := make([]int, 0, 16)
		for i := range x.agents {
			if x.low(r, i) {
				add = append(add, i)
			}
		}
		if len(add) == 0 {
			add = x.behind(r)
		}
		if len(add) == 0 {
			break
		}
		for _, i := range add {
			x.agents[i]++
		}
		x.rep.Added += len(add)
		if r, err = x.play(ctx, x.agents); err != nil {
			return err
		}
	}
	for i := range x.agents {
		if x.low(r, i) {
			x.rep.Low++
		}
	}
	if x.rep.Low == 0 {
		x.rep.Low = len(x.behind(r))
	}
	x.rep.Kept, x.rep.Sim = r.Kept[0], r
	return nil
}

// trim takes an agent away where the formula says that the rest still does, and
// gives those back that are missed.
func (x *repair) trim(ctx context.Context, r *SimReport) (*SimReport, error) {
	q, agents := &x.s.Queues[0], x.agents
	trimmed := append([]int(nil), agents...)
	for i := range trimmed {
		c := &r.Slots[0][i]
		if agents[i] <= x.s0.Minimum || agents[i] == 0 || !(c.Offered > 0) {
			continue
		}
		load := q.Offered[i] * q.AHT[i] / x.s.Slots[i].Step.Seconds()
		st := newStation(load, q.AHT[i], x.s0)
		drop := st.at(float64(agents[i]), 1).ServiceLevel - st.at(float64(agents[i]-1), 1).ServiceLevel
		if c.ServiceLevel()-c.HalfWidth()-trimSafety*drop >= x.s0.Target.Ratio && i%2 == 0 {
			trimmed[i]--
		}
	}
	r2, err := x.play(ctx, trimmed)
	if err != nil {
		return r, err
	}
	for i := range trimmed { // who made it worse for themselves or the next comes back
		if trimmed[i] < agents[i] && (x.low(r2, i) || (i+1 < len(trimmed) && x.low(r2, i+1) && !x.low(r, i+1))) {
			trimmed[i]++
		} else if trimmed[i] < agents[i] {
			x.rep.Removed++
		}
	}
	x.agents = trimmed
	return x.play(ctx, trimmed)
}

// behind returns the slots that get an agent more, where every slot keeps its
// part and yet a period, or the share of days kept, misses the target.
func (x *repair) behind(r *SimReport) []int {
	t, sure := x.s0.Target, x.opt.Certainty
	switch {
	case t.Period == PerMonth:
		var out []int
		for _, days := range monthsOf(r.DayStart) {
			if num, den, ss := sumDays(r.Days[0][days[0]:days[1]]); den > 0 {
				level := num / den
				if sure > 0 {
					level += normalQuantile(1-sure) * math.Sqrt(ss) / (den / float64(r.Runs))
				}
				if level < t.Ratio-periodTolerance {
					out = append(out, x.mostMissed(r, days[0], days[1])...)
				}
			}
		}
		return out
	case sure > 0:
		if r.Kept[0] < sure {
			return x.mostMissed(r, 0, len(r.DayStart))
		}
	case t.Period == PerDay:
		var out []int
		for d := range r.Days[0] {
			if c := &r.Days[0][d]; c.Offered > 0 && c.ServiceLevel() < t.Ratio-periodTolerance {
				out = append(out, x.mostMissed(r, d, d+1)...)
			}
		}
		return out
	}
	return nil
}

// mostMissed returns the slots of the days from..to-1 in which most contacts per
// agent are late.
func (x *repair) mostMissed(r *SimReport, from, to int) []int {
	a, _ := slices.BinarySearch(r.slotDay, from)
	b, _ := slices.BinarySearch(r.slotDay, to)
	out := mostMissed(r.Slots[0][a:b], x.agents[a:b])
	for i := range out {
		out[i] += a
	}
	return out
}

// monthsOf returns the days from..to-1 of each month.
func monthsOf(days []time.Time) [][2]int {
	var out [][2]int
	for i := 0; i < len(days); {
		j := i + 1
		for j < len(days) && days[j].Month() == days[i].Month() && days[j].Year() == days[i].Year() {
			j++
		}
		out = append(out, [2]int{i, j})
		i = j
	}
	return out
}

// sumDays returns the parts of the service level of some days over all runs, and
// the variance of num - level·den of one run.
func sumDays(days []Count) (num, den, variance float64) {
	for i := range days {
		num += days[i].num
		den += days[i].den
	}
	for i := range days {
		c, r := &days[i], num/den
		n := float64(c.Runs)
		if n > 1 {
			mean := (c.num - r*c.den) / n
			variance += math.Max(0, (c.num2-2*r*c.numDen+r*r*c.den2)/n-mean*mean)
		}
	}
	return num, den, variance
}

// periodTolerance is what a simulated day or month may fall short of its ratio.
const periodTolerance = 0.002

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
func mostMissed(counts []Count, agents []int) []int {
	type slot struct {
		at   int
		gain float64
	}
	var all []slot
	for i := range agents {
		c := &counts[i]
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
