package main

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kcc/internal/calendar"
	"kcc/internal/output"
	"kcc/internal/rosterfile"
	"kcc/roster"
)

type rosterExplainOptions struct {
	rosterGapOptions
	Agent, Date string
	Hire        bool
	Contracts   []string
	NoLimits    bool
	Effort      int
}

func newRosterExplainCmd(app *App) *cobra.Command {
	var o rosterExplainOptions
	cmd := &cobra.Command{
		Use:   "explain [FILE]",
		Short: "Say why an interval is short, why somebody works, whom to hire",
		Long: "With --at: for every agent with the skill what the agent does at that time, or the first rule or limit\n" +
			"that working then would break, or that nothing forbids it. Then how many agent-hours of that week must\n" +
			"stay unmet whatever the roster (a proven bound), how many the best roster found for cover alone leaves,\n" +
			"and how many that would be with one family of rules dropped at a time: availability, hours, rest,\n" +
			"skills, shifts. The first of them is where a change gains most.\n\n" +
			"With --agent and --date: why the agent works that day, what the roster would lose, who could take it.\n" +
			"With --hire: what one more agent would be worth, per contract and set of skills.",
		Example: "  kcc roster explain --at \"2026-12-01 10:00\" --skill phone\n" +
			"  kcc roster explain --agent agent-003 --date 2026-12-05\n" +
			"  kcc roster explain --hire --contracts 16h,24h,36h\n" +
			"  kcc roster explain roster.csv --at \"2026-12-01 10:00\" --skill phone --agents a.csv --shifts s.csv --requirement r.csv --from 2026-11-30",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runRosterExplain(cmd.Context(), app, firstArg(args), &o)
		},
	}
	o.addGapFlags(cmd)
	f := cmd.Flags()
	f.StringVar(&o.Agent, "agent", "", "why this agent, `ID`, works on --date")
	f.StringVar(&o.Date, "date", "", "the `DAY` of --agent")
	f.BoolVar(&o.Hire, "hire", false, "what one more agent would be worth")
	f.StringSliceVar(&o.Contracts, "contracts", []string{"16h", "24h", "32h", "36h"}, "contracts to look at for --hire, `HOURS` a week")
	f.BoolVar(&o.NoLimits, "no-limits", false, "with --at: leave out what the week could reach")
	f.IntVar(&o.Effort, "effort", 10, "with --at: search for `N` re-insertions per agent for each family of rules")
	return cmd
}

func runRosterExplain(ctx context.Context, app *App, file string, o *rosterExplainOptions) error {
	switch {
	case o.Hire && (o.Agent != "" || o.At != ""), o.Agent != "" && o.At != "":
		return usagef("want one of --at, --agent with --date, and --hire")
	case o.Agent != "" && o.Date == "":
		return usagef("--date DAY is missing: the day on which %s works", o.Agent)
	}
	p, r, err := o.readRoster(ctx, app, file)
	if err != nil {
		return err
	}
	switch {
	case o.Hire:
		return app.explainHire(ctx, p, r, o)
	case o.Agent != "":
		return app.explainAgent(ctx, p, r, o)
	}
	return app.explainGap(ctx, p, r, o)
}

