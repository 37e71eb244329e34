package rosterfile

import (
	"strings"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/tabular"
	"kcc/roster"
)

// Appointments reads the sheet of appointments: name, agents, date (or from and
// to with weekday), start, end.
func Appointments(r *tabular.Reader) ([]roster.Meeting, error) {
	c, err := columns(r, "name", "agents", "date", "start", "end")
	if err != nil {
		return nil, err
	}
	var out []roster.Meeting
	err = rows(c, func() {
		m := roster.Meeting{Name: c.Text("name"), Agents: everyone(list(c.Text("agents"))), Times: 1, Together: true}
		var ok, ok2 bool
		if m.From, ok = c.Date("date"); !ok && c.RowErr() == nil {
			c.Fail("date", "a day such as 2026-12-24")
		}
		if m.To, ok = c.Date("to"); !ok {
			m.To = m.From
		}
		m.Days = weekdaysOf(c, "weekday")
		if m.Name == "" {
			c.Fail("name", "the name of the appointment")
		}
		m.Start, ok = clock(c, "start")
		m.End, ok2 = clock(c, "end")
		if (!ok || !ok2 || m.End <= m.Start) && c.RowErr() == nil {
			c.Fail("end", "a start such as 09:00 and an end after it")
		}
		out = append(out, m)
	})
	return out, err
}

// Meetings reads the sheet of meetings and training to be placed: name, agents,
// length, and optionally from, to, weekday, earliest, latest, times, together.
func Meetings(r *tabular.Reader) ([]roster.Meeting, error) {
	c, err := columns(r, "name", "agents", "length")
	if err != nil {
		return nil, err
	}
	var out []roster.Meeting
	err = rows(c, func() {
		m := roster.Meeting{Name: c.Text("name"), Agents: everyone(list(c.Text("agents"))), From: always[0], To: always[1], Times: 1}
		if m.Name == "" {
			c.Fail("name", "the name of the meeting or training")
		}
		var ok bool
		if m.Length, ok = length(c, "length"); (!ok || m.Length < time.Minute || m.Length > 12*time.Hour) && c.RowErr() == nil {
			c.Fail("length", "a duration such as 45m or 2h")
		}
		if d, ok := c.Date("from"); ok {
			m.From = d
		}
		if d, ok := c.Date("to"); ok {
			m.To = d
		}
		if m.To < m.From {
			c.Fail("to", "a day on or after "+m.From.String())
		}
		m.Days = weekdaysOf(c, "weekday")
		m.Start, _ = clock(c, "earliest")
		if m.End, ok = clock(c, "latest"); !ok {
			m.End = calendar.Midnight
		}
		if m.Start+calendar.Clock(m.Length/time.Minute) > m.End && c.RowErr() == nil {
			c.Fail("latest", "a time by which the meeting can be over")
		}
		if n, ok := c.Int("times"); ok {
			if n < 1 || n > 366 {
				c.Fail("times", "how often, 1 or more")
			}
			m.Times = n
		}
		m.Together = yes(c, "together")
		out = append(out, m)
	})
	return out, err
}

// everyone turns a cell that names everybody into an empty list.
func everyone(names []string) []string {
	if len(names) == 1 {
		switch strings.ToLower(names[0]) {
		case "all", "everyone", "allen", "iedereen", "*":
			return nil
		}
	}
	return names
}

// yes reads a cell of yes or no; empty is no.
func yes(c *tabular.Columns, name string) bool {
	switch strings.ToLower(c.Text(name)) {
	case "yes", "ja", "y", "j", "true", "1", "x":
		return true
	case "", "no", "nee", "n", "false", "0":
		return false
	}
	c.Fail(name, "yes or no")
	return false
}
