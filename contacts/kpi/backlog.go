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

// The bands of a backlog by due time. Work past its due time is told apart by how
// late it is beside what was promised: up to once, three times, and more.
const (
	bandLater = iota // due in more than two days
	bandSoon         // due within two days, not today
	bandToday
	bandLate1
	bandLate3
	bandMore
	bandNone // without a promise
	bands
)

// bandOf returns the band of open work at a moment.
func bandOf(w *workItem, now time.Time, loc *time.Location) int {
	due := w.due()
	if due.IsZero() {
		return bandNone
	}
	if w.lateAt(now) {
		late, term := now.Sub(due), due.Sub(w.received)
		const much = 3
		switch {
		case late <= term:
			return bandLate1
		case late <= much*term:
			return bandLate3
		}
		return bandMore
	}
	const soon = 2
	switch left := calendar.DateOf(due, loc) - calendar.DateOf(now, loc); {
	case left <= 0:
		return bandToday
	case left <= soon:
		return bandSoon
	}
	return bandLater
}

// bandTitles are the headings of the bands.
var bandTitles = [bands][3]string{
	{"due_later", "Due later", "Later"},
	{"due_2_days", "Within 2 days", "Binnen 2 dagen"},
	{"due_today", "Today", "Vandaag"},
	{"late_1x", "Late", "Te laat"},
	{"late_3x", "Late 1-3x", "Te laat 1-3x"},
	{"late_more", "Late > 3x", "Te laat > 3x"},
	{"no_promise", "No promise", "Geen termijn"},
}

// backlogRow is the open work of a group.
type backlogRow struct {
	vals   []string
	open   int
	paused int
	band   [bands]int
	ages   []float64
}

// putTogether makes one row of the groups with fewer than n open, and of as many
// of the next ones as it takes to reach n and to hide each of them from the
// total. Rows come and go with most open first. When all of it is below n,
// nothing is left.
func putTogether(rows []*backlogRow, n int, l output.Lang) []*backlogRow {
	if n <= 1 || len(rows) == 0 || rows[len(rows)-1].open >= n {
		return rows
	}
	first, held := len(rows), 0
	for first > 0 && (rows[first-1].open < n || held < n || first == len(rows)-1) {
		first--
		held += rows[first].open
	}
	if held < n {
		return nil
	}
	sum := &backlogRow{vals: make([]string, len(rows[0].vals))}
	sum.vals[0] = fmt.Sprintf(l.Pick("(groups under %d)", "(groepen onder %d)"), n)
	for _, g := range rows[first:] {
		sum.open += g.open
		sum.paused += g.paused
		for i, k := range g.band {
			sum.band[i] += k
		}
		sum.ages = append(sum.ages, g.ages...)
	}
	return append(slices.Clone(rows[:first]), sum)
}

