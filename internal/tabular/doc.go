// Package tabular reads tables that people hand over: text with any usual
// delimiter (comma, semicolon, tab, pipe) in UTF-8, UTF-16 or Windows-1252,
// with or without byte-order mark, plain or gzip-ed, and Excel workbooks
// (.xlsx). What a file is follows from its content, never from its name.
//
// A [Reader] yields rows of text. Dates and times of a workbook come as
// 2006-01-02, 2006-01-02 15:04:05 or h:mm:ss, numbers with a dot and at most 15
// digits, so that one parser serves both kinds. [Columns] reads cells by column
// name and words errors the way every command does:
//
//	calls.csv: line 812: column "aht_s": value "12;5": want a number
//
// Example:
//
//	r, err := tabular.OpenFile("history.csv", os.Stdin, tabular.Options{})
//	if err != nil {
//		return err
//	}
//	defer r.Close()
//	c, err := tabular.NewColumns(r, "start", "offered")
//	for err == nil && c.Next() {
//		start, offered := c.Time("start", loc), c.Float("offered")
//		if err = c.RowErr(); err == nil {
//			use(start, offered)
//		}
//	}
package tabular
