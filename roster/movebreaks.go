package roster

import (
	"context"
	"slices"
	"time"

	"kcc/internal/calendar"
)

// MoveOptions says which breaks may move.
type MoveOptions struct {
	Date calendar.Date
	From time.Time // breaks that begin before are as they are, and none moves to before
	// PerMove is the price of moving one break in points, so that breaks move only
	// where that helps; 0 = DefaultPerMove, negative = none.
	PerMove float64
}

// DefaultPerMove is the price of moving a break: one agent-slot of shortage.
const DefaultPerMove = MissingCost

// MovedBreak is a break at another time.
type MovedBreak struct {
	Agent         string
	Length        time.Duration
	Before, After time.Time
}

// Moved is a day with breaks moved.
type Moved struct {
	Roster Roster // the whole roster
	Moves  []MovedBreak
	Saves  float64 // points of cost of coverage
	Unmet  [2]float64
}

// movePasses bounds how often the agents are gone through.
const movePasses = 4

// MoveBreaks puts the breaks of one day where presence is worth least, within the
// windows of each shift, agent by agent and each exactly, until none can be put
// better. Shifts stay as they are; locked cells and shifts drawn by hand keep
// their breaks. When ctx ends, what was found so far is returned.
func MoveBreaks(ctx context.Context, p *Problem, r Roster, opt MoveOptions) (*Moved, error) {
	perMove := pick(opt.PerMove, DefaultPerMove)
	before, err := Evaluate(p, r)
	if err != nil {
		return nil, err
	}
	out := &Moved{}
	out.Unmet[0] = before.UnmetHours
	fixed := *p
	fixed.Locked = lockAll(p, r, func(string, calendar.Date) bool { return true })
	m, err := newModel(&fixed)
	if err != nil {
		return nil, err
	}
	s := newSearcher(m, 0, 1)
	s.load()
	day := int(opt.Date - p.First)
	if day < 0 || day >= p.Days {
		return nil, problemf("%s is not in the roster", opt.Date)
	}
	kept := map[string]bool{}
	for _, c := range p.Locked {
		if c.Date == opt.Date {
			kept[c.Agent] = true
		}
	}
	chosen := slices.Clone(r.Assignments)
	for range movePasses {
		improved := false
		for i := range chosen {
			a := &chosen[i]
			if a.Date != opt.Date || a.Locked || kept[a.Agent] || len(a.Breaks) == 0 || ctx.Err() != nil {
				continue
			}
			if s.betterBreaks(p, a, r.Assignments[i].Breaks, day, opt.From, perMove) {
				improved = true
			}
		}
		if !improved {
			break
		}
	}
	out.Roster.Assignments = chosen
	for i := range chosen {
		for j, b := range chosen[i].Breaks {
			if was := r.Assignments[i].Breaks[j]; !b.Start.Equal(was.Start) {
				out.Moves = append(out.Moves, MovedBreak{Agent: chosen[i].Agent, Length: b.Length, Before: was.Start, After: b.Start})
			}
		}
	}
	out.Unmet[1] = before.UnmetHours
	if len(out.Moves) == 0 {
		return out, nil
	}
	after, err := EvaluateAnew(p, out.Roster, opt.Date)
	if err != nil {
		return nil, err
	}
	takePlans(&out.Roster, after.Roster)
	out.Saves = before.Cost.Missing + before.Cost.Surplus - after.Cost.Missing - after.Cost.Surplus
	out.Unmet[1] = after.UnmetHours
	return out, nil
}

// betterBreaks moves the breaks of one shift to the best places beside the rest
// of the roster; false when they are there already. The slots of a shift do not
// depend on each other, so the value of presence in each is enough.
func (s *searcher) betterBreaks(p *Problem, a *Assignment, was []Break, day int, from time.Time, perMove float64) bool {
	agent := slices.IndexFunc(s.m.agents, func(x mAgent) bool { return x.a.ID == a.Agent })
	if agent < 0 || s.m.agents[agent].group < 0 {
		return false
	}
	l, m, ma, plan := s.lanes[0], s.m, &s.m.agents[agent], s.plans[agent]
	layouts := p.movedBreaks(*a, was, from)
	if len(layouts) < 2 {
		return false
	}
	l.putDays(agent, plan, -1, day, day)
	v := l.cov.values(ma.group)
	best, least := -1, 0.0
	for i, brks := range layouts {
		cost := 0.0 // of being away in the breaks, less that of being there
		for j, b := range brks {
			at := m.minuteOf(b.Start) / m.minutes
			for t := at; t < at+int(b.Length/m.p.Step); t++ {
				if t >= 0 && t < m.slots {
					cost -= v[t]
				}
			}
			if !b.Start.Equal(was[j].Start) {
				cost += perMove
			}
		}
		if best < 0 || cost < least-coverEps {
			best, least = i, cost
		}
	}
	changed := !slices.EqualFunc(layouts[best], a.Breaks, func(x, y Break) bool { return x.Start.Equal(y.Start) })
	if changed {
		a.Breaks = layouts[best]
		ma.days[day].cell.Assignment = *a
		m.lockDay(ma, &ma.days[day], day, a)
		plan.brks[day] = ma.days[day].private[0].fixedBreak
	}
	l.putDays(agent, plan, 1, day, day)
	return changed
}

// movedBreaks lists where the breaks of a shift may be, in the order of was:
// first as they are, then every place in their windows from an instant on.
// Breaks that have begun stay. Nil when the shift has no kind.
func (p *Problem) movedBreaks(a Assignment, was []Break, from time.Time) [][]Break {
	kind := slices.IndexFunc(p.Shifts, func(s Shift) bool { return s.Name == a.Shift })
	if kind < 0 {
		return nil
	}
	out := [][]Break{a.Breaks}
	if !slices.EqualFunc(was, a.Breaks, func(x, y Break) bool { return x.Start.Equal(y.Start) }) {
		out = append(out, was)
	}
	n := a.End.Sub(a.Start)
	var windows []BreakTemplate
	left := slices.Clone(p.Shifts[kind].Breaks)
	for _, b := range was { // the window of each break
		at := b.Start.Sub(a.Start)
		i := slices.IndexFunc(left, func(t BreakTemplate) bool {
			return t.fits(n) && t.Length == b.Length && t.Paid == b.Paid && at >= t.Earliest && at <= t.Latest
		})
		if i < 0 {
			return nil // moved by hand out of its window: it is left alone
		}
		windows = append(windows, left[i])
		left = slices.Delete(left, i, i+1)
	}
	var place func(i int, so []Break)
	place = func(i int, so []Break) {
		if len(out) > maxLayouts {
			return
		}
		if i == len(was) {
			out = append(out, slices.Clone(so))
			return
		}
		if was[i].Start.Before(from) {
			place(i+1, append(so, was[i]))
			return
		}
		w := windows[i]
		for at := w.Earliest; at <= w.Latest && at+w.Length < n; at += p.Step {
			start := a.Start.Add(at)
			end := start.Add(w.Length)
			if start.Before(from) || slices.ContainsFunc(so, func(o Break) bool { return start.Before(o.Start.Add(o.Length)) && o.Start.Before(end) }) {
				continue
			}
			place(i+1, append(so, Break{Start: start, Length: w.Length, Paid: w.Paid}))
		}
	}
	place(0, nil)
	return out
}
