package importer

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"slices"
	"strings"

	"kcc/contacts"
	"kcc/internal/store/extsort"
	"kcc/internal/store/sqlpages"
)

// errNotWhole is of a file whose contacts cannot be loaded as a whole, such as a
// note that is very long or two rows of one key: they go in row by row.
var errNotWhole = errors.New("the rows cannot be loaded as a whole")

// loader takes the contacts of a big file for a store that has none yet. It
// writes the table, its indexes and the roll-ups as pages of a copy of the store,
// several times faster than a statement for every few rows. What has to be sorted
// is sorted outside the store, in bounded memory.
type loader struct {
	w       *writer
	dir     string // of temporary files
	tables  map[string]*tableInfo
	roots   map[string]uint32 // pages where tables and indexes begin
	columns []string          // of contact, in the order of its table
	writes  []writeColumn
	out     *sqlpages.Writer
	spool   *os.File // records, in the order of their ids
	spoolTo *bufio.Writer
	rows    int64
	notes   bool
	bad     error // why the rows cannot be loaded as a whole

	keys, starts, parties, articles, links, days, volumes *extsort.Sorter

	rec   sqlpages.Record
	buf   []byte
	entry []byte
}

// sortMemory is what each sorter may take; several are in use at a time.
const sortMemory = 4 << 20

func newLoader(w *writer, dir string) (*loader, error) {
	l := &loader{w: w, dir: dir, entry: make([]byte, 0, 1<<10)}
	w.roll.limit = loadCells
	for _, s := range []**extsort.Sorter{&l.keys, &l.starts, &l.parties, &l.articles, &l.links, &l.days, &l.volumes} {
		*s = extsort.New(dir, sortMemory)
	}
	var err error
	if l.spool, err = extsort.Temp(dir); err != nil {
		return nil, err
	}
	l.spoolTo = bufio.NewWriterSize(l.spool, 256<<10)
	return l, nil
}

// close removes the temporary files.
func (l *loader) close() {
	if l == nil {
		return
	}
	for _, s := range []*extsort.Sorter{l.keys, l.starts, l.parties, l.articles, l.links, l.days, l.volumes} {
		_ = s.Close() // temporary
	}
	_ = extsort.Remove(l.spool)
	if l.out != nil {
		_ = l.out.Abandon()
	}
}

// fail notes the first reason why the rows cannot be loaded; the file is read to
// its end all the same, for those who follow its rows.
func (l *loader) fail(err error) {
	if l.bad == nil {
		l.bad = err
	}
}

// writeColumn adds the value of a column, or of several, to a record.
type writeColumn func(r *sqlpages.Record, c *keptContact, rec *record)

// setColumns settles how each column of the table is written: those that the
// file holds by their values, the others by their defaults.
func (l *loader) setColumns() {
	held := map[string]writeColumn{}
	for i := range l.w.cols {
		held[l.w.cols[i].name] = l.w.cols[i].writer()
	}
	same := &sqlpages.Record{} // values that all contacts have, side by side
	write := func(f writeColumn) {
		if !same.IsEmpty() {
			r := same
			same = &sqlpages.Record{}
			l.writes = append(l.writes, func(to *sqlpages.Record, _ *keptContact, _ *record) { to.Record(r) })
		}
		l.writes = append(l.writes, f)
	}
	for _, col := range l.tables["contact"].columns {
		l.columns = append(l.columns, col.name)
		value := held[col.name]
		switch {
		case col.name == "id":
			same.Null() // the rowid stands for it
		case col.name == "key":
			write(func(r *sqlpages.Record, _ *keptContact, rec *record) { r.Int(rec.key) })
		case col.name == "hash":
			write(func(r *sqlpages.Record, _ *keptContact, rec *record) { r.Int(rec.hash) })
		case col.name == "line":
			write(func(r *sqlpages.Record, _ *keptContact, rec *record) { r.Int(int64(rec.line)) })
		case col.name == "source_id":
			same.Int(l.w.source)
		case col.name == "file_id":
			same.Int(l.w.file)
		case value != nil:
			write(value)
		default:
			putValue(same, col.value)
		}
	}
	write(func(*sqlpages.Record, *keptContact, *record) {})
}

func putValue(r *sqlpages.Record, v any) {
	switch v := v.(type) {
	case nil:
		r.Null()
	case int64:
		r.Int(v)
	case string:
		r.Text(v)
	}
}

