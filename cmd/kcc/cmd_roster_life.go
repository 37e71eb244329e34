package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kcc/internal/calendar"
	"kcc/internal/output"
	"kcc/internal/rosterfile"
	"kcc/roster"
)

type rosterRepairOptions struct {
	rosterInput
	To                                 string
	Absent, AbsentFrom, AbsentTo, Kind string
	Most                               int
}

func newRosterRepairCmd(app *App) *cobra.Command {
	var o rosterRepairOptions
	cmd := &cobra.Command{
		Use:   "repair [FILE]",
		Short: "Fill the holes that absence leaves, with few changes",
		Long: "Takes an agent who is away out of a roster and lets others step in where that pays: each\n" +
			"changed cell has a price, near days more than later ones, and at most --most agents are\n" +
			"touched. All rules keep holding. The changes are shown; --out writes the repaired roster.\n\n" +
			"Without FILE it repairs the roster in force in the store (or the version of that number): the\n" +
			"absence is noted and the repaired roster stored as a draft, to be published with roster publish.\n" +
			"--from and --to then are the days of the absence.",
		Example: "  kcc roster repair --absent agent-017 --from 2026-12-01 --to 2026-12-03\n" +
			"  kcc roster repair roster.csv --absent agent-017 --absent-from 2026-12-01 --absent-to 2026-12-03 --agents a.csv --shifts s.csv --requirement r.csv --from 2026-11-30 -o repaired.csv",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runRosterRepair(cmd.Context(), app, firstArg(args), o)
		},
	}
	o.addFlags(cmd)
	f := cmd.Flags()
	f.StringVar(&o.To, "to", "", "last `DAY` away, with a roster of the store")
	f.StringVar(&o.Absent, "absent", "", "the agent `ID` who is away")
	f.StringVar(&o.AbsentFrom, "absent-from", "", "first `DAY` away (default today)")
	f.StringVar(&o.AbsentTo, "absent-to", "", "last `DAY` away (default the first)")
	f.StringVar(&o.Kind, "kind", "sick", "`sick|leave|unavailable`: sickness and leave count as worked")
	f.IntVar(&o.Most, "most", 3, "touch at most `N` other agents")
	return cmd
}

