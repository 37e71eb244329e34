package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"kcc/internal/calendar"
	"kcc/internal/flow"
	"kcc/internal/output"
	"kcc/internal/rosterfile"
	"kcc/roster"
)

func newPlanTodayCmd(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "today",
		Short: "Compare today with the plan and rank what can still be done",
		Long: "today takes the contacts of today so far (import them first) and the clock, forecasts the rest of\n" +
			"the day anew, staffs it, measures the roster in force against it and ranks what can be done: move\n" +
			"breaks, move e-mail work, let somebody stay longer, call somebody in, let somebody go home, hire\n" +
			"from the flexible layer. Each action is shown with the service level that the rest of the day would\n" +
			"then have, simulated. No action breaks a working-time rule or sends\n" +
			"those home who must be there (key holders, first-aiders). Absence counts as far as it has been\n" +
			"entered (roster repair). roster move-breaks carries the first of them out.",
		Example: "  kcc plan today\n" +
			"  kcc plan today --now '2026-11-24 11:00' --lang nl\n" +
			"  kcc plan today --format json",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runPlanToday(cmd.Context(), app) },
	}
	return cmd
}

// today opens the rest of the day.
func (a *App) today(ctx context.Context) (*flow.Today, error) {
	s, err := a.site(ctx)
	if err != nil {
		return nil, err
	}
	t, err := s.OpenToday(ctx, a.flags.seed)
	if errors.Is(err, flow.ErrNoRosterToday) {
		return nil, withHint(err, "publish one with \"kcc roster publish\", or fix the clock with --now")
	}
	return t, err
}

func runPlanToday(ctx context.Context, app *App) error {
	t, err := app.today(ctx)
	if err != nil {
		return err
	}
	for _, v := range roster.CheckPresence(&t.Problem, t.Roster, t.Problem.Presence) {
		if v.Days[0] == t.Date {
			app.Warnf("%s: %s", v.Rule, app.say(v.Text))
		}
	}
	actions, err := t.Actions(ctx)
	if err != nil {
		return err
	}
	tables := []output.Table{t.UpdateTable(app.Lang()), t.ShortageTable(app.Lang()), t.ActionTable(app.Lang(), actions)}
	if app.singleTable() {
		tables = tables[2:]
	}
	if err := app.emit(tables...); err != nil {
		return err
	}
	app.Infof(app.Lang().Pick("roster %d, the rest of %s from %s", "rooster %d, de rest van %s vanaf %s"), t.Version.ID, t.Date, t.From.In(app.zone).Format("15:04"))
	return skippedError(t.Skipped)
}

type moveBreaksOptions struct {
	rosterInput
	Today   bool
	Date    string
	After   string
	PerMove float64
}

func newRosterMoveBreaksCmd(app *App) *cobra.Command {
	var o moveBreaksOptions
	cmd := &cobra.Command{
		Use:   "move-breaks [FILE]",
		Short: "Move the breaks of a day to where they hurt least",
		Long: "Shifts stay, breaks move within the windows of their shift. With --today it uses the contacts of\n" +
			"today so far: the rest of the day is forecast and staffed anew, breaks that have begun stay, and\n" +
			"the outcome is stored as a draft (publish it: no working time changes). Otherwise it is about --date\n" +
			"of the roster and the requirement as planned. A break moves only when that is worth --per-move.",
		Example: "  kcc roster move-breaks --today --now '2026-11-24 10:40'\n" +
			"  kcc roster move-breaks --date 2026-11-26\n" +
			"  kcc roster move-breaks roster.csv --date 2026-12-01 --agents a.csv --shifts s.csv --requirement r.csv --from 2026-11-30 -o better.csv",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !(o.PerMove >= 0) {
				return usagef("--per-move %g: want 0 points or more", o.PerMove)
			}
			if o.Today {
				if len(args) > 0 || o.Date != "" || o.After != "" {
					return usagef("--today is about the roster in force and the clock: no FILE, --date or --after")
				}
				return runMoveBreaksToday(cmd.Context(), app, o.PerMove)
			}
			return runMoveBreaks(cmd.Context(), app, firstArg(args), o)
		},
	}
	o.addFlags(cmd)
	f := cmd.Flags()
	f.BoolVar(&o.Today, "today", false, "the rest of today, with the actuals so far")
	f.StringVar(&o.Date, "date", "", "the `DAY` whose breaks may move (default today)")
	f.StringVar(&o.After, "after", "", "only breaks from this `TIME` of the day on")
	f.Float64Var(&o.PerMove, "per-move", roster.DefaultPerMove, "`POINTS` that moving one break must save")
	return cmd
}

