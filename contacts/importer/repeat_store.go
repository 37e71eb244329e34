package importer

import (
	"context"
	"database/sql"
	"math"
	"slices"
	"strings"

	"kcc/contacts"
)

// maxParties is up to how many customers of a file are looked up one by one;
// beyond that one walk over the index of all of them is cheaper.
const maxParties = 20_000

// partySet collects customers; past maxParties it stands for all of them.
type partySet struct {
	refs map[string]struct{}
	all  bool
	redo bool // contacts went or changed, so that links may have to go too
}

func (s *partySet) add(ref string) {
	if ref == "" || s.all {
		return
	}
	if _, ok := s.refs[ref]; ok {
		return
	}
	if len(s.refs) >= maxParties {
		s.refs, s.all = nil, true
		return
	}
	if s.refs == nil {
		s.refs = map[string]struct{}{}
	}
	s.refs[strings.Clone(ref)] = struct{}{}
}

func (s *partySet) empty() bool { return !s.all && len(s.refs) == 0 }

// changed notes a customer of whom a contact goes or changes.
func (w *writer) changed(ref string) {
	w.parties.add(ref)
	w.parties.redo = true
}

// linker links each contact of some customers to the one before it of the same
// customer and subject, within the days that make it a repeat.
type linker struct {
	ctx    context.Context
	tx     *sql.Tx
	within int64 // seconds
	chunk  int   // contacts looked at before those found are linked, 0 = linkChunk
	single bool  // contacts on their own are looked at too, to unlink them
	// moved is called for a contact whose links change, by how much it counts
	// more as a repeat and as followed.
	moved func(k contacts.DayKey, repeats, followed int) error

	party    string
	seen     int // contacts since the last chunk
	run      []momentOf
	found    [][]int64 // ids of contacts close to each other, in order of time
	get, set *sql.Stmt
	last     map[string]int // of the run, by subject
	linked   []linkedRow
}

// momentOf is one contact of a customer.
type momentOf struct{ id, start int64 }

type linkedRow struct {
	id, start, of, by int64
	subject           string
	wasOf, wasBy      int64
}

func (l *linker) add(party string, m momentOf) {
	if n := len(l.run); n > 0 && (party != l.party || m.start-l.run[n-1].start > l.within) {
		l.end()
	}
	l.party = party
	l.seen++
	l.run = append(l.run, m)
}

func (l *linker) end() {
	if len(l.run) > 1 || (l.single && len(l.run) == 1) {
		ids := make([]int64, len(l.run))
		for i, m := range l.run {
			ids[i] = m.id
		}
		l.found = append(l.found, ids)
	}
	l.run = l.run[:0]
}

