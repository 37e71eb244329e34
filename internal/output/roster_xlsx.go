package output

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"time"

	"kcc/internal/calendar"
)

// rosterXLSX is a roster workbook in the making.
type rosterXLSX struct {
	*workbook
	book  *RosterBook
	names sheetNames
	cover coverage
	codes map[string]string // skill id to the letter of the day sheets
}

// sheetNames are the names of the sheets, fixed before the first is written so
// that they can link to each other.
type sheetNames struct {
	summary, coverage, coverageData, forecast, forecastData, agents, violations, inputs string
	weeks                                                                               []weekSheet
	days                                                                                []string // per day of the roster
}

type weekSheet struct {
	name   string
	monday calendar.Date
}

// maxDaySheets is the longest roster that has a sheet per day: a quarter of a
// year. Of a longer one nobody finds a day among the sheets.
const maxDaySheets = 93

// WriteRosterBook writes the roster workbook: a summary, a sheet per week whose
// day cells ReadRosterBook reads back, a sheet per day with the 15-minute grid,
// coverage and forecast with charts, agents, violations and inputs.
func WriteRosterBook(w io.Writer, book RosterBook, opt Options) error {
	if err := book.check(); err != nil {
		return err
	}
	x := &rosterXLSX{workbook: newWorkbook(opt), book: &book}
	defer x.Close()
	x.cover = newCoverage(&book, opt.zone())
	x.codes = skillCodes(book.activities())
	x.nameSheets()
	steps := []func() error{x.summary}
	for _, week := range x.names.weeks {
		steps = append(steps, func() error { return x.week(week) })
	}
	steps = append(steps, x.coverageSheet)
	if len(book.Forecast) > 0 {
		steps = append(steps, x.forecastSheet)
	}
	steps = append(steps, x.violations, x.agents)
	for i := range x.names.days {
		steps = append(steps, func() error { return x.day(i) })
	}
	steps = append(steps, x.coverageData)
	if len(book.Forecast) > 0 {
		steps = append(steps, x.forecastData)
	}
	if len(book.Inputs) > 0 {
		steps = append(steps, x.inputs)
	}
	steps = append(steps, x.hidden)
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return x.finish(w, book.Title)
}

// check verifies that the book is whole.
func (b *RosterBook) check() error {
	if b.Days <= 0 {
		return fmt.Errorf("roster workbook: %d days", b.Days)
	}
	if s := b.step(); s < time.Minute || s%time.Minute != 0 || 24*time.Hour%s != 0 {
		return fmt.Errorf("roster workbook: slots of %s: want whole minutes that divide a day", s)
	}
	seen := map[string]bool{}
	for i := range b.Agents {
		a := &b.Agents[i]
		if len(a.Days) != b.Days {
			return fmt.Errorf("roster workbook: agent %q has %d days, want %d", a.ID, len(a.Days), b.Days)
		}
		if a.ID == "" || seen[a.ID] {
			return fmt.Errorf("roster workbook: agent %d: the id %q is empty or double", i+1, a.ID)
		}
		seen[a.ID] = true
		for d := range a.Days {
			c := &a.Days[d]
			if c.Kind == Working && (c.Start < 0 || c.End <= c.Start || c.End-c.Start > calendar.Midnight) {
				return fmt.Errorf("roster workbook: agent %q on %s: shift from %s to %s", a.ID, b.First.Add(d), c.Start, c.End)
			}
		}
	}
	return nil
}

// activities returns the skills and everything else in the skill plans, in order.
func (b *RosterBook) activities() []RosterSkill {
	out := append([]RosterSkill(nil), b.Skills...)
	seen := map[string]bool{}
	for _, s := range out {
		seen[s.ID] = true
	}
	add := func(id string) {
		if id != "" && !seen[id] {
			seen[id] = true
			out = append(out, RosterSkill{ID: id})
		}
	}
	for _, s := range b.Slots {
		add(s.Skill)
	}
	for i := range b.Agents {
		a := &b.Agents[i]
		for d := range a.Days {
			c := &a.Days[d]
			if c.Kind == Working && len(c.Plan) == 0 && len(a.Skills) > 0 {
				add(a.Skills[0])
			}
			for _, p := range c.Plan {
				add(p.Skill)
			}
		}
	}
	return out
}

// skillCodes gives each activity a short letter code that is not in use.
func skillCodes(skills []RosterSkill) map[string]string {
	used := map[string]bool{breakCode: true}
	codes := map[string]string{}
	for _, s := range skills {
		for _, r := range s.label() + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" {
			if r >= 'a' && r <= 'z' {
				r -= 'a' - 'A'
			}
			if c := string(r); r >= 'A' && r <= 'Z' && !used[c] {
				used[c], codes[s.ID] = true, c
				break
			}
		}
		for n := 1; codes[s.ID] == ""; n++ {
			if c := strconv.Itoa(n); !used[c] {
				used[c], codes[s.ID] = true, c
			}
		}
	}
	return codes
}

