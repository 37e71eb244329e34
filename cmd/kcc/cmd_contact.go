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

	"kcc/contacts/privacy"
	"kcc/contacts/register"
	"kcc/internal/calendar"
	"kcc/internal/flow"
	"kcc/internal/output"
	"kcc/internal/store"
)

func newContactCmd(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "contact",
		Short: "Register of contacts",
		Long:  "contact registers what customers ask, on every channel, and what became of it.",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newContactAddCmd(app), newContactListCmd(app), newContactShowCmd(app), newContactEditCmd(app),
		newContactCloseCmd(app), newContactReopenCmd(app), newContactLinkCmd(app), newContactExportCmd(app))
	return cmd
}

// desk opens the register on the store with what is known of the centre.
func (a *App) desk(ctx context.Context) (*register.Desk, error) {
	db, err := a.DB(ctx)
	if err != nil {
		return nil, err
	}
	c, err := a.CentreIfAny(ctx)
	if err != nil {
		return nil, err
	}
	by := a.Getenv("USER")
	if by == "" {
		by = a.Getenv("USERNAME")
	}
	return &register.Desk{
		DB: db, Centre: flow.RegisterCentre(c, a.zone), Secrets: a.vault(), Now: a.Clock, By: by, DryRun: a.flags.dryRun,
		Turn: func(ctx context.Context) func() {
			return store.Turn(ctx, a.config.DB, time.Duration(a.flags.lockTimeout))
		},
	}, nil
}

// vault is the key file with the masking of free text that the settings ask for.
func (a *App) vault() *privacy.Vault {
	return &privacy.Vault{
		Path: a.config.Text("privacy.key_file"), Masker: privacy.Masker{All: a.config.Text("privacy.mask") == "all"}, Now: a.Clock,
	}
}

// emitSlim is emit without columns that are empty in every row on a screen.
func (a *App) emitSlim(tables ...output.Table) error {
	if a.flags.out == "" {
		if f, err := a.format(); err == nil && f == output.Screen {
			for i := range tables {
				tables[i] = register.Slim(tables[i])
			}
		}
	}
	return a.emit(tables...)
}

// said words an error of the register: names that the centre does not have are
// wrong use.
func said(err error) error {
	var unknown *register.UnknownError
	if errors.As(err, &unknown) {
		return withHint(&statusError{exitUsage, err}, "kcc centre show lists the names")
	}
	return err
}

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

type contactListOptions struct {
	register.ContactFilter
	FromText, ToText string
	Personal         bool
}

// addContactFilter adds the flags that choose contacts.
func addContactFilter(cmd *cobra.Command, o *contactListOptions) {
	f := cmd.Flags()
	f.StringVar(&o.FromText, "from", "", "received from `DATE` on")
	f.StringVar(&o.ToText, "to", "", "received up to and with `DATE`")
	f.StringVar(&o.Channel, "channel", "", "only this `CHANNEL`")
	f.StringVar(&o.Kind, "kind", "", "only this `KIND`")
	f.StringVar(&o.Subject, "subject", "", "only this `SUBJECT` and those below it")
	f.StringVar(&o.Department, "department", "", "only handed to `DEPARTMENT`")
	f.StringVar(&o.Status, "status", "", "only `open|closed`")
	f.StringVar(&o.Direction, "direction", "", "only `inbound|outbound`")
	f.StringVar(&o.Segment, "segment", "", "only this `SEGMENT`")
	f.StringVar(&o.Cause, "cause", "", "only this `CAUSE`")
	f.StringVar(&o.Outcome, "outcome", "", "only this `OUTCOME`")
	f.StringVar(&o.Agent, "agent", "", "only of `AGENT`")
	f.StringVar(&o.Party, "party", "", "only of this customer: phone, e-mail or `NUMBER`")
	f.StringVar(&o.Reference, "reference", "", "only about case `NUMBER`")
	f.Int64Var(&o.Question, "question", 0, "only of question `N`")
	f.StringVar(&o.Text, "text", "", "only with these `WORDS` in the note; quotes keep a phrase together")
}

