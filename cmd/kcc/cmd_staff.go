package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kcc/erlang"
	"kcc/internal/output"
	"kcc/internal/staffing"
	"kcc/internal/tabular"
)

// staffOptions are the flags of staff.
type staffOptions struct {
	In        string
	Interval  durationValue
	TimeOfDay string
	VolumeCV  perChannel
	NoiseCV   float64
	Certainty string
	Draw      bool
	Verify    bool
	Price     bool
	Pool      []string
	Backlog   string
	set       staffSettingFlags
	price     priceFlags
}

func newStaffCmd(app *App) *cobra.Command {
	o := &staffOptions{}
	cmd := &cobra.Command{
		Use:   "staff",
		Short: "Compute the agents needed per interval and channel",
		Long: "staff turns expected contacts into the agents that keep the targets: Erlang A where patience\n" +
			"is known, Erlang C where it is not, a birth-death model for chat, and the least-peak profile\n" +
			"over the promise for work with a lead time. Rows with a start are a plan: work of earlier\n" +
			"intervals that is still there counts (modified offered load). Rows without are cases of\n" +
			"their own. A cell of the row goes before a flag, a flag before the centre.\n\n" +
			"With --pool channels share a team with all-rounders, settled interval by interval in a\n" +
			"simulation. With --wage-hour and other prices the plan is the least costly one among those\n" +
			"that keep the targets, where there are any. All of it works on rows of a file and, without\n" +
			"--in, on the newest forecast of the store.\n\n" +
			"Exit status 3: some rows could not be read; 4: a target is unreachable in some rows.",
		Example: "  kcc staff --in forecast.csv --target 80/20s --patience 120s -o requirement.csv\n" +
			"  kcc staff --in forecast.csv --target 80/20s --target email=95/1wd --blend email=phone -o requirement.csv\n" +
			"  kcc staff --in cases.csv --max-occupancy 0.85 --shrinkage 0.3 --format csv\n" +
			"  kcc staff --in forecast.csv --target 80/20s --volume-cv 0.1 --certainty 0.9 --time-of-day both -o plan.xlsx\n" +
			"  kcc staff --in forecast.csv --target 80/20s --pool phone+counter:0.3 --verify -o requirement.csv\n" +
			"  kcc staff --in forecast.csv --patience 180s --wage-hour 35 --wait-hour 60 --abandon-cost 8 --regular 20 --flex 48:4 --partner 5.20:20% -o cost.csv",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runStaff(cmd.Context(), app, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.In, "in", "", "rows from `FILE` (CSV, TSV or XLSX; - is stdin) instead of the store")
	o.set.addFlags(cmd)
	f.Var(&o.Interval, "interval", "length of the intervals, where rows do not say, for example `15m`")
	f.StringVar(&o.TimeOfDay, "time-of-day", "", "load during the day: `mol|sipp|both`; both shows them side by side (default mol for plans)")
	o.VolumeCV.kind = "share"
	f.Var(&o.VolumeCV, "volume-cv", "spread of a day's volume around its forecast, for example `0.1`")
	f.Float64Var(&o.NoiseCV, "noise-cv", 0, "spread of one interval around its day, for example `0.05`")
	f.StringVar(&o.Certainty, "certainty", "", "keep the target with this certainty, for example `0.9` (default: on average)")
	f.BoolVar(&o.Draw, "shrinkage-draw", false, "take shrinkage as chance per agent, not as a divisor")
	f.BoolVar(&o.Price, "price-of-certainty", false, "show the agent hours for each certainty from 50 % to 95 % instead of the plan")
	f.StringArrayVar(&o.Pool, "pool", nil, "channels that share a team, and the share of it that can serve all of them: `phone+counter:0.3`, or all:0.3")
	f.StringVar(&o.Backlog, "backlog", "", "deferrable work that waits when the plan begins, from `FILE`: channel, received, count, aht_s")
	o.price.addFlags(cmd)
	f.BoolVar(&o.Verify, "verify", false, "play the plan and move agents by one until the targets hold in the simulation too")
	return cmd
}

// addFlags adds the flags that set one thing of a channel.
func (f *staffSettingFlags) addFlags(cmd *cobra.Command) {
	fs := cmd.Flags()
	for _, x := range f.all() {
		x.flag.kind = x.kind
		fs.Var(x.flag, x.name, x.usage)
	}
	fs.StringVar(&f.Definition, "service-level", "", "what a service level counts: `offered|answered|excl_short|wait_any`")
	fs.Var(&f.Short, "short", "for excl_short: only leaving sooner than this is left out (default: the threshold)")
	fs.StringVar(&f.Period, "period", "", "the target holds per `interval|day|month`")
}

// planOptions translates the flags on uncertainty.
func (o *staffOptions) planOptions() (erlang.PlanOptions, error) {
	var p erlang.PlanOptions
	for _, c := range o.VolumeCV.order {
		v, err := parseShare(o.VolumeCV.values[c], false)
		if err != nil {
			return p, usagef("--volume-cv: %w", err)
		}
		if p.VolumeCV == nil {
			p.VolumeCV = map[string]float64{}
		}
		p.VolumeCV[c] = v
	}
	if o.NoiseCV < 0 || o.NoiseCV > 1 {
		return p, usagef("--noise-cv %g: want a share from 0 to 1", o.NoiseCV)
	}
	p.NoiseCV = o.NoiseCV
	if o.Certainty != "" {
		v, err := parseShare(o.Certainty, true)
		if err != nil || v >= 1 {
			return p, usagef("--certainty %q: want a share below 1, for example 0.9", o.Certainty)
		}
		p.Certainty = v
	}
	p.ShrinkageDraw = o.Draw
	return p, nil
}

func runStaff(ctx context.Context, app *App, o *staffOptions) error {
	opt, err := o.options(ctx, app)
	if err != nil {
		return err
	}
	if o.In == "" {
		if o.Price {
			_, _, open, err := app.storedRows(ctx, &opt)
			if err != nil {
				return err
			}
			return app.priceOfCertainty(ctx, open, opt)
		}
		return app.staffFromStore(ctx, opt)
	}
	if o.Price {
		if o.In == "-" {
			return usagef("--price-of-certainty reads the rows several times: name a file with --in")
		}
		return app.priceOfCertainty(ctx, func() (*tabular.Reader, error) { return tabular.OpenFile(o.In, app.In, tabular.Options{}) }, opt)
	}
	r, err := tabular.OpenFile(o.In, app.In, tabular.Options{})
	if err != nil {
		return err
	}
	defer r.Close()
	return app.staffRows(ctx, r, opt)
}

// priceOfCertainty staffs the rows once per certainty.
func (a *App) priceOfCertainty(ctx context.Context, open func() (*tabular.Reader, error), opt staffing.Options) error {
	if len(opt.Plan.VolumeCV) == 0 && opt.Plan.NoiseCV == 0 {
		return usagef("certainty has no price without spread: give --volume-cv, for example --volume-cv 0.1")
	}
	levels := []float64{0, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95}
	prices, err := staffing.PriceOfCertainty(ctx, open, opt, levels)
	if err != nil {
		return a.staffError(err)
	}
	return a.emit(staffing.PriceTable(prices))
}

// staffError adds what to do where rows have no target.
func (a *App) staffError(err error) error {
	if errors.Is(err, staffing.ErrNoTarget) {
		return withHint(&statusError{exitUsage, err}, "give --target 80/20s, or columns target_pct and target_s")
	}
	if errors.Is(err, staffing.ErrPool) {
		return &statusError{exitUsage, err}
	}
	return err
}

// options joins centre and flags.
func (o *staffOptions) options(ctx context.Context, app *App) (staffing.Options, error) {
	opt := staffing.Options{Interval: time.Duration(o.Interval), Zone: app.Zone(), Verify: o.Verify, Seed: app.flags.seed}
	switch o.TimeOfDay {
	case "":
	case "mol":
		opt.View = staffing.MOLView
	case "sipp":
		opt.View = staffing.SIPPView
	case "both":
		opt.View = staffing.BothViews
	default:
		return opt, usagef("--time-of-day %q: want mol, sipp or both", o.TimeOfDay)
	}
	centre, err := app.centreSettings(ctx, o.In != "")
	if err != nil {
		return opt, err
	}
	if opt.Channels, opt.Default, err = o.set.settings(centre, erlang.Settings{}); err != nil {
		return opt, err
	}
	opt.Named = o.set.named()
	if opt.Plan, err = o.planOptions(); err != nil {
		return opt, err
	}
	return opt, o.more(app, &opt)
}

// more reads pools, prices and the backlog.
func (o *staffOptions) more(app *App, opt *staffing.Options) error {
	for _, text := range o.Pool {
		p, err := parsePool(text)
		if err != nil {
			return err
		}
		opt.Pools = append(opt.Pools, p)
	}
	if o.price.asked() || len(o.price.lines.order) > 0 {
		if !o.price.asked() { // lines alone: the fewest agents behind them
			opt.LinesOnly = true
			if err := o.price.wage.Set("1"); err != nil {
				return err
			}
		}
		if len(opt.Pools) > 0 || opt.Verify {
			return usagef("prices and lines do not go with --pool or --verify: those settle the agents by playing a target")
		}
		prices := map[string]*erlang.Prices{}
		for _, c := range append(o.price.channels(), "") {
			p, err := o.price.prices(c)
			if err != nil {
				return err
			}
			prices[c] = p
		}
		opt.Prices = func(channel string) *erlang.Prices {
			if p, ok := prices[channel]; ok {
				return p
			}
			return prices[""]
		}
	}
	if o.Backlog == "" {
		return nil
	}
	r, err := tabular.OpenFile(o.Backlog, app.In, tabular.Options{})
	if err != nil {
		return err
	}
	defer r.Close()
	return opt.ReadBacklog(r)
}

// parsePool reads phone+counter:0.3; the share is 0.2 where it is not said.
func parsePool(text string) (staffing.PoolSpec, error) {
	names, share, has := strings.Cut(text, ":")
	p := staffing.PoolSpec{Flexible: defaultFlexible}
	if has {
		v, err := parseShare(share, false)
		if err != nil {
			return p, usagef("--pool %q: %w", text, err)
		}
		p.Flexible = v
	}
	if names = strings.TrimSpace(names); names == "all" {
		return p, nil
	}
	for _, c := range strings.Split(names, "+") {
		if c = strings.TrimSpace(c); c == "" || slices.Contains(p.Channels, c) {
			return p, usagef("--pool %q: want channels and a share, for example phone+counter:0.3, or all:0.3", text)
		}
		p.Channels = append(p.Channels, c)
	}
	if len(p.Channels) < 2 {
		return p, usagef("--pool %q: want two channels or more, for example phone+counter:0.3, or all:0.3", text)
	}
	return p, nil
}

// defaultFlexible is the share of all-rounders of a pool that does not say it.
const defaultFlexible = 0.2

// staffRows staffs the rows of r and writes them where the global flags want.
func (a *App) staffRows(ctx context.Context, r *tabular.Reader, opt staffing.Options) error {
	var rep *staffing.Report
	err := a.appendRows("requirement", a.Lang().Pick("Requirement", "Benodigde medewerkers"), func(sink staffing.Sink) ([]string, error) {
		var err error
		if rep, err = staffing.Staff(ctx, r, opt, sink); err != nil {
			return nil, err
		}
		return staffNotes(a.Lang(), rep), nil
	})
	if err != nil {
		if errors.Is(err, staffing.ErrAllRejected) {
			a.warnRejected(&rep.Rejected)
		}
		return a.staffError(err)
	}
	return a.reportStaff(rep)
}

// warnRejected tells which rows could not be read.
func (a *App) warnRejected(r *staffing.Rejected) {
	for _, err := range r.First {
		a.Warnf("%v", err)
	}
	if more := r.Count - len(r.First); more > 0 {
		a.Warnf("and %d more rows like these", more)
	}
}

// staffNotes are the definitions that go with the figures.
func staffNotes(l output.Lang, rep *staffing.Report) []string {
	notes := []string{
		fmt.Sprintf("%s: %s.", l.Pick("Service level", "Servicelevel"), definitionsText(l, rep.Definitions)),
		l.Pick("agents: smallest whole number that keeps every target; rostered: agents / (1 - unplanned shrinkage), rounded up once.",
			"Medewerkers: kleinste hele aantal dat elke norm haalt; in te roosteren: medewerkers / (1 - ongeplande uitval), eenmaal naar boven afgerond."),
	}
	if len(rep.Pools) > 0 {
		notes = append(notes, l.Pick("Model pool: the agents of all its channels are settled together by simulation; pool_separate is a team per channel, "+
			"pool_together everybody able to do everything. agents is the part of a channel in pool_agents.",
			"Model pool: de medewerkers van al haar kanalen zijn samen bepaald met simulatie; pool_separate is een team per kanaal, "+
				"pool_together iedereen die alles kan. Medewerkers is het deel van een kanaal in pool_agents."))
	}
	if rep.Priced {
		notes[1] = l.Pick("agents: regular agents of the least costly way that keeps every target; rostered: agents / (1 - unplanned shrinkage), rounded up once.",
			"Medewerkers: vaste medewerkers van de goedkoopste manier die elke norm haalt; in te roosteren: medewerkers / (1 - ongeplande uitval), eenmaal naar boven afgerond.")
		notes = append(notes, l.Pick("cost: wages of regular and flexible agents, waiting, lost customers, partners and lines, for the interval.",
			"Kosten: loon van vaste en flexibele medewerkers, wachten, verloren klanten, partners en lijnen, van het interval."))
	}
	return notes
}

func definitionText(l output.Lang, d erlang.Definition) string {
	switch d {
	case erlang.Answered:
		return l.Pick("answered within the threshold / answered (answered)", "binnen de norm beantwoord / beantwoord (answered)")
	case erlang.ExclShort:
		return l.Pick("answered within the threshold / offered without those who left within it, or within --short (excl_short)",
			"binnen de norm beantwoord / aangeboden zonder wie daarbinnen ophing, of binnen --short (excl_short)")
	case erlang.WaitAny:
		return l.Pick("time in queue at most the threshold, leaving in time counts as good (wait_any)", "hoogstens de norm in de wachtrij, op tijd ophangen telt als goed (wait_any)")
	}
	return l.Pick("answered within the threshold / offered (offered)", "binnen de norm beantwoord / aangeboden (offered)")
}

// definitionsText names the definitions in force; channels may have their own.
func definitionsText(l output.Lang, ds []erlang.Definition) string {
	if len(ds) == 0 {
		return definitionText(l, erlang.Offered)
	}
	texts := make([]string, len(ds))
	for i, d := range ds {
		texts[i] = definitionText(l, d)
	}
	return strings.Join(texts, l.Pick(", for other channels ", ", voor andere kanalen "))
}

// reportStaff tells on stderr what was done and chooses the exit status.
func (a *App) reportStaff(rep *staffing.Report) error {
	a.warnRejected(&rep.Rejected)
	l := a.Lang()
	for _, name := range rep.Unused {
		a.Warnf(l.Pick("settings are given for channel %q, which no row has", "er zijn instellingen gegeven voor kanaal %q, maar geen enkele rij heeft dat kanaal"), name)
	}
	if rep.SubjectRows > 0 {
		a.Infof(l.Pick("left out %d rows of subjects whose channel has rows of its own", "%d regels van onderwerpen tellen niet mee: hun kanaal heeft eigen regels"), rep.SubjectRows)
	}
	if rep.Extra > 0 {
		a.Infof(l.Pick("added %d open intervals in which deferrable work is done but none comes in",
			"%d open intervallen toegevoegd waarin uitstelbaar werk wordt gedaan maar niet binnenkomt"), rep.Extra)
	}
	for _, p := range rep.Pools {
		var levels []string
		for _, q := range p.Queues {
			levels = append(levels, fmt.Sprintf("%s %.1f %% ± %.1f", q.Name, 100*q.ServiceLevel, 100*q.HalfWidth))
		}
		a.Infof(l.Pick("pool %s with %.0f %% all-rounders: %.1f agent hours, between %.1f if everybody did everything and %.1f with a team per channel; "+
			"%d simulations of %d runs, service level %s, %d intervals below target",
			"pool %s met %.0f %% alleskunners: %.1f uren, tussen %.1f als iedereen alles deed en %.1f met een team per kanaal; "+
				"%d simulaties van %d keer, servicelevel %s, %d intervallen onder de norm"),
			p.Name, 100*p.Flexible, p.Total, p.Together, p.Separate, p.Rounds, p.Runs, strings.Join(levels, ", "), p.Low)
	}
	if c := rep.Cost; rep.Priced {
		a.Infof(l.Pick("cost %.2f: wages %.2f, waiting %.2f, lost customers %.2f, partners %.2f, lines %.2f",
			"kosten %.2f: loon %.2f, wachten %.2f, verloren klanten %.2f, partners %.2f, lijnen %.2f"), c.Total(), c.Wages, c.Waiting, c.Lost, c.Overflow, c.Lines)
	}
	for _, v := range rep.Verified {
		a.Infof(l.Pick("played %s %d times: %d agent-intervals added, %d taken away; service level %.1f %% ± %.1f, target kept on %.0f %% of days, %d intervals below it",
			"%s %d keer nagespeeld: %d intervallen van een medewerker erbij, %d eraf; servicelevel %.1f %% ± %.1f, norm gehaald op %.0f %% van de dagen, %d intervallen eronder"),
			v.Queue, v.Runs, v.Added, v.Removed, 100*v.ServiceLevel, 100*v.HalfWidth, 100*v.Kept, v.Low)
	}
	a.Infof(l.Pick("staffed %d rows: %s agent hours, %s to roster; service level: %s", "%d regels berekend: %s uren, %s in te roosteren; servicelevel: %s"),
		rep.Rows-rep.Rejected.Count, l.Number(rep.AgentHours, 1), l.Number(rep.Rostered, 1), definitionsText(l, rep.Definitions))
	switch {
	case rep.Unreachable > 0:
		hint := "a target of 100 % has no finite answer; ask for 99.9 % or less"
		if rep.Priced || rep.Limited {
			hint = "the limits on agents, partners or lines leave no way to keep it: allow more or ask for less"
		}
		return withHint(notMetf("the target is unreachable in %d of %d rows", rep.Unreachable, rep.Rows), "%s", hint)
	case rep.Rejected.Count > 0:
		return partialf("%d of %d rows could not be read and have no answer", rep.Rejected.Count, rep.Rows)
	}
	for _, p := range rep.Pools {
		if p.Low > 0 {
			return notMetf("the simulation still shows %d intervals of pool %s below target", p.Low, p.Name)
		}
	}
	for _, v := range rep.Verified {
		if v.Low > 0 {
			return notMetf("the simulation still shows %d intervals of %s below target", v.Low, v.Queue)
		}
	}
	return nil
}

// appendRows runs a job that writes rows to a sink, streaming CSV where that is
// what is asked for and gathering a table otherwise. run returns the notes under
// the table. A job that fails leaves no file.
func (a *App) appendRows(name, title string, run func(staffing.Sink) ([]string, error)) error {
	format, err := a.outFormat()
	if err != nil {
		return err
	}
	if format != output.CSV {
		sink := &staffing.TableSink{Zone: a.Zone()}
		notes, err := run(sink)
		if err != nil {
			return err
		}
		sink.Finish()
		sink.Table.Name, sink.Table.Title, sink.Table.Notes = name, title, notes
		return a.emitShort(sink.Table, staffWide...)
	}
	// Rows that stream through leave much garbage and little else: collect it less
	// often, within a bound.
	defer debug.SetGCPercent(debug.SetGCPercent(streamGC))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(streamMemory))
	stream := func(w io.Writer) error {
		buf := bufio.NewWriterSize(w, 1<<20)
		sink := &staffing.CSVSink{W: buf, Opt: a.outputOptions()}
		if _, err := run(sink); err != nil {
			return err
		}
		if err := sink.Flush(); err != nil {
			return err
		}
		return buf.Flush()
	}
	if a.flags.out == "" || a.flags.out == "-" {
		return stream(a.Out)
	}
	var inner error
	err = a.writeFile(a.flags.out, func(w io.Writer, _ output.Format) error {
		inner = stream(w)
		return inner
	})
	if inner != nil {
		return inner // says what was wrong with the input, not that a file could not be written
	}
	return err
}

const (
	streamGC     = 400
	streamMemory = 150 << 20 // bytes from which on garbage is collected as often as it takes
)

// outFormat returns the format that --format and --out ask for.
func (a *App) outFormat() (output.Format, error) {
	switch {
	case a.flags.format != "":
		return a.format()
	case a.flags.out == "-":
		return output.CSV, nil
	case a.flags.out != "":
		f, err := output.FormatOf(a.flags.out)
		if err != nil {
			return f, &statusError{exitUsage, err}
		}
		return f, nil
	}
	return output.Screen, nil
}
