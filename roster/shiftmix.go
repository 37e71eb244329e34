package roster

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// Mix asks for shifts before people: which starts and lengths, and how many of
// each on each day, cover a need best (minimum shift design; set covering after
// Dantzig 1954 with the number of different shifts in the price).
type Mix struct {
	Need   []float64 // persons wanted per slot
	Days   []int     // first slot of each day
	Cyclic bool      // what reaches past the last slot goes on at the first

	Under, Over float64 // price of one person too few or too many in a slot
	PerKind     float64 // price of each kind that is used at all
	Kinds       []MixKind
	Start       [][]int // per kind and day, a mix to start from; kinds beyond it have none
}

// MixKind is one start and length. Presence is 1 in each slot worked, less where
// breaks fall.
type MixKind struct {
	Name     string
	Start    int // slots from the start of the day
	Presence []float64
	Wage     float64 // price of one person on it
	Days     []bool  // nil: every day
}

// MixResult is a mix of shifts.
type MixResult struct {
	Count       [][]int // per kind and day
	Used        int     // kinds that are used
	Under, Over float64 // person-slots
	Cost        float64
}

// MixMoves is the number of moves per kind and day at effort 1.
const MixMoves = 200

// SolveMix looks for the cheapest mix: simulated annealing on single persons,
// whole kinds moved, merged and closed, then on the set of kinds with every day
// settling to it. One run goes easily astray, so that half of a larger
// effort goes into short runs of their own; the cheapest counts. The same seed and
// effort give the same mix. When ctx ends, the best so far is returned.
func SolveMix(ctx context.Context, m *Mix, effort int, seed uint64) *MixResult {
	short := 0
	if effort >= 2*mixShort {
		short = effort / 2 / mixShort
	}
	best := solveMix(ctx, m, effort-short*mixShort, seed)
	for i := range short {
		if ctx.Err() != nil {
			break
		}
		if r := solveMix(ctx, m, mixShort, seed+uint64(i)+1); r.Cost < best.Cost-1e-9 {
			best = r
		}
	}
	return best
}

// mixShort is the effort of a short run.
const mixShort = 2

func solveMix(ctx context.Context, m *Mix, effort int, seed uint64) *MixResult {
	s := newMixState(m, seed)
	s.anneal(ctx, effort*MixMoves*max(1, len(m.Days)*len(m.Kinds)))
	s.restore()
	s.rebuild(ctx, effort*m.rebuilds())
	s.restore()
	return s.result()
}

// mixRebuilds is the number of changes of the set of kinds at effort 1 and a week.
const mixRebuilds = 800

// rebuilds is the number of changes of the set of kinds at effort 1. Each takes
// time by the day, and there are as many more moves of single persons with more
// days: for a month both would take hours.
func (m *Mix) rebuilds() int {
	weeks := max(1, float64(len(m.Days))/7)
	return int(math.Ceil(mixRebuilds / (weeks * weeks)))
}

type mixState struct {
	m     *Mix
	rng   *rand.Rand
	z     []float64
	x     [][]int
	total []int // per kind
	live  []int // kinds in use
	cost  float64
	best  float64
	keep  [][]int
}

func newMixState(m *Mix, seed uint64) *mixState {
	s := &mixState{m: m, rng: rand.New(rand.NewPCG(seed, 7)), z: make([]float64, len(m.Need)), total: make([]int, len(m.Kinds))}
	s.x, s.keep = make([][]int, len(m.Kinds)), make([][]int, len(m.Kinds))
	for k := range s.x {
		s.x[k], s.keep[k] = make([]int, len(m.Days)), make([]int, len(m.Days))
	}
	for t := range m.Need {
		s.cost += s.at(t, 0)
	}
	for k, days := range m.Start {
		for d, n := range days {
			s.put(k, d, n)
			s.keep[k][d] = n
		}
	}
	s.best = s.cost
	return s
}

func (s *mixState) at(t int, z float64) float64 {
	if d := s.m.Need[t] - z; d > 0 {
		return s.m.Under * d
	}
	return s.m.Over * (z - s.m.Need[t])
}

// slots calls f for every slot of a kind on a day.
func (s *mixState) slots(k, d int, f func(t int, w float64)) {
	kind := &s.m.Kinds[k]
	for i, w := range kind.Presence {
		t := s.m.Days[d] + kind.Start + i
		if t >= len(s.z) {
			if !s.m.Cyclic {
				return
			}
			t -= len(s.z)
		}
		if w != 0 {
			f(t, w)
		}
	}
}

