package forecast

import (
	"fmt"
	"math"
	"slices"
	"time"

	"kcc/internal/calendar"
)

// Made is a forecast that was made before the fact.
type Made struct {
	Run      int64
	At       time.Time     // when it was made
	Known    calendar.Date // the last day of history that it knew
	Forecast *Forecast
}

// Record is how forecasts made before the fact compare with what came.
type Record struct {
	Channel, Subject string
	Levels           []float64
	Bands            []RecordBand
	Layers           []JudgedAdjustment
}

// RecordBand is the score of the forecasts of record in one span of days ahead.
type RecordBand struct {
	Score    Score
	Runs     int     // forecasts that it comes from
	Offered  float64 // what came
	Computed float64 // WAPE per interval of the models alone; NaN when not kept
}

// JudgedAdjustment compares a planner's change with what came.
type JudgedAdjustment struct {
	Adjustment
	N               int     // intervals with actuals
	Before, After   float64 // contacts forecast without and with it
	Came            float64
	ErrorBefore     float64 // Σ|y-f| / Σy without it
	ErrorAfter      float64
	TotalErrorLower bool // the total of the span came closer
}

// JudgeRecord scores forecasts made before the fact against the actuals in s, per
// span of days ahead. The forecast of record of an interval in a span is the
// newest one that was made so many days before; the others do not count, so that a
// night with three runs weighs no more than one with a single run. Beside the score
// stands the floor that a perfect forecast of the rate would have had.
func JudgeRecord(made []Made, s Series, bands [][2]int, adjust []Adjustment) (*Record, error) {
	if len(made) == 0 {
		return nil, fmt.Errorf("%s: there is no forecast from before the fact", s.Name())
	}
	made = slices.Clone(made)
	slices.SortStableFunc(made, func(a, b Made) int { return b.At.Compare(a.At) }) // the newest first
	s.Step = made[0].Forecast.Step
	_, last, err := span(&s)
	if err != nil {
		return nil, err
	}
	p, n, err := buildPanel(&s, &Options{}, last)
	if err != nil {
		return nil, err
	}
	r := &Record{Channel: made[0].Forecast.Channel, Subject: made[0].Forecast.Subject, Levels: made[0].Forecast.Levels}
	sec := int64(p.step / time.Second)
	handle := totalsOfAHT(&s, p)
	idx := newClockIndex(p)
	all := math.NaN()
	if n > p.cycle {
		all = weekScale(p, 0, n)
	}
	for _, band := range bands {
		seen := map[int64]bool{}
		var folds, models []*scored
		offered, kept := 0.0, true
		for _, m := range made {
			f := m.Forecast
			if f.Step != p.step || len(f.Levels) != len(r.Levels) {
				continue // of another interval: cannot be compared
			}
			sc := &scored{fold: Fold{Origin: m.Known, Model: f.Model}, floorable: p.counts, scale: all}
			if at := min(n, p.index(m.Known)+1); at > 2*p.cycle {
				sc.scale = weekScale(p, 0, at)
			}
			for i := range f.Points {
				pt := &f.Points[i]
				d, slot := idx.find(pt.Start.Unix(), sec)
				if d < 0 || d >= n {
					continue
				}
				ahead, y := int(p.date(d)-m.Known), p.y[d*p.slots+slot]
				if ahead < band[0] || ahead > band[1] || math.IsNaN(y) || seen[pt.Start.Unix()] {
					continue
				}
				seen[pt.Start.Unix()] = true
				offered += y
				kept = kept && (pt.Computed > 0 || pt.Mean == 0)
				handled, took := handle.at(d*p.slots + slot)
				sc.fold.Points = append(sc.fold.Points, FoldPoint{
					Start: pt.Start, Ahead: ahead, Actual: y, Mean: pt.Mean, Bounds: pt.Bounds,
					AHT: pt.AHT, ActualAHT: took, Handled: handled,
				})
				sc.day = append(sc.day, d)
			}
			if len(sc.fold.Points) == 0 {
				continue
			}
			folds = append(folds, sc)
			alone := *sc
			alone.fold.Points = slices.Clone(sc.fold.Points)
			for i := range alone.fold.Points {
				alone.fold.Points[i].Mean = m.computed(alone.fold.Points[i].Start)
			}
			models = append(models, &alone)
		}
		if len(folds) == 0 {
			continue
		}
		b := RecordBand{Score: score("", folds, band[0], band[1], r.Levels), Runs: len(folds), Offered: offered, Computed: math.NaN()}
		if kept {
			b.Computed = score("", models, band[0], band[1], r.Levels).WAPE
		}
		r.Bands = append(r.Bands, b)
	}
	if len(r.Bands) == 0 {
		return nil, fmt.Errorf("%s: no interval of the forecasts has an actual yet", s.Name())
	}
	for i := range adjust {
		if j, ok := judgeAdjustment(&adjust[i], made, p, n); ok {
			r.Layers = append(r.Layers, j)
		}
	}
	return r, nil
}

// computed returns what the models said of the interval at t.
func (m *Made) computed(t time.Time) float64 {
	i, ok := slices.BinarySearchFunc(m.Forecast.Points, t, func(p Point, t time.Time) int { return p.Start.Compare(t) })
	if !ok {
		return math.NaN()
	}
	return m.Forecast.Points[i].Computed
}

// judgeAdjustment compares one change with what came, by the newest forecast of
// each interval that has it.
func judgeAdjustment(a *Adjustment, made []Made, p *panel, n int) (JudgedAdjustment, bool) {
	j := JudgedAdjustment{Adjustment: *a}
	idx := newClockIndex(p)
	seen := map[int64]bool{}
	var errBefore, errAfter float64
	for _, m := range made {
		f := m.Forecast
		if m.At.Before(a.Made) || f.Step != p.step || !a.appliesTo(f.Channel, f.Subject) {
			continue
		}
		for i := range f.Points {
			pt := &f.Points[i]
			if !a.covers(pt.Start) || seen[pt.Start.Unix()] || !(pt.Computed >= 0) {
				continue
			}
			d, slot := idx.find(pt.Start.Unix(), int64(p.step/time.Second))
			if d < 0 || d >= n || p.date(d) <= m.Known || math.IsNaN(p.y[d*p.slots+slot]) {
				continue
			}
			y := p.y[d*p.slots+slot]
			seen[pt.Start.Unix()] = true
			j.N++
			j.Before += pt.Computed
			j.After += pt.Mean
			j.Came += y
			errBefore += math.Abs(pt.Computed - y)
			errAfter += math.Abs(pt.Mean - y)
		}
	}
	j.ErrorBefore, j.ErrorAfter = errBefore/j.Came, errAfter/j.Came
	j.TotalErrorLower = math.Abs(j.After-j.Came) < math.Abs(j.Before-j.Came)
	return j, j.N > 0
}
