package erlang

import (
	"context"
	"maps"
	"math"
	"slices"
	"time"

	"kcc/internal/calendar"
)

const (
	// DefaultPromiseRatio is the share of deferrable work that must keep its
	// promise; the rest is planned within twice the promise.
	DefaultPromiseRatio = 0.95
	// DefaultMaxBlend is the occupancy up to which idle time may be filled.
	DefaultMaxBlend = 0.95
	// handleSpread is the coefficient of variation of handle times that is assumed
	// for the safety of deferrable work.
	handleSpread = 1.0
	// cycleDays is the pattern that a plan is taken to repeat before its first and
	// after its last day: a week.
	cycleDays = 7
)

// idleOf returns the idle agents, by start of the interval, that work under s may
// fill: those of the channel it blends into, up to the occupancy it allows.
func idleOf(groups []queueGroup, reqs [][]Requirement, s Settings) map[time.Time]float64 {
	if s.BlendInto == "" {
		return nil
	}
	idle := map[time.Time]float64{}
	for i, g := range groups {
		if g.channel != s.BlendInto || g.settings.model() == ModelDeadline {
			continue
		}
		for _, r := range reqs[i] {
			idle[r.Start.UTC()] += r.IdleAgents(s.MaxBlend)
		}
	}
	return idle
}

// Taken is, by channel and start of the interval, the idle agents that deferrable
// work has taken: idle time can be filled once, and several channels may want
// that of the same one.
type Taken map[string]map[time.Time]float64

// Share calls use with the idle agents of a channel less what was taken before,
// and notes what use takes of them.
func (t Taken) Share(channel string, idle map[time.Time]float64, use func(map[time.Time]float64)) {
	if t[channel] == nil {
		t[channel] = map[time.Time]float64{}
	}
	for at, n := range t[channel] {
		idle[at] = math.Max(0, idle[at]-n)
	}
	before := maps.Clone(idle)
	use(idle)
	for at, n := range before {
		if d := n - idle[at]; d > 0 {
			t[channel][at] += d
		}
	}
}

// planDeadline returns the profile of one deferrable channel.
//
// The plan is taken as a part of a steady year: the week before it and the weeks
// after it repeat its first and last seven days, so that the profile neither
// starts from nothing nor runs out at the end. With a backlog, even an empty
// one, the first day starts from that instead.
func planDeadline(ctx context.Context, g queueGroup, opt *PlanOptions, idle map[time.Time]float64) []Requirement {
	if len(g.intervals) == 0 || ctx.Err() != nil {
		return nil
	}
	s := g.settings
	hours := s.Hours
	if hours == nil {
		hours = hoursOf(g.intervals)
	}
	d := deferral{g: g, s: s, opt: opt, work: calendar.NewWorkTime(hours), loc: hours.Loc, step: g.intervals[0].Step}
	d.first = calendar.DateOf(g.intervals[0].Start, d.loc)
	d.last = calendar.DateOf(g.intervals[len(g.intervals)-1].Start, d.loc)
	if !d.fits() {
		d.step = gridOf(idle)
	}
	d.lay()
	var free []float64
	if idle != nil {
		free = make([]float64, len(d.slots))
		for i, sl := range d.slots {
			free[i] = idle[sl.Start.UTC()]
		}
	}
	rate, used, _ := deadline(d.slots, d.jobs, free)
	if opt.Certainty > 0 {
		d.addSafety(rate)
	}
	if c := s.Target.MaxOccupancy; c > 0 && c < 1 {
		for i := range rate {
			rate[i] /= c
		}
	}
	out := d.requirements(rate, free)
	for i := d.from; i < d.to && used != nil; i++ {
		idle[d.slots[i].Start.UTC()] -= used[i]
	}
	return out
}

// deferral is the state of planDeadline.
type deferral struct {
	g           queueGroup
	s           Settings
	opt         *PlanOptions
	work        *calendar.WorkTime
	loc         *time.Location
	step        time.Duration
	first, last calendar.Date
	slots       []Slot
	jobs        []Work
	from, to    int // slots of the plan itself
}

// fits reports whether the length of the arrivals' intervals goes into the opening
// hours of any day of the plan. That of the post of a day does not: it would leave
// no slot in which to do the work.
func (d *deferral) fits() bool {
	open := false
	for day := d.first; day <= d.last; day++ {
		if len(d.work.Hours().Intervals(day, d.step)) > 0 {
			return true
		}
		open = open || len(d.work.Hours().On(day)) > 0
	}
	return !open
}

// workStep is the length of the slots in which work is done where neither its
// arrivals nor the channel it blends into have one: a quarter, as in rosters.
const workStep = 15 * time.Minute

// gridOf returns the length of the intervals of idle time.
func gridOf(idle map[time.Time]float64) time.Duration {
	starts := slices.SortedFunc(maps.Keys(idle), time.Time.Compare)
	step := time.Duration(0)
	for i := 1; i < len(starts); i++ {
		if d := starts[i].Sub(starts[i-1]); step == 0 || d < step {
			step = d
		}
	}
	if step == 0 || step > time.Hour {
		return workStep
	}
	return step
}

