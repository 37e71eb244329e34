package importer

import (
	"math"
)

// stableHash is FNV-1a over texts with a separator; equal in every process.
type stableHash uint64

func newStableHash() stableHash { return 14695981039346656037 }

func (h *stableHash) text(s string) {
	v := uint64(*h)
	for i := 0; i < len(s); i++ {
		v = (v ^ uint64(s[i])) * 1099511628211
	}
	*h = stableHash((v ^ 0xff) * 1099511628211)
}

func (h *stableHash) num(n uint64) {
	v := uint64(*h)
	for i := 0; i < 8; i++ {
		v = (v ^ (n & 0xff)) * 1099511628211
		n >>= 8
	}
	*h = stableHash(v)
}

func (h *stableHash) float(f float64) { h.num(math.Float64bits(f)) }

// sum mixes the bits once more, as FNV is weak in its high ones.
func (h *stableHash) sum() uint64 {
	v := uint64(*h)
	v ^= v >> 33
	v *= 0xff51afd7ed558ccd
	v ^= v >> 33
	v *= 0xc4ceb9fe1a85ec53
	return v ^ v>>33
}
