package output

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"kcc/internal/calendar"
)

// coverageSheet writes the hours per day and a chart per skill and week.
func (x *rosterXLSX) coverageSheet() error {
	sheet, l, b := x.names.coverage, x.opt.Lang, x.book
	if err := x.open(sheet); err != nil {
		return err
	}
	t := &Table{Title: l.label(lblCoverage), Columns: append([]Column{
		{Name: "date", Title: l.label(lblDate), Kind: Date}, {Name: "day", Title: " "},
	}, coverColumns(l)...)}
	for d := range b.Days {
		date := b.First.Add(d)
		t.Rows = append(t.Rows, append([]any{date, l.Weekday(date.Weekday())}, coverValues(x.cover.days[d][""])...))
	}
	t.Total = append([]any{l.label(lblTotal), nil}, coverValues(x.cover.total[""])...)
	charts := x.coverBlocks()
	// The table below comes first: a chart is anchored to columns, whose widths
	// must not change after it.
	err := errors.Join(x.width(sheet, 2, 2, 8), x.width(sheet, 3, 7, 17))
	if err != nil {
		return err
	}
	if _, err := x.block(sheet, 1, 1+len(charts)*chartRows, t); err != nil {
		return err
	}
	for i, c := range charts {
		row := 1 + i*chartRows
		if err := x.breakAt(sheet, i, row); err != nil {
			return err
		}
		if err := x.place(sheet, "A"+strconv.Itoa(row), c.title, "0", LineChart, false, c.data); err != nil {
			return err
		}
	}
	return errors.Join(
		x.InsertPageBreak(sheet, "A"+strconv.Itoa(1+len(charts)*chartRows)),
		x.hideGrid(sheet), x.page(sheet, pageSetup{header: b.Title, scale: chartScale}))
}

// breakAt starts a page before every so many charts.
func (x *rosterXLSX) breakAt(sheet string, i, row int) error {
	if i == 0 || i%chartsPerPage != 0 {
		return nil
	}
	return x.InsertPageBreak(sheet, "A"+strconv.Itoa(row))
}

// coverChart is one chart of the coverage sheet and where its numbers stand.
type coverChart struct {
	title string
	data  chartRange
}

// Columns of the sheet with coverage per interval: start, axis label, then
// required and rostered per skill.
const (
	coverColStart = 1
	coverColAxis  = 2
	coverColSkill = 3
	coverPerSkill = 3
)

// coverTimes returns the starts of all slots, once, in order.
func (x *rosterXLSX) coverTimes() []time.Time {
	var out []time.Time
	for _, s := range x.book.Slots {
		if n := len(out); n == 0 || s.Start.After(out[n-1]) {
			out = append(out, s.Start)
		}
	}
	return out
}

// coverBlocks cuts the data sheet into one chart per skill and week.
func (x *rosterXLSX) coverBlocks() []coverChart {
	times, zone, l := x.coverTimes(), x.opt.zone(), x.opt.Lang
	var out []coverChart
	for k, skill := range x.cover.skills {
		for from := 0; from < len(times); {
			monday := calendar.DateOf(times[from], zone).Monday()
			to := from
			for to < len(times) && calendar.DateOf(times[to], zone).Monday() == monday {
				to++
			}
			_, week := monday.ISOWeek()
			col := coverColSkill + coverPerSkill*k
			out = append(out, coverChart{
				title: fmt.Sprintf("%s, %s %d (%s)", x.book.skillLabel(skill), strings.ToLower(l.label(lblWeek)), week, l.label(lblAgentsUnit)),
				data: chartRange{sheet: x.names.coverageData, head: 1, first: from + 2, last: to + 1, labels: coverColAxis, lines: []chartLine{
					{col: col, color: 1, width: 2},
					{col: col + 1, color: 0, width: 1.5},
				}},
			})
			from = to
		}
	}
	return out
}

// coverageData writes the numbers per interval, on which the charts stand.
func (x *rosterXLSX) coverageData() error {
	l, b := x.opt.Lang, x.book
	times := x.coverTimes()
	t := &Table{Name: "coverage", Columns: []Column{
		{Name: "start", Title: l.label(lblStart), Kind: DateTime}, {Name: "axis", Title: l.label(lblTick)},
	}, Keys: 1}
	at := map[time.Time]int{}
	for i, s := range times {
		at[s.UTC()] = i
	}
	col := map[string]int{}
	for _, s := range x.cover.skills {
		col[s] = len(t.Columns)
		name := b.skillLabel(s)
		t.Columns = append(t.Columns,
			Column{Name: s + "_required", Title: name + " " + strings.ToLower(l.label(lblRequired)), Kind: Number, Digits: 2},
			Column{Name: s + "_rostered", Title: name + " " + strings.ToLower(l.label(lblRostered)), Kind: Number, Digits: 2},
			Column{Name: s + "_difference", Title: name + " " + strings.ToLower(l.label(lblDifference)), Kind: Number, Digits: 2, Rules: []Rule{{Op: Below, Limit: -0.005, Tone: Bad}}})
	}
	_, ticks := TimeAxis(times, x.opt.zone(), l)
	for i, s := range times {
		row := make([]any, len(t.Columns))
		row[0], row[1] = s, ticks[i]
		t.Rows = append(t.Rows, row)
	}
	for _, s := range b.Slots {
		i, ok := at[s.Start.UTC()]
		if !ok {
			return fmt.Errorf("roster workbook: the slots are not in order of time at %s", s.Start)
		}
		c := col[s.Skill]
		t.Rows[i][c], t.Rows[i][c+1], t.Rows[i][c+2] = roundTo(s.Required, 4), roundTo(s.Rostered, 4), roundTo(s.Rostered-s.Required, 4)
	}
	return x.stream(x.names.coverageData, t)
}