func (o *contactListOptions) resolve(app *App) error {
	for _, d := range []struct {
		flag, text string
		to         *time.Time
		add        int
	}{{"--from", o.FromText, &o.From, 0}, {"--to", o.ToText, &o.To, 1}} {
		if d.text == "" {
			continue
		}
		day, err := calendar.ParseDate(d.text)
		if err != nil {
			return usagef("%s: %w", d.flag, err)
		}
		*d.to = day.Add(d.add).Start(app.zone)
	}
	switch o.Status {
	case "", "open", "closed":
	default:
		return usagef("--status %q: want open or closed", o.Status)
	}
	return nil
}

func newContactListCmd(app *App) *cobra.Command {
	var o contactListOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List contacts, the newest first",
		Long:  "list shows contacts that fit all filters. --text searches the notes: all words must occur, also as the\nbeginning of a longer word.",
		Example: "  kcc contact list --from 2026-11-01 --subject waste --status open\n" +
			"  kcc contact list --party 06-12345678\n" +
			"  kcc contact list --text 'container \"not emptied\"' --format json",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runContactList(cmd.Context(), app, o) },
	}
	addContactFilter(cmd, &o)
	cmd.Flags().IntVar(&o.Limit, "limit", 100, "at most `N`; 0 is all")
	return cmd
}

func runContactList(ctx context.Context, app *App, o contactListOptions) error {
	d, err := app.desk(ctx)
	if err != nil {
		return err
	}
	if err := o.resolve(app); err != nil {
		return err
	}
	if o.Limit == 0 {
		o.Limit = -1
	}
	cs, err := d.List(ctx, o.ContactFilter)
	if err != nil {
		return err
	}
	if len(cs) == o.Limit {
		app.Infof("the first %d; --limit 0 shows all", o.Limit)
	}
	return app.emitSlim(register.ContactTable(app.Lang(), cs, &d.Centre, true))
}

func newContactExportCmd(app *App) *cobra.Command {
	var o contactListOptions
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write contacts to a file, without personal data unless asked for",
		Long: "export writes all contacts that fit, the oldest first. Customer references, agents and notes are left\n" +
			"out; --personal adds them, which the audit log records.",
		Example: "  kcc contact export --from 2026-01-01 --to 2026-03-31 -o quarter.csv\n" +
			"  kcc contact export --subject waste --personal -o waste.xlsx",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runContactExport(cmd.Context(), app, o) },
	}
	addContactFilter(cmd, &o)
	cmd.Flags().BoolVar(&o.Personal, "personal", false, "with customer references, agents and notes")
	return cmd
}

func runContactExport(ctx context.Context, app *App, o contactListOptions) error {
	d, err := app.desk(ctx)
	if err != nil {
		return err
	}
	if err := o.resolve(app); err != nil {
		return err
	}
	o.Limit, o.OldFirst = -1, true
	cs, err := d.List(ctx, o.ContactFilter)
	if err != nil {
		return err
	}
	if o.Personal {
		if err := d.Audit(ctx, "contact export", fmt.Sprintf("%d contacts with personal data", len(cs))); err != nil {
			return err
		}
	}
	return app.emit(register.ContactTable(app.Lang(), cs, &d.Centre, o.Personal))
}

// idArg reads the id in an argument.
func idArg(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 {
		return 0, usagef("%q is not an id: want a number", s)
	}
	return n, nil
}

func newContactShowCmd(app *App) *cobra.Command {
	return &cobra.Command{
		Use:     "show ID",
		Short:   "Show a contact with its work, promises and log",
		Example: "  kcc contact show 1042\n  kcc contact show 1042 --format json",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := idArg(args[0])
			if err != nil {
				return err
			}
			return runContactShow(cmd.Context(), app, id)
		},
	}
}

