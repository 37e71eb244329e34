package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"kcc/internal/flow"
	"kcc/internal/output"
	"kcc/internal/rosterfile"
	"kcc/roster"
)

type rosterImportOptions struct {
	Add         bool
	Agent, Kind string
}

func newRosterImportCmd(app *App) *cobra.Command {
	var o rosterImportOptions
	cmd := &cobra.Command{
		Use:   "import FILE...",
		Short: "Load the team, leave and wishes, or an edited roster into the store",
		Long: "import reads the files of the team (CSV, TSV or XLSX, headings in English or Dutch) and puts them\n" +
			"in the place of what the store has: agents (column contract_hours), availability, leave and wishes\n" +
			"(columns agent, kind), shifts (column earliest_start), rotations (columns pattern,\n" +
			"week), appointments and meetings (columns name, agents). What a table holds follows from its columns; the workbook of roster template holds all\n" +
			"of them on its sheets; - is stdin. iCalendar files (.ics) add leave and wishes: what an event is\n" +
			"follows from its categories or words, whose it is from --agent, its attendee, its summary or the\n" +
			"name of the file. A skill that goes by the name of a channel, its title or a usual word for it (telefoon,\n" +
			"e-mail, balie) is taken for the skill of that channel; what no channel asks for is told.\n\n" +
			"A roster workbook that kcc wrote and a planner edited, or a roster.csv, becomes a new draft roster:\n" +
			"cells with ! are locked from then on, L and Z are noted as leave and sickness.\n" +
			"Exit status 4: the roster is stored, but it breaks rules.",
		Example: "  kcc roster import team.xlsx\n" +
			"  kcc roster import agents.csv availability.csv shifts.csv\n" +
			"  kcc roster import leave.ics --agent agent-003\n" +
			"  kcc roster import roster-2026-W49.xlsx --dry-run",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runRosterImport(cmd.Context(), app, args, o) },
	}
	f := cmd.Flags()
	f.BoolVar(&o.Add, "add", false, "add availability, leave and wishes to what the store has instead of replacing it")
	f.StringVar(&o.Agent, "agent", "", "the agent `ID` whose calendar an .ics file is")
	f.StringVar(&o.Kind, "kind", "", "what events of an .ics file are that do not say so: `leave|sick|unavailable|prefer|avoid`")
	return cmd
}

func runRosterImport(ctx context.Context, app *App, paths []string, o rosterImportOptions) error {
	kind := roster.Kind(o.Kind)
	switch kind {
	case "", roster.Leave, roster.Sick, roster.Unavailable, roster.Prefer, roster.Avoid:
	default:
		return usagef("--kind %q: want leave, sick, unavailable, prefer or avoid", o.Kind)
	}
	if len(paths) == 1 {
		book, err := readRosterBook(paths[0])
		if err != nil {
			return err
		}
		if book != nil {
			return app.importRoster(ctx, paths[0], book)
		}
	}
	db, err := app.DB(ctx)
	if err != nil {
		return err
	}
	known, err := flow.StoredTeam(ctx, db)
	if err != nil {
		return err
	}
	team, err := rosterfile.ReadTeam(paths, app.In, rosterfile.TeamOptions{
		Known: known, Zone: app.Zone(), Today: app.Today(), Agent: o.Agent, Kind: kind,
	})
	if err != nil {
		return err
	}
	if team.HasRoster {
		if len(paths) > 1 {
			return usagef("a roster is loaded on its own, after the team")
		}
		return app.importAssignments(ctx, paths[0], team.Roster)
	}
	if calendarsOnly(paths) {
		o.Add = true
	}
	c, err := app.CentreIfAny(ctx)
	if err != nil {
		return err
	}
	var skills []flow.SkillUse
	var asked []string
	if c != nil {
		asked = flow.SkillsAsked(c)
		skills = flow.SkillNames(team.Agents, team.Shifts, asked, func(name string) (string, bool) { return flow.ChannelSkill(c, name) })
	}
	lang := app.Lang()
	verb := lang.Pick("loaded", "geladen:")
	if app.flags.dryRun {
		verb = lang.Pick("dry run: would load", "proef: zou laden:")
	} else if err := flow.SaveTeam(ctx, db, team, o.Add); err != nil {
		return err
	}
	parts := []string{
		app.count(len(team.Agents), "agent", "medewerker", "medewerkers"), app.count(len(team.Shifts), "shift", "dienst", "diensten"),
		app.count(len(team.Availability), "row", "regel", "regels") + lang.Pick(" of availability", " beschikbaarheid"),
	}
	if team.Patterns != nil {
		parts = append(parts, app.count(len(team.Patterns), "rotation", "rooster in vaste cyclus", "roosters in vaste cyclus"))
	}
	if team.Meetings != nil {
		parts = append(parts, app.count(len(team.Meetings), "meeting", "overleg", "overleggen")+lang.Pick(" or appointments", " of afspraken"))
	}
	app.Infof("%s %s", verb, strings.Join(parts, ", "))
	for _, n := range team.Notes {
		app.Infof(lang.Pick("note: %s", "opmerking: %s"), app.say(n))
	}
	app.tellSkills(skills, asked)
	return nil
}

