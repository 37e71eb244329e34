package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kcc/contacts/privacy"
	"kcc/internal/calendar"
	"kcc/internal/output"
)

func newPrivacyCmd(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "privacy",
		Short: "Personal data: find, show, erase, prune, keys",
		Long: "privacy answers the questions that the law asks: what do we hold, what do we hold of this person, take\n" +
			"it away, and take away what has been kept long enough. What it does is in the audit log.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newPrivacyScanCmd(app), newPrivacyExportCmd(app), newPrivacyEraseCmd(app), newPrivacyPruneCmd(app), newPrivacyKeyCmd(app), newPrivacyLogCmd(app))
	return cmd
}

func (a *App) user() string {
	if u := a.Getenv("USER"); u != "" {
		return u
	}
	return a.Getenv("USERNAME")
}

func newPrivacyScanCmd(app *App) *cobra.Command {
	var mask bool
	cmd := &cobra.Command{
		Use:   "scan",
		Short: "Look for personal data in free text",
		Long: "scan counts BSN, IBAN, telephone numbers, e-mail addresses, addresses and dates of birth in notes, tasks\n" +
			"and reasons, with the ids of the first rows; it never prints the data. --mask replaces each BSN: those\n" +
			"next to a word that names it, or all with the setting privacy.mask = \"all\".",
		Example: "  kcc privacy scan\n  kcc privacy scan --mask",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runPrivacyScan(cmd.Context(), app, mask) },
	}
	cmd.Flags().BoolVar(&mask, "mask", false, "mask what looks like a BSN")
	return cmd
}

func runPrivacyScan(ctx context.Context, app *App, mask bool) error {
	db, err := app.DB(ctx)
	if err != nil {
		return err
	}
	if mask {
		n, err := privacy.MaskStored(ctx, db, app.vault().Masker, app.user(), app.Now(), app.flags.dryRun)
		if err != nil {
			return err
		}
		if err := changed(app, nil, "%d numbers masked", n); err != nil {
			return err
		}
	}
	found, rows, err := privacy.Scan(ctx, db)
	if err != nil {
		return err
	}
	t := output.Table{Name: "findings", Columns: []output.Column{
		{Name: "table"}, {Name: "column"}, {Name: "kind"}, {Name: "rows", Kind: output.Integer}, {Name: "count", Kind: output.Integer}, {Name: "first_ids"},
	}}
	for _, f := range found {
		ids := make([]string, len(f.First))
		for i, id := range f.First {
			ids[i] = fmt.Sprint(id)
		}
		t.Rows = append(t.Rows, []any{f.Table, f.Column, f.Kind, f.Rows, f.Count, strings.Join(ids, " ")})
	}
	app.Infof("%d texts read, %d findings", rows, len(found))
	return app.emitTables(t)
}

// partyFlag adds the flag that names a customer.
func partyFlag(cmd *cobra.Command, party *string) {
	cmd.Flags().StringVar(party, "party", "", "the customer: phone, e-mail or `NUMBER`; bsn:NUMBER for a BSN")
}

// partyRefs returns the references of a customer under every key.
func partyRefs(app *App, party string) ([]string, error) {
	if party == "" {
		return nil, usagef("whose? name the customer with --party")
	}
	keys, err := privacy.LoadKeys(app.config.Text("privacy.key_file"))
	if err != nil {
		return nil, withHint(err, "without the key file no customer can be found; privacy.key_file says where it is")
	}
	refs, err := keys.Refs(party)
	if err != nil {
		return nil, usagef("--party: %w", err)
	}
	return refs, nil
}

