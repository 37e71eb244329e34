package output

// Kind is the type of a column. It decides how a value is formatted per output:
// CSV and JSON carry full precision, tables and Excel a readable form.
type Kind int

// The kinds of a column, with the Go type expected in Table.Rows. A nil value
// is empty everywhere. NaN is empty in tables, CSV and Excel and null in JSON;
// infinity is "inf" in CSV and tables and null in JSON.
const (
	Text     Kind = iota // string
	Integer              // int, int64
	Number               // float64, Column.Digits decimals
	Percent              // float64 ratio 0..1, shown as percent with Column.Digits decimals
	Seconds              // float64 or time.Duration, shown as m:ss or with Digits decimals; plain seconds in CSV
	DateTime             // time.Time, local in tables, RFC 3339 with offset in CSV and JSON
	Date                 // calendar.Date (fmt.Stringer) or time.Time
	Clock                // calendar.Clock (fmt.Stringer)
	Bool                 // bool
)

// Column describes one column of a Table.
type Column struct {
	Name   string // snake_case with unit, for CSV and JSON: aht_s
	Title  string // label for tables, Excel and HTML, already in the language of the reader; Name if empty
	Kind   Kind
	Digits int // decimals of Number and Percent
}

// Table is a rectangle of values with a title and notes, ready to be rendered.
// Every row has one value per column, of the type that the column's Kind names.
type Table struct {
	Name    string // short: the sheet name in a workbook
	Title   string
	Columns []Column
	Rows    [][]any
	Notes   []string // definitions and remarks, printed under the table
}
