package output

import (
	"bytes"
	"encoding/xml"
	"io"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// sampleBook is a forecast with its charts, as a page or a workbook.
func sampleBook(t testing.TB, lang Lang) Book {
	zone := amsterdam(t)
	r := sampleRoster(zone, lang)
	b := Book{
		Title: "Forecast customer contact", Lead: "Phone and chat for weeks 49 to 52, made from two years of history.",
		Facts: []Fact{{"History", "2024-11-25 - 2026-11-22"}, {"Horizon", "28 days"}, {"Model", "calendar regression"}, {"Error (WAPE), 1-20 days", "5.8%"}},
	}
	days := Table{
		Name: "days", Title: "Per day", Columns: []Column{{Name: "date", Title: "Date", Kind: Date}, {Name: "offered", Title: "Contacts", Kind: Number}, {Name: "low", Title: "Low 80%", Kind: Number}, {Name: "high", Title: "High 80%", Kind: Number}, {Name: "aht_s", Title: "Handle time", Kind: Seconds}, {Name: "note", Title: "Remark"}},
		Notes: []string{"Bounds hold the volume of a whole day with a chance of 80%."},
	}
	line := Chart{Name: "Volume", Title: "Contacts per day", YLabel: "contacts", Series: []ChartSeries{{Name: "Forecast", BandName: "80% interval"}, {Name: "A year ago", Dashed: true}}}
	for i, d := range r.Forecast[0].Days {
		line.X = append(line.X, lang.Day(dateTime(d.Date)))
		tick := ""
		if d.Date.Weekday() == 1 {
			tick = lang.Day(dateTime(d.Date))
		}
		line.Ticks = append(line.Ticks, tick)
		s := &line.Series[0]
		s.Values, s.Low, s.High = append(s.Values, d.Mean), append(s.Low, d.Low), append(s.High, d.High)
		old := d.Mean * 0.93
		if i == 9 {
			old = math.NaN()
		}
		line.Series[1].Values = append(line.Series[1].Values, old)
		days.Rows = append(days.Rows, []any{d.Date, d.Mean, d.Low, d.High, d.AHT, d.Note})
	}
	bars := Chart{
		Name: "Error", Title: "Error by model (WAPE)", Kind: BarChart, Percent: true, Digits: 1, X: []string{"calendar", "weekday mean", "Holt-Winters", "theta"},
		Series: []ChartSeries{{Name: "1 day", Values: []float64{0.051, 0.062, 0.07, 0.081}}, {Name: "20 days", Values: []float64{0.058, 0.069, 0.088, 0.079}}},
	}
	heat := Chart{Name: "Weekday", Title: "Contacts per hour and weekday", Kind: HeatMap}
	for h := 8; h < 18; h++ {
		heat.X = append(heat.X, clockText(int64(h*60)))
	}
	for d := 1; d < 6; d++ {
		heat.Rows = append(heat.Rows, r.First.Add(d-1).Format("Monday"))
		var row []float64
		for h := range 10 {
			row = append(row, math.Round(90*math.Exp(-math.Pow(float64(h)-2.5, 2)/8)*(1.2-float64(d)/12)))
		}
		heat.Values = append(heat.Values, row)
	}
	var times Chart
	{
		at := r.coverTimesOf("phone")
		x, ticks := TimeAxis(at[:min(len(at), 52*6)], zone, lang)
		times = Chart{Name: "Coverage", Title: "Phone, week 49: required against rostered", YLabel: "agents", X: x, Ticks: ticks, Series: []ChartSeries{{Name: "Required"}, {Name: "Rostered"}}}
		for _, s := range r.Slots {
			if s.Skill == "phone" && len(times.Series[0].Values) < len(x) {
				times.Series[0].Values = append(times.Series[0].Values, s.Required)
				times.Series[1].Values = append(times.Series[1].Values, s.Rostered)
			}
		}
	}
	b.Charts = []Chart{line, times, bars, heat}
	b.Tables = []Table{days}
	return b
}

// TestChartsAreXML holds that any chart gives well-formed XML without NaN.
func TestChartsAreXML(t *testing.T) {
	value := rapid.OneOf(rapid.Float64Range(-1e6, 1e6), rapid.SampledFrom([]float64{0, math.NaN(), math.Inf(1), 1e-9, 1e12}))
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(0, 20).Draw(rt, "n")
		c := Chart{Title: rapid.String().Draw(rt, "title"), Kind: ChartKind(rapid.IntRange(0, 2).Draw(rt, "kind")), Stacked: rapid.Bool().Draw(rt, "stacked"), Percent: rapid.Bool().Draw(rt, "percent")}
		values := func() []float64 { return rapid.SliceOfN(value, n, n).Draw(rt, "v") }
		for range n {
			c.X = append(c.X, rapid.StringN(0, 8, 20).Draw(rt, "x"))
		}
		for range 2 {
			if c.Kind == HeatMap {
				c.Rows, c.Values = append(c.Rows, "r"), append(c.Values, values())
			} else {
				c.Series = append(c.Series, ChartSeries{Name: "<s>", Values: values(), Low: values(), High: values()})
			}
		}
		svg, err := c.SVG(Dutch)
		if err != nil {
			rt.Fatal(err)
		}
		if s := string(svg); n > 0 && c.Kind != HeatMap && (strings.Contains(s, "NaN") || strings.Contains(s, "Inf")) {
			rt.Fatalf("a coordinate is not a number: %s", s)
		}
		dec := xml.NewDecoder(strings.NewReader(strings.Map(func(r rune) rune {
			if r < 0x20 && r != '\n' && r != '\t' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
				return -1 // HTML takes these, XML does not
			}
			return r
		}, string(svg))))
		for {
			if _, err := dec.Token(); err == io.EOF {
				break
			} else if err != nil {
				rt.Fatalf("%v in %s", err, svg)
			}
		}
		if err := WriteBook(io.Discard, XLSX, Options{}, Book{Charts: []Chart{c}}); err != nil {
			rt.Fatal(err)
		}
	})
}

