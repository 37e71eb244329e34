package main

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/spf13/cobra"

	"kcc/internal/calendar"
	"kcc/internal/flow"
	"kcc/internal/output"
	"kcc/internal/planstore"
	"kcc/internal/rosterfile"
	"kcc/roster"
)

// planOptions are the flags of plan.
type planOptions struct {
	Weeks     int
	From      string
	Effort    int
	TimeLimit durationValue
	Certainty float64
}

func newPlanCmd(app *App) *cobra.Command {
	var o planOptions
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Forecast, staff and roster the coming weeks into a workbook",
		Long: "plan runs the whole chain from the store: it forecasts every channel, computes the agents that\n" +
			"keep the targets, makes a roster for the team, checks it and says what service level customers\n" +
			"may expect. The forecast, the requirement and the roster (as a draft) go into the store, the\n" +
			"workbook to --out (default roster-YEAR-WEEK.xlsx in this folder; - writes roster.csv to stdout).\n" +
			"It starts on the first Monday after --now. With --quiet it is silent unless something is wrong.\n\n" +
			"Exit status 3: a channel was skipped; 4: a target, a skill or hours cannot be met.",
		Example: "  kcc plan --weeks 4\n" +
			"  kcc plan --weeks 2 --from 2026-12-07 -o december.xlsx --lang nl\n" +
			"  kcc plan --weeks 4 --effort 2000 --time-limit 5m\n" +
			"  kcc plan --weeks 4 --dry-run",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := runPlan(cmd.Context(), app, o)
			return err
		},
	}
	cmd.AddCommand(newPlanTodayCmd(app), newPlanCapacityCmd(app))
	f := cmd.Flags()
	f.IntVar(&o.Weeks, "weeks", 0, "`N` weeks (default: the centre's, else 4)")
	f.StringVar(&o.From, "from", "", "first `DATE`, a Monday (default: the first Monday after --now)")
	f.IntVar(&o.Effort, "effort", 0, "search for `N` re-insertions per agent (default by size)")
	f.Var(&o.TimeLimit, "time-limit", "end the search for a roster after this `TIME` at the latest")
	f.Float64Var(&o.Certainty, "certainty", 0, "keep the targets with this certainty, for example `0.9` (default: on average)")
	return cmd
}

// site opens the centre in the store.
func (a *App) site(ctx context.Context) (*flow.Site, error) {
	db, err := a.DB(ctx)
	if err != nil {
		return nil, err
	}
	s, err := flow.OpenSite(ctx, db, a.Now(), a.zone)
	if err == nil {
		a.centreName = s.Centre.Name
	}
	if errors.Is(err, planstore.ErrNoCentre) {
		return nil, withHint(err, "load one with \"kcc centre import centre.toml\"")
	}
	return s, err
}

// span returns the first day and the number of weeks that the flags ask for.
func (o *planOptions) span(app *App, s *flow.Site) (calendar.Date, int, error) {
	weeks := o.Weeks
	switch {
	case weeks < 0 || weeks > 53:
		return 0, 0, usagef("--weeks %d: want 1 to 53", weeks)
	case weeks == 0:
		weeks = max(1, s.Centre.Roster.Weeks)
	}
	if o.From == "" {
		return flow.PlanStart(app.Today()), weeks, nil
	}
	first, err := calendar.ParseDate(o.From)
	if err != nil {
		return 0, 0, usagef("--from: %w", err)
	}
	if first.Weekday() != time.Monday {
		return 0, 0, usagef("--from %s is a %s: want a Monday, for example %s", first, first.Weekday(), first.Monday())
	}
	return first, weeks, nil
}

