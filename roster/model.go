package roster

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"kcc/internal/calendar"
)

// model is a problem made ready for the search: names as numbers, times as slots
// and minutes. It is read-only once built.
type model struct {
	p           *Problem
	w           Weights
	slots       int
	minutes     int   // of a slot
	day0        []int // minute, from the start of the horizon, at which a day begins; one more than days
	skills      []string
	costs       []demandCost // per slot and skill
	groups      []group
	agents      []mAgent
	quantum     float64 // every presence is a multiple of this: 1 when all efficiencies are
	asked       []bool  // per day: is there demand
	shiftD      []mShiftDemand
	byDay       [][]int // shift demands per day
	classes     []moveClass
	classesOf   [][]int32    // per group and skill: the moves that its agents there can make
	classesFrom [][]int32    // per skill
	classesTo   [][]int32    // per skill
	exchanges   [][]exchange // per skill
	posts       []post
	postAt      []int16 // per group and skill
	uniform     bool    // every efficiency is 1
	kinds       []boundKind
	kindsOf     [][]int           // per skill
	kindAt      []int8            // per group and skill
	scale       float64           // what a missing agent-slot typically costs, in MissingCost
	fairDays    [][fairKinds]bool // per day, late shifts aside; nil without fairness
	lateAt      []int             // per day: a shift that ends then or after is late
	notes       []Sentence
	refused     map[string]bool // shifts that a note is about
	short       []Shortfall
}

// group holds agents with equal skills and efficiencies.
type group struct {
	eff    []float64 // per skill, 0 = does not have it
	skills []int
}

// demandCost is the cost of presence in one slot for one skill.
type demandCost struct {
	need, under, over float64
	base              float64
	curve             []float64
	weight            float64
}

func (d *demandCost) at(z float64) float64 {
	if d.curve == nil {
		if z < d.need {
			return d.under * (d.need - z)
		}
		return d.over * (z - d.need)
	}
	x := z - d.base
	i := int(x)
	if x < 0 {
		i = 0
	}
	if i > len(d.curve)-2 {
		i = len(d.curve) - 2
	}
	return d.weight * (d.curve[i] + (x-float64(i))*(d.curve[i+1]-d.curve[i]))
}

// slopes returns the first and the last slope.
func (d *demandCost) slopes() (first, last float64) {
	if d.curve == nil {
		return -d.under, d.over
	}
	n := len(d.curve)
	return d.weight * (d.curve[1] - d.curve[0]), d.weight * (d.curve[n-1] - d.curve[n-2])
}

// least returns the z of the grid q that minimises at(z) + price·z over z >= 0,
// and that minimum. The price must lie between the negated slopes.
func (d *demandCost) least(price, q float64) (z, value float64) {
	try := func(x float64) {
		x = math.Max(0, x)
		if v := d.at(x) + price*x; v < value {
			z, value = x, v
		}
	}
	value = math.Inf(1)
	if d.curve == nil {
		lo := math.Floor(d.need/q+gridSlack) * q
		try(lo)
		try(lo + q)
		try(0)
		return z, value
	}
	for i := range d.curve {
		x := math.Floor((d.base+float64(i))/q+gridSlack) * q
		try(x)
		try(x + q)
	}
	try(0)
	return z, value
}

// gridSlack keeps a need that is a whole number of quanta from being rounded down.
const gridSlack = 1e-9

// mShiftDemand is a demand for a number of agents on a shift.
type mShiftDemand struct {
	day, shift, skill int // skill -1: any
	d                 *ShiftDemand
}

// mAgent is an agent made ready.
type mAgent struct {
	a       *Agent
	group   int // -1: no skill that is asked for
	book    *book
	days    []mDay
	periods []mPeriod
	maxDays int // per week, 7 = free
	hist    history
	rules   *Rules
	fair    *fairPart // nil without fairness
}

// mDay is what one agent can do on one day.
type mDay struct {
	allow   []int32 // options of the book, in order; nil and !all = day off
	all     bool    // every option of the day
	forced  bool    // must work one of them
	off     float64 // cost of a day off (a wish to work)
	extra   []float64
	private []option    // the locked assignment, index -1 in allow
	cell    *Cell       // that the locked assignment comes from
	link    optionGroup // of the locked assignment
}

