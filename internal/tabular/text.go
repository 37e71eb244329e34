package tabular

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math/bits"
	"strings"
	"unicode/utf8"
)

// maxRecord bounds a quoted record. A quote that is never closed would swallow
// the rest of the file; past this size it is taken for an ordinary character.
const maxRecord = 1 << 20

const textBuffer = 256 << 10

// textRows splits decoded text into records. Quoted fields follow RFC 4180 with
// these liberties: a quote inside an unquoted field is an ordinary character,
// blanks before an opening quote are dropped, and an unclosed quote ends at its
// line.
type textRows struct {
	src    io.Reader
	comma  byte
	eol    byte // '\n', or '\r' for old Mac files
	quotes bool

	buf        []byte
	start, end int // unread bytes are buf[start:end]
	eof        error
	line       int // of the last record, from 1
	nextLine   int
	fields     []string
	raw        []byte // scratch of quoted records
	cuts       []int
	shared     strings.Builder // short lines, one after the other
}

func newTextRows(src io.Reader, comma byte, quotes bool) *textRows {
	return &textRows{src: src, comma: comma, eol: '\n', quotes: quotes, nextLine: 1, buf: make([]byte, textBuffer)}
}

// fill reads more bytes behind the unread ones; false at the end of the input.
func (t *textRows) fill() bool {
	if t.eof != nil {
		return false
	}
	if t.start > 0 {
		copy(t.buf, t.buf[t.start:t.end])
		t.end -= t.start
		t.start = 0
	}
	if t.end == len(t.buf) {
		t.buf = append(t.buf, make([]byte, len(t.buf))...)
	}
	for range 100 {
		n, err := t.src.Read(t.buf[t.end:])
		t.end += n
		if err != nil {
			t.eof = err
		}
		if n > 0 || err != nil {
			return n > 0
		}
	}
	t.eof = io.ErrNoProgress
	return false
}

// head returns up to n unread bytes without using them up.
func (t *textRows) head(n int) []byte {
	for t.end-t.start < n && t.fill() {
	}
	return t.buf[t.start:min(t.end, t.start+n)]
}

// lineEnd returns the length of the next physical line without its end, and
// with it; ok is false at the end of the input.
func (t *textRows) lineEnd(from int) (n, whole int, ok bool) {
	seen := from
	for {
		if i := bytes.IndexByte(t.buf[t.start+seen:t.end], t.eol); i >= 0 {
			n = seen + i
			return n, n + 1, true
		}
		seen = t.end - t.start
		if !t.fill() {
			n = t.end - t.start
			return n, n, n > from
		}
	}
}

// next returns the fields of the next record, blank lines included as one empty
// field. The slice is used again.
func (t *textRows) next() ([]string, error) {
	n, whole, ok := t.lineEnd(0)
	if !ok {
		if t.eof != nil && !errors.Is(t.eof, io.EOF) {
			return nil, t.eof
		}
		return nil, io.EOF
	}
	t.line = t.nextLine
	line := t.buf[t.start : t.start+n]
	if !t.quotes || bytes.IndexByte(line, '"') < 0 {
		t.start += whole
		t.nextLine++
		t.split(line)
		return t.fields, nil
	}
	return t.quoted(n, whole)
}

// split cuts a line without quotes, eight bytes at a time; all fields share one
// string.
func (t *textRows) split(line []byte) {
	if k := len(line); k > 0 && line[k-1] == '\r' {
		line = line[:k-1]
	}
	s := t.kept(line)
	const ones, low = 0x0101010101010101, 0x7f7f7f7f7f7f7f7f
	commas := ones * uint64(t.comma)
	fields, from, i := t.fields[:0], 0, 0
	for ; i+8 <= len(line); i += 8 {
		x := binary.LittleEndian.Uint64(line[i:]) ^ commas // 0 where a comma is
		for found := ^((x&low + low) | x | low); found != 0; found &= found - 1 {
			at := i + bits.TrailingZeros64(found)/8
			fields = append(fields, s[from:at])
			from = at + 1
		}
	}
	for ; i < len(line); i++ {
		if line[i] == t.comma {
			fields = append(fields, s[from:i])
			from = i + 1
		}
	}
	t.fields = append(fields, s[from:])
}

// sharedText is how much text lies in one piece of memory. A cell that is kept
// keeps all of it.
const sharedText = 4 << 10

// kept returns a line as a string that lasts.
func (t *textRows) kept(line []byte) string {
	if len(line) > sharedText/4 {
		return string(line)
	}
	if t.shared.Cap()-t.shared.Len() < len(line) {
		t.shared.Reset()
		t.shared.Grow(sharedText)
	}
	n := t.shared.Len()
	t.shared.Write(line)
	return t.shared.String()[n:]
}

// quoted reads a record that has a quote in its first line of n bytes.
func (t *textRows) quoted(n, whole int) ([]string, error) {
	lines := 1
	for {
		closed := t.scan(t.buf[t.start : t.start+n])
		if closed {
			break
		}
		// The field goes on in the next line.
		n2, whole2, ok := t.lineEnd(whole)
		if !ok || n2 > maxRecord {
			if lines > 1 { // read the first line again with the quote as it stands
				n, whole, _ = t.lineEnd(0)
				lines = 1
			}
			line := append([]byte(nil), t.buf[t.start:t.start+n]...)
			t.start += whole
			t.nextLine++
			t.split(line)
			return t.fields, nil
		}
		n, whole = n2, whole2
		lines++
	}
	t.start += whole
	t.nextLine += lines
	s := t.kept(t.raw)
	t.fields = t.fields[:0]
	from := 0
	for _, c := range t.cuts {
		t.fields = append(t.fields, s[from:c])
		from = c
	}
	return t.fields, nil
}