// nameSheets fixes the names and the order of the sheets.
func (x *rosterXLSX) nameSheets() {
	l := x.opt.Lang
	n := &x.names
	name := x.sheetName
	name(hiddenSheet)
	n.summary = name(l.label(lblSummary))
	last := x.book.First.Add(x.book.Days - 1)
	for m := x.book.First.Monday(); m <= last; m = m.Add(7) {
		_, week := m.ISOWeek()
		n.weeks = append(n.weeks, weekSheet{name(fmt.Sprintf("%s %d", l.label(lblWeek), week)), m})
	}
	n.coverage, n.coverageData = name(l.label(lblCoverage)), name(l.label(lblCoverageData))
	if len(x.book.Forecast) > 0 {
		n.forecast, n.forecastData = name(l.label(lblForecast)), name(l.label(lblForecastData))
	}
	for d := range x.book.Days {
		if x.book.Days > maxDaySheets {
			break
		}
		n.days = append(n.days, name(l.Day(dateTime(x.book.First.Add(d)))))
	}
	n.agents, n.violations = name(l.label(lblAgents)), name(l.label(lblViolations))
	if len(x.book.Inputs) > 0 {
		n.inputs = name(l.label(lblInputs))
	}
}

// open makes the sheet with a name that nameSheets has given out.
func (x *rosterXLSX) open(name string) error {
	if x.first {
		x.first = false
		return x.SetSheetName(x.GetSheetName(0), name)
	}
	_, err := x.NewSheet(name)
	return err
}

// dateTime returns midnight UTC of a civil day, for formatting.
func dateTime(d calendar.Date) time.Time {
	y, m, day := d.Civil()
	return time.Date(y, m, day, 0, 0, 0, 0, time.UTC)
}

// cellText is what stands in a day cell; parseCell reads it back.
func (c *RosterCell) cellText() string {
	lock := ""
	if c.Locked {
		lock = "!"
	}
	switch c.Kind {
	case Working:
		return c.span() + lock
	case OnLeave:
		return "L" + lock
	case Sick:
		return "Z" + lock
	}
	return "-" + lock
}

// span formats the shift as 08:30-17:00; an end past midnight is that of the
// next day: 22:00-06:00.
func (c *RosterCell) span() string {
	end := c.End
	if end > calendar.Midnight {
		end -= calendar.Midnight
	}
	return c.Start.String() + "-" + end.String()
}

// weekHours sums the paid hours of the days from monday on that lie in the roster.
func (b *RosterBook) weekHours(a *RosterAgent, monday calendar.Date) (hours float64, days int) {
	for d := range 7 {
		if i := int(monday.Add(d) - b.First); i >= 0 && i < b.Days {
			hours += a.Days[i].Hours
			days++
		}
	}
	return hours, days
}

// hoursOf sums the paid hours of an agent over the roster.
func hoursOf(a *RosterAgent) float64 {
	sum := 0.0
	for i := range a.Days {
		sum += a.Days[i].Hours
	}
	return sum
}

// coverage holds the sums of required and rostered hours.
type coverage struct {
	skills []string
	days   []map[string]coverSum // per day of the roster and skill; "" is all skills
	total  map[string]coverSum
}

type coverSum struct{ required, rostered, unmet, surplus float64 }

func (s *coverSum) add(o coverSum) {
	s.required += o.required
	s.rostered += o.rostered
	s.unmet += o.unmet
	s.surplus += o.surplus
}

// covered is the part of the required hours that is rostered.
func (s coverSum) covered() float64 {
	if s.required == 0 {
		return math.NaN()
	}
	return 1 - s.unmet/s.required
}

func newCoverage(b *RosterBook, zone *time.Location) coverage {
	c := coverage{total: map[string]coverSum{}, days: make([]map[string]coverSum, b.Days)}
	for i := range c.days {
		c.days[i] = map[string]coverSum{}
	}
	for _, s := range b.Skills {
		c.skills = append(c.skills, s.ID)
	}
	known := map[string]bool{}
	for _, s := range c.skills {
		known[s] = true
	}
	hours := b.step().Hours()
	for _, s := range b.Slots {
		if !known[s.Skill] {
			known[s.Skill] = true
			c.skills = append(c.skills, s.Skill)
		}
		d := int(calendar.DateOf(s.Start, zone) - b.First)
		if d < 0 || d >= b.Days {
			continue
		}
		diff := s.Rostered - s.Required
		sum := coverSum{s.Required * hours, s.Rostered * hours, math.Max(-diff, 0) * hours, math.Max(diff, 0) * hours}
		for _, key := range []string{s.Skill, ""} {
			day, all := c.days[d][key], c.total[key]
			day.add(sum)
			all.add(sum)
			c.days[d][key], c.total[key] = day, all
		}
	}
	return c
}

// skillLabel returns what the reader sees of a skill.
func (b *RosterBook) skillLabel(id string) string {
	for _, s := range b.Skills {
		if s.ID == id {
			return s.label()
		}
	}
	return id
}
