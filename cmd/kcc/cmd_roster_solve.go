package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"kcc/internal/output"
	"kcc/roster/bench"
)

type rosterSolveOptions struct {
	File      string
	TimeLimit durationValue
	Effort    int
	Seed      uint64
	Workers   int
}

// newRosterSolveCmd builds "roster solve": public benchmark problems.
func newRosterSolveCmd(app *App) *cobra.Command {
	var o rosterSolveOptions
	cmd := &cobra.Command{
		Use:   "solve INSTANCE",
		Short: "Solve a public staff-rostering benchmark problem",
		Long: "Reads a problem in the staff-scheduling text format (SECTION_HORIZON ...), finds a roster\n" +
			"and a lower bound of its cost, and checks the roster against every rule.\n\n" +
			"With --effort the work is fixed and the same seed gives the same roster on any machine;\n" +
			"with --time-limit the clock decides. Exit status 4: no roster keeps the hard rules.",
		Example: "  kcc roster solve Instance8.txt --time-limit 60s --out roster.csv\n" +
			"  kcc roster solve Instance8.txt --effort 400 --seed 7 --format json",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.File = args[0]
			o.Seed = app.flags.seed
			return runRosterSolve(cmd.Context(), app, o)
		},
	}
	cmd.Flags().Var(&o.TimeLimit, "time-limit", "stop after this `TIME`")
	cmd.Flags().IntVar(&o.Effort, "effort", 0, fmt.Sprintf("fixed work of `N` units instead of a time limit (default %d)", bench.DefaultEffort))
	cmd.Flags().IntVar(&o.Workers, "workers", 0, "use `N` cores (default all); the result by effort is the same")
	return cmd
}

func runRosterSolve(ctx context.Context, app *App, o rosterSolveOptions) error {
	if o.Effort < 0 || o.TimeLimit < 0 {
		return usagef("--effort %d and --time-limit %s must not be negative", o.Effort, o.TimeLimit.String())
	}
	inst, err := readInstance(app, o.File)
	if err != nil {
		return err
	}
	bar := app.NewProgress("solving", 1000)
	opt := bench.Options{Effort: o.Effort, TimeLimit: time.Duration(o.TimeLimit), Seed: o.Seed, Workers: o.Workers}
	if opt.Effort == 0 && opt.TimeLimit == 0 {
		opt.Effort = bench.DefaultEffort
	}
	opt.Progress = func(p bench.Progress) {
		bar.Describe(fmt.Sprintf("best %d, bound %d, gap %.1f%%", p.Best, p.Bound, 100*p.Gap()))
		bar.Set(int64(1000 * p.Part))
	}
	res, err := bench.Solve(ctx, inst, opt)
	bar.Done()
	switch {
	case errors.Is(err, bench.ErrInfeasible):
		if terr := app.emitSolved(nil); terr != nil {
			return terr
		}
		return &statusError{exitNotMet, err}
	case err != nil && res == nil:
		return err
	}
	if res.Limited {
		app.Infof("the time limit ended the search before the effort was spent")
	}
	if out := app.flags.out; out != "" && out != "-" {
		write := func(w io.Writer) error { return bench.WriteCSV(w, inst, res.Roster) }
		if app.flags.dryRun {
			write = func(io.Writer) error { return nil }
			app.Infof("dry run: %s is not written", out)
		} else if werr := output.WriteFile(out, write); werr != nil {
			return werr
		} else {
			app.Infof("wrote %s", out)
		}
	} else if out == "-" {
		if werr := bench.WriteCSV(app.Out, inst, res.Roster); werr != nil {
			return werr
		}
		return err
	}
	if terr := app.emitSolved(res); terr != nil {
		return terr
	}
	return err
}

// readInstance opens FILE, or stdin for "-".
func readInstance(app *App, file string) (*bench.Instance, error) {
	in := app.In
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	inst, err := bench.Parse(in)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return inst, nil
}

// emitSolved prints the figures of a result on stdout; nil means infeasible.
func (a *App) emitSolved(res *bench.Result) error {
	f, err := a.format()
	if err != nil {
		return err
	}
	if f == output.JSON {
		if res == nil {
			_, err = fmt.Fprintln(a.Out, `{"objective":null,"bound":null,"feasible":false,"seconds":0}`)
			return err
		}
		_, err = fmt.Fprintf(a.Out, "{\"objective\":%d,\"bound\":%d,\"feasible\":true,\"seconds\":%.2f}\n", res.Objective, res.Bound, res.Elapsed.Seconds())
		return err
	}
	t := output.Table{Name: "solve", Title: "Roster", Columns: []output.Column{
		{Name: "objective", Kind: output.Integer}, {Name: "bound", Kind: output.Integer},
		{Name: "gap", Kind: output.Percent, Digits: 2},
		{Name: "requests", Kind: output.Integer}, {Name: "under", Kind: output.Integer}, {Name: "over", Kind: output.Integer},
		{Name: "feasible", Kind: output.Bool}, {Name: "seconds", Kind: output.Number, Digits: 1},
	}}
	if res == nil {
		t.Rows = [][]any{{nil, nil, nil, nil, nil, nil, false, nil}}
	} else {
		t.Rows = [][]any{{
			res.Objective, res.Bound, res.Gap(), res.Cost.On + res.Cost.Off, res.Cost.Under, res.Cost.Over, true, res.Elapsed.Seconds(),
		}}
	}
	return output.Write(a.Out, f, a.outputOptions(), t)
}
