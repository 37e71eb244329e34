package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"kcc/internal/calendar"
	"kcc/internal/flow"
	"kcc/internal/output"
	"kcc/internal/planstore"
	"kcc/roster"
)

type leaveFlags struct {
	From  string
	Weeks int
	Loss  float64
	To    string
	Grant bool
}

func (o *leaveFlags) addFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.IntVar(&o.Weeks, "weeks", 26, "`N` weeks")
	f.Float64Var(&o.Loss, "loss", 0.03, "`SHARE` of the hours present that no roster can bring to bear")
}

func newRosterLeaveCmd(app *App) *cobra.Command {
	var o leaveFlags
	cmd := &cobra.Command{
		Use:   "leave",
		Short: "How much leave each week can bear before promises fail",
		Long: "leave forecasts and staffs the coming weeks and compares the hours that this takes with the\n" +
			"contracts, less the leave and sickness that are entered: per week the budget of hours, and how\n" +
			"many people (per skill too) may still be away. Every group of skills is looked at, so that agents\n" +
			"with several skills are not counted twice. Hours are compared, not times of day: roster leave check\n" +
			"also plays a request on the roster in force.",
		Example: "  kcc roster leave --weeks 26\n" +
			"  kcc roster leave --from 2026-12-14 --weeks 4 --lang nl -o verlof.xlsx\n" +
			"  kcc roster leave check agent-003 --from 2026-12-21 --to 2026-12-24",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runRosterLeave(cmd.Context(), app, o) },
	}
	o.addFlags(cmd)
	cmd.Flags().StringVar(&o.From, "from", "", "first week, `DAY` or 2026-W50 (default the next)")
	cmd.AddCommand(newRosterLeaveCheckCmd(app))
	return cmd
}

func newRosterLeaveCheckCmd(app *App) *cobra.Command {
	var o leaveFlags
	cmd := &cobra.Command{
		Use:   "check AGENT",
		Short: "Whether somebody can have leave on some days",
		Long: "check compares the hours of a request with the room of its weeks for the skills of the agent, and\n" +
			"where a roster is in force for the days, plays the absence on it: what is then short, and what a\n" +
			"repair would leave short. Weeks of the newest plan are answered from it at once, for others a forecast\n" +
			"is made; a warning tells when a day lies too far ahead for that. --grant enters the leave when there is room.\n\n" +
			"Exit status 4: there is no room.",
		Example: "  kcc roster leave check agent-003 --from 2026-12-21 --to 2026-12-24\n" +
			"  kcc roster leave check agent-003 --from 2026-12-21 --to 2026-12-24 --grant",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runRosterLeaveCheck(cmd.Context(), app, args[0], o)
		},
	}
	o.addFlags(cmd)
	f := cmd.Flags()
	f.StringVar(&o.From, "from", "", "first `DAY` of the leave")
	f.StringVar(&o.To, "to", "", "last `DAY` of the leave (default the first)")
	f.BoolVar(&o.Grant, "grant", false, "enter the leave when there is room for it")
	return cmd
}

func (o *leaveFlags) options() (flow.LeaveOptions, error) {
	if o.Weeks < 1 || o.Weeks > 106 {
		return flow.LeaveOptions{}, usagef("--weeks %d: want 1 to 106", o.Weeks)
	}
	if !(o.Loss >= 0 && o.Loss < 1) {
		return flow.LeaveOptions{}, usagef("--loss %g: want a share from 0 to below 1", o.Loss)
	}
	return flow.LeaveOptions{Weeks: o.Weeks, Loss: o.Loss}, nil
}

// planLeave opens the store and computes the room.
func (a *App) planLeave(ctx context.Context, opt flow.LeaveOptions) (*flow.Site, *flow.Leave, error) {
	s, err := a.site(ctx)
	if err != nil {
		return nil, nil, err
	}
	bar := a.NewProgress("leave", 100)
	opt.Step = func(done float64) { bar.Set(int64(100 * done)) }
	l, err := s.PlanLeave(ctx, opt)
	bar.Done()
	switch {
	case errors.Is(err, flow.ErrNoContracts):
		return nil, nil, withHint(err, "load them with \"kcc roster import agents.csv\"")
	case errors.Is(err, flow.ErrNothingToPlan):
		return nil, nil, withHint(err, "load history with \"kcc import FILE\"")
	case errors.Is(err, flow.ErrNoSuchAgent):
		return nil, nil, withHint(&statusError{exitUsage, err}, "kcc roster show lists the agents of the roster in force")
	}
	return s, l, err
}

