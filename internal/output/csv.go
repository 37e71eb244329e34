package output

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// CSVWriter streams rows of any number as CSV: UTF-8, RFC 4180 quoting, lines
// that end in a line feed, full precision, times as RFC 3339 with offset. It
// holds one buffer, not the table.
type CSVWriter struct {
	w      io.Writer
	cols   []Column
	opt    Options
	buf    []byte
	sep    byte
	locals localTime
	cells  []cell
	err    error
}

// csvBuffer is the size at which the buffer is passed on.
const csvBuffer = 64 << 10

// NewCSVWriter writes the header and returns the writer. With opt.ExcelNL the
// file starts with a byte order mark, without which Excel takes it for
// Windows-1252, and has semicolons and decimal commas.
func NewCSVWriter(w io.Writer, cols []Column, opt Options) *CSVWriter {
	cw := &CSVWriter{w: w, cols: cols, opt: opt, sep: ',', buf: make([]byte, 0, csvBuffer+4096), cells: make([]cell, len(cols))}
	cw.locals.loc = opt.zone()
	if opt.ExcelNL {
		cw.sep = ';'
		cw.buf = append(cw.buf, "\ufeff"...)
	}
	for i, c := range cols {
		if i > 0 {
			cw.buf = append(cw.buf, cw.sep)
		}
		cw.text(c.Name)
	}
	cw.endLine(len(cols) == 1 && cols[0].Name == "")
	return cw
}

// Write writes one row: one value per column, of the types that Kind names.
func (cw *CSVWriter) Write(row ...any) error {
	if len(row) != len(cw.cols) {
		return fmt.Errorf("csv: a row has %d values, want %d", len(row), len(cw.cols))
	}
	for j, v := range row {
		c, err := newCell(cw.cols[j].Kind, v)
		if err != nil {
			return fmt.Errorf("csv: column %q: %w", cw.cols[j].Name, err)
		}
		cw.cells[j] = c
	}
	return cw.writeCells(cw.cells)
}

func (cw *CSVWriter) writeCells(cells []cell) error {
	start := len(cw.buf)
	for i, c := range cells {
		if i > 0 {
			cw.buf = append(cw.buf, cw.sep)
		}
		cw.cell(c)
	}
	cw.endLine(len(cells) == 1 && len(cw.buf) == start)
	return cw.err
}

// endLine ends a line; an empty single field is quoted, as a blank line would
// be skipped by readers.
func (cw *CSVWriter) endLine(blank bool) {
	if blank {
		cw.buf = append(cw.buf, `""`...)
	}
	cw.buf = append(cw.buf, '\n')
	if len(cw.buf) >= csvBuffer {
		_ = cw.Flush() // kept in cw.err
	}
}

// Flush writes what is buffered and returns the first error of all writes.
func (cw *CSVWriter) Flush() error {
	if cw.err == nil && len(cw.buf) > 0 {
		_, cw.err = cw.w.Write(cw.buf)
	}
	cw.buf = cw.buf[:0]
	return cw.err
}

func (cw *CSVWriter) cell(c cell) {
	switch c.kind {
	case textCell:
		if protected(c.s) {
			cw.text("'" + c.s)
		} else {
			cw.text(c.s)
		}
	case intCell:
		cw.buf = strconv.AppendInt(cw.buf, c.i, 10)
	case floatCell:
		at := len(cw.buf)
		cw.buf = appendFloat(cw.buf, c.f)
		if cw.opt.ExcelNL {
			for i := at; i < len(cw.buf); i++ {
				if cw.buf[i] == '.' {
					cw.buf[i] = ','
				}
			}
		}
	case timeCell:
		cw.buf = cw.locals.append(cw.buf, c.t)
	case dateCell:
		cw.buf = c.t.AppendFormat(cw.buf, time.DateOnly)
	case clockCell:
		cw.buf = append(cw.buf, clockText(c.i)...)
	case boolCell:
		cw.buf = strconv.AppendBool(cw.buf, c.i != 0)
	}
}

// text appends a field, quoted when it must be.
func (cw *CSVWriter) text(s string) {
	if s != "" && !strings.ContainsAny(s, "\"\r\n,;\t|") && s[0] != ' ' && s[len(s)-1] != ' ' {
		cw.buf = append(cw.buf, s...)
		return
	}
	if s == "" {
		return
	}
	cw.buf = append(cw.buf, '"')
	for i := range len(s) {
		if s[i] == '"' {
			cw.buf = append(cw.buf, '"')
		}
		cw.buf = append(cw.buf, s[i])
	}
	cw.buf = append(cw.buf, '"')
}

// protected reports whether a spreadsheet might take text s for a formula. A
// plain negative number and a lone sign do no harm and stay as they are.
func protected(s string) bool {
	if s == "" {
		return false
	}
	switch s[0] {
	case '=', '@', '\t', '\r':
		return true
	case '+':
		return len(s) > 1
	case '-':
		if len(s) == 1 {
			return false
		}
		_, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
		return err != nil
	}
	if r, _ := utf8.DecodeRuneInString(s); r == '＝' || r == '＋' || r == '－' || r == '＠' {
		return true // full-width forms, which some spreadsheets read as the plain signs
	}
	return false
}

// localTime formats instants as RFC 3339 in one zone and remembers the offset
// of the last hour, since looking it up costs more than all the rest.
type localTime struct {
	loc    *time.Location
	hour   int64
	zone   *time.Location
	primed bool
}

func (l *localTime) append(b []byte, t time.Time) []byte {
	const hour = 3600
	h := t.Unix() / hour
	// All offsets in use since 1970 change on a whole quarter; the cache is used
	// only inside one hour, and no zone changes twice in it.
	if !l.primed || h != l.hour {
		start := time.Unix(h*hour, 0).In(l.loc)
		_, a := start.Zone()
		_, z := time.Unix(h*hour+hour-1, 0).In(l.loc).Zone()
		if a != z {
			l.primed = false
			return appendRFC3339(b, t.In(l.loc))
		}
		l.zone, l.hour, l.primed = time.FixedZone("", a), h, true
	}
	return appendRFC3339(b, t.In(l.zone))
}

// appendRFC3339 writes the offset as +00:00 rather than Z, and fractions of a
// second only when there are any.
func appendRFC3339(b []byte, t time.Time) []byte {
	return t.AppendFormat(b, "2006-01-02T15:04:05.999999999-07:00")
}

func writeCSV(w io.Writer, opt Options, tables []Table) error {
	if len(tables) != 1 {
		return errors.New("CSV holds one table: ask for one, or write xlsx or json")
	}
	t := tables[0]
	cw := NewCSVWriter(w, t.Columns, opt)
	if err := t.cells(func(_ int, row []cell) error { return cw.writeCells(row) }); err != nil {
		return err
	}
	return cw.Flush()
}
