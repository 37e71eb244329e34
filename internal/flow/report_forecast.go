package flow

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"time"

	"kcc/contacts"
	"kcc/contacts/kpi"
	"kcc/forecast"
	"kcc/internal/calendar"
	"kcc/internal/output"
	"kcc/internal/planstore"
)

// hit is a forecast interval with what came.
type hit struct {
	start        time.Time
	mean, actual float64
	aht, seen    float64 // handle time foreseen and had, NaN unknown
	lo, hi       []float64
	levels       []float64
}

// accuracySums adds up how well a forecast did.
type accuracySums struct {
	n                    int
	actual, mean         float64
	abs, floor           float64
	dayAbs               float64
	in80, in95, n80, n95 float64
	ahtAbs, ahtActual    float64
	perDay               map[calendar.Date][2]float64
}

func (a *accuracySums) add(h *hit, loc *time.Location) {
	a.n++
	a.actual += h.actual
	a.mean += h.mean
	a.abs += math.Abs(h.mean - h.actual)
	a.floor += forecast.PoissonFloor(h.mean)
	for i, level := range h.levels {
		if i >= len(h.lo) || math.IsNaN(h.lo[i]) {
			continue
		}
		in := 0.0
		if h.actual >= math.Floor(h.lo[i]) && h.actual <= math.Ceil(h.hi[i]) { // counts are whole
			in = 1
		}
		switch {
		case math.Abs(level-0.80) < 1e-9:
			a.in80 += in
			a.n80++
		case math.Abs(level-0.95) < 1e-9:
			a.in95 += in
			a.n95++
		}
	}
	if !math.IsNaN(h.aht) && !math.IsNaN(h.seen) {
		a.ahtAbs += math.Abs(h.aht-h.seen) * h.actual
		a.ahtActual += h.seen * h.actual
	}
	if a.perDay == nil {
		a.perDay = map[calendar.Date][2]float64{}
	}
	d := calendar.DateOf(h.start, loc)
	v := a.perDay[d]
	a.perDay[d] = [2]float64{v[0] + h.mean, v[1] + h.actual}
}

func (a *accuracySums) dayError() float64 {
	sum := 0.0
	for _, d := range slices.Sorted(keysOf(a.perDay)) {
		sum += math.Abs(a.perDay[d][0] - a.perDay[d][1])
	}
	return sum
}

