package output

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Widths of columns on a sheet, in characters.
const (
	minColWidth  = 8
	maxColWidth  = 72
	widthSample  = 2000 // rows looked at for the width of a column
	headHeight   = 32   // points: two lines of text
	lineHeight   = 15   // points
	maxRowHeight = 400  // points; a sheet allows 409
	sparkSize    = 7    // points: block characters are wider than others
	noteChars    = 90   // wanted on a line of a note
	maxNoteChars = 130  // fit on a page
	maxSheetRows = 1 << 20
	maxSheetCols = 1 << 14
)

// tableSheet writes t on a sheet of its own: styled frozen header, filter,
// numbers and dates with a format, rules as conditional formats, the total and
// the notes below. Rows are streamed, so that long tables take little memory.
func (b *workbook) tableSheet(t *Table) error {
	want := t.Sheet
	if want == "" {
		want = t.Name
	}
	sheet, err := b.addSheet(want)
	if err != nil {
		return err
	}
	names := []string{sheet}
	for _, c := range t.Columns {
		names = append(names, c.Name)
	}
	b.columns = append(b.columns, names)
	return b.fillTable(sheet, t)
}

// fillTable streams t to an empty sheet.
func (b *workbook) fillTable(sheet string, t *Table) error {
	if err := t.check(); err != nil {
		return err
	}
	extra := len(t.Notes) + 4
	if len(t.Rows)+extra > maxSheetRows || len(t.Columns) > maxSheetCols {
		return fmt.Errorf("table %q has %d rows and %d columns, more than a sheet holds: write it as csv", t.Name, len(t.Rows), len(t.Columns))
	}
	// The stream takes the sheet's properties when it is made and the rest when
	// it is flushed: everything but the rows is set on the sheet in time.
	widths, err := b.tableWidths(t)
	if err != nil {
		return err
	}
	setup := pageSetup{titleRows: 1, header: t.Title}
	setup.scale, setup.titleCols = printWide(widths, t.keyColumns())
	if err := b.page(sheet, setup); err != nil {
		return err
	}
	sw, err := b.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	if err := b.tableColumns(sw, sheet, t, widths); err != nil {
		return err
	}
	if err := b.tableRows(sw, t, widths); err != nil {
		return err
	}
	return sw.Flush()
}

// keyColumns is how many columns at the left say what a row is about.
func (t *Table) keyColumns() int { return min(max(t.Keys, 1), 4) }

// excelLabel is the column's label with the unit that the cells lack.
func excelLabel(c *Column) string {
	label := c.Label()
	if c.Kind == Seconds && c.Title != "" && !strings.Contains(label, "(") {
		label += " (s)"
	}
	return label
}

func (b *workbook) tableColumns(sw *excelize.StreamWriter, sheet string, t *Table, widths []int) error {
	for j, n := range widths {
		if err := sw.SetColWidth(j+1, j+1, float64(n)); err != nil {
			return err
		}
	}
	keys := 0
	if len(t.Columns) > 6 {
		keys = t.keyColumns()
	}
	if err := sw.SetPanes(freeze(1, keys)); err != nil {
		return err
	}
	if len(t.Columns) == 0 {
		return nil
	}
	last, err := excelize.CoordinatesToCellName(len(t.Columns), len(t.Rows)+1)
	if err != nil {
		return err
	}
	if err := b.AutoFilter(sheet, "A1:"+last, nil); err != nil {
		return err
	}
	for j := range t.Columns {
		if len(t.Rows) == 0 {
			break
		}
		if err := b.columnRules(sheet, &t.Columns[j], j+1, 2, len(t.Rows)+1); err != nil {
			return err
		}
	}
	return nil
}

// columnRules writes the rules of a column as conditional formats.
func (b *workbook) columnRules(sheet string, c *Column, col, from, to int) error {
	if len(c.Rules) == 0 {
		return nil
	}
	name, err := excelize.ColumnNumberToName(col)
	if err != nil {
		return err
	}
	var list []excelize.ConditionalFormatOptions
	for _, r := range c.Rules {
		if r.Tone == Plain {
			continue
		}
		style, err := b.toneStyle(r.Tone)
		if err != nil {
			return err
		}
		first := name + strconv.Itoa(from)
		limit := strconv.FormatFloat(r.Limit, 'f', -1, 64)
		// ISNUMBER keeps empty cells, which count as 0, and "inf" out.
		expr := "AND(ISNUMBER(" + first + ")," + first + "<" + limit + ")"
		switch r.Op {
		case Above:
			expr = "AND(ISNUMBER(" + first + ")," + first + ">" + limit + ")"
		case Is:
			expr = "EXACT(" + first + `,"` + strings.ReplaceAll(r.Text, `"`, `""`) + `")`
		}
		list = append(list, excelize.ConditionalFormatOptions{Type: "formula", Criteria: expr, Format: style, StopIfTrue: true})
	}
	if len(list) == 0 {
		return nil
	}
	return b.SetConditionalFormat(sheet, name+strconv.Itoa(from)+":"+name+strconv.Itoa(to), list)
}

// rowHeight returns the height of a row whose text takes several lines, 0 for
// one line. Programs work it out themselves only when a person opens the file.
func rowHeight(t *Table, cells []cell, widths []int) float64 {
	most := 1
	for j, c := range cells {
		if t.Columns[j].Kind != Text || len(c.s) < widths[j] && !strings.Contains(c.s, "\n") {
			continue
		}
		lines := 0
		for _, part := range strings.Split(c.s, "\n") {
			lines += 1 + textWidth(part)/max(widths[j]-1, 1)
		}
		most = max(most, lines)
	}
	if most == 1 {
		return 0
	}
	return float64(min(most*lineHeight, maxRowHeight))
}

