package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kcc/internal/calendar"
	"kcc/kb"
)

func newKbCmd(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "kb",
		Short: "Knowledge: articles for advisers, the public and the chatbot",
		Long: "kb keeps articles with question, answer, owner and validity through their life (draft, in review,\n" +
			"validated, published, retired), finds them, learns from what was linked, and exports what may leave.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newKbAddCmd(app), newKbEditCmd(app), newKbShowCmd(app), newKbListCmd(app), newKbHistoryCmd(app), newKbDiffCmd(app), newKbRestoreCmd(app),
		newKbReviewCmd(app), newKbStepCmd(app, "publish", "Publish a validated article", "kcc kb publish passport-fee"),
		newKbStepCmd(app, "retire", "Retire an article: it is kept, but found no more", "kcc kb retire passport-fee --reason 'law changed'"),
		newKbSearchCmd(app), newKbLinkCmd(app), newKbRateCmd(app), newKbFlagCmd(app), newKbSynonymsCmd(app), newKbImportCmd(app), newKbEvalCmd(app), newKbExportCmd(app), newKbGapsCmd(app), newKbStaleCmd(app), newKbUsageCmd(app), newKbSessionsCmd(app))
	return cmd
}

// kbase opens the knowledge base of the store.
func (a *App) kbase(ctx context.Context) (*kb.Base, error) {
	db, err := a.DB(ctx)
	if err != nil {
		return nil, err
	}
	return &kb.Base{DB: db, Now: a.Clock, Zone: a.zone, Author: cmp.Or(a.Getenv("USER"), a.Getenv("USERNAME"), "unknown"), DryRun: a.flags.dryRun}, nil
}

// kbErr makes the errors of the knowledge base wrong use where they are.
func kbErr(err error) error {
	var conflict *kb.ConflictError
	switch {
	case errors.As(err, &conflict):
		return withHint(err, "look at it with \"kcc kb diff %s %d %d\" and edit again with --base %d", conflict.ID, conflict.Base, conflict.Current, conflict.Current)
	case errors.Is(err, kb.ErrNotFound):
		return withHint(err, "kcc kb list shows the ids")
	case errors.Is(err, kb.ErrInvalid):
		return &statusError{exitUsage, err}
	}
	return err
}

// articleFlags are the flags that set what an article says.
type articleFlags struct {
	kb.Content
	body string
	kind string
}

func (o *articleFlags) add(f *pflag.FlagSet) {
	f.StringVar(&o.kind, "kind", "", "`KIND`: qa, instruction or news (default qa)")
	f.StringVar(&o.Title, "title", "", "the question, `TEXT`")
	f.StringArrayVar(&o.Asked, "asked", nil, "another way to ask it, `TEXT` (repeat for more)")
	f.StringVar(&o.body, "body", "", "the answer in Markdown from `FILE`; - is stdin")
	f.StringVar(&o.Body, "text", "", "the answer as `TEXT`")
	f.StringSliceVar(&o.Subjects, "subject", nil, "`SUBJECT`s, the main one first")
	f.StringSliceVar(&o.Products, "product", nil, "`PRODUCT`s it is about")
	f.StringSliceVar(&o.Channels, "channel", nil, "only for these `CHANNEL`s (default all)")
	f.StringSliceVar(&o.Audience, "audience", nil, "`AUDIENCE`s: agent, public, bot (default agent)")
	f.StringVar(&o.Lang, "language", "", "`LANGUAGE` of the article (default nl)")
	f.StringVar(&o.Owner, "owner", "", "who keeps it right, `NAME`")
	f.StringVar(&o.Source, "url", "", "source, `URL`")
	f.StringVar(&o.ValidFrom, "valid-from", "", "valid from `DATE`")
	f.StringVar(&o.ValidTo, "valid-to", "", "valid up to and including `DATE`")
	f.StringVar(&o.Review, "review", "", "look at it again on `DATE`")
}

