package output

import (
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Form is a workbook that somebody fills in: sheets with headings, examples and
// lists to choose from, after a first sheet that explains them.
type Form struct {
	Title  string
	Lead   []string // sentences above the list of sheets
	Sheet  string   // name of the first sheet
	Sheets []FormSheet
}

// FormSheet is one sheet of a Form.
type FormSheet struct {
	Name    string
	What    string // one sentence on what the sheet holds
	Columns []FormColumn
	Rows    [][]any // examples, a value per column
}

// FormColumn is one column to fill in. Its cells allow what Kind or Choices say;
// Loose only warns about other values.
type FormColumn struct {
	Heading  string
	Note     string // shown when the cell is chosen, and on the first sheet
	Kind     Kind   // Text, Number, Integer, Date, Clock
	Required bool
	Width    float64
	Choices  []string
	From     string // choose from the first column of that sheet
	Loose    bool
	Low      float64 // of Number and Integer
	High     float64
}

// formRows is how many rows of a sheet are made ready for input.
const formRows = 2000

// WriteForm writes the form as XLSX.
func WriteForm(w io.Writer, form Form, opt Options) error {
	b := newWorkbook(opt)
	defer b.Close()
	if err := b.formGuide(&form); err != nil {
		return err
	}
	for i := range form.Sheets {
		if err := b.formSheet(&form.Sheets[i]); err != nil {
			return fmt.Errorf("sheet %q: %w", form.Sheets[i].Name, err)
		}
	}
	return b.finish(w, form.Title)
}

// guideWidth is the width of the explanations, in characters.
const guideWidth = 96

// formGuide writes the sheet that explains the others.
func (b *workbook) formGuide(form *Form) error {
	sheet, err := b.addSheet(form.Sheet)
	if err != nil {
		return err
	}
	errs := []error{
		b.set(sheet, 1, 1, form.Title, cellStyle{bold: true, size: 16, ink: headFill}),
		b.width(sheet, 1, 1, 16), b.width(sheet, 2, 2, 24), b.width(sheet, 3, 3, guideWidth), b.hideGrid(sheet),
	}
	row := 2
	for _, text := range form.Lead {
		errs = append(errs, b.set(sheet, 1, row, text, cellStyle{ink: inkSoft}))
		row++
	}
	for _, s := range form.Sheets {
		row++
		errs = append(errs, b.set(sheet, 1, row, s.Name, cellStyle{bold: true, ink: headFill}), b.set(sheet, 2, row, s.What, cellStyle{bold: true}))
		row++
		for _, c := range s.Columns {
			name := c.Heading
			if c.Required {
				name += " *"
			}
			text := c.Note
			if len(c.Choices) > 0 {
				text = strings.TrimSpace(text + " (" + strings.Join(c.Choices, ", ") + ")")
			}
			errs = append(errs, b.set(sheet, 2, row, name, cellStyle{valign: "top"}), b.set(sheet, 3, row, text, cellStyle{ink: inkSoft, wrap: true, valign: "top"}))
			if lines := 1 + textWidth(text)/guideWidth; lines > 1 {
				errs = append(errs, b.SetRowHeight(sheet, row, float64(lines*lineHeight)))
			}
			row++
		}
	}
	errs = append(errs, b.page(sheet, pageSetup{}))
	return firstError(errs...)
}

// formSheet writes one sheet to be filled in.
func (b *workbook) formSheet(s *FormSheet) error {
	sheet, err := b.addSheet(s.Name)
	if err != nil {
		return err
	}
	if sheet != s.Name {
		return fmt.Errorf("the name does not fit: it became %q", sheet)
	}
	for j := range s.Columns {
		c := &s.Columns[j]
		width := c.Width
		if width == 0 {
			width = max(minColWidth, float64(len(c.Heading)+3))
		}
		if err := b.formColumn(sheet, j+1, c, width); err != nil {
			return err
		}
		look := cellStyle{bold: true, fill: headFill, ink: headInk, wrap: true, valign: "center", border: "b"}
		if err := b.set(sheet, j+1, 1, c.Heading, look); err != nil {
			return err
		}
	}
	for i, row := range s.Rows {
		if len(row) != len(s.Columns) {
			return fmt.Errorf("example %d has %d values, want %d", i+1, len(row), len(s.Columns))
		}
		for j, v := range row {
			if v == nil {
				continue
			}
			col := Column{Kind: s.Columns[j].Kind}
			if c, err := newCell(col.Kind, v); err == nil {
				v = c.excelValue(&b.opt)
			} else {
				return fmt.Errorf("example %d, %s: %w", i+1, s.Columns[j].Heading, err)
			}
			if err := b.set(sheet, j+1, i+2, v, cellStyle{format: formFormat(&s.Columns[j], b.opt.Lang), italic: true, ink: inkSoft}); err != nil {
				return err
			}
		}
	}
	height := float64(headHeight)
	if err := b.SetRowHeight(sheet, 1, height); err != nil {
		return err
	}
	if err := b.SetPanes(sheet, freeze(1, 1)); err != nil {
		return err
	}
	return b.page(sheet, pageSetup{titleRows: 1, header: s.What})
}

// formFormat is the number format of the cells of a column; empty is General.
func formFormat(c *FormColumn, lang Lang) string {
	switch c.Kind {
	case Date, Clock:
		return excelFormat(&Column{Kind: c.Kind}, lang)
	}
	return ""
}

// formColumn sets the width, the format and the check of a column.
func (b *workbook) formColumn(sheet string, col int, c *FormColumn, width float64) error {
	if err := b.width(sheet, col, col, width); err != nil {
		return err
	}
	if f := formFormat(c, b.opt.Lang); f != "" {
		id, err := b.style(cellStyle{format: f})
		if err != nil {
			return err
		}
		name, err := excelize.ColumnNumberToName(col)
		if err != nil {
			return err
		}
		if err := b.SetColStyle(sheet, name, id); err != nil {
			return err
		}
	}
	ref, err := span(col, 2, col, formRows)
	if err != nil {
		return err
	}
	v := excelize.NewDataValidation(!c.Required)
	v.SetSqref(ref)
	wrong := c.Note
	switch {
	case c.From != "":
		v.SetSqrefDropList(fmt.Sprintf("'%s'!$A$2:$A$%d", strings.ReplaceAll(c.From, "'", "''"), formRows))
	case len(c.Choices) > 0:
		if err := v.SetDropList(c.Choices); err != nil {
			return err
		}
		wrong = strings.Join(c.Choices, ", ")
	case c.Kind == Number && c.High > 0:
		err = v.SetRange(c.Low, c.High, excelize.DataValidationTypeDecimal, excelize.DataValidationOperatorBetween)
	case c.Kind == Integer && c.High > 0:
		err = v.SetRange(c.Low, c.High, excelize.DataValidationTypeWhole, excelize.DataValidationOperatorBetween)
	case c.Kind == Date:
		const first, last = 36526, 73050 // 2000-01-01 and 2099-12-31
		err = v.SetRange(first, last, excelize.DataValidationTypeDate, excelize.DataValidationOperatorBetween)
	case c.Kind == Clock:
		err = v.SetRange(0, 1, excelize.DataValidationTypeTime, excelize.DataValidationOperatorBetween)
	case c.Note == "":
		return nil
	}
	if err != nil {
		return err
	}
	style := excelize.DataValidationErrorStyleStop
	if c.Loose || c.From != "" {
		style = excelize.DataValidationErrorStyleWarning
	}
	const most = 255 // characters that the file format allows in a message
	v.SetError(style, cutUTF16(c.Heading, 32), cutUTF16(wrong, most))
	if c.Note != "" {
		v.SetInput(cutUTF16(c.Heading, 32), cutUTF16(c.Note, most))
	}
	return b.AddDataValidation(sheet, v)
}
