//go:build !amd64

package line

func minPlus(dst, src []int32, c int32) { minPlusGo(dst, src, c) }

func minOf(dst, a, b []int32) { minOfGo(dst, a, b) }
