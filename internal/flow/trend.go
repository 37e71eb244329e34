package flow

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"kcc/contacts/cause"
	"kcc/internal/output"
)

// Trend is how one value of a dimension moved over the weeks of a span.
type Trend struct {
	Name       string
	Contacts   float64
	Weeks      []float64 // contacts per week; NaN where nothing at all came
	Change     float64   // per week, as a share: 0.01 is 1 % more every week
	Lo, Hi     float64   // 95 % interval
	First, Now float64   // mean of the first and last four weeks
}

// Trends returns how the values of a dimension moved over a span, the largest
// first: the slope of a regression that takes weekdays and holidays into account.
func (in *Inform) Trends(ctx context.Context, span Span, w Which, by cause.Dim) ([]Trend, error) {
	list, err := in.Derived(ctx, span, w)
	if err != nil {
		return nil, err
	}
	return in.trends(list, span, by), nil
}

func (in *Inform) trends(list []cause.Derived, span Span, by cause.Dim) []Trend {
	days := span.Days()
	open := make([]bool, days)
	counts := map[string][]float64{}
	for i := range list {
		d := &list[i]
		k, name := int(d.Day-span.First), by.Of(d)
		open[k] = true
		if counts[name] == nil {
			counts[name] = make([]float64, days)
		}
		counts[name][k] += d.Contacts
	}
	special := in.holiday()
	var out []Trend
	for name, c := range counts {
		t := Trend{Name: name, Change: math.NaN(), Lo: math.NaN(), Hi: math.NaN()}
		for k := range c {
			if !open[k] {
				c[k] = math.NaN()
			}
		}
		for monday := span.First.Monday(); monday <= span.Last; monday += 7 {
			sum, any := 0.0, false
			for d := max(monday, span.First); d < monday+7 && d <= span.Last; d++ {
				if y := c[d-span.First]; !math.IsNaN(y) {
					sum += y
					any = true
				}
			}
			t.Contacts += sum
			if !any {
				sum = math.NaN()
			}
			t.Weeks = append(t.Weeks, sum)
		}
		n := len(t.Weeks)
		t.First, t.Now = mean(t.Weeks[:min(4, n)]), mean(t.Weeks[max(0, n-4):])
		if f := cause.Fit(cause.Series{First: span.First, Counts: c, Special: special}, nil); f != nil && f.SlopeSE > 0 && t.Contacts >= cause.SmallCell*float64(n) {
			q := distuv.StudentsT{Sigma: 1, Nu: f.DF}.Quantile(0.975)
			t.Change, t.Lo, t.Hi = math.Expm1(7*f.Slope), math.Expm1(7*(f.Slope-q*f.SlopeSE)), math.Expm1(7*(f.Slope+q*f.SlopeSE))
		}
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b Trend) int { return cmp.Or(cmp.Compare(b.Contacts, a.Contacts), cmp.Compare(a.Name, b.Name)) })
	return out
}

func mean(x []float64) float64 {
	sum, n := 0.0, 0.0
	for _, v := range x {
		if !math.IsNaN(v) {
			sum += v
			n++
		}
	}
	return sum / n
}

