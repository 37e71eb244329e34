package forecast

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"kcc/internal/calendar"
)

// BacktestOptions says which origins to forecast from. Days are open days of
// the series: the days of the history that have data.
type BacktestOptions struct {
	Options
	First     int      // the first origin is the First-th open day; 0: chosen so that Folds fit
	Step      int      // open days between origins; 0: 7
	Folds     int      // origins; 0: 12
	Windows   []int    // days ahead up to which scores are given; nil: 1, a quarter, half and all of the horizon
	TrainDays int      // use at most the last so many days; 0: all
	Models    []string // score these models each as well; "all" is every model of the pool
	Workers   int      // folds computed at the same time; 0: GOMAXPROCS
}

// Report is the outcome of a backtest.
type Report struct {
	Channel, Subject string
	Step             time.Duration
	Levels           []float64
	Scores           []Score
	Folds            []Fold
}

// Score holds the accuracy of one model over all origins in one window.
type Score struct {
	Model      string
	From, To   int // days ahead
	Origins, N int
	WAPE       float64 // per interval: Σ|y-f| / Σy
	WAPEDay    float64 // of day totals
	Bias       float64 // Σ(f-y) / Σy
	MASE       float64 // absolute error over that of the same interval a week earlier in the training part
	Coverage   []float64
	Pinball    float64 // mean of the quantile losses at 0.1, 0.5, 0.9, over mean y
	MSIS       float64 // of the 95 % interval
	Floor      float64 // WAPE of a perfect rate forecast if counts are Poisson
	// Of the handle time, weighted by contacts, NaN where there is none: Σw|a-f|/Σw·a
	// per interval, of whole days, its bias, and the error of the workload, volume
	// times handle time.
	AHTError, AHTErrorDay, AHTBias, WorkError float64
	SecondsPerFit                             float64 // wall time of one fit and forecast
}

// Fold is one origin with what was forecast there and what came.
type Fold struct {
	Origin calendar.Date // last day of training
	Model  string
	Days   []calendar.Date
	Points []FoldPoint
}

// FoldPoint is one interval of a fold.
type FoldPoint struct {
	Start  time.Time
	Ahead  int // open days ahead, from 1
	Actual float64
	Mean   float64
	Bounds []float64

	AHT, ActualAHT float64 // seconds; NaN: unknown
	Handled        float64 // contacts behind ActualAHT
}

