package line

// Solver holds the tables of the dynamic programme so that a call allocates
// nothing once they are large enough. It is not safe for concurrent use; use
// one per worker.
type Solver struct {
	Steps int64 // elementary steps of all calls so far, the measure of work
	// WeekendPrice is paid per worked weekend, beside the price in the rules, in models
	// without a maximum of weekends (see Model.Relax), and by the value that Relaxed returns.
	WeekendPrice int32
	// Lower is set by Best: no line costs less, whether Best found the cheapest or not.
	Lower int32

	m        *Model
	current  []int16
	from, to int
	cost     []int32 // per day of the span and type, stride = number of types
	stride   int

	rows, weeks, counts int // a plane has weeks x counts rows of units
	exact               int // type whose count is a dimension, or -1
	lo, hi              []int
	base                []int // per day: start of the layer in f
	f                   []int32
	hub                 []int32
	noWeek, noCount     []int32 // copies of planes without what cannot take one more
	hubAt               []int   // per set and run: offset in hub or, if negative, ^offset in f
	gc                  []int32
	groups              []group

	entryMode int
	limit     []int // shifts of each type that the span may still hold
	saved     []int32
	used      []int
	price     []int32
	raise     []int32
	minU      int
	maxU      int
	weekends  int
}

// NewSolver returns an empty solver.
func NewSolver() *Solver { return &Solver{} }

// callSteps is what a call costs beside its table, in elementary steps.
const callSteps = 3000

// maxCells bounds the table of one call, about 100 MB.
const maxCells = 25 << 20

// priceRounds is how often a broken maximum per shift type is priced higher
// before shifts of that type are forbidden outright.
const priceRounds = 6

// Best finds the cheapest way to fill the days from..to-1 of current while its
// other days stay, and writes it to the same days of out (the other days of out
// are left alone). cost holds, from day from on, one cost per day and shift
// type. It returns the sum of the costs of the shifts chosen, without the price of
// weekends, and false when
// nothing fits; out is then unchanged. The line in current outside the span must
// keep the rules. Without a binding maximum per shift type the result is
// optimal; with one binding it still is; with several it is close.
//
// A span that ends on a Saturday night counts the weekend once too often if both
// its Saturday and the Sunday after it are worked, so end spans elsewhere.
func (s *Solver) Best(m *Model, current []int16, from, to int, cost []int32, out []int16) (int32, bool) {
	s.m, s.current, s.from, s.to, s.cost, s.stride = m, current, from, to, cost, len(m.units)
	if !s.budget() {
		return 0, false
	}
	v, ok := s.run(-1)
	if !ok {
		return 0, false
	}
	s.Lower = v
	s.trace(v, out)
	worst := s.broken(out)
	if worst < 0 {
		return s.value(out), true
	}
	return s.limited(out, worst)
}

// Relaxed is Best without the maximum per shift type beyond "may not be worked
// at all": the bound of a relaxation that prices those limits in cost.
func (s *Solver) Relaxed(m *Model, current []int16, from, to int, cost []int32, out []int16) (int32, bool) {
	s.m, s.current, s.from, s.to, s.cost, s.stride = m, current, from, to, cost, len(m.units)
	if !s.budget() {
		return 0, false
	}
	for t := range s.limit {
		s.limit[t] = to - from
	}
	v, ok := s.run(-1)
	if !ok {
		return 0, false
	}
	s.trace(v, out)
	return v, true
}

// limited repeats the search with the maximum of the worst type as a dimension
// and prices on the others.
func (s *Solver) limited(out []int16, worst int) (int32, bool) {
	types := s.stride
	n := (s.to - s.from) * types
	s.saved = append(s.saved[:0], s.cost[:n]...)
	s.price = append(s.price[:0], make([]int32, types)...)
	s.raise = append(s.raise[:0], make([]int32, types)...)
	original := s.cost
	s.cost = s.saved
	exact := worst
	if !s.layout(exact) {
		exact = -1 // the table would be too large: prices have to do
	}
	for round := 0; ; round++ {
		v, ok := s.run(exact)
		if !ok {
			return 0, false
		}
		if round <= priceRounds { // nothing is forbidden yet
			s.Lower = max(s.Lower, v-s.priced())
		}
		s.trace(v, out)
		t := s.broken(out)
		if t < 0 {
			s.cost = original
			return s.value(out), true
		}
		if round >= priceRounds {
			s.forbid(out)
			continue
		}
		s.reprice(original)
	}
}

// priced returns what a line pays at least when it uses every priced type up to
// its maximum: a line that keeps them pays no more.
func (s *Solver) priced() (sum int32) {
	for t, p := range s.price {
		sum += p * int32(s.limit[t])
	}
	return sum
}

