package output

import (
	"encoding/csv"
	"fmt"
	"io"
)

// Write renders tables in format f. CSV holds one table only.
func Write(w io.Writer, f Format, opt Options, tables ...Table) error {
	cw := csv.NewWriter(w)
	for _, t := range tables {
		rec := make([]string, len(t.Columns))
		for i, c := range t.Columns {
			rec[i] = c.Name
		}
		if err := cw.Write(rec); err != nil {
			return err
		}
		for _, row := range t.Rows {
			for i, v := range row {
				rec[i] = fmt.Sprint(v)
			}
			if err := cw.Write(rec); err != nil {
				return err
			}
		}
	}
	cw.Flush()
	return cw.Error()
}
