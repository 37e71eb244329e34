package roster

import (
	"math"
	"slices"
	"time"

	"kcc/internal/calendar"
)

// Fairness over the year. Weekend shifts, late shifts and shifts on public
// holidays are counted per agent over what was worked before (the account) and the
// roster. With x the shifts of a kind above the agent's even share, which is the
// total of the team times the agent's part of the contract hours, an agent costs
//
//	φ(x) = price/2 · max(0, x)²,   straight on from FairCap shifts
//
// per kind, so that who has had more than others pays more and more for the next
// one. The programme of an agent plans with the price of the first shift of the
// roster, λ = φ(c+1) − φ(c): as φ is convex that is never too dear, and a bound
// from it stays a bound. Costs count φ itself.

// FairKind is a kind of shift that is spread evenly.
type FairKind int

// The kinds.
const (
	FairWeekend FairKind = iota // on Saturday or Sunday
	FairLate                    // ends at or after Problem.LateFrom
	FairHoliday                 // on a public holiday
	fairKinds
)

// DefaultLateFrom is when a shift is late where the problem does not say.
const DefaultLateFrom calendar.Clock = 18 * 60

// fairWeeks is how far back the account goes.
const fairWeeks = 52

// FairCap is the number of shifts above the even share from which on the price of
// one more rises no further: what happened long ago must not outweigh customers.
const FairCap = 10.0

// fairAccount is one kind of an agent's account.
type fairAccount struct {
	x     float64 // shifts above the even share before the free days of the roster
	price float64 // of half a shift squared; 0: the agent has no part in it
	held  int     // shifts of the kind on locked days of the roster
	first float64 // λ: the price of the first free shift, part of the options' costs
	had   float64 // the account itself, history only
	share float64 // part of the team's contract hours among those who can work such shifts
	even  float64 // the even share of account and roster
}

// cost is φ of n shifts of the roster, less φ of none.
func (f *fairAccount) cost(n int) float64 {
	return f.phi(f.x-float64(f.held)+float64(n)) - f.phi(f.x-float64(f.held))
}

func (f *fairAccount) phi(x float64) float64 {
	switch {
	case x <= 0:
		return 0
	case x > FairCap:
		return f.price * (FairCap*FairCap/2 + FairCap*(x-FairCap))
	}
	return f.price * x * x / 2
}

// fairPart are the three accounts of an agent.
type fairPart [fairKinds]fairAccount

// lateFrom is when a shift of the problem is late.
func (p *Problem) lateFrom() calendar.Clock {
	if p.LateFrom > 0 {
		return p.LateFrom
	}
	return DefaultLateFrom
}

// isHoliday reports whether a day is a public holiday, or counts as one.
func (p *Problem) isHoliday(d calendar.Date) bool {
	if slices.Contains(p.OwnDays, d) {
		return true
	}
	if p.Holidays != nil {
		return slices.Contains(p.Holidays, d)
	}
	h, ok := calendar.Statutory().On(d)
	return ok && h.Key != "good_friday"
}

// fairOf tells for which kinds a shift counts.
func (p *Problem) fairOf(a *Assignment, holiday bool) (out [fairKinds]bool) {
	wd := a.Date.Weekday()
	out[FairWeekend] = wd == time.Saturday || wd == time.Sunday
	out[FairLate] = !a.End.Before(clockAt(a.Date, p.lateFrom(), p.Zone))
	out[FairHoliday] = holiday
	return out
}

// buildFair opens the accounts and puts the price of the first shift into the
// costs of the options. Without history there is nothing to make up for.
func (m *model) buildFair() {
	if m.w.Fair <= 0 || len(m.p.History) == 0 {
		return
	}
	m.openAccounts()
	for a := range m.agents {
		m.priceFair(&m.agents[a])
	}
}

