package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"kcc/internal/calendar"
	"kcc/internal/flow"
	"kcc/internal/output"
	"kcc/roster"
)

func newRosterCheckCmd(app *App) *cobra.Command {
	var o rosterInput
	cmd := &cobra.Command{
		Use:   "check [FILE]",
		Short: "Verify a roster against every hard rule",
		Long: "Reads a roster and verifies it from scratch: shifts and breaks, leave and availability, skills,\n" +
			"maximum hours and days, and the working-time rules, with the days before it (--history).\n" +
			"Takes the same files as roster make, or the store. FILE is a roster.csv, or a workbook that kcc\n" +
			"wrote and a planner edited: a cell of a week sheet holds 08:30-17:00, the name of a shift, - (off),\n" +
			"L (leave) or Z (sick), with ! when it must stay; edited shifts get their breaks and skills anew.\n" +
			"Of an edited workbook it also says which rules the edits break and what they do to coverage and,\n" +
			"with a store, to the expected service level of the changed days (simulated).\n\n" +
			"Exit status 4: there are violations.",
		Example: "  kcc roster check roster-2026-W48.xlsx\n" +
			"  kcc roster check roster.csv --agents agents.csv --shifts shifts.csv --requirement r.csv --from 2026-11-30 --weeks 4\n" +
			"  kcc roster check roster.csv --agents agents.csv --shifts shifts.csv --requirement r.csv --from 2026-11-30 --format json",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runRosterCheck(cmd.Context(), app, firstArg(args), o)
		},
	}
	o.addFlags(cmd)
	return cmd
}

func runRosterCheck(ctx context.Context, app *App, file string, o rosterInput) error {
	p, r, err := o.readRoster(ctx, app, file)
	if err != nil {
		return err
	}
	if o.version != nil {
		file = fmt.Sprintf("roster %d", o.version.ID)
	}
	as := r.Assignments
	effect, err := app.effectOf(&o, p, r)
	if err != nil {
		return err
	}
	var found []roster.Violation
	if effect != nil {
		found = effect.After.Violations // of the same checker
	} else {
		found = roster.Check(p, r)
	}
	found = append(found, roster.CheckPresence(p, r, p.Presence)...)
	if format, err := app.format(); err != nil {
		return err
	} else if len(found) > 0 || format != output.Screen || app.flags.out != "" {
		if err := app.emitViolations(found); err != nil {
			return err
		}
	}
	if err := app.tellEffect(ctx, &o, effect, p); err != nil {
		return err
	}
	if len(found) > 0 {
		return notMetf("%s: %s in %s", file, app.count(len(found), "violation", "overtreding", "overtredingen"), app.count(len(as), "shift", "dienst", "diensten"))
	}
	app.Infof(app.Lang().Pick("%s: no violations in %s", "%s: geen overtredingen in %s"), file, app.count(len(as), "shift", "dienst", "diensten"))
	return nil
}

// effectOf measures what the edits of a workbook do; nil for other rosters, and
// where only a table of violations is wanted.
func (a *App) effectOf(o *rosterInput, q *roster.Problem, r roster.Roster) (*flow.EditEffect, error) {
	if o.book == nil || !slices.ContainsFunc(o.book.Cells, func(c output.ReadCell) bool { return c.Changed }) || !a.screen() {
		return nil, nil
	}
	return flow.EditEffectOf(o.before, q, flow.OriginalOfBook(o.before, o.book), r)
}

// tellEffect shows what the edits do, with the expected service level where the
// store knows the forecast.
func (a *App) tellEffect(ctx context.Context, o *rosterInput, e *flow.EditEffect, q *roster.Problem) error {
	if e == nil {
		return nil
	}
	if o.site != nil {
		if err := e.Play(ctx, o.site, q, a.flags.seed); err != nil {
			return err
		}
	}
	a.Infof(a.Lang().Pick("the edits break %s and mend %d", "de wijzigingen breken %s en herstellen er %d"), a.count(len(e.Added), "rule", "regel", "regels"), len(e.Solved))
	return a.emit(e.Table(a.Lang()))
}

// emitViolations lists what the checker found.
func (a *App) emitViolations(found []roster.Violation) error {
	return a.emit(a.worded([]output.Table{violationTable(found, a.Lang())})...)
}

func violationTable(found []roster.Violation, lang output.Lang) output.Table {
	t := output.Table{Name: "violations", Title: lang.Pick("Violations", "Overtredingen"), Columns: []output.Column{
		{Name: "rule", Title: lang.Pick("rule", "regel"), Kind: output.Text},
		{Name: "agent", Title: lang.Pick("agent", "medewerker"), Kind: output.Text},
		{Name: "from", Title: lang.Pick("from", "van"), Kind: output.Text},
		{Name: "to", Title: lang.Pick("to", "tot en met"), Kind: output.Text},
		{Name: "have", Title: lang.Pick("have", "is"), Kind: output.Number, Digits: 2},
		{Name: "want", Title: lang.Pick("want", "norm"), Kind: output.Number, Digits: 2},
		{Name: "unit", Title: lang.Pick("unit", "eenheid"), Kind: output.Text},
		{Name: "source", Title: lang.Pick("source", "bron"), Kind: output.Text},
		{Name: "text", Title: lang.Pick("text", "uitleg"), Kind: output.Text},
	}}
	for _, v := range found {
		from, to := daySpan(v.Days)
		t.Rows = append(t.Rows, []any{v.Rule, v.Agent, from, to, v.Have, v.Want, v.Unit, v.Cites, v.Text.In(string(lang))})
	}
	return t
}

func daySpan(days []calendar.Date) (from, to string) {
	if len(days) == 0 {
		return "", ""
	}
	return days[0].String(), days[len(days)-1].String()
}
