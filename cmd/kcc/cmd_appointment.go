package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kcc/contacts/register"
	"kcc/internal/calendar"
	"kcc/internal/output"
)

func newAppointmentCmd(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "appointment",
		Short: "Appointments at the counter or by phone",
		Long: "appointment keeps the slots of places (a counter, a telephone team), who has which, who did not come\n" +
			"and who must be reminded. Its fixed load goes to staffing.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newAppointmentPlaceCmd(app), newAppointmentSlotsCmd(app), newAppointmentAddCmd(app), newAppointmentListCmd(app), newAppointmentMoveCmd(app))
	for _, e := range []struct{ name, short, status, done string }{
		{"cancel", "Cancel an appointment; its slot is free again", register.Cancelled, "is cancelled"},
		{"attended", "Note that the customer came", register.Attended, "is attended"},
		{"no-show", "Note that the customer did not come", register.NoShow, "is a no-show"},
	} {
		cmd.AddCommand(&cobra.Command{
			Use: e.name + " ID [ID...]", Short: e.short, Example: "  kcc appointment " + e.name + " 31", Args: cobra.MinimumNArgs(1),
			RunE: func(cmd *cobra.Command, args []string) error {
				d, err := app.desk(cmd.Context())
				if err != nil {
					return err
				}
				for _, a := range args {
					id, err := idArg(a)
					if err != nil {
						return err
					}
					if err := changed(app, d.Finish(cmd.Context(), id, e.status), "appointment %d %s", id, e.done); err != nil {
						return err
					}
				}
				return nil
			},
		})
	}
	cmd.AddCommand(newAppointmentRemindCmd(app), newAppointmentExportCmd(app))
	return cmd
}

func newAppointmentPlaceCmd(app *App) *cobra.Command {
	p := register.Place{Channel: "counter", Capacity: 1}
	length := durationValue(15 * time.Minute)
	cmd := &cobra.Command{
		Use:   "place [NAME]",
		Short: "Set the slots that a place offers, or list the places",
		Example: "  kcc appointment place counter --hours 'mo-fr 09:00-12:30 13:30-16:00; th 09:00-20:00' --length 15m --capacity 3\n" +
			"  kcc appointment place",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			d, err := app.desk(cmd.Context())
			if err != nil {
				return err
			}
			if len(args) == 0 {
				return listPlaces(cmd.Context(), app, d)
			}
			p.Name, p.Length = args[0], time.Duration(length)
			if p.Hours == "" {
				return usagef("--hours is missing: when the place takes appointments, for example 'mo-fr 09:00-12:00'")
			}
			if err := d.SetPlace(cmd.Context(), p); err != nil {
				return fmt.Errorf("place %s: %w", p.Name, err)
			}
			return changed(app, nil, "place %s: %s, %s each, %d at a time", p.Name, p.Hours, calendar.FormatDuration(p.Length), p.Capacity)
		},
	}
	f := cmd.Flags()
	f.StringVar(&p.Channel, "channel", p.Channel, "`counter|phone|video`")
	f.StringVar(&p.Hours, "hours", "", "`HOURS` in which it takes appointments")
	f.Var(&length, "length", "each slot lasts `TIME`")
	f.IntVar(&p.Capacity, "capacity", p.Capacity, "`N` appointments at a time")
	return cmd
}

func listPlaces(ctx context.Context, app *App, d *register.Desk) error {
	ps, err := d.Places(ctx)
	if err != nil {
		return err
	}
	l := app.Lang()
	t := output.Table{Name: "places", Columns: []output.Column{
		register.Column(l, "place", output.Text), register.Column(l, "channel", output.Text), register.Column(l, "hours", output.Text),
		register.Column(l, "length_s", output.Seconds), register.Column(l, "capacity", output.Integer),
	}}
	for _, p := range ps {
		t.Rows = append(t.Rows, []any{p.Name, p.Channel, p.Hours, p.Length, p.Capacity})
	}
	return app.emit(t)
}

// span reads --from and --to as days; the default is from now on for so many days.
func (a *App) span(from, to string, days int) (time.Time, time.Time, error) {
	start := a.Now()
	if from != "" {
		d, err := calendar.ParseDate(from)
		if err != nil {
			return start, start, usagef("--from: %w", err)
		}
		start = d.Start(a.zone)
	}
	end := calendar.DateOf(start, a.zone).Add(days).Start(a.zone)
	if to != "" {
		d, err := calendar.ParseDate(to)
		if err != nil {
			return start, end, usagef("--to: %w", err)
		}
		end = d.Add(1).Start(a.zone)
	}
	if !start.Before(end) {
		return start, end, usagef("--to lies before --from")
	}
	return start, end, nil
}

