package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"kcc/contacts/promise"
	"kcc/contacts/register"
	"kcc/internal/calendar"
	"kcc/internal/output"
)

func newPromiseListCmd(app *App) *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the rules that are in force",
		Long:    "list shows the rules in force today: those that were added, and those that follow from the promises\nin the description of the centre (named centre:...). --all shows every version.",
		Example: "  kcc promise list\n  kcc promise list --all --format json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d, err := app.desk(cmd.Context())
			if err != nil {
				return err
			}
			rs, err := d.Rules(cmd.Context())
			if err != nil {
				return err
			}
			if !all {
				rs = rs.InForce(app.Today())
			}
			return app.emitSlim(register.RuleTable(app.Lang(), rs))
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "every version, also what is withdrawn")
	return cmd
}

type promiseAddOptions struct {
	promise.Match
	Name, Metric, Within, Mode, Cutoff, ValidFrom, Escalation string
	PauseReasons                                              []string
	Level                                                     float64
	Off                                                       bool
}

func newPromiseAddCmd(app *App) *cobra.Command {
	var o promiseAddOptions
	cmd := &cobra.Command{
		Use:   "add NAME",
		Short: "Add a rule, or a new version of one",
		Long: "add stores a rule. A name that exists gets a new version that holds from --valid-from on; promises\n" +
			"that were made keep the version they were made with (kcc promise recompute changes that). The most\n" +
			"specific rule wins: by subject, the nearest in the tree first, then department, kind and channel.",
		Example: "  kcc promise add complaints --kind complaint --within 6w --mode statutory\n" +
			"  kcc promise add callbacks --metric callback --within 2wd --level 0.9\n" +
			"  kcc promise add permits --subject permits --within 5wd --cutoff 15:00 --escalation '-4bh department; 0 department; 2wd manager'\n" +
			"  kcc promise add permits --off --valid-from 2027-01-01",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Name = args[0]
			return runPromiseAdd(cmd.Context(), app, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Metric, "metric", "resolve", "what is promised, `first_response|callback|resolve`")
	f.StringVar(&o.Within, "within", "", "the `TERM`: 4bh, 30bm, 5wd, 3d, 2w or 20m")
	f.StringVar(&o.Mode, "mode", "", "count by `service|statutory`")
	f.StringVar(&o.Channel, "channel", "", "only for this `CHANNEL`")
	f.StringVar(&o.Kind, "kind", "", "only for this `KIND`")
	f.StringVar(&o.Subject, "subject", "", "only for this `SUBJECT` and those below it")
	f.StringVar(&o.Department, "department", "", "only for work of `DEPARTMENT`")
	f.StringVar(&o.Cutoff, "cutoff", "", "what comes in at `HH:MM` or later counts for the next working day")
	f.StringVar(&o.ValidFrom, "valid-from", "", "in force from `DATE` on (default today)")
	f.StringArrayVar(&o.PauseReasons, "pause-reason", nil, "only a pause for this `REASON` stops the clock; may be given more than once")
	f.StringVar(&o.Escalation, "escalation", "", "who is warned when: `STEPS` such as '-4bh department; 0 department; 2wd manager'")
	f.Float64Var(&o.Level, "level", 0, "`SHARE` that should be kept, 0 to 1")
	f.BoolVar(&o.Off, "off", false, "withdraw the rule")
	return cmd
}

func runPromiseAdd(ctx context.Context, app *App, o promiseAddOptions) error {
	d, err := app.desk(ctx)
	if err != nil {
		return err
	}
	r, err := o.rule(app)
	if err != nil {
		return err
	}
	if strings.HasPrefix(r.Name, promise.CentrePrefix) {
		return withHint(usagef("names that begin with %s are those of the centre's description", promise.CentrePrefix), "change the promise there: kcc centre export")
	}
	if o.Off { // a withdrawal repeats the last version
		rs, err := d.Rules(ctx)
		if err != nil {
			return err
		}
		last, ok := rs.Last(o.Name)
		if !ok {
			return fmt.Errorf("there is no rule %q to withdraw", o.Name)
		}
		last.Off, last.ValidFrom = true, r.ValidFrom
		r = last
	} else if o.Within == "" {
		return usagef("the term is missing: --within, for example 5wd")
	}
	if err := r.Check(); err != nil {
		return usagef("%w", err)
	}
	isNew, err := d.AddRule(ctx, &r)
	if err != nil {
		return said(err)
	}
	if !isNew {
		app.Infof("rule %s says so already (version %d)", r.Name, r.Version)
		return nil
	}
	return changed(app, nil, "rule %s version %d: %s, from %s", r.Name, r.Version, r.String(), r.ValidFrom)
}

// rule reads the flags.
func (o *promiseAddOptions) rule(app *App) (promise.Rule, error) {
	r := promise.Rule{Name: o.Name, Match: o.Match, PauseReasons: o.PauseReasons, Level: o.Level, ValidFrom: app.Today()}
	var err error
	if r.Metric, err = promise.ParseMetric(o.Metric); err != nil {
		return r, usagef("--metric: %w", err)
	}
	if r.Promise.Mode, err = promise.ParseMode(o.Mode); err != nil {
		return r, usagef("--mode: %w", err)
	}
	if o.Within != "" {
		if r.Promise.Within, err = calendar.ParseTerm(o.Within); err != nil {
			return r, usagef("--within: %w", err)
		}
	}
	if o.Cutoff != "" {
		if r.Promise.Cutoff, err = calendar.ParseClock(o.Cutoff); err != nil {
			return r, usagef("--cutoff: %w", err)
		}
	}
	if o.ValidFrom != "" {
		if r.ValidFrom, err = calendar.ParseDate(o.ValidFrom); err != nil {
			return r, usagef("--valid-from: %w", err)
		}
	}
	if r.Escalation, err = promise.ParseEscalation(o.Escalation); err != nil {
		return r, usagef("--escalation: %w", err)
	}
	return r, nil
}

func newPromiseExplainCmd(app *App) *cobra.Command {
	var m promise.Match
	var metric, on string
	var handoff int64
	cmd := &cobra.Command{
		Use:   "explain",
		Short: "Tell which rule applies and why, for a request or a piece of work",
		Example: "  kcc promise explain --channel email --kind complaint --subject waste\n" +
			"  kcc promise explain --handoff 17",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if handoff != 0 {
				return runPromiseExplainWork(cmd.Context(), app, handoff)
			}
			return runPromiseExplain(cmd.Context(), app, m, metric, on)
		},
	}
	f := cmd.Flags()
	f.StringVar(&m.Channel, "channel", "", "of a request by `CHANNEL`")
	f.StringVar(&m.Kind, "kind", "", "of this `KIND`")
	f.StringVar(&m.Subject, "subject", "", "about `SUBJECT`")
	f.StringVar(&m.Department, "department", "", "handed to `DEPARTMENT`")
	f.StringVar(&metric, "metric", "", "only this promise, `first_response|callback|resolve`")
	f.StringVar(&on, "on", "", "received on `DATE` (default today)")
	f.Int64Var(&handoff, "handoff", 0, "explain the promises on hand-off `ID` with their arithmetic")
	return cmd
}

