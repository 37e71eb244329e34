package tabular

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// Options of Open; the zero value detects everything.
type Options struct {
	Delimiter rune   // 0 = detected
	Encoding  string // "" = detected
	Sheet     string // of a workbook; "" = the first that holds two rows or more
	// Raw gives every row as it stands, blank ones and titles too, and takes none
	// for the header.
	Raw bool
	// NoQuotes takes quotes for ordinary characters.
	NoQuotes bool
}

// Kinds of file a Reader tells apart.
const (
	Text     = "text"
	Workbook = "xlsx"
)

// Errors of Open that callers may branch on.
var (
	ErrEmpty   = errors.New("the file is empty")
	ErrOldXLS  = errors.New("this is an old Excel file (.xls); save it as .xlsx or CSV")
	ErrBinary  = errors.New("this is not a table: neither text nor an .xlsx workbook")
	errNoSheet = errors.New("the workbook has no sheet with rows")
)

// rower yields rows; both kinds of file have one.
type rower interface {
	next() ([]string, error)
}

// Reader reads the rows of one table.
type Reader struct {
	name    string
	rows    rower
	text    *textRows
	sheet   *sheetRows
	book    *Book
	decoder *decoder
	header  []string
	closers []io.Closer
}

// OpenFile opens the file at path; "-" is stdin.
func OpenFile(path string, stdin io.Reader, opt Options) (*Reader, error) {
	if path == "-" {
		if stdin == nil {
			return nil, errors.New("-: there is no standard input")
		}
		return Open("stdin", stdin, opt)
	}
	f, err := os.Open(path)
	if err != nil {
		var pe *os.PathError
		if errors.As(err, &pe) {
			return nil, fmt.Errorf("%s: %w", path, pe.Err)
		}
		return nil, err
	}
	if st, err := f.Stat(); err == nil && st.IsDir() {
		f.Close()
		return nil, fmt.Errorf("%s: this is a folder, not a file", path)
	}
	r, err := Open(path, f, opt)
	if err != nil {
		f.Close()
		return nil, err
	}
	r.closers = append(r.closers, f)
	return r, nil
}

