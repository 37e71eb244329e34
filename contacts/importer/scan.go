package importer

import (
	"hash/maphash"
	"strings"
)

// hashSeed makes the hashes of one process; they never leave it.
var hashSeed = maphash.MakeSeed()

// scan is the first pass over the rows of a table.
type scan struct {
	l     *layout
	bits  []uint64 // a bit per hash seen, see mark
	shift uint
	maybe map[uint64]struct{}
}

// Bounds of the filter that finds repeated rows: 16 bits per expected row, at
// most 32 MB, so that memory stays flat however long the file.
const (
	bitsPerRow  = 16
	bytesPerRow = 60
	minLogBits  = 16
	maxLogBits  = 28
)

func newScan(l *layout, size int64) *scan {
	log := uint(minLogBits)
	for log < maxLogBits && int64(1)<<log < size/bytesPerRow*bitsPerRow {
		log++
	}
	return &scan{l: l, bits: make([]uint64, 1<<(log-6)), shift: 64 - log, maybe: map[uint64]struct{}{}}
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
			c.add(strings.TrimSpace(row[i]))
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
		if c = strings.TrimSpace(c); c == "" {
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
	var h maphash.Hash
	h.SetSeed(hashSeed)
	if i := l.idColumn; i >= 0 && i < len(row) {
		if id := strings.TrimSpace(row[i]); id != "" {
			h.WriteString(id)
			return h.Sum64()
		}
	}
	for i := range l.columns {
		if i < len(row) {
			h.WriteString(strings.TrimSpace(row[i]))
		}
		h.WriteByte(0)
	}
	return h.Sum64()
}

// mark notes a hash; one whose bit is taken may have come before.
func (s *scan) mark(h uint64) {
	at := h >> s.shift
	if s.bits[at>>6]&(1<<(at&63)) != 0 {
		s.maybe[h] = struct{}{}
		return
	}
	s.bits[at>>6] |= 1 << (at & 63)
}

func (s *scan) finish() { s.l.maybe = s.maybe }
