package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kcc/forecast"
	"kcc/internal/accuracy"
	"kcc/internal/calendar"
	"kcc/internal/flow"
	"kcc/internal/history"
	"kcc/internal/output"
	"kcc/internal/planstore"
)

// forecastOptions are the flags that the forecast commands share.
type forecastOptions struct {
	In       string
	Value    string
	Channels []string
	Subjects bool
	Teams    bool
	Total    bool
	Shares   string
	Hours    string
	Gaps     string
	From     string
	Horizon  string
	Interval durationValue
	Model    string
	Levels   []string
	Holidays string
	School   string
	Events   string
	Growth   string

	Plain   bool
	Periods []int
	Steps   int
}

func newForecastCmd(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "forecast",
		Short: "Forecast contacts and handle time per interval",
		Long: "forecast turns contact history into expected contacts, handle time and bounds per\n" +
			"channel and interval. Which models count is decided by a backtest on the history itself.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		newForecastRunCmd(app), newForecastBacktestCmd(app), newForecastUpdateCmd(app), newForecastExplainCmd(app),
		newForecastAdjustCmd(app), newForecastEventsCmd(app), newForecastAccuracyCmd(app),
	)
	return cmd
}

// addHistoryFlags adds the flags that say where the history comes from.
func (o *forecastOptions) addHistoryFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.In, "in", "", "history from `FILE` (CSV, TSV or XLSX; - is stdin) instead of the store")
	f.StringVar(&o.Value, "value", "", "the column with the volume, when its name does not tell")
	f.StringSliceVar(&o.Channels, "channel", nil, "only this `channel` (repeat or separate by commas)")
	f.StringVar(&o.Hours, "hours", "", "opening hours, for example `'mo-fr 08:00-17:00'`; default: the centre's, else as the history shows")
	f.StringVar(&o.Gaps, "gaps", "auto", "what an absent interval means: `auto|zero|missing`")
	f.StringVar(&o.Model, "model", forecast.Auto, "one `model` instead of the choice by backtest")
	f.StringSliceVar(&o.Levels, "levels", []string{"80", "95"}, "central bounds in percent")
	f.StringVar(&o.Holidays, "holidays", "", "public holidays: `nl|none|FILE` (default: the centre's, else none)")
	f.StringVar(&o.Events, "events", "", "events from `FILE` (name, from, to, mode, factor, ...), beside those of the store")
	f.StringVar(&o.School, "school-holidays", "", "school holidays from `FILE` with the columns from and to")
}

func newForecastRunCmd(app *App) *cobra.Command {
	var o forecastOptions
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Forecast each channel from its history",
		Long: "run forecasts every channel of the history. It starts at the first midnight after the last\n" +
			"row, or at --from, and leaves closed intervals out. On screen the days are shown; a file\n" +
			"(--out) or --format csv|json has every interval, ready for kcc staff.\n\n" +
			"Exit status 3: some channels had no usable history and were skipped.",
		Example: "  kcc forecast run --in history.csv -o forecast.csv\n" +
			"  kcc forecast run --in history.csv --channel phone --horizon 8w --holidays nl\n" +
			"  kcc forecast run --in export.xlsx --hours 'mo-fr 08:00-17:00; sa 10:00-14:00' --levels 50,90\n" +
			"  kcc forecast run --plain --period 24,168 --steps 48 --in series.csv -o out.csv",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.Plain {
				return runForecastPlain(cmd.Context(), app, o)
			}
			return runForecast(cmd.Context(), app, o)
		},
	}
	o.addHistoryFlags(cmd)
	f := cmd.Flags()
	f.StringVar(&o.From, "from", "", "first `DATE` of the forecast (default: the day after the history)")
	f.StringVar(&o.Horizon, "horizon", "28d", "how far ahead: `28d`, 8w, or 20od for open days")
	f.Var(&o.Interval, "interval", "length of the intervals, for example `15m` (default: that of the history)")
	f.BoolVar(&o.Subjects, "subjects", false, "also a forecast per subject; subjects add up to their channel")
	f.BoolVar(&o.Teams, "teams", false, "also a forecast per team, by the column team of --in; teams add up to their channel")
	f.StringVar(&o.Shares, "team-shares", "", "divide each channel over teams by the shares in `FILE` (team, channel, share)")
	f.BoolVar(&o.Total, "total", false, "also a forecast of all channels together; channels add up to it")
	f.StringVar(&o.Growth, "growth", "", "what if there is so much more or less, for example `5%` or -10%")
	f.BoolVar(&o.Plain, "plain", false, "series without a calendar: columns series, t, value")
	f.IntSliceVar(&o.Periods, "period", nil, "seasonal periods of plain series, for example `24,168`")
	f.IntVar(&o.Steps, "steps", 0, "`values` to forecast of each plain series")
	return cmd
}

