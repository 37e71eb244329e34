package main

import (
	"strings"

	"github.com/spf13/cobra"

	"kcc/kb"
)

func newKbExportCmd(app *App) *cobra.Command {
	var o kb.ExportOptions
	var names []string
	for _, f := range kb.Formats {
		names = append(names, f.Name)
	}
	cmd := &cobra.Command{
		Use:   "export DIR",
		Short: "Write what may leave: chatbot, web site, files",
		Long: "export writes to a folder what is published, for the public (or, in chatbot formats, for bots) and valid today.\n" +
			"Only what changed is written; manifest.json has a hash per file and article. Formats (--as):\n" + formatList(),
		Example: "  kcc kb export bot --as rasa\n  kcc kb export site --as html --title 'Veelgestelde vragen'\n  kcc kb export copy --as jsonl --all",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.Format == "" {
				return usagef("--as is missing: want %s", strings.Join(names, ", "))
			}
			b, err := app.kbase(cmd.Context())
			if err != nil {
				return err
			}
			o.Dir, o.SubjectTitles = args[0], map[string]string{}
			c, err := app.CentreIfAny(cmd.Context())
			if err != nil {
				return err
			}
			if c != nil {
				for _, s := range c.Subjects {
					o.SubjectTitles[s.Name] = s.Title
				}
			}
			res, err := b.Export(cmd.Context(), o)
			if err != nil {
				return kbErr(err)
			}
			if app.flags.format == "json" {
				return writeJSONValue(app.Out, map[string]any{
					"articles": res.Articles, "written": len(res.Written), "unchanged": len(res.Unchanged), "removed": len(res.Removed),
					"added_articles": res.Added, "changed_articles": res.Changed, "gone_articles": res.GoneArticles,
				})
			}
			if res.Articles == 0 {
				app.Warnf("no article is published, for this audience and valid today: kcc kb list shows why")
			}
			return changed(app, nil, "%d articles (%d new, %d changed, %d gone): %d files written, %d unchanged, %d removed",
				res.Articles, len(res.Added), len(res.Changed), len(res.GoneArticles), len(res.Written), len(res.Unchanged), len(res.Removed))
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Format, "as", "", "`FORMAT`: "+strings.Join(names, ", "))
	f.StringVar(&o.Title, "title", "Veelgestelde vragen", "title of the web site, `TEXT`")
	f.StringVar(&o.Filter.Subject, "subject", "", "only about `SUBJECT`")
	f.StringVar(&o.Filter.Lang, "language", "", "only in `LANGUAGE`")
	f.StringVar(&o.Filter.Channel, "channel", "", "only for `CHANNEL`")
	f.BoolVar(&o.All, "all", false, "everything, also drafts and internal articles: to move the knowledge base (jsonl, csv, markdown)")
	return cmd
}

func formatList() string {
	var b strings.Builder
	for _, f := range kb.Formats {
		b.WriteString("  " + f.Name + ": " + f.Holds + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}
