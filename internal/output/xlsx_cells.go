package output

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
	"sync/atomic"

	"kcc/internal/xmltag"
)

// cellBook reads the texts of single sheets of a workbook. Opening one unpacks
// nothing but the list of sheets, whatever else the workbook holds.
type cellBook struct {
	parts  map[string]*zip.File
	sheets map[string]string // name in lower case to the part
	texts  []string          // shared strings
	left   atomic.Int64      // bytes that may still be unpacked
}

// cellRow is a row of a sheet with the cells that hold something.
type cellRow struct {
	n     int // from 1
	cells []heldCell
}

type heldCell struct {
	col  int // from 1
	text string
}

// at returns the text in a column from 1, "" when it is empty.
func (r *cellRow) at(col int) string {
	for i := range r.cells {
		if r.cells[i].col == col {
			return r.cells[i].text
		}
		if r.cells[i].col > col {
			break
		}
	}
	return ""
}

func openCells(r io.Reader) (*cellBook, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	in, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, err
	}
	b := &cellBook{parts: map[string]*zip.File{}, sheets: map[string]string{}}
	b.left.Store(maxUnzipped)
	for _, f := range in.File {
		b.parts[partName("", f.Name)] = f
	}
	target, err := b.relations("_rels/.rels", "")
	if err != nil {
		return nil, err
	}
	main := "xl/workbook.xml"
	for _, t := range target {
		if t.kind == "officeDocument" {
			main = t.part
		}
	}
	dir, file := path.Split(main)
	related, err := b.relations(dir+"_rels/"+file+".rels", dir)
	if err != nil {
		return nil, err
	}
	if err := b.each(main, func(x *xmlScan) error {
		if x.is("sheet") && x.open {
			b.sheets[strings.ToLower(x.attr("name"))] = related[x.attr("id")].part
		}
		return nil
	}); err != nil {
		return nil, err
	}
	for _, t := range related {
		if t.kind == "sharedStrings" {
			if err := b.sharedTexts(t.part); err != nil {
				return nil, err
			}
		}
	}
	return b, nil
}

