package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"kcc/contacts/privacy"
	"kcc/contacts/register"
	"kcc/internal/calendar"
	"kcc/internal/flow"
	"kcc/internal/output"
	"kcc/internal/store"
)

func newContactCmd(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "contact",
		Short: "Register of contacts",
		Long:  "contact registers what customers ask, on every channel, and what became of it.",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newContactAddCmd(app), newContactListCmd(app), newContactShowCmd(app), newContactEditCmd(app),
		newContactCloseCmd(app), newContactReopenCmd(app), newContactLinkCmd(app), newContactExportCmd(app))
	return cmd
}

// desk opens the register on the store with what is known of the centre.
func (a *App) desk(ctx context.Context) (*register.Desk, error) {
	db, err := a.DB(ctx)
	if err != nil {
		return nil, err
	}
	c, err := a.CentreIfAny(ctx)
	if err != nil {
		return nil, err
	}
	by := a.Getenv("USER")
	if by == "" {
		by = a.Getenv("USERNAME")
	}
	return &register.Desk{
		DB: db, Centre: flow.RegisterCentre(c, a.zone), Secrets: a.vault(), Now: a.Clock, By: by, DryRun: a.flags.dryRun,
		Turn: func(ctx context.Context) func() {
			return store.Turn(ctx, a.config.DB, time.Duration(a.flags.lockTimeout))
		},
	}, nil
}

// vault is the key file with the masking of free text that the settings ask for.
func (a *App) vault() *privacy.Vault {
	return &privacy.Vault{
		Path: a.config.Text("privacy.key_file"), Masker: privacy.Masker{All: a.config.Text("privacy.mask") == "all"}, Now: a.Clock,
	}
}

// emitSlim is emit, on a screen without columns that are empty in every row and
// with words for codes.
func (a *App) emitSlim(tables ...output.Table) error {
	if a.onScreen() {
		for i := range tables {
			tables[i] = register.Slim(tables[i])
		}
	}
	return a.emit(a.worded(tables)...)
}

// said words an error of the register: names that the centre does not have are
// wrong use.
func said(err error) error {
	var unknown *register.UnknownError
	if errors.As(err, &unknown) {
		return withHint(&statusError{exitUsage, err}, "kcc centre show lists the names")
	}
	return err
}

func newContactEditCmd(app *App) *cobra.Command {
	var channel, kind, subject, segment, cause, outcome, note, addNote, agent, reference, party string
	var csat, effort, nps floatFlag
	var articles []string
	cmd := &cobra.Command{
		Use:   "edit ID",
		Short: "Change fields of a contact",
		Long:  "edit changes the fields that are named; an empty value clears a field.",
		Example: "  kcc contact edit 1042 --subject passport --add-note 'called again'\n" +
			"  kcc contact edit 1042 --segment '' --csat 8",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := idArg(args[0])
			if err != nil {
				return err
			}
			e := register.Edit{CSAT: csat.v, Effort: effort.v, NPS: nps.v, Articles: articles}
			for name, f := range map[string]struct {
				v  *string
				to **string
			}{
				"channel": {&channel, &e.Channel}, "kind": {&kind, &e.Kind}, "subject": {&subject, &e.Subject}, "segment": {&segment, &e.Segment},
				"cause": {&cause, &e.Cause}, "outcome": {&outcome, &e.Outcome}, "note": {&note, &e.Note}, "add-note": {&addNote, &e.AddNote},
				"agent": {&agent, &e.Agent}, "reference": {&reference, &e.Reference}, "party": {&party, &e.Party},
			} {
				if cmd.Flags().Changed(name) {
					*f.to = f.v
				}
			}
			d, err := app.desk(cmd.Context())
			if err != nil {
				return err
			}
			return changed(app, said(d.Edit(cmd.Context(), id, e)), "contact %d is changed", id)
		},
	}
	f := cmd.Flags()
	for _, s := range []struct {
		name, use string
		v         *string
	}{
		{"channel", "`CHANNEL`", &channel},
		{"kind", "`KIND`", &kind},
		{"subject", "`SUBJECT`", &subject},
		{"segment", "`SEGMENT`", &segment},
		{"cause", "`CAUSE`", &cause},
		{"outcome", "`OUTCOME`", &outcome},
		{"note", "replace the note by `TEXT`", &note},
		{"add-note", "add a line of `TEXT` to the note", &addNote},
		{"agent", "`AGENT`", &agent},
		{"reference", "`NUMBER` of the case", &reference},
		{"party", "the customer: phone, e-mail or `NUMBER`", &party},
	} {
		f.StringVar(s.v, s.name, "", s.use)
	}
	f.Var(&csat, "csat", "satisfaction, a `NUMBER`")
	f.Var(&effort, "effort", "effort of the customer, a `NUMBER`")
	f.Var(&nps, "nps", "how likely the customer is to recommend the centre, a `SCORE` of 0-10")
	f.StringSliceVar(&articles, "article", nil, "an `ARTICLE` that was used")
	return cmd
}

