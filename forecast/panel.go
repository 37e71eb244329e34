package forecast

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"kcc/internal/calendar"
)

// Limits of the inferred opening hours.
const (
	// recentWeeks is the stretch that decides which hours are open from now on.
	recentWeeks = 26
	// minOpenShare is the share of the recent weeks in which a weekday must have
	// data to count as an open day: a single special opening is no opening day.
	minOpenShare = 0.15
	// newOpening and goneOpening are how many times in a row a weekday must have had
	// data, or none, to be an opening day from now on whatever was before.
	newOpening  = 2
	goneOpening = 6
	// maxClosure is the longest run of open weekdays without data that is read as
	// a closure (whose return day is busier); longer runs are missing data.
	maxClosure = 4
)

// panel is a series laid out as days by slots of the wall clock: the form all
// models work on. History and future are in one panel; a view tells where the
// history ends. A slot holds the volume per interval, so that the doubled hour
// of autumn counts as one slot with the mean of its two intervals.
type panel struct {
	zone  *time.Location
	step  time.Duration
	slots int           // per day
	cycle int           // days after which the pattern returns: 7
	first calendar.Date // of day 0; plain series count from 0
	plain bool          // no calendar: days are blocks of one period

	open   []bool    // day × slot: offered to customers
	y      []float64 // day × slot: volume, NaN unknown or closed
	data   []bool    // day has any known value
	opens  []bool    // day has any open slot
	closed []bool    // a day that its weekday would have open, but is not (holiday, closure)

	nonneg bool // all known values are >= 0
	counts bool // all known values are whole and >= 0

	holiday []string // key of the holiday on the day, "" if none
	school  []bool
	events  []dayEvents // nil when there are none
}

func (p *panel) days() int                { return len(p.opens) }
func (p *panel) date(d int) calendar.Date { return p.first.Add(d) }
func (p *panel) index(d calendar.Date) int {
	return int(d - p.first)
}
func (p *panel) row(d int) []float64  { return p.y[d*p.slots : (d+1)*p.slots] }
func (p *panel) openRow(d int) []bool { return p.open[d*p.slots : (d+1)*p.slots] }

// phase returns the place of day d in the cycle: the weekday, Sunday 0.
func (p *panel) phase(d int) int {
	if p.plain {
		return d % p.cycle
	}
	return int(p.date(d).Weekday())
}

// newPanel makes a panel of n days from first with nothing known.
func newPanel(zone *time.Location, step time.Duration, slots, cycle int, first calendar.Date, n int) *panel {
	p := &panel{
		zone: zone, step: step, slots: slots, cycle: cycle, first: first,
		open: make([]bool, n*slots), y: make([]float64, n*slots),
		data: make([]bool, n), opens: make([]bool, n), closed: make([]bool, n),
		holiday: make([]string, n), school: make([]bool, n),
		nonneg: true, counts: true,
	}
	for i := range p.y {
		p.y[i] = math.NaN()
	}
	return p
}

// buildPanel lays the history out and appends days up to and including until.
// The history covers days [0, n).
func buildPanel(s *Series, opt *Options, until calendar.Date) (p *panel, n int, err error) {
	zone := s.Zone
	if zone == nil {
		zone = time.UTC
	}
	step := s.Step
	if step == 0 {
		step = InferStep(s.Obs)
	}
	if step == 0 {
		step = 24 * time.Hour
	}
	if step > 24*time.Hour || (24*time.Hour)%step != 0 {
		return nil, 0, fmt.Errorf("%s: intervals of %s do not divide a day: want a day or an even part of it; weeks and months have no calendar of days, forecast them as a plain series", s.Name(), calendar.FormatDuration(step))
	}
	obs := sumByStart(s.Obs, step, zone)
	if len(obs) == 0 {
		return nil, 0, fmt.Errorf("%s: %w", s.Name(), ErrNoHistory)
	}
	first, last := s.First, s.Last
	if first == 0 && last == 0 {
		first, last = obs[0].date, obs[len(obs)-1].date
	}
	first = min(first, obs[0].date)
	last = max(last, obs[len(obs)-1].date)
	n = int(last-first) + 1
	total := max(n, int(until-first)+1)
	slots := int(24 * time.Hour / step)
	p = newPanel(zone, step, slots, 7, first, total)

	p.fillCalendar(opt)
	seen := make([]bool, n*slots) // a row is there
	for i := 0; i < len(obs); {
		d, slot, sum, k := int(obs[i].date-first), obs[i].slot, 0.0, 0
		for ; i < len(obs) && int(obs[i].date-first) == d && obs[i].slot == slot; i++ {
			seen[d*slots+slot] = true
			if v := obs[i].value; !math.IsNaN(v) && !math.IsInf(v, 0) {
				sum += v
				k++
			}
		}
		if k == 0 {
			continue
		}
		v := sum / float64(k)
		p.y[d*slots+slot] = v
		p.data[d] = true
		p.nonneg = p.nonneg && v >= 0
		p.counts = p.counts && v >= 0 && sum == math.Trunc(sum)
	}
	if !slices.Contains(p.data, true) {
		return nil, 0, fmt.Errorf("%s: %w", s.Name(), ErrNoHistory)
	}
	if s.Hours != nil {
		p.scheduleHours(s.Hours)
	} else {
		p.inferHours(seen, n, opt.Holidays)
	}
	p.fillGaps(s.Gaps, n)
	p.layEvents(s, opt.Events)
	return p, n, nil
}

