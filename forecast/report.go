package forecast

import (
	"math"
	"slices"
	"time"

	"kcc/internal/calendar"
)

// ErrorAt is the accuracy of a backtest at one distance or one time of day.
type ErrorAt struct {
	Ahead    int            // days ahead, of ErrorsByAhead
	Clock    calendar.Clock // of ErrorsByClock
	N        int
	WAPE     float64
	Bias     float64
	Coverage []float64 // per level
}

type errorSum struct {
	n              int
	abs, bias, sum float64
	cover          []float64
}

func (e *errorSum) add(p *FoldPoint, levels int) {
	if e.cover == nil {
		e.cover = make([]float64, levels)
	}
	e.n++
	e.abs += math.Abs(p.Mean - p.Actual)
	e.bias += p.Mean - p.Actual
	e.sum += p.Actual
	for l := range levels {
		if p.Actual >= p.Bounds[2*l] && p.Actual <= p.Bounds[2*l+1] {
			e.cover[l]++
		}
	}
}

func (e *errorSum) result() ErrorAt {
	r := ErrorAt{N: e.n, WAPE: e.abs / e.sum, Bias: e.bias / e.sum, Coverage: e.cover}
	for l := range r.Coverage {
		r.Coverage[l] /= float64(e.n)
	}
	return r
}

// ErrorsByAhead returns the errors of a model per day ahead, over all folds.
func (r *Report) ErrorsByAhead(model string) []ErrorAt {
	sums := map[int]*errorSum{}
	for i := range r.Folds {
		if f := &r.Folds[i]; f.Model == model {
			for k := range f.Points {
				p := &f.Points[k]
				if sums[p.Ahead] == nil {
					sums[p.Ahead] = &errorSum{}
				}
				sums[p.Ahead].add(p, len(r.Levels))
			}
		}
	}
	var out []ErrorAt
	for ahead, s := range sums {
		e := s.result()
		e.Ahead = ahead
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b ErrorAt) int { return a.Ahead - b.Ahead })
	return out
}

// ErrorsByClock returns the errors of a model per time of day, over all folds.
func (r *Report) ErrorsByClock(model string, zone *time.Location) []ErrorAt {
	sums := map[calendar.Clock]*errorSum{}
	for i := range r.Folds {
		if f := &r.Folds[i]; f.Model == model {
			for k := range f.Points {
				p := &f.Points[k]
				c := calendar.ClockOf(p.Start, zone)
				if sums[c] == nil {
					sums[c] = &errorSum{}
				}
				sums[c].add(p, len(r.Levels))
			}
		}
	}
	var out []ErrorAt
	for c, s := range sums {
		e := s.result()
		e.Clock = c
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b ErrorAt) int { return int(a.Clock - b.Clock) })
	return out
}

// DayPoint is one day of a fold: the sum of its intervals.
type DayPoint struct {
	Date         calendar.Date
	Ahead        int
	Actual, Mean float64
}

// DaySums adds the points of a fold up per day.
func (f *Fold) DaySums(zone *time.Location) []DayPoint {
	var out []DayPoint
	for _, p := range f.Points {
		d := calendar.DateOf(p.Start, zone)
		if n := len(out); n == 0 || out[n-1].Date != d {
			out = append(out, DayPoint{Date: d, Ahead: p.Ahead})
		}
		q := &out[len(out)-1]
		q.Actual += p.Actual
		q.Mean += p.Mean
	}
	return out
}
