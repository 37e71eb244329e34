package roster

import (
	"fmt"
	"time"

	"kcc/internal/calendar"
)

// MissingCost and SurplusCost price one agent-interval of the demand's own
// length too few and too many, where a demand has no curve of its own.
const (
	MissingCost = 10.0
	SurplusCost = 1.0
)

// Problem is everything a roster is made from. It is not changed by this
// package and may be shared.
type Problem struct {
	Zone  *time.Location
	First calendar.Date
	Days  int
	Step  time.Duration // grid of demand, shift starts, lengths and breaks; divides an hour

	Skills       []string
	Demand       []Demand
	ShiftDemand  []ShiftDemand
	Agents       []Agent
	Availability []Availability
	Shifts       []Shift
	History      []Assignment // what the agents worked before First, up to 16 weeks and more
	Locked       []Cell
	Presence     []Presence // who must be there; kept by EnsurePresence, not by the search
	Patterns     []Pattern
	Rules        map[string]Rules // rule sets by name; Agent.RuleSet picks one, "" is DefaultRuleSet
	Weights      Weights
	LateFrom     calendar.Clock  // a shift that ends then or after is late; 0 = DefaultLateFrom
	Holidays     []calendar.Date // public holidays, of the history too; nil = the Dutch ones
	OwnDays      []calendar.Date // other days that count as holidays where shifts are spread fairly
}

// DefaultRuleSet is the rule set of agents that name none.
const DefaultRuleSet = "atw_adult"

// Demand is what one skill needs in one slot. The cost of having z agents (in
// units of full efficiency, after breaks) is convex and piecewise linear:
// Curve[i] at z = Base+i, its first and last slope continued outside. Without
// Curve it is MissingCost per agent below Need and SurplusCost per agent above.
type Demand struct {
	Slot  int
	Skill string
	Need  float64 // agents wanted, may be fractional
	Base  int
	Curve []float64
	// Weight scales the cost (1 when zero): a slot that is one third of the
	// interval for which the costs were meant has weight 1/3.
	Weight float64
}

// ShiftDemand wants a number of agents on a shift on a day. Its cost is as that
// of Demand.
type ShiftDemand struct {
	Date  calendar.Date
	Shift string
	Skill string // "" = any agent
	Need  float64
	Base  int
	Curve []float64
}

// Period is the span over which contract hours are counted.
type Period string

// The periods. Hours of an agent are hours per period. A week runs from Monday;
// four-week periods are counted from the Monday of Agent.ValidFrom, or of the
// problem's first day where that is not set; a year is a calendar year, of which
// the roster takes its share plus what is left over from the history.
const (
	PerWeek  Period = "week"
	PerFour  Period = "4w"
	PerYear  Period = "year"
	noPeriod Period = ""
)

// Agent is one person with a contract.
type Agent struct {
	ID   string
	Name string
	Team string

	Contract time.Duration // per Period
	Min, Max time.Duration // per Period; see HasMin, HasMax
	HasMin   bool          // without: within one shift of Contract
	HasMax   bool          // without: Contract
	Period   Period        // "" = PerWeek

	Skills         []Skill
	MaxDaysPerWeek int // 0 = no limit of its own
	ValidFrom      calendar.Date
	ValidTo        calendar.Date
	HasFrom, HasTo bool
	RuleSet        string
	Pattern        string        // rotation; "" = that of the team, if any
	PatternFrom    calendar.Date // a day of a first week of the round; see HasPatternFrom
	HasPatternFrom bool          // without: Pattern.From
	CostPerHour    float64
	ACD            string
	Notes          string
}

// Skill is what an agent can do, and how fast beside a full agent.
type Skill struct {
	Name       string
	Efficiency float64 // 0 = 1
}

// Kind is the kind of an availability.
type Kind string

// The kinds. Fixed binds the agent to the shift named in Availability.Shift.
const (
	Leave       Kind = "leave"
	Sick        Kind = "sick"
	Unavailable Kind = "unavailable"
	Available   Kind = "available" // an agent with such rows works only inside them
	Prefer      Kind = "prefer"
	Avoid       Kind = "avoid"
	Fixed       Kind = "fixed"
)

// Availability says when an agent is away, or wants to work or not.
type Availability struct {
	Agent    string
	From, To calendar.Date  // both inclusive
	Days     [7]bool        // by time.Weekday; all false = every day
	Start    calendar.Clock // part of the day; Start = End = 0 is the whole day
	End      calendar.Clock // may lie past midnight
	Kind     Kind
	Shift    string        // of Fixed
	Hours    time.Duration // of Leave and Sick: credited per day; see HasHours
	HasHours bool          // without: contract hours / contract days
	Weight   float64       // of Prefer and Avoid, 0 = 1
}

// Shift is a kind of shift: where it may start, how long it is, its breaks.
type Shift struct {
	Name                 string
	EarliestStart        calendar.Clock
	LatestStart          calendar.Clock
	Every                time.Duration // step of starts and of lengths; 0 = Problem.Step
	MinLength, MaxLength time.Duration // equal for a fixed length
	Breaks               []BreakTemplate
	Weekdays             [7]bool  // by time.Weekday; all false = every day
	Skills               []string // only agents with one of these; nil = any
	Teams                []string // only agents of these teams; nil = any
}

// BreakTemplate is a break that may start between Earliest and Latest after the
// start of the shift. A shift too short to hold the break (Earliest + Length
// reaches its end), or not longer than Over, goes without it.
type BreakTemplate struct {
	Length           time.Duration
	Earliest, Latest time.Duration
	Paid             bool
	Over             time.Duration // only in shifts longer than this
}

// Break is a break in a roster.
type Break struct {
	Start  time.Time
	Length time.Duration
	Paid   bool
}

