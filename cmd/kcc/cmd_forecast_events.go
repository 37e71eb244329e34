package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"kcc/forecast"
	"kcc/internal/accuracy"
	"kcc/internal/calendar"
	"kcc/internal/output"
	"kcc/internal/planstore"
)

func newForecastEventsCmd(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "events",
		Short: "Mailings, elections, outages and other dated events",
		Long: "events keeps what is known about the past and announced for the future. An event without a\n" +
			"size is learned from its earlier occurrences (same name); with --factor its size is given;\n" +
			"with --letters and --expected-rate, or --contacts, that many contacts come on top.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newEventAddCmd(app), newEventListCmd(app), newEventRemoveCmd(app), newEventLearnCmd(app))
	return cmd
}

func newEventAddCmd(app *App) *cobra.Command {
	var e forecast.Event
	var from, to, mode, copyOf string
	cmd := &cobra.Command{
		Use:   "add",
		Short: "Note an event",
		Example: "  kcc forecast events add --name 'tax bills' --from 2027-02-22 --lag 10 --department taxes --letters 80000 --expected-rate 0.05\n" +
			"  kcc forecast events add --name election --from 2027-03-17 --lead 5 --channel phone\n" +
			"  kcc forecast events add --name outage --from 2026-10-01 --mode exclude\n" +
			"  kcc forecast events add --name 'moved market' --from 2026-12-09 --factor 1.15",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runEventAdd(cmd.Context(), app, e, from, to, mode, copyOf)
		},
	}
	f := cmd.Flags()
	f.StringVar(&e.Name, "name", "", "`name`; events of one name share what is learned")
	f.StringVar(&from, "from", "", "first `DATE`")
	f.StringVar(&to, "to", "", "last `DATE` (default: the first)")
	f.IntVar(&e.Lead, "lead", 0, "`days` before that feel it")
	f.IntVar(&e.Lag, "lag", 0, "`days` after that feel it")
	f.StringVar(&mode, "mode", "", "`learn|factor|extra|exclude|copy` (default: what the other flags imply)")
	f.StringVar(&e.Channel, "channel", "", "only this `channel`")
	f.StringVar(&e.Subject, "subject", "", "only this `subject`")
	f.StringVar(&e.Department, "department", "", "the `department` that announced it")
	f.Float64Var(&e.Factor, "factor", 0, "volume times `x`: 1.2 is 20% more")
	f.IntVar(&e.Letters, "letters", 0, "`number` of letters or messages sent")
	f.Float64Var(&e.Rate, "expected-rate", 0, "expected contacts per letter, `0.05`")
	f.Float64Var(&e.Contacts, "contacts", 0, "`number` of contacts extra, without letters")
	f.StringVar(&copyOf, "copy-of", "", "take volume and shape from this earlier `DATE`")
	f.StringVar(&e.Note, "note", "", "free `text`")
	return cmd
}

func runEventAdd(ctx context.Context, app *App, e forecast.Event, from, to, mode, copyOf string) error {
	var err error
	if from == "" {
		return usagef("--from DATE is needed")
	}
	if e.From, err = calendar.ParseDate(from); err != nil {
		return usagef("--from: %w", err)
	}
	e.To = e.From
	if to != "" {
		if e.To, err = calendar.ParseDate(to); err != nil {
			return usagef("--to: %w", err)
		}
	}
	if copyOf != "" {
		d, err := calendar.ParseDate(copyOf)
		if err != nil {
			return usagef("--copy-of: %w", err)
		}
		e.CopyFrom = int(e.From - d)
	}
	e.Mode = e.Implied()
	if mode != "" {
		if e.Mode, err = forecast.ParseEventMode(mode); err != nil {
			return usagef("--mode: %w", err)
		}
	}
	if err := e.Check(); err != nil {
		return &statusError{exitUsage, err}
	}
	db, err := app.DB(ctx)
	if err != nil {
		return err
	}
	if app.flags.dryRun {
		app.Infof(app.Lang().Pick("dry run: event %s is not stored", "proef: gebeurtenis %s is niet opgeslagen"), e.Name)
		return nil
	}
	id, err := planstore.AddEvent(ctx, db, e)
	if err != nil {
		return err
	}
	app.Infof(app.Lang().Pick("noted as event %s", "vastgelegd als gebeurtenis %s"), id)
	return nil
}

func newEventListCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the events", Args: cobra.NoArgs,
		Example: "  kcc forecast events list\n  kcc forecast events list --format csv",
		RunE: func(cmd *cobra.Command, _ []string) error {
			db, err := app.DB(cmd.Context())
			if err != nil {
				return err
			}
			events, err := planstore.Events(cmd.Context(), db)
			if err != nil {
				return err
			}
			return app.emit(accuracy.EventTable(events, app.Lang()))
		},
	}
}

func newEventRemoveCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use: "remove ID", Short: "Remove an event", Args: cobra.ExactArgs(1),
		Example: "  kcc forecast events remove e3",
		RunE: func(cmd *cobra.Command, args []string) error {
			db, err := app.DB(cmd.Context())
			if err != nil {
				return err
			}
			if app.flags.dryRun {
				return nil
			}
			err = planstore.RemoveEvent(cmd.Context(), db, args[0])
			if errors.Is(err, planstore.ErrNoSuch) {
				return withHint(fmt.Errorf("event %w", err), "kcc forecast events list shows them")
			}
			return err
		},
	}
}

func newEventLearnCmd(app *App) *cobra.Command {
	var o forecastOptions
	cmd := &cobra.Command{
		Use:   "learn",
		Short: "Show what events and special days did, and days that nothing explains",
		Long: "learn reads from the history the effect of each event, holiday and special day, compares\n" +
			"announced mailings with what came, and lists the days that remain unexplained.",
		Example: "  kcc forecast events learn --in history.csv --holidays nl\n" +
			"  kcc forecast events learn --channel phone",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runEventLearn(cmd.Context(), app, o) },
	}
	o.addHistoryFlags(cmd)
	return cmd
}

func runEventLearn(ctx context.Context, app *App, o forecastOptions) error {
	o.Horizon = "1d"
	opt, series, err := o.load(ctx, app)
	if err != nil {
		return err
	}
	var all []accuracy.Learned
	var bad []forecast.Skipped
	for _, s := range series {
		l := accuracy.Learned{Name: s.Name()}
		if l.Effects, l.Surprises, err = forecast.Learn(ctx, s, opt); err == nil {
			l.Mailings, err = forecast.CompareMailings(ctx, s, opt)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			bad = append(bad, forecast.Skipped{Name: s.Name(), Err: err})
			continue
		}
		all = append(all, l)
	}
	if len(all) == 0 {
		return bad[0].Err
	}
	tables := []outputTable{accuracy.LearnTable(all, app.Lang()), accuracy.SurpriseTable(all, app.Lang())}
	if m := accuracy.MailingTable(all, app.Lang()); len(m.Rows) > 0 {
		tables = append(tables, m)
	}
	if app.singleTable() {
		tables = tables[:1]
	}
	if err := app.emit(tables...); err != nil {
		return err
	}
	return skippedError(bad)
}

// outputTable keeps lists of tables short to write.
type outputTable = output.Table

// singleTable reports whether the form of the output holds one table only.
func (a *App) singleTable() bool {
	f, err := a.format()
	if a.flags.out != "" && a.flags.out != "-" && a.flags.format == "" {
		f, err = output.FormatOf(a.flags.out)
	}
	return err == nil && (f == output.CSV || (a.flags.out == "-" && a.flags.format == ""))
}

// adjustFlags are those of forecast adjust.
type adjustFlags struct {
	From, To, Percent, Reason, By string
	Channel, Subject              string
	Add, Set                      string
	List                          bool
	Remove                        string
}

