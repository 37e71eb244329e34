package output

import (
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"
)

// Fact is one line of what was asked or found: a label and a value.
type Fact struct{ Label, Value string }

// Book is a set of tables and charts that belong together, such as a forecast
// with its chart: a workbook with a sheet per table, or one HTML page.
type Book struct {
	Title  string
	Lead   string // one or two sentences under the title
	Facts  []Fact // what was asked, with the data window; makes a first sheet
	Charts []Chart
	Tables []Table

	// Chapters follow, each under its own title on a page; in a workbook their
	// tables and charts are sheets like the others.
	Chapters []Book
	// TablesFirst puts the tables of a page above its charts.
	TablesFirst bool
}

// flat returns b with what its chapters hold.
func (b Book) flat() Book {
	out := b
	out.Chapters = nil
	for _, c := range b.Chapters {
		c = c.flat()
		out.Charts = append(out.Charts[:len(out.Charts):len(out.Charts)], c.Charts...)
		out.Tables = append(out.Tables[:len(out.Tables):len(out.Tables)], c.Tables...)
	}
	return out
}

// WriteBook writes b as XLSX or HTML.
func WriteBook(w io.Writer, f Format, opt Options, b Book) error {
	switch f {
	case XLSX:
		return writeBookXLSX(w, opt, b)
	case HTML:
		return writeBookHTML(w, opt, b)
	}
	return fmt.Errorf("a book is written as xlsx or html, not as format %d", f)
}

func writeBookXLSX(w io.Writer, opt Options, book Book) error {
	book = book.flat()
	b := newWorkbook(opt)
	defer b.Close()
	if book.Lead != "" || len(book.Facts) > 0 {
		if err := b.factSheet(&book); err != nil {
			return err
		}
	}
	for i := range book.Charts {
		if err := b.chartSheet(&book.Charts[i]); err != nil {
			return err
		}
	}
	for i := range book.Tables {
		if err := b.tableSheet(&book.Tables[i]); err != nil {
			return err
		}
	}
	for i := range book.Tables {
		charts, err := book.Tables[i].charts(&opt)
		if err != nil {
			return err
		}
		for k := range charts {
			if err := b.chartSheet(&charts[k]); err != nil {
				return err
			}
		}
	}
	title := book.Title
	if title == "" && len(book.Tables) > 0 {
		title = book.Tables[0].Title
	}
	return b.finish(w, title)
}

// factSheet writes the first sheet: title, what it is about, what was asked.
func (b *workbook) factSheet(book *Book) error {
	sheet, err := b.addSheet(b.opt.Lang.label(lblSummary))
	if err != nil {
		return err
	}
	if err := b.set(sheet, 1, 1, book.Title, cellStyle{bold: true, size: 16, ink: headFill}); err != nil {
		return err
	}
	row := 3
	if book.Lead != "" {
		if err := b.set(sheet, 1, 2, book.Lead, cellStyle{ink: inkSoft}); err != nil {
			return err
		}
		row = 4
	}
	if _, err := b.facts(sheet, 1, row, book.Facts); err != nil {
		return err
	}
	wide := 12
	for _, f := range book.Facts {
		wide = max(wide, textWidth(f.Label)+2)
	}
	if err := b.width(sheet, 1, 1, float64(min(wide, maxColWidth))); err != nil {
		return err
	}
	if err := b.width(sheet, 2, 2, maxColWidth); err != nil {
		return err
	}
	if err := b.hideGrid(sheet); err != nil {
		return err
	}
	return b.page(sheet, pageSetup{portrait: true})
}

// hideGrid takes the grid lines off a sheet that is read rather than filled.
func (b *workbook) hideGrid(sheet string) error {
	off := false
	return b.SetSheetView(sheet, 0, &excelize.ViewOptions{ShowGridLines: &off})
}