// slotValue is one interval on the grid.
type slotValue struct {
	at    int64
	date  calendar.Date
	slot  int
	value float64
}

// sumByStart puts observations on the grid, sums those of one interval and
// sorts them by time. Intervals keep apart in the doubled hour.
func sumByStart(in []Observation, step time.Duration, zone *time.Location) []slotValue {
	out := make([]slotValue, 0, len(in))
	daily := step == 24*time.Hour
	idx := clockIndex{zone: zone}
	sec := int64(step / time.Second)
	for _, o := range in {
		at := o.Start.Unix()
		date, slot, into := idx.place(at, sec)
		v := slotValue{at: at - into, date: date, slot: slot, value: o.Offered}
		if daily {
			v.slot, v.at = 0, int64(date)*86400
		}
		out = append(out, v)
	}
	if !slices.IsSortedFunc(out, func(a, b slotValue) int { return cmp.Compare(a.at, b.at) }) {
		slices.SortStableFunc(out, func(a, b slotValue) int { return cmp.Compare(a.at, b.at) })
	}
	// Sum equal starts.
	k := 0
	for i := range out {
		if k > 0 && out[k-1].at == out[i].at {
			switch {
			case math.IsNaN(out[k-1].value):
				out[k-1].value = out[i].value
			case !math.IsNaN(out[i].value):
				out[k-1].value += out[i].value
			}
			continue
		}
		out[k] = out[i]
		k++
	}
	out = out[:k]
	slices.SortStableFunc(out, func(a, b slotValue) int {
		return cmp.Or(cmp.Compare(a.date, b.date), cmp.Compare(a.slot, b.slot))
	})
	return out
}

// clockIndex finds the civil day and slot of instants, remembering the day it
// last looked up: most instants come in order.
type clockIndex struct {
	zone     *time.Location
	day      calendar.Date
	from, to int64 // unix seconds for which day and base hold
	base     int64 // seconds of wall clock at from
	first    calendar.Date
}

func newClockIndex(p *panel) *clockIndex { return &clockIndex{zone: p.zone, first: p.first} }

// place returns the day and slot of an instant and the seconds into the slot.
func (c *clockIndex) place(at, slotSec int64) (calendar.Date, int, int64) {
	if at < c.from || at >= c.to {
		// A day without clock change is a plain stretch of seconds; on the others
		// every hour is looked up by itself.
		t := time.Unix(at, 0).In(c.zone)
		c.day = calendar.DateOf(t, c.zone)
		c.from, c.to = c.day.Start(c.zone).Unix(), c.day.Add(1).Start(c.zone).Unix()
		c.base = 0
		if c.to-c.from != 24*3600 {
			c.base = int64(t.Hour() * 3600)
			c.from = at - int64(t.Minute()*60+t.Second())
			c.to = c.from + 3600
		}
	}
	wall := c.base + at - c.from
	return c.day, int(wall / slotSec), wall % slotSec
}

// find is place with the day as an index of the panel.
func (c *clockIndex) find(at, slotSec int64) (day, slot int) {
	d, s, _ := c.place(at, slotSec)
	return int(d - c.first), s
}

// fillCalendar notes holidays and school holidays.
func (p *panel) fillCalendar(opt *Options) {
	for d := range p.holiday {
		date := p.date(d)
		if opt.Holidays != nil {
			if h, ok := opt.Holidays.On(date); ok {
				p.holiday[d] = h.Key
			}
		}
		for _, r := range opt.School {
			if r.Contains(date) {
				p.school[d] = true
			}
		}
	}
}

// scheduleHours marks the open slots by given opening hours.
func (p *panel) scheduleHours(h *calendar.Hours) {
	stepMin := int(p.step / time.Minute)
	for d := range p.opens {
		spans := h.On(p.date(d))
		row := p.openRow(d)
		for s := range row {
			c := calendar.Clock(s * stepMin)
			row[s] = slices.ContainsFunc(spans, func(sp calendar.Span) bool {
				if p.slots == 1 {
					return true
				}
				return c >= sp.From && c < sp.To
			})
			p.opens[d] = p.opens[d] || row[s]
		}
		p.closed[d] = !p.opens[d] && len(h.Week[p.date(d).Weekday()]) > 0
	}
}

