package line

// minPlusGo lowers every dst[i] to src[i]+c.
func minPlusGo(dst, src []int32, c int32) {
	src = src[:len(dst)]
	for i := range dst {
		dst[i] = min(dst[i], src[i]+c)
	}
}

// minOfGo sets every dst[i] to the lower of a[i] and b[i].
func minOfGo(dst, a, b []int32) {
	a, b = a[:len(dst)], b[:len(dst)]
	for i := range dst {
		dst[i] = min(a[i], b[i])
	}
}
