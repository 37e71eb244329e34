package staffing

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"kcc/erlang"
	"kcc/internal/output"
)

// PoolSpec is a team with several skills.
type PoolSpec struct {
	Channels []string // none: every channel of the plan in which customers wait
	Flexible float64  // share of the team that can serve all of them
}

// Name returns the channels joined by a plus.
func (p *PoolSpec) Name() string {
	if len(p.Channels) == 0 {
		return "all"
	}
	return strings.Join(p.Channels, "+")
}

// Pooled tells how a pool was settled.
type Pooled struct {
	Name                      string
	Queues                    []PooledQueue
	Flexible                  float64
	Separate, Total, Together float64 // agent hours: upper bound, settled, lower bound
	Low, Rounds, Runs         int     // intervals left below target; simulations and runs of each
}

// PooledQueue is what the simulation shows for one queue of a pool.
type PooledQueue struct {
	Name                    string
	ServiceLevel, HalfWidth float64
}

// ErrPool is wrapped by what cannot be pooled.
var ErrPool = errors.New("cannot be pooled")

var poolColumns = []output.Column{
	{Name: "pool"},
	{Name: "agents_separate", Kind: output.Integer},
	{Name: "pool_separate", Kind: output.Integer},
	{Name: "pool_agents", Kind: output.Integer},
	{Name: "pool_flexible", Kind: output.Integer},
	{Name: "pool_together", Kind: output.Integer},
}

// poolGroup is the part of one queue in its pool.
type poolGroup struct {
	name     string
	queue    int
	slots    []int32 // by row of the group
	separate []int   // by slot of the pool
	plan     *erlang.PoolPlan
	load     []float64 // agents that the whole pool's work asks for, by slot
}

// poolRow is what a pool says of one row.
type poolRow struct {
	g    *poolGroup
	slot int
}

func (g *poolGroup) row(at int) *poolRow { return &poolRow{g, int(g.slots[at])} }

// fill writes the columns of the pool.
func (r *poolRow) fill(line []any) {
	p, i := r.g.plan, r.slot
	copy(line, []any{r.g.name, r.g.separate[i], p.Separate[i], p.Total[i], p.Flexible[i], p.Together[i]})
}

// figures replaces what the formula says of a queue by itself with what the
// simulation shows of it in its pool. The share that waits is not counted there.
func (r *poolRow) figures(req *erlang.Requirement) {
	c := &r.g.plan.Sim.Slots[r.g.queue][r.slot]
	res := &req.Result
	res.Model, res.PWait = erlang.ModelPool, math.NaN()
	if c.Offered == 0 {
		return
	}
	res.ServiceLevel, res.ASA, res.PAbandon = c.ServiceLevel(), c.ASA(), c.Abandoned()
	res.Queue = c.PerRun() / req.Step.Seconds() * c.Wait / c.Offered // of those who are answered
	if n := r.g.plan.Total[r.slot]; n > 0 {
		res.Occupancy = math.Min(1, r.g.load[r.slot]*(1-c.Abandoned())/float64(n))
	}
}

// settlePool settles the agents of one pool for the whole plan.
func (s *staff) settlePool(ctx context.Context, spec *PoolSpec) error {
	groups, err := s.poolGroups(spec)
	if err != nil {
		return err
	}
	slots, at, err := s.poolSlots(spec, groups)
	if err != nil {
		return err
	}
	var queues []erlang.PoolQueue
	var parts []*poolGroup
	total := make([]float64, len(slots))
	load := make([]float64, len(slots))
	for k, g := range groups {
		q := erlang.PoolQueue{
			Name: g.name(), Settings: g.settings, VolumeCV: cvOf(s.opt.Plan.VolumeCV, g.key.channel),
			Offered: make([]float64, len(slots)), AHT: make([]float64, len(slots)), Loads: make([]float64, len(slots)), Separate: make([]int, len(slots)),
		}
		part := &poolGroup{name: spec.Name(), queue: k, slots: make([]int32, len(g.rows)), separate: q.Separate, load: load}
		for j, iv := range s.intervals(g) {
			i := at[iv.Start.Unix()]
			part.slots[j] = int32(i)
			iv.Fixed = 0
			row := &s.rows[g.rows[j]]
			req := erlang.Require(iv, row.load, g.settings, s.opt.Plan)
			if req.Status != erlang.OK {
				continue // stays unreachable; the others are pooled without it
			}
			row.settled = 0
			q.Offered[i], q.AHT[i], q.Loads[i], q.Separate[i] = row.offered, row.aht, row.load, req.Agents
			total[i] += row.offered
			load[i] += row.load
		}
		queues, parts = append(queues, q), append(parts, part)
		g.pool = part
	}
	plan, err := erlang.SettlePool(ctx, slots, queues, erlang.PoolOptions{
		Flexible: spec.Flexible, Certainty: s.opt.Plan.Certainty, NoiseCV: s.opt.Plan.NoiseCV,
		Sim: erlang.SimOptions{Seed: s.opt.Seed, Runs: verifyRuns(total)},
	})
	if err != nil {
		return fmt.Errorf("pool %s: %w", spec.Name(), err)
	}
	for k, g := range groups {
		parts[k].plan = plan
		for j, i := range g.rows {
			row := &s.rows[i]
			if row.settled < 0 {
				continue
			}
			n := max(plan.Agents[k][parts[k].slots[j]], g.settings.Minimum)
			row.settled = int32(n + int(math.Ceil(float64(row.fixed)-1e-9)))
		}
	}
	s.report.Pools = append(s.report.Pools, pooled(spec, slots, queues, plan))
	return nil
}