// runPlan makes, stores and writes a plan and returns the path of its workbook.
func runPlan(ctx context.Context, app *App, o planOptions) (string, error) {
	if o.Effort < 0 || o.TimeLimit < 0 || o.Certainty < 0 || o.Certainty >= 1 {
		return "", usagef("want --effort and --time-limit of 0 or more, and --certainty from 0 to below 1")
	}
	s, err := app.site(ctx)
	if err != nil {
		return "", err
	}
	first, weeks, err := o.span(app, s)
	if err != nil {
		return "", err
	}
	in, err := s.PlanInput(ctx, first, weeks)
	if err != nil {
		return "", err
	}
	if err := in.Team.Check(first, first.Add(7*weeks-1)); err != nil {
		return "", withHint(err, "load the team with \"kcc roster import agents.csv shifts.csv\"")
	}
	if len(in.History) == 0 {
		return "", withHint(flow.ErrNothingToPlan, "load history with \"kcc import FILE\"")
	}
	path := app.flags.out
	if path == "" {
		path = planFile(first)
	}
	if app.flags.dryRun {
		return path, app.tellPlanInput(&in, path)
	}
	in.Roster = roster.Options{Effort: o.Effort, Seed: app.flags.seed}
	in.Certainty, in.TimeLimit = o.Certainty, time.Duration(o.TimeLimit)
	bar := app.NewProgress("plan", 100)
	in.Step = func(step string, done float64) {
		bar.Describe(step)
		bar.Set(int64(100 * planProgress(step, done)))
	}
	p, err := flow.MakePlan(ctx, in)
	bar.Done()
	if err != nil {
		return "", err
	}
	if _, err := s.SavePlan(ctx, p); err != nil {
		return "", err
	}
	if err := app.writePlan(path, p); err != nil {
		return "", err
	}
	return path, app.tellPlan(p)
}

// planProgress maps the progress of a step onto that of the whole plan: nearly
// all the time goes into the roster.
func planProgress(step string, done float64) float64 {
	switch step {
	case "forecast":
		return 0.15 * done
	case "staff":
		return 0.15
	case "roster":
		return 0.2 + 0.75*done
	}
	return 0.97
}

// writePlan writes the workbook, or the form that the extension asks for.
func (a *App) writePlan(path string, p *flow.Plan) error {
	if path == "-" {
		return a.emit(rosterfile.Table(p.Result.Roster, p.Problem.Zone))
	}
	return a.writeFile(path, func(w io.Writer, f output.Format) error {
		if f == output.XLSX {
			return output.WriteRosterBook(w, p.Book(a.Lang()), a.outputOptions())
		}
		return output.Write(w, f, a.outputOptions(), p.Tables(a.Lang())...)
	})
}

// tellPlanInput says what a plan would start from.
func (a *App) tellPlanInput(in *flow.PlanInput, path string) error {
	l := a.Lang()
	a.Infof(l.Pick("dry run: would plan %s to %s for %s", "proef: zou %s tot en met %s plannen voor %s"), in.First, in.First.Add(7*in.Weeks-1), in.Centre.Name)
	a.Infof(l.Pick("from %s of history, %s, %s of shift, %s of leave or wishes", "uit %s met historie, %s, %s dienst, %s verlof of wensen"),
		a.count(len(in.History), "channel", "kanaal", "kanalen"), a.count(len(in.Team.Agents), "agent", "medewerker", "medewerkers"),
		a.count(len(in.Team.Shifts), "kind", "soort", "soorten"), a.count(len(in.Team.Availability), "row", "regel", "regels"))
	a.Infof(l.Pick("would write %s and store forecast, requirement and a draft roster", "zou %s schrijven en prognose, bezettingsvraag en een conceptrooster opslaan"), path)
	return a.emitScreen(in.HistoryTable(a.Lang()))
}

// tellPlan shows the outcome and returns the exit status as an error.
func (a *App) tellPlan(p *flow.Plan) error {
	if a.flags.out != "-" && (!a.flags.quiet || a.flags.format != "") { // else the roster is on stdout, or cron runs this
		if err := a.emitScreen(p.Tables(a.Lang())...); err != nil {
			return err
		}
	}
	r := p.Result
	a.tellRoster(&p.Problem, r, "; "+a.count(len(r.Violations), "violation", "overtreding", "overtredingen")+a.Lang().Pick(" found by the checker", " gevonden door de controle"), nil)
	if n := p.Unreachable(); n > 0 {
		return notMetf(a.Lang().Pick("the plan is made, but the target cannot be reached in %s", "het plan is gemaakt, maar de norm is niet haalbaar in %s"), a.count(n, "interval", "interval", "intervallen"))
	}
	if err := a.rosterStatus(r); err != nil {
		return err
	}
	if len(p.Skipped) > 0 {
		return partialf(a.Lang().Pick("the plan is made, but not for %s", "het plan is gemaakt, maar niet voor %s"), p.SkippedText())
	}
	return nil
}

// emitScreen shows tables on stdout in the form of --format, whatever --out is.
func (a *App) emitScreen(tables ...output.Table) error {
	f, err := a.format()
	if err != nil {
		return err
	}
	return output.Write(a.Out, f, a.outputOptions(), tables...)
}