// apply sets in c what the command line names.
func (o *articleFlags) apply(app *App, f *pflag.FlagSet, c *kb.Content) error {
	if f.Changed("body") && f.Changed("text") {
		return usagef("--body and --text exclude each other")
	}
	if o.body != "" {
		b, err := readAll(app, o.body)
		if err != nil {
			return err
		}
		o.Body = string(b)
	}
	o.Kind = kb.Kind(o.kind)
	for _, s := range []struct {
		flag     string
		from, to *string
	}{
		{"title", &o.Title, &c.Title},
		{"body", &o.Body, &c.Body},
		{"text", &o.Body, &c.Body},
		{"language", &o.Lang, &c.Lang},
		{"owner", &o.Owner, &c.Owner},
		{"url", &o.Source, &c.Source},
		{"kind", (*string)(&o.Kind), (*string)(&c.Kind)},
	} {
		if f.Changed(s.flag) {
			*s.to = *s.from
		}
	}
	for _, s := range []struct {
		flag     string
		from, to *[]string
	}{{"asked", &o.Asked, &c.Asked}, {"subject", &o.Subjects, &c.Subjects}, {"product", &o.Products, &c.Products}, {"channel", &o.Channels, &c.Channels}, {"audience", &o.Audience, &c.Audience}} {
		if f.Changed(s.flag) {
			*s.to = *s.from
		}
	}
	for _, s := range []struct {
		flag     string
		from, to *string
	}{{"valid-from", &o.ValidFrom, &c.ValidFrom}, {"valid-to", &o.ValidTo, &c.ValidTo}, {"review", &o.Review, &c.Review}} {
		if !f.Changed(s.flag) {
			continue
		}
		*s.to = ""
		if *s.from != "" {
			d, err := calendar.ParseDate(*s.from)
			if err != nil {
				return usagef("--%s: %w", s.flag, err)
			}
			*s.to = d.String()
		}
	}
	return nil
}

// readAll reads a file, or stdin for "-".
func readAll(app *App, path string) ([]byte, error) {
	if path == "-" {
		return io.ReadAll(app.In)
	}
	return os.ReadFile(path)
}

func newKbAddCmd(app *App) *cobra.Command {
	var o articleFlags
	var id, reason string
	cmd := &cobra.Command{
		Use:     "add",
		Short:   "Add an article as a draft",
		Example: "  kcc kb add --title 'What does a passport cost?' --body passport.md --subject documents --audience agent,public\n  kcc kb add --kind news --title 'Counter closed on Friday' --text 'The counter is closed.' --valid-to 2026-12-04",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			b, err := app.kbase(cmd.Context())
			if err != nil {
				return err
			}
			var c kb.Content
			if err := o.apply(app, cmd.Flags(), &c); err != nil {
				return err
			}
			a, err := b.Add(cmd.Context(), id, c, kb.Draft, reason)
			if err != nil {
				return kbErr(err)
			}
			if app.flags.format != "" || app.flags.out != "" {
				return app.emit(kb.ArticlesTable([]*kb.Article{a}))
			}
			if app.flags.dryRun {
				return changed(app, nil, "article %s would be added", a.ID)
			}
			fmt.Fprintln(app.Out, a.ID)
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&id, "id", "", "its `ID` (default made of the title)")
	f.StringVar(&reason, "reason", "", "`TEXT` for the history")
	o.add(f)
	return cmd
}

func newKbEditCmd(app *App) *cobra.Command {
	var o articleFlags
	var base int
	var reason string
	cmd := &cobra.Command{
		Use:   "edit ID",
		Short: "Change an article; what is not named stays",
		Long: "edit changes what the flags name and keeps the old content as a revision. --base says from which revision\n" +
			"you started: when someone saved in the meantime nothing is saved, so that nobody's work is lost.",
		Example: "  kcc kb edit passport-fee --body passport.md --base 3 --reason 'fee of 2027'",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			b, err := app.kbase(cmd.Context())
			if err != nil {
				return err
			}
			a, err := b.Edit(cmd.Context(), args[0], base, reason, func(a *kb.Article) error { return o.apply(app, cmd.Flags(), &a.Content) })
			if err != nil {
				return kbErr(err)
			}
			return changed(app, nil, "article %s is at revision %d, %s", a.ID, a.Revision, a.State)
		},
	}
	f := cmd.Flags()
	f.IntVar(&base, "base", 0, "the revision `N` that this edit starts from")
	f.StringVar(&reason, "reason", "", "why, `TEXT` for the history")
	o.add(f)
	return cmd
}

