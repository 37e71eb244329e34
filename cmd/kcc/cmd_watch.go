package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kcc/contacts/kpi"
	"kcc/contacts/promise"
	"kcc/contacts/register"
	"kcc/internal/calendar"
	"kcc/internal/flow"
	"kcc/internal/output"
)

// exitUnknown is the status of a watch that could not look.
const exitUnknown = 3

type watchOptions struct {
	register.WatchOptions
	SoonTerm  string
	WindowFor durationValue
	List      bool
	Mail      string
	Addresses []string
	Inform    string
}

func newWatchCmd(app *App) *cobra.Command {
	o := watchOptions{WindowFor: durationValue(time.Hour)}
	cmd := &cobra.Command{
		Use:   "watch",
		Short: "Watch promises and queues: one status line for cron and monitoring",
		Long: "watch looks at what is open: overdue, first responses late, callbacks whose window closes, work that\n" +
			"is late with a department, what is due soon, and queues below their target today. It prints one line\n" +
			"as monitoring plugins do, with all figures after the bar. --list (or --format, --out) adds the items.\n\n" +
			"--mail DIR writes a mail-ready file per department or addressee for each step of an escalation that is\n" +
			"reached, in office hours only, and never twice. --inform FILE writes the customers to be told that an\n" +
			"answer takes longer, for outbound import.\n\n" +
			"The exit status is 0 OK, 1 WARNING, 2 CRITICAL (a promise is broken), 3 UNKNOWN.",
		Example: "  kcc watch\n  kcc watch --list --soon 1wd\n  kcc watch --mail /var/spool/kcc --address manager=kcc@example.org --quiet\n  kcc watch --inform inform.csv",
		Args:    cobra.ArbitraryArgs,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			return app.unknown(app.setup(cmd))
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return app.unknown(fmt.Errorf("watch takes no arguments, but %q is there", args[0]))
			}
			level, err := runWatch(cmd.Context(), app, o)
			if err != nil {
				return app.unknown(err)
			}
			if level == register.OK {
				return nil
			}
			return exitWith(int(level))
		},
	}
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return app.unknown(err) })
	f := cmd.Flags()
	f.StringVar(&o.SoonTerm, "soon", "4bh", "due within this `TERM` is soon: 4bh, 1wd")
	f.Var(&o.WindowFor, "window", "a callback window that ends within this `TIME` is closing")
	f.IntVar(&o.MaxOverdue, "max-overdue", 0, "up to `N` broken promises are a warning, not critical")
	f.IntVar(&o.MaxSoon, "max-soon", 0, "up to `N` due soon are no warning")
	f.Float64Var(&o.MinOffered, "min-contacts", 20, "judge a queue from `N` contacts today on")
	f.Float64Var(&o.Margin, "margin", 0.1, "a queue more than this `SHARE` below its target is critical")
	f.BoolVar(&o.List, "list", false, "list what was found, too")
	f.StringVar(&o.Mail, "mail", "", "write notices as files into `DIR`")
	f.StringArrayVar(&o.Addresses, "address", nil, "mail address of an addressee, `NAME=ADDRESS`")
	f.StringVar(&o.Inform, "inform", "", "write the customers to inform to `FILE`")
	return cmd
}

// unknown turns an error into the status line and exit status of a watch that
// could not look.
func (a *App) unknown(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	fmt.Fprintf(a.Out, "KCC UNKNOWN - %s\n", strings.ReplaceAll(strings.ReplaceAll(err.Error(), "\n", " "), "|", "/"))
	return exitWith(exitUnknown)
}

func runWatch(ctx context.Context, app *App, o watchOptions) (register.Level, error) {
	term, err := calendar.ParseTerm(o.SoonTerm)
	if err != nil {
		return register.Unknown, fmt.Errorf("--soon: %w", err)
	}
	o.Soon = promise.Promise{Within: term}
	o.Window = time.Duration(o.WindowFor)
	addresses := map[string]string{}
	for _, kv := range o.Addresses {
		k, v, ok := strings.Cut(kv, "=")
		if !ok {
			return register.Unknown, fmt.Errorf("--address %q: want NAME=ADDRESS", kv)
		}
		addresses[k] = v
	}
	d, err := app.desk(ctx)
	if err != nil {
		return register.Unknown, err
	}
	c, err := app.CentreIfAny(ctx)
	if err != nil {
		return register.Unknown, err
	}
	l, set := app.Lang(), app.kpiSettings(c)
	if o.Queues, err = flow.WatchedQueues(ctx, d.DB, set, app.Now()); err != nil {
		return register.Unknown, err
	}
	o.QueueNote = kpi.LevelText(l, set)
	listed := o.List || app.flags.format != "" || app.flags.out != ""
	o.Items = listed || o.Inform != ""
	w, err := d.Watch(ctx, o.WatchOptions)
	if err != nil {
		return register.Unknown, err
	}
	if app.flags.format == "" && app.flags.out != "-" {
		fmt.Fprintln(app.Out, w.Line())
	}
	if listed {
		tables := []output.Table{w.Table(l)}
		if f, err := app.format(); err == nil && f != output.CSV && !strings.HasSuffix(app.flags.out, ".csv") && app.flags.out != "-" {
			tables = append(tables, w.QueueTable(l))
		}
		if err := app.emitTables(tables...); err != nil {
			return register.Unknown, err
		}
	}
	if o.Inform != "" {
		t := w.InformTable(l)
		if err := app.writeFile(o.Inform, func(f io.Writer, format output.Format) error {
			return output.Write(f, format, app.outputOptions(), t)
		}); err != nil {
			return register.Unknown, err
		}
	}
	if o.Mail != "" {
		if err := sendNotices(ctx, app, d, o.Mail, addresses); err != nil {
			return register.Unknown, err
		}
	}
	return w.Level(), nil
}

// sendNotices writes the notices that are due as files. A notice counts as sent
// when its file is in place; when the store then cannot keep that, the files are
// taken away again.
func sendNotices(ctx context.Context, app *App, d *register.Desk, dir string, addresses map[string]string) error {
	if st, err := os.Stat(dir); err != nil || !st.IsDir() {
		return fmt.Errorf("--mail %s: there is no such folder", dir)
	}
	now := app.Now()
	var written []string
	sent, next, err := d.Notices(ctx, func(ns []register.Notice) error {
		for i := range ns {
			path := filepath.Join(dir, ns[i].FileName(now))
			for n := 2; ; n++ { // never over a mail that still waits to be sent
				if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
					break
				}
				path = filepath.Join(dir, strings.TrimSuffix(ns[i].FileName(now), ".eml")+fmt.Sprintf("-%d.eml", n))
			}
			text := ns[i].Mail(&d.Centre, addresses, now, app.Lang())
			if err := output.WriteFile(path, func(w io.Writer) error { _, err := w.Write(text); return err }); err != nil {
				return err
			}
			written = append(written, path)
		}
		return nil
	})
	if err != nil {
		for _, p := range written {
			os.Remove(p)
		}
		return err
	}
	switch {
	case sent > 0 && app.flags.dryRun:
		app.Infof("dry run: %d notices are due", sent)
	case sent > 0:
		app.Infof("%d notices in %d files", sent, len(written))
	}
	if !next.IsZero() {
		app.Infof("notices outside office hours wait until %s", next.In(app.zone).Format("Mon 2006-01-02 15:04"))
	}
	return nil
}
