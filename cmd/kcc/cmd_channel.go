package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"kcc/contacts/channel"
	"kcc/forecast"
	"kcc/internal/calendar"
	"kcc/internal/flow"
	"kcc/internal/output"
	"kcc/internal/planstore"
)

func newChannelCmd(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "channel",
		Short: "What each channel carries, costs and is worth; strategy and what-if",
		Long: "channel steers by channel, subject and segment: shares, cost per contact, promises kept, first-contact\n" +
			"resolution, satisfaction and containment; what changed and why; the strategy and how it stands; and what\n" +
			"moving contacts to another channel asks of the staff. Without --from and --to the last 13 whole weeks count.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newChannelListCmd(app), newChannelMixCmd(app), newChannelShiftCmd(app), newChannelCostCmd(app), newChannelStrategyCmd(app), newChannelWhatIfCmd(app))
	return cmd
}

// channels loads the site with its channels, and the span asked for.
func (o *informOptions) channels(ctx context.Context, app *App) (*flow.Channels, flow.Span, error) {
	in, span, err := o.load(ctx, app)
	if err != nil {
		return nil, span, err
	}
	return in.Site.Channels(o.Occupancy), span, nil
}

func newChannelListCmd(app *App) *cobra.Command {
	var o informOptions
	cmd := &cobra.Command{
		Use: "list", Short: "The channels: how they are worked, what came, what a contact costs", Args: cobra.NoArgs,
		Example: "  kcc channel list\n  kcc channel list --from 2026-10-01 --to 2026-10-31 --format csv\n  kcc channel list -o channels.html",
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, span, err := o.channels(cmd.Context(), app)
			if err != nil {
				return err
			}
			lines, err := c.Mix(cmd.Context(), span, flow.Which{}, nil)
			if err != nil {
				return err
			}
			volume, err := c.Volume(cmd.Context(), span)
			if err != nil {
				return err
			}
			return app.emitShort(c.ListTable(app.Lang(), span, lines, volume))
		},
	}
	o.span(cmd)
	o.costs(cmd)
	return cmd
}

// channelDims reads what channels are laid out by.
func channelDims(text string) ([]string, error) {
	var out []string
	for _, d := range strings.Split(text, ",") {
		if d = strings.TrimSpace(d); d == "" {
			continue
		}
		if !slices.Contains(flow.ChannelDims(), d) {
			return nil, usagef("--by %q: want one or more of %s", d, strings.Join(flow.ChannelDims(), ", "))
		}
		if !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	return out, nil
}

func newChannelMixCmd(app *App) *cobra.Command {
	var o informOptions
	by := ""
	cmd := &cobra.Command{
		Use:   "mix",
		Short: "Share, cost, first contact, promise kept, satisfaction and containment per channel",
		Long: "mix lays the contacts of a period out by channel, and with --by by subject, kind or segment too: the share\n" +
			"of the channel, handle time, cost per contact, first-contact resolution, containment, promises kept,\n" +
			"satisfaction and effort. A channel of which only interval statistics are known shows volume, handle time and\n" +
			"cost. As a file with -o it is the channel page, with charts.",
		Example: "  kcc channel mix\n  kcc channel mix --by subject --channel chat\n  kcc channel mix --by kind,segment --format csv\n  kcc channel mix -o channels.html",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			list, err := channelDims(by)
			if err != nil {
				return err
			}
			c, span, err := o.channels(cmd.Context(), app)
			if err != nil {
				return err
			}
			lines, err := c.Mix(cmd.Context(), span, o.Which, list)
			if err != nil {
				return err
			}
			if len(lines) == 0 {
				return o.nothing(span)
			}
			t := c.MixTable(app.Lang(), span, list, lines, o.Small)
			if app.flags.out == "" || app.flags.out == "-" || len(list) > 0 {
				return app.emitShort(t)
			}
			return app.writeFile(app.flags.out, func(w io.Writer, f output.Format) error {
				book, err := c.Page(cmd.Context(), app.Lang(), span, o.Which, lines)
				if err != nil {
					return err
				}
				if f == output.XLSX || f == output.HTML {
					return output.WriteBook(w, f, app.outputOptions(), book)
				}
				return output.Write(w, f, app.outputOptions(), t)
			})
		},
	}
	o.flags(cmd)
	o.small(cmd)
	cmd.Flags().StringVar(&by, "by", "", "lay out by `DIMS` too: subject, kind, segment")
	return cmd
}