func newKbShowCmd(app *App) *cobra.Command {
	var view, html bool
	cmd := &cobra.Command{
		Use:     "show ID",
		Short:   "Show an article with what customers asked and what was noted",
		Example: "  kcc kb show passport-fee\n  kcc kb show passport-fee --format json\n  kcc kb show passport-fee --html",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			b, err := app.kbase(cmd.Context())
			if err != nil {
				return err
			}
			a, err := b.Article(cmd.Context(), args[0])
			if err != nil {
				return kbErr(err)
			}
			if view {
				if err := b.Note(cmd.Context(), a.ID, kb.Event{Kind: "view"}); err != nil {
					return err
				}
			}
			if html {
				page, err := kb.HTML(a.Body)
				if err != nil {
					return err
				}
				_, err = io.WriteString(app.Out, page)
				return err
			}
			if app.flags.format == "json" {
				return writeJSONValue(app.Out, a)
			}
			asked, err := b.Asked(cmd.Context(), a.ID, 20)
			if err != nil {
				return err
			}
			events, err := b.Events(cmd.Context(), a.ID)
			if err != nil {
				return err
			}
			return app.emit(kb.ArticleTables(a, asked, events)...)
		},
	}
	cmd.Flags().BoolVar(&view, "view", false, "count this as a use by an adviser")
	cmd.Flags().BoolVar(&html, "html", false, "print the answer as HTML")
	return cmd
}

// addFilterFlags adds the flags that pick articles.
func addFilterFlags(f *pflag.FlagSet, o *kb.Filter, state, kind *string) {
	f.StringVar(state, "state", "", "only in `STATE`: draft, in_review, validated, published, retired; all shows retired ones too")
	f.StringVar(kind, "kind", "", "only of `KIND`: qa, instruction, news")
	f.StringVar(&o.Subject, "subject", "", "only about `SUBJECT`")
	f.StringVar(&o.Channel, "channel", "", "only for `CHANNEL`")
	f.StringVar(&o.Audience, "audience", "", "only for `AUDIENCE`: agent, public, bot")
	f.StringVar(&o.Lang, "language", "", "only in `LANGUAGE`")
	f.StringVar(&o.Owner, "owner", "", "only of `NAME`")
}

// kbFilter checks and completes a filter.
func (a *App) kbFilter(o *kb.Filter, state, kind, day, since string) error {
	switch o.State = kb.State(state); o.State {
	case "", "all", kb.Draft, kb.InReview, kb.Validated, kb.Published, kb.Retired:
	default:
		return usagef("--state %q: want draft, in_review, validated, published, retired or all", state)
	}
	switch o.Kind = kb.Kind(kind); o.Kind {
	case "", kb.QuestionAnswer, kb.Instruction, kb.News:
	default:
		return usagef("--kind %q: want qa, instruction or news", kind)
	}
	if day != "" {
		d, err := calendar.ParseDate(day)
		if err != nil {
			return usagef("--on: %w", err)
		}
		o.Day = d.String()
	}
	if since != "" {
		t, err := calendar.ParseTime(since, a.zone)
		if err != nil {
			return usagef("--since: %w", err)
		}
		o.Since = t
	}
	return nil
}

