package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"kcc/contacts/kpi"
	"kcc/contacts/register"
	"kcc/internal/output"
	"kcc/internal/planstore"
	"kcc/internal/store"
)

func newBackupCmd(app *App) *cobra.Command {
	var force bool
	cmd := &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the store to FILE while it is in use",
		Long: "backup writes a consistent and checked copy of the store to FILE, while others read and write.\n" +
			"An older backup of that name is replaced when the copy is whole. The key of the personal data\n" +
			"(kcc.key) is not in it: keep that apart.",
		Example: "  kcc backup /mnt/backup/kcc.db\n  kcc backup nightly.db --db /srv/kcc/kcc.db --quiet",
		Args:    cobra.ExactArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return runBackup(cmd.Context(), app, args[0], force) },
	}
	cmd.Flags().BoolVar(&force, "force", false, "replace FILE also when it is something else than a store")
	return cmd
}

func runBackup(ctx context.Context, app *App, path string, force bool) error {
	db, err := app.InspectDB(ctx)
	if err != nil {
		return err
	}
	if err := folderThere(path); err != nil {
		return err
	}
	st, err := os.Stat(path)
	switch {
	case err == nil && st.IsDir():
		return usagef("backup: %s is a folder: want the name of a file", path)
	case err == nil && st.Size() > 0 && !force:
		if sameFile(path, app.config.DB) {
			return usagef("backup: %s is the store itself", path)
		}
		if old, err := store.Open(ctx, path, store.Options{Inspect: true}); err == nil {
			old.Close()
		} else if errors.Is(err, store.ErrNoStore) {
			return withHint(usagef("backup: %s is something else than a store", path), "--force replaces it all the same")
		}
	case err == nil && sameFile(path, app.config.DB):
		return usagef("backup: %s is the store itself", path)
	}
	if app.flags.dryRun {
		app.Infof("dry run: %s is not written", path)
		return nil
	}
	if err := store.Backup(ctx, db, path); err != nil {
		return err
	}
	st, err = os.Stat(path)
	if err != nil {
		return err
	}
	app.Infof("wrote %s, %s bytes; the key of the personal data is not in it", path, app.Lang().Int(st.Size()))
	return nil
}

func newRestoreCmd(app *App) *cobra.Command {
	var force bool
	cmd := &cobra.Command{
		Use:   "restore FILE",
		Short: "Put a backup in the place of the store",
		Long: "restore checks FILE and makes it the store. A store that is there is replaced only with --force;\n" +
			"it is kept beside as kcc.db.before-restore (or kcc.db.damaged). Other runs may have it open.",
		Example: "  kcc restore /mnt/backup/kcc.db\n  kcc restore /mnt/backup/kcc.db --force",
		Args:    cobra.ExactArgs(1),
		RunE:    func(cmd *cobra.Command, args []string) error { return runRestore(cmd.Context(), app, args[0], force) },
	}
	cmd.Flags().BoolVar(&force, "force", false, "replace the store that is there")
	return cmd
}

func runRestore(ctx context.Context, app *App, from string, force bool) error {
	path := app.config.DB
	if !fileExists(from) {
		return fmt.Errorf("restore: there is no file %s", from)
	}
	if app.flags.dryRun {
		db, err := store.Open(ctx, from, store.Options{Inspect: true})
		if err != nil {
			return err
		}
		defer db.Close()
		found, err := store.Check(ctx, db)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			return fmt.Errorf("restore: %s: %w: %s", from, store.ErrDamaged, found[0].Detail)
		}
		app.Infof("dry run: %s is sound; %s is left as it is", from, path)
		return nil
	}
	existed := fileExists(path)
	err := store.Restore(ctx, from, path, force, app.storeOptions(store.Options{}))
	if errors.Is(err, fs.ErrExist) {
		return withHint(usagef("restore: there is a store at %s already", path), "--force replaces it and keeps it as %s.before-restore", path)
	}
	if err != nil {
		return err
	}
	if existed {
		app.Infof("restored %s from %s; what was there is kept beside it", path, from)
	} else {
		app.Infof("restored %s from %s", path, from)
	}
	return nil
}

func newCheckCmd(app *App) *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Check the store: file, references and content",
		Long: "check reads the whole store and reports damaged pages, references to rows that are not there,\n" +
			"and content that cannot be. Of the daily figures that reports read it makes some again from the\n" +
			"contacts and compares them; --all those of every day. It changes nothing. The exit status is 1 when it\n" +
			"finds something.",
		Example: "  kcc check\n  kcc check --all\n  kcc check --db /mnt/backup/kcc.db --format json",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runCheck(cmd.Context(), app, all) },
	}
	cmd.Flags().BoolVar(&all, "all", false, "make the report figures of every day again, not of a few")
	return cmd
}

// figuresRule checks the figures that reports keep per day.
func (a *App) figuresRule(all bool) store.Rule {
	return store.Rule{Name: "figures", Run: func(ctx context.Context, db *sql.DB) ([]string, error) {
		c, err := a.CentreIfAny(ctx)
		if err != nil {
			return nil, err
		}
		return kpi.CheckKept(ctx, db, a.kpiSettings(c), all)
	}}
}

func runCheck(ctx context.Context, app *App, all bool) error {
	db, err := app.InspectDB(ctx)
	var found []store.Finding
	switch {
	case errors.Is(err, store.ErrDamaged):
		found = []store.Finding{{Check: "file", Detail: err.Error()}}
	case err != nil:
		return err
	default:
		if found, err = store.Check(ctx, db, append(storeRules(), app.figuresRule(all))...); err != nil {
			return err
		}
	}
	t := output.Table{Name: "findings", Columns: []output.Column{{Name: "check"}, {Name: "detail"}}}
	for _, f := range found {
		t.Rows = append(t.Rows, []any{f.Check, f.Detail})
	}
	if len(found) == 0 {
		app.Infof("%s is sound", app.config.DB)
		if app.flags.format == "" && app.flags.out == "" {
			return nil
		}
		return app.emit(t)
	}
	if err := app.emit(t); err != nil {
		return err
	}
	return withHint(fmt.Errorf("check %s: %d findings", app.config.DB, len(found)), "\"kcc restore FILE --force\" puts a backup in its place")
}

// storeRules lists what each part of kcc checks of its own content.
func storeRules() []store.Rule {
	var out []store.Rule
	out = append(out, planstore.Rules()...)
	out = append(out, register.Rules()...)
	return out
}

func sameFile(a, b string) bool {
	sa, err1 := os.Stat(a)
	sb, err2 := os.Stat(b)
	return err1 == nil && err2 == nil && os.SameFile(sa, sb)
}
