package importer

import (
	"hash/maphash"
	"strings"
)

// wordlist numbers different texts in the order in which they first come, from 0. It
// is asked about every cell of a column with few different values, which a Go map
// takes twice the time for.
type wordlist struct {
	list  []string
	slots []uint32 // 1 + a place in list, 0 is free; a power of two, at most half full
}

// find returns the number of a text; otherwise false, and where add puts it.
func (t *wordlist) find(s string) (n int, slot int, ok bool) {
	if len(t.slots) == 0 {
		return 0, 0, false
	}
	mask := len(t.slots) - 1
	slot = int(maphash.String(hashSeed, s)) & mask
	for {
		i := t.slots[slot]
		if i == 0 {
			return 0, slot, false
		}
		if t.list[i-1] == s {
			return int(i - 1), slot, true
		}
		slot = (slot + 1) & mask
	}
}

// add numbers a text that find did not find, cut loose from its line.
func (t *wordlist) add(s string, slot int) int {
	s = strings.Clone(s)
	t.list = append(t.list, s)
	if 2*len(t.list) <= len(t.slots) {
		t.slots[slot] = uint32(len(t.list))
		return len(t.list) - 1
	}
	t.slots = make([]uint32, max(32, 2*len(t.slots)))
	for i, s := range t.list {
		_, slot, _ := t.find(s)
		t.slots[slot] = uint32(i + 1)
	}
	return len(t.list) - 1
}

// number returns the number of a text, new or not.
func (t *wordlist) number(s string) int {
	n, slot, ok := t.find(s)
	if !ok {
		n = t.add(s, slot)
	}
	return n
}

// memo remembers what follows from a text, for as many different ones as limit.
type memo[V any] struct {
	wordlist
	limit int
	vals  []V
}

func (m *memo[V]) get(s string) (v V, ok bool) {
	n, _, ok := m.find(s)
	if ok {
		v = m.vals[n]
	}
	return v, ok
}

// put notes what follows from a text; past the limit it does nothing.
func (m *memo[V]) put(s string, v V) {
	n, slot, ok := m.find(s)
	switch {
	case ok:
		m.vals[n] = v
	case len(m.list) < m.limit:
		m.wordlist.add(s, slot)
		m.vals = append(m.vals, v)
	}
}

// tally counts texts, as many different ones as limit.
type tally memo[int]

// add counts a text n times; false when it is one too many.
func (t *tally) add(s string, n int) bool {
	i, slot, ok := t.find(s)
	switch {
	case ok:
		t.vals[i] += n
	case len(t.list) < t.limit:
		t.wordlist.add(s, slot)
		t.vals = append(t.vals, n)
	default:
		return false
	}
	return true
}
