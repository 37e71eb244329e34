package flow

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"kcc/contacts/cause"
	"kcc/internal/calendar"
	"kcc/internal/output"
)

// dimTitle is what stands above a dimension.
func dimTitle(l output.Lang, d cause.Dim) string {
	switch d {
	case cause.DimCause:
		return l.Pick("Cause", "Oorzaak")
	case cause.DimSubject:
		return l.Pick("Subject", "Onderwerp")
	case cause.DimChannel:
		return l.Pick("Channel", "Kanaal")
	case cause.DimKind:
		return l.Pick("Kind", "Soort")
	case cause.DimSegment:
		return l.Pick("Segment", "Doelgroep")
	case cause.DimDepartment:
		return l.Pick("Department", "Afdeling")
	}
	return l.Pick("Rule", "Regel")
}

// names shows the values of dimensions as the centre calls them: in tables for
// people the titles, under the key the code.
func (in *Inform) name(l output.Lang, d cause.Dim, v string) string {
	if v == smallCells {
		return l.Pick("other (fewer than 5 each)", "overig (elk minder dan 5)")
	}
	if v == "" {
		return l.Pick("(unknown)", "(onbekend)")
	}
	if d == cause.DimCause {
		code := in.Book.Code(v)
		return code.TitleIn(l == output.Dutch)
	}
	if d == cause.DimSubject {
		if s, ok := in.Centre.Subject(v); ok && s.Title != "" {
			return s.Title
		}
	}
	if d == cause.DimDepartment {
		if s, ok := in.Centre.Department(v); ok && s.Title != "" {
			return s.Title
		}
	}
	return v
}

// smallCells is the key of the line that joins small ones.
const smallCells = "(other)"

// TallyOptions says how contacts are laid out.
type TallyOptions struct {
	Span  Span
	Which Which
	By    []cause.Dim
	Small bool // show lines with fewer than cause.SmallCell contacts
	Top   int  // only so many lines; 0 is all
	// AvoidableOnly leaves out what is not avoidable, and sorts by what that costs.
	AvoidableOnly bool
}

// Tallied is contacts laid out by cause or otherwise, beside the period before.
type Tallied struct {
	TallyOptions
	Lines  []cause.Line
	Total  cause.Line
	Before map[string]float64 // contacts in the span before, by joined keys; nil when it is not covered
	Share  cause.Share
}

// Tally lays contacts out.
func (in *Inform) Tally(ctx context.Context, o TallyOptions) (*Tallied, error) {
	if err := in.ahead(ctx, Span{o.Span.Before().First, o.Span.Last}); err != nil {
		return nil, err
	}
	list, err := in.Derived(ctx, o.Span, o.Which)
	if err != nil {
		return nil, err
	}
	t := &Tallied{TallyOptions: o, Share: cause.AvoidableShare(list, in.Book, 0.95)}
	t.Lines, t.Total = cause.Tally(list, in.Book, in.Price, o.By...)
	before, err := in.Derived(ctx, o.Span.Before(), o.Which)
	if err != nil {
		return nil, err
	}
	if covered(before, o.Span.Before()) {
		t.Before = map[string]float64{}
		lines, _ := cause.Tally(before, in.Book, in.Price, o.By...)
		for _, line := range lines {
			t.Before[strings.Join(line.Keys, "\x00")] = line.Contacts
		}
	}
	if o.AvoidableOnly {
		t.Lines = slices.DeleteFunc(t.Lines, func(l cause.Line) bool { return l.Avoidable <= 0 })
		slices.SortStableFunc(t.Lines, func(a, b cause.Line) int {
			switch {
			case a.AvoidableCost > b.AvoidableCost:
				return -1
			case a.AvoidableCost < b.AvoidableCost:
				return 1
			}
			return 0
		})
	}
	if !o.Small {
		t.Lines = cause.Hide(t.Lines, smallCells)
	}
	if o.Top > 0 && len(t.Lines) > o.Top {
		t.Lines = t.Lines[:o.Top]
	}
	return t, nil
}

// covered reports whether a span has contacts in its first and last week.
func covered(list []cause.Derived, s Span) bool {
	first, last := false, false
	for i := range list {
		first = first || list[i].Day < s.First+7
		last = last || list[i].Day > s.Last-7
	}
	return first && last
}

