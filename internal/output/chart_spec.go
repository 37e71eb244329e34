package output

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// ChartSpec draws columns of a table, on a sheet of its own after the tables of
// a workbook or above the table on a page. Screen, CSV, JSON and Markdown leave
// it out. Columns that the table lacks are left out too, so that one spec serves
// tables with and without bounds; without X or any of Y there is no chart.
type ChartSpec struct {
	Title     string
	Kind      ChartKind // LineChart or BarChart
	X         string    // column of the axis: DateTime, Date, Clock or Text
	Y         []string  // columns to draw
	Low, High string    // columns with the bounds of the first of Y
	By        []string  // text columns: a chart for each combination that occurs
	YLabel    string
}

// maxCharts bounds how many charts one ChartSpec gives, so that a table of many
// series does not bury its workbook.
const maxCharts = 24

// charts makes the charts that t asks for.
func (t *Table) charts(opt *Options) ([]Chart, error) {
	var out []Chart
	for i := range t.Charts {
		list, err := t.chart(&t.Charts[i], opt)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

func (t *Table) column(name string) int {
	return slices.IndexFunc(t.Columns, func(c Column) bool { return c.Name == name })
}

func (t *Table) chart(s *ChartSpec, opt *Options) ([]Chart, error) {
	x := t.column(s.X)
	var ys []int
	for _, name := range s.Y {
		if j := t.column(name); j >= 0 {
			ys = append(ys, j)
		}
	}
	if s.Kind == HeatMap {
		return nil, fmt.Errorf("table %q: the chart %q cannot be a heat map", t.Name, s.Title)
	}
	if x < 0 || len(ys) == 0 {
		return nil, nil
	}
	low, high := t.column(s.Low), t.column(s.High)
	if low < 0 || high < 0 {
		low, high = -1, -1
	}
	var by []int
	for _, name := range s.By {
		if j := t.column(name); j >= 0 {
			by = append(by, j)
		}
	}
	first := &t.Columns[ys[0]]
	groups := map[string]*Chart{}
	var order []string
	last := map[string]cell{}
	err := t.cells(func(_ int, row []cell) error {
		var parts []string
		for _, j := range by {
			if text := row[j].display(&t.Columns[j], opt); text != "" && !slices.Contains(parts, text) {
				parts = append(parts, text)
			}
		}
		key := strings.Join(parts, ", ")
		c := groups[key]
		if c == nil {
			if len(order) == maxCharts {
				return nil
			}
			c = &Chart{Title: s.Title, Kind: s.Kind, YLabel: s.YLabel, Digits: first.Digits, Percent: first.Kind == Percent, Ticks: []string{}}
			if key != "" {
				c.Title = strings.TrimSpace(s.Title + " " + key)
			}
			c.Name = c.Title
			for k, j := range ys {
				series := ChartSeries{Name: t.Columns[j].heading(opt.Lang)}
				if k == 0 && low >= 0 {
					series.Low, series.High = []float64{}, []float64{}
					series.BandName = t.Columns[low].heading(opt.Lang) + " - " + t.Columns[high].heading(opt.Lang)
				}
				c.Series = append(c.Series, series)
			}
			groups[key] = c
			order = append(order, key)
		}
		label, tick := axisLabel(row[x], last[key], &t.Columns[x], opt)
		last[key] = row[x]
		c.X, c.Ticks = append(c.X, label), append(c.Ticks, tick)
		for k, j := range ys {
			c.Series[k].Values = append(c.Series[k].Values, numberOr(row[j]))
		}
		if low >= 0 {
			c.Series[0].Low = append(c.Series[0].Low, numberOr(row[low]))
			c.Series[0].High = append(c.Series[0].High, numberOr(row[high]))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := make([]Chart, len(order))
	for i, key := range order {
		out[i] = *groups[key]
	}
	return out, nil
}

// axisLabel returns the full label of a point and its tick, which is blank when
// the day is that of the point before.
func axisLabel(c, before cell, col *Column, opt *Options) (label, tick string) {
	switch c.kind {
	case timeCell:
		at := c.t.In(opt.zone())
		label = opt.Lang.Day(at) + at.Format(" 15:04")
		if before.kind != timeCell || !sameDay(at, before.t.In(opt.zone())) {
			tick = opt.Lang.Day(at)
		}
		return label, tick
	case dateCell:
		return opt.Lang.Day(c.t), opt.Lang.Day(c.t)
	}
	label = c.display(col, opt)
	return label, label
}

func numberOr(c cell) float64 {
	if x, ok := c.number(); ok && !math.IsInf(x, 0) {
		return x
	}
	return math.NaN()
}