func moveOptions(day calendar.Date, from time.Time, perMove float64) roster.MoveOptions {
	if perMove == 0 {
		perMove = -1
	}
	return roster.MoveOptions{Date: day, From: from, PerMove: perMove}
}

func runMoveBreaksToday(ctx context.Context, app *App, perMove float64) error {
	t, err := app.today(ctx)
	if err != nil {
		return err
	}
	m, err := roster.MoveBreaks(ctx, &t.Problem, t.Roster, moveOptions(t.Date, t.From, perMove))
	if err != nil {
		return err
	}
	var short [2]float64
	for i, r := range []roster.Roster{t.Roster, m.Roster} {
		if short[i], err = t.ShortHours(r); err != nil {
			return err
		}
	}
	app.tellMoves(m, short, app.Lang().Pick("in the rest of the day", "in de rest van de dag"))
	if len(m.Moves) > 0 {
		v := t.Version
		whole := roster.Roster{}
		for _, a := range v.Roster().Assignments {
			if a.Date != t.Date {
				whole.Assignments = append(whole.Assignments, a)
			}
		}
		for _, a := range m.Roster.Assignments {
			if a.Date == t.Date {
				whole.Assignments = append(whole.Assignments, a)
			}
		}
		rosterfile.Sort(&v.Problem, &whole)
		if err := app.saveChanged(ctx, v, whole, fmt.Sprintf("%s moved on %s", countText(len(m.Moves), "break"), t.Date)); err != nil {
			return err
		}
	}
	return app.emit(moveTable(m.Moves, app.Lang()))
}

func runMoveBreaks(ctx context.Context, app *App, file string, o moveBreaksOptions) error {
	p, r, err := o.readRoster(ctx, app, file)
	if err != nil {
		return err
	}
	day := app.Today()
	if o.Date != "" {
		if day, err = calendar.ParseDate(o.Date); err != nil {
			return usagef("--date: %w", err)
		}
	}
	if day < p.First || day > p.Last() {
		return usagef("--date %s is not within the roster, %s to %s", day, p.First, p.Last())
	}
	from := day.Start(p.Zone)
	if o.After != "" {
		c, err := calendar.ParseClock(o.After)
		if err != nil {
			return usagef("--after: %w", err)
		}
		from = day.At(c, p.Zone)
	}
	m, err := roster.MoveBreaks(ctx, p, r, moveOptions(day, from, o.PerMove))
	if err != nil {
		return err
	}
	app.tellMoves(m, m.Unmet, app.Lang().Pick("in the whole roster", "in het hele rooster"))
	if o.version != nil && len(m.Moves) > 0 {
		if err := app.saveChanged(ctx, o.version, m.Roster, fmt.Sprintf("%s moved on %s", countText(len(m.Moves), "break"), day)); err != nil {
			return err
		}
	}
	if app.flags.out != "" {
		return app.emit(rosterfile.Table(m.Roster, p.Zone))
	}
	return app.emit(moveTable(m.Moves, app.Lang()))
}

// tellMoves says how many breaks moved and how many agent-hours are short before
// and after, and where.
func (a *App) tellMoves(m *roster.Moved, short [2]float64, where string) {
	a.Infof(a.Lang().Pick("%s moved; agent-hours short %s: %s before, %s after", "%s verschoven; tekort in uren %s: %s voor, %s na"),
		a.count(len(m.Moves), "break", "pauze", "pauzes"), where, a.Lang().Number(short[0], 1), a.Lang().Number(short[1], 1))
}

func moveTable(moves []roster.MovedBreak, lang output.Lang) output.Table {
	t := output.Table{Name: "moves", Title: lang.Pick("Breaks moved", "Verschoven pauzes"), Columns: []output.Column{
		{Name: "agent", Kind: output.Text},
		{Name: "minutes", Title: lang.Pick("minutes", "minuten"), Kind: output.Integer},
		{Name: "before", Title: lang.Pick("before", "voor"), Kind: output.DateTime},
		{Name: "after", Title: lang.Pick("after", "na"), Kind: output.DateTime},
	}}
	for _, b := range moves {
		t.Rows = append(t.Rows, []any{b.Agent, int(b.Length / time.Minute), b.Before, b.After})
	}
	return t
}