// add takes a contact.
func (l *loader) add(rec *record, c *keptContact) error {
	if l.bad != nil {
		return nil
	}
	if l.columns == nil {
		l.setColumns()
	}
	l.rows++
	l.rec.Reset()
	for _, write := range l.writes {
		write(&l.rec, c, rec)
	}
	l.buf = l.rec.Append(l.buf[:0])
	var head [binary.MaxVarintLen32]byte
	if _, err := l.spoolTo.Write(head[:binary.PutUvarint(head[:], uint64(len(l.buf)))]); err != nil {
		return err
	}
	if _, err := l.spoolTo.Write(l.buf); err != nil {
		return err
	}
	l.notes = l.notes || c.Note != ""
	at := c.Start.Unix()
	if err := l.keys.Add(appendNumbers(binary.BigEndian.AppendUint64(l.entry[:0], uint64(rec.key)), l.rows)); err != nil {
		return err
	}
	if err := l.starts.Add(appendNumbers(l.entry[:0], at, l.rows)); err != nil {
		return err
	}
	if c.PartyRef != "" {
		e := l.appendText(l.entry[:0], c.PartyRef)
		e = appendNumbers(e, at, l.rows)
		if err := l.parties.Add(binary.BigEndian.AppendUint32(e, l.w.roll.word(c.Subject))); err != nil {
			return err
		}
	}
	if c.Article != "" {
		e := append(l.appendText(l.entry[:0], c.Article), byte(c.Resolved))
		if err := l.articles.Add(appendNumbers(e, l.rows)); err != nil {
			return err
		}
	}
	if l.w.opt.rowsOnly {
		return nil
	}
	l.w.roll.contact(&c.Contact, c.queue, c.day, 1)
	if l.w.roll.full() {
		return l.spill(l.w.roll)
	}
	return nil
}

// numberSize is how many bytes a number of a sorted entry takes: a row, seconds since
// 1970, a day, a queue. 40 bits hold 17,000 years.
const numberSize = 5

// appendNumbers appends such numbers so that they sort as such.
func appendNumbers(b []byte, vs ...int64) []byte {
	for _, v := range vs {
		u := uint64(v) ^ 1<<39
		b = append(b, byte(u>>32), byte(u>>24), byte(u>>16), byte(u>>8), byte(u))
	}
	return b
}

// numberAt returns the i-th of the numbers that b begins with.
func numberAt(b []byte, i int) int64 {
	b = b[i*numberSize : (i+1)*numberSize]
	u := uint64(b[0])<<56 | uint64(b[1])<<48 | uint64(b[2])<<40 | uint64(b[3])<<32 | uint64(b[4])<<24
	return int64(u^1<<63) >> 24
}

// appendText appends a text so that it sorts as such, whatever follows.
func (l *loader) appendText(b []byte, s string) []byte {
	if strings.IndexByte(s, 0) >= 0 {
		l.fail(errNotWhole)
	}
	return append(append(b, s...), 0)
}

// make writes the pages of the table, its indexes and the roll-ups into the file,
// which nobody has open.
func (l *loader) make(path string) error {
	if l.bad != nil {
		return l.bad
	}
	if err := l.spoolTo.Flush(); err != nil {
		return err
	}
	var err error
	if l.out, err = sqlpages.Open(path); err != nil {
		return err
	}
	for _, step := range []func() error{l.makeParties, l.makeRows, l.makeKeys, l.makeStarts, l.makeArticles, l.makeRolls} {
		if err := l.w.ctx.Err(); err != nil {
			return err
		}
		if err := step(); err != nil {
			if errors.Is(err, sqlpages.ErrTooLong) {
				return errNotWhole
			}
			return err
		}
	}
	out := l.out
	l.out = nil
	return out.Close()
}

func (l *loader) index(name string) *sqlpages.Tree {
	return l.out.Index(l.roots[name])
}

// makeParties makes the index of customers and finds who called again.
func (l *loader) makeParties() error {
	tree := l.index("contact_party")
	chain := linking{within: int64(l.w.opt.repeatDays()) * 86400, last: map[uint32]link{}, emit: func(k link) error {
		return l.links.Add(appendNumbers(l.entry[:0], k.id, k.of, k.by))
	}}
	var party []byte
	err := l.parties.Each(func(b []byte) error {
		n := len(b) - 4 - 2*numberSize - 1
		ref, start, id := b[:n], numberAt(b[n+1:], 0), numberAt(b[n+1:], 1)
		l.rec.Reset()
		l.rec.Bytes(ref)
		l.rec.Int(start)
		l.rec.Int(id)
		l.buf = l.rec.Append(l.buf[:0])
		if err := tree.Entry(l.buf); err != nil {
			return err
		}
		if string(ref) != string(party) {
			party = append(party[:0], ref...)
			if err := chain.end(); err != nil {
				return err
			}
		}
		return chain.add(binary.BigEndian.Uint32(b[len(b)-4:]), start, id)
	})
	if err != nil {
		return err
	}
	return errors.Join(chain.end(), l.parties.Close(), tree.Finish())
}

// link tells which contacts a contact repeats and is repeated by, 0 for none.
type link struct{ id, start, of, by int64 }

// linking links the contacts of one customer, given in order of time.
type linking struct {
	within int64
	last   map[uint32]link // by subject
	emit   func(link) error
}

func (c *linking) add(subject uint32, start, id int64) error {
	k := link{id: id, start: start}
	if p, ok := c.last[subject]; ok {
		if start-p.start <= c.within {
			k.of, p.by = p.id, id
		}
		if err := c.put(p); err != nil {
			return err
		}
	}
	c.last[subject] = k
	return nil
}

func (c *linking) end() error {
	for _, k := range c.last {
		if err := c.put(k); err != nil {
			return err
		}
	}
	clear(c.last)
	return nil
}

