package promise

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/output"
	"kcc/internal/tabular"
)

// FileOptions are what holds for a row whose own cell is empty.
type FileOptions struct {
	Within   string
	Mode     string
	Calendar Settings // a cell in the column calendar replaces its Week
	Cutoff   calendar.Clock
}

// DueColumn is the column that DueTable appends.
const DueColumn = "due"

// ErrNoRows is returned when no row of a file could be used.
var ErrNoRows = errors.New("no row could be used")

// maxRowErrors bounds the rejected rows that are kept with their reason.
const maxRowErrors = 100

// Rejected counts the rows that could not be used.
type Rejected struct {
	Count  int
	Errors []error // the first of them
}

func (r *Rejected) add(err error) {
	r.Count++
	if len(r.Errors) < maxRowErrors {
		r.Errors = append(r.Errors, err)
	}
}

// DueTable reads start,within,mode[,calendar] and returns the rows as they are
// with the column due behind them, empty where the row was rejected. Other
// columns pass through; a column due that exists keeps its name and the new one
// is called kcc_due.
func DueTable(r *tabular.Reader, opt FileOptions) (*output.Table, *Rejected, error) {
	cols, err := tabular.NewColumns(r, "start")
	if err != nil {
		return nil, nil, err
	}
	base, err := NewCalendar(opt.Calendar)
	if err != nil {
		return nil, nil, err
	}
	t := &output.Table{Name: "due"}
	for _, h := range r.Header() {
		t.Columns = append(t.Columns, output.Column{Name: h, Kind: output.Text})
	}
	name := DueColumn
	if slices.ContainsFunc(r.Header(), func(h string) bool { return tabular.Snake(h) == DueColumn }) {
		name = "kcc_" + DueColumn
	}
	t.Columns = append(t.Columns, output.Column{Name: name, Kind: output.DateTime})
	f := dueFile{cols: cols, opt: opt, base: base, calendars: map[string]*Calendar{"": base}}
	rejected := &Rejected{}
	for cols.Next() {
		row := make([]any, len(t.Columns))
		for i, cell := range cols.Row() {
			if i < len(row)-1 {
				row[i] = cell
			}
		}
		due, err := f.row()
		if err != nil {
			rejected.add(err)
		} else {
			row[len(row)-1] = due
		}
		t.Rows = append(t.Rows, row)
	}
	if err := cols.Err(); err != nil {
		return nil, nil, err
	}
	if rejected.Count == len(t.Rows) {
		if rejected.Count > 0 {
			return nil, rejected, fmt.Errorf("%s: %w: %w", r.Name(), ErrNoRows, rejected.Errors[0])
		}
		return nil, rejected, fmt.Errorf("%s: %w: there are none", r.Name(), ErrNoRows)
	}
	return t, rejected, nil
}

// dueFile computes the rows of one file; calendars are made once per text.
type dueFile struct {
	cols      *tabular.Columns
	opt       FileOptions
	base      *Calendar
	calendars map[string]*Calendar
}

func (f *dueFile) row() (time.Time, error) {
	c := f.cols
	start := c.Time("start", f.base.Loc())
	if err := c.RowErr(); err != nil {
		return time.Time{}, err
	}
	if start.IsZero() {
		return time.Time{}, c.Fail("start", "a time such as 2006-01-02 15:04")
	}
	p := Promise{Cutoff: f.opt.Cutoff}
	var err error
	if p.Within, err = calendar.ParseTerm(strings.ReplaceAll(or(c.Text("within"), f.opt.Within), " ", "")); err != nil {
		return time.Time{}, c.Fail("within", "a term such as 4bh, 5wd, 3d or 2w")
	}
	if p.Mode, err = ParseMode(or(c.Text("mode"), f.opt.Mode)); err != nil {
		return time.Time{}, c.Fail("mode", "service or statutory")
	}
	if err := p.Check(); err != nil {
		return time.Time{}, c.Fail("within", "an amount in days, weeks or elapsed hours with mode statutory, never negative")
	}
	cal, err := f.calendar(c.Text("calendar"))
	if err != nil {
		return time.Time{}, c.Fail("calendar", "opening hours such as mo-fr 08:00-17:00 or 24/7")
	}
	due, err := cal.Due(start, p)
	if err != nil {
		return time.Time{}, c.Fail("within", "a term that ends before the year 2200")
	}
	return due, nil
}

func (f *dueFile) calendar(week string) (*Calendar, error) {
	if c, ok := f.calendars[week]; ok {
		return c, nil
	}
	s := f.opt.Calendar
	s.Week = week
	c, err := NewCalendar(s)
	if err == nil {
		f.calendars[week] = c
	}
	return c, err
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