func runRosterRepair(ctx context.Context, app *App, file string, o rosterRepairOptions) error {
	if o.Absent == "" {
		return usagef("--absent ID is missing")
	}
	away := roster.Availability{Agent: o.Absent, Kind: roster.Kind(o.Kind), From: app.Today()}
	if away.Kind != roster.Sick && away.Kind != roster.Leave && away.Kind != roster.Unavailable {
		return usagef("--kind %q: want sick, leave or unavailable", o.Kind)
	}
	if _, stored := versionNumber(file); stored && !o.anyFile() {
		if o.AbsentFrom == "" {
			o.AbsentFrom = o.From
		}
		if o.AbsentTo == "" {
			o.AbsentTo = o.To
		}
	} else if o.To != "" {
		return usagef("--to goes with a roster of the store: want --absent-to")
	}
	var err error
	if o.AbsentFrom != "" {
		if away.From, err = calendar.ParseDate(o.AbsentFrom); err != nil {
			return usagef("--absent-from: %w", err)
		}
	}
	away.To = away.From
	if o.AbsentTo != "" {
		if away.To, err = calendar.ParseDate(o.AbsentTo); err != nil || away.To < away.From {
			return usagef("--absent-to %q: want a day on or after %s", o.AbsentTo, away.From)
		}
	}
	p, r, err := o.readRoster(ctx, app, file)
	if err != nil {
		return err
	}
	if !knownAgent(p, o.Absent) {
		return usagef("--absent %s is not one of the agents", o.Absent)
	}
	if away.To < p.First || away.From > p.Last() {
		return usagef("%s to %s is not within the roster, %s to %s", away.From, away.To, p.First, p.Last())
	}
	p.Locked = slices.DeleteFunc(slices.Clone(p.Locked), func(c roster.Cell) bool { return c.Agent == o.Absent && away.On(c.Date) })
	rep, err := roster.Repair(ctx, p, r, roster.RepairOptions{Absent: []roster.Availability{away}, Most: o.Most})
	if err != nil {
		return err
	}
	app.Infof(app.Lang().Pick("%s changed, %s touched; agent-hours short: %s before, %s with the absence, %s repaired",
		"%s gewijzigd, %s geraakt; tekort in uren: %s voor, %s met de afwezigheid, %s hersteld"),
		app.count(len(rep.Changes), "cell", "cel", "cellen"), app.count(len(rep.Touched), "other agent", "andere medewerker", "andere medewerkers"),
		app.hours(rep.Unmet[roster.BeforeAbsence]), app.hours(rep.Unmet[roster.WithAbsence]), app.hours(rep.Unmet[roster.AfterRepair]))
	for _, v := range rep.Violation {
		app.Warnf("%s: %s", v.Rule, app.say(v.Text))
	}
	if app.flags.out != "" {
		for _, c := range rep.Changes {
			app.Infof("%s %s: %s -> %s", c.Agent, c.Date, shiftText(c.Before, p.Zone), shiftText(c.After, p.Zone))
		}
		if err := app.emit(rosterfile.Table(rep.Roster, p.Zone)); err != nil {
			return err
		}
	} else if err := app.emit(changeTable(rep.Changes, p.Zone, app.Lang())); err != nil {
		return err
	}
	if o.version != nil {
		if err := app.saveRepair(ctx, o.version, away, rep.Roster); err != nil {
			return err
		}
	}
	if len(rep.Violation) > 0 {
		return notMetf(app.Lang().Pick("the repaired roster breaks %s", "het herstelde rooster breekt %s"), app.count(len(rep.Violation), "rule", "regel", "regels"))
	}
	return nil
}

func knownAgent(p *roster.Problem, id string) bool {
	for i := range p.Agents {
		if p.Agents[i].ID == id {
			return true
		}
	}
	return false
}

// shiftText writes a shift as 08:30-17:00, a day off as -.
func shiftText(a *roster.Assignment, zone *time.Location) string {
	if a == nil {
		return "-"
	}
	return strings.TrimSpace(a.Start.In(zone).Format("15:04") + "-" + a.End.In(zone).Format("15:04") + " " + a.Shift)
}

func changeTable(changes []roster.Change, zone *time.Location, lang output.Lang) output.Table {
	t := output.Table{Name: "changes", Title: lang.Pick("Changes", "Wijzigingen"), Columns: []output.Column{
		{Name: "agent", Kind: output.Text},
		{Name: "date", Kind: output.Date},
		{Name: "before", Title: lang.Pick("before", "voor"), Kind: output.Text},
		{Name: "after", Title: lang.Pick("after", "na"), Kind: output.Text},
		{Name: "breaks", Kind: output.Text},
	}}
	for _, c := range changes {
		breaks := ""
		if c.After != nil {
			breaks = rosterfile.FormatPlaced(*c.After, zone)
		}
		t.Rows = append(t.Rows, []any{c.Agent, c.Date, shiftText(c.Before, zone), shiftText(c.After, zone), breaks})
	}
	return t
}

func newRosterSwapCmd(app *App) *cobra.Command {
	var o rosterInput
	cmd := &cobra.Command{
		Use:   "swap [FILE] AGENT AGENT DATE",
		Short: "Let two agents exchange a day, checked and priced",
		Long: "Exchanges what two agents do on a day and says which rules that would break and what it does\n" +
			"to coverage. --out writes the roster after the exchange when no rule is broken. Without FILE it\n" +
			"is about the roster in force in the store, and the outcome is stored as a draft.\n" +
			"Exit status 4: the exchange would break a rule.",
		Example: "  kcc roster swap agent-003 agent-011 2026-12-04\n" +
			"  kcc roster swap roster.csv agent-003 agent-011 2026-12-04 --agents a.csv --shifts s.csv --requirement r.csv --from 2026-11-30",
		Args: cobra.RangeArgs(3, 4),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 3 {
				args = append([]string{""}, args...)
			}
			return runRosterSwap(cmd.Context(), app, args, o)
		},
	}
	o.addFlags(cmd)
	return cmd
}

