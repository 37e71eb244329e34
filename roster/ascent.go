package roster

import (
	"context"
	"math"
	"slices"
	"sync"
)

func clamp(x, lo, hi float64) float64 { return math.Max(lo, math.Min(hi, x)) }

// beginLevels are where the ascent tries to start from: presence worth nothing, or
// costing what surplus costs, which is where it ends up when hours are plenty.
var beginLevels = [...]float64{0, 0.5, 1}

// How the ascent works.
const (
	boundTau60   = 2.0  // points per head of rest at first, in the model's scale, for 60 agents
	boundFall    = 0.6  // the exponent by which that falls with the number of agents
	boundShrink  = 0.8  // of it is left after a round that does not raise the bound at the center
	boundFree    = 12   // rounds at first in which the center moves whether the bound rises or not
	boundSweeps  = 2    // sweeps of the weights between two plans of the agents, for 60 agents; more for more,
	boundMost    = 4    // but not more than this
	boundClose   = 5e-4 // the ascent ends this share of what can be avoided below what the weights cost
	boundSettled = 0.1  // a sweep that gains less than this share of the first is the last
	askEvery     = 6    // of so many sweeps the first looks for new shifts and presences
)

// ascend looks for prices with a high bound, from the plans that there are. It
// returns the master with the weights it ends with, nil when ctx ended first. It ends early
// when h has enough.
func (s *searcher) ascend(ctx context.Context, rounds int, h *hurry) *master {
	m := s.m
	x := newMaster(m, s.workers)
	n := m.slots * len(m.kinds)
	best := math.Inf(-1)
	keep := func(v float64, mu []float64) {
		best = v
		s.duals, s.bound = &duals{bound: v, mu: slices.Clone(mu[:n]), shift: slices.Clone(mu[n:])}, v
	}
	var first []*boundPlan
	for _, level := range beginLevels {
		for i := range x.mu {
			x.mu[i] = level * x.lo[i]
		}
		v, plans, ok := x.ask(ctx, x.mu)
		if !ok {
			return nil
		}
		if v > best {
			keep(v, x.mu)
			copy(x.center, x.mu)
			first = plans
		}
	}
	x.tau = m.boundTau()
	x.begin(s.plans, first)
	w := x.workshop()
	try := make([]float64, len(x.mu))
	here := best // bound at the center
	sweeps := min(boundMost, int(boundSweeps*math.Cbrt(m.large())))
	for round := range rounds {
		x.join()
		w.sweeps(ctx, sweeps, boundSettled)
		x.clampTo(try)
		v, plans, ok := x.ask(ctx, try)
		if !ok {
			return nil
		}
		if v > best {
			keep(v, try)
		}
		if v > here || round < boundFree { // far from the best prices the center goes where the weights take it
			copy(x.center, try)
			here = v
		} else {
			x.tau *= boundShrink
		}
		x.reprice()
		x.learn(plans)
		x.forget()
		s.tell("bound", ascentShare*float64(round+1)/float64(rounds))
		if round >= boundFree && x.value()-best < boundClose*m.avoidable(best) {
			break // no prices can do better by more
		}
		if h.enough() {
			break
		}
	}
	return x
}

// boundTau returns the points per head of rest that the ascent begins with: less for
// larger teams, where a head more or less means less.
func (m *model) boundTau() float64 {
	return boundTau60 * m.scale * math.Pow(60/float64(len(m.agents)), boundFall)
}

// value returns what the master minimises: at least the bound of any prices, as far as
// the weeks, shifts and presences that are known go.
func (x *master) value() (sum float64) {
	for i := range x.shares {
		b := &x.shares[i]
		for j, w := range b.weight {
			sum += w * b.weeks[j].cost
		}
	}
	for i := range x.cells {
		c := &x.cells[i]
		for j, w := range c.weight {
			sum += w * c.pieces[j].cost
		}
	}
	for i := range x.spots {
		s := &x.spots[i]
		for j, w := range s.weight {
			sum += w * s.points[j].cost
		}
	}
	for i, r := range x.rest {
		sum += (x.center[i] + x.tau/2*r) * r
	}
	for i := range x.joints {
		for _, over := range x.joints[i].over {
			sum += math.Max(0, over) * x.m.w.SplitDaysOff
		}
	}
	return sum
}

// clampTo fills try with the prices within their limits.
func (x *master) clampTo(try []float64) {
	for i, v := range x.mu {
		try[i] = clamp(v, x.lo[i], x.hi[i])
	}
}

// workshop holds the hands that work on the patches of a master.
type workshop struct {
	threads int
	hands   []*hand
	patches []patch
	gain    []float64
}

func (x *master) workshop() *workshop {
	w := &workshop{threads: x.threads, patches: x.patches()}
	for range w.patches {
		w.hands = append(w.hands, x.hand())
	}
	w.gain = make([]float64, len(w.patches))
	return w
}

// sweeps moves weight up to n times over all patches, each until little is gained. New
// shifts and presences are looked for in the first of askEvery sweeps only: that takes half
// of the time of a sweep, and few are found in the second.
func (w *workshop) sweeps(ctx context.Context, n int, settled float64) {
	work := func(i int) {
		first := 0.0
		for k := 0; k < n && ctx.Err() == nil; k++ {
			gain := w.hands[i].sweep(ctx, &w.patches[i], k%askEvery != 0)
			if k == 0 {
				first = gain
			} else if gain < settled*first {
				break
			}
		}
	}
	if w.threads < 2 || len(w.patches) < 2 {
		for i := range w.patches {
			work(i)
		}
		return
	}
	var wg sync.WaitGroup
	wg.Go(func() { work(1) })
	work(0)
	wg.Wait()
}
