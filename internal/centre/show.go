package centre

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"kcc/internal/calendar"
	"kcc/internal/output"
)

// labels holds the Dutch for each English label of the tables.
var labels = map[string]string{
	"Channels": "Kanalen", "Subjects": "Onderwerpen", "Departments": "Afdelingen", "Segments": "Segmenten",
	"Settings": "Instellingen", "Other days": "Afwijkende dagen", "Channel": "Kanaal", "Title": "Titel", "Kind": "Soort",
	"Skill": "Vaardigheid", "Opening hours": "Openingstijden", "Target": "Norm", "Promise": "Klantbelofte", "AHT": "AHT",
	"Patience": "Geduld", "At once": "Tegelijk", "Max. occupancy": "Max. bezetting", "Max. abandoned": "Max. opgehangen", "Min. present": "Min. aanwezig",
	"Subject": "Onderwerp", "Under": "Onder", "Handled": "Afhandeling", "Department": "Afdeling", "Hours": "Tijden",
	"Segment": "Segment", "Setting": "Instelling", "Value": "Waarde", "From": "Van", "To": "Tot en met", "Name": "Naam",
	"Change": "Wijziging", "Was": "Was", "Becomes": "Wordt", "Key": "Sleutel", "Differences": "Verschillen",
}

func label(lang output.Lang, english string) string {
	if lang == output.Dutch {
		if dutch, ok := labels[english]; ok {
			return dutch
		}
	}
	return english
}

// Parts lists the names of the tables that Tables returns.
func Parts() []string {
	return []string{"settings", "channels", "departments", "subjects", "segments", "days"}
}

// Tables shows the description, one table per part.
func (c *Centre) Tables(lang output.Lang) []output.Table {
	col := func(name, english string, kind output.Kind) output.Column {
		return output.Column{Name: name, Title: label(lang, english), Kind: kind}
	}
	named := func(name, english string, cols ...output.Column) output.Table {
		return output.Table{Name: name, Sheet: label(lang, english), Title: label(lang, english), Columns: cols}
	}
	settings := named("settings", "Settings", col("key", "Setting", output.Text), col("value", "Value", output.Text))
	for _, e := range flatten("", encode(c)) {
		if first, _, _ := strings.Cut(e.key, "."); !isList(first) {
			settings.Rows = append(settings.Rows, []any{e.key, fmt.Sprint(cell(e.value))})
		}
	}
	channels := named("channels", "Channels", col("channel", "Channel", output.Text), col("title", "Title", output.Text), col("kind", "Kind", output.Text),
		col("skill", "Skill", output.Text), col("hours", "Opening hours", output.Text), col("target", "Target", output.Text), col("promise", "Promise", output.Text),
		col("aht_s", "AHT", output.Seconds), col("patience_s", "Patience", output.Seconds), col("concurrency", "At once", output.Integer),
		col("max_occupancy", "Max. occupancy", output.Percent), col("max_abandon", "Max. abandoned", output.Percent), col("min_presence", "Min. present", output.Integer))
	for _, ch := range c.Channels {
		channels.Rows = append(channels.Rows, []any{
			ch.Name, ch.Title, string(ch.Kind), ch.Skill, ch.Hours.String(), ch.Target.String(), promiseText(ch),
			unset(ch.AHT), unset(ch.Patience), ch.Concurrency, unset(ch.MaxOccupancy), unset(ch.MaxAbandon), ch.MinPresence,
		})
	}
	departments := named("departments", "Departments", col("department", "Department", output.Text), col("title", "Title", output.Text),
		col("hours", "Hours", output.Text), col("promise", "Promise", output.Text))
	for _, d := range c.Departments {
		hours := d.Hours
		if hours.Empty() {
			hours = c.Office
		}
		departments.Rows = append(departments.Rows, []any{d.Name, d.Title, hours.String(), termText(d.Promise, d.HasPromise)})
	}
	subjects := named("subjects", "Subjects", col("subject", "Subject", output.Text), col("title", "Title", output.Text), col("parent", "Under", output.Text),
		col("level", "Handled", output.Text), col("department", "Department", output.Text), col("promise", "Promise", output.Text))
	for _, s := range c.Subjects {
		dep := c.DepartmentOf(s.Name)
		term, ok := c.PromiseOf(s.Name, dep)
		subjects.Rows = append(subjects.Rows, []any{s.Name, s.Title, s.Parent, s.Level, dep, termText(term, ok)})
	}
	segments := named("segments", "Segments", col("segment", "Segment", output.Text), col("title", "Title", output.Text))
	for _, s := range c.Segments {
		segments.Rows = append(segments.Rows, []any{s.Name, s.Title})
	}
	days := named("days", "Other days", col("from", "From", output.Date), col("to", "To", output.Date), col("hours", "Hours", output.Text),
		col("channel", "Channel", output.Text), col("name", "Name", output.Text))
	for _, d := range append(slices.Clone(c.Closed), c.Special...) {
		days.Rows = append(days.Rows, []any{d.From, d.To, calendar.FormatSpans(d.Spans), d.Channel, d.Name})
	}
	return []output.Table{settings, channels, departments, subjects, segments, days}
}

