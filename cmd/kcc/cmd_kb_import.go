package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"kcc/kb"
)

func newKbImportCmd(app *App) *cobra.Command {
	var o kb.ImportOptions
	var state string
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Import articles: JSON lines, CSV, workbook, Markdown folder, FAQPage",
		Long: "import reads articles from JSON lines or a JSON array, CSV or a workbook, a folder of Markdown files, or the\n" +
			"FAQPage of a web page, recognised by content. An article with a known id is changed where it differs:\n" +
			"importing twice changes nothing. Columns without a place of their own are kept with the article.",
		Example: "  kcc kb import articles.jsonl --audience agent,public\n  kcc kb import faq.html --state draft --owner web\n  kcc kb import pages --dry-run",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.State, o.Source = kb.State(state), args[0]
			return runKbImport(cmd.Context(), app, args[0], o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&state, "state", "published", "`STATE` of articles whose file does not say: draft, in_review, validated or published")
	f.StringSliceVar(&o.Audience, "audience", []string{kb.ForAgents}, "`AUDIENCE`s of articles whose file does not say: agent, public, bot")
	f.StringVar(&o.Lang, "language", "nl", "`LANGUAGE` of articles whose file does not say")
	f.StringVar(&o.Owner, "owner", "", "owner of articles whose file does not say, `NAME`")
	return cmd
}

func runKbImport(ctx context.Context, app *App, path string, o kb.ImportOptions) error {
	switch o.State {
	case kb.Draft, kb.InReview, kb.Validated, kb.Published:
	default:
		return usagef("--state %q: want draft, in_review, validated or published", o.State)
	}
	b, err := app.kbase(ctx)
	if err != nil {
		return err
	}
	records, bad, err := kb.ReadRecords(path, app.In)
	if err != nil {
		return err
	}
	res, err := b.Import(ctx, records, o)
	if err != nil {
		return err
	}
	bad = append(bad, res.Rejected...)
	for _, e := range bad {
		app.Warnf("%v", e)
	}
	if app.flags.format == "json" {
		err = writeJSONValue(app.Out, map[string]int{"read": len(records), "added": res.Added, "changed": res.Changed, "unchanged": res.Unchanged, "rejected": len(bad)})
	} else {
		err = changed(app, nil, "%d articles: %d new, %d changed, %d unchanged, %d rejected", len(records), res.Added, res.Changed, res.Unchanged, len(bad))
	}
	switch {
	case err != nil:
		return err
	case len(bad) > 0 && res.Added+res.Changed+res.Unchanged == 0:
		return fmt.Errorf("%s: no article could be imported: %w", path, bad[0])
	case len(bad) > 0:
		return partialf("%s: %d articles were rejected", path, len(bad))
	}
	return nil
}

type kbEvalOptions struct {
	kb.EvalOptions
	Articles, Queries, LearnFile string
}

func newKbEvalCmd(app *App) *cobra.Command {
	var o kbEvalOptions
	cmd := &cobra.Command{
		Use:   "eval",
		Short: "Measure the search with questions whose answers are known",
		Long: "eval asks questions with known right answers and reports how often a right article comes first, in the first\n" +
			"three and five, and the mean reciprocal rank. --learn FILE first links the questions of FILE and learns the\n" +
			"weights from them; with a store both are kept (--dry-run: not). --folds N learns from the other folds only.\n" +
			"--baselines adds the full-text search of SQLite, with gains and paired bootstrap.",
		Example: "  kcc kb eval --articles articles.jsonl --queries queries.jsonl --baselines\n  kcc kb eval --articles articles.jsonl --queries test.jsonl --learn train.jsonl --format json\n  kcc kb eval --articles articles.jsonl --queries queries.jsonl --folds 2 --link\n  kcc kb eval --queries queries.jsonl",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.Seed = app.flags.seed
			return runKbEval(cmd.Context(), app, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Queries, "queries", "", "questions {qid,text,relevant,also_ok} from `FILE`")
	f.StringVar(&o.Articles, "articles", "", "articles from `FILE` or folder, without a store")
	f.StringVar(&o.LearnFile, "learn", "", "link the questions of `FILE` first and learn from them")
	f.IntVar(&o.Folds, "folds", 0, "cut the questions in `N` parts; learn from the others")
	f.BoolVar(&o.Link, "link", false, "with --folds: the other parts are past questions, too")
	f.BoolVar(&o.Baselines, "baselines", false, "compare with full-text search, words AND and OR")
	return cmd
}

func runKbEval(ctx context.Context, app *App, o kbEvalOptions) error {
	switch {
	case o.Queries == "" && o.LearnFile == "":
		return usagef("--queries is missing")
	case o.Folds == 1 || o.Folds < 0:
		return usagef("--folds %d: want 2 or more", o.Folds)
	case o.Link && o.Folds == 0:
		return usagef("--link wants --folds")
	case o.Queries == "" && o.Articles != "":
		return usagef("--queries is missing")
	}
	var queries []kb.Query
	var err error
	if o.Queries != "" {
		if queries, err = kb.ReadQueries(o.Queries, app.In); err != nil {
			return err
		}
	}
	if o.LearnFile != "" {
		if o.Learn, err = kb.ReadQueries(o.LearnFile, app.In); err != nil {
			return err
		}
	}
	var rows []kb.EvalRow
	if o.Articles != "" {
		records, bad, err := kb.ReadRecords(o.Articles, app.In)
		if err != nil {
			return err
		}
		for _, e := range bad {
			app.Warnf("%v", e)
		}
		if rows, err = kb.Evaluate(ctx, records, queries, nil, o.EvalOptions); err != nil {
			return err
		}
	} else {
		b, err := app.kbase(ctx)
		if err != nil {
			return withHint(err, "name the articles with --articles FILE, or make a store with \"kcc init\" and \"kcc kb import\"")
		}
		if rows, err = b.Eval(ctx, queries, o.EvalOptions); err != nil {
			return err
		}
		if o.LearnFile != "" {
			if err := changed(app, nil, "%d questions are linked", len(o.Learn)); err != nil {
				return err
			}
		}
		if queries == nil {
			return nil
		}
	}
	if app.flags.format == "json" && app.flags.out == "" {
		return writeJSONValue(app.Out, kb.EvalJSON(rows))
	}
	return app.emit(kb.EvalTable(rows))
}