// inferHours marks the open slots from the rows of the history: a weekday and
// slot never seen is closed. A day without rows within the history is closed or
// missing, never zero; a future public holiday is closed when the history shows
// that holiday closed, or shows it not at all.
func (p *panel) inferHours(seen []bool, n int, hol *calendar.Holidays) {
	weekday := make([]bool, 7*p.slots) // ever
	recent := make([]bool, 7*p.slots)  // in the recent weeks
	from := max(0, n-7*recentWeeks)
	var weeks, with [7]float64
	for d := range n {
		ph := p.phase(d)
		any := false
		for s := range p.slots {
			if !seen[d*p.slots+s] {
				continue
			}
			any = true
			weekday[ph*p.slots+s] = true
			if d >= from {
				recent[ph*p.slots+s] = true
			}
		}
		if d >= from {
			weeks[ph]++
			if any {
				with[ph]++
			}
		}
	}
	alive := 0 // days with rows of late: lost weeks say nothing about one weekday
	for d := max(0, n-7*goneOpening); d < n; d++ {
		if p.data[d] {
			alive++
		}
	}
	var openDay [7]bool
	for ph := range openDay {
		openDay[ph] = with[ph] > 0 && with[ph] >= minOpenShare*weeks[ph]
		// Opened or closed a short while ago.
		switch lately := p.lately(ph, n, seen); {
		case lately >= newOpening:
			openDay[ph] = true
		case lately <= -goneOpening && alive >= 2*goneOpening:
			openDay[ph] = false
		}
	}
	// Holidays: open when any holiday of that name has data.
	keyOpen := map[string]bool{}
	for d := range n {
		if k := p.holiday[d]; k != "" && p.data[d] {
			keyOpen[k] = true
		}
	}
	for d := range p.opens {
		ph := p.phase(d)
		row, have := p.openRow(d), d < n && p.data[d]
		switch {
		case d < n:
			for s := range row {
				row[s] = weekday[ph*p.slots+s] && (have || openDay[ph])
			}
		case openDay[ph] && (p.holiday[d] == "" || keyOpen[p.holiday[d]] || !p.holidayCloses(d, hol)):
			copy(row, recent[ph*p.slots:(ph+1)*p.slots])
		}
		p.opens[d] = slices.Contains(row, true)
		if d >= n && !p.opens[d] && openDay[ph] {
			p.closed[d] = true
		}
	}
	// Runs of open weekdays without data inside the history: short ones were
	// closures, long ones are missing.
	for d := 0; d < n; d++ {
		if p.data[d] || !p.opens[d] {
			continue
		}
		end, missing := d, 0
		for ; end < n && !p.data[end]; end++ {
			if p.opens[end] {
				missing++
			}
		}
		for k := d; k < end; k++ {
			if p.opens[k] && missing <= maxClosure {
				p.closeDay(k)
			}
		}
		d = end
	}
}

// lately counts the last days of a weekday that all had rows, or, negative, that
// all had none.
func (p *panel) lately(phase, n int, seen []bool) int {
	count := 0
	for d := n - 1; d >= 0; d-- {
		if p.phase(d) != phase {
			continue
		}
		if slices.Contains(seen[d*p.slots:(d+1)*p.slots], true) {
			if count < 0 {
				break
			}
			count++
		} else {
			if count > 0 {
				break
			}
			count--
		}
	}
	return count
}

// holidayCloses reports whether the holiday of day d closes by its setting.
func (p *panel) holidayCloses(d int, hol *calendar.Holidays) bool {
	if hol == nil {
		return false
	}
	h, ok := hol.On(p.date(d))
	return ok && h.Setting == calendar.Closed
}

// closeDay makes day d a closed day.
func (p *panel) closeDay(d int) {
	clear(p.openRow(d))
	p.opens[d], p.closed[d] = false, true
}

// fillGaps applies the zero-or-missing rule to the history and drops values
// outside the opening hours.
func (p *panel) fillGaps(rule GapRule, n int) {
	for d := range n {
		y, open := p.row(d), p.openRow(d)
		lo, hi := 0, p.slots
		if d == 0 || d == n-1 { // the first and last day may be cut
			for s, v := range y {
				if !math.IsNaN(v) {
					if d == 0 && lo == 0 {
						lo = s
					}
					if d == n-1 {
						hi = s + 1
					}
				}
			}
		}
		zero := rule == GapsZero || (rule == GapsAuto && p.data[d])
		any := false
		for s := range y {
			switch {
			case !open[s]:
				y[s] = math.NaN()
			case math.IsNaN(y[s]) && zero && s >= lo && s < hi:
				y[s] = 0
			}
			any = any || !math.IsNaN(y[s])
		}
		p.data[d] = any
	}
}

// starts returns the intervals of day d that exist in the zone and are open,
// with the slot of each.
func (p *panel) starts(d int) (at []time.Time, slot []int) {
	open := p.openRow(d)
	date := p.date(d)
	from := date.Start(p.zone)
	if p.slots == 1 {
		if open[0] {
			return []time.Time{from}, []int{0}
		}
		return nil, nil
	}
	to := date.Add(1).Start(p.zone)
	regular := to.Sub(from) == 24*time.Hour
	g := calendar.Grid{Loc: p.zone, Step: p.step}
	for t, k := from, 0; t.Before(to); t, k = t.Add(p.step), k+1 {
		s := k
		if !regular {
			s = g.Slot(t)
		}
		if s < p.slots && open[s] {
			at = append(at, t)
			slot = append(slot, s)
		}
	}
	return at, slot
}
