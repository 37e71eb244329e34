package main

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"kcc/contacts"
	"kcc/contacts/importer"
	"kcc/internal/output"
	"kcc/internal/store"
)

func newImportLogCmd(app *App) *cobra.Command {
	var limit int
	cmd := &cobra.Command{
		Use: "log", Short: "List what was imported, run by run", Args: cobra.NoArgs,
		Example: "  kcc import log\n  kcc import log --limit 20 --format json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			db, err := app.DB(cmd.Context())
			if err != nil {
				return err
			}
			list, err := importer.Log(cmd.Context(), db, limit)
			if err != nil {
				return err
			}
			t := output.Table{Title: "Imports", Columns: []output.Column{
				{Name: "run", Kind: output.Integer},
				{Name: "imported_at", Kind: output.DateTime},
				{Name: "file"},
				{Name: "source"},
				{Name: "kind"},
				{Name: "rows_read", Kind: output.Integer},
				{Name: "rows_imported", Kind: output.Integer},
				{Name: "rows_duplicate", Kind: output.Integer},
				{Name: "rows_updated", Kind: output.Integer},
				{Name: "rows_skipped", Kind: output.Integer},
				{Name: "rows_rejected", Kind: output.Integer},
				{Name: "first", Kind: output.DateTime},
				{Name: "last", Kind: output.DateTime},
				{Name: "undone_at", Kind: output.DateTime},
			}}
			for _, e := range list {
				c := e.Counts
				t.Rows = append(t.Rows, []any{e.Run, e.Imported, e.File, e.Source, string(e.Kind), c.Read, c.Imported, c.Duplicate, c.Updated, c.Skipped, c.Rejected, e.First, e.Last, e.Undone})
			}
			return app.emit(t)
		},
	}
	cmd.Flags().IntVar(&limit, "limit", 100, "at most `N` files, 0 is all")
	return cmd
}

func newImportUndoCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use: "undo RUN", Short: "Take back an import: its rows go, what it changed returns", Args: cobra.ExactArgs(1),
		Long:    "undo removes the rows of a run (kcc import log shows the numbers) and puts back the rows that it\nchanged or replaced. A run whose rows a later one changed can be undone only after that one.",
		Example: "  kcc import log\n  kcc import undo 12",
		RunE:    func(cmd *cobra.Command, args []string) error { return runImportUndo(cmd.Context(), app, args[0]) },
	}
}

func runImportUndo(ctx context.Context, app *App, arg string) error {
	run, err := strconv.ParseInt(arg, 10, 64)
	if err != nil || run < 1 {
		return usagef("run %q: want a number of kcc import log", arg)
	}
	db, err := app.DB(ctx)
	if err != nil {
		return err
	}
	if app.flags.dryRun {
		app.Infof("dry run: run %d is not undone", run)
		return nil
	}
	gone, back, err := importer.Undo(ctx, db, run, app.Clock())
	if errors.Is(err, importer.ErrNoRun) {
		return withHint(err, "kcc import log lists the runs")
	}
	if err != nil {
		return err
	}
	app.Infof("undone run %d: %s rows removed, %s put back", run, app.Lang().Int(gone), app.Lang().Int(back))
	return nil
}

func newImportMapCmd(app *App) *cobra.Command {
	var remove bool
	cmd := &cobra.Command{
		Use: "map [QUEUE CHANNEL [SUBJECT]]", Short: "Rules from queues and skills to channel and subject", Args: cobra.MaximumNArgs(3),
		Long: "map without arguments lists the queues of every import and what they stand for, unknown ones first.\n" +
			"With arguments it adds a rule; QUEUE may be a pattern with * and ?. Rows that were imported before follow.\n" +
			"CHANNEL - keeps the channel and sets the subject alone.",
		Example: "  kcc import map\n  kcc import map 'Burgerzaken*' phone burgerzaken\n  kcc import map 'Livechat' chat\n  kcc import map --remove 'Livechat'",
		RunE:    func(cmd *cobra.Command, args []string) error { return runImportMap(cmd.Context(), app, args, remove) },
	}
	cmd.Flags().BoolVar(&remove, "remove", false, "remove the rule")
	return cmd
}