// partName returns the name of a part as the archive has it.
func partName(dir, target string) string {
	target = strings.ReplaceAll(target, `\`, "/")
	if !strings.HasPrefix(target, "/") {
		target = path.Join(dir, target)
	}
	return strings.TrimPrefix(path.Clean(target), "/")
}

type relation struct{ kind, part string }

// relations reads a list of related parts by their id; no list is an empty one.
func (b *cellBook) relations(part, dir string) (map[string]relation, error) {
	out := map[string]relation{}
	if b.parts[part] == nil {
		return out, nil
	}
	err := b.each(part, func(x *xmlScan) error {
		if x.is("Relationship") && x.open {
			out[x.attr("Id")] = relation{path.Base(x.attr("Type")), partName(dir, x.attr("Target"))}
		}
		return nil
	})
	return out, err
}

// unpack returns the text of a part.
func (b *cellBook) unpack(part string) ([]byte, error) {
	f := b.parts[part]
	if f == nil {
		return nil, fmt.Errorf("%s is missing", part)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", part, err)
	}
	defer r.Close()
	var buf bytes.Buffer
	left := b.left.Load()
	if f.UncompressedSize64 < uint64(max(0, left)) {
		buf.Grow(int(f.UncompressedSize64) + bytes.MinRead)
	}
	n, err := io.Copy(&buf, io.LimitReader(r, max(0, left)+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", part, err)
	}
	if b.left.Add(-n) < 0 {
		return nil, fmt.Errorf("it unpacks to more than %d MB", maxUnzipped>>20)
	}
	return bytes.TrimPrefix(buf.Bytes(), []byte("\ufeff")), nil
}

// each calls f for every tag and text of a part.
func (b *cellBook) each(part string, f func(*xmlScan) error) error {
	data, err := b.unpack(part)
	if err != nil {
		return err
	}
	x := xmlScan{s: data}
	for {
		more, err := x.next()
		if err != nil {
			return fmt.Errorf("%s: %w", part, err)
		}
		if !more {
			return nil
		}
		if err := f(&x); err != nil {
			return fmt.Errorf("%s: %w", part, err)
		}
	}
}

// textOf gathers the text of an <si> or <is>, without phonetic guides.
type textOf struct {
	parts    []string
	in, skip bool // in <t>; in <rPh>
}

func (t *textOf) take(x *xmlScan) {
	switch {
	case x.is("rPh"):
		t.skip = x.open && !x.close
	case x.is("t"):
		t.in = x.open && !x.close
	case len(x.name) == 0 && t.in && !t.skip:
		t.parts = append(t.parts, x.string())
	}
}

func (t *textOf) end() string {
	s := strings.Join(t.parts, "")
	*t = textOf{}
	return xmltag.Chars(s)
}

func (b *cellBook) sharedTexts(part string) error {
	var t textOf
	return b.each(part, func(x *xmlScan) error {
		if t.take(x); x.is("si") && x.close {
			b.texts = append(b.texts, t.end())
		}
		return nil
	})
}

// has reports whether there is a sheet of this name.
func (b *cellBook) has(sheet string) bool { return b.sheets[strings.ToLower(sheet)] != "" }

// rows reads the rows of a sheet that hold something: numbers and dates as they
// are stored, without their format.
func (b *cellBook) rows(sheet string) ([]cellRow, error) {
	s := sheetScan{texts: b.texts}
	err := b.each(b.sheets[strings.ToLower(sheet)], s.take)
	return s.out, err
}

// sheetScan turns the tags of a sheet into rows.
type sheetScan struct {
	texts    []string
	out      []cellRow
	row, col int
	kind     string // attribute t of the cell
	value    string
	in       bool // in <v>
	inline   textOf
}

func (s *sheetScan) take(x *xmlScan) error {
	switch {
	case len(x.name) == 0:
		if s.in {
			s.value += x.string()
		}
		s.inline.take(x)
	case x.is("v"):
		s.in = x.open && !x.close
	case x.is("c"):
		if x.open {
			if err := s.startCell(x.attr("r")); err != nil {
				return err
			}
			s.kind, s.value, s.inline = x.attr("t"), "", textOf{}
		}
		if x.close {
			return s.endCell()
		}
	case x.is("row") && x.open:
		return s.startRow(x.attr("r"))
	case s.kind == "inlineStr":
		s.inline.take(x)
	}
	return nil
}

func (s *sheetScan) startRow(r string) error {
	n := s.row + 1
	if r != "" {
		var err error
		if n, err = strconv.Atoi(r); err != nil || n <= s.row {
			return fmt.Errorf("row %q after row %d", r, s.row)
		}
	}
	if n > maxSheetRows {
		return fmt.Errorf("row %d", n)
	}
	s.row, s.col = n, 0
	return nil
}

func (s *sheetScan) startCell(r string) error {
	n := s.col + 1
	if r != "" {
		n = 0
		for i := 0; i < len(r) && r[i] >= 'A' && r[i] <= 'Z' && n <= maxSheetCols; i++ {
			n = 26*n + int(r[i]-'A') + 1
		}
		if n <= s.col {
			return fmt.Errorf("cell %q after column %d", r, s.col)
		}
	}
	if n > maxSheetCols {
		return fmt.Errorf("cell %q", r)
	}
	s.col = n
	return nil
}

func (s *sheetScan) endCell() error {
	v := s.value
	switch s.kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(v))
		if err != nil || i < 0 || i >= len(s.texts) {
			return fmt.Errorf("row %d, column %d: no text %q", s.row, s.col, v)
		}
		v = s.texts[i]
	case "inlineStr":
		v = s.inline.end()
	case "str":
		v = xmltag.Chars(v)
	}
	s.kind, s.value = "", ""
	if v == "" {
		return nil
	}
	if k := len(s.out); k == 0 || s.out[k-1].n != s.row {
		s.out = append(s.out, cellRow{n: s.row})
	}
	last := &s.out[len(s.out)-1]
	last.cells = append(last.cells, heldCell{s.col, v})
	return nil
}
