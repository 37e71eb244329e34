package erlang

import (
	"math"
	"math/big"
	"strconv"
	"testing"
)

// FuzzParseDecimal holds that both parts together are the number as written.
func FuzzParseDecimal(f *testing.F) {
	for _, s := range []string{"2227.2", "0.1", "60400.91", "100000", "-3.25", "1e5", "0x1p-2", ".5", "7."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := ParseDecimal(s)
		v, want := strconv.ParseFloat(s, 64)
		if (err == nil) != (want == nil) {
			t.Fatalf("ParseDecimal(%q) = %v, ParseFloat %v", s, err, want)
		}
		if err != nil {
			return
		}
		if d.Hi != v && !math.IsNaN(v) {
			t.Fatalf("ParseDecimal(%q).Hi = %g, want %g", s, d.Hi, v)
		}
		if d.Lo == 0 || math.IsInf(v, 0) {
			return
		}
		exact, ok := new(big.Rat).SetString(s)
		if !ok {
			t.Fatalf("%q is no decimal and has a rest %g", s, d.Lo)
		}
		exact.Sub(exact, new(big.Rat).SetFloat64(d.Hi))
		rest, _ := exact.Float64()
		if math.Abs(rest-d.Lo) > 1e-15*math.Abs(rest)+1e-320 {
			t.Fatalf("ParseDecimal(%q).Lo = %g, want %g", s, d.Lo, rest)
		}
	})
}