// delta is what n persons more on a kind and day cost, its use left out.
func (s *mixState) delta(k, d, n int) float64 {
	sum := float64(n) * s.m.Kinds[k].Wage
	s.slots(k, d, func(t int, w float64) { sum += s.at(t, s.z[t]+float64(n)*w) - s.at(t, s.z[t]) })
	return sum
}

// put adds n persons and returns the whole change of cost.
func (s *mixState) put(k, d, n int) float64 {
	if n == 0 {
		return 0
	}
	c := s.delta(k, d, n)
	s.slots(k, d, func(t int, w float64) { s.z[t] += float64(n) * w })
	before := s.total[k]
	s.x[k][d] += n
	s.total[k] += n
	switch {
	case before == 0:
		c += s.m.PerKind
		s.live = append(s.live, k)
	case s.total[k] == 0:
		c -= s.m.PerKind
		s.live = slices.DeleteFunc(s.live, func(o int) bool { return o == k })
	}
	s.cost += c
	return c
}

func (s *mixState) allowed(k, d int) bool { return s.m.Kinds[k].Days == nil || s.m.Kinds[k].Days[d] }

// note keeps the state when it is the best so far.
func (s *mixState) note() {
	if s.cost < s.best-1e-9 {
		s.best = s.cost
		for k := range s.x {
			copy(s.keep[k], s.x[k])
		}
	}
}

// restore goes back to the best state.
func (s *mixState) restore() {
	for k := range s.x {
		for d := range s.x[k] {
			s.put(k, d, s.keep[k][d]-s.x[k][d])
		}
	}
}

