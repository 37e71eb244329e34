package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kcc/contacts/promise"
	"kcc/internal/calendar"
	"kcc/internal/flow"
	"kcc/internal/output"
	"kcc/internal/tabular"
)

func newPromiseCmd(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "promise",
		Short: "Rules of what is promised to customers, and the deadline calculator",
		Long: "Promises say within which time a request is answered, called back or resolved, in opening\n" +
			"hours (service) or by the Algemene termijnenwet (statutory).",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newPromiseListCmd(app), newPromiseAddCmd(app), newPromiseDueCmd(app), newPromiseExplainCmd(app), newPromiseRecomputeCmd(app))
	return cmd
}

type promiseDueOptions struct {
	At, Within, Mode, In string
	Calendar             calendarFlags
	Cutoff               string
}

// calendarFlags are the flags that describe a calendar of promises.
type calendarFlags struct {
	Week, Holidays         string
	Holiday, Closed, Extra []string
	Equated                []string
}

func (c *calendarFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&c.Week, "calendar", "", "opening `HOURS` such as 'mo-fr 08:00-12:00 13:00-17:00', or 24/7 (default the office hours of the centre, else mo-fr 09:00-17:00)")
	f.StringVar(&c.Holidays, "holidays", "", "public holidays, `nl|none` (default those of the centre, else nl)")
	f.StringArrayVar(&c.Holiday, "holiday", nil, "treat one holiday otherwise, `KEY=open|closed|10:00-14:00`; liberation_day also lustrum or never")
	f.StringArrayVar(&c.Closed, "closed", nil, "closed on `DATE`")
	f.StringArrayVar(&c.Extra, "special", nil, "other hours on one day, `DATE=09:00-12:00`")
	f.StringArrayVar(&c.Equated, "equated", nil, "`DATE` that the law equates with a holiday")
}

// settings returns the calendar that the flags describe; what they leave open is
// as in base.
func (c *calendarFlags) settings(base promise.Settings) (promise.Settings, error) {
	s := promise.Settings{Zone: base.Zone, Week: base.Week, Holidays: map[string]string{}, Special: map[string]string{}}
	maps.Copy(s.Special, base.Special)
	s.Equated = append(slices.Clone(base.Equated), c.Equated...)
	if c.Week != "" {
		s.Week = strings.TrimSpace(c.Week)
	}
	switch c.Holidays {
	case "":
		maps.Copy(s.Holidays, base.Holidays)
	case "nl":
	case "none":
		s.Holidays[promise.NoHolidays] = ""
	default:
		return s, usagef("--holidays %q: want nl or none", c.Holidays)
	}
	for _, kv := range c.Holiday {
		k, v, ok := strings.Cut(kv, "=")
		if !ok {
			return s, usagef("--holiday %q: want for example good_friday=closed", kv)
		}
		s.Holidays[strings.TrimSpace(k)] = v
	}
	for _, day := range c.Closed {
		s.Special[day] = "closed"
	}
	for _, kv := range c.Extra {
		k, v, ok := strings.Cut(kv, "=")
		if !ok {
			return s, usagef("--special %q: want for example 2026-12-24=09:00-12:00", kv)
		}
		s.Special[strings.TrimSpace(k)] = v
	}
	if _, err := promise.NewCalendar(s); err != nil {
		return s, usagef("%w", err)
	}
	return s, nil
}

