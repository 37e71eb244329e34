package importer

import (
	"math/bits"
	"slices"
)

// cells holds sums by their keys. Both lie side by side in the order in which the
// keys came, so that the cells of a day stay in the cache of the processor.
type cells[K comparable, V any] struct {
	keys  []K
	vals  []V
	slots []cellSlot // a power of two, at most half full
}

// cellSlot is where a key is looked for.
type cellSlot struct {
	hash uint32
	next uint32 // 1 + a place in keys, 0 is free
}

// at returns the value of a key with its hash, which begins as zero; it stays where
// it is until the next call.
func (c *cells[K, V]) at(k K, hash uint64) (v *V, isNew bool) {
	if 2*len(c.keys) >= len(c.slots) {
		c.grow()
	}
	h, mask := uint32(hash), len(c.slots)-1
	slot := int(h) & mask
	for {
		s := c.slots[slot]
		if s.next == 0 {
			break
		}
		if s.hash == h && c.keys[s.next-1] == k {
			return &c.vals[s.next-1], false
		}
		slot = (slot + 1) & mask
	}
	c.keys = append(c.keys, k)
	var zero V
	c.vals = append(c.vals, zero)
	c.slots[slot] = cellSlot{h, uint32(len(c.keys))}
	return &c.vals[len(c.vals)-1], true
}

func (c *cells[K, V]) grow() {
	old := c.slots
	c.slots = make([]cellSlot, max(64, 2*len(old)))
	mask := len(c.slots) - 1
	for _, s := range old {
		if s.next == 0 {
			continue
		}
		slot := int(s.hash) & mask
		for c.slots[slot].next != 0 {
			slot = (slot + 1) & mask
		}
		c.slots[slot] = s
	}
}

// reset empties the cells and keeps their memory.
func (c *cells[K, V]) reset() {
	c.keys, c.vals = c.keys[:0], c.vals[:0]
	clear(c.slots)
}

// mixed takes a number into a hash.
func mixed(h, n uint64) uint64 {
	hi, lo := bits.Mul64(h^n, 0x9e3779b97f4a7c15)
	return hi ^ lo
}

// sorted returns the places of the cells in the order of their keys.
func (c *cells[K, V]) sorted(compare func(a, b K) int) []int {
	order := make([]int, len(c.keys))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return compare(c.keys[i], c.keys[j]) })
	return order
}
