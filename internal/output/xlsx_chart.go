package output

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
)

// chartColors are the colours of series in workbooks, as --s1... on a page.
var chartColors = []string{"1F6FB4", "D1600A", "2E8540", "8A4FBF", "B3315A", "0F8A8A", "7A6A00", "5B6472"}

// Size of a chart in a workbook, in pixels, and the rows of 20 pixels under it.
const (
	chartWidth  = 1040
	chartHeight = 260
	rowPixels   = 20
	chartRows   = chartHeight/rowPixels + 1
)

// Charts on a printed page: so many fit on landscape A4 at the scale in percent.
const (
	chartsPerPage = 3
	chartScale    = 78
)

// chartRange is the block of cells that a chart draws: a column of labels for
// the axis and a column per line, from row First to Last.
type chartRange struct {
	sheet       string
	head        int // row with the names of the lines
	first, last int
	labels      int // column
	lines       []chartLine
	top         float64 // where the axis of values ends; 0: as Excel chooses
}

type chartLine struct {
	col    int
	color  int
	width  float64
	dashed bool
}

// whole is 1 for shares that come near to the whole: above it Excel would go on to
// 120 %. It is 0 for all else.
func (c *Chart) whole() float64 {
	const near = 0.8
	top := 0.0
	for _, s := range c.Series {
		for _, list := range [][]float64{s.Values, s.High} {
			for _, x := range list {
				if finite(x) {
					top = max(top, x)
				}
			}
		}
	}
	if c.Percent && !c.Stacked && top > near && top <= 1 {
		return 1
	}
	return 0
}

// place puts a native chart over r at a cell of sheet. The labels of a line
// chart are text, blank but for the ticks: over dates Excel would draw one
// point a day.
func (b *workbook) place(sheet, cell, title, format string, kind ChartKind, stacked bool, r chartRange) error {
	ref := func(col int) (string, error) {
		name, err := excelize.ColumnNumberToName(col)
		return fmt.Sprintf("'%s'!$%s$%d:$%s$%d", strings.ReplaceAll(r.sheet, "'", "''"), name, r.first, name, r.last), err
	}
	cats, err := ref(r.labels)
	if err != nil {
		return err
	}
	c := &excelize.Chart{
		Type:         excelize.Line,
		Dimension:    excelize.ChartDimension{Width: chartWidth, Height: chartHeight},
		Format:       excelize.GraphicOptions{OffsetX: 4, OffsetY: 4},
		Legend:       excelize.ChartLegend{Position: "bottom"},
		ShowBlanksAs: "gap",
		XAxis:        excelize.ChartAxis{Font: excelize.Font{Size: 9, Color: inkSoft}},
		YAxis:        excelize.ChartAxis{MajorGridLines: true, Font: excelize.Font{Size: 9, Color: inkSoft}, NumFmt: excelize.ChartNumFmt{CustomNumFmt: format}},
		Title:        excelize.ChartTitle{Paragraph: []excelize.RichTextRun{{Text: title, Font: &excelize.Font{Bold: true, Size: 12, Color: inkDark}}}},
	}
	if r.top > 0 {
		c.YAxis.Maximum = &r.top
	}
	if kind == BarChart {
		c.Type = excelize.Col
		if stacked {
			c.Type = excelize.ColStacked
		}
		gap := uint(40)
		c.GapWidth = &gap
	}
	if len(r.lines) == 1 {
		c.Legend.Position = "none"
	}
	var share *excelize.Chart // the running share of a Pareto chart has an axis of its own
	if kind == Pareto {
		c.Type = excelize.Col
		gap := uint(40)
		c.GapWidth = &gap
		top := 1.0
		share = &excelize.Chart{Type: excelize.Line, YAxis: excelize.ChartAxis{
			Secondary: true, Maximum: &top, Font: excelize.Font{Size: 9, Color: inkSoft}, NumFmt: excelize.ChartNumFmt{CustomNumFmt: "0%"},
		}}
	}
	for _, l := range r.lines {
		values, err := ref(l.col)
		if err != nil {
			return err
		}
		column, err := excelize.ColumnNumberToName(l.col)
		if err != nil {
			return err
		}
		name := fmt.Sprintf("'%s'!$%s$%d", strings.ReplaceAll(r.sheet, "'", "''"), column, r.head)
		ink := chartColors[l.color%len(chartColors)]
		s := excelize.ChartSeries{
			Name: name, Categories: cats, Values: values,
			Fill:   excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{ink}},
			Marker: excelize.ChartMarker{Symbol: "none"},
		}
		lined := kind == LineChart || kind == Pareto && len(c.Series) > 0
		if lined {
			s.Line = excelize.LineOptions{Width: l.width, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{ink}}}
			if l.dashed {
				s.Line.Dash = excelize.LineDashDash
			}
		}
		if share != nil && lined {
			share.Series = append(share.Series, s)
			continue
		}
		c.Series = append(c.Series, s)
	}
	if share != nil {
		return b.AddChart(sheet, cell, c, share)
	}
	return b.AddChart(sheet, cell, c)
}