func (l *linker) walk(query string, args ...any) error {
	rows, err := l.tx.QueryContext(l.ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	var raw sql.RawBytes
	for rows.Next() {
		var m momentOf
		if err := rows.Scan(&raw, &m.start, &m.id); err != nil {
			return err
		}
		party := l.party
		if string(raw) != party {
			party = string(raw)
		}
		l.add(party, m)
	}
	return rows.Err()
}

// link settles the repeats of customers. The index by customer and time tells
// which contacts can be repeats at all; only of those the subject is looked up.
func (l *linker) link(p *partySet) error {
	if p.empty() {
		return nil
	}
	l.single = p.redo
	if p.all {
		return l.linkAll()
	}
	refs := make([]string, 0, len(p.refs))
	for ref := range p.refs {
		refs = append(refs, ref)
	}
	slices.Sort(refs)
	for _, ref := range refs {
		if err := l.walk("SELECT party_ref, start, id FROM contact WHERE party_ref = ? ORDER BY start, id", ref); err != nil {
			return err
		}
	}
	l.end()
	return l.chains()
}

// linkChunk is how many contacts are looked at before those found are linked, so
// that memory stays flat.
const linkChunk = 100_000

// linkAll goes over the contacts of all customers, a stretch of the index at a
// time.
func (l *linker) linkAll() error {
	party, start, id, chunk := "", int64(math.MinInt64), int64(0), l.chunk
	if chunk == 0 {
		chunk = linkChunk
	}
	for {
		l.seen = 0
		if err := l.walk("SELECT party_ref, start, id FROM contact INDEXED BY contact_party WHERE party_ref IS NOT NULL AND (party_ref, start, id) > (?, ?, ?) ORDER BY party_ref, start, id LIMIT ?",
			party, start, id, chunk); err != nil {
			return err
		}
		last := l.seen < chunk
		if last {
			l.end()
		} else {
			party, start, id = l.party, l.run[len(l.run)-1].start, l.run[len(l.run)-1].id
		}
		if err := l.chains(); err != nil || last {
			return err
		}
	}
}

// chains links the contacts that were found close to each other.
func (l *linker) chains() error {
	if len(l.found) == 0 {
		return nil
	}
	var err error
	if l.get, err = l.tx.PrepareContext(l.ctx, "SELECT subject, start, COALESCE(repeat_of, 0), COALESCE(followed_by, 0) FROM contact WHERE id = ?"); err != nil {
		return err
	}
	defer l.get.Close()
	if l.set, err = l.tx.PrepareContext(l.ctx, `UPDATE contact SET repeat_of = ?, followed_by = ? WHERE id = ?
		RETURNING day, COALESCE(queue_id, 0), direction, subject, kind, segment, cause, department`); err != nil {
		return err
	}
	defer l.set.Close()
	l.last = map[string]int{}
	for _, ids := range l.found {
		if err := l.chain(ids); err != nil {
			return err
		}
	}
	l.found = l.found[:0]
	return nil
}

// chain links the contacts of one customer that are close to each other.
func (l *linker) chain(ids []int64) error {
	clear(l.last)
	l.linked = l.linked[:0]
	for i, id := range ids {
		r := linkedRow{id: id}
		if err := l.get.QueryRowContext(l.ctx, id).Scan(&r.subject, &r.start, &r.wasOf, &r.wasBy); err != nil {
			return err
		}
		if p, ok := l.last[r.subject]; ok && r.start-l.linked[p].start <= l.within {
			r.of = l.linked[p].id
			l.linked[p].by = id
		}
		l.linked = append(l.linked, r)
		l.last[r.subject] = i
	}
	for i := range l.linked {
		r := &l.linked[i]
		if r.of == r.wasOf && r.by == r.wasBy {
			continue
		}
		var k contacts.DayKey
		if err := l.set.QueryRowContext(l.ctx, nullInt(r.of), nullInt(r.by), r.id).Scan(&k.Day, &k.Queue, &k.Direction, &k.Subject, &k.Kind,
			&k.Segment, &k.Cause, &k.Department); err != nil {
			return err
		}
		if err := l.moved(k, sign(r.of)-sign(r.wasOf), sign(r.by)-sign(r.wasBy)); err != nil {
			return err
		}
	}
	return nil
}

func sign(id int64) int {
	if id == 0 {
		return 0
	}
	return 1
}

// repeats links the contacts of the customers of this file, and brings the
// roll-ups of the days that gain or lose a repeat up to date.
func (w *writer) repeats() error {
	if w.parties.empty() {
		return nil
	}
	cells := map[contacts.DayKey][2]int{}
	write := func() error {
		err := contacts.RollRepeats(w.ctx, w.tx, cells)
		clear(cells)
		return err
	}
	l := &linker{ctx: w.ctx, tx: w.tx, within: int64(w.opt.repeatDays()) * 86400, moved: func(k contacts.DayKey, repeats, followed int) error {
		c := cells[k]
		cells[k] = [2]int{c[0] + repeats, c[1] + followed}
		if len(cells) < maxCells {
			return nil
		}
		return write()
	}}
	if err := l.link(&w.parties); err != nil {
		return err
	}
	return write()
}
