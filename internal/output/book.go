package output

import (
	"fmt"
	"io"
)

// Fact is one line of what was asked or found: a label and a value.
type Fact struct{ Label, Value string }

// Book is a set of tables and charts that belong together, such as a forecast
// with its chart: a workbook with a sheet per table, or one HTML page.
type Book struct {
	Title  string
	Lead   string // one or two sentences under the title
	Facts  []Fact // what was asked, with the data window; makes a first sheet
	Tables []Table
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
	b := newWorkbook(opt)
	defer b.Close()
	for i := range book.Tables {
		if err := b.tableSheet(&book.Tables[i]); err != nil {
			return err
		}
	}
	title := book.Title
	if title == "" && len(book.Tables) > 0 {
		title = book.Tables[0].Title
	}
	return b.finish(w, title)
}
