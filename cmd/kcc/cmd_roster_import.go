package main

import (
	"context"

	"github.com/spf13/cobra"

	"kcc/internal/flow"
)

func newRosterImportCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "import FILE...",
		Short: "Load agents, availability and shifts into the store",
		Long: "import reads the files of the team (CSV, TSV or XLSX) and puts them in the place of what the\n" +
			"store has: agents (column contract_hours), availability (columns agent, kind), shifts (column\n" +
			"earliest_start). What a file holds follows from its columns; - is stdin.",
		Example: "  kcc roster import agents.csv availability.csv shifts.csv\n" +
			"  kcc roster import leave.xlsx\n" +
			"  kcc roster import agents.csv --dry-run",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runRosterImport(cmd.Context(), app, args) },
	}
}

func runRosterImport(ctx context.Context, app *App, paths []string) error {
	db, err := app.DB(ctx)
	if err != nil {
		return err
	}
	known, err := flow.StoredTeam(ctx, db)
	if err != nil {
		return err
	}
	team, err := flow.ReadTeam(paths, app.In, known, app.Zone())
	if err != nil {
		return err
	}
	verb := "loaded"
	if app.flags.dryRun {
		verb = "dry run: would load"
	} else if err := flow.SaveTeam(ctx, db, team); err != nil {
		return err
	}
	app.Infof("%s %s, %s and %s of availability", verb, countText(len(team.Agents), "agent"), countText(len(team.Shifts), "shift"), countText(len(team.Availability), "row"))
	return nil
}