func keysOf[K comparable, V any](m map[K]V) func(func(K) bool) {
	return func(yield func(K) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// hitsOf matches the forecast of record with what came, per channel. Days without
// any row of a channel are left out: what did not come yet says nothing.
func hitsOf(ctx context.Context, db *sql.DB, set *kpi.Settings, q kpi.Query, lead time.Duration) (map[string][]hit, []string, error) {
	loc := set.Zone
	from, until := q.From.Start(loc), q.To.Add(1).Start(loc)
	records, err := planstore.RecordForecasts(ctx, db, from, until, lead, loc)
	if err != nil || len(records) == 0 {
		return nil, nil, err
	}
	a := q
	a.By, a.Every = []kpi.Key{kpi.ByChannel}, kpi.Interval
	f, err := kpi.Load(ctx, db, set, a)
	if err != nil {
		return nil, nil, err
	}
	type cell struct{ offered, handle, handleN float64 }
	step := map[string]time.Duration{}
	for i := range f.Groups {
		g := &f.Groups[i]
		step[g.Values[0]] = max(step[g.Values[0]], g.End.Sub(g.Start))
	}
	out := map[string][]hit{}
	var order []string
	for _, r := range records {
		name := contacts.ChannelName(r.Channel)
		if only := q.Filter[kpi.ByChannel]; len(only) > 0 && !slices.Contains(only, name) {
			continue
		}
		if f.Seen[name] == nil || len(r.Points) == 0 {
			continue
		}
		width := max(step[name], r.Points[0].Step)
		floor := func(t time.Time) int64 {
			_, off := t.Zone()
			w := int64(width / time.Second)
			local := t.Unix() + int64(off)
			return t.Unix() - local%w
		}
		actual := map[int64]cell{}
		for i := range f.Groups {
			if g := &f.Groups[i]; g.Values[0] == name {
				c := actual[floor(g.Start)]
				c.offered += g.Sums[kpi.Offered]
				c.handle += g.Sums[kpi.Handle]
				c.handleN += g.Sums[kpi.HandleN]
				actual[floor(g.Start)] = c
			}
		}
		at := map[int64]int{}
		for _, p := range r.Points {
			if _, covered := f.Seen[name][calendar.DateOf(p.Start, loc)]; !covered || math.IsNaN(p.Mean) || !p.Start.Before(f.Last) {
				continue
			}
			k := floor(p.Start)
			i, ok := at[k]
			if !ok {
				c := actual[k]
				h := hit{start: time.Unix(k, 0).In(loc), actual: c.offered, aht: p.AHT, seen: math.NaN()}
				if c.handleN > 0 {
					h.seen = c.handle / c.handleN
				}
				if width == p.Step {
					h.levels = r.Levels
					for b := 0; b+1 < len(p.Bounds); b += 2 {
						h.lo, h.hi = append(h.lo, p.Bounds[b]), append(h.hi, p.Bounds[b+1])
					}
				}
				i = len(out[name])
				at[k] = i
				out[name] = append(out[name], h)
			}
			out[name][i].mean += p.Mean
		}
		if len(out[name]) > 0 {
			order = append(order, name)
		}
	}
	return out, order, nil
}

// ForecastReport compares the forecast of record with what came: of each interval
// the newest forecast made at least lead before it.
func ForecastReport(ctx context.Context, db *sql.DB, set *kpi.Settings, q kpi.Query, v kpi.View, lead time.Duration) (*kpi.Report, error) {
	hits, order, err := hitsOf(ctx, db, set, q, lead)
	if err != nil {
		return nil, err
	}
	l := v.Lang
	pick := func(en, nl string) string {
		if l == output.Dutch {
			return nl
		}
		return en
	}
	r := &kpi.Report{Name: "forecast", Title: pick("Forecast against what came, ", "Prognose tegenover wat kwam, ") + q.Period.Span(l)}
	type line struct {
		start   time.Time
		channel string
		accuracySums
	}
	rows := map[string]*line{}
	var list []*line
	total := &line{}
	for _, ch := range order {
		for i := range hits[ch] {
			h := &hits[ch][i]
			var start time.Time
			if q.Every != kpi.Whole {
				start = q.Every.Start(h.start)
			}
			k := fmt.Sprint(start.Unix()) + ch
			if rows[k] == nil {
				rows[k] = &line{start: start, channel: ch}
				list = append(list, rows[k])
			}
			rows[k].add(h, set.Zone)
			total.add(h, set.Zone)
		}
	}
	slices.SortStableFunc(list, func(a, b *line) int { return a.start.Compare(b.start) })
	t := output.Table{Name: "forecast", Sheet: pick("Forecast", "Prognose"), Title: r.Title, Keys: 1}
	if q.Every != kpi.Whole {
		t.Keys = 2
		kind := output.Date
		if q.Every == kpi.Hour || q.Every == kpi.Interval {
			kind = output.DateTime
		}
		t.Columns = append(t.Columns, output.Column{Name: "start", Title: pick("Start", "Begin"), Kind: kind})
	}
	percent := func(name, en, nl string) output.Column {
		return output.Column{Name: name, Title: pick(en, nl), Kind: output.Percent, Digits: 1}
	}
	t.Columns = append(t.Columns, output.Column{Name: "channel", Title: pick("Channel", "Kanaal")},
		output.Column{Name: "forecast", Title: pick("Forecast", "Prognose"), Kind: output.Number}, output.Column{Name: "offered", Title: pick("Offered", "Aangeboden"), Kind: output.Number},
		percent("bias", "Bias", "Scheefheid"), percent("wape_interval", "Error per interval", "Fout per interval"), percent("poisson_floor", "Chance alone", "Toeval alleen"),
		percent("wape_day", "Error per day", "Fout per dag"), percent("within_80", "Within 80%", "Binnen 80%"), percent("within_95", "Within 95%", "Binnen 95%"), percent("aht_wape", "AHT error", "Fout AHT"))
	of := func(a, b float64) any {
		if b == 0 {
			return nil
		}
		return a / b
	}
	row := func(x *line, name string) []any {
		var out []any
		if q.Every != kpi.Whole {
			out = append(out, x.start)
		}
		return append(out, name, x.mean, x.actual, of(x.mean-x.actual, x.actual), of(x.abs, x.actual), of(x.floor, x.actual), of(x.dayError(), x.actual),
			of(x.in80, x.n80), of(x.in95, x.n95), of(x.ahtAbs, x.ahtActual))
	}
	data := t
	for _, x := range list {
		title := x.channel
		if v.Titles != nil && v.Titles(kpi.ByChannel, x.channel) != "" {
			title = v.Titles(kpi.ByChannel, x.channel)
		}
		t.Rows, data.Rows = append(t.Rows, row(x, title)), append(data.Rows, row(x, x.channel))
	}
	if len(list) > 1 {
		sum := line{}
		for _, x := range list {
			sum.mean, sum.actual, sum.abs, sum.floor = sum.mean+x.mean, sum.actual+x.actual, sum.abs+x.abs, sum.floor+x.floor
			sum.in80, sum.n80, sum.in95, sum.n95 = sum.in80+x.in80, sum.n80+x.n80, sum.in95+x.in95, sum.n95+x.n95
			sum.ahtAbs, sum.ahtActual = sum.ahtAbs+x.ahtAbs, sum.ahtActual+x.ahtActual
			sum.dayAbs += x.dayError()
		}
		all := row(&sum, pick("Total", "Totaal"))
		all[len(all)-4] = of(sum.dayAbs, sum.actual)
		if q.Every != kpi.Whole {
			all[0] = pick("Total", "Totaal")
			all[1] = ""
		}
		t.Total = all
	}
	ahead, made := pick("before", "ervoor"), pick("before the interval", "voor het interval")
	if lead > 0 {
		made = calendar.FormatDuration(lead)
		ahead = fmt.Sprintf(pick("at least %s before", "minstens %s ervoor"), made)
	}
	r.Define = []kpi.Defined{
		{Key: "forecast", Title: pick("Forecast", "Prognose"), Text: fmt.Sprintf(pick("of each interval the newest one made %s it, over the intervals of which it is known what came", "van elk interval de nieuwste die %s is gemaakt, over de intervallen waarvan bekend is wat kwam"), ahead)},
		{Key: "bias", Title: pick("Bias", "Scheefheid"), Text: pick("(forecast - offered) / offered", "(prognose - aangeboden) / aangeboden")},
		{Key: "wape", Title: pick("Error", "Fout"), Text: pick("WAPE: sum of |forecast - offered| / offered, per interval and over day totals", "WAPE: som van |prognose - aangeboden| / aangeboden, per interval en over dagtotalen")},
		{Key: "poisson_floor", Title: pick("Chance alone", "Toeval alleen"), Text: pick("the error per interval that a perfect forecast would have, as counts vary by chance (Poisson)", "de fout per interval die ook een volmaakte prognose heeft, omdat aantallen door toeval schommelen (Poisson)")},
		{Key: "within", Title: pick("Within", "Binnen"), Text: pick("intervals whose count lay within the bounds of that level", "intervallen waarvan het aantal binnen de grenzen van dat niveau lag")},
	}
	if len(list) == 0 {
		r.Notes = append(r.Notes, pick("The store has no forecast of these days that was made before them (kcc forecast run keeps one).", "De store heeft van deze dagen geen prognose die vooraf is gemaakt (kcc forecast run bewaart er een)."))
	}
	r.Facts = []output.Fact{{Label: pick("Period", "Periode"), Value: q.Period.Span(l)}, {Label: pick("Made ahead", "Vooraf gemaakt"), Value: made}}
	for _, d := range r.Define {
		t.Notes = append(t.Notes, d.Title+": "+d.Text)
	}
	for _, n := range r.Notes {
		t.Notes = append(t.Notes, pick("Data: ", "Gegevens: ")+n)
	}
	r.Tables, r.Data = []output.Table{t}, []output.Table{data}
	if v.Charts && len(list) > 0 {
		days := slices.Sorted(keysOf(total.perDay))
		c := output.Chart{Name: pick("Per day", "Per dag"), Title: pick("Forecast and offered per day", "Prognose en aangeboden per dag"), YLabel: pick("contacts", "contacten")}
		fs, as := output.ChartSeries{Name: pick("Forecast", "Prognose"), Dashed: true}, output.ChartSeries{Name: pick("Offered", "Aangeboden")}
		for _, d := range days {
			c.X, c.Ticks = append(c.X, l.Date(d.Start(time.UTC))), append(c.Ticks, l.Day(d.Start(time.UTC)))
			fs.Values, as.Values = append(fs.Values, total.perDay[d][0]), append(as.Values, total.perDay[d][1])
		}
		c.Series = []output.ChartSeries{as, fs}
		r.Charts = append(r.Charts, c)
	}
	return r, nil
}

// PlanFigures gives what was planned beside what came: volumes and handle times of
// the forecast of record up to now, targets and promised levels.
func PlanFigures(ctx context.Context, db *sql.DB, set *kpi.Settings, q kpi.Query, now time.Time) (kpi.PlanFunc, error) {
	loc := set.Zone
	from, until := q.From.Start(loc), q.To.Add(1).Start(loc)
	if now.Before(until) {
		until = now
	}
	records, err := planstore.RecordForecasts(ctx, db, from, until, 0, loc)
	if err != nil {
		return nil, err
	}
	return func(k kpi.Key, value string, a, b time.Time, figure string) (float64, bool) {
		if k != "" && k != kpi.ByChannel {
			return 0, false
		}
		switch figure {
		case "offered", "aht_s":
			n, handle, known := 0.0, 0.0, false
			for _, r := range records {
				name := contacts.ChannelName(r.Channel)
				if only := q.Filter[kpi.ByChannel]; k == kpi.ByChannel && name != value || len(only) > 0 && !slices.Contains(only, name) {
					continue
				}
				for _, p := range r.Points {
					if math.IsNaN(p.Mean) || !a.IsZero() && (p.Start.Before(a) || !p.Start.Before(b)) {
						continue
					}
					if figure == "aht_s" && math.IsNaN(p.AHT) {
						continue
					}
					known = true
					n += p.Mean
					handle += p.Mean * p.AHT
				}
			}
			if figure == "aht_s" {
				return handle / n, known && n > 0
			}
			return n, known
		case "service_level":
			if k == kpi.ByChannel {
				t, ok := set.Targets[value]
				return t.Level, ok && t.Level > 0
			}
		}
		return 0, false
	}, nil
}
