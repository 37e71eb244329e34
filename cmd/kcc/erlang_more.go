package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"kcc/erlang"
	"kcc/internal/output"
	"kcc/internal/staffing"
	"kcc/internal/tabular"
)

// showLeastCost answers how many agents cost least.
func (a *App) showLeastCost(w erlang.WhatIf, p erlang.Prices) error {
	c := erlang.LeastCost(w, p)
	if c.Status != erlang.OK {
		return withHint(notMetf("no way within these limits keeps the target"), "allow more agents, a partner or more lines, or ask for less")
	}
	t := output.Table{Name: "erlang", Title: "Least cost", Columns: []output.Column{
		{Name: "load_erlangs", Kind: output.Number, Digits: 3},
		{Name: "model"},
		{Name: "agents", Kind: output.Integer},
		{Name: "flexible_agents", Kind: output.Integer},
		{Name: "partner_share", Kind: output.Percent, Digits: 0},
		{Name: "cost_per_hour", Kind: output.Number, Digits: 2},
		{Name: "service_level", Kind: output.Percent, Digits: 2},
		{Name: "asa_s", Kind: output.Number, Digits: 2},
		{Name: "occupancy", Kind: output.Percent, Digits: 2},
		{Name: "p_abandon", Kind: output.Percent, Digits: 2},
		{Name: "lines", Kind: output.Integer},
		{Name: "wages_per_hour", Kind: output.Number, Digits: 2},
		{Name: "waiting_per_hour", Kind: output.Number, Digits: 2},
		{Name: "lost_per_hour", Kind: output.Number, Digits: 2},
		{Name: "partner_per_hour", Kind: output.Number, Digits: 2},
		{Name: "lines_per_hour", Kind: output.Number, Digits: 2},
	}, Notes: []string{
		"Cost of an hour: wages, waiting and lost customers, what partners ask and the rent of lines, among the ways that keep the target. " +
			definitionNote(a.Lang(), w.Settings.Target),
	}}
	r := c.Result
	var lines any
	if c.Lines > 0 {
		lines = c.Lines
	}
	t.Rows = [][]any{{
		w.Load, w.Settings.Formula().String(), c.Agents, c.Flex, c.Partner, c.PerHour, r.ServiceLevel, r.ASA, r.Occupancy, r.PAbandon,
		lines, c.Wages, c.Waiting, c.Lost, c.Overflow, c.LineRent,
	}}
	a.tellNotes(t.Notes)
	return a.emit(t)
}

// showLines shows what agents do behind a limited number of lines.
func (a *App) showLines(w erlang.WhatIf, from, to float64, lines int) error {
	t := output.Table{Name: "erlang", Title: "Agents behind a limited number of lines", Columns: []output.Column{
		{Name: "load_erlangs", Kind: output.Number, Digits: 3},
		{Name: "agents", Kind: output.Integer},
		{Name: "lines", Kind: output.Integer},
		{Name: "p_block", Kind: output.Percent, Digits: 2},
		{Name: "service_level", Kind: output.Percent, Digits: 2},
		{Name: "asa_s", Kind: output.Number, Digits: 2},
		{Name: "occupancy", Kind: output.Percent, Digits: 2},
		{Name: "p_wait", Kind: output.Percent, Digits: 2},
		{Name: "p_abandon", Kind: output.Percent, Digits: 2},
		{Name: "mean_queue", Kind: output.Number, Digits: 2},
	}, Notes: []string{
		"A call that finds all lines busy is lost and counts as not answered in time. " + definitionNote(a.Lang(), erlang.Target{Within: w.Settings.Target.Within}),
	}}
	for n := int(from); n <= int(to); n++ {
		k := max(lines, n)
		l := erlang.WithLines(w.Load, n, k, w.AHT, w.Settings.Patience, w.Settings.Target.Within.Seconds())
		t.Rows = append(t.Rows, []any{w.Load, n, k, l.PBlock, l.ServiceLevel, l.ASA, l.Occupancy, l.PWait, l.PAbandon, l.Queue})
	}
	a.tellNotes(t.Notes)
	return a.emit(t)
}

// sizeBehindLines answers how many agents keep the target behind a limited number
// of lines.
func (a *App) sizeBehindLines(w erlang.WhatIf, lines int) error {
	t := w.Settings.Target
	if t.Ratio == 0 && t.MaxASA == 0 && t.MaxAbandon == 0 && t.MaxOccupancy == 0 {
		return usagef("nothing to answer: give --target 80/20s for the agents needed, or --agents for what they do")
	}
	c := erlang.LeastCost(w, erlang.Prices{WageHour: 1, Lines: lines}) // the fewest agents are the cheapest
	if c.Status != erlang.OK {
		return withHint(notMetf("no number of agents behind %d lines keeps this target", lines), "a call that finds all lines busy is a miss: ask for more lines (kcc erlang b --block) or for less")
	}
	return a.showLines(w, float64(c.Agents), float64(c.Agents), lines)
}

