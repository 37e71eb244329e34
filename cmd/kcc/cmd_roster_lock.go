package main

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"kcc/internal/calendar"
	"kcc/internal/flow"
	"kcc/internal/output"
	"kcc/internal/planstore"
	"kcc/internal/rosterfile"
	"kcc/roster"
)

type rosterLockOptions struct {
	From, To, Team string
	Version        int64
	Shifts, List   bool
}

func (o *rosterLockOptions) addDays(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.From, "from", "", "first `DAY` (default: the first of the roster)")
	f.StringVar(&o.To, "to", "", "last `DAY` (default: --from, else the last of the roster)")
	f.StringVar(&o.Team, "team", "", "every agent of this team, `NAME`")
}

func newRosterLockCmd(app *App) *cobra.Command {
	var o rosterLockOptions
	cmd := &cobra.Command{
		Use:   "lock [AGENT...]",
		Short: "Fix cells of a roster, so that later runs keep them",
		Long: "lock fixes what agents do on some days, shifts and days off alike, as the roster in force (or\n" +
			"--version) has it: plan, roster make, repair, swap and suggest then leave these cells alone. The\n" +
			"workbook shows them with !. Without agents and --team it is about everyone; --list shows what is\n" +
			"locked. roster unlock lets go.",
		Example: "  kcc roster lock agent-003 --from 2026-12-24 --to 2026-12-26\n" +
			"  kcc roster lock --team front-1 --from 2026-11-30 --to 2026-12-06 --shifts\n" +
			"  kcc roster lock --list",
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return runRosterLock(cmd.Context(), app, args, o) },
	}
	o.addDays(cmd)
	cmd.Flags().Int64Var(&o.Version, "version", 0, "the roster of this `NUMBER` (default: the one in force)")
	cmd.Flags().BoolVar(&o.Shifts, "shifts", false, "only shifts; days off stay free")
	cmd.Flags().BoolVar(&o.List, "list", false, "show what is locked")
	return cmd
}

func newRosterUnlockCmd(app *App) *cobra.Command {
	var o rosterLockOptions
	cmd := &cobra.Command{
		Use:   "unlock [AGENT...]",
		Short: "Let go of cells that were locked",
		Long:  "unlock lets later runs change cells again that roster lock, or a ! in a workbook, had fixed.",
		Example: "  kcc roster unlock agent-003 --from 2026-12-24 --to 2026-12-26\n" +
			"  kcc roster unlock",
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return runRosterUnlock(cmd.Context(), app, args, o) },
	}
	o.addDays(cmd)
	return cmd
}

// span reads the days of the flags; first and last are those of the roster.
func (o *rosterLockOptions) span(first, last calendar.Date) (from, to calendar.Date, err error) {
	from, to = first, last
	if o.From != "" {
		if from, err = calendar.ParseDate(o.From); err != nil {
			return 0, 0, usagef("--from: %w", err)
		}
		to = from
	}
	if o.To != "" {
		if to, err = calendar.ParseDate(o.To); err != nil {
			return 0, 0, usagef("--to: %w", err)
		}
	}
	if to < from {
		return 0, 0, usagef("--to %s: want a day on or after %s", to, from)
	}
	return from, to, nil
}

// chosen returns the agents that the arguments and the team name.
func (o *rosterLockOptions) chosen(agents []roster.Agent, args []string) ([]string, error) {
	for _, id := range args {
		if !slices.ContainsFunc(agents, func(a roster.Agent) bool { return a.ID == id }) {
			return nil, usagef("%s is not one of the agents", id)
		}
	}
	var out []string
	for i := range agents {
		a := &agents[i]
		if slices.Contains(args, a.ID) || o.Team != "" && a.Team == o.Team || o.Team == "" && len(args) == 0 {
			out = append(out, a.ID)
		}
	}
	if len(out) == 0 {
		return nil, usagef("--team %s: no agent is in it", o.Team)
	}
	return out, nil
}

