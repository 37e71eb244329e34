package flow

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"kcc/contacts/cause"
	"kcc/internal/output"
)

// DepartmentPage is what a department is told about the contacts that its
// subjects bring to the centre.
type DepartmentPage struct {
	Name    string
	Title   string
	Span    Span
	Share   cause.Share
	Total   cause.Line
	Before  float64 // contacts in the span before; NaN when it is not covered
	Causes  []cause.Line
	Topics  []cause.Line // by subject
	Trends  []Trend      // by cause
	Kept    []cause.Kept // promises by subject
	Chases  int          // contacts after a missed promise
	Chased  float64      // what those cost
	Savings []cause.Saving
	Letters []LetterFound
	Spikes  []SpikeFound
}

// ChaseDays is within how many days a contact follows a missed promise, for the
// pages of departments.
const ChaseDays = 10

// Department gathers the page of one department.
func (in *Inform) Department(ctx context.Context, name string, span Span) (*DepartmentPage, error) {
	p := &DepartmentPage{Name: name, Title: in.name(output.English, cause.DimDepartment, name), Span: span, Before: math.NaN()}
	w := Which{Department: name}
	if err := in.ahead(ctx, Span{span.Before().First, span.Last}); err != nil {
		return nil, err
	}
	list, err := in.Derived(ctx, span, w)
	if err != nil {
		return nil, err
	}
	p.Share = cause.AvoidableShare(list, in.Book, 0.95)
	p.Causes, p.Total = cause.Tally(list, in.Book, in.Price, cause.DimCause)
	p.Causes = cause.Hide(p.Causes, smallCells)
	p.Topics, _ = cause.Tally(list, in.Book, in.Price, cause.DimSubject)
	p.Topics = cause.Hide(p.Topics, smallCells)
	p.Trends = in.trends(list, span, cause.DimCause)
	p.Savings = cause.Values(list, in.Book, in.Price, in.worth(), span.Days())
	before, err := in.Derived(ctx, span.Before(), w)
	if err != nil {
		return nil, err
	}
	if covered(before, span.Before()) {
		_, t := cause.Tally(before, in.Book, in.Price, cause.DimCause)
		p.Before = t.Contacts
	}
	kept, err := cause.LoadKept(ctx, in.DB, span.First, span.Last, ChaseDays, in.Now, in.Centre.Zone)
	if err != nil {
		return nil, err
	}
	for _, k := range kept {
		if k.Department == name {
			p.Kept = append(p.Kept, k)
		}
	}
	chases, err := cause.LoadChases(ctx, in.DB, span.First, span.Last, ChaseDays, in.Now, in.Centre.Zone)
	if err != nil {
		return nil, err
	}
	for i := range chases {
		if chases[i].Promised == name {
			p.Chases++
			chases[i].Cell.Channel = centreName(in.Centre, chases[i].Cell.Channel)
			c, _ := in.Price(&chases[i].Cell)
			p.Chased += c
		}
	}
	all, err := in.Letters(ctx, span, "", LetterDays, cause.DefaultLevel)
	if err != nil {
		return nil, err
	}
	for _, f := range all {
		if f.Occasion.Department == name || in.Centre.DepartmentOf(f.Occasion.Subject) == name {
			p.Letters = append(p.Letters, f)
		}
	}
	opt := cause.SpikeOptions{Alarm: cause.DefaultAlarm, Possible: cause.DefaultPossible}
	spikes, err := in.Spikes(ctx, span, w, opt)
	if err != nil {
		return nil, err
	}
	for _, s := range spikes {
		if s.Grade == cause.Alarm {
			p.Spikes = append(p.Spikes, s)
		}
	}
	return p, nil
}

// Promises adds up the promises of the page.
func (p *DepartmentPage) Promises() cause.Kept {
	var t cause.Kept
	for _, k := range p.Kept {
		t.Promises += k.Promises
		t.Missed += k.Missed
		t.Open += k.Open
		t.Known += k.Known
		t.KnownMissed += k.KnownMissed
		t.CameBack += k.CameBack
		t.CameBackMissed += k.CameBackMissed
	}
	return t
}

