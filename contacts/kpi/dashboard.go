package kpi

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/output"
)

// Dashboard makes the page of today: what came so far against the forecast, the
// service level against its target, the backlog and what is due today.
func Dashboard(ctx context.Context, db *sql.DB, set *Settings, v View) (*Report, error) {
	loc, l := set.zone(), v.Lang
	today := calendar.DateOf(v.Now, loc)
	start := today.Start(loc)
	q := Query{Period: Period{today, today}, By: []Key{ByChannel}, Until: v.Now}
	f, err := Load(ctx, db, set, q)
	if err != nil {
		return nil, err
	}
	w, err := readWorkOf(ctx, db, set, &q, v.Now)
	if err != nil {
		return nil, err
	}
	f.addWork(set, w)
	plan := v.planned()
	f.addPlanned(set, func(channel string) bool {
		return !math.IsNaN(plan(ByChannel, channel, start, today.Add(1).Start(loc)))
	})
	f.arrange(set)
	figs := allFigures(set)
	fig := func(key string) *Figure { return &Pick(figs, key)[0] }
	sl, asa, gone := fig("service_level"), fig("asa_s"), fig("abandon_rate")
	until := v.Now
	if !f.Last.IsZero() && f.Last.Before(until) {
		until = f.Last // the plan up to what the data hold
	}
	r := &Report{Name: "dashboard", Title: l.Pick("Today, ", "Vandaag, ") + l.Weekday(today.Weekday()) + " " + l.Date(start)}
	t := output.Table{Name: "dashboard", Sheet: l.Pick("Today", "Vandaag"), Title: l.Pick("Channels so far", "Kanalen tot nu"), Columns: []output.Column{
		{Name: "channel", Title: l.Pick("Channel", "Kanaal")},
		{Name: "offered", Title: l.Pick("Offered", "Aangeboden"), Kind: output.Integer},
		{Name: "forecast_so_far", Title: l.Pick("Forecast so far", "Prognose tot nu"), Kind: output.Number},
		{Name: "against_forecast", Title: l.Pick("Against forecast", "T.o.v. prognose"), Kind: output.Percent, Digits: 0, Rules: []output.Rule{{Op: output.Above, Limit: 0.15, Tone: output.Warn}, {Op: output.Below, Limit: -0.15, Tone: output.Warn}}},
		{Name: "forecast_day", Title: l.Pick("Forecast of the day", "Prognose van de dag"), Kind: output.Number},
		{Name: "service_level", Title: sl.Name(l), Kind: output.Percent, Digits: 1},
		{Name: "target", Title: l.Pick("Target", "Norm"), Kind: output.Percent, Digits: 0},
		{Name: "state", Title: l.Pick("State", "Stand"), Rules: []output.Rule{
			{Op: output.Is, Text: l.Pick("below", "eronder"), Tone: output.Bad}, {Op: output.Is, Text: l.Pick("met", "gehaald"), Tone: output.Good},
		}},
		{Name: "asa_s", Title: asa.Name(l), Kind: output.Seconds, Digits: 0},
		{Name: "abandon_rate", Title: gone.Name(l), Kind: output.Percent, Digits: 1},
		{Name: "open", Title: l.Pick("Backlog", "Werkvoorraad"), Kind: output.Integer},
		{Name: "overdue", Title: l.Pick("Overdue", "Over datum"), Kind: output.Integer, Rules: []output.Rule{{Op: output.Above, Limit: 0, Tone: output.Bad}}},
	}}
	row := func(name string, k Key, val string, s *Sums) []any {
		soFar, day := plan(k, val, start, until), plan(k, val, start, today.Add(1).Start(loc))
		if f.Last.IsZero() { // nothing of today has been imported: that is not less than expected
			soFar = math.NaN()
		}
		level, goal, state := sl.Value(s), any(nil), ""
		if tg, ok := set.Targets[val]; ok && k == ByChannel && tg.Level > 0 {
			goal = tg.Level
			if !math.IsNaN(level) {
				if state = l.Pick("met", "gehaald"); level < tg.Level {
					state = l.Pick("below", "eronder")
				}
			}
		}
		return []any{
			name, math.Round(s[Offered]), nanNil(soFar), nanNil(ratio(s[Offered]-soFar, soFar)), nanNil(day), nanNil(level), goal, state,
			nanNil(asa.Value(s)), nanNil(gone.Value(s)), s[Open], s[Overdue],
		}
	}
	data := t
	for i := range f.Groups {
		g := &f.Groups[i]
		t.Rows = append(t.Rows, row(v.title(ByChannel, g.Values[0]), ByChannel, g.Values[0], &g.Sums))
		data.Rows = append(data.Rows, row(g.Values[0], ByChannel, g.Values[0], &g.Sums))
	}
	if len(f.Groups) > 1 {
		t.Total = row(l.Pick("Total", "Totaal"), "", "", &f.Total)
	}
	due := 0
	if err := eachWork(ctx, db, set, v.Now, v.Now, func(w *workItem) {
		if w.openAt(v.Now) && bandOf(w, v.Now, loc) == bandToday {
			due++
		}
	}); err != nil {
		return nil, err
	}
	head := func(en, nl, value string) { r.Head = append(r.Head, output.Fact{Label: l.Pick(en, nl), Value: value}) }
	head("Offered so far", "Aangeboden tot nu", l.Int(int64(f.Total[Offered])))
	if n := plan("", "", start, until); !math.IsNaN(n) {
		head("Forecast so far", "Prognose tot nu", l.Number(n, 0))
	}
	if x := sl.Value(&f.Total); !math.IsNaN(x) {
		head("Service level", "Servicelevel", sl.Text(x, l))
	}
	head("Backlog", "Werkvoorraad", l.Int(int64(f.Total[Open])))
	head("Due today", "Vandaag gereed", l.Int(int64(due)))
	head("Overdue", "Over datum", l.Int(int64(f.Total[Overdue])))
	r.Facts = []output.Fact{{Label: l.Pick("State of", "Stand van"), Value: l.DateTime(v.Now.In(loc).Truncate(time.Minute))}}
	r.Define = []Defined{
		{"offered", l.Pick("Offered", "Aangeboden"), fig("offered").Definition(l, set)},
		{"forecast", l.Pick("Forecast so far", "Prognose tot nu"), l.Pick("the newest forecast made before each interval, up to the last interval with data", "de nieuwste prognose van voor elk interval, tot het laatste interval met gegevens")},
		{"service_level", sl.Name(l), sl.Definition(l, set)},
		{"open", l.Pick("Backlog", "Werkvoorraad"), l.Pick("work and cases open now; overdue: past the due time; due today: not yet past it", "werk en zaken die nu openstaan; over datum: streefdatum verstreken; vandaag gereed: nog niet verstreken")},
	}
	if f.Last.IsZero() {
		r.Notes = append(r.Notes, l.Pick("There are no contacts or statistics of today yet.", "Er zijn nog geen contacten of cijfers van vandaag."))
	} else {
		r.Notes = append(r.Notes, fmt.Sprintf(l.Pick("Data of today until %s.", "Gegevens van vandaag tot %s."), f.Last.In(loc).Format("15:04")))
	}
	if math.IsNaN(plan("", "", start, today.Add(1).Start(loc))) {
		r.Notes = append(r.Notes, l.Pick("The store has no forecast of today (kcc forecast run).", "De store heeft geen prognose van vandaag (kcc forecast run)."))
	}
	t.Notes = notes(l, r.Define, r.Notes)
	r.Tables, r.Data = []output.Table{t}, []output.Table{data}
	if v.Charts {
		if err := r.todayCharts(ctx, db, set, &v, start, until, plan); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// planned returns the number of contacts that was forecast, NaN where none was.
func (v *View) planned() func(k Key, val string, from, to time.Time) float64 {
	return func(k Key, val string, from, to time.Time) float64 {
		if v.Plan != nil {
			if n, ok := v.Plan(k, val, from, to, "offered"); ok {
				return n
			}
		}
		return math.NaN()
	}
}

// addPlanned adds the channels of which nothing came yet though a forecast
// expects it, so that the rows add up to the total.
func (f *Frame) addPlanned(set *Settings, planned func(channel string) bool) {
	for _, ch := range set.ChannelOrder {
		has := slices.ContainsFunc(f.Groups, func(g Group) bool { return g.Values[0] == ch })
		if !has && planned(ch) {
			f.Groups = append(f.Groups, Group{Values: []string{ch}})
		}
	}
}

// todayCharts draws volume and service level of today per hour.
func (r *Report) todayCharts(ctx context.Context, db *sql.DB, set *Settings, v *View, start, until time.Time, plan func(Key, string, time.Time, time.Time) float64) error {
	loc, l := set.zone(), v.Lang
	today := calendar.DateOf(start, loc)
	f, err := Load(ctx, db, set, Query{Period: Period{today, today}, Every: Hour, Until: v.Now})
	if err != nil {
		return err
	}
	byHour := map[int64]*Sums{}
	for i := range f.Groups {
		byHour[f.Groups[i].Start.Unix()] = &f.Groups[i].Sums
	}
	sl := serviceLevel(set)
	came := output.ChartSeries{Name: l.Pick("Offered", "Aangeboden")}
	foreseen := output.ChartSeries{Name: l.Pick("Forecast", "Prognose"), Dashed: true}
	level := output.ChartSeries{Name: sl.Name(l), BandName: l.Pick("95% interval", "95%-interval")}
	var x []string
	for t := start; t.Before(today.Add(1).Start(loc)); t = t.Add(time.Hour) {
		s, p := byHour[t.Unix()], plan("", "", t, t.Add(time.Hour))
		n, y, lo, hi := math.NaN(), math.NaN(), math.NaN(), math.NaN()
		if s != nil {
			n, y = s[Offered], sl.Value(s)
			lo, hi = sl.Bounds(s)
		} else if t.Before(until) {
			n = 0
		}
		x = append(x, t.In(loc).Format("15:04"))
		came.Values, foreseen.Values = append(came.Values, n), append(foreseen.Values, p)
		level.Values, level.Low, level.High = append(level.Values, y), append(level.Low, lo), append(level.High, hi)
	}
	volume := []output.ChartSeries{came, foreseen}
	if !slices.ContainsFunc(foreseen.Values, func(p float64) bool { return !math.IsNaN(p) }) {
		volume = volume[:1] // there is no forecast of today
	}
	r.Charts = []output.Chart{
		{Name: l.Pick("Volume", "Volume"), Title: l.Pick("Contacts per hour", "Contacten per uur"), X: x, Series: volume, YLabel: l.Pick("contacts", "contacten")},
	}
	if slices.ContainsFunc(level.Values, func(y float64) bool { return !math.IsNaN(y) }) {
		r.Charts = append(r.Charts, output.Chart{Name: sl.Name(l), Title: l.Pick("Service level per hour", "Servicelevel per uur"), X: x, Series: []output.ChartSeries{level}, Percent: true, Digits: 1})
	}
	return nil
}