func newPromiseDueCmd(app *App) *cobra.Command {
	var o promiseDueOptions
	cmd := &cobra.Command{
		Use:   "due",
		Short: "Compute when something is due, for one case or a file",
		Long: "due adds a term to a time: business hours (4bh) and minutes (30bm), working days (5wd), calendar\n" +
			"days (3d), weeks (2w) or elapsed time (20m). Working days are due at closing time of the last day;\n" +
			"calendar days, weeks and statutory terms at 23:59:59. One case shows how it was counted.",
		Example: "  kcc promise due --at '2026-04-24 16:30' --within 4bh --calendar 'mo-fr 08:00-17:00'\n" +
			"  kcc promise due --at 2026-04-02 --within 3d --mode statutory\n" +
			"  kcc promise due --at '2026-04-30 09:00' --within 2w --mode statutory --equated 2026-05-15\n" +
			"  kcc promise due --in requests.csv -o due.csv",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runPromiseDue(cmd.Context(), app, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.At, "at", "", "received at `TIME` (default now)")
	f.StringVar(&o.Within, "within", "", "the `TERM`: 4bh, 30bm, 5wd, 3d, 2w or 20m")
	f.StringVar(&o.Mode, "mode", "", "count by `service|statutory`")
	f.StringVar(&o.Cutoff, "cutoff", "", "what comes in at `HH:MM` or later counts for the next working day")
	f.StringVar(&o.In, "in", "", "rows start,within,mode[,calendar] from `FILE`; - is stdin")
	o.Calendar.add(cmd)
	return cmd
}

func runPromiseDue(ctx context.Context, app *App, o promiseDueOptions) error {
	c, err := app.CentreIfAny(ctx)
	if err != nil {
		return err
	}
	base := promise.Settings{}
	if c != nil {
		base = flow.PromiseSettings(c, "")
	}
	base.Zone = app.Zone().String()
	settings, err := o.Calendar.settings(base)
	if err != nil {
		return err
	}
	var cutoff calendar.Clock
	if o.Cutoff != "" {
		if cutoff, err = calendar.ParseClock(o.Cutoff); err != nil {
			return usagef("--cutoff: %w", err)
		}
	}
	mode, err := promise.ParseMode(o.Mode)
	if err != nil {
		return usagef("--mode: %w", err)
	}
	if o.In != "" {
		if o.At != "" {
			return usagef("--at is for one case: with --in the column start says when")
		}
		return promiseDueFile(app, o.In, promise.FileOptions{Within: o.Within, Mode: o.Mode, Calendar: settings, Cutoff: cutoff})
	}
	if o.Within == "" {
		return withHint(usagef("the term is missing"), "add --within, for example --within 5wd, or --in FILE")
	}
	p := promise.Promise{Mode: mode, Cutoff: cutoff}
	if p.Within, err = calendar.ParseTerm(o.Within); err != nil {
		return usagef("--within: %w", err)
	}
	if err := p.Check(); err != nil {
		return usagef("--within: %w", err)
	}
	at := app.Now()
	if o.At != "" {
		if at, err = calendar.ParseTime(o.At, app.Zone()); err != nil {
			return usagef("--at: %w", err)
		}
	}
	cal, err := promise.NewCalendar(settings)
	if err != nil {
		return usagef("%w", err)
	}
	return promiseDueOne(app, cal, at, p)
}

func promiseDueFile(app *App, path string, opt promise.FileOptions) error {
	r, err := tabular.OpenFile(path, app.In, tabular.Options{})
	if err != nil {
		return err
	}
	defer r.Close()
	table, rejected, err := promise.DueTable(r, opt)
	if err != nil {
		return err
	}
	if err := app.emit(*table); err != nil {
		return err
	}
	for _, e := range rejected.Errors {
		app.Warnf("%v", e)
	}
	if rejected.Count > 0 {
		return partialf("%d of %d rows were rejected and have no due time", rejected.Count, len(table.Rows))
	}
	return nil
}

// promiseDueOne prints one due time: on a screen with the arithmetic, else as
// one record.
func promiseDueOne(app *App, cal *promise.Calendar, at time.Time, p promise.Promise) error {
	steps, due, err := cal.Explain(at, p)
	if err != nil {
		return fmt.Errorf("promise due: %w", err)
	}
	f, err := app.format()
	if err != nil {
		return err
	}
	week := cal.Settings().Week
	if f != output.Screen || app.flags.out != "" {
		return app.emit(output.Table{Name: "due", Columns: []output.Column{
			{Name: "start", Kind: output.DateTime}, {Name: "within"}, {Name: "mode"}, {Name: "calendar"}, {Name: "due", Kind: output.DateTime},
		}, Rows: [][]any{{at, p.Within.String(), p.Mode.String(), week, due}}})
	}
	fmt.Fprintf(app.Out, "due %s\n\n", due.Format("Mon 2006-01-02 15:04:05 -07:00"))
	fmt.Fprintf(app.Out, "received %s, within %s, %s, open %s\n", at.In(cal.Loc()).Format("Mon 2006-01-02 15:04"), p.Within, p.Mode, week)
	for _, s := range steps {
		fmt.Fprintf(app.Out, "  %s\n", stepLine(s))
	}
	return nil
}

// stepLine writes one line of the arithmetic.
func stepLine(s promise.Step) string {
	if s.From.IsZero() {
		if s.Counted > 0 {
			return fmt.Sprintf("%s, %s counted, %s left", s.Text, calendar.FormatDuration(s.Counted), calendar.FormatDuration(s.Left))
		}
		return s.Text
	}
	to := s.To.Format("15:04")
	if s.From.YearDay() != s.To.YearDay() {
		to = s.To.Format("Mon 2006-01-02 15:04")
	}
	return fmt.Sprintf("%s-%s %s: %s counted, %s left", s.From.Format("Mon 2006-01-02 15:04"), to, s.Text,
		calendar.FormatDuration(s.Counted), calendar.FormatDuration(s.Left))
}
