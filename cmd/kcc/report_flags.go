package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"kcc/contacts"
	"kcc/contacts/kpi"
	"kcc/internal/calendar"
	"kcc/internal/centre"
	"kcc/internal/flow"
	"kcc/internal/output"
)

// reportOptions are the flags of a report.
type reportOptions struct {
	By, Every, From, To, Month, Versus string
	Filter                             map[kpi.Key]*[]string
	MinCell                            int
	Target, Level                      string
	Named                              bool
	Lead                               durationValue
}

// flags adds the flags of what a report takes.
func (o *reportOptions) flags(cmd *cobra.Command, takes kpi.Takes) {
	f := cmd.Flags()
	f.StringVar(&o.From, "from", "", "from this `DATE` on (default: the first of the data)")
	f.StringVar(&o.To, "to", "", "up to and with this `DATE` (default: the last of the data)")
	f.StringVar(&o.Month, "month", "", "one month, `2026-10`, in place of --from and --to")
	if takes.Target {
		f.StringVar(&o.Target, "target", "", "count the service level at `80/20s` in every channel (default: the targets of the centre)")
		f.StringVar(&o.Level, "service-level", "", "formula, `offered|answered|excl_short|wait_any` (default: that of the centre)")
	}
	if takes.MinCell {
		f.IntVar(&o.MinCell, "min-cell", 0, "put groups with fewer than `N` contacts together")
	}
	o.Filter = map[kpi.Key]*[]string{}
	for _, k := range takes.Filter {
		o.Filter[k] = f.StringSlice(string(k), nil, "only this `"+strings.ToUpper(string(k))+"` (may be repeated)")
	}
	if takes.By {
		f.StringVar(&o.By, "by", "", "split by `KEYS`, with commas: channel, kind, subject, segment, department, team, direction, cause")
	}
	if takes.Every {
		f.StringVar(&o.Every, "every", "", "a row per `interval|hour|day|week|month|quarter|year`")
	}
	if takes.Versus {
		f.StringVar(&o.Versus, "vs", "", "beside the `previous|year|plan`: the period before, a year ago, or what was planned")
	}
}

// reporter is what a report needs: the centre, the query and how it is shown.
type reporter struct {
	*flow.Reporting
	q    kpi.Query
	view kpi.View
	open bool // the end of the period was left open
}

// reporter reads the flags against the store.
func (a *App) reporter(ctx context.Context, o *reportOptions) (*reporter, error) {
	r := &reporter{}
	var err error
	if r.q.By, err = kpi.ParseKeys(o.By); err != nil {
		return nil, usagef("--by %w", err)
	}
	if r.q.Every, err = kpi.ParseEvery(o.Every); err != nil {
		return nil, usagef("--every %w", err)
	}
	compare, err := kpi.ParseCompare(o.Versus)
	if err != nil {
		return nil, usagef("--vs %w", err)
	}
	if r.Reporting, err = a.reporting(ctx); err != nil {
		return nil, err
	}
	if o.Level != "" {
		if r.Set.Definition, err = kpi.ParseDefinition(o.Level); err != nil {
			return nil, usagef("--service-level: %w", err)
		}
		r.Set.Formulas = nil // one formula for all
	}
	if o.Target != "" {
		t, err := parseReportTarget(o.Target)
		if err != nil {
			return nil, usagef("--target: %w", err)
		}
		if r.Set.Targets, err = kpi.TargetForAll(ctx, r.DB, t); err != nil {
			return nil, err
		}
		r.Set.Apart = true
	}
	if o.MinCell < 0 {
		return nil, usagef("--min-cell %d: want 0 or more", o.MinCell)
	}
	r.view = kpi.View{Lang: r.Lang, Now: r.Now, Compare: compare, MinCell: o.MinCell, Titles: r.Title, Charts: a.drawn()}
	r.q.Filter = map[kpi.Key][]string{}
	for k, vals := range o.Filter {
		if len(*vals) == 0 {
			continue
		}
		for _, v := range *vals {
			if k == kpi.ByChannel {
				v = contacts.ChannelName(v)
			}
			r.q.Filter[k] = append(r.q.Filter[k], v)
		}
	}
	data, has, err := kpi.DataPeriod(ctx, r.DB, r.Set)
	if err != nil {
		return nil, err
	}
	if has {
		if err := r.checkFilter(ctx); err != nil {
			return nil, err
		}
	}
	r.open = o.To == "" && o.Month == ""
	if r.q.Period, err = o.period(data, a.Today()); err != nil {
		return nil, err
	}
	if compare == kpi.VsPlan {
		r.view.Plan, err = flow.PlanFigures(ctx, r.DB, r.Set, r.q, r.Now)
	}
	return r, err
}

