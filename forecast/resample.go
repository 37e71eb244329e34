package forecast

import (
	"math"
	"time"

	"kcc/internal/calendar"
)

// resample changes the length of the intervals. Longer ones are sums; shorter
// ones get equal parts, as the history tells nothing within an interval. The
// spread is taken as that of a rate: bounds keep their ratio to the mean when
// intervals are added, and widen by the Poisson part when they are cut.
func (f *Forecast) resample(step time.Duration, zone *time.Location) {
	if step <= 0 {
		return
	}
	if step < f.Step {
		f.split(step)
		return
	}
	g := calendar.Grid{Loc: zone, Step: step}
	var out []Point
	var work float64
	for _, p := range f.Points {
		at := calendar.DateOf(p.Start, zone).Start(zone)
		if step < 24*time.Hour {
			at = g.Floor(p.Start)
		}
		if n := len(out); n == 0 || !out[n-1].Start.Equal(at) {
			out = append(out, Point{Start: at, Step: step, Bounds: make([]float64, len(p.Bounds))})
			work = 0
		}
		q := &out[len(out)-1]
		q.Mean += p.Mean
		q.Computed += p.Computed
		work += p.Mean * p.AHT
		q.AHT = work / q.Mean
		if math.IsNaN(q.AHT) {
			q.AHT = p.AHT
		}
		for b := range p.Bounds {
			q.Bounds[b] += p.Bounds[b]
		}
	}
	f.Points, f.Step = out, step
}

func (f *Forecast) split(step time.Duration) {
	n := int(f.Step / step)
	if n < 1 || time.Duration(n)*step != f.Step {
		return
	}
	k := float64(n)
	out := make([]Point, 0, n*len(f.Points))
	for _, p := range f.Points {
		for i := range n {
			q := Point{Start: p.Start.Add(time.Duration(i) * step), Step: step, Mean: p.Mean / k, AHT: p.AHT, Computed: p.Computed / k}
			for b, x := range p.Bounds {
				// Var of a part: the Poisson part falls with 1/k, the rate part with 1/k².
				d := x - p.Mean
				rate := math.Max(0, d*d-zSquared(f.Levels[b/2])*p.Mean)
				half := math.Sqrt(rate/(k*k) + math.Min(d*d, zSquared(f.Levels[b/2])*p.Mean)/k)
				if d < 0 {
					half = -half
				}
				q.Bounds = append(q.Bounds, math.Max(0, q.Mean+half))
			}
			out = append(out, q)
		}
	}
	f.Points, f.Step = out, step
}
