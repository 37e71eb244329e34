package staffing

import (
	"io"
	"strconv"
	"strings"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/output"
	"kcc/internal/tabular"
)

// CSVSink streams rows as CSV. Cells of the input stay as they were written.
type CSVSink struct {
	W   io.Writer
	Opt output.Options
	csv *output.CSVWriter
}

// Header implements Sink.
func (s *CSVSink) Header(cols []output.Column, passed int) error {
	own := make([]output.Column, len(cols))
	copy(own, cols)
	for i := range passed {
		own[i].Kind = output.Text
	}
	s.csv = output.NewCSVWriter(s.W, own, s.Opt)
	return nil
}

// Row implements Sink.
func (s *CSVSink) Row(row []any) error { return s.csv.Write(row...) }

// Flush writes what is left.
func (s *CSVSink) Flush() error {
	if s.csv == nil {
		return nil
	}
	return s.csv.Flush()
}

// TableSink gathers rows in a table. Finish makes cells of the input numbers and
// times where their column is known to hold them.
type TableSink struct {
	Table  output.Table
	Zone   *time.Location
	passed int
}

// Header implements Sink.
func (s *TableSink) Header(cols []output.Column, passed int) error {
	s.Table.Columns, s.passed = cols, passed
	return nil
}

// Row implements Sink.
func (s *TableSink) Row(row []any) error {
	s.Table.Rows = append(s.Table.Rows, row)
	return nil
}

// Finish gives the columns of the input their kinds. A column with a cell that is
// not of its kind stays text, so that nothing of the input is lost.
func (s *TableSink) Finish() {
	for j := range s.passed {
		values := make([]any, len(s.Table.Rows))
		fits := s.Table.Columns[j].Kind != output.Text
		for i, row := range s.Table.Rows {
			text, ok := row[j].(string)
			if !fits || !ok {
				continue
			}
			values[i], fits = s.value(s.Table.Columns[j].Kind, text)
		}
		if !fits {
			s.Table.Columns[j].Kind = output.Text
			continue
		}
		for i, row := range s.Table.Rows {
			row[j] = values[i]
		}
	}
}

// value reads a cell of the input as its column says.
func (s *TableSink) value(k output.Kind, text string) (any, bool) {
	if k == output.DateTime {
		t, err := calendar.ParseTime(text, s.Zone)
		return t, err == nil
	}
	if v, err := strconv.ParseFloat(text, 64); err == nil {
		return v, true
	}
	if strings.HasSuffix(text, "%") {
		return nil, false
	}
	v, err := tabular.ParseNumber(text)
	return v, err == nil
}
