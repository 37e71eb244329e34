package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"kcc/contacts/cause"
	"kcc/internal/calendar"
	"kcc/internal/flow"
)

func newInformLetterCmd(app *App) *cobra.Command {
	var o informOptions
	name := ""
	days := flow.LetterDays
	cmd := &cobra.Command{
		Use:   "letter",
		Short: "What mailings brought, and a log of what happened",
		Long: "letter measures what the mailings of a period brought: the contacts on their subject from the day after\n" +
			"the mailing on, above what the other days lead to expect, per hundred letters, with causes and words.\n" +
			"letter add notes a mailing, and also what else may explain contacts: a disruption, an action, another event.\n" +
			"Mailings among the events of the forecast (with --letters and --subject) count too.",
		Example: "  kcc inform letter\n" +
			"  kcc inform letter add 'tax bills' --date 2026-10-01 --subject taxes --sent 21000\n" +
			"  kcc inform letter add 'parking form broken' --kind disruption --date 2026-10-27 --to 2026-10-30 --subject parking\n" +
			"  kcc inform letter --name 'tax bills' -o letter.html",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if days < 1 || days > 366 {
				return usagef("--days %d: want 1 to 366", days)
			}
			in, span, err := o.load(cmd.Context(), app)
			if err != nil {
				return err
			}
			list, err := in.Letters(cmd.Context(), span, name, days, cause.DefaultLevel)
			if err != nil {
				return err
			}
			if len(list) == 0 {
				return withHint(fmt.Errorf("no mailing is noted from %s to %s", span.First, span.Last), "note one with \"kcc inform letter add NAME --date DATE --subject SUBJECT\"")
			}
			return app.emitShort(in.LetterTable(app.Lang(), list), "days")
		},
	}
	o.span(cmd)
	o.costs(cmd)
	cmd.Flags().StringVar(&name, "name", "", "only mailings of this `name`, of any date")
	cmd.Flags().IntVar(&days, "days", days, "follow each for `N` days")
	cmd.AddCommand(newOccasionAddCmd(app), newOccasionListCmd(app), newOccasionRemoveCmd(app))
	return cmd
}

func newOccasionAddCmd(app *App) *cobra.Command {
	var o cause.Occasion
	var date, to, kind string
	cmd := &cobra.Command{
		Use:   "add NAME",
		Short: "Note a mailing, a disruption, an action or another event",
		Example: "  kcc inform letter add 'tax bills' --date 2026-10-01 --subject taxes --sent 21000 --department taxes\n" +
			"  kcc inform letter add 'status texts' --kind action --date 2026-11-02 --subject building",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Name, o.Kind = args[0], cause.OccasionKind(kind)
			return runOccasionAdd(cmd.Context(), app, o, date, to)
		},
	}
	f := cmd.Flags()
	f.StringVar(&kind, "kind", string(cause.Mailing), "`mailing|disruption|action|other`")
	f.StringVar(&date, "date", "", "`DATE` it was sent or began")
	f.StringVar(&to, "to", "", "last `DATE` of something longer")
	f.StringVar(&o.Subject, "subject", "", "`subject` it is about")
	f.StringVar(&o.Channel, "channel", "", "`channel` it is about")
	f.StringVar(&o.Department, "department", "", "`department` it comes from")
	f.IntVar(&o.Sent, "sent", 0, "`number` of letters or messages")
	f.StringVar(&o.Note, "note", "", "free `text`")
	return cmd
}

func runOccasionAdd(ctx context.Context, app *App, o cause.Occasion, date, to string) error {
	var err error
	if date == "" {
		return usagef("--date DATE is needed")
	}
	if o.From, err = calendar.ParseDate(date); err != nil {
		return usagef("--date: %w", err)
	}
	o.To = o.From
	if to != "" {
		if o.To, err = calendar.ParseDate(to); err != nil {
			return usagef("--to: %w", err)
		}
	}
	if err := o.Check(); err != nil {
		return &statusError{exitUsage, err}
	}
	s, err := app.site(ctx)
	if err != nil {
		return err
	}
	names := informOptions{Which: flow.Which{Channel: o.Channel, Subject: o.Subject, Department: o.Department}}
	if err := names.check(s); err != nil {
		return err
	}
	if app.flags.dryRun {
		app.Infof("dry run: %s is not noted", o.Name)
		return nil
	}
	if err := cause.SaveOccasion(ctx, s.DB, o); err != nil {
		return err
	}
	app.Infof("noted %s of %s", o.Name, o.From)
	return nil
}

func newOccasionListCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List what was noted", Args: cobra.NoArgs,
		Example: "  kcc inform letter list\n  kcc inform letter list --format csv",
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := app.site(cmd.Context())
			if err != nil {
				return err
			}
			in, err := s.Inform(cmd.Context(), 0)
			if err != nil {
				return err
			}
			return app.emitShort(in.OccasionTable(app.Lang()))
		},
	}
}

func newOccasionRemoveCmd(app *App) *cobra.Command {
	date := ""
	cmd := &cobra.Command{
		Use: "remove NAME", Short: "Take a note away", Args: cobra.ExactArgs(1),
		Example: "  kcc inform letter remove 'tax bills' --date 2026-10-01",
		RunE: func(cmd *cobra.Command, args []string) error {
			on := calendar.Date(0)
			if date != "" {
				var err error
				if on, err = calendar.ParseDate(date); err != nil {
					return usagef("--date: %w", err)
				}
			}
			db, err := app.DB(cmd.Context())
			if err != nil {
				return err
			}
			if app.flags.dryRun {
				app.Infof("dry run: %s is not removed", args[0])
				return nil
			}
			n, err := cause.RemoveOccasion(cmd.Context(), db, args[0], on)
			if errors.Is(err, cause.ErrNotFound) {
				return withHint(err, "kcc inform letter list shows what is noted")
			}
			if err != nil {
				return err
			}
			app.Infof("removed %s", countText(n, "note"))
			return nil
		},
	}
	cmd.Flags().StringVar(&date, "date", "", "only the one of this `DATE`")
	return cmd
}

func newInformEffectCmd(app *App) *cobra.Command {
	var o informOptions
	var e flow.EffectOptions
	date := ""
	cmd := &cobra.Command{
		Use:   "effect [NAME]",
		Short: "What an action did: before and after against a control forecast",
		Long: "effect measures an action: the contacts after it against a control made of the days before it alone, with a\n" +
			"90 % interval. NAME is an action that was noted with inform letter add --kind action; or give --date and\n" +
			"what it was about. With --control the expectation moves as those subjects moved, which takes out what\n" +
			"touched all of them.",
		Example: "  kcc inform effect 'status texts'\n" +
			"  kcc inform effect --date 2026-11-02 --subject building --cause status_chase\n" +
			"  kcc inform effect --date 2026-11-02 --subject building --settle 3 --weeks 8 --control street,waste",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			name := ""
			if len(args) > 0 {
				name = args[0]
			}
			return runInformEffect(cmd.Context(), app, o, e, name, date)
		},
	}
	f := cmd.Flags()
	f.StringVar(&date, "date", "", "first `DATE` of the action")
	f.StringVar(&o.Subject, "subject", "", "contacts on this `subject` and those below it")
	f.StringVar(&o.Channel, "channel", "", "only this `channel`")
	f.StringVar(&o.Kind, "kind", "", "only this `kind` of contact")
	f.StringVar(&o.Segment, "segment", "", "only this `segment` of customers")
	f.StringVar(&o.Cause, "cause", "", "only contacts on which this `cause` was noted")
	f.IntVar(&e.Settle, "settle", 0, "leave out the first `N` days")
	f.IntVar(&e.Weeks, "weeks", 0, "look `N` weeks after the action (default: all there is)")
	f.StringSliceVar(&e.Controls, "control", nil, "`subjects` that the action does not touch")
	o.costs(cmd)
	return cmd
}

