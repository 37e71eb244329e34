package roster

import (
	"slices"
	"time"

	"kcc/internal/calendar"
)

// AddsPresence lists the stretches in which a changed roster has fewer people who
// must be there than are wanted, on days on which it is worse than the roster
// before.
func AddsPresence(p *Problem, before, after Roster) []Violation {
	var out []Violation
	asked := p.askedDays()
	for i := range p.Presence {
		x := &p.Presence[i]
		was := map[calendar.Date]float64{}
		for _, g := range x.gaps(p, before, asked) {
			was[g.date] += x.missing(g)
		}
		now := map[calendar.Date]float64{}
		list := x.gaps(p, after, asked)
		for _, g := range list {
			now[g.date] += x.missing(g)
		}
		for _, g := range list {
			if now[g.date] > was[g.date]+coverEps {
				out = append(out, x.violation(p, g))
			}
		}
	}
	return out
}

// missing returns the hours of people that a stretch lacks, at its worst.
func (x *Presence) missing(g presenceGap) float64 {
	return g.to.Sub(g.from).Hours() * float64(x.Least-g.have)
}

func (x *Presence) violation(p *Problem, g presenceGap) Violation {
	return Violation{
		Rule: "presence", Days: []calendar.Date{g.date}, Have: float64(g.have), Want: float64(x.Least), Unit: "agents",
		Text: say("%s on %s from %s to %s: %d there, at least %d wanted", x.Name, g.date,
			g.from.In(p.Zone).Format("15:04"), g.to.In(p.Zone).Format("15:04"), g.have, x.Least),
	}
}

// presenceHour is what an hour without somebody who must be there costs, in
// points, where a changed roster is priced: as an hour below minimum hours.
const presenceHour = DefaultUnderMin

// presenceWatch counts who is there of those who must be, per slot of some days.
type presenceWatch struct {
	m    *model
	days []watchedDay
}

// watchedDay is one rule on one day: the minutes of its slots and who is there.
type watchedDay struct {
	x     *Presence
	day   int
	from  int // minute of the first slot
	count []int
}

// watchPresence counts for the days lo..hi of the roster that the plans are.
func (m *model) watchPresence(plans []*plan, lo, hi int) *presenceWatch {
	w := &presenceWatch{m: m}
	for i := range m.p.Presence {
		x := &m.p.Presence[i]
		for d := max(0, lo); d <= min(hi, m.p.Days-1); d++ {
			date := m.p.First.Add(d)
			if !x.holds(date, m.asked[d]) {
				continue
			}
			day := watchedDay{x: x, day: d, from: m.minuteOf(clockAt(date, x.Start, m.p.Zone))}
			to := m.minuteOf(clockAt(date, x.End, m.p.Zone))
			day.count = make([]int, max(0, (to-day.from+m.minutes-1)/m.minutes))
			w.days = append(w.days, day)
		}
	}
	for a := range m.agents {
		if plans[a] != nil {
			w.put(a, plans[a].opts, 1)
		}
	}
	return w
}

// holds reports whether the rule holds on a day.
func (x *Presence) holds(d calendar.Date, asked bool) bool {
	return asked && (x.Days == [7]bool{} || x.Days[d.Weekday()]) && (x.Closed == nil || !x.Closed(d))
}

// put adds an agent's shifts to the counts, or takes them out.
func (w *presenceWatch) put(agent int, opts []int32, sign int) {
	ma := &w.m.agents[agent]
	for i := range w.days {
		d := &w.days[i]
		if !d.x.counts(ma.a) {
			continue
		}
		for _, x := range []int{d.day - 1, d.day} { // yesterday's may reach past midnight
			if x < 0 || opts[x] == noOption {
				continue
			}
			o := ma.option(x, opts[x])
			for t := range d.count {
				if at := d.from + t*w.m.minutes; o.from <= at && o.to > at {
					d.count[t] += sign
				}
			}
		}
	}
}

// worth returns the options' costs of an agent on every day, with those lowered
// that are there when somebody is missing; the agent's own shifts must be out of
// the counts.
func (w *presenceWatch) worth(agent int, days []mDay) []mDay {
	ma := &w.m.agents[agent]
	out := days
	for i := range w.days {
		d := &w.days[i]
		if !d.x.counts(ma.a) || !slices.ContainsFunc(d.count, func(n int) bool { return n < d.x.Least }) || len(days[d.day].private) > 0 {
			continue
		}
		if &out[0] == &days[0] {
			out = slices.Clone(days)
		}
		md := &out[d.day]
		options := ma.book.days[d.day]
		extra := make([]float64, len(options))
		copy(extra, md.extra)
		for j := range options {
			n := 0
			for t, have := range d.count {
				if at := d.from + t*w.m.minutes; have < d.x.Least && options[j].from <= at && options[j].to > at {
					n++
				}
			}
			extra[j] -= presenceHour * (time.Duration(n*w.m.minutes) * time.Minute).Hours()
		}
		md.extra = extra
	}
	return out
}

// missing returns the hours of people that are missing in all.
func (w *presenceWatch) missing() float64 {
	n := 0
	for i := range w.days {
		for _, have := range w.days[i].count {
			n += max(0, w.days[i].x.Least-have)
		}
	}
	return (time.Duration(n*w.m.minutes) * time.Minute).Hours()
}
