package roster

import (
	"slices"
	"time"

	"kcc/internal/calendar"
)

// Draft is a shift that somebody drew: it has no breaks and no skills yet.
type Draft struct {
	Agent      string
	Date       calendar.Date
	Shift      string    // name of a kind of shift, or ""
	Start, End time.Time // both zero: wherever the kind of shift may be
	Locked     bool
}

// maxLayouts bounds the layouts of one draft that are compared; beyond it the
// step between the places of a break is doubled.
const maxLayouts = 3000

// Place adds drafts to a roster. Every draft gets the breaks (and, drawn by name
// alone, the times) with which the demand is covered best beside the rest of the
// roster, one draft after another, and the skills that its agent then serves.
// What r holds for the day of a draft gives way to it; all else stays. A draft
// keeps its times even where they break a rule: Check tells.
//
// A draft without the name of a kind of shift takes the breaks of the kind that
// it is, or else of one near in length that gives it the breaks that the rules want.
func Place(p *Problem, r Roster, drafts []Draft) (Roster, error) {
	if len(drafts) == 0 {
		return r, nil
	}
	order := map[string]int{}
	for i := range p.Agents {
		order[p.Agents[i].ID] = i
	}
	options := make([][]Assignment, len(drafts))
	fresh := map[agentDay]bool{}
	var all Roster
	for i, d := range drafts {
		if _, ok := order[d.Agent]; !ok {
			return r, problemf("%s is not an agent", d.Agent)
		}
		if d.Date < p.First || d.Date > p.Last() {
			return r, problemf("%s is not a day of the roster", d.Date)
		}
		if options[i] = p.layouts(d); len(options[i]) == 0 {
			return r, problemf("%s is not a kind of shift", d.Shift)
		}
		fresh[agentDay{d.Agent, d.Date}] = true
		all.Assignments = append(all.Assignments, options[i][0])
	}
	for _, a := range r.Assignments {
		if !fresh[agentDay{a.Agent, a.Date}] {
			all.Assignments = append(all.Assignments, a)
		}
	}
	slices.SortStableFunc(all.Assignments, func(x, y Assignment) int {
		if d := order[x.Agent] - order[y.Agent]; d != 0 {
			return d
		}
		return int(x.Date - y.Date)
	})
	// Only the days around the drafts matter for where they are worth most.
	first, last := drafts[0].Date, drafts[0].Date
	for _, d := range drafts {
		first, last = min(first, d.Date), max(last, d.Date)
	}
	part := p.days(max(p.First, first-1), min(p.Last(), last+1))
	part.Locked = lockAll(part, all, func(string, calendar.Date) bool { return true })
	m, err := newModel(part)
	if err != nil {
		return r, err
	}
	s := newSearcher(m, 0, 1)
	s.load()
	chosen := map[agentDay]Assignment{}
	for i, d := range drafts {
		best := s.bestLayout(order[d.Agent], int(d.Date-part.First), options[i])
		best.Locked = d.Locked
		chosen[agentDay{d.Agent, d.Date}] = best
	}
	s.lanes[0].cov.tidy()
	served := m.roster(m.sameSkills(s.lanes[0].cov, s.plans, nil), s.plans).cells()
	for i := range all.Assignments {
		key := agentDay{all.Assignments[i].Agent, all.Assignments[i].Date}
		if a, ok := chosen[key]; ok {
			a.Plan = served[key].Plan
			all.Assignments[i] = a
		}
	}
	return all, nil
}

// days returns the problem of some of its days, without history and locked cells.
func (p *Problem) days(first, last calendar.Date) *Problem {
	q := *p
	q.First, q.Days = first, int(last-first)+1
	q.History, q.Locked, q.Demand = nil, nil, nil
	slots := q.Slots()
	for _, d := range p.Demand {
		if d.Slot = q.SlotOf(p.SlotStart(d.Slot)); d.Slot >= 0 && d.Slot < slots {
			q.Demand = append(q.Demand, d)
		}
	}
	return &q
}

// bestLayout puts the layout that costs least into the cover and returns it; of
// equals the first.
func (s *searcher) bestLayout(agent, day int, options []Assignment) Assignment {
	m, l, p := s.m, s.lanes[0], s.plans[agent]
	ma := &m.agents[agent]
	put := func(x *Assignment, sign int) {
		if sign > 0 {
			ma.days[day].cell.Assignment = *x
			m.lockDay(ma, &ma.days[day], day, x)
			p.opts[day], p.brks[day] = -1, ma.days[day].private[0].fixedBreak
		}
		l.putDays(agent, p, sign, day, day)
	}
	l.putDays(agent, p, -1, day, day)
	best, cost := 0, 0.0
	for i := range options {
		put(&options[i], 1)
		if c := l.cov.cost; i == 0 || c < cost-coverEps {
			best, cost = i, c
		}
		put(&options[i], -1)
	}
	put(&options[best], 1)
	return options[best]
}

