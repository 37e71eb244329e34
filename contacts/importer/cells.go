package importer

import (
	"math/bits"
	"slices"
)

// cells holds sums by their keys. Both lie side by side in the order in which the
// keys came, so that the cells of a day stay in the cache of the processor.
type cells[K hasher, V any] struct {
	keys  []K
	vals  []V
	slots []uint32 // 1 + a place in keys, 0 is free; a power of two, at most half full
}

// hasher is a key of cells.
type hasher interface {
	comparable
	hash() uint64
}

// at returns the value of a key, which begins as zero; it stays where it is until
// the next call.
func (c *cells[K, V]) at(k K) (v *V, isNew bool) {
	if 2*len(c.keys) >= len(c.slots) {
		c.grow()
	}
	slot := c.slot(k)
	if i := c.slots[slot]; i != 0 {
		return &c.vals[i-1], false
	}
	c.keys = append(c.keys, k)
	var zero V
	c.vals = append(c.vals, zero)
	c.slots[slot] = uint32(len(c.keys))
	return &c.vals[len(c.vals)-1], true
}

// slot returns where a key is or would be.
func (c *cells[K, V]) slot(k K) int {
	mask := len(c.slots) - 1
	slot := int(k.hash()) & mask
	for {
		if i := c.slots[slot]; i == 0 || c.keys[i-1] == k {
			return slot
		}
		slot = (slot + 1) & mask
	}
}

func (c *cells[K, V]) grow() {
	c.slots = make([]uint32, max(64, 2*len(c.slots)))
	for i, k := range c.keys {
		c.slots[c.slot(k)] = uint32(i + 1)
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