func runPromiseExplain(ctx context.Context, app *App, m promise.Match, metric, on string) error {
	d, err := app.desk(ctx)
	if err != nil {
		return err
	}
	day := app.Today()
	if on != "" {
		if day, err = calendar.ParseDate(on); err != nil {
			return usagef("--on: %w", err)
		}
	}
	list := []promise.Metric{promise.FirstResponse, promise.Callback, promise.Resolve}
	if metric != "" {
		one, err := promise.ParseMetric(metric)
		if err != nil {
			return usagef("--metric: %w", err)
		}
		list = []promise.Metric{one}
	}
	l := app.Lang()
	t := output.Table{Name: "rules", Columns: []output.Column{
		register.Column(l, "metric", output.Text), register.Column(l, "rule", output.Text), register.Column(l, "version", output.Text),
		register.Column(l, "within", output.Text), register.Column(l, "mode", output.Text), register.Column(l, "won", output.Bool), register.Column(l, "why", output.Text),
	}}
	for _, one := range list {
		_, why, err := d.Match(ctx, one, m, day)
		if err != nil {
			return err
		}
		for _, v := range why {
			t.Rows = append(t.Rows, []any{
				string(one), v.Rule.Name, fmt.Sprint(v.Rule.Version), v.Rule.Promise.Within.String(), v.Rule.Promise.Mode.String(), v.Won, v.Why,
			})
		}
	}
	return app.emit(t)
}

