package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/spf13/cobra"

	"kcc/contacts/estimate"
	"kcc/internal/calendar"
	"kcc/internal/centre"
	"kcc/internal/output"
)

func newCentreEstimateCmd(app *App) *cobra.Command {
	var from, to string
	cmd := &cobra.Command{
		Use:   "estimate",
		Short: "Read patience, handle times, shrinkage and rates from history, beside the settings",
		Long: "estimate shows for each channel what the history says of patience, handle time (also by the\n" +
			"number of chats at once), abandonment, redials, repeats and connect rates, and of shrinkage, next to what the\n" +
			"description of the centre has. It changes nothing: what you agree with goes into centre.toml.\n" +
			"Patience is the maximum-likelihood mean over call records, those answered counted as not yet out\n" +
			"of patience; low and high bound it with 95 % confidence.",
		Example: "  kcc centre estimate\n  kcc centre estimate --from 2026-01-01 --to 2026-06-30 -o estimate.xlsx",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runCentreEstimate(cmd.Context(), app, from, to) },
	}
	cmd.Flags().StringVar(&from, "from", "", "history from `DATE` on")
	cmd.Flags().StringVar(&to, "to", "", "history up to and with `DATE`")
	return cmd
}

func runCentreEstimate(ctx context.Context, app *App, from, to string) error {
	db, err := app.DB(ctx)
	if err != nil {
		return err
	}
	c, err := app.CentreIfAny(ctx)
	if err != nil {
		return err
	}
	if c == nil {
		c = &centre.Centre{}
	}
	opt := estimate.Options{Short: c.ServiceLevel.Short}
	if from != "" {
		d, err := calendar.ParseDate(from)
		if err != nil {
			return usagef("--from: %w", err)
		}
		opt.From = d.Start(app.Zone())
	}
	if to != "" {
		d, err := calendar.ParseDate(to)
		if err != nil {
			return usagef("--to: %w", err)
		}
		opt.To = d.Add(1).Start(app.Zone())
	}
	r, err := estimate.Load(ctx, db, opt)
	if err != nil {
		return err
	}
	t := estimateTable(r, c)
	if len(t.Rows) == 0 {
		return withHint(errors.New("centre estimate: there is no history in the store for this span"), "\"kcc import FILE\" loads it")
	}
	return app.emit(t)
}

// estimateTable lays out each estimate with its key and the setting.
func estimateTable(r *estimate.Report, c *centre.Centre) output.Table {
	t := output.Table{Name: "estimate", Columns: []output.Column{
		{Name: "key"},
		{Name: "unit"},
		{Name: "setting", Kind: output.Number, Digits: 3},
		{Name: "estimate", Kind: output.Number, Digits: 3},
		{Name: "low", Kind: output.Number, Digits: 3},
		{Name: "high", Kind: output.Number, Digits: 3},
		{Name: "n", Kind: output.Integer},
		{Name: "basis"},
	}}
	add := func(key, unit string, setting float64, v estimate.Value) {
		if v.N > 0 {
			t.Rows = append(t.Rows, []any{key, unit, setting, v.Est, v.Lo, v.Hi, v.N, v.Basis})
		}
	}
	none := math.NaN()
	set := func(v float64) float64 { // 0 says that there is no setting
		if v == 0 {
			return none
		}
		return v
	}
	for _, e := range r.Channels {
		ch, known := c.Channel(e.Name)
		name := e.Name
		if known {
			name = ch.Name
		}
		key := "channels." + name + "."
		add(key+"patience", "s", set(ch.Patience.Seconds()), e.Patience)
		add(key+"aht", "s", set(ch.AHT.Seconds()), e.AHT)
		if ch.Kind == centre.Chat || (!known && len(e.Levels) > 1) {
			t.Rows = append(t.Rows, []any{key + "concurrency", "contacts", set(float64(ch.Concurrency)), e.Concurrency, none, none, e.AHT.N, "mean while busy"})
			for _, l := range e.Levels {
				add(fmt.Sprintf("%saht at %d at once", key, l.AtOnce), "s", none, withBasis(l.AHT, "records"))
			}
		}
		add(key+"max_abandon", "ratio", set(ch.MaxAbandon), e.Abandon)
		add(key+"redial", "ratio", set(ch.Redial), e.Redial)
		add(key+"repeat within 7 days", "ratio", none, e.Repeat)
		add(key+"connect rate outbound", "ratio", none, e.Connect)
	}
	s := r.Shrinkage
	if s.Hours > 0 {
		hours := int(math.Round(s.Hours))
		t.Rows = append(t.Rows,
			[]any{"shrinkage.planned", "ratio", c.Shrinkage.Planned, s.Planned, none, none, hours, "hours of agent states"},
			[]any{"shrinkage.unplanned", "ratio", c.Shrinkage.Unplanned, s.Unplanned, none, none, hours, "hours of agent states"})
	}
	if len(s.Unclear) > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf("%.0f hours left out, as the state does not tell what they were: %s", s.Lost, strings.Join(s.Unclear, ", ")))
	}
	return t
}

func withBasis(v estimate.Value, basis string) estimate.Value {
	v.Basis = basis
	return v
}