func newChannelShiftCmd(app *App) *cobra.Command {
	var o informOptions
	vs := "previous"
	cmd := &cobra.Command{
		Use:   "shift",
		Short: "How channels changed between two periods: volume, subjects, choice",
		Long: "shift divides the change in contacts per week of each channel into three parts that add up to it: more or\n" +
			"fewer contacts in all, other subjects, and another choice of channel for the same subject.",
		Example: "  kcc channel shift\n  kcc channel shift --from 2026-10-05 --to 2026-11-15 --vs previous\n  kcc channel shift --vs 2025-10-06..2025-11-16 -o shift.xlsx",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, span, err := o.channels(cmd.Context(), app)
			if err != nil {
				return err
			}
			before, err := against(span, vs)
			if err != nil {
				return err
			}
			list, only, err := c.Changes(cmd.Context(), before, span, o.Which)
			if err != nil {
				return err
			}
			if len(list) == 0 {
				return withHint(fmt.Errorf("there are contacts that fit in at most one of %s to %s and %s to %s", before.First, before.Last, span.First, span.Last),
					"name other dates with --from, --to and --vs")
			}
			return app.emit(c.ShiftTable(app.Lang(), before, span, list, only))
		},
	}
	o.flags(cmd)
	cmd.Flags().StringVar(&vs, "vs", vs, "compare with `PERIOD`: previous, year, or FIRST..LAST")
	return cmd
}

// against reads the period that another is compared with.
func against(span flow.Span, vs string) (flow.Span, error) {
	switch vs {
	case "previous":
		return span.Before(), nil
	case "year": // the same weekdays a year ago
		return flow.Span{First: span.First.Add(-364), Last: span.Last.Add(-364)}, nil
	}
	a, b, ok := strings.Cut(vs, "..")
	if !ok {
		return span, usagef("--vs %q: want previous, year, or two dates such as 2026-01-05..2026-04-05", vs)
	}
	first, err := calendar.ParseDate(a)
	if err != nil {
		return span, usagef("--vs: %w", err)
	}
	last, err := calendar.ParseDate(b)
	if err != nil {
		return span, usagef("--vs: %w", err)
	}
	if first > last {
		return span, usagef("--vs %s: the first day is after the last", vs)
	}
	return flow.Span{First: first, Last: last}, nil
}

func newChannelCostCmd(app *App) *cobra.Command {
	var o informOptions
	by, vs := "", ""
	cmd := &cobra.Command{
		Use:   "cost",
		Short: "What contacts cost per channel, and why the mean changed",
		Long: "cost gives hours, cost of agents and of the channel, cost per contact and per contact that was settled at\n" +
			"once. With --vs it divides the change of the mean cost per contact into mix and cost.",
		Example: "  kcc channel cost\n  kcc channel cost --by subject -o cost.xlsx\n  kcc channel cost --vs previous",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			list, err := channelDims(by)
			if err != nil {
				return err
			}
			c, span, err := o.channels(cmd.Context(), app)
			if err != nil {
				return err
			}
			if vs != "" {
				return app.emitPrices(cmd.Context(), c, span, vs, o)
			}
			lines, err := c.Mix(cmd.Context(), span, o.Which, list)
			if err != nil {
				return err
			}
			if len(lines) == 0 {
				return o.nothing(span)
			}
			return app.emitShort(c.CostTable(app.Lang(), span, list, lines))
		},
	}
	o.flags(cmd)
	cmd.Flags().StringVar(&by, "by", "", "lay out by `DIMS` too: subject, kind, segment")
	cmd.Flags().StringVar(&vs, "vs", "", "divide the change since `PERIOD`: previous, year, or FIRST..LAST")
	return cmd
}

