package importer

import (
	"hash/maphash"
	"math/bits"
	"slices"
	"strings"
)

// hashSeed makes the hashes of one process; they never leave it.
var hashSeed = maphash.MakeSeed()

// scan is the first pass over the rows of a table.
type scan struct {
	l      *layout
	hashes []uint64 // of all rows, as long as there are not too many
	bits   []uint64 // past that, some bits of each hash, see mark
	maybe  map[uint64]struct{}
}

// Bounds of what finds repeated rows, each at most 32 MB, so that memory stays flat
// however long the file: the hashes of so many rows, sorted in the end, then a
// filter, which also names some rows that do not repeat.
const (
	maxHashes   = 4 << 20
	logBits     = 28
	bitsPerHash = 3
	bytesPerRow = 60
)

func newScan(l *layout, size int64) *scan {
	rows := min(size/bytesPerRow, maxHashes)
	return &scan{l: l, hashes: make([]uint64, 0, max(rows, 1<<10)), maybe: map[uint64]struct{}{}}
}

// row takes one row into account.
func (s *scan) row(row []string) {
	if isBlank(row) || s.l.isHeader(row) {
		return
	}
	s.l.rows++
	below := s.isBelow(row)
	for i, c := range s.l.columns {
		if below && c.wants&wantStamp != 0 {
			continue // "Totaal" in the column of dates makes it no other column
		}
		if i < len(row) {
			c.add(trimmed(row[i]))
		} else {
			c.empty++
		}
	}
	s.mark(s.l.rowHash(row))
}

// isBelow reports whether a row is a total or a note below the table.
func (s *scan) isBelow(row []string) bool {
	first, filled := "", 0
	for _, c := range row {
		if c = trimmed(c); c == "" {
			continue
		}
		if first == "" {
			if isDigit(c[0]) {
				return false // most rows
			}
			first = c
		}
		if filled++; filled > 2 {
			break
		}
	}
	return filled == 1 && len(s.l.columns) > 3 || totalWord(first)
}

// rowHash is the hash by which a row may repeat: its id, else all of it.
func (l *layout) rowHash(row []string) uint64 {
	if i := l.idColumn; i >= 0 && i < len(row) {
		if id := trimmed(row[i]); id != "" {
			return maphash.String(hashSeed, id)
		}
	}
	var h maphash.Hash
	h.SetSeed(hashSeed)
	for i := range l.columns {
		if i < len(row) {
			h.WriteString(strings.TrimSpace(row[i]))
		}
		h.WriteByte(0)
	}
	return h.Sum64()
}

// mark notes a hash.
func (s *scan) mark(h uint64) {
	if s.bits == nil {
		if len(s.hashes) < maxHashes {
			s.hashes = append(s.hashes, h)
			return
		}
		s.bits = make([]uint64, 1<<(logBits-6))
		for _, h := range s.hashes {
			s.filter(h)
		}
		s.hashes = nil
	}
	s.filter(h)
}

// filter notes a hash that may have come before if all of its bits are taken.
func (s *scan) filter(h uint64) {
	taken := true
	for i := range bitsPerHash {
		at := h >> (64 - logBits - i*18) & (1<<logBits - 1)
		bit := uint64(1) << (at & 63)
		taken = taken && s.bits[at>>6]&bit != 0
		s.bits[at>>6] |= bit
	}
	if taken {
		s.maybe[h] = struct{}{}
	}
}

func (s *scan) finish() {
	for _, c := range s.l.columns {
		c.settle()
	}
	suspects := sharing(s.hashes)
	slices.Sort(suspects)
	for i := 1; i < len(suspects); i++ {
		if suspects[i] == suspects[i-1] {
			s.maybe[suspects[i]] = struct{}{}
		}
	}
	s.l.maybe, s.hashes, s.bits = s.maybe, nil, nil
}

// sharing returns those of the hashes, in their memory, that agree with another one
// in as many bits as tell most of them apart: a few to be sorted instead of all.
func sharing(hashes []uint64) []uint64 {
	const each = 4 // bits for each hash, at least
	shift := 64 - bits.Len64(uint64(each*len(hashes)|63))
	once, twice := make([]uint64, 1<<(58-shift)), make([]uint64, 1<<(58-shift))
	for _, h := range hashes {
		at := h >> shift
		bit := uint64(1) << (at & 63)
		twice[at>>6] |= once[at>>6] & bit
		once[at>>6] |= bit
	}
	return slices.DeleteFunc(hashes, func(h uint64) bool { return twice[h>>shift>>6]>>(h>>shift&63)&1 == 0 })
}
