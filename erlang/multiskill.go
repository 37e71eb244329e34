package erlang

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"
)

// SkillLoad is one queue of a team with several skills.
type SkillLoad struct {
	Name string
	Load Load
	Target
}

// Pooled are the bounds and the settled size of a team that serves several
// queues.
type Pooled struct {
	Separate    []int // agents per queue, each with a team of its own
	SeparateSum int   // upper bound
	Together    int   // lower bound: everybody can do everything
	// Settled by simulation for the asked share of all-rounders:
	Specialists []int // per queue
	Flexible    int
	Total       int
	Levels      []float64 // simulated service level per queue
	HalfWidth   []float64
}

// ErrNoPool is returned when a queue cannot be staffed at all.
var ErrNoPool = errors.New("a target is unreachable")

// Pool returns how many agents a team for several queues needs when a share
// flexible of it can serve all of them and the others one each. Between the
// bounds, everybody flexible and nobody flexible, the smallest team is found by
// bisection on simulated service levels, all with the same customers.
func Pool(ctx context.Context, loads []SkillLoad, flexible float64, opt SimOptions) (*Pooled, error) {
	if !(flexible >= 0 && flexible <= 1) {
		return nil, fmt.Errorf("share of all-rounders %g: want a share from 0 to 1", flexible)
	}
	p := &Pooled{}
	var sum, work, leaving float64
	strict := Target{Within: time.Duration(math.MaxInt64)}
	for _, l := range loads {
		n, status := Agents(l.Load, l.Target)
		if status != OK {
			return nil, fmt.Errorf("queue %q: %w", l.Name, ErrNoPool)
		}
		p.Separate = append(p.Separate, n)
		p.SeparateSum += n
		sum += l.Load.Erlangs
		if l.Load.AHT > 0 {
			work += l.Load.Erlangs / l.Load.AHT
		}
		if l.Load.leaves() {
			leaving += l.Load.Erlangs / l.Load.AHT / l.Load.Patience
		}
		strict.Ratio = math.Max(strict.Ratio, l.Ratio)
		strict.Within = min(strict.Within, l.Within)
	}
	if sum == 0 {
		p.Specialists, p.Levels, p.HalfWidth = make([]int, len(loads)), make([]float64, len(loads)), make([]float64, len(loads))
		return p, nil
	}
	together := Load{Erlangs: sum, AHT: sum / work}
	if leaving > 0 {
		together.Patience = work / leaving
	}
	n, status := Agents(together, strict)
	if status != OK {
		return nil, ErrNoPool
	}
	p.Together = min(n, p.SeparateSum)
	if opt.Runs <= 0 {
		opt.Runs = defaultPoolRuns
	}
	opt.Warmup = poolWarmup
	lo, hi := min(p.Together, p.SeparateSum)-1, p.SeparateSum
	for {
		ok, err := p.try(ctx, loads, flexible, hi, opt)
		if err != nil {
			return p, err
		}
		if ok {
			break
		}
		lo, hi = hi, hi+max(1, hi/20) // rounding specialists may cost an agent more
		if hi > 2*p.SeparateSum+10 {
			return p, ErrNoPool
		}
	}
	for hi-lo > 1 {
		mid := (lo + hi) / 2
		ok, err := p.try(ctx, loads, flexible, mid, opt)
		if err != nil {
			return p, err
		}
		if ok {
			hi = mid
		} else {
			lo = mid
		}
	}
	_, err := p.try(ctx, loads, flexible, hi, opt)
	return p, err
}

const (
	defaultPoolRuns = 60
	poolSlots       = 44
	poolWarmup      = 4
)

// try simulates a team of so many and tells whether every target holds, within
// the uncertainty of the simulation.
func (p *Pooled) try(ctx context.Context, loads []SkillLoad, flexible float64, total int, opt SimOptions) (bool, error) {
	p.Total = total
	p.Flexible = int(math.Round(flexible * float64(total)))
	p.Specialists = splitBy(p.Separate, total-p.Flexible)
	s := &Scenario{}
	t0 := time.Unix(0, 0).UTC()
	step := 15 * time.Minute
	for i := range poolSlots {
		s.Slots = append(s.Slots, Slot{t0.Add(time.Duration(i) * step), step})
	}
	fill := func(v float64) []float64 {
		out := make([]float64, poolSlots)
		for i := range out {
			out[i] = v
		}
		return out
	}
	all := SimTeam{Name: "all-rounders", Agents: fill(float64(p.Flexible))}
	for i, l := range loads {
		rate := 0.0
		if l.Load.AHT > 0 {
			rate = l.Load.Erlangs * step.Seconds() / l.Load.AHT
		}
		s.Queues = append(s.Queues, SimQueue{
			Name: l.Name, Offered: fill(rate), AHT: fill(l.Load.AHT), Patience: l.Load.Patience, Target: l.Target,
		})
		s.Teams = append(s.Teams, SimTeam{Name: l.Name, Skills: []SimSkill{{Queue: l.Name}}, Agents: fill(float64(p.Specialists[i]))})
		all.Skills = append(all.Skills, SimSkill{Queue: l.Name})
	}
	s.Teams = append(s.Teams, all)
	r, err := Simulate(ctx, s, opt)
	if err != nil {
		return false, err
	}
	p.Levels, p.HalfWidth = nil, nil
	ok := true
	for i := range loads {
		c := &r.Total[i]
		p.Levels = append(p.Levels, c.ServiceLevel())
		p.HalfWidth = append(p.HalfWidth, c.HalfWidth())
		if c.Offered > 0 && c.ServiceLevel() < loads[i].Ratio {
			ok = false
		}
	}
	return ok, nil
}

// splitBy divides n in proportion to weights, largest remainders first.
func splitBy(weights []int, n int) []int {
	out := make([]int, len(weights))
	total := 0
	for _, w := range weights {
		total += w
	}
	if total == 0 {
		return out
	}
	rest := n
	frac := make([]float64, len(weights))
	for i, w := range weights {
		x := float64(n) * float64(w) / float64(total)
		out[i] = int(x)
		frac[i] = x - math.Floor(x)
		rest -= out[i]
	}
	for ; rest > 0; rest-- {
		best := 0
		for i := range frac {
			if frac[i] > frac[best] {
				best = i
			}
		}
		out[best]++
		frac[best] = -1
	}
	return out
}