// changed tells what a command did, or that a dry run did not.
func changed(app *App, err error, format string, a ...any) error {
	if err == nil {
		app.tell(format, a...)
	}
	return err
}

// tell says what was done, or on a dry run what would have been.
func (a *App) tell(format string, args ...any) {
	if a.flags.dryRun {
		format = "dry run, nothing is kept: " + format
	}
	a.Infof(format, args...)
}

func newContactCloseCmd(app *App) *cobra.Command {
	var outcome, reason, at string
	cmd := &cobra.Command{
		Use:     "close ID",
		Short:   "Close a contact and the open work on it",
		Example: "  kcc contact close 1042 --outcome answered --reason 'called the customer'",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return onContact(cmd.Context(), app, args[0], at, func(d *register.Desk, id int64, t time.Time) error {
				return changed(app, d.CloseContact(cmd.Context(), id, outcome, reason, t), "contact %d is closed", id)
			})
		},
	}
	cmd.Flags().StringVar(&outcome, "outcome", "", "`OUTCOME`, when it is another one now")
	cmd.Flags().StringVar(&reason, "reason", "", "`TEXT` for the log")
	cmd.Flags().StringVar(&at, "at", "", "at `TIME` (default now)")
	return cmd
}

func newContactReopenCmd(app *App) *cobra.Command {
	var reason, at string
	cmd := &cobra.Command{
		Use:     "reopen ID",
		Short:   "Open a contact again; the customer's clock goes on where it stopped",
		Example: "  kcc contact reopen 1042 --reason 'the answer did not help'",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return onContact(cmd.Context(), app, args[0], at, func(d *register.Desk, id int64, t time.Time) error {
				return changed(app, d.ReopenContact(cmd.Context(), id, reason, t), "contact %d is open again", id)
			})
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "`TEXT` for the log")
	cmd.Flags().StringVar(&at, "at", "", "at `TIME` (default now)")
	return cmd
}

// onContact runs f on the contact of an argument.
func onContact(ctx context.Context, app *App, arg, at string, f func(d *register.Desk, id int64, t time.Time) error) error {
	id, err := idArg(arg)
	if err != nil {
		return err
	}
	var t time.Time
	if at != "" {
		if t, err = calendar.ParseTime(at, app.zone); err != nil {
			return usagef("--at: %w", err)
		}
	}
	d, err := app.desk(ctx)
	if err != nil {
		return err
	}
	return f(d, id, t)
}

func newContactLinkCmd(app *App) *cobra.Command {
	var question int64
	var article string
	cmd := &cobra.Command{
		Use:   "link ID [ID...]",
		Short: "Put contacts in one question, or note an article that was used",
		Long: "link puts contacts that are about the same question of a customer together, and prints the number of\n" +
			"the question. A contact may be in several questions.",
		Example: "  kcc contact link 1042 1107\n  kcc contact link 1042 --question 12\n  kcc contact link 1042 --article passport-fee",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var list []int64
			for _, a := range args {
				id, err := idArg(a)
				if err != nil {
					return err
				}
				list = append(list, id)
			}
			d, err := app.desk(cmd.Context())
			if err != nil {
				return err
			}
			if article != "" {
				for _, id := range list {
					if err := changed(app, d.LinkArticle(cmd.Context(), id, article), "article %s is linked to contact %d", article, id); err != nil {
						return err
					}
				}
				return nil
			}
			if len(list) == 1 && question == 0 {
				return usagef("one contact alone is no link: name another one, --question or --article")
			}
			q, err := d.Link(cmd.Context(), list, question)
			if err != nil || app.flags.dryRun {
				return err
			}
			_, err = fmt.Fprintf(app.Out, "question %d\n", q)
			return err
		},
	}
	cmd.Flags().Int64Var(&question, "question", 0, "the question `N`")
	cmd.Flags().StringVar(&article, "article", "", "the `ARTICLE` of the knowledge base that was used")
	return cmd
}
