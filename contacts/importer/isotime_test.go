package importer

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// TestISOTimes reads times of the usual form, many of one day in a row and many
// with something wrong, and compares with the reading of any form.
func TestISOTimes(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	var iso isoTimes
	read := 0
	for i := range 40_000 {
		b := []byte(fmt.Sprintf("%04d-%02d-%02dT%02d:%02d:%02dZ", 1895+i/400+rnd.IntN(2), rnd.IntN(14), 27+rnd.IntN(6), rnd.IntN(26), rnd.IntN(62), rnd.IntN(62)))
		b = b[:len(b)-rnd.IntN(2)]
		if rnd.IntN(3) == 0 {
			b[rnd.IntN(len(b))] = "T :-Z09/"[rnd.IntN(8)]
		}
		s := string(b)
		wall, isUTC, ok := iso.read(s)
		if !ok {
			continue
		}
		read++
		st, ok := scanStamp(s)
		y, m, d, civil := st.civil(orderYMD)
		if want := civilSeconds(y, m, d) + int64(st.clock()); !ok || !civil || wall != want || isUTC != st.hasOffset || st.offset != 0 || st.nano != 0 || y <= 1904 {
			t.Fatalf("%q is %d (UTC %v), want %d of %+v", s, wall, isUTC, want, st)
		}
	}
	if read < 10_000 {
		t.Errorf("only %d times were of the form", read)
	}
}
