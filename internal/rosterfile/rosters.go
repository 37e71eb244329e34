package rosterfile

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/output"
	"kcc/internal/tabular"
	"kcc/roster"
)

// Columns are the columns of roster.csv.
func Columns() []output.Column {
	return []output.Column{
		{Name: "agent", Kind: output.Text},
		{Name: "date", Kind: output.Date},
		{Name: "shift", Kind: output.Text},
		{Name: "start", Kind: output.DateTime},
		{Name: "end", Kind: output.DateTime},
		{Name: "breaks", Kind: output.Text},
		{Name: "paid_hours", Kind: output.Number, Digits: 2},
		{Name: "skill_plan", Kind: output.Text},
	}
}

// Table lays out a roster as roster.csv.
func Table(r roster.Roster, zone *time.Location) output.Table {
	t := output.Table{Name: "roster", Title: "Roster", Columns: Columns()}
	for _, a := range r.Assignments {
		t.Rows = append(t.Rows, []any{
			a.Agent, a.Date, a.Shift, a.Start.In(zone), a.End.In(zone), FormatPlaced(a, zone), a.Paid().Hours(), FormatPlan(a, zone),
		})
	}
	return t
}

// FormatPlaced writes breaks as 12:00+30u;15:15+15p.
func FormatPlaced(a roster.Assignment, zone *time.Location) string {
	parts := make([]string, len(a.Breaks))
	for i, b := range a.Breaks {
		paid := "u"
		if b.Paid {
			paid = "p"
		}
		parts[i] = fmt.Sprintf("%s+%d%s", b.Start.In(zone).Format("15:04"), int(b.Length/time.Minute), paid)
	}
	return strings.Join(parts, ";")
}

// FormatPlan writes a skill plan as 08:00 phone;10:00 chat.
func FormatPlan(a roster.Assignment, zone *time.Location) string {
	parts := make([]string, len(a.Plan))
	for i, s := range a.Plan {
		parts[i] = s.Start.In(zone).Format("15:04") + " " + s.Skill
	}
	return strings.Join(parts, ";")
}

// Roster reads roster.csv. Start and end are times, or times of day on the date;
// an end before the start lies on the next day.
func Roster(r *tabular.Reader, zone *time.Location) ([]roster.Assignment, error) {
	c, err := columns(r, "agent|employee", "date|start", "start", "end")
	if err != nil {
		return nil, err
	}
	c.Alias("agent", "employee")
	var out []roster.Assignment
	err = rows(c, func() {
		a := roster.Assignment{Agent: c.Text("agent"), Shift: c.Text("shift")}
		if a.Agent == "" {
			c.Fail("agent", "the id of an agent")
		}
		date, hasDate := c.Date("date")
		a.Date = date
		a.Start = timeOn(c, "start", date, hasDate, zone)
		if !hasDate && !a.Start.IsZero() {
			a.Date = calendar.DateOf(a.Start, zone)
		}
		a.End = timeOn(c, "end", a.Date, true, zone)
		if a.End.Before(a.Start) && len(c.Text("end")) <= len("08:00:00") {
			a.End = timeOn(c, "end", a.Date+1, true, zone)
		}
		if c.RowErr() != nil {
			return
		}
		if !a.End.After(a.Start) {
			c.Fail("end", "a time after start")
			return
		}
		if a.Breaks, err = parsePlaced(c.Text("breaks"), &a, zone); err != nil {
			c.Fail("breaks", err.Error())
		}
		if a.Plan, err = parsePlan(c.Text("skill_plan"), &a, zone); err != nil {
			c.Fail("skill_plan", err.Error())
		}
		out = append(out, a)
	})
	slices.SortStableFunc(out, func(a, b roster.Assignment) int {
		return cmp.Or(cmp.Compare(a.Agent, b.Agent), a.Start.Compare(b.Start))
	})
	return out, err
}

func timeOn(c *tabular.Columns, name string, date calendar.Date, hasDate bool, zone *time.Location) time.Time {
	s := c.Text(name)
	if v, err := calendar.ParseClock(s); err == nil && hasDate {
		return date.Add(int(v/calendar.Midnight)).At(v%calendar.Midnight, zone)
	}
	t := c.Time(name, zone)
	if t.IsZero() && c.RowErr() == nil {
		c.Fail(name, "a time such as 2026-11-30 08:15")
	}
	return t
}

var placedForm = regexp.MustCompile(`^(\d{1,2}:\d{2})\+(\d+)([up]?)$`)

var errPlaced = errors.New("breaks such as 12:00+30u;15:15+15p")

func parsePlaced(s string, a *roster.Assignment, zone *time.Location) ([]roster.Break, error) {
	var out []roster.Break
	for _, part := range strings.Split(s, ";") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		m := placedForm.FindStringSubmatch(part)
		if m == nil {
			return nil, errPlaced
		}
		start, err := clockIn(m[1], a, zone)
		n, err2 := strconv.Atoi(m[2])
		if err != nil || err2 != nil || n == 0 {
			return nil, errPlaced
		}
		out = append(out, roster.Break{Start: start, Length: time.Duration(n) * time.Minute, Paid: m[3] == "p"})
	}
	return out, nil
}

// clockIn returns the instant of a time of day within a shift, which may run
// past midnight.
func clockIn(s string, a *roster.Assignment, zone *time.Location) (time.Time, error) {
	v, err := calendar.ParseClock(s)
	if err != nil {
		return time.Time{}, err
	}
	t := a.Date.At(v, zone)
	if t.Before(a.Start) {
		t = a.Date.Add(1).At(v, zone)
	}
	return t, nil
}

func parsePlan(s string, a *roster.Assignment, zone *time.Location) ([]roster.SkillSpan, error) {
	want := errors.New("a plan such as 08:00 phone;10:00 chat")
	var out []roster.SkillSpan
	for _, part := range strings.Split(s, ";") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		at, skill, ok := strings.Cut(part, " ")
		t, err := clockIn(at, a, zone)
		if !ok || err != nil {
			return nil, want
		}
		out = append(out, roster.SkillSpan{Start: t, Skill: strings.TrimSpace(skill)})
	}
	return out, nil
}
