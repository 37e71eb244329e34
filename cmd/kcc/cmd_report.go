package main

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/spf13/cobra"

	"kcc/contacts/kpi"
	"kcc/internal/flow"
	"kcc/internal/output"
)

func newReportCmd(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Key figures of the centre, by channel, kind, subject and time",
		Long: "report shows what came in, how long customers waited, what became of it and whether promises were\n" +
			"kept. Every figure comes with its definition, every report says what is wrong with its data, and\n" +
			"totals are the figure of the summed parts. Without --from, --to or --month the whole history counts.\n\n" +
			"On a terminal it is a table; --format csv and json are for programs; --out report.xlsx writes a\n" +
			"workbook with charts, --out report.html one page that needs no network and no script.",
		Example: "  kcc report kpi --month 2026-10 --vs previous\n  kcc report channel --by channel,subject --from 2026-10-01\n" +
			"  kcc report kpi --every week --format csv -o weeks.csv\n  kcc report pack --month 2026-10 -o reports",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		newOneReportCmd(app, "kpi", "All key figures of a period",
			"kpi lists the key figures of a period with their 95 % interval, what they are over and their course over\ntime. With --by or --every it is a table with a row per group; several keys give subtotals.",
			"  kcc report kpi\n  kcc report kpi --month 2026-10 --vs year\n  kcc report kpi --by channel,kind --month 2026-10\n  kcc report kpi --every week --from 2026-01-01 -o weeks.xlsx"),
		newOneReportCmd(app, "channel", "Volume, waiting and outcome per channel",
			"channel shows the figures per channel: what came in and how long customers waited from the statistics,\nwhat became of it from the registered contacts.",
			"  kcc report channel --month 2026-10\n  kcc report channel --by channel,subject --vs previous --month 2026-10\n  kcc report channel --every month -o channels.html"),
		newOneReportCmd(app, "kind", "Figures per kind of contact: question, request, complaint",
			"kind shows the figures of registered contacts per kind.",
			"  kcc report kind --month 2026-10\n  kcc report kind --by kind,channel --format csv"),
		newOneReportCmd(app, "subject", "Figures per subject, the largest first",
			"subject shows the figures of registered contacts per subject.",
			"  kcc report subject --month 2026-10\n  kcc report subject --by department,subject -o subjects.xlsx"),
		newOneReportCmd(app, "segment", "Figures per group of customers",
			"segment shows the figures of registered contacts per group of customers. Small groups can tell who a\ncustomer is: --min-cell puts them together.",
			"  kcc report segment --month 2026-10 --min-cell 10\n  kcc report segment --by segment,channel --every quarter"),
		newOneReportCmd(app, "leadtime", "How long work with departments took, open work included",
			"leadtime shows within how long half, 80 and 95 % of the work received in a period was done, in business\nhours and in days. Open work counts for as long as it has been open, so that a slow month does not look\nfast.",
			"  kcc report leadtime --month 2026-10\n  kcc report leadtime --by department,subject -o leadtime.html\n  kcc report leadtime --every month --format csv"),
		newOneReportCmd(app, "backlog", "Open work by how near or past its due time it is",
			"backlog shows the open work at the end of the period (at most now) by department and due time. What is\nlate is told apart by how late it is beside what was promised.",
			"  kcc report backlog\n  kcc report backlog --by department,subject --to 2026-10-31\n  kcc report backlog -o backlog.xlsx"),
		newOneReportCmd(app, "repeat", "Customers who came back on the same subject",
			"repeat shows, by subject, how many answered customers came back on the subject within a week and what\nthat costs. The last week of the data cannot be judged yet and is left out.",
			"  kcc report repeat --month 2026-10\n  kcc report repeat --by channel,subject -o repeat.html"),
		newOneReportCmd(app, "agent", "Handling, occupancy and adherence per team, or with --agents per agent",
			"agent shows what teams handled, how busy they were and how far they kept to the roster. Figures of one\nagent are personal data: --agents asks for them.",
			"  kcc report agent --month 2026-10\n  kcc report agent --agents --from 2026-11-16 --channel phone"),
		newOneReportCmd(app, "forecast", "How far the forecasts were off, beside what chance alone does",
			"forecast compares the forecast of record with what came: of each interval the newest forecast that was\nmade at least --lead before it. Beside the error stands the one that a perfect forecast would have.",
			"  kcc report forecast --month 2026-10\n  kcc report forecast --lead 7d --every week -o accuracy.html"),
		newOneReportCmd(app, "roster", "Staff required, rostered and at work",
			"roster compares the agent-hours of the newest requirement with the published roster and with what agents\nworked by their states, per day unless --every says otherwise.",
			"  kcc report roster --from 2026-11-16 --to 2026-11-22\n  kcc report roster --every week -o staffing.xlsx"),
		newOneReportCmd(app, "knowledge", "The knowledge base: what there is, what helps, what is missing",
			"knowledge counts articles by state, what to look at, subjects without an article, and how often an article\nhelped in a contact or in the chatbot.",
			"  kcc report knowledge --month 2026-10\n  kcc report knowledge -o knowledge.html"),
		newReportPackCmd(app), newReportTemplatesCmd(app), newReportDashboardCmd(app),
	)
	return cmd
}

