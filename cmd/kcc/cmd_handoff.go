package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"kcc/contacts/kpi"
	"kcc/contacts/promise"
	"kcc/contacts/register"
	"kcc/internal/calendar"
	"kcc/internal/output"
	"kcc/internal/tabular"
)

func newHandoffCmd(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "handoff",
		Short: "Work handed to departments, with its promises",
		Long: "handoff passes work on a contact to a department, keeps the log of who had it when, and stops and\n" +
			"starts its clocks. The customer's clock runs from receipt and never starts again; that of the\n" +
			"department starts anew when another department gets the work.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newHandoffAddCmd(app), newHandoffListCmd(app), newHandoffShowCmd(app), newHandoffAssignCmd(app))
	for _, e := range []eventCommand{
		{promise.Paused, "pause", "Stop the clocks, with a reason", "kcc handoff pause 17 --reason 'waiting for the customer'", "is paused", true, false},
		{promise.Resumed, "resume", "Let the clocks go on", "kcc handoff resume 17", "goes on", false, false},
		{promise.Extended, "extend", "Move the due time on, once, with a reason", "kcc handoff extend 17 --by 6w --reason 'advice is needed'", "is extended", true, true},
		{promise.Responded, "respond", "Note that the customer was answered or called back", "kcc handoff respond 17", "is answered", false, false},
		{promise.Attempted, "attempt", "Note that the customer was called and not reached", "kcc handoff attempt 17 --reason 'no answer'", "has one attempt more", false, false},
		{promise.Message, "message", "Note a message of the customer; no clock moves", "kcc handoff message 17 --reason 'says thanks'", "has a message", false, false},
		{promise.Closed, "close", "Close the work", "kcc handoff close 17 --reason 'container emptied'", "is closed", false, false},
		{promise.Reopened, "reopen", "Open closed work again; the clock goes on where it stopped", "kcc handoff reopen 17 --reason 'not emptied after all'", "is open again", false, false},
	} {
		cmd.AddCommand(e.command(app))
	}
	return cmd
}

type handoffAddOptions struct {
	register.Work
	In, AtText string
}

func newHandoffAddCmd(app *App) *cobra.Command {
	var o handoffAddOptions
	cmd := &cobra.Command{
		Use:   "add CONTACT",
		Short: "Hand work on a contact to a department, or make a callback request",
		Long: "add passes on the work that the centre still has on the contact, or makes new work. The promise that\n" +
			"fits best is made on it. With --in FILE many at once: contact,department[,assignee,task,callback,\n" +
			"window_from,window_to,at], each row in a transaction of its own.",
		Example: "  kcc handoff add 1042 --to permits --task 'which form?'\n" +
			"  kcc handoff add 1042 --to permits --callback 06-12345678 --window-from '2026-11-23 13:00' --window-to 4bh\n" +
			"  kcc handoff add --in handoffs.csv",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runHandoffAdd(cmd.Context(), app, o, args) },
	}
	f := cmd.Flags()
	f.StringVar(&o.In, "in", "", "many from `FILE`; - is stdin")
	f.StringVar(&o.Department, "to", "", "the `DEPARTMENT`; without it the centre itself")
	f.StringVar(&o.Assignee, "assignee", "", "`GROUP` or person")
	f.StringVar(&o.Task, "task", "", "what is asked, `TEXT`")
	f.StringVar(&o.Callback, "callback", "", "call the customer back at `NUMBER` (stored sealed)")
	f.BoolVar(&o.Call, "call", false, "call the customer back; the number is known elsewhere")
	f.StringVar(&o.WindowFrom, "window-from", "", "call from `TIME`")
	f.StringVar(&o.WindowTo, "window-to", "", "call until `TIME`, or a term such as 4bh")
	f.StringVar(&o.AtText, "at", "", "handed off at `TIME` (default now)")
	return cmd
}

func runHandoffAdd(ctx context.Context, app *App, o handoffAddOptions, args []string) error {
	if (o.In == "") == (len(args) == 0) {
		return usagef("want either the id of a contact or --in FILE")
	}
	d, err := app.desk(ctx)
	if err != nil {
		return err
	}
	if o.In != "" {
		return eachRow(app, o.In, []string{"contact"}, func(c *tabular.Columns) error {
			id, _ := c.Int("contact")
			w := register.Work{
				Contact: int64(id), Department: c.Text("department"), Assignee: c.Text("assignee"), Task: c.Text("task"), Callback: c.Text("callback"),
				WindowFrom: c.Text("window_from"), WindowTo: c.Text("window_to"), At: c.Time("at", app.zone),
			}
			if err := c.RowErr(); err != nil {
				return err
			}
			_, err := d.HandOffAdd(ctx, w)
			return err
		})
	}
	if o.Contact, err = idArg(args[0]); err != nil {
		return err
	}
	if o.AtText != "" {
		if o.At, err = calendar.ParseTime(o.AtText, app.zone); err != nil {
			return usagef("--at: %w", err)
		}
	}
	h, err := d.HandOffAdd(ctx, o.Work)
	if err != nil {
		return said(err)
	}
	if app.flags.dryRun {
		return changed(app, nil, "contact %d is handed off", o.Contact)
	}
	if app.flags.format != "" || app.flags.out != "" {
		return app.emit(register.WorkTable(app.Lang(), []*register.HandOff{h}, app.Now()))
	}
	fmt.Fprintf(app.Out, "hand-off %d\n", h.ID)
	for _, c := range h.Promises {
		fmt.Fprintf(app.Out, "%s within %s: due %s (%s)\n", c.Metric, c.Rule.Promise.Within, c.State.Due.Format("Mon 2006-01-02 15:04"), c.Rule.Name)
	}
	if len(h.Promises) == 0 {
		app.Infof("no promise rule fits: kcc promise add makes one")
	}
	return nil
}