// openAccounts fills what the agents had and their even shares.
func (m *model) openAccounts() {
	p := m.p
	holiday := map[calendar.Date]bool{}
	for d := range p.Days {
		holiday[p.First.Add(d)] = p.isHoliday(p.First.Add(d))
	}
	index := map[string]int{}
	for a := range m.agents {
		index[m.agents[a].a.ID] = a
		m.agents[a].fair = &fairPart{}
	}
	since := p.First.Add(-7 * fairWeeks)
	worked := make([]map[calendar.Date]bool, len(m.agents)) // weeks
	for i := range p.History {
		h := &p.History[i]
		a, ok := index[h.Agent]
		if !ok || h.Date < since || h.Date >= p.First {
			continue
		}
		if _, seen := holiday[h.Date]; !seen {
			holiday[h.Date] = p.isHoliday(h.Date)
		}
		if worked[a] == nil {
			worked[a] = map[calendar.Date]bool{}
		}
		worked[a][h.Date.Monday()] = true
		for k, counts := range p.fairOf(h, holiday[h.Date]) {
			if counts {
				m.agents[a].fair[k].had++
			}
		}
	}
	m.fairDays = make([][fairKinds]bool, p.Days)
	for d := range p.Days {
		date := p.First.Add(d)
		wd := date.Weekday()
		m.fairDays[d] = [fairKinds]bool{FairWeekend: wd == time.Saturday || wd == time.Sunday, FairHoliday: holiday[date]}
	}
	late := p.lateFrom()
	m.lateAt = make([]int, p.Days)
	for d := range p.Days {
		m.lateAt[d] = m.minuteOf(clockAt(p.First.Add(d), late, p.Zone))
	}
	asked, total := m.fairDemand()
	avail := map[string][]*Availability{}
	for i := range p.Availability {
		avail[p.Availability[i].Agent] = append(avail[p.Availability[i].Agent], &p.Availability[i])
	}
	weights := make([][fairKinds]float64, len(m.agents))
	var all, had [fairKinds]float64
	for a := range m.agents {
		ma := &m.agents[a]
		can, ahead := m.canFair(ma, asked, avail[ma.a.ID])
		weeks := float64(len(worked[a]) + ahead)
		for k := range fairKinds {
			if can[k] {
				weights[a][k] = weeklyHours(ma.a) * weeks
				all[k] += weights[a][k]
				had[k] += ma.fair[k].had
			}
		}
	}
	for a := range m.agents {
		ma := &m.agents[a]
		held := m.heldFair(ma)
		for k := range fairKinds {
			f := &ma.fair[k]
			f.held = held[k]
			if all[k] == 0 || weights[a][k] == 0 {
				continue
			}
			f.share = weights[a][k] / all[k]
			f.even = f.share * (had[k] + total[k])
			f.x = f.had + float64(f.held) - f.even
			f.price = m.w.Fair * m.scale
			f.first = f.cost(f.held+1) - f.cost(f.held)
		}
	}
}

// weeklyHours are the contract hours of an agent per week.
func weeklyHours(a *Agent) float64 {
	switch a.Period {
	case PerFour:
		return a.Contract.Hours() / 4
	case PerYear:
		return a.Contract.Hours() / weeksPerYear
	}
	return a.Contract.Hours()
}

// fairDemand tells which skills are asked for at the times of each kind, and about
// how many shifts of the kind the roster needs: on each day as many as there are
// agents wanted at once, late ones from just before they begin to be late.
func (m *model) fairDemand() (asked [][fairKinds]bool, total [fairKinds]float64) {
	k := len(m.skills)
	asked = make([][fairKinds]bool, k)
	for d := range m.p.Days {
		day, evening := 0.0, 0.0
		hours := 0.0
		for t := m.day0[d] / m.minutes; t < min(m.slots, m.day0[d+1]/m.minutes); t++ {
			late := t*m.minutes >= m.lateAt[d]-m.minutes
			need := 0.0
			for s := range k {
				x := m.costs[t*k+s].need
				if x <= 0 {
					continue
				}
				need += x
				asked[s][FairLate] = asked[s][FairLate] || late
				asked[s][FairWeekend] = asked[s][FairWeekend] || m.fairDays[d][FairWeekend]
				asked[s][FairHoliday] = asked[s][FairHoliday] || m.fairDays[d][FairHoliday]
			}
			hours += need * m.p.Step.Hours()
			day = math.Max(day, need)
			if late {
				evening = math.Max(evening, need)
			}
		}
		total[FairLate] += evening
		day = math.Max(day, hours/fairShiftHours)
		for kind := range fairKinds {
			if m.fairDays[d][kind] {
				total[kind] += day
			}
		}
	}
	return asked, total
}