func runInformEffect(ctx context.Context, app *App, o informOptions, e flow.EffectOptions, name, date string) error {
	if (name == "") == (date == "") {
		return usagef("want the name of an action, or --date DATE")
	}
	if e.Settle < 0 || e.Weeks < 0 {
		return usagef("--settle and --weeks: want 0 or more")
	}
	in, _, err := o.load(ctx, app)
	if err != nil {
		return err
	}
	for _, c := range e.Controls {
		if !slices.Contains(in.SubjectNames(), c) {
			return usagef("--control %q is not one of the centre's subjects", c)
		}
	}
	e.Which = o.Which
	if date != "" {
		if e.Date, err = calendar.ParseDate(date); err != nil {
			return usagef("--date: %w", err)
		}
		name = date
	} else {
		i := slices.IndexFunc(in.Occasions, func(c cause.Occasion) bool { return c.Name == name })
		if i < 0 {
			return withHint(usagef("no action %q is noted", name), "note it with \"kcc inform letter add %q --kind action --date DATE\", or give --date", name)
		}
		e.Date = in.Occasions[i].From
		for _, f := range []struct{ to, from *string }{{&e.Subject, &in.Occasions[i].Subject}, {&e.Channel, &in.Occasions[i].Channel}} {
			if *f.to == "" {
				*f.to = *f.from
			}
		}
	}
	found, err := in.Effect(ctx, e)
	if errors.Is(err, flow.ErrTooShort) {
		return withHint(err, "wait, or name another --date or a wider choice of contacts")
	}
	if err != nil {
		return err
	}
	return app.emitShort(in.EffectTable(app.Lang(), name, e, found))
}

func newCauseCodesCmd(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use: "codes", Short: "The cause codes: what is avoidable, what an action gains", Args: cobra.NoArgs,
		Example: "  kcc inform causes codes\n  kcc inform causes codes set broken_form --gain 0.9 --action 'Mend the form within a day'",
		RunE: func(cmd *cobra.Command, _ []string) error {
			db, err := app.DB(cmd.Context())
			if err != nil {
				return err
			}
			book, err := cause.LoadBook(cmd.Context(), db)
			if err != nil {
				return err
			}
			return app.emit(flow.CodeTable(app.Lang(), book))
		},
	}
	cmd.AddCommand(newCauseCodeSetCmd(app))
	return cmd
}

func newCauseCodeSetCmd(app *App) *cobra.Command {
	var c cause.Code
	cmd := &cobra.Command{
		Use: "set CODE", Short: "Change a cause code, or add one", Args: cobra.ExactArgs(1),
		Long:    "set changes what the flags name of a cause code; one that is new is added.",
		Example: "  kcc inform causes codes set long_wait --title 'Waited too long elsewhere' --avoidable --gain 0.4",
		RunE: func(cmd *cobra.Command, args []string) error {
			db, err := app.DB(cmd.Context())
			if err != nil {
				return err
			}
			book, err := cause.LoadBook(cmd.Context(), db)
			if err != nil {
				return err
			}
			now := book.Code(args[0])
			f := cmd.Flags()
			for name, set := range map[string]func(){
				"title": func() { now.Title = c.Title }, "title-nl": func() { now.TitleNL = c.TitleNL }, "avoidable": func() { now.Avoidable = c.Avoidable },
				"organisation": func() { now.Organisation = c.Organisation }, "gain": func() { now.Gain = c.Gain },
				"action": func() { now.Action = c.Action }, "action-nl": func() { now.ActionNL = c.ActionNL },
			} {
				if f.Changed(name) {
					set()
				}
			}
			if !(now.Gain >= 0 && now.Gain <= 1) {
				return usagef("--gain %g: want a share from 0 to 1", now.Gain)
			}
			if app.flags.dryRun {
				app.Infof("dry run: code %s is not stored", now.Code)
				return nil
			}
			if err := cause.SaveCode(cmd.Context(), db, now); err != nil {
				return err
			}
			app.Infof("stored code %s", now.Code)
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&c.Title, "title", "", "what it means, `text`")
	f.StringVar(&c.TitleNL, "title-nl", "", "the same in Dutch, `text`")
	f.BoolVar(&c.Avoidable, "avoidable", false, "the customer would rather not have needed the contact (--avoidable=false takes it back)")
	f.BoolVar(&c.Organisation, "organisation", false, "the organisation gains by the contact")
	f.Float64Var(&c.Gain, "gain", 0, "`share` of the contacts that the action takes away, 0 to 1")
	f.StringVar(&c.Action, "action", "", "what would prevent them, `text`")
	f.StringVar(&c.ActionNL, "action-nl", "", "the same in Dutch, `text`")
	return cmd
}

func newCauseRulesCmd(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use: "rules", Short: "The rules that derive a cause where none was noted", Args: cobra.NoArgs,
		Example: "  kcc inform causes rules\n  kcc inform causes rules add --name 'after a mailing' --mailing --days 14 --cause unclear_letter --position 40",
		RunE: func(cmd *cobra.Command, _ []string) error {
			db, err := app.DB(cmd.Context())
			if err != nil {
				return err
			}
			rules, err := cause.LoadRules(cmd.Context(), db)
			if err != nil {
				return err
			}
			return app.emit(flow.RuleTable(app.Lang(), rules))
		},
	}
	cmd.AddCommand(newCauseRuleAddCmd(app), newCauseRuleRemoveCmd(app))
	return cmd
}