// Table shows a tally.
func (in *Inform) Table(l output.Lang, t *Tallied) output.Table {
	out := output.Table{
		Name:  "causes",
		Title: fmt.Sprintf(l.Pick("Why contacts arose, %s", "Waarom contacten ontstonden, %s"), spanText(l, t.Span)),
		Keys:  len(t.By),
	}
	if t.AvoidableOnly {
		out.Name, out.Title = "top", fmt.Sprintf(l.Pick("What costs most and is avoidable, %s", "Wat het meest kost en vermijdbaar is, %s"), spanText(l, t.Span))
	}
	withCause := slices.Contains(t.By, cause.DimCause)
	for _, d := range t.By {
		out.Columns = append(out.Columns, output.Column{Name: string(d), Title: dimTitle(l, d)})
	}
	if withCause {
		out.Columns = append(out.Columns, output.Column{Name: "cause_title", Title: l.Pick("Meaning", "Betekenis")})
	}
	out.Columns = append(out.Columns,
		output.Column{Name: "contacts", Title: l.Pick("Contacts", "Contacten"), Kind: output.Number},
		output.Column{Name: "share", Title: l.Pick("Share", "Aandeel"), Kind: output.Percent, Digits: 1},
		output.Column{Name: "noted", Title: l.Pick("Noted", "Genoteerd"), Kind: output.Number},
		output.Column{Name: "derived", Title: l.Pick("By rule", "Via regel"), Kind: output.Number},
		output.Column{Name: "aht_s", Title: l.Pick("AHT (s)", "Afhandeltijd (s)"), Kind: output.Number},
		output.Column{Name: "hours", Title: l.Pick("Hours", "Uren"), Kind: output.Number, Digits: 1},
		output.Column{Name: "cost", Title: l.Pick("Cost", "Kosten"), Kind: output.Number},
		output.Column{Name: "avoidable", Title: l.Pick("Avoidable", "Vermijdbaar"), Kind: output.Number},
		output.Column{Name: "avoidable_cost", Title: l.Pick("Avoidable cost", "Vermijdbare kosten"), Kind: output.Number},
		output.Column{Name: "change", Title: l.Pick("Change", "Verandering"), Kind: output.Percent},
	)
	row := func(line *cause.Line, keys []any) []any {
		change := any(math.NaN())
		if was := t.Before[strings.Join(line.Keys, "\x00")]; was >= cause.SmallCell && len(line.Keys) > 0 {
			change = line.Contacts/was - 1
		}
		return append(keys, line.Contacts, line.Contacts/t.Total.Contacts, line.Given, line.Derived, line.AHT(), line.Hours, line.Cost, line.Avoidable, line.AvoidableCost, change)
	}
	for i := range t.Lines {
		line := &t.Lines[i]
		var keys []any
		title := ""
		for k, d := range t.By {
			v := line.Keys[k]
			switch {
			case v == smallCells:
				keys = append(keys, in.name(l, d, v))
			default:
				keys = append(keys, v)
			}
			if d == cause.DimCause {
				title = in.name(l, d, v)
			}
		}
		if withCause {
			keys = append(keys, title)
		}
		out.Rows = append(out.Rows, row(line, keys))
	}
	keys := make([]any, len(t.By))
	keys[0] = l.Pick("Total", "Totaal")
	if withCause {
		keys = append(keys, nil)
	}
	if !t.AvoidableOnly {
		out.Total = row(&cause.Line{Cell: t.Total.Cell, Given: t.Total.Given, Derived: t.Total.Derived, Hours: t.Total.Hours, Cost: t.Total.Cost, Avoidable: t.Total.Avoidable, AvoidableCost: t.Total.AvoidableCost}, keys)
	}
	out.Notes = append(out.Notes, in.shareNotes(l, t.Share)...)
	out.Notes = append(out.Notes, in.costNote(l))
	if !t.AvoidableOnly {
		out.Charts = []output.ChartSpec{{
			Title: l.Pick("Cost by "+strings.ToLower(dimTitle(l, t.By[0])), "Kosten per "+strings.ToLower(dimTitle(l, t.By[0]))), Kind: output.BarChart,
			X: out.Columns[0].Name, Y: []string{"cost", "avoidable_cost"}, YLabel: in.Centre.Currency,
		}}
	}
	return out
}

