package main

import (
	"context"
	"errors"
	"io"
	"math"
	"time"

	"github.com/spf13/cobra"

	"kcc/internal/calendar"
	"kcc/internal/flow"
	"kcc/internal/output"
)

type capacityFlags struct {
	Months         int
	From           string
	FTE, HireHours durationValue
	Recruit, Train durationValue
	Attrition      float64
	Loss, Planned  float64
	PeakMonths     int
	TempRate       float64
}

func newPlanCapacityCmd(app *App) *cobra.Command {
	o := capacityFlags{Months: 12, FTE: durationValue(36 * time.Hour), Recruit: durationValue(8 * 7 * 24 * time.Hour), Train: durationValue(6 * 7 * 24 * time.Hour), Attrition: 0.1, Loss: -1, Planned: -1, PeakMonths: 3}
	cmd := &cobra.Command{
		Use:   "capacity",
		Short: "FTE needed per month against contracts: gap, hiring dates, cost",
		Long: "capacity forecasts the coming months, computes the agents that keep the targets in every half hour,\n" +
			"adds planned and unplanned shrinkage and what rosters lose, and compares the paid hours with the\n" +
			"contracts in the store, of which a share leaves each year. Where they fall short it says how many\n" +
			"people to hire, and when to begin to look so that they are found and trained in time. Nobody is hired\n" +
			"for a peak: who would have work for less than --peak-months in the first year is left to temporary hours\n" +
			"(overtime, agency staff, outsourcing), as are the months by which nobody can be found.\n\n" +
			"Exit status 4: people are needed sooner than they can be found.",
		Example: "  kcc plan capacity --months 12\n" +
			"  kcc plan capacity --months 18 --attrition 0.15 --train 8w -o capacity.xlsx --lang nl\n" +
			"  kcc plan capacity --months 18 --peak-months 6 --temporary-rate 48\n" +
			"  kcc plan capacity --fte 40h --format json",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runPlanCapacity(cmd.Context(), app, o) },
	}
	f := cmd.Flags()
	f.IntVar(&o.Months, "months", o.Months, "`N` months")
	f.StringVar(&o.From, "from", "", "first month, `2027-01` (default the next)")
	f.Var(&o.FTE, "fte", "`HOURS` a week of one full-time job")
	f.Var(&o.HireHours, "hire-hours", "`HOURS` a week of a new contract (default one full-time job)")
	f.Float64Var(&o.Attrition, "attrition", o.Attrition, "`SHARE` of the agents that leaves within a year")
	f.Var(&o.Recruit, "recruit", "how long it takes to find somebody, a `TIME` (default 8w)")
	f.Var(&o.Train, "train", "how long it takes until somebody does full work, a `TIME` (default 6w)")
	f.Float64Var(&o.Loss, "loss", o.Loss, "`SHARE` of rostered hours above the need (default that of the last roster)")
	f.Float64Var(&o.Planned, "planned", o.Planned, "planned shrinkage, a `SHARE` (default the centre's)")
	f.IntVar(&o.PeakMonths, "peak-months", o.PeakMonths, "hire who has work for `N` months of the first 12; less is a peak, for temporary hours; 0 hires for every gap")
	f.Float64Var(&o.TempRate, "temporary-rate", 0, "`COST` of an hour of temporary work (default one and a half times an hour of contract)")
	return cmd
}

