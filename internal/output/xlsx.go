package output

import (
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"
)

// The palette of workbooks and pages, as RRGGBB.
const (
	inkDark    = "1F2937"
	inkSoft    = "6B7280"
	headFill   = "1F4E79"
	headInk    = "FFFFFF"
	totalFill  = "E5E7EB"
	stripeFill = "F3F4F6"
	lineInk    = "D1D5DB"
)

// toneColors are fill and ink of a tone, after the colours that Excel itself
// proposes for good, neutral and bad.
var toneColors = map[Tone][2]string{
	Good: {"C6EFCE", "006100"},
	Warn: {"FFEB9C", "7F6000"},
	Bad:  {"FFC7CE", "9C0006"},
	Dim:  {"", inkSoft},
}

// cellStyle is the look of a cell. Equal looks share one style in the file.
type cellStyle struct {
	format       string // number format code; empty is General
	fill, ink    string
	bold, italic bool
	size         float64
	align        string // left, center, right; empty is by type
	valign       string
	wrap         bool
	border       string // which sides have a thin line: any of l r t b
	rotate       int
	indent       int
}

// workbook is an Excel file in the making.
type workbook struct {
	*excelize.File
	opt     Options
	styles  map[cellStyle]int
	tones   map[Tone]int
	names   map[string]bool // sheet names in use, lower case
	first   bool            // the sheet that a new file has is still unused
	columns [][]string      // for the hidden sheet: sheet name and column names
}

func newWorkbook(opt Options) *workbook {
	return &workbook{File: excelize.NewFile(), opt: opt, styles: map[cellStyle]int{}, tones: map[Tone]int{}, names: map[string]bool{}, first: true}
}

// style returns the number of a look, made on first use.
func (b *workbook) style(s cellStyle) (int, error) {
	if id, ok := b.styles[s]; ok {
		return id, nil
	}
	x := &excelize.Style{
		Font:      &excelize.Font{Bold: s.bold, Italic: s.italic, Size: s.size, Color: s.ink, Family: "Calibri"},
		Alignment: &excelize.Alignment{Horizontal: s.align, Vertical: s.valign, WrapText: s.wrap, TextRotation: s.rotate, Indent: s.indent},
	}
	if s.size == 0 {
		x.Font.Size = 11
	}
	if s.format != "" {
		x.CustomNumFmt = &s.format
	}
	if s.fill != "" {
		x.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{s.fill}}
	}
	for _, side := range s.border {
		name := map[rune]string{'l': "left", 'r': "right", 't': "top", 'b': "bottom"}[side]
		x.Border = append(x.Border, excelize.Border{Type: name, Color: lineInk, Style: 1})
	}
	id, err := b.NewStyle(x)
	if err == nil {
		b.styles[s] = id
	}
	return id, err
}

// toneStyle returns the differential style of a conditional format.
func (b *workbook) toneStyle(t Tone) (*int, error) {
	id, ok := b.tones[t]
	if !ok {
		c := toneColors[t]
		s := &excelize.Style{Font: &excelize.Font{Color: c[1]}}
		if c[0] != "" {
			s.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{c[0]}}
		}
		var err error
		if id, err = b.NewConditionalStyle(s); err != nil {
			return nil, err
		}
		b.tones[t] = id
	}
	return &id, nil
}

// maxSheetName is the limit of Excel, in UTF-16 units.
const maxSheetName = 31

// sheetName makes a valid name that is not in use from want.
func (b *workbook) sheetName(want string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`:\/?*[]`, r):
			return '-'
		case r < 0x20 || r == 0xFFFD:
			return -1
		}
		return r
	}, want)
	clean = strings.TrimSpace(strings.Trim(strings.TrimSpace(clean), "'"))
	if clean == "" {
		clean = "Sheet"
	}
	if strings.EqualFold(clean, "history") { // reserved by Excel
		clean += " 1"
	}
	name := cutUTF16(clean, maxSheetName)
	for n := 2; b.names[strings.ToLower(name)]; n++ {
		tail := " " + strconv.Itoa(n)
		name = cutUTF16(clean, maxSheetName-len(tail)) + tail
	}
	b.names[strings.ToLower(name)] = true
	return name
}

// cutUTF16 cuts s to at most n UTF-16 units without splitting a rune.
func cutUTF16(s string, n int) string {
	used := 0
	for i, r := range s {
		w := utf16.RuneLen(r)
		if used+w > n {
			return strings.TrimRight(s[:i], " '")
		}
		used += w
	}
	return s
}

