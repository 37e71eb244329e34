package roster

import (
	"math"
	"math/rand/v2"
)

// blur draws random numbers with a Gumbel distribution. The cheapest of several
// choices whose costs are each lowered by such a number of scale T is a sample of
// the choices with probabilities in proportion to exp(-cost/T).
type blur struct {
	rng   *rand.Rand
	table *[1 << blurBits]float64 // quantiles
	scale float64
	bits  uint64
	left  int
}

const blurBits = 12

// gumbels holds the quantiles of the Gumbel distribution.
func gumbels() *[1 << blurBits]float64 {
	var g [1 << blurBits]float64
	for i := range g {
		g[i] = -math.Log(-math.Log((float64(i) + 0.5) / float64(len(g))))
	}
	return &g
}

func (b *blur) next() float64 {
	if b.left == 0 {
		b.bits, b.left = b.rng.Uint64(), 64/blurBits
	}
	i := b.bits & (1<<blurBits - 1)
	b.bits >>= blurBits
	b.left--
	return b.scale * b.table[i]
}