// near returns a kind like k: a few slots earlier, later, shorter or longer.
func (s *mixState) near(k int) int {
	a := &s.m.Kinds[k]
	for range 8 {
		o := s.rng.IntN(len(s.m.Kinds))
		b := &s.m.Kinds[o]
		if o != k && abs(a.Start-b.Start)+abs(len(a.Presence)-len(b.Presence)) <= 4 {
			return o
		}
	}
	return s.rng.IntN(len(s.m.Kinds))
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// mixMove is one change of a number of persons, for undoing.
type mixMove struct{ k, d, n int }

func (s *mixState) undo(moves []mixMove) {
	for i := len(moves) - 1; i >= 0; i-- {
		s.put(moves[i].k, moves[i].d, -moves[i].n)
	}
}

func (s *mixState) anneal(ctx context.Context, moves int) {
	hot := 2 * math.Max(s.m.PerKind, s.m.Under)
	if s.m.Start != nil {
		hot /= warmer
	}
	cold := hot / 200
	cool := math.Pow(cold/hot, 1/float64(max(1, moves)))
	var done []mixMove
	for i, temp := 0, hot; i < moves; i, temp = i+1, temp*cool {
		if i%1024 == 0 && ctx.Err() != nil {
			return
		}
		before := s.cost
		done = s.step(done[:0])
		if c := s.cost - before; c > 0 && s.rng.Float64() >= math.Exp(-c/temp) {
			s.undo(done)
			s.cost = before
			continue
		}
		s.note()
	}
}

// warmer is how much cooler a search begins that starts from a good mix.
const warmer = 8

// step makes one random change and returns what it did.
func (s *mixState) step(done []mixMove) []mixMove {
	do := func(k, d, n int) {
		if n != 0 && (n < 0 || s.allowed(k, d)) {
			s.put(k, d, n)
			done = append(done, mixMove{k, d, n})
		}
	}
	d := s.rng.IntN(len(s.m.Days))
	if len(s.live) == 0 || s.rng.IntN(40) == 0 {
		do(s.rng.IntN(len(s.m.Kinds)), d, 1)
		return done
	}
	k := s.live[s.rng.IntN(len(s.live))]
	other := s.live[s.rng.IntN(len(s.live))]
	switch p := s.rng.IntN(100); {
	case p < 40: // one person more or less
		if s.x[k][d] > 0 && s.rng.IntN(2) == 0 {
			do(k, d, -1)
		} else {
			do(k, d, 1)
		}
	case p < 80: // one person to another kind
		if p < 50 {
			other = s.near(k)
		}
		if s.x[k][d] > 0 && other != k && s.allowed(other, d) {
			do(k, d, -1)
			do(other, d, 1)
		}
	default: // a whole kind
		if p < 93 {
			other = s.near(k)
		}
		if other == k {
			return done
		}
		for d := range s.m.Days {
			if n := s.x[k][d]; n > 0 && s.allowed(other, d) {
				do(k, d, -n)
				do(other, d, n)
			}
		}
	}
	return done
}

// rebuild changes the set of kinds in use: it replaces one by a near one, closes
// one, opens one, or closes one for others, and lets every day settle to the new
// set. What is worse is kept by the rule of Metropolis, at temperatures that fall
// from seven tenths of the price of a kind to a twentieth of it.
func (s *mixState) rebuild(ctx context.Context, rounds int) {
	hot := math.Max(s.m.PerKind, s.m.Under) * 0.7
	cool := math.Pow(1.0/20, 1/float64(max(1, rounds)))
	for i, temp := 0, hot; i < rounds; i, temp = i+1, temp*cool {
		if ctx.Err() != nil || len(s.live) == 0 {
			return
		}
		before := s.cost
		var done []mixMove
		do := func(k, d, n int) {
			if n != 0 {
				s.put(k, d, n)
				done = append(done, mixMove{k, d, n})
			}
		}
		k := s.live[s.rng.IntN(len(s.live))]
		set := slices.Clone(s.live)
		open := func(o int) {
			if !slices.Contains(set, o) {
				set = append(set, o)
			}
		}
		p := s.rng.IntN(100)
		switch {
		case p < 50: // replaced by a near one
			o := s.near(k)
			open(o)
			for d := range s.m.Days {
				if n := s.x[k][d]; n > 0 {
					do(k, d, -n)
					if s.allowed(o, d) {
						do(o, d, n)
					}
				}
			}
		case p < 65: // one more
			open(s.near(k))
		default: // closed, for up to two others
			for d := range s.m.Days {
				do(k, d, -s.x[k][d])
			}
			for range s.rng.IntN(3) {
				open(s.near(k))
			}
		}
		if p < 50 || p >= 65 {
			set = slices.DeleteFunc(set, func(o int) bool { return o == k })
		}
		done = s.descend(set, done)
		if c := s.cost - before; c > 0 && s.rng.Float64() >= math.Exp(-c/temp) {
			s.undo(done)
			s.cost = before
			continue
		}
		s.note()
	}
}

// descend makes the best single change on each day until none helps: a person
// more, less, or to another kind of the set.
func (s *mixState) descend(set []int, done []mixMove) []mixMove {
	for d := range s.m.Days {
		for {
			best, from, to := -1e-9, -1, -1
			for _, k := range set {
				if s.allowed(k, d) {
					c := s.delta(k, d, 1)
					if s.total[k] == 0 {
						c += s.m.PerKind / float64(len(s.m.Days))
					}
					if c < best {
						best, from, to = c, -1, k
					}
				}
				if s.x[k][d] == 0 {
					continue
				}
				if c := s.delta(k, d, -1); c < best {
					best, from, to = c, k, -1
				}
				s.slots(k, d, func(t int, w float64) { s.z[t] -= w })
				for _, o := range set {
					if o == k || !s.allowed(o, d) {
						continue
					}
					c := s.delta(o, d, 1)
					s.slots(k, d, func(t int, w float64) { c += s.at(t, s.z[t]) - s.at(t, s.z[t]+w) })
					if c -= s.m.Kinds[k].Wage; c < best {
						best, from, to = c, k, o
					}
				}
				s.slots(k, d, func(t int, w float64) { s.z[t] += w })
			}
			if from < 0 && to < 0 {
				break
			}
			if from >= 0 {
				s.put(from, d, -1)
				done = append(done, mixMove{from, d, -1})
			}
			if to >= 0 {
				s.put(to, d, 1)
				done = append(done, mixMove{to, d, 1})
			}
		}
	}
	return done
}

// result measures the mix from scratch.
func (s *mixState) result() *MixResult {
	r := &MixResult{Count: s.x}
	z := make([]float64, len(s.z))
	for k := range s.x {
		for d, n := range s.x[k] {
			s.slots(k, d, func(t int, w float64) { z[t] += float64(n) * w })
			r.Cost += float64(n) * s.m.Kinds[k].Wage
		}
		if s.total[k] > 0 {
			r.Used++
		}
	}
	for t := range z {
		r.Under += math.Max(0, s.m.Need[t]-z[t])
		r.Over += math.Max(0, z[t]-s.m.Need[t])
		r.Cost += s.at(t, z[t])
	}
	r.Cost += float64(r.Used) * s.m.PerKind
	return r
}
