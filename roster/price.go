package roster

import (
	"context"
	"fmt"
	"math"
	"slices"

	"kcc/internal/calendar"
)

// Evaluate returns the cost, coverage, hours and violations of a roster that
// exists, made by hand for instance. Skills are given out anew where the roster
// has them; shifts and breaks are taken as they are.
func Evaluate(p *Problem, r Roster) (*Result, error) {
	res, m, s, err := measured(p, r)
	if err != nil {
		return nil, err
	}
	res.Roster = m.roster(m.skillsOf(context.Background(), s.lanes[0].cov, s.plans, false), s.plans)
	return res, nil
}

// Measure is Evaluate without giving out the work: the roster in the result is
// r as it is. It takes two thirds of the time.
func Measure(p *Problem, r Roster) (*Result, error) {
	res, _, _, err := measured(p, r)
	if err != nil {
		return nil, err
	}
	res.Roster = r
	return res, nil
}

// measured prices a roster as it is.
func measured(p *Problem, r Roster) (*Result, *model, *searcher, error) {
	fixed := *p
	fixed.Locked = lockAll(p, r, func(string, calendar.Date) bool { return true })
	m, err := newModel(&fixed)
	if err != nil {
		return nil, nil, nil, err
	}
	s := newSearcher(m, 0, 1)
	s.load()
	res := &Result{Bound: math.NaN(), Gap: math.NaN(), Notes: m.notes}
	for _, x := range m.short {
		if x.What == "skill" {
			res.Shortfalls = append(res.Shortfalls, x)
		}
	}
	res.Violations = Check(p, r)
	m.measure(res, s)
	return res, m, s, nil
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
	work := map[agentDay]*Assignment{}
	for i := range r.Assignments {
		a := &r.Assignments[i]
		work[agentDay{a.Agent, a.Date}] = a
	}
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
	index := func(r Roster) map[agentDay]*Assignment {
		out := map[agentDay]*Assignment{}
		for i := range r.Assignments {
			out[agentDay{r.Assignments[i].Agent, r.Assignments[i].Date}] = &r.Assignments[i]
		}
		return out
	}
	x, y := index(before), index(after)
	var out []Change
	for i := range p.Agents {
		for d := p.First; d <= p.Last(); d++ {
			k := agentDay{p.Agents[i].ID, d}
			if a, b := x[k], y[k]; !sameShift(a, b) {
				out = append(out, Change{Agent: k.agent, Date: d, Before: a, After: b})
			}
		}
	}
	return out
}

func sameShift(a, b *Assignment) bool {
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
	before, err := Measure(p, r)
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
	after, err := Evaluate(p, out.Roster)
	if err != nil {
		return nil, err
	}
	out.After, out.UnmetHours = after.Cost, after.UnmetHours-before.UnmetHours
	out.Violations = append(newViolations(before.Violations, after.Violations), AddsPresence(p, r, out.Roster)...)
	for i := range out.Roster.Assignments {
		out.Roster.Assignments[i].Plan = after.Roster.Assignments[i].Plan
	}
	return out, nil
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