// emitPrices shows how the mean cost per contact changed.
func (a *App) emitPrices(ctx context.Context, c *flow.Channels, span flow.Span, vs string, o informOptions) error {
	before, err := against(span, vs)
	if err != nil {
		return err
	}
	was, is, err := c.MixOfTwo(ctx, before, span, o.Which)
	switch {
	case err != nil:
		return err
	case len(is) == 0:
		return o.nothing(span)
	case len(was) == 0:
		return o.nothing(before)
	}
	return a.emit(c.PriceTable(a.Lang(), before, span, was, is))
}

// nothing says that a span holds no contact that fits.
func (o *informOptions) nothing(span flow.Span) error {
	if o.Subject != "" || o.Kind != "" || o.Segment != "" {
		return withHint(fmt.Errorf("no contact is registered from %s to %s that fits; interval statistics do not tell kind or segment, and seldom the subject", span.First, span.Last),
			"leave out --subject, --kind and --segment, or load contact records with \"kcc import FILE\"")
	}
	return withHint(fmt.Errorf("no contact is registered or counted from %s to %s that fits", span.First, span.Last), "name other dates with --from and --to, or load contacts or interval statistics with \"kcc import FILE\"")
}

func newChannelStrategyCmd(app *App) *cobra.Command {
	var o informOptions
	cmd := &cobra.Command{
		Use:   "strategy",
		Short: "The channel strategy, and how it stands",
		Long: "strategy holds the goals of the centre against what came: per channel, subject and segment, with the\n" +
			"instrument used (communication, product, benefit, restriction) and the appreciation that it must not cost.\n\n" +
			"Exit status 4: a goal is behind, or costs satisfaction, and --fail was given.",
		Example: "  kcc channel strategy\n" +
			"  kcc channel strategy set 'parking digital' --subject parking --measure digital --goal 0.6 --by 2027-06-30 --instrument product --csat 7.5\n" +
			"  kcc channel strategy remove 'parking digital'",
		Args: cobra.NoArgs,
	}
	fail := false
	o.span(cmd)
	o.costs(cmd)
	cmd.Flags().BoolVar(&fail, "fail", false, "end with status 4 when a goal is behind")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		c, span, err := o.channels(cmd.Context(), app)
		if err != nil {
			return err
		}
		list, err := c.Standings(cmd.Context(), span)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			app.Infof("no goal is set yet: kcc channel strategy set NAME --measure ... --goal ... --instrument ...")
		}
		if err := app.emitShort(c.StrategyTable(app.Lang(), span, list), "now_value", "goal_value"); err != nil {
			return err
		}
		behind := 0
		for _, s := range list {
			if s.Status == channel.Behind || s.Status == channel.CostsCSAT {
				behind++
			}
		}
		if fail && behind > 0 {
			return notMetf("%s behind", countText(behind, "goal"))
		}
		return nil
	}
	cmd.AddCommand(newChannelGoalSetCmd(app), newChannelGoalRemoveCmd(app))
	return cmd
}

