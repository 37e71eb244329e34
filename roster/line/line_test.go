package line

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// keeps reports whether a line keeps the rules, by reading the definitions.
func keeps(r Rules, line []int16) bool {
	minutes := 0
	count := make([]int, len(r.Lengths))
	for d, t := range line {
		if t == Off {
			continue
		}
		minutes += r.Lengths[t]
		count[t]++
		if r.DayOff != nil && r.DayOff[d] {
			return false
		}
		if d > 0 && line[d-1] != Off && r.Forbidden[line[d-1]][t] {
			return false
		}
	}
	for t, n := range count {
		if n > r.MaxCount[t] {
			return false
		}
	}
	if minutes < r.MinMinutes || minutes > r.MaxMinutes || weekends(r, line) > r.MaxWeekends {
		return false
	}
	for a := 0; a < r.Days; {
		b := a
		for b < r.Days && (line[b] == Off) == (line[a] == Off) {
			b++
		}
		inside := a > 0 && b < r.Days
		if line[a] == Off && inside && b-a < r.MinOff {
			return false
		}
		if line[a] != Off && (b-a > r.MaxRun || inside && b-a < r.MinRun) {
			return false
		}
		a = b
	}
	return true
}

func weekends(r Rules, line []int16) (n int) {
	for d := -1; d < r.Days; d++ {
		if (d-r.Saturday+70)%7 != 0 {
			continue
		}
		if d >= 0 && line[d] != Off || d+1 < r.Days && line[d+1] != Off {
			n++
		}
	}
	return n
}

// enumerate returns the cheapest line by trying all of them on the days of the span.
func enumerate(r Rules, current []int16, from, to int, cost []int32) (int32, bool) {
	types := len(r.Lengths)
	line := append([]int16(nil), current...)
	best, found := int32(0), false
	var walk func(d int, sum int32)
	walk = func(d int, sum int32) {
		if d == to {
			if sum := sum + r.WeekendPrice*int32(weekends(r, line)); (!found || sum < best) && keeps(r, line) {
				best, found = sum, true
			}
			return
		}
		line[d] = Off
		walk(d+1, sum)
		for t := range types {
			if c := cost[(d-from)*types+t]; c < Never/2 {
				line[d] = int16(t)
				walk(d+1, sum+c)
			}
		}
		line[d] = current[d]
	}
	walk(from, 0)
	return best, found
}

func randomRules(rng *rand.Rand, days, types int) Rules {
	r := Rules{Days: days, Saturday: rng.IntN(7), MinRun: rng.IntN(4), MaxRun: 1 + rng.IntN(5), MinOff: rng.IntN(4), MaxWeekends: rng.IntN(3)}
	lengths := []int{480, 600, 240, 720}
	for range types {
		r.Lengths = append(r.Lengths, lengths[rng.IntN(len(lengths))])
		r.MaxCount = append(r.MaxCount, []int{0, 1, 2, days, days}[rng.IntN(5)])
		f := make([]bool, types)
		for b := range f {
			f[b] = rng.IntN(3) == 0
		}
		r.Forbidden = append(r.Forbidden, f)
	}
	r.WeekendPrice = int32(rng.IntN(2) * rng.IntN(60))
	r.MinMinutes = rng.IntN(days * 300)
	r.MaxMinutes = r.MinMinutes + rng.IntN(1200)
	if rng.IntN(2) == 0 {
		r.DayOff = make([]bool, days)
		r.DayOff[rng.IntN(days)] = true
	}
	return r
}

