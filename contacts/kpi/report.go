package kpi

import (
	"fmt"
	"math"
	"strings"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/output"
)

// Report is one report, ready to be shown to people or read by programs.
type Report struct {
	Name   string
	Title  string
	Head   []output.Fact // the main figures in a line each, above all else on a page
	Facts  []output.Fact
	Tables []output.Table // for people: totals and subtotals, definitions under them
	Data   []output.Table // for programs: a row per group, stable names
	Charts []output.Chart
	Define []Defined
	Notes  []string // what to know of the data
}

// Defined is a figure with its definition.
type Defined struct{ Key, Title, Text string }

// Compare says what a report stands beside.
type Compare string

// The comparisons.
const (
	NoCompare  Compare = ""
	VsPrevious Compare = "previous"
	VsYear     Compare = "year"
	VsPlan     Compare = "plan"
)

// ParseCompare reads the value of --vs.
func ParseCompare(s string) (Compare, error) {
	switch c := Compare(s); c {
	case NoCompare, VsPrevious, VsYear, VsPlan:
		return c, nil
	}
	return "", fmt.Errorf("%q: want previous, year or plan", s)
}

// View is what a reader asked for besides the query.
type View struct {
	Lang    output.Lang
	Now     time.Time
	Compare Compare
	MinCell int                          // groups with fewer contacts are put together; 0: none
	Titles  func(k Key, v string) string // names for people; nil: as in the store
	Charts  bool                         // draw what belongs to the report
	Plan    PlanFunc
}

// PlanFunc tells what was planned for a figure of a value of a key ("": of all)
// from from until to, zero times for the whole period.
type PlanFunc func(k Key, v string, from, to time.Time, figure string) (float64, bool)

func (v *View) title(k Key, val string) string {
	if val == "" {
		return v.Lang.Pick("(not recorded)", "(niet vastgelegd)")
	}
	if v.Titles != nil {
		if t := v.Titles(k, val); t != "" {
			return t
		}
	}
	if t, ok := wordsOf[val]; ok && (k == ByKind || k == ByDirection || k == ByCause || k == ByChannel) {
		return v.Lang.Pick(t[0], t[1])
	}
	return val
}

// wordsOf are the values that kcc itself gives, for people.
var wordsOf = map[string][2]string{
	"inbound": {"inbound", "inkomend"}, "outbound": {"outbound", "uitgaand"},
	"question": {"question", "vraag"}, "request": {"request", "aanvraag"}, "complaint": {"complaint", "klacht"}, "report": {"report", "melding"},
	"objection": {"objection", "bezwaar"}, "status_chase": {"status chase", "navraag status"}, "callback": {"call-back", "terugbelverzoek"},
	"phone": {"phone", "telefoon"}, "email": {"e-mail", "e-mail"}, "chat": {"chat", "chat"}, "webform": {"web form", "webformulier"}, "whatsapp": {"WhatsApp", "WhatsApp"},
	"social": {"social media", "sociale media"}, "counter": {"counter", "balie"}, "letter": {"letter", "brief"}, "post": {"post", "post"}, "bot": {"chatbot", "chatbot"},
}

// keyTitles are the headings of the keys.
var keyTitles = map[Key][2]string{
	ByChannel: {"Channel", "Kanaal"}, ByKind: {"Kind", "Soort"}, BySubject: {"Subject", "Onderwerp"}, BySegment: {"Segment", "Doelgroep"},
	ByDepartment: {"Department", "Vakafdeling"}, ByTeam: {"Team", "Team"}, ByDirection: {"Direction", "Richting"}, ByCause: {"Cause", "Oorzaak"}, ByAgent: {"Agent", "Medewerker"},
}

// everyTitles are the headings of buckets.
var everyTitles = map[Every][2]string{
	Interval: {"Interval", "Interval"}, Hour: {"Hour", "Uur"}, Day: {"Day", "Dag"}, Week: {"Week", "Week"}, Month: {"Month", "Maand"}, Quarter: {"Quarter", "Kwartaal"}, Year: {"Year", "Jaar"},
}

// bucketName names a bucket for people.
func (e Every) bucketName(t time.Time, l output.Lang) string {
	d := calendar.DateOf(t, t.Location())
	switch e {
	case Interval, Hour:
		return l.Date(t) + t.Format(" 15:04")
	case Week:
		y, w := d.ISOWeek()
		return fmt.Sprintf("%d-W%02d", y, w)
	case Month:
		return monthName(t.Month(), l) + t.Format(" 2006")
	case Quarter:
		return fmt.Sprintf("%s%d %d", l.Pick("Q", "K"), (int(t.Month())+2)/3, t.Year())
	case Year:
		return t.Format("2006")
	}
	return l.Weekday(d.Weekday()) + " " + l.Date(t)
}

func monthName(m time.Month, l output.Lang) string {
	if l == output.Dutch {
		return [...]string{"", "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"}[m]
	}
	return m.String()
}

// Span names the period for people.
func (p Period) Span(l output.Lang) string {
	first := p.From.Start(time.UTC)
	if p.months() == 1 {
		return monthName(first.Month(), l) + first.Format(" 2006")
	}
	if p.From == p.To {
		return l.Weekday(p.From.Weekday()) + " " + l.Date(first)
	}
	return l.Date(first) + l.Pick(" to ", " t/m ") + l.Date(p.To.Start(time.UTC))
}

