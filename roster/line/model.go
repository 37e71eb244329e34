package line

import (
	"errors"
	"fmt"
	"slices"
)

// Off marks a day without a shift in a line of work.
const Off int16 = -1

// Never, or any cost of at least half of it, forbids a shift on a day. All other
// costs must stay small enough for a whole line to sum below Never/2.
const Never int32 = 1 << 28

// inf is the cost of an unreachable state. A line's costs change it by less
// than Never/2, so that it stays recognisable.
const inf int32 = 1 << 29

const unreachable = inf - Never

// ErrRules is returned for rules that contradict themselves.
var ErrRules = errors.New("line: rules cannot be kept")

// Rules are what one employee's line of work must keep.
type Rules struct {
	Days         int      // length of the period
	Saturday     int      // index modulo 7 of the Saturdays (5 when day 0 is a Monday)
	Lengths      []int    // minutes per shift type, positive
	Forbidden    [][]bool // Forbidden[a][b]: b may not come on the day after a
	MaxCount     []int    // most shifts per type; 0 = never
	MinMinutes   int
	MaxMinutes   int
	MinRun       int // fewest shifts in a row, 0 and 1 mean no rule
	MaxRun       int // most shifts in a row, at least 1
	MinOff       int // fewest days off in a row, 0 and 1 mean no rule
	MaxWeekends  int
	WeekendPrice int32  // what a worked weekend costs, beside the costs of its shifts
	DayOff       []bool // fixed days off; nil = none
}

// Model is a set of rules prepared for the Solver. It does not change and may
// be shared.
type Model struct {
	rules Rules
	days  int
	unit  int   // minutes per unit: the greatest common divisor of the lengths
	units []int // length per type in units
	lo    int   // fewest units
	hi    int   // most units
	sat   int

	minRun, maxRun, minOff int

	types      []int // the types that may be worked at all
	classes    int   // classes of types with the same forbidden successors
	class      []int // class per type, -1 when never worked
	sets       [][]int
	all        int   // index in sets of the set of all classes
	setBase    []int // per set: the largest earlier set inside it, or -1
	setRest    [][]int
	groups     []group
	typeSet    []int   // per type: the set of classes that may precede it
	alone      [][]int // per type: the list of that type
	most       []int   // most units that fit into n days, n = 0..days
	anyWeek    bool    // weekends have a price instead of a maximum
	anyMinutes bool
}

// group is a set of types that differ in nothing but their costs.
type group struct {
	class, set, units int
	types             []int
}

// New prepares r. The error names the first rule that contradicts itself.
func New(r Rules) (*Model, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	m := &Model{
		rules: r, days: r.Days, sat: r.Saturday % 7,
		minRun: max(r.MinRun, 1), maxRun: min(r.MaxRun, r.Days), minOff: max(r.MinOff, 1),
	}
	for t, n := range r.MaxCount {
		if n > 0 && r.MaxRun > 0 {
			m.types = append(m.types, t)
			m.unit = gcd(m.unit, r.Lengths[t])
		}
	}
	if m.unit == 0 {
		m.unit = 1
	}
	m.maxRun = max(m.maxRun, 1)
	m.units = make([]int, len(r.Lengths))
	for _, t := range m.types {
		m.units[t] = r.Lengths[t] / m.unit
	}
	m.lo = (max(r.MinMinutes, 0) + m.unit - 1) / m.unit
	m.hi = r.MaxMinutes / m.unit
	m.classify()
	m.fill()
	if m.lo > m.hi {
		return nil, fmt.Errorf("%w: no number of shifts gives between %d and %d minutes", ErrRules, r.MinMinutes, r.MaxMinutes)
	}
	if m.lo > m.most[r.Days] {
		return nil, fmt.Errorf("%w: at least %d minutes wanted, at most %d fit into %d days", ErrRules, r.MinMinutes, m.most[r.Days]*m.unit, r.Days)
	}
	m.hi = min(m.hi, m.most[r.Days])
	return m, nil
}

func (r Rules) check() error {
	switch n := len(r.Lengths); {
	case r.Days < 1:
		return fmt.Errorf("%w: %d days", ErrRules, r.Days)
	case len(r.MaxCount) != n || len(r.Forbidden) != n:
		panic("line: MaxCount and Forbidden must have one entry per shift type")
	case r.DayOff != nil && len(r.DayOff) != r.Days:
		panic("line: DayOff must have one entry per day")
	case r.MinMinutes > r.MaxMinutes:
		return fmt.Errorf("%w: at least %d minutes and at most %d", ErrRules, r.MinMinutes, r.MaxMinutes)
	case r.MaxMinutes < 0:
		return fmt.Errorf("%w: at most %d minutes", ErrRules, r.MaxMinutes)
	}
	for t, l := range r.Lengths {
		if l <= 0 {
			return fmt.Errorf("%w: shift type %d lasts %d minutes", ErrRules, t, l)
		}
	}
	return nil
}

