package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kcc/internal/flow"
	"kcc/internal/output"
	"kcc/internal/rosterfile"
	"kcc/roster"
)

type rosterMakeOptions struct {
	rosterInput
	Effort    int
	TimeLimit durationValue
	Workers   int
	NoBound   bool
	Unmet     bool
	Prices    string
	Summary   string
	Meetings  string
	Seed      uint64
}

func newRosterMakeCmd(app *App) *cobra.Command {
	var o rosterMakeOptions
	cmd := &cobra.Command{
		Use:   "make",
		Short: "Make a roster from agents, shifts and a requirement",
		Long: "Gives every agent shifts, breaks and skills so that the requirement is covered as well as it\n" +
			"can be. Maximum hours, the working-time rules, leave and skills always hold; contract hours\n" +
			"are aimed at. The result is verified by a checker that shares nothing with the solver, and\n" +
			"compared with a lower bound: what no roster can do better.\n\n" +
			"The same input, seed and --effort give the same roster on any machine. --time-limit is a\n" +
			"ceiling only. Exit status 4: the roster is written, but minimum hours or a skill cannot be met.",
		Example: "  kcc roster make --agents agents.csv --shifts shifts.csv --requirement r.csv --from 2026-11-30 --weeks 4 -o roster.xlsx\n" +
			"  kcc roster make --agents a.csv --availability leave.csv --shifts s.csv --requirement r.csv --history last.csv --from 2026-11-30 --weeks 1 -o roster.csv\n" +
			"  kcc roster make --agents a.csv --shifts s.csv --requirement r.csv --from 2026-11-30 --effort 2000 --time-limit 5m -o roster.xlsx",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.Seed, o.freeze = app.flags.seed, true
			return runRosterMake(cmd.Context(), app, o)
		},
	}
	o.addFlags(cmd)
	cmd.Flags().IntVar(&o.Effort, "effort", 0, "search for `N` re-insertions per agent (default by size: about 15 s on two cores for 60 agents and 4 weeks)")
	cmd.Flags().Var(&o.TimeLimit, "time-limit", "end the search after this `TIME` at the latest, with the best roster so far")
	cmd.Flags().IntVar(&o.Workers, "workers", 0, "use `N` cores (default all); the roster is the same")
	cmd.Flags().BoolVar(&o.replan, "replan", false, "from the store: plan days anew that are published already; locked cells stay")
	cmd.Flags().StringVar(&o.Meetings, "meetings", "", "place the meetings and training in `FILE` where agents are missed least")
	cmd.Flags().StringVar(&o.Prices, "prices", "", "write to `FILE` what one more agent would be worth per skill and interval")
	cmd.Flags().StringVar(&o.Summary, "summary", "", "write to `FILE` one row with coverage, cost, lower bound, gap and changes of skill; - is stdout")
	cmd.Flags().BoolVar(&o.NoBound, "no-bound", false, "skip the lower bound")
	cmd.Flags().BoolVar(&o.Unmet, "least-unmet", false, "also tell how many agent-hours no roster can cover (takes about half as long again)")
	return cmd
}