// eachRow runs f on every row of a file. Rows that are refused are listed; the
// others are done.
func eachRow(app *App, path string, required []string, f func(c *tabular.Columns) error) error {
	r, err := tabular.OpenFile(path, app.In, tabular.Options{})
	if err != nil {
		return err
	}
	defer r.Close()
	cols, err := tabular.NewColumns(r, required...)
	if err != nil {
		return err
	}
	done, refused := 0, 0
	var first error
	for cols.Next() {
		if err := register.HideValue(f(cols)); err != nil {
			if refused++; first == nil {
				first = err
			}
			app.Warnf("%s: line %d: %v", r.Name(), cols.Line(), err)
			continue
		}
		done++
	}
	if err := cols.Err(); err != nil {
		return err
	}
	if err := changed(app, nil, "%d rows done, %d refused", done, refused); err != nil {
		return err
	}
	switch {
	case refused > 0 && done == 0:
		return fmt.Errorf("%s: no row could be done: %w", r.Name(), first)
	case refused > 0:
		return partialf("%s: %d rows were refused", r.Name(), refused)
	}
	return nil
}

func newHandoffListCmd(app *App) *cobra.Command {
	var f register.WorkFilter
	var department string
	var byDepartment bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "Work lists: what is open, the nearest due time first",
		Long: "list shows open work with where its promises stand. With --by-department there is a table (in a\n" +
			"workbook a sheet) per department. --department kcc is what the centre has itself.",
		Example: "  kcc handoff list --department permits\n  kcc handoff list --by-department -o worklists.xlsx\n  kcc handoff list --status all --contact 1042",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d, err := app.desk(cmd.Context())
			if err != nil {
				return err
			}
			if department == ownDesk {
				department = ""
				f.Department = &department
			} else if department != "" {
				f.Department = &department
			}
			switch f.Status {
			case "", "all", "open", "paused", "met", "closed":
			default:
				return usagef("--status %q: want open, paused, met, closed or all", f.Status)
			}
			if f.Limit == 0 {
				f.Limit = -1
			}
			hs, err := d.HandOffs(cmd.Context(), f)
			if err != nil {
				return err
			}
			if len(hs) == 0 {
				if err := app.warnUnseen(cmd.Context(), map[kpi.Key]string{kpi.ByDepartment: department, kpi.BySubject: f.Subject}); err != nil {
					return err
				}
			}
			if byDepartment && len(hs) > 0 {
				return app.emitSlim(register.WorkTables(app.Lang(), hs, &d.Centre, app.Now())...)
			}
			return app.emitSlim(register.WorkTable(app.Lang(), hs, app.Now()))
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&department, "department", "", "only of `DEPARTMENT`; kcc is the centre itself")
	fl.StringVar(&f.Assignee, "assignee", "", "only of `GROUP` or person")
	fl.StringVar(&f.Status, "status", "", "`open|paused|met|closed|all` (default all but closed)")
	fl.StringVar(&f.Kind, "kind", "", "only `question|callback`")
	fl.StringVar(&f.Subject, "subject", "", "only this `SUBJECT` and those below it")
	fl.Int64Var(&f.Contact, "contact", 0, "only of contact `ID`")
	fl.IntVar(&f.Limit, "limit", 1000, "at most `N`; 0 is all")
	fl.BoolVar(&byDepartment, "by-department", false, "a table per department")
	return cmd
}

// ownDesk stands for the centre itself where a department is named.
const ownDesk = "kcc"

func newHandoffShowCmd(app *App) *cobra.Command {
	var details bool
	cmd := &cobra.Command{
		Use:     "show ID",
		Short:   "Show a piece of work: promises, log, and with --details what is sealed",
		Example: "  kcc handoff show 17\n  kcc handoff show 17 --details",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := idArg(args[0])
			if err != nil {
				return err
			}
			return runHandoffShow(cmd.Context(), app, id, details)
		},
	}
	cmd.Flags().BoolVar(&details, "details", false, "open the sealed details, which the audit log records")
	return cmd
}