func (c *linking) put(k link) error {
	if k.of == 0 && k.by == 0 {
		return nil
	}
	return c.emit(k)
}

// makeRows makes the table from the records, with the links of repeats in them.
func (l *loader) makeRows() error {
	tree := l.out.Table(l.roots["contact"])
	in := bufio.NewReaderSize(io.NewSectionReader(l.spool, 0, 1<<62), 256<<10)
	id := int64(0)
	next := func() ([]byte, error) {
		n, err := binary.ReadUvarint(in)
		if err != nil {
			return nil, err
		}
		l.buf = slices.Grow(l.buf[:0], int(n))[:n]
		_, err = io.ReadFull(in, l.buf)
		id++
		return l.buf, err
	}
	to := func(end int64) error {
		for id < end {
			rec, err := next()
			if err != nil {
				return err
			}
			if err := tree.Row(id, rec); err != nil {
				return err
			}
			if id%4096 == 0 && l.w.ctx.Err() != nil {
				return l.w.ctx.Err()
			}
		}
		return nil
	}
	p := newPatcher(l)
	err := l.links.Each(func(b []byte) error {
		k := link{id: numberAt(b, 0), of: numberAt(b, 1), by: numberAt(b, 2)}
		if err := to(k.id - 1); err != nil {
			return err
		}
		rec, err := next()
		if err != nil {
			return err
		}
		return tree.Row(id, p.patch(rec, k))
	})
	if err != nil {
		return err
	}
	if err := to(l.rows); err != nil {
		return err
	}
	return errors.Join(l.links.Close(), tree.Finish())
}

// patcher puts links into records.
type patcher struct {
	l                 *loader
	at                map[string]int // column
	vals              []sqlpages.Value
	out               []byte
	repeats, followed int // figures of the roll-up
}

func newPatcher(l *loader) *patcher {
	p := &patcher{l: l, at: map[string]int{}}
	for i, name := range l.columns {
		p.at[name] = i
	}
	names, _ := contacts.DayColumns()
	p.repeats, p.followed = slices.Index(names, "repeats"), slices.Index(names, "followed")
	return p
}

// patch returns a record with its links, and counts them in the roll-up.
func (p *patcher) patch(record []byte, k link) []byte {
	p.vals = sqlpages.Values(record, p.vals[:0])
	r := &p.l.rec
	r.Reset()
	of, by := p.at["repeat_of"], p.at["followed_by"]
	for i, v := range p.vals {
		switch {
		case i == of && k.of != 0:
			r.Int(k.of)
		case i == by && k.by != 0:
			r.Int(k.by)
		default:
			r.Value(v)
		}
	}
	dk := dayKey{day: int32(p.vals[p.at["day"]].Int()), queue: int32(p.vals[p.at["queue_id"]].Int())}
	for i, name := range dayDims {
		dk.dims[i] = p.l.w.roll.word(string(p.vals[p.at[name]].Text()))
	}
	d := p.l.w.roll.cellOf(dk)
	if k.of != 0 {
		d[p.repeats]++
	}
	if k.by != 0 {
		d[p.followed]++
	}
	if p.l.w.roll.full() {
		if err := p.l.spill(p.l.w.roll); err != nil {
			p.l.fail(err)
		}
	}
	p.out = r.Append(p.out[:0])
	return p.out
}

// makeKeys makes the index of keys; two rows of one key end the load.
func (l *loader) makeKeys() error {
	return l.simple("contact_key", l.keys, true, func(b []byte) {
		l.rec.Int(keyAt(b))
		l.rec.Int(numberAt(b[8:], 0))
	})
}

// keyAt returns the key of a record, which is not negative.
func keyAt(b []byte) int64 { return int64(binary.BigEndian.Uint64(b)) }

func (l *loader) makeStarts() error {
	return l.simple("contact_start", l.starts, false, func(b []byte) {
		l.rec.Int(numberAt(b, 0))
		l.rec.Int(numberAt(b, 1))
	})
}

func (l *loader) makeArticles() error {
	err := l.simple("contact_with_article", l.articles, false, func(b []byte) {
		n := len(b) - numberSize - 1
		l.rec.Bytes(b[:n-1])
		switch contacts.Flag(b[n]) {
		case contacts.Yes:
			l.rec.Int(1)
		case contacts.No:
			l.rec.Int(0)
		default:
			l.rec.Null()
		}
		l.rec.Int(numberAt(b[n+1:], 0))
	})
	return err // the index contact_open stays empty: imported contacts have no status
}

// simple makes an index from sorted entries.
func (l *loader) simple(name string, s *extsort.Sorter, unique bool, put func(b []byte)) error {
	tree := l.index(name)
	last, some := int64(0), false
	err := s.Each(func(b []byte) error {
		if unique {
			if k := keyAt(b); some && k == last {
				return errNotWhole
			} else {
				last, some = k, true
			}
		}
		l.rec.Reset()
		put(b)
		l.buf = l.rec.Append(l.buf[:0])
		return tree.Entry(l.buf)
	})
	if err != nil {
		return err
	}
	return errors.Join(s.Close(), tree.Finish())
}
