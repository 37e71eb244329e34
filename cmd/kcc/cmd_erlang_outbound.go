package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"kcc/erlang"
	"kcc/internal/staffing"
	"kcc/internal/tabular"
)

// outboundOptions are the flags of erlang outbound.
type outboundOptions struct {
	In, Hours, Connect, Right string
	Records                   float64
	Attempts                  int
	Talk, Dial                durationValue
	MaxOccupancy              string
}

func newErlangOutboundCmd(app *App) *cobra.Command {
	o := &outboundOptions{}
	cmd := &cobra.Command{
		Use:   "outbound",
		Short: "Workload of lists to be called, and the hours that reach most people",
		Long: "outbound turns records, attempts, the chance of an answer, talk and dial time into calls, people\n" +
			"reached and hours of work. With --in it does so for every row of a file. With --hours it spreads\n" +
			"one list over intervals with their own chance of an answer (column connect): those that reach\n" +
			"most people first, up to the room in room_s, or in the idle time of agents that kcc staff planned\n" +
			"for other work (columns agents and occupancy), filled up to --max-occupancy.",
		Example: "  kcc erlang outbound --records 2000 --attempts 3 --connect 0.4,0.3,0.25 --talk 240s --dial 35s\n" +
			"  kcc erlang outbound --records 2000 --attempts 3 --talk 240s --dial 35s --hours hours.csv -o spread.csv\n" +
			"  kcc erlang outbound --in lists.csv --connect 0.35 --talk 4m --dial 30s -o work.csv",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runErlangOutbound(cmd.Context(), app, o) },
	}
	f := cmd.Flags()
	f.Float64Var(&o.Records, "records", 0, "`number` of people on the list")
	f.IntVar(&o.Attempts, "attempts", 1, "calls per person at most")
	f.StringVar(&o.Connect, "connect", "", "chance of an answer, by attempt; the last one holds on: `0.4,0.3`")
	f.Var(&o.Talk, "talk", "talk and wrap-up of an answered call, for example `240s`")
	f.Var(&o.Dial, "dial", "dialling and ringing of a call that nobody answers, for example `30s`")
	f.StringVar(&o.Right, "right", "", "`share` of answered calls with the right person (default all)")
	f.StringVar(&o.In, "in", "", "lists from `FILE`, one per row: records, attempts, connect, talk_s, dial_s, right; results are appended")
	f.StringVar(&o.Hours, "hours", "", "intervals from `FILE` to spread the list over: connect, and room_s, or agents, occupancy and interval_s")
	f.StringVar(&o.MaxOccupancy, "max-occupancy", "0.95", "occupancy up to which idle time is filled, for example `0.9`")
	return cmd
}

func runErlangOutbound(ctx context.Context, app *App, o *outboundOptions) error {
	list := erlang.Outbound{Records: o.Records, Attempts: o.Attempts, Talk: time.Duration(o.Talk).Seconds(), Dial: time.Duration(o.Dial).Seconds()}
	var err error
	if o.Connect != "" {
		if list.Connect, err = staffing.ParseChances(o.Connect); err != nil {
			return usagef("--connect: %w", err)
		}
	}
	if o.Right != "" {
		if list.RightOne, err = parseShare(o.Right, false); err != nil || list.RightOne == 0 {
			return usagef("--right %q: want a share above 0", o.Right)
		}
	}
	limit, err := parseShare(o.MaxOccupancy, false)
	switch {
	case err != nil:
		return usagef("--max-occupancy: %w", err)
	case o.In != "" && o.Hours != "":
		return usagef("--in and --hours: give one of them")
	case o.Attempts < 1:
		return usagef("--attempts %d: want 1 or more", o.Attempts)
	}
	if err := list.Check(); err != nil {
		return usagef("%w", err)
	}
	if o.In != "" {
		return app.outboundLists(ctx, o.In, list)
	}
	if !(o.Records > 0) {
		return usagef("no list: give --records, or a file of lists with --in")
	}
	if o.Hours != "" {
		return app.outboundHours(ctx, o.Hours, list, limit)
	}
	if len(list.Connect) == 0 {
		return usagef("no chance of an answer: give --connect, for example --connect 0.4,0.3")
	}
	return app.emit(staffing.OutboundTable(list))
}

func (a *App) outboundLists(ctx context.Context, in string, def erlang.Outbound) error {
	r, err := tabular.OpenFile(in, a.In, tabular.Options{})
	if err != nil {
		return err
	}
	defer r.Close()
	var rep *staffing.FormulaReport
	err = a.appendRows("outbound", "Outbound", func(sink staffing.Sink) ([]string, error) {
		var err error
		rep, err = staffing.OutboundLists(ctx, r, def, sink)
		return nil, err
	})
	if rep != nil {
		a.warnRejected(&rep.Rejected)
	}
	if err != nil {
		return err
	}
	if rep.Rejected.Count > 0 {
		return partialf("%d of %d rows could not be read and have no answer", rep.Rejected.Count, rep.Rows)
	}
	return nil
}

func (a *App) outboundHours(ctx context.Context, in string, list erlang.Outbound, limit float64) error {
	r, err := tabular.OpenFile(in, a.In, tabular.Options{})
	if err != nil {
		return err
	}
	defer r.Close()
	var plan *erlang.OutboundPlan
	err = a.appendRows("outbound", "Outbound", func(sink staffing.Sink) ([]string, error) {
		var err error
		plan, err = staffing.SpreadOutbound(ctx, r, list, limit, sink)
		return nil, err
	})
	if err != nil {
		return err
	}
	a.Infof("%.0f calls reach %.0f of %.0f people in %.1f hours of work", plan.Calls, plan.Reached, list.Records, plan.Seconds/3600)
	if plan.Open > 0.5 {
		a.Infof("%.0f people could still be called, but these intervals have no room for it that would reach more", plan.Open)
	}
	return nil
}