func TestNiceScale(t *testing.T) {
	for _, c := range []struct{ lo, hi, from, to, step float64 }{
		{0, 9, 0, 10, 2}, {0, 100, 0, 100, 20}, {-3, 7, -4, 8, 2}, {0, 0, 0, 1, 0.2}, {0, 0.058, 0, 0.06, 0.02}, {0, 1.0, 0, 1, 0.2}, {0, 1041, 0, 1250, 250},
	} {
		from, to, step := niceScale(c.lo, c.hi, 5)
		if math.Abs(from-c.from) > 1e-9 || math.Abs(to-c.to) > 1e-9 || math.Abs(step-c.step) > 1e-9 {
			t.Errorf("niceScale(%v, %v) = %v, %v, %v, want %v, %v, %v", c.lo, c.hi, from, to, step, c.from, c.to, c.step)
		}
	}
}

func TestChartRefused(t *testing.T) {
	for _, c := range []Chart{
		{X: []string{"a"}, Series: []ChartSeries{{Values: []float64{1, 2}}}},
		{X: []string{"a"}, Ticks: []string{}, Series: nil},
		{X: []string{"a"}, Series: []ChartSeries{{Values: []float64{1}, Low: []float64{1}}}},
		{Kind: HeatMap, X: []string{"a"}, Rows: []string{"r"}, Values: [][]float64{{1, 2}}},
	} {
		if _, err := c.SVG(English); err == nil {
			t.Errorf("chart %+v: want an error", c)
		}
		if err := WriteBook(io.Discard, XLSX, Options{}, Book{Charts: []Chart{c}}); err == nil {
			t.Errorf("workbook of chart %+v: want an error", c)
		}
	}
}