// addSheet adds a sheet and returns its final name.
func (b *workbook) addSheet(want string) (string, error) {
	name := b.sheetName(want)
	if b.first {
		b.first = false
		return name, b.SetSheetName(b.GetSheetName(0), name)
	}
	_, err := b.NewSheet(name)
	return name, err
}

// freeze keeps rows above and columns left of the given cell in view.
func freeze(rows, cols int) *excelize.Panes {
	corner, _ := excelize.CoordinatesToCellName(cols+1, rows+1) // small positive numbers always convert
	pane := "bottomRight"
	switch {
	case cols == 0:
		pane = "bottomLeft"
	case rows == 0:
		pane = "topRight"
	}
	return &excelize.Panes{
		Freeze: true, XSplit: cols, YSplit: rows, TopLeftCell: corner, ActivePane: pane,
		Selection: []excelize.Selection{{SQRef: corner, ActiveCell: corner, Pane: pane}},
	}
}

// finish adds the hidden sheet with the column names and writes the file.
func (b *workbook) finish(w io.Writer, title string) error {
	if err := b.SetDocProps(&excelize.DocProperties{Title: title, Creator: "kcc", Created: epochStamp, Modified: epochStamp}); err != nil {
		return err
	}
	if len(b.columns) > 0 {
		if err := b.hiddenNames(); err != nil {
			return err
		}
	}
	buf, err := b.WriteToBuffer()
	if err != nil {
		return err
	}
	return writeStable(w, buf.Bytes())
}

// epochStamp stands for the time of writing, which would make equal workbooks differ.
const epochStamp = "2000-01-01T00:00:00Z"

// hiddenSheet is where a workbook keeps what kcc needs to read it back.
const hiddenSheet = "_kcc"

// hiddenNames writes, per sheet, the names of the columns as CSV has them.
func (b *workbook) hiddenNames() error {
	if _, err := b.NewSheet(hiddenSheet); err != nil {
		return err
	}
	for i, row := range b.columns {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if err := b.SetSheetRow(hiddenSheet, cell, &row); err != nil {
			return err
		}
	}
	return b.SetSheetVisible(hiddenSheet, false)
}

// serial returns the Excel serial number of the wall clock of t.
func serial(t time.Time) float64 {
	y, m, d := t.Date()
	days := time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400
	const unixEpoch = 25569 // 1970-01-01 counted from 1899-12-30
	sec := float64(t.Hour()*3600+t.Minute()*60+t.Second()) + float64(t.Nanosecond())/1e9
	return float64(days+unixEpoch) + sec/86400
}

// firstSerial is the first day that Excel and other programs agree on: 1 March
// 1900. Earlier days are written as text.
const firstSerial = 61

// excelValue returns what goes into a cell: a number, text, a bool or nil.
func (c cell) excelValue(opt *Options) any {
	switch c.kind {
	case textCell:
		return xmlText(c.s)
	case intCell:
		if c.i > maxWhole || c.i < -maxWhole {
			return strconv.FormatInt(c.i, 10) // a cell keeps 15 digits: rather text than a wrong number
		}
		return c.i
	case floatCell:
		if math.IsInf(c.f, 0) {
			return string(appendFloat(nil, c.f))
		}
		return c.f
	case timeCell:
		if x := serial(c.t.In(opt.zone())); x >= firstSerial {
			return x
		}
		return c.t.In(opt.zone()).Format("2006-01-02 15:04:05")
	case dateCell:
		if x := serial(c.t); x >= firstSerial {
			return x
		}
		return c.t.Format(time.DateOnly)
	case clockCell:
		return float64(c.i) / (24 * 60)
	case boolCell:
		return opt.Lang.Bool(c.i != 0)
	}
	return nil
}

// xmlText drops the characters that XML cannot hold.
func xmlText(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n':
			return r
		case r < 0x20, r >= 0xD800 && r <= 0xDFFF, r == 0xFFFE, r == 0xFFFF:
			return -1
		}
		return r
	}, s)
}

// excelFormat returns the number format code of a column.
func excelFormat(c *Column, lang Lang) string {
	decimals := ""
	if c.Digits > 0 {
		decimals = "." + strings.Repeat("0", c.Digits)
	}
	switch c.Kind {
	case Integer:
		return "#,##0"
	case Number:
		return "#,##0" + decimals
	case Percent:
		return "0" + decimals + "%"
	case Seconds:
		return "0" + decimals
	case DateTime:
		return dateCode(lang) + " hh:mm"
	case Date:
		return dateCode(lang)
	case Clock:
		return "[hh]:mm"
	case Text:
		return "@"
	}
	return ""
}

func dateCode(lang Lang) string {
	if lang == Dutch {
		return "dd-mm-yyyy"
	}
	return "yyyy-mm-dd"
}
