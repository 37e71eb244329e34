package staffing

import (
	"context"
	"fmt"
	"math"

	"kcc/erlang"
)

// verify plays every queue with a target on waiting by itself and settles the
// agents of its rows. Queues of a pool are settled there.
func (s *staff) verify(ctx context.Context) error {
	for _, g := range s.groups {
		set := g.settings
		if len(g.rows) == 0 || g.pool != nil || set.Formula() == erlang.ModelDeadline || set.Formula() == erlang.ModelFixed || set.Target.Ratio <= 0 {
			continue
		}
		if err := s.verifyQueue(ctx, g); err != nil {
			return fmt.Errorf("verify %s: %w", g.name(), err)
		}
	}
	return nil
}

func (s *staff) verifyQueue(ctx context.Context, g *planGroup) error {
	set := g.settings
	ivs := s.intervals(g)
	n := len(ivs)
	offered, aht := make([]float64, n), make([]float64, n)
	agents, fixed := make([]int, n), make([]int, n)
	reached := make([]bool, n)
	sc := &erlang.Scenario{}
	for k, iv := range ivs {
		sc.Slots = append(sc.Slots, erlang.Slot{Start: iv.Start, Step: iv.Step})
		aht[k] = iv.AHT
		req := erlang.Require(iv, s.rows[g.rows[k]].load, set, s.opt.Plan)
		if g.planned != nil {
			req = g.planned[iv.Start.UTC()]
		}
		if reached[k] = req.Status == erlang.OK; reached[k] { // where no number will do there is nothing to play
			fixed[k] = int(math.Ceil(iv.Fixed - 1e-9))
			offered[k], agents[k] = iv.Offered, req.Agents-fixed[k]
		}
	}
	name := g.name()
	q := erlang.SimQueueOf(name, set, sc.Slots, offered, aht)
	q.VolumeCV = cvOf(s.opt.Plan.VolumeCV, g.key.channel)
	q.NoiseCV = s.opt.Plan.NoiseCV
	sc.Queues = []erlang.SimQueue{q}
	sc.Teams = []erlang.SimTeam{{Name: name, Skills: []erlang.SimSkill{{Queue: name}}, Agents: make([]float64, n)}}
	settled, rep, err := erlang.Repair(ctx, sc, set, agents, erlang.RepairOptions{
		Sim: erlang.SimOptions{Seed: s.opt.Seed, Runs: verifyRuns(offered)}, Certainty: s.opt.Plan.Certainty,
	})
	if err != nil {
		return err
	}
	for k, i := range g.rows {
		if !reached[k] {
			continue
		}
		s.rows[i].settled = int32(settled[k] + fixed[k])
		if g.planned != nil {
			req := g.planned[ivs[k].Start.UTC()]
			g.planned[ivs[k].Start.UTC()] = erlang.RequireAgents(ivs[k], req.Erlangs, set, s.opt.Plan, settled[k]+fixed[k])
		}
	}
	c := &rep.Sim.Total[0]
	s.report.Verified = append(s.report.Verified, Verified{
		Queue: name, Added: rep.Added, Removed: rep.Removed, Low: rep.Low, Runs: rep.Sim.Runs,
		ServiceLevel: c.ServiceLevel(), HalfWidth: c.HalfWidth(), Kept: rep.Kept,
	})
	return nil
}

// verifyRuns chooses the runs of one round: as many as a few seconds allow, so
// that as little as possible is left to chance.
func verifyRuns(offered []float64) int {
	total := 0.0
	for _, v := range offered {
		total += v
	}
	const budget, least, most = 1.2e7, 40, 1000 // contacts, runs
	return int(math.Max(least, math.Min(most, budget/math.Max(1, total))))
}