func runRosterLock(ctx context.Context, app *App, args []string, o rosterLockOptions) error {
	v, err := app.version(ctx, o.Version)
	if err != nil {
		return err
	}
	s, err := app.site(ctx)
	if err != nil {
		return err
	}
	from, to, err := o.span(v.First, v.Last())
	if err != nil {
		return err
	}
	if o.List {
		return app.listLocks(ctx, s, from, to)
	}
	if to < v.First || from > v.Last() {
		return usagef("%s to %s is not within the roster, %s to %s", from, to, v.First, v.Last())
	}
	ids, err := o.chosen(v.Problem.Agents, args)
	if err != nil {
		return err
	}
	works := map[string]map[calendar.Date]roster.Assignment{}
	for _, a := range v.Roster().Assignments {
		if works[a.Agent] == nil {
			works[a.Agent] = map[calendar.Date]roster.Assignment{}
		}
		works[a.Agent][a.Date] = a
	}
	var cells []roster.Cell
	for _, id := range ids {
		for d := max(from, v.First); d <= min(to, v.Last()); d++ {
			a, ok := works[id][d]
			if !ok && o.Shifts {
				continue
			}
			cells = append(cells, roster.Cell{Agent: id, Date: d, Off: !ok, Assignment: a})
		}
	}
	if app.flags.dryRun {
		app.Infof(app.Lang().Pick("dry run: would lock %s", "proef: zou %s vastzetten"), app.count(len(cells), "cell", "cel", "cellen"))
		return nil
	}
	if err := planstore.LockCells(ctx, s.DB, cells, s.Now); err != nil {
		return err
	}
	app.Infof(app.Lang().Pick("locked %s of roster %d: %s, %s to %s", "%s van rooster %d vastgezet: %s, %s tot en met %s"), app.count(len(cells), "cell", "cel", "cellen"), v.ID, app.count(len(ids), "agent", "medewerker", "medewerkers"), max(from, v.First), min(to, v.Last()))
	return nil
}

func (a *App) listLocks(ctx context.Context, s *flow.Site, from, to calendar.Date) error {
	list, err := s.Locks(ctx, from, to)
	if err != nil {
		return err
	}
	t := output.Table{Name: "locks", Title: a.Lang().Pick("Locked cells", "Vastgezette cellen"), Columns: []output.Column{
		{Name: "agent", Kind: output.Text}, {Name: "date", Kind: output.Date}, {Name: "cell", Kind: output.Text}, {Name: "breaks", Kind: output.Text},
	}}
	for i := range list {
		c := &list[i]
		row := []any{c.Agent, c.Date, "-", ""}
		if !c.Off {
			row[2], row[3] = shiftText(&c.Assignment, a.zone), rosterfile.FormatPlaced(c.Assignment, a.zone)
		}
		t.Rows = append(t.Rows, row)
	}
	a.Infof(a.Lang().Pick("%s locked from %s to %s", "%s vastgezet van %s tot en met %s"), a.count(len(list), "cell", "cel", "cellen"), from, to)
	return a.emit(t)
}

func runRosterUnlock(ctx context.Context, app *App, args []string, o rosterLockOptions) error {
	s, err := app.site(ctx)
	if err != nil {
		return err
	}
	agents, err := planstore.LoadAgents(ctx, s.DB)
	if err != nil {
		return err
	}
	from, to, err := o.span(calendar.NewDate(1970, 1, 1), calendar.NewDate(9999, 12, 31))
	if err != nil {
		return err
	}
	ids, err := o.chosen(agents, args)
	if err != nil {
		return err
	}
	if app.flags.dryRun {
		app.Infof(app.Lang().Pick("dry run: would let go of what is locked for %s", "proef: zou vrijgeven wat vaststaat voor %s"), app.count(len(ids), "agent", "medewerker", "medewerkers"))
		return nil
	}
	total := int64(0)
	if len(args) == 0 && o.Team == "" {
		ids = []string{""} // also cells of agents who have left
	}
	for _, id := range ids {
		n, err := planstore.UnlockCells(ctx, s.DB, id, from, to)
		if err != nil {
			return err
		}
		total += n
	}
	app.Infof(app.Lang().Pick("unlocked %s", "%s vrijgegeven"), app.count(int(total), "cell", "cel", "cellen"))
	return nil
}