// shareNotes says which share is avoidable, and how sure that is.
func (in *Inform) shareNotes(l output.Lang, s cause.Share) []string {
	if math.IsNaN(s.Ratio) {
		return []string{l.Pick("No contact has a cause, noted or derived: what is avoidable is not known", "Geen contact heeft een oorzaak, genoteerd of afgeleid: wat vermijdbaar is, is niet bekend")}
	}
	pct := func(x float64) string { return l.Number(100*x, 1) + " %" }
	out := []string{fmt.Sprintf(l.Pick(
		"Avoidable: %s of the contacts with a cause (95 %% interval %s to %s, weeks as clusters)",
		"Vermijdbaar: %s van de contacten met een oorzaak (95 %%-interval %s tot %s, weken als clusters)"),

		pct(s.Ratio), pct(s.Lo), pct(s.Hi))}
	if s.Coded < s.Contacts-0.5 {
		out = append(out, fmt.Sprintf(l.Pick(
			"%s of the contacts have no cause: whatever theirs are, %s to %s of all is avoidable",
			"%s van de contacten heeft geen oorzaak: hoe die ook zijn, %s tot %s van alles is vermijdbaar"),

			pct(1-s.Coded/s.Contacts), pct(s.Least), pct(s.Most)))
	}
	return out
}

func (in *Inform) costNote(l output.Lang) string {
	r := in.Rates[""]
	return fmt.Sprintf(l.Pick(
		"Cost in %s: handle time / contacts at once, at %s per paid hour, of which %s %% is spent on contacts (shrinkage, occupancy %s %%), plus the cost per contact of the channel",
		"Kosten in %s: afhandeltijd / gelijktijdige contacten, à %s per betaald uur, waarvan %s %% aan contacten opgaat (uitval, bezettingsgraad %s %%), plus de kosten per contact van het kanaal"),

		in.Centre.Currency, l.Number(r.Wage, 2), l.Number(100*r.Productive*r.Occupancy, 0), l.Number(100*r.Occupancy, 0))
}

func spanText(l output.Lang, s Span) string {
	return fmt.Sprintf(l.Pick("%s to %s", "%s tot en met %s"), dateText(l, s.First), dateText(l, s.Last))
}

func dateText(l output.Lang, d calendar.Date) string {
	return l.Date(d.Start(time.UTC))
}

// SpikeTable shows spikes with what explains them.
func (in *Inform) SpikeTable(l output.Lang, span Span, list []SpikeFound, opt cause.SpikeOptions) output.Table {
	out := output.Table{
		Name: "spikes", Title: fmt.Sprintf(l.Pick("Weeks with more contacts than expected, %s", "Weken met meer contacten dan verwacht, %s"), spanText(l, span)), Keys: 2,
		Columns: []output.Column{
			{Name: "week", Title: l.Pick("Week of", "Week van"), Kind: output.Date},
			{Name: "subject", Title: l.Pick("Subject", "Onderwerp")},
			{Name: "grade", Title: l.Pick("Grade", "Oordeel"), Rules: []output.Rule{{Op: output.Is, Text: gradeText(l, cause.Alarm), Tone: output.Bad}}},
			{Name: "contacts", Title: l.Pick("Contacts", "Contacten"), Kind: output.Number},
			{Name: "expected", Title: l.Pick("Expected", "Verwacht"), Kind: output.Number, Digits: 1},
			{Name: "extra", Title: l.Pick("Extra", "Extra"), Kind: output.Number},
			{Name: "lo90", Title: l.Pick("Low", "Laag"), Kind: output.Number},
			{Name: "hi90", Title: l.Pick("High", "Hoog"), Kind: output.Number},
			{Name: "cost", Title: l.Pick("Cost", "Kosten"), Kind: output.Number},
			{Name: "channels", Title: l.Pick("On", "Via")},
			{Name: "causes", Title: l.Pick("Causes", "Oorzaken")},
			{Name: "occasions", Title: l.Pick("What happened", "Wat gebeurde er")},
			{Name: "words", Title: l.Pick("Words in notes", "Woorden in notities")},
			{Name: "p", Kind: output.Number, Digits: 4},
		},
		Notes: []string{
			fmt.Sprintf(l.Pick(
				"alarm: a year in which nothing happens gives one with a chance of at most %s %% (all subjects together); possible: an ordinary week of one subject gives one with a chance of %s %%",
				"alarm: een jaar waarin niets gebeurt geeft er een met een kans van hoogstens %s %% (alle onderwerpen samen); mogelijk: een gewone week van één onderwerp geeft er een met een kans van %s %%"),

				l.Number(100*opt.Alarm, 1), l.Number(100*opt.Possible, 1)),
			l.Pick("Expected: a regression on weekday, holidays, trend and time of year, made of the other weeks; 90 % interval of the extra contacts",
				"Verwacht: een regressie op weekdag, feestdagen, trend en tijd van het jaar, uit de andere weken; 90 %-interval van de extra contacten"),
		},
	}
	for i := range list {
		s := &list[i]
		out.Rows = append(out.Rows, []any{
			s.Week, s.Subject, gradeText(l, s.Grade), s.Actual, s.Expected, s.Extra(), s.Lo, s.Hi, s.Cost,
			partsText(l, s.Channels, func(n string) string { return n }), partsText(l, s.Causes, func(n string) string { return in.name(l, cause.DimCause, n) }),
			strings.Join(s.Occasions, "; "), wordsText(s.Words), s.P,
		})
	}
	return out
}