// layouts lists what a draft can become, in order of start, end and breaks.
func (p *Problem) layouts(d Draft) []Assignment {
	var kind *Shift
	for i := range p.Shifts {
		if p.Shifts[i].Name == d.Shift && d.Shift != "" {
			kind = &p.Shifts[i]
		}
	}
	if d.Start.IsZero() {
		if kind == nil {
			return nil
		}
		return p.spread(d, kind)
	}
	name := ""
	if kind == nil || !p.isKind(d, kind) {
		kind = nil
		for i := range p.Shifts {
			if kind == nil && p.isKind(d, &p.Shifts[i]) {
				kind = &p.Shifts[i]
			}
		}
	}
	var breaks []BreakTemplate
	if kind != nil {
		name, breaks = kind.Name, kind.Breaks
	} else {
		breaks = p.usualBreaks(d)
	}
	a := Assignment{Agent: d.Agent, Date: d.Date, Shift: name, Start: d.Start, End: d.End}
	for every := p.Step; ; every *= 2 {
		if out := p.withBreaks(a, breaks, every); len(out) <= maxLayouts || every >= maxBreakStep {
			return out
		}
	}
}

// maxBreakStep is the widest step between the places of a break.
const maxBreakStep = 4 * time.Hour

// spread lists every start and length that a kind of shift allows, with breaks.
func (p *Problem) spread(d Draft, kind *Shift) []Assignment {
	every := kind.Every
	if every <= 0 {
		every = p.Step
	}
	for step := p.Step; ; step *= 2 {
		var out []Assignment
		for at := kind.EarliestStart; at <= kind.LatestStart; at += calendar.Clock(every / time.Minute) {
			for n := kind.MinLength; n <= kind.MaxLength; n += every {
				start := d.Date.At(at, p.Zone)
				a := Assignment{Agent: d.Agent, Date: d.Date, Shift: kind.Name, Start: start, End: start.Add(n)}
				out = append(out, p.withBreaks(a, kind.Breaks, step)...)
			}
		}
		if len(out) <= maxLayouts || step >= maxBreakStep {
			return out
		}
	}
}

// isKind reports whether a drawn span is a shift of that kind.
func (p *Problem) isKind(d Draft, kind *Shift) bool {
	every := kind.Every
	if every <= 0 {
		every = p.Step
	}
	first, last, n := d.Date.At(kind.EarliestStart, p.Zone), d.Date.At(kind.LatestStart, p.Zone), d.End.Sub(d.Start)
	agent := slices.IndexFunc(p.Agents, func(a Agent) bool { return a.ID == d.Agent })
	switch {
	case d.Start.Before(first) || d.Start.After(last) || d.Start.Sub(first)%every != 0:
		return false
	case n < kind.MinLength || n > kind.MaxLength || (n-kind.MinLength)%every != 0:
		return false
	case kind.Weekdays != [7]bool{} && !kind.Weekdays[d.Date.Weekday()]:
		return false
	case kind.Teams != nil && !slices.Contains(kind.Teams, p.Agents[agent].Team):
		return false
	}
	return kind.Skills == nil || slices.ContainsFunc(kind.Skills, func(s string) bool { return p.Agents[agent].Efficiency(s) > 0 })
}

// usualBreaks returns the breaks of the kind of shift nearest in length to a
// drawn span among those that give it the breaks of the working-time rules; when
// there is none, one break as the rules want it, around the middle.
func (p *Problem) usualBreaks(d Draft) []BreakTemplate {
	n := d.End.Sub(d.Start)
	wanted := time.Duration(0)
	for i := range p.Agents {
		if p.Agents[i].ID != d.Agent {
			continue
		}
		rules, _ := p.rulesOf(&p.Agents[i])
		for _, r := range rules.Breaks {
			if n > r.Over {
				wanted = max(wanted, r.Total)
			}
		}
	}
	var best *Shift
	var off time.Duration
	for i := range p.Shifts {
		x := &p.Shifts[i]
		got := time.Duration(0)
		for _, b := range x.Breaks {
			if b.fits(n) {
				got += b.Length
			}
		}
		if away := max(x.MinLength-n, n-x.MaxLength, 0); got >= wanted && (best == nil || away < off) {
			best, off = x, away
		}
	}
	switch {
	case best != nil:
		return best.Breaks
	case wanted > 0:
		grid := max(p.Step, time.Minute)
		return []BreakTemplate{{Length: (wanted + grid - 1) / grid * grid, Earliest: (n / 3).Truncate(grid), Latest: (n / 2).Truncate(grid)}}
	}
	return nil
}

// fits reports whether a shift of length n takes the break.
func (b BreakTemplate) fits(n time.Duration) bool { return n > b.Over && b.Earliest+b.Length < n }

// withBreaks lists a shift with its breaks in every place where they may be, none
// of them overlapping.
func (p *Problem) withBreaks(a Assignment, breaks []BreakTemplate, every time.Duration) []Assignment {
	out := []Assignment{a}
	n := a.End.Sub(a.Start)
	for _, b := range breaks {
		if !b.fits(n) {
			continue
		}
		var next []Assignment
		for _, x := range out {
			for at := b.Earliest; at <= b.Latest && at+b.Length < n; at += every {
				from := a.Start.Add(at)
				to := from.Add(b.Length)
				if slices.ContainsFunc(x.Breaks, func(o Break) bool { return from.Before(o.Start.Add(o.Length)) && o.Start.Before(to) }) {
					continue
				}
				y := x
				y.Breaks = append(slices.Clone(x.Breaks), Break{Start: from, Length: b.Length, Paid: b.Paid})
				next = append(next, y)
			}
		}
		if len(next) > 0 {
			out = next
		}
	}
	for i := range out {
		slices.SortFunc(out[i].Breaks, func(x, y Break) int { return x.Start.Compare(y.Start) })
	}
	return out
}
