package centre

import (
	"strings"
	"time"

	"kcc/internal/calendar"
)

// entry is a key with its value: text, number, truth, list of texts, date,
// table, or array of tables. Files are written from entries, so that a TOML
// file and a workbook hold the same.
type entry struct {
	key   string
	value any
}

// table is an ordered table; tables are the rows of an array of tables.
type (
	table  []entry
	tables []table
)

func fieldsOf(s string) []string { return strings.Fields(s) }

// add appends a key unless its value is the zero of its type, which the
// absent key means.
func (t *table) add(key string, value any) {
	switch v := value.(type) {
	case string:
		if v == "" {
			return
		}
	case float64:
		if v == 0 {
			return
		}
	case int:
		if v == 0 {
			return
		}
	case bool:
		if !v {
			return
		}
	case time.Duration:
		if v == 0 {
			return
		}
		value = calendar.FormatDuration(v)
	case Week:
		if v.Empty() {
			return
		}
		value = v.String()
	case []string:
		if len(v) == 0 {
			return
		}
	case table:
		if len(v) == 0 {
			return
		}
	case tables:
		if len(v) == 0 {
			return
		}
	}
	*t = append(*t, entry{key, value})
}

// encode is the reverse of decode.
func encode(c *Centre) table {
	var t table
	t.add("name", c.Name)
	t = append(t, entry{"zone", c.Zone.String()}, entry{"currency", c.Currency}, entry{"interval", calendar.FormatDuration(c.Interval)})
	t = append(t, entry{"office_hours", c.Office.String()})
	t.add("service_level", table{{"definition", c.ServiceLevel.Definition}, {"short_abandon", calendar.FormatDuration(c.ServiceLevel.Short)}})
	t.add("shrinkage", table{{"planned", c.Shrinkage.Planned}, {"unplanned", c.Shrinkage.Unplanned}})
	t.add("costs", table{{"wage_per_hour", c.Costs.WagePerHour}})
	roster := table{{"rules", c.Roster.Rules}}
	roster.add("shifts", c.Roster.Shifts)
	roster.add("weeks", c.Roster.Weeks)
	t.add("roster", roster)
	holidays := table{{"calendar", c.Holidays.Calendar}}
	for _, key := range calendar.HolidayKeys() {
		holidays.add(key, c.Holidays.Set[key])
	}
	var equated []string
	for _, d := range c.Holidays.Equated {
		equated = append(equated, d.String())
	}
	holidays.add("equated_days", equated)
	t.add("holidays", holidays)
	t.add("closed", encodeDays(c.Closed, false))
	t.add("special", encodeDays(c.Special, true))

	var channels, departments, subjects, segments table
	for _, ch := range c.Channels {
		channels = append(channels, entry{ch.Name, encodeChannel(ch)})
	}
	for _, d := range c.Departments {
		var e table
		e.add("title", d.Title)
		e.add("email", d.Email)
		e.add("hours", d.Hours)
		if d.HasPromise {
			e.add("promise", d.Promise.String())
		}
		departments = append(departments, entry{d.Name, e})
	}
	for _, s := range c.Subjects {
		var e table
		e.add("title", s.Title)
		e.add("parent", s.Parent)
		e.add("level", s.Level)
		e.add("department", s.Department)
		if s.HasPromise {
			e.add("promise", s.Promise.String())
		}
		subjects = append(subjects, entry{s.Name, e})
	}
	for _, s := range c.Segments {
		segments = append(segments, entry{s.Name, table{{"title", s.Title}}})
	}
	t.add("channels", channels)
	t.add("departments", departments)
	t.add("subjects", subjects)
	t.add("segments", segments)
	return t
}

func encodeDays(days []Day, special bool) tables {
	var out tables
	for _, d := range days {
		var e table
		if d.From == d.To {
			e.add("date", d.From)
		} else {
			e.add("from", d.From)
			e.add("to", d.To)
		}
		if special {
			e.add("hours", calendar.FormatSpans(d.Spans))
		}
		e.add("channel", d.Channel)
		e.add("name", d.Name)
		out = append(out, e)
	}
	return out
}

func encodeChannel(ch Channel) table {
	var e table
	e.add("title", ch.Title)
	e.add("kind", string(ch.Kind))
	e.add("skill", ch.Skill)
	e.add("hours", ch.Hours)
	e.add("arrivals", ch.Arrivals)
	e.add("open_on_holidays", ch.OpenOnHolidays)
	e.add("queues", ch.Queues)
	if ch.HasPromise {
		e.add("promise", ch.Promise.String())
	}
	if ch.PromiseLevel != 1 {
		e.add("promise_level", ch.PromiseLevel)
	}
	e.add("patience", ch.Patience)
	e.add("aht", ch.AHT)
	if ch.Concurrency > 1 {
		e.add("concurrency", ch.Concurrency)
	}
	e.add("max_occupancy", ch.MaxOccupancy)
	e.add("max_abandon", ch.MaxAbandon)
	e.add("min_presence", ch.MinPresence)
	e.add("redial", ch.Redial)
	e.add("blend_into", ch.BlendInto)
	e.add("max_blend", ch.MaxBlend)
	e.add("cost_per_contact", ch.CostByContact)
	var target table
	target.add("level", ch.Target.Level)
	target.add("within", ch.Target.Within)
	if ch.Target.Period != "interval" {
		target.add("period", ch.Target.Period)
	}
	target.add("formula", ch.Target.Formula)
	e.add("target", target)
	return e
}
