// Package history reads the files beside a history: holidays, school holidays,
// events, and plain series of numbers.
package history

import (
	"fmt"
	"io"
	"strings"

	"kcc/forecast"
	"kcc/internal/calendar"
	"kcc/internal/tabular"
)

// Holidays reads the value of --holidays: nl, none (also when empty), or a file
// with the columns holiday (its key) and setting (open, closed, 10:00-14:00,
// yearly, lustrum, never).
func Holidays(s string) (*calendar.Holidays, error) {
	switch strings.ToLower(s) {
	case "", "none":
		return nil, nil
	case "nl":
		return &calendar.Holidays{}, nil
	}
	r, err := tabular.OpenFile(s, nil, tabular.Options{})
	if err != nil {
		return nil, err
	}
	defer r.Close()
	c, err := tabular.NewColumns(r, "holiday|key", "setting")
	if err != nil {
		return nil, err
	}
	c.Alias("holiday", "key")
	h := &calendar.Holidays{}
	for c.Next() {
		if err := h.Set(c.Text("holiday"), c.Text("setting")); err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", r.Name(), c.Line(), err)
		}
	}
	return h, c.Err()
}

// ReadRanges reads spans of days, such as school holidays, from a file with the
// columns from and to.
func ReadRanges(path string, stdin io.Reader) ([]forecast.DateRange, error) {
	r, err := tabular.OpenFile(path, stdin, tabular.Options{})
	if err != nil {
		return nil, err
	}
	defer r.Close()
	c, err := tabular.NewColumns(r, "from|start", "to|end|until")
	if err != nil {
		return nil, err
	}
	c.Alias("from", "start")
	c.Alias("to", "end", "until")
	var out []forecast.DateRange
	for c.Next() {
		from, ok1 := c.Date("from")
		to, ok2 := c.Date("to")
		if err := c.RowErr(); err != nil {
			return nil, err
		}
		if !ok1 || !ok2 || to < from {
			return nil, c.Fail("to", "a date on or after from")
		}
		out = append(out, forecast.DateRange{From: from, To: to})
	}
	return out, c.Err()
}