func newForecastAdjustCmd(app *App) *cobra.Command {
	var o adjustFlags
	cmd := &cobra.Command{
		Use:   "adjust",
		Short: "Change the forecast by hand, with a reason",
		Long: "adjust lays a planner's change over the forecast of a span: percent, contacts per interval, or\n" +
			"a total. It is kept as a layer with its reason, so that the accuracy report can judge it, and\n" +
			"every later forecast from the store applies it.",
		Example: "  kcc forecast adjust --from 2026-12-07 --to 2026-12-12 --percent +15 --reason 'new waste calendar'\n" +
			"  kcc forecast adjust --from '2026-12-08 09:00' --to '2026-12-08 12:00' --set 400 --channel phone --reason 'site down'\n" +
			"  kcc forecast adjust --list\n" +
			"  kcc forecast adjust --remove a2",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runForecastAdjust(cmd.Context(), app, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.From, "from", "", "from `TIME` on")
	f.StringVar(&o.To, "to", "", "until `TIME`, which is not in it; a date alone is its midnight")
	f.StringVar(&o.Percent, "percent", "", "so much more or less, `+15` or -10")
	f.StringVar(&o.Add, "add", "", "`contacts` more in each interval")
	f.StringVar(&o.Set, "set", "", "`contacts` in the whole span")
	f.StringVar(&o.Reason, "reason", "", "why, in a few `words`")
	f.StringVar(&o.By, "by", "", "`who` changes it")
	f.StringVar(&o.Channel, "channel", "", "only this `channel`")
	f.StringVar(&o.Subject, "subject", "", "only this `subject`")
	f.BoolVar(&o.List, "list", false, "list the adjustments")
	f.StringVar(&o.Remove, "remove", "", "remove the adjustment `ID`")
	return cmd
}

// adjustment translates the flags.
func (o *adjustFlags) adjustment(app *App) (forecast.Adjustment, error) {
	a := forecast.Adjustment{Channel: o.Channel, Subject: o.Subject, Reason: o.Reason, By: o.By, Made: app.Now()}
	if o.From == "" || o.To == "" {
		return a, usagef("--from and --to are needed")
	}
	var err error
	if a.From, err = calendar.ParseTime(o.From, app.Zone()); err != nil {
		return a, usagef("--from: %w", err)
	}
	if a.To, err = calendar.ParseTime(o.To, app.Zone()); err != nil {
		return a, usagef("--to: %w", err)
	}
	given := 0
	number := func(flag, text string, to *float64) error {
		if text == "" {
			return nil
		}
		given++
		v, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimPrefix(text, "+"), "%"), 64)
		if err != nil {
			return usagef("--%s %q: want a number", flag, text)
		}
		*to = v
		return nil
	}
	percent := 0.0
	if err := errors.Join(number("percent", o.Percent, &percent), number("add", o.Add, &a.Add), number("set", o.Set, &a.SetTo)); err != nil {
		return a, &statusError{exitUsage, err}
	}
	if given != 1 {
		return a, usagef("give one of --percent, --add and --set")
	}
	a.HasSet = o.Set != ""
	if o.Percent != "" {
		if percent <= -100 {
			return a, usagef("--percent %s: want more than -100; use --set 0 for nothing at all", o.Percent)
		}
		a.SetPercent(percent)
	}
	if err := a.Check(); err != nil {
		return a, &statusError{exitUsage, err}
	}
	return a, nil
}

func runForecastAdjust(ctx context.Context, app *App, o adjustFlags) error {
	var a forecast.Adjustment
	var err error
	if !o.List && o.Remove == "" {
		if a, err = o.adjustment(app); err != nil {
			return err
		}
	}
	db, err := app.DB(ctx)
	if err != nil {
		return err
	}
	switch {
	case o.List:
		list, err := planstore.Adjustments(ctx, db, app.Zone())
		if err != nil {
			return err
		}
		return app.emit(accuracy.AdjustmentTable(list, app.Lang()))
	case app.flags.dryRun:
		return nil
	case o.Remove != "":
		err := planstore.RemoveAdjustment(ctx, db, o.Remove)
		if errors.Is(err, planstore.ErrNoSuch) {
			return withHint(fmt.Errorf("adjustment %w", err), "kcc forecast adjust --list shows them")
		}
		return err
	}
	id, err := planstore.AddAdjustment(ctx, db, a)
	if err != nil {
		return err
	}
	app.Infof(app.Lang().Pick("kept as adjustment %s", "bewaard als wijziging %s"), id)
	return nil
}
