package erlang

import (
	"math"
	"math/bits"
)

type eventKind uint8

const (
	eventSlot eventKind = iota // roster changes come before all else of that moment
	eventClose
	eventDone
	eventLeave
	eventArrive
	eventRedial
)

// event is something that happens to an agent, a contact, a line or a slot.
// Version tells whether it still holds.
type event struct {
	t       float64
	kind    eventKind
	id      int32
	version int32
}

// key is an event as one number of 128 bits that is in order of time, then kind,
// then id. Times are 0 or later, so that their bits are in order. A version takes
// 29 bits: no agent or contact of one run changes half a billion times.
type key struct{ hi, lo uint64 }

const versionBits = 29

// never comes after every event.
var never = key{math.MaxUint64, math.MaxUint64}

func keyOf(e event) key {
	return key{
		math.Float64bits(e.t),
		uint64(e.kind)<<(32+versionBits) | uint64(uint32(e.id))<<versionBits | uint64(e.version)&(1<<versionBits-1),
	}
}

func (k key) event() event {
	return event{
		t: math.Float64frombits(k.hi), kind: eventKind(k.lo >> (32 + versionBits)), id: int32(uint32(k.lo >> versionBits)),
		version: int32(k.lo & (1<<versionBits - 1)),
	}
}

// before returns 1 when k comes before o, else 0, without a jump.
func (k key) before(o key) uint64 {
	_, b := bits.Sub64(k.lo, o.lo, 0)
	_, b = bits.Sub64(k.hi, o.hi, b)
	return b
}

// eventHeap is a binary heap of events, the next on top.
type eventHeap []key

func (h *eventHeap) push(e event) {
	*h = append(*h, key{})
	h.rise(len(*h)-1, keyOf(e))
}

// pop takes the next event. The hole at the top sinks to a leaf and what was
// last rises from there, as in freeTimes.replaceFirst.
func (h *eventHeap) pop() event {
	a := *h
	top := a[0]
	last := len(a) - 1
	x := a[last]
	a = a[:last]
	*h = a
	if last == 0 {
		return top.event()
	}
	i, c := 0, 2
	for c < len(a) {
		c -= int(a[c-1].before(a[c]))
		a[i] = a[c]
		i, c = c, 2*c+2
	}
	if c == len(a) {
		a[i] = a[c-1]
		i = c - 1
	}
	h.rise(i, x)
	return top.event()
}

// rise puts x at place i and lets it rise to where it belongs.
func (h eventHeap) rise(i int, x key) {
	for i > 0 {
		p := (i - 1) / 2
		if x.before(h[p]) == 0 {
			break
		}
		h[i] = h[p]
		i = p
	}
	h[i] = x
}
