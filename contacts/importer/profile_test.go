package importer

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
)

// TestCountedCells takes cells into account one by one and as counted: what is known
// of the column is the same.
func TestCountedCells(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	some := []string{"", "ja", "nee", "0", "1", "12", "369", "1.234", "1,5", "0:03:20", "4m 12s", "45%", "-3", "paspoort", "2026-03-27", "27-03-2026 08:15", "n/a", "Totaal", "0,25", "1e3"}
	for _, header := range []string{"wachttijd", "wachtrij", "onderwerp", "start", "beantwoord", "opgelost", "iets anders", "id"} {
		for _, different := range []int{10, 1000, 50_000} { // the last are more than are counted
			counted, plain := newColumn(header, false), newColumn(header, false)
			plain.many = true
			for range 9000 {
				s := some[rnd.IntN(len(some))]
				if rnd.IntN(2) == 0 {
					s = fmt.Sprint(rnd.IntN(different))
				}
				counted.add(s)
				plain.add(s)
			}
			counted.settle()
			plain.settle()
			if counted.many != (different == 50_000 && counted.wants&wantStamp == 0) {
				t.Errorf("%s of %d: counting ended: %v", header, different, counted.many)
			}
			counted.many = plain.many
			if !reflect.DeepEqual(counted, plain) {
				t.Errorf("%s of %d: counted\n%+v, one by one\n%+v", header, different, counted, plain)
			}
		}
	}
}
