package importer

import (
	"cmp"
	"math/rand/v2"
	"testing"
)

// TestCells adds to cells whose hashes are all alike, or all different, and compares
// with a map.
func TestCells(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for name, hash := range map[string]func(k int) uint64{
		"different": func(k int) uint64 { return mixed(0, uint64(k)) },
		"few":       func(k int) uint64 { return uint64(k % 3) },
	} {
		var c cells[int, int]
		for range 2 { // once more in the memory of before
			want := map[int]int{}
			for range 3000 {
				k := rnd.IntN(400)
				v, isNew := c.at(k, hash(k))
				if _, known := want[k]; known == isNew {
					t.Fatalf("%s: cell %d is new: %v", name, k, isNew)
				}
				*v++
				want[k]++
			}
			last := -1
			for _, i := range c.sorted(cmp.Compare[int]) {
				if k := c.keys[i]; k <= last || c.vals[i] != want[k] {
					t.Errorf("%s: cell %d after %d holds %d, want %d", name, k, last, c.vals[i], want[k])
				}
				last = c.keys[i]
			}
			if len(c.keys) != len(want) {
				t.Errorf("%s: %d cells, want %d", name, len(c.keys), len(want))
			}
			c.reset()
		}
	}
}