func runHandoffShow(ctx context.Context, app *App, id int64, details bool) error {
	d, err := app.desk(ctx)
	if err != nil {
		return err
	}
	h, err := d.HandOff(ctx, id)
	if err != nil {
		return err
	}
	l := app.Lang()
	t := register.WorkTable(l, []*register.HandOff{h}, app.Now())
	if details {
		found, err := d.Details(ctx, id)
		if err != nil {
			return err
		}
		if err := d.Audit(ctx, "handoff show", fmt.Sprintf("sealed details of hand-off %d", id)); err != nil {
			return err
		}
		t.Columns = append(t.Columns, register.Column(l, "detail", output.Text))
		t.Rows[0] = append(t.Rows[0], strings.Join(found, "; "))
	}
	if f, err := app.format(); err == nil && f == output.CSV {
		return app.emit(t)
	}
	return app.emitSlim(t, register.CommitmentTable(l, h.Promises, app.Now()), register.LogTable(l, h.Log, app.zone))
}

func newHandoffAssignCmd(app *App) *cobra.Command {
	var to, assignee, reason, at, in string
	cmd := &cobra.Command{
		Use:   "assign ID",
		Short: "Give work to another department, group or person",
		Example: "  kcc handoff assign 17 --assignee 'team north'\n  kcc handoff assign 17 --to taxes --reason 'is about the assessment'\n" +
			"  kcc handoff assign --in moves.csv",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			e := promise.Event{Kind: promise.Assigned, Department: to, Assignee: assignee, Reason: reason}
			if in == "" && to == "" && assignee == "" {
				return usagef("to whom? name --to or --assignee")
			}
			return runEvent(cmd.Context(), app, args, in, at, e, "is assigned")
		},
	}
	f := cmd.Flags()
	f.StringVar(&to, "to", "", "the `DEPARTMENT`")
	f.StringVar(&assignee, "assignee", "", "`GROUP` or person")
	f.StringVar(&reason, "reason", "", "`TEXT` for the log")
	f.StringVar(&at, "at", "", "at `TIME` (default now)")
	f.StringVar(&in, "in", "", "many from `FILE`: handoff[,department,assignee,reason,at]")
	return cmd
}

// eventCommand describes a command that adds one event to the log of work.
type eventCommand struct {
	kind           promise.EventKind
	name, short    string
	example, done  string
	reason, amount bool // required
}

func (e eventCommand) command(app *App) *cobra.Command {
	var reason, by, at, in string
	cmd := &cobra.Command{
		Use:     e.name + " ID",
		Short:   e.short,
		Example: "  " + e.example + "\n  kcc handoff " + e.name + " --in list.csv",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ev := promise.Event{Kind: e.kind, Reason: reason}
			if in == "" && e.reason && reason == "" {
				return usagef("--reason is missing")
			}
			if by != "" {
				var err error
				if ev.Amount, err = calendar.ParseTerm(by); err != nil {
					return usagef("--by: %w", err)
				}
			} else if e.amount && in == "" {
				return usagef("--by is missing: how far, for example 6w or 5wd")
			}
			return runEvent(cmd.Context(), app, args, in, at, ev, e.done)
		},
	}
	f := cmd.Flags()
	f.StringVar(&reason, "reason", "", "`TEXT` for the log")
	if e.amount {
		f.StringVar(&by, "by", "", "`TERM` to add: 6w, 5wd or 8bh")
	}
	f.StringVar(&at, "at", "", "at `TIME` (default now)")
	f.StringVar(&in, "in", "", "many from `FILE`: handoff[,reason,at]")
	return cmd
}

// runEvent adds an event to one piece of work, or to those of a file.
func runEvent(ctx context.Context, app *App, args []string, in, at string, e promise.Event, done string) error {
	if (in == "") == (len(args) == 0) {
		return usagef("want either the id of a hand-off or --in FILE")
	}
	if at != "" {
		var err error
		if e.At, err = calendar.ParseTime(at, app.zone); err != nil {
			return usagef("--at: %w", err)
		}
	}
	d, err := app.desk(ctx)
	if err != nil {
		return err
	}
	if in == "" {
		id, err := idArg(args[0])
		if err != nil {
			return err
		}
		return changed(app, said(d.Event(ctx, id, e)), "hand-off %d %s", id, done)
	}
	return eachRow(app, in, []string{"handoff"}, func(c *tabular.Columns) error {
		row := e
		id, _ := c.Int("handoff")
		if t := c.Time("at", app.zone); !t.IsZero() {
			row.At = t
		}
		for _, f := range []struct {
			col string
			v   *string
		}{{"reason", &row.Reason}, {"department", &row.Department}, {"assignee", &row.Assignee}} {
			if s := c.Text(f.col); s != "" {
				*f.v = s
			}
		}
		if s := c.Text("by"); s != "" {
			term, err := calendar.ParseTerm(s)
			if err != nil {
				return c.Fail("by", "a term such as 6w or 5wd")
			}
			row.Amount = term
		}
		if err := c.RowErr(); err != nil {
			return err
		}
		return d.Event(ctx, int64(id), row)
	})
}