// Book lays the page out for a workbook or a web page.
func (in *Inform) DepartmentBook(l output.Lang, p *DepartmentPage) output.Book {
	title := in.name(l, cause.DimDepartment, p.Name)
	b := output.Book{
		Title:  fmt.Sprintf(l.Pick("%s: why customers contact the centre", "%s: waarom klanten contact zoeken"), title),
		Lead:   in.lead(l, p),
		Facts:  in.departmentFacts(l, p),
		Tables: in.DepartmentTables(l, p),
	}
	if c := in.avoidableChart(l, p); len(c.X) > 1 {
		b.Charts = append(b.Charts, c)
	}
	return b
}

// lead is the page in two sentences.
func (in *Inform) lead(l output.Lang, p *DepartmentPage) string {
	lead := fmt.Sprintf(l.Pick("%s registered contacts in %s, cost %s %s.", "%s geregistreerde contacten in %s, kosten %s %s."),
		l.Number(p.Total.Contacts, 0), spanText(l, p.Span), in.Centre.Currency, l.Number(p.Total.Cost, 0))
	if len(p.Savings) > 0 && p.Savings[0].Saved > 0 {
		s := p.Savings[0]
		code := in.Book.Code(s.Cause)
		lead += " " + fmt.Sprintf(l.Pick("Most is saved by this: %s (%s), %s %s a year.", "Het meeste levert dit op: %s (%s), %s %s per jaar."),
			lowerFirst(code.ActionIn(l == output.Dutch)), in.name(l, cause.DimSubject, s.Subject), in.Centre.Currency, l.Number(s.Saved, 0))
	}
	return lead
}

func lowerFirst(s string) string {
	r := []rune(s)
	if len(r) == 0 {
		return s
	}
	return strings.ToLower(string(r[:1])) + string(r[1:])
}

func (in *Inform) departmentFacts(l output.Lang, p *DepartmentPage) []output.Fact {
	pct := func(x float64) string {
		if math.IsNaN(x) {
			return l.Pick("not known", "niet bekend")
		}
		return l.Number(100*x, 1) + " %"
	}
	k := p.Promises()
	facts := []output.Fact{
		{Label: l.Pick("Period", "Periode"), Value: spanText(l, p.Span)},
		{Label: l.Pick("Contacts", "Contacten"), Value: l.Number(p.Total.Contacts, 0) + changeText(l, p.Total.Contacts, p.Before)},
		{Label: l.Pick("Hours of agents", "Uren van medewerkers"), Value: l.Number(p.Total.Hours, 0)},
		{Label: l.Pick("Cost", "Kosten"), Value: in.Centre.Currency + " " + l.Number(p.Total.Cost, 0)},
		{Label: l.Pick("Avoidable, of those with a cause", "Vermijdbaar, van die met een oorzaak"), Value: fmt.Sprintf("%s (%s - %s)", pct(p.Share.Ratio), pct(p.Share.Lo), pct(p.Share.Hi))},
	}
	if k.Promises >= cause.SmallCell {
		facts = append(facts,
			output.Fact{Label: l.Pick("Promises kept", "Beloften nagekomen"), Value: fmt.Sprintf(l.Pick("%s of %s", "%s van %s"), pct(1-float64(k.Missed)/float64(k.Promises)), l.Int(int64(k.Promises)))})
	}
	if k.KnownMissed >= cause.SmallCell {
		facts = append(facts, output.Fact{
			Label: fmt.Sprintf(l.Pick("Came back within %d days of a missed promise", "Kwam terug binnen %d dagen na een gemiste belofte"), ChaseDays),
			Value: fmt.Sprintf(l.Pick("%s, and %s after one that was kept", "%s, en %s na een die was nagekomen"), pct(ratio(k.CameBackMissed, k.KnownMissed)), pct(ratio(k.CameBack, k.Known-k.KnownMissed))),
		})
	}
	if p.Chases >= cause.SmallCell {
		facts = append(facts, output.Fact{Label: l.Pick("Contacts after a missed promise", "Contacten na een gemiste belofte"), Value: fmt.Sprintf("%d, %s %s", p.Chases, in.Centre.Currency, l.Number(p.Chased, 0))})
	}
	return facts
}

func ratio(a, b int) float64 {
	if b == 0 {
		return math.NaN()
	}
	return float64(a) / float64(b)
}

func changeText(l output.Lang, now, before float64) string {
	if math.IsNaN(before) || before == 0 {
		return ""
	}
	return fmt.Sprintf(l.Pick(" (%s%% against the period before)", " (%s%% t.o.v. de periode ervoor)"), l.Signed(100*(now/before-1), 1))
}

