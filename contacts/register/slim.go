package register

import (
	"math"
	"slices"
	"time"

	"kcc/internal/output"
)

// Slim leaves out the columns of a table in which no row has a value, for people
// who read it on a screen. Files keep every column.
func Slim(t output.Table) output.Table {
	if len(t.Rows) == 0 {
		return t
	}
	var keep []int
	for j := range t.Columns {
		if slices.ContainsFunc(t.Rows, func(row []any) bool { return filled(row[j]) }) {
			keep = append(keep, j)
		}
	}
	return t.Keep(keep)
}

// filled reports whether a cell shows anything worth a column: zeros do not.
func filled(v any) bool {
	switch x := v.(type) {
	case nil:
		return false
	case string:
		return x != ""
	case time.Time:
		return !x.IsZero()
	case float64:
		return !math.IsNaN(x)
	case int:
		return x != 0
	case time.Duration:
		return x != 0
	}
	return true
}
