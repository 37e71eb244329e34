package output

import (
	"fmt"
	"math"
	"time"
)

// ChartKind is the form of a chart.
type ChartKind int

// The forms.
const (
	LineChart ChartKind = iota
	BarChart
	HeatMap
	Pareto // bars of the first series, the largest first, with the line of their running share
)

// Chart is a picture of numbers: native and editable in a workbook, SVG on a
// page. NaN leaves a gap.
type Chart struct {
	Name   string // sheet name in a workbook
	Title  string
	Kind   ChartKind
	X      []string      // the full label of each point or category
	Ticks  []string      // what stands on the axis, blank for most points; nil is X
	Series []ChartSeries // of LineChart and BarChart
	YLabel string        // quantity and unit
	Digits int           // decimals of the values
	// Percent shows ratios 0..1 as percent.
	Percent bool
	Stacked bool // of BarChart

	Rows   []string    // of HeatMap: a label per row
	Values [][]float64 // of HeatMap: a value per row and point of X

	Marks []ChartMark // lines across a BarChart on a page

	Note string // printed under the chart
}

// ChartMark is an upright line at a point of the axis, in units of categories:
// 0 is the left edge of the first, 1 its right edge.
type ChartMark struct {
	At    float64
	Label string
}

// running returns the running share of the values of the first series.
func (c *Chart) running() []float64 {
	total := 0.0
	for _, v := range c.Series[0].Values {
		if finite(v) {
			total += v
		}
	}
	out, sum := make([]float64, len(c.X)), 0.0
	for i, v := range c.Series[0].Values {
		if finite(v) {
			sum += v
		}
		out[i] = math.NaN()
		if total > 0 {
			out[i] = sum / total
		}
	}
	return out
}

// ChartSeries is one line or one set of bars. Low and High, when given, are
// drawn as a band around a line.
type ChartSeries struct {
	Name      string
	Values    []float64
	Low, High []float64
	BandName  string // legend text of the band: "80% interval"
	Dashed    bool
}

// check verifies that every series has a value per point.
func (c *Chart) check() error {
	n := len(c.X)
	if c.Ticks != nil && len(c.Ticks) != n {
		return fmt.Errorf("chart %q: %d tick labels for %d points", c.Title, len(c.Ticks), n)
	}
	for _, s := range c.Series {
		if len(s.Values) != n || s.Low != nil && len(s.Low) != n || (s.Low == nil) != (s.High == nil) || s.High != nil && len(s.High) != n {
			return fmt.Errorf("chart %q: series %q has not one value (and bound) for each of %d points", c.Title, s.Name, n)
		}
	}
	if len(c.Rows) != len(c.Values) {
		return fmt.Errorf("chart %q: %d row labels for %d rows", c.Title, len(c.Rows), len(c.Values))
	}
	for i, row := range c.Values {
		if len(row) != n {
			return fmt.Errorf("chart %q: row %q has %d values for %d points", c.Title, c.Rows[i], len(row), n)
		}
	}
	return nil
}

// ticks returns what stands on the axis per point.
func (c *Chart) ticks() []string {
	if c.Ticks != nil {
		return c.Ticks
	}
	return c.X
}

// finite reports whether x can be drawn.
func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// bounds returns the least and greatest value to be drawn, 0 included.
func (c *Chart) bounds() (lo, hi float64) {
	look := func(v []float64) {
		for _, x := range v {
			if finite(x) {
				lo, hi = min(lo, x), max(hi, x)
			}
		}
	}
	if c.Kind == BarChart && c.Stacked {
		for i := range c.X {
			up, down := 0.0, 0.0
			for _, s := range c.Series {
				if x := s.Values[i]; finite(x) {
					up, down = up+max(x, 0), down+min(x, 0)
				}
			}
			look([]float64{up, down})
		}
		return lo, hi
	}
	for _, s := range c.Series {
		look(s.Values)
		look(s.Low)
		look(s.High)
	}
	for _, row := range c.Values {
		look(row)
	}
	return lo, hi
}

// TimeAxis returns the labels of a chart over instants: the full label of each,
// and the ticks, blank except at the first instant of each day (or, within one
// day, of each hour).
func TimeAxis(at []time.Time, zone *time.Location, lang Lang) (x, ticks []string) {
	x, ticks = make([]string, len(at)), make([]string, len(at))
	if len(at) == 0 {
		return x, ticks
	}
	oneDay := sameDay(at[0].In(zone), at[len(at)-1].In(zone))
	for i, t := range at {
		t = t.In(zone)
		x[i] = lang.Day(t) + t.Format(" 15:04")
		switch {
		case oneDay && (i == 0 || t.Hour() != at[i-1].In(zone).Hour()):
			ticks[i] = t.Format("15:04")
		case !oneDay && (i == 0 || !sameDay(t, at[i-1].In(zone))):
			ticks[i] = lang.Day(t)
		}
	}
	return x, ticks
}

func sameDay(a, b time.Time) bool {
	ay, am, ad := a.Date()
	by, bm, bd := b.Date()
	return ay == by && am == bm && ad == bd
}

// niceScale returns a step of 1, 2, 2.5 or 5 times a power of ten and the rounded
// bounds, for about n steps from lo to hi.
func niceScale(lo, hi float64, n int) (from, to, step float64) {
	if hi <= lo {
		hi = lo + 1
	}
	raw := (hi - lo) / float64(n)
	p := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 2.5, 5, 10} {
		if step = m * p; step >= raw*(1-1e-12) { // a hair of slack for steps that are exact but for rounding
			break
		}
	}
	return math.Floor(lo/step+1e-9) * step, math.Ceil(hi/step-1e-9) * step, step
}
