package roster

import (
	"fmt"
	"math"
	"slices"

	"kcc/internal/calendar"
)

// Evaluate returns the cost, coverage, hours and violations of a roster that
// exists, made by hand for instance. Shifts and breaks are taken as they are, and so are the
// skills served; shifts that have none are given theirs. Coverage is what they then give, and
// Cost.Calm what that costs more than the best skills for these shifts.
func Evaluate(p *Problem, r Roster) (*Result, error) { return EvaluateAnew(p, r) }

// EvaluateAnew is Evaluate that gives out the skills of free days anew.
func EvaluateAnew(p *Problem, r Roster, free ...calendar.Date) (*Result, error) {
	j, err := judge(p, r)
	if err != nil {
		return nil, err
	}
	cov := j.s.lanes[0].cov
	before := cov.total()
	j.res.Roster = j.give(free)
	j.res.Cost.Calm = math.Max(0, cov.total()-before)
	j.m.measure(j.res, j.s)
	return j.res, nil
}

// Measure is Evaluate without a look at the skills served: coverage is that of the best for
// these shifts, and the roster in the result is r as it is. It is for comparing candidates.
func Measure(p *Problem, r Roster) (*Result, error) {
	j, err := judge(p, r)
	if err != nil {
		return nil, err
	}
	j.m.measure(j.res, j.s)
	return j.res, nil
}

// judged is a roster as it is, in a model.
type judged struct {
	m   *model
	s   *searcher
	res *Result
}

// judge puts a roster into a model and checks it.
func judge(p *Problem, r Roster) (*judged, error) {
	fixed := *p
	fixed.Locked = lockAll(p, r, func(string, calendar.Date) bool { return true })
	m, err := newModel(&fixed)
	if err != nil {
		return nil, err
	}
	s := newSearcher(m, 0, 1)
	s.load()
	res := &Result{Roster: r, Bound: math.NaN(), Gap: math.NaN(), GapWithCalm: math.NaN(), Notes: m.notes}
	for _, x := range m.short {
		if x.What == "skill" {
			res.Shortfalls = append(res.Shortfalls, x)
		}
	}
	res.Violations = Check(p, r)
	return &judged{m: m, s: s, res: res}, nil
}

// give returns the roster with skills for shifts that have none, and given out anew on free days.
func (j *judged) give(free []calendar.Date) Roster {
	days := map[int]bool{}
	for _, d := range free {
		days[int(d-j.m.p.First)] = true
	}
	was := j.res.Roster.cells() // to judge it every shift was locked
	r := j.m.roster(j.m.sameSkills(j.s.lanes[0].cov, j.s.plans, days), j.s.plans)
	for i := range r.Assignments {
		a := &r.Assignments[i]
		a.Locked = was[agentDay{a.Agent, a.Date}].Locked
	}
	return r
}

// load puts every agent's locked shifts into the master lane.
func (s *searcher) load() {
	for a := range s.m.agents {
		p := s.m.emptyPlan(&s.m.agents[a])
		s.lanes[0].put(a, p, 1)
		s.set(a, p)
	}
	s.lanes[0].cov.tidy()
}

// lockAll returns a cell for every agent and day of the horizon that keep names,
// as the roster has it. Cells that the problem locks come first.
func lockAll(p *Problem, r Roster, keep func(agent string, d calendar.Date) bool) []Cell {
	work := r.cells()
	var out []Cell
	for i := range p.Agents {
		id := p.Agents[i].ID
		for d := p.First; d <= p.Last(); d++ {
			if !keep(id, d) {
				continue
			}
			c := Cell{Agent: id, Date: d, Off: true}
			if a := work[agentDay{id, d}]; a != nil {
				c.Off, c.Assignment = false, *a
			}
			out = append(out, c)
		}
	}
	return out
}

// Change is a cell of a roster that became another one; nil is a day off.
type Change struct {
	Agent  string
	Date   calendar.Date
	Before *Assignment
	After  *Assignment
}

