package roster

import (
	"time"

	"kcc/internal/calendar"
)

// Options says how much work to do. The zero value is the default effort on all cores.
type Options struct {
	// Effort is the amount of search, as a number of re-insertions per agent; 0 is
	// DefaultEffort. The same problem, seed and effort give the same roster on any
	// number of workers.
	Effort   int
	Seed     uint64
	Workers  int            // 0 = GOMAXPROCS
	NoBound  bool           // skip the lower bound
	Progress func(Progress) // called now and then from one goroutine
}

// Progress is the state of a run.
type Progress struct {
	Phase string  // "construct", "bound", "improve", "polish"
	Done  float64 // 0..1 of the whole run
	Best  float64 // cost of the best roster so far, NaN = none yet
	Bound float64 // lower bound so far, NaN = none yet
	Gap   float64 // as Result.Gap, NaN without bound
}

// Result is a roster with all that is to be said of it.
type Result struct {
	Roster Roster

	Cost  Cost
	Bound float64 // no roster that keeps the rules costs less; NaN = not computed
	// Avoidable is bound - cost of full cover + 1 % of demand, and Gap (cost - calm - bound) / avoidable: the
	// share of the avoidable cost that a better roster might still save. What fewer changes of skill
	// cost is not in it, as the bound knows no price of changes; it is in GapWithCalm.
	Avoidable, Gap, GapWithCalm float64

	Coverage []Coverage
	Shifts   []ShiftCoverage
	Hours    []AgentHours

	UnmetHours  float64 // agent-hours of demand without an agent
	DemandHours float64
	WorkedHours float64 // agent-hours present, breaks left out

	Violations []Violation // what Check found: none, unless locked cells or history force it
	Shortfalls []Shortfall // what could not be met: minimum hours, skills without agents
	Prices     []Price     // what one more agent would save per skill and slot; nil without bound
	Notes      []Sentence

	Seed       uint64
	Effort     int
	Iterations int
	Stopped    bool // the context ended the search before the effort was spent
}

// setGaps follows from cost and bound.
func (r *Result) setGaps() {
	r.Gap = gap(r.Cost.Total-r.Cost.Calm, r.Bound, r.Avoidable)
	r.GapWithCalm = gap(r.Cost.Total, r.Bound, r.Avoidable)
}

// TakeSearch takes over what the search of another roster of the same problem told: its bound and prices,
// with the gaps of r to that bound, its seed, effort and notes. Changes made to a roster after the
// search, such as meetings, so show in the gap.
func (r *Result) TakeSearch(from *Result) {
	r.Bound, r.Avoidable, r.Prices = from.Bound, from.Avoidable, from.Prices
	r.setGaps()
	r.Seed, r.Effort, r.Iterations, r.Stopped = from.Seed, from.Effort, from.Iterations, from.Stopped
	r.Notes = from.Notes
}

// Cost is the cost of a roster in points, split.
type Cost struct {
	Missing  float64 // coverage below need
	Surplus  float64 // the rest of the cost of coverage
	Hours    float64 // hours against contract
	Wishes   float64 // prefer and avoid not granted
	Pattern  float64 // single days off
	Fair     float64 // weekend, late and holiday shifts beyond an even share of the year
	Calm     float64 // the part of Missing and Surplus that the best skills would save, were changes of skill free
	Total    float64
	FullCost float64 // what coverage would cost with every demand at its cheapest
}

// Coverage is one slot and skill of the roster.
type Coverage struct {
	Start   time.Time
	Step    time.Duration
	Skill   string
	Need    float64
	Agents  int     // present for the skill, after breaks
	Present float64 // the same weighted by efficiency
	Cost    float64
}

// ShiftCoverage is one shift and day of per-shift demand.
type ShiftCoverage struct {
	Date   calendar.Date
	Shift  string
	Skill  string
	Need   float64
	Agents int
	Cost   float64
}

// AgentHours compares an agent's hours with the contract over one period, or
// the part of it that lies in the roster and its history.
type AgentHours struct {
	Agent    string
	From, To calendar.Date // inclusive
	Contract time.Duration
	Min, Max time.Duration
	Worked   time.Duration // paid hours in the roster and, in this period, before it
	Credited time.Duration // leave and sickness
	Days     int           // days worked inside the roster
}

// Balance returns worked and credited hours less contract hours.
func (h AgentHours) Balance() time.Duration { return h.Worked + h.Credited - h.Contract }

// Violation is one breach of a hard rule.
type Violation struct {
	Rule  string // name of the rule: daily_rest, weekly_rest, max_week, ...
	Cites string // the article or source of the rule, may be empty
	Agent string
	Days  []calendar.Date
	Have  float64  // what the roster has
	Want  float64  // the limit that it breaks
	Unit  string   // of Have and Want: "h", "min", "days", ...
	Text  Sentence // with the numbers
}

// Shortfall is something asked for that cannot be given: it does not make the
// roster invalid, but it is reported and ends the command with status 4.
type Shortfall struct {
	What  string // "min_hours", "contract_hours", "skill", "fixed", "nobody"
	Agent string
	Skill string
	From  calendar.Date
	Have  float64
	Want  float64
	Unit  string
	Text  Sentence // says which rule or limit stands in the way
}

// Price is what one more agent-slot of full efficiency would save.
type Price struct {
	Start time.Time
	Skill string
	Value float64
}
