package kpi

import (
	"encoding/binary"
	"errors"
	"math"
)

// errPart is returned for a part that cannot be read.
var errPart = errors.New("a part of the report figures is damaged")

// partVersion is the first byte of a part; another one is made again.
const partVersion = 1

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

// part is a table of sums: rows of dimension texts, a start and sums, kept by
// column. Columns that nobody asks for are skipped in reading.
type part struct {
	texts []string
	dims  [numDims][]uint32 // index into texts, per row; nil: all rows empty
	start []int64           // seconds since midnight UTC of the civil day's start; nil for daily rows
	step  []int64
	sums  [cubeSums][]float64 // nil: all zero
	rows  int
}

// encode writes a part: version, rows, texts, then each column as its length
// and its values. Whole numbers, which nearly all sums are, take a few bits.
func (p *part) encode() []byte {
	b := []byte{partVersion}
	b = binary.AppendUvarint(b, uint64(p.rows))
	b = binary.AppendUvarint(b, uint64(len(p.texts)))
	for _, t := range p.texts {
		b = binary.AppendUvarint(b, uint64(len(t)))
		b = append(b, t...)
	}
	var col []byte
	put := func() {
		b = binary.AppendUvarint(b, uint64(len(col)))
		b = append(b, col...)
		col = col[:0]
	}
	for d := range p.dims {
		for _, v := range p.dims[d] {
			col = binary.AppendUvarint(col, uint64(v))
		}
		put()
	}
	last := int64(0)
	for _, v := range p.start {
		col = binary.AppendVarint(col, v-last)
		last = v
	}
	put()
	for _, v := range p.step {
		col = binary.AppendVarint(col, v)
	}
	put()
	for s := range p.sums {
		for _, v := range p.sums[s] {
			col = appendSum(col, v)
		}
		put()
	}
	return b
}

// maxWhole is the largest float64 that is written as a whole number.
const maxWhole = 1 << 53

func appendSum(b []byte, v float64) []byte {
	if v == math.Trunc(v) && math.Abs(v) < maxWhole {
		n := int64(v)
		return binary.AppendUvarint(b, uint64(n<<1^n>>63)<<1)
	}
	b = append(b, 1)
	return binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
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
	if rows > uint64(len(b))*8+1 {
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
	column := func(read bool, each func(*cursor)) bool {
		raw := c.bytes(c.uvarint())
		if !read || len(raw) == 0 {
			return false
		}
		in := cursor{b: raw}
		for range p.rows {
			each(&in)
		}
		c.bad = c.bad || in.bad
		return true
	}
	for d := range p.dims {
		out := p.dims[d][:0]
		if !column(w.dims[d], func(in *cursor) {
			v := in.uvarint()
			if v >= n {
				in.bad, v = true, 0
			}
			out = append(out, uint32(v))
		}) {
			out = nil
		}
		p.dims[d] = out
	}
	last := int64(0)
	start, step := p.start[:0], p.step[:0]
	if !column(w.time, func(in *cursor) { last += in.varint(); start = append(start, last) }) {
		start = nil
	}
	if !column(w.time, func(in *cursor) { step = append(step, in.varint()) }) {
		step = nil
	}
	p.start, p.step = start, step
	for s := range p.sums {
		out := p.sums[s][:0]
		if !column(w.sums[s], func(in *cursor) { out = append(out, in.sum()) }) {
			out = nil
		}
		p.sums[s] = out
	}
	if c.bad {
		return errPart
	}
	return nil
}

// text returns the text of a dimension in a row.
func (p *part) text(d Dim, row int) string {
	if p.dims[d] == nil {
		return ""
	}
	return p.texts[p.dims[d][row]]
}

// cellKey is a row of a part being made: texts by number, and the start.
type cellKey struct {
	dims  [numDims]uint32
	start int64
	step  int64
}

// builder gathers the rows of a part.
type builder struct {
	texts map[string]uint32
	list  []string
	rows  map[cellKey]*Sums
	order []cellKey
}

func newBuilder() *builder {
	return &builder{texts: map[string]uint32{"": 0}, list: []string{""}, rows: map[cellKey]*Sums{}}
}

// id returns the number of a text.
func (b *builder) id(s string) uint32 {
	if s == "" {
		return 0
	}
	n, ok := b.texts[s]
	if !ok {
		n = uint32(len(b.list))
		b.texts[s] = n
		b.list = append(b.list, s)
	}
	return n
}

// cell returns the sums of a row, made on first use.
func (b *builder) cell(k cellKey) *Sums {
	s := b.rows[k]
	if s == nil {
		s = &Sums{}
		b.rows[k] = s
		b.order = append(b.order, k)
	}
	return s
}

// part returns what was gathered, nil when nothing was.
func (b *builder) part() *part {
	if len(b.order) == 0 {
		return nil
	}
	p := &part{texts: b.list, rows: len(b.order)}
	for d := range p.dims {
		used := false
		for _, k := range b.order {
			used = used || k.dims[d] != 0
		}
		if used {
			for _, k := range b.order {
				p.dims[d] = append(p.dims[d], k.dims[d])
			}
		}
	}
	timed := false
	for _, k := range b.order {
		timed = timed || k.step != 0
	}
	if timed {
		for _, k := range b.order {
			p.start, p.step = append(p.start, k.start), append(p.step, k.step)
		}
	}
	for s := range p.sums {
		used := false
		for _, k := range b.order {
			used = used || b.rows[k][s] != 0
		}
		if used {
			for _, k := range b.order {
				p.sums[s] = append(p.sums[s], b.rows[k][s])
			}
		}
	}
	return p
}

// drop empties the rows that have both texts.
func (b *builder) drop(d1 Dim, t1 string, d2 Dim, t2 string) {
	keep := b.order[:0]
	for _, k := range b.order {
		if b.list[k.dims[d1]] == t1 && b.list[k.dims[d2]] == t2 {
			delete(b.rows, k)
			continue
		}
		keep = append(keep, k)
	}
	b.order = keep
}