func calendarsOnly(paths []string) bool {
	for _, p := range paths {
		if !rosterfile.IsCalendar(p) {
			return false
		}
	}
	return true
}

// importRoster takes an edited workbook over as a draft.
func (a *App) importRoster(ctx context.Context, file string, book *output.RosterRead) error {
	s, err := a.site(ctx)
	if err != nil {
		return err
	}
	p, run, err := s.ProblemFor(ctx, book.First, book.Days)
	if err != nil {
		return withHint(err, "make a requirement with \"kcc staff\" or \"kcc plan\"")
	}
	in, err := flow.ReadEdited(p, book)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return a.takeOver(ctx, s, file, run, in)
}

// importAssignments takes a roster.csv over as a draft.
func (a *App) importAssignments(ctx context.Context, file string, list []roster.Assignment) error {
	if len(list) == 0 {
		return fmt.Errorf("%s: there are no shifts in it", file)
	}
	s, err := a.site(ctx)
	if err != nil {
		return err
	}
	first, last := list[0].Date, list[0].Date
	for _, x := range list {
		first, last = min(first, x.Date), max(last, x.Date)
	}
	first = first.Monday()
	p, run, err := s.ProblemFor(ctx, first, int(last.Monday().Add(7)-first))
	if err != nil {
		return withHint(err, "make a requirement with \"kcc staff\" or \"kcc plan\"")
	}
	return a.takeOver(ctx, s, file, run, &flow.Edited{Problem: p, Roster: roster.Roster{Assignments: list}})
}

func (a *App) takeOver(ctx context.Context, s *flow.Site, file string, run int64, in *flow.Edited) error {
	found := append(roster.Check(in.Problem, in.Roster), roster.CheckPresence(in.Problem, in.Roster, in.Problem.Presence)...)
	if len(found) > 0 {
		if err := a.emitViolations(found); err != nil {
			return err
		}
	}
	lang := a.Lang()
	shifts := a.count(len(in.Roster.Assignments), "shift", "dienst", "diensten")
	edits := ""
	if in.Changed > 0 {
		edits = ", " + a.count(in.Changed, "cell", "cel", "cellen") + lang.Pick(" edited", " gewijzigd")
	}
	locks := len(in.Locks)
	var parts []string
	if locks > 0 {
		parts = append(parts, a.count(locks, "locked cell", "vastgezette cel", "vastgezette cellen"))
	}
	if n := len(in.Absences); n > 0 {
		parts = append(parts, a.count(n, "day", "dag", "dagen")+lang.Pick(" of leave or sickness noted", " verlof of ziekte genoteerd"))
	}
	if a.flags.dryRun {
		a.Infof(lang.Pick("dry run: would store %s from %s to %s%s", "proef: zou opslaan: %s van %s tot en met %s%s"), shifts, in.Problem.First, in.Problem.Last(), edits)
	} else {
		id, err := s.TakeOver(ctx, in, run, file)
		if err != nil {
			return err
		}
		a.Infof(lang.Pick("stored %s from %s to %s as draft roster %d%s", "opgeslagen: %s van %s tot en met %s als conceptrooster %d%s"), shifts, in.Problem.First, in.Problem.Last(), id, edits)
	}
	if len(parts) > 0 {
		a.Infof("%s", strings.Join(parts, ", "))
	}
	if len(found) > 0 {
		return notMetf(lang.Pick("%s: %s; \"kcc roster publish\" will not publish it as it is", "%s: %s; \"kcc roster publish\" publiceert het zo niet"), file, a.count(len(found), "violation", "overtreding", "overtredingen"))
	}
	return nil
}