// facts says what was asked.
func facts(f *Frame, set *Settings, v *View) []output.Fact {
	l := v.Lang
	out := []output.Fact{
		{Label: l.Pick("Period", "Periode"), Value: f.Query.Period.Span(l)},
		{Label: l.Pick("Service level", "Servicelevel"), Value: set.formulaText(l) + "; " + set.targetText(l)},
		{Label: l.Pick("Short abandons", "Kort afgehaakt"), Value: l.Pick("under ", "onder ") + calendar.FormatDuration(set.short())},
	}
	if !f.Empty {
		out = append(out, output.Fact{Label: l.Pick("Data", "Gegevens"), Value: f.Data.Span(l)})
	}
	for _, k := range contactKeys {
		var names []string
		for _, val := range f.Query.Filter[k] {
			names = append(names, v.title(k, val))
		}
		if len(names) > 0 {
			out = append(out, output.Fact{Label: l.Pick(keyTitles[k][0], keyTitles[k][1]), Value: strings.Join(names, ", ")})
		}
	}
	return out
}

// cell is a value for a column of a figure.
func (f *Figure) cell(x float64) any {
	if math.IsNaN(x) {
		return nil
	}
	if f.Whole && f.Kind == output.Integer {
		return math.Round(x)
	}
	return x
}

// column is the column of a figure.
func (f *Figure) column(l output.Lang) output.Column {
	return output.Column{Name: f.Key, Title: f.Name(l), Kind: f.Kind, Digits: f.Digits}
}

// notes writes definitions and data notes as lines under a table.
func notes(l output.Lang, define []Defined, data []string) []string {
	var out []string
	for _, d := range define {
		out = append(out, d.Title+": "+d.Text)
	}
	for _, n := range data {
		out = append(out, l.Pick("Data: ", "Gegevens: ")+n)
	}
	return out
}

// defined returns the definitions of figures.
func defined(figs []Figure, l output.Lang, set *Settings) []Defined {
	var out []Defined
	for i := range figs {
		out = append(out, Defined{figs[i].Key, figs[i].Name(l), figs[i].Definition(l, set)})
	}
	return out
}

// definitionTable lists the definitions, for workbooks and JSON.
func (r *Report) definitionTable(l output.Lang) output.Table {
	t := output.Table{
		Name: "definitions", Sheet: l.Pick("Definitions", "Definities"), Title: l.Pick("Definitions", "Definities"),
		Columns: []output.Column{{Name: "figure"}, {Name: "title", Title: l.Pick("Figure", "Kengetal")}, {Name: "definition", Title: l.Pick("Definition", "Definitie")}},
	}
	for _, d := range r.Define {
		t.Rows = append(t.Rows, []any{d.Key, d.Title, d.Text})
	}
	return t
}

// noteTable lists what to know of the data.
func (r *Report) noteTable(l output.Lang) output.Table {
	t := output.Table{
		Name: "notes", Sheet: l.Pick("Data quality", "Datakwaliteit"), Title: l.Pick("What to know of the data", "Over de gegevens"),
		Columns: []output.Column{{Name: "note", Title: l.Pick("Remark", "Opmerking")}},
	}
	for _, n := range r.Notes {
		t.Rows = append(t.Rows, []any{n})
	}
	return t
}

// Screen returns the tables for a terminal or Markdown.
func (r *Report) Screen() []output.Table { return r.Tables }

// Programs returns the tables for CSV (the first) and JSON (all).
func (r *Report) Programs(l output.Lang) []output.Table {
	return append(append([]output.Table{}, r.Data...), r.definitionTable(l), r.noteTable(l))
}

// Page returns the report as one page: charts first, then the tables with their
// definitions.
func (r *Report) Page() output.Book {
	return output.Book{Title: r.Title, Facts: append(append([]output.Fact{}, r.Head...), r.Facts...), Charts: r.Charts, Tables: r.Tables}
}

// Workbook returns the report as a workbook: summary, tables, data, definitions,
// data quality and charts.
func (r *Report) Workbook(l output.Lang) output.Book {
	b := output.Book{Title: r.Title, Facts: append(append([]output.Fact{}, r.Facts...), r.Head...)}
	for _, t := range r.Tables {
		t.Notes = nil
		b.Tables = append(b.Tables, t)
	}
	for _, t := range r.Data {
		if len(t.Rows) == 0 {
			continue
		}
		t.Sheet = l.Pick("Data", "Gegevens")
		if t.Name != r.Name {
			t.Sheet += " " + t.Name
		}
		b.Tables = append(b.Tables, t)
	}
	b.Tables = append(b.Tables, r.definitionTable(l))
	if len(r.Notes) > 0 {
		b.Tables = append(b.Tables, r.noteTable(l))
	}
	b.Charts = r.Charts
	return b
}

// Short is the title without the period.
func (r *Report) Short() string {
	if i := strings.LastIndex(r.Title, ", "); i > 0 {
		return r.Title[:i]
	}
	return r.Title
}

// Explained returns the tables with definitions and what to know of the data.
func (r *Report) Explained(l output.Lang) []output.Table {
	out := []output.Table{r.definitionTable(l)}
	if len(r.Notes) > 0 {
		out = append(out, r.noteTable(l))
	}
	return out
}
