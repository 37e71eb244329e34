package kpi

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
)

// errPart is returned for a part that cannot be read.
var errPart = errors.New("a part of the report figures is damaged")

// partVersion is the first byte of a part; another one is made again.
const partVersion = 2

// Dim names a dimension of a part.
type Dim int

// The dimensions.
const (
	Channel Dim = iota
	Direction
	Subject
	Kind
	Segment
	Cause
	Department
	Agent
	source // where the rows came from, as decimal digits
	numDims
)

// partCols is how many columns a part has: texts, start and step, sums.
const partCols = int(numDims) + 2 + cubeSums

// part is a table of sums: rows of dimension texts, a start and sums, kept by
// column. Columns that nobody asks for are skipped in reading.
type part struct {
	texts []string
	dims  [numDims][]uint32 // index into texts, per row; none: all rows empty
	start []int64           // seconds since midnight UTC of the civil day's start; none for daily rows
	step  []int64
	sums  [cubeSums][]float64 // none: all zero; some may be the same slice
	rows  int

	own [cubeSums][]float64 // what sums are read into
}

// cursor reads from a part.
type cursor struct {
	b   []byte
	bad bool
}

func (c *cursor) uvarint() uint64 {
	if len(c.b) > 0 && c.b[0] < 0x80 { // most numbers are one byte
		v := uint64(c.b[0])
		c.b = c.b[1:]
		return v
	}
	v, n := binary.Uvarint(c.b)
	if n <= 0 {
		c.bad, c.b = true, nil
		return 0
	}
	c.b = c.b[n:]
	return v
}

func (c *cursor) varint() int64 {
	u := c.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

func (c *cursor) bytes(n uint64) []byte {
	if n > uint64(len(c.b)) {
		c.bad, c.b = true, nil
		return nil
	}
	out := c.b[:n]
	c.b = c.b[n:]
	return out
}

func (c *cursor) sum() float64 {
	u := c.uvarint()
	if u&1 == 0 {
		u >>= 1
		return float64(int64(u>>1) ^ -int64(u&1))
	}
	raw := c.bytes(8)
	if raw == nil {
		return 0
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(raw))
}

// want says which columns of a part are read.
type want struct {
	dims [numDims]bool
	time bool
	sums [cubeSums]bool
}

// decode reads the wanted columns of b into p, whose slices are used again.
func (p *part) decode(b []byte, w *want) error {
	if len(b) == 0 || b[0] != partVersion {
		return errPart
	}
	c := cursor{b: b[1:]}
	rows := c.uvarint()
	if rows > uint64(len(b)) {
		return errPart
	}
	p.rows = int(rows)
	n := c.uvarint()
	if n > uint64(len(b)) {
		return errPart
	}
	p.texts = p.texts[:0]
	for range n {
		p.texts = append(p.texts, string(c.bytes(c.uvarint())))
	}
	var raws [partCols][]byte
	var same [partCols]int // an earlier column with the same values, else the column itself
	for i := range raws {
		same[i] = i
		if v := c.uvarint(); v&1 == 0 {
			raws[i] = c.bytes(v >> 1)
		} else if j := v >> 1; j < uint64(i) {
			same[i] = same[j]
			raws[i] = raws[j]
		} else {
			return errPart
		}
		if len(raws[i]) > 0 && len(raws[i]) < p.rows { // a value takes a byte at least
			return errPart
		}
	}
	for d := range p.dims {
		if p.dims[d] = p.dims[d][:0]; w.dims[d] && len(raws[d]) > 0 {
			p.dims[d] = c.numbers(raws[d], slices.Grow(p.dims[d], p.rows)[:p.rows], n)
		}
	}
	for i, to := range []*[]int64{&p.start, &p.step} {
		raw := raws[int(numDims)+i]
		*to = (*to)[:0]
		if !w.time || len(raw) == 0 {
			continue
		}
		in := cursor{b: raw}
		last := int64(0)
		for range p.rows {
			v := in.varint()
			if i == 0 { // starts are written as steps from the one before
				v += last
				last = v
			}
			*to = append(*to, v)
		}
		c.bad = c.bad || in.bad
	}
	const first = int(numDims) + 2
	var read [cubeSums]bool
	for s := range p.sums {
		p.sums[s] = nil
		raw := raws[first+s]
		if !w.sums[s] || len(raw) == 0 {
			continue
		}
		from := same[first+s] - first
		if from < 0 { // it looks like a column of texts
			from = s
		}
		if !read[from] {
			read[from] = true
			p.own[from] = c.sums(raw, slices.Grow(p.own[from][:0], p.rows)[:p.rows])
		}
		p.sums[s] = p.own[from]
	}
	if c.bad {
		return errPart
	}
	return nil
}

// numbers reads a column of numbers below n.
func (c *cursor) numbers(raw []byte, out []uint32, n uint64) []uint32 {
	in := cursor{b: raw}
	for i := range out {
		v := in.uvarint()
		if v >= n {
			c.bad, v = true, 0
		}
		out[i] = uint32(v)
	}
	c.bad = c.bad || in.bad
	return out
}

// sums reads a column of sums. Most are whole and below 32, thus one byte, whose
// last bit is their sign, and zero the most of all.
func (c *cursor) sums(raw []byte, out []float64) []float64 {
	at := 0
	for i := range out {
		if at < len(raw) {
			if v := raw[at]; v < 0x80 && v&3 == 0 {
				out[i] = float64(v >> 2)
				at++
				continue
			}
		}
		in := cursor{b: raw[at:]}
		out[i] = in.sum()
		if in.bad {
			c.bad = true
			return out[:0]
		}
		at = len(raw) - len(in.b)
	}
	return out
}

// text returns the text of a dimension in a row.
func (p *part) text(d Dim, row int) string {
	if len(p.dims[d]) == 0 {
		return ""
	}
	return p.texts[p.dims[d][row]]
}
