package main

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kcc/erlang"
	"kcc/internal/output"
	"kcc/internal/staffing"
	"kcc/internal/tabular"
)

// erlangOptions are the flags of the erlang commands.
type erlangOptions struct {
	In                               string
	Load, Calls, Block               float64
	Interval, AHT, Patience, Short   durationValue
	Agents, Target                   string
	MaxOccupancy, MaxAbandon, MaxASA string
	Concurrency                      int
	ChatAHT                          string
	Growth                           float64
	Redial, Repeat                   float64
	Definition                       string
	Lines                            int
	CarryOver                        bool
	price                            priceFlags
	changed                          func(string) bool
}

func newErlangCmd(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "erlang",
		Short: "One case or many by Erlang B, C, A or the chat model",
		Long: "erlang answers what a number of agents (or lines) does with a load, how many are needed for a\n" +
			"target, and shows a table of what if. With --in it runs over the rows of a file.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		newErlangModelCmd(app, staffing.ErlangB, "b", "Lines: the share of calls that finds all lines busy",
			"  kcc erlang b --load 8.1 --agents 15\n"+
				"  kcc erlang b --calls 900 --interval 1h --aht 180s --block 0.01\n"+
				"  kcc erlang b --in trunks.csv -o lines.csv"),
		newErlangModelCmd(app, staffing.ErlangC, "c", "Agents and waiting when nobody leaves",
			"  kcc erlang c --calls 100 --interval 30m --aht 180s --target 80/20s\n"+
				"  kcc erlang c --load 10 --aht 180s --target 80/20s --agents 11..18\n"+
				"  kcc erlang c --in cases.csv -o answers.csv"),
		newErlangModelCmd(app, staffing.ErlangA, "a", "Agents and waiting when callers lose patience",
			"  kcc erlang a --load 20 --aht 300s --patience 180s --wage-hour 35 --wait-hour 60 --abandon-cost 8\n"+
				"  kcc erlang a --load 48 --aht 60s --patience 120s --target 80/20s\n"+
				"  kcc erlang a --load 48 --aht 60s --patience 120s --target 80/20s --agents 44..52 --max-abandon 0.05\n"+
				"  kcc erlang a --in cases.csv -o answers.csv"),
		newErlangModelCmd(app, staffing.ErlangChat, "chat", "Agents and waiting when agents hold several chats",
			"  kcc erlang chat --calls 200 --interval 1h --chat-aht 300s:400s:540s --target 80/30s\n"+
				"  kcc erlang chat --calls 60 --interval 1h --aht 300s --concurrency 3 --target 80/30s --agents 2..8"),
		newErlangSkillsCmd(app),
		newErlangOutboundCmd(app),
		newErlangEstimateCmd(app),
		newErlangDeadlineCmd(app),
	)
	return cmd
}

