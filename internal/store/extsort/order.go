package extsort

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
	"math/bits"
	"slices"
)

// item is one string of the arena. While items are sorted, the first bytes in which
// it may differ from others are at hand.
type item struct {
	prefix uint64
	at     uint32
	size   uint32
}

func (s *Sorter) bytes(it item) []byte { return s.arena[it.at : it.at+it.size] }

// prefixOf returns the first bytes of b, which order it among others.
func prefixOf(b []byte) uint64 {
	if len(b) >= 8 {
		return binary.BigEndian.Uint64(b)
	}
	var p [8]byte
	copy(p[:], b)
	return binary.BigEndian.Uint64(p[:])
}

// Sizes from which it pays to look at eight bytes at a time, and to part items into
// buckets first.
const (
	fewItems   = 16
	manyItems  = 1 << 10
	bucketBits = 12
)

// order sorts items whose strings agree in their first n bytes: by the next eight
// in which they may differ, then those that agree in these likewise.
func (s *Sorter) order(items []item, n int) {
	if len(items) < fewItems {
		s.compare(items)
		return
	}
	n = s.common(items, n)
	for i, it := range items {
		items[i].prefix = prefixOf(s.bytes(it)[n:])
	}
	byPrefix(items)
	for len(items) > 0 {
		same, shortest := 1, items[0].size
		for same < len(items) && items[same].prefix == items[0].prefix {
			shortest = min(shortest, items[same].size)
			same++
		}
		switch {
		case same == 1:
		case int(shortest) < n+8: // ends are taken for zeros
			s.compare(items[:same])
		default:
			s.order(items[:same], n+8)
		}
		items = items[same:]
	}
}

// compare sorts items byte by byte.
func (s *Sorter) compare(items []item) {
	slices.SortFunc(items, func(a, b item) int { return bytes.Compare(s.bytes(a), s.bytes(b)) })
}

// common returns how many bytes all strings begin with, n at least.
func (s *Sorter) common(items []item, n int) int {
	first := s.bytes(items[0])
	most := len(first)
	for _, it := range items[1:] {
		b := s.bytes(it)
		most = min(most, len(b))
		i := n
		for i < most && b[i] == first[i] {
			i++
		}
		if most = i; most == n {
			break
		}
	}
	return most
}

// byPrefix sorts items by their prefixes alone.
func byPrefix(items []item) {
	less := func(a, b item) int { return cmp.Compare(a.prefix, b.prefix) }
	if len(items) < manyItems || slices.IsSortedFunc(items, less) {
		slices.SortFunc(items, less)
		return
	}
	least, most := uint64(math.MaxUint64), uint64(0)
	for _, it := range items {
		least, most = min(least, it.prefix), max(most, it.prefix)
	}
	shift := max(bits.Len64(most-least)-bucketBits, 0)
	var next, end [1 << bucketBits]int32 // of each bucket
	for _, it := range items {
		end[(it.prefix-least)>>shift]++
	}
	at := int32(0)
	for b, n := range end {
		next[b] = at
		at += n
		end[b] = at
	}
	// Each item is put in the place of another one of its bucket, which is put in
	// its own in turn.
	from := int32(0)
	for b := range next {
		for next[b] < end[b] {
			it := items[next[b]]
			for {
				k := (it.prefix - least) >> shift
				i := next[k]
				next[k]++
				if int(k) == b {
					items[i] = it
					break
				}
				items[i], it = it, items[i]
			}
		}
		if one := items[from:end[b]]; len(one) > insertItems {
			slices.SortFunc(one, less)
		} else {
			insert(one)
		}
		from = end[b]
	}
}

// insertItems is up to how many items are sorted by insertion.
const insertItems = 48

// insert sorts few items by their prefixes.
func insert(items []item) {
	for i := 1; i < len(items); i++ {
		it, j := items[i], i
		for ; j > 0 && items[j-1].prefix > it.prefix; j-- {
			items[j] = items[j-1]
		}
		items[j] = it
	}
}
