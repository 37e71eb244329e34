package kpi

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/output"
)

// leadRow is the lead times of the work of one group.
type leadRow struct {
	vals          []string
	start         time.Time
	business      lives // seconds in opening hours, pauses left out
	days          lives // civil days
	decided, kept float64
	open          int
}

// leads are the lead times of the work received in a period.
type leads struct {
	rows  []*leadRow // by bucket and keys, the largest first
	total leadRow
}

// readLeads measures the work received in the period of a query, until now.
func readLeads(ctx context.Context, db *sql.DB, set *Settings, q *Query, now time.Time) (*leads, error) {
	loc := set.zone()
	from, end := q.From.Start(loc), q.To.Add(1).Start(loc)
	out := &leads{}
	clocks := map[string]*calendar.WorkTime{}
	type place struct {
		start calendar.Date
		name  string
	}
	type topic struct { // finds a place without looking at the values again
		start calendar.Date
		about *about
	}
	rows, known := map[place]*leadRow{}, map[topic]*leadRow{}
	find := func(p topic) *leadRow {
		g, ok := known[p]
		if ok {
			return g
		}
		if p.about.passes(q, set) {
			vals := p.about.values(q.By, set)
			name := place{p.start, prefix(vals)}
			if g = rows[name]; g == nil {
				g = &leadRow{vals: vals}
				if q.Every != Whole {
					g.start = p.start.Start(loc)
				}
				rows[name] = g
				out.rows = append(out.rows, g)
			}
		}
		known[p] = g
		return g
	}
	err := eachWork(ctx, db, set, from, end, func(w *workItem) {
		if w.received.Before(from) || !w.received.Before(now) {
			return
		}
		received := calendar.DateOf(w.received, loc)
		p := topic{about: w.about}
		if q.Every != Whole {
			p.start = q.Every.first(received)
		}
		g := find(p)
		if g == nil {
			return
		}
		stop, done := w.closed, !w.closed.IsZero() && !w.closed.After(now)
		if !done {
			stop = now
			g.open++
		}
		g.days.add(int64(calendar.DateOf(stop, loc)-received), done)
		for i := range w.promises {
			if _, kept, ok := w.promises[i].decided(now); ok {
				g.decided++
				if kept {
					g.kept++
				}
			}
		}
		if set.Work == nil {
			return
		}
		clock := clocks[w.department]
		if clock == nil {
			clock = set.Work(w.department)
			clocks[w.department] = clock
		}
		took := clock.BusinessBetween(w.received, stop)
		for _, h := range w.held {
			to := h.to
			if to.IsZero() || to.After(stop) {
				to = stop
			}
			if h.from.Before(to) {
				took -= clock.BusinessBetween(h.from, to)
			}
		}
		g.business.add(int64(took/time.Second), done)
	})
	slices.SortFunc(out.rows, func(a, b *leadRow) int {
		return cmp.Or(a.start.Compare(b.start), len(b.days)-len(a.days), slices.Compare(a.vals, b.vals))
	})
	for _, g := range out.rows {
		out.total.business = append(out.total.business, g.business...)
		out.total.days = append(out.total.days, g.days...)
		out.total.decided += g.decided
		out.total.kept += g.kept
		out.total.open += g.open
	}
	return out, err
}

