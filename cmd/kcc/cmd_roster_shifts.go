package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"kcc/internal/calendar"
	"kcc/internal/flow"
	"kcc/internal/output"
	"kcc/internal/rosterfile"
	"kcc/roster"
	"kcc/roster/bench"
)

type rosterShiftsOptions struct {
	rosterInput
	Ideal   bool
	Skill   string
	PerKind float64
	Effort  int
	Lengths []string
	In      string
}

func newRosterShiftsCmd(app *App) *cobra.Command {
	var o rosterShiftsOptions
	cmd := &cobra.Command{
		Use:   "shifts",
		Short: "Which shifts and how many, before people",
		Long: "shifts --ideal looks only at the requirement and the catalogue of shifts: which starts and lengths,\n" +
			"and how many of each on each day, would cover it best whoever works them, with a price on every\n" +
			"different shift that is used; then how much a length would save that the catalogue lacks. It shows\n" +
			"what contracts and shifts to strive for. Without --ideal it lists the catalogue.\n\n" +
			"--in reads a public problem of minimum shift design (MiniZinc data) instead.",
		Example: "  kcc roster shifts --ideal\n" +
			"  kcc roster shifts --ideal --skill phone --new 5h,7h --from 2026-11-30 --weeks 1\n" +
			"  kcc roster shifts --ideal --agents a.csv --shifts s.csv --requirement r.csv --from 2026-11-30 --weeks 1 -o shifts.xlsx\n" +
			"  kcc roster shifts --ideal --in RandomExample1.dzn --effort 10",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runRosterShifts(cmd.Context(), app, o) },
	}
	o.addFlags(cmd)
	f := cmd.Flags()
	f.BoolVar(&o.Ideal, "ideal", false, "the mix of shifts that suits the requirement best")
	f.StringVar(&o.Skill, "skill", "", "only the requirement of this skill, `NAME` (default all together)")
	f.Float64Var(&o.PerKind, "per-shift", 40, "`POINTS` that each different shift costs (40: an hour of one agent missing)")
	f.IntVar(&o.Effort, "effort", 0, "search `N` times as long as the least (default by size, some seconds)")
	f.StringSliceVar(&o.Lengths, "new", nil, "new `LENGTHS` to try, such as 5h,7h30m (default every half hour from 3h to 10h that is missing; none: 0h)")
	f.StringVar(&o.In, "in", "", "a problem of minimum shift design from `FILE`")
	return cmd
}

func runRosterShifts(ctx context.Context, app *App, o rosterShiftsOptions) error {
	if o.Effort < 0 || o.PerKind < 0 {
		return usagef("--effort and --per-shift must not be negative")
	}
	if o.In != "" {
		return app.solveDesign(ctx, o)
	}
	p, _, err := o.problem(ctx, app)
	if err != nil {
		return err
	}
	if !o.Ideal {
		return app.emit(catalogueTable(app.Lang(), p))
	}
	opt := flow.IdealOptions{Skill: o.Skill, PerKind: o.PerKind, Effort: o.Effort, Seed: app.flags.seed}
	for _, s := range o.Lengths {
		n, err := calendar.ParseDuration(s)
		if err != nil || n%p.Step != 0 || n > 16*time.Hour {
			return usagef("--new %s: want lengths on the grid of %s, such as 5h or 7h30m", s, calendar.FormatDuration(p.Step))
		}
		if opt.Lengths == nil {
			opt.Lengths = []time.Duration{}
		}
		if n > 0 {
			opt.Lengths = append(opt.Lengths, n)
		}
	}
	x, err := flow.IdealShifts(ctx, p, opt)
	if err != nil {
		return err
	}
	tables := x.Tables(app.Lang())
	if app.singleTable() {
		tables = tables[:1]
	}
	return app.emit(tables...)
}

func catalogueTable(l output.Lang, p *roster.Problem) output.Table {
	t := output.Table{Name: "shifts", Title: l.Pick("Shifts", "Diensten"), Columns: []output.Column{
		{Name: "name", Kind: output.Text},
		{Name: "earliest_start", Kind: output.Clock},
		{Name: "latest_start", Kind: output.Clock},
		{Name: "step", Kind: output.Text},
		{Name: "min_length", Kind: output.Text},
		{Name: "max_length", Kind: output.Text},
		{Name: "breaks", Kind: output.Text},
	}}
	for i := range p.Shifts {
		s := &p.Shifts[i]
		t.Rows = append(t.Rows, []any{
			s.Name, s.EarliestStart, s.LatestStart, calendar.FormatDuration(s.Every), calendar.FormatDuration(s.MinLength),
			calendar.FormatDuration(s.MaxLength), rosterfile.FormatBreaks(s.Breaks),
		})
	}
	return t
}

// solveDesign solves a public problem of minimum shift design.
func (a *App) solveDesign(ctx context.Context, o rosterShiftsOptions) error {
	var in io.Reader = a.In
	if o.In != "-" {
		f, err := os.Open(o.In)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	p, err := bench.ParseShiftDesign(in)
	if err != nil {
		return fmt.Errorf("%s: %w", o.In, err)
	}
	m := p.Mix()
	start := time.Now()
	r := roster.SolveMix(ctx, m, max(1, o.Effort), a.flags.seed)
	t := output.Table{Name: "design", Title: filepath.Base(o.In), Columns: []output.Column{
		{Name: "objective", Kind: output.Number},
		{Name: "shifts", Kind: output.Integer},
		{Name: "under_minutes", Kind: output.Number},
		{Name: "over_minutes", Kind: output.Number},
		{Name: "seconds", Kind: output.Number, Digits: 1},
	}}
	t.Rows = [][]any{{r.Cost, r.Used, r.Under * float64(p.Interval), r.Over * float64(p.Interval), time.Since(start).Seconds()}}
	x := output.Table{Name: "shifts", Title: "Shifts", Columns: []output.Column{{Name: "shift", Kind: output.Text}}}
	for d := range p.Days {
		x.Columns = append(x.Columns, output.Column{Name: fmt.Sprintf("day_%d", d+1), Kind: output.Integer})
	}
	for k, n := range r.Count {
		row, total := []any{m.Kinds[k].Name}, 0
		for _, c := range n {
			row = append(row, c)
			total += c
		}
		if total > 0 {
			x.Rows = append(x.Rows, row)
		}
	}
	if a.singleTable() {
		return a.emit(t)
	}
	return a.emit(t, x)
}
