package output

import (
	"errors"
	"fmt"
	"io"
)

// Write renders tables in format f. CSV holds one table only; iCalendar is
// made from a roster, not from tables.
func Write(w io.Writer, f Format, opt Options, tables ...Table) error {
	for i := range tables {
		if err := tables[i].check(); err != nil {
			return err
		}
	}
	switch f {
	case Screen:
		return writeScreen(w, opt, tables)
	case CSV:
		return writeCSV(w, opt, tables)
	case JSON:
		return writeJSON(w, opt, tables)
	case Markdown:
		return writeMarkdown(w, opt, tables)
	case XLSX, HTML:
		return WriteBook(w, f, opt, Book{Tables: tables})
	case ICS:
		return errors.New("a table cannot be written as iCalendar: only rosters and appointments can")
	}
	return fmt.Errorf("output format %d is not known", f)
}
