package sqlpages

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
)

// Writer writes one database file.
type Writer struct {
	f       *os.File
	next    uint32 // number of the next page
	objects []object
}

type object struct {
	kind, name, table, sql string
	tree                   *Tree
	root                   uint32
}

// lockPage is the page that SQLite leaves alone, for locks.
const lockPage = 1<<30/pageSize + 1

// Create begins a database file at path, in place of one that is there.
func Create(path string) (*Writer, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	return &Writer{f: f, next: 2}, nil
}

// Table adds a table with its SQL. A table without rowid takes entries, as an
// index does: its primary key, then the other columns.
func (w *Writer) Table(name, sql string, withoutRowid bool) *Tree {
	return w.add(object{kind: "table", name: name, table: name, sql: sql}, withoutRowid)
}

// Index adds an index with its SQL; entries are its columns and the rowid.
func (w *Writer) Index(name, table, sql string) *Tree {
	return w.add(object{kind: "index", name: name, table: table, sql: sql}, true)
}

func (w *Writer) add(o object, index bool) *Tree {
	o.tree = &Tree{w: w, index: index}
	w.objects = append(w.objects, o)
	return o.tree
}

// Finish writes the last pages of a tree; nothing can be added to it afterwards.
func (t *Tree) Finish() error {
	for i := range t.w.objects {
		o := &t.w.objects[i]
		if o.tree != t || o.root != 0 {
			continue
		}
		var err error
		if o.root, err = t.finish(0, 0); err != nil {
			return err
		}
		t.levels, t.cell = nil, nil
	}
	return nil
}

func (w *Writer) append(page []byte) (uint32, error) {
	if w.next == lockPage {
		w.next++
	}
	n := w.next
	w.next++
	_, err := w.f.WriteAt(page, int64(n-1)*pageSize)
	return n, err
}

// Close finishes the trees and writes the first page.
func (w *Writer) Close() error {
	return errors.Join(w.finish(), w.f.Close())
}

// Abandon closes the file as it is; it holds no database.
func (w *Writer) Abandon() error { return w.f.Close() }

// headerSize is how many bytes of the first page the file header takes.
const headerSize = 100

func (w *Writer) finish() error {
	p := &page{content: pageSize, head: headerSize + 8}
	// SQLite reads the definitions in order: a table stands before its indexes.
	slices.SortStableFunc(w.objects, func(a, b object) int { return strings.Compare(b.kind, a.kind) })
	var r Record
	for i, o := range w.objects {
		if err := o.tree.Finish(); err != nil {
			return err
		}
		r.Reset()
		for _, s := range []string{o.kind, o.name, o.table} {
			r.Text(s)
		}
		r.Int(int64(w.objects[i].root))
		r.Text(o.sql)
		rec := r.Append(nil)
		c := appendVarint(nil, uint64(len(rec)))
		c = appendVarint(c, uint64(i+1))
		if !p.fits(len(c) + len(rec)) {
			return fmt.Errorf("%w: the definitions of tables", ErrTooLong)
		}
		p.add(c, rec)
	}
	p.header(headerSize, leafTable)
	h := p.buf[:headerSize]
	copy(h, "SQLite format 3\x00")
	binary.BigEndian.PutUint16(h[16:], pageSize)
	h[18], h[19] = 1, 1                          // no write-ahead log
	h[21], h[22], h[23] = 64, 32, 32             // payload fractions, fixed
	binary.BigEndian.PutUint32(h[24:], 1)        // change counter
	binary.BigEndian.PutUint32(h[28:], w.next-1) // pages
	binary.BigEndian.PutUint32(h[40:], 1)        // schema cookie
	binary.BigEndian.PutUint32(h[44:], 4)        // schema format
	binary.BigEndian.PutUint32(h[56:], 1)        // UTF-8
	binary.BigEndian.PutUint32(h[92:], 1)        // change counter that the version is of
	binary.BigEndian.PutUint32(h[96:], 3046000)  // version of the format's writer
	_, err := w.f.WriteAt(p.buf[:], 0)
	return err
}
