package main

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"kcc/contacts/kpi"
	"kcc/internal/flow"
)

// reportRun makes one report from what the flags say.
type reportRun func(ctx context.Context, db *sql.DB, r *reporter) (*kpi.Report, error)

// newOtherReportCmd is a report that is not about contacts alone.
func newOtherReportCmd(app *App, use, short, long, example string, o *reportOptions, run reportRun) *cobra.Command {
	cmd := &cobra.Command{
		Use: use, Short: short, Long: long, Example: example, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			r, err := app.reporter(cmd.Context(), o)
			if err != nil {
				return err
			}
			db, err := app.DB(cmd.Context())
			if err != nil {
				return err
			}
			rep, err := run(cmd.Context(), db, r)
			if errors.Is(err, kpi.ErrKeys) {
				return &statusError{exitUsage, err}
			}
			if err != nil {
				return err
			}
			return app.emitReport(rep)
		},
	}
	o.flags(cmd, true)
	return cmd
}

func newReportLeadtimeCmd(app *App) *cobra.Command {
	return newOtherReportCmd(app, "leadtime", "How long work with departments took, open work included",
		"leadtime shows within how long half, 80 and 95 % of the work received in a period was done, in business\nhours and in days. Open work counts for as long as it has been open, so that a slow month does not look\nfast.",
		"  kcc report leadtime --month 2026-10\n  kcc report leadtime --by department,subject -o leadtime.html\n  kcc report leadtime --every month --format csv",
		&reportOptions{}, func(ctx context.Context, db *sql.DB, r *reporter) (*kpi.Report, error) {
			return kpi.LeadTime(ctx, db, r.set, r.q, r.view)
		})
}

func newReportBacklogCmd(app *App) *cobra.Command {
	return newOtherReportCmd(app, "backlog", "Open work by how near or past its due time it is",
		"backlog shows the open work at the end of the period (at most now) by department and due time. What is\nlate is told apart by how late it is beside what was promised.",
		"  kcc report backlog\n  kcc report backlog --by department,subject --to 2026-10-31\n  kcc report backlog -o backlog.xlsx",
		&reportOptions{}, func(ctx context.Context, db *sql.DB, r *reporter) (*kpi.Report, error) {
			if r.open {
				r.q.To = max(r.q.To, app.Today())
			}
			return kpi.Backlog(ctx, db, r.set, r.q, r.view)
		})
}

func newReportRepeatCmd(app *App) *cobra.Command {
	return newOtherReportCmd(app, "repeat", "Customers who came back on the same subject",
		"repeat shows, by subject, how many answered customers came back on the subject within a week and what\nthat costs. The last week of the data cannot be judged yet and is left out.",
		"  kcc report repeat --month 2026-10\n  kcc report repeat --by channel,subject -o repeat.html",
		&reportOptions{}, func(ctx context.Context, db *sql.DB, r *reporter) (*kpi.Report, error) {
			return kpi.RepeatReport(ctx, db, r.set, r.q, r.view)
		})
}

func newReportAgentCmd(app *App) *cobra.Command {
	o := &reportOptions{}
	cmd := newOtherReportCmd(app, "agent", "Handling, occupancy and adherence per team, or with --agents per agent",
		"agent shows what teams handled, how busy they were and how far they kept to the roster. Figures of one\nagent are personal data: --agents asks for them.",
		"  kcc report agent --month 2026-10\n  kcc report agent --agents --from 2026-11-16 --channel phone",
		o, func(ctx context.Context, db *sql.DB, r *reporter) (*kpi.Report, error) {
			shifts, err := flow.KPIShifts(ctx, db, r.q.Period, app.zone, app.Now())
			if err != nil {
				return nil, err
			}
			return kpi.AgentReport(ctx, db, r.set, r.q, r.view, shifts, o.Agents)
		})
	cmd.Flags().BoolVar(&o.Agents, "agents", false, "a row per agent in place of per team")
	return cmd
}

func newReportForecastCmd(app *App) *cobra.Command {
	var lead durationValue
	cmd := newOtherReportCmd(app, "forecast", "How far the forecasts were off, beside what chance alone does",
		"forecast compares the forecast of record with what came: of each interval the newest forecast that was\nmade at least --lead before it. Beside the error stands the one that a perfect forecast would have.",
		"  kcc report forecast --month 2026-10\n  kcc report forecast --lead 7d --every week -o accuracy.html",
		&reportOptions{}, func(ctx context.Context, db *sql.DB, r *reporter) (*kpi.Report, error) {
			return flow.ForecastReport(ctx, db, r.set, r.q, r.view, time.Duration(lead))
		})
	cmd.Flags().Var(&lead, "lead", "judge what was forecast at least this `TIME` ahead: 7d (default: just before the interval)")
	return cmd
}

func newReportRosterCmd(app *App) *cobra.Command {
	return newOtherReportCmd(app, "roster", "Staff required, rostered and at work",
		"roster compares the agent-hours of the newest requirement with the published roster and with what agents\nworked by their states, per day unless --every says otherwise.",
		"  kcc report roster --from 2026-11-16 --to 2026-11-22\n  kcc report roster --every week -o staffing.xlsx",
		&reportOptions{}, func(ctx context.Context, db *sql.DB, r *reporter) (*kpi.Report, error) {
			return flow.RosterReport(ctx, db, r.set, r.q, r.view)
		})
}

func newReportKnowledgeCmd(app *App) *cobra.Command {
	return newOtherReportCmd(app, "knowledge", "The knowledge base: what there is, what helps, what is missing",
		"knowledge counts articles by state, what to look at, subjects without an article, and how often an article\nhelped in a contact or in the chatbot.",
		"  kcc report knowledge --month 2026-10\n  kcc report knowledge -o knowledge.html",
		&reportOptions{}, func(ctx context.Context, db *sql.DB, r *reporter) (*kpi.Report, error) {
			return flow.KnowledgeReport(ctx, db, r.set, r.q, r.view)
		})
}