func runPlanCapacity(ctx context.Context, app *App, o capacityFlags) error {
	share := func(name string, x float64, unset bool) error {
		if !(x >= 0 && x < 1) && !unset {
			return usagef("--%s %g: want a share from 0 to below 1", name, x)
		}
		return nil
	}
	if err := errors.Join(share("attrition", o.Attrition, false), share("loss", o.Loss, o.Loss == -1), share("planned", o.Planned, o.Planned == -1)); err != nil {
		return err
	}
	switch {
	case o.Months < 1 || o.Months > 60:
		return usagef("--months %d: want 1 to 60", o.Months)
	case o.FTE <= 0 || time.Duration(o.FTE) > 60*time.Hour:
		return usagef("--fte %s: want hours a week such as 36h", o.FTE.String())
	case o.PeakMonths < 0 || o.PeakMonths > 12:
		return usagef("--peak-months %d: want 0 to 12", o.PeakMonths)
	case !(o.TempRate >= 0) || math.IsInf(o.TempRate, 1):
		return usagef("--temporary-rate %g: want the cost of an hour, such as 48", o.TempRate)
	case o.Recruit < 0 || o.Train < 0 || o.HireHours < 0:
		return usagef("--recruit, --train and --hire-hours must not be negative")
	}
	opt := flow.CapacityOptions{
		Months: o.Months, FullTime: time.Duration(o.FTE), HireHours: time.Duration(o.HireHours), Attrition: o.Attrition,
		Recruit: time.Duration(o.Recruit), Train: time.Duration(o.Train), Loss: o.Loss, Planned: o.Planned,
		PeakMonths: o.PeakMonths, TempRate: o.TempRate,
	}
	if o.PeakMonths == 0 {
		opt.PeakMonths = -1
	}
	if o.From != "" {
		d, err := calendar.ParseDate(o.From + "-01")
		if err != nil {
			return usagef("--from %q: want a month such as 2027-01", o.From)
		}
		if year, month, _ := app.Today().Civil(); d < calendar.NewDate(year, month, 1) {
			return usagef("--from %s is over: want this month or a later one", o.From)
		}
		opt.From = d
	}
	s, err := app.site(ctx)
	if err != nil {
		return err
	}
	bar := app.NewProgress("capacity", 100)
	opt.Step = func(done float64) { bar.Set(int64(100 * done)) }
	c, err := s.PlanCapacity(ctx, opt)
	bar.Done()
	switch {
	case errors.Is(err, flow.ErrNoContracts):
		return withHint(err, "load them with \"kcc roster import agents.csv\"")
	case errors.Is(err, flow.ErrNothingToPlan):
		return withHint(err, "load history with \"kcc import FILE\"")
	case err != nil:
		return err
	}
	if err := app.emitBook(c.Book(app.Lang(), s.Centre.Name, s.Centre.Currency)); err != nil {
		return err
	}
	if short := c.Unfilled(); len(short) > 0 {
		worst := short[0]
		for _, m := range short {
			if m.Gap > worst.Gap {
				worst = m
			}
		}
		l := app.Lang()
		if l == output.Dutch {
			return notMetf("%s een tekort voor er iemand te vinden en in te werken is, het meest in %s: %s fte",
				app.count(len(short), "", "maand houdt", "maanden houden"), worst.First.Format("2006-01"), l.Number(worst.Gap, 1))
		}
		return notMetf("%s short before anybody can be found and trained, most in %s: %s FTE", isAre(len(short), "month stays", "months stay"), worst.First.Format("2006-01"), l.Number(worst.Gap, 1))
	}
	if len(c.Skipped) > 0 {
		return partialf(app.Lang().Pick("the plan is made, but not for %s", "het plan is gemaakt, maar niet voor %s"), c.SkippedText())
	}
	return nil
}

// emitBook writes tables that belong together: as a workbook or page with its
// facts and charts, else as tables; CSV holds the first.
func (a *App) emitBook(book output.Book) error {
	if out := a.flags.out; out != "" && out != "-" {
		if f, err := output.FormatOf(out); err == nil && (f == output.XLSX || f == output.HTML) {
			return a.writeFile(out, func(w io.Writer, f output.Format) error { return output.WriteBook(w, f, a.outputOptions(), book) })
		}
	}
	tables := book.Tables
	if a.singleTable() {
		tables = tables[:1]
	}
	if err := a.emit(tables...); err != nil {
		return err
	}
	if book.Lead != "" {
		a.Infof("%s", book.Lead)
	}
	return nil
}
