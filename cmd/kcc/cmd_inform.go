package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kcc/contacts/cause"
	"kcc/internal/calendar"
	"kcc/internal/flow"
	"kcc/internal/output"
)

func newInformCmd(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "inform",
		Short: "Why contacts arise, what each cause costs, and what would prevent it",
		Long: "inform tells the organisation why customers contact the centre. A contact has a cause that an agent noted,\n" +
			"or one that a rule derives: soon after a promise that was missed, a repeat, more than usual after a mailing.\n" +
			"Causes are weighed by contacts, handle time and cost; lines with fewer than 5 contacts are joined, unless\n" +
			"--small asks for them. Without --from and --to the last 13 whole weeks count.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newInformCausesCmd(app), newInformTopCmd(app), newInformTrendCmd(app), newInformSpikesCmd(app), newInformLetterCmd(app),
		newInformValueCmd(app), newInformDepartmentCmd(app), newInformEffectCmd(app))
	return cmd
}

// informWeeks is how many whole weeks count where no dates are given.
const informWeeks = 13

// informOptions are the flags that the commands of inform and channel share.
type informOptions struct {
	From, To  string
	Occupancy float64
	flow.Which
	Small bool
}

func (o *informOptions) span(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.From, "from", "", "first `DATE` (default: 13 whole weeks back)")
	f.StringVar(&o.To, "to", "", "last `DATE` (default: the last Sunday)")
}

func (o *informOptions) flags(cmd *cobra.Command) {
	o.span(cmd)
	f := cmd.Flags()
	f.StringVar(&o.Channel, "channel", "", "only this `channel`")
	f.StringVar(&o.Subject, "subject", "", "only this `subject` and those below it")
	f.StringVar(&o.Kind, "kind", "", "only this `kind` of contact")
	f.StringVar(&o.Segment, "segment", "", "only this `segment` of customers")
	o.costs(cmd)
}

func (o *informOptions) costs(cmd *cobra.Command) {
	cmd.Flags().Float64Var(&o.Occupancy, "occupancy", flow.Occupancy, "`share` of their time at work that agents handle contacts, for costs")
}

func (o *informOptions) small(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&o.Small, "small", false, "show lines with fewer than 5 contacts too; not for outside the centre")
}

// informs loads the site with what inform works with, and the span asked for.
func (o *informOptions) load(ctx context.Context, app *App) (*flow.Inform, flow.Span, error) {
	span := flow.Weeks(app.Today(), informWeeks)
	var err error
	if o.To != "" {
		if span.Last, err = calendar.ParseDate(o.To); err != nil {
			return nil, span, usagef("--to: %w", err)
		}
		span.First = span.Last.Add(-7*informWeeks + 1)
	}
	if o.From != "" {
		if span.First, err = calendar.ParseDate(o.From); err != nil {
			return nil, span, usagef("--from: %w", err)
		}
	}
	if span.First > span.Last {
		return nil, span, usagef("--from %s is after --to %s", span.First, span.Last)
	}
	if !(o.Occupancy >= 0 && o.Occupancy <= 1) {
		return nil, span, usagef("--occupancy %g: want a share from 0 to 1, such as 0.8", o.Occupancy)
	}
	s, err := app.site(ctx)
	if err != nil {
		return nil, span, err
	}
	if err := o.check(s); err != nil {
		return nil, span, err
	}
	in, err := s.Inform(ctx, o.Occupancy)
	return in, span, err
}

// check refuses names that the centre does not have.
func (o *informOptions) check(s *flow.Site) error {
	if o.Channel != "" {
		ch, ok := s.Centre.Channel(o.Channel)
		if !ok {
			return usagef("--channel %q is not one of the centre's: want %s", o.Channel, strings.Join(s.ChannelNames(), ", "))
		}
		o.Channel = ch.Name
	}
	if o.Subject != "" {
		if _, ok := s.Centre.Subject(o.Subject); !ok {
			return usagef("--subject %q is not one of the centre's: want %s", o.Subject, strings.Join(s.SubjectNames(), ", "))
		}
	}
	if o.Department != "" {
		if _, ok := s.Centre.Department(o.Department); !ok {
			return usagef("department %q is not one of the centre's: want %s", o.Department, strings.Join(s.DepartmentNames(), ", "))
		}
	}
	return nil
}