func newChannelGoalSetCmd(app *App) *cobra.Command {
	g := channel.Goal{MinCSAT: math.NaN()}
	by, measure := "", ""
	csat := 0.0
	cmd := &cobra.Command{
		Use: "set NAME", Short: "Set a goal, or change the one of that name", Args: cobra.ExactArgs(1),
		Example: "  kcc channel strategy set 'less phone on moving' --channel phone --subject moving --measure share --at-most --goal 0.4 --by 2027-03-31 --instrument communication\n" +
			"  kcc channel strategy set 'chat solves' --channel chat --measure fcr --goal 0.85 --instrument product",
		RunE: func(cmd *cobra.Command, args []string) error {
			g.Name, g.Measure = args[0], channel.Measure(measure)
			if cmd.Flags().Changed("csat") {
				g.MinCSAT = csat
			}
			if !cmd.Flags().Changed("goal") {
				return usagef("--goal is needed: a share from 0 to 1, or a number")
			}
			if by != "" {
				var err error
				if g.By, err = calendar.ParseDate(by); err != nil {
					return usagef("--by: %w", err)
				}
			}
			if err := g.Check(); err != nil {
				return &statusError{exitUsage, err}
			}
			s, err := app.site(cmd.Context())
			if err != nil {
				return err
			}
			names := informOptions{Which: flow.Which{Channel: g.Channel, Subject: g.Subject}}
			if err := names.check(s); err != nil {
				return err
			}
			g.Channel = names.Channel
			if app.flags.dryRun {
				app.Infof("dry run: goal %s is not stored", g.Name)
				return nil
			}
			if err := channel.SaveGoal(cmd.Context(), s.DB, g); err != nil {
				return err
			}
			app.Infof("stored goal %s", g.Name)
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&g.Channel, "channel", "", "`channel` it is about (default: all)")
	f.StringVar(&g.Subject, "subject", "", "`subject` it is about, with those below it (default: all)")
	f.StringVar(&g.Segment, "segment", "", "`segment` it is about (default: all)")
	f.StringVar(&measure, "measure", "", "one of share, contacts (a week), digital, cost, fcr, csat, effort, kept, containment")
	f.Float64Var(&g.Goal, "goal", 0, "the `value` aimed at; shares from 0 to 1")
	f.BoolVar(&g.AtMost, "at-most", false, "the goal is a ceiling (default: a floor)")
	f.StringVar(&by, "by", "", "to be reached by `DATE`")
	f.StringVar(&g.Instrument, "instrument", "", "`communication|product|benefit|restriction`")
	f.Float64Var(&csat, "csat", 0, "mean satisfaction that the goal must not cost, `score`")
	f.StringVar(&g.Note, "note", "", "free `text`")
	return cmd
}

func newChannelGoalRemoveCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use: "remove NAME", Short: "Take a goal away", Args: cobra.ExactArgs(1),
		Example: "  kcc channel strategy remove 'parking digital'",
		RunE: func(cmd *cobra.Command, args []string) error {
			db, err := app.DB(cmd.Context())
			if err != nil {
				return err
			}
			if app.flags.dryRun {
				app.Infof("dry run: goal %s is not removed", args[0])
				return nil
			}
			err = channel.RemoveGoal(cmd.Context(), db, args[0])
			if errors.Is(err, channel.ErrNotFound) {
				return withHint(err, "kcc channel strategy lists them")
			}
			if err == nil {
				app.Infof("removed goal %s", args[0])
			}
			return err
		},
	}
}

func newChannelWhatIfCmd(app *App) *cobra.Command {
	var o informOptions
	w := flow.WhatIfOptions{}
	move, moved := "", ""
	cmd := &cobra.Command{
		Use:   "whatif",
		Short: "What moving contacts to another channel asks of the staff",
		Long: "whatif takes part of the contacts of one channel to another, in the newest forecast of the store, and sizes\n" +
			"the staff anew exactly as kcc staff does: FTE, cost and service level per channel, and the service level when\n" +
			"nobody is added. Subject shares and handle times come from contact records. The interval holds how many\n" +
			"customers move (--spread), the share of the subject, handle times and volume. To a bot only what it contains\n" +
			"is gone. --forecast-out writes the moved forecast, for kcc staff --in.",
		Example: "  kcc channel whatif --move phone:chat=15% --subject parking\n" +
			"  kcc channel whatif --move phone:bot=10% --subject documents --success 0.6\n" +
			"  kcc channel whatif --move phone:webform=30% --subject moving --forecast-out moved.csv -o whatif.xlsx",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			w.Subject = o.Subject
			return runWhatIf(cmd.Context(), app, o, w, move, moved)
		},
	}
	o.span(cmd)
	o.costs(cmd)
	f := cmd.Flags()
	f.StringVar(&o.Subject, "subject", "", "only contacts on this `subject` and those below it")
	f.StringVar(&move, "move", "", "which channel, to which, how much: `FROM:TO=SHARE`, such as phone:chat=15%")
	f.Float64Var(&w.Success, "success", 0, "`share` of the moved that stay (default: what a bot contains, else all)")
	f.Float64Var(&w.Spread, "spread", flow.DefaultSpread, "uncertainty of the share that moves, as a `share` of it")
	f.Float64Var(&w.FTEHours, "fte-hours", 36, "`hours` a week of one full-time contract")
	f.StringVar(&moved, "forecast-out", "", "write the moved forecast to `FILE` (csv)")
	return cmd
}

