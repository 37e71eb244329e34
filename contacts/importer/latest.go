package importer

import (
	"context"
	"time"
)

// repeats settles which of several equal rows count, for the hashes that the
// first pass saw twice: of one id the latest update, later lines winning ties;
// without ids every row counts and gets an ordinal.
type repeats struct {
	best    map[uint64]bestRow
	ordinal map[uint64]uint64
}

type bestRow struct {
	updated time.Time
	line    int
	count   int
}

// find goes over the rows that may repeat. Files without repeats cost nothing.
func (l *layout) find(ctx context.Context, f *File, opt *Options) (*repeats, error) {
	rep := &repeats{ordinal: map[uint64]uint64{}}
	if len(l.maybe) == 0 || l.idColumn < 0 || (l.Kind != Calls && l.Kind != Tickets) {
		return rep, nil
	}
	rep.best = map[uint64]bestRow{}
	r := newReader(l, opt)
	n := 0
	err := l.each(f, opt, func(cells []string, line int) error {
		if n++; n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if cell(cells, l.idColumn) == "" {
			return nil
		}
		h := l.rowHash(cells)
		if _, ok := l.maybe[h]; !ok {
			return nil
		}
		// A row that cannot be read never wins.
		if ok, err := r.read(cells, line); err != nil || !ok {
			return nil
		}
		at := r.row.Contact.Updated
		if l.Kind == Tickets {
			at = r.row.Ticket.Updated
		}
		b := rep.best[h]
		if b.count++; b.count == 1 || !at.Before(b.updated) {
			// The same update sent twice: the first line stays, if all is equal.
			if b.count == 1 || at.After(b.updated) || !r.l.tieFirst(opt) {
				b.updated, b.line = at, line
			}
		}
		rep.best[h] = b
		return nil
	})
	return rep, err
}

// tieFirst reports whether of two rows with the same id and update the first
// counts: only when the file has an update time to go by.
func (l *layout) tieFirst(*Options) bool { _, ok := l.at[fUpdated]; return ok }

// superseded reports whether another row with the same id counts instead.
func (rep *repeats) superseded(h uint64, line int) bool {
	b, ok := rep.best[h]
	return ok && b.line != line
}

// next returns the ordinal of a row without id among its equals, from 0.
func (rep *repeats) next(l *layout, h uint64) uint64 {
	if _, ok := l.maybe[h]; !ok {
		return 0
	}
	n := rep.ordinal[h]
	rep.ordinal[h]++
	return n
}