// chartSheet writes a chart on a sheet of its own, with its numbers below.
func (b *workbook) chartSheet(c *Chart) error {
	if err := c.check(); err != nil {
		return err
	}
	want := c.Name
	if want == "" {
		want = c.Title
	}
	sheet, err := b.addSheet(want)
	if err != nil {
		return err
	}
	t, lines := c.table()
	drawn := c.Kind != HeatMap && len(c.X) > 0
	top := 1
	if drawn {
		top = chartRows + 1
	}
	// The table comes first: a chart is anchored to columns, whose widths must
	// not change after it.
	last, err := b.block(sheet, 1, top, t)
	if err != nil {
		return err
	}
	if drawn {
		title := c.Title
		if c.YLabel != "" && !strings.Contains(title, c.YLabel) {
			title += " (" + c.YLabel + ")"
		}
		r := chartRange{sheet: sheet, head: top, first: top + 1, last: top + len(c.X), labels: 2, lines: lines, top: c.whole()}
		if err := b.place(sheet, "A1", title, excelFormat(&t.Columns[2], b.opt.Lang), c.Kind, c.Stacked, r); err != nil {
			return err
		}
	}
	if c.Kind == HeatMap && len(c.X) > 0 && len(c.Rows) > 0 {
		from, err1 := excelize.CoordinatesToCellName(2, top+1)
		to, err2 := excelize.CoordinatesToCellName(len(c.X)+1, top+len(c.Rows))
		if err1 != nil || err2 != nil {
			return fmt.Errorf("chart %q: %w", c.Title, firstError(err1, err2))
		}
		err := b.SetConditionalFormat(sheet, from+":"+to, []excelize.ConditionalFormatOptions{{
			Type: "2_color_scale", Criteria: "=",
			MinType: "min", MaxType: "max", MinColor: "#FFFFFF", MaxColor: "#1F6FB4",
		}})
		if err != nil {
			return err
		}
	}
	if c.Note != "" {
		if err := b.note(sheet, 1, last+1, c.Note); err != nil {
			return err
		}
	}
	if c.Kind == HeatMap {
		if err := b.SetPanes(sheet, freeze(1, 1)); err != nil {
			return err
		}
	}
	return b.page(sheet, pageSetup{titleFrom: top, titleRows: top, header: c.Title})
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// maxTicks is how many labels of an axis fit beside each other.
const maxTicks = 14

// thinTicks blanks labels so that at most maxTicks stay: programs that draw the
// chart write every label there is, over each other if need be.
func thinTicks(ticks []string) []string {
	n := 0
	for _, s := range ticks {
		if s != "" {
			n++
		}
	}
	every := (n + maxTicks - 1) / maxTicks
	if every <= 1 {
		return ticks
	}
	out, k := make([]string, len(ticks)), 0
	for i, s := range ticks {
		if s == "" {
			continue
		}
		if k%every == 0 {
			out[i] = s
		}
		k++
	}
	return out
}

// table returns the numbers of a chart: the label, the tick label and the
// series with their bounds, or the rows of a heat map.
func (c *Chart) table() (*Table, []chartLine) {
	kind := Number
	if c.Percent {
		kind = Percent
	}
	t := &Table{Name: c.Name}
	if c.Kind == HeatMap {
		t.Columns = append(t.Columns, Column{Name: "row", Title: " "})
		for _, x := range c.X {
			t.Columns = append(t.Columns, Column{Name: x, Kind: kind, Digits: c.Digits})
		}
		for i, row := range c.Values {
			line := []any{c.Rows[i]}
			for _, v := range row {
				line = append(line, v)
			}
			t.Rows = append(t.Rows, line)
		}
		return t, nil
	}
	t.Columns = []Column{{Name: "x", Title: " "}, {Name: "axis", Title: " "}}
	var lines []chartLine
	add := func(name string, color int, width float64, dashed bool) {
		t.Columns = append(t.Columns, Column{Name: name, Title: name, Kind: kind, Digits: c.Digits})
		lines = append(lines, chartLine{col: len(t.Columns), color: color, width: width, dashed: dashed})
	}
	const main, thin = 2, 0.75 // points
	for k, s := range c.Series {
		add(s.Name, k, main, s.Dashed)
		if s.Low != nil {
			band := s.BandName
			if band == "" {
				band = s.Name
			}
			add(band+" -", k, thin, true)
			add(band+" +", k, thin, true)
		}
	}
	if c.Kind == Pareto {
		return c.paretoTable(t, lines)
	}
	ticks := thinTicks(c.ticks())
	for i, x := range c.X {
		row := []any{x, ticks[i]}
		for _, s := range c.Series {
			row = append(row, s.Values[i])
			if s.Low != nil {
				row = append(row, s.Low[i], s.High[i])
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t, lines
}

// paretoTable returns the numbers of a Pareto chart: every label, the values and
// their running share.
func (c *Chart) paretoTable(t *Table, lines []chartLine) (*Table, []chartLine) {
	t.Columns = append(t.Columns, Column{Name: "share", Title: "%", Kind: Percent, Digits: 1})
	const line = 2 // points
	lines = append(lines, chartLine{col: len(t.Columns), color: 1, width: line})
	share := c.running()
	for i, x := range c.X {
		t.Rows = append(t.Rows, []any{x, x, c.Series[0].Values[i], share[i]})
	}
	return t, lines
}
