package importer

import "testing"

// TestMark finds the hashes that come twice, among few and among so many that only
// bits of them are kept.
func TestMark(t *testing.T) {
	mix := func(i int) uint64 { // a permutation (splitmix64)
		z := uint64(i) * 0x9e3779b97f4a7c15
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		return z ^ z>>31
	}
	for _, c := range []struct{ rows, most int }{{10, 0}, {1000, 0}, {200_000, 0}, {maxHashes + 1000, 2000}} {
		if c.rows > maxHashes && testing.Short() {
			continue
		}
		s := newScan(&layout{}, 0)
		for i := range c.rows {
			s.mark(mix(i))
		}
		for _, i := range []int{3, c.rows / 2, c.rows - 1} {
			s.mark(mix(i))
		}
		s.finish()
		for _, i := range []int{3, c.rows / 2, c.rows - 1} {
			if _, ok := s.l.maybe[mix(i)]; !ok {
				t.Errorf("%d rows: the repeat of row %d is missed", c.rows, i)
			}
		}
		if n := len(s.l.maybe) - 3; n > c.most {
			t.Errorf("%d rows: %d others may repeat, want at most %d", c.rows, n, c.most)
		}
	}
}
