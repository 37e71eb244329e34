package output

import "fmt"

// Kind is the type of a column. It decides how a value is formatted per output:
// CSV and JSON carry full precision, tables and Excel a readable form.
type Kind int

// The kinds of a column, with the Go type expected in Table.Rows. A nil value
// and a zero time are empty everywhere. NaN is empty in tables, CSV and Excel
// and null in JSON; infinity is "inf" in CSV and tables and null in JSON.
const (
	Text     Kind = iota // string, a named string type, fmt.Stringer or error
	Integer              // any int or uint, shown with grouped thousands; use Text for years and identifiers
	Number               // float64 or any int, Column.Digits decimals
	Percent              // float64 ratio 0..1, shown as percent with Column.Digits decimals
	Seconds              // float64, int or time.Duration, shown as m:ss, with Digits as seconds; plain seconds in CSV, JSON and Excel
	DateTime             // time.Time, local in tables and Excel, RFC 3339 with offset in CSV and JSON
	Date                 // calendar.Date or time.Time
	Clock                // calendar.Clock: minutes since midnight
	Bool                 // bool
)

// numeric reports whether values of kind k stand right-aligned.
func (k Kind) numeric() bool {
	return k == Integer || k == Number || k == Percent || k == Seconds
}

// Tone is the weight that a value has for the reader. It is shown as a colour
// beside the value, never instead of it.
type Tone int

// The tones.
const (
	Plain Tone = iota
	Good
	Warn
	Bad
	Dim
)

// Rule gives the values of a column a tone. In a workbook it becomes a
// conditional format, so that it also holds after a cell is edited.
type Rule struct {
	Op    Op
	Limit float64 // of Below and Above, in the unit of the column (ratios 0..1)
	Text  string  // of Is
	Tone  Tone
}

// Op is how a Rule compares.
type Op int

// The comparisons of a Rule.
const (
	Below Op = iota // value < Limit
	Above           // value > Limit
	Is              // text equals Text
)

// Column describes one column of a Table.
type Column struct {
	Name   string // snake_case with unit, for CSV and JSON: aht_s
	Title  string // label for tables, Excel and HTML, already in the language of the reader; Name if empty
	Kind   Kind
	Digits int    // decimals of Number, Percent and Seconds
	Rules  []Rule // the first that holds gives the tone
}

// Label returns what stands above the column in a table.
func (c Column) Label() string {
	if c.Title != "" {
		return c.Title
	}
	return c.Name
}

// Table is a rectangle of values with a title and notes, ready to be rendered.
// Every row has one value per column, of the type that the column's Kind names.
type Table struct {
	Name    string // short English key: the member in JSON and, without Sheet, the sheet name
	Sheet   string // sheet name in a workbook in the language of the reader; Name if empty
	Title   string
	Columns []Column
	Rows    [][]any
	Total   []any       // optional last row with totals, shown to people; not in CSV and JSON
	Notes   []string    // definitions and remarks, printed under the table
	Charts  []ChartSpec // drawn in workbooks and on pages
	Keys    int         // leading columns that are repeated when a screen is too narrow; 0 means 1
}

// check verifies that every row has one value per column.
func (t *Table) check() error {
	for i, row := range t.Rows {
		if len(row) != len(t.Columns) {
			return fmt.Errorf("table %q: row %d has %d values, want %d", t.Name, i+1, len(row), len(t.Columns))
		}
	}
	if t.Total != nil && len(t.Total) != len(t.Columns) {
		return fmt.Errorf("table %q: the total row has %d values, want %d", t.Name, len(t.Total), len(t.Columns))
	}
	return nil
}

// cells calls yield with the cells of every row in order. The slice is reused.
func (t *Table) cells(yield func(i int, row []cell) error) error {
	buf := make([]cell, len(t.Columns))
	for i, row := range t.Rows {
		if err := t.convert(buf, row, i+1); err != nil {
			return err
		}
		if err := yield(i, buf); err != nil {
			return err
		}
	}
	return nil
}

func (t *Table) convert(dst []cell, row []any, line int) error {
	for j, v := range row {
		c, err := newCell(t.Columns[j].Kind, v)
		if err != nil {
			return fmt.Errorf("table %q: row %d, column %q: %w", t.Name, line, t.Columns[j].Name, err)
		}
		dst[j] = c
	}
	return nil
}

// total returns the cells of the total row, nil without one.
func (t *Table) total() ([]cell, error) {
	if t.Total == nil {
		return nil, nil
	}
	buf := make([]cell, len(t.Columns))
	for j, v := range t.Total {
		kind := t.Columns[j].Kind
		if _, ok := v.(string); ok {
			kind = Text // the word "Total" may stand in any column
		}
		c, err := newCell(kind, v)
		if err != nil {
			return nil, fmt.Errorf("table %q: total, column %q: %w", t.Name, t.Columns[j].Name, err)
		}
		buf[j] = c
	}
	return buf, nil
}

// tone returns the tone of a cell by the rules of its column.
func (c *Column) tone(v cell) Tone {
	for _, r := range c.Rules {
		x, num := v.number()
		switch {
		case r.Op == Is && v.kind == textCell && v.s == r.Text,
			r.Op == Below && num && x < r.Limit,
			r.Op == Above && num && x > r.Limit:
			return r.Tone
		}
	}
	return Plain
}

// Keep returns the table with the columns of the given numbers only, in that
// order; rows and total follow.
func (t Table) Keep(columns []int) Table {
	cut := func(row []any) []any {
		out := make([]any, len(columns))
		for i, j := range columns {
			out[i] = row[j]
		}
		return out
	}
	out := t
	out.Columns, out.Rows = nil, nil
	for _, j := range columns {
		out.Columns = append(out.Columns, t.Columns[j])
	}
	for _, row := range t.Rows {
		out.Rows = append(out.Rows, cut(row))
	}
	if t.Total != nil {
		out.Total = cut(t.Total)
	}
	return out
}