// LeadTime makes the report on lead times: how long work took, by department
// unless the query says otherwise.
func LeadTime(ctx context.Context, db *sql.DB, set *Settings, q Query, v View) (*Report, error) {
	if len(q.By) == 0 && q.Every == Whole {
		q.By = []Key{ByDepartment}
	}
	if !knowsWork(&q) {
		return nil, fmt.Errorf("%w: work is told apart by channel, kind, subject, segment, department and direction, from a day on", ErrKeys)
	}
	ld, err := readLeads(ctx, db, set, &q, v.Now)
	if err != nil {
		return nil, err
	}
	l := v.Lang
	r := &Report{Name: "leadtime", Title: l.Pick("Lead times", "Doorlooptijden") + ", " + q.Period.Span(l)}
	order, total := ld.rows, &ld.total
	hidden := 0
	if v.MinCell > 1 {
		kept := order[:0:0]
		for _, g := range order {
			if len(g.days) < v.MinCell {
				hidden++
				continue
			}
			kept = append(kept, g)
		}
		order = kept
	}
	col := func(name, en, nl string, kind output.Kind, digits int) output.Column {
		return output.Column{Name: name, Title: l.Pick(en, nl), Kind: kind, Digits: digits}
	}
	t := output.Table{Name: "leadtime", Sheet: l.Pick("Lead times", "Doorlooptijden"), Title: r.Title, Keys: len(q.By)}
	if q.Every != Whole {
		t.Columns = append(t.Columns, output.Column{Name: "start", Title: l.Pick(everyTitles[q.Every][0], everyTitles[q.Every][1]), Kind: output.Date})
	}
	for _, k := range q.By {
		t.Columns = append(t.Columns, output.Column{Name: string(k), Title: l.Pick(keyTitles[k][0], keyTitles[k][1])})
	}
	t.Columns = append(t.Columns, col("received", "Received", "Ontvangen", output.Integer, 0), col("open", "Open", "Open", output.Integer, 0),
		col("on_time", "Promises kept", "Op tijd", output.Percent, 1))
	points, names := []float64{0.5, 0.8, 0.95}, []string{"p50", "p80", "p95"}
	for _, p := range names {
		t.Columns = append(t.Columns, col("business_hours_"+p, p+" (business h)", p+" (werkuren)", output.Number, 1))
	}
	for _, p := range names {
		t.Columns = append(t.Columns, col("days_"+p, p+" (days)", p+" (dagen)", output.Number, 0))
	}
	row := func(g *leadRow, people bool) []any {
		var out []any
		if q.Every != Whole {
			out = append(out, g.start)
		}
		for i, k := range q.By {
			if people {
				out = append(out, v.title(k, g.vals[i]))
			} else {
				out = append(out, g.vals[i])
			}
		}
		out = append(out, len(g.days), g.open, nanNil(ratio(g.kept, g.decided)))
		for _, sec := range g.business.quantiles(points...) {
			out = append(out, nanNil(sec/time.Hour.Seconds()))
		}
		for _, n := range g.days.quantiles(points...) {
			out = append(out, nanNil(n))
		}
		return out
	}
	data := t
	for _, g := range order {
		t.Rows = append(t.Rows, row(g, true))
		data.Rows = append(data.Rows, row(g, false))
	}
	if len(order) > 1 {
		total.vals = make([]string, len(q.By))
		t.Total = row(total, true)
		t.Total[0] = l.Pick("Total", "Totaal")
		for i := 1; i < len(q.By)+min(1, len(q.Every)); i++ {
			t.Total[i] = ""
		}
	}
	t.Columns = slices.Clone(t.Columns)
	for i := range t.Columns {
		if t.Columns[i].Name == "on_time" {
			t.Columns[i].Rules = []output.Rule{{Op: output.Below, Limit: 0.70, Tone: output.Bad}, {Op: output.Below, Limit: 0.80, Tone: output.Warn}}
		}
	}
	r.Define = []Defined{
		{"received", l.Pick("Received", "Ontvangen"), l.Pick("work and cases received in the period", "doorgezet werk en zaken die in de periode zijn ontvangen")},
		{"on_time", l.Pick("Promises kept", "Op tijd"), l.Pick("of this work: promises done by the due time / (done + open past due)", "van dit werk: toezeggingen gereed voor de streefdatum / (gereed + open over datum)")},
		{"business_hours", l.Pick("Business hours", "Werkuren"), l.Pick("from receipt until closed in the office hours of the department, pauses and the time between close and reopening left out",
			"van ontvangst tot afronding in de kantooruren van de afdeling, zonder opschorting en zonder de tijd tussen afronding en heropening")},
		{"days", l.Pick("Days", "Dagen"), l.Pick("civil days from receipt until closed", "kalenderdagen van ontvangst tot afronding")},
		{"p50", "p50, p80, p95", l.Pick("half, 80% and 95% were done within; open work counts for as long as it has been open (Kaplan-Meier); inf: not yet reached", "de helft, 80% en 95% was binnen deze tijd klaar; open werk telt voor zolang het openstaat (Kaplan-Meier); inf: nog niet bereikt")},
	}
	if len(total.days) == 0 {
		r.Notes = append(r.Notes, l.Pick("No work was handed off and no cases were received in this period.", "Er is in deze periode geen werk doorgezet en er zijn geen zaken ontvangen."))
	}
	if total.open > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf(l.Pick("%d of %d were still open on %s: their lead time is only known to be longer.", "%d van %d stonden nog open op %s: daarvan is alleen bekend dat het langer duurt."), total.open, len(total.days), stateOf(&v, set)))
	}
	if set.Work == nil {
		r.Notes = append(r.Notes, l.Pick("Without a description of the centre there are no business hours.", "Zonder beschrijving van het centrum zijn er geen werkuren."))
	}
	if hidden > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf(l.Pick("%d groups with fewer than %d are left out of the rows, not of the total.", "%d groepen met minder dan %d staan niet in de rijen, wel in het totaal."), hidden, v.MinCell))
	}
	r.Facts = []output.Fact{{Label: l.Pick("Period", "Periode"), Value: q.Period.Span(l)}, {Label: l.Pick("State of", "Stand van"), Value: stateOf(&v, set)}}
	t.Notes = notes(l, r.Define, r.Notes)
	r.Tables, r.Data = []output.Table{t}, []output.Table{data}
	if v.Charts {
		d := &drawer{db: db, set: set, q: q, v: &v}
		if r.Charts, err = d.charts(ctx, "leadtime"); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// stateOf is the moment at which open work is looked at.
func stateOf(v *View, set *Settings) string {
	return v.Lang.DateTime(v.Now.In(set.zone()).Truncate(time.Minute))
}

// leadChart draws how many pieces of work took how many days, with the points by
// which half, 80 % and 95 % were done.
func (d *drawer) leadChart(ctx context.Context) ([]output.Chart, error) {
	if q := d.q; !knowsWork(&Query{By: nil, Filter: q.Filter}) {
		return nil, nil
	}
	ld, err := readLeads(ctx, d.db, d.set, &d.q, d.v.Now)
	if err != nil || len(ld.total.days) == 0 {
		return nil, err
	}
	const most = 30 // days drawn; what took longer is one bar
	longest := int64(0)
	ld.total.days.each(func(t int64, _ bool) { longest = max(longest, t) })
	n := int(min(longest, most)) + 1
	done, open := make([]float64, n), make([]float64, n)
	ld.total.days.each(func(t int64, closed bool) {
		if i := min(int(t), n-1); closed {
			done[i]++
		} else {
			open[i]++
		}
	})
	l := d.v.Lang
	c := output.Chart{
		Name: l.Pick("Lead time", "Doorlooptijd"), Title: l.Pick("Lead time of work received, in days", "Doorlooptijd van ontvangen werk, in dagen"), Kind: output.BarChart, Stacked: true,
		YLabel: l.Pick("pieces of work", "aantal"),
		Note:   l.Pick("Civil days from receipt until closed; open work stands at its age on "+stateOf(d.v, d.set)+".", "Kalenderdagen van ontvangst tot afronding; open werk staat op zijn leeftijd op "+stateOf(d.v, d.set)+"."),
		Series: []output.ChartSeries{{Name: l.Pick("closed", "afgerond"), Values: done}, {Name: l.Pick("still open", "nog open"), Values: open}},
	}
	for i := range n {
		label := fmt.Sprint(i)
		if i == most {
			label += "+"
		}
		c.X = append(c.X, label)
	}
	c.Ticks = thin(c.X)
	points := []float64{0.5, 0.8, 0.95}
	for i, t := range ld.total.days.quantiles(points...) {
		if p := points[i]; t < most {
			c.Marks = append(c.Marks, output.ChartMark{At: t + 1, Label: fmt.Sprintf("%s%% %s %s", l.Number(100*p, 0), l.Pick("within", "binnen"), l.Number(t, 0))})
		}
	}
	return []output.Chart{c}, nil
}
