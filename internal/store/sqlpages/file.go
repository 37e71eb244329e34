package sqlpages

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
)

// Writer adds the pages of trees to one database file.
type Writer struct {
	f     *os.File
	size  int    // of a page
	next  uint32 // number of the next page
	trees []*Tree
	buf   []byte // pages not yet written, up to the one before next
}

// ErrForm is of a file whose form this package does not write.
var ErrForm = errors.New("the form of the database file is another one")

// Offsets in the header of the file. Source: file format, section 1.3.
const (
	atPageSize = 16
	atReserved = 20
	atChanges  = 24
	atPages    = 28
	atVacuum   = 52
	atValidFor = 92
	headerSize = 100
)

// lockPage is the page that SQLite leaves alone, for locks.
func (w *Writer) lockPage() uint32 { return uint32(1<<30/w.size) + 1 }

// Open opens a database file that no one else has open and that has no journal
// beside it.
func Open(path string) (*Writer, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	w := &Writer{f: f}
	if err := w.readHeader(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return w, nil
}

func (w *Writer) readHeader() error {
	var h [headerSize]byte
	if _, err := w.f.ReadAt(h[:], 0); err != nil {
		return err
	}
	w.size = int(binary.BigEndian.Uint16(h[atPageSize:]))
	if w.size == 1 {
		w.size = 1 << 16
	}
	st, err := w.f.Stat()
	if err != nil {
		return err
	}
	pages := binary.BigEndian.Uint32(h[atPages:])
	switch {
	case string(h[:16]) != "SQLite format 3\x00", h[atReserved] != 0, binary.BigEndian.Uint32(h[atVacuum:]) != 0, w.size < 1<<10, w.size > 1<<15:
		return ErrForm
	case st.Size() != int64(pages)*int64(w.size):
		return fmt.Errorf("%w: it has %d bytes, not %d pages of %d", ErrForm, st.Size(), pages, w.size)
	}
	w.next = pages + 1
	return nil
}

// Table returns the empty table whose root is a page of the file, to be filled.
func (w *Writer) Table(root uint32) *Tree { return w.add(root, false) }

// Index returns the empty index whose root is a page of the file; its entries are
// its columns and the rowid. A table without rowid is one, too: its entries are the
// primary key, then the other columns.
func (w *Writer) Index(root uint32) *Tree { return w.add(root, true) }

func (w *Writer) add(root uint32, index bool) *Tree {
	t := &Tree{w: w, root: root, index: index}
	w.trees = append(w.trees, t)
	return t
}

// bufferSize is how many bytes are written at once.
const bufferSize = 512 << 10

// append adds a page and returns its number.
func (w *Writer) append(page []byte) (uint32, error) {
	if w.next == w.lockPage() {
		if err := w.flush(); err != nil {
			return 0, err
		}
		w.next++
	}
	if w.buf == nil {
		w.buf = make([]byte, 0, bufferSize)
	}
	w.buf = append(w.buf, page...)
	n := w.next
	w.next++
	if len(w.buf)+w.size > cap(w.buf) {
		return n, w.flush()
	}
	return n, nil
}

func (w *Writer) flush() error {
	if len(w.buf) == 0 {
		return nil
	}
	_, err := w.f.WriteAt(w.buf, int64(w.next-1)*int64(w.size)-int64(len(w.buf)))
	w.buf = w.buf[:0]
	return err
}

// Close finishes the trees and the file.
func (w *Writer) Close() error { return errors.Join(w.finish(), w.f.Close()) }

// Abandon closes the file, which holds no database any more.
func (w *Writer) Abandon() error { return w.f.Close() }

func (w *Writer) finish() error {
	for _, t := range w.trees {
		if err := t.Finish(); err != nil {
			return err
		}
	}
	if err := w.flush(); err != nil {
		return err
	}
	var h [headerSize]byte
	if _, err := w.f.ReadAt(h[:], 0); err != nil {
		return err
	}
	binary.BigEndian.PutUint32(h[atPages:], w.next-1)
	changes := binary.BigEndian.Uint32(h[atChanges:]) + 1
	binary.BigEndian.PutUint32(h[atChanges:], changes)
	binary.BigEndian.PutUint32(h[atValidFor:], changes)
	_, err := w.f.WriteAt(h[:], 0)
	return err
}
