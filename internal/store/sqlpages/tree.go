package sqlpages

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrTooLong is of a row or entry that does not fit on a page.
var ErrTooLong = errors.New("a row is too long to be written in one piece")

// The largest payloads that stay on a page, and how much of a larger one does.
// Source: file format, section 1.6.
func (w *Writer) maxRow() int   { return w.size - 35 }
func (w *Writer) maxEntry() int { return (w.size-12)*64/255 - 23 }

func (w *Writer) localRow(payload int) int {
	least := (w.size-12)*32/255 - 23
	if k := least + (payload-least)%(w.size-4); k <= w.maxRow() {
		return k
	}
	return least
}

// Kinds of b-tree pages.
const (
	interiorIndex = 0x02
	interiorTable = 0x05
	leafIndex     = 0x0a
	leafTable     = 0x0d
)

// Tree is a table or an index that is being written.
type Tree struct {
	w      *Writer
	root   uint32
	done   bool
	index  bool
	levels []*level
	rowid  int64
	cell   []byte
}

// level is one level of a tree, the leaves at 0. A full page is held back until
// the next one is full, so that the last page is never left without a cell.
type level struct {
	cur, prev *page
	div       []byte // what stands between prev and cur one level up
}

type page struct {
	buf     []byte
	cells   int
	content int // where the content of the cells starts
	right   uint32
	head    int // bytes before the pointers to the cells
}

// Row adds a row to a table; rowids rise. What does not fit on a page goes on in
// pages of its own.
func (t *Tree) Row(rowid int64, record []byte) error {
	if rowid <= t.rowid {
		return fmt.Errorf("row %d comes after %d", rowid, t.rowid)
	}
	c := appendVarint(t.cell[:0], uint64(len(record)))
	c = appendVarint(c, uint64(rowid))
	if len(record) <= t.w.maxRow() {
		c = append(c, record...)
	} else {
		n := t.w.localRow(len(record))
		first, err := t.overflow(record[n:])
		if err != nil {
			return err
		}
		c = binary.BigEndian.AppendUint32(append(c, record[:n]...), first)
	}
	t.cell = c
	cur := t.at(0).cur
	if !cur.fits(len(c)) {
		var div [9]byte
		if err := t.turn(0, appendVarint(div[:0], uint64(t.rowid))); err != nil {
			return err
		}
		cur = t.levels[0].cur
	}
	cur.add(c)
	t.rowid = rowid
	return nil
}

// overflow writes the rest of a row as a chain of pages and returns the first.
func (t *Tree) overflow(rest []byte) (first uint32, err error) {
	page := make([]byte, t.w.size)
	for len(rest) > 0 {
		n := copy(page[4:], rest)
		rest = rest[n:]
		clear(page[4+n:])
		next := uint32(0)
		if len(rest) > 0 {
			if next = t.w.next + 1; next == t.w.lockPage() || t.w.next == t.w.lockPage() {
				next++
			}
		}
		binary.BigEndian.PutUint32(page, next)
		at, err := t.w.append(page)
		if err != nil {
			return 0, err
		}
		if first == 0 {
			first = at
		}
	}
	return first, nil
}

// Entry adds an entry to an index, or a row to a table without rowid; entries
// come in order.
func (t *Tree) Entry(record []byte) error {
	if len(record) > t.w.maxEntry() {
		return ErrTooLong
	}
	c := append(appendVarint(t.cell[:0], uint64(len(record))), record...)
	t.cell = c
	if cur := t.at(0).cur; cur.fits(len(c)) {
		cur.add(c)
		return nil
	}
	return t.turn(0, c)
}

func (t *Tree) at(l int) *level {
	if l == len(t.levels) {
		t.levels = append(t.levels, &level{cur: t.newPage(l > 0)})
	}
	return t.levels[l]
}

func (t *Tree) newPage(interior bool) *page {
	p := &page{buf: make([]byte, t.w.size)}
	p.clear(interior)
	return p
}

func (p *page) clear(interior bool) {
	p.cells, p.content, p.head = 0, len(p.buf), 8
	if interior {
		p.head = 12
	}
}