// dims reads a list of dimensions.
func dims(text string, most int) ([]cause.Dim, error) {
	var out []cause.Dim
	for _, name := range strings.Split(text, ",") {
		d := cause.Dim(strings.TrimSpace(name))
		if !slices.Contains(cause.Dims(), d) {
			return nil, usagef("--by %q: want one or more of %v", name, cause.Dims())
		}
		if !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	if len(out) > most {
		return nil, usagef("--by %s: want at most %d", text, most)
	}
	return out, nil
}

// errNoContacts is said where there is nothing to show.
func noContacts(span flow.Span) error {
	return withHint(fmt.Errorf("no contact is registered from %s to %s that fits", span.First, span.Last), "name other dates with --from and --to, or load contact records with \"kcc import FILE\"")
}

func newInformCausesCmd(app *App) *cobra.Command {
	var o informOptions
	var by string
	cmd := &cobra.Command{
		Use:   "causes",
		Short: "Contacts, time and cost per cause, and what is avoidable",
		Long: "causes lays the contacts of a period out by cause, noted or derived by rule, with the share that is\n" +
			"avoidable and how sure that is. --by lays them out by other dimensions too.",
		Example: "  kcc inform causes\n" +
			"  kcc inform causes --by subject,cause --from 2026-10-01 --to 2026-10-31 -o causes.xlsx\n" +
			"  kcc inform causes codes\n" +
			"  kcc inform causes rules add --name 'forms at the counter' --match --channel counter --subject moving --cause wrong_channel",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runInformTally(cmd.Context(), app, o, by, 0, false) },
	}
	o.flags(cmd)
	o.small(cmd)
	cmd.Flags().StringVar(&o.Department, "department", "", "only subjects of this `department`, and what was handed to it")
	cmd.Flags().StringVar(&by, "by", "cause", "lay out by `DIMS`: cause, subject, channel, kind, segment, department, rule; at most 3")
	cmd.AddCommand(newCauseCodesCmd(app), newCauseRulesCmd(app))
	return cmd
}

func newInformTopCmd(app *App) *cobra.Command {
	var o informOptions
	var by string
	var n int
	cmd := &cobra.Command{
		Use:   "top",
		Short: "The avoidable contacts that cost most",
		Long:  "top lists the subjects and causes whose avoidable contacts cost most, the most expensive first.",
		Example: "  kcc inform top\n" +
			"  kcc inform top --count 5 --channel phone\n" +
			"  kcc inform top --by cause,department --format csv",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if n < 1 {
				return usagef("--count %d: want 1 or more", n)
			}
			return runInformTally(cmd.Context(), app, o, by, n, true)
		},
	}
	o.flags(cmd)
	o.small(cmd)
	cmd.Flags().StringVar(&o.Department, "department", "", "only subjects of this `department`, and what was handed to it")
	cmd.Flags().StringVar(&by, "by", "subject,cause", "lay out by `DIMS`; at most 3")
	cmd.Flags().IntVar(&n, "count", 10, "show `N` lines")
	return cmd
}

func runInformTally(ctx context.Context, app *App, o informOptions, by string, top int, avoidable bool) error {
	list, err := dims(by, 3)
	if err != nil {
		return err
	}
	in, span, err := o.load(ctx, app)
	if err != nil {
		return err
	}
	t, err := in.Tally(ctx, flow.TallyOptions{Span: span, Which: o.Which, By: list, Small: o.Small, Top: top, AvoidableOnly: avoidable})
	if err != nil {
		return err
	}
	if t.Total.Contacts == 0 {
		return noContacts(span)
	}
	return app.emitShort(in.Table(app.Lang(), t), "hours", "share")
}

func newInformTrendCmd(app *App) *cobra.Command {
	var o informOptions
	var by string
	var weekly bool
	cmd := &cobra.Command{
		Use:   "trend",
		Short: "What rises and falls over the weeks",
		Long: "trend shows per cause, or another dimension, how contacts change per week, with a 95 % interval; weekdays\n" +
			"and holidays are taken into account. --weekly gives the contacts per week of the largest, with a chart.",
		Example: "  kcc inform trend\n  kcc inform trend --by subject --from 2026-06-01\n  kcc inform trend --weekly -o trend.html",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			list, err := dims(by, 1)
			if err != nil {
				return err
			}
			in, span, err := o.load(cmd.Context(), app)
			if err != nil {
				return err
			}
			trends, err := in.Trends(cmd.Context(), span, o.Which, list[0])
			if err != nil {
				return err
			}
			if len(trends) == 0 {
				return noContacts(span)
			}
			if weekly {
				return app.emit(in.WeeksTable(app.Lang(), span, list[0], trends))
			}
			return app.emit(in.TrendTable(app.Lang(), span, list[0], trends))
		},
	}
	o.flags(cmd)
	cmd.Flags().StringVar(&o.Department, "department", "", "only subjects of this `department`, and what was handed to it")
	cmd.Flags().StringVar(&by, "by", "cause", "one of cause, subject, channel, kind, segment, department, rule")
	cmd.Flags().BoolVar(&weekly, "weekly", false, "the contacts per week of the largest")
	return cmd
}