// newOneReportCmd is the command of one of kpi.ReportNames.
func newOneReportCmd(app *App, name, short, long, example string) *cobra.Command {
	o := reportOptions{}
	cmd := &cobra.Command{
		Use: name, Short: short, Long: long, Example: example, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runReport(cmd.Context(), app, name, o) },
	}
	o.flags(cmd, kpi.TakesOf(name))
	switch name {
	case "agent":
		cmd.Flags().BoolVar(&o.Named, "agents", false, "a row per agent in place of per team")
	case "forecast":
		cmd.Flags().Var(&o.Lead, "lead", "judge what was forecast at least this `TIME` ahead: 7d (default: just before the interval)")
	}
	return cmd
}

func runReport(ctx context.Context, app *App, name string, o reportOptions) error {
	r, err := app.reporter(ctx, &o)
	if err != nil {
		return err
	}
	if name == "backlog" && r.open {
		r.q.To = max(r.q.To, app.Today())
	}
	rep, err := r.Report(ctx, name, r.q, r.view, flow.ReportOptions{Lead: time.Duration(o.Lead), Named: o.Named})
	if errors.Is(err, kpi.ErrKeys) {
		return &statusError{exitUsage, err}
	}
	if err != nil {
		return err
	}
	return app.emitReport(rep)
}

// emitReport shows a report in the form that the global flags ask for.
func (a *App) emitReport(r *kpi.Report) error {
	if a.flags.out != "" && a.flags.out != "-" {
		return a.writeReport(a.flags.out, r)
	}
	f, err := a.format()
	if err != nil {
		return err
	}
	if a.flags.out == "-" && a.flags.format == "" {
		f = output.CSV
	}
	return writeReport(a.Out, f, a.outputOptions(), r)
}

// writeReport writes a report to a file.
func (a *App) writeReport(path string, r *kpi.Report) error {
	return a.writeFile(path, func(w io.Writer, f output.Format) error { return writeReport(w, f, a.outputOptions(), r) })
}

func writeReport(w io.Writer, f output.Format, opt output.Options, r *kpi.Report) error {
	switch f {
	case output.CSV:
		return output.Write(w, f, opt, r.Data[0])
	case output.JSON:
		return output.Write(w, f, opt, r.Programs(opt.Lang)...)
	case output.XLSX:
		return output.WriteBook(w, f, opt, r.Workbook(opt.Lang))
	case output.HTML:
		return output.WriteBook(w, f, opt, r.Page())
	}
	return output.Write(w, f, opt, r.Screen()...)
}