func (a *App) explainGap(ctx context.Context, p *roster.Problem, r roster.Roster, o *rosterExplainOptions) error {
	gap, err := o.gap(a, p)
	if err != nil {
		return err
	}
	if gap.Skill == "" {
		return usagef("--skill is missing: want one of %s", strings.Join(p.Skills, ", "))
	}
	e, err := roster.Explain(ctx, p, r, gap, o.Most)
	if err != nil {
		return err
	}
	lang := a.Lang()
	a.Infof(lang.Pick("%s %s-%s: %s of %s agents", "%s %s-%s: %s van de %s medewerkers"), gap.Skill, gap.From.Format("2006-01-02 15:04"), gap.To.Format("15:04"),
		lang.Number(e.Have, 2), lang.Number(e.Need, 2))
	t := output.Table{Name: "reasons", Title: lang.Pick("Why", "Waarom"), Columns: []output.Column{
		{Name: "reason", Kind: output.Text}, {Name: "agents", Kind: output.Integer}, {Name: "who", Title: lang.Pick("who", "wie"), Kind: output.Text},
	}}
	for _, x := range e.Reasons {
		t.Rows = append(t.Rows, []any{a.rosterWord(x.Why), len(x.Agents), strings.Join(x.Agents, " ")})
	}
	for _, c := range e.Candidates {
		says := lang.Pick("could help: %s %s instead of %s, saves %s", "zou kunnen helpen: %s %s in plaats van %s, scheelt %s")
		if c.Saves < 0 {
			says = lang.Pick("could, but at the cost of other hours: %s %s instead of %s, costs %s more", "zou kunnen, maar ten koste van andere uren: %s %s in plaats van %s, kost %s meer")
		}
		a.Infof(says, c.Agent, shiftText(&c.After, p.Zone), shiftText(c.Before, p.Zone), lang.Number(math.Abs(c.Saves), 1))
	}
	if o.NoLimits || e.Have >= e.Need || a.singleTable() {
		return a.emit(t)
	}
	day := calendar.DateOf(gap.From, p.Zone)
	first, last := max(day.Monday(), p.First), min(day.Monday().Add(6), p.Last())
	limits, err := roster.Limits(ctx, p, r, first, last, roster.Options{Effort: max(1, o.Effort), Seed: a.flags.seed})
	if err != nil {
		return err
	}
	return a.emit(t, a.limitTable(limits, first, last))
}

func (a *App) limitTable(limits []roster.Limit, first, last calendar.Date) output.Table {
	lang := a.Lang()
	t := output.Table{Name: "limits", Title: fmt.Sprintf(lang.Pick("What stands in the way, %s to %s", "Wat er in de weg staat, %s tot en met %s"), first, last), Columns: []output.Column{
		{Name: "dropped", Title: lang.Pick("without", "zonder"), Kind: output.Text},
		{Name: "least_unmet_h", Title: lang.Pick("hours unmet, at least", "uren onbezet, minstens"), Kind: output.Number, Digits: 1},
		{Name: "found_unmet_h", Title: lang.Pick("found", "gevonden"), Kind: output.Number, Digits: 1},
		{Name: "gain_h", Title: lang.Pick("gain", "winst"), Kind: output.Number, Digits: 1},
	}, Notes: []string{
		lang.Pick("at least: proven, no roster does better (rest rules are left out of the proof); found: the best roster for cover alone",
			"minstens: bewezen, geen rooster doet het beter (rustregels blijven buiten het bewijs); gevonden: het beste rooster voor bezetting alleen"),
	}}
	for _, l := range limits {
		name := a.rosterWord(string(l.Dropped))
		if name == "" {
			name = lang.Pick("(as it is)", "(zoals het is)")
		}
		t.Rows = append(t.Rows, []any{name, l.Least, l.Found, l.Gain})
	}
	return t
}