func runContactShow(ctx context.Context, app *App, id int64) error {
	d, err := app.desk(ctx)
	if err != nil {
		return err
	}
	c, err := d.Get(ctx, id)
	if err != nil {
		return err
	}
	hs, err := d.HandOffs(ctx, register.WorkFilter{Contact: id, Status: "all"})
	if err != nil {
		return err
	}
	l := app.Lang()
	t := register.ContactTable(l, []register.Contact{c}, &d.Centre, true)
	t.Columns = append(t.Columns, register.Column(l, "articles", output.Text), register.Column(l, "questions", output.Text))
	questions := make([]string, len(c.Questions))
	for i, q := range c.Questions {
		questions[i] = strconv.FormatInt(q, 10)
	}
	t.Rows[0] = append(t.Rows[0], strings.Join(c.Articles, "; "), strings.Join(questions, "; "))
	tables := []output.Table{t}
	if len(hs) > 0 {
		tables = append(tables, register.WorkTable(l, hs, app.Now()))
	}
	for _, h := range hs {
		p := register.CommitmentTable(l, h.Promises, app.Now())
		log := register.LogTable(l, h.Log, app.zone)
		p.Name, log.Name = fmt.Sprintf("promises_%d", h.ID), fmt.Sprintf("log_%d", h.ID)
		tables = append(tables, p, log)
	}
	if f, err := app.format(); err == nil && f == output.CSV {
		tables = tables[:1]
	}
	return app.emitSlim(tables...)
}

func newContactEditCmd(app *App) *cobra.Command {
	var channel, kind, subject, segment, cause, outcome, note, addNote, agent, reference, party string
	var csat, effort, nps floatFlag
	var articles []string
	cmd := &cobra.Command{
		Use:   "edit ID",
		Short: "Change fields of a contact",
		Long:  "edit changes the fields that are named; an empty value clears a field.",
		Example: "  kcc contact edit 1042 --subject passport --add-note 'called again'\n" +
			"  kcc contact edit 1042 --segment '' --csat 8",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := idArg(args[0])
			if err != nil {
				return err
			}
			e := register.Edit{CSAT: csat.v, Effort: effort.v, NPS: nps.v, Articles: articles}
			for name, f := range map[string]struct {
				v  *string
				to **string
			}{
				"channel": {&channel, &e.Channel}, "kind": {&kind, &e.Kind}, "subject": {&subject, &e.Subject}, "segment": {&segment, &e.Segment},
				"cause": {&cause, &e.Cause}, "outcome": {&outcome, &e.Outcome}, "note": {&note, &e.Note}, "add-note": {&addNote, &e.AddNote},
				"agent": {&agent, &e.Agent}, "reference": {&reference, &e.Reference}, "party": {&party, &e.Party},
			} {
				if cmd.Flags().Changed(name) {
					*f.to = f.v
				}
			}
			d, err := app.desk(cmd.Context())
			if err != nil {
				return err
			}
			return changed(app, said(d.Edit(cmd.Context(), id, e)), "contact %d is changed", id)
		},
	}
	f := cmd.Flags()
	for _, s := range []struct {
		name, use string
		v         *string
	}{
		{"channel", "`CHANNEL`", &channel},
		{"kind", "`KIND`", &kind},
		{"subject", "`SUBJECT`", &subject},
		{"segment", "`SEGMENT`", &segment},
		{"cause", "`CAUSE`", &cause},
		{"outcome", "`OUTCOME`", &outcome},
		{"note", "replace the note by `TEXT`", &note},
		{"add-note", "add a line of `TEXT` to the note", &addNote},
		{"agent", "`AGENT`", &agent},
		{"reference", "`NUMBER` of the case", &reference},
		{"party", "the customer: phone, e-mail or `NUMBER`", &party},
	} {
		f.StringVar(s.v, s.name, "", s.use)
	}
	f.Var(&csat, "csat", "satisfaction, a `NUMBER`")
	f.Var(&effort, "effort", "effort of the customer, a `NUMBER`")
	f.Var(&nps, "nps", "how likely the customer is to recommend the centre, a `SCORE` of 0-10")
	f.StringSliceVar(&articles, "article", nil, "an `ARTICLE` that was used")
	return cmd
}