// SkillSpan says that from Start on, up to the next span or the end of the
// shift, the agent serves Skill.
type SkillSpan struct {
	Start time.Time
	Skill string
}

// Assignment is one shift of one agent. Date is the local day on which it starts.
type Assignment struct {
	Agent      string
	Date       calendar.Date
	Shift      string // "" = drawn by hand
	Start, End time.Time
	Breaks     []Break
	Plan       []SkillSpan
	Locked     bool
}

// SkillChanges returns how often the agent changes skill within the shift. Going to a meeting and
// coming back to the same skill is none.
func (a Assignment) SkillChanges() (n int) {
	last := ""
	for _, s := range a.Plan {
		if _, away := s.Away(); away || s.Skill == last {
			continue
		}
		if last != "" {
			n++
		}
		last = s.Skill
	}
	return n
}

// Paid returns the time of the shift less its unpaid breaks.
func (a Assignment) Paid() time.Duration {
	d := a.End.Sub(a.Start)
	for _, b := range a.Breaks {
		if !b.Paid {
			d -= b.Length
		}
	}
	return d
}

// Cell fixes what an agent does on a day: exactly Assignment, or nothing at all.
type Cell struct {
	Agent      string
	Date       calendar.Date
	Off        bool
	Assignment Assignment // when not Off
}

// Roster is the result: assignments in order of agent (as in the problem) and date.
type Roster struct {
	Assignments []Assignment
}

// Weights price what is wished for but not required, in points. The zero value
// of each means the default, a negative value none.
type Weights struct {
	UnderContract float64 // per hour below contract hours (default 8)
	OverContract  float64 // per hour above contract hours (default 16)
	UnderMin      float64 // per hour below minimum hours (default 1000)
	Wish          float64 // per prefer or avoid not granted (default 10)
	SplitDaysOff  float64 // per single day off between two working days (default 4)
	SkillChange   float64 // per change of skill from one slot to the next (default 0.1)
	Fair          float64 // per weekend, late or holiday shift above the even share, see FairKind (default 2)
}

// The defaults of Weights.
const (
	DefaultUnderContract = 8.0
	DefaultOverContract  = 16.0
	DefaultUnderMin      = 1000.0
	DefaultWish          = 10.0
	DefaultSplitDaysOff  = 4.0
	DefaultSkillChange   = 0.1
	DefaultFair          = 2.0
)

func pick(v, def float64) float64 {
	switch {
	case v == 0:
		return def
	case v < 0:
		return 0
	}
	return v
}

func (w Weights) resolved() Weights {
	return Weights{
		UnderContract: pick(w.UnderContract, DefaultUnderContract),
		OverContract:  pick(w.OverContract, DefaultOverContract),
		UnderMin:      pick(w.UnderMin, DefaultUnderMin),
		Wish:          pick(w.Wish, DefaultWish),
		SplitDaysOff:  pick(w.SplitDaysOff, DefaultSplitDaysOff),
		SkillChange:   pick(w.SkillChange, DefaultSkillChange),
		Fair:          pick(w.Fair, DefaultFair),
	}
}

// SlotStart returns the instant at which a slot begins.
func (p *Problem) SlotStart(slot int) time.Time {
	return p.First.Start(p.Zone).Add(time.Duration(slot) * p.Step)
}

// SlotOf returns the slot that holds t; it may lie outside the horizon.
func (p *Problem) SlotOf(t time.Time) int {
	d := t.Sub(p.First.Start(p.Zone))
	if d < 0 {
		return -int((-d + p.Step - 1) / p.Step)
	}
	return int(d / p.Step)
}

// Slots returns the number of slots of the horizon.
func (p *Problem) Slots() int {
	return p.SlotOf(p.First.Add(p.Days).Start(p.Zone))
}

// Last returns the last day of the horizon.
func (p *Problem) Last() calendar.Date { return p.First.Add(p.Days - 1) }

// Efficiency returns the efficiency of a for a skill, 0 if a does not have it.
func (a *Agent) Efficiency(skill string) float64 {
	for _, s := range a.Skills {
		if s.Name == skill {
			return s.Speed()
		}
	}
	return 0
}

// Speed returns the efficiency at which the skill is worked: 0 stands for 1.
func (s Skill) Speed() float64 {
	if s.Efficiency == 0 {
		return 1
	}
	return s.Efficiency
}

// On reports whether the availability applies to day d.
func (v *Availability) On(d calendar.Date) bool {
	if d < v.From || d > v.To {
		return false
	}
	return v.Days == [7]bool{} || v.Days[d.Weekday()]
}

// Cost returns what z agents cost under the demand.
func (d *Demand) Cost(z float64) float64 {
	w := d.Weight
	if w == 0 {
		w = 1
	}
	return w * curveCost(d.Need, d.Base, d.Curve, z)
}

// Cost returns what n agents on the shift cost under the demand.
func (d *ShiftDemand) Cost(n float64) float64 {
	return curveCost(d.Need, d.Base, d.Curve, n)
}

// curveCost evaluates a demand's convex cost at z.
func curveCost(need float64, base int, curve []float64, z float64) float64 {
	if len(curve) < 2 {
		if z < need {
			return MissingCost * (need - z)
		}
		return SurplusCost * (z - need)
	}
	x := z - float64(base)
	i := int(x)
	if x < 0 {
		i = 0
	}
	if i > len(curve)-2 {
		i = len(curve) - 2
	}
	return curve[i] + (x-float64(i))*(curve[i+1]-curve[i])
}

// ProblemError says what is wrong with a problem itself.
type ProblemError struct{ Reason string }

func (e *ProblemError) Error() string { return "roster: " + e.Reason }

func problemf(format string, a ...any) error {
	return &ProblemError{fmt.Sprintf(format, a...)}
}
