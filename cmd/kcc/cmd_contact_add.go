package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kcc/contacts/register"
	"kcc/internal/calendar"
	"kcc/internal/output"
)

type contactAddOptions struct {
	register.Entry
	Columns               bool
	In                    string
	Wait, Talk, Hold, ACW durationFlag
	CSAT, Effort, NPS     floatFlag
}

// durationFlag is an optional elapsed time in seconds.
type durationFlag struct{ v *float64 }

func (f *durationFlag) String() string { return "" }
func (f *durationFlag) Type() string   { return "duration" }
func (f *durationFlag) Set(s string) error {
	d, err := calendar.ParseDuration(s)
	sec := d.Seconds()
	f.v = &sec
	return err
}

// floatFlag is an optional number.
type floatFlag struct{ v *float64 }

func (f *floatFlag) String() string { return "" }
func (f *floatFlag) Type() string   { return "number" }
func (f *floatFlag) Set(s string) error {
	v, err := strconv.ParseFloat(s, 64)
	f.v = &v
	return err
}

func newContactAddCmd(app *App) *cobra.Command {
	var o contactAddOptions
	cmd := &cobra.Command{
		Use:   "add",
		Short: "Register a contact, or many from a file",
		Long: "add registers one contact by flags, asks for the fields on a terminal, or takes many with --in: JSON\n" +
			"lines, or CSV and Excel with the columns of --columns. Each contact is one transaction; what is\n" +
			"confirmed on stdout is kept, also when the next one fails. With --to the work is handed off at once.\n\n" +
			"The customer is stored as a keyed reference, a number to call back sealed; a BSN in the note is masked.",
		Example: "  kcc contact add --channel phone --subject passport --party 06-12345678 --note 'asks about the fee' --talk 3m20s\n" +
			"  kcc contact add --channel email --kind complaint --subject waste --to waste --task 'container not emptied'\n" +
			"  kcc contact add --channel phone --subject permits --to permits --callback 06-12345678 --window-to 4bh\n" +
			"  tail -f desk.jsonl | kcc contact add --in - --format json",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runContactAdd(cmd.Context(), app, o) },
	}
	f := cmd.Flags()
	f.BoolVar(&o.Columns, "columns", false, "print the columns that --in knows, as the header of a CSV file")
	f.StringVar(&o.In, "in", "", "contacts from `FILE`, as JSON lines, CSV or Excel; - is stdin")
	f.StringVar(&o.ID, "id", "", "`ID` elsewhere; the same id is registered once")
	f.StringVar(&o.Start, "start", "", "received at `TIME` (default now)")
	f.StringVar(&o.Direction, "direction", "", "`inbound|outbound` (default inbound)")
	f.StringVar(&o.Channel, "channel", "", "`CHANNEL` it came by")
	f.StringVar(&o.Kind, "kind", "", "`KIND`: question, request, complaint, report, objection, status_chase")
	f.StringVar(&o.Subject, "subject", "", "`SUBJECT` of the centre's tree")
	f.StringVar(&o.Segment, "segment", "", "target group `SEGMENT`")
	f.StringVar(&o.Cause, "cause", "", "what `CAUSE` made the customer contact us")
	f.StringVar(&o.Outcome, "outcome", "", "`OUTCOME`: answered, handed_off, callback_requested, transferred, abandoned")
	f.StringVar(&o.Party, "party", "", "the customer: phone, e-mail address or `NUMBER` (stored as a keyed reference)")
	f.StringVar(&o.Agent, "agent", "", "`AGENT` who spoke")
	f.StringVar(&o.Reference, "reference", "", "`NUMBER` of the case")
	f.StringVar(&o.Note, "note", "", "free `TEXT`")
	f.StringSliceVar(&o.Articles, "article", nil, "`ARTICLE` of the knowledge base that was used")
	f.Int64Var(&o.Question, "question", 0, "the question `N` that it belongs to")
	f.Var(&o.Wait, "wait", "waited for `TIME`")
	f.Var(&o.Talk, "talk", "spoke for `TIME`")
	f.Var(&o.Hold, "hold", "on hold for `TIME`")
	f.Var(&o.ACW, "acw", "after-contact work of `TIME`")
	f.Var(&o.CSAT, "csat", "satisfaction, a `NUMBER`")
	f.Var(&o.Effort, "effort", "effort of the customer, a `NUMBER`")
	f.Var(&o.NPS, "nps", "how likely the customer is to recommend the centre, a `SCORE` of 0-10")
	f.BoolVar(&o.Open, "open", false, "the centre itself still has work on it")
	f.StringVar(&o.Department, "to", "", "hand it off to `DEPARTMENT`")
	f.StringVar(&o.Assignee, "assignee", "", "`GROUP` or person in the department")
	f.StringVar(&o.Task, "task", "", "what is asked of the department, `TEXT`")
	f.StringVar(&o.Callback, "callback", "", "call back at `NUMBER` (stored sealed)")
	f.StringVar(&o.WindowFrom, "window-from", "", "call back from `TIME`")
	f.StringVar(&o.WindowTo, "window-to", "", "call back until `TIME`, or a term such as 4bh")
	return cmd
}