// changed tells what a command did, or that a dry run did not.
func changed(app *App, err error, format string, a ...any) error {
	if err == nil {
		app.tell(format, a...)
	}
	return err
}

// tell says what was done, or on a dry run what would have been.
func (a *App) tell(format string, args ...any) {
	if a.flags.dryRun {
		format = "dry run, nothing is kept: " + format
	}
	a.Infof(format, args...)
}

func newContactCloseCmd(app *App) *cobra.Command {
	var outcome, reason, at string
	cmd := &cobra.Command{
		Use:     "close ID",
		Short:   "Close a contact and the open work on it",
		Example: "  kcc contact close 1042 --outcome answered --reason 'called the customer'",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return onContact(cmd.Context(), app, args[0], at, func(d *register.Desk, id int64, t time.Time) error {
				return changed(app, d.CloseContact(cmd.Context(), id, outcome, reason, t), "contact %d is closed", id)
			})
		},
	}
	cmd.Flags().StringVar(&outcome, "outcome", "", "`OUTCOME`, when it is another one now")
	cmd.Flags().StringVar(&reason, "reason", "", "`TEXT` for the log")
	cmd.Flags().StringVar(&at, "at", "", "at `TIME` (default now)")
	return cmd
}

func newContactReopenCmd(app *App) *cobra.Command {
	var reason, at string
	cmd := &cobra.Command{
		Use:     "reopen ID",
		Short:   "Open a contact again; the customer's clock goes on where it stopped",
		Example: "  kcc contact reopen 1042 --reason 'the answer did not help'",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return onContact(cmd.Context(), app, args[0], at, func(d *register.Desk, id int64, t time.Time) error {
				return changed(app, d.ReopenContact(cmd.Context(), id, reason, t), "contact %d is open again", id)
			})
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "`TEXT` for the log")
	cmd.Flags().StringVar(&at, "at", "", "at `TIME` (default now)")
	return cmd
}

// onContact runs f on the contact of an argument.
func onContact(ctx context.Context, app *App, arg, at string, f func(d *register.Desk, id int64, t time.Time) error) error {
	id, err := idArg(arg)
	if err != nil {
		return err
	}
	var t time.Time
	if at != "" {
		if t, err = calendar.ParseTime(at, app.zone); err != nil {
			return usagef("--at: %w", err)
		}
	}
	d, err := app.desk(ctx)
	if err != nil {
		return err
	}
	return f(d, id, t)
}

func newContactLinkCmd(app *App) *cobra.Command {
	var question int64
	var article string
	cmd := &cobra.Command{
		Use:   "link ID [ID...]",
		Short: "Put contacts in one question, or note an article that was used",
		Long: "link puts contacts that are about the same question of a customer together, and prints the number of\n" +
			"the question. A contact may be in several questions.",
		Example: "  kcc contact link 1042 1107\n  kcc contact link 1042 --question 12\n  kcc contact link 1042 --article passport-fee",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var list []int64
			for _, a := range args {
				id, err := idArg(a)
				if err != nil {
					return err
				}
				list = append(list, id)
			}
			d, err := app.desk(cmd.Context())
			if err != nil {
				return err
			}
			if article != "" {
				for _, id := range list {
					if err := changed(app, d.LinkArticle(cmd.Context(), id, article), "article %s is linked to contact %d", article, id); err != nil {
						return err
					}
				}
				return nil
			}
			if len(list) == 1 && question == 0 {
				return usagef("one contact alone is no link: name another one, --question or --article")
			}
			q, err := d.Link(cmd.Context(), list, question)
			if err != nil || app.flags.dryRun {
				return err
			}
			_, err = fmt.Fprintf(app.Out, "question %d\n", q)
			return err
		},
	}
	cmd.Flags().Int64Var(&question, "question", 0, "the question `N`")
	cmd.Flags().StringVar(&article, "article", "", "the `ARTICLE` of the knowledge base that was used")
	return cmd
}