// mPeriod is a contract period as far as it lies in the horizon, in minutes of
// what is still to be rostered.
type mPeriod struct {
	from, to         int // days, inclusive
	cap, target, min int
}

// history is what of the past still matters to an agent.
type history struct {
	lastDay   int         // day index (negative) of the last shift, minInt when none
	lastEnd   int         // its end, minutes from the start of the horizon
	block     int         // calendar days of work since the last weekly rest, up to lastDay
	runDays   int         // days in a row with a shift up to lastDay
	weekDays  int         // days already worked in the week of the first day
	weeks     map[int]int // working minutes per week before, by index of the Monday
	sunweek   map[int]int // the same by Sunday
	sundays   map[int]bool
	weekends  map[int]bool
	nightDays map[int]bool
	starts    map[int]bool // start clocks in the week of the first day
}

const noDay = math.MinInt32

func newModel(p *Problem) (*model, error) {
	m := &model{p: p, w: p.Weights.resolved()}
	if err := p.Validate(); err != nil {
		return nil, err
	}
	m.slots = p.Slots()
	m.minutes = int(p.Step / time.Minute)
	base := p.First.Start(p.Zone)
	for d := 0; d <= p.Days; d++ {
		m.day0 = append(m.day0, int(p.First.Add(d).Start(p.Zone).Sub(base)/time.Minute))
	}
	m.asked = p.askedDays()
	m.buildSkills()
	if len(m.skills) > maxSkills {
		return nil, problemf("%d skills are asked for: at most %d can be rostered at once", len(m.skills), maxSkills)
	}
	m.buildCosts()
	m.buildShiftDemand()
	m.buildAgents()
	m.buildMoves()
	m.buildPosts()
	m.buildKinds()
	m.scale = m.typicalCost() / MissingCost
	m.buildFair()
	return m, nil
}

// typicalCost is the mean of what the last missing agent-slot of each demand costs.
func (m *model) typicalCost() float64 {
	sum, n := 0.0, 0
	for i := range m.costs {
		if c := &m.costs[i]; c.need > 0 {
			first, last := c.slopes()
			sum += math.Max(-first, last)
			n++
		}
	}
	if sum == 0 {
		return MissingCost
	}
	return sum / float64(n)
}

// Validate reports the first thing that is wrong with the problem itself.
func (p *Problem) Validate() error {
	switch {
	case p.Zone == nil:
		return problemf("no time zone")
	case p.Days <= 0:
		return problemf("no days to roster")
	case p.Step < time.Minute || time.Hour%p.Step != 0 || p.Step%time.Minute != 0:
		return problemf("step %s does not divide an hour into whole minutes", p.Step)
	case len(p.Agents) == 0:
		return ErrNoAgents
	}
	seen := map[string]bool{}
	for i := range p.Agents {
		a := &p.Agents[i]
		if a.ID == "" {
			return problemf("agent %d has no id", i+1)
		}
		if seen[a.ID] {
			return problemf("agent %s occurs twice", a.ID)
		}
		seen[a.ID] = true
		if _, ok := p.rulesOf(a); !ok {
			return problemf("agent %s has rule set %q, which is not known: want %s or one of your own (under 18, pregnancy and on-call have other rules and are not covered)", a.ID, a.RuleSet, DefaultRuleSet)
		}
		switch a.Period {
		case noPeriod, PerWeek, PerFour, PerYear:
		default:
			return problemf("agent %s has hours per %q: want week, 4w or year", a.ID, a.Period)
		}
	}
	names := map[string]bool{}
	for i := range p.Shifts {
		s := &p.Shifts[i]
		if s.Name == "" || names[s.Name] {
			return problemf("shift %q: the name is empty or occurs twice", s.Name)
		}
		names[s.Name] = true
		if s.MinLength <= 0 || s.MaxLength < s.MinLength || s.MaxLength > 24*time.Hour {
			return problemf("shift %s: lengths %s to %s make no sense", s.Name, s.MinLength, s.MaxLength)
		}
		if s.LatestStart < s.EarliestStart {
			return problemf("shift %s: latest start %s lies before earliest start %s", s.Name, s.LatestStart, s.EarliestStart)
		}
	}
	return p.validPatterns()
}