// Diff lists the cells in which two rosters of the same problem differ: times or
// breaks, not the skills served.
func Diff(p *Problem, before, after Roster) []Change {
	x, y := before.cells(), after.cells()
	var out []Change
	for i := range p.Agents {
		for d := p.First; d <= p.Last(); d++ {
			k := agentDay{p.Agents[i].ID, d}
			if a, b := x[k], y[k]; !SameShift(a, b) {
				out = append(out, Change{Agent: k.agent, Date: d, Before: a, After: b})
			}
		}
	}
	return out
}

// ChangedDays returns the days of changes, in order, each once.
func ChangedDays(changes []Change) (days []calendar.Date) {
	for _, c := range changes {
		days = append(days, c.Date)
	}
	slices.Sort(days)
	return slices.Compact(days)
}

// SameShift reports whether two shifts have the same times and breaks, whatever skills they serve; nil
// is a day off.
func SameShift(a, b *Assignment) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Start.Equal(b.Start) && a.End.Equal(b.End) && slices.EqualFunc(a.Breaks, b.Breaks, func(x, y Break) bool {
		return x.Start.Equal(y.Start) && x.Length == y.Length && x.Paid == y.Paid
	})
}

// Swapped is the outcome of an exchange of shifts.
type Swapped struct {
	Roster     Roster
	Before     Cost
	After      Cost
	UnmetHours float64     // more (or less) hours of demand without an agent
	Violations []Violation // that the exchange adds
}

// Swap lets two agents exchange what they do on a day, checks it, and prices it.
func Swap(p *Problem, r Roster, a, b string, day calendar.Date) (*Swapped, error) {
	for _, id := range []string{a, b} {
		if !slices.ContainsFunc(p.Agents, func(x Agent) bool { return x.ID == id }) {
			return nil, problemf("%s is not an agent", id)
		}
	}
	before, err := Evaluate(p, r)
	if err != nil {
		return nil, err
	}
	out := &Swapped{Before: before.Cost}
	moved := 0
	for _, x := range r.Assignments {
		if x.Date == day && (x.Agent == a || x.Agent == b) {
			moved++
			if x.Agent == a {
				x.Agent = b
			} else {
				x.Agent = a
			}
			x.Plan = nil
		}
		out.Roster.Assignments = append(out.Roster.Assignments, x)
	}
	if moved == 0 {
		return nil, problemf("neither %s nor %s works on %s", a, b, day)
	}
	order := map[string]int{}
	for i := range p.Agents {
		order[p.Agents[i].ID] = i
	}
	slices.SortStableFunc(out.Roster.Assignments, func(x, y Assignment) int {
		if d := order[x.Agent] - order[y.Agent]; d != 0 {
			return d
		}
		return int(x.Date - y.Date)
	})
	after, err := EvaluateAnew(p, out.Roster, day)
	if err != nil {
		return nil, err
	}
	out.After, out.UnmetHours = after.Cost, after.UnmetHours-before.UnmetHours
	out.Violations = append(newViolations(before.Violations, after.Violations), AddsPresence(p, r, out.Roster)...)
	takePlans(&out.Roster, after.Roster)
	return out, nil
}

// takePlans lets the shifts of a roster serve what those of another do.
func takePlans(r *Roster, from Roster) {
	cells := from.cells()
	for i := range r.Assignments {
		a := &r.Assignments[i]
		if x := cells[agentDay{a.Agent, a.Date}]; x != nil {
			a.Plan = x.Plan
		} else {
			a.Plan = nil
		}
	}
}

// newViolations returns the violations that are not among the old ones.
func newViolations(old, now []Violation) []Violation {
	seen := map[string]bool{}
	for _, v := range old {
		seen[v.Rule+v.Agent+fmt.Sprint(v.Days)] = true
	}
	var out []Violation
	for _, v := range now {
		if !seen[v.Rule+v.Agent+fmt.Sprint(v.Days)] {
			out = append(out, v)
		}
	}
	return out
}
