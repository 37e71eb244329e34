package main

import (
	"time"

	"github.com/spf13/cobra"

	"kcc/contacts/kpi"
	"kcc/internal/staffing"
	"kcc/internal/tabular"
)

func newErlangEstimateCmd(app *App) *cobra.Command {
	var in string
	short := durationValue(kpi.DefaultShort)
	cmd := &cobra.Command{
		Use:   "estimate",
		Short: "Estimate patience and handle times from a file of history",
		Long: "estimate reads contacts (wait_s, handle_s or aht_s, outcome or abandoned, and start and agent where\n" +
			"agents hold several at once) or intervals (offered, abandoned, wait_s, aht_s) and gives per channel\n" +
			"what kcc staff asks for: patience, handle time, and how it grows with the contacts at once. In\n" +
			"intervals the wait of those who left is not known; they are taken to have waited like the others.\n" +
			"kcc centre estimate does so from the history in the store.",
		Example: "  kcc erlang estimate --in calls.csv\n  kcc erlang estimate --in chats.csv --short 10s --format json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if in == "" {
				return usagef("--in FILE is missing")
			}
			r, err := tabular.OpenFile(in, app.In, tabular.Options{})
			if err != nil {
				return err
			}
			defer r.Close()
			seconds := time.Duration(short).Seconds()
			es, bad, err := staffing.Estimate(cmd.Context(), r, seconds, app.Zone())
			if bad != nil {
				app.warnRejected(bad)
			}
			if err != nil {
				return err
			}
			if err := app.emit(staffing.EstimateTable(es, seconds)); err != nil {
				return err
			}
			if bad.Count > 0 {
				return partialf("%d rows could not be read and were left out", bad.Count)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&in, "in", "", "history from `FILE` (CSV, TSV or XLSX; - is stdin)")
	cmd.Flags().Var(&short, "short", "leaving sooner than this is a misdial and left out")
	return cmd
}