func (m *model) buildSkills() {
	seen := map[string]bool{}
	add := func(s string) {
		if s != "" && !seen[s] {
			seen[s] = true
			m.skills = append(m.skills, s)
		}
	}
	wanted := map[string]bool{}
	for i := range m.p.Demand {
		wanted[m.p.Demand[i].Skill] = true
	}
	for i := range m.p.ShiftDemand {
		wanted[m.p.ShiftDemand[i].Skill] = true
	}
	for _, s := range m.p.Skills {
		if wanted[s] {
			add(s)
		}
	}
	rest := make([]string, 0, len(wanted))
	for s := range wanted {
		rest = append(rest, s)
	}
	slices.Sort(rest)
	for _, s := range rest {
		add(s)
	}
}

func (m *model) skill(name string) int { return slices.Index(m.skills, name) }

func (m *model) buildCosts() {
	k := len(m.skills)
	weight := 1.0
	for i := range m.p.Demand {
		if w := m.p.Demand[i].Weight; w > 0 {
			weight = w
			break
		}
	}
	m.costs = make([]demandCost, m.slots*k)
	for i := range m.costs {
		m.costs[i] = demandCost{under: MissingCost * weight, over: SurplusCost * weight, weight: weight}
	}
	for i := range m.p.Demand {
		d := &m.p.Demand[i]
		s := m.skill(d.Skill)
		if d.Slot < 0 || d.Slot >= m.slots || s < 0 {
			continue
		}
		c := &m.costs[d.Slot*k+s]
		c.need = d.Need
		if d.Weight > 0 {
			c.weight = d.Weight
			c.under, c.over = MissingCost*d.Weight, SurplusCost*d.Weight
		}
		if len(d.Curve) >= 2 {
			c.curve, c.base = d.Curve, float64(d.Base)
		}
	}
}

func (m *model) buildShiftDemand() {
	m.byDay = make([][]int, m.p.Days)
	for i := range m.p.ShiftDemand {
		d := &m.p.ShiftDemand[i]
		day := int(d.Date - m.p.First)
		sh := slices.IndexFunc(m.p.Shifts, func(s Shift) bool { return s.Name == d.Shift })
		if day < 0 || day >= m.p.Days || sh < 0 {
			continue
		}
		s := -1
		if d.Skill != "" {
			s = m.skill(d.Skill)
		}
		m.byDay[day] = append(m.byDay[day], len(m.shiftD))
		m.shiftD = append(m.shiftD, mShiftDemand{day: day, shift: sh, skill: s, d: d})
	}
}

func (m *model) buildAgents() {
	p := m.p
	m.quantum = 1
	groupOf := map[string]int{}
	has := make([]bool, len(m.skills))
	avail := map[string][]*Availability{}
	for i := range p.Availability {
		v := &p.Availability[i]
		avail[v.Agent] = append(avail[v.Agent], v)
	}
	past := map[string][]Assignment{}
	for _, h := range p.History {
		if h.Date < p.First {
			past[h.Agent] = append(past[h.Agent], h)
		}
	}
	for _, hs := range past {
		slices.SortFunc(hs, func(a, b Assignment) int { return a.Start.Compare(b.Start) })
	}
	locked := map[agentDay]*Cell{}
	for i := range p.Locked {
		locked[agentDay{p.Locked[i].Agent, p.Locked[i].Date}] = &p.Locked[i]
	}
	m.agents = make([]mAgent, len(p.Agents))
	books := map[string]*book{}
	for i := range p.Agents {
		a := &p.Agents[i]
		g := -1
		eff := make([]float64, len(m.skills))
		any := false
		for s, name := range m.skills {
			eff[s] = a.Efficiency(name)
			if eff[s] > 0 {
				any, has[s] = true, true
				m.quantum = gcdFloat(m.quantum, eff[s])
			}
		}
		anyShift := slices.ContainsFunc(m.shiftD, func(d mShiftDemand) bool { return d.skill < 0 })
		if any || anyShift {
			key := fmt.Sprint(eff)
			if _, ok := groupOf[key]; !ok {
				groupOf[key] = len(m.groups)
				gr := group{eff: eff}
				for s := range eff {
					if eff[s] > 0 {
						gr.skills = append(gr.skills, s)
					}
				}
				m.groups = append(m.groups, gr)
			}
			g = groupOf[key]
		}
		rules, _ := p.rulesOf(a)
		ma := &m.agents[i]
		*ma = mAgent{a: a, group: g, rules: &rules, maxDays: 7}
		if a.MaxDaysPerWeek > 0 {
			ma.maxDays = min(7, a.MaxDaysPerWeek)
		}
		ma.hist = m.historyOf(ma, past[a.ID])
		ma.book = m.bookFor(books, ma)
		m.buildPeriods(ma, past[a.ID], avail[a.ID])
		m.buildDays(ma, avail[a.ID], locked)
		m.easeFixed(ma)
		if g < 0 {
			m.notes = append(m.notes, say("agent %s has none of the skills that are asked for (%s) and is not rostered", a.ID, strings.Join(m.skills, ", ")))
		}
	}
	for s, ok := range has {
		if !ok && m.wantsSkill(s) {
			m.short = append(m.short, Shortfall{
				What: "skill", Skill: m.skills[s], From: p.First, Unit: "agents", Want: 1,
				Text: say("no agent has the skill %q that is asked for", m.skills[s]),
			})
		}
	}
}

