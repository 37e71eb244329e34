package importer

import (
	"hash/maphash"
	"strings"
)

// wordlist numbers different texts in the order in which they first come, from 0. It
// is asked about every cell of a column with few different values, which takes a Go
// map three times as long.
type wordlist struct {
	list  []string
	slots []wordSlot // a power of two, at most half full
}

// wordSlot is where a text is looked for.
type wordSlot struct {
	wordKey
	next int // 1 + the number of the text, 0 is free
}

// wordKey is a short text as numbers, or the hash of a longer one.
type wordKey struct {
	size   int // longWord of those that are not all in the numbers
	lo, hi uint64
}

const longWord = -1

// keyOf loads a text of up to 16 bytes in two pieces, which may overlap.
func keyOf(s string) wordKey {
	n := len(s)
	switch {
	case n > 16:
		return wordKey{longWord, maphash.String(hashSeed, s), 0}
	case n >= 8:
		return wordKey{n, eightBytes(s), eightBytes(s[n-8:])}
	case n >= 4:
		return wordKey{n, fourBytes(s), fourBytes(s[n-4:])}
	case n > 0:
		return wordKey{n, uint64(s[0]) | uint64(s[n/2])<<8 | uint64(s[n-1])<<16, 0}
	}
	return wordKey{}
}

func eightBytes(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

func fourBytes(s string) uint64 {
	_ = s[3]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24
}

func (k wordKey) hash() uint64 {
	h := k.lo*0x9e3779b97f4a7c15 + k.hi*0xc2b2ae3d27d4eb4f + uint64(k.size)
	return h ^ h>>32 // the low bits of a product come of low bits only
}

// find returns the number of a text; otherwise false, and where add puts it.
func (t *wordlist) find(s string) (n, slot int, ok bool) {
	if len(t.slots) == 0 {
		return 0, 0, false
	}
	k := keyOf(s)
	mask := len(t.slots) - 1
	slot = int(k.hash()) & mask
	for {
		at := &t.slots[slot]
		if at.next == 0 {
			return 0, slot, false
		}
		if at.wordKey == k && (k.size != longWord || t.list[at.next-1] == s) {
			return at.next - 1, slot, true
		}
		slot = (slot + 1) & mask
	}
}

// add numbers a text that find did not find, cut loose from its line.
func (t *wordlist) add(s string, slot int) int {
	s = strings.Clone(s)
	t.list = append(t.list, s)
	if 2*len(t.list) <= len(t.slots) {
		t.slots[slot] = wordSlot{keyOf(s), len(t.list)}
		return len(t.list) - 1
	}
	t.slots = make([]wordSlot, max(32, 2*len(t.slots)))
	for i, s := range t.list {
		_, slot, _ := t.find(s)
		t.slots[slot] = wordSlot{keyOf(s), i + 1}
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
