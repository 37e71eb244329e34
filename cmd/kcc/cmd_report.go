package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"kcc/contacts"
	"kcc/contacts/kpi"
	"kcc/internal/calendar"
	"kcc/internal/centre"
	"kcc/internal/flow"
	"kcc/internal/output"
)

// reportOptions are the flags of a report.
type reportOptions struct {
	By, Every, From, To, Month, Versus string
	Filter                             map[kpi.Key]*[]string
	MinCell                            int
	Target, Level                      string
	Agents                             bool
}

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
		newContactReportCmd(app, "kpi", "All key figures of a period",
			"kpi lists the key figures of a period with their 95 % interval, what they are over and their course over\ntime. With --by or --every it is a table with a row per group; several keys give subtotals.",
			"  kcc report kpi\n  kcc report kpi --month 2026-10 --vs year\n  kcc report kpi --by channel,kind --month 2026-10\n  kcc report kpi --every week --from 2026-01-01 -o weeks.xlsx"),
		newContactReportCmd(app, "channel", "Volume, waiting and outcome per channel",
			"channel shows the figures per channel: what came in and how long customers waited from the statistics,\nwhat became of it from the registered contacts.",
			"  kcc report channel --month 2026-10\n  kcc report channel --by channel,subject --vs previous --month 2026-10\n  kcc report channel --every month -o channels.html"),
		newContactReportCmd(app, "kind", "Figures per kind of contact: question, request, complaint",
			"kind shows the figures of registered contacts per kind.",
			"  kcc report kind --month 2026-10\n  kcc report kind --by kind,channel --format csv"),
		newContactReportCmd(app, "subject", "Figures per subject, the largest first",
			"subject shows the figures of registered contacts per subject.",
			"  kcc report subject --month 2026-10\n  kcc report subject --by department,subject -o subjects.xlsx"),
		newContactReportCmd(app, "segment", "Figures per group of customers",
			"segment shows the figures of registered contacts per group of customers. Small groups can tell who a\ncustomer is: --min-cell puts them together.",
			"  kcc report segment --month 2026-10 --min-cell 10\n  kcc report segment --by segment,channel --every quarter"),
		newReportLeadtimeCmd(app), newReportBacklogCmd(app), newReportRepeatCmd(app), newReportAgentCmd(app),
		newReportForecastCmd(app), newReportRosterCmd(app), newReportKnowledgeCmd(app),
		newReportPackCmd(app), newReportTemplatesCmd(app), newReportDashboardCmd(app),
	)
	return cmd
}

func newContactReportCmd(app *App, name, short, long, example string) *cobra.Command {
	o := reportOptions{}
	cmd := &cobra.Command{
		Use: name, Short: short, Long: long, Example: example, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runContactReport(cmd.Context(), app, name, o) },
	}
	o.flags(cmd, true)
	return cmd
}

// flags adds the flags of a report; grouped ones also have keys and buckets.
func (o *reportOptions) flags(cmd *cobra.Command, grouped bool) {
	f := cmd.Flags()
	f.StringVar(&o.From, "from", "", "from this `DATE` on (default: the first of the data)")
	f.StringVar(&o.To, "to", "", "up to and with this `DATE` (default: the last of the data)")
	f.StringVar(&o.Month, "month", "", "one month, `2026-10`, in place of --from and --to")
	f.StringVar(&o.Target, "target", "", "count the service level at `80/20s` in every channel (default: the targets of the centre)")
	f.StringVar(&o.Level, "service-level", "", "formula, `offered|answered|excl_short|wait_any` (default: that of the centre)")
	f.IntVar(&o.MinCell, "min-cell", 0, "put groups with fewer than `N` contacts together")
	o.Filter = map[kpi.Key]*[]string{}
	for _, k := range []kpi.Key{kpi.ByChannel, kpi.BySubject, kpi.ByKind, kpi.BySegment, kpi.ByDepartment, kpi.ByDirection} {
		o.Filter[k] = f.StringSlice(string(k), nil, "only this `"+strings.ToUpper(string(k))+"` (may be repeated)")
	}
	if grouped {
		f.StringVar(&o.By, "by", "", "split by `KEYS`, with commas: channel, kind, subject, segment, department, team, direction, cause")
		f.StringVar(&o.Every, "every", "", "a row per `interval|hour|day|week|month|quarter|year`")
		f.StringVar(&o.Versus, "vs", "", "beside the `previous|year|plan`: the period before, a year ago, or what was planned")
	}
}

// reporter is what every report needs: settings, names and the query.
type reporter struct {
	set  *kpi.Settings
	q    kpi.Query
	view kpi.View
	none bool // the store holds nothing to report on
	open bool // the end of the period was left open
}

