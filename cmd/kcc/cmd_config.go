package main

import (
	"strings"

	"github.com/spf13/cobra"

	"kcc/internal/config"
	"kcc/internal/output"
)

func newConfigCmd(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "The settings of kcc",
		Long: "Settings come from flags, the environment (KCC_DB, KCC_LANG, ...), kcc.toml and defaults, in that\n" +
			"order. kcc.toml is read from the working folder, or from --config or KCC_CONFIG.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(&cobra.Command{
		Use:     "show",
		Short:   "Show each setting and where its value comes from",
		Long:    "show lists every setting with its value and origin: a flag, an environment variable, the settings\nfile, or default.",
		Example: "  kcc config show\n  kcc config show --format json",
		Args:    cobra.NoArgs,
		RunE:    func(*cobra.Command, []string) error { return runConfigShow(app) },
	})
	return cmd
}

func runConfigShow(app *App) error {
	t := output.Table{Name: "settings", Columns: []output.Column{{Name: "key"}, {Name: "value"}, {Name: "origin"}, {Name: "note"}}}
	for _, s := range config.Settings() {
		origin := app.config.Origin(s.Key)
		if strings.HasPrefix(origin, "--") {
			origin = "flag " + origin
		}
		t.Rows = append(t.Rows, []any{s.Key, app.config.Text(s.Key), origin, s.Note})
	}
	return app.emit(t)
}