// newErlangSkillsCmd is erlang skills.
func newErlangSkillsCmd(app *App) *cobra.Command {
	var o struct {
		in       string
		flexible float64
		runs     int
		set      staffSettingFlags
	}
	cmd := &cobra.Command{
		Use:   "skills",
		Short: "Size a team for several queues with some all-rounders",
		Long: "skills gives the bounds, a team per queue and everybody able to do everything, and settles by\n" +
			"simulation how many agents are needed when a share of them are all-rounders. The rows name\n" +
			"the queues: queue, calls and interval_s or offered_erlangs, aht_s, and targets as for staff.",
		Example: "  kcc erlang skills --in queues.csv --target 80/20s --flexible 0.3\n" +
			"  kcc erlang skills --in queues.csv --target 80/20s --patience 180s --flexible 1 --format json",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.in == "" {
				return usagef("--in FILE is missing")
			}
			if !(o.flexible >= 0 && o.flexible <= 1) || o.runs < 0 {
				return usagef("--flexible %g: want a share from 0 to 1", o.flexible)
			}
			channels, rest, err := o.set.settings(nil, erlang.Settings{})
			if err != nil {
				return err
			}
			r, err := tabular.OpenFile(o.in, app.In, tabular.Options{})
			if err != nil {
				return err
			}
			defer r.Close()
			p, loads, err := staffing.Pool(cmd.Context(), r, staffing.Options{Channels: channels, Default: rest}, o.flexible,
				erlang.SimOptions{Seed: app.flags.seed, Runs: o.runs})
			if errors.Is(err, staffing.ErrNoTarget) {
				return withHint(&statusError{exitUsage, err}, "give --target 80/20s, or columns target_pct and target_s")
			}
			if errors.Is(err, erlang.ErrNoPool) {
				return withHint(&statusError{exitNotMet, err}, "a target of 100 %% has no finite answer; ask for 99.9 %% or less")
			}
			if err != nil {
				return err
			}
			return app.emit(staffing.PoolTable(p, loads))
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.in, "in", "", "queues from `FILE`, one per row")
	f.Float64Var(&o.flexible, "flexible", 0.2, "`share` of the team that can serve every queue")
	f.IntVar(&o.runs, "runs", 0, "simulated runs of eleven hours per try (default 60)")
	o.set.addFlags(cmd)
	return cmd
}

// newSimulateStudyCmd is simulate study.
func newSimulateStudyCmd(app *App) *cobra.Command {
	var o erlang.StudyOptions
	var aht, patience durationValue
	cmd := &cobra.Command{
		Use:   "study",
		Short: "Compare staffing rules on a simulated day",
		Long: "study plans a day of two humps by Erlang C and A, each interval on its own (SIPP) and on the\n" +
			"modified offered load (MOL), with and without certainty on the volume, and plays every plan.",
		Example: "  kcc simulate study\n  kcc simulate study --peaks 15,60 --runs 4000 -o study.csv",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.AHT, o.Patience, o.Seed = time.Duration(aht).Seconds(), time.Duration(patience).Seconds(), app.flags.seed
			return runStudy(cmd.Context(), app, o)
		},
	}
	f := cmd.Flags()
	f.Float64SliceVar(&o.Peaks, "peaks", []float64{15, 60}, "loads at the peak, in `erlangs`")
	f.IntVar(&o.Runs, "runs", 1000, "simulated `days` per plan")
	f.Float64SliceVar(&o.CVs, "cvs", []float64{0.1, 0.2}, "spreads of the day's volume to play with")
	aht, patience = durationValue(300*time.Second), durationValue(180*time.Second)
	f.Var(&aht, "aht", "mean handle time, for example `300s`")
	f.Var(&patience, "patience", "mean patience, for example `180s`")
	return cmd
}

func runStudy(ctx context.Context, app *App, o erlang.StudyOptions) error {
	rows, err := erlang.Study(ctx, o)
	if err != nil {
		return err
	}
	t := output.Table{Name: "study", Title: "Staffing rules on a simulated day", Columns: []output.Column{
		{Name: "peak_erlangs", Kind: output.Number},
		{Name: "plan"},
		{Name: "agent_hours", Kind: output.Number, Digits: 1},
		{Name: "service_level", Kind: output.Percent, Digits: 1},
		{Name: "half_width", Kind: output.Percent, Digits: 2},
		{Name: "days_below", Kind: output.Percent},
		{Name: "worst_interval", Kind: output.Percent},
		{Name: "best_interval", Kind: output.Percent},
		{Name: "intervals_below", Kind: output.Integer},
		{Name: "intervals", Kind: output.Integer},
	}, Notes: []string{fmt.Sprintf("80 %% in 20 s over all offered, %d days per plan, seed %d; below: more than a point under the target.", o.Runs, o.Seed)}}
	for _, r := range rows {
		t.Rows = append(t.Rows, []any{r.Peak, r.Plan, r.AgentHours, r.Level, r.HalfWidth, r.DaysLow, r.Worst, r.Best, r.LowSlots, r.Slots})
	}
	return app.emit(t)
}
