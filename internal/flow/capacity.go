package flow

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"kcc/forecast"
	"kcc/internal/calendar"
	"kcc/internal/output"
	"kcc/internal/planstore"
	"kcc/roster"
)

// CapacityOptions are the assumptions of a capacity plan. The zero value of each
// is the default.
type CapacityOptions struct {
	From      calendar.Date // first day of a month; 0: the next month
	Months    int           // 0: 12
	FullTime  time.Duration // hours a week of one FTE; 0: 36
	Attrition float64       // share of the agents that leaves within a year, beside known ends of contracts
	// Recruit and Train are how long it takes to find somebody, and until somebody
	// who has started does full work.
	Recruit, Train time.Duration
	HireHours      time.Duration // contract of a new agent per week; 0: FullTime
	// PeakMonths is how many months of work a new agent must have in the year after
	// training; what is needed for less is a peak, for temporary hours. 0: 3;
	// negative: every gap is hired for.
	PeakMonths int
	TempRate   float64 // cost of an hour of temporary work; 0: one and a half times the wage
	Loss       float64 // share of rostered hours above the requirement; negative: that of the last roster
	Planned    float64 // shrinkage; negative: the centre's
	Step       func(done float64)
}

// The defaults of CapacityOptions.
const (
	defaultMonths   = 12
	defaultFullTime = 36 * time.Hour
	defaultPeak     = 3
	defaultTempRate = 1.5              // times the wage: overtime is paid with 25 to 100 % on top, an agency asks as much
	capacityStep    = 30 * time.Minute // coarser than a roster: a month is the sum of many
)

// Month is one month of a capacity plan. Hours are agent-hours.
type Month struct {
	First    calendar.Date
	Days     int
	Contacts float64
	Workload float64            // handling hours
	Present  float64            // hours agents must be there
	Paid     float64            // the same with shrinkage and loss
	BySkill  map[string]float64 // FTE needed

	Needed   float64 // FTE
	Contract float64 // FTE of the contracts, after attrition
	Hired    float64 // FTE of hires that do full work, after attrition
	Gap      float64 // Needed - Contract - Hired, below 0: more than needed
	Cost     float64 // of the contracts and the hires, those in training included
	Hires    int     // people who must do full work from this month on
	Late     bool    // nobody can be found and trained by this month
	Temp     float64 // hours of work that fill the gap: overtime, agency staff or outsourcing
	TempCost float64
}

// Capacity is what the coming months ask of the number of people.
type Capacity struct {
	Options CapacityOptions
	Skills  []string
	Months  []Month
	Hires   []Hire
	Wage    float64 // per hour
	// TempRate is the cost of an hour of temporary work.
	TempRate float64
	Planned  float64
	Away     float64 // unplanned shrinkage
	Skipped  []forecast.Skipped
}

// ErrNoContracts is returned when the store has no agents.
var ErrNoContracts = errors.New("the store has no agents, so there are no contracts to compare with")

