package line

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// The vector form must agree with the plain one for every length and must not
// write beyond the plane.
func TestMinPlusAgrees(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for n := range 100 {
		src, a := make([]int32, n+1), make([]int32, n+1)
		for i := range src {
			src[i], a[i] = int32(rng.Uint32()>>2), int32(rng.Uint32()>>2)
		}
		c := int32(rng.IntN(2000) - 1000)
		got, want := slices.Clone(a), slices.Clone(a)
		minPlus(got[:n], src[:n], c)
		minPlusGo(want[:n], src[:n], c)
		if !slices.Equal(got, want) {
			t.Fatalf("minPlus of %d: %v, want %v", n, got, want)
		}
		minOf(got[:n], src[:n], a[:n])
		minOfGo(want[:n], src[:n], a[:n])
		if !slices.Equal(got, want) {
			t.Fatalf("minOf of %d: %v, want %v", n, got, want)
		}
		copy(got, a)
		copy(want, a)
		minOf(got[:n], got[:n], src[:n])
		minOfGo(want[:n], want[:n], src[:n])
		if !slices.Equal(got, want) {
			t.Fatalf("minOf onto itself of %d: %v, want %v", n, got, want)
		}
	}
}
