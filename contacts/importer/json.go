package importer

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// jsonTable reads JSON records (one object after another, an array of objects,
// or an object that holds such an array) as rows: nested objects become columns
// with dotted names. The first row is the header.
type jsonTable struct {
	name   string
	under  io.Closer
	dec    *json.Decoder
	depth  int   // of arrays opened around the records
	rest   []any // records of a wrapping object
	inner  bool
	header []string
	index  map[string]int
	row    []string
	line   int
	sent   bool
}

// maxJSONColumns bounds the width of a table made of JSON.
const maxJSONColumns = 2000

// newJSONTable opens records; header lists their names when they are known from
// a first reading, else the file is read for them.
func newJSONTable(name string, rc io.ReadCloser, header []string) (*jsonTable, error) {
	br := bufio.NewReaderSize(rc, 64<<10)
	var r io.Reader = br
	if head, _ := br.Peek(2); string(head) == "\x1f\x8b" {
		zr, err := gzip.NewReader(br)
		if err != nil {
			return nil, fmt.Errorf("%s: gzip: %w", name, err)
		}
		r = zr
	}
	b2 := bufio.NewReaderSize(r, 64<<10)
	if head, _ := b2.Peek(3); string(head) == "\xef\xbb\xbf" {
		_, _ = b2.Discard(3)
	}
	t := &jsonTable{name: name, under: rc, header: header, index: map[string]int{}, dec: json.NewDecoder(b2)}
	t.dec.UseNumber()
	for i, h := range header {
		t.index[h] = i
	}
	return t, nil
}

// jsonHeader reads the whole file for the names of its records, sorted.
func (f *File) jsonHeader() ([]string, error) {
	rc, err := f.Open()
	if err != nil {
		return nil, err
	}
	t, err := newJSONTable(f.Name, rc, nil)
	if err != nil {
		rc.Close()
		return nil, err
	}
	defer t.Close()
	names := map[string]bool{}
	n := 0
	for {
		rec, err := t.record()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			if n > 0 {
				break // the rows up to here count; the damage is reported when they are read
			}
			return nil, err
		}
		n++
		flatten("", rec, func(k, _ string) {
			if len(names) < maxJSONColumns {
				names[k] = true
			}
		})
	}
	if n == 0 {
		return nil, fmt.Errorf("%s: there are no JSON records in it", f.Name)
	}
	out := make([]string, 0, len(names))
	for k := range names {
		out = append(out, k)
	}
	slices.Sort(out)
	return out, nil
}

// record returns the next object that is a record.
func (t *jsonTable) record() (map[string]any, error) {
	for {
		for len(t.rest) > 0 {
			m, ok := t.rest[0].(map[string]any)
			t.rest = t.rest[1:]
			t.line++
			if ok {
				return m, nil
			}
		}
		if t.inner {
			return nil, io.EOF
		}
		if t.depth > 0 && !t.dec.More() {
			if _, err := t.dec.Token(); err != nil { // the closing bracket
				return nil, t.wrap(err)
			}
			t.depth = 0
			return nil, io.EOF
		}
		var v any
		if t.depth == 0 {
			raw, err := t.peekArray()
			if err != nil {
				return nil, err
			}
			if raw {
				continue
			}
		}
		if err := t.dec.Decode(&v); err != nil {
			return nil, t.wrap(err)
		}
		t.line++
		switch v := v.(type) {
		case map[string]any:
			if inner := records(v); inner != nil {
				t.rest, t.line, t.inner = inner, 0, true
				continue
			}
			return v, nil
		case nil:
		default:
			return nil, fmt.Errorf("%s: record %d: want an object", t.name, t.line)
		}
	}
}

// peekArray steps into an array of records.
func (t *jsonTable) peekArray() (bool, error) {
	if t.line > 0 {
		return false, nil
	}
	buffered, err := firstByte(t.dec)
	if err != nil {
		return false, t.wrap(err)
	}
	if buffered != '[' {
		return false, nil
	}
	if _, err := t.dec.Token(); err != nil {
		return false, t.wrap(err)
	}
	t.depth = 1
	return true, nil
}

// firstByte makes the decoder read on and returns the next byte that is not
// blank.
func firstByte(d *json.Decoder) (byte, error) {
	if !d.More() {
		return 0, io.EOF
	}
	r := d.Buffered()
	var b [1]byte
	for {
		if _, err := r.Read(b[:]); err != nil {
			return 0, err
		}
		if b[0] != ' ' && b[0] != '\n' && b[0] != '\r' && b[0] != '\t' {
			return b[0], nil
		}
	}
}

// records returns the only array of objects directly inside m, when m has
// nothing else that looks like a record: the answer of a web service.
func records(m map[string]any) []any {
	var found []any
	for k, v := range m {
		a, ok := v.([]any)
		if !ok || len(a) == 0 {
			continue
		}
		if _, ok := a[0].(map[string]any); !ok {
			continue
		}
		switch strings.ToLower(k) {
		case "tickets", "results", "records", "data", "items", "contacts", "conversations", "calls", "value", "rows", "interactions":
			found = a
		}
	}
	return found
}

func (t *jsonTable) wrap(err error) error {
	if errors.Is(err, io.EOF) {
		return io.EOF
	}
	return fmt.Errorf("%s: record %d: %w", t.name, t.line+1, err)
}

// flatten calls f for every value of a record; lists of plain values are joined
// with a semicolon, lists of objects counted.
func flatten(prefix string, m map[string]any, f func(key, value string)) {
	for k, v := range m {
		name := k
		if prefix != "" {
			name = prefix + "." + k
		}
		switch v := v.(type) {
		case map[string]any:
			flatten(name, v, f)
		case []any:
			var parts []string
			for _, e := range v {
				if s, ok := scalar(e); ok {
					parts = append(parts, s)
				}
			}
			f(name, strings.Join(parts, ";"))
		default:
			s, _ := scalar(v)
			f(name, s)
		}
	}
}

func scalar(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return strconv.FormatBool(v), true
	case nil:
		return "", true
	}
	return "", false
}

// Next returns the next record as a row in the order of the header.
func (t *jsonTable) Next() ([]string, error) {
	if !t.sent {
		t.sent = true
		return t.header, nil
	}
	rec, err := t.record()
	if err != nil {
		return nil, err
	}
	if t.row == nil {
		t.row = make([]string, len(t.header))
	}
	clear(t.row)
	flatten("", rec, func(k, v string) {
		if i, ok := t.index[k]; ok {
			t.row[i] = v
		}
	})
	return t.row, nil
}

// Line returns the number of the last record, from 1.
func (t *jsonTable) Line() int { return t.line }

// Close lets go of the file.
func (t *jsonTable) Close() error { return t.under.Close() }
