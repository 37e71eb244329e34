package importer

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestWordlist numbers texts of all lengths, many that differ in one byte only, and
// compares with a map.
func TestWordlist(t *testing.T) {
	rnd := rand.New(rand.NewPCG(7, 8))
	var l wordlist
	want := map[string]int{}
	for range 50_000 {
		b := []byte(strings.Repeat("ab\x00", 10)[:rnd.IntN(24)])
		for range min(len(b), rnd.IntN(3)) {
			b[rnd.IntN(len(b))] = "\x00abc"[rnd.IntN(4)]
		}
		s := string(b)
		n, known := want[s]
		if !known {
			n = len(want)
			want[s] = n
		}
		if got := l.number(s); got != n || l.list[got] != s {
			t.Fatalf("%q is number %d, want %d", s, got, n)
		}
		clear(b)
	}
}

func TestMemo(t *testing.T) {
	m := memo[int]{limit: 2}
	for i, s := range []string{"a", "b", "c"} {
		m.put(s, i)
	}
	m.put("a", 7)
	a, _ := m.get("a")
	if _, ok := m.get("c"); a != 7 || ok {
		t.Errorf("a is %d, want 7; the third is there: %v", a, ok)
	}
	n := tally{limit: 1}
	if !n.add("x", 2) || n.add("y", 1) || !n.add("x", 3) || n.vals[0] != 5 {
		t.Errorf("tally holds %v, want one text 5 times", n.vals)
	}
}