// Backtest forecasts a series from several origins of its own past and scores
// what came. At each origin only the days up to it are used; the opening days
// after it, the calendar, are known.
func Backtest(ctx context.Context, s Series, opt BacktestOptions) (*Report, error) {
	if err := opt.check(); err != nil {
		return nil, err
	}
	levels := opt.Levels
	if levels == nil {
		levels = DefaultLevels()
	}
	_, last, err := span(&s)
	if err != nil {
		return nil, err
	}
	p, n, err := buildPanel(&s, &opt.Options, last)
	if err != nil {
		return nil, err
	}
	p.closeUnseen(n)
	var open []int // days with data
	for d := range n {
		if p.data[d] {
			open = append(open, d)
		}
	}
	h := opt.Horizon
	if h == 0 {
		h = DefaultHorizon
	}
	origins, err := opt.origins(len(open), h)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.Name(), err)
	}
	names := []string{opt.Model}
	if opt.Model == "" {
		names[0] = Auto
	}
	for _, m := range opt.Models {
		if m == "all" {
			names = append(names, Models()...)
			continue
		}
		if !knownModel(m) {
			return nil, fmt.Errorf("model %q: want one of %v", m, Models())
		}
		names = append(names, m)
	}
	handle := totalsOfAHT(&s, p)
	r := &Report{Channel: s.Channel, Subject: s.Subject, Step: p.step, Levels: levels}
	type job struct{ model, origin int }
	var jobs []job
	for m := range names {
		for o := range origins {
			jobs = append(jobs, job{m, o})
		}
	}
	folds := make([]*scored, len(jobs))
	g, gctx := errgroup.WithContext(ctx)
	workers := opt.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	g.SetLimit(workers)
	for i, j := range jobs {
		g.Go(func() error {
			at := origins[j.origin] - 1 // index into open
			end := n
			if opt.OpenDays {
				if at+h < len(open) {
					end = open[at+h] + 1
				}
			} else {
				end = min(n, open[at]+1+h)
			}
			lo := 0
			if opt.TrainDays > 0 {
				lo = max(0, open[at]+1-opt.TrainDays)
			}
			o := opt.Options
			o.Model = names[j.model]
			f, err := backtestFold(gctx, &s, p, handle, lo, open[at]+1, end, opt.OpenDays, &o, levels)
			if err != nil {
				return fmt.Errorf("%s: origin %s: %w", s.Name(), p.date(open[at]), err)
			}
			folds[i] = f
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	for m, name := range names {
		var mine []*scored
		for i, j := range jobs {
			if j.model == m && folds[i] != nil {
				mine = append(mine, folds[i])
				folds[i].fold.Model = name
				r.Folds = append(r.Folds, folds[i].fold)
			}
		}
		if len(mine) == 0 {
			continue
		}
		for _, w := range opt.windows(h) {
			r.Scores = append(r.Scores, score(name, mine, 1, w, levels))
		}
	}
	return r, nil
}

// origins returns the numbers, from 1, of the open days that are origins.
func (o *BacktestOptions) origins(open, h int) ([]int, error) {
	step, folds := o.Step, o.Folds
	if step <= 0 {
		step = 7
	}
	if folds <= 0 {
		folds = 12
	}
	first := o.First
	if first <= 0 {
		first = open - h - (folds-1)*step
		for ; folds > 1 && first < open/3; folds-- {
			first += step
		}
	}
	var out []int
	for k := range folds {
		if at := first + k*step; at >= 2 && at < open {
			out = append(out, at)
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no origin fits: %d days with data, first origin %d: %w", open, first, ErrNoHistory)
	}
	return out, nil
}

func (o *BacktestOptions) windows(h int) []int {
	if len(o.Windows) > 0 {
		return o.Windows
	}
	out := []int{1}
	for _, w := range []int{h / 4, h / 2, h} {
		if w > out[len(out)-1] {
			out = append(out, w)
		}
	}
	return out
}

// closeUnseen closes the open days inside the history that have no data: the
// calendar of a backtest is what happened.
func (p *panel) closeUnseen(n int) {
	for d := range n {
		if p.opens[d] && !p.data[d] {
			p.closeDay(d)
		}
	}
}

// backtestFold forecasts days [n, end) and pairs them with what came.
func backtestFold(ctx context.Context, sr *Series, p *panel, handle *ahtTotals, lo, n, end int, openDays bool, opt *Options, levels []float64) (*scored, error) {
	begin := time.Now()
	o, err := solve(ctx, p, lo, n, end-n, opt)
	if err != nil {
		return nil, err
	}
	if len(o.choice.models) == 0 {
		return nil, nil
	}
	var aht *ahtModel
	if handle != nil {
		aht = fitAHT(sr, p, lo, n)
	}
	f := &scored{fold: Fold{Origin: p.date(n - 1)}, seconds: time.Since(begin).Seconds()}
	f.scale = weekScale(p, lo, n)
	f.floorable = p.counts
	ahead := 0
	for k := range end - n {
		d := n + k
		if !openDays || p.data[d] {
			ahead++
		}
		if !p.data[d] {
			continue
		}
		f.fold.Days = append(f.fold.Days, p.date(d))
		stepMin := int(p.step / time.Minute)
		for s := range p.slots {
			y, m := p.y[d*p.slots+s], o.mean[k*p.slots+s]
			if math.IsNaN(y) || math.IsNaN(m) {
				continue
			}
			handled, took := handle.at(d*p.slots + s)
			f.fold.Points = append(f.fold.Points, FoldPoint{
				Start: p.date(d).At(calendar.Clock(s*stepMin), p.zone), Ahead: ahead, Actual: y, Mean: m,
				Bounds: o.bounds.at(m, k+1, s, levels),
				AHT:    aht.at(p, d, s), ActualAHT: took, Handled: handled,
			})
			f.day = append(f.day, k)
		}
	}
	return f, nil
}