// checkFilter refuses values that neither the centre nor the store knows: a
// figure of 0 would hide that one is misspelt.
func (r *reporter) checkFilter(ctx context.Context) error {
	named := map[kpi.Key]map[string]string{}
	if r.Centre != nil {
		named = flow.KPINames(r.Centre)
	}
	for k, vals := range r.q.Filter {
		for _, v := range vals {
			if _, ok := named[k][v]; ok {
				continue
			}
			seen, err := kpi.Seen(ctx, r.DB, k, v)
			if err != nil {
				return err
			}
			if seen {
				continue
			}
			if names := slices.Sorted(maps.Keys(named[k])); len(names) > 0 {
				return usagef("--%s %q: no contact has it, and the centre does not name it; it names %s", k, v, strings.Join(names, ", "))
			}
			return usagef("--%s %q: no contact has it; kcc report kpi --by %s shows what there is", k, v, k)
		}
	}
	return nil
}

// warnUnseen warns of names that a list without rows was asked for and that neither
// the centre nor any contact knows: an empty list would hide that one is misspelt.
func (a *App) warnUnseen(ctx context.Context, names map[kpi.Key]string) error {
	r := &reporter{q: kpi.Query{Filter: map[kpi.Key][]string{}}}
	for k, v := range names {
		if k == kpi.ByChannel {
			v = contacts.ChannelName(v)
		}
		if v != "" {
			r.q.Filter[k] = []string{v}
		}
	}
	if len(r.q.Filter) == 0 {
		return nil
	}
	var err error
	if r.Reporting, err = a.reporting(ctx); err != nil {
		return err
	}
	var wrong *statusError
	if err := r.checkFilter(ctx); errors.As(err, &wrong) {
		a.Warnf("%s", wrong)
		return nil
	} else if err != nil {
		return err
	}
	return nil
}

// kpiSettings are the settings of reports of this centre.
func (a *App) kpiSettings(c *centre.Centre) *kpi.Settings {
	set := flow.KPISettings(c)
	set.Zone = a.zone
	return set
}

// prepareFigures makes the figures of changed days for the reports to come.
func (a *App) prepareFigures(ctx context.Context, db *sql.DB, c *centre.Centre, rows int) error {
	_, err := kpi.Prepare(ctx, db, a.kpiSettings(c), rows)
	return err
}

// drawn reports whether what is written has room for charts.
func (a *App) drawn() bool {
	f, err := output.FormatOf(a.flags.out)
	return err == nil && (f == output.XLSX || f == output.HTML)
}

// period reads --month, --from and --to; what is left open is that of the data.
func (o *reportOptions) period(data kpi.Period, today calendar.Date) (kpi.Period, error) {
	p := data
	if p.From == 0 && p.To == 0 {
		p = kpi.Period{From: today, To: today}
	}
	if o.Month != "" {
		if o.From != "" || o.To != "" {
			return p, usagef("--month names the whole period: leave out --from and --to")
		}
		m, err := kpi.ParseMonth(o.Month)
		if err != nil {
			return p, usagef("--month: %w", err)
		}
		return m, nil
	}
	var err error
	if o.From != "" {
		if p.From, err = calendar.ParseDate(o.From); err != nil {
			return p, usagef("--from: %w", err)
		}
		if o.To == "" {
			p.To = max(p.To, p.From)
		}
	}
	if o.To != "" {
		if p.To, err = calendar.ParseDate(o.To); err != nil {
			return p, usagef("--to: %w", err)
		}
		if o.From == "" {
			p.From = min(p.From, p.To)
		}
	}
	if p.To < p.From {
		return p, usagef("--to %s lies before --from %s", p.To, p.From)
	}
	return p, nil
}

// parseReportTarget reads 80/20s.
func parseReportTarget(s string) (kpi.Target, error) {
	level, within, ok := strings.Cut(s, "/")
	pct, err := strconv.ParseFloat(strings.TrimSuffix(level, "%"), 64)
	if !ok || err != nil || !(pct > 0 && pct <= 100) || math.IsNaN(pct) {
		return kpi.Target{}, fmt.Errorf("%q: want a percentage and a time, such as 80/20s", s)
	}
	d, err := calendar.ParseDuration(within)
	if err == nil && d <= 0 {
		err = fmt.Errorf("%q: the time must be above 0", s)
	}
	return kpi.Target{Level: pct / 100, Within: d}, err
}
