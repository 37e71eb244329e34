package kpi

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/output"
)

// drawer makes the charts of a report from the store.
type drawer struct {
	db  *sql.DB
	set *Settings
	q   Query
	v   *View
}

// load loads the frame of the query split otherwise.
func (d *drawer) load(ctx context.Context, every Every, by ...Key) (*Frame, error) {
	q := d.q
	q.Every, q.By = every, by
	return Load(ctx, d.db, d.set, q)
}

// loadWork is load with work and promises, which few charts need.
func (d *drawer) loadWork(ctx context.Context, every Every) (*Frame, error) {
	q := d.q
	q.Every, q.By = every, nil
	return loadAll(ctx, d.db, d.set, q, View{Now: d.v.Now, Lang: d.v.Lang})
}

// bucketEvery is the bucket in which charts draw the period: at most a quarter
// in days, two years in weeks, longer in months.
func (d *drawer) bucketEvery() Every {
	if d.q.Every != Whole && !d.q.Every.belowDay() {
		return d.q.Every
	}
	const twoYears = 2 * 366
	if d.q.Days() > twoYears {
		return Month
	}
	return trendEvery(d.q.Period)
}

// axis names the buckets of a frame, and which of them stand on the axis.
func (d *drawer) axis(f *Frame) (starts []time.Time, x, ticks []string) {
	for i := range f.Groups {
		if n := len(starts); n == 0 || !starts[n-1].Equal(f.Groups[i].Start) {
			starts = append(starts, f.Groups[i].Start)
		}
	}
	e, l := f.Query.Every, d.v.Lang
	for _, t := range starts {
		x = append(x, e.bucketName(t, l))
		switch e {
		case Day:
			ticks = append(ticks, l.Day(t))
		case Month:
			ticks = append(ticks, t.Format("1-06"))
		default:
			ticks = append(ticks, e.bucketName(t, l))
		}
	}
	return starts, x, ticks
}

// trend draws a figure over time with its 95 % interval and its goal.
func (d *drawer) trend(ctx context.Context, key string) ([]output.Chart, error) {
	figs := Pick(allFigures(d.set), key)
	read := func() (*Frame, error) { return d.load(ctx, d.bucketEvery()) }
	if slices.Contains(workKeys, key) {
		read = func() (*Frame, error) { return d.loadWork(ctx, d.bucketEvery()) }
	}
	f, err := read()
	if err != nil || len(figs) == 0 || math.IsNaN(figs[0].Value(&f.Total)) {
		return nil, err
	}
	g := &figs[0]
	if slices.Contains(workKeys, key) { // from the first work on
		first := slices.IndexFunc(f.Groups, func(g Group) bool { return g.Sums[Received]+g.Sums[Closed]+g.Sums[Open]+g.Sums[Decided] > 0 })
		f.Groups = f.Groups[max(first, 0):]
	}
	_, x, ticks := d.axis(f)
	c := output.Chart{Name: g.Name(d.v.Lang), Title: g.Name(d.v.Lang), Kind: output.LineChart, X: x, Ticks: ticks, Digits: g.Digits, Percent: g.Kind == output.Percent}
	s := output.ChartSeries{Name: g.Name(d.v.Lang)}
	if g.Bounds != nil {
		s.BandName = d.v.Lang.Pick("95% interval", "95%-interval")
	}
	for i := range f.Groups {
		sums := &f.Groups[i].Sums
		s.Values = append(s.Values, g.Value(sums))
		if g.Bounds != nil {
			lo, hi := g.Bounds(sums)
			s.Low, s.High = append(s.Low, lo), append(s.High, hi)
		}
	}
	c.Series = append(c.Series, s)
	if t, ok := d.goal(); key == "service_level" && ok {
		line := output.ChartSeries{Name: d.v.Lang.Pick("Target", "Norm"), Dashed: true}
		for range x {
			line.Values = append(line.Values, t)
		}
		c.Series = append(c.Series, line)
	}
	if g.Kind == output.Seconds {
		c.YLabel = d.v.Lang.Pick("seconds", "seconden")
	}
	c.Note = g.Definition(d.v.Lang, d.set)
	return []output.Chart{c}, nil
}

// goal returns the level of the target when all channels asked for have the same.
func (d *drawer) goal() (float64, bool) {
	level := math.NaN()
	for ch, t := range d.set.Targets {
		if only := d.q.Filter[ByChannel]; len(only) > 0 && !slices.Contains(only, ch) {
			continue
		}
		if !math.IsNaN(level) && level != t.Level {
			return 0, false
		}
		level = t.Level
	}
	return level, level > 0
}