// options translates the flags for the library.
func (o *forecastOptions) options(app *App) (forecast.Options, error) {
	var opt forecast.Options
	var err error
	if opt.Horizon, opt.OpenDays, err = parseHorizon(o.Horizon); err != nil {
		return opt, usagef("--horizon: %w", err)
	}
	if o.From != "" {
		if opt.From, err = calendar.ParseDate(o.From); err != nil {
			return opt, usagef("--from: %w", err)
		}
	}
	opt.Interval = time.Duration(o.Interval)
	if opt.Interval != 0 && (24*time.Hour)%opt.Interval != 0 {
		return opt, usagef("--interval %s: want a length that goes into a day a whole number of times, such as 15m, 30m or 1h", o.Interval.String())
	}
	opt.Model = o.Model
	if opt.Levels, err = parseLevels(o.Levels); err != nil {
		return opt, err
	}
	if opt.Model != "" && opt.Model != forecast.Auto && !knownForecastModel(opt.Model) {
		return opt, usagef("--model %q: want auto or one of %s", opt.Model, strings.Join(forecast.Models(), ", "))
	}
	if opt.Holidays, err = history.Holidays(o.Holidays); err != nil {
		return opt, usagef("--holidays: %w", err)
	}
	if o.School != "" {
		if opt.School, err = history.ReadRanges(o.School, app.In); err != nil {
			return opt, err
		}
	}
	if o.Growth != "" {
		v, err := strconv.ParseFloat(strings.TrimSuffix(o.Growth, "%"), 64)
		if err != nil || v <= -100 {
			return opt, usagef("--growth %q: want for example 5%% or -10%%", o.Growth)
		}
		opt.Growth = v / 100
	}
	return opt, nil
}

func knownForecastModel(name string) bool {
	for _, m := range forecast.Models() {
		if m == name {
			return true
		}
	}
	return false
}

// parseHorizon reads 28d, 4w, 20od or a bare number of days.
func parseHorizon(s string) (days int, open bool, err error) {
	bad := fmt.Errorf("horizon %q: want for example 28d, 4w or 20od", s)
	num, unit := strings.TrimRight(s, "odwm"), ""
	unit = s[len(num):]
	n, err := strconv.Atoi(num)
	if err != nil || n <= 0 {
		return 0, false, bad
	}
	switch unit {
	case "d":
		return n, false, nil
	case "w":
		return 7 * n, false, nil
	case "od":
		return n, true, nil
	}
	return 0, false, bad
}

// parseLevels reads percentages such as 80 and 97.5.
func parseLevels(in []string) ([]float64, error) {
	var out []float64
	for _, s := range in {
		v, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(s), "%"), 64)
		if err != nil || !(v > 0 && v < 100) {
			return nil, usagef("--levels %q: want percentages such as 80,95", s)
		}
		out = append(out, v/100)
	}
	return out, nil
}

// series reads the history that the flags name.
func (o *forecastOptions) series(ctx context.Context, app *App) ([]forecast.Series, error) {
	gaps, err := forecast.ParseGapRule(o.Gaps)
	if err != nil {
		return nil, usagef("--gaps: %w", err)
	}
	var hours *calendar.Hours
	if o.Hours != "" {
		week, err := calendar.ParseWeek(o.Hours)
		if err != nil {
			return nil, usagef("--hours: %w", err)
		}
		hours = &calendar.Hours{Loc: app.Zone(), Week: week}
	}
	var out []forecast.Series
	if o.In != "" {
		rejects := app.rejects(o.In)
		out, err = flow.ReadHistory(ctx, o.In, app.In, flow.HistoryOptions{
			Zone: app.Zone(), Value: o.Value, Channels: o.Channels, Subjects: o.Subjects, Teams: o.Teams, Gaps: gaps,
		}, rejects.note)
		rejects.done()
	} else {
		if o.Teams {
			return nil, usagef("--teams needs --in FILE with a column team; the store keeps no team per contact, --team-shares divides its forecast")
		}
		out, err = app.storedHistory(ctx, *o)
	}
	if err != nil {
		return nil, err
	}
	if hours != nil {
		if hours.Holidays, err = history.Holidays(o.Holidays); err != nil {
			return nil, usagef("--holidays: %w", err)
		}
		for i := range out {
			out[i].Hours = hours
		}
	}
	return out, nil
}