// reporter reads the flags against the store.
func (a *App) reporter(ctx context.Context, o *reportOptions) (*reporter, error) {
	r := &reporter{}
	var err error
	if r.q.By, err = kpi.ParseKeys(o.By); err != nil {
		return nil, usagef("--by %w", err)
	}
	if r.q.Every, err = kpi.ParseEvery(o.Every); err != nil {
		return nil, usagef("--every %w", err)
	}
	compare, err := kpi.ParseCompare(o.Versus)
	if err != nil {
		return nil, usagef("--vs %w", err)
	}
	c, err := a.CentreIfAny(ctx)
	if err != nil {
		return nil, err
	}
	r.set = a.kpiSettings(c)
	if o.Level != "" {
		if r.set.Definition, err = kpi.ParseDefinition(o.Level); err != nil {
			return nil, usagef("--service-level: %w", err)
		}
	}
	db, err := a.DB(ctx)
	if err != nil {
		return nil, err
	}
	if o.Target != "" {
		t, err := parseReportTarget(o.Target)
		if err != nil {
			return nil, usagef("--target: %w", err)
		}
		if r.set.Targets, err = kpi.TargetForAll(ctx, db, t); err != nil {
			return nil, err
		}
		r.set.Apart = true
	}
	if r.set.TeamOf, err = flow.KPITeams(ctx, db); err != nil {
		return nil, err
	}
	r.view = kpi.View{Lang: a.Lang(), Now: a.Now(), Compare: compare, MinCell: o.MinCell, Titles: flow.KPITitles(c), Charts: a.drawn()}
	r.q.Filter = map[kpi.Key][]string{}
	for k, vals := range o.Filter {
		if len(*vals) == 0 {
			continue
		}
		for _, v := range *vals {
			if k == kpi.ByChannel {
				v = contacts.ChannelName(v)
			}
			r.q.Filter[k] = append(r.q.Filter[k], v)
		}
	}
	data, ok, err := kpi.DataPeriod(ctx, db, r.set)
	if err != nil {
		return nil, err
	}
	r.none, r.open = !ok, o.To == "" && o.Month == ""
	if r.q.Period, err = o.period(data, a.Today()); err != nil {
		return nil, err
	}
	if compare == kpi.VsPlan {
		r.view.Plan, err = flow.PlanFigures(ctx, db, r.set, r.q, a.Now())
	}
	return r, err
}

// kpiSettings are the settings of reports of this centre.
func (a *App) kpiSettings(c *centre.Centre) *kpi.Settings {
	set := flow.KPISettings(c)
	set.Zone = a.zone
	return set
}

// prepareFigures makes the figures of changed days for the reports to come.
func (a *App) prepareFigures(ctx context.Context, db *sql.DB, c *centre.Centre, rows int) error {
	_, err := kpi.Prepare(ctx, db, a.kpiSettings(c), rows)
	return err
}

// drawn reports whether what is written has room for charts.
func (a *App) drawn() bool {
	f, err := output.FormatOf(a.flags.out)
	return err == nil && (f == output.XLSX || f == output.HTML)
}

// period reads --month, --from and --to; what is left open is that of the data.
func (o *reportOptions) period(data kpi.Period, today calendar.Date) (kpi.Period, error) {
	p := data
	if p.From == 0 && p.To == 0 {
		p = kpi.Period{From: today, To: today}
	}
	if o.Month != "" {
		if o.From != "" || o.To != "" {
			return p, usagef("--month names the whole period: leave out --from and --to")
		}
		m, err := kpi.ParseMonth(o.Month)
		if err != nil {
			return p, usagef("--month: %w", err)
		}
		return m, nil
	}
	var err error
	if o.From != "" {
		if p.From, err = calendar.ParseDate(o.From); err != nil {
			return p, usagef("--from: %w", err)
		}
		if o.To == "" {
			p.To = max(p.To, p.From)
		}
	}
	if o.To != "" {
		if p.To, err = calendar.ParseDate(o.To); err != nil {
			return p, usagef("--to: %w", err)
		}
		if o.From == "" {
			p.From = min(p.From, p.To)
		}
	}
	if p.To < p.From {
		return p, usagef("--to %s lies before --from %s", p.To, p.From)
	}
	return p, nil
}

// parseReportTarget reads 80/20s.
func parseReportTarget(s string) (kpi.Target, error) {
	level, within, ok := strings.Cut(s, "/")
	pct, err := strconv.ParseFloat(strings.TrimSuffix(level, "%"), 64)
	if !ok || err != nil || !(pct > 0 && pct <= 100) || math.IsNaN(pct) {
		return kpi.Target{}, fmt.Errorf("%q: want a percentage and a time, such as 80/20s", s)
	}
	d, err := calendar.ParseDuration(within)
	if err == nil && d <= 0 {
		err = fmt.Errorf("%q: the time must be above 0", s)
	}
	return kpi.Target{Level: pct / 100, Within: d}, err
}

func runContactReport(ctx context.Context, app *App, name string, o reportOptions) error {
	r, err := app.reporter(ctx, &o)
	if err != nil {
		return err
	}
	db, err := app.DB(ctx)
	if err != nil {
		return err
	}
	rep, err := kpi.Make(ctx, db, r.set, name, r.q, r.view)
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
