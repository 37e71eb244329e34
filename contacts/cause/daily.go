package cause

import (
	"math"

	"kcc/contacts"
)

// DailyCounts adds the contacts of cells up per day by a name, over the days
// from first to last on which any contact at all came in; the others are not
// known. Contacts without a name are left out.
func DailyCounts(cells []contacts.Cell, name func(*contacts.Cell) string) map[string]Series {
	if len(cells) == 0 {
		return nil
	}
	first, last := cells[0].Day, cells[0].Day
	for i := range cells {
		first, last = min(first, cells[i].Day), max(last, cells[i].Day)
	}
	open := make([]bool, last-first+1)
	sums := map[string][]float64{}
	for i := range cells {
		c := &cells[i]
		open[c.Day-first] = true
		k := name(c)
		if k == "" {
			continue
		}
		if sums[k] == nil {
			sums[k] = make([]float64, last-first+1)
		}
		sums[k][c.Day-first] += c.Contacts
	}
	out := map[string]Series{}
	for k, counts := range sums {
		for i := range counts {
			if !open[i] {
				counts[i] = math.NaN()
			}
		}
		out[k] = Series{First: first, Counts: counts}
	}
	return out
}