// lay makes the slots and the work of the plan with what goes before and after.
func (d *deferral) lay() {
	term := d.reach()
	before := 0
	if d.s.Backlog == nil {
		before = term
	}
	from, to := d.first.Add(-before), d.last.Add(term)
	byDay := map[calendar.Date][]Interval{}
	for _, iv := range d.g.intervals {
		day := calendar.DateOf(iv.Start, d.loc)
		byDay[day] = append(byDay[day], iv)
	}
	for day := from; day <= to; day++ {
		model := d.like(day)
		starts := d.work.Hours().Intervals(day, d.step)
		if day != model && len(starts) == 0 && len(d.work.Hours().On(model)) > 0 && byDay[model] == nil {
			starts = nil
		}
		if day == d.first {
			d.from = len(d.slots)
		}
		for _, t := range starts {
			d.slots = append(d.slots, Slot{t, d.step})
		}
		if day == d.last {
			d.to = len(d.slots)
		}
		for _, iv := range byDay[model] {
			at := iv.Start
			if day != model {
				at = day.At(calendar.ClockOf(iv.Start, d.loc), d.loc)
			}
			d.add(contacts(iv), d.s.handleTime(iv), at)
		}
	}
	for _, b := range d.s.Backlog {
		h := b.AHT
		if h <= 0 {
			h = d.s.AHT
		}
		if h <= 0 {
			h = d.meanAHT()
		}
		d.add(b.Count, h, b.At)
	}
}

// like returns the day of the plan that day repeats: itself, or the same weekday
// in the first or the last week of the plan.
func (d *deferral) like(day calendar.Date) calendar.Date {
	for day < d.first {
		day = day.Add(cycleDays)
	}
	if day > d.last && d.last-d.first < cycleDays-1 {
		for day > d.last && day.Add(-cycleDays) >= d.first {
			day = day.Add(-cycleDays)
		}
		return day
	}
	for day > d.last {
		day = day.Add(-cycleDays)
	}
	return day
}

// reach returns how many days before and after the plan matter: the promise of
// the slowest share, and at least a week.
func (d *deferral) reach() int {
	at := d.last.Start(d.loc)
	due, ok := d.due(at, 2)
	days := 2 * cycleDays
	if ok {
		days = int(calendar.DateOf(due, d.loc)-d.last) + 1
	}
	return min(max(days, cycleDays), maxReach)
}

// maxReach keeps endless promises from making endless plans.
const maxReach = 120

// add appends work that comes in at t: the promised share by its promise, the
// rest by twice as long.
func (d *deferral) add(count, aht float64, t time.Time) {
	if !(count > 0) || !(aht > 0) {
		return
	}
	ratio := d.s.PromiseRatio
	if ratio <= 0 {
		ratio = DefaultPromiseRatio
	}
	ratio = math.Min(1, ratio)
	due, ok := d.due(t, 1)
	if !ok {
		return
	}
	d.jobs = append(d.jobs, Work{Count: ratio * count, AHT: aht, Available: t, Due: due})
	if ratio < 1 {
		late, ok := d.due(t, 2)
		if !ok {
			late = due
		}
		d.jobs = append(d.jobs, Work{Count: (1 - ratio) * count, AHT: aht, Available: t, Due: late})
	}
}

// due returns when work of t is due, after times terms of the promise.
func (d *deferral) due(t time.Time, times int) (time.Time, bool) {
	p := d.s.Promise
	var at time.Time
	var err error
	switch p.Unit {
	case calendar.BusinessTime:
		at, err = d.work.AddBusiness(t, time.Duration(times)*p.Duration)
	case calendar.WorkingDays:
		at, err = d.work.AddWorkingDays(t, times*p.N, 0)
	case calendar.CalendarDays:
		at = calendar.DateOf(t, d.loc).Add(times*p.N + 1).Start(d.loc)
	case calendar.CalendarWeeks:
		at = calendar.DateOf(t, d.loc).Add(7*times*p.N + 1).Start(d.loc)
	default:
		at = t.Add(time.Duration(times) * p.Duration)
	}
	return at, err == nil
}

func (d *deferral) meanAHT() float64 {
	var n, sum float64
	for _, iv := range d.g.intervals {
		if h := d.s.handleTime(iv); h > 0 {
			n += contacts(iv)
			sum += contacts(iv) * h
		}
	}
	return share(sum, n)
}

// addSafety raises each stretch of constant rate, which is a critical interval
// of the profile, by what random arrivals and handle times may bring: for a
// stretch with work W of N contacts the work is about normal with variance
//
//	N·E[S²] + cv²·W²
func (d *deferral) addSafety(rate []float64) {
	z := normalQuantile(d.opt.Certainty)
	cv := d.opt.dayCV(d.g.channel)
	h := d.meanAHT()
	for i := 0; i < len(rate); {
		j, w := i, 0.0
		for ; j < len(rate) && math.Abs(rate[j]-rate[i]) <= tieSlack*(rate[i]+1); j++ {
			w += rate[j] * d.slots[j].Step.Seconds()
		}
		if w > 0 {
			sd := math.Sqrt(w*h*(1+handleSpread*handleSpread) + cv*cv*w*w)
			up := math.Max(0, 1+z*sd/w)
			for k := i; k < j; k++ {
				rate[k] *= up
			}
		}
		i = j
	}
}