func (m *model) wantsSkill(s int) bool {
	for i := range m.p.Demand {
		if d := &m.p.Demand[i]; d.Need > 0 && d.Skill == m.skills[s] {
			return true
		}
	}
	return slices.ContainsFunc(m.shiftD, func(d mShiftDemand) bool { return d.skill == s && d.d.Need > 0 })
}

// gcdFloat returns the greatest common divisor of two multiples of 0.001.
func gcdFloat(a, b float64) float64 {
	const grain = 1000
	x, y := int(math.Round(a*grain)), int(math.Round(b*grain))
	for y != 0 {
		x, y = y, x%y
	}
	return math.Max(float64(x)/grain, 1.0/grain)
}

// minuteOf returns minutes from the start of the horizon.
func (m *model) minuteOf(t time.Time) int {
	return int(math.Floor(t.Sub(m.p.First.Start(m.p.Zone)).Minutes()))
}

// historyOf sums up what the agent worked before the horizon.
func (m *model) historyOf(ma *mAgent, past []Assignment) history {
	h := history{lastDay: noDay, weeks: map[int]int{}, sunweek: map[int]int{}, sundays: map[int]bool{}, weekends: map[int]bool{}, nightDays: map[int]bool{}, starts: map[int]bool{}}
	r := ma.rules
	monday := m.p.First.Monday()
	var prev *Assignment
	blockStart, runStart := calendar.Date(0), calendar.Date(0)
	for i := range past {
		a := &past[i]
		if prev == nil || a.Start.Sub(prev.End) >= r.WeeklyRest {
			blockStart = a.Date
		}
		if prev == nil || a.Date > prev.Date+1 {
			runStart = a.Date
		}
		prev = a
		h.lastDay, h.lastEnd = int(a.Date-m.p.First), m.minuteOf(a.End)
		h.block, h.runDays = int(a.Date-blockStart)+1, int(a.Date-runStart)+1
		paid := int(a.Paid() / time.Minute)
		h.weeks[int(a.Date.Monday()-monday)/7] += paid
		h.sunweek[int(a.Date.Add(-int(a.Date.Weekday()))-monday)] += paid
		if a.Date.Weekday() == time.Sunday {
			h.sundays[int(a.Date-m.p.First)] = true
		}
		if wd := a.Date.Weekday(); wd == time.Sunday || wd == time.Saturday {
			h.weekends[int(a.Date.Monday()-monday)/7] = true
		}
		if a.Date >= monday {
			h.weekDays++
			h.starts[int(calendar.ClockOf(a.Start, m.p.Zone))] = true
		}
		if nightMinutes(a.Start, a.End, m.p.Zone) > int(r.Night.MinWork/time.Minute) && r.Night.MinWork > 0 {
			h.nightDays[int(a.Date-m.p.First)] = true
		}
	}
	return h
}

