package roster

import (
	"slices"
	"time"

	"kcc/internal/calendar"
)

// span is a stretch of minutes from the start of the horizon.
type span struct{ from, to int }

func (s span) meets(from, to int) bool { return from < s.to && to > s.from }
func (s span) holds(from, to int) bool { return from >= s.from && to <= s.to }

// wish is a preferred or avoided stretch.
type wish struct {
	span
	prefer bool
	cost   float64
}

// buildDays works out what the agent can do on each day.
func (m *model) buildDays(ma *mAgent, avail []*Availability, locked map[agentDay]*Cell) {
	p := m.p
	ma.days = make([]mDay, p.Days)
	for d := range ma.days {
		date := p.First.Add(d)
		md := &ma.days[d]
		if cell := locked[agentDay{ma.a.ID, date}]; cell != nil {
			if !cell.Off {
				md.cell = cell
				m.lockDay(ma, md, d, &cell.Assignment)
			}
			continue
		}
		if ma.group < 0 || ma.a.HasFrom && date < ma.a.ValidFrom || ma.a.HasTo && date > ma.a.ValidTo {
			continue
		}
		m.freeDay(ma, md, d, avail)
	}
}

// freeDay lists the options of a day that is not locked.
func (m *model) freeDay(ma *mAgent, md *mDay, d int, avail []*Availability) {
	date := m.p.First.Add(d)
	var away, open []span
	var wishes []wish
	wantsOpen, fixed := false, ""
	awayAllDay := false
	for _, v := range avail {
		for x := date - 1; x <= date+1; x++ {
			if !v.On(x) {
				continue
			}
			sp := m.spanOf(v, x)
			switch v.Kind {
			case Leave, Sick, Unavailable:
				away = append(away, sp)
				awayAllDay = awayAllDay || x == date
			case Available:
				if x <= date {
					open = append(open, sp)
				}
			case Prefer, Avoid:
				if x == date {
					w := v.Weight
					if w == 0 {
						w = 1
					}
					wishes = append(wishes, wish{sp, v.Kind == Prefer, w * m.w.Wish})
				}
			case Fixed:
				if x == date {
					fixed = v.Shift
				}
			}
		}
		wantsOpen = wantsOpen || v.Kind == Available
	}
	b := ma.book
	options := b.days[d]
	turn := PatternDay{}
	if fixed == "" {
		turn = m.p.patternDay(ma.a, date)
	}
	md.forced = fixed != "" && !awayAllDay || turn.Must && !awayAllDay && m.asked[d]
	md.all = len(away) == 0 && !wantsOpen && fixed == "" && d > 1 && !turn.bound()
	for i := range options {
		if md.all {
			break
		}
		o := &options[i]
		ok := !wantsOpen
		for _, s := range open {
			ok = ok || s.holds(o.from, o.to)
		}
		for _, s := range away {
			ok = ok && !s.meets(o.from, o.to)
		}
		if fixed != "" && !awayAllDay {
			ok = ok && o.shift >= 0 && m.p.Shifts[o.shift].Name == fixed
		}
		ok = ok && (!turn.bound() || turn.allows(m, o, date))
		if ok && m.restsAfterHistory(ma, d, o) {
			md.allow = append(md.allow, int32(i))
		}
	}
	if md.forced && len(md.allow) == 0 {
		md.forced = false
		what := say("fixed shift %s", fixed)
		if fixed == "" {
			what = say("day that the rotation wants")
		}
		m.short = append(m.short, Shortfall{
			What: "fixed", Agent: ma.a.ID, From: date, Want: 1, Unit: "shifts",
			Text: say("%s cannot work the %s on %s: it does not exist then, is outside the times that %s can work, or comes too soon after the history", ma.a.ID, what, date, ma.a.ID),
		})
	}
	m.addWishes(md, options, wishes)
	if !m.asked[d] {
		md.avoidIdle(options)
	}
}

// idleHourCost is the price of an hour worked on a day on which nothing is asked
// for. It lies above that of an hour under contract, so that contract hours
// alone open no closed day, and far below that of minimum hours.
const idleHourCost = 1.5 * DefaultUnderContract

// avoidIdle prices work on a day on which nothing is asked for.
func (md *mDay) avoidIdle(options []option) {
	if md.extra == nil {
		md.extra = make([]float64, len(options))
	}
	for i := range options {
		md.extra[i] += idleHourCost * float64(options[i].paid) / 60
	}
}

