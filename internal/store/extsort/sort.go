// Package extsort sorts more byte strings than fit in memory: sorted runs in a
// temporary file, merged when they are read back.
package extsort

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"slices"
)

// Sorter orders byte strings by bytes.Compare; equal ones are all kept.
type Sorter struct {
	dir   string
	limit int // bytes kept in memory
	arena []byte
	items []item
	out   []byte // to be written
	file  *os.File
	end   int64
	runs  []span
}

type span struct{ from, to int64 }

// DefaultLimit is how many bytes a Sorter keeps in memory unless told otherwise.
const DefaultLimit = 16 << 20

// itemSize is what an item takes beside its bytes.
const itemSize = 16

// Sizes of what is written and read at a time; of the latter there is one for each
// run.
const (
	writeBuffer = 256 << 10
	mergeBuffer = 32 << 10
)

// New returns a Sorter that keeps runs in a temporary file in dir; limit 0 is
// DefaultLimit.
func New(dir string, limit int) *Sorter {
	if limit <= 0 {
		limit = DefaultLimit
	}
	return &Sorter{dir: dir, limit: min(limit, math.MaxInt32)}
}

// Add adds a copy of b.
func (s *Sorter) Add(b []byte) error {
	if len(s.items) > 0 && len(s.arena)+len(b)+(len(s.items)+1)*itemSize > s.limit {
		if err := s.spill(); err != nil {
			return err
		}
	}
	s.items = append(s.items, item{at: uint32(len(s.arena)), size: uint32(len(b))})
	s.arena = append(s.arena, b...)
	return nil
}

// spill writes what is in memory as a run.
func (s *Sorter) spill() error {
	if s.file == nil {
		f, err := Temp(s.dir)
		if err != nil {
			return err
		}
		s.file = f
	}
	s.order(s.items, 0)
	from := s.end
	write := func() error {
		n, err := s.file.WriteAt(s.out, s.end)
		s.end += int64(n)
		s.out = s.out[:0]
		return err
	}
	for _, it := range s.items {
		if len(s.out)+binary.MaxVarintLen32+int(it.size) > writeBuffer {
			if err := write(); err != nil {
				return err
			}
		}
		s.out = binary.AppendUvarint(s.out, uint64(it.size))
		s.out = append(s.out, s.bytes(it)...)
	}
	if err := write(); err != nil {
		return err
	}
	s.runs = append(s.runs, span{from, s.end})
	s.arena, s.items = s.arena[:0], s.items[:0]
	return nil
}

// Each calls f for every string in order. What it gets lasts until f returns.
func (s *Sorter) Each(f func(b []byte) error) error {
	if len(s.runs) == 0 {
		s.order(s.items, 0)
		for _, it := range s.items {
			if err := f(s.bytes(it)); err != nil {
				return err
			}
		}
		return nil
	}
	if len(s.items) > 0 {
		if err := s.spill(); err != nil {
			return err
		}
	}
	s.arena, s.items, s.out = nil, nil, nil
	var h runs
	for _, r := range s.runs {
		one := &run{file: s.file, span: r}
		ok, err := one.next()
		if err != nil {
			return err
		}
		if ok {
			h = append(h, one)
		}
	}
	slices.SortFunc(h, func(a, b *run) int { return bytes.Compare(a.cur, b.cur) }) // which is a heap, too
	for len(h) > 0 {
		if err := f(h[0].cur); err != nil {
			return err
		}
		ok, err := h[0].next()
		if err != nil {
			return err
		}
		if !ok {
			last := len(h) - 1
			h[0], h[last] = h[last], nil
			h = h[:last]
		}
		h.settle()
	}
	return nil
}

// Close removes the temporary file.
func (s *Sorter) Close() error {
	s.arena, s.items = nil, nil
	if s.file == nil {
		return nil
	}
	f := s.file
	s.file = nil
	return Remove(f)
}

// Temp makes a temporary file in dir that is gone when the process ends, however
// it ends, where the system allows that.
func Temp(dir string) (*os.File, error) {
	f, err := os.CreateTemp(dir, "kcc-*.tmp")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(f.Name()) // Windows keeps it until Remove
	return f, nil
}

// Remove closes a file of Temp and removes it.
func Remove(f *os.File) error {
	err := f.Close()
	_ = os.Remove(f.Name()) // gone already but on Windows
	return err
}