// requirements turns the profile into requirements for the plan's own slots and
// plays it to tell how the promise is kept. Whole agents are rounded so that the
// work done never falls behind the profile.
func (d *deferral) requirements(rate, free []float64) []Requirement {
	s := d.s
	given := make([]float64, len(rate))
	mean := math.Max(1, d.meanAHT())
	var owed float64
	for i := range rate {
		owed += rate[i]
		n := math.Max(float64(s.Minimum), math.Max(0, ceilSlack(owed)))
		if rate[i] <= 0 && owed <= tieSlack {
			n = float64(s.Minimum)
		}
		owed = math.Max(owed-n, -1)
		given[i] = n
	}
	total := slices.Clone(given)
	for i := range free {
		total[i] += free[i]
	}
	played := PlayDeadline(d.slots, d.jobs, total)
	arrivals := map[time.Time]Interval{}
	for _, iv := range d.g.intervals {
		arrivals[iv.Start.UTC()] = iv
	}
	var out []Requirement
	for i := d.from; i < d.to; i++ {
		sl := d.slots[i]
		iv := arrivals[sl.Start.UTC()]
		delete(arrivals, sl.Start.UTC())
		fixed := math.Max(0, iv.Fixed)
		r := Requirement{Start: sl.Start, Step: sl.Step, Channel: d.g.channel, Skill: d.g.skill, Erlangs: rate[i]}
		r.Agents = int(given[i]) + int(ceilSlack(fixed))
		r.Fractional = math.Max(rate[i], float64(s.Minimum)) + fixed
		r.Rostered, _ = Gross(float64(r.Agents), s.Unplanned)
		_, r.RosteredFractional = Gross(r.Fractional, s.Unplanned)
		r.Result = Result{
			Model: ModelDeadline, Agents: float64(r.Agents), Erlangs: rate[i],
			ServiceLevel: played.InTime, ASA: played.MeanWait, Occupancy: played.Occupancy,
			Queue: played.Backlog[i] / mean,
		}
		if !d.opt.NoCurve {
			r.Base, r.Curve = linearCurve(r, s)
		}
		out = append(out, r)
	}
	for _, iv := range arrivals { // work that comes in while nobody works
		out = append(out, Requirement{
			Start: iv.Start, Step: iv.Step, Channel: d.g.channel, Skill: d.g.skill,
			Result: Result{Model: ModelDeadline, ServiceLevel: played.InTime, ASA: played.MeanWait},
		})
	}
	slices.SortFunc(out, func(a, b Requirement) int { return a.Start.Compare(b.Start) })
	return out
}

// hoursOf returns the hours in which the intervals lie: those days as they are,
// other days like the same weekday.
func hoursOf(ivs []Interval) *calendar.Hours {
	loc := ivs[0].Start.Location()
	h := &calendar.Hours{Loc: loc, Special: map[calendar.Date][]calendar.Span{}}
	for _, iv := range ivs {
		day := calendar.DateOf(iv.Start, loc)
		from := calendar.ClockOf(iv.Start, loc)
		to := min(from+calendar.Clock(iv.Step/time.Minute), calendar.Midnight)
		spans := h.Special[day]
		if n := len(spans); n > 0 && from <= spans[n-1].To {
			spans[n-1].To = max(spans[n-1].To, to)
		} else {
			spans = append(spans, calendar.Span{From: from, To: to})
		}
		h.Special[day] = spans
	}
	first, last := calendar.DateOf(ivs[0].Start, loc), calendar.DateOf(ivs[len(ivs)-1].Start, loc)
	for day := first; day <= last; day++ {
		if spans, ok := h.Special[day]; ok {
			h.Week[day.Weekday()] = spans
		} else {
			h.Special[day] = nil
		}
	}
	return h
}

// PlanDeferrable returns the requirements of one deferrable channel, given the
// idle agents, by start of the interval in UTC, that its work may fill first
// (nil for none). What the work takes is taken off idle (see Taken). Plan does
// this for all channels of a plan together.
func PlanDeferrable(ctx context.Context, intervals []Interval, opt PlanOptions, idle map[time.Time]float64) ([]Requirement, error) {
	groups, err := group(intervals, &opt)
	if err != nil {
		return nil, err
	}
	var out []Requirement
	for _, g := range groups {
		out = append(out, planDeadline(ctx, g, &opt, idle)...)
	}
	return out, ctx.Err()
}

// IdleAgents returns the agents of a requirement that deferrable work may use,
// up to an occupancy of limit (0 means DefaultMaxBlend).
func (r Requirement) IdleAgents(limit float64) float64 {
	if limit <= 0 || limit > 1 {
		limit = DefaultMaxBlend
	}
	if r.Status != OK || math.IsNaN(r.Result.Occupancy) {
		return 0
	}
	return float64(r.Agents) * math.Max(0, limit-r.Result.Occupancy)
}