func newInformSpikesCmd(app *App) *cobra.Command {
	var o informOptions
	opt := cause.SpikeOptions{}
	alarms := false
	cmd := &cobra.Command{
		Use:   "spikes",
		Short: "Weeks in which a subject had more contacts than expected, and why",
		Long: "spikes looks for weeks in which a subject had more contacts than its other weeks lead to expect. An alarm\n" +
			"keeps a rate: a year in which nothing happens gives one with a chance of at most --alarm, all subjects\n" +
			"together, however often it is run. Other striking weeks are listed as possible. Each is explained by the\n" +
			"channels and causes that carried it, by what is noted to have happened, and by words in notes.\n\n" +
			"Exit status 4: there is an alarm and --fail was given.",
		Example: "  kcc inform spikes\n  kcc inform spikes --alarms --from 2025-11-17 --to 2026-11-15\n  kcc inform spikes --department taxes -o spikes.xlsx",
		Args:    cobra.NoArgs,
	}
	fail := false
	o.flags(cmd)
	f := cmd.Flags()
	f.StringVar(&o.Department, "department", "", "only subjects of this `department`, and what was handed to it")
	f.Float64Var(&opt.Alarm, "alarm", cause.DefaultAlarm, "`chance` of a false alarm in a year")
	f.Float64Var(&opt.Possible, "possible", cause.DefaultPossible, "`chance` that an ordinary week of one subject is listed")
	f.BoolVar(&alarms, "alarms", false, "alarms alone")
	f.BoolVar(&fail, "fail", false, "end with status 4 when there is an alarm")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		for _, p := range []struct {
			name string
			v    float64
		}{{"alarm", opt.Alarm}, {"possible", opt.Possible}} {
			if !(p.v > 0 && p.v < 1) {
				return usagef("--%s %g: want more than 0 and less than 1", p.name, p.v)
			}
		}
		in, span, err := o.load(cmd.Context(), app)
		if err != nil {
			return err
		}
		list, err := in.Spikes(cmd.Context(), span, o.Which, opt)
		if err != nil {
			return err
		}
		found := 0
		for _, s := range list {
			if s.Grade == cause.Alarm {
				found++
			}
		}
		if alarms {
			list = slices.DeleteFunc(list, func(s flow.SpikeFound) bool { return s.Grade != cause.Alarm })
		}
		if err := app.emitShort(in.SpikeTable(app.Lang(), span, list, opt), "p", "lo90", "hi90"); err != nil {
			return err
		}
		if fail && found > 0 {
			return notMetf("%s", countText(found, "alarm"))
		}
		return nil
	}
	return cmd
}

func newInformValueCmd(app *App) *cobra.Command {
	var o informOptions
	cmd := &cobra.Command{
		Use:   "value",
		Short: "What contacts are worth to customer and organisation, and what actions save",
		Long: "value lays contacts out over four quadrants: of value to nobody (eliminate), to the organisation alone\n" +
			"(simplify), to the customer alone (automate), to both (leverage), with what an action on each cause saves a\n" +
			"year. What comes of an action is measured afterwards with inform effect.",
		Example: "  kcc inform value\n  kcc inform value --department permits --lang nl\n  kcc inform value -o value.xlsx",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			in, span, err := o.load(cmd.Context(), app)
			if err != nil {
				return err
			}
			list, err := in.Values(cmd.Context(), span, o.Which)
			if err != nil {
				return err
			}
			if len(list) == 0 {
				return noContacts(span)
			}
			return app.emitShort(in.ValueTable(app.Lang(), span, list, o.Small), "hours")
		},
	}
	o.flags(cmd)
	o.small(cmd)
	cmd.Flags().StringVar(&o.Department, "department", "", "only subjects of this `department`, and what was handed to it")
	return cmd
}

func newInformDepartmentCmd(app *App) *cobra.Command {
	var o informOptions
	cmd := &cobra.Command{
		Use:   "department NAME",
		Short: "The page of a department: its causes, trend, cost, missed promises and what to do",
		Long: "department gathers what one department should know about the contacts that its subjects bring: causes,\n" +
			"trend, cost, promises that were missed and the contacts that follow, mailings, spikes, and suggested actions\n" +
			"with what they save. Counts below 5 are joined or left out. With -o as xlsx, html or md.",
		Example: "  kcc inform department permits\n  kcc inform department permits -o permits.html\n  kcc inform department taxes -o taxes.xlsx --lang nl",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Department = args[0]
			in, span, err := o.load(cmd.Context(), app)
			if err != nil {
				return err
			}
			p, err := in.Department(cmd.Context(), o.Department, span)
			if err != nil {
				return err
			}
			if p.Total.Contacts == 0 {
				return noContacts(span)
			}
			if app.flags.out == "" || app.flags.out == "-" {
				f, err := app.format()
				if err != nil {
					return err
				}
				return in.WriteDepartment(app.Out, f, app.outputOptions(), p)
			}
			return app.writeFile(app.flags.out, func(w io.Writer, f output.Format) error {
				return in.WriteDepartment(w, f, app.outputOptions(), p)
			})
		},
	}
	o.span(cmd)
	o.costs(cmd)
	return cmd
}