// fairShiftHours is the presence of a usual shift, to estimate how many a day needs.
const fairShiftHours = 7.0

// canFair tells in which kinds an agent can have a part, and in how many weeks of
// the roster: a skill of the agent is asked for then, and there is a shift that
// fits the agent's availability, whatever is locked.
func (m *model) canFair(ma *mAgent, asked [][fairKinds]bool, avail []*Availability) (can [fairKinds]bool, weeks int) {
	if ma.group < 0 {
		return can, 0
	}
	var has [fairKinds]bool
	last := calendar.Date(math.MinInt32)
	for d := range ma.days {
		date := m.p.First.Add(d)
		if ma.a.HasFrom && date < ma.a.ValidFrom || ma.a.HasTo && date > ma.a.ValidTo {
			continue
		}
		any, late := m.couldWork(ma, avail, d)
		if !any {
			continue
		}
		if w := date.Monday(); w != last {
			last = w
			weeks++
		}
		has[FairLate] = has[FairLate] || late
		for k := range fairKinds {
			has[k] = has[k] || k != FairLate && m.fairDays[d][k]
		}
	}
	for _, s := range m.groups[ma.group].skills {
		for k := range fairKinds {
			can[k] = can[k] || asked[s][k] && has[k]
		}
	}
	return can, weeks
}

// couldWork reports whether the availability of an agent leaves any shift on a
// day, and a late one.
func (m *model) couldWork(ma *mAgent, avail []*Availability, d int) (any, late bool) {
	var away, open []span
	wantsOpen, fixed := false, ""
	date := m.p.First.Add(d)
	for _, v := range avail {
		wantsOpen = wantsOpen || v.Kind == Available
		for x := date - 1; x <= date+1; x++ {
			switch {
			case !v.On(x):
			case v.Kind == Leave || v.Kind == Sick || v.Kind == Unavailable:
				away = append(away, m.spanOf(v, x))
			case v.Kind == Available && x <= date:
				open = append(open, m.spanOf(v, x))
			case v.Kind == Fixed && x == date:
				fixed = v.Shift
			}
		}
	}
	turn := m.p.patternDay(ma.a, date)
	for i := range ma.book.days[d] {
		o := &ma.book.days[d][i]
		ok := !wantsOpen || slices.ContainsFunc(open, func(s span) bool { return s.holds(o.from, o.to) })
		ok = ok && !slices.ContainsFunc(away, func(s span) bool { return s.meets(o.from, o.to) })
		if !ok || fixed != "" && m.p.Shifts[o.shift].Name != fixed || fixed == "" && turn.bound() && !turn.allows(m, o, date) {
			continue
		}
		any = true
		if o.to >= m.lateAt[d] {
			return true, true
		}
	}
	return any, false
}

// heldFair counts the locked shifts of each kind.
func (m *model) heldFair(ma *mAgent) (out [fairKinds]int) {
	for d := range ma.days {
		for i := range ma.days[d].private {
			m.countFair(d, &ma.days[d].private[i], &out)
		}
	}
	return out
}

// countFair adds a shift to the counts.
func (m *model) countFair(d int, o *option, n *[fairKinds]int) {
	if o.to >= m.lateAt[d] {
		n[FairLate]++
	}
	if m.fairDays[d][FairWeekend] {
		n[FairWeekend]++
	}
	if m.fairDays[d][FairHoliday] {
		n[FairHoliday]++
	}
}