// stream writes a plain table on a sheet with a name that is already fixed.
func (x *rosterXLSX) stream(name string, t *Table) error {
	if err := x.open(name); err != nil {
		return err
	}
	return x.fillTable(name, t)
}

// forecastSheet writes a chart of the volume per day and its bounds, and the days.
func (x *rosterXLSX) forecastSheet() error {
	sheet, l := x.names.forecast, x.opt.Lang
	if err := x.open(sheet); err != nil {
		return err
	}
	err := errors.Join(x.width(sheet, 1, 1, 14), x.width(sheet, 2, 2, 12), x.width(sheet, 3, 6, 15), x.width(sheet, 7, 7, 48))
	if err != nil {
		return err
	}
	row := 1 + len(x.book.Forecast)*chartRows
	ranges := make([]chartRange, len(x.book.Forecast))
	for i := range x.book.Forecast {
		f := &x.book.Forecast[i]
		if err := x.InsertPageBreak(sheet, "A"+strconv.Itoa(row)); err != nil {
			return err
		}
		first := row + 2 // below title and head
		end, err := x.block(sheet, 1, row, x.forecastDays(f))
		if err != nil {
			return err
		}
		r := chartRange{sheet: sheet, head: first - 1, first: first, last: first + len(f.Days) - 1, labels: 2, lines: []chartLine{{col: 3, color: 0, width: 2.25}}}
		if hasBounds(f) {
			r.lines = append(r.lines, chartLine{col: 4, color: 7, width: 1, dashed: true}, chartLine{col: 5, color: 7, width: 1, dashed: true})
		}
		ranges[i] = r
		row = end + 1
	}
	for i := range x.book.Forecast {
		f := &x.book.Forecast[i]
		if len(f.Days) == 0 {
			continue
		}
		at := 1 + i*chartRows
		if err := x.breakAt(sheet, i, at); err != nil {
			return err
		}
		title := l.label(lblForecast) + " " + f.Channel + ", " + l.label(lblContacts) + " / " + dayWord(l)
		if err := x.place(sheet, "A"+strconv.Itoa(at), title, "#,##0", LineChart, false, ranges[i]); err != nil {
			return err
		}
	}
	return errors.Join(x.hideGrid(sheet), x.page(sheet, pageSetup{header: x.book.Title, scale: chartScale}))
}

func dayWord(l Lang) string {
	if l == Dutch {
		return "dag"
	}
	return "day"
}

func hasBounds(f *RosterForecast) bool {
	for _, d := range f.Days {
		if finite(d.Low) && finite(d.High) {
			return true
		}
	}
	return false
}

func (x *rosterXLSX) forecastDays(f *RosterForecast) *Table {
	l := x.opt.Lang
	level := levelText(l, f)
	t := &Table{Title: l.label(lblForecast) + " " + f.Channel, Columns: []Column{
		{Name: "date", Title: l.label(lblDate), Kind: Date},
		{Name: "day", Title: " "},
		{Name: "offered", Title: l.label(lblVolume), Kind: Number, Digits: 0},
		{Name: "low", Title: l.label(lblLow) + level, Kind: Number, Digits: 0},
		{Name: "high", Title: l.label(lblHigh) + level, Kind: Number, Digits: 0},
		{Name: "aht", Title: l.label(lblAHT), Kind: Seconds},
		{Name: "note", Title: l.label(lblNote)},
	}}
	sum := 0.0
	for _, d := range f.Days {
		if finite(d.Mean) {
			sum += d.Mean
		}
		t.Rows = append(t.Rows, []any{d.Date, l.Day(dateTime(d.Date)), d.Mean, d.Low, d.High, d.AHT, d.Note})
	}
	t.Total = []any{l.label(lblTotal), nil, sum, nil, nil, nil, nil}
	return t
}

// levelText is what stands behind the titles of bounds: " 80%".
func levelText(l Lang, f *RosterForecast) string {
	if f.Level == 0 {
		return ""
	}
	return " " + l.Number(100*f.Level, 0) + "%"
}

// forecastData writes the forecast per interval of all channels.
func (x *rosterXLSX) forecastData() error {
	l := x.opt.Lang
	level := levelText(l, &x.book.Forecast[0]) // a plan has one set of levels
	t := &Table{Name: "forecast", Keys: 2, Columns: []Column{
		{Name: "channel", Title: l.label(lblChannel)},
		{Name: "start", Title: l.label(lblStart), Kind: DateTime},
		{Name: "offered", Title: l.label(lblVolume), Kind: Number, Digits: 2},
		{Name: "low", Title: l.label(lblLow) + level, Kind: Number, Digits: 2},
		{Name: "high", Title: l.label(lblHigh) + level, Kind: Number, Digits: 2},
		{Name: "aht_s", Title: l.label(lblAHT), Kind: Seconds},
	}}
	for _, f := range x.book.Forecast {
		for _, p := range f.Points {
			t.Rows = append(t.Rows, []any{f.Channel, p.Start, p.Mean, p.Low, p.High, p.AHT})
		}
	}
	return x.stream(x.names.forecastData, t)
}