// PlanCapacity forecasts the coming months, staffs every interval, adds shrinkage
// and what rosters lose, and compares the paid hours with the contracts.
func (s *Site) PlanCapacity(ctx context.Context, opt CapacityOptions) (*Capacity, error) {
	c := &Capacity{Options: opt, Wage: s.Centre.Costs.WagePerHour, Planned: s.Centre.Shrinkage.Planned, Away: s.Centre.Shrinkage.Unplanned}
	if err := c.defaults(ctx, s); err != nil {
		return nil, err
	}
	agents, err := planstore.LoadAgents(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	if len(agents) == 0 {
		return nil, ErrNoContracts
	}
	if w := meanWage(agents); w > 0 {
		c.Wage = w
	}
	if err := c.need(ctx, s); err != nil {
		return nil, err
	}
	c.compare(agents, calendar.DateOf(s.Now, s.Centre.Zone))
	return c, nil
}

func (c *Capacity) defaults(ctx context.Context, s *Site) error {
	o := &c.Options
	if o.Months == 0 {
		o.Months = defaultMonths
	}
	if o.FullTime == 0 {
		o.FullTime = defaultFullTime
	}
	if o.HireHours == 0 {
		o.HireHours = o.FullTime
	}
	if o.From == 0 {
		y, m, _ := calendar.DateOf(s.Now, s.Centre.Zone).Civil()
		o.From = calendar.NewDate(y, m, 1).AddMonths(1)
	}
	if o.PeakMonths == 0 {
		o.PeakMonths = defaultPeak
	}
	if o.Planned >= 0 {
		c.Planned = o.Planned
	}
	if o.Loss < 0 {
		o.Loss = 0
		list, err := planstore.Rosters(ctx, s.DB)
		if err != nil {
			return err
		}
		for _, v := range list {
			if r := v.Result; r.WorkedHours > 0 && r.DemandHours > 0 {
				o.Loss = math.Max(0, r.WorkedHours-(r.DemandHours-r.UnmetHours)) / r.WorkedHours
				break
			}
		}
	}
	if o.Step == nil {
		o.Step = func(float64) {}
	}
	for m := range o.Months {
		first := o.From.AddMonths(m)
		c.Months = append(c.Months, Month{First: first, Days: int(o.From.AddMonths(m+1) - first), BySkill: map[string]float64{}})
	}
	return nil
}

// meanWage is the cost of an hour over the contracts that have one.
func meanWage(agents []roster.Agent) float64 {
	sum, hours := 0.0, 0.0
	for i := range agents {
		if a := &agents[i]; a.CostPerHour > 0 {
			sum += a.CostPerHour * weekHours(a)
			hours += weekHours(a)
		}
	}
	if hours == 0 {
		return 0
	}
	return sum / hours
}

// weekHours are the contract hours of an agent per week.
func weekHours(a *roster.Agent) float64 {
	const weeksPerYear = 365.25 / 7
	switch a.Period {
	case roster.PerFour:
		return a.Contract.Hours() / 4
	case roster.PerYear:
		return a.Contract.Hours() / weeksPerYear
	}
	return a.Contract.Hours()
}

// need forecasts and staffs the months.
func (c *Capacity) need(ctx context.Context, s *Site) error {
	last := c.Months[len(c.Months)-1]
	a, err := s.staffAhead(ctx, c.Options.From, last.First.Add(last.Days), nil, c.Options.Step)
	if err != nil {
		return err
	}
	c.Skipped = a.skipped
	good, reqs := a.forecasts, a.reqs
	zone := s.Centre.Zone
	month := func(t time.Time) *Month {
		d := calendar.DateOf(t, zone)
		for i := range c.Months {
			if m := &c.Months[i]; d >= m.First && d < m.First.Add(m.Days) {
				return m
			}
		}
		return nil
	}
	for _, f := range good {
		for _, p := range f.Points {
			if m := month(p.Start); m != nil {
				m.Contacts += p.Mean
				if !math.IsNaN(p.AHT) {
					m.Workload += p.Mean * p.AHT / 3600
				}
			}
		}
	}
	share := (1 - c.Planned) * (1 - c.Away) * (1 - c.Options.Loss)
	for _, r := range reqs {
		m := month(r.Start)
		if m == nil || math.IsNaN(r.Fractional) {
			continue
		}
		hours := r.Fractional * r.Step.Hours()
		m.Present += hours
		m.Paid += hours / share
		m.BySkill[r.Skill] += hours / share / c.fteHours(m)
		if !slices.Contains(c.Skills, r.Skill) {
			c.Skills = append(c.Skills, r.Skill)
		}
	}
	slices.Sort(c.Skills)
	for i := range c.Months {
		c.Months[i].Needed = c.Months[i].Paid / c.fteHours(&c.Months[i])
	}
	return nil
}

// fteHours is what one FTE is paid in a month.
func (c *Capacity) fteHours(m *Month) float64 {
	return c.Options.FullTime.Hours() / 7 * float64(m.Days)
}

// stays is the share of people who are still there after some days.
func (c *Capacity) stays(days calendar.Date) float64 {
	const year = 365.25
	return math.Pow(1-c.Options.Attrition, math.Max(0, float64(days))/year)
}

// SkippedText lists the channels that were left out, with the reason.
func (c *Capacity) SkippedText() string { return skippedText(c.Skipped) }

// assumptions says what the plan takes for granted.
func (c *Capacity) assumptions(l output.Lang) string {
	o := c.Options
	percent := func(english, dutch string, x float64) string {
		return l.Pick(english, dutch) + " " + l.Number(100*x, 1) + " %"
	}
	parts := []string{
		l.Pick("FTE", "fte") + " " + l.Number(o.FullTime.Hours(), 1) + l.Pick(" h", " u"), percent("planned shrinkage", "geplande uitval", c.Planned),
		percent("unplanned", "ongeplande uitval", c.Away), percent("roster loss", "roosterverlies", o.Loss), percent("attrition a year", "vertrek per jaar", o.Attrition),
	}
	return strings.Join(parts, ", ")
}