// reprice raises the price of every type that is used too often.
func (s *Solver) reprice(original []int32) {
	types := s.stride
	for t := range types {
		over := s.used[t] - s.limit[t]
		if over <= 0 {
			continue
		}
		if s.raise[t] == 0 {
			s.raise[t] = s.typicalCost(original, t)
		} else {
			s.raise[t] *= 2
		}
		s.price[t] = min(s.price[t]+s.raise[t], Never/8/int32(s.to-s.from))
		for d := 0; d < s.to-s.from; d++ {
			if i := d*types + t; original[i] < Never/2 {
				s.saved[i] = original[i] + s.price[t]
			}
		}
	}
}

// typicalCost is a quarter of the spread of the costs of type t, the first step
// of its price.
func (s *Solver) typicalCost(cost []int32, t int) int32 {
	lo, hi := inf, -inf
	for d := 0; d < s.to-s.from; d++ {
		if c := cost[d*s.stride+t]; c < Never/2 {
			lo, hi = min(lo, c), max(hi, c)
		}
	}
	return max((hi-lo)/4, 1)
}

// forbid leaves a type that is used too often only on the first days where out
// uses it. Every round takes at least one type back to its maximum.
func (s *Solver) forbid(out []int16) {
	for t := range s.stride {
		if s.used[t] <= s.limit[t] {
			continue
		}
		left := s.limit[t]
		for d := s.from; d < s.to; d++ {
			if out[d] == int16(t) && left > 0 {
				left--
				continue
			}
			s.saved[(d-s.from)*s.stride+t] = Never
		}
	}
}

// broken counts the types in out's span and returns the one that exceeds its
// maximum most, or -1.
func (s *Solver) broken(out []int16) int {
	s.used = append(s.used[:0], make([]int, s.stride)...)
	for _, t := range out[s.from:s.to] {
		if t != Off {
			s.used[t]++
		}
	}
	worst, most := -1, 0
	for _, t := range s.m.types {
		if over := s.used[t] - s.limit[t]; over > most {
			worst, most = t, over
		}
	}
	return worst
}

func (s *Solver) value(out []int16) int32 {
	var sum int32
	for d := s.from; d < s.to; d++ {
		if t := out[d]; t != Off {
			sum += s.cost[(d-s.from)*s.stride+int(t)]
		}
	}
	return sum
}

// budget works out what the fixed days leave for the span.
func (s *Solver) budget() bool {
	m, current := s.m, s.current
	s.limit = append(s.limit[:0], m.rules.MaxCount...)
	units, weekends := 0, 0
	count := func(a, b int) {
		for d := a; d < b; d++ {
			t := current[d]
			if t == Off {
				continue
			}
			units += m.units[t]
			s.limit[t]--
			// A weekend counts on its Saturday, or on its Sunday when the Saturday is free.
			switch (d - m.sat + 7) % 7 {
			case 0:
				weekends++
			case 1:
				if d == 0 || d == s.to || current[d-1] == Off {
					weekends++
				}
			}
		}
	}
	count(0, s.from)
	count(s.to, m.days)
	for _, t := range m.types {
		if s.limit[t] < 0 {
			return false
		}
	}
	s.minU, s.maxU = max(m.lo-units, 0), m.hi-units
	s.weekends = m.rules.MaxWeekends - weekends
	s.maxU = min(s.maxU, m.most[s.to-s.from])
	if m.anyWeek {
		s.weekends = m.days
	}
	return s.maxU >= s.minU && s.weekends >= 0
}

// Cells returns the size of the table for a span of that many days.
func (m *Model) Cells(days int) int {
	weeks := min(m.rules.MaxWeekends, days/7+1) + 1
	if m.anyWeek {
		weeks = 1
	}
	cells := 0
	for k := 0; k <= days; k++ {
		lo := max(0, m.lo-m.most[m.days]+m.most[days]-m.most[days-k])
		cells += max(min(m.hi, m.most[k])-lo+1, 0) * weeks * (m.minOff + m.maxRun*m.classes)
	}
	return cells
}

// MostShifts returns the most shifts that the minutes and the runs allow.
func (m *Model) MostShifts() int {
	shortest := 0
	for _, t := range m.types {
		if shortest == 0 || m.units[t] < shortest {
			shortest = m.units[t]
		}
	}
	if shortest == 0 {
		return 0
	}
	longest := 0
	for _, t := range m.types {
		longest = max(longest, m.units[t])
	}
	return min(m.hi/shortest, m.most[m.days]/longest)
}
