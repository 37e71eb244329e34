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

// On long spans, where only what lies near the bound is followed, Best must find what a
// plain programme over mode, shifts and weekends finds.
func TestSoftBestAgainstPlainProgramme(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	s := NewSoftSolver()
	type state struct{ mode, shifts, weekends int }
	for trial := range 60 {
		days, shifts := 14+rng.IntN(22), 2+rng.IntN(3)
		r := randomSoft(rng, days, shifts)
		r.Total = Span{Min: days / 4, Max: days/4 + rng.IntN(days/3), Price: 20}
		r.Weekends.Max = rng.IntN(4)
		r.Work = Span{Min: 2 + rng.IntN(2), Max: 4 + rng.IntN(2), Price: 30}
		m, err := NewSoft(r)
		if err != nil {
			t.Fatal(err)
		}
		cost := make([]int32, days*shifts)
		shiftOf := make([]int16, shifts)
		for i := range cost {
			cost[i] = int32(rng.IntN(60) - 40)
			shiftOf[i%shifts] = int16(i % shifts)
		}
		now := map[state]int32{{m.entry, 0, 0}: 0}
		for d := range days {
			next := map[state]int32{}
			for q, v := range now {
				for a := 0; a <= shifts; a++ {
					p, weekend := m.day(q.mode, d, a)
					if p >= Never/2 {
						continue
					}
					to := state{int(m.next[q.mode*(shifts+1)+a]), q.shifts, q.weekends}
					if a > 0 {
						p += cost[d*shifts+a-1]
						to.shifts++
					}
					if weekend {
						to.weekends++
					}
					if best, ok := next[to]; !ok || v+p < best {
						next[to] = v + p
					}
				}
			}
			now = next
		}
		want := inf
		for q, v := range now {
			want = min(want, v+m.total(q.shifts, q.weekends))
		}
		line, types := make([]int16, days), make([]int16, days)
		for d := range line {
			line[d] = Off
		}
		got, ok := s.Best(m, line, 0, days, cost, shiftOf, line, types)
		if !ok || got != want {
			t.Fatalf("trial %d: found %v, cost %d, want %d", trial, ok, got, want)
		}
		sum := m.Penalty(line)
		for d, l := range line {
			if l != Off {
				sum += cost[d*shifts+int(l)]
			}
		}
		if sum != want {
			t.Fatalf("trial %d: the line costs %d, want %d", trial, sum, want)
		}
	}
}
