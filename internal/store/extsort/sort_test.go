package extsort

import (
	"bytes"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

// TestSorter sorts strings of all lengths in memory and over many runs, and
// compares with slices.
func TestSorter(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	var want [][]byte
	for range 5000 {
		b := make([]byte, rnd.IntN(30))
		for i := range b {
			b[i] = byte(rnd.IntN(3))
		}
		b = append([]byte("all begin so"), b...)
		want = append(want, b)
	}
	dir := t.TempDir()
	for _, limit := range []int{1, 1000, 20_000, 1 << 20} {
		s := New(dir, limit)
		for _, b := range want {
			if err := s.Add(b); err != nil {
				t.Fatal(err)
			}
		}
		sorted := slices.Clone(want)
		slices.SortFunc(sorted, bytes.Compare)
		i := 0
		err := s.Each(func(b []byte) error {
			if i >= len(sorted) || !bytes.Equal(b, sorted[i]) {
				t.Fatalf("limit %d: string %d is %x", limit, i, b)
			}
			i++
			return nil
		})
		if err != nil || i != len(sorted) {
			t.Errorf("limit %d: %d strings of %d, %v", limit, i, len(sorted), err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("temporary files are left: %v %v", left, err)
	}
}