// parseMove reads FROM:TO=SHARE.
func parseMove(s *flow.Site, text string) (m flow.Move, err error) {
	bad := func() error { return usagef("--move %q: want FROM:TO=SHARE, such as phone:chat=15%%", text) }
	names, share, ok := strings.Cut(text, "=")
	from, to, ok2 := strings.Cut(names, ":")
	if !ok || !ok2 {
		return m, bad()
	}
	percent := strings.HasSuffix(share, "%")
	if m.Share, err = strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(share), "%"), 64); err != nil {
		return m, bad()
	}
	if percent {
		m.Share /= 100
	}
	if !(m.Share > 0 && m.Share <= 1) {
		return m, usagef("--move %q: want a share of more than 0 and at most 100%%", text)
	}
	for _, name := range []*string{&from, &to} {
		ch, ok := s.Centre.Channel(strings.TrimSpace(*name))
		if !ok {
			return m, usagef("--move: channel %q is not one of the centre's: want %s", *name, strings.Join(s.ChannelNames(), ", "))
		}
		*name = ch.Name
	}
	if from == to {
		return m, usagef("--move %q: want two channels", text)
	}
	m.From, m.To = from, to
	return m, nil
}

func runWhatIf(ctx context.Context, app *App, o informOptions, w flow.WhatIfOptions, move, moved string) error {
	if move == "" {
		return usagef("--move FROM:TO=SHARE is needed, such as phone:chat=15%%")
	}
	for _, p := range []struct {
		name string
		v    float64
	}{{"success", w.Success}, {"spread", w.Spread}} {
		if !(p.v >= 0 && p.v <= 1) {
			return usagef("--%s %g: want a share from 0 to 1", p.name, p.v)
		}
	}
	if !(w.FTEHours > 0) {
		return usagef("--fte-hours %g: want more than 0", w.FTEHours)
	}
	in, span, err := o.load(ctx, app)
	if err != nil {
		return err
	}
	success, spread := w.Success, w.Spread
	if w.Move, err = parseMove(in.Site, move); err != nil {
		return err
	}
	w.Success, w.Spread, w.Subject, w.Records = success, spread, o.Subject, span
	_, fs, err := in.LastForecast(ctx)
	if errors.Is(err, planstore.ErrNoRun) {
		return withHint(err, "make one with \"kcc forecast run\"")
	}
	if err != nil {
		return err
	}
	found, err := in.WhatIf(ctx, fs, w)
	switch {
	case errors.Is(err, flow.ErrNoForecast):
		return withHint(err, "make one with \"kcc forecast run\"")
	case errors.Is(err, flow.ErrTooShort):
		return withHint(err, "name other dates with --from and --to, or leave --subject out")
	case err != nil:
		return err
	}
	if moved != "" {
		if err := app.writeMoved(moved, found.Forecasts); err != nil {
			return err
		}
	}
	return app.emit(in.WhatIfTable(app.Lang(), found))
}

// writeMoved writes forecasts in the columns of forecast.csv.
func (a *App) writeMoved(path string, fs []*forecast.Forecast) error {
	return a.writeFile(path, func(w io.Writer, f output.Format) error {
		return output.Write(w, f, a.outputOptions(), forecastTable(a, fs))
	})
}