func gradeText(l output.Lang, grade string) string {
	if grade == cause.Possible {
		return l.Pick("possible", "mogelijk")
	}
	return l.Pick("alarm", "alarm")
}

func partsText(l output.Lang, list []PartOf, name func(string) string) string {
	parts := make([]string, len(list))
	for i, p := range list {
		parts[i] = fmt.Sprintf("%s %s%%", name(p.Name), l.Number(100*p.Share, 0))
	}
	return strings.Join(parts, ", ")
}

func wordsText(list []cause.Word) string {
	parts := make([]string, len(list))
	for i, w := range list {
		parts[i] = w.Text
	}
	return strings.Join(parts, ", ")
}

// LetterTable shows what mailings brought.
func (in *Inform) LetterTable(l output.Lang, list []LetterFound) output.Table {
	out := output.Table{
		Name: "letters", Title: l.Pick("What mailings brought", "Wat verzendingen opleverden"), Keys: 1,
		Columns: []output.Column{
			{Name: "mailing", Title: l.Pick("Mailing", "Verzending")},
			{Name: "date", Title: l.Pick("Sent on", "Verzonden op"), Kind: output.Date},
			{Name: "subject", Title: l.Pick("Subject", "Onderwerp")},
			{Name: "sent", Title: l.Pick("Letters", "Brieven"), Kind: output.Integer},
			{Name: "days", Title: l.Pick("Days", "Dagen"), Kind: output.Integer},
			{Name: "contacts", Title: l.Pick("Contacts", "Contacten"), Kind: output.Number},
			{Name: "expected", Title: l.Pick("Expected", "Verwacht"), Kind: output.Number},
			{Name: "extra", Title: l.Pick("Extra", "Extra"), Kind: output.Number},
			{Name: "lo90", Title: l.Pick("Low", "Laag"), Kind: output.Number},
			{Name: "hi90", Title: l.Pick("High", "Hoog"), Kind: output.Number},
			{Name: "per_100", Title: l.Pick("Per 100 letters", "Per 100 brieven"), Kind: output.Number, Digits: 1},
			{Name: "half_by", Title: l.Pick("Half by", "Helft op"), Kind: output.Date},
			{Name: "cost", Title: l.Pick("Cost", "Kosten"), Kind: output.Number},
			{Name: "causes", Title: l.Pick("Causes", "Oorzaken")},
			{Name: "words", Title: l.Pick("Words in notes", "Woorden in notities")},
		},
		Notes: []string{
			l.Pick("Extra: contacts on the subject from the day after the mailing on, above what the other days lead to expect; 90 % interval",
				"Extra: contacten over het onderwerp vanaf de dag na verzending, boven wat de andere dagen doen verwachten; 90 %-interval"),

			in.registeredNote(l),
		},
	}
	for i := range list {
		f := &list[i]
		if f.Err != nil {
			out.Rows = append(out.Rows, []any{f.Name, f.From, f.Subject, sentOr(f.Sent), nil, nil, nil, nil, nil, nil, nil, nil, nil, nil, nil})
			out.Notes = append(out.Notes, fmt.Sprintf(l.Pick("%s: there is too little history around it", "%s: er is te weinig historie omheen"), f.Name))
			continue
		}
		half := any(nil)
		if f.Half != 0 {
			half = f.Half
		}
		out.Rows = append(out.Rows, []any{
			f.Name, f.From, f.Occasion.Subject, sentOr(f.Sent), f.Span.Days(), f.Actual, f.Expected, f.Extra, f.Lo, f.Hi, f.PerHundred, half, f.Cost,
			partsText(l, f.Causes, func(n string) string { return in.name(l, cause.DimCause, n) }), wordsText(f.Words),
		})
	}
	return out
}