func runRosterLeave(ctx context.Context, app *App, o leaveFlags) error {
	opt, err := o.options()
	if err != nil {
		return err
	}
	if o.From != "" {
		if opt.From, err = parseWeek(o.From); err != nil {
			return usagef("--from: %w", err)
		}
	}
	_, l, err := app.planLeave(ctx, opt)
	if err != nil {
		return err
	}
	if err := app.emitBook(output.Book{Title: l.Table(app.Lang()).Title, Tables: []output.Table{l.Table(app.Lang())}}); err != nil {
		return err
	}
	if len(l.Skipped) > 0 {
		return partialf(app.Lang().Pick("the room is computed, but not for %s", "de ruimte is berekend, maar niet voor %s"), l.SkippedText())
	}
	return nil
}

func runRosterLeaveCheck(ctx context.Context, app *App, agent string, o leaveFlags) error {
	opt, err := o.options()
	if err != nil {
		return err
	}
	v := roster.Availability{Agent: agent, Kind: roster.Leave}
	if v.From, err = calendar.ParseDate(o.From); err != nil {
		return usagef("--from %q: want the first day of the leave, such as 2026-12-21", o.From)
	}
	v.To = v.From
	if o.To != "" {
		if v.To, err = calendar.ParseDate(o.To); err != nil || v.To < v.From {
			return usagef("--to %q: want a day on or after %s", o.To, v.From)
		}
	}
	if v.To < app.Today() {
		return usagef("leave from %s to %s is over: want days from today on", v.From, v.To)
	}
	opt.From = v.From.Monday()
	opt.Weeks = max(1, int(v.To.Monday()-opt.From)/7+1)
	opt.Agent = agent
	s, l, err := app.planLeave(ctx, opt)
	if err != nil {
		return err
	}
	answers, err := l.Check(v)
	if err != nil {
		return usagef("%w", err)
	}
	if err := app.emit(flow.AnswerTable(app.Lang(), answers)); err != nil {
		return err
	}
	if doubt := l.Doubt(app.Lang(), v.To); doubt != "" {
		app.Warnf("%s", doubt)
	}
	if err := app.playLeave(ctx, s, v); err != nil {
		return err
	}
	for _, x := range answers {
		if !x.OK {
			return notMetf(app.Lang().Pick("there is no room for leave of %s from %s to %s", "er is geen ruimte voor verlof van %s van %s tot en met %s"), agent, v.From, v.To)
		}
	}
	if !o.Grant {
		return nil
	}
	if app.flags.dryRun {
		app.Infof("%s", app.Lang().Pick("dry run: the leave is not entered", "proef: het verlof is niet ingevoerd"))
		return nil
	}
	if err := flow.SaveTeam(ctx, s.DB, flow.TeamFiles{Availability: []roster.Availability{v}}, true); err != nil {
		return err
	}
	app.Infof(app.Lang().Pick("entered: leave of %s from %s to %s", "ingevoerd: verlof van %s van %s tot en met %s"), agent, v.From, v.To)
	return nil
}

// playLeave says what the leave does to the roster in force, where one covers
// the days.
func (a *App) playLeave(ctx context.Context, s *flow.Site, v roster.Availability) error {
	r, err := s.LoadVersion(ctx, 0)
	if errors.Is(err, planstore.ErrNoRun) {
		return nil
	}
	if err != nil {
		return err
	}
	if v.From > r.Last() || v.To < r.First {
		return nil
	}
	rep, err := roster.Repair(ctx, &r.Problem, r.Roster(), roster.RepairOptions{Absent: []roster.Availability{v}})
	if err != nil {
		return err
	}
	a.Infof(a.Lang().Pick("roster %d: %s agent-hours short now, %s with the leave, %s repaired (%s)", "rooster %d: nu %s uren tekort, %s met het verlof, %s hersteld (%s)"), r.ID,
		a.hours(rep.Unmet[roster.BeforeAbsence]), a.hours(rep.Unmet[roster.WithAbsence]), a.hours(rep.Unmet[roster.AfterRepair]),
		a.count(len(rep.Touched), "other agent", "andere medewerker", "andere medewerkers")+a.Lang().Pick(" touched", " geraakt"))
	return nil
}
