package main

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kcc/internal/flow"
	"kcc/internal/tabular"
	"kcc/kb"
)

func newKbGapsCmd(app *App) *cobra.Command {
	var volume string
	var days int
	cmd := &cobra.Command{
		Use:   "gaps",
		Short: "What is asked and has no good article",
		Long: "gaps lists subjects with contacts but without a published article, kept searches whose best article fits\n" +
			"badly, and chatbot questions that were handed over; the most asked first. Contacts per subject are those\n" +
			"registered in the last 91 days (--days), or come from --volume FILE: subject,contacts.",
		Example: "  kcc kb gaps\n  kcc kb gaps --days 365\n  kcc kb gaps --volume subjects.csv -o gaps.xlsx",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if days < 1 {
				return usagef("--days %d: want 1 or more", days)
			}
			b, err := app.kbase(cmd.Context())
			if err != nil {
				return err
			}
			var volumes []kb.SubjectVolume
			if volume != "" {
				volumes, err = readVolumes(app, volume)
			} else {
				volumes, err = flow.SubjectVolumes(cmd.Context(), b.DB, app.Today().Add(-days), app.Today())
			}
			if err != nil {
				return err
			}
			list, err := b.Gaps(cmd.Context(), volumes)
			if err != nil {
				return err
			}
			return app.emit(kb.GapsTable(list))
		},
	}
	cmd.Flags().IntVar(&days, "days", 91, "contacts of the last `N` days")
	cmd.Flags().StringVar(&volume, "volume", "", "contacts per subject from `FILE`: subject,contacts")
	return cmd
}

func readVolumes(app *App, path string) ([]kb.SubjectVolume, error) {
	r, err := tabular.OpenFile(path, app.In, tabular.Options{})
	if err != nil {
		return nil, err
	}
	defer r.Close()
	c, err := tabular.NewColumns(r, "subject", "contacts|offered")
	if err != nil {
		return nil, err
	}
	name := "contacts"
	if !c.Has(name) {
		name = "offered"
	}
	sum := map[string]int{}
	var order []string
	for c.Next() {
		n := c.Float(name)
		if err := c.RowErr(); err != nil {
			return nil, err
		}
		s := c.Text("subject")
		if !slices.Contains(order, s) && s != "" {
			order = append(order, s)
		}
		sum[s] += int(n)
	}
	out := make([]kb.SubjectVolume, len(order))
	for i, s := range order {
		out[i] = kb.SubjectVolume{Subject: s, Contacts: sum[s]}
	}
	return out, c.Err()
}

func newKbStaleCmd(app *App) *cobra.Command {
	var kinds []string
	var owner string
	cmd := &cobra.Command{
		Use:   "stale",
		Short: "Work list: expired, to review, flagged, broken links, doubles, hard to read, unused",
		Long: "stale lists what to look at, with its owner, the most urgent first. It ends with status 4 when something\n" +
			"is urgent (1), so that cron can tell.",
		Example: "  kcc kb stale\n  kcc kb stale --kind expired,review,flagged --owner web --quiet",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runKbStale(cmd.Context(), app, kinds, owner)
		},
	}
	cmd.Flags().StringSliceVar(&kinds, "kind", nil, "only `KIND`s: expired, review, flagged, waiting, link, dates, double, hard, unused")
	cmd.Flags().StringVar(&owner, "owner", "", "only of `NAME`")
	return cmd
}

func runKbStale(ctx context.Context, app *App, kinds []string, owner string) error {
	known := []string{"expired", "review", "flagged", "waiting", "link", "dates", "double", "hard", "unused"}
	for _, k := range kinds {
		if !slices.Contains(known, k) {
			return usagef("--kind %q: want %s", k, strings.Join(known, ", "))
		}
	}
	b, err := app.kbase(ctx)
	if err != nil {
		return err
	}
	uses, err := flow.ArticleUses(ctx, b.DB)
	if err != nil {
		return err
	}
	list, err := b.Findings(ctx, uses)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(f kb.Finding) bool {
		return (len(kinds) > 0 && !slices.Contains(kinds, f.Kind)) || (owner != "" && !strings.EqualFold(f.Owner, owner))
	})
	if err := app.emit(kb.FindingsTable(list)); err != nil {
		return err
	}
	urgent := 0
	for _, f := range list {
		if f.Urgency == 1 {
			urgent++
		}
	}
	if urgent > 0 {
		return notMetf("%d urgent findings", urgent)
	}
	return nil
}

func newKbUsageCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use: "usage", Short: "How each article is used, rated and what it keeps from advisers", Example: "  kcc kb usage -o usage.xlsx", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			b, err := app.kbase(cmd.Context())
			if err != nil {
				return err
			}
			uses, err := flow.ArticleUses(cmd.Context(), b.DB)
			if err != nil {
				return err
			}
			list, err := b.Usage(cmd.Context(), uses)
			if err != nil {
				return err
			}
			return app.emit(kb.UsageTable(list))
		},
	}
}

func newKbSessionsCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "sessions FILE",
		Short: "Import questions to a chatbot: start,question,article,handed_over[,session]",
		Long: "sessions keeps what was asked of a chatbot, without personal data. Answers that were not handed over become\n" +
			"examples of their article; the others show up in kcc kb gaps. kcc kb usage has the containment per article.",
		Example: "  kcc kb sessions bot.csv",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r, err := tabular.OpenFile(args[0], app.In, tabular.Options{})
			if err != nil {
				return err
			}
			defer r.Close()
			c, err := tabular.NewColumns(r, "start", "question", "article", "handed_over")
			if err != nil {
				return err
			}
			var list []kb.Session
			refused := 0
			for c.Next() {
				s := kb.Session{Key: c.Text("session"), At: c.Time("start", app.zone), Question: c.Text("question"), Article: c.Text("article")}
				switch strings.ToLower(c.Text("handed_over")) {
				case "yes", "true", "1", "ja", "y", "j":
					s.Handed = true
				case "no", "false", "0", "nee", "n":
				default:
					_ = c.Fail("handed_over", "yes or no") // kept for RowErr
				}
				if err := c.RowErr(); err != nil {
					refused++
					app.Warnf("%v", err)
					continue
				}
				list = append(list, s)
			}
			if err := c.Err(); err != nil {
				return err
			}
			b, err := app.kbase(cmd.Context())
			if err != nil {
				return err
			}
			added, known, err := b.ImportSessions(cmd.Context(), list)
			if err == nil {
				err = changed(app, nil, "%d sessions: %d new, %d known already, %d rejected", len(list)+refused, added, known, refused)
			}
			if err == nil && refused > 0 {
				err = partialf("%s: %d rows were rejected", args[0], refused)
			}
			return err
		},
	}
}
