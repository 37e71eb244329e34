package centre

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"kcc/internal/calendar"
)

// settingsSheet is the sheet of the keys that stand alone; every other sheet is
// a list: of channels, departments, subjects, segments, closed or special days.
const settingsSheet = "settings"

// nameColumn heads the names of the tables in a list.
const nameColumn = "name"

// listSheet is a sheet of tables: tables by name, or an array of tables.
type listSheet struct {
	sheet   string
	named   bool
	columns []string
}

// lists returns the list sheets in order.
func lists() []listSheet {
	return []listSheet{
		{"channels", true, []string{
			"title", "kind", "skill", "hours", "arrivals", "open_on_holidays", "queues", "target.level", "target.within",
			"target.period", "target.formula", "promise", "promise_level", "patience", "aht", "concurrency", "max_occupancy", "max_abandon",
			"min_presence", "redial", "blend_into", "max_blend", "cost_per_contact",
		}},
		{"departments", true, []string{"title", "email", "hours", "promise"}},
		{"subjects", true, []string{"title", "parent", "level", "department", "promise"}},
		{"segments", true, []string{"title"}},
		{"closed", false, []string{"date", "from", "to", "channel", "name"}},
		{"special", false, []string{"date", "from", "to", "hours", "channel", "name"}},
	}
}

func listOf(sheet string) (listSheet, bool) {
	for _, l := range lists() {
		if l.sheet == sheet {
			return l, true
		}
	}
	return listSheet{}, false
}

// WriteXLSX writes the description as a workbook: a sheet of settings and a
// sheet per list, with the keys of the TOML form as headings.
func (c *Centre) WriteXLSX(w io.Writer) error {
	f := excelize.NewFile()
	defer f.Close()
	head, err := f.NewStyle(&excelize.Style{
		Font: &excelize.Font{Bold: true, Color: "FFFFFF"},
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"1F4E78"}},
	})
	if err != nil {
		return err
	}
	all := encode(c)
	rows := [][]any{{"key", "value"}}
	for _, e := range flatten("", all) {
		if first, _, _ := strings.Cut(e.key, "."); !isList(first) {
			rows = append(rows, []any{e.key, cell(e.value)})
		}
	}
	if err := f.SetSheetName("Sheet1", settingsSheet); err != nil {
		return err
	}
	if err := fillSheet(f, settingsSheet, head, rows); err != nil {
		return err
	}
	for _, l := range lists() {
		if _, err := f.NewSheet(l.sheet); err != nil {
			return err
		}
		if err := fillSheet(f, l.sheet, head, listRows(all, l.sheet, l.named, l.columns)); err != nil {
			return err
		}
	}
	return f.Write(w)
}

func isList(key string) bool {
	_, ok := listOf(key)
	return ok
}

// listRows lays the tables below a key out as rows under a heading.
func listRows(all table, key string, named bool, columns []string) [][]any {
	heading := slices.Clone(columns)
	if named {
		heading = append([]string{nameColumn}, heading...)
	}
	rows := [][]any{make([]any, len(heading))}
	for i, h := range heading {
		rows[0][i] = h
	}
	add := func(name string, t table) {
		row := make([]any, len(heading))
		for _, e := range flatten("", t) {
			row[slices.Index(heading, e.key)] = cell(e.value)
		}
		if named {
			row[0] = name
		}
		rows = append(rows, row)
	}
	for _, e := range all {
		if e.key != key {
			continue
		}
		switch v := e.value.(type) {
		case table:
			for _, sub := range v {
				add(sub.key, sub.value.(table))
			}
		case tables:
			for _, t := range v {
				add("", t)
			}
		}
	}
	return rows
}

// flatten writes nested tables as dotted keys.
func flatten(path string, t table) table {
	var out table
	for _, e := range t {
		at := e.key
		if path != "" {
			at = path + "." + e.key
		}
		switch v := e.value.(type) {
		case table:
			out = append(out, flatten(at, v)...)
		case tables:
		default:
			out = append(out, entry{at, v})
		}
	}
	return out
}

// cell turns a value into what a planner edits: dates as text, since a reader
// of the file must not depend on the formats of the cells.
func cell(v any) any {
	switch v := v.(type) {
	case []string:
		return strings.Join(v, "; ")
	case calendar.Date:
		return v.String()
	}
	return v
}