// poolGroups returns the queues of a pool.
func (s *staff) poolGroups(spec *PoolSpec) ([]*planGroup, error) {
	var out []*planGroup
	found := map[string]bool{}
	for _, g := range s.groups {
		deferrable := g.settings.Formula() == erlang.ModelDeadline || g.settings.Formula() == erlang.ModelFixed
		named := slices.Contains(spec.Channels, g.key.channel)
		if len(g.rows) == 0 || (len(spec.Channels) == 0 && deferrable) || (len(spec.Channels) > 0 && !named) {
			continue
		}
		switch {
		case deferrable:
			return nil, fmt.Errorf("%s: channel %q %w: its work has a lead time, or a given number of agents; it can fill idle time (--blend)", s.cols.file, g.key.channel, ErrPool)
		case g.settings.Target.Period != erlang.PerInterval:
			return nil, fmt.Errorf("%s: channel %q %w: its target is over a %s, and a pool keeps targets per interval", s.cols.file, g.key.channel, ErrPool, g.settings.Target.Period)
		case g.pool != nil:
			return nil, fmt.Errorf("%s: channel %q %w twice", s.cols.file, g.key.channel, ErrPool)
		}
		found[g.key.channel] = true
		out = append(out, g)
	}
	for _, c := range spec.Channels {
		if !found[c] {
			return nil, fmt.Errorf("%s: channel %q %w: it has no rows", s.cols.file, c, ErrPool)
		}
	}
	if len(out) < 2 {
		return nil, fmt.Errorf("%s: pool %s: one queue alone %w", s.cols.file, spec.Name(), ErrPool)
	}
	return out, nil
}

// poolSlots returns the slots of a pool and their places by start.
func (s *staff) poolSlots(spec *PoolSpec, groups []*planGroup) ([]erlang.Slot, map[int64]int, error) {
	at := map[int64]int{}
	var starts []int64
	step := s.rows[groups[0].rows[0]].step
	for _, g := range groups {
		for _, i := range g.rows {
			r := &s.rows[i]
			if r.step != step {
				return nil, nil, fmt.Errorf("%s: pool %s: intervals of %g and %g seconds %w: a simulation wants one length", s.cols.file, spec.Name(), step, r.step, ErrPool)
			}
			if _, ok := at[r.start]; !ok {
				at[r.start] = 0
				starts = append(starts, r.start)
			}
		}
	}
	slices.Sort(starts)
	slots := make([]erlang.Slot, len(starts))
	for i, t := range starts {
		at[t] = i
		slots[i] = erlang.Slot{Start: time.Unix(t, 0).In(s.opt.Zone), Step: seconds(float64(step))}
	}
	return slots, at, nil
}

// name returns how a queue is called in messages and simulations.
func (g *planGroup) name() string {
	name := g.key.channel
	if name == "" {
		name = defaultSkill
	}
	for _, more := range []string{g.key.skill, g.key.subject} {
		if more != "" && more != name {
			name += "/" + more
		}
	}
	return name
}

func pooled(spec *PoolSpec, slots []erlang.Slot, queues []erlang.PoolQueue, plan *erlang.PoolPlan) Pooled {
	p := Pooled{Name: spec.Name(), Flexible: spec.Flexible, Low: plan.Low, Rounds: plan.Rounds, Runs: plan.Sim.Runs}
	for i, sl := range slots {
		h := sl.Step.Hours()
		p.Separate += h * float64(plan.Separate[i])
		p.Total += h * float64(plan.Total[i])
		p.Together += h * float64(plan.Together[i])
	}
	for k := range queues {
		c := &plan.Sim.Total[k]
		p.Queues = append(p.Queues, PooledQueue{queues[k].Name, c.ServiceLevel(), c.HalfWidth()})
	}
	return p
}
