package kpi

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
)

// names numbers texts; 0 is the empty one.
type names struct {
	ids  map[string]uint32
	list []string
}

func newNames() *names { return &names{ids: map[string]uint32{"": 0}, list: []string{""}} }

// id returns the number of a text, of which it keeps a copy.
func (n *names) id(b []byte) uint32 {
	id, ok := n.ids[string(b)]
	if !ok {
		id = uint32(len(n.list))
		s := string(b)
		n.ids[s] = id
		n.list = append(n.list, s)
	}
	return id
}

// cellKey is a row of a part being made: texts by number, and the start.
type cellKey struct {
	dims  [numDims]uint32
	start int64
	step  int64
}

// cellSums are the sums of such a row.
type cellSums [cubeSums]float64

func (s *cellSums) add(o *cellSums) {
	for i, v := range o {
		s[i] += v
	}
}

// builder gathers the rows of a part. Cells stay where they are, as contacts
// that come back are counted with the one before.
type builder struct {
	names *names
	keys  []cellKey
	pages []*[pageCells]cellSums
	table []int32 // row + 1 by hash, 0 where none is; a power of two long, at most half full
}

// pageCells is how many cells are made at a time, firstTable how long a new
// table is.
const (
	pageCells  = 32
	firstTable = 64
)

func newBuilder(n *names) *builder { return &builder{names: n, table: make([]int32, firstTable)} }

// hash mixes the words of a key by multiplication (Fibonacci hashing, Knuth 1973,
// 6.4): keys are a few small numbers, and a map of Go takes several times as long.
func (k *cellKey) hash() uint64 {
	const odd = 0x9e3779b97f4a7c15
	h := uint64(k.start)*odd ^ uint64(k.step)
	for _, d := range k.dims {
		h = (h ^ uint64(d)) * odd
		h ^= h >> 29
	}
	return h ^ h>>32
}

// cell returns the sums of a row, made on first use.
func (b *builder) cell(k *cellKey) *cellSums {
	mask := uint64(len(b.table) - 1)
	at := k.hash() & mask
	for ; b.table[at] != 0; at = (at + 1) & mask {
		if row := int(b.table[at] - 1); b.keys[row] == *k {
			return b.at(row)
		}
	}
	row := len(b.keys)
	b.keys = append(b.keys, *k)
	b.table[at] = int32(row + 1)
	if row/pageCells == len(b.pages) {
		b.pages = append(b.pages, new([pageCells]cellSums))
	} else {
		*b.at(row) = cellSums{} // of an earlier day
	}
	if 2*len(b.keys) > len(b.table) {
		b.grow()
	}
	return b.at(row)
}

func (b *builder) grow() {
	b.table = make([]int32, 2*len(b.table))
	mask := uint64(len(b.table) - 1)
	for row := range b.keys {
		at := b.keys[row].hash() & mask
		for b.table[at] != 0 {
			at = (at + 1) & mask
		}
		b.table[at] = int32(row + 1)
	}
}

func (b *builder) at(i int) *cellSums { return &b.pages[i/pageCells][i%pageCells] }

// reset empties b for another day; its cells are used again.
func (b *builder) reset() {
	b.keys = b.keys[:0]
	clear(b.table)
}

// without returns a builder with the rows that leave does not want away.
func (b *builder) without(leave func(*cellKey) bool) *builder {
	out := newBuilder(b.names)
	for i := range b.keys {
		if !leave(&b.keys[i]) {
			*out.cell(&b.keys[i]) = *b.at(i)
		}
	}
	return out
}

// encode writes the rows as a part, in order of their making: version, rows,
// texts, then each column as twice its length and its values, or, as many sums
// count the same contacts, twice the number of an earlier column and one. Whole
// numbers, which nearly all sums are, take a few bits. Without rows it is empty.
func (b *builder) encode() []byte {
	if len(b.keys) == 0 {
		return []byte{}
	}
	var usedDims [numDims]bool
	var usedSums [cubeSums]bool
	timed := false
	for i := range b.keys {
		k := &b.keys[i]
		for d, id := range k.dims {
			usedDims[d] = usedDims[d] || id != 0
		}
		timed = timed || k.step != 0
		for s, v := range b.at(i) {
			if v != 0 {
				usedSums[s] = true
			}
		}
	}
	texts := []string{""}
	local := map[uint32]uint32{0: 0} // a part has only the texts that it needs
	var cols [partCols][]byte
	for d, used := range usedDims {
		if !used {
			continue
		}
		for i := range b.keys {
			id := b.keys[i].dims[d]
			n, ok := local[id]
			if !ok {
				n = uint32(len(texts))
				local[id] = n
				texts = append(texts, b.names.list[id])
			}
			cols[d] = binary.AppendUvarint(cols[d], uint64(n))
		}
	}
	start, step, sums := &cols[numDims], &cols[numDims+1], cols[numDims+2:]
	if timed {
		last := int64(0)
		for i := range b.keys {
			*start = binary.AppendVarint(*start, b.keys[i].start-last)
			*step = binary.AppendVarint(*step, b.keys[i].step)
			last = b.keys[i].start
		}
	}
	for s, used := range usedSums {
		if used {
			sums[s] = make([]byte, 0, len(b.keys)+len(b.keys)/4)
		}
	}
	for i := range b.keys {
		for s, v := range b.at(i) {
			switch {
			case !usedSums[s]:
			case v == 0:
				sums[s] = append(sums[s], 0)
			default:
				sums[s] = appendSum(sums[s], v)
			}
		}
	}
	size := 0
	for _, c := range cols {
		size += len(c) + 4
	}
	out := make([]byte, 0, size+len(texts)*16)
	out = append(out, partVersion)
	out = binary.AppendUvarint(out, uint64(len(b.keys)))
	out = binary.AppendUvarint(out, uint64(len(texts)))
	for _, t := range texts {
		out = binary.AppendUvarint(out, uint64(len(t)))
		out = append(out, t...)
	}
	for i, c := range cols {
		if j := slices.IndexFunc(cols[:i], func(o []byte) bool { return len(c) > 0 && bytes.Equal(o, c) }); j >= 0 {
			out = binary.AppendUvarint(out, uint64(j)<<1|1)
			continue
		}
		out = binary.AppendUvarint(out, uint64(len(c))<<1)
		out = append(out, c...)
	}
	return out
}

// maxWhole is the largest float64 that is written as a whole number.
const maxWhole = 1 << 53

func appendSum(b []byte, v float64) []byte {
	if n := int64(v); float64(n) == v && n < maxWhole && n > -maxWhole {
		return binary.AppendUvarint(b, uint64(n<<1^n>>63)<<1)
	}
	b = append(b, 1)
	return binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
}
