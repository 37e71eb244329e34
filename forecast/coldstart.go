package forecast

import (
	"context"
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// coldCycles is the history, in weeks, below which a series borrows from its
// parent: a weekday must have come three times before its own shape counts.
const coldCycles = 3

// newcomerCV is the uncertainty of the share of a newcomer beyond its counts: a
// new channel or subject still moves.
const newcomerCV = 0.25

// borrow forecasts a young series as its share of the parent: the parent's
// forecast times the ratio of their volumes over the intervals both have. It
// returns nil when the series is old enough or the two have nothing in common.
func borrow(ctx context.Context, s *Series, opt *Options) (*Forecast, error) {
	if opt.Parent == nil || len(opt.Parent.Obs) == 0 {
		return nil, nil
	}
	first, last, err := span(s)
	if err != nil || int(last-first)+1 >= 7*coldCycles {
		return nil, err
	}
	parent := *opt.Parent
	if parent.Step == 0 {
		parent.Step = InferStep(parent.Obs)
	}
	step := s.Step
	if step == 0 {
		step = InferStep(s.Obs)
	}
	if step == 0 {
		step = parent.Step
	}
	if step != parent.Step {
		return nil, nil
	}
	theirs := map[int64]float64{}
	for _, o := range parent.Obs {
		if !math.IsNaN(o.Offered) {
			theirs[o.Start.Unix()] += o.Offered
		}
	}
	own := 0.0
	lo, hi := s.Obs[0].Start, s.Obs[0].Start
	for _, o := range s.Obs {
		if !math.IsNaN(o.Offered) {
			own += o.Offered
		}
		if o.Start.Before(lo) {
			lo = o.Start
		}
		if o.Start.After(hi) {
			hi = o.Start
		}
	}
	base := 0.0
	for at, v := range theirs {
		if at >= lo.Unix() && at <= hi.Unix() {
			base += v
		}
	}
	if base <= 0 {
		return nil, nil
	}
	sub := *opt
	sub.Parent, sub.Adjust, sub.Growth = nil, nil, 0
	if sub.From == 0 {
		sub.From = last.Add(1)
	}
	f, err := Run(ctx, parent, sub)
	if err != nil {
		return nil, nil // the parent is no help either
	}
	p, n, err := buildPanel(s, opt, last)
	if err != nil {
		return nil, err
	}
	aht := fitAHT(s, p, 0, n)
	ratio := own / base
	shareCV2 := newcomerCV*newcomerCV + 1/math.Max(own, 1)
	idx := newClockIndex(p)
	for i := range f.Points {
		q := &f.Points[i]
		for b := range q.Bounds {
			z := distuv.UnitNormal.Quantile((1 + f.Levels[b/2]) / 2)
			rel := (q.Bounds[b] - q.Mean) / math.Max(q.Mean, 1e-9)
			m := q.Mean * ratio
			half := math.Sqrt(rel*rel*m*m + z*z*(shareCV2*m*m+m))
			if b%2 == 0 {
				half = -half
			}
			q.Bounds[b] = math.Max(0, m+half)
		}
		q.Mean *= ratio
		q.Computed = q.Mean
		if aht != nil && f.Step == p.step {
			d, slot := idx.find(q.Start.Unix(), int64(p.step.Seconds()))
			q.AHT = aht.at(p, ((d%7)+7)%7, slot)
		}
	}
	for i := range f.Why {
		f.Why[i].Total *= ratio
		f.Why[i].add("share of "+parent.Name(), ratio)
	}
	f.Channel, f.Subject, f.Team = s.Channel, s.Subject, s.Team
	f.Model = fmt.Sprintf("%.1f%% of %s", 100*ratio, parent.Name())
	f.DayFactorCV = math.Sqrt(f.DayFactorCV*f.DayFactorCV + shareCV2)
	f.Choice = Choice{Reason: fmt.Sprintf("only %d days of history: the shape is that of %s", int(last-first)+1, parent.Name())}
	f.Cleaned = nil
	f.Notes = []string{f.Choice.Reason}
	if opt.Growth != 0 {
		f.scale(1 + opt.Growth)
	}
	f.Apply(opt.Adjust)
	return f, nil
}