func sentOr(n int) any {
	if n == 0 {
		return nil
	}
	return n
}

// registeredNote says that figures are of the contacts that were registered.
func (in *Inform) registeredNote(l output.Lang) string {
	return l.Pick("Counted are registered contacts; what agents do not register is not in it", "Geteld zijn geregistreerde contacten; wat medewerkers niet registreren, zit er niet in")
}

// EffectTable shows the effect of an action.
func (in *Inform) EffectTable(l output.Lang, name string, o EffectOptions, e *EffectFound) output.Table {
	t := output.Table{
		Name: "effect", Title: fmt.Sprintf(l.Pick("Effect of %s (%s)", "Effect van %s (%s)"), name, dateText(l, o.Date)),
		Columns: []output.Column{
			{Name: "from", Title: l.Pick("From", "Van"), Kind: output.Date},
			{Name: "to", Title: l.Pick("To", "Tot en met"), Kind: output.Date},
			{Name: "contacts", Title: l.Pick("Contacts", "Contacten"), Kind: output.Number},
			{Name: "expected", Title: l.Pick("Expected", "Verwacht"), Kind: output.Number},
			{Name: "effect", Title: l.Pick("Effect", "Effect"), Kind: output.Number},
			{Name: "lo90", Title: l.Pick("Low", "Laag"), Kind: output.Number},
			{Name: "hi90", Title: l.Pick("High", "Hoog"), Kind: output.Number},
			{Name: "effect_pct", Title: l.Pick("Effect %", "Effect %"), Kind: output.Percent, Digits: 1},
			{Name: "lo90_pct", Title: l.Pick("Low", "Laag"), Kind: output.Percent, Digits: 1},
			{Name: "hi90_pct", Title: l.Pick("High", "Hoog"), Kind: output.Percent, Digits: 1},
			{Name: "p", Title: l.Pick("Chance", "Kans"), Kind: output.Number, Digits: 4},
			{Name: "saved_contacts_year", Title: l.Pick("Saved a year", "Bespaard per jaar"), Kind: output.Number},
			{Name: "saved_cost_year", Title: l.Pick("Cost saved a year", "Kosten bespaard per jaar"), Kind: output.Number},
		},
		Rows: [][]any{{e.Span.First, e.Span.Last, e.Actual, e.Expected, e.Extra, e.Lo, e.Hi, e.Ratio, e.RatioLo, e.RatioHi, e.P, e.PerYear, e.YearCost}},
		Notes: []string{fmt.Sprintf(l.Pick(
			"Expected: a control made of %s; 90 %% interval; chance of as much when the action did nothing",
			"Verwacht: een controle uit %s; 90 %%-interval; kans op zoveel als de actie niets deed"),

			spanText(l, e.Before))},
	}
	if len(o.Controls) > 0 {
		t.Notes = append(t.Notes, fmt.Sprintf(l.Pick(
			"The control subjects %s came to %s times what was expected of them; the expectation moves with them",
			"De controleonderwerpen %s kwamen op %s maal wat ervan verwacht werd; de verwachting beweegt mee"),

			strings.Join(o.Controls, ", "), l.Number(e.ByControls, 3)))
	}
	switch {
	case e.Hi < 0:
		t.Notes = append(t.Notes, l.Pick("Fewer contacts than without the action", "Minder contacten dan zonder de actie"))
	case e.Lo > 0:
		t.Notes = append(t.Notes, l.Pick("More contacts than without the action", "Meer contacten dan zonder de actie"))
	default:
		t.Notes = append(t.Notes, l.Pick("The data do not tell whether the action had an effect", "De gegevens zeggen niet of de actie effect had"))
	}
	return t
}