func (b *workbook) tableRows(sw *excelize.StreamWriter, t *Table, widths []int) error {
	n := len(t.Columns)
	head, err := b.style(cellStyle{fill: headFill, ink: headInk, bold: true, wrap: true, valign: "center", border: "b"})
	if err != nil {
		return err
	}
	headRight, err := b.style(cellStyle{fill: headFill, ink: headInk, bold: true, wrap: true, valign: "center", align: "right", border: "b"})
	if err != nil {
		return err
	}
	headIndent, err := b.style(cellStyle{fill: headFill, ink: headInk, bold: true, wrap: true, valign: "center", border: "b", align: "left", indent: 1})
	if err != nil {
		return err
	}
	row := make([]any, n)
	body := make([]int, n)
	bold := make([]int, n)
	for j := range t.Columns {
		c := &t.Columns[j]
		id := head
		if c.Kind.numeric() {
			id = headRight
		}
		row[j] = excelize.Cell{StyleID: id, Value: xmlText(excelLabel(c))}
		s := cellStyle{format: excelFormat(c, b.opt.Lang), valign: "top", wrap: c.Kind == Text, align: "left"}
		if c.Kind.numeric() {
			s.align = "right"
		}
		if j > 0 && t.Columns[j-1].Kind.numeric() && !c.Kind.numeric() {
			s.indent = 1 // else the text sticks to the number before it
			row[j] = excelize.Cell{StyleID: headIndent, Value: xmlText(excelLabel(c))}
		}
		if body[j], err = b.style(s); err != nil {
			return err
		}
		s.bold, s.fill, s.border = true, totalFill, "t"
		if bold[j], err = b.style(s); err != nil {
			return err
		}
	}
	if err := sw.SetRow("A1", row, excelize.RowOpts{Height: headHeight}); err != nil {
		return err
	}
	spark, err := b.style(cellStyle{ink: headFill, size: sparkSize, align: "left", indent: 1})
	if err != nil {
		return err
	}
	line := 1
	put := func(cells []cell, styles []int) error {
		line++
		for j, c := range cells {
			row[j] = nil
			if v := c.excelValue(&b.opt); v != nil || styles[j] == bold[j] {
				row[j] = excelize.Cell{StyleID: styles[j], Value: v}
				if isSpark(c) {
					row[j] = excelize.Cell{StyleID: spark, Value: v}
				}
			}
		}
		var opts []excelize.RowOpts
		if h := rowHeight(t, cells, widths); h > 0 {
			opts = append(opts, excelize.RowOpts{Height: h})
		}
		return sw.SetRow("A"+strconv.Itoa(line), row, opts...)
	}
	if err := t.cells(func(_ int, cells []cell) error { return put(cells, body) }); err != nil {
		return err
	}
	total, err := t.total()
	if err != nil {
		return err
	}
	if total != nil {
		if err := put(total, bold); err != nil {
			return err
		}
	}
	return b.tableNotes(sw, line+1, t.Notes, widths)
}

// isSpark reports whether a text is a small chart of block characters.
func isSpark(c cell) bool {
	const lowest, full = '▁', '█'
	return c.kind == textCell && c.s != "" && strings.Trim(c.s, " ") != "" &&
		!strings.ContainsFunc(c.s, func(r rune) bool { return r != ' ' && (r < lowest || r > full) })
}

// tableNotes writes the notes below the row last, each over as many columns as
// print on a page, so that a long one makes the page no wider.
func (b *workbook) tableNotes(sw *excelize.StreamWriter, last int, notes []string, widths []int) error {
	note, err := b.style(cellStyle{ink: inkSoft, italic: true, wrap: true, valign: "top"})
	if err != nil {
		return err
	}
	cols, chars := 0, 0
	for chars < noteChars {
		w := minColWidth
		if cols < len(widths) {
			w = widths[cols]
		}
		if cols > 0 && chars+w > maxNoteChars {
			break
		}
		cols++
		chars += w
	}
	end, err := excelize.ColumnNumberToName(cols)
	if err != nil {
		return err
	}
	for i, s := range notes {
		at := strconv.Itoa(last + 1 + i)
		lines := 0
		for _, part := range strings.Split(s, "\n") {
			lines += 1 + textWidth(part)/chars
		}
		err := sw.SetRow("A"+at, []any{excelize.Cell{StyleID: note, Value: xmlText(s)}}, excelize.RowOpts{Height: float64(min(lines*lineHeight, maxRowHeight))})
		if err == nil && cols > 1 {
			err = sw.MergeCell("A"+at, end+at)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// tableWidths returns the width of each column from its label and first rows.
func (b *workbook) tableWidths(t *Table) ([]int, error) {
	w := make([]int, len(t.Columns))
	for j := range t.Columns {
		for _, word := range strings.Fields(excelLabel(&t.Columns[j])) {
			w[j] = max(w[j], textWidth(word)+3) // the filter's button covers some of the header
		}
		w[j] = max(w[j], min(textWidth(excelLabel(&t.Columns[j]))/2+3, 20), minColWidth)
	}
	sample := Table{Name: t.Name, Columns: t.Columns, Rows: t.Rows[:min(len(t.Rows), widthSample)]}
	if t.Total != nil {
		total, err := t.total()
		if err != nil {
			return nil, err
		}
		b.widen(w, t, total)
	}
	err := sample.cells(func(_ int, row []cell) error {
		b.widen(w, t, row)
		return nil
	})
	for j := range w {
		w[j] = min(w[j], maxColWidth)
	}
	return w, err
}

func (b *workbook) widen(w []int, t *Table, row []cell) {
	for j, c := range row {
		for _, line := range strings.Split(c.display(&t.Columns[j], &b.opt), "\n") {
			w[j] = max(w[j], textWidth(line)+2)
		}
	}
}