// DepartmentTables are the tables of the page: actions, causes, subjects,
// promises, weeks, mailings and spikes; those without rows are left out.
func (in *Inform) DepartmentTables(l output.Lang, p *DepartmentPage) []output.Table {
	actions := in.actionTable(l, p)
	causes := in.Table(l, &Tallied{TallyOptions: TallyOptions{Span: p.Span, By: []cause.Dim{cause.DimCause}}, Lines: p.Causes, Total: p.Total, Share: p.Share})
	causes.Title = l.Pick("Causes", "Oorzaken")
	causes.Charts = nil
	causes = without(causes, "cause", "noted", "derived", "hours")
	causes.Columns[0].Title = dimTitle(l, cause.DimCause)
	topics := in.Table(l, &Tallied{TallyOptions: TallyOptions{Span: p.Span, By: []cause.Dim{cause.DimSubject}}, Lines: p.Topics, Total: p.Total, Share: p.Share})
	topics.Title, topics.Name, topics.Charts, topics.Notes = l.Pick("Subjects", "Onderwerpen"), "subjects", nil, nil
	for _, row := range topics.Rows {
		row[0] = in.name(l, cause.DimSubject, fmt.Sprint(row[0]))
	}
	topics = without(topics, "noted", "derived", "hours")
	trend := in.TrendTable(l, p.Span, cause.DimCause, p.Trends)
	trend.Title = l.Pick("Trend per cause", "Trend per oorzaak")
	out := []output.Table{actions, causes, topics, in.WeeksTable(l, p.Span, cause.DimCause, p.Trends), trend, in.promiseTable(l, p)}
	if len(p.Letters) > 0 {
		out = append(out, in.LetterTable(l, p.Letters))
	}
	if len(p.Spikes) > 0 {
		out = append(out, without(in.SpikeTable(l, p.Span, p.Spikes, cause.SpikeOptions{Alarm: cause.DefaultAlarm, Possible: cause.DefaultPossible}), "p", "grade"))
	}
	return out
}

// without leaves the named columns out of a table, and those in which no row has
// a value.
func without(t output.Table, names ...string) output.Table {
	var keep []int
	for j, c := range t.Columns {
		empty := !slices.ContainsFunc(t.Rows, func(row []any) bool {
			x, number := row[j].(float64)
			return row[j] != nil && !(number && math.IsNaN(x))
		})
		if !slices.Contains(names, c.Name) && !empty {
			keep = append(keep, j)
		}
	}
	out := t.Keep(keep)
	if t.Total != nil && out.Total[0] == nil {
		out.Total[0] = t.Total[0]
	}
	return out
}

// avoidableChart draws what the avoidable causes cost.
func (in *Inform) avoidableChart(l output.Lang, p *DepartmentPage) output.Chart {
	const most = 6
	c := output.Chart{
		Title: l.Pick("Cost of avoidable contacts", "Kosten van vermijdbare contacten"), Kind: output.BarChart, YLabel: in.Centre.Currency,
		Series: []output.ChartSeries{{Name: l.Pick("Cost", "Kosten")}},
	}
	c.Name = c.Title
	for i := range p.Causes {
		if line := &p.Causes[i]; line.AvoidableCost > 0 && len(c.X) < most {
			c.X = append(c.X, in.name(l, cause.DimCause, line.Keys[0]))
			c.Series[0].Values = append(c.Series[0].Values, line.AvoidableCost)
		}
	}
	return c
}

