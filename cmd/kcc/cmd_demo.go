package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"kcc/contacts/outbound"
	"kcc/internal/calendar"
	"kcc/internal/config"
	"kcc/internal/demo"
	"kcc/internal/flow"
	"kcc/kb"
)

// demoWeeks is how far the demo plans.
const demoWeeks = 4

// maxDemoAgents keeps the files of a demo at a size that a laptop can work with.
const maxDemoAgents = 2000

// demoOptions are the flags of demo.
type demoOptions struct {
	Effort int
	Force  bool
	Agents int
}

func newDemoCmd(app *App) *cobra.Command {
	var o demoOptions
	cmd := &cobra.Command{
		Use:   "demo [DIR]",
		Short: "Make up a municipal contact centre and plan its coming weeks",
		Long: "demo writes the files of a made-up municipal contact centre into DIR (default demo-centre): its\n" +
			"description, two years of contacts on eight channels, a register of one contact in five of the last\n" +
			"fourteen weeks, a knowledge base, a calling list, a team of 60 with what they did in the last\n" +
			"four weeks, and a shift catalogue. Then it\n" +
			"does what a planner does: it makes a store, imports the files, forecasts, staffs, rosters four\n" +
			"weeks, writes the workbook, publishes the roster and shows how it would be repaired if somebody fell ill. The same seed gives the same bytes. Nobody in it exists.",
		Example: "  kcc demo\n  kcc demo my-demo --seed 7 --lang nl\n  kcc demo my-demo --effort 2000\n  kcc demo big --agents 500 --effort 1",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := "demo-centre"
			if len(args) > 0 {
				dir = args[0]
			}
			return runDemo(cmd.Context(), app, dir, o)
		},
	}
	cmd.Flags().IntVar(&o.Effort, "effort", 0, "search for `N` re-insertions per agent (default by size)")
	cmd.Flags().IntVar(&o.Agents, "agents", demo.TeamSize, "a team of `N` agents, with contacts in proportion")
	cmd.Flags().BoolVar(&o.Force, "force", false, "make the demo anew where there is one")
	return cmd
}

func runDemo(ctx context.Context, app *App, dir string, o demoOptions) error {
	if o.Agents < 1 || o.Agents > maxDemoAgents {
		return usagef("--agents: %d, want 1 to %d", o.Agents, maxDemoAgents)
	}
	if app.flags.now == "" {
		noon := flow.DemoToday().At(12*60, app.zone)
		app.Clock = func() time.Time { return noon }
	}
	db := filepath.Join(dir, config.DefaultStore)
	if fileExists(db) {
		if !o.Force {
			return withHint(fmt.Errorf("%s exists already", db), "name another folder, or make it anew with --force")
		}
		if !app.flags.dryRun {
			if err := removeStore(db); err != nil {
				return err
			}
		}
	}
	if app.flags.dryRun {
		app.Infof("dry run: would write a made-up centre into %s, import it and plan %d weeks from %s", dir, demoWeeks, flow.PlanStart(app.Today()))
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	files, err := demo.Write(dir, app.Today(), demoWeeks, o.Agents, app.zone, app.flags.seed)
	if err != nil {
		return err
	}
	app.Infof("wrote the history of %s from %s to %s, a team and shifts into %s", countText(len(files.History), "channel"), files.First, files.Last, dir)
	out := app.flags.out
	app.config.Set("db", db, "demo")
	steps := []func() error{
		func() error { return runInit(ctx, app, dir) },
		func() error { return runImport(ctx, app, files.History, importOptions{}) },
		func() error {
			return runImport(ctx, app, []string{files.Contacts}, importOptions{Source: demo.RegisterSource, Beside: true, KeepAgents: true}) // none of them exists
		},
		func() error { return runImport(ctx, app, []string{files.States}, importOptions{KeepAgents: true}) },
		func() error { return runDemoWork(ctx, app, files.HandOffs) },
		func() error { return runDemoCalls(ctx, app, files.Arrears) },
		func() error { return flow.NoteDemo(ctx, app.db, files.Last) },
		func() error { return runKbImport(ctx, app, files.Articles, kb.ImportOptions{State: kb.Published}) },
		func() error {
			return runRosterImport(ctx, app, []string{files.Agents, files.Availability, files.Shifts}, rosterImportOptions{})
		},
	}
	app.flags.out = ""
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	app.flags.out = out
	if out == "" {
		app.flags.out = filepath.Join(dir, planFile(flow.PlanStart(app.Today())))
	}
	path, err := runPlan(ctx, app, planOptions{Weeks: demoWeeks, Effort: o.Effort})
	app.flags.out = ""
	if err == nil {
		err = runDemoLife(ctx, app)
	}
	if path != "" && fileExists(path) {
		app.Infof("the roster workbook is %s; try \"kcc --db %s forecast explain\" next", path, db)
	}
	return err
}

// runDemoWork registers the work that the contacts of the demo left with
// departments, and what became of it.
func runDemoWork(ctx context.Context, app *App, list []demo.HandOff) error {
	d, err := app.desk(ctx)
	if err != nil {
		return err
	}
	d.By = "demo"
	n, err := d.Replay(ctx, flow.DemoWork(list))
	if err != nil {
		return err
	}
	app.Infof("registered %s with their promises", countText(n, "hand-off"))
	return nil
}

// runDemoCalls makes the campaign of the demo and loads its list.
func runDemoCalls(ctx context.Context, app *App, list string) error {
	d, err := app.calls(ctx)
	if err != nil {
		return err
	}
	if _, err := d.AddCampaign(ctx, outbound.Campaign{Name: demo.ArrearsCampaign, Kind: outbound.Arrears, Hours: "mo-fr 09:00-12:00 13:00-17:00"}); err != nil {
		return err
	}
	return runOutboundImport(ctx, app, list, demo.ArrearsCampaign)
}

// removeStore deletes a store with the files that SQLite keeps beside it.
func removeStore(path string) error {
	for _, end := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(path + end); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("demo: %w", err)
		}
	}
	return nil
}

// planFile names the workbook of a plan by its first week.
func planFile(first calendar.Date) string {
	year, week := first.ISOWeek()
	return fmt.Sprintf("roster-%d-W%02d.xlsx", year, week)
}
