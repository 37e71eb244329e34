package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"time"

	"github.com/spf13/cobra"

	"kcc/internal/output"
	"kcc/roster/bench"
)

type rosterSolveOptions struct {
	File      string
	Scenario  string // INRC-II instead of File
	History   string
	Weeks     []string
	TimeLimit durationValue
	Effort    int
	Seed      uint64
	Workers   int
}

// newRosterSolveCmd builds "roster solve": public benchmark problems.
func newRosterSolveCmd(app *App) *cobra.Command {
	var o rosterSolveOptions
	cmd := &cobra.Command{
		Use:   "solve [INSTANCE]",
		Short: "Solve a public staff-rostering benchmark problem",
		Long: "Reads a problem in the staff-scheduling text format (SECTION_HORIZON ...) or, with --scenario,\n" +
			"--history and --weeks, an INRC-II nurse rostering problem of which all weeks are known. It finds a\n" +
			"roster and a lower bound of its cost, and checks the roster against every rule.\n\n" +
			"With --effort the work is fixed and the same seed gives the same roster on any machine;\n" +
			"with --time-limit the clock decides. Exit status 4: no roster keeps the hard rules.",
		Example: "  kcc roster solve Instance8.txt --time-limit 60s --out roster.csv\n" +
			"  kcc roster solve Instance8.txt --effort 400 --seed 7 --format json\n" +
			"  kcc roster solve --scenario Sc-n030w4.txt --history H0-n030w4-1.txt --weeks WD-n030w4-6.txt,WD-n030w4-2.txt,WD-n030w4-9.txt,WD-n030w4-1.txt -o duties.csv",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if nurses := o.Scenario != "" || o.History != "" || len(o.Weeks) > 0; nurses == (len(args) == 1) {
				return usagef("want one INSTANCE, or --scenario, --history and --weeks")
			}
			if len(args) == 1 {
				o.File = args[0]
			} else if o.Scenario == "" || o.History == "" || len(o.Weeks) == 0 {
				return usagef("an INRC-II problem needs --scenario, --history and --weeks")
			}
			o.Seed = app.flags.seed
			return runRosterSolve(cmd.Context(), app, o)
		},
	}
	cmd.Flags().StringVar(&o.Scenario, "scenario", "", "INRC-II scenario `FILE`")
	cmd.Flags().StringVar(&o.History, "history", "", "INRC-II history `FILE`: what came before the first week")
	cmd.Flags().StringSliceVar(&o.Weeks, "weeks", nil, "INRC-II week `FILES` in order, with commas")
	cmd.Flags().Var(&o.TimeLimit, "time-limit", "stop after this `TIME`")
	cmd.Flags().IntVar(&o.Effort, "effort", 0, fmt.Sprintf("fixed work of `N` units instead of a time limit (default %d)", bench.DefaultEffort))
	cmd.Flags().IntVar(&o.Workers, "workers", 0, "use `N` cores (default all); the result by effort is the same")
	return cmd
}

func runRosterSolve(ctx context.Context, app *App, o rosterSolveOptions) error {
	if o.Effort < 0 || o.TimeLimit < 0 {
		return usagef("--effort %d and --time-limit %s must not be negative", o.Effort, o.TimeLimit.String())
	}
	bar := app.NewProgress("solving", progressParts)
	opt := bench.Options{Effort: o.Effort, TimeLimit: time.Duration(o.TimeLimit), Seed: o.Seed, Workers: o.Workers}
	opt.Progress = func(p bench.Progress) {
		bar.Describe(fmt.Sprintf("best %d, bound %d, gap %.1f%%", p.Best, p.Bound, 100*p.Gap()))
		bar.Set(int64(progressParts * p.Part))
	}
	solve := solveStaff
	if o.Scenario != "" {
		solve = solveNurses
	}
	res, err := solve(ctx, app, o, opt)
	bar.Done()
	switch {
	case errors.Is(err, bench.ErrInfeasible):
		if terr := app.emitSolved(nil); terr != nil {
			return terr
		}
		return &statusError{exitNotMet, err}
	case res == nil:
		return err
	}
	if res.limited {
		app.Infof("%s", app.Lang().Pick("the time limit ended the search before the effort was spent", "de tijdslimiet beëindigde het zoeken voordat de moeite op was"))
	}
	out := app.flags.out
	if out == "-" {
		if werr := res.write(app.Out); werr != nil {
			return werr
		}
	} else {
		if out != "" {
			if werr := app.writeSolved(out, res.write); werr != nil {
				return werr
			}
		}
		if terr := app.emitSolved(res); terr != nil {
			return terr
		}
	}
	if err == nil && len(res.broken) > 0 {
		return notMetf("%d hard rules are not met, first: %s", len(res.broken), res.broken[0])
	}
	return err
}

