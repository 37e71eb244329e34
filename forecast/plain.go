package forecast

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"
)

// Plain is a series of numbers without a calendar, evenly spaced in time.
type Plain struct {
	ID     string
	Values []float64 // oldest first; NaN is unknown
	Next   int       // the t of the first value to forecast
}

// PlainOptions says how to forecast plain series.
type PlainOptions struct {
	Periods []int     // seasonal periods, for example 24 and 168; nil: none
	Steps   int       // values to forecast
	Levels  []float64 // nil: DefaultLevels
	Model   string    // as Options.Model
}

// PlainForecast is the forecast of one plain series.
type PlainForecast struct {
	ID     string
	Next   int
	Model  string
	Levels []float64
	Mean   []float64
	Bounds [][]float64 // per step: lo, hi per level
	Choice Choice
}

// Unknown returns the value that stands for an unknown observation.
func Unknown() float64 { return math.NaN() }

// longPeriod is the shortest single period that is taken for a day of slots;
// shorter ones are the days of a cycle.
const longPeriod = 24

// layout turns periods into slots per block and blocks per cycle: 24 and 168
// are blocks of 24 with a cycle of 7, as are the hours of a week.
func layout(periods []int) (slots, cycle int, err error) {
	slots, cycle = 1, 1
	small, large := 0, 0
	for _, p := range periods {
		if p < 1 {
			return 0, 0, fmt.Errorf("period %d: want 1 or more", p)
		}
		if p == 1 {
			continue
		}
		if small == 0 || p < small {
			small = p
		}
		large = max(large, p)
	}
	switch {
	case small == 0:
	case small == large && small >= longPeriod:
		slots = small
	case small == large:
		cycle = small
	default:
		// The largest period that is a multiple of the smallest.
		slots = small
		best := 0
		for _, p := range periods {
			if p > small && p%small == 0 {
				best = max(best, p)
			}
		}
		if best > 0 {
			cycle = best / small
		} else if small < longPeriod {
			slots, cycle = 1, small
		}
	}
	return slots, cycle, nil
}

// RunPlain forecasts one plain series with the same rules as Run.
func RunPlain(ctx context.Context, s Plain, opt PlainOptions) (*PlainForecast, error) {
	if opt.Steps <= 0 || opt.Steps > 1e6 {
		return nil, fmt.Errorf("steps %d: want 1 to 1000000", opt.Steps)
	}
	slots, cycle, err := layout(opt.Periods)
	if err != nil {
		return nil, err
	}
	o := Options{Model: opt.Model, Levels: opt.Levels}
	if err := o.check(); err != nil {
		return nil, err
	}
	p, n, h, err := plainPanel(s, slots, cycle, opt.Steps)
	if err != nil {
		return nil, err
	}
	res, err := solve(ctx, p, 0, n, h, &o)
	if err != nil {
		return nil, fmt.Errorf("series %s: %w", s.ID, err)
	}
	if len(res.choice.models) == 0 {
		return nil, fmt.Errorf("series %s: no model fits this history: %w", s.ID, ErrNoHistory)
	}
	levels := opt.Levels
	if levels == nil {
		levels = DefaultLevels()
	}
	f := &PlainForecast{ID: s.ID, Next: s.Next, Model: res.choice.name(), Levels: levels, Choice: res.choice.public()}
	if f.Next == 0 {
		f.Next = len(s.Values)
	}
	for i := range opt.Steps {
		f.Mean = append(f.Mean, res.mean[i])
		f.Bounds = append(f.Bounds, res.bounds.at(res.mean[i], i/slots+1, i%slots, levels))
	}
	return f, nil
}

// plainPanel lays a plain series out in blocks that end at its last value; the
// first block may start with unknown values.
func plainPanel(s Plain, slots, cycle, steps int) (p *panel, n, h int, err error) {
	n = (len(s.Values) + slots - 1) / slots
	h = (steps + slots - 1) / slots
	p = newPanel(time.UTC, 24*time.Hour/time.Duration(slots), slots, cycle, 0, n+h)
	p.plain = true
	for i := range p.open {
		p.open[i] = true
	}
	lead := n*slots - len(s.Values)
	p.counts = true
	known := false
	for i, x := range s.Values {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			continue
		}
		known = true
		p.y[lead+i] = x
		p.data[(lead+i)/slots] = true
		p.nonneg = p.nonneg && x >= 0
		p.counts = p.counts && x >= 0 && x == math.Trunc(x)
	}
	if !known {
		return nil, 0, 0, fmt.Errorf("series %s: %w", s.ID, ErrNoHistory)
	}
	for d := range p.opens {
		p.opens[d] = true
	}
	return p, n, h, nil
}

// RunPlainAll forecasts many plain series at the same time, in the same order.
func RunPlainAll(ctx context.Context, series []Plain, opt PlainOptions, done func()) ([]*PlainForecast, []Skipped, error) {
	out := make([]*PlainForecast, len(series))
	errs := make([]error, len(series))
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range series {
		g.Go(func() error {
			if ctx.Err() == nil {
				out[i], errs[i] = RunPlain(ctx, series[i], opt)
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
	var good []*PlainForecast
	var bad []Skipped
	for i := range series {
		if errs[i] != nil {
			bad = append(bad, Skipped{series[i].ID, errs[i]})
			continue
		}
		good = append(good, out[i])
	}
	return good, bad, nil
}