func (a *App) explainAgent(ctx context.Context, p *roster.Problem, r roster.Roster, o *rosterExplainOptions) error {
	day, err := calendar.ParseDate(o.Date)
	if err != nil {
		return usagef("--date: %w", err)
	}
	if !knownAgent(p, o.Agent) {
		return usagef("--agent %s is not one of the agents", o.Agent)
	}
	w, err := roster.WhyWorks(ctx, p, r, o.Agent, day, o.Most)
	if err != nil {
		return usagef("%w", err)
	}
	lang := a.Lang()
	a.Infof(lang.Pick("%s works %s on %s %s", "%s werkt %s op %s %s"), o.Agent, shiftText(&w.Shift, p.Zone), lang.Weekday(day.Weekday()), day)
	if w.Locked {
		a.Infof("%s", lang.Pick("the cell is locked", "de cel staat vast"))
	}
	if w.Fixed {
		a.Infof("%s", lang.Pick("the shift is fixed by the availability", "de dienst ligt vast door de beschikbaarheid"))
	}
	if w.Wish != "" {
		a.Infof(lang.Pick("there is a wish about the day: %s", "er is een wens over de dag: %s"), a.rosterWord(string(w.Wish)))
	}
	a.Infof(lang.Pick("without it %s agent-hours more are short and the roster costs %s points", "zonder deze dienst is het tekort %s uren groter en kost het rooster %s punten"),
		lang.Number(w.Unmet, 1), lang.Signed(w.Cost, 1))
	a.Infof(lang.Pick("hours against contract with it: %s; weekends worked: %d, on average %s among those who share a skill",
		"uren tegenover contract met deze dienst: %s; gewerkte weekenden: %d, gemiddeld %s bij wie een vaardigheid deelt"), lang.Signed(w.Balance, 1), w.Weekends, lang.Number(w.Mean, 1))
	if len(w.Candidates) == 0 {
		a.Infof("%s", lang.Pick("nobody else could take it without breaking a rule", "niemand anders kan de dienst overnemen zonder een regel te breken"))
	}
	return a.emit(candidateTable(p, r, w.Candidates, a.Lang()))
}

func (a *App) explainHire(ctx context.Context, p *roster.Problem, r roster.Roster, o *rosterExplainOptions) error {
	var contracts []time.Duration
	for _, s := range o.Contracts {
		d, err := calendar.ParseDuration(s)
		if err != nil || d <= 0 || d > 60*time.Hour {
			return usagef("--contracts %s: want hours a week such as 24h", s)
		}
		contracts = append(contracts, d)
	}
	list, err := roster.HireAdvice(ctx, p, r, contracts)
	if err != nil {
		return err
	}
	t := output.Table{Name: "hire", Title: a.Lang().Pick("What one more agent would be worth", "Wat een extra medewerker waard is"), Columns: []output.Column{
		{Name: "contract_hours", Kind: output.Number},
		{Name: "skills", Kind: output.Text},
		{Name: "saves", Title: a.Lang().Pick("saves", "scheelt"), Kind: output.Number, Digits: 0},
		{Name: "saves_per_hour", Title: a.Lang().Pick("saves per hour", "scheelt per uur"), Kind: output.Number, Digits: 2},
		{Name: "unmet_hours_less", Title: a.Lang().Pick("hours short less", "minder uren tekort"), Kind: output.Number, Digits: 1},
	}, Notes: []string{fmt.Sprintf(a.Lang().Pick("points of cost from %s to %s beside the roster as it is; 40 points are an hour of an agent missing, an hour of work costs 4",
		"punten kosten van %s tot en met %s naast het rooster zoals het is; 40 punten is een uur waarin een medewerker ontbreekt, een uur werk kost 4"), p.First, p.Last())}}
	for i, h := range list {
		if i == o.Most {
			break
		}
		t.Rows = append(t.Rows, []any{h.Contract.Hours(), strings.Join(h.Skills, ";"), h.Saves, h.PerHour, h.Unmet})
	}
	return a.emit(t)
}

// candidateTable shows who could work, with what it costs and the room that the
// contract leaves.
func candidateTable(p *roster.Problem, r roster.Roster, list []roster.Candidate, lang output.Lang) output.Table {
	t := output.Table{Name: "candidates", Title: lang.Pick("Candidates", "Kandidaten"), Columns: candidateColumns(lang)}
	hours := roster.HoursOf(p, r)
	for _, c := range list {
		t.Rows = append(t.Rows, candidateRow(p, hours, c))
	}
	return t
}