// classify finds the classes of types with equal successors, the sets of
// classes that may precede a type, and the groups of interchangeable types.
func (m *Model) classify() {
	r := &m.rules
	m.class = slices.Repeat([]int{-1}, len(r.Lengths))
	m.typeSet = slices.Repeat([]int{-1}, len(r.Lengths))
	for t := range r.Lengths {
		m.alone = append(m.alone, []int{t})
	}
	var heads []int
	for _, a := range m.types {
		c := slices.IndexFunc(heads, func(h int) bool {
			for _, b := range m.types {
				if r.Forbidden[a][b] != r.Forbidden[h][b] {
					return false
				}
			}
			return true
		})
		if c < 0 {
			c = len(heads)
			heads = append(heads, a)
		}
		m.class[a] = c
	}
	m.classes = len(heads)
	everyone := make([]int, m.classes)
	for c := range everyone {
		everyone[c] = c
	}
	before := make(map[int][]int)
	sets := [][]int{everyone}
	for _, t := range m.types {
		var set []int
		for c, h := range heads {
			if !r.Forbidden[h][t] {
				set = append(set, c)
			}
		}
		before[t] = set
		sets = append(sets, set)
	}
	slices.SortFunc(sets, func(a, b []int) int {
		if d := len(a) - len(b); d != 0 {
			return d
		}
		return slices.Compare(a, b)
	})
	m.sets = slices.CompactFunc(sets, slices.Equal)
	index := func(set []int) int {
		return slices.IndexFunc(m.sets, func(s []int) bool { return slices.Equal(s, set) })
	}
	m.all = index(everyone)
	for i, set := range m.sets {
		base, rest := -1, set
		for j := i - 1; j >= 0; j-- {
			if len(m.sets[j]) > 0 && !slices.ContainsFunc(m.sets[j], func(c int) bool { return !slices.Contains(set, c) }) {
				base = j
				rest = slices.DeleteFunc(slices.Clone(set), func(c int) bool { return slices.Contains(m.sets[j], c) })
				break
			}
		}
		m.setBase = append(m.setBase, base)
		m.setRest = append(m.setRest, rest)
	}
	for _, t := range m.types {
		set := index(before[t])
		m.typeSet[t] = set
		g := slices.IndexFunc(m.groups, func(g group) bool {
			return g.class == m.class[t] && g.set == set && g.units == m.units[t]
		})
		if g < 0 {
			g = len(m.groups)
			m.groups = append(m.groups, group{class: m.class[t], set: set, units: m.units[t]})
		}
		m.groups[g].types = append(m.groups[g].types, t)
	}
}

// Relax returns m without its maximum of weekends and, if minutes is set, without
// its minimum and maximum of minutes either: the tables shrink to fit any
// horizon. Lines of the result may break those rules; its value is a lower bound
// when their prices are in the costs, see Solver.WeekendPrice.
func (m *Model) Relax(minutes bool) *Model {
	k := *m
	k.anyWeek = true
	if !minutes {
		return &k
	}
	k.anyMinutes = true
	k.lo, k.hi = 0, 0
	k.units = make([]int, len(m.units))
	k.most = make([]int, len(m.most))
	k.groups = slices.Clone(m.groups)
	for i := range k.groups {
		k.groups[i].units = 0
	}
	return &k
}

// fill computes the most units that fit into n days in a row, whatever comes
// before: a full run, the fewest days off, a full run again. Fixed days off and
// successions only lower it.
func (m *Model) fill() {
	longest := 0
	for _, t := range m.types {
		longest = max(longest, m.units[t])
	}
	m.most = make([]int, m.days+1)
	for n := 1; n <= m.days; n++ {
		cycle := m.maxRun + m.minOff
		full, rest := n/cycle, n%cycle
		m.most[n] = longest * (full*m.maxRun + min(rest, m.maxRun))
	}
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// Unit returns the minutes in which the model counts.
func (m *Model) Unit() int { return m.unit }

// AnyWeekends reports whether Relax took the maximum of weekends away.
func (m *Model) AnyWeekends() bool { return m.anyWeek }

// Penalty returns what the weekends of a whole line cost.
func (m *Model) Penalty(line []int16) int32 {
	if m.rules.WeekendPrice == 0 {
		return 0
	}
	return m.rules.WeekendPrice * int32(m.weekendsIn(line))
}

func (m *Model) weekendsIn(line []int16) (n int) {
	for d, t := range line {
		if t == Off {
			continue
		}
		switch (d - m.sat + 7) % 7 {
		case 0:
			n++
		case 1:
			if d == 0 || line[d-1] == Off {
				n++
			}
		}
	}
	return n
}

// AnyMinutes reports whether Relax took the minutes away.
func (m *Model) AnyMinutes() bool { return m.anyMinutes }
