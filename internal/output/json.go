package output

import (
	"bufio"
	"encoding/json"
	"io"
	"math"
	"strconv"
	"time"
)

// writeJSON writes one table as an array of objects, several as an object with
// an array per table. Members stand in the order of the columns, one row per
// line.
func writeJSON(w io.Writer, opt Options, tables []Table) error {
	j := &jsonWriter{w: bufio.NewWriter(w), locals: localTime{loc: opt.zone()}}
	if len(tables) == 1 {
		if err := j.table(&tables[0], ""); err != nil {
			return err
		}
	} else {
		j.w.WriteByte('{')
		for i := range tables {
			if i > 0 {
				j.w.WriteByte(',')
			}
			j.w.WriteString("\n  ")
			j.string(tables[i].Name)
			j.w.WriteString(": ")
			if err := j.table(&tables[i], "  "); err != nil {
				return err
			}
		}
		j.w.WriteString("\n}")
	}
	j.w.WriteByte('\n')
	return j.w.Flush()
}

type jsonWriter struct {
	w      *bufio.Writer
	buf    []byte
	locals localTime
}

func (j *jsonWriter) table(t *Table, indent string) error {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		b, err := json.Marshal(c.Name)
		if err != nil {
			return err
		}
		names[i] = string(b) + ": "
	}
	j.w.WriteByte('[')
	err := t.cells(func(i int, row []cell) error {
		if i > 0 {
			j.w.WriteByte(',')
		}
		j.w.WriteString("\n" + indent + "  {")
		for k, c := range row {
			if k > 0 {
				j.w.WriteString(", ")
			}
			j.w.WriteString(names[k])
			j.cell(c)
		}
		return j.w.WriteByte('}')
	})
	if err != nil {
		return err
	}
	if len(t.Rows) > 0 {
		j.w.WriteString("\n" + indent)
	}
	j.w.WriteByte(']')
	return nil
}

func (j *jsonWriter) cell(c cell) {
	b := j.buf[:0]
	switch c.kind {
	case textCell:
		j.string(c.s)
		return
	case intCell:
		b = strconv.AppendInt(b, c.i, 10)
	case floatCell:
		if math.IsInf(c.f, 0) {
			b = append(b, "null"...)
		} else {
			b = appendFloat(b, c.f)
		}
	case timeCell:
		b = append(j.locals.append(append(b, '"'), c.t), '"')
	case dateCell:
		b = append(c.t.AppendFormat(append(b, '"'), time.DateOnly), '"')
	case clockCell:
		b = append(append(append(b, '"'), clockText(c.i)...), '"')
	case boolCell:
		b = strconv.AppendBool(b, c.i != 0)
	default:
		b = append(b, "null"...)
	}
	j.buf = b
	j.w.Write(b)
}

// string writes s as a JSON string without escaping <, > and &.
func (j *jsonWriter) string(s string) {
	enc := json.NewEncoder(trimNewline{j.w})
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string always encodes; write errors surface at Flush
}

// trimNewline drops the line feed that Encode adds.
type trimNewline struct{ w *bufio.Writer }

func (t trimNewline) Write(p []byte) (int, error) {
	n := len(p)
	if n > 0 && p[n-1] == '\n' {
		p = p[:n-1]
	}
	if _, err := t.w.Write(p); err != nil {
		return 0, err
	}
	return n, nil
}
