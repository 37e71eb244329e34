package forecast

import (
	"fmt"
	"math"
	"time"

	"kcc/internal/calendar"
)

// Judge scores forecasts that were made before the fact against what came, day by
// day ahead of the day each was made: the accuracy report. s holds the actuals;
// made is the last day of history the forecast knew. Windows are the last days
// ahead of each score, as in a backtest; beside them stands the floor that a
// perfect forecast of the rate would have had, so that a small channel is judged
// fairly. The scale of MASE and MSIS is that of the weeks before made.
func Judge(f *Forecast, made calendar.Date, s Series, windows []int) ([]Score, error) {
	if s.Zone == nil {
		s.Zone = time.UTC
	}
	s.Step = f.Step
	_, last, err := span(&s)
	if err != nil {
		return nil, err
	}
	p, n, err := buildPanel(&s, &Options{}, last)
	if err != nil {
		return nil, err
	}
	sc := &scored{fold: Fold{Origin: made, Model: f.Model}, floorable: p.counts}
	if at := min(n, p.index(made)+1); at > p.cycle {
		sc.scale = weekScale(p, 0, at)
	} else {
		sc.scale = math.NaN()
	}
	idx, handle := newClockIndex(p), totalsOfAHT(&s, p)
	sec := int64(p.step / time.Second)
	for _, pt := range f.Points {
		d, slot := idx.find(pt.Start.Unix(), sec)
		if d < 0 || d >= n || p.date(d) <= made {
			continue
		}
		y := p.y[d*p.slots+slot]
		if math.IsNaN(y) {
			continue
		}
		handled, took := handle.at(d*p.slots + slot)
		sc.fold.Points = append(sc.fold.Points, FoldPoint{
			Start: pt.Start, Ahead: int(p.date(d) - made), Actual: y, Mean: pt.Mean, Bounds: pt.Bounds,
			AHT: pt.AHT, ActualAHT: took, Handled: handled,
		})
		sc.day = append(sc.day, d)
	}
	if len(sc.fold.Points) == 0 {
		return nil, fmt.Errorf("%s: no interval of the forecast has an actual yet", f.Name())
	}
	var out []Score
	for _, w := range windows {
		if x := score(f.Model, []*scored{sc}, 1, w, f.Levels); x.N > 0 {
			out = append(out, x)
		}
	}
	return out, nil
}
