package main

import (
	"context"

	"github.com/spf13/cobra"

	"kcc/internal/staffing"
	"kcc/internal/tabular"
)

func newErlangDeadlineCmd(app *App) *cobra.Command {
	o := &staffOptions{}
	cmd := &cobra.Command{
		Use:   "deadline",
		Short: "Follow work with a lead time through the agents of a plan",
		Long: "deadline plays e-mail, post and other work with a lead time with the agents in the rows, as kcc\n" +
			"staff writes them, earliest deadline first. It appends the work that waits at the end of each\n" +
			"interval, in hours and in days of the day's capacity, and the age of the oldest, and tells how\n" +
			"much was late. Idle time of other channels is not counted.\n\n" +
			"Exit status 4: less than the promised share is in time.",
		Example: "  kcc erlang deadline --in requirement.csv --target email=95/1wd -o backlog.csv\n" +
			"  kcc erlang deadline --in requirement.csv --target email=95/4bh --backlog waiting.csv",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runErlangDeadline(cmd.Context(), app, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.In, "in", "", "rows from `FILE`: channel, start, offered, aht_s and agents")
	f.StringVar(&o.Backlog, "backlog", "", "work that waits when the plan begins, from `FILE`: channel, received, count, aht_s")
	f.Var(&o.Interval, "interval", "length of the intervals, where rows do not say, for example `15m`")
	o.set.addFlags(cmd)
	return cmd
}

func runErlangDeadline(ctx context.Context, app *App, o *staffOptions) error {
	if o.In == "" {
		return withHint(usagef("--in FILE is missing"), "write a requirement with \"kcc staff -o requirement.csv\" first")
	}
	opt, err := o.options(ctx, app)
	if err != nil {
		return err
	}
	r, err := tabular.OpenFile(o.In, app.In, tabular.Options{})
	if err != nil {
		return err
	}
	defer r.Close()
	var rep *staffing.Report
	var followed []staffing.Followed
	err = app.appendRows("backlog", "Backlog", func(sink staffing.Sink) ([]string, error) {
		var err error
		rep, followed, err = staffing.FollowDeadline(ctx, r, opt, sink)
		return []string{
			"backlog_hours: handle time that waits at the end of the interval; backlog_days: that over the agents' time of the day; oldest_s: age of the oldest.",
		}, err
	})
	if err != nil {
		return err
	}
	app.warnRejected(&rep.Rejected)
	missed := 0
	for _, f := range followed {
		app.Infof("%s: %.1f of %.1f contacts late, %.1f %% in time; mean wait %.1f h, oldest %.1f h, %.1f h of work left; agents %.0f %% busy",
			f.Channel, f.Late, f.Contacts, 100*f.InTime, f.MeanWait/3600, f.Oldest/3600, f.Backlog, 100*f.Occupancy)
		if f.InTime < f.Promised-promiseSlack {
			missed++
		}
	}
	switch {
	case missed > 0:
		return notMetf("less than the promised share is in time on %d of %d channels", missed, len(followed))
	case rep.Rejected.Count > 0:
		return partialf("%d of %d rows could not be read and were left out", rep.Rejected.Count, rep.Rows)
	}
	return nil
}

// promiseSlack is what the share in time may fall short by rounding.
const promiseSlack = 1e-9
