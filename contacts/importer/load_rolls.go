package importer

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"

	"kcc/contacts"
	"kcc/internal/store/extsort"
)

// dayDims are the columns of dayKey.dims.
var dayDims = [...]string{"direction", "subject", "kind", "segment", "cause", "department"}

// spill hands the cells of the roll-ups to their sorters.
func (l *loader) spill(r *rollups) error {
	words := r.words.list
	for i, k := range r.day.keys {
		e := appendShort(l.entry[:0], k.day, k.queue)
		for _, w := range k.dims {
			e = l.appendText(e, words[w])
		}
		l.entry = appendFigures(e, r.day.vals[i][:])
		if err := l.days.Add(l.entry); err != nil {
			return err
		}
	}
	for i, k := range r.vol.keys {
		v := &r.vol.vals[i]
		e := appendShort(appendInts(l.entry[:0], k.start), k.queue)
		e = l.appendText(e, words[k.subject])
		e = appendShort(e, k.step)
		e = binary.AppendVarint(e, v.day)
		l.entry = appendFigures(e, v.figures[:])
		if err := l.volumes.Add(l.entry); err != nil {
			return err
		}
	}
	r.resetCells()
	return nil
}

// appendShort appends whole numbers of 32 bits so that they sort as such.
func appendShort(b []byte, vs ...int32) []byte {
	for _, v := range vs {
		b = binary.BigEndian.AppendUint32(b, uint32(v)^1<<31)
	}
	return b
}

func shortAt(b []byte) int64 { return int64(int32(binary.BigEndian.Uint32(b) ^ 1<<31)) }

// appendFigures appends the figures that are not 0, each with its place: counts
// in few bytes, the others whole.
func appendFigures(b []byte, figures []float64) []byte {
	for i, f := range figures {
		switch {
		case f == 0:
		case f > 0 && f < 1<<53 && f == math.Trunc(f):
			b = append(b, byte(i)<<1)
			b = binary.AppendUvarint(b, uint64(f))
		default:
			b = append(b, byte(i)<<1|1)
			b = binary.BigEndian.AppendUint64(b, math.Float64bits(f))
		}
	}
	return b
}

// addFigures adds what appendFigures wrote.
func addFigures(b []byte, figures []float64) {
	for len(b) > 0 {
		i, exact := b[0]>>1, b[0]&1 == 0
		b = b[1:]
		if exact {
			v, n := binary.Uvarint(b)
			figures[i] += float64(v)
			b = b[n:]
			continue
		}
		figures[i] += math.Float64frombits(binary.BigEndian.Uint64(b))
		b = b[8:]
	}
}

// makeRolls makes the tables of roll-ups from the sorted cells.
func (l *loader) makeRolls() error {
	if err := l.spill(l.w.roll); err != nil {
		return err
	}
	if l.bad != nil {
		return l.bad
	}
	days, _ := contacts.DayColumns()
	err := l.makeRoll("volume_day", l.days, append([]string{"day", "queue_id"}, dayDims[:]...), days, func(b []byte) int {
		n := 8
		for range dayDims {
			n += bytes.IndexByte(b[n:], 0) + 1
		}
		return n
	}, func(key []byte, put func(name string, v any)) {
		put("day", shortAt(key))
		put("queue_id", shortAt(key[4:]))
		b := key[8:]
		for _, name := range dayDims {
			n := bytes.IndexByte(b, 0)
			put(name, b[:n])
			b = b[n+1:]
		}
	}, nil)
	if err != nil {
		return err
	}
	var day int64
	return l.makeRoll("volume_interval", l.volumes, []string{"start", "queue_id", "subject", "step_s", "day"}, volColumns[:], func(b []byte) int {
		return 12 + bytes.IndexByte(b[12:], 0) + 1 + 4
	}, func(key []byte, put func(name string, v any)) {
		put("start", intAt(key))
		put("queue_id", shortAt(key[8:]))
		put("subject", key[12:len(key)-5])
		put("step_s", shortAt(key[len(key)-4:]))
		put("day", day)
	}, func(b []byte) []byte {
		v, n := binary.Varint(b)
		day = v
		return b[n:]
	})
}

// makeRoll makes one table of roll-ups. keySize tells how much of an entry is its
// key, key puts the values of a key, and rest takes what stands before the
// figures.
func (l *loader) makeRoll(table string, s *extsort.Sorter, keys, figures []string, keySize func(b []byte) int,
	key func(b []byte, put func(name string, v any)), rest func(b []byte) []byte,
) error {
	t := l.tables[table]
	tree := l.out.Index(l.rootOf(table))
	// In a table without rowid the columns of the primary key come first.
	order := t.stored()
	const isFigure = 1 << 16
	place := make([]int, len(order)) // of keyVals or, from isFigure, of sums; -1 is the source
	for i, name := range order {
		place[i] = -1
		for j, k := range keys {
			if k == name {
				place[i] = j
			}
		}
		for j, f := range figures {
			if f == name {
				place[i] = isFigure + j
			}
		}
		if place[i] < 0 && name != "source_id" {
			return errNotWhole // a column that this loader does not know
		}
	}
	ints := make([]int64, len(keys))
	texts := make([][]byte, len(keys))
	nth := map[string]int{}
	for i, k := range keys {
		nth[k] = i
	}
	put := func(name string, v any) {
		i := nth[name]
		switch v := v.(type) {
		case int64:
			ints[i], texts[i] = v, nil
		case []byte:
			texts[i] = v
		}
	}
	isText := make([]bool, len(keys))
	for i, k := range keys {
		isText[i] = t.text(k)
	}
	sums := make([]float64, len(figures))
	var last []byte
	write := func() error {
		if len(last) == 0 {
			return nil
		}
		key(last, put)
		l.rec.Reset()
		for _, at := range place {
			switch {
			case at < 0:
				l.rec.Int(l.w.source)
			case at >= isFigure:
				l.rec.Real(sums[at-isFigure])
			case isText[at]:
				l.rec.Bytes(texts[at])
			default:
				l.rec.Int(ints[at])
			}
		}
		l.buf = l.rec.Append(l.buf[:0])
		return tree.Entry(l.buf)
	}
	err := s.Each(func(b []byte) error {
		n := keySize(b)
		if !bytes.Equal(b[:n], last) {
			if err := write(); err != nil {
				return err
			}
			last = append(last[:0], b[:n]...)
			clear(sums)
		}
		b = b[n:]
		if rest != nil {
			b = rest(b)
		}
		addFigures(b, sums)
		return nil
	})
	if err != nil {
		return err
	}
	return errors.Join(write(), s.Close(), tree.Finish())
}