func newCauseRuleAddCmd(app *App) *cobra.Command {
	var r cause.Rule
	kinds := map[string]*bool{"match": new(bool), "missed": new(bool), "repeat": new(bool), "mailing": new(bool)}
	cmd := &cobra.Command{
		Use: "add", Short: "Add a rule, or put it in place of the one of that name", Args: cobra.NoArgs,
		Example: "  kcc inform causes rules add --name 'forms at the counter' --match --channel counter --subject moving --cause wrong_channel\n" +
			"  kcc inform causes rules add --name 'chase after a missed promise' --missed --days 14 --cause missed_promise --position 10",
		RunE: func(cmd *cobra.Command, _ []string) error {
			for name, kind := range map[string]cause.RuleKind{"match": cause.ByMatch, "missed": cause.ByMissed, "repeat": cause.ByRepeat, "mailing": cause.ByMailing} {
				if *kinds[name] {
					if r.Kind != "" {
						return usagef("want one of --match, --missed, --repeat and --mailing")
					}
					r.Kind = kind
				}
			}
			if err := r.Check(); err != nil {
				return &statusError{exitUsage, err}
			}
			db, err := app.DB(cmd.Context())
			if err != nil {
				return err
			}
			if app.flags.dryRun {
				app.Infof("dry run: rule %s is not stored", r.Name)
				return nil
			}
			if err := cause.SaveRule(cmd.Context(), db, r); err != nil {
				return err
			}
			app.Infof("stored rule %s", r.Name)
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&r.Name, "name", "", "`name` of the rule")
	f.StringVar(&r.Cause, "cause", "", "`code` that it gives")
	f.BoolVar(kinds["match"], "match", false, "contacts on a channel, subject or of a kind")
	f.BoolVar(kinds["missed"], "missed", false, "contacts of a customer on a subject soon after a promise to them on it was missed")
	f.BoolVar(kinds["repeat"], "repeat", false, "contacts that repeat another of the customer on the subject")
	f.BoolVar(kinds["mailing"], "mailing", false, "more contacts than usual on the subject of a mailing, soon after it")
	f.IntVar(&r.Days, "days", 0, "how long after, `N` days")
	f.IntVar(&r.Position, "position", 50, "rules are tried in this order, `N`")
	f.StringVar(&r.Channel, "channel", "", "only contacts on this `channel`")
	f.StringVar(&r.Subject, "subject", "", "only contacts on this `subject`")
	f.StringVar(&r.Contact, "kind", "", "only contacts of this `kind`")
	return cmd
}

func newCauseRuleRemoveCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use: "remove NAME", Short: "Take a rule away; one that comes with kcc is switched off", Args: cobra.ExactArgs(1),
		Example: "  kcc inform causes rules remove 'came back'",
		RunE: func(cmd *cobra.Command, args []string) error {
			db, err := app.DB(cmd.Context())
			if err != nil {
				return err
			}
			if app.flags.dryRun {
				app.Infof("dry run: rule %s is not removed", args[0])
				return nil
			}
			err = cause.RemoveRule(cmd.Context(), db, args[0])
			if errors.Is(err, cause.ErrNotFound) {
				return withHint(err, "kcc inform causes rules lists them")
			}
			if err == nil {
				app.Infof("removed rule %s", args[0])
			}
			return err
		},
	}
}
