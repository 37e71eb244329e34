package main

import "github.com/spf13/cobra"

// newRosterCmd builds the commands around rosters.
func newRosterCmd(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "roster",
		Short: "Make, check and solve rosters",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newRosterTemplateCmd(app), newRosterImportCmd(app), newRosterMakeCmd(app), newRosterCheckCmd(app), newRosterExplainCmd(app), newRosterSuggestCmd(app),
		newRosterRepairCmd(app), newRosterSwapCmd(app), newRosterDiffCmd(app), newRosterFairnessCmd(app), newRosterSolveCmd(app), newRosterGenerateCmd(app),
		newRosterShowCmd(app), newRosterPublishCmd(app), newRosterLockCmd(app), newRosterUnlockCmd(app), newRosterMoveBreaksCmd(app), newRosterLeaveCmd(app), newRosterExportCmd(app), newRosterShiftsCmd(app))
	return cmd
}