func (p *page) fits(n int) bool { return p.head+2*p.cells+2+n <= p.content }

// add adds a cell made of parts.
func (p *page) add(parts ...[]byte) {
	for i := len(parts) - 1; i >= 0; i-- {
		p.content -= len(parts[i])
		copy(p.buf[p.content:], parts[i])
	}
	binary.BigEndian.PutUint16(p.buf[p.head+2*p.cells:], uint16(p.content))
	p.cells++
}

// pop takes the last cell away and returns it.
func (p *page) pop() []byte {
	end := len(p.buf)
	if p.cells > 1 {
		end = int(binary.BigEndian.Uint16(p.buf[p.head+2*(p.cells-2):]))
	}
	c := p.buf[p.content:end]
	p.cells--
	p.content = end
	return c
}

// up adds a page to level l with what stands after it.
func (t *Tree) up(l int, child uint32, div []byte) error {
	cur := t.at(l).cur
	if !cur.fits(4 + len(div)) {
		cur.right = child
		return t.turn(l, div)
	}
	var ptr [4]byte
	binary.BigEndian.PutUint32(ptr[:], child)
	cur.add(ptr[:], div)
	return nil
}

// turn begins a new page on level l; div stands between it and the full one.
func (t *Tree) turn(l int, div []byte) error {
	lv := t.levels[l]
	spare := lv.prev
	if spare != nil {
		if err := t.hand(l); err != nil {
			return err
		}
		spare.clear(l > 0)
	} else {
		spare = t.newPage(l > 0)
	}
	lv.prev, lv.cur = lv.cur, spare
	lv.div = append(lv.div[:0], div...)
	return nil
}

// hand writes the page held back and tells the level above.
func (t *Tree) hand(l int) error {
	lv := t.levels[l]
	n, err := t.write(l, lv.prev)
	if err != nil {
		return err
	}
	return t.up(l+1, n, lv.div)
}

// Finish writes the last pages of a tree; nothing can be added to it afterwards.
func (t *Tree) Finish() error {
	if t.done {
		return nil
	}
	t.done = true
	err := t.finish(0, 0)
	t.levels, t.cell = nil, nil
	return err
}

// finish writes what is left from level l up, the last page in place of the root.
func (t *Tree) finish(l int, last uint32) error {
	lv := t.at(l)
	lv.cur.right = last
	if lv.prev == nil {
		t.header(l, lv.cur)
		_, err := t.w.f.WriteAt(lv.cur.buf, int64(t.root-1)*int64(t.w.size))
		return err
	}
	if lv.cur.cells == 0 {
		// The last page has no cell: it takes what stands before it, and the last cell
		// of the page before takes that place.
		c := lv.prev.pop()
		if l == 0 {
			lv.cur.add(lv.div)
			lv.div = append(lv.div[:0], c...)
		} else {
			var ptr [4]byte
			binary.BigEndian.PutUint32(ptr[:], lv.prev.right)
			lv.cur.add(ptr[:], lv.div)
			lv.prev.right = binary.BigEndian.Uint32(c)
			lv.div = append(lv.div[:0], c[4:]...)
		}
	}
	if err := t.hand(l); err != nil {
		return err
	}
	n, err := t.write(l, lv.cur)
	if err != nil {
		return err
	}
	return t.finish(l+1, n)
}

func (t *Tree) write(l int, p *page) (uint32, error) {
	t.header(l, p)
	return t.w.append(p.buf)
}

// header fills the header of a page of level l.
func (t *Tree) header(l int, p *page) {
	kind := byte(leafTable)
	switch {
	case t.index && l == 0:
		kind = leafIndex
	case t.index:
		kind = interiorIndex
	case l > 0:
		kind = interiorTable
	}
	b := p.buf
	b[0], b[1], b[2] = kind, 0, 0
	binary.BigEndian.PutUint16(b[3:], uint16(p.cells))
	binary.BigEndian.PutUint16(b[5:], uint16(p.content))
	b[7] = 0
	if kind == interiorIndex || kind == interiorTable {
		binary.BigEndian.PutUint32(b[8:], p.right)
	}
}