// mix draws the volume over time, stacked by channel.
func (d *drawer) mix(ctx context.Context) ([]output.Chart, error) {
	f, err := d.load(ctx, d.bucketEvery(), ByChannel)
	if err != nil || f.Total[Offered] == 0 {
		return nil, err
	}
	starts, x, ticks := d.axis(f)
	c := output.Chart{
		Name: d.v.Lang.Pick("Channel mix", "Kanaalmix"), Title: d.v.Lang.Pick("Volume by channel", "Volume per kanaal"),
		Kind: output.BarChart, Stacked: true, X: x, Ticks: thin(ticks), YLabel: d.v.Lang.Pick("contacts", "contacten"),
	}
	c.Series = d.series(f, starts, get(Offered), ByChannel, maxSeries)
	c.Note = Pick(allFigures(d.set), "offered")[0].Definition(d.v.Lang, d.set)
	return []output.Chart{c}, nil
}

// maxSeries is how many series a stacked chart tells apart; the rest is one.
const maxSeries = 8

// series gives the values of each value of a key per bucket, the smallest ones
// together.
func (d *drawer) series(f *Frame, starts []time.Time, of func(*Sums) float64, k Key, most int) []output.ChartSeries {
	size := map[string]float64{}
	var names []string
	for i := range f.Groups {
		v := f.Groups[i].Values[0]
		if _, ok := size[v]; !ok {
			names = append(names, v)
		}
		size[v] += of(&f.Groups[i].Sums)
	}
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(size[b], size[a]) })
	at := map[string]int{}
	var out []output.ChartSeries
	for i, v := range names {
		if i >= most-1 && len(names) > most {
			at[v] = most - 1
			if i > most-1 {
				continue
			}
			out = append(out, output.ChartSeries{Name: d.v.Lang.Pick("other", "overig")})
			continue
		}
		at[v] = i
		out = append(out, output.ChartSeries{Name: d.v.title(k, v)})
	}
	for i := range out {
		out[i].Values = make([]float64, len(starts))
	}
	b := -1
	for i := range f.Groups {
		if b < 0 || !starts[b].Equal(f.Groups[i].Start) {
			b++
		}
		out[at[f.Groups[i].Values[0]]].Values[b] += of(&f.Groups[i].Sums)
	}
	return out
}

// thin blanks ticks so that bars keep readable labels.
func thin(ticks []string) []string {
	const most = 16
	every := (len(ticks) + most - 1) / most
	if every <= 1 {
		return ticks
	}
	out := make([]string, len(ticks))
	for i := range ticks {
		if i%every == 0 {
			out[i] = ticks[i]
		}
	}
	return out
}

// heat draws the mean volume per weekday and hour of the local clock.
func (d *drawer) heat(ctx context.Context) ([]output.Chart, error) {
	if !d.plain() {
		return nil, nil
	}
	f, err := d.load(ctx, Hour)
	if err != nil || f.Total[Offered] == 0 {
		return nil, err
	}
	var sum [7][24]float64
	days := [7]map[string]bool{}
	lo, hi := 23, 0
	for i := range f.Groups {
		g := &f.Groups[i]
		w := (int(g.Start.Weekday()) + 6) % 7
		sum[w][g.Start.Hour()] += g.Sums[Offered]
		if days[w] == nil {
			days[w] = map[string]bool{}
		}
		days[w][g.Start.Format(time.DateOnly)] = true
		lo, hi = min(lo, g.Start.Hour()), max(hi, g.Start.Hour())
	}
	l := d.v.Lang
	c := output.Chart{
		Name: l.Pick("Week pattern", "Weekpatroon"), Title: l.Pick("Contacts per weekday and hour", "Contacten per weekdag en uur"), Kind: output.HeatMap,
		Note: l.Pick("Mean number offered per hour over the days with contacts, on the local clock.", "Gemiddeld aangeboden per uur over de dagen met contacten, lokale tijd."),
	}
	for h := lo; h <= hi; h++ {
		c.X = append(c.X, fmt.Sprintf("%02d", h))
	}
	for w := range sum {
		if len(days[w]) == 0 {
			continue
		}
		row := make([]float64, 0, hi-lo+1)
		for h := lo; h <= hi; h++ {
			row = append(row, sum[w][h]/float64(len(days[w])))
		}
		c.Rows, c.Values = append(c.Rows, l.WeekdayName(time.Weekday((w+1)%7))), append(c.Values, row)
	}
	return []output.Chart{c}, nil
}

// plain reports whether the statistics per interval know the filter.
func (d *drawer) plain() bool {
	for k, v := range d.q.Filter {
		if k != ByChannel && len(v) > 0 {
			return false
		}
	}
	return true
}

