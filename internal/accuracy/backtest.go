package accuracy

import (
	"fmt"
	"strconv"
	"time"

	"kcc/forecast"
	"kcc/internal/output"
)

// LevelName is the percentage of a level as column names have it: 80, 97.5.
func LevelName(l float64) string {
	v, _ := strconv.ParseFloat(strconv.FormatFloat(100*l, 'f', 6, 64), 64)
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// ScoreTable lists the scores of backtests.
func ScoreTable(reports []*forecast.Report, l output.Lang) output.Table {
	t := output.Table{Name: "backtest", Title: l.Pick("Accuracy on the past", "Nauwkeurigheid op het verleden")}
	ratio := func(name string) output.Column { return output.Column{Name: name, Kind: output.Percent, Digits: 2} }
	num := func(name string, digits int) output.Column {
		return output.Column{Name: name, Kind: output.Number, Digits: digits}
	}
	whole := func(name string) output.Column { return output.Column{Name: name, Kind: output.Integer} }
	t.Columns = []output.Column{
		{Name: "channel"},
		{Name: "subject"},
		{Name: "model"},
		{Name: "days_ahead"},
		whole("origins"), whole("n"), ratio("wape_interval"), ratio("wape_day"), ratio("bias"), num("mase", 3),
	}
	for _, level := range reports[0].Levels {
		t.Columns = append(t.Columns, num("cov"+LevelName(level), 3))
	}
	t.Columns = append(t.Columns, num("pinball_rel", 4), num("msis95", 2), ratio("floor_wape"), num("sec_per_fit", 3), ratio("wape_aht"), ratio("wape_aht_day"), ratio("bias_aht"), ratio("wape_work"))
	for _, r := range reports {
		for _, s := range r.Scores {
			row := []any{
				r.Channel, r.Subject, s.Model, fmt.Sprintf("%d-%d", s.From, s.To), s.Origins, s.N,
				s.WAPE, s.WAPEDay, s.Bias, s.MASE,
			}
			for _, c := range s.Coverage {
				row = append(row, c)
			}
			t.Rows = append(t.Rows, append(row, s.Pinball, s.MSIS, s.Floor, s.SecondsPerFit, s.AHTError, s.AHTErrorDay, s.AHTBias, s.WorkError))
		}
	}
	t.Notes = []string{
		l.Pick("wape: sum of absolute errors over the sum of the actuals, per interval and of day totals; floor_wape: what a perfect rate forecast would still miss by chance.",
			"WAPE: som van de absolute fouten gedeeld door de som van wat kwam, per interval en van dagtotalen; ondergrens: wat een volmaakte prognose nog door toeval zou missen."),
		l.Pick("cov: share of the actuals inside the bounds; mase and msis95: relative to the same interval a week earlier.",
			"cov: aandeel van wat kwam binnen de grenzen; mase en msis95: vergeleken met hetzelfde interval een week eerder."),
		l.Pick("wape_aht: error of the handle time weighted by contacts, per interval and of days; wape_work: error of volume times handle time.",
			"Fout afhandeltijd: gewogen met contacten, per interval en van dagen; fout werklast: van aantal maal afhandeltijd."),
	}
	return t
}

// chartDays is how many days the chart of single intervals shows.
const chartDays = 7

// BacktestBook is the page of a backtest: the scores and, per series, charts of
// the last fold, of the errors by days ahead and by time of day.
func BacktestBook(reports []*forecast.Report, zone *time.Location, lang output.Lang) output.Book {
	b := output.Book{
		Title: lang.Pick("Forecast backtest", "Prognose getoetst op het verleden"),
		Lead: lang.Pick("Each forecast was made with the history up to its origin only, and is compared with what came.",
			"Elke prognose is gemaakt met alleen de historie tot haar startpunt, en staat naast wat kwam."),
		Tables: []output.Table{ScoreTable(reports, lang)},
	}
	for _, r := range reports {
		name := (&forecast.Series{Channel: r.Channel, Subject: r.Subject}).Name()
		main := r.Scores[0].Model
		var folds []forecast.Fold
		for _, f := range r.Folds {
			if f.Model == main {
				folds = append(folds, f)
			}
		}
		if len(folds) == 0 {
			continue
		}
		last := folds[len(folds)-1]
		b.Facts = append(
			b.Facts,
			output.Fact{Label: name + lang.Pick(", origins", ", startpunten"), Value: fmt.Sprintf(lang.Pick("%d, %s to %s", "%d, %s tot en met %s"), len(folds), folds[0].Origin, last.Origin)},
			output.Fact{Label: name + lang.Pick(", error per interval", ", fout per interval"), Value: lang.Number(100*r.Scores[0].WAPE, 1) + lang.Pick(" % up to ", " % tot ") + days(r.Scores[0].To, lang)},
		)
		if r.Step < 24*time.Hour {
			b.Charts = append(b.Charts, intervalChart(r, name, last, zone, lang))
		}
		b.Charts = append(b.Charts, dayChart(name, last, zone, lang), aheadChart(r, name, main, lang))
		if r.Step < 24*time.Hour {
			b.Charts = append(b.Charts, clockChart(r, name, main, zone, lang))
		}
	}
	return b
}

func days(n int, lang output.Lang) string {
	if n == 1 {
		return lang.Pick("1 day ahead", "1 dag vooruit")
	}
	return fmt.Sprintf(lang.Pick("%d days ahead", "%d dagen vooruit"), n)
}

// intervalChart draws the intervals of the first days of a fold with the
// narrowest bounds.
func intervalChart(r *forecast.Report, name string, f forecast.Fold, zone *time.Location, lang output.Lang) output.Chart {
	var at []time.Time
	var actual, mean, lo, hi []float64
	for i, p := range f.Points {
		if len(at) > 0 && p.Ahead-f.Points[0].Ahead >= chartDays {
			break
		}
		at = append(at, p.Start)
		actual, mean = append(actual, p.Actual), append(mean, p.Mean)
		if len(r.Levels) > 0 {
			lo, hi = append(lo, f.Points[i].Bounds[0]), append(hi, f.Points[i].Bounds[1])
		}
	}
	x, ticks := output.TimeAxis(at, zone, lang)
	c := output.Chart{
		Name: "intervals", Title: fmt.Sprintf(lang.Pick("%s: intervals after %s", "%s: intervallen na %s"), name, f.Origin), X: x, Ticks: ticks, YLabel: lang.Pick("contacts per interval", "contacten per interval"),
		Series: []output.ChartSeries{{Name: Word(lang, "forecast"), Values: mean, Low: lo, High: hi}, {Name: lang.Pick("actual", "werkelijk"), Values: actual, Dashed: true}},
	}
	if len(r.Levels) > 0 {
		c.Series[0].BandName = LevelName(r.Levels[0]) + lang.Pick("% bounds", "%-grenzen")
	}
	return c
}

// dayChart draws the day totals of a fold.
func dayChart(name string, f forecast.Fold, zone *time.Location, lang output.Lang) output.Chart {
	c := output.Chart{Name: "days", Title: fmt.Sprintf(lang.Pick("%s: days after %s", "%s: dagen na %s"), name, f.Origin), YLabel: lang.Pick("contacts per day", "contacten per dag")}
	mean := output.ChartSeries{Name: Word(lang, "forecast")}
	actual := output.ChartSeries{Name: lang.Pick("actual", "werkelijk"), Dashed: true}
	for _, d := range f.DaySums(zone) {
		c.X = append(c.X, lang.Day(d.Date.Start(zone)))
		mean.Values = append(mean.Values, d.Mean)
		actual.Values = append(actual.Values, d.Actual)
	}
	c.Series = []output.ChartSeries{mean, actual}
	return c
}

// aheadChart draws the error against the days ahead.
func aheadChart(r *forecast.Report, name, model string, lang output.Lang) output.Chart {
	c := output.Chart{Name: "ahead", Title: name + lang.Pick(": error by days ahead", ": fout naar dagen vooruit"), YLabel: "WAPE per interval", Percent: true, Digits: 1}
	wape, bias := output.ChartSeries{Name: "WAPE"}, output.ChartSeries{Name: lang.Pick("bias", "scheefheid"), Dashed: true}
	for _, e := range r.ErrorsByAhead(model) {
		c.X = append(c.X, strconv.Itoa(e.Ahead))
		wape.Values = append(wape.Values, e.WAPE)
		bias.Values = append(bias.Values, e.Bias)
	}
	c.Series = []output.ChartSeries{wape, bias}
	return c
}

// clockChart draws the error against the time of day.
func clockChart(r *forecast.Report, name, model string, zone *time.Location, lang output.Lang) output.Chart {
	c := output.Chart{Name: "clock", Title: name + lang.Pick(": error by time of day", ": fout naar tijd van de dag"), YLabel: "WAPE per interval", Percent: true, Digits: 1}
	wape, bias := output.ChartSeries{Name: "WAPE"}, output.ChartSeries{Name: lang.Pick("bias", "scheefheid"), Dashed: true}
	for _, e := range r.ErrorsByClock(model, zone) {
		c.X = append(c.X, e.Clock.String())
		wape.Values = append(wape.Values, e.WAPE)
		bias.Values = append(bias.Values, e.Bias)
	}
	c.Series = []output.ChartSeries{wape, bias}
	return c
}
