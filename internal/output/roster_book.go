package output

import (
	"time"

	"kcc/internal/calendar"
)

// RosterBook is what the roster workbook, the wall roster, the roster pages and
// the calendars show. It is plain data: texts are already in the language of
// the reader, clocks are wall-clock times of the centre's zone.
type RosterBook struct {
	Title string // "Roster customer contact, weeks 49-52"
	First calendar.Date
	Days  int
	Step  time.Duration // of Slots and of the day sheets; 0 means 15 minutes

	Skills     []RosterSkill     // in the order of the sheets
	Agents     []RosterAgent     // in the order of the sheets
	Slots      []RosterSlot      // required against rostered, by time and then skill; closed intervals left out
	Service    []RosterService   // expected service level per channel
	Forecast   []RosterForecast  // one per channel
	Violations []RosterViolation // of the independent checker

	Asked  []Fact   // what was asked: period, target, rules, data window, effort, seed, versions of the inputs
	Notes  []string // remarks for the planner, on the summary
	Inputs []Table  // shown on the sheet with inputs, one below the other
	Meta   []Fact   // keys and values of the hidden sheet: roster id, version, hash of the inputs

	Version int       // of the published roster: calendars take a higher one for a change
	Stamp   time.Time // when it was published; zero is the first day of the roster
}

// RosterSkill is a skill that is planned, or another activity in the skill plan.
type RosterSkill struct {
	ID    string // as in Slots and skill plans
	Label string // for the reader; ID if empty
}

// RosterAgent is one row of the roster.
type RosterAgent struct {
	ID, Name, Team string
	Skills         []string // skill ids, best first
	ContractHours  float64  // per week
	MinHours       float64  // per week; NaN when there is no minimum
	MaxHours       float64  // per week; NaN when there is no maximum
	Period         string   // over which the contract hours count: "week" (or empty), "4weeks", "year"
	Balance        float64  // hours over (+) or under (-) at the end of the roster, with what was carried in; NaN when not kept
	Days           []RosterCell
	Note           string
}

// CellKind is what an agent does on a day.
type CellKind int

// The kinds of a day.
const (
	DayOff CellKind = iota
	Working
	OnLeave
	Sick
	Unavailable // not off by the roster but by the agent's availability
)

// RosterCell is one agent on one day.
type RosterCell struct {
	Kind   CellKind
	Shift  string         // name of the shift, when it has one
	Start  calendar.Clock // of Working
	End    calendar.Clock // above 24:00 when the shift runs past midnight
	Breaks []RosterBreak
	Plan   []SkillSpan // what the agent works on; empty means the first skill all day
	Hours  float64     // paid hours, also those that leave and sickness count for
	Locked bool
	Note   string // shown to the agent: a training, a meeting
}

// RosterBreak is a break inside a shift.
type RosterBreak struct {
	Start, End calendar.Clock
	Paid       bool
}

// SkillSpan says that from Start on, until the next span, the agent works on Skill.
type SkillSpan struct {
	Start calendar.Clock
	Skill string
}

// RosterSlot is one interval of one skill.
type RosterSlot struct {
	Start    time.Time
	Skill    string
	Required float64 // agents present, shrinkage included
	Rostered float64 // agents after breaks
}

// RosterService is what customers of a channel may expect of the roster.
type RosterService struct {
	Channel   string
	Target    string  // as it reads: "80% in 20 s"
	Goal      float64 // the ratio of the target; NaN without one
	Expected  float64 // service level 0..1; NaN when unknown
	Low, High float64 // confidence interval of Expected; NaN without one
	ASA       float64 // seconds; NaN when unknown
	Abandon   float64 // ratio; NaN when unknown
	Occupancy float64 // ratio; NaN when unknown
}

// RosterForecast is the forecast of one channel that the roster was made for.
type RosterForecast struct {
	Channel string
	Level   float64 // of Low and High, such as 0.8
	Days    []ForecastDay
	Points  []ForecastPoint // per interval; may be empty
}

// ForecastDay is the volume of one day.
type ForecastDay struct {
	Date            calendar.Date
	Mean, Low, High float64 // contacts; Low and High NaN when unknown
	AHT             float64 // seconds; NaN when unknown
	Note            string  // why the day differs: a holiday, an event
}

// ForecastPoint is the volume of one interval.
type ForecastPoint struct {
	Start                time.Time
	Mean, Low, High, AHT float64 // NaN when unknown
}

// RosterViolation is one finding of the checker.
type RosterViolation struct {
	Hard   bool
	Rule   string // name of the rule
	Agent  string // id; empty when it is about the whole roster
	Date   calendar.Date
	Detail string
}

// step returns the length of the slots.
func (b *RosterBook) step() time.Duration {
	if b.Step == 0 {
		return 15 * time.Minute
	}
	return b.Step
}

// label returns what the reader sees of a skill.
func (s RosterSkill) label() string {
	if s.Label != "" {
		return s.Label
	}
	return s.ID
}

// skillAt returns the skill or activity of the plan at clock at, "" outside the
// shift. Breaks are no part of the plan.
func (c *RosterCell) skillAt(at calendar.Clock, a *RosterAgent) string {
	if c.Kind != Working || at < c.Start || at >= c.End {
		return ""
	}
	skill := ""
	if len(c.Plan) == 0 && len(a.Skills) > 0 {
		skill = a.Skills[0]
	}
	for _, p := range c.Plan {
		if p.Start <= at {
			skill = p.Skill
		}
	}
	return skill
}

// breakAt returns the break that covers at, or nil.
func (c *RosterCell) breakAt(at calendar.Clock) *RosterBreak {
	for i := range c.Breaks {
		if b := &c.Breaks[i]; b.Start <= at && at < b.End {
			return b
		}
	}
	return nil
}
