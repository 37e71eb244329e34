package roster

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"kcc/internal/calendar"
)

// A stretch in which nobody can work although agents with the skill exist: leave
// for all, shifts that do not reach, availability that excludes it. No roster
// covers it, so it is told with its reasons, by name: whole days as a shortfall,
// parts of a day, which may be meant so, as a note.

// whyAway says why an agent cannot work in a stretch.
type whyAway string

const (
	whyLeave    whyAway = "on leave"
	whySick     whyAway = "sick"
	whyCannot   whyAway = "unavailable"
	whyWindow   whyAway = "outside the times of availability"
	whyContract whyAway = "not under contract"
	whyLocked   whyAway = "locked or published otherwise"
	whyPattern  whyAway = "off in the rotation"
	whyNoShift  whyAway = "no shift reaches it"
)

// emptyStretch is a stretch of a day in which nobody with a skill can work.
type emptyStretch struct {
	skill    int
	day      int
	from, to int // minutes of the horizon
	whole    bool
	why      list
}

// nobodyShortfalls reports the stretches of the demand in which nobody can work.
func (m *model) nobodyShortfalls(res *Result) {
	var list []emptyStretch
	for s := range m.skills {
		if slices.ContainsFunc(m.groups, func(g group) bool { return g.eff[s] > 0 }) {
			list = append(list, m.emptyStretches(s)...)
		}
	}
	// One sentence for what is alike on several days.
	type alike struct {
		skill      int
		clock, why string
	}
	groups := map[alike][]emptyStretch{}
	var order []alike
	for _, e := range list {
		k := alike{e.skill, "", e.why.join(false)}
		if !e.whole {
			k.clock = m.clockOf(e.from) + "-" + m.clockOf(e.to)
		}
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], e)
	}
	for _, k := range order {
		es := groups[k]
		first := m.p.First.Add(es[0].day)
		when := say("on %s", first)
		if n := len(es); n > 1 {
			when = say("on %d days from %s to %s", n, first, m.p.First.Add(es[n-1].day))
		}
		if k.clock != "" {
			when = say("%s, %s", when, k.clock)
		}
		hours := 0.0
		for _, e := range es {
			for t := e.from / m.minutes; t < e.to/m.minutes; t++ {
				hours += m.costs[t*len(m.skills)+e.skill].need * m.p.Step.Hours()
			}
		}
		text := say("nobody with skill %q can work %s: %s", m.skills[k.skill], when, es[0].why)
		if k.clock != "" {
			res.Notes = append(res.Notes, text)
			continue
		}
		res.Shortfalls = append(res.Shortfalls, Shortfall{What: "nobody", Skill: m.skills[k.skill], From: first, Want: hours, Unit: "h", Text: text})
	}
}

func (m *model) clockOf(minute int) string {
	return calendar.ClockOf(m.p.First.Start(m.p.Zone).Add(time.Duration(minute)*time.Minute), m.p.Zone).String()
}

// emptyStretches finds the stretches of one skill.
func (m *model) emptyStretches(s int) (out []emptyStretch) {
	can := make([]bool, m.slots)
	seen := map[*book]map[int]bool{}
	for a := range m.agents {
		ma := &m.agents[a]
		if ma.group < 0 || m.groups[ma.group].eff[s] <= 0 {
			continue
		}
		for d := range ma.days {
			if ma.days[d].all { // alike for all who share the book
				if seen[ma.book] == nil {
					seen[ma.book] = map[int]bool{}
				}
				if seen[ma.book][d] {
					continue
				}
				seen[ma.book][d] = true
			}
			m.eachChoice(ma, d, func(o *option) {
				for t := max(0, o.start); t < min(o.start+o.n, m.slots); t++ {
					can[t] = true
				}
			})
		}
	}
	k := len(m.skills)
	for d := range m.p.Days {
		first, last := m.day0[d]/m.minutes, min(m.slots, m.day0[d+1]/m.minutes)
		asked, empty := 0, 0
		var found []emptyStretch
		for t := first; t < last; t++ {
			if m.costs[t*k+s].need <= 0 {
				continue
			}
			asked++
			if can[t] {
				continue
			}
			empty++
			if n := len(found); n > 0 && found[n-1].to == t*m.minutes {
				found[n-1].to += m.minutes
			} else {
				found = append(found, emptyStretch{skill: s, day: d, from: t * m.minutes, to: (t + 1) * m.minutes})
			}
		}
		if len(found) > 0 && empty == asked { // the whole day is one stretch
			found = []emptyStretch{{skill: s, day: d, from: found[0].from, to: found[len(found)-1].to, whole: true}}
		}
		for i := range found {
			found[i].why = m.whyNobody(&found[i])
		}
		out = append(out, found...)
	}
	return out
}

// eachChoice calls f for what an agent could work on a day.
func (m *model) eachChoice(ma *mAgent, d int, f func(*option)) {
	md := &ma.days[d]
	switch {
	case len(md.private) > 0:
		f(&md.private[0])
	case md.all:
		for i := range ma.book.days[d] {
			f(&ma.book.days[d][i])
		}
	default:
		for _, i := range md.allow {
			f(ma.option(d, i))
		}
	}
}

// whyNobody sums up the reasons of all who have the skill, the commonest first.
func (m *model) whyNobody(e *emptyStretch) list {
	who := map[whyAway][]string{}
	for a := range m.agents {
		ma := &m.agents[a]
		if ma.group < 0 || m.groups[ma.group].eff[e.skill] <= 0 {
			continue
		}
		w := m.whyNot(ma, e)
		who[w] = append(who[w], ma.a.ID)
	}
	reasons := sortedKeys(who)
	slices.SortStableFunc(reasons, func(x, y whyAway) int { return cmp.Compare(len(who[y]), len(who[x])) })
	parts := make(list, len(reasons))
	for i, w := range reasons {
		names := who[w]
		if n := len(names) - mostNames; n > 0 {
			parts[i] = say("%s (%s and %d more)", say(string(w)), strings.Join(names[:mostNames], ", "), n)
		} else {
			parts[i] = say("%s (%s)", say(string(w)), strings.Join(names, ", "))
		}
	}
	return parts
}

// mostNames is the number of agents that a reason names.
const mostNames = 4

// whyNot is the first thing that keeps an agent from a stretch.
func (m *model) whyNot(ma *mAgent, e *emptyStretch) whyAway {
	date := m.p.First.Add(e.day)
	for i := range m.p.Locked {
		if c := &m.p.Locked[i]; c.Agent == ma.a.ID && c.Date == date {
			return whyLocked
		}
	}
	if ma.a.HasFrom && date < ma.a.ValidFrom || ma.a.HasTo && date > ma.a.ValidTo {
		return whyContract
	}
	window, open := false, false
	for i := range m.p.Availability {
		v := &m.p.Availability[i]
		if v.Agent != ma.a.ID {
			continue
		}
		if v.Kind == Available {
			window = true
			open = open || v.On(date) && m.spanOf(v, date).meets(e.from, e.to)
			continue
		}
		if !v.On(date) || !m.spanOf(v, date).meets(e.from, e.to) {
			continue
		}
		switch v.Kind {
		case Leave:
			return whyLeave
		case Sick:
			return whySick
		case Unavailable:
			return whyCannot
		}
	}
	switch {
	case window && !open:
		return whyWindow
	case m.p.patternDay(ma.a, date).Off:
		return whyPattern
	}
	return whyNoShift
}