func runRosterSwap(ctx context.Context, app *App, args []string, o rosterInput) error {
	day, err := calendar.ParseDate(args[3])
	if err != nil {
		return usagef("%w", err)
	}
	p, r, err := o.readRoster(ctx, app, args[0])
	if err != nil {
		return err
	}
	switch {
	case args[1] == args[2]:
		return usagef("%s cannot be exchanged with itself: name two agents", args[1])
	case day < p.First || day > p.Last():
		return usagef("%s is not within the roster, %s to %s", day, p.First, p.Last())
	}
	s, err := roster.Swap(p, r, args[1], args[2], day)
	if err != nil {
		return usagef("%w", err)
	}
	app.Infof(app.Lang().Pick("the exchange makes the roster cost %s and the agent-hours short %s", "de ruil maakt de kosten van het rooster %s en het tekort in uren %s"),
		app.Lang().Signed(s.After.Total-s.Before.Total, 1), app.Lang().Signed(s.UnmetHours, 2))
	if len(s.Violations) > 0 {
		if err := app.emitViolations(s.Violations); err != nil {
			return err
		}
		return notMetf(app.Lang().Pick("the exchange breaks %s", "de ruil breekt %s"), app.count(len(s.Violations), "rule", "regel", "regels"))
	}
	if o.version != nil {
		if err := app.saveChanged(ctx, o.version, s.Roster, fmt.Sprintf("exchange of %s and %s on %s", args[1], args[2], day)); err != nil {
			return err
		}
	}
	if app.flags.out != "" {
		return app.emit(rosterfile.Table(s.Roster, p.Zone))
	}
	return app.emit(changeTable(roster.Diff(p, r, s.Roster), p.Zone, app.Lang()))
}

type rosterGapOptions struct {
	rosterInput
	At    string
	For   durationValue
	Skill string
	Most  int
	Open  bool
}

func (o *rosterGapOptions) addGapFlags(cmd *cobra.Command) {
	o.addFlags(cmd)
	o.For = durationValue(time.Hour)
	cmd.Flags().StringVar(&o.At, "at", "", "the `TIME` that it is about, such as \"2026-12-01 10:00\"")
	cmd.Flags().Var(&o.For, "for", "how long, a `TIME` such as 1h")
	cmd.Flags().StringVar(&o.Skill, "skill", "", "the skill that is wanted, `NAME`")
	cmd.Flags().IntVar(&o.Most, "most", 10, "show at most `N` candidates")
}

func (o *rosterGapOptions) gap(app *App, p *roster.Problem) (roster.Gap, error) {
	switch {
	case o.At == "":
		return roster.Gap{}, usagef("--at TIME is missing")
	case o.For <= 0:
		return roster.Gap{}, usagef("--for %s: want a time above 0, such as 1h", o.For.String())
	case o.Skill != "" && !slices.Contains(p.Skills, o.Skill):
		return roster.Gap{}, usagef("--skill %s: want one of %s", o.Skill, strings.Join(p.Skills, ", "))
	}
	t, err := calendar.ParseTime(o.At, p.Zone)
	if err != nil {
		return roster.Gap{}, usagef("--at: %w", err)
	}
	if d := calendar.DateOf(t, p.Zone); d < p.First || d > p.Last() {
		return roster.Gap{}, usagef("--at %s is not within the roster, %s to %s", o.At, p.First, p.Last())
	}
	if o.Skill == "" && len(p.Skills) == 1 {
		o.Skill = p.Skills[0]
	}
	return roster.Gap{From: t, To: t.Add(time.Duration(o.For)), Skill: o.Skill}, nil
}