// Backlog makes the report on open work at the end of the period, at most now,
// by department unless the query says otherwise.
func Backlog(ctx context.Context, db *sql.DB, set *Settings, q Query, v View) (*Report, error) {
	if len(q.By) == 0 {
		q.By = []Key{ByDepartment}
	}
	if q.Every != Whole {
		return nil, fmt.Errorf("%w: a backlog is at one moment: leave out --every, or look at \"report kpi --every\"", ErrKeys)
	}
	if !knowsWork(&q) {
		return nil, fmt.Errorf("%w: work is told apart by channel, kind, subject, segment, department and direction", ErrKeys)
	}
	loc := set.zone()
	asOf := q.To.Add(1).Start(loc)
	if v.Now.Before(asOf) {
		asOf = v.Now
	}
	rows := map[string]*backlogRow{}
	var order []*backlogRow
	total := &backlogRow{vals: make([]string, len(q.By))}
	err := eachWork(ctx, db, set, asOf, asOf, func(w *workItem) {
		if !w.openAt(asOf) || !w.passes(&q, set) {
			return
		}
		vals := w.values(q.By, set)
		g := rows[prefix(vals)]
		if g == nil {
			g = &backlogRow{vals: vals}
			rows[prefix(vals)] = g
			order = append(order, g)
		}
		for _, x := range []*backlogRow{g, total} {
			x.open++
			x.band[bandOf(w, asOf, loc)]++
			x.ages = append(x.ages, float64(calendar.DateOf(asOf, loc)-calendar.DateOf(w.received, loc)))
			if w.pausedNow() {
				x.paused++
			}
		}
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(order, func(a, b *backlogRow) int { return cmp.Or(b.open-a.open, slices.Compare(a.vals, b.vals)) })
	order = putTogether(order, v.MinCell, v.Lang)
	l := v.Lang
	when := l.DateTime(asOf.Truncate(time.Minute))
	r := &Report{Name: "backlog", Title: l.Pick("Backlog at ", "Werkvoorraad op ") + when}
	t := output.Table{Name: "backlog", Sheet: l.Pick("Backlog", "Werkvoorraad"), Title: r.Title, Keys: len(q.By)}
	for _, k := range q.By {
		t.Columns = append(t.Columns, output.Column{Name: string(k), Title: l.Pick(keyTitles[k][0], keyTitles[k][1])})
	}
	t.Columns = append(t.Columns, output.Column{Name: "open", Title: "Open", Kind: output.Integer})
	for i, b := range bandTitles {
		c := output.Column{Name: b[0], Title: l.Pick(b[1], b[2]), Kind: output.Integer}
		if i >= bandLate1 && i <= bandMore {
			c.Rules = []output.Rule{{Op: output.Above, Limit: 0, Tone: output.Bad}}
		}
		t.Columns = append(t.Columns, c)
	}
	t.Columns = append(t.Columns, output.Column{Name: "paused", Title: l.Pick("Paused", "Opgeschort"), Kind: output.Integer},
		output.Column{Name: "age_p50_days", Title: l.Pick("Median age (d)", "Mediaan leeftijd (d)"), Kind: output.Number},
		output.Column{Name: "age_max_days", Title: l.Pick("Oldest (d)", "Oudste (d)"), Kind: output.Number})
	line := func(g *backlogRow, people bool) []any {
		var out []any
		for i, k := range q.By {
			if people {
				out = append(out, v.title(k, g.vals[i]))
			} else {
				out = append(out, g.vals[i])
			}
		}
		out = append(out, g.open)
		for _, n := range g.band {
			out = append(out, n)
		}
		slices.Sort(g.ages)
		mid, oldest := any(nil), any(nil)
		if n := len(g.ages); n > 0 {
			mid, oldest = g.ages[(n-1)/2], g.ages[n-1]
		}
		return append(out, g.paused, mid, oldest)
	}
	data := t
	for _, g := range order {
		t.Rows = append(t.Rows, line(g, true))
		data.Rows = append(data.Rows, line(g, false))
	}
	if len(order) > 1 {
		t.Total = line(total, true)
		t.Total[0] = l.Pick("Total", "Totaal")
		for i := 1; i < len(q.By); i++ {
			t.Total[i] = ""
		}
	}
	r.Define = []Defined{
		{"open", "Open", l.Pick("received and not closed at that moment, paused work included", "ontvangen en op dat moment niet afgerond, opgeschort werk meegeteld")},
		{"due", l.Pick("Due", "Termijn"), l.Pick("by the last due time of the promises on it; a promise that is paused is late only when it was before the pause", "naar de laatste streefdatum van de toezeggingen; een opgeschorte toezegging is alleen te laat als ze dat voor de opschorting al was")},
		{"late", l.Pick("Late", "Te laat"), l.Pick("past due by up to the promised time; 1-3x: up to three times it; more", "over datum met hooguit de toegezegde tijd; 1-3x: hooguit driemaal; meer")},
		{"age", l.Pick("Age", "Leeftijd"), l.Pick("civil days since receipt", "kalenderdagen sinds ontvangst")},
	}
	switch {
	case total.open > 0 && len(order) == 0:
		r.Notes = append(r.Notes, fmt.Sprintf(l.Pick("Fewer than %d are open in all: no group is shown.", "In totaal staan er minder dan %d open: er is geen groep getoond."), v.MinCell))
	case v.MinCell > 1:
		r.Notes = append(r.Notes, fmt.Sprintf(l.Pick("Groups with fewer than %d open are put together.", "Groepen met minder dan %d open zijn samengevoegd."), v.MinCell))
	}
	if total.open == 0 {
		r.Notes = append(r.Notes, l.Pick("Nothing is open.", "Er staat niets open."))
	}
	t.Notes = notes(l, r.Define, r.Notes)
	r.Facts = []output.Fact{{Label: l.Pick("State of", "Stand van"), Value: when}}
	r.Tables, r.Data = []output.Table{t}, []output.Table{data}
	if v.Charts && len(order) > 0 {
		c := output.Chart{Name: l.Pick("Ageing", "Ouderdom"), Title: l.Pick("Open work by due time", "Open werk naar termijn"), Kind: output.BarChart, Stacked: true}
		for i, b := range bandTitles {
			s := output.ChartSeries{Name: l.Pick(b[1], b[2])}
			for _, g := range order {
				s.Values = append(s.Values, float64(g.band[i]))
			}
			c.Series = append(c.Series, s)
		}
		for _, g := range order {
			c.X = append(c.X, v.title(q.By[0], g.vals[0]))
		}
		r.Charts = append(r.Charts, c)
		d := &drawer{db: db, set: set, q: q, v: &v}
		more, err := d.charts(ctx, "backlog")
		if err != nil {
			return nil, err
		}
		r.Charts = append(r.Charts, more...)
	}
	return r, nil
}