func TestBestAgainstEnumeration(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	s := NewSolver()
	solved, exact := 0, 0
	for trial := range 1500 {
		days, types := 4+rng.IntN(6), 1+rng.IntN(2)
		if trial%5 == 0 {
			days, types = 4+rng.IntN(4), 3
		}
		r := randomRules(rng, days, types)
		cost := make([]int32, days*types)
		for i := range cost {
			cost[i] = int32(rng.IntN(200) - 120)
			if rng.IntN(15) == 0 {
				cost[i] = Never
			}
		}
		current := make([]int16, days)
		want, ok := enumerate(r, current, 0, days, cost)
		m, err := New(r)
		if err != nil {
			if ok {
				t.Fatalf("trial %d: New: %v, but a line costs %d", trial, err, want)
			}
			continue
		}
		for range 50 {
			any := make([]int16, days)
			for d := range any {
				any[d] = int16(rng.IntN(types+1) - 1)
			}
			if got, want := m.Keeps(any), keeps(r, any); got != want {
				t.Fatalf("trial %d: Keeps(%v) = %v, want %v: %+v", trial, any, got, want, r)
			}
		}
		got, found := s.Best(m, current, 0, days, cost, current)
		if !found {
			if limits := binding(r); ok && limits < 2 {
				t.Fatalf("trial %d: nothing found, want %d: %+v", trial, want, r)
			}
			continue
		}
		got += m.Penalty(current)
		solved++
		if !ok || !keeps(r, current) {
			t.Fatalf("trial %d: line %v breaks %+v", trial, current, r)
		}
		if got < want || got > want && binding(r) < 2 {
			t.Fatalf("trial %d: cost %d, want %d: %+v", trial, got, want, r)
		}
		if got == want {
			exact++
		}
		from := rng.IntN(days)
		to := from + 1 + rng.IntN(days-from)
		if (to-r.Saturday+70)%7 == 1 && to < days {
			continue
		}
		part := cost[from*types : to*types]
		want, ok = enumerate(r, current, from, to, part)
		before := append([]int16(nil), current...)
		got, found = s.Best(m, current, from, to, part, current)
		if found != ok && binding(r) < 2 {
			t.Fatalf("trial %d: days %d-%d of %v: found %v, want %v: %+v", trial, from, to, before, found, ok, r)
		}
		got += m.Penalty(current)
		if found && (got < want || got > want && binding(r) < 2 || !keeps(r, current)) {
			t.Fatalf("trial %d: days %d-%d: cost %d, want %d: %v -> %v %+v", trial, from, to, got, want, before, current, r)
		}
	}
	if solved < 300 || exact*100 < solved*95 {
		t.Errorf("%d lines found, %d of them cheapest", solved, exact)
	}
}

// binding counts the types whose maximum can bind.
func binding(r Rules) int {
	n := 0
	for _, c := range r.MaxCount {
		if c > 0 && c < r.Days {
			n++
		}
	}
	return n
}

func BenchmarkBest(b *testing.B) {
	for _, size := range []struct{ days, types, minutes int }{{14, 1, 480}, {28, 4, 480}, {28, 5, 600}, {28, 18, 720}, {28, 32, 720}, {56, 4, 480}, {84, 3, 480}, {182, 6, 480}} {
		b.Run(fmt.Sprintf("days=%d/types=%d/longest=%d", size.days, size.types, size.minutes), func(b *testing.B) {
			r := Rules{Days: size.days, Saturday: 5, MinRun: 2, MaxRun: 5, MinOff: 2, MaxWeekends: size.days / 14}
			for t := range size.types {
				f := make([]bool, size.types)
				for u := range t {
					f[u] = true
				}
				r.Lengths, r.MaxCount, r.Forbidden = append(r.Lengths, 480), append(r.MaxCount, size.days), append(r.Forbidden, f)
			}
			r.Lengths[size.types-1] = size.minutes
			r.MaxMinutes = size.days * 308
			r.MinMinutes = r.MaxMinutes - 600
			m, err := New(r)
			if err != nil {
				b.Fatal(err)
			}
			rng := rand.New(rand.NewPCG(1, 1))
			cost := make([]int32, size.days*size.types)
			for i := range cost {
				cost[i] = int32(rng.IntN(2000) - 1200)
			}
			s, line := NewSolver(), make([]int16, size.days)
			for b.Loop() {
				if _, ok := s.Best(m, line, 0, size.days, cost, line); !ok {
					b.Fatal("no line")
				}
			}
			b.ReportMetric(float64(s.Steps)/float64(b.N), "steps/op")
		})
	}
}

