package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kcc/contacts/outbound"
	"kcc/contacts/privacy"
	"kcc/internal/calendar"
	"kcc/internal/flow"
	"kcc/internal/tabular"
)

func newOutboundCmd(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "outbound",
		Short: "Calls that the centre makes itself: callbacks, status updates, appointments, arrears, surveys",
		Long: "outbound keeps calling lists with their hours, attempts and spacing, hands out one record at a time to\n" +
			"whoever asks, notes what each call came to, and turns the lists into work for staffing and rosters.\n" +
			"Nobody is called outside the hours of a campaign, too soon, too often, or against their wish.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newOutboundCampaignCmd(app), newOutboundImportCmd(app), newOutboundListCmd(app), newOutboundNextCmd(app), newOutboundLogCmd(app),
		newOutboundEndCmd(app, "release", "Give back a record that was taken and not called", (*outbound.Desk).Release, "was given back"),
		newOutboundEndCmd(app, "stop", "Take a record off the list", (*outbound.Desk).Stop, "is stopped"),
		newOutboundBarCmd(app), newOutboundConsentCmd(app), newOutboundReportCmd(app), newOutboundPlanCmd(app))
	return cmd
}

// calls opens the outbound work of the store.
func (a *App) calls(ctx context.Context) (*outbound.Desk, error) {
	d, err := a.desk(ctx)
	if err != nil {
		return nil, err
	}
	c, err := a.CentreIfAny(ctx)
	if err != nil {
		return nil, err
	}
	out := &outbound.Desk{Register: d}
	if c != nil {
		out.Office = c.OfficeHours("")
	}
	return out, nil
}

// outboundErr makes the errors of outbound work wrong use where they are.
func outboundErr(err error) error {
	switch {
	case errors.Is(err, outbound.ErrInvalid):
		return &statusError{exitUsage, err}
	case errors.Is(err, outbound.ErrNotFound):
		return withHint(err, "kcc outbound campaign list and kcc outbound list show what there is")
	case errors.Is(err, outbound.ErrExists):
		return withHint(err, "change it with kcc outbound campaign set")
	}
	return err
}

func newOutboundImportCmd(app *App) *cobra.Command {
	var name string
	cmd := &cobra.Command{
		Use:   "import FILE",
		Short: "Put people on the list of a campaign",
		Long: "import reads a calling list: id,phone[,party,priority,due,not_before,window_from,window_to,subject,\n" +
			"reference,task]. The phone number is stored sealed; party is another identifier of the customer, stored as\n" +
			"a keyed reference. An id that is on the list already is left as it is; people on the do-not-call list, or\n" +
			"without consent where the campaign needs it, are counted and left out.",
		Example: "  kcc outbound import arrears.csv --campaign arrears-november\n  kcc outbound import list.xlsx --campaign survey --dry-run",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if name == "" {
				return usagef("--campaign is missing")
			}
			return runOutboundImport(cmd.Context(), app, args[0], name)
		},
	}
	cmd.Flags().StringVar(&name, "campaign", "", "the campaign `NAME`")
	return cmd
}

func runOutboundImport(ctx context.Context, app *App, path, name string) error {
	r, err := tabular.OpenFile(path, app.In, tabular.Options{})
	if err != nil {
		return err
	}
	defer r.Close()
	c, err := tabular.NewColumns(r, "id", "phone|number")
	if err != nil {
		return err
	}
	var list []outbound.Record
	refused := 0
	for c.Next() {
		rec, bad := outboundRow(c, app.zone)
		if err := errors.Join(c.RowErr(), bad); err != nil {
			refused++
			app.Warnf("%s: %v", path, err)
			continue
		}
		list = append(list, rec)
	}
	if err := c.Err(); err != nil {
		return err
	}
	d, err := app.calls(ctx)
	if err != nil {
		return err
	}
	res, err := d.Load(ctx, name, list)
	if err != nil {
		return outboundErr(err)
	}
	err = changed(app, nil, "%d records: %d new, %d known already, %d not to be called, %d without consent, %d rejected",
		len(list)+refused, res.Added, res.Known, res.Barred, res.NoConsent, refused+res.NoNumber)
	switch {
	case err != nil:
		return err
	case refused > 0 && len(list) == 0:
		return fmt.Errorf("%s: every row was rejected", path)
	case refused > 0:
		return partialf("%s: %d rows were rejected", path, refused)
	}
	return nil
}