// nightMinutes returns the minutes of a span between 00:00 and 06:00.
func nightMinutes(start, end time.Time, zone *time.Location) int {
	sum := time.Duration(0)
	for d := calendar.DateOf(start, zone); d <= calendar.DateOf(end, zone); d++ {
		from, to := d.Start(zone), d.At(6*60, zone)
		if start.After(from) {
			from = start
		}
		if end.Before(to) {
			to = end
		}
		if to.After(from) {
			sum += to.Sub(from)
		}
	}
	return int(sum / time.Minute)
}

// buildPeriods cuts the horizon into contract periods. A period that is partly
// outside carries what the history holds of it.
func (m *model) buildPeriods(ma *mAgent, past []Assignment, avail []*Availability) {
	p, a := m.p, ma.a
	known := p.First
	for i := range p.History {
		known = min(known, p.History[i].Date)
	}
	length := 7
	anchor := p.First.Monday()
	perWeek := a.Contract
	switch a.Period {
	case PerFour:
		length = 28
		perWeek = a.Contract / 4
		if a.HasFrom {
			anchor = a.ValidFrom.Monday()
		}
	case PerYear:
		perWeek = time.Duration(float64(a.Contract) / weeksPerYear)
	}
	longest := ma.book.longest
	for d := p.First; d <= p.Last(); {
		var from, to calendar.Date
		if a.Period == PerYear {
			from, to = calendar.NewDate(d.Year(), 1, 1), calendar.NewDate(d.Year(), 12, 31)
		} else {
			off := (int(d-anchor)%length + length) % length
			from, to = d.Add(-off), d.Add(length-1-off)
		}
		valid := 0
		for x := max(from, known); x <= min(to, p.Last()); x++ {
			if !(a.HasFrom && x < a.ValidFrom) && !(a.HasTo && x > a.ValidTo) {
				valid++
			}
		}
		share := float64(valid) / float64(to-from+1)
		mins := func(v time.Duration) int { return int(float64(v/time.Minute) * share) }
		q := mPeriod{from: int(max(from, p.First) - p.First), to: int(min(to, p.Last()) - p.First)}
		target := mins(a.Contract)
		least := mins(a.Min)
		if !a.HasMin {
			least = max(0, target-longest+1)
		}
		most := int(a.Contract / time.Minute)
		if a.HasMax {
			most = int(a.Max / time.Minute)
		}
		if a.Period == PerYear {
			most = int(float64(most) * share)
		}
		done := 0
		for i := range past {
			if past[i].Date >= from && past[i].Date <= to {
				done += int(past[i].Paid() / time.Minute)
			}
		}
		done += m.credited(ma, avail, perWeek, max(from, known), min(to, p.Last()))
		q.cap, q.target, q.min = max(0, most-done), max(0, target-done), max(0, least-done)
		ma.periods = append(ma.periods, q)
		d = to + 1
	}
}

// credited returns the minutes of leave and sickness that count as worked.
func (m *model) credited(ma *mAgent, avail []*Availability, perWeek time.Duration, from, to calendar.Date) int {
	days := ma.a.MaxDaysPerWeek
	if days <= 0 {
		days = defaultContractDays
	}
	daily := perWeek / time.Duration(days)
	total := time.Duration(0)
	used, week := 0, calendar.Date(math.MinInt32)
	for d := from; d <= to; d++ {
		if d.Monday() != week {
			week, used = d.Monday(), 0
		}
		if ma.a.HasFrom && d < ma.a.ValidFrom || ma.a.HasTo && d > ma.a.ValidTo {
			continue
		}
		amount, explicit := time.Duration(0), false
		for _, v := range avail {
			if !v.On(d) || v.Kind != Leave && v.Kind != Sick {
				continue
			}
			x := daily
			if v.HasHours {
				x, explicit = v.Hours, true
			} else if !(v.Start == 0 && (v.End == 0 || v.End == calendar.Midnight)) {
				x = min(daily, time.Duration(v.End-v.Start)*time.Minute)
			}
			amount = max(amount, x)
		}
		if amount <= 0 {
			continue
		}
		if !explicit {
			if i := int(d - m.p.First); used >= days || i >= 0 && i < m.p.Days && !m.asked[i] {
				continue
			}
			used++
		}
		total += amount
	}
	return int(total / time.Minute)
}

func sortedKeys[K cmp.Ordered, V any](in map[K]V) []K {
	out := make([]K, 0, len(in))
	for k := range in {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
