package erlang

import (
	"math"
	"math/bits"
)

// freeTimes is a heap of the times at which agents are free. Times are 0 or
// later, so that their bits are in the same order as they are: whole numbers are
// compared without a jump, which the processor would guess wrong half the time.
type freeTimes struct {
	t []uint64 // bits of the times
}

func (f *freeTimes) len() int       { return len(f.t) }
func (f *freeTimes) first() float64 { return math.Float64frombits(f.t[0]) }

// set starts anew with n agents free at a time.
func (f *freeTimes) set(n int, at float64) {
	f.t = f.t[:0]
	for range n {
		f.t = append(f.t, math.Float64bits(at))
	}
}

// change adds agents at a time, or sends those home who are free first.
func (f *freeTimes) change(by int, at float64) {
	for ; by > 0; by-- {
		f.t = append(f.t, 0)
		f.rise(len(f.t)-1, math.Float64bits(at))
	}
	for ; by < 0 && len(f.t) > 0; by++ {
		last := len(f.t) - 1
		x := f.t[last]
		f.t = f.t[:last]
		if last > 0 {
			f.replaceFirst(math.Float64frombits(x))
		}
	}
}

// replaceFirst puts x in the place of the first: the hole at the top sinks to a
// leaf along the earlier children and x rises from there. The next time at which
// an agent is free mostly belongs near a leaf, so that this takes fewer and more
// even steps than letting x sink.
//
// Source: Wegener (1993), Bottom-up-heapsort.
func (f *freeTimes) replaceFirst(x float64) {
	t := f.t
	i, c := 0, 2
	for c < len(t) {
		_, earlier := bits.Sub64(t[c-1], t[c], 0) // 1 where the left child is, without a jump
		c -= int(earlier)
		t[i] = t[c]
		i, c = c, 2*c+2
	}
	if c == len(t) { // a last child without a sister
		t[i] = t[c-1]
		i = c - 1
	}
	f.rise(i, math.Float64bits(x))
}

// rise puts x at place i and lets it rise to where it belongs.
func (f *freeTimes) rise(i int, x uint64) {
	t := f.t
	for i > 0 {
		p := (i - 1) / 2
		if t[p] <= x {
			break
		}
		t[i] = t[p]
		i = p
	}
	t[i] = x
}