func runImportMap(ctx context.Context, app *App, args []string, remove bool) error {
	db, err := app.DB(ctx)
	if err != nil {
		return err
	}
	switch {
	case remove && len(args) == 1:
		if app.flags.dryRun {
			app.Infof("dry run: the rule for %s stays", args[0])
			return nil
		}
		return importer.RemoveRule(ctx, db, args[0])
	case remove:
		return usagef("import map --remove: want the queue of one rule")
	case len(args) == 1:
		return usagef("import map %s: want a channel too", args[0])
	case len(args) > 1:
		r := importer.QueueRule{Pattern: args[0], Channel: args[1]}
		if r.Channel == "-" {
			r.Channel = ""
		}
		if len(args) == 3 {
			r.Subject = args[2]
		}
		if app.flags.dryRun {
			app.Infof("dry run: no rule for %s is set", r.Pattern)
			return nil
		}
		n, err := importer.SetRule(ctx, db, r)
		if err != nil {
			return err
		}
		app.Infof("rule set; %d queues changed", n)
		return nil
	}
	queues, err := importer.Queues(ctx, db)
	if err != nil {
		return err
	}
	rules, err := importer.Rules(ctx, db)
	if err != nil {
		return err
	}
	t := output.Table{Title: "Queues", Columns: []output.Column{
		{Name: "source"}, {Name: "queue"}, {Name: "channel"}, {Name: "subject"}, {Name: "known", Kind: output.Bool}, {Name: "rows", Kind: output.Integer},
	}}
	for _, q := range queues {
		t.Rows = append(t.Rows, []any{q.Source, q.Name, q.Channel, q.Subject, q.Known, q.Rows})
	}
	r := output.Table{Title: "Rules", Columns: []output.Column{{Name: "pattern"}, {Name: "channel"}, {Name: "subject"}}}
	for _, x := range rules {
		r.Rows = append(r.Rows, []any{x.Pattern, x.Channel, x.Subject})
	}
	if app.flags.format == "csv" || len(rules) == 0 {
		return app.emit(t)
	}
	return app.emit(t, r)
}

func newImportTemplateCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use: "template FILE", Short: "Write a workbook that can be filled in by hand", Args: cobra.ExactArgs(1),
		Long:    "template writes an Excel workbook with a sheet for figures per interval and one for single contacts,\nwith lists to choose from. Filled in, kcc import reads it without any flag.",
		Example: "  kcc import template contacts.xlsx\n  kcc import template contacten.xlsx --lang nl",
		RunE: func(_ *cobra.Command, args []string) error {
			f, err := output.FormatOf(args[0])
			if err != nil || f != output.XLSX {
				return usagef("import template %s: want a file name that ends in .xlsx", args[0])
			}
			return app.writeFile(args[0], func(w io.Writer, _ output.Format) error {
				return importer.Template(w, app.Lang() == "nl")
			})
		},
	}
}

func newImportProfileCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use: "profile", Short: "List the import profiles, shipped and saved", Args: cobra.NoArgs,
		Example: "  kcc import profile",
		RunE: func(cmd *cobra.Command, _ []string) error {
			db, err := app.DB(cmd.Context())
			if err != nil && !errors.Is(err, store.ErrNoStore) {
				return err
			}
			list, err := importer.Profiles(cmd.Context(), db)
			if err != nil {
				return err
			}
			t := output.Table{Title: "Profiles", Columns: []output.Column{
				{Name: "name"}, {Name: "shipped", Kind: output.Bool}, {Name: "about"}, {Name: "kind"}, {Name: "date_order"}, {Name: "decimal"}, {Name: "delimiter"}, {Name: "file_zone"},
			}}
			for _, p := range list {
				t.Rows = append(t.Rows, []any{p.Name, p.Shipped, p.About, string(p.Kind), p.DateOrder, p.Decimal, p.Delimiter, p.FileZone})
			}
			return app.emit(t)
		},
	}
}

func newImportPreferCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use: "prefer [SOURCE]", Short: "Let a source count before the others where they overlap", Args: cobra.MaximumNArgs(1),
		Long: "Of a channel and day the figures of one source count. prefer puts SOURCE in front of the others; without\n" +
			"SOURCE it lists which sources are left out on which days, as another counts there.",
		Example: "  kcc import prefer\n  kcc import prefer genesys",
		RunE: func(cmd *cobra.Command, args []string) error {
			db, err := app.DB(cmd.Context())
			if err != nil {
				return err
			}
			if len(args) == 0 {
				return app.emitOverlaps(cmd.Context(), db)
			}
			if app.flags.dryRun {
				app.Infof("dry run: the order of the sources stays")
				return nil
			}
			return importer.Prefer(cmd.Context(), db, args[0])
		},
	}
}

// emitOverlaps lists the sources that are left out.
func (a *App) emitOverlaps(ctx context.Context, db *sql.DB) error {
	list, err := contacts.Overlaps(ctx, db)
	if err != nil {
		return err
	}
	l := a.Lang()
	t := output.Table{Name: "overlaps", Title: l.Pick("Sources that are left out", "Bronnen die niet meetellen"), Columns: []output.Column{
		{Name: "channel", Title: l.Pick("Channel", "Kanaal")},
		{Name: "source", Title: l.Pick("Left out", "Telt niet mee")},
		{Name: "counts", Title: l.Pick("Counts", "Telt wel")},
		{Name: "first", Title: l.Pick("First day", "Eerste dag"), Kind: output.Date},
		{Name: "last", Title: l.Pick("Last day", "Laatste dag"), Kind: output.Date},
		{Name: "days", Title: l.Pick("Days", "Dagen"), Kind: output.Integer},
	}}
	for _, o := range list {
		t.Rows = append(t.Rows, []any{o.Channel, o.Source, o.For, o.First, o.Last, o.Days})
	}
	return a.emit(t)
}