func newPrivacyExportCmd(app *App) *cobra.Command {
	var party string
	cmd := &cobra.Command{
		Use:     "export",
		Short:   "Show everything that is held of one customer",
		Example: "  kcc privacy export --party 06-12345678 -o request.json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			refs, err := partyRefs(app, party)
			if err != nil {
				return err
			}
			d, err := app.desk(ctx)
			if err != nil {
				return err
			}
			records, err := privacy.Export(ctx, d.DB, refs, d.Secrets.Open)
			if err != nil {
				return err
			}
			if err := d.Audit(ctx, "privacy export", fmt.Sprintf("one customer: %d records", len(records))); err != nil {
				return err
			}
			t := output.Table{Name: "records", Columns: []output.Column{{Name: "record", Kind: output.Integer}, {Name: "table"}, {Name: "field"}, {Name: "value"}}}
			for i, r := range records {
				for _, f := range r.Fields {
					t.Rows = append(t.Rows, []any{i + 1, r.Table, f.Name, f.Value})
				}
			}
			app.Infof("%d records", len(records))
			return app.emit(t)
		},
	}
	partyFlag(cmd, &party)
	return cmd
}

func newPrivacyEraseCmd(app *App) *cobra.Command {
	var party string
	var force bool
	cmd := &cobra.Command{
		Use:   "erase",
		Short: "Take away everything that tells who one customer is",
		Long: "erase takes away references, notes, tasks, reasons, numbers of cases and sealed details of a customer.\n" +
			"That a contact took place stays, as a fact about nobody. It cannot be undone and asks for --force;\n" +
			"--dry-run counts first. Backups still hold the data until they are replaced.",
		Example: "  kcc privacy erase --party 06-12345678 --dry-run\n  kcc privacy erase --party 06-12345678 --force",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			refs, err := partyRefs(app, party)
			if err != nil {
				return err
			}
			if !force && !app.flags.dryRun {
				return withHint(usagef("this cannot be undone"), "look with --dry-run first, then add --force")
			}
			db, err := app.DB(ctx)
			if err != nil {
				return err
			}
			out, err := privacy.Erase(ctx, db, refs, app.user(), app.Now(), app.flags.dryRun)
			if err != nil {
				return err
			}
			return showErased(app, out)
		},
	}
	partyFlag(cmd, &party)
	cmd.Flags().BoolVar(&force, "force", false, "do it")
	return cmd
}

func showErased(app *App, out privacy.Erased) error {
	if out.Total() == 0 {
		app.Infof("there is nothing to take away")
		return nil
	}
	return changed(app, nil, "taken away: %s", out)
}

func newPrivacyPruneCmd(app *App) *cobra.Command {
	keep := durationValue(privacy.DefaultKeep)
	var kinds []string
	cmd := &cobra.Command{
		Use:   "prune",
		Short: "Take away what has been kept long enough; for cron",
		Long: "prune takes references, notes, tasks, reasons and numbers of cases away from contacts that were closed\n" +
			"longer ago than --keep, likewise from appointments, and sealed details whose work is done. The contacts\n" +
			"stay as facts without a person.",
		Example: "  kcc privacy prune --keep 365d --keep-kind objection=1825d --quiet\n  kcc privacy prune --dry-run",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			r := privacy.Retention{Keep: time.Duration(keep), Kind: map[string]time.Duration{}, DryRun: app.flags.dryRun}
			for _, kv := range kinds {
				k, v, ok := strings.Cut(kv, "=")
				if !ok {
					return usagef("--keep-kind %q: want KIND=TIME, for example objection=1825d", kv)
				}
				d, err := calendar.ParseDuration(v)
				if err != nil {
					return usagef("--keep-kind %s: %w", k, err)
				}
				r.Kind[k] = d
			}
			db, err := app.DB(cmd.Context())
			if err != nil {
				return err
			}
			out, err := privacy.Prune(cmd.Context(), db, r, app.user(), app.Now())
			if err != nil {
				return err
			}
			return showErased(app, out)
		},
	}
	cmd.Flags().Var(&keep, "keep", "keep for `TIME` after a contact is closed")
	cmd.Flags().StringArrayVar(&kinds, "keep-kind", nil, "another term for one kind of contact, `KIND=TIME`")
	return cmd
}

