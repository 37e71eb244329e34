package importer

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"slices"

	"kcc/contacts"
	"kcc/internal/store/extsort"
)

// dayDims are the columns of dayKey.dims.
var dayDims = [...]string{"direction", "subject", "kind", "segment", "cause", "department"}

// spill hands the cells of the roll-ups to their sorters.
func (l *loader) spill(r *rollups) error {
	words := r.words.list
	for i, k := range r.day.keys {
		e := appendNumbers(l.entry[:0], int64(k.day), int64(k.queue))
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
		e := appendNumbers(l.entry[:0], k.start, int64(k.queue))
		e = l.appendText(e, words[k.subject])
		e = appendNumbers(e, int64(k.step))
		e = binary.AppendVarint(e, v.day)
		l.entry = appendFigures(e, v.figures[:])
		if err := l.volumes.Add(l.entry); err != nil {
			return err
		}
	}
	r.resetCells()
	return nil
}

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
	err := l.makeRoll(&sortedRoll{
		table: "volume_day", from: l.days, keys: append([]string{"day", "queue_id"}, dayDims[:]...), figures: days,
		keySize: func(b []byte) int {
			n := 2 * numberSize
			for range dayDims {
				n += bytes.IndexByte(b[n:], 0) + 1
			}
			return n
		},
		read: func(key []byte, vals []keyValue) {
			vals[0].whole, vals[1].whole = numberAt(key, 0), numberAt(key, 1)
			b := key[2*numberSize:]
			for i := range dayDims {
				n := bytes.IndexByte(b, 0)
				vals[2+i].text = b[:n]
				b = b[n+1:]
			}
		},
	})
	if err != nil {
		return err
	}
	var day int64
	return l.makeRoll(&sortedRoll{
		table: "volume_interval", from: l.volumes, keys: []string{"start", "queue_id", "subject", "step_s", "day"}, figures: volColumns[:],
		keySize: func(b []byte) int { return 2*numberSize + bytes.IndexByte(b[2*numberSize:], 0) + 1 + numberSize },
		read: func(key []byte, vals []keyValue) {
			vals[0].whole, vals[1].whole = numberAt(key, 0), numberAt(key, 1)
			vals[2].text = key[2*numberSize : len(key)-numberSize-1]
			vals[3].whole, vals[4].whole = numberAt(key[len(key)-numberSize:], 0), day
		},
		rest: func(b []byte) []byte {
			v, n := binary.Varint(b)
			day = v
			return b[n:]
		},
	})
}

// sortedRoll is a table of roll-ups as sorted cells.
type sortedRoll struct {
	table         string
	from          *extsort.Sorter
	keys, figures []string // columns
	keySize       func(b []byte) int
	read          func(key []byte, vals []keyValue) // the values of keys
	rest          func(b []byte) []byte             // takes what stands between key and figures, nil for nothing
}

// keyValue is the value of a column of a key: one of both.
type keyValue struct {
	whole int64
	text  []byte
}

// makeRoll makes one table of roll-ups.
func (l *loader) makeRoll(roll *sortedRoll) error {
	vals, sums := make([]keyValue, len(roll.keys)), make([]float64, len(roll.figures))
	var columns []func()
	var run *[2]int // the figures, from and to, that the last of columns adds
	// In a table without rowid the columns of the primary key come first.
	for _, name := range l.tables[roll.table].stored() {
		k, f := slices.Index(roll.keys, name), slices.Index(roll.figures, name)
		switch {
		case name == "source_id":
			columns = append(columns, func() { l.rec.Int(l.w.source) })
		case k >= 0 && l.tables[roll.table].text(name):
			columns = append(columns, func() { l.rec.Bytes(vals[k].text) })
		case k >= 0:
			columns = append(columns, func() { l.rec.Int(vals[k].whole) })
		case f >= 0 && run != nil && run[1] == f:
			run[1]++
			continue
		case f >= 0:
			these := &[2]int{f, f + 1}
			columns = append(columns, func() { l.rec.Reals(sums[these[0]:these[1]]) })
			run = these
			continue
		default:
			return errNotWhole // a column that this loader does not know
		}
		run = nil
	}
	tree := l.out.Index(l.rootOf(roll.table))
	var last []byte
	write := func() error {
		if len(last) == 0 {
			return nil
		}
		roll.read(last, vals)
		l.rec.Reset()
		for _, add := range columns {
			add()
		}
		l.buf = l.rec.Append(l.buf[:0])
		return tree.Entry(l.buf)
	}
	err := roll.from.Each(func(b []byte) error {
		n := roll.keySize(b)
		if !bytes.Equal(b[:n], last) {
			if err := write(); err != nil {
				return err
			}
			last = append(last[:0], b[:n]...)
			clear(sums)
		}
		b = b[n:]
		if roll.rest != nil {
			b = roll.rest(b)
		}
		addFigures(b, sums)
		return nil
	})
	if err != nil {
		return err
	}
	return errors.Join(write(), roll.from.Close(), tree.Finish())
}