func newAppointmentSlotsCmd(app *App) *cobra.Command {
	var place, from, to string
	var all bool
	cmd := &cobra.Command{
		Use:     "slots",
		Short:   "List free slots",
		Example: "  kcc appointment slots --place counter --from 2026-11-23 --to 2026-11-25",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d, err := app.desk(cmd.Context())
			if err != nil {
				return err
			}
			a, b, err := app.span(from, to, 7)
			if err != nil {
				return err
			}
			ss, err := d.Slots(cmd.Context(), place, a, b, !all)
			if err != nil {
				return err
			}
			return app.emit(register.SlotTable(app.Lang(), ss))
		},
	}
	f := cmd.Flags()
	f.StringVar(&place, "place", "", "only at `PLACE`")
	f.StringVar(&from, "from", "", "from `DATE` on (default now)")
	f.StringVar(&to, "to", "", "up to and with `DATE` (default a week)")
	f.BoolVar(&all, "all", false, "also the slots that are full")
	return cmd
}

func newAppointmentAddCmd(app *App) *cobra.Command {
	var b register.Booking
	var at string
	var length durationValue
	cmd := &cobra.Command{
		Use:   "add",
		Short: "Book an appointment",
		Long:  "add books a slot. The customer is kept as a keyed reference; how to reach them for the reminder is sealed\nand erased a week after the appointment.",
		Example: "  kcc appointment add --place counter --at '2026-11-24 10:15' --subject documents --party 06-12345678 --reach 06-12345678\n" +
			"  kcc appointment add --place phone --at '2026-11-24 10:15' --contact 1042 --length 30m --force",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d, err := app.desk(cmd.Context())
			if err != nil {
				return err
			}
			if b.Place == "" || at == "" {
				return usagef("where and when? name --place and --at; kcc appointment slots lists what is free")
			}
			if b.Start, err = calendar.ParseTime(at, app.zone); err != nil {
				return usagef("--at: %w", err)
			}
			b.Length = time.Duration(length)
			id, err := d.Book(cmd.Context(), b)
			if err != nil {
				return said(err)
			}
			if app.flags.dryRun {
				return changed(app, nil, "the slot is free")
			}
			_, err = fmt.Fprintf(app.Out, "appointment %d\n", id)
			return err
		},
	}
	f := cmd.Flags()
	f.StringVar(&b.Place, "place", "", "at `PLACE`")
	f.StringVar(&at, "at", "", "at `TIME`, the start of a slot")
	f.StringVar(&b.Subject, "subject", "", "about `SUBJECT`")
	f.StringVar(&b.Party, "party", "", "the customer: phone, e-mail or `NUMBER` (stored as a keyed reference)")
	f.StringVar(&b.Reach, "reach", "", "phone or e-mail for the reminder, `ADDRESS` (stored sealed)")
	f.StringVar(&b.Note, "note", "", "free `TEXT`")
	f.Int64Var(&b.Contact, "contact", 0, "follows from contact `ID`")
	f.Var(&length, "length", "lasts `TIME` (default the slot)")
	f.BoolVar(&b.Force, "force", false, "also at another time than a slot, or when it is full")
	return cmd
}

// appointmentFilter reads the flags that choose appointments.
type appointmentFilter struct {
	register.AppointmentFilter
	FromText, ToText string
}

func (o *appointmentFilter) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.FromText, "from", "", "from `DATE` on (default now)")
	f.StringVar(&o.ToText, "to", "", "up to and with `DATE` (default four weeks)")
	f.StringVar(&o.Place, "place", "", "only at `PLACE`")
	f.StringVar(&o.Status, "status", "", "only `booked|attended|no_show|cancelled`")
}

func (o *appointmentFilter) load(ctx context.Context, app *App) ([]register.Appointment, error) {
	d, err := app.desk(ctx)
	if err != nil {
		return nil, err
	}
	if o.From, o.To, err = app.span(o.FromText, o.ToText, 28); err != nil {
		return nil, err
	}
	switch o.Status {
	case "", register.Booked, register.Attended, register.NoShow, register.Cancelled:
	default:
		return nil, usagef("--status %q: want booked, attended, no_show or cancelled", o.Status)
	}
	return d.Appointments(ctx, o.AppointmentFilter)
}