func newPrivacyKeyCmd(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "key",
		Short: "The keys of references and sealed details",
		Long: "key lists the keys of the key file and what still depends on each. After rotate new references use a new\n" +
			"key and old ones are found as before; drop an old key when the retention has passed. Whoever has the key\n" +
			"file and the store can find customers: keep a copy of the file apart from the backups of the store.",
		Example: "  kcc privacy key\n  kcc privacy key rotate\n  kcc privacy key drop k1 --force",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runPrivacyKeys(cmd.Context(), app) },
	}
	cmd.AddCommand(&cobra.Command{
		Use: "rotate", Short: "Use a new key from now on", Example: "  kcc privacy key rotate", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			keys, err := app.vault().Keys()
			if err != nil {
				return err
			}
			if app.flags.dryRun {
				return changed(app, nil, "a key after %s", keys.Current())
			}
			if keys, err = keys.Rotate(app.Now()); err != nil {
				return err
			}
			return auditKey(cmd.Context(), app, "rotated to "+keys.Current(), "key %s is in use now", keys.Current())
		},
	})
	var force bool
	drop := &cobra.Command{
		Use: "drop ID", Short: "Take an old key away: what only it can find or open is lost", Example: "  kcc privacy key drop k1 --force", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runPrivacyKeyDrop(cmd.Context(), app, args[0], force)
		},
	}
	drop.Flags().BoolVar(&force, "force", false, "also when references or sealed details depend on it")
	cmd.AddCommand(drop)
	return cmd
}

func runPrivacyKeys(ctx context.Context, app *App) error {
	keys, err := privacy.LoadKeys(app.config.Text("privacy.key_file"))
	if err != nil {
		return err
	}
	db, err := app.DB(ctx)
	if err != nil {
		return err
	}
	used, err := privacy.KeysInUse(ctx, db)
	if err != nil {
		return err
	}
	t := output.Table{Name: "keys", Columns: []output.Column{{Name: "key"}, {Name: "made"}, {Name: "in_use", Kind: output.Bool}, {Name: "depending", Kind: output.Integer}}}
	for _, k := range keys.Info() {
		t.Rows = append(t.Rows, []any{k.ID, k.Made, k.Current, used[k.ID]})
		delete(used, k.ID)
	}
	for id, n := range used {
		app.Warnf("%d references or sealed details need key %s, which the key file does not have", n, id)
	}
	return app.emit(t)
}

func runPrivacyKeyDrop(ctx context.Context, app *App, id string, force bool) error {
	keys, err := privacy.LoadKeys(app.config.Text("privacy.key_file"))
	if err != nil {
		return err
	}
	db, err := app.DB(ctx)
	if err != nil {
		return err
	}
	used, err := privacy.KeysInUse(ctx, db)
	if err != nil {
		return err
	}
	if n := used[id]; n > 0 && !force {
		return withHint(fmt.Errorf("%d references or sealed details still need key %s", n, id), "kcc privacy prune takes old ones away; --force drops the key all the same")
	}
	if app.flags.dryRun {
		return changed(app, nil, "key %s would be dropped", id)
	}
	if _, err := keys.Drop(id); err != nil {
		return err
	}
	return auditKey(ctx, app, "dropped "+id, "key %s is dropped", id)
}

// auditKey notes a change of the keys where there is a store.
func auditKey(ctx context.Context, app *App, detail, format string, a ...any) error {
	d, err := app.desk(ctx)
	if err != nil {
		return err
	}
	return changed(app, d.Audit(ctx, "privacy key", detail), format, a...)
}

func newPrivacyLogCmd(app *App) *cobra.Command {
	limit := 100
	cmd := &cobra.Command{
		Use:     "log",
		Short:   "Show the audit log; kcc check verifies its chain",
		Example: "  kcc privacy log --limit 20",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			db, err := app.DB(cmd.Context())
			if err != nil {
				return err
			}
			entries, err := privacy.AuditLog(cmd.Context(), db, limit)
			if err != nil {
				return err
			}
			t := output.Table{Name: "audit", Columns: []output.Column{{Name: "id", Kind: output.Integer}, {Name: "at", Kind: output.DateTime}, {Name: "by"}, {Name: "action"}, {Name: "detail"}}}
			for _, e := range entries {
				t.Rows = append(t.Rows, []any{e.ID, e.At, e.By, e.Action, e.Detail})
			}
			return app.emit(t)
		},
	}
	cmd.Flags().IntVar(&limit, "limit", limit, "at most `N` entries, the newest first")
	return cmd
}
