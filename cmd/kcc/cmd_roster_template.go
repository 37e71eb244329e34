package main

import (
	"io"

	"github.com/spf13/cobra"

	"kcc/internal/output"
	"kcc/internal/rosterfile"
)

func newRosterTemplateCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "template",
		Short: "Write the workbook in which a planner keeps the team",
		Long: "template writes a workbook with a sheet each for agents, contracts, skills, availability, leave,\n" +
			"wishes, shifts, rotations, appointments and meetings or training, with examples, lists to choose from and\n" +
			"an explanation. Fill it in and load it with roster import. --lang picks the language of the\n" +
			"headings; both are read back. Default file: team.xlsx.",
		Example: "  kcc roster template\n" +
			"  kcc roster template --lang nl -o ploeg.xlsx",
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			path := app.flags.out
			if path == "" {
				path = "team.xlsx"
			}
			return app.writeFile(path, func(w io.Writer, f output.Format) error {
				if f != output.XLSX {
					return usagef("--out %s: the template is a workbook: want a name that ends in .xlsx", path)
				}
				return rosterfile.WriteTemplate(w, app.Today().Monday().Add(7), app.outputOptions())
			})
		},
	}
}
