package main

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"kcc/internal/calendar"
	"kcc/internal/flow"
	"kcc/internal/output"
	"kcc/internal/planstore"
	"kcc/internal/rosterfile"
	"kcc/roster"
)

type rosterShowOptions struct {
	rosterInput
	Versions    bool
	Team, Agent string
	Week        string
}

func newRosterShowCmd(app *App) *cobra.Command {
	var o rosterShowOptions
	cmd := &cobra.Command{
		Use:   "show [FILE]",
		Short: "Show a roster, or the versions in the store",
		Long: "Shows a roster as a table per week: agents by days with their hours. Without FILE it is the one\n" +
			"in force in the store: the last one published for today or later, else the last one made; a\n" +
			"number names a version. --versions lists them all. CSV and JSON are a row per shift, and --out\n" +
			"writes xlsx (the workbook), html or ics too.",
		Example: "  kcc roster show --week 2026-W49 --team front\n" +
			"  kcc roster show --versions\n" +
			"  kcc roster show 12 --agent agent-003\n" +
			"  kcc roster show 12 -o roster.xlsx",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.Versions {
				return app.showVersions(cmd.Context())
			}
			return runRosterShow(cmd.Context(), app, firstArg(args), o)
		},
	}
	o.addFlags(cmd)
	f := cmd.Flags()
	f.BoolVar(&o.Versions, "versions", false, "list the rosters of the store")
	f.StringVar(&o.Team, "team", "", "only this team, `NAME`")
	f.StringVar(&o.Agent, "agent", "", "only this agent, `ID`")
	f.StringVar(&o.Week, "week", "", "only this week, `2026-W49`")
	return cmd
}

func runRosterShow(ctx context.Context, app *App, file string, o rosterShowOptions) error {
	p, r, err := o.readRoster(ctx, app, file)
	if err != nil {
		return err
	}
	monday := calendar.Date(0)
	if o.Week != "" {
		if monday, err = parseWeek(o.Week); err != nil {
			return usagef("--week: %w", err)
		}
		if monday.Add(6) < p.First || monday > p.Last() {
			return usagef("--week %s is not within the roster, %s to %s", o.Week, p.First, p.Last())
		}
	}
	keep := func(a *roster.Agent) bool {
		return (o.Team == "" || a.Team == o.Team) && (o.Agent == "" || a.ID == o.Agent)
	}
	if !slices.ContainsFunc(p.Agents, func(a roster.Agent) bool { return keep(&a) }) {
		switch {
		case o.Team == "":
			return usagef("--agent %s is not one of the agents of the roster", o.Agent)
		case o.Agent == "":
			return usagef("--team %s: no agent of the roster is in it", o.Team)
		}
		return usagef("--agent %s is not in team %s", o.Agent, o.Team)
	}
	if o.version != nil {
		v := o.version
		app.Infof(app.Lang().Pick("roster %d, %s, %s to %s, made %s%s", "rooster %d, %s, %s tot en met %s, gemaakt %s%s"), v.ID, app.rosterWord(string(v.Status)), v.First, v.Last(), v.Made.In(p.Zone).Format("2006-01-02 15:04"), noteText(v.Note))
	}
	if app.screen() && app.flags.out == "" {
		return app.emit(flow.WeekTables(p, r, app.Lang(), monday, keep)...)
	}
	var part roster.Roster
	for _, a := range r.Assignments {
		i := slices.IndexFunc(p.Agents, func(x roster.Agent) bool { return x.ID == a.Agent })
		if i >= 0 && keep(&p.Agents[i]) && (monday == 0 || a.Date >= monday && a.Date <= monday.Add(6)) {
			part.Assignments = append(part.Assignments, a)
		}
	}
	if out := app.flags.out; out != "" && out != "-" {
		if f, err := output.FormatOf(out); err == nil && (f == output.XLSX || f == output.HTML || f == output.ICS) {
			res, err := roster.Evaluate(p, r)
			if err != nil {
				return err
			}
			return app.writeRoster(p, res)
		}
	}
	return app.emit(rosterfile.Table(part, p.Zone))
}

func noteText(note string) string {
	if note == "" {
		return ""
	}
	return ": " + note
}

// parseWeek returns the Monday of an ISO week such as 2026-W49, or of the week
// of a day.
func parseWeek(s string) (calendar.Date, error) {
	if d, err := calendar.ParseDate(s); err == nil {
		return d.Monday(), nil
	}
	year, week, err := 0, 0, error(nil)
	if len(s) >= 7 && (s[4:6] == "-W" || s[4:6] == "-w") {
		if year, err = strconv.Atoi(s[:4]); err == nil {
			week, err = strconv.Atoi(s[6:])
		}
	}
	monday := calendar.NewDate(year, time.January, 4).Monday().Add(7 * (week - 1))
	if y, w := monday.ISOWeek(); err != nil || y != year || w != week {
		return 0, usagef("week %q: want a week such as 2026-W49", s)
	}
	return monday, nil
}

// showVersions lists the rosters of the store.
func (a *App) showVersions(ctx context.Context) error {
	db, err := a.DB(ctx)
	if err != nil {
		return err
	}
	list, err := planstore.Rosters(ctx, db)
	if err != nil {
		return err
	}
	lang := a.Lang()
	t := output.Table{Name: "versions", Title: lang.Pick("Rosters in the store", "Roosters in de opslag"), Columns: []output.Column{
		{Name: "version", Kind: output.Integer},
		{Name: "status", Kind: output.Text},
		{Name: "from", Kind: output.Date},
		{Name: "to", Kind: output.Date},
		{Name: "made", Title: lang.Pick("made", "gemaakt"), Kind: output.DateTime},
		{Name: "published", Title: lang.Pick("published", "gepubliceerd"), Kind: output.DateTime},
		{Name: "based_on", Title: lang.Pick("based on", "gebaseerd op"), Kind: output.Integer},
		{Name: "requirement", Title: lang.Pick("requirement", "behoefte"), Kind: output.Integer},
		{Name: "unmet_hours", Title: lang.Pick("hours short", "uren tekort"), Kind: output.Number, Digits: 1},
		{Name: "cost", Kind: output.Number},
		{Name: "note", Kind: output.Text},
	}}
	for _, v := range list {
		t.Rows = append(t.Rows, []any{
			v.ID, a.rosterWord(string(v.Status)), v.First, v.Last(), v.Made, v.Published, orNil(v.BasedOn), orNil(v.RequirementRun), v.Result.UnmetHours, v.Result.Cost.Total, v.Note,
		})
	}
	if len(list) == 0 {
		a.Infof("%s", lang.Pick("the store has no roster yet: make one with \"kcc plan\"", "de opslag heeft nog geen rooster: maak er een met \"kcc plan\""))
	}
	return a.emit(t)
}

func orNil(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}
