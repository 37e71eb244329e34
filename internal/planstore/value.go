package planstore

import (
	"database/sql"
	"encoding/binary"
	"fmt"
	"math"
	"time"

	"kcc/internal/calendar"
)

// real reads a REAL column in which NULL is NaN. SQLite itself stores NaN as
// NULL, so writing needs nothing.
type real float64

// Scan implements sql.Scanner.
func (r *real) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*r = real(math.NaN())
	case float64:
		*r = real(v)
	case int64:
		*r = real(v)
	default:
		return fmt.Errorf("a %T in a REAL column", v)
	}
	return nil
}

// packFloats writes numbers as float64, little-endian: small, exact, and NaN
// stays NaN.
func packFloats(xs []float64) []byte {
	b := make([]byte, 0, 8*len(xs))
	for _, x := range xs {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
	}
	return b
}

// unpackFloats is the reverse of packFloats; no numbers give nil.
func unpackFloats(b []byte) ([]float64, error) {
	if len(b)%8 != 0 {
		return nil, fmt.Errorf("a list of numbers has %d bytes", len(b))
	}
	if len(b) == 0 {
		return nil, nil
	}
	out := make([]float64, len(b)/8)
	for i := range out {
		out[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[8*i:]))
	}
	return out, nil
}

func seconds(d time.Duration) int64 { return int64(d / time.Second) }

func duration(s int64) time.Duration { return time.Duration(s) * time.Second }

// maybe gives NULL for what is not set.
func maybe[T any](v T, set bool) sql.Null[T] { return sql.Null[T]{V: v, Valid: set} }

// weekdayMask packs weekdays, bit 0 for Sunday.
func weekdayMask(days [7]bool) int64 {
	var m int64
	for d, on := range days {
		if on {
			m |= 1 << d
		}
	}
	return m
}

func weekdays(mask int64) (days [7]bool) {
	for d := range days {
		days[d] = mask&(1<<d) != 0
	}
	return days
}

// at turns stored seconds into a time in loc, nil meaning UTC.
func at(unix int64, loc *time.Location) time.Time {
	if loc == nil {
		loc = time.UTC
	}
	return time.Unix(unix, 0).In(loc)
}

func dayNumber(d calendar.Date) int64 { return int64(d) }
