package history

import (
	"fmt"
	"io"
	"sort"

	"kcc/forecast"
	"kcc/internal/tabular"
)

// ReadPlain reads series without timestamps in long form: series, t, value. An
// empty value is unknown. Rows of one series are put in order of t.
func ReadPlain(path string, stdin io.Reader) ([]forecast.Plain, error) {
	r, err := tabular.OpenFile(path, stdin, tabular.Options{})
	if err != nil {
		return nil, err
	}
	defer r.Close()
	c, err := tabular.NewColumns(r, "value|y", "t|index|ds|day")
	if err != nil {
		return nil, err
	}
	c.Alias("value", "y")
	c.Alias("t", "index", "ds", "day")
	c.Alias("series", "id", "unique_id")
	var out []forecast.Plain
	var times [][]int
	index := map[string]int{}
	for c.Next() {
		id := c.Text("series")
		t, ok := c.Int("t")
		v := c.Float("value")
		if err := c.RowErr(); err != nil {
			return nil, err
		}
		if !ok {
			return nil, c.Fail("t", "a whole number")
		}
		i, ok := index[id]
		if !ok {
			i = len(out)
			index[id] = i
			out = append(out, forecast.Plain{ID: id})
			times = append(times, nil)
		}
		out[i].Values = append(out[i].Values, v)
		times[i] = append(times[i], t)
	}
	if err := c.Err(); err != nil {
		return nil, err
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s: %w", r.Name(), forecast.ErrNoHistory)
	}
	for i := range out {
		if err := order(&out[i], times[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", r.Name(), err)
		}
	}
	return out, nil
}

// maxPlainGap is the longest hole between two values of one series.
const maxPlainGap = 100000

// order sorts the values by t and fills absent t with unknown values.
func order(p *forecast.Plain, t []int) error {
	at := make([]int, len(t))
	for i := range at {
		at[i] = i
	}
	sort.SliceStable(at, func(a, b int) bool { return t[at[a]] < t[at[b]] })
	var v []float64
	for k, i := range at {
		if k > 0 {
			gap := t[i] - t[at[k-1]]
			if gap == 0 {
				return fmt.Errorf("series %q has t = %d twice", p.ID, t[i])
			}
			if gap > maxPlainGap {
				return fmt.Errorf("series %q jumps from t = %d to %d", p.ID, t[at[k-1]], t[i])
			}
			for ; gap > 1; gap-- {
				v = append(v, forecast.Unknown())
			}
		}
		v = append(v, p.Values[i])
	}
	p.Values = v
	p.Next = t[at[len(at)-1]] + 1
	return nil
}
