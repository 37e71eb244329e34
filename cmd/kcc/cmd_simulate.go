package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kcc/erlang"
	"kcc/internal/output"
	"kcc/internal/rosterfile"
	"kcc/internal/staffing"
	"kcc/internal/tabular"
	"kcc/roster"
)

// simulateOptions are the flags of simulate.
type simulateOptions struct {
	staffOptions
	Roster, Agents      string
	Use, By, Skills     string
	Runs                int
	Precision           float64
	AHTLaw, PatienceLaw perChannel
}

func newSimulateCmd(app *App) *cobra.Command {
	o := &simulateOptions{}
	cmd := &cobra.Command{
		Use:   "simulate",
		Short: "Play a requirement or a roster many times",
		Long: "simulate plays contacts against agents, event by event, many times over: customers lose\n" +
			"patience, agents with several skills take what waits longest, chats share their agent, work\n" +
			"with a lead time goes in order of its deadline, and nobody breaks off a conversation at the\n" +
			"end of a shift. It reports the service level with its 95 % confidence interval. The agents\n" +
			"come from the rows (as staff writes them) or from a roster. Without --in it plays the newest\n" +
			"requirement of the store.\n\n" +
			"Exit status 4: the service level of a channel lies below its target.",
		Example: "  kcc simulate --in requirement.csv --target 80/20s --patience 120s\n" +
			"  kcc simulate --in requirement.csv --target 80/20s --volume-cv 0.1 --by day -o days.csv\n" +
			"  kcc simulate --in forecast.csv --roster roster.csv --agents agents.csv --target 80/20s --by interval -o played.csv\n" +
			"  kcc simulate --in requirement.csv --target 80/20s --use rostered --shrinkage 0.08 --aht-law lognormal:1.2 --runs 500",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runSimulate(cmd.Context(), app, o) },
	}
	cmd.AddCommand(newSimulateStudyCmd(app))
	f := cmd.Flags()
	f.StringVar(&o.In, "in", "", "intervals from `FILE`: channel, start, offered, aht_s and agents")
	f.StringVar(&o.Roster, "roster", "", "agents from a roster in `FILE` (roster.csv) instead of the rows")
	f.StringVar(&o.Agents, "agents", "", "skills of the agents of --roster from `FILE` (agents.csv)")
	f.StringVar(&o.Skills, "skills", "planned", "what agents of --roster serve: `planned|all`, what the roster says for the moment, or all their skills, planned ones first")
	f.StringVar(&o.Use, "use", "agents", "what of the rows is there: `agents|rostered`; with rostered each is away with the chance of --shrinkage")
	f.StringVar(&o.By, "by", "channel", "result per `channel|day|interval`; a workbook, page or JSON holds all three")
	f.IntVar(&o.Runs, "runs", 0, "play this `number` of times (default: until the precision is reached)")
	f.Float64Var(&o.Precision, "precision", 0.005, "half width of the 95 % interval of each channel's service level")
	o.AHTLaw.kind, o.PatienceLaw.kind = "law", "law"
	f.Var(&o.AHTLaw, "aht-law", "law of handle times: exponential, constant, `lognormal:CV` or gamma:CV")
	f.Var(&o.PatienceLaw, "patience-law", "law of patience: exponential, constant, `lognormal:CV` or gamma:CV")
	o.set.addFlags(cmd)
	o.VolumeCV.kind = "share"
	f.Var(&o.VolumeCV, "volume-cv", "spread of a day's volume around its forecast, for example `0.1`")
	f.Float64Var(&o.NoiseCV, "noise-cv", 0, "spread of one interval around its day, for example `0.05`")
	f.Var(&o.Interval, "interval", "length of the intervals, where rows do not say, for example `15m`")
	return cmd
}

// laws reads the flags on laws.
func laws(flag string, p *perChannel) (map[string]erlang.Law, error) {
	out := map[string]erlang.Law{}
	for _, c := range p.order {
		l, err := erlang.ParseLaw(p.values[c])
		if err != nil {
			return nil, usagef("--%s: %w", flag, err)
		}
		out[c] = l
	}
	return out, nil
}

func runSimulate(ctx context.Context, app *App, o *simulateOptions) error {
	switch {
	case o.Use != "agents" && o.Use != "rostered":
		return usagef("--use %q: want agents or rostered", o.Use)
	case o.Skills != "planned" && o.Skills != "all":
		return usagef("--skills %q: want planned or all", o.Skills)
	case o.By != "channel" && o.By != "day" && o.By != "interval":
		return usagef("--by %q: want channel, day or interval", o.By)
	case o.Runs < 0 || !(o.Precision > 0 && o.Precision < 1):
		return usagef("--runs and --precision: want a number of 0 or more and a share above 0")
	}
	play := staffing.Play{Rostered: o.Use == "rostered", NoTeams: o.Roster != ""}
	var err error
	if play.Options, err = o.options(ctx, app); err != nil {
		return err
	}
	if play.AHTLaw, err = laws("aht-law", &o.AHTLaw); err != nil {
		return err
	}
	if play.PatienceLaw, err = laws("patience-law", &o.PatienceLaw); err != nil {
		return err
	}
	var r *tabular.Reader
	if o.In == "" {
		o.In = "the requirement of the store"
		r, err = app.storedPlay(ctx, &play.Options)
	} else {
		r, err = tabular.OpenFile(o.In, app.In, tabular.Options{})
	}
	if err != nil {
		return err
	}
	defer r.Close()
	sc, settings, read, err := staffing.Scenario(ctx, r, play)
	if err != nil {
		return err
	}
	if o.Roster != "" {
		if sc.Teams, err = app.rosterTeams(sc, settings, o); err != nil {
			return err
		}
	}
	bar := app.NewProgress("simulating", 0)
	rep, err := erlang.Simulate(ctx, sc, erlang.SimOptions{
		Seed: app.flags.seed, Runs: o.Runs, Precision: o.Precision, Progress: func(done, _ int) { bar.Set(int64(done)) },
	})
	bar.Done()
	if errors.Is(err, erlang.ErrNoSlots) {
		return fmt.Errorf("%s: there are no intervals to play", o.In)
	}
	if err != nil {
		return err
	}
	if err := app.emitPlayed(o, rep); err != nil {
		return err
	}
	return app.reportPlayed(rep, read)
}

