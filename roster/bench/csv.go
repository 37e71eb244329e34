package bench

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
)

// WriteCSV writes one row employee,day,shift per shift of the roster.
func WriteCSV(w io.Writer, inst *Instance, roster Roster) error {
	b := bufio.NewWriter(w)
	c := csv.NewWriter(b)
	if err := c.Write([]string{"employee", "day", "shift"}); err != nil {
		return err
	}
	for e, line := range roster {
		for d, t := range line {
			if t == Off {
				continue
			}
			if err := c.Write([]string{inst.Staff[e].ID, strconv.Itoa(d), inst.Shifts[t].ID}); err != nil {
				return err
			}
		}
	}
	c.Flush()
	if err := c.Error(); err != nil {
		return err
	}
	return b.Flush()
}

// ReadCSV reads what WriteCSV writes.
func ReadCSV(r io.Reader, inst *Instance) (Roster, error) {
	staff, shifts := map[string]int{}, map[string]int16{}
	roster := make(Roster, len(inst.Staff))
	for e := range inst.Staff {
		staff[inst.Staff[e].ID] = e
		roster[e] = make([]int16, inst.Days)
		for d := range roster[e] {
			roster[e][d] = Off
		}
	}
	for t, s := range inst.Shifts {
		shifts[s.ID] = int16(t)
	}
	c := csv.NewReader(r)
	c.TrimLeadingSpace = true
	c.FieldsPerRecord = 3
	for first := true; ; first = false {
		row, err := c.Read()
		if err == io.EOF {
			return roster, nil
		}
		if err != nil {
			return nil, err
		}
		if first && row[1] == "day" {
			continue
		}
		line, _ := c.FieldPos(0)
		e, ok := staff[row[0]]
		if !ok {
			return nil, fmt.Errorf("line %d: employee %q is not known", line, row[0])
		}
		d, err := strconv.Atoi(row[1])
		if err != nil || d < 0 || d >= inst.Days {
			return nil, fmt.Errorf("line %d: day %q: want a number from 0 to %d", line, row[1], inst.Days-1)
		}
		if row[2] == "" || row[2] == "-" {
			continue
		}
		t, ok := shifts[row[2]]
		if !ok {
			return nil, fmt.Errorf("line %d: shift %q is not known", line, row[2])
		}
		if roster[e][d] != Off {
			return nil, fmt.Errorf("line %d: employee %q has two shifts on day %d", line, row[0], d)
		}
		roster[e][d] = t
	}
}
