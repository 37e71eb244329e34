package extsort

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

// TestSorter sorts strings of several kinds in memory and over many runs, and
// compares with slices.
func TestSorter(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for name, each := range map[string]func(i int) []byte{
		"of all lengths, ending in zeros": func(int) []byte {
			b := make([]byte, rnd.IntN(30))
			for i := range b {
				b[i] = byte(rnd.IntN(3))
			}
			return append([]byte("all begin so"), b...)
		},
		"random numbers":  func(int) []byte { return binary.BigEndian.AppendUint64(nil, rnd.Uint64()) },
		"numbers in turn": func(i int) []byte { return binary.BigEndian.AppendUint64(nil, uint64(i)) },
		"numbers, few far off": func(i int) []byte {
			return binary.BigEndian.AppendUint64(nil, 1<<(i%64)+uint64(rnd.IntN(50)))
		},
		"all the same": func(int) []byte { return []byte("the same text") },
		"no bytes":     func(int) []byte { return nil },
		"words in a row": func(int) []byte {
			b := []byte("day 1")
			for range 1 + rnd.IntN(5) {
				b = append(append(b, []string{"inbound", "question", "a long subject of some kind"}[rnd.IntN(3)]...), 0)
			}
			return b
		},
		"some longer than what is read at a time": func(i int) []byte {
			return append([]byte{byte(rnd.IntN(256))}, bytes.Repeat([]byte{7}, i%5/4*i%2*rnd.IntN(2*mergeBuffer))...)
		},
	} {
		t.Run(name, func(t *testing.T) {
			var all [][]byte
			for i := range 5000 {
				all = append(all, each(i))
			}
			sorts(t, all)
		})
	}
}

func sorts(t *testing.T, want [][]byte) {
	dir := t.TempDir()
	for _, limit := range []int{1000, 20_000, 1 << 20, 1 << 30} {
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