// outboundRow reads one row of a calling list. Its errors never hold the number.
func outboundRow(c *tabular.Columns, zone *time.Location) (outbound.Record, error) {
	phone := c.Text("phone")
	if phone == "" {
		phone = c.Text("number")
	}
	r := outbound.Record{Key: c.Text("id"), Number: phone, Party: c.Text("party"), Subject: c.Text("subject"), Reference: c.Text("reference"), Task: c.Text("task")}
	if c.Has("priority") && c.Text("priority") != "" {
		r.Priority = int(c.Float("priority"))
	}
	for _, t := range []struct {
		name string
		to   *time.Time
	}{{"due", &r.Due}, {"not_before", &r.NotBefore}, {"window_from", &r.WindowFrom}, {"window_to", &r.WindowTo}} {
		if !c.Has(t.name) || c.Text(t.name) == "" {
			continue
		}
		if day, err := calendar.ParseDate(c.Text(t.name)); err == nil && t.name == "due" { // the whole of that day
			*t.to = day.Add(1).Start(zone).Add(-time.Second)
			continue
		}
		*t.to = c.Time(t.name, zone)
	}
	if err := c.RowErr(); err != nil {
		return r, nil // told by the caller
	}
	if r.Key == "" {
		return r, fmt.Errorf("line %d: id is empty: want what tells this record from the others", c.Line())
	}
	kind, _, err := privacy.Identify(phone)
	if err != nil || kind != privacy.Phone {
		return r, fmt.Errorf("line %d: phone is not a telephone number: want one with a leading 0 or +", c.Line())
	}
	if r.WindowFrom.IsZero() != r.WindowTo.IsZero() || r.WindowTo.Before(r.WindowFrom) {
		return r, fmt.Errorf("line %d: a promised window has a start and a later end", c.Line())
	}
	return r, nil
}

func newOutboundListCmd(app *App) *cobra.Command {
	var f outbound.Filter
	var record int64
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the records of campaigns, or the calls on one record",
		Long: "list shows records in the order of the list: campaigns and records by priority, then by term. Numbers are\n" +
			"never shown. --record lists the calls that were made to one.",
		Example: "  kcc outbound list --campaign arrears-november --status open\n  kcc outbound list --promised\n  kcc outbound list --record 42",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch f.Status {
			case "", "open", "taken", "done":
			default:
				return usagef("--status %q: want open, taken or done", f.Status)
			}
			if f.Limit < 0 {
				return usagef("--limit %d: want 0 or more", f.Limit)
			}
			d, err := app.calls(cmd.Context())
			if err != nil {
				return err
			}
			if record != 0 {
				list, err := d.Calls(cmd.Context(), record)
				if err != nil {
					return err
				}
				return app.emitSlim(outbound.CallTable(app.Lang(), list))
			}
			if f.Campaign != "" {
				if _, err := d.Campaign(cmd.Context(), f.Campaign); err != nil {
					return outboundErr(err)
				}
			}
			list, err := d.List(cmd.Context(), f)
			if err != nil {
				return err
			}
			return app.emitSlim(outbound.RecordTable(app.Lang(), list))
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&f.Campaign, "campaign", "", "only of campaign `NAME`")
	fl.StringVar(&f.Status, "status", "", "only `open|taken|done`")
	fl.StringVar(&f.Result, "result", "", "only with `RESULT`: reached, wrong_number, refused, do_not_call, exhausted, stopped")
	fl.StringVar(&f.TakenBy, "by", "", "only taken by `NAME`")
	fl.BoolVar(&f.Promised, "promised", false, "only with a window that was promised")
	fl.IntVar(&f.Limit, "limit", 0, "at most `N` records")
	fl.Int64Var(&record, "record", 0, "the calls on `RECORD`")
	return cmd
}