// actionTable lists what the department can do, what saves most first.
func (in *Inform) actionTable(l output.Lang, p *DepartmentPage) output.Table {
	const most = 8
	t := output.Table{
		Name: "actions", Title: l.Pick("Suggested actions", "Voorgestelde acties"),
		Columns: []output.Column{
			{Name: "action", Title: l.Pick("Action", "Actie")},
			{Name: "subject", Title: l.Pick("Subject", "Onderwerp")},
			{Name: "cause", Title: l.Pick("Against", "Tegen")},
			{Name: "contacts", Title: l.Pick("Contacts", "Contacten"), Kind: output.Number},
			{Name: "saved_year", Title: l.Pick("Saved a year", "Bespaard per jaar"), Kind: output.Number},
			{Name: "lo90", Title: l.Pick("Low", "Laag"), Kind: output.Number},
			{Name: "hi90", Title: l.Pick("High", "Hoog"), Kind: output.Number},
		},
		Notes: []string{
			l.Pick("What is saved is the cost of the contacts that the action is taken to prevent, at the volume of the period; measure it afterwards with kcc inform effect",
				"Bespaard zijn de kosten van de contacten die de actie naar schatting voorkomt, bij het volume van de periode; meet het achteraf met kcc inform effect"),

			l.Pick("What came once in the period, such as after one mailing, counts as if it came as often all year", "Wat in de periode één keer kwam, zoals na één verzending, telt alsof het het hele jaar zo vaak komt"),
			in.costNote(l),
		},
	}
	for i := range p.Savings {
		s := &p.Savings[i]
		code := in.Book.Code(s.Cause)
		if s.Saved <= 0 || s.Contacts < cause.SmallCell || code.Action == "" || len(t.Rows) == most {
			continue
		}
		t.Rows = append(t.Rows, []any{code.ActionIn(l == output.Dutch), in.name(l, cause.DimSubject, s.Subject), in.name(l, cause.DimCause, s.Cause), s.Contacts, s.Saved, s.SavedLo, s.SavedHi})
	}
	return t
}

// promiseTable shows the promises of the department per subject.
func (in *Inform) promiseTable(l output.Lang, p *DepartmentPage) output.Table {
	t := output.Table{
		Name: "promises", Title: l.Pick("Promises that came due", "Beloften die vervielen"),
		Columns: []output.Column{
			{Name: "subject", Title: l.Pick("Subject", "Onderwerp")},
			{Name: "promises", Title: l.Pick("Promises", "Beloften"), Kind: output.Integer},
			{Name: "missed", Title: l.Pick("Missed", "Gemist"), Kind: output.Integer},
			{Name: "still_open", Title: l.Pick("Still open", "Nog open"), Kind: output.Integer},
			{Name: "kept_ratio", Title: l.Pick("Kept", "Nagekomen"), Kind: output.Percent, Digits: 1},
			{Name: "back_after_missed", Title: l.Pick("Came back, missed", "Kwam terug, gemist"), Kind: output.Percent},
			{Name: "back_after_kept", Title: l.Pick("Came back, kept", "Kwam terug, nagekomen"), Kind: output.Percent},
		},
		Notes: []string{fmt.Sprintf(l.Pick("Came back: contact on the same subject within %d days after the due time; rows with fewer than 5 promises are left out", "Kwam terug: contact over hetzelfde onderwerp binnen %d dagen na de uiterste datum; rijen met minder dan 5 beloften zijn weggelaten"), ChaseDays)},
	}
	few := func(n, of int) any {
		if of < cause.SmallCell {
			return math.NaN()
		}
		return ratio(n, of)
	}
	small := func(n int) any {
		if n > 0 && n < cause.SmallCell {
			return nil
		}
		return n
	}
	for _, k := range p.Kept {
		if k.Promises < cause.SmallCell {
			continue
		}
		t.Rows = append(t.Rows, []any{
			in.name(l, cause.DimSubject, k.Subject), k.Promises, small(k.Missed), small(k.Open), keptOr(k), few(k.CameBackMissed, k.KnownMissed), few(k.CameBack, k.Known-k.KnownMissed),
		})
	}
	return t
}

// keptOr is the share of promises kept, unless so few were missed that it would
// tell how many.
func keptOr(k cause.Kept) any {
	if k.Missed > 0 && k.Missed < cause.SmallCell {
		return nil
	}
	return 1 - ratio(k.Missed, k.Promises)
}

// WriteDepartment writes the page in a format.
func (in *Inform) WriteDepartment(w io.Writer, f output.Format, opt output.Options, p *DepartmentPage) error {
	b := in.DepartmentBook(opt.Lang, p)
	switch f {
	case output.XLSX, output.HTML:
		return output.WriteBook(w, f, opt, b)
	case output.Markdown:
		if _, err := fmt.Fprintf(w, "# %s\n\n%s\n\n", b.Title, b.Lead); err != nil {
			return err
		}
		for _, fact := range b.Facts {
			if _, err := fmt.Fprintf(w, "- %s: %s\n", fact.Label, fact.Value); err != nil {
				return err
			}
		}
		if _, err := fmt.Fprintln(w); err != nil {
			return err
		}
	case output.CSV:
		b.Tables = b.Tables[:1] // one table only: what can be done
	}
	return output.Write(w, f, opt, b.Tables...)
}
