package forecast

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

// Skipped is a series that could not be forecast, and why.
type Skipped struct {
	Name string
	Err  error
}

// Total is the channel name of the sum of all channels.
const Total = "total"

// TotalOf returns the series of all channels together: contacts are added per
// interval, handle times weighted by contacts. Channels must have intervals of one
// length.
func TotalOf(series []Series) (Series, error) {
	total := Series{Channel: Total}
	type cell struct{ offered, handled, work, timed float64 }
	cells := map[int64]cell{}
	for i := range series {
		s := &series[i]
		if !s.whole() {
			continue
		}
		step := s.Step
		if step == 0 {
			step = InferStep(s.Obs)
		}
		if total.Step == 0 {
			total.Step, total.Zone = step, s.Zone
		}
		if step != total.Step && step != 0 {
			return total, fmt.Errorf("channels with intervals of %s and of %s have no total: import them with one length", total.Step, step)
		}
		if s.First != 0 && (total.First == 0 || s.First < total.First) {
			total.First = s.First
		}
		total.Last = max(total.Last, s.Last)
		for _, o := range s.Obs {
			if math.IsNaN(o.Offered) {
				continue
			}
			c := cells[o.Start.Unix()]
			c.offered += o.Offered
			if w := weightOf(o); w > 0 && o.AHT > 0 {
				c.timed += w
				c.work += w * o.AHT
			}
			if !math.IsNaN(o.Handled) {
				c.handled += o.Handled
			}
			cells[o.Start.Unix()] = c
		}
	}
	for at, c := range cells {
		o := Observation{Start: time.Unix(at, 0), Offered: c.offered, Handled: c.timed, AHT: math.NaN()}
		if c.timed > 0 {
			o.AHT = c.work / c.timed
		} else {
			o.Handled = c.handled
		}
		total.Obs = append(total.Obs, o)
	}
	slices.SortFunc(total.Obs, func(a, b Observation) int { return a.Start.Compare(b.Start) })
	if len(total.Obs) == 0 {
		return total, ErrNoHistory
	}
	return total, nil
}

// RunAll forecasts many series at the same time. A subject or team with little
// history borrows from its channel, and subjects, teams, channels and their total
// are made to add up. What fails is skipped and listed; the error is that of ctx.
func RunAll(ctx context.Context, series []Series, opt Options, done func()) ([]*Forecast, []Skipped, error) {
	out := make([]*Forecast, len(series))
	errs := make([]error, len(series))
	whole := map[string]int{} // the series of the whole channel
	for i := range series {
		if series[i].whole() {
			whole[series[i].Channel] = i
		}
	}
	// Changes by hand are laid over last, so that what is made to add up is computed.
	bare := opt
	bare.Adjust, bare.Interval = nil, 0
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range series {
		g.Go(func() error {
			if ctx.Err() == nil {
				mine := bare
				if p, ok := whole[series[i].Channel]; ok && !series[i].whole() && mine.Parent == nil {
					mine.Parent = &series[p]
				}
				out[i], errs[i] = Run(ctx, series[i], mine)
			}
			if done != nil {
				done()
			}
			return nil
		})
	}
	_ = g.Wait() // the functions return nil
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	reconcileAll(series, out)
	var made []*Forecast
	for _, f := range out {
		if f != nil {
			made = append(made, f)
		}
	}
	applyAll(made, opt.Adjust)
	var good []*Forecast
	var bad []Skipped
	for i := range series {
		if errs[i] != nil {
			bad = append(bad, Skipped{series[i].Name(), errs[i]})
			continue
		}
		if opt.Interval != 0 && opt.Interval != out[i].Step {
			zone := series[i].Zone
			if zone == nil {
				zone = time.UTC
			}
			out[i].resample(opt.Interval, zone)
		}
		good = append(good, out[i])
	}
	return good, bad, nil
}

// reconcileAll makes the forecasts of series add up: subjects and teams to their
// channel, channels to the total where there is one.
func reconcileAll(series []Series, out []*Forecast) {
	root := &Node{}
	var channels []*Node
	nodes := map[string]*Node{}
	for i := range series {
		if series[i].whole() && out[i] != nil {
			if series[i].Channel == Total {
				root.Forecast = out[i]
				continue
			}
			n := &Node{Forecast: out[i]}
			nodes[series[i].Channel] = n
			channels = append(channels, n)
		}
	}
	for i := range series {
		n := nodes[series[i].Channel]
		if n == nil || out[i] == nil {
			continue
		}
		switch {
		case series[i].Team != "":
			if n.Views == nil {
				n.Views = make([][]*Node, 1)
			}
			n.Views[0] = append(n.Views[0], &Node{Forecast: out[i]})
		case series[i].Subject != "":
			n.Parts = append(n.Parts, &Node{Forecast: out[i]})
		}
	}
	if root.Forecast != nil && len(channels) > 0 {
		root.Parts = channels
		Reconcile(root)
		return
	}
	for _, n := range channels {
		if len(n.divisions()) > 0 {
			Reconcile(n)
		}
	}
}