func newAppointmentListCmd(app *App) *cobra.Command {
	var o appointmentFilter
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List appointments",
		Example: "  kcc appointment list --from 2026-11-23 --to 2026-11-23\n  kcc appointment list --party 06-12345678",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			as, err := o.load(cmd.Context(), app)
			if err != nil {
				return err
			}
			t := register.AppointmentTable(app.Lang(), as, false)
			came, away := 0, 0
			for _, a := range as {
				switch a.Status {
				case register.Attended:
					came++
				case register.NoShow:
					away++
				}
			}
			if n := came + away; n > 0 {
				t.Notes = append(t.Notes, fmt.Sprintf("no-shows: %d of %d (%.0f%%)", away, n, 100*float64(away)/float64(n)))
			}
			return app.emitSlim(t)
		},
	}
	o.add(cmd)
	cmd.Flags().StringVar(&o.Party, "party", "", "only of this customer: phone, e-mail or `NUMBER`")
	return cmd
}

func newAppointmentMoveCmd(app *App) *cobra.Command {
	var to, place string
	var force bool
	cmd := &cobra.Command{
		Use:     "move ID",
		Short:   "Give an appointment another time or place",
		Example: "  kcc appointment move 31 --at '2026-11-25 09:30'",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if to == "" {
				return usagef("--at is missing")
			}
			return onContact(cmd.Context(), app, args[0], to, func(d *register.Desk, id int64, t time.Time) error {
				return changed(app, d.Move(cmd.Context(), id, t, place, force), "appointment %d is on %s", id, t.In(app.zone).Format("Mon 2006-01-02 15:04"))
			})
		},
	}
	cmd.Flags().StringVar(&to, "at", "", "to `TIME`, the start of a slot")
	cmd.Flags().StringVar(&place, "place", "", "to `PLACE`")
	cmd.Flags().BoolVar(&force, "force", false, "also at another time than a slot, or when it is full")
	return cmd
}

func newAppointmentRemindCmd(app *App) *cobra.Command {
	ahead := durationValue(48 * time.Hour)
	cmd := &cobra.Command{
		Use:   "remind",
		Short: "List who must be reminded of an appointment, each once",
		Long: "remind lists booked appointments that start soon and whose customers were not reminded yet, with how to\n" +
			"reach them, and keeps that they were. With --dry-run they stay on the list. The audit log records it.",
		Example: "  kcc appointment remind --within 2d -o reminders.csv",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			d, err := app.desk(cmd.Context())
			if err != nil {
				return err
			}
			as, err := d.Remind(cmd.Context(), time.Duration(ahead))
			if err != nil {
				return err
			}
			if len(as) > 0 {
				if err := d.Audit(cmd.Context(), "appointment remind", fmt.Sprintf("sealed details of %d appointments", len(as))); err != nil {
					return err
				}
			}
			return app.emitTables(register.AppointmentTable(app.Lang(), as, true))
		},
	}
	cmd.Flags().Var(&ahead, "within", "that start within `TIME`")
	return cmd
}

func newAppointmentExportCmd(app *App) *cobra.Command {
	var o appointmentFilter
	var load bool
	step := durationValue(15 * time.Minute)
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write appointments as iCalendar or a table, or their load for staffing",
		Long: "export writes appointments without a word about the customer; -o FILE.ics gives a calendar. With --load it\n" +
			"writes per interval how many agents the appointments take: start,interval_s,channel,place,appointments,agents.",
		Example: "  kcc appointment export --place counter -o counter.ics\n  kcc appointment export --load --from 2026-11-23 --to 2026-12-20 -o load.csv",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			as, err := o.load(cmd.Context(), app)
			if err != nil {
				return err
			}
			l := app.Lang()
			if load {
				return app.emit(register.LoadTable(as, time.Duration(step), app.zone))
			}
			if strings.HasSuffix(strings.ToLower(app.flags.out), ".ics") {
				return app.writeFile(app.flags.out, func(w io.Writer, _ output.Format) error {
					return output.WriteCalendar(w, o.Place, app.Now(), l, register.Events(as, l))
				})
			}
			return app.emit(register.AppointmentTable(l, as, false))
		},
	}
	o.add(cmd)
	cmd.Flags().BoolVar(&load, "load", false, "the agents that appointments take per interval")
	cmd.Flags().Var(&step, "interval", "intervals of `TIME` for --load")
	return cmd
}