func newKbListCmd(app *App) *cobra.Command {
	var o kb.Filter
	var state, kind, day, since string
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List articles",
		Example: "  kcc kb list --subject documents --state published\n  kcc kb list --kind news --since 2026-11-20 --on 2026-11-22",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := app.kbFilter(&o, state, kind, day, since); err != nil {
				return err
			}
			b, err := app.kbase(cmd.Context())
			if err != nil {
				return err
			}
			list, err := b.List(cmd.Context(), o)
			if err != nil {
				return err
			}
			return app.emit(kb.ArticlesTable(list))
		},
	}
	addFilterFlags(cmd.Flags(), &o, &state, &kind)
	cmd.Flags().StringVar(&day, "on", "", "only valid on `DATE`")
	cmd.Flags().StringVar(&since, "since", "", "only new or changed since `TIME`")
	return cmd
}

func newKbHistoryCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use: "history ID", Short: "List the revisions of an article", Example: "  kcc kb history passport-fee", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			b, err := app.kbase(cmd.Context())
			if err != nil {
				return err
			}
			h, err := b.History(cmd.Context(), args[0])
			if err != nil {
				return kbErr(err)
			}
			return app.emit(kb.HistoryTable(h))
		},
	}
}

func newKbDiffCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use: "diff ID [FROM [TO]]", Short: "Show what changed between two revisions (default the last two)",
		Example: "  kcc kb diff passport-fee\n  kcc kb diff passport-fee 1 4", Args: cobra.RangeArgs(1, 3),
		RunE: func(cmd *cobra.Command, args []string) error {
			b, err := app.kbase(cmd.Context())
			if err != nil {
				return err
			}
			h, err := b.History(cmd.Context(), args[0])
			if err != nil {
				return kbErr(err)
			}
			pick := [2]int{max(1, len(h)-1), len(h)}
			for i, s := range args[1:] {
				n, err := idArg(s)
				if err != nil || int(n) > len(h) {
					return usagef("revision %q: want a number from 1 to %d", s, len(h))
				}
				pick[i] = int(n)
			}
			for _, line := range kb.Diff(h[pick[0]-1].Content, h[pick[1]-1].Content) {
				fmt.Fprintln(app.Out, printable(line))
			}
			return nil
		},
	}
}

func newKbRestoreCmd(app *App) *cobra.Command {
	var revision int
	var reason string
	cmd := &cobra.Command{
		Use: "restore ID", Short: "Make an old revision the newest", Example: "  kcc kb restore passport-fee --revision 2 --reason 'was right after all'", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if revision <= 0 {
				return usagef("--revision is missing: kcc kb history %s lists them", args[0])
			}
			b, err := app.kbase(cmd.Context())
			if err != nil {
				return err
			}
			a, err := b.Restore(cmd.Context(), args[0], revision, reason)
			if err != nil {
				return kbErr(err)
			}
			return changed(app, nil, "article %s has the content of revision %d again, as revision %d", a.ID, revision, a.Revision)
		},
	}
	cmd.Flags().IntVar(&revision, "revision", 0, "revision `N`")
	cmd.Flags().StringVar(&reason, "reason", "", "why, `TEXT` for the history")
	return cmd
}

func newKbStepCmd(app *App, step, short, example string) *cobra.Command {
	var reason string
	cmd := &cobra.Command{
		Use: step + " ID [ID...]", Short: short, Example: "  " + example, Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runKbStep(cmd.Context(), app, args, step, "", reason)
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why, `TEXT` for the history")
	return cmd
}

func runKbStep(ctx context.Context, app *App, ids []string, step, review, reason string) error {
	b, err := app.kbase(ctx)
	if err != nil {
		return err
	}
	for _, id := range ids {
		a, err := b.Step(ctx, id, step, review, reason)
		if errors.Is(err, kb.ErrState) && step == "publish" {
			return withHint(err, "kcc kb review %s --approve validates it", id)
		}
		if err != nil {
			return kbErr(err)
		}
		if err := changed(app, nil, "article %s is %s", a.ID, strings.ReplaceAll(string(a.State), "_", " ")); err != nil {
			return err
		}
	}
	return nil
}