// TrendTable shows trends.
func (in *Inform) TrendTable(l output.Lang, span Span, by cause.Dim, list []Trend) output.Table {
	t := output.Table{
		Name: "trend", Title: fmt.Sprintf(l.Pick("Trend per week, %s", "Trend per week, %s"), spanText(l, span)),
		Columns: []output.Column{
			{Name: string(by), Title: dimTitle(l, by)},
			{Name: "contacts", Title: l.Pick("Contacts", "Contacten"), Kind: output.Number},
			{Name: "first_4_weeks", Title: l.Pick("First 4 weeks", "Eerste 4 weken"), Kind: output.Number, Digits: 1},
			{Name: "last_4_weeks", Title: l.Pick("Last 4 weeks", "Laatste 4 weken"), Kind: output.Number, Digits: 1},
			{Name: "change_per_week", Title: l.Pick("Change a week", "Verandering per week"), Kind: output.Percent, Digits: 1},
			{Name: "lo95", Title: l.Pick("Low", "Laag"), Kind: output.Percent, Digits: 1},
			{Name: "hi95", Title: l.Pick("High", "Hoog"), Kind: output.Percent, Digits: 1},
			{Name: "verdict", Title: l.Pick("Verdict", "Oordeel")},
		},
		Notes: []string{l.Pick("Change a week: slope of a regression on weekday, holidays and time; 95 % interval; contacts per week on average in the first and last four weeks",
			"Verandering per week: helling van een regressie op weekdag, feestdagen en tijd; 95 %-interval; gemiddeld per week in de eerste en laatste vier weken")},
	}
	for i := range list {
		x := &list[i]
		if x.Contacts < cause.SmallCell {
			continue
		}
		verdict := l.Pick("not clear", "niet duidelijk")
		switch {
		case math.IsNaN(x.Change):
			verdict = l.Pick("too few", "te weinig")
		case x.Lo > 0:
			verdict = l.Pick("rising", "stijgend")
		case x.Hi < 0:
			verdict = l.Pick("falling", "dalend")
		}
		name := x.Name
		if by == cause.DimCause || name == "" {
			name = in.name(l, by, name)
		}
		t.Rows = append(t.Rows, []any{name, x.Contacts, x.First, x.Now, x.Change, x.Lo, x.Hi, verdict})
	}
	return t
}

// weekTable shows the contacts per week of some values, with a chart.
func (in *Inform) weekTable(l output.Lang, span Span, by cause.Dim, list []Trend, most int) output.Table {
	t := output.Table{
		Name: "weeks", Title: l.Pick("Contacts per week", "Contacten per week"),
		Columns: []output.Column{{Name: "week", Title: l.Pick("Week of", "Week van"), Kind: output.Date}},
	}
	if len(list) > most {
		list = list[:most]
	}
	var names []string
	for i := range list {
		column := output.Column{Name: fmt.Sprintf("%s_%d", by, i+1), Title: in.name(l, by, list[i].Name), Kind: output.Number}
		t.Columns = append(t.Columns, column)
		names = append(names, column.Name)
	}
	n := 0
	for monday := span.First.Monday(); monday <= span.Last; monday += 7 {
		row := []any{monday}
		for i := range list {
			v := list[i].Weeks[n]
			if v > 0 && v < cause.SmallCell {
				v = math.NaN() // too small to show
			}
			row = append(row, v)
		}
		n++
		t.Rows = append(t.Rows, row)
	}
	t.Charts = []output.ChartSpec{{Title: t.Title, Kind: output.LineChart, X: "week", Y: names, YLabel: l.Pick("contacts", "contacten")}}
	return t
}

// WeeksTable shows the contacts per week of the largest values of a dimension.
func (in *Inform) WeeksTable(l output.Lang, span Span, by cause.Dim, list []Trend) output.Table {
	const most = 6
	return in.weekTable(l, span, by, list, most)
}