func fillSheet(f *excelize.File, sheet string, head int, rows [][]any) error {
	widths := make([]int, len(rows[0]))
	for i, row := range rows {
		at, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if err := f.SetSheetRow(sheet, at, &row); err != nil {
			return err
		}
		for j, v := range row {
			if v != nil {
				widths[j] = max(widths[j], len([]rune(fmt.Sprint(v))))
			}
		}
	}
	for j, w := range widths {
		name, err := excelize.ColumnNumberToName(j + 1)
		if err != nil {
			return err
		}
		if err := f.SetColWidth(sheet, name, name, float64(min(max(w+2, 8), 60))); err != nil {
			return err
		}
	}
	last, err := excelize.CoordinatesToCellName(len(rows[0]), 1)
	if err != nil {
		return err
	}
	if err := f.SetCellStyle(sheet, "A1", last, head); err != nil {
		return err
	}
	return f.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
}

// parseWorkbook reads what WriteXLSX writes. Every cell is taken as text.
func parseWorkbook(name string, data []byte) (*Centre, error) {
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	defer f.Close()
	keys, order := map[string]any{}, map[string][]string{}
	var bad []Problem
	for _, sheet := range f.GetSheetList() {
		if sheet != settingsSheet && !isList(sheet) {
			bad = append(bad, Problem{Key: "sheet " + sheet, Want: "there is no such sheet; want settings, channels, departments, subjects, segments, closed or special"})
			continue
		}
		rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			return nil, fmt.Errorf("%s: sheet %s: %w", name, sheet, err)
		}
		if sheet == settingsSheet {
			for _, row := range rows[min(1, len(rows)):] {
				if len(row) > 1 && strings.TrimSpace(row[0]) != "" && strings.TrimSpace(row[1]) != "" {
					put(keys, strings.TrimSpace(row[0]), strings.TrimSpace(row[1]))
				}
			}
			continue
		}
		bad = append(bad, readList(keys, order, sheet, rows)...)
	}
	if len(bad) > 0 {
		return nil, &Invalid{File: name, Problems: bad}
	}
	return decode(name, keys, order)
}

func readList(keys map[string]any, order map[string][]string, sheet string, rows [][]string) (bad []Problem) {
	if len(rows) == 0 {
		return nil
	}
	list, _ := listOf(sheet)
	named := list.named
	tables, array := map[string]any{}, []map[string]any{}
	for i, row := range rows[1:] {
		t := map[string]any{}
		name := ""
		for j, v := range row {
			if v = strings.TrimSpace(v); v == "" || j >= len(rows[0]) {
				continue
			}
			column := strings.TrimSpace(rows[0][j])
			if named && column == nameColumn {
				name = v
				continue
			}
			put(t, column, dateText(column, v))
		}
		switch {
		case len(t) == 0 && name == "":
		case !named:
			array = append(array, t)
		case name == "":
			bad = append(bad, Problem{Key: fmt.Sprintf("sheet %s row %d", sheet, i+2), Want: "want a name in the column " + nameColumn})
		case tables[name] != nil:
			bad = append(bad, Problem{Key: fmt.Sprintf("sheet %s row %d", sheet, i+2), Value: name, Want: "each name once"})
		default:
			tables[name] = t
			order[sheet] = append(order[sheet], name)
		}
	}
	if named {
		keys[sheet] = tables
	} else {
		keys[sheet] = array
	}
	return bad
}

// dateText turns the day number of a spreadsheet into a date, as Excel makes
// one of each date that is typed.
func dateText(column, v string) string {
	if column != "date" && column != "from" && column != "to" {
		return v
	}
	var serial float64
	if n, err := fmt.Sscan(v, &serial); n != 1 || err != nil || strings.ContainsAny(v, "-/") {
		return v
	}
	t, err := excelize.ExcelDateToTime(serial, false)
	if err != nil {
		return v
	}
	return calendar.NewDate(t.Date()).String()
}

// put sets a dotted key in nested tables.
func put(m map[string]any, key string, v any) {
	for {
		first, rest, dotted := strings.Cut(key, ".")
		if !dotted {
			m[first] = v
			return
		}
		sub, ok := m[first].(map[string]any)
		if !ok {
			sub = map[string]any{}
			m[first] = sub
		}
		m, key = sub, rest
	}
}
