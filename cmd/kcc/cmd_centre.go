package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kcc/internal/calendar"
	"kcc/internal/centre"
	"kcc/internal/output"
	"kcc/internal/planstore"
)

func newCentreCmd(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "centre",
		Short: "The description of the centre: channels, hours, targets, subjects, costs",
		Long: "The description is a TOML file or a workbook. The store is the truth: each import is a version\n" +
			"with a day from which it is valid. With --centre FILE a command uses a file instead.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newCentreImportCmd(app), newCentreExportCmd(app), newCentreShowCmd(app), newCentreEstimateCmd(app))
	return cmd
}

func newCentreImportCmd(app *App) *cobra.Command {
	var from string
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Load a description into the store as a new version",
		Long: "import reads FILE (TOML or XLSX, told apart by content), lists every mistake with its key, and\n" +
			"stores it as a version that is valid from --from on. A dry run shows what would change.",
		Example: "  kcc centre import centre.toml\n  kcc centre import centre.xlsx --from 2027-01-01\n  kcc centre import centre.toml --dry-run",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runCentreImport(cmd.Context(), app, args[0], from)
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "valid from `DATE` on (default today)")
	return cmd
}

func runCentreImport(ctx context.Context, app *App, path, from string) error {
	day := app.Today()
	if from != "" {
		d, err := calendar.ParseDate(from)
		if err != nil {
			return usagef("--from: %w", err)
		}
		day = d
	}
	var c *centre.Centre
	var err error
	if path == "-" {
		var text []byte
		if text, err = io.ReadAll(app.In); err == nil {
			c, err = parseCentre("stdin", text)
		}
	} else {
		c, err = readCentreFile(path)
	}
	if err != nil {
		return err
	}
	db, err := app.DB(ctx)
	if err != nil {
		return err
	}
	before, _, err := planstore.LoadCentre(ctx, db, day)
	if err != nil && !errors.Is(err, planstore.ErrNoCentre) {
		return err
	}
	changes := centre.Diff(before, c)
	if app.flags.dryRun {
		app.Infof("dry run: %d keys would change from %s on", len(changes), day)
		return app.emit(centre.ChangeTable(changes, app.Lang()))
	}
	if before != nil && len(changes) > 0 {
		app.Infof("%d keys change; \"kcc centre show versions\" lists the versions", len(changes))
	}
	source := path
	if path != "-" {
		source = filepath.Base(path)
	}
	return app.loadCentre(ctx, c, source, day)
}

func newCentreExportCmd(app *App) *cobra.Command {
	var on string
	cmd := &cobra.Command{
		Use:     "export",
		Short:   "Write the description to a TOML file or a workbook",
		Long:    "export writes the description of today, or of another day, to --out (.toml or .xlsx), or as TOML\nto stdout. What is exported can be edited and imported again.",
		Example: "  kcc centre export -o centre.xlsx\n  kcc centre export > centre.toml\n  kcc centre export --on 2027-01-01 -o next-year.toml",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runCentreExport(cmd.Context(), app, on) },
	}
	cmd.Flags().StringVar(&on, "on", "", "the version that is valid on `DATE` (default today)")
	return cmd
}

func runCentreExport(ctx context.Context, app *App, on string) error {
	if app.flags.format != "" {
		return usagef("centre export: the extension of --out picks the form, toml or xlsx; --format does not apply")
	}
	c, err := app.centreAt(ctx, on)
	if err != nil {
		return err
	}
	out := app.flags.out
	write := c.WriteTOML
	switch ext := strings.ToLower(filepath.Ext(out)); {
	case out == "" || out == "-":
		return c.WriteTOML(app.Out)
	case ext == ".xlsx":
		write = c.WriteXLSX
	case ext != ".toml":
		return usagef("centre export: file %q: want the extension toml or xlsx", out)
	}
	if app.flags.dryRun {
		app.Infof("dry run: %s is not written", out)
		return nil
	}
	if err := output.WriteFile(out, write); err != nil {
		return err
	}
	app.Infof("wrote %s", out)
	return nil
}

// centreAt returns the description of a day given as a flag.
func (a *App) centreAt(ctx context.Context, on string) (*centre.Centre, error) {
	if on == "" {
		return a.Centre(ctx)
	}
	day, err := calendar.ParseDate(on)
	if err != nil {
		return nil, usagef("--on: %w", err)
	}
	return a.CentreOn(ctx, day)
}

// versionsPart is the part of centre show that lists the loads.
const versionsPart = "versions"

func newCentreShowCmd(app *App) *cobra.Command {
	var on string
	cmd := &cobra.Command{
		Use:   "show [PART]",
		Short: "Show the description, or one part of it",
		Long: "show prints the description as tables. PART is one of settings, channels, departments, subjects,\n" +
			"segments, days (closed and special days), or versions: every load of the description.",
		Example:   "  kcc centre show\n  kcc centre show channels --format csv\n  kcc centre show versions\n  kcc centre show --centre centre.toml",
		Args:      cobra.MatchAll(cobra.MaximumNArgs(1), cobra.OnlyValidArgs),
		ValidArgs: append(centre.Parts(), versionsPart),
		RunE: func(cmd *cobra.Command, args []string) error {
			part := ""
			if len(args) > 0 {
				part = args[0]
			}
			return runCentreShow(cmd.Context(), app, part, on)
		},
	}
	cmd.Flags().StringVar(&on, "on", "", "the version that is valid on `DATE` (default today)")
	return cmd
}

func runCentreShow(ctx context.Context, app *App, part, on string) error {
	if part == versionsPart {
		return runCentreVersions(ctx, app)
	}
	c, err := app.centreAt(ctx, on)
	if err != nil {
		return err
	}
	tables := c.Tables(app.Lang())
	if part == "" {
		tables = slices.DeleteFunc(tables, func(t output.Table) bool { return len(t.Rows) == 0 })
	} else {
		tables = slices.DeleteFunc(tables, func(t output.Table) bool { return t.Name != part })
	}
	return app.emit(tables...)
}

func runCentreVersions(ctx context.Context, app *App) error {
	db, err := app.DB(ctx)
	if err != nil {
		return err
	}
	all, err := planstore.CentreVersions(ctx, db)
	if err != nil {
		return err
	}
	t := output.Table{Name: versionsPart, Columns: []output.Column{
		{Name: "version", Kind: output.Integer},
		{Name: "valid_from", Kind: output.Date},
		{Name: "loaded", Kind: output.DateTime},
		{Name: "source"},
		{Name: "sha256"},
	}}
	for _, v := range all {
		t.Rows = append(t.Rows, []any{v.ID, v.ValidFrom, v.Loaded, v.Source, v.Hash})
	}
	return app.emit(t)
}

// fileExists reports whether there is something at path.
func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
