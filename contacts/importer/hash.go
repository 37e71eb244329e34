package importer

import (
	"math"
	"math/bits"
)

// stableHash is FNV-1a over texts with a separator; equal in every process.
type stableHash uint64

func newStableHash() stableHash { return 14695981039346656037 }

func (h *stableHash) text(s string) {
	v := uint64(*h)
	for i := 0; i < len(s); i++ {
		v = (v ^ uint64(s[i])) * fnvPrime
	}
	*h = stableHash((v ^ 0xff) * fnvPrime)
}

const fnvPrime = 1099511628211

// fnvZeros are what so many bytes of 0 multiply a hash by.
var fnvZeros = func() (p [9]uint64) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = p[i-1] * fnvPrime
	}
	return p
}()

// num takes the eight bytes of a number, the low ones first; those of whole
// numbers as a float64 are mostly 0.
func (h *stableHash) num(n uint64) {
	zeros := min(bits.TrailingZeros64(n)/8, 8)
	v := uint64(*h) * fnvZeros[zeros]
	n >>= 8 * zeros
	for i := zeros; i < 8; i++ {
		v = (v ^ (n & 0xff)) * fnvPrime
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