// Open reads the table in r; name is used in errors. Unless opt.Raw is set the
// first row that is not blank is the header.
func Open(name string, r io.Reader, opt Options) (*Reader, error) {
	t, err := open(name, r, opt)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if opt.Raw {
		return t, nil
	}
	for {
		row, err := t.rows.next()
		if errors.Is(err, io.EOF) {
			t.Close()
			return nil, fmt.Errorf("%s: %w", name, ErrEmpty)
		}
		if err != nil {
			t.Close()
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if blank(row) {
			continue
		}
		for _, h := range row {
			t.header = append(t.header, strings.TrimSpace(h))
		}
		for n := len(t.header); n > 0 && t.header[n-1] == ""; n-- {
			t.header = t.header[:n-1]
		}
		return t, nil
	}
}

func open(name string, r io.Reader, opt Options) (*Reader, error) {
	br := bufio.NewReaderSize(r, peekSize)
	head, err := br.Peek(8)
	if len(head) == 0 {
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		return nil, ErrEmpty
	}
	t := &Reader{name: name}
	switch {
	case bytes.HasPrefix(head, []byte("\x1f\x8b")):
		zr, err := gzip.NewReader(br)
		if err != nil {
			return nil, fmt.Errorf("gzip: %w", err)
		}
		inner, err := open(name, zr, opt)
		if err != nil {
			return nil, err
		}
		inner.closers = append(inner.closers, zr)
		return inner, nil
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return openZip(t, r, br, opt)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		return nil, ErrOldXLS
	case bytes.HasPrefix(head, []byte("%PDF")), bytes.HasPrefix(head, []byte("\x89PNG")), bytes.HasPrefix(head, []byte("SQLite f")):
		return nil, ErrBinary
	}
	if t.decoder, err = newDecoder(br, opt.Encoding); err != nil {
		return nil, err
	}
	rows := newTextRows(t.decoder, ',', !opt.NoQuotes)
	sample := rows.head(peekSize)
	if rows.eof != nil && !errors.Is(rows.eof, io.EOF) {
		return nil, rows.eof
	}
	if bytes.IndexByte(sample, 0) >= 0 {
		return nil, ErrBinary
	}
	if len(bytes.TrimSpace(sample)) == 0 && rows.eof != nil {
		return nil, ErrEmpty
	}
	rows.eol = sniffEOL(sample)
	if c, ok := sepLine(sample); ok {
		rows.comma = c
		if _, err := rows.next(); err != nil {
			return nil, err
		}
	} else {
		rows.comma = sniffDelimiter(sample, rows.eol, rows.eof != nil)
	}
	if opt.Delimiter != 0 {
		if opt.Delimiter >= 128 {
			return nil, fmt.Errorf("delimiter %q: want one ASCII character", opt.Delimiter)
		}
		rows.comma = byte(opt.Delimiter)
	}
	t.text, t.rows = rows, rows
	return t, nil
}

// openZip opens a workbook, or the only file of an archive.
func openZip(t *Reader, r io.Reader, br *bufio.Reader, opt Options) (*Reader, error) {
	at, size, err := readerAt(r, br)
	if err != nil {
		return nil, err
	}
	zr, err := zip.NewReader(at, size)
	if err != nil {
		return nil, fmt.Errorf("archive: %w", err)
	}
	if !IsWorkbook(zr) {
		var only *zip.File
		for _, f := range zr.File {
			if f.FileInfo().IsDir() || strings.HasPrefix(f.Name, "__MACOSX/") {
				continue
			}
			if only != nil {
				return nil, errors.New("the archive holds several files; unpack it and name the one to read")
			}
			only = f
		}
		if only == nil {
			return nil, ErrEmpty
		}
		rc, err := only.Open()
		if err != nil {
			return nil, fmt.Errorf("archive: %s: %w", only.Name, err)
		}
		inner, err := open(t.name, rc, opt)
		if err != nil {
			rc.Close()
			return nil, err
		}
		inner.closers = append(inner.closers, rc)
		return inner, nil
	}
	book, err := OpenBook(zr)
	if err != nil {
		return nil, err
	}
	return book.reader(t.name, opt)
}

// readerAt gives random access to r: a file as it is, anything else from memory.
func readerAt(r io.Reader, br *bufio.Reader) (io.ReaderAt, int64, error) {
	if f, ok := r.(*os.File); ok {
		if st, err := f.Stat(); err == nil && st.Mode().IsRegular() {
			return f, st.Size(), nil
		}
	}
	b, err := io.ReadAll(br)
	if err != nil {
		return nil, 0, err
	}
	return bytes.NewReader(b), int64(len(b)), nil
}

// Name returns the name of the file, for messages.
func (t *Reader) Name() string { return t.name }

// Header returns the cells of the header row, without blanks around them.
func (t *Reader) Header() []string { return t.header }

// Next returns the next row that is not blank (with Options.Raw: any row), or
// io.EOF. The slice is used again by the next call; its strings may be kept. A
// row may be shorter or longer than the header.
func (t *Reader) Next() ([]string, error) {
	for {
		row, err := t.rows.next()
		if err != nil {
			if errors.Is(err, io.EOF) {
				return nil, io.EOF
			}
			return nil, fmt.Errorf("%s: line %d: %w", t.name, t.Line()+1, err)
		}
		if t.header == nil || !blank(row) {
			return row, nil
		}
	}
}

// Line returns the line of the last row in its file, or its row number in a
// sheet; the first is 1.
func (t *Reader) Line() int {
	if t.text != nil {
		return t.text.line
	}
	return t.sheet.row
}

// Kind returns Text or Workbook.
func (t *Reader) Kind() string {
	if t.text != nil {
		return Text
	}
	return Workbook
}

// Encoding returns the encoding found so far; a file that is ASCII up to here
// counts as UTF-8. It is empty for a workbook.
func (t *Reader) Encoding() string {
	if t.decoder == nil {
		return ""
	}
	return t.decoder.name()
}

// Delimiter returns the delimiter of a text file, or "" for a workbook.
func (t *Reader) Delimiter() string {
	if t.text == nil {
		return ""
	}
	return string(rune(t.text.comma))
}

// Sheet returns the name of the sheet that is read, or "" for text.
func (t *Reader) Sheet() string {
	if t.sheet == nil {
		return ""
	}
	return t.sheet.name
}

// Close lets go of the file.
func (t *Reader) Close() error {
	var errs []error
	if t.sheet != nil {
		errs = append(errs, t.sheet.close())
	}
	for _, c := range t.closers {
		errs = append(errs, c.Close())
	}
	t.closers = nil
	return errors.Join(errs...)
}

func blank(row []string) bool {
	for _, s := range row {
		if strings.TrimSpace(s) != "" {
			return false
		}
	}
	return true
}