func newRosterSuggestCmd(app *App) *cobra.Command {
	var o rosterGapOptions
	cmd := &cobra.Command{
		Use:   "suggest [FILE]",
		Short: "Rank who could fill a gap",
		Long: "Lists the agents who could work at a given time without breaking a rule, with the best shift\n" +
			"for each, what the whole roster gains (points of cost saved), best first, what the shift costs and\n" +
			"how many hours the contract still has room for. --open takes the largest gaps of the roster itself;\n" +
			"of a roster in the store those that lie ahead.",
		Example: "  kcc roster suggest --open\n" +
			"  kcc roster suggest roster.csv --at \"2026-12-01 10:00\" --for 2h --skill phone --agents a.csv --shifts s.csv --requirement r.csv --from 2026-11-30",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, r, err := o.readRoster(cmd.Context(), app, firstArg(args))
			if err != nil {
				return err
			}
			if o.Open {
				var from time.Time // of a file all of it counts
				if o.version != nil {
					from = app.Now()
				}
				return app.suggestOpen(cmd.Context(), p, r, o.Most, from)
			}
			gap, err := o.gap(app, p)
			if err != nil {
				return err
			}
			list, err := roster.Suggest(cmd.Context(), p, r, gap, o.Most)
			if err != nil {
				return err
			}
			if len(list) == 0 {
				app.Infof("%s", app.Lang().Pick("nobody can work then; kcc roster explain says why", "niemand kan dan werken; kcc roster explain zegt waarom"))
			}
			return app.emit(candidateTable(p, r, list, app.Lang()))
		},
	}
	o.addGapFlags(cmd)
	cmd.Flags().BoolVar(&o.Open, "open", false, "look for the largest gaps of the roster instead of --at, with candidates for each")
	return cmd
}

func newRosterDiffCmd(app *App) *cobra.Command {
	var o rosterInput
	cmd := &cobra.Command{
		Use:   "diff BEFORE AFTER",
		Short: "List the cells in which two rosters differ",
		Long: "Compares two rosters of the same team, cell by cell on the days that both have: times and breaks.\n" +
			"Each is a file or the number of a version in the store (kcc roster show --versions lists them).",
		Example: "  kcc roster diff 12 14\n" +
			"  kcc roster diff roster.csv repaired.csv --agents a.csv --shifts s.csv --requirement r.csv --from 2026-11-30",
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			order := []int{0, 1}
			if _, stored := versionNumber(args[1]); stored {
				order = []int{1, 0} // tells the days
			}
			var of [2]*roster.Problem
			var read [2]roster.Roster
			for _, i := range order {
				var err error
				if of[i], read[i], err = o.readRoster(cmd.Context(), app, args[i]); err != nil {
					return err
				}
			}
			p := *of[1]
			first, last := max(of[0].First, of[1].First), min(of[0].Last(), of[1].Last())
			if last < first {
				return usagef("the two rosters have no day in common: %s to %s and %s to %s", of[0].First, of[0].Last(), of[1].First, of[1].Last())
			}
			p.First, p.Days = first, int(last-first)+1
			changes := roster.Diff(&p, read[0], read[1])
			if p.Days < of[0].Days || p.Days < of[1].Days {
				app.Infof(app.Lang().Pick("compared from %s to %s, the days that both have", "vergeleken van %s tot en met %s, de dagen die beide hebben"), first, last)
			}
			app.Infof(app.Lang().Pick("%s changed", "%s gewijzigd"), app.count(len(changes), "cell", "cel", "cellen"))
			return app.emit(changeTable(changes, p.Zone, app.Lang()))
		},
	}
	o.addFlags(cmd)
	return cmd
}