// load reads history and settings. Without a file the events, adjustments and
// holidays of the store count.
func (o *forecastOptions) load(ctx context.Context, app *App) (forecast.Options, []forecast.Series, error) {
	opt, err := o.options(app)
	if err != nil {
		return opt, nil, err
	}
	series, err := o.series(ctx, app)
	if err != nil {
		return opt, nil, err
	}
	if o.In == "" {
		if err := app.storedCalendar(ctx, o, &opt); err != nil {
			return opt, nil, err
		}
	}
	if o.Events != "" {
		events, err := history.ReadEvents(o.Events, app.In)
		if err != nil {
			return opt, nil, err
		}
		opt.Events = append(opt.Events, events...)
	}
	return opt, series, nil
}

// storedCalendar adds what the store knows beside the history.
func (a *App) storedCalendar(ctx context.Context, o *forecastOptions, opt *forecast.Options) error {
	s, err := a.site(ctx)
	if err != nil {
		return err
	}
	if o.Holidays == "" {
		opt.Holidays = s.Centre.PublicHolidays()
	}
	if opt.Events, err = planstore.Events(ctx, s.DB); err != nil {
		return err
	}
	opt.Adjust, err = planstore.Adjustments(ctx, s.DB, a.Zone())
	return err
}

func runForecast(ctx context.Context, app *App, o forecastOptions) error {
	opt, series, err := o.load(ctx, app)
	if err != nil {
		return err
	}
	var shares []forecast.TeamShare
	if o.Shares != "" {
		if shares, err = history.ReadShares(o.Shares, app.In); err != nil {
			return err
		}
	}
	if o.Total {
		total, err := forecast.TotalOf(series)
		if err != nil {
			return err
		}
		series = append(series, total)
	}
	progress := app.NewProgress("forecast", int64(len(series)))
	defer progress.Done()
	good, bad, err := forecast.RunAll(ctx, series, opt, nil)
	if err != nil {
		return err
	}
	progress.Done()
	if len(good) == 0 {
		return bad[0].Err
	}
	good = append(good, forecast.Divide(good, shares)...)
	if o.In == "" {
		if err := app.saveForecasts(ctx, channelsOnly(good)); err != nil {
			return err
		}
	}
	switch {
	case o.In == "" && !app.flags.dryRun && app.silent(): // the store has it
	case app.screen():
		err = app.emit(shortTable(forecastDayTable(app, good), nil))
	default:
		err = app.emit(forecastTable(app, good))
	}
	if err != nil {
		return err
	}
	for _, f := range good {
		for _, n := range f.Notes {
			app.Infof("%s: %s", f.Name(), accuracy.Say(app.Lang(), n))
		}
	}
	return skippedError(bad)
}

// channelsOnly leaves out what only divides or adds up channels: staffing takes
// the channels.
func channelsOnly(fs []*forecast.Forecast) []*forecast.Forecast {
	return slices.DeleteFunc(slices.Clone(fs), func(f *forecast.Forecast) bool { return f.Team != "" || f.Channel == forecast.Total })
}

// hasTeams reports whether any forecast is of one team.
func hasTeams(fs []*forecast.Forecast) bool {
	return slices.ContainsFunc(fs, func(f *forecast.Forecast) bool { return f.Team != "" })
}

// skippedError lists the series that failed beside others that did not.
func skippedError(bad []forecast.Skipped) error {
	if len(bad) == 0 {
		return nil
	}
	parts := make([]string, len(bad))
	for i, b := range bad {
		parts[i] = b.Err.Error()
	}
	return partialf("skipped %d series: %s", len(bad), strings.Join(parts, "; "))
}

// screen reports whether results go to the screen as a table.
func (a *App) screen() bool {
	if a.flags.out != "" {
		return false
	}
	f, err := a.format()
	return err == nil && f == output.Screen
}