// runPromiseExplainWork shows the promises on a piece of work with their
// arithmetic: the plain term, and what pauses and an extension added.
func runPromiseExplainWork(ctx context.Context, app *App, id int64) error {
	d, err := app.desk(ctx)
	if err != nil {
		return err
	}
	h, err := d.HandOff(ctx, id)
	if err != nil {
		return err
	}
	if app.flags.format != "" || app.flags.out != "" {
		return app.emit(register.CommitmentTable(app.Lang(), h.Promises, app.Now()))
	}
	for i, c := range h.Promises {
		if i > 0 {
			fmt.Fprintln(app.Out)
		}
		steps, plain, err := c.Calendar.Explain(h.Received, c.Rule.Promise)
		if err != nil {
			return err
		}
		s := c.State
		fmt.Fprintf(app.Out, "%s: due %s, %s\n", c.Metric, s.Due.Format("Mon 2006-01-02 15:04:05 -07:00"), s.Status)
		fmt.Fprintf(app.Out, "  rule %s version %d: %s; open %s (calendar %s)\n", c.Rule.Name, c.Rule.Version, c.Rule.String(), c.Calendar.Settings().Week, c.Calendar.Version())
		fmt.Fprintf(app.Out, "  received %s\n", h.Received.Format("Mon 2006-01-02 15:04"))
		for _, st := range steps {
			fmt.Fprintf(app.Out, "  %s\n", stepLine(st))
		}
		if !plain.Equal(s.Due) {
			fmt.Fprintf(app.Out, "  without pauses and extension due %s\n", plain.Format("Mon 2006-01-02 15:04"))
			fmt.Fprintf(app.Out, "  the clock stood still for %s of business time%s\n", calendar.FormatDuration(s.Paused), extendedNote(s))
		}
		if !s.DeptDue.IsZero() {
			fmt.Fprintf(app.Out, "  %s has it since %s: due %s on its own clock\n", s.Department, s.Since.In(app.zone).Format("Mon 2006-01-02 15:04"), s.DeptDue.Format("Mon 2006-01-02 15:04"))
		}
	}
	if len(h.Promises) == 0 {
		app.Infof("nothing is promised on hand-off %d", id)
	}
	return nil
}

func extendedNote(s promise.State) string {
	if s.Extended {
		return ", and it was extended"
	}
	return ""
}

func newPromiseRecomputeCmd(app *App) *cobra.Command {
	var department string
	cmd := &cobra.Command{
		Use:   "recompute",
		Short: "Put the rules and office hours of today under open promises",
		Long: "recompute finds the open promises that the rules and office hours of today would give another rule,\n" +
			"calendar or due time, and puts them in place; the log of each says so, and pauses stay. With\n" +
			"--dry-run it only shows what would change. Promises that were kept or broken stay as they are.",
		Example: "  kcc promise recompute --dry-run\n  kcc promise recompute --department permits",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d, err := app.desk(cmd.Context())
			if err != nil {
				return err
			}
			var f register.WorkFilter
			if department != "" {
				f.Department = &department
			}
			changes, looked, err := d.Recompute(cmd.Context(), f)
			if err != nil {
				return err
			}
			if err := app.emitTables(register.ChangeTable(app.Lang(), changes)); err != nil {
				return err
			}
			return changed(app, nil, "%d of %d open promises change", len(changes), looked)
		},
	}
	cmd.Flags().StringVar(&department, "department", "", "only work of `DEPARTMENT`")
	return cmd
}

// emitTables is emit that also writes a file on a dry run of the store: what is
// not done is the change, not the list of it.
func (a *App) emitTables(tables ...output.Table) error {
	dry := a.flags.dryRun
	a.flags.dryRun = false
	defer func() { a.flags.dryRun = dry }()
	return a.emit(a.worded(tables)...)
}