// priceFair puts the price of the first shift of each kind into the options.
func (m *model) priceFair(ma *mAgent) {
	f := ma.fair
	if f[FairWeekend].first == 0 && f[FairLate].first == 0 && f[FairHoliday].first == 0 {
		return
	}
	for d := range ma.days {
		md := &ma.days[d]
		if len(md.private) > 0 {
			continue
		}
		options := ma.book.days[d]
		for i := range options {
			var n [fairKinds]int
			m.countFair(d, &options[i], &n)
			c := 0.0
			for k := range fairKinds {
				c += float64(n[k]) * f[k].first
			}
			if c == 0 {
				continue
			}
			if md.extra == nil {
				md.extra = make([]float64, len(options))
			}
			md.extra[i] += c
		}
	}
}

// fairCost returns what a plan costs for fairness, and the part of it that the
// costs of its options hold already.
func (m *model) fairCost(ma *mAgent, opts []int32) (whole, held float64) {
	if ma.fair == nil {
		return 0, 0
	}
	n := m.fairCounts(ma, opts)
	for k := range fairKinds {
		if f := &ma.fair[k]; f.price > 0 {
			whole += f.cost(n[k])
			held += f.first * float64(n[k]-f.held)
		}
	}
	return whole, held
}

func (m *model) fairCounts(ma *mAgent, opts []int32) (n [fairKinds]int) {
	for d, i := range opts {
		if i != noOption {
			m.countFair(d, ma.option(d, i), &n)
		}
	}
	return n
}

// tilt is what the next shift of each kind costs beyond the price of the first,
// with the plan as it is: the slope of φ, which the programme plans with.
type tilt [fairKinds]float64

func (m *model) tiltOf(ma *mAgent, opts []int32) (t tilt, any bool) {
	if ma.fair == nil {
		return t, false
	}
	n := m.fairCounts(ma, opts)
	for k := range fairKinds {
		f := &ma.fair[k]
		if f.price == 0 {
			continue
		}
		lo, hi := max(f.held, n[k]-1), n[k]+1
		t[k] = (f.cost(hi)-f.cost(lo))/float64(hi-lo) - f.first
		any = any || t[k] > 0
	}
	return t, any
}

// FairShare is an agent's part in what weighs, history and roster together.
type FairShare struct {
	Agent string
	Have  [fairKinds]float64 // shifts of each kind in the last year and the roster
	Even  [fairKinds]float64 // the even share by contract hours; NaN: the agent cannot work such shifts
	Next  [fairKinds]float64 // points that one more would cost
}

// FairShares compares what every agent had of each kind with the even share, which
// is the team's total by contract hours and weeks worked, among those who can.
func FairShares(p *Problem, r Roster) ([]FairShare, error) {
	fixed := *p
	fixed.Locked = lockAll(p, r, func(string, calendar.Date) bool { return true })
	m, err := newModel(&fixed)
	if err != nil {
		return nil, err
	}
	if m.fairDays == nil {
		m.openAccounts()
	}
	var total [fairKinds]float64
	for a := range m.agents {
		for k := range fairKinds {
			if f := &m.agents[a].fair[k]; f.share > 0 {
				total[k] += f.had + float64(f.held)
			}
		}
	}
	out := make([]FairShare, len(m.agents))
	for a := range m.agents {
		x := &out[a]
		x.Agent = m.agents[a].a.ID
		for k := range fairKinds {
			f := m.agents[a].fair[k]
			x.Have[k], x.Even[k] = f.had+float64(f.held), math.NaN()
			if f.share == 0 {
				continue
			}
			x.Even[k] = f.share * total[k]
			f.x = x.Have[k] - x.Even[k]
			f.held = 0
			x.Next[k] = f.cost(1)
		}
	}
	return out, nil
}
