package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"kcc/contacts/kpi"
	"kcc/internal/calendar"
	"kcc/internal/flow"
	"kcc/internal/output"
)

// reporting gathers what a set of reports needs.
func (a *App) reporting(ctx context.Context) (*flow.Reporting, error) {
	c, err := a.CentreIfAny(ctx)
	if err != nil {
		return nil, err
	}
	db, err := a.DB(ctx)
	if err != nil {
		return nil, err
	}
	return flow.NewReporting(ctx, db, c, a.zone, a.Lang(), a.Now())
}

// reportTemplate reads the template that --template names, or the built-in one.
func reportTemplate(path string) (*kpi.Template, error) {
	name, text := "the built-in template", kpi.DefaultTemplate
	if path != "" {
		b, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("template: %w", err)
		}
		name, text = path, string(b)
	}
	t, err := kpi.ParseTemplate(name, text)
	if err != nil {
		return nil, withHint(&statusError{exitUsage, err}, "kcc report templates --show prints one that is right")
	}
	return t, nil
}

func newReportPackCmd(app *App) *cobra.Command {
	var month, template string
	cmd := &cobra.Command{
		Use:   "pack",
		Short: "The monthly set: pages for management and for each department",
		Long: "pack writes the reports of a month into the folder of --out: the management set, a page per department,\n" +
			"and index.html that lists them. A template chooses the sections (kcc report templates). The state is that\n" +
			"at the end of the month: run again, the files have the same bytes unless the data changed, and files that\n" +
			"did not change are not written. Made for cron.",
		Example: "  kcc report pack --month 2026-10 -o reports\n  kcc report pack --month 2026-10 -o rapport --lang nl --template set.toml --quiet",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runReportPack(cmd.Context(), app, month, template)
		},
	}
	cmd.Flags().StringVar(&month, "month", "", "the month, `2026-10` (default: the last whole one)")
	cmd.Flags().StringVar(&template, "template", "", "sections by the template in `FILE`")
	return cmd
}

func runReportPack(ctx context.Context, app *App, month, template string) error {
	dir := app.flags.out
	if dir == "" || dir == "-" {
		return usagef("a pack is a folder of files: name it with --out DIR")
	}
	period := kpi.LastMonth(app.Today())
	if month != "" {
		var err error
		if period, err = kpi.ParseMonth(month); err != nil {
			return usagef("--month: %w", err)
		}
	}
	if period.From > app.Today() {
		return usagef("--month %s has not begun", month)
	}
	t, err := reportTemplate(template)
	if err != nil {
		return err
	}
	r, err := app.reporting(ctx)
	if err != nil {
		return err
	}
	files, err := r.Pack(ctx, t, period)
	if err != nil {
		return err
	}
	if app.flags.dryRun {
		for _, f := range files {
			app.Infof(app.Lang().Pick("dry run: %s is not written", "proef: %s is niet geschreven"), filepath.Join(dir, f.Name))
		}
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("pack: %w", err)
	}
	written := 0
	for _, f := range files {
		new, err := writeChanged(filepath.Join(dir, f.Name), f.Data)
		if err != nil {
			return err
		}
		if new {
			written++
		}
	}
	app.Infof(app.Lang().Pick("%d files in %s, %d of them new or changed", "%d bestanden in %s, waarvan %d nieuw of gewijzigd"), len(files), dir, written)
	return nil
}

// writeChanged writes a file unless it has these bytes already.
func writeChanged(path string, data []byte) (bool, error) {
	if have, err := os.ReadFile(path); err == nil && bytes.Equal(have, data) {
		return false, nil
	}
	return true, output.WriteFile(path, func(w io.Writer) error { _, err := w.Write(data); return err })
}

func newReportTemplatesCmd(app *App) *cobra.Command {
	var show bool
	var check string
	cmd := &cobra.Command{
		Use:   "templates",
		Short: "The sections that a pack can have, and a template to start from",
		Long: "templates lists the sections of a pack. --show prints the built-in template as TOML: save it, leave out or\n" +
			"add sections, and name it with \"report pack --template FILE\". --check FILE says whether one is right.",
		Example: "  kcc report templates\n  kcc report templates --show > set.toml\n  kcc report templates --check set.toml",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if show {
				_, err := io.WriteString(app.Out, kpi.DefaultTemplate)
				return err
			}
			t, err := reportTemplate(check)
			if err != nil {
				return err
			}
			return app.emit(templateTable(app.Lang(), t))
		},
	}
	cmd.Flags().BoolVar(&show, "show", false, "print the built-in template")
	cmd.Flags().StringVar(&check, "check", "", "list the sections of the template in `FILE`")
	return cmd
}

func templateTable(l output.Lang, t *kpi.Template) output.Table {
	pick := func(en, nl string) string {
		if l == output.Dutch {
			return nl
		}
		return en
	}
	out := output.Table{Name: "templates", Title: pick("Sections of a pack", "Onderdelen van een pakket"), Keys: 2, Columns: []output.Column{
		{Name: "page", Title: pick("Page", "Pagina")},
		{Name: "section", Title: pick("Section", "Onderdeel"), Kind: output.Integer},
		{Name: "report", Title: pick("Report", "Rapport")},
		{Name: "by", Title: pick("By", "Per")},
		{Name: "every", Title: pick("Every", "Elke")},
		{Name: "vs", Title: pick("Beside", "Naast")},
		{Name: "charts", Title: pick("Charts", "Grafieken"), Kind: output.Bool},
	}}
	for _, part := range []struct {
		name string
		list []kpi.Section
	}{{"management", t.Management}, {"department", t.Department}} {
		for i := range part.list {
			s := &part.list[i]
			out.Rows = append(out.Rows, []any{part.name, i + 1, s.Report, strings.Join(s.By, ","), s.Every, s.Versus, s.Draws()})
		}
	}
	out.Notes = []string{pick("Reports to choose from: ", "Rapporten om uit te kiezen: ") + strings.Join(kpi.ReportNames(), ", ")}
	return out
}

func newReportDashboardCmd(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "dashboard",
		Short: "Today so far against plan: volume, service level, backlog, due today",
		Long: "dashboard shows today up to now beside the forecast and the targets, with the backlog and what is due\n" +
			"today. With --out today.html it is a page for a wall screen, written anew by each run of cron.",
		Example: "  kcc report dashboard\n  kcc report dashboard -o today.html --quiet",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			r, err := app.reporting(ctx)
			if err != nil {
				return err
			}
			today := app.Today()
			q := kpi.Query{Period: kpi.Period{From: today, To: today}}
			plan, err := flow.PlanFigures(ctx, r.DB, r.Set, q, today.Add(1).At(calendar.Clock(0), app.zone))
			if err != nil {
				return err
			}
			rep, err := kpi.Dashboard(ctx, r.DB, r.Set, kpi.View{Lang: r.Lang, Now: r.Now, Titles: r.Title, Charts: app.drawn(), Plan: plan})
			if err != nil {
				return err
			}
			return app.emitReport(rep)
		},
	}
	return cmd
}