func candidateColumns(lang output.Lang) []output.Column {
	return []output.Column{
		{Name: "agent", Kind: output.Text},
		{Name: "date", Kind: output.Date},
		{Name: "now", Title: lang.Pick("now", "nu"), Kind: output.Text},
		{Name: "shift", Kind: output.Text},
		{Name: "breaks", Kind: output.Text},
		{Name: "hours_in_gap", Title: lang.Pick("hours in gap", "uren in het gat"), Kind: output.Number, Digits: 2},
		{Name: "saves", Title: lang.Pick("saves", "scheelt"), Kind: output.Number, Digits: 1},
		{Name: "cost", Kind: output.Number, Digits: 2},
		{Name: "room_hours", Title: lang.Pick("room (h)", "ruimte (u)"), Kind: output.Number, Digits: 1},
	}
}

func candidateRow(p *roster.Problem, hours []roster.AgentHours, c roster.Candidate) []any {
	more := c.After.Paid()
	if c.Before != nil {
		more -= c.Before.Paid()
	}
	var cost, room any
	for i := range p.Agents {
		if p.Agents[i].ID == c.Agent && p.Agents[i].CostPerHour > 0 {
			cost = more.Hours() * p.Agents[i].CostPerHour
		}
	}
	for _, h := range hours {
		if h.Agent == c.Agent && c.Date >= h.From && c.Date <= h.To {
			room = (h.Max - h.Worked - h.Credited).Hours()
		}
	}
	return []any{
		c.Agent, c.Date, shiftText(c.Before, p.Zone), shiftText(&c.After, p.Zone), rosterfile.FormatPlaced(c.After, p.Zone), c.Covered, c.Saves, cost, room,
	}
}

// suggestOpen lists candidates for the largest gaps of a roster that end after
// from, with shifts that have not begun by then.
func (a *App) suggestOpen(ctx context.Context, p *roster.Problem, r roster.Roster, most int, from time.Time) error {
	res, err := roster.Evaluate(p, r)
	if err != nil {
		return err
	}
	gaps := roster.OpenGaps(res, math.MaxInt)
	all := len(gaps)
	gaps = slices.DeleteFunc(gaps, func(g roster.OpenGap) bool { return !g.To.After(from) })
	over := all - len(gaps)
	gaps = gaps[:min(len(gaps), most)]
	t := output.Table{Name: "open", Title: a.Lang().Pick("Candidates for the largest gaps", "Kandidaten voor de grootste gaten"), Keys: 2, Columns: append([]output.Column{
		{Name: "gap", Title: a.Lang().Pick("gap", "gat"), Kind: output.Text},
		{Name: "skill", Kind: output.Text},
		{Name: "short_hours", Title: a.Lang().Pick("short (h)", "tekort (u)"), Kind: output.Number, Digits: 1},
	}, candidateColumns(a.Lang())...)}
	hours := roster.HoursOf(p, r)
	const perGap = 3
	for _, g := range gaps {
		list, err := roster.Suggest(ctx, p, r, g.Gap, len(p.Agents))
		if err != nil {
			return err
		}
		list = slices.DeleteFunc(list, func(c roster.Candidate) bool { return c.After.Start.Before(from) })
		list = list[:min(len(list), perGap)]
		head := []any{g.From.In(p.Zone).Format("2006-01-02 15:04") + g.To.In(p.Zone).Format("-15:04"), g.Skill, g.Short}
		if len(list) == 0 {
			row := append(head, a.Lang().Pick("nobody", "niemand"))
			for range len(t.Columns) - len(row) {
				row = append(row, nil)
			}
			t.Rows = append(t.Rows, row)
		}
		for _, c := range list {
			t.Rows = append(t.Rows, append(append([]any{}, head...), candidateRow(p, hours, c)...))
		}
	}
	a.Infof(a.Lang().Pick("%s agent-hours are short in all", "in totaal is er een tekort van %s uren"), a.Lang().Number(res.UnmetHours, 1))
	if over > 0 {
		a.Infof(a.Lang().Pick("%s before %s left out", "%s voor %s weggelaten"), a.count(over, "gap", "gat", "gaten"), from.In(p.Zone).Format("2006-01-02 15:04"))
	}
	return a.emit(t)
}