// easeFixed gives up fixed days that cannot be worked together with the rules
// and hours of the agent, the last ones first, and reports them.
func (m *model) easeFixed(ma *mAgent) {
	var prog programme
	plan := make([]int32, m.p.Days)
	links := newLinks(ma.book, false)
	zero := make([]float64, m.slots)
	for d := m.p.Days - 1; d >= 0; d-- {
		md := &ma.days[d]
		if !md.forced || len(md.private) > 0 {
			continue
		}
		prog.evaluate(m, ma, zero, nil)
		if prog.solve(m, ma, &links, nil, plan) < forcedPenalty {
			if trimmed := slices.Clone(plan); !m.offends(ma, trimmed) {
				return
			}
		}
		what := say("fixed shift %s", m.p.Shifts[ma.option(d, md.allow[0]).shift].Name)
		date := m.p.First.Add(d)
		md.forced = false
		if m.p.patternDay(ma.a, date).Must {
			what = say("day that the rotation wants")
		} else {
			md.allow = nil
		}
		m.short = append(m.short, Shortfall{
			What: "fixed", Agent: ma.a.ID, From: date, Want: 1, Unit: "shifts",
			Text: say("%s cannot work the %s on %s: with the other fixed days it breaks the maximum hours, the days per week or the rest rules", ma.a.ID, what, date),
		})
	}
}

// offends reports whether a far-reaching rule is broken by forced days alone.
func (m *model) offends(ma *mAgent, opts []int32) bool {
	for d := range opts {
		if !ma.days[d].forced {
			opts[d] = noOption
		}
	}
	_, _, bad := m.offence(ma, opts)
	return bad
}

// addWishes turns wishes into costs of a day off and of each option.
func (m *model) addWishes(md *mDay, options []option, wishes []wish) {
	for _, w := range wishes {
		if w.prefer {
			md.off += w.cost
		}
		if md.extra == nil {
			md.extra = make([]float64, len(options))
		}
		for i := range options {
			if hit := w.meets(options[i].from, options[i].to); hit != w.prefer {
				md.extra[i] += w.cost
			}
		}
	}
}

// restsAfterHistory reports whether the option leaves the daily rest after the
// last shift of the history, and the rest after nights.
func (m *model) restsAfterHistory(ma *mAgent, d int, o *option) bool {
	h := &ma.hist
	if h.lastDay == noDay {
		return true
	}
	e := endClass{night: h.nightDays[h.lastDay]}
	if o.from-h.lastEnd < m.restAfter(ma.rules, e, o, d-h.lastDay) {
		return false
	}
	if off := d - h.lastDay - 1; off > 0 && off < ma.rules.MinDaysOff {
		return false
	}
	if ma.rules.NoEarlyAfter && h.lastDay == d-1 {
		e.end = h.lastEnd - m.begin(h.lastDay)
		return !m.lateEarly(ma.rules, e, o, d)
	}
	return true
}

// spanOf returns the minutes of an availability on a day.
func (m *model) spanOf(v *Availability, d calendar.Date) span {
	if v.Start == 0 && (v.End == 0 || v.End == calendar.Midnight) {
		last := d.Add(1)
		if v.Kind == Available {
			last = d.Add(2)
		}
		return span{m.minuteOf(d.Start(m.p.Zone)), m.minuteOf(last.Start(m.p.Zone))}
	}
	return span{m.minuteOf(clockAt(d, v.Start, m.p.Zone)), m.minuteOf(clockAt(d, v.End, m.p.Zone))}
}

// lockDay makes the locked assignment the only choice.
func (m *model) lockDay(ma *mAgent, md *mDay, d int, a *Assignment) {
	b := ma.book
	from, to := m.minuteOf(a.Start), m.minuteOf(a.End)
	shift := -1
	for i := range m.p.Shifts {
		if m.p.Shifts[i].Name == a.Shift {
			shift = i
		}
	}
	night := nightMinutes(a.Start, a.End, m.p.Zone) > int(ma.rules.Night.MinWork/time.Minute) && ma.rules.Night.MinWork > 0
	o := option{
		shift: shift, start: from / m.minutes, n: (to - from + m.minutes - 1) / m.minutes, from: from, to: to,
		paid: int(a.Paid() / time.Minute), brk: -1, night: night, fixedBreak: []placed{},
	}
	for _, x := range a.Breaks {
		o.fixedBreak = append(o.fixedBreak, placed{m.minuteOf(x.Start) / m.minutes, int((x.Length + m.p.Step - 1) / m.p.Step), x.Paid})
	}
	for i, s := range a.Plan { // meetings are no presence either
		if _, away := s.Away(); away {
			end := a.End
			if i+1 < len(a.Plan) {
				end = a.Plan[i+1].Start
			}
			begin := m.minuteOf(s.Start) / m.minutes
			o.fixedBreak = append(o.fixedBreak, placed{begin, (m.minuteOf(end)-1)/m.minutes + 1 - begin, true})
		}
	}
	slices.SortStableFunc(o.fixedBreak, func(x, y placed) int { return x.start - y.start })
	o.class = b.classFor(to-m.day0[d], night)
	md.private = []option{o}
	md.link = m.linksOf(b, d, &o)
	md.link.units = (o.paid + b.unit - 1) / b.unit
	md.allow = []int32{-1}
	md.forced = true
}

// option returns option i of the agent's day d.
func (ma *mAgent) option(d int, i int32) *option {
	if i < 0 {
		return &ma.days[d].private[-1-i]
	}
	return &ma.book.days[d][i]
}