func newOutboundNextCmd(app *App) *cobra.Command {
	var o outbound.NextOptions
	cmd := &cobra.Command{
		Use:   "next",
		Short: "Take the record to call now, with its number",
		Long: "next hands out one record, with the number, and keeps it from everybody else for a quarter of an hour.\n" +
			"Promised windows go first, then campaigns and records by priority, then what is due within a day, then\n" +
			"whom it is a good time to call, as learned from earlier calls. Note what the call came to with\n" +
			"kcc outbound log. Exit status 4: there is nobody to call now; it says when there will be.",
		Example: "  kcc outbound next\n  kcc outbound next --campaign arrears-november --format json\n  kcc outbound next --skill phone --by desk-3",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d, err := app.calls(cmd.Context())
			if err != nil {
				return err
			}
			r, err := d.Next(cmd.Context(), o)
			if errors.Is(err, outbound.ErrNothing) {
				at, ok, werr := d.Wait(cmd.Context(), o)
				switch {
				case werr != nil:
					return werr
				case ok:
					return notMetf("%v; the next may be called from %s", err, at.Format("2006-01-02 15:04"))
				}
				return notMetf("%v, and nobody is left on an open list", err)
			}
			if err != nil {
				return outboundErr(err)
			}
			return app.emitSlim(outbound.RecordTable(app.Lang(), []outbound.Record{r}))
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Campaign, "campaign", "", "only of campaign `NAME`")
	f.StringSliceVar(&o.Skills, "skill", nil, "only of campaigns that ask for `SKILL`")
	f.StringVar(&o.By, "by", "", "who calls, `NAME` (default the user)")
	return cmd
}

func newOutboundLogCmd(app *App) *cobra.Command {
	var outcome, at, from, until, note, by string
	var talk, dial durationValue
	cmd := &cobra.Command{
		Use:   "log RECORD",
		Short: "Note what a call came to",
		Long: "log notes one attempt. Outcomes: reached, callback (with --call-from), no_answer, busy, voicemail,\n" +
			"wrong_party, wrong_number, refused, do_not_call. A call with the right person becomes an outbound contact\n" +
			"in the register; of callback work it stops the promise. do_not_call ends every open record of the customer.",
		Example: "  kcc outbound log 42 --outcome reached --talk 4m --dial 20s\n" +
			"  kcc outbound log 42 --outcome callback --call-from '2026-11-24 15:00'\n" +
			"  kcc outbound log 42 --outcome no_answer",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := idArg(args[0])
			if err != nil {
				return err
			}
			a := outbound.Attempt{Record: id, Outcome: outbound.Outcome(outcome), Talk: -1, Dial: -1, Note: note, By: by}
			if cmd.Flags().Changed("talk") {
				a.Talk = time.Duration(talk)
			}
			if cmd.Flags().Changed("dial") {
				a.Dial = time.Duration(dial)
			}
			for _, t := range []struct {
				flag, text string
				to         *time.Time
			}{{"at", at, &a.At}, {"call-from", from, &a.CallFrom}, {"call-until", until, &a.CallUntil}} {
				if t.text == "" {
					continue
				}
				if *t.to, err = calendar.ParseTime(t.text, app.zone); err != nil {
					return usagef("--%s: %w", t.flag, err)
				}
			}
			return runOutboundLog(cmd.Context(), app, a)
		},
	}
	f := cmd.Flags()
	f.StringVar(&outcome, "outcome", "", "what the call came to, `OUTCOME`")
	f.Var(&talk, "talk", "`TIME` of talk and wrap-up")
	f.Var(&dial, "dial", "`TIME` of dialling and ringing")
	f.StringVar(&at, "at", "", "called at `TIME` (default now)")
	f.StringVar(&from, "call-from", "", "the customer wants to be called from `TIME`")
	f.StringVar(&until, "call-until", "", "and until `TIME` (default an hour later)")
	f.StringVar(&note, "note", "", "`TEXT` without personal data")
	f.StringVar(&by, "by", "", "who called, `NAME` (default the user)")
	return cmd
}

func runOutboundLog(ctx context.Context, app *App, a outbound.Attempt) error {
	d, err := app.calls(ctx)
	if err != nil {
		return err
	}
	res, err := d.Log(ctx, a)
	if err != nil {
		return outboundErr(err)
	}
	r := res.Record
	parts := []string{fmt.Sprintf("record %d: %s", r.ID, a.Outcome)}
	switch {
	case r.Status == "done":
		parts = append(parts, "done, "+r.Result)
	case !r.WindowTo.IsZero():
		parts = append(parts, fmt.Sprintf("to be called %s-%s", r.WindowFrom.Format("2006-01-02 15:04"), r.WindowTo.Format("15:04")))
	default:
		parts = append(parts, "not before "+r.NextAt.Format("2006-01-02 15:04"))
	}
	if res.Contact != 0 {
		parts = append(parts, fmt.Sprintf("contact %d", res.Contact))
	}
	if res.Barred > 1 {
		parts = append(parts, fmt.Sprintf("%d records of the customer ended", res.Barred))
	}
	return changed(app, nil, "%s", strings.Join(parts, ", "))
}

