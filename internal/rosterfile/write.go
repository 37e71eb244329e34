package rosterfile

import (
	"strconv"
	"strings"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/output"
	"kcc/roster"
)

// Tables lays out a problem as the files from which a roster is made: agents,
// availability, shifts and requirement, in this order and under these names. What
// the files have no column for (locked cells, curves, demand per shift) is left out.
func Tables(p *roster.Problem) []output.Table {
	return []output.Table{agentsTable(p), availabilityTable(p), shiftsTable(p), requirementTable(p)}
}

func agentsTable(p *roster.Problem) output.Table {
	t := output.Table{Name: "agents", Columns: []output.Column{
		{Name: "id"},
		{Name: "name"},
		{Name: "team"},
		{Name: "contract_hours", Kind: output.Number, Digits: 2},
		{Name: "min_hours", Kind: output.Number, Digits: 2},
		{Name: "max_hours", Kind: output.Number, Digits: 2},
		{Name: "hours_period"},
		{Name: "skills"},
		{Name: "max_days_per_week", Kind: output.Integer},
		{Name: "rule_set"},
		{Name: "pattern"},
		{Name: "pattern_from", Kind: output.Date},
	}}
	for i := range p.Agents {
		a := &p.Agents[i]
		skills := make([]string, len(a.Skills))
		for j, s := range a.Skills {
			skills[j] = s.Name
			if s.Efficiency != 0 && s.Efficiency != 1 {
				skills[j] += ":" + strconv.FormatFloat(s.Efficiency, 'g', -1, 64)
			}
		}
		row := []any{a.ID, a.Name, a.Team, a.Contract.Hours(), nil, nil, string(a.Period), strings.Join(skills, ";"), nil, a.RuleSet, a.Pattern, nil}
		if a.HasMin {
			row[4] = a.Min.Hours()
		}
		if a.HasMax {
			row[5] = a.Max.Hours()
		}
		if a.HasPatternFrom {
			row[11] = a.PatternFrom
		}
		if a.MaxDaysPerWeek > 0 {
			row[8] = a.MaxDaysPerWeek
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func availabilityTable(p *roster.Problem) output.Table {
	t := output.Table{Name: "availability", Columns: []output.Column{
		{Name: "agent"}, {Name: "from"}, {Name: "to"}, {Name: "weekday"}, {Name: "kind"}, {Name: "hours", Kind: output.Number, Digits: 2},
	}}
	for i := range p.Availability {
		v := &p.Availability[i]
		kind := string(v.Kind)
		if v.Kind == roster.Fixed {
			kind += ":" + v.Shift
		}
		from, to := v.From.String(), v.To.String()
		if v.Start != 0 || v.End != 0 && v.End != calendar.Midnight {
			from, to = from+" "+v.Start.String(), to+" "+v.End.String()
		}
		row := []any{v.Agent, from, to, formatDays(v.Days), kind, nil}
		if v.HasHours {
			row[5] = v.Hours.Hours()
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// formatDays writes weekdays as mo,we; all of them as nothing.
func formatDays(days [7]bool) string {
	if days == [7]bool{} {
		return ""
	}
	var out []string
	for i, name := range []string{"mo", "tu", "we", "th", "fr", "sa", "su"} {
		if days[(i+1)%7] {
			out = append(out, name)
		}
	}
	return strings.Join(out, ",")
}

func shiftsTable(p *roster.Problem) output.Table {
	t := output.Table{Name: "shifts", Columns: []output.Column{
		{Name: "name"},
		{Name: "earliest_start", Kind: output.Clock},
		{Name: "latest_start", Kind: output.Clock},
		{Name: "step"},
		{Name: "min_length"},
		{Name: "max_length"},
		{Name: "breaks"},
		{Name: "weekdays"},
		{Name: "skills"},
		{Name: "teams"},
	}}
	for i := range p.Shifts {
		s := &p.Shifts[i]
		step := ""
		if s.Every > 0 {
			step = calendar.FormatDuration(s.Every)
		}
		t.Rows = append(t.Rows, []any{
			s.Name, s.EarliestStart, s.LatestStart, step, calendar.FormatDuration(s.MinLength), calendar.FormatDuration(s.MaxLength),
			FormatBreaks(s.Breaks), formatDays(s.Weekdays), strings.Join(s.Skills, ";"), strings.Join(s.Teams, ";"),
		})
	}
	return t
}

func requirementTable(p *roster.Problem) output.Table {
	t := output.Table{Name: "requirement", Columns: []output.Column{
		{Name: "start", Kind: output.DateTime},
		{Name: "interval_s", Kind: output.Integer},
		{Name: "skill"},
		{Name: "rostered_fractional", Kind: output.Number, Digits: 2},
	}}
	for i := range p.Demand {
		d := &p.Demand[i]
		t.Rows = append(t.Rows, []any{p.SlotStart(d.Slot).In(p.Zone), int(p.Step / time.Second), d.Skill, d.Need})
	}
	return t
}