func runRosterMake(ctx context.Context, app *App, o rosterMakeOptions) error {
	if o.Effort < 0 || o.TimeLimit < 0 {
		return usagef("--effort and --time-limit must not be negative")
	}
	if o.Prices != "" && o.NoBound {
		return usagef("--prices comes with the lower bound: leave --no-bound out")
	}
	for _, name := range []string{o.Summary, o.Prices} { // not after minutes of search
		if err := app.mayWrite(name); err != nil {
			return err
		}
	}
	p, notes, err := o.problem(ctx, app)
	if err != nil {
		return err
	}
	meetings, err := readMeetings(app, o.Meetings)
	if err != nil {
		return err
	}
	if o.Meetings == "" && !o.anyFile() {
		if meetings, err = app.storedMeetings(ctx, p); err != nil {
			return err
		}
	}
	bar := app.NewProgress("roster", 1000)
	opt := roster.Options{Effort: o.Effort, Seed: o.Seed, Workers: o.Workers, NoBound: o.NoBound, Progress: func(x roster.Progress) {
		if !math.IsInf(x.Best, 0) && !math.IsNaN(x.Best) {
			bar.Describe(describeProgress(x))
		}
		bar.Set(int64(1000 * x.Done))
	}}
	res, err := flow.MakeRoster(ctx, p, opt, time.Duration(o.TimeLimit))
	bar.Done()
	if res == nil {
		return err
	}
	if len(meetings) > 0 {
		if res, err = flow.WithMeetings(p, res, meetings); err != nil {
			return err
		}
	}
	if werr := app.writeRoster(p, res); werr != nil {
		return werr
	}
	if o.Prices != "" {
		if werr := app.emitTo(o.Prices, rosterfile.PriceTable(p, res)); werr != nil {
			return werr
		}
	}
	app.tellRoster(p, res, "", notes)
	least := math.NaN()
	if o.Unmet && err == nil {
		if least, err = roster.LeastUnmet(ctx, p, opt); err != nil {
			least = math.NaN()
		}
	}
	if !math.IsNaN(least) {
		lang := app.Lang()
		app.Infof(lang.Pick("%s agent-hours are short; no roster leaves fewer than %s", "%s uren zijn niet bezet; geen rooster laat er minder dan %s onbezet"),
			lang.Number(res.UnmetHours, 1), lang.Number(math.Min(least, res.UnmetHours), 1))
	}
	if o.Summary != "" {
		if werr := app.emitTo(o.Summary, rosterfile.SummaryTable(p, res, least)); werr != nil {
			return werr
		}
	}
	if err != nil {
		return err
	}
	return app.rosterStatus(res)
}

// mayWrite refuses the name of a table whose form or folder there is not; no name and - are right.
func (a *App) mayWrite(name string) error {
	if name == "" || name == "-" {
		return nil
	}
	f, err := a.fileFormat(name)
	switch {
	case err != nil:
		return err
	case f == output.ICS:
		return usagef("%s: a table cannot be written as a calendar: want csv, xlsx, json, html or md", name)
	}
	return folderThere(name)
}

// readMeetings reads the meetings that are to be placed; no file is none.
func readMeetings(app *App, file string) ([]roster.Meeting, error) {
	if file == "" {
		return nil, nil
	}
	r, err := rosterfile.Open(file, app.In)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return rosterfile.Meetings(r)
}

// storedMeetings returns the meetings of the store that fall in the days of a roster.
func (a *App) storedMeetings(ctx context.Context, p *roster.Problem) ([]roster.Meeting, error) {
	s, err := a.site(ctx)
	if err != nil {
		return nil, err
	}
	team, err := s.Team(ctx, p.First, p.First.Add(p.Days-1))
	return team.Meetings, err
}

// describeProgress says how good the best roster is so far; bound and gap are
// known only late in a run.
func describeProgress(x roster.Progress) string {
	if math.IsNaN(x.Bound) || math.IsInf(x.Bound, 0) {
		return fmt.Sprintf("roster: cost %.0f, no bound yet", x.Best)
	}
	return fmt.Sprintf("roster: cost %.0f, bound %.0f, gap %.1f %%", x.Best, x.Bound, 100*x.Gap)
}

// rosterBook lays out a roster under the name of the centre, where the store told it.
func (a *App) rosterBook(p *roster.Problem, res *roster.Result) output.RosterBook {
	book := flow.BookOf(p, res, a.Lang())
	if a.centreName != "" {
		book.Title = flow.RosterTitle(a.Lang(), a.centreName, p.First, p.Days)
	}
	return book
}

// writeRoster writes a roster in the form that --out and --format ask for.
func (a *App) writeRoster(p *roster.Problem, res *roster.Result) error {
	table := rosterfile.Table(res.Roster, p.Zone)
	out := a.flags.out
	if out == "" || out == "-" {
		return a.emit(table)
	}
	return a.writeFile(out, func(w io.Writer, f output.Format) error {
		switch f {
		case output.XLSX:
			return output.WriteRosterBook(w, a.rosterBook(p, res), a.outputOptions())
		case output.HTML:
			return output.WriteRosterPage(w, a.rosterBook(p, res), "", a.outputOptions())
		case output.ICS:
			return output.WriteRosterICS(w, a.rosterBook(p, res), "", a.outputOptions())
		}
		return output.Write(w, f, a.outputOptions(), table)
	})
}

// shownRemarks is how many notes, and how many shortfalls, of a roster are told one by one.
const shownRemarks = 20

