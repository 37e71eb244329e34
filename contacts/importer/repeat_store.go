package importer

import (
	"database/sql"
	"slices"
	"strings"
)

// maxParties is up to how many customers of a file are looked up one by one;
// beyond that one walk over the index of all of them is cheaper.
const maxParties = 20_000

// noteParty remembers a customer of this file.
func (w *writer) noteParty(ref string) {
	if ref == "" || w.parties == nil {
		return
	}
	if _, ok := w.parties[ref]; ok {
		return
	}
	if len(w.parties) >= maxParties {
		w.parties = nil
		return
	}
	w.parties[strings.Clone(ref)] = struct{}{}
}

// momentOf is one contact of a customer.
type momentOf struct{ id, start int64 }

// chain collects the contacts of one customer that follow each other closely
// enough to be repeats.
type chain struct {
	within int64
	party  string
	run    []momentOf
	found  [][]int64 // ids of runs of two or more, in order of time
}

func (c *chain) add(party string, m momentOf) {
	if n := len(c.run); n > 0 && (party != c.party || m.start-c.run[n-1].start > c.within) {
		c.end()
	}
	c.party = party
	c.run = append(c.run, m)
}

func (c *chain) end() {
	if len(c.run) > 1 {
		ids := make([]int64, len(c.run))
		for i, m := range c.run {
			ids[i] = m.id
		}
		c.found = append(c.found, ids)
	}
	c.run = c.run[:0]
}

// repeats links each contact of the customers of this file to the one before it
// of the same customer and subject, within the days that make it a repeat. The
// index by customer and time tells which contacts can be repeats at all; only of
// those the subject is looked up.
func (w *writer) repeats() error {
	b := w.batches["contact"]
	if b == nil || !slices.Contains(b.cols, "party_ref") || (w.parties != nil && len(w.parties) == 0) {
		return nil
	}
	days := w.opt.RepeatDays
	if days == 0 {
		days = defaultRepeatDays
	}
	c := &chain{within: int64(days) * 86400}
	walk := func(query string, args ...any) error {
		rows, err := w.tx.QueryContext(w.ctx, query, args...)
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
			party := c.party
			if string(raw) != party {
				party = string(raw)
			}
			c.add(party, m)
		}
		return rows.Err()
	}
	var err error
	if w.parties == nil {
		err = walk("SELECT party_ref, start, id FROM contact INDEXED BY contact_party WHERE party_ref IS NOT NULL ORDER BY party_ref, start, id")
	} else {
		refs := make([]string, 0, len(w.parties))
		for ref := range w.parties {
			refs = append(refs, ref)
		}
		slices.Sort(refs)
		for _, ref := range refs {
			if err = walk("SELECT party_ref, start, id FROM contact WHERE party_ref = ? ORDER BY start, id", ref); err != nil {
				break
			}
		}
	}
	if err != nil {
		return err
	}
	c.end()
	if w.replaced > 0 {
		if _, err := w.tx.ExecContext(w.ctx, "UPDATE contact SET repeat_of = NULL WHERE repeat_of IS NOT NULL AND repeat_of NOT IN (SELECT id FROM contact)"); err != nil {
			return err
		}
	}
	return w.link(c.found, c.within)
}

// link sets the repeats of runs of contacts.
func (w *writer) link(runs [][]int64, within int64) error {
	if len(runs) == 0 {
		return nil
	}
	get, err := w.tx.PrepareContext(w.ctx, "SELECT subject, start, COALESCE(repeat_of, 0) FROM contact WHERE id = ?")
	if err != nil {
		return err
	}
	defer get.Close()
	set, err := w.tx.PrepareContext(w.ctx, "UPDATE contact SET repeat_of = ? WHERE id = ?")
	if err != nil {
		return err
	}
	defer set.Close()
	last := map[string]momentOf{} // by subject
	for _, run := range runs {
		clear(last)
		for _, id := range run {
			var subject string
			var start, was int64
			if err := get.QueryRowContext(w.ctx, id).Scan(&subject, &start, &was); err != nil {
				return err
			}
			of := int64(0)
			if p, ok := last[subject]; ok && start-p.start <= within {
				of = p.id
			}
			last[subject] = momentOf{id, start}
			if of != was {
				if _, err := set.ExecContext(w.ctx, nullInt(of), id); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