// Without minutes and weekends, as where the master keeps them.
func BenchmarkRelaxed(b *testing.B) {
	const days, types = 364, 32
	r := Rules{Days: days, Saturday: 5, MinRun: 2, MaxRun: 5, MinOff: 2, MaxWeekends: 26, MaxMinutes: days * 308}
	for t := range types {
		f := make([]bool, types)
		for u := range t {
			f[u] = u/4 < t/4
		}
		r.Lengths, r.MaxCount, r.Forbidden = append(r.Lengths, 480), append(r.MaxCount, days), append(r.Forbidden, f)
	}
	m, err := New(r)
	if err != nil {
		b.Fatal(err)
	}
	m = m.Relax(true)
	rng := rand.New(rand.NewPCG(1, 1))
	cost := make([]int32, days*types)
	for i := range cost {
		cost[i] = int32(rng.IntN(2000) - 1200)
	}
	s, line := NewSolver(), make([]int16, days)
	for b.Loop() {
		if _, ok := s.Relaxed(m, line, 0, days, cost, line); !ok {
			b.Fatal("no line")
		}
	}
	b.ReportMetric(float64(s.Steps)/float64(b.N), "steps/op")
}

// The step over single entries must agree with the one over planes.
func TestScalarStep(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	s := NewSolver()
	for trial := range 300 {
		days, types := 4+rng.IntN(20), 1+rng.IntN(4)
		r := randomRules(rng, days, types)
		m, err := New(r)
		if err != nil {
			continue
		}
		m = m.Relax(true)
		cost := make([]int32, days*types)
		for i := range cost {
			cost[i] = int32(rng.IntN(200) - 120)
		}
		s.WeekendPrice = int32(rng.IntN(50))
		out := make([]int16, days)
		for d := range out {
			out[d] = Off
		}
		got, ok := s.Relaxed(m, out, 0, days, cost, out)
		if !ok {
			continue
		}
		sum := int32(0)
		for d, c := range out {
			if c == Off {
				continue
			}
			sum += cost[d*types+int(c)]
			if weekday := (d - r.Saturday + 7) % 7; weekday == 0 || weekday == 1 && (d == 0 || out[d-1] == Off) {
				sum += s.WeekendPrice + r.WeekendPrice
			}
		}
		if sum != got {
			t.Fatalf("trial %d: the line costs %d, the value is %d", trial, sum, got)
		}
		s.enter()
		for d := range days {
			s.prices(d)
			s.step(d)
		}
		if want, _ := s.best(); got != want {
			t.Fatalf("trial %d: %d, by planes %d: %+v", trial, got, want, r)
		}
	}
}

// Several maxima that bind over a year, where a dimension for one of them would be too
// large: prices have to find a line.
func TestFirstManyLimits(t *testing.T) {
	const days = 364
	r := Rules{
		Days: days, Saturday: 5, Lengths: []int{600, 480, 480, 600, 600, 720, 480, 600, 600, 480},
		MaxCount: []int{33, days, days, 33, 67, 52, days, 67, 16, 21},
		MinRun:   1, MaxRun: 3, MinOff: 1, MinMinutes: 49800, MaxMinutes: 50520,
	}
	late := []int{0, 1, 1, 1, 2, 2, 3, 3, 4, 4} // an earlier shift may not follow a later one
	for a := range r.Lengths {
		r.Forbidden = append(r.Forbidden, make([]bool, len(r.Lengths)))
		for b := range r.Lengths {
			r.Forbidden[a][b] = late[b] < late[a]
		}
	}
	m, err := New(r)
	if err != nil {
		t.Fatal(err)
	}
	cost := make([]int32, days*len(r.Lengths))
	for i := range cost {
		if cost[i] = -100; r.MaxCount[i%len(r.Lengths)] < days {
			cost[i] = -300 // those with a maximum are the cheap ones
		}
	}
	out := make([]int16, days)
	if !NewSolver().First(m, cost, out) || !m.Keeps(out) {
		t.Errorf("no line that keeps the rules")
	}
}
