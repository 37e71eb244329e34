package bench

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"time"

	"kcc/roster/line"
)

// Options steer Solve. The zero value means: effort DefaultEffort, seed 0, all
// cores.
type Options struct {
	// Effort is the amount of work; the same effort and seed give the same roster
	// on any number of workers. 0 means by TimeLimit, or DefaultEffort without one.
	Effort int
	// TimeLimit ends the search. With Effort it is a ceiling that makes the result
	// depend on the machine when it is reached.
	TimeLimit time.Duration
	Seed      uint64
	Workers   int
	Progress  func(Progress) // called from one goroutine at a time, may be nil
}

// DefaultEffort takes about half a minute on two cores.
const DefaultEffort = 400

// Progress is the state of a running search.
type Progress struct {
	Part  float64 // 0..1
	Best  int64
	Bound int64
}

// Result is the best roster found.
type Result struct {
	Roster    Roster
	Objective int64
	Cost      Cost
	Bound     int64 // no roster costs less
	Elapsed   time.Duration
	Limited   bool // the time limit ended a search by effort
}

// Gap returns (objective - bound) / objective, 0 when both are 0.
func (r *Result) Gap() float64 {
	if r.Objective == 0 {
		return 0
	}
	return float64(r.Objective-r.Bound) / float64(r.Objective)
}

// costScale is the number of cost units per unit of weight: fine enough for
// prices, coarse enough for 32 bits.
const costScale = 256

// Solve finds a roster for inst and a lower bound of the objective. It returns
// ErrInfeasible, with the employee and the rule, when there is no roster. When
// ctx ends it returns the best roster so far together with the context's error.
func Solve(ctx context.Context, inst *Instance, opt Options) (*Result, error) {
	p, err := newHard(inst, costScale)
	if err != nil {
		return nil, err
	}
	r, best, err := p.search(ctx, opt)
	if r == nil {
		return nil, err
	}
	r.Roster = best.roster()
	broken, cost := Check(inst, r.Roster)
	if len(broken) > 0 {
		return nil, fmt.Errorf("the search made a roster that breaks a rule: %s", broken[0])
	}
	r.Cost, r.Objective = cost, cost.Total()
	if r.Objective*int64(p.scale) != best.cost {
		return nil, fmt.Errorf("the search counts %d/%d, the checker %d", best.cost, p.scale, r.Objective)
	}
	return r, err
}

// search runs the bound and the annealing. The result has no roster yet.
func (p *problem) search(ctx context.Context, opt Options) (*Result, *state, error) {
	if opt.Effort <= 0 && opt.TimeLimit <= 0 {
		opt.Effort = DefaultEffort
	}
	clk := newClock(opt)
	workers := opt.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	c := &crew{p: p}
	for range workers {
		c.workers = append(c.workers, newWorker(p))
	}
	outer := ctx
	if opt.TimeLimit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, opt.TimeLimit)
		defer cancel()
	}
	s, err := p.construct(outer, c.workers[0], nil)
	if err != nil {
		return nil, nil, err
	}
	best := p.newState(s.roster())
	rng := rand.New(rand.NewPCG(opt.Seed, 0x5bd1e995))
	d := newDual(p, c.workers)
	report := func() {
		if opt.Progress != nil {
			opt.Progress(Progress{Part: min(clk.part(), 1), Best: best.cost / int64(p.scale), Bound: d.bound()})
		}
	}
	report()
	steered := p.long() && clk.total() > steerSweeps*d.pricing()
	long := steered || p.long() && p.staff*p.days > linkedSize
	if steered {
		d.use = newUsage(p)
	}
	whole := !long && d.rootWork() < rootShare*clk.total()
	annealUntil := shortAnneal
	if !whole {
		annealUntil = longAnneal(clk.total() / float64(p.staff*p.days))
	}
	share := boundShare
	switch {
	case steered:
		share = courseBound
	case long:
		share = rollBound
	case !whole:
		share = longBound
	}
	d.ascend(ctx, clk, clk.ahead(share), rng)
	if !whole && d.best > math.MinInt64 && ctx.Err() == nil {
		if g, err := p.construct(ctx, c.workers[0], d.prices); err == nil && g.cost < s.cost {
			s = g
			best.copyFrom(s)
		}
	}
	report()
	guide := make([]float64, p.cells())
	for i, pr := range d.prices {
		guide[i] = float64(pr) / float64(p.scale)
	}
	rolled := false
	if long && best.cost > d.goal() {
		var pace pacer = p.planYear()
		if steered {
			pace = newCourse(d, clk, rng)
		}
		if g := c.roll(ctx, pace, guide, float64(d.bound()), clk, rollUntil, rng); g != nil && g.cost < best.cost {
			s, rolled = g, true
			best.copyFrom(s)
			report()
		}
	}
	if goal := d.goal(); !rolled && best.cost > goal && clk.part() < annealUntil {
		tune := p.tuning()
		tune.goal = goal
		if !whole {
			tune.hot = longHot
		}
		c.anneal(ctx, s, best, tune, clk, clk.part(), annealUntil, rng, func(int64) { report() })
		s.copyFrom(best)
	}
	relaxed := false
	var start *state // after a relaxation without dive
	if whole && best.cost > d.goal() && ctx.Err() == nil {
		relaxed = true
		bound, dived := c.root(ctx, s, d, guide, rng.Uint64(), clk)
		d.best = max(d.best, bound)
		if s.cost < best.cost {
			best.copyFrom(s)
		}
		report()
		if whole = dived; !dived && p.soft == nil {
			from := clk.part()
			tune := p.tuning()
			tune.goal, tune.hot = d.goal(), longHot
			c.anneal(ctx, s, best, tune, clk, from, from+roundAnneal*(1-from), rng, func(int64) { report() })
			s.copyFrom(best)
		} else if !dived {
			start = p.newState(s.roster())
		}
	}
	begun := clk.done
	if !whole {
		switch {
		case p.soft != nil:
			c.softWindows(ctx, s, best, d, guide, relaxed, clk, windowsUntil, rng, report)
		case rolled:
			c.windows(ctx, s, best, d.goal(), guide, clk, rolledUntil, rng, report)
			if steered {
				d.first = warmStep
			}
			d.ascend(ctx, clk, clk.ahead(lateBound), rng)
		default:
			c.windows(ctx, s, best, d.goal(), guide, clk, windowsUntil, rng, report)
		}
		s.copyFrom(best)
	}
	small := float64(p.staff+p.cells()) <= hardRows
	until := 1.0
	if small {
		until = branchFrom
	}
	switch {
	case start != nil:
		c.rounds(ctx, s, best, d.goal(), guide, clk, begun, until, rng, report, func(s, own *state) {
			s.copyFrom(start)
			own.copyFrom(s)
			c.softWindows(ctx, s, own, d, guide, true, clk, windowsUntil, rng, func() {})
			s.copyFrom(own)
		})
	case whole && relaxed:
		c.rounds(ctx, s, best, d.goal(), guide, clk, begun, until, rng, report, func(s, own *state) {
			c.diveAnew(ctx, s, own, guide, clk, rng)
		})
	case small:
		c.polish(ctx, s, best, d.goal(), guide, clk, until, nil, rng, report)
	}
	if small {
		if best.cost > d.goal() && ctx.Err() == nil {
			d.best = max(d.best, c.branch(ctx, best, d.best, guide, clk, 1, report))
		}
	}
	c.polish(ctx, s, best, d.goal(), guide, clk, 1, nil, rng, report)
	r := &Result{Bound: d.bound(), Elapsed: clk.elapsed(), Limited: ctx.Err() != nil && opt.Effort > 0}
	return r, best, outer.Err()
}

