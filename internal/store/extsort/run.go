package extsort

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// run reads one sorted run.
type run struct {
	file   *os.File
	span          // not read yet
	buf    []byte // read, not yet given
	mem    []byte // of buf
	prefix uint64
	cur    []byte // in buf; lasts until next
}

// next turns to the next string; false at the end.
func (r *run) next() (bool, error) {
	for {
		if size, n := binary.Uvarint(r.buf); n > 0 && len(r.buf)-n >= int(size) {
			r.cur, r.buf = r.buf[n:n+int(size)], r.buf[n+int(size):]
			r.prefix = prefixOf(r.cur)
			return true, nil
		}
		if r.from == r.to {
			if len(r.buf) == 0 {
				return false, nil
			}
			return false, fmt.Errorf("sorted run: %w", io.ErrUnexpectedEOF)
		}
		if err := r.fill(); err != nil {
			return false, fmt.Errorf("sorted run: %w", err)
		}
	}
}

// fill reads on.
func (r *run) fill() error {
	mem := r.mem
	if len(r.buf) == len(mem) { // a string longer than that
		mem = make([]byte, max(mergeBuffer, 2*len(mem)))
	}
	have := copy(mem, r.buf)
	end := min(int64(len(mem)), int64(have)+r.to-r.from)
	got, err := r.file.ReadAt(mem[have:end], r.from)
	r.from += int64(got)
	r.mem, r.buf = mem, mem[:have+got]
	if errors.Is(err, io.EOF) && got > 0 {
		return nil
	}
	return err
}

// runs is a heap of runs by their next strings, the least first.
type runs []*run

func (h runs) less(i, j int) bool {
	if h[i].prefix != h[j].prefix {
		return h[i].prefix < h[j].prefix
	}
	return bytes.Compare(h[i].cur, h[j].cur) < 0
}

// settle moves the first run to where it belongs once it has turned to its next
// string.
func (h runs) settle() {
	i := 0
	for {
		least := 2*i + 1
		if least >= len(h) {
			return
		}
		if least+1 < len(h) && h.less(least+1, least) {
			least++
		}
		if !h.less(least, i) {
			return
		}
		h[i], h[least] = h[least], h[i]
		i = least
	}
}