func boundColumns(levels []float64, digits int) []output.Column {
	var cols []output.Column
	for _, l := range levels {
		n := accuracy.LevelName(l)
		cols = append(
			cols,
			output.Column{Name: "lo" + n, Kind: output.Number, Digits: digits},
			output.Column{Name: "hi" + n, Kind: output.Number, Digits: digits},
		)
	}
	return cols
}

// forecastTable is forecast.csv: a row per interval.
func forecastTable(app *App, fs []*forecast.Forecast) output.Table {
	t := output.Table{Name: "forecast", Title: app.Lang().Pick("Forecast", "Prognose")}
	t.Charts = []output.ChartSpec{{Title: t.Title, X: "start", Y: []string{"offered"}, Low: "lo80", High: "hi80", By: []string{"channel", "subject"}}}
	t.Columns = []output.Column{
		{Name: "channel"},
		{Name: "subject"},
	}
	teams := hasTeams(fs)
	if teams {
		t.Columns = append(t.Columns, output.Column{Name: "team"})
	}
	t.Columns = append(
		t.Columns,
		output.Column{Name: "start", Kind: output.DateTime},
		output.Column{Name: "interval_s", Kind: output.Integer},
		output.Column{Name: "offered", Kind: output.Number, Digits: 2},
	)
	t.Columns = append(t.Columns, boundColumns(fs[0].Levels, 2)...)
	t.Columns = append(t.Columns, output.Column{Name: "aht_s", Kind: output.Number, Digits: 1}, output.Column{Name: "model"})
	for _, f := range fs {
		for _, p := range f.Points {
			row := []any{f.Channel, f.Subject}
			if teams {
				row = append(row, f.Team)
			}
			row = append(row, p.Start.In(app.Zone()), int(p.Step/time.Second), p.Mean)
			for _, b := range p.Bounds {
				row = append(row, b)
			}
			t.Rows = append(t.Rows, append(row, p.AHT, f.Model))
		}
	}
	return t
}

// forecastDayTable shows the days on screen.
func forecastDayTable(app *App, fs []*forecast.Forecast) output.Table {
	t := output.Table{Name: "forecast", Title: app.Lang().Pick("Forecast per day", "Prognose per dag")}
	t.Columns = []output.Column{
		{Name: "channel"},
		{Name: "subject"},
		{Name: "team"},
		{Name: "date", Kind: output.Date},
		{Name: "weekday"},
		{Name: "offered", Kind: output.Number},
	}
	t.Columns = append(t.Columns, boundColumns(fs[0].Levels, 0)...)
	t.Columns = append(t.Columns, output.Column{Name: "aht_s", Kind: output.Number})
	for _, f := range fs {
		for _, d := range f.Days(app.Zone()) {
			row := []any{f.Channel, f.Subject, f.Team, d.Date, app.Lang().Weekday(d.Date.Weekday()), d.Mean}
			for _, b := range d.Bounds {
				row = append(row, b)
			}
			t.Rows = append(t.Rows, append(row, d.AHT))
		}
		t.Notes = append(t.Notes, fmt.Sprintf("%s: %s; %s", f.Name(), f.Model, accuracy.Say(app.Lang(), f.Choice.Reason)))
	}
	t.Notes = append(t.Notes, accuracy.PerInterval(app.Lang()))
	return t
}

// runForecastPlain forecasts series without a calendar.
func runForecastPlain(ctx context.Context, app *App, o forecastOptions) error {
	if o.In == "" {
		return usagef("--plain needs --in FILE with the columns series, t and value")
	}
	if o.Steps <= 0 {
		return usagef("--plain needs --steps N, the number of values to forecast")
	}
	levels, err := parseLevels(o.Levels)
	if err != nil {
		return err
	}
	series, err := history.ReadPlain(o.In, app.In)
	if err != nil {
		return err
	}
	progress := app.NewProgress("forecast", int64(len(series)))
	defer progress.Done()
	good, bad, err := forecast.RunPlainAll(ctx, series, forecast.PlainOptions{
		Periods: o.Periods, Steps: o.Steps, Levels: levels, Model: o.Model,
	}, nil)
	if err != nil {
		return err
	}
	progress.Done()
	if len(good) == 0 {
		return bad[0].Err
	}
	t := output.Table{Name: "forecast", Title: app.Lang().Pick("Forecast", "Prognose")}
	t.Columns = []output.Column{{Name: "series"}, {Name: "t", Kind: output.Integer}, {Name: "value", Kind: output.Number, Digits: 2}}
	t.Columns = append(t.Columns, boundColumns(levels, 2)...)
	for _, f := range good {
		for i, m := range f.Mean {
			row := []any{f.ID, f.Next + i, m}
			for _, b := range f.Bounds[i] {
				row = append(row, b)
			}
			t.Rows = append(t.Rows, row)
		}
	}
	if err := app.emit(t); err != nil {
		return err
	}
	return skippedError(bad)
}