// String writes a target as 80/30s, with its period when that is not the
// interval; empty without one.
func (t Target) String() string {
	if t.Level == 0 {
		return ""
	}
	s := fmt.Sprintf("%g/%s", 100*t.Level, calendar.FormatDuration(t.Within))
	if t.Period != "interval" && t.Period != "" {
		s += " per " + t.Period
	}
	return s
}

func promiseText(ch Channel) string {
	s := termText(ch.Promise, ch.HasPromise)
	if s != "" && ch.PromiseLevel < 1 {
		s = fmt.Sprintf("%g%% in %s", 100*ch.PromiseLevel, s)
	}
	return s
}

func termText(t calendar.Term, ok bool) string {
	if !ok {
		return ""
	}
	return t.String()
}

// unset shows nothing for a value that is not set.
func unset[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}

// Change is one key that differs between two descriptions.
type Change struct {
	Key, Was, Becomes string // an empty value: not there
}

// Diff lists what changes from a to b, in the order of the keys of b; keys that
// go away come last. A nil a is an empty description.
func Diff(a, b *Centre) []Change {
	was := map[string]string{}
	if a != nil {
		for _, e := range plainKeys(encode(a)) {
			was[e.key] = fmt.Sprint(cell(e.value))
		}
	}
	var out []Change
	for _, e := range plainKeys(encode(b)) {
		now := fmt.Sprint(cell(e.value))
		if before, ok := was[e.key]; !ok || before != now {
			out = append(out, Change{e.key, before, now})
		}
		delete(was, e.key)
	}
	for _, k := range slices.Sorted(maps.Keys(was)) {
		out = append(out, Change{k, was[k], ""})
	}
	return out
}

// plainKeys flattens a description with its lists: closed[1].date.
func plainKeys(t table) table {
	out := flatten("", t)
	for _, e := range t {
		rows, ok := e.value.(tables)
		if !ok {
			continue
		}
		for i, row := range rows {
			out = append(out, flatten(fmt.Sprintf("%s[%d]", e.key, i+1), row)...)
		}
	}
	return out
}

// ChangeTable shows changes.
func ChangeTable(changes []Change, lang output.Lang) output.Table {
	t := output.Table{Name: "changes", Title: label(lang, "Differences"), Columns: []output.Column{
		{Name: "key", Title: label(lang, "Key")}, {Name: "was", Title: label(lang, "Was")}, {Name: "becomes", Title: label(lang, "Becomes")},
	}}
	for _, c := range changes {
		t.Rows = append(t.Rows, []any{c.Key, c.Was, c.Becomes})
	}
	return t
}
