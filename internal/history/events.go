package history

import (
	"fmt"
	"io"

	"kcc/forecast"
	"kcc/internal/tabular"
)

// ReadEvents reads events from a file with the columns name and from, and as
// needed to, mode, channel, subject, department, lead, lag, factor, letters,
// rate, contacts, copy_from and note.
func ReadEvents(path string, stdin io.Reader) ([]forecast.Event, error) {
	r, err := tabular.OpenFile(path, stdin, tabular.Options{})
	if err != nil {
		return nil, err
	}
	defer r.Close()
	c, err := tabular.NewColumns(r, "name", "from|date")
	if err != nil {
		return nil, err
	}
	c.Alias("from", "date")
	var out []forecast.Event
	for c.Next() {
		e := forecast.Event{
			ID: c.Text("id"), Name: c.Text("name"), Channel: c.Text("channel"), Subject: c.Text("subject"),
			Department: c.Text("department"), Note: c.Text("note"),
		}
		var ok bool
		if e.From, ok = c.Date("from"); !ok {
			return nil, c.Fail("from", "a date such as 2006-01-02")
		}
		if e.To, ok = c.Date("to"); !ok {
			e.To = e.From
		}
		e.Lead, _ = c.Int("lead")
		e.Lag, _ = c.Int("lag")
		e.Letters, _ = c.Int("letters")
		e.CopyFrom, _ = c.Int("copy_from")
		for name, to := range map[string]*float64{"factor": &e.Factor, "rate": &e.Rate, "contacts": &e.Contacts} {
			if c.Text(name) != "" {
				*to = c.Float(name)
			}
		}
		if err := c.RowErr(); err != nil {
			return nil, err
		}
		if m := c.Text("mode"); m != "" {
			if e.Mode, err = forecast.ParseEventMode(m); err != nil {
				return nil, c.Fail("mode", "learn, factor, extra, exclude or copy")
			}
		} else {
			e.Mode = e.Implied()
		}
		if err := e.Check(); err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", r.Name(), c.Line(), err)
		}
		out = append(out, e)
	}
	return out, c.Err()
}