// tellRoster sums the roster up on stderr; more ends the line about its cost.
func (a *App) tellRoster(p *roster.Problem, res *roster.Result, more string, notes []roster.Sentence) {
	lang := a.Lang()
	a.Infof(lang.Pick("%s for %s from %s to %s: %.0f of %.0f agent-hours asked for are covered", "%s voor %s van %s tot en met %s: %.0f van de %.0f gevraagde uren zijn bezet"),
		a.count(len(res.Roster.Assignments), "shift", "dienst", "diensten"), a.count(len(p.Agents), "agent", "medewerker", "medewerkers"), p.First, p.Last(), res.DemandHours-res.UnmetHours, res.DemandHours)
	if !math.IsNaN(res.Bound) {
		calm := ""
		if c := math.Round(res.Cost.Calm); c > 0 {
			calm = fmt.Sprintf(lang.Pick(" (%.0f of it so that agents change skill less often)", " (waarvan %.0f om medewerkers minder vaak van vaardigheid te laten wisselen)"), c)
		}
		a.Infof(lang.Pick("cost %.0f%s, no roster costs less than %.0f (gap %s %% of what a better roster could avoid); effort %d, seed %d%s",
			"kosten %.0f%s, geen rooster kost minder dan %.0f (verschil %s %% van wat een beter rooster kan vermijden); moeite %d, zaad %d%s"), res.Cost.Total, calm, math.Floor(res.Bound), lang.Number(100*res.Gap, 1), res.Effort, res.Seed, more)
	}
	all := slices.Concat(notes, res.Notes)
	for _, n := range all[:min(len(all), shownRemarks)] {
		a.Infof(lang.Pick("note: %s", "opmerking: %s"), a.say(n))
	}
	if more := len(all) - shownRemarks; more > 0 {
		a.Infof(lang.Pick("and %d more notes like these", "en nog %d van zulke opmerkingen"), more)
	}
	for _, s := range res.Shortfalls[:min(len(res.Shortfalls), shownRemarks)] {
		a.Warnf("%s", a.say(s.Text))
	}
	if more := len(res.Shortfalls) - shownRemarks; more > 0 {
		a.Warnf(lang.Pick("and %d more like these: a workbook (--out FILE.xlsx) lists them all", "en nog %d zulke: een werkmap (--out BESTAND.xlsx) noemt ze alle"), more)
	}
	for _, v := range res.Violations {
		a.Warnf("%s: %s", v.Rule, a.say(v.Text))
	}
}

// rosterStatus is exit status 4 when the roster breaks a rule or cannot give
// what was asked for.
func (a *App) rosterStatus(res *roster.Result) error {
	lang := a.Lang()
	var parts []string
	if n := len(res.Violations); n > 0 {
		parts = append(parts, a.count(n, "rule violation", "overtreding van regels", "overtredingen van regels"))
	}
	hours, skills, meetings, nobody, others := 0, 0, 0, 0, 0
	for _, s := range res.Shortfalls {
		switch s.What {
		case "min_hours", "contract_hours":
			hours++
		case "skill":
			skills++
		case "meeting":
			meetings++
		case "nobody":
			nobody++
		default:
			others++
		}
	}
	if hours > 0 {
		parts = append(parts, a.count(hours, "case", "geval", "gevallen")+lang.Pick(" of agents that cannot be given the hours of their contract", " van medewerkers die hun contracturen niet kunnen krijgen"))
	}
	if skills > 0 {
		parts = append(parts, a.count(skills, "skill", "vaardigheid", "vaardigheden")+lang.Pick(" that no agent has", " die geen medewerker heeft"))
	}
	if nobody > 0 {
		parts = append(parts, a.count(nobody, "case", "geval", "gevallen")+lang.Pick(" of days on which nobody can work", " van dagen waarop niemand kan werken"))
	}
	if meetings > 0 {
		parts = append(parts, a.count(meetings, "place", "plaats", "plaatsen")+lang.Pick(" in meetings that could not be found", " in overleggen die niet te vinden waren"))
	}
	if others > 0 {
		parts = append(parts, a.count(others, "fixed shift", "vaste dienst", "vaste diensten")+lang.Pick(" that cannot be worked", " die niet gewerkt kunnen worden"))
	}
	if len(parts) == 0 {
		return nil
	}
	return notMetf(lang.Pick("the roster is made, with %s", "het rooster is gemaakt, met %s"), strings.Join(parts, ", "))
}