// byInterval draws the service level by the time of the day.
func (d *drawer) byInterval(ctx context.Context) ([]output.Chart, error) {
	if !d.plain() {
		return nil, nil
	}
	f, err := d.load(ctx, Interval)
	if err != nil || f.Total[SLOffered] == 0 {
		return nil, err
	}
	slots := map[calendar.Clock]*Sums{}
	for i := range f.Groups {
		at := calendar.ClockOf(f.Groups[i].Start, d.set.zone())
		if slots[at] == nil {
			slots[at] = &Sums{}
		}
		slots[at].Add(&f.Groups[i].Sums)
	}
	var order []calendar.Clock
	for at, s := range slots {
		if s[SLOffered] > 0 {
			order = append(order, at)
		}
	}
	if len(order) == 0 {
		return nil, nil
	}
	slices.Sort(order)
	l := d.v.Lang
	g := serviceLevel(d.set)
	c := output.Chart{
		Name: l.Pick("By interval", "Per interval"), Title: l.Pick("Service level by time of day", "Servicelevel naar tijd van de dag"),
		Kind: output.LineChart, Percent: true, Digits: 1, Note: g.Definition(l, d.set),
	}
	s := output.ChartSeries{Name: g.Name(l), BandName: l.Pick("95% interval", "95%-interval")}
	line := output.ChartSeries{Name: l.Pick("Target", "Norm"), Dashed: true}
	goal, has := d.goal()
	for _, at := range order {
		c.X = append(c.X, at.String())
		tick := ""
		if at%60 == 0 {
			tick = at.String()
		}
		c.Ticks = append(c.Ticks, tick)
		lo, hi := g.Bounds(slots[at])
		s.Values, s.Low, s.High = append(s.Values, g.Value(slots[at])), append(s.Low, lo), append(s.High, hi)
		line.Values = append(line.Values, goal)
	}
	c.Series = append(c.Series, s)
	if has {
		c.Series = append(c.Series, line)
	}
	return []output.Chart{c}, nil
}

// pareto draws the values of a key by volume, the largest first.
func (d *drawer) pareto(ctx context.Context, k Key, of func(*Sums) float64, en, nl string) ([]output.Chart, error) {
	f, err := d.load(ctx, Whole, k)
	if err != nil || of(&f.Total) == 0 || len(f.Groups) < 2 {
		return nil, err
	}
	groups := slices.Clone(f.Groups)
	slices.SortStableFunc(groups, func(a, b Group) int { return cmp.Compare(of(&b.Sums), of(&a.Sums)) })
	l := d.v.Lang
	c := output.Chart{Name: l.Pick(en, nl), Title: l.Pick(en, nl), Kind: output.Pareto, YLabel: l.Pick("contacts", "contacten")}
	s := output.ChartSeries{Name: l.Pick("contacts", "contacten")}
	const most = 20
	rest := 0.0
	for i := range groups {
		if v := of(&groups[i].Sums); i < most-1 || len(groups) <= most {
			c.X, s.Values = append(c.X, d.v.title(k, groups[i].Values[0])), append(s.Values, v)
		} else {
			rest += v
		}
	}
	if rest > 0 {
		c.X, s.Values = append(c.X, l.Pick("other", "overig")), append(s.Values, rest)
	}
	c.Series = []output.ChartSeries{s}
	return []output.Chart{c}, nil
}

// charts draws what belongs to a report.
func (d *drawer) charts(ctx context.Context, name string) ([]output.Chart, error) {
	type draw func() ([]output.Chart, error)
	trend := func(key string) draw { return func() ([]output.Chart, error) { return d.trend(ctx, key) } }
	pareto := func(k Key, en, nl string) draw {
		return func() ([]output.Chart, error) { return d.pareto(ctx, k, get(Contacts), en, nl) }
	}
	mix := func() ([]output.Chart, error) { return d.mix(ctx) }
	heat := func() ([]output.Chart, error) { return d.heat(ctx) }
	slots := func() ([]output.Chart, error) { return d.byInterval(ctx) }
	lead := func() ([]output.Chart, error) { return d.leadChart(ctx) }
	var list []draw
	switch name {
	case "channel":
		list = []draw{mix, trend("service_level"), heat, slots}
	case "kind":
		list = []draw{pareto(ByKind, "Contacts by kind", "Contacten naar soort")}
	case "subject":
		list = []draw{pareto(BySubject, "Contacts by subject", "Contacten naar onderwerp"), trend("repeat_rate")}
	case "segment":
		list = []draw{pareto(BySegment, "Contacts by segment", "Contacten naar doelgroep")}
	case "agent":
	case "leadtime":
		list = []draw{lead, trend("on_time")}
	case "backlog":
		list = []draw{trend("open")}
	case "repeat":
		list = []draw{trend("fcr")}
	default:
		list = []draw{trend("service_level"), mix, heat, slots, pareto(BySubject, "Contacts by subject", "Contacten naar onderwerp"), lead, trend("on_time")}
	}
	var out []output.Chart
	for _, f := range list {
		c, err := f()
		if err != nil {
			return nil, err
		}
		out = append(out, c...)
	}
	return out, nil
}