// TestBookXLSX reopens a workbook with charts.
func TestBookXLSX(t *testing.T) {
	f := reopen(t, func(b *bytes.Buffer) error {
		return WriteBook(b, XLSX, Options{Zone: amsterdam(t)}, sampleBook(t, English))
	})
	charts := 0
	f.Pkg.Range(func(name, _ any) bool {
		if strings.HasPrefix(name.(string), "xl/charts/chart") {
			charts++
		}
		return true
	})
	if charts != 3 {
		t.Errorf("%d native charts, want 3 (the heat map is cells)", charts)
	}
	if got, _ := f.GetCellValue("Summary", "B4"); got != "2024-11-25 - 2026-11-22" {
		t.Errorf("first fact on the summary is %q", got)
	}
	if got, _ := f.GetCellValue("Weekday", "B2"); got != "46" {
		t.Errorf("first cell of the heat map is %q", got)
	}
}

func keepBook(t *testing.T, dir string) {
	for name, f := range map[string]Format{"book.html": HTML, "book.xlsx": XLSX} {
		err := WriteFile(filepath.Join(dir, name), func(w io.Writer) error {
			return WriteBook(w, f, Options{Zone: amsterdam(t)}, sampleBook(t, English))
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestChartSpec draws columns of a table: a chart per channel, a day a tick.
func TestChartSpec(t *testing.T) {
	zone := amsterdam(t)
	book := sampleRoster(zone, Dutch)
	tb := Table{
		Name: "forecast", Columns: []Column{{Name: "channel"}, {Name: "start", Kind: DateTime}, {Name: "offered", Kind: Number, Digits: 1}, {Name: "lo80", Kind: Number}, {Name: "hi80", Kind: Number}},
		Charts: []ChartSpec{{Title: "Verwachting", X: "start", Y: []string{"offered", "absent"}, Low: "lo80", High: "hi80", By: []string{"channel"}}},
	}
	for _, f := range book.Forecast {
		for _, p := range f.Points[:104] {
			tb.Rows = append(tb.Rows, []any{f.Channel, p.Start, p.Mean, p.Low, p.High})
		}
	}
	charts, err := tb.charts(&Options{Zone: zone, Lang: Dutch})
	if err != nil {
		t.Fatal(err)
	}
	if len(charts) != 2 || charts[1].Title != "Verwachting Chat" || len(charts[1].X) != 104 {
		t.Fatalf("charts %+v", charts)
	}
	if c := charts[0]; c.Ticks[0] != "ma 30 nov" || c.Ticks[1] != "" || c.Ticks[52] != "di 1 dec" || c.Series[0].Name != "aangeboden" || c.Series[0].High[3] != book.Forecast[0].Points[3].High {
		t.Errorf("ticks %q, series %q", c.Ticks[:3], c.Series[0].Name)
	}
	f := reopen(t, func(b *bytes.Buffer) error { return Write(b, XLSX, Options{Zone: zone, Lang: Dutch}, tb) })
	if got := f.GetSheetList(); got[0] != "forecast" || got[1] != "Verwachting Telefoon" {
		t.Errorf("sheets %v, want the table first", got)
	}
	if got, _ := f.GetCellValue("forecast", "C1"); got != "offered" {
		t.Errorf("the header in Excel is %q, want the name that the next step reads", got)
	}
	var page bytes.Buffer
	if err := Write(&page, HTML, Options{Zone: zone, Lang: Dutch}, tb); err != nil {
		t.Fatal(err)
	}
	if strings.Count(page.String(), "<svg") != 2 || !strings.Contains(page.String(), "aangeboden") {
		t.Error("the page lacks its charts or labels")
	}
	tb.Charts[0].X = "nowhere"
	if charts, err := tb.charts(&Options{}); err != nil || len(charts) != 0 {
		t.Errorf("a chart over a column that is not there: %d charts (%v), want none", len(charts), err)
	}
}