// ValueTable shows contacts by what they are worth to customer and organisation,
// with what an action on each cause may save.
func (in *Inform) ValueTable(l output.Lang, span Span, list []cause.Saving, small bool) output.Table {
	t := output.Table{
		Name: "value", Title: fmt.Sprintf(l.Pick("Value and irritation, %s", "Waarde en ergernis, %s"), spanText(l, span)), Keys: 3,
		Columns: []output.Column{
			{Name: "quadrant", Title: l.Pick("Quadrant", "Kwadrant")},
			{Name: "subject", Title: l.Pick("Subject", "Onderwerp")},
			{Name: "cause", Title: l.Pick("Cause", "Oorzaak")},
			{Name: "contacts", Title: l.Pick("Contacts", "Contacten"), Kind: output.Number},
			{Name: "hours", Title: l.Pick("Hours", "Uren"), Kind: output.Number, Digits: 1},
			{Name: "cost", Title: l.Pick("Cost", "Kosten"), Kind: output.Number},
			{Name: "gain", Title: l.Pick("Gain", "Winst"), Kind: output.Percent},
			{Name: "saved_year", Title: l.Pick("Saved a year", "Bespaard per jaar"), Kind: output.Number},
			{Name: "lo90", Title: l.Pick("Low", "Laag"), Kind: output.Number},
			{Name: "hi90", Title: l.Pick("High", "Hoog"), Kind: output.Number},
			{Name: "action", Title: l.Pick("Action", "Actie")},
		},
		Notes: []string{
			l.Pick("eliminate: of value to nobody; simplify: of value to the organisation alone; automate: of value to the customer alone; leverage: of value to both",
				"wegnemen: voor niemand van waarde; vereenvoudigen: alleen voor de organisatie; automatiseren: alleen voor de klant; benutten: voor beide"),

			l.Pick("Gain is the share that the action is taken to prevent (kcc inform causes codes); the interval takes half and one and a half of it, and the spread of the count",
				"Winst is het deel dat de actie naar schatting voorkomt (kcc inform causes codes); het interval neemt de helft en anderhalf daarvan, en de spreiding van het aantal"),

			in.costNote(l),
		},
	}
	var rest, total cause.Saving
	add := func(to *cause.Saving, s *cause.Saving) {
		to.Contacts += s.Contacts
		to.Hours += s.Hours
		to.Cost += s.Cost
		to.Saved += s.Saved
		to.SavedLo += s.SavedLo
		to.SavedHi += s.SavedHi
	}
	keep := make([]cause.Saving, 0, len(list))
	for i := range list {
		add(&total, &list[i])
		if !small && list[i].Contacts < cause.SmallCell {
			add(&rest, &list[i])
			continue
		}
		keep = append(keep, list[i])
	}
	for rest.Contacts > 0 && rest.Contacts < cause.SmallCell && len(keep) > 0 {
		least := 0
		for i := range keep {
			if keep[i].Contacts < keep[least].Contacts {
				least = i
			}
		}
		add(&rest, &keep[least])
		keep = slices.Delete(keep, least, least+1)
	}
	for i := range keep {
		s := &keep[i]
		code := in.Book.Code(s.Cause)
		t.Rows = append(t.Rows, []any{
			quadrantText(l, s.Quadrant), s.Subject, in.name(l, cause.DimCause, s.Cause), s.Contacts, s.Hours, s.Cost, gainOr(s.Gain), s.Saved, s.SavedLo, s.SavedHi, code.ActionIn(l == output.Dutch),
		})
	}
	if rest.Contacts > 0 {
		t.Rows = append(t.Rows, []any{nil, in.name(l, cause.DimSubject, smallCells), nil, rest.Contacts, rest.Hours, rest.Cost, nil, rest.Saved, rest.SavedLo, rest.SavedHi, nil})
	}
	t.Total = []any{l.Pick("Total", "Totaal"), nil, nil, total.Contacts, total.Hours, total.Cost, nil, total.Saved, total.SavedLo, total.SavedHi, nil}
	return t
}

func gainOr(x float64) any {
	if x == 0 {
		return nil
	}
	return x
}

func quadrantText(l output.Lang, q cause.Quadrant) string {
	if l != output.Dutch {
		return string(q)
	}
	return map[cause.Quadrant]string{cause.Eliminate: "wegnemen", cause.Simplify: "vereenvoudigen", cause.Automate: "automatiseren", cause.Leverage: "benutten"}[q]
}

// Values lays the contacts of a span out over the quadrants.
func (in *Inform) Values(ctx context.Context, span Span, w Which) ([]cause.Saving, error) {
	list, err := in.Derived(ctx, span, w)
	if err != nil {
		return nil, err
	}
	return cause.Values(list, in.Book, in.Price, in.worth(), span.Days()), nil
}

func (in *Inform) worth() cause.Worth {
	return cause.WorthBy(in.Book, func(subject string) bool {
		s, ok := in.Centre.Subject(subject)
		return ok && s.Level == "specialist"
	})
}
