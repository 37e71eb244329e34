package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kcc/contacts/kpi"
	"kcc/contacts/register"
	"kcc/internal/calendar"
	"kcc/internal/output"
)

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
	if len(cs) == 0 {
		err := app.warnUnseen(ctx, map[kpi.Key]string{
			kpi.ByChannel: o.Channel, kpi.BySubject: o.Subject, kpi.ByDepartment: o.Department, kpi.BySegment: o.Segment,
		})
		if err != nil {
			return err
		}
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
