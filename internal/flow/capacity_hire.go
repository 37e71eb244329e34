package flow

import (
	"math"
	"slices"
	"time"

	"kcc/internal/calendar"
	"kcc/roster"
)

// Hire is a number of people to be hired.
type Hire struct {
	People  int
	FTE     float64
	Recruit calendar.Date // begin to look
	Start   calendar.Date // first working day
	Ready   calendar.Date // full work from
	Work    float64       // months of work that one of them has in the first Months, the mean
	Months  int           // of the plan from Ready on, at most hireWindow
	Idle    int           // of People, who have work for less than half of Months
}

// hireWindow is over how many months a hire has to have work: a year, so that
// a yearly peak does not add up to a job in a longer plan.
const hireWindow = 12

// compare sets the contracts against the need and finds who must be hired when:
// month by month those who fill the gap and have enough work in the months after,
// from the first month by which they can be found and trained. The rest of a gap
// is for temporary hours.
func (c *Capacity) compare(agents []roster.Agent, today calendar.Date) {
	recruit, train := daysOf(c.Options.Recruit), daysOf(c.Options.Train)
	for i := range c.Months {
		c.Months[i].Contract = c.contracts(&c.Months[i], agents, today)
	}
	for i := range c.Months {
		m := &c.Months[i]
		h := Hire{Ready: m.First, Start: m.First.Add(-train)}
		h.Recruit = h.Start.Add(-recruit)
		if m.Late = h.Recruit < today; m.Late {
			continue // nobody can be found and trained by then
		}
		if c.choose(i, &h); h.People > 0 {
			c.Hires = append(c.Hires, h)
			m.Hires = h.People
		}
	}
	rate := c.Options.TempRate
	if rate == 0 {
		rate = defaultTempRate * c.Wage
	}
	c.TempRate = rate
	for i := range c.Months {
		m := &c.Months[i]
		m.Hired = c.hired(m)
		if m.Gap = m.Needed - m.Contract - m.Hired; m.Gap > leastShort {
			// Temporary hours are worked: nobody takes leave from them.
			m.Temp = m.Gap * c.fteHours(m) * (1 - c.Planned) * (1 - c.Away)
			m.TempCost = m.Temp * rate
		}
		fte := m.Contract + m.Hired
		for _, h := range c.Hires { // in training
			if h.Ready > m.First && h.Start < m.First.Add(m.Days) {
				fte += h.FTE * math.Min(1, float64(m.First.Add(m.Days)-h.Start)/float64(m.Days))
			}
		}
		m.Cost = fte * c.fteHours(m) * c.Wage
	}
}

// leastShort is the gap in FTE below which a month is not short: less is rounding.
const leastShort = 0.05

// contracts is the FTE of the contracts in a month, after attrition.
func (c *Capacity) contracts(m *Month, agents []roster.Agent, today calendar.Date) float64 {
	middle := m.First.Add(m.Days / 2)
	fte := 0.0
	for k := range agents {
		a := &agents[k]
		days := 0
		for d := m.First; d < m.First.Add(m.Days); d++ {
			if !(a.HasFrom && d < a.ValidFrom) && !(a.HasTo && d > a.ValidTo) {
				days++
			}
		}
		left := 1.0
		if !a.HasTo { // an end that is known is no chance
			left = c.stays(middle - today)
		}
		fte += weekHours(a) / 7 * float64(days) * left / c.fteHours(m)
	}
	return fte
}

// hired is the FTE of the hires that do full work in a month, after attrition.
func (c *Capacity) hired(m *Month) float64 {
	fte := 0.0
	for _, h := range c.Hires {
		if h.Ready <= m.First {
			fte += h.FTE * c.left(m, &h)
		}
	}
	return fte
}

// left is the share of a hire that is still there in a month; all are in the
// month that they are hired for.
func (c *Capacity) left(m *Month, h *Hire) float64 {
	if h.Ready == m.First {
		return 1
	}
	return c.stays(m.First.Add(m.Days/2) - h.Start)
}

// choose fills a hire for month i: one after the other who fills the gap of that
// month, as long as the next one has work for PeakMonths in the year after. Who
// comes as the k-th has what the k-1 before leave.
func (c *Capacity) choose(i int, h *Hire) {
	each := c.Options.HireHours.Hours() / c.Options.FullTime.Hours()
	months := c.Months[i:min(len(c.Months), i+hireWindow)]
	gaps := make([]float64, len(months)) // in people
	for j := range months {
		m := &months[j]
		gaps[j] = (m.Needed - m.Contract - c.hired(m)) / (each * c.left(m, h))
	}
	const slack = 1e-9 // a whole number of people is no one more
	h.Months = len(months)
	for k := 0.0; gaps[0] > k+slack; k++ {
		work := 0.0
		for _, g := range gaps {
			work += math.Max(0, math.Min(1, g-k))
		}
		if work < float64(c.Options.PeakMonths)-slack {
			break
		}
		h.People++
		h.Work += work
		if work < float64(h.Months)/2 {
			h.Idle++
		}
	}
	if h.People > 0 {
		h.FTE, h.Work = float64(h.People)*each, h.Work/float64(h.People)
	}
}

func daysOf(d time.Duration) int { return int(d / (24 * time.Hour)) }

// Unfilled returns the months that are short as nobody can be found in time.
func (c *Capacity) Unfilled() []Month {
	return slices.DeleteFunc(slices.Clone(c.Months), func(m Month) bool { return !m.Late || m.Gap <= leastShort })
}

// Peaks returns the months of which some is left to temporary hours though
// people could be found in time.
func (c *Capacity) Peaks() []Month { return c.short(0, c.undecided()) }

// Undecided returns the last months that are short, of which too few are in the
// plan to tell a peak from a need that lasts.
func (c *Capacity) Undecided() []Month { return c.short(c.undecided(), len(c.Months)) }

// undecided is the first month with less than PeakMonths from it on.
func (c *Capacity) undecided() int {
	return min(len(c.Months), max(0, len(c.Months)-c.Options.PeakMonths+1))
}

func (c *Capacity) short(from, to int) []Month {
	return slices.DeleteFunc(slices.Clone(c.Months[from:to]), func(m Month) bool { return m.Late || m.Gap <= leastShort })
}
