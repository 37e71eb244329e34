package main

import (
	"context"
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"kcc/internal/accuracy"
	"kcc/internal/calendar"
	"kcc/internal/flow"
)

// errNoRecord is returned when nothing can be compared.
var errNoRecord = errors.New("the store has no history to compare a forecast with")

// accuracyFlags are those of forecast accuracy.
type accuracyFlags struct {
	Channels []string
	From, To string
	Windows  []int
}

func newForecastAccuracyCmd(app *App) *cobra.Command {
	var o accuracyFlags
	cmd := &cobra.Command{
		Use:   "accuracy",
		Short: "Compare stored forecasts with what came",
		Long: "accuracy judges the forecasts that were stored before the fact: per channel and span of days\n" +
			"ahead the error, bias and coverage of the forecast of record, beside the error that chance\n" +
			"alone leaves (floor_wape), so that a small channel is judged fairly, and the error without\n" +
			"the changes by hand. A second table says of each change by hand whether it helped.\n\n" +
			"Exit status 3: some channels have no stored forecast of these days and are listed.",
		Example: "  kcc forecast accuracy\n" +
			"  kcc forecast accuracy --channel phone --from 2026-10-01 --to 2026-10-31\n" +
			"  kcc forecast accuracy --windows 1,7,28 -o accuracy.xlsx",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runForecastAccuracy(cmd.Context(), app, o) },
	}
	f := cmd.Flags()
	f.StringSliceVar(&o.Channels, "channel", nil, "only this `channel` (repeat or separate by commas)")
	f.StringVar(&o.From, "from", "", "first `DATE` compared (default: four weeks up to the last day of history)")
	f.StringVar(&o.To, "to", "", "last `DATE` compared")
	f.IntSliceVar(&o.Windows, "windows", nil, "spans of days ahead end at these `days` (default 1,7,14,35)")
	return cmd
}

func runForecastAccuracy(ctx context.Context, app *App, o accuracyFlags) error {
	opt := flow.RecordOptions{Channels: o.Channels}
	var err error
	for flag, d := range map[string]struct {
		text string
		to   *calendar.Date
	}{"from": {o.From, &opt.From}, "to": {o.To, &opt.To}} {
		if d.text == "" {
			continue
		}
		if *d.to, err = calendar.ParseDate(d.text); err != nil {
			return usagef("--%s: %w", flag, err)
		}
	}
	if opt.From != 0 && opt.To != 0 && opt.To < opt.From {
		return usagef("--to %s lies before --from %s", opt.To, opt.From)
	}
	slices.Sort(o.Windows)
	first := 1
	for _, w := range o.Windows {
		if w < first {
			return usagef("--windows %d: want different numbers of days from 1 on", w)
		}
		opt.Bands = append(opt.Bands, [2]int{first, w})
		first = w + 1
	}
	s, err := app.site(ctx)
	if err != nil {
		return err
	}
	records, bad, err := s.ForecastRecord(ctx, opt)
	if err != nil {
		return err
	}
	if len(records) == 0 {
		if len(bad) > 0 {
			err = bad[0].Err
		} else {
			err = errNoRecord
		}
		return withHint(err, "kcc forecast run stores a forecast; compare it when the days have passed and are imported")
	}
	tables := []outputTable{accuracy.RecordTable(records, app.Lang())}
	if layers := accuracy.LayerTable(records, app.Lang()); len(layers.Rows) > 0 && !app.singleTable() {
		tables = append(tables, layers)
	}
	if app.screen() {
		for i := range tables {
			tables[i] = shortTable(tables[i], []string{"n"})
		}
	}
	if err := app.emit(tables...); err != nil {
		return err
	}
	return skippedError(bad)
}