// progressParts is the resolution of the progress bar.
const progressParts = 1000

// solved is a finished run in either format.
type solved struct {
	objective, bound int64
	columns          []output.Column // what the objective consists of
	parts            []any
	broken           []string
	elapsed          time.Duration
	limited          bool
	write            func(io.Writer) error
}

func solveStaff(ctx context.Context, app *App, o rosterSolveOptions, opt bench.Options) (*solved, error) {
	var inst *bench.Instance
	err := app.readBench(o.File, func(r io.Reader) (err error) {
		inst, err = bench.Parse(r)
		return err
	})
	if err != nil {
		return nil, err
	}
	res, err := bench.Solve(ctx, inst, opt)
	if res == nil {
		return nil, err
	}
	return &solved{
		objective: res.Objective, bound: res.Bound, elapsed: res.Elapsed, limited: res.Limited,
		columns: []output.Column{{Name: "requests", Kind: output.Integer}, {Name: "under", Kind: output.Integer}, {Name: "over", Kind: output.Integer}},
		parts:   []any{res.Cost.On + res.Cost.Off, res.Cost.Under, res.Cost.Over},
		write:   func(w io.Writer) error { return bench.WriteCSV(w, inst, res.Roster) },
	}, err
}

func solveNurses(ctx context.Context, app *App, o rosterSolveOptions, opt bench.Options) (*solved, error) {
	files := append([]string{o.Scenario, o.History}, o.Weeks...)
	texts := make([]io.Reader, len(files))
	for i, file := range files {
		err := app.readBench(file, func(r io.Reader) error {
			b, err := io.ReadAll(r)
			texts[i] = bytes.NewReader(b)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	n, err := bench.ParseNurses(texts[0], texts[1], texts[2:])
	if err != nil {
		return nil, err
	}
	res, err := bench.SolveNurses(ctx, n, opt)
	if res == nil {
		return nil, err
	}
	c := res.Cost
	s := &solved{
		objective: res.Objective, bound: res.Bound, elapsed: res.Elapsed, limited: res.Limited, broken: res.Broken,
		parts: []any{c.Cover, c.Consecutive, c.NonWorking, c.Preferences, c.Complete, c.Total, c.Weekends},
		write: func(w io.Writer) error { return bench.WriteNursesCSV(w, n, res.Duties) },
	}
	for _, name := range []string{"cover", "consecutive", "days_off", "preferences", "complete_weekends", "total", "weekends"} {
		s.columns = append(s.columns, output.Column{Name: name, Kind: output.Integer})
	}
	return s, err
}

// writeSolved writes the roster as CSV, whatever the extension.
func (a *App) writeSolved(out string, write func(io.Writer) error) error {
	if a.flags.dryRun {
		a.Infof(a.Lang().Pick("dry run: %s is not written", "proef: %s is niet geschreven"), out)
		return nil
	}
	if err := output.WriteFile(out, write); err != nil {
		return err
	}
	a.Infof(a.Lang().Pick("wrote %s", "%s geschreven"), out)
	return nil
}

// readBench reads file, or stdin for "-".
func (a *App) readBench(file string, read func(io.Reader) error) error {
	in := a.In
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return err
		}
		defer f.Close()
		in = f
	}
	if err := read(in); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// emitSolved prints the figures of a run on stdout; nil means infeasible.
func (a *App) emitSolved(s *solved) error {
	f, err := a.format()
	if err != nil {
		return err
	}
	if f == output.JSON {
		figures := struct {
			Objective *int64   `json:"objective"`
			Bound     *int64   `json:"bound"`
			Feasible  bool     `json:"feasible"`
			Seconds   *float64 `json:"seconds"`
		}{}
		if s != nil {
			seconds := math.Round(s.elapsed.Seconds()*1000) / 1000
			figures.Objective, figures.Bound, figures.Feasible, figures.Seconds = &s.objective, &s.bound, len(s.broken) == 0, &seconds
		}
		return json.NewEncoder(a.Out).Encode(figures)
	}
	t := output.Table{Name: "solve", Title: "Roster", Columns: []output.Column{
		{Name: "objective", Kind: output.Integer},
		{Name: "bound", Kind: output.Integer},
		{Name: "gap", Kind: output.Percent, Digits: 2},
		{Name: "feasible", Kind: output.Bool},
		{Name: "seconds", Kind: output.Number, Digits: 1},
	}}
	row := []any{nil, nil, nil, false, nil}
	if s != nil {
		gap := bench.Progress{Best: s.objective, Bound: s.bound}.Gap()
		row = append([]any{s.objective, s.bound, gap, len(s.broken) == 0, s.elapsed.Seconds()}, s.parts...)
		t.Columns = append(t.Columns, s.columns...)
	}
	t.Rows = [][]any{row}
	return output.Write(a.Out, f, a.outputOptions(), t)
}