// scan unquotes one record into raw and cuts; false when a quote stays open.
func (t *textRows) scan(rec []byte) bool {
	if k := len(rec); k > 0 && rec[k-1] == '\r' {
		rec = rec[:k-1]
	}
	t.raw, t.cuts = t.raw[:0], t.cuts[:0]
	for {
		i := 0
		for i < len(rec) && rec[i] == ' ' {
			i++
		}
		if i == len(rec) || rec[i] != '"' {
			i = bytes.IndexByte(rec, t.comma)
			if i < 0 {
				t.raw = append(t.raw, rec...)
				t.cuts = append(t.cuts, len(t.raw))
				return true
			}
			t.raw = append(t.raw, rec[:i]...)
			t.cuts = append(t.cuts, len(t.raw))
			rec = rec[i+1:]
			continue
		}
		rec = rec[i+1:]
		for {
			i = bytes.IndexByte(rec, '"')
			if i < 0 {
				return false
			}
			t.raw = append(t.raw, rec[:i]...)
			rec = rec[i+1:]
			if len(rec) > 0 && rec[0] == '"' {
				t.raw = append(t.raw, '"')
				rec = rec[1:]
				continue
			}
			// The quote closes the field when a delimiter or the end follows,
			// blanks aside; otherwise it belongs to the text.
			rest := bytes.TrimLeft(rec, " ")
			if len(rest) == 0 || (rest[0] == '\r' && len(rest) == 1) {
				t.cuts = append(t.cuts, len(t.raw))
				return true
			}
			if rest[0] == t.comma {
				t.cuts = append(t.cuts, len(t.raw))
				rec = rest[1:]
				break
			}
			t.raw = append(t.raw, '"')
		}
	}
}

// sniffDelimiter finds the delimiter of the text in head: the one that splits
// a header-like record (text only, no cell empty) earliest, followed by a
// record with as many cells; then the one with the most agreeing cells.
func sniffDelimiter(head []byte, eol byte, whole bool) byte {
	best, bestFirst, bestScore := byte(0), 1<<30, 0
	for _, c := range []byte{';', '\t', '|', ','} {
		first, score := delimiterFit(head, c, eol, whole)
		if score > 0 && (first < bestFirst || (first == bestFirst && score > bestScore)) {
			best, bestFirst, bestScore = c, first, score
		}
	}
	if best == 0 {
		return ','
	}
	return best
}

const (
	sniffRecords = 200 // records looked at
	sniffHeader  = 30  // records among which the header is expected
)

// delimiterFit returns the index of the first header-like record under
// delimiter c and the number of cells in records of the usual width.
func delimiterFit(head []byte, c, eol byte, whole bool) (first, score int) {
	t := newTextRows(bytes.NewReader(head), c, true)
	t.eol = eol
	var width []int
	var textual []bool
	for len(width) < sniffRecords {
		f, err := t.next()
		if err != nil {
			break
		}
		if len(f) == 1 && strings.TrimSpace(f[0]) == "" {
			continue
		}
		width = append(width, len(f))
		textual = append(textual, len(width) <= sniffHeader && headerLike(f))
	}
	if n := len(width); n > 1 && !whole {
		width, textual = width[:n-1], textual[:n-1] // the last record is cut off
	}
	count := map[int]int{}
	for _, w := range width {
		count[w]++
	}
	modal := 0
	for w, n := range count {
		if w > 1 && (modal == 0 || n*w > count[modal]*modal || (n*w == count[modal]*modal && w > modal)) {
			modal = w
		}
	}
	if modal == 0 {
		return 0, 0
	}
	first = sniffHeader
	for i, w := range width {
		if textual[i] && (i+1 == len(width) || width[i+1] == w) {
			first = i
			break
		}
	}
	return first, count[modal] * modal
}

// headerLike reports whether a record can be a header: at least two cells, none
// a number and most not empty.
func headerLike(f []string) bool {
	if len(f) < 2 {
		return false
	}
	filled := 0
	for _, s := range f {
		s = strings.TrimSpace(s)
		if s == "" {
			continue
		}
		filled++
		if c := s[0]; (c >= '0' && c <= '9') || ((c == '-' || c == '+') && len(s) > 1 && s[1] >= '0' && s[1] <= '9') {
			return false
		}
	}
	return filled >= 2 && filled*2 > len(f)
}

// sniffEOL tells whether lines end in a bare carriage return.
func sniffEOL(head []byte) byte {
	if bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 {
		return '\r'
	}
	return '\n'
}

// sepLine recognises Excel's first line "sep=;".
func sepLine(head []byte) (comma byte, ok bool) {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	s := strings.TrimRight(strings.ToLower(string(line)), "\r")
	s = strings.Trim(s, `"`)
	if len(s) == 5 && strings.HasPrefix(s, "sep=") && s[4] < utf8.RuneSelf {
		return s[4], true
	}
	return 0, false
}
