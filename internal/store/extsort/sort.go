// Package extsort sorts more byte strings than fit in memory: sorted runs in a
// temporary file, merged when they are read back.
package extsort

import (
	"bufio"
	"bytes"
	"container/heap"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
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
	file  *os.File
	end   int64
	runs  []span
}

// item is one string of the arena; when it is sorted, the first bytes in which it may
// differ from others are at hand.
type item struct {
	prefix uint64
	at     uint32
	size   uint32
}

type span struct{ from, to int64 }

// DefaultLimit is how many bytes a Sorter keeps in memory unless told otherwise.
const DefaultLimit = 16 << 20

// itemSize is what an item takes beside its bytes.
const itemSize = 16

// mergeBuffer is the read-ahead of one run.
const mergeBuffer = 32 << 10

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

// prefixOf returns the first bytes of b, which order it among others.
func prefixOf(b []byte) uint64 {
	if len(b) >= 8 {
		return binary.BigEndian.Uint64(b)
	}
	var p [8]byte
	copy(p[:], b)
	return binary.BigEndian.Uint64(p[:])
}

func (s *Sorter) bytes(it item) []byte { return s.arena[it.at : it.at+it.size] }

func (s *Sorter) sort() {
	n := s.common() // what all begin with orders none
	for i := range s.items {
		s.items[i].prefix = prefixOf(s.bytes(s.items[i])[n:])
	}
	slices.SortFunc(s.items, func(a, b item) int {
		switch {
		case a.prefix < b.prefix:
			return -1
		case a.prefix > b.prefix:
			return 1
		}
		return bytes.Compare(s.bytes(a), s.bytes(b))
	})
}

// common returns how many bytes all strings begin with.
func (s *Sorter) common() int {
	if len(s.items) < 2 {
		return 0
	}
	first := s.bytes(s.items[0])
	n := len(first)
	for _, it := range s.items[1:] {
		b := s.bytes(it)
		n = min(n, len(b))
		for i := range n {
			if b[i] != first[i] {
				n = i
				break
			}
		}
		if n == 0 {
			break
		}
	}
	return n
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
	s.sort()
	w := bufio.NewWriterSize(io.NewOffsetWriter(s.file, s.end), 256<<10)
	n := int64(0)
	var head [binary.MaxVarintLen32]byte
	for _, it := range s.items {
		h := binary.PutUvarint(head[:], uint64(it.size))
		if _, err := w.Write(head[:h]); err != nil {
			return err
		}
		if _, err := w.Write(s.bytes(it)); err != nil {
			return err
		}
		n += int64(h) + int64(it.size)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	s.runs = append(s.runs, span{s.end, s.end + n})
	s.end += n
	s.arena, s.items = s.arena[:0], s.items[:0]
	return nil
}

// Each calls f for every string in order. What it gets lasts until f returns.
func (s *Sorter) Each(f func(b []byte) error) error {
	if len(s.runs) == 0 {
		s.sort()
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
	s.arena, s.items = nil, nil
	var h runs
	for _, r := range s.runs {
		one := &run{r: bufio.NewReaderSize(io.NewSectionReader(s.file, r.from, r.to-r.from), mergeBuffer)}
		ok, err := one.next()
		if err != nil {
			return err
		}
		if ok {
			h = append(h, one)
		}
	}
	heap.Init(&h)
	for len(h) > 0 {
		if err := f(h[0].cur); err != nil {
			return err
		}
		ok, err := h[0].next()
		if err != nil {
			return err
		}
		if !ok {
			heap.Pop(&h)
			continue
		}
		if len(h) > 1 {
			heap.Fix(&h, 0)
		}
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

// run reads one sorted run.
type run struct {
	r      *bufio.Reader
	prefix uint64
	cur    []byte
}

func (r *run) next() (bool, error) {
	n, err := binary.ReadUvarint(r.r)
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	r.cur = slices.Grow(r.cur[:0], max(int(n), 8))[:n]
	if _, err := io.ReadFull(r.r, r.cur); err != nil {
		return false, fmt.Errorf("sorted run: %w", err)
	}
	r.prefix = prefixOf(r.cur)
	return true, nil
}

// runs is a heap of runs by their next string.
type runs []*run

func (h runs) Len() int { return len(h) }
func (h runs) Less(i, j int) bool {
	if h[i].prefix != h[j].prefix {
		return h[i].prefix < h[j].prefix
	}
	return bytes.Compare(h[i].cur, h[j].cur) < 0
}
func (h runs) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *runs) Push(x any)   { *h = append(*h, x.(*run)) }
func (h *runs) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
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
