package tabular

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
)

// maxSharedStrings bounds the text that a workbook shares between its cells,
// against archives that unpack to more than memory holds.
const maxSharedStrings = 1 << 30

// Book is an .xlsx workbook, opened for reading its sheets row by row. The
// library for workbooks gives no number format while it streams, and without it
// a date is a bare number; so the sheets are read here.
type Book struct {
	zip      *zip.Reader
	sheets   []sheetInfo
	shared   []string
	loaded   bool
	formats  []cellFormat // per style index
	date1904 bool
	strings  string // path of the shared strings
}

type sheetInfo struct {
	name, path string
	hidden     bool
	last       int // last row of the table of a workbook that kcc wrote; 0 is unknown
}

// ownSheet is the hidden sheet that marks a workbook of kcc.
const ownSheet = "_kcc"

// IsWorkbook reports whether an archive is an Excel workbook.
func IsWorkbook(zr *zip.Reader) bool {
	types, book := false, false
	for _, f := range zr.File {
		n := strings.ToLower(f.Name)
		types = types || n == "[content_types].xml"
		book = book || strings.HasPrefix(n, "xl/")
	}
	return types && book
}

// OpenBook reads the list of sheets and the number formats of a workbook.
func OpenBook(zr *zip.Reader) (*Book, error) {
	b := &Book{zip: zr}
	var wb struct {
		Pr struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name  string     `xml:"name,attr"`
			State string     `xml:"state,attr"`
			Attrs []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
		Names []struct {
			Name  string `xml:"name,attr"`
			Sheet int    `xml:"localSheetId,attr"`
			Ref   string `xml:",chardata"`
		} `xml:"definedNames>definedName"`
	}
	if err := b.decode("xl/workbook.xml", &wb); err != nil {
		return nil, fmt.Errorf("workbook: %w", err)
	}
	b.date1904 = wb.Pr.Date1904 == "1" || strings.EqualFold(wb.Pr.Date1904, "true")
	var rels struct {
		Rel []struct {
			ID     string `xml:"Id,attr"`
			Type   string `xml:"Type,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if err := b.decode("xl/_rels/workbook.xml.rels", &rels); err != nil {
		return nil, fmt.Errorf("workbook: %w", err)
	}
	target := map[string]string{}
	styles := "xl/styles.xml"
	for _, r := range rels.Rel {
		p := r.Target
		if strings.HasPrefix(p, "/") {
			p = p[1:]
		} else {
			p = path.Join("xl", p)
		}
		target[r.ID] = p
		switch {
		case strings.HasSuffix(r.Type, "/sharedStrings"):
			b.strings = p
		case strings.HasSuffix(r.Type, "/styles"):
			styles = p
		}
	}
	own := false
	last := map[int]int{}
	for _, s := range wb.Sheets {
		own = own || s.Name == ownSheet
	}
	for _, n := range wb.Names {
		if own && n.Name == "_xlnm._FilterDatabase" {
			last[n.Sheet], _ = strconv.Atoi(n.Ref[strings.LastIndexByte(n.Ref, '$')+1:])
		}
	}
	for i, s := range wb.Sheets {
		p := ""
		for _, a := range s.Attrs {
			if a.Name.Local == "id" {
				p = target[a.Value]
			}
		}
		if p == "" {
			p = fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1)
		}
		if strings.Contains(p, "chartsheet") {
			continue
		}
		b.sheets = append(b.sheets, sheetInfo{s.Name, p, s.State == "hidden" || s.State == "veryHidden", last[i]})
	}
	b.readFormats(styles)
	return b, nil
}

// Sheets returns the names of the sheets that are not hidden.
func (b *Book) Sheets() []string {
	var out []string
	for _, s := range b.sheets {
		if !s.hidden {
			out = append(out, s.name)
		}
	}
	return out
}

// Open reads one sheet; opt.Sheet names it, "" is the first with two rows.
func (b *Book) Open(name string, opt Options) (*Reader, error) {
	t, err := b.reader(name, opt)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return t, nil
}

func (b *Book) reader(name string, opt Options) (*Reader, error) {
	if err := b.loadShared(); err != nil {
		return nil, fmt.Errorf("workbook: %w", err)
	}
	if opt.Sheet != "" {
		for _, s := range b.sheets {
			if strings.EqualFold(s.name, opt.Sheet) {
				rows, err := b.rows(s)
				if err != nil {
					return nil, err
				}
				return &Reader{name: name, rows: rows, sheet: rows, book: b}, nil
			}
		}
		return nil, fmt.Errorf("there is no sheet %q; there are %s", opt.Sheet, strings.Join(b.Sheets(), ", "))
	}
	for _, atLeast := range []int{2, 1} {
		for _, s := range b.sheets {
			if s.hidden || !b.hasRows(s, atLeast) {
				continue
			}
			rows, err := b.rows(s)
			if err != nil {
				return nil, err
			}
			return &Reader{name: name, rows: rows, sheet: rows, book: b}, nil
		}
	}
	return nil, errNoSheet
}

func (b *Book) hasRows(s sheetInfo, n int) bool {
	rows, err := b.rows(s)
	if err != nil {
		return false
	}
	defer rows.close()
	for n > 0 {
		r, err := rows.next()
		if err != nil {
			return false
		}
		if !blank(r) {
			n--
		}
	}
	return true
}

func (b *Book) rows(s sheetInfo) (*sheetRows, error) {
	rc, err := b.open(s.path)
	if err != nil {
		return nil, fmt.Errorf("sheet %q: %w", s.name, err)
	}
	return &sheetRows{book: b, name: s.name, rc: rc, tok: newTokens(rc), last: s.last}, nil
}

func (b *Book) open(p string) (io.ReadCloser, error) {
	for _, f := range b.zip.File {
		if strings.EqualFold(strings.TrimPrefix(strings.ReplaceAll(f.Name, "\\", "/"), "/"), p) {
			return f.Open()
		}
	}
	return nil, fmt.Errorf("part %s is missing", p)
}

func (b *Book) decode(p string, v any) error {
	rc, err := b.open(p)
	if err != nil {
		return err
	}
	defer rc.Close()
	if err := xml.NewDecoder(io.LimitReader(rc, 64<<20)).Decode(v); err != nil {
		return fmt.Errorf("part %s: %w", p, err)
	}
	return nil
}

// loadShared reads the shared strings; the runs of rich text are joined and
// phonetic hints left out.
func (b *Book) loadShared() error {
	if b.loaded || b.strings == "" {
		b.loaded = true
		return nil
	}
	rc, err := b.open(b.strings)
	if err != nil {
		return err
	}
	defer rc.Close()
	tok := newTokens(rc)
	var sb strings.Builder
	phonetic, size := false, 0
	for {
		tag, err := tok.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("part %s: %w", b.strings, err)
		}
		switch tag {
		case "si":
			sb.Reset()
			if tok.selfClosed {
				b.shared = append(b.shared, "")
			}
		case "rPh":
			phonetic = !tok.selfClosed
		case "/rPh":
			phonetic = false
		case "t":
			if !tok.selfClosed && !phonetic {
				s, err := tok.text()
				if err != nil {
					return fmt.Errorf("part %s: %w", b.strings, err)
				}
				sb.WriteString(s)
			}
		case "/si":
			if size += sb.Len(); size > maxSharedStrings {
				return fmt.Errorf("part %s is larger than %d bytes", b.strings, maxSharedStrings)
			}
			b.shared = append(b.shared, sb.String())
		}
	}
	b.loaded = true
	return nil
}

// readFormats reads which cell styles show dates or times; without styles
// everything is a number.
func (b *Book) readFormats(p string) {
	var st struct {
		NumFmts []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Xfs []struct {
			ID int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := b.decode(p, &st); err != nil {
		return
	}
	custom := map[int]string{}
	for _, f := range st.NumFmts {
		custom[f.ID] = f.Code
	}
	for _, x := range st.Xfs {
		if code, ok := custom[x.ID]; ok {
			b.formats = append(b.formats, formatOf(code))
		} else {
			b.formats = append(b.formats, builtinFormat(x.ID))
		}
	}
}

// sheetRows yields the rows of one sheet.
type sheetRows struct {
	book  *Book
	name  string
	rc    io.ReadCloser
	tok   tokens
	row   int
	last  int // last row of the table, see sheetInfo
	seen  int // last row that was not empty
	cells []string
	done  bool
}

func (s *sheetRows) close() error {
	s.done = true
	return s.rc.Close()
}

// maxColumns is Excel's own limit.
const maxColumns = 16384

func (s *sheetRows) next() ([]string, error) {
	if s.done {
		return nil, io.EOF
	}
	in := false
	for {
		tag, err := s.tok.next()
		if err != nil {
			s.done = true
			if errors.Is(err, io.EOF) && in {
				return nil, io.ErrUnexpectedEOF
			}
			return nil, err
		}
		switch tag {
		case "row":
			if n, err := strconv.Atoi(s.tok.attr("r")); err == nil && n > s.row {
				s.row = n
			} else {
				s.row++
			}
			if s.last > 0 && s.row > s.last && s.seen < s.row-1 { // an empty row below the table: what follows are its notes
				s.done = true
				return nil, io.EOF
			}
			s.cells = s.cells[:0]
			if s.tok.selfClosed {
				return s.cells, nil
			}
			in = true
		case "/row":
			if in {
				if !blank(s.cells) {
					s.seen = s.row
				}
				return s.cells, nil
			}
		case "c":
			if in {
				if err := s.cell(); err != nil {
					s.done = true
					return nil, err
				}
			}
		case "/sheetData":
			s.done = true
			return nil, io.EOF
		}
	}
}

// cell reads one cell and puts it in its column.
func (s *sheetRows) cell() error {
	col := len(s.cells)
	if ref := s.tok.attr("r"); ref != "" {
		if c := columnOf(ref); c >= 0 {
			col = c
		}
	}
	if col >= maxColumns {
		return fmt.Errorf("row %d: more than %d columns", s.row, maxColumns)
	}
	typ := s.tok.attr("t")
	style, _ := strconv.Atoi(s.tok.attr("s"))
	for len(s.cells) <= col {
		s.cells = append(s.cells, "")
	}
	if s.tok.selfClosed {
		return nil
	}
	value := ""
	phonetic := false
	for {
		tag, err := s.tok.next()
		if err != nil {
			if errors.Is(err, io.EOF) {
				return io.ErrUnexpectedEOF
			}
			return err
		}
		switch tag {
		case "v", "t":
			if s.tok.selfClosed || phonetic {
				continue
			}
			text, err := s.tok.text()
			if err != nil {
				return err
			}
			value += text
		case "rPh":
			phonetic = !s.tok.selfClosed
		case "/rPh":
			phonetic = false
		case "/c":
			s.cells[col] = s.book.show(value, typ, style)
			return nil
		case "/row", "/sheetData":
			return fmt.Errorf("row %d: a cell is not closed", s.row)
		}
	}
}

// show writes a stored cell value as text.
func (b *Book) show(v, typ string, style int) string {
	switch typ {
	case "s":
		if i, err := strconv.Atoi(v); err == nil && i >= 0 && i < len(b.shared) {
			return b.shared[i]
		}
		return ""
	case "b":
		if v == "1" {
			return "TRUE"
		}
		return "FALSE"
	case "str", "inlineStr", "e", "d":
		return v
	}
	var f cellFormat
	if style >= 0 && style < len(b.formats) {
		f = b.formats[style]
	}
	return formatNumber(v, f, b.date1904)
}

// columnOf returns the column index of a reference such as AB12, or -1.
func columnOf(ref string) int {
	n := 0
	for i := 0; i < len(ref); i++ {
		c := ref[i] | 0x20
		if c < 'a' || c > 'z' {
			break
		}
		if n = n*26 + int(c-'a') + 1; n > maxColumns {
			return maxColumns
		}
	}
	return n - 1
}
