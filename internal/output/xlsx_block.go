package output

import (
	"fmt"

	"github.com/xuri/excelize/v2"
)

// set writes a value with a look into a cell; nil writes the look alone.
func (b *workbook) set(sheet string, col, row int, v any, s cellStyle) error {
	cell, err := excelize.CoordinatesToCellName(col, row)
	if err != nil {
		return err
	}
	id, err := b.style(s)
	if err != nil {
		return err
	}
	if v != nil {
		if text, ok := v.(string); ok {
			err = b.SetCellStr(sheet, cell, xmlText(text))
		} else {
			err = b.SetCellValue(sheet, cell, v)
		}
		if err != nil {
			return err
		}
	}
	return b.SetCellStyle(sheet, cell, cell, id)
}

// note writes one line of remark.
func (b *workbook) note(sheet string, col, row int, text string) error {
	return b.set(sheet, col, row, text, cellStyle{ink: inkSoft, italic: true})
}

// width sets the width of columns from to to, in characters.
func (b *workbook) width(sheet string, from, to int, w float64) error {
	a, err1 := excelize.ColumnNumberToName(from)
	z, err2 := excelize.ColumnNumberToName(to)
	if err := firstError(err1, err2); err != nil {
		return err
	}
	return b.SetColWidth(sheet, a, z, w)
}

// span returns the reference of a block of cells.
func span(col1, row1, col2, row2 int) (string, error) {
	a, err1 := excelize.CoordinatesToCellName(col1, row1)
	z, err2 := excelize.CoordinatesToCellName(col2, row2)
	return a + ":" + z, firstError(err1, err2)
}

// block writes a table with its top left cell at col, row of a sheet that holds
// other things too, and returns the first row below it. Columns grow to fit.
func (b *workbook) block(sheet string, col, row int, t *Table) (int, error) {
	if err := t.check(); err != nil {
		return row, err
	}
	if t.Title != "" {
		if err := b.set(sheet, col, row, t.Title, cellStyle{bold: true, size: 13, ink: headFill}); err != nil {
			return row, err
		}
		row++
	}
	widths, err := b.tableWidths(t)
	if err != nil {
		return row, err
	}
	body, bold := make([]cellStyle, len(t.Columns)), make([]cellStyle, len(t.Columns))
	for j := range t.Columns {
		c := &t.Columns[j]
		if err := b.widenTo(sheet, col+j, float64(widths[j])); err != nil {
			return row, err
		}
		align, indent := "left", 0
		if c.Kind.numeric() {
			align = "right"
		} else if j > 0 && t.Columns[j-1].Kind.numeric() {
			indent = 1
		}
		if err := b.set(sheet, col+j, row, excelLabel(c), cellStyle{fill: headFill, ink: headInk, bold: true, wrap: true, valign: "center", align: align, indent: indent}); err != nil {
			return row, err
		}
		body[j] = cellStyle{format: excelFormat(c, b.opt.Lang), align: align, indent: indent, valign: "top", wrap: c.Kind == Text}
		bold[j] = body[j]
		bold[j].bold, bold[j].fill, bold[j].border = true, totalFill, "t"
	}
	for _, c := range t.Columns {
		if textWidth(excelLabel(&c)) > minColWidth {
			if err := b.SetRowHeight(sheet, row, headHeight); err != nil {
				return row, err
			}
			break
		}
	}
	first := row + 1
	put := func(cells []cell, styles []cellStyle) error {
		row++
		if h := rowHeight(t, cells, widths); h > 0 {
			if err := b.SetRowHeight(sheet, row, h); err != nil {
				return err
			}
		}
		for j, c := range cells {
			v := c.excelValue(&b.opt)
			if v == nil && styles[j].fill == "" {
				continue
			}
			if err := b.set(sheet, col+j, row, v, styles[j]); err != nil {
				return err
			}
		}
		return nil
	}
	if err := t.cells(func(_ int, cells []cell) error { return put(cells, body) }); err != nil {
		return row, err
	}
	for j := range t.Columns {
		if len(t.Rows) > 0 {
			if err := b.columnRules(sheet, &t.Columns[j], col+j, first, row); err != nil {
				return row, err
			}
		}
	}
	total, err := t.total()
	if err != nil {
		return row, err
	}
	if total != nil {
		if err := put(total, bold); err != nil {
			return row, err
		}
	}
	for _, n := range t.Notes {
		row++
		if err := b.note(sheet, col, row, n); err != nil {
			return row, err
		}
	}
	return row + 1, nil
}

// widenTo makes a column at least w characters wide.
func (b *workbook) widenTo(sheet string, col int, w float64) error {
	name, err := excelize.ColumnNumberToName(col)
	if err != nil {
		return err
	}
	const untouched = 9.140625 // what excelize answers for a column without a width
	now, err := b.GetColWidth(sheet, name)
	if err != nil || now != untouched && now >= w {
		return err
	}
	return b.SetColWidth(sheet, name, name, w)
}

// facts writes label and value pairs in two columns and returns the first row below.
func (b *workbook) facts(sheet string, col, row int, facts []Fact) (int, error) {
	for _, f := range facts {
		if err := b.set(sheet, col, row, f.Label, cellStyle{ink: inkSoft, valign: "top"}); err != nil {
			return row, err
		}
		if err := b.set(sheet, col+1, row, f.Value, cellStyle{valign: "top", align: "left"}); err != nil {
			return row, err
		}
		row++
	}
	return row, nil
}

// link makes a cell jump to another sheet of the workbook.
func (b *workbook) link(sheet string, col, row int, target string) error {
	cell, err := excelize.CoordinatesToCellName(col, row)
	if err != nil {
		return err
	}
	return b.SetCellHyperLink(sheet, cell, fmt.Sprintf("'%s'!A1", target), "Location")
}
