package sqlpages

import (
	"encoding/binary"
	"math"
)

// Record builds one record, value by value in the order of the columns.
type Record struct {
	head, body []byte
}

// Reset begins a new record.
func (r *Record) Reset() { r.head, r.body = r.head[:0], r.body[:0] }

// Null adds NULL.
func (r *Record) Null() { r.head = append(r.head, 0) }

// IsEmpty reports whether a record has no values.
func (r *Record) IsEmpty() bool { return len(r.head) == 0 }

// Record adds all values of another record.
func (r *Record) Record(o *Record) {
	r.head = append(r.head, o.head...)
	r.body = append(r.body, o.body...)
}

// Int adds a whole number in the fewest bytes.
func (r *Record) Int(v int64) {
	switch {
	case v == 0:
		r.head = append(r.head, typeZero)
	case v == 1:
		r.head = append(r.head, typeOne)
	case v == int64(int8(v)):
		r.head = append(r.head, 1)
		r.body = append(r.body, byte(v))
	case v == int64(int16(v)):
		r.head = append(r.head, 2)
		r.body = append(r.body, byte(v>>8), byte(v))
	case v == v<<40>>40:
		r.head = append(r.head, 3)
		r.body = append(r.body, byte(v>>16), byte(v>>8), byte(v))
	case v == int64(int32(v)):
		r.head = append(r.head, 4)
		r.body = binary.BigEndian.AppendUint32(r.body, uint32(v))
	case v == v<<16>>16:
		r.head = append(r.head, 5)
		r.body = append(r.body, byte(v>>40), byte(v>>32), byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
	default:
		r.head = append(r.head, 6)
		r.body = binary.BigEndian.AppendUint64(r.body, uint64(v))
	}
}

// Whole numbers up to here are kept by SQLite as such in columns of type REAL.
const maxWholeReal = 1 << 47

// Real adds a number of a column of type REAL; whole ones take the form of Int,
// as SQLite writes them, and NaN is NULL.
func (r *Record) Real(v float64) {
	n := int64(v)
	switch {
	case float64(n) == v && n > -maxWholeReal && n < maxWholeReal && (n != 0 || !math.Signbit(v)):
		r.Int(n)
	case math.IsNaN(v):
		r.Null()
	default:
		r.head = append(r.head, typeReal)
		r.body = binary.BigEndian.AppendUint64(r.body, math.Float64bits(v))
	}
}

// Reals adds numbers of columns of type REAL, many of them 0.
func (r *Record) Reals(vs []float64) {
	for _, v := range vs {
		if math.Float64bits(v) == 0 {
			r.head = append(r.head, typeZero)
		} else {
			r.Real(v)
		}
	}
}

// Text adds a text.
func (r *Record) Text(s string) {
	r.head = appendVarint(r.head, uint64(len(s))*2+typeText)
	r.body = append(r.body, s...)
}

// Bytes adds a text that is held as bytes.
func (r *Record) Bytes(s []byte) {
	r.head = appendVarint(r.head, uint64(len(s))*2+typeText)
	r.body = append(r.body, s...)
}

// Append appends the record to dst.
func (r *Record) Append(dst []byte) []byte {
	size := len(r.head) + 1
	if size > 127 {
		size++ // the size of the header counts itself
	}
	dst = appendVarint(dst, uint64(size))
	dst = append(dst, r.head...)
	return append(dst, r.body...)
}

// Serial types of values; 1 to 6 are whole numbers of 1, 2, 3, 4, 6 and 8 bytes.
const (
	typeReal = 7
	typeZero = 8
	typeOne  = 9
	typeText = 13
)

// Value is one value of a record as it is stored.
type Value struct {
	typ  uint64
	data []byte
}

// Text returns a text, "" for everything else.
func (v Value) Text() []byte {
	if v.typ < typeText {
		return nil
	}
	return v.data
}

// Int returns a whole number, 0 for everything else.
func (v Value) Int() int64 {
	switch {
	case v.typ == typeOne:
		return 1
	case v.typ == 0 || v.typ >= typeReal:
		return 0
	}
	n := int64(int8(v.data[0]))
	for _, b := range v.data[1:] {
		n = n<<8 | int64(b)
	}
	return n
}

// Values appends the values of a record that this package made to dst. They
// point into the record.
func Values(record []byte, dst []Value) []Value {
	size, n := varint(record)
	body := record[size:]
	for head := record[n:size]; len(head) > 0; {
		t, n := varint(head)
		head = head[n:]
		size := typeSize(t)
		dst = append(dst, Value{t, body[:size]})
		body = body[size:]
	}
	return dst
}

func typeSize(t uint64) int {
	switch {
	case t >= 12:
		return int(t-12) / 2
	case t < 5:
		return int(t)
	case t == 5:
		return 6
	case t < typeZero:
		return 8
	}
	return 0
}

// Value adds a value of another record.
func (r *Record) Value(v Value) {
	r.head = appendVarint(r.head, v.typ)
	r.body = append(r.body, v.data...)
}

// appendVarint appends v as SQLite writes it: seven bits a byte, the high ones
// first, the ninth byte whole.
func appendVarint(dst []byte, v uint64) []byte {
	if v < 1<<7 {
		return append(dst, byte(v))
	}
	if v >= 1<<56 {
		for s := 57; s >= 8; s -= 7 {
			dst = append(dst, byte(v>>s)|0x80)
		}
		return append(dst, byte(v))
	}
	s := 7
	for v>>(s+7) != 0 {
		s += 7
	}
	for ; s > 0; s -= 7 {
		dst = append(dst, byte(v>>s)|0x80)
	}
	return append(dst, byte(v)&0x7f)
}

func varint(b []byte) (v uint64, n int) {
	for i := range 8 {
		v = v<<7 | uint64(b[i]&0x7f)
		if b[i] < 0x80 {
			return v, i + 1
		}
	}
	return v<<8 | uint64(b[8]), 9
}
