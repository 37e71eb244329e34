package line

import (
	"math/rand/v2"
	"testing"
)

func randomSoft(rng *rand.Rand, days, shifts int) SoftRules {
	span := func(price int32) Span {
		lo := rng.IntN(4)
		return Span{Min: lo, Max: lo + rng.IntN(3), Price: price}
	}
	r := SoftRules{
		Days: days, Saturday: rng.IntN(7), Work: span(30), Free: span(25), Total: span(20),
		Weekends: Span{Max: rng.IntN(2), Price: 35}, Broken: int32(rng.IntN(2) * 30),
	}
	for range shifts {
		f := make([]bool, shifts)
		for b := range f {
			f[b] = rng.IntN(4) == 0
		}
		r.Forbidden, r.Shift = append(r.Forbidden, f), append(r.Shift, span(15))
	}
	r.History = History{Last: int16(rng.IntN(shifts+1) - 1), Total: rng.IntN(3), Weekends: rng.IntN(2)}
	if r.History.Last == Off {
		r.History.Off = 1 + rng.IntN(5)
	} else {
		r.History.Same = 1 + rng.IntN(4)
		r.History.Work = r.History.Same + rng.IntN(3)
	}
	return r
}

// Best must find the cheapest filling of any span among all of them.
func TestSoftBestAgainstEnumeration(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	s := NewSoftSolver()
	for trial := range 1500 {
		days, shifts := 3+rng.IntN(5), 1+rng.IntN(2)
		m, err := NewSoft(randomSoft(rng, days, shifts))
		if err != nil {
			t.Fatal(err)
		}
		cost := make([]int32, days*shifts*2)
		for i := range cost {
			cost[i] = int32(rng.IntN(100) - 70)
		}
		shiftOf := make([]int16, shifts*2)
		for i := range shiftOf {
			shiftOf[i] = int16(i / 2)
		}
		line := make([]int16, days)
		for d := range line {
			line[d] = Off
		}
		from := rng.IntN(days)
		to := from + 1 + rng.IntN(days-from)
		part := cost[from*shifts*2 : to*shifts*2]
		price := func() int32 {
			sum := m.Penalty(line)
			for d := from; d < to; d++ {
				if l := line[d]; l != Off {
					k := (d - from) * shifts * 2
					sum += min(part[k+int(l)*2], part[k+int(l)*2+1])
				}
			}
			return sum
		}
		want := inf
		var walk func(d int)
		walk = func(d int) {
			if d == to {
				want = min(want, price())
				return
			}
			for l := Off; l < int16(shifts); l++ {
				line[d] = l
				walk(d + 1)
			}
			line[d] = Off
		}
		walk(from)
		types := make([]int16, to-from)
		got, ok := s.Best(m, line, from, to, part, shiftOf, line, types)
		if !ok || got != want || price() != want {
			t.Fatalf("trial %d: found %v, cost %d (line says %d), want %d", trial, ok, got, price(), want)
		}
	}
}
