package roster

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"kcc/internal/calendar"
)

// Presence wants a number of people at work at certain times, whatever they do
// then and also in their breaks: a key holder, a first-aider, a least number of a
// team. Who counts is told by a skill, which nothing else need ask for, or a team.
type Presence struct {
	Name   string
	Skill  string // "" = any
	Team   string // "" = any
	Least  int
	Days   [7]bool // by time.Weekday; all false = every day
	Start  calendar.Clock
	End    calendar.Clock
	Closed func(calendar.Date) bool // days on which it does not hold; may be nil
}

// counts reports whether an agent counts for the presence.
func (x *Presence) counts(a *Agent) bool {
	return (x.Team == "" || a.Team == x.Team) && (x.Skill == "" || a.Efficiency(x.Skill) > 0)
}

// gap is a stretch of a day in which too few are there.
type presenceGap struct {
	date     calendar.Date
	from, to time.Time
	have     int // the fewest in the stretch
}

// gaps lists the stretches in which too few are there, on days with any demand.
func (x *Presence) gaps(p *Problem, r Roster, asked []bool) []presenceGap {
	counts := map[string]bool{}
	for i := range p.Agents {
		counts[p.Agents[i].ID] = x.counts(&p.Agents[i])
	}
	byDay := map[calendar.Date][]*Assignment{}
	for i := range r.Assignments {
		if a := &r.Assignments[i]; counts[a.Agent] {
			byDay[a.Date] = append(byDay[a.Date], a)
			byDay[a.Date+1] = append(byDay[a.Date+1], a) // past midnight
		}
	}
	var out []presenceGap
	for d := p.First; d <= p.Last(); d++ {
		if !x.holds(d, asked[d-p.First]) {
			continue
		}
		from, to := clockAt(d, x.Start, p.Zone), clockAt(d, x.End, p.Zone)
		var open *presenceGap
		for t := from; t.Before(to); t = t.Add(p.Step) {
			n := 0
			for _, a := range byDay[d] {
				if !a.Start.After(t) && a.End.After(t) {
					n++
				}
			}
			if n >= x.Least {
				open = nil
				continue
			}
			if open == nil {
				out = append(out, presenceGap{date: d, from: t, have: n})
				open = &out[len(out)-1]
			}
			open.to, open.have = t.Add(p.Step), min(open.have, n)
		}
	}
	return out
}

// CheckPresence lists the stretches in which fewer people are there than the
// problem wants. They do not depend on any one agent, so the agent is empty.
func CheckPresence(p *Problem, r Roster, list []Presence) []Violation {
	asked := p.askedDays()
	var out []Violation
	for i := range list {
		x := &list[i]
		for _, g := range x.gaps(p, r, asked) {
			out = append(out, x.violation(p, g))
		}
	}
	return out
}

// EnsurePresence fills the stretches in which too few are there: somebody who
// counts exchanges the day with somebody who does not, or gets another shift that
// day, whichever costs least and breaks no rule. Locked cells stay. What cannot
// be filled is left; CheckPresence tells. It returns the roster and the number of
// changes.
func EnsurePresence(ctx context.Context, p *Problem, r Roster, list []Presence) (Roster, int, error) {
	asked := p.askedDays()
	changes := 0
	tried := map[string]bool{}
	for range maxPresenceRounds {
		var want *Presence
		var gap presenceGap
		for i := range list {
			for _, g := range list[i].gaps(p, r, asked) {
				if key := fmt.Sprint(i, g.date, g.from); want == nil && !tried[key] {
					want, gap = &list[i], g
					tried[key] = true
				}
			}
		}
		if want == nil || ctx.Err() != nil {
			break
		}
		better, ok, err := fillPresence(ctx, p, r, list, want, gap)
		if err != nil {
			return r, changes, err
		}
		if ok {
			r = better
			changes++
			clear(tried)
		}
	}
	return r, changes, nil
}

// maxPresenceRounds bounds the stretches that are looked at.
const maxPresenceRounds = 200

// fillPresence looks for the cheapest change that makes the stretch better.
func fillPresence(ctx context.Context, p *Problem, r Roster, list []Presence, want *Presence, gap presenceGap) (Roster, bool, error) {
	missing := func(r Roster) float64 {
		sum := 0.0
		asked := p.askedDays()
		for i := range list {
			for _, g := range list[i].gaps(p, r, asked) {
				sum += list[i].missing(g)
			}
		}
		return sum
	}
	before := missing(r)
	best, found, least := r, false, math.Inf(1)
	consider := func(x Roster) error {
		if missing(x) >= before-coverEps {
			return nil
		}
		res, err := Measure(p, x)
		if err != nil {
			return err
		}
		if res.Cost.Total < least {
			best, found, least = x, true, res.Cost.Total
		}
		return nil
	}
	fixed := func(id string) bool {
		return slices.ContainsFunc(p.Locked, func(c Cell) bool { return c.Agent == id && c.Date == gap.date })
	}
	// Another shift for somebody who counts.
	for _, skill := range p.Skills {
		cands, err := Suggest(ctx, p, r, Gap{From: gap.from, To: gap.to, Skill: skill}, len(p.Agents))
		if err != nil {
			return r, false, err
		}
		n := 0
		for _, c := range cands {
			if n == maxPresenceTries || !want.counts(agentOf(p, c.Agent)) || fixed(c.Agent) {
				continue
			}
			n++
			x := Roster{Assignments: slices.DeleteFunc(slices.Clone(r.Assignments), func(a Assignment) bool { return a.Agent == c.Agent && a.Date == c.Date })}
			x.Assignments = append(x.Assignments, c.After)
			if err := consider(x); err != nil {
				return r, false, err
			}
		}
	}
	// An exchange of the day.
	n := 0
	for i := range r.Assignments {
		a := &r.Assignments[i]
		if a.Date != gap.date || want.counts(agentOf(p, a.Agent)) || !a.Start.Before(gap.to) || !a.End.After(gap.from) || fixed(a.Agent) {
			continue
		}
		for j := range p.Agents {
			b := &p.Agents[j]
			if n == maxPresenceTries || !want.counts(b) || fixed(b.ID) {
				continue
			}
			s, err := Swap(p, r, a.Agent, b.ID, gap.date)
			if err != nil || len(s.Violations) > 0 {
				continue
			}
			n++
			if err := consider(s.Roster); err != nil {
				return r, false, err
			}
		}
	}
	if !found {
		return r, false, nil
	}
	res, err := EvaluateAnew(p, best, gap.date)
	if err != nil {
		return r, false, err
	}
	return res.Roster, true, nil
}

// maxPresenceTries bounds the changes of a kind that are priced for one stretch.
const maxPresenceTries = 12
