package line

import "golang.org/x/sys/cpu"

// vector says whether the processor adds and compares eight numbers at a time.
var vector = cpu.X86.HasAVX2

// shortPlane is the length below which the call costs more than it saves.
const shortPlane = 16

// minPlus lowers every dst[i] to src[i]+c.
func minPlus(dst, src []int32, c int32) {
	n := len(dst)
	if !vector || n < shortPlane {
		minPlusGo(dst, src, c)
		return
	}
	src = src[:n]
	minPlusAVX2(&dst[0], &src[0], n, c)
}

// minOf sets every dst[i] to the lower of a[i] and b[i].
func minOf(dst, a, b []int32) {
	n := len(dst)
	if !vector || n < shortPlane {
		minOfGo(dst, a, b)
		return
	}
	a, b = a[:n], b[:n]
	minOfAVX2(&dst[0], &a[0], &b[0], n)
}

// minPlusAVX2 is minPlusGo for n >= 8.
//
//go:noescape
func minPlusAVX2(dst, src *int32, n int, c int32)

// minOfAVX2 is minOfGo for n >= 8.
//
//go:noescape
func minOfAVX2(dst, a, b *int32, n int)