// backtestFlags are those of forecast backtest alone.
type backtestFlags struct {
	forecastOptions
	First, Step, Folds, TrainDays int
	Windows                       []int
	Models                        []string
	HTML                          string
}

func newForecastBacktestCmd(app *App) *cobra.Command {
	var o backtestFlags
	cmd := &cobra.Command{
		Use:   "backtest",
		Short: "Score the forecast on the past",
		Long: "backtest forecasts from several days of the past, each time with the history up to that day\n" +
			"only, and scores what came: WAPE per interval and per day, bias, MASE, coverage of the\n" +
			"bounds, pinball loss, MSIS, and the WAPE that chance alone leaves (floor_wape). Where the\n" +
			"history has handle times they are scored too, weighted by contacts, and the workload.\n" +
			"--first, --step and od count open days, the days that have data.",
		Example: "  kcc forecast backtest --in history.csv\n" +
			"  kcc forecast backtest --in calls.csv --first 100 --step 4 --folds 12 --horizon 20od --windows 1,5,10,20\n" +
			"  kcc forecast backtest --in daily.csv --value talk_s --first 860 --step 30 --train-days 730 --models all\n" +
			"  kcc forecast backtest --in history.csv --html backtest.html",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runBacktest(cmd.Context(), app, o) },
	}
	o.addHistoryFlags(cmd)
	f := cmd.Flags()
	f.StringVar(&o.Horizon, "horizon", "28d", "how far ahead: `28d`, 4w, or 20od for open days")
	f.IntVar(&o.First, "first", 0, "the first origin is open day `N` (default: so that all folds fit)")
	f.IntVar(&o.Step, "step", 7, "open `days` between origins")
	f.IntVar(&o.Folds, "folds", 12, "`number` of origins")
	f.IntVar(&o.TrainDays, "train-days", 0, "use at most the last `N` days before an origin (default: all)")
	f.IntSliceVar(&o.Windows, "windows", nil, "score up to so many days ahead, for example `1,5,10,20`")
	f.StringSliceVar(&o.Models, "models", nil, "also score these models each; `all` is every one")
	f.StringVar(&o.HTML, "html", "", "write a page with charts to `FILE`")
	return cmd
}

func runBacktest(ctx context.Context, app *App, o backtestFlags) error {
	if o.First < 0 || o.Step <= 0 || o.Folds <= 0 || o.TrainDays < 0 {
		return usagef("--first, --step, --folds and --train-days: want numbers above 0")
	}
	opt, series, err := o.load(ctx, app)
	if err != nil {
		return err
	}
	opt.Adjust = nil // what a planner knew later is no part of a backtest
	var reports []*forecast.Report
	var bad []forecast.Skipped
	for _, s := range series {
		r, err := forecast.Backtest(ctx, s, forecast.BacktestOptions{
			Options: opt, First: o.First, Step: o.Step, Folds: o.Folds, TrainDays: o.TrainDays,
			Windows: o.Windows, Models: o.Models,
		})
		if err != nil {
			if ctx.Err() != nil {
				return err
			}
			bad = append(bad, forecast.Skipped{Name: s.Name(), Err: err})
			continue
		}
		reports = append(reports, r)
	}
	if len(reports) == 0 {
		return bad[0].Err
	}
	if err := app.emitShort(accuracy.ScoreTable(reports, app.Lang()), "n", "sec_per_fit"); err != nil {
		return err
	}
	if o.HTML != "" {
		book := accuracy.BacktestBook(reports, app.Zone(), app.Lang())
		err := app.writeFile(o.HTML, func(w io.Writer, f output.Format) error {
			return output.WriteBook(w, f, app.outputOptions(), book)
		})
		if err != nil {
			return err
		}
	}
	return skippedError(bad)
}
