package importer

import (
	"encoding/binary"
	"hash/fnv"
	"math"
	"testing"
)

// TestStableHash compares with the FNV-1a of the standard library: stores hold
// these hashes.
func TestStableHash(t *testing.T) {
	ours, theirs := newStableHash(), fnv.New64a()
	for _, n := range []uint64{0, 1, 0x100, 0xff00, 1 << 63, math.MaxUint64, math.Float64bits(369), math.Float64bits(0.1), math.Float64bits(-1), 0x0100000000000000, 12345678901234} {
		ours.num(n)
		theirs.Write(binary.LittleEndian.AppendUint64(nil, n))
		if uint64(ours) != theirs.Sum64() {
			t.Fatalf("after %x the hash is %x, want %x", n, uint64(ours), theirs.Sum64())
		}
	}
	ours.text("paspoort")
	theirs.Write([]byte("paspoort\xff"))
	if uint64(ours) != theirs.Sum64() {
		t.Errorf("after a text the hash is %x, want %x", uint64(ours), theirs.Sum64())
	}
}