// rosterTeams reads the roster and the skills of its agents.
func (a *App) rosterTeams(sc *erlang.Scenario, settings []erlang.Settings, o *simulateOptions) ([]erlang.SimTeam, error) {
	r, err := rosterfile.Open(o.Roster, a.In)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	assignments, err := rosterfile.Roster(r, a.Zone())
	if err != nil {
		return nil, err
	}
	var agents []roster.Agent
	if o.Agents != "" {
		ar, err := rosterfile.Open(o.Agents, a.In)
		if err != nil {
			return nil, err
		}
		defer ar.Close()
		if agents, err = rosterfile.Agents(ar); err != nil {
			return nil, err
		}
	}
	teams := staffing.RosterTeams(sc, settings, assignments, agents, o.Skills == "all")
	if len(teams) == 0 {
		return nil, withHint(fmt.Errorf("%s: nobody in this roster works on the channels of %s in its intervals", o.Roster, o.In),
			"check the dates, the skill plan and the skills in --agents")
	}
	return teams, nil
}

// emitPlayed shows what --by asks for; files with room for several tables hold
// all of them.
func (a *App) emitPlayed(o *simulateOptions, rep *erlang.SimReport) error {
	f, err := a.outFormat()
	if err != nil {
		return err
	}
	channels, days, intervals := staffing.PlayedChannels(rep), staffing.PlayedDays(rep), staffing.PlayedIntervals(rep)
	l := a.Lang()
	channels.Title = l.Pick(channels.Title, "Gesimuleerde bediening per kanaal")
	days.Title = l.Pick(days.Title, "Gesimuleerde bediening per dag")
	intervals.Title = l.Pick(intervals.Title, "Gesimuleerde bediening per interval")
	channels.Notes = []string{
		fmt.Sprintf(l.Pick("%d runs, seed %d. Service level: %s.", "%d keer, zaad %d. Servicelevel: %s."), rep.Runs, a.flags.seed, playedDefinitions(l, rep)),
		l.Pick("days_kept: share of days on which the day's service level reached the target.", "days_kept: aandeel van de dagen waarop het servicelevel van de dag de norm haalde."),
	}
	if f == output.XLSX || f == output.HTML || f == output.JSON {
		a.tellNotes(channels.Notes)
		return a.emit(channels, days, intervals)
	}
	switch o.By {
	case "day":
		days.Notes = channels.Notes[:1]
		a.tellNotes(days.Notes)
		return a.emit(days)
	case "interval":
		intervals.Notes = channels.Notes[:1]
		a.tellNotes(intervals.Notes)
		return a.emit(intervals)
	}
	a.tellNotes(channels.Notes)
	return a.emit(channels)
}

// playedDefinitions names what the service levels of the channels count.
func playedDefinitions(l output.Lang, rep *erlang.SimReport) string {
	var ds []erlang.Definition
	for _, q := range rep.Scenario.Queues {
		if d := q.Target.Definition; !slices.Contains(ds, d) {
			ds = append(ds, d)
		}
	}
	return definitionsText(l, ds)
}

// reportPlayed tells what was played and whether the targets hold.
func (a *App) reportPlayed(rep *erlang.SimReport, read *staffing.Report) error {
	for _, err := range read.Rejected.First {
		a.Warnf("%v", err)
	}
	a.Infof(a.Lang().Pick("played %.0f contacts in %d runs of %d intervals", "gespeeld: %.0f contacten in %d runs van %d intervallen"), rep.Contacts, rep.Runs, len(rep.Scenario.Slots))
	var low []string
	for i, q := range rep.Scenario.Queues {
		c := &rep.Total[i]
		if q.Target.Ratio > 0 && c.Offered > 0 && c.ServiceLevel()+c.HalfWidth() < q.Target.Ratio {
			low = append(low, fmt.Sprintf("%s %.1f %% of %.0f %%", q.Name, 100*c.ServiceLevel(), 100*q.Target.Ratio))
		}
	}
	left := fmt.Sprintf(a.Lang().Pick("not played, as the intervals have another length: %s", "niet gespeeld, omdat de intervallen een andere lengte hebben: %s"), strings.Join(read.OtherStep, ", "))
	switch {
	case len(low) > 0:
		if len(read.OtherStep) > 0 {
			a.Warnf("%s", left)
		}
		return notMetf("below target: %s", strings.Join(low, ", "))
	case read.Rejected.Count > 0:
		return partialf("%d of %d rows could not be read and were left out", read.Rejected.Count, read.Rows)
	case len(read.OtherStep) > 0:
		return partialf("%s", left)
	}
	return nil
}