// Shares of the clock; those of the ascents are of what is left when they begin, as a clock of seconds
// may have gone on by any amount until then.
const (
	boundShare   = 0.05 // ascent of the bound
	courseBound  = 0.1  // ascent of the bound when a roster is made stretch by stretch by its prices
	rollBound    = 0.01 // likewise when they are not used
	longBound    = 0.12 // ascent of the bound when its prices are all there is
	shortAnneal  = 0.08 // end of annealing when the whole problem can be relaxed
	rootShare    = 0.4  // work expected of the relaxation at most
	roundAnneal  = 0.5  // annealing after a relaxation without dive, of what is left
	rollUntil    = 0.8  // end of the roster made stretch by stretch
	branchFrom   = 0.7  // from here on small problems are divided for the bound
	rolledUntil  = 0.85 // end of the windows when the bound comes after them
	lateBound    = 0.4  // ascent of that bound, of what is left
	windowsUntil = 0.9  // end of the windows of long horizons
)

// long reports whether lines of work are too long for a table with all rules. The relaxation
// of the whole takes longer then than its ascent takes to the same bound, and rosters made
// stretch by stretch cost less; but with little time for prices only where there are so many
// days of one employee that the relaxation does not come near its value at all.
func (p *problem) long() bool {
	return p.soft == nil && slices.ContainsFunc(p.light, func(m *line.Model) bool { return m != nil })
}

// linkedSize is the most days of one employee for which the master keeps rules of
// whole lines.
const linkedSize = 30000

// steerSweeps is the number of sweeps that would fit into the clock from which on prices of the
// whole are good enough to make the roster by.
const steerSweeps = 2000

// longAnneal returns the end of annealing when the whole problem cannot be relaxed,
// for that much work per employee and day: the less there is, the more of it goes
// to annealing, which gains most at first; the rest solves parts.
func longAnneal(work float64) float64 {
	return min(max(0.9-0.13*math.Log10(work/3e5), 0.4), 0.9)
}

// longHot is the first temperature on long horizons, where annealing begins from a
// roster made with prices and time is short.
const longHot = 0.1

// tuning returns the schedule of the annealing. The temperatures were chosen on
// several instances at once; results change little between half and twice them.
func (p *problem) tuning() tuning {
	t := tuning{hot: 0.3, cold: 0.01, heat: 0.3, pick: [4]float64{0.6, 0.3, 0.1, 0}, short: 3, long: 28, batch: 4, swaps: 200}
	if p.soft != nil {
		t.hot, t.cold, t.short, t.long = 0.6, 0.1, 1, 14
		t.pick, t.swaps = [4]float64{0.4, 0.3, 0.2, 0.1}, 1000
	}
	return t
}

// Gap returns (best - bound) / best, 0 when both are 0.
func (p Progress) Gap() float64 {
	if p.Best == 0 {
		return 0
	}
	return float64(p.Best-p.Bound) / float64(p.Best)
}
