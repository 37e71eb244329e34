package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"kcc/forecast"
	"kcc/internal/accuracy"
	"kcc/internal/calendar"
)

func newForecastUpdateCmd(app *App) *cobra.Command {
	var o forecastOptions
	cmd := &cobra.Command{
		Use:   "update",
		Short: "Forecast the rest of today from what came so far",
		Long: "update compares the intervals of today up to --now with this morning's forecast and carries\n" +
			"the difference on, by a weight that past days of the channel give. Where carrying it on\n" +
			"would not have helped on past days the forecast stays as it was; the table says which.",
		Example: "  kcc forecast update --in history.csv\n" +
			"  kcc forecast update --in history.csv --now '2026-11-24 11:00' -o rest.csv",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runForecastUpdate(cmd.Context(), app, o) },
	}
	o.addHistoryFlags(cmd)
	return cmd
}

func runForecastUpdate(ctx context.Context, app *App, o forecastOptions) error {
	o.Horizon = "1d"
	opt, series, err := o.load(ctx, app)
	if err != nil {
		return err
	}
	var good []*forecast.Forecast
	var updates []*forecast.Update
	var bad []forecast.Skipped
	for _, s := range series {
		f, u, err := forecast.Revise(ctx, s, app.Now(), opt)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			bad = append(bad, forecast.Skipped{Name: s.Name(), Err: err})
			continue
		}
		good, updates = append(good, f), append(updates, u)
	}
	if len(good) == 0 {
		return bad[0].Err
	}
	if app.screen() {
		err = app.emit(accuracy.UpdateTable(good, updates, app.Lang()))
	} else {
		err = app.emit(forecastTable(app, good))
	}
	if err != nil {
		return err
	}
	return skippedError(bad)
}

func newForecastExplainCmd(app *App) *cobra.Command {
	var o forecastOptions
	var date string
	cmd := &cobra.Command{
		Use:   "explain",
		Short: "Show why a day is forecast as it is",
		Long: "explain breaks the forecast of each day into factors: an ordinary day at today's level, times\n" +
			"weekday, place in the month, holidays, events and time of year. It also lists the models\n" +
			"with their backtest errors and weights, and the days of the history that were not believed.",
		Example: "  kcc forecast explain --in history.csv --date 2026-12-01\n" +
			"  kcc forecast explain --in history.csv --channel phone --horizon 2w -o why.xlsx",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runForecastExplain(cmd.Context(), app, o, date) },
	}
	o.addHistoryFlags(cmd)
	cmd.Flags().StringVar(&date, "date", "", "only this `DATE`")
	cmd.Flags().StringVar(&o.Horizon, "horizon", "28d", "how far ahead: `28d`, 4w, or 20od for open days")
	cmd.Flags().StringVar(&o.From, "from", "", "first `DATE` of the forecast (default: the day after the history)")
	cmd.Flags().BoolVar(&o.Subjects, "subjects", false, "also per subject")
	return cmd
}

func runForecastExplain(ctx context.Context, app *App, o forecastOptions, date string) error {
	var day calendar.Date
	if date != "" {
		var err error
		if day, err = calendar.ParseDate(date); err != nil {
			return usagef("--date: %w", err)
		}
	}
	opt, series, err := o.load(ctx, app)
	if err != nil {
		return err
	}
	good, bad, err := forecast.RunAll(ctx, series, opt, nil)
	if err != nil {
		return err
	}
	if len(good) == 0 {
		return bad[0].Err
	}
	why := accuracy.FactorTable(good, day, app.Lang())
	if day != 0 && len(why.Rows) == 0 {
		return fmt.Errorf("%s is not in the forecast, or it is a closed day", day)
	}
	tables := append([]outputTable{why}, accuracy.ChoiceTable(good, app.Lang()), accuracy.CleanedTable(good, app.Lang()))
	if app.singleTable() {
		tables = tables[:1]
	}
	if err := app.emit(tables...); err != nil {
		return err
	}
	return skippedError(bad)
}