func newErlangModelCmd(app *App, model staffing.Formula, name, short, example string) *cobra.Command {
	o := &erlangOptions{}
	cmd := &cobra.Command{
		Use:     name,
		Short:   short,
		Long:    short + ".\n\nExit status 3: some rows of --in could not be read; 4: the target is unreachable.",
		Example: example,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o.changed = cmd.Flags().Changed
			return runErlang(cmd.Context(), app, model, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.In, "in", "", "cases from `FILE`, one per row; result columns are appended")
	f.Float64Var(&o.Load, "load", 0, "offered load in `erlangs`; or give --calls, --interval and --aht")
	f.Float64Var(&o.Calls, "calls", 0, "contacts in the interval")
	o.Interval = durationValue(time.Hour)
	f.Var(&o.Interval, "interval", "length of the interval of --calls, for example `15m`")
	f.Var(&o.AHT, "aht", "mean handle time, for example `240s`")
	if model == staffing.ErlangB {
		f.StringVar(&o.Agents, "agents", "", "lines: a number, or a range for a what-if table, for example `10..20`")
		f.StringVar(&o.Agents, "lines", "", "the same as --agents")
		f.Float64Var(&o.Block, "block", 0, "largest share of calls that may be lost, for example `0.01`: how many lines")
		return cmd
	}
	f.StringVar(&o.Agents, "agents", "", "a number of agents, or a range for a what-if table, for example `10..20`")
	f.StringVar(&o.Target, "target", "", "`80/20s`: 80 % answered within 20 s; a bare 20s is the threshold alone")
	f.StringVar(&o.MaxOccupancy, "max-occupancy", "", "cap on the busy share of agents' time, for example `0.85`")
	f.StringVar(&o.MaxASA, "max-asa", "", "cap on the mean wait, for example `30s`")
	if model != staffing.ErlangChat {
		f.BoolVar(&o.CarryOver, "carry-over", false, "rows of --in are a plan (channel, start, offered, aht_s, agents): work of an overloaded interval goes on in the next")
	}
	f.Float64Var(&o.Repeat, "repeat", 0, "share of those answered that comes back")
	if model != staffing.ErlangC {
		f.Var(&o.Patience, "patience", "mean patience of a waiting customer, for example `120s`")
		f.Var(&o.Short, "short", "for excl_short: only leaving sooner than this is left out (default: the threshold)")
		f.StringVar(&o.MaxAbandon, "max-abandon", "", "cap on the share that leaves, for example `0.05`")
		f.StringVar(&o.Definition, "service-level", "", "what a service level counts: `offered|answered|excl_short|wait_any`")
		f.Float64Var(&o.Redial, "redial", 0, "share of those who left that calls again")
	}
	if model != staffing.ErlangChat {
		f.IntVar(&o.Lines, "lines", 0, "`number` of lines: who finds all of them busy is lost; with --agents, or as the limit of the cost mode")
	}
	but := []string{"lines"}
	if model == staffing.ErlangC {
		but = append(but, "abandon-cost")
	}
	o.price.addFlags(cmd, but...)
	if model == staffing.ErlangChat {
		f.IntVar(&o.Concurrency, "concurrency", 0, "chats per agent at once")
		f.StringVar(&o.ChatAHT, "chat-aht", "", "handle times with 1, 2, ... chats at once, for example `300s:400s:540s`")
		f.Float64Var(&o.Growth, "growth", erlang.DefaultChatGrowth, "growth of the handle time per chat more, where --chat-aht does not tell")
	}
	return cmd
}

func runErlang(ctx context.Context, app *App, model staffing.Formula, o *erlangOptions) error {
	if o.CarryOver {
		return runErlangPlan(ctx, app, model, o)
	}
	if o.In != "" {
		return runErlangRows(ctx, app, model, o)
	}
	if model == staffing.ErlangB {
		return runErlangLines(app, o)
	}
	s, err := o.settings(model)
	if err != nil {
		return err
	}
	aht := time.Duration(o.AHT).Seconds()
	if aht == 0 {
		aht = s.AHT
	}
	if !(aht > 0) {
		return usagef("no handle time: give --aht, for example --aht 240s")
	}
	load, err := o.load(aht)
	if err != nil {
		return err
	}
	w := erlang.WhatIf{Load: load, AHT: aht, Settings: s}
	if o.Lines < 0 {
		return usagef("--lines %d: want a number above 0", o.Lines)
	}
	if o.price.asked() {
		if o.Agents != "" {
			return usagef("--agents and prices: the cost mode finds the number of agents; leave --agents out")
		}
		prices, err := o.price.prices("")
		if err != nil {
			return err
		}
		prices.Lines = o.Lines
		return app.showLeastCost(w, *prices)
	}
	if o.Agents == "" {
		if o.Lines > 0 {
			return app.sizeBehindLines(w, o.Lines)
		}
		return app.showSizing(w)
	}
	from, to, err := parseAgents(o.Agents)
	if err != nil {
		return err
	}
	if o.Lines > 0 {
		return app.showLines(w, from, to, o.Lines)
	}
	return app.showWhatIf(w, from, to)
}

// runErlangPlan shows what the agents of a plan do, work that is left over going
// on in the next interval.
func runErlangPlan(ctx context.Context, app *App, model staffing.Formula, o *erlangOptions) error {
	if o.In == "" {
		return usagef("--carry-over follows the rows of a plan: name a file with --in")
	}
	s, err := o.settings(model)
	if err != nil {
		return err
	}
	s.AHT = time.Duration(o.AHT).Seconds()
	opt := staffing.Options{Default: s, Zone: app.Zone()}
	if o.changed("interval") {
		opt.Interval = time.Duration(o.Interval)
	}
	r, err := tabular.OpenFile(o.In, app.In, tabular.Options{})
	if err != nil {
		return err
	}
	defer r.Close()
	var rep *staffing.Report
	err = app.appendRows("erlang", "Agents of a plan", func(sink staffing.Sink) ([]string, error) {
		var err error
		rep, err = staffing.FollowWaiting(ctx, r, opt, sink)
		return []string{definitionNote(app.Lang(), s.Target), "backlog_contacts: contacts that wait at the end of the interval."}, err
	})
	if rep != nil {
		app.warnRejected(&rep.Rejected)
	}
	if err != nil {
		return err
	}
	app.tellNotes([]string{definitionNote(app.Lang(), s.Target)})
	if rep.Rejected.Count > 0 {
		return partialf("%d of %d rows could not be read and have no answer", rep.Rejected.Count, rep.Rows)
	}
	return nil
}

// load returns the offered load of --load, or of --calls and --aht.
func (o *erlangOptions) load(aht float64) (float64, error) {
	switch {
	case o.changed("load") && o.changed("calls"):
		return 0, usagef("--load and --calls say the same: give one of them")
	case o.changed("load"):
		if !(o.Load >= 0) || math.IsInf(o.Load, 1) {
			return 0, usagef("--load %g: want 0 or more", o.Load)
		}
		return o.Load, nil
	case o.changed("calls"):
		if !(o.Calls >= 0) || o.Interval <= 0 {
			return 0, usagef("--calls %g in --interval %s: want 0 or more calls in some time", o.Calls, o.Interval.String())
		}
		if !(aht > 0) {
			return 0, usagef("--calls needs a handle time: give --aht, for example --aht 240s")
		}
		return o.Calls * aht / time.Duration(o.Interval).Seconds(), nil
	}
	return 0, usagef("no load: give --load in erlangs, or --calls, --interval and --aht")
}

// settings reads the target and what else describes the queue.
func (o *erlangOptions) settings(model staffing.Formula) (erlang.Settings, error) {
	s := erlang.Settings{Redial: o.Redial, Repeat: o.Repeat, Patience: time.Duration(o.Patience).Seconds()}
	var err error
	switch model {
	case staffing.ErlangC:
		s.Model = erlang.ModelC
	case staffing.ErlangA:
		s.Model = erlang.ModelA
		if !(s.Patience > 0) {
			return s, usagef("Erlang A needs patience: give --patience, for example --patience 120s")
		}
	case staffing.ErlangChat:
		s.Model = erlang.ModelChat
		s.Concurrency, s.ChatGrowth = o.Concurrency, o.Growth
		if o.ChatAHT != "" {
			if err := parseChatTimes(o.ChatAHT, &s); err != nil {
				return s, usagef("--chat-aht: %w", err)
			}
		}
		if s.Concurrency < 1 {
			return s, usagef("the chat model needs --concurrency or --chat-aht, for example --chat-aht 300s:400s:540s")
		}
	}
	if !(o.Redial >= 0 && o.Redial < 1 && o.Repeat >= 0 && o.Repeat < 1) {
		return s, usagef("--redial and --repeat: want a share from 0 to below 1")
	}
	if o.Target != "" {
		if strings.Contains(o.Target, "/") {
			err = parseTarget(o.Target, &s)
		} else {
			err = durationSetting(func(s *erlang.Settings, d time.Duration) { s.Target.Within = d })(o.Target, &s)
		}
		if err != nil {
			return s, usagef("--target: %w", err)
		}
		if s.Promise.Duration != 0 || s.Promise.N != 0 {
			return s, usagef("--target %q: want seconds or minutes; work with a lead time is for kcc staff", o.Target)
		}
	}
	if s.Target.Definition, err = erlang.ParseDefinition(o.Definition); err != nil {
		return s, usagef("--service-level: %w", err)
	}
	s.Target.Short = time.Duration(o.Short)
	for _, x := range []struct {
		flag, text string
		apply      func(string, *erlang.Settings) error
	}{
		{"max-occupancy", o.MaxOccupancy, shareSetting(func(s *erlang.Settings, v float64) { s.Target.MaxOccupancy = v })},
		{"max-abandon", o.MaxAbandon, shareSetting(func(s *erlang.Settings, v float64) { s.Target.MaxAbandon = v })},
		{"max-asa", o.MaxASA, durationSetting(func(s *erlang.Settings, d time.Duration) { s.Target.MaxASA = d })},
	} {
		if x.text != "" {
			if err := x.apply(x.text, &s); err != nil {
				return s, usagef("--%s: %w", x.flag, err)
			}
		}
	}
	return s, nil
}

// parseAgents reads 14 or 10..20.
func parseAgents(text string) (from, to float64, err error) {
	lo, hi, isRange := strings.Cut(text, "..")
	if from, err = strconv.ParseFloat(strings.TrimSpace(lo), 64); err == nil {
		to = from
		if isRange {
			to, err = strconv.ParseFloat(strings.TrimSpace(hi), 64)
		}
	}
	if err != nil || !(from >= 0) || !(to >= from) || (isRange && to-from > maxWhatIf) {
		return 0, 0, usagef("--agents %q: want a number, or a range such as 10..20", text)
	}
	return from, to, nil
}

// maxWhatIf is the largest range of a what-if table.
const maxWhatIf = 100000

var resultColumns = []output.Column{
	{Name: "load_erlangs", Kind: output.Number, Digits: 3},
	{Name: "model"},
	{Name: "status", Rules: []output.Rule{{Op: output.Is, Text: "unstable", Tone: output.Bad}}},
	{Name: "agents", Kind: output.Number, Digits: 0},
	{Name: "agents_fractional", Kind: output.Number, Digits: 3},
	{Name: "service_level", Kind: output.Percent, Digits: 2},
	{Name: "asa_s", Kind: output.Number, Digits: 2},
	{Name: "occupancy", Kind: output.Percent, Digits: 2},
	{Name: "p_wait", Kind: output.Percent, Digits: 2},
	{Name: "p_abandon", Kind: output.Percent, Digits: 2},
	{Name: "mean_queue", Kind: output.Number, Digits: 2},
	{Name: "meets_target", Kind: output.Bool},
}

func resultRow(r erlang.Result, frac float64, meets bool) []any {
	return []any{
		r.Erlangs, r.Model.String(), r.Status.String(), r.Agents, frac, r.ServiceLevel, r.ASA, r.Occupancy, r.PWait, r.PAbandon, r.Queue, meets,
	}
}

// showSizing answers how many agents are needed.
func (a *App) showSizing(w erlang.WhatIf) error {
	t := w.Settings.Target
	if t.Ratio == 0 && t.MaxASA == 0 && t.MaxAbandon == 0 && t.MaxOccupancy == 0 {
		return usagef("nothing to answer: give --target 80/20s for the agents needed, or --agents for what they do")
	}
	s := w.Size()
	table := output.Table{Name: "erlang", Title: "Agents needed", Columns: resultColumns, Notes: []string{definitionNote(a.Lang(), t)}}
	if s.Status == erlang.OK {
		table.Rows = [][]any{resultRow(s.Result, s.Fractional, true)}
	} else {
		table.Rows = [][]any{{w.Load, w.Settings.Formula().String(), s.Status.String(), nil, nil, nil, nil, nil, nil, nil, nil, false}}
	}
	if err := a.emit(table); err != nil {
		return err
	}
	a.tellNotes(table.Notes)
	if s.Status != erlang.OK {
		return withHint(notMetf("no finite number of agents keeps this target"), "a target of 100 %% has no finite answer; ask for 99.9 %% or less")
	}
	return nil
}

// tellNotes says on stderr what a table says in its notes, where the format has none.
func (a *App) tellNotes(notes []string) {
	if f, err := a.outFormat(); err == nil && (f == output.CSV || f == output.JSON) {
		for _, n := range notes {
			a.Infof("%s", n)
		}
	}
}

func definitionNote(l output.Lang, t erlang.Target) string {
	return fmt.Sprintf(l.Pick("Service level within %s: %s.", "Servicelevel binnen %s: %s."), (*durationValue)(&t.Within).String(), definitionText(l, t.Definition))
}

// showWhatIf shows what each number of agents does.
func (a *App) showWhatIf(w erlang.WhatIf, from, to float64) error {
	table := output.Table{Name: "erlang", Title: "What if", Columns: resultColumns, Notes: []string{definitionNote(a.Lang(), w.Settings.Target)}}
	for n := from; n <= to; n++ {
		r := w.With(n)
		table.Rows = append(table.Rows, resultRow(r, n, r.Meets(w.Settings.Target)))
	}
	a.tellNotes(table.Notes)
	return a.emit(table)
}

// runErlangLines answers questions on lines.
func runErlangLines(app *App, o *erlangOptions) error {
	load, err := o.load(time.Duration(o.AHT).Seconds())
	if err != nil {
		return err
	}
	table := output.Table{Name: "erlang_b", Title: "Lines", Columns: append([]output.Column{
		{Name: "load_erlangs", Kind: output.Number, Digits: 3}, {Name: "lines", Kind: output.Number},
	}, staffing.FormulaColumns(staffing.ErlangB, false)...)}
	add := func(n float64) {
		carried := erlang.Carried(load, n)
		table.Rows = append(table.Rows, []any{load, n, erlang.B(load, n), carried, carried / n})
	}
	switch {
	case o.Agents != "" && o.changed("block"):
		return usagef("--agents and --block: give one of them")
	case o.Agents != "":
		from, to, err := parseAgents(o.Agents)
		if err != nil {
			return err
		}
		for n := from; n <= to; n++ {
			add(n)
		}
	case o.changed("block"):
		if !(o.Block >= 0 && o.Block <= 1) {
			return usagef("--block %g: want a share from 0 to 1", o.Block)
		}
		n, status := erlang.Lines(load, o.Block)
		if status != erlang.OK {
			return withHint(notMetf("no finite number of lines loses no call at all"), "give --block a value above 0")
		}
		add(float64(n))
	default:
		return usagef("nothing to answer: give --block 0.01 for the lines needed, or --agents for what they do")
	}
	return app.emit(table)
}

// runErlangRows runs a formula over the rows of a file.
func runErlangRows(ctx context.Context, app *App, model staffing.Formula, o *erlangOptions) error {
	def := staffing.NoDefaults()
	set := func(flag string, dst *float64, v float64) {
		if o.changed(flag) {
			*dst = v
		}
	}
	set("load", &def.Erlangs, o.Load)
	set("aht", &def.AHT, time.Duration(o.AHT).Seconds())
	set("patience", &def.Patience, time.Duration(o.Patience).Seconds())
	set("short", &def.Short, time.Duration(o.Short).Seconds())
	set("block", &def.Block, o.Block)
	if o.Agents != "" {
		from, to, err := parseAgents(o.Agents)
		if err != nil || from != to {
			return usagef("--agents %q: want one number with --in", o.Agents)
		}
		def.Agents = from
	}
	if o.Target != "" {
		s := erlang.Settings{}
		within := o.Target
		if i := strings.IndexByte(within, '/'); i >= 0 {
			within = within[i+1:]
		}
		if err := durationSetting(func(s *erlang.Settings, d time.Duration) { s.Target.Within = d })(within, &s); err != nil {
			return usagef("--target: %w", err)
		}
		def.Target = s.Target.Within.Seconds()
	}
	if model == staffing.ErlangChat {
		s := erlang.Settings{Concurrency: o.Concurrency}
		if o.ChatAHT != "" {
			if err := parseChatTimes(o.ChatAHT, &s); err != nil {
				return usagef("--chat-aht: %w", err)
			}
			if math.IsNaN(def.AHT) {
				def.AHT = s.AHT
			}
		}
		def.Concurrency, def.ChatAHT, def.ChatGrowth = s.Concurrency, s.ChatAHT, o.Growth
	}
	r, err := tabular.OpenFile(o.In, app.In, tabular.Options{})
	if err != nil {
		return err
	}
	defer r.Close()
	var rep *staffing.FormulaReport
	err = app.appendRows("erlang", "Erlang", func(sink staffing.Sink) ([]string, error) {
		var err error
		rep, err = staffing.Formulas(ctx, r, model, def, sink)
		return nil, err
	})
	if rep != nil {
		app.warnRejected(&rep.Rejected)
	}
	if err != nil {
		return err
	}
	app.Infof("%d rows, %d of them without a steady state", rep.Rows-rep.Rejected.Count, rep.Unstable)
	if rep.Rejected.Count > 0 {
		return partialf("%d of %d rows could not be read and have no answer", rep.Rejected.Count, rep.Rows)
	}
	return nil
}