// newOutboundEndCmd builds release and stop.
func newOutboundEndCmd(app *App, use, short string, do func(*outbound.Desk, context.Context, int64) error, done string) *cobra.Command {
	return &cobra.Command{
		Use: use + " RECORD", Short: short, Example: "  kcc outbound " + use + " 42", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := idArg(args[0])
			if err != nil {
				return err
			}
			d, err := app.calls(cmd.Context())
			if err != nil {
				return err
			}
			return changed(app, outboundErr(do(d, cmd.Context(), id)), "record %d %s", id, done)
		},
	}
}

func newOutboundReportCmd(app *App) *cobra.Command {
	var name, from, to string
	cmd := &cobra.Command{
		Use:   "report",
		Short: "How far campaigns are, whom they reach when, and what is to come",
		Long: "report shows per campaign the records and calls, reach and right-party rates with intervals, reach by hour\n" +
			"and by attempt, results, and what may be expected of the rest of the list: calls, hours and final reach.",
		Example: "  kcc outbound report\n  kcc outbound report --campaign arrears-november --from 2026-11-01 -o arrears.xlsx",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			span, err := flagDays(from, to)
			if err != nil {
				return err
			}
			d, err := app.calls(cmd.Context())
			if err != nil {
				return err
			}
			list, err := d.Stands(cmd.Context(), name, span[0], span[1])
			if err != nil {
				return outboundErr(err)
			}
			tables := outbound.ReportTables(app.Lang(), list)
			if app.singleTable() {
				tables = tables[:1]
			}
			return app.emit(tables...)
		},
	}
	f := cmd.Flags()
	f.StringVar(&name, "campaign", "", "only campaign `NAME`")
	f.StringVar(&from, "from", "", "calls from `DATE` on")
	f.StringVar(&to, "to", "", "calls up to and including `DATE`")
	return cmd
}

// flagDays reads two days; an empty one is 0, open.
func flagDays(from, to string) (span [2]calendar.Date, err error) {
	for i, s := range [2]string{from, to} {
		if s == "" {
			continue
		}
		if span[i], err = calendar.ParseDate(s); err != nil {
			return span, usagef("--%s: %w", [2]string{"from", "to"}[i], err)
		}
	}
	if span[1] != 0 && span[1] < span[0] {
		return span, usagef("--to %s lies before --from %s", to, from)
	}
	return span, nil
}

func newOutboundPlanCmd(app *App) *cobra.Command {
	var o flow.OutboundOptions
	var from string
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Turn calling lists into work per interval, for staff and the roster",
		Long: "plan spreads the calls that the open lists still ask for over the hours in which they may be made, so that\n" +
			"as many people as possible are reached, and gives calls and work per interval in the columns that kcc staff\n" +
			"reads. Without --agents it takes as few at once as bring the lists to their end. kcc plan counts this work\n" +
			"in by itself, in idle time first.",
		Example: "  kcc outbound plan\n  kcc outbound plan --campaign arrears-november --agents 4 --days 10 -o calls.csv\n" +
			"  kcc outbound plan --format csv | kcc staff --in - --model deadline --promise 1wd -o requirement.csv",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.Days < 1 || o.Days > 366 {
				return usagef("--days %d: want 1 to 366", o.Days)
			}
			if o.Agents < 0 {
				return usagef("--agents %d: want 1 or more", o.Agents)
			}
			span, err := flagDays(from, "")
			if err != nil {
				return err
			}
			o.From = span[0]
			d, err := app.calls(cmd.Context())
			if err != nil {
				return err
			}
			p, err := flow.PlanOutbound(cmd.Context(), d, o, app.Now(), app.zone)
			if err != nil {
				return outboundErr(err)
			}
			tables := flow.OutboundTables(app.Lang(), p, app.zone)
			if app.singleTable() {
				tables = tables[1:]
			}
			if err := app.emit(tables...); err != nil {
				return err
			}
			for _, c := range p.Campaigns {
				if c.Open > 0.5 {
					app.Infof("campaign %s: %.0f people may still be called after the span", c.Name, c.Open)
				}
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Campaign, "campaign", "", "only campaign `NAME`")
	f.StringVar(&from, "from", "", "from `DATE` on (default today)")
	f.IntVar(&o.Days, "days", 14, "for `N` days")
	f.IntVar(&o.Agents, "agents", 0, "at most `N` agents at once (default as few as needed)")
	return cmd
}
