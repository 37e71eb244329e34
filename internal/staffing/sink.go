package staffing

import (
	"io"
	"strconv"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/output"
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

// TableSink gathers rows in a table. Cells of the input become numbers and times
// where their column is known to hold them.
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
	for j := range s.passed {
		text, ok := row[j].(string)
		if !ok {
			continue
		}
		switch s.Table.Columns[j].Kind {
		case output.Number, output.Percent, output.Integer, output.Seconds:
			if v, err := strconv.ParseFloat(text, 64); err == nil {
				row[j] = v
			} else {
				row[j] = nil
			}
		case output.DateTime:
			if t, err := calendar.ParseTime(text, s.Zone); err == nil {
				row[j] = t
			} else {
				row[j] = nil
			}
		}
	}
	s.Table.Rows = append(s.Table.Rows, row)
	return nil
}