func runContactAdd(ctx context.Context, app *App, o contactAddOptions) error {
	if o.Columns {
		_, err := fmt.Fprintln(app.Out, strings.Join(register.EntryColumns(), ","))
		return err
	}
	d, err := app.desk(ctx)
	if err != nil {
		return err
	}
	if o.In != "" {
		return contactAddAll(ctx, app, d, o.In)
	}
	e := o.Entry
	e.Wait, e.Talk, e.Hold, e.ACW, e.CSAT, e.Effort, e.NPS = o.Wait.v, o.Talk.v, o.Hold.v, o.ACW.v, o.CSAT.v, o.Effort.v, o.NPS.v
	if e.Channel == "" {
		if !app.InTTY {
			return withHint(usagef("the channel is missing"), "add --channel, or --in - for contacts on stdin")
		}
		if err := askEntry(app, d, &e); err != nil {
			return err
		}
	}
	a, err := d.Add(ctx, &e)
	if err != nil {
		return said(err)
	}
	if a.Masked > 0 {
		app.Warnf("%d numbers in the text look like a BSN and were masked", a.Masked)
	}
	if dept, specialist := d.Centre.Specialist(e.Subject); specialist && a.New && a.HandOff == 0 {
		app.Infof("%s is a specialist subject: kcc handoff add %d --to %s passes it on", e.Subject, a.ID, dept)
	}
	return showAdded(app, a)
}

// showAdded prints one registered contact.
func showAdded(app *App, a register.Added) error {
	if app.flags.dryRun {
		app.Infof("dry run: the contact is not registered")
		return nil
	}
	l := app.Lang()
	if app.flags.format == "" && app.flags.out == "" {
		if !a.New {
			_, err := fmt.Fprintf(app.Out, "contact %d was registered already\n", a.ID)
			return err
		}
		fmt.Fprintf(app.Out, "contact %d\n", a.ID)
		if a.HandOff != 0 {
			fmt.Fprintf(app.Out, "hand-off %d\n", a.HandOff)
		}
		for _, c := range a.Promises {
			fmt.Fprintf(app.Out, "%s within %s: due %s (%s)\n", c.Metric, c.Rule.Promise.Within, c.State.Due.In(app.zone).Format("Mon 2006-01-02 15:04"), c.Rule.Name)
		}
		return nil
	}
	t := output.Table{Name: "contact", Columns: []output.Column{
		register.Column(l, "contact", output.Integer),
		{Name: "new", Kind: output.Bool},
		register.Column(l, "handoff", output.Integer),
		register.Column(l, "metric", output.Text), register.Column(l, "within", output.Text), register.Column(l, "due", output.DateTime), register.Column(l, "rule", output.Text),
	}}
	handoff := any(nil)
	if a.HandOff != 0 {
		handoff = a.HandOff
	}
	for _, c := range a.Promises {
		t.Rows = append(t.Rows, []any{a.ID, a.New, handoff, string(c.Metric), c.Rule.Promise.Within.String(), c.State.Due, c.Rule.Name})
	}
	if len(a.Promises) == 0 {
		t.Rows = append(t.Rows, []any{a.ID, a.New, handoff, nil, nil, nil, nil})
	}
	return app.emit(t)
}

// askEntry asks for the fields of a contact on a terminal; an empty answer skips
// a field.
func askEntry(app *App, d *register.Desk, e *register.Entry) error {
	in := bufio.NewReader(app.In)
	ask := func(label string, v *string, known []string) error {
		if *v != "" {
			return nil
		}
		hint := ""
		if n := len(known); n > 0 && n <= 12 {
			hint = " (" + strings.Join(known, ", ") + ")"
		}
		fmt.Fprintf(app.Err, "%s%s: ", label, hint)
		line, err := in.ReadString('\n')
		*v = strings.TrimSpace(line)
		if err != nil && (!errors.Is(err, io.EOF) || *v == "") {
			return fmt.Errorf("the contact was not registered: %w", err)
		}
		return nil
	}
	var subjects, departments []string
	for _, s := range d.Centre.Subjects {
		subjects = append(subjects, s.Name)
	}
	for _, s := range d.Centre.Departments {
		departments = append(departments, s.Name)
	}
	for _, q := range []struct {
		label string
		v     *string
		known []string
	}{
		{"channel", &e.Channel, d.Centre.Channels},
		{"kind", &e.Kind, []string{"question", "request", "complaint", "report", "objection", "status_chase"}},
		{"subject", &e.Subject, subjects},
		{"customer (phone, e-mail or number)", &e.Party, nil},
		{"segment", &e.Segment, d.Centre.Segments},
		{"cause", &e.Cause, nil},
		{"note", &e.Note, nil},
		{"hand off to", &e.Department, departments},
	} {
		if err := ask(q.label, q.v, q.known); err != nil {
			return err
		}
	}
	return nil
}

func contactAddAll(ctx context.Context, app *App, d *register.Desk, path string) error {
	name, r := "stdin", app.In
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		name, r = path, f
	}
	asJSON := app.flags.format == "json"
	confirm := func(line int, a register.Added) error {
		var err error
		switch {
		case app.flags.dryRun:
		case asJSON:
			_, err = fmt.Fprintf(app.Out, "{\"line\": %d, \"contact\": %d, \"handoff\": %s, \"new\": %t}\n", line, a.ID, idOr(a.HandOff, "null"), a.New)
		default:
			_, err = fmt.Fprintf(app.Out, "%d,%d,%s,%t\n", line, a.ID, idOr(a.HandOff, ""), a.New)
		}
		return err
	}
	if !asJSON && !app.flags.dryRun {
		fmt.Fprintln(app.Out, "line,contact,handoff,new")
	}
	b, err := d.AddAll(ctx, name, r, confirm)
	for _, e := range b.Errors {
		app.Warnf("%s: %v", name, e)
	}
	app.tell("registered %d contacts (%d known already, %d rejected, %d numbers masked); a commit took %s at p50, %s at p99, %s at most",
		b.Added, b.Known, b.Rejected, b.Masked, ms(b.Percentile(0.5)), ms(b.Percentile(0.99)), ms(b.Percentile(1)))
	switch {
	case err != nil:
		return err
	case b.Rejected > 0 && b.Added+b.Known == 0:
		return fmt.Errorf("%s: no line could be registered: %w", name, b.Errors[0])
	case b.Rejected > 0:
		return partialf("%s: %d lines were rejected", name, b.Rejected)
	}
	return nil
}

func idOr(id int64, none string) string {
	if id == 0 {
		return none
	}
	return strconv.FormatInt(id, 10)
}

func ms(d time.Duration) string {
	return strconv.FormatFloat(float64(d.Microseconds())/1000, 'f', 1, 64) + "ms"
}
