package erlang

import (
	"time"

	"kcc/internal/calendar"
)

// Interval is the expected work of one channel in one interval.
type Interval struct {
	Start   time.Time
	Step    time.Duration
	Channel string
	Skill   string  // the skill that serves it; empty means that of the channel's settings, else the channel
	Offered float64 // expected contacts; NaN counts as none
	AHT     float64 // mean handle time, s; NaN falls back on the settings
	Fixed   float64 // agents needed whatever the volume: appointments, a counter position
}

// Settings say how the work of one channel is to be staffed. The zero value of
// a field is the documented default.
type Settings struct {
	Skill    string // default: the channel
	Model    Model  // default: Auto
	Target   Target
	AHT      float64 // s, where the interval has none
	Patience float64 // mean patience, s; 0 means unknown: nobody leaves
	Redial   float64 // share of those who left that calls again, below 1
	Repeat   float64 // share of those answered that comes back, below 1

	Concurrency int       // chats per agent at once; 0 and 1 mean one
	ChatAHT     []float64 // AHT with 1, 2, ... chats at once, s; missing ones follow ChatGrowth
	ChatGrowth  float64   // growth of AHT per chat more, share of AHT; default 0.30

	// Promise is the lead time of deferrable work (4bh, 2wd). It is counted in
	// Hours; without Hours the intervals of the plan are the working time.
	Promise      calendar.Term
	Hours        *calendar.Hours
	PromiseRatio float64 // share that must keep the promise; default 0.95
	Backlog      []Arrival
	BlendInto    string  // deferrable: the channel whose idle time this work fills first
	MaxBlend     float64 // occupancy up to which that idle time is filled; default 0.95

	Unplanned float64 // shrinkage that the roster does not show: sickness, lateness, systems
	Minimum   int     // agents present in every interval, however quiet

	// Costs shape the convex curve that the solver of the roster sees.
	Wage    float64 // per agent and interval; default 1
	Missing float64 // per agent missing near the requirement and interval; default 10
}

// Arrival is work that came in at a moment and still waits.
type Arrival struct {
	At    time.Time
	Count float64 // contacts
	AHT   float64 // s; 0 means that of the settings
}

// TimeOfDay is the way to treat a load that moves during the day.
type TimeOfDay int

// The ways to treat a moving load.
const (
	MOL  TimeOfDay = iota // modified offered load: work of earlier intervals is still there
	SIPP                  // every interval on its own, as in a steady state
)

// String returns mol or sipp.
func (t TimeOfDay) String() string {
	if t == SIPP {
		return "sipp"
	}
	return "mol"
}

// PlanOptions hold what holds for a whole plan. The zero value plans with the
// modified offered load, exact volumes and no settings per channel.
type PlanOptions struct {
	Default   Settings            // for channels without their own
	Channels  map[string]Settings // by channel
	TimeOfDay TimeOfDay
	VolumeCV  map[string]float64 // by channel ("" = all others): spread of a whole day's volume around its forecast
	NoiseCV   float64            // spread of one interval around its day
	Certainty float64            // keep the target with this certainty; 0 means on average
	// ShrinkageDraw rosters so many that the target holds when each of them is
	// away with the probability of the shrinkage, instead of dividing.
	ShrinkageDraw bool
	// NoCurve leaves Requirement.Curve empty, which saves most of the time and
	// memory where nobody reads it.
	NoCurve bool
}

// Requirement is the need for one skill in one interval.
type Requirement struct {
	Start   time.Time
	Step    time.Duration
	Channel string
	Skill   string

	Erlangs    float64 // load that was staffed for
	Agents     int     // smallest whole number that keeps the target
	Fractional float64 // the same without rounding
	// Rostered and RosteredFractional are Agents and Fractional divided by
	// 1 − unplanned shrinkage: the heads that the roster must show.
	Rostered           int
	RosteredFractional float64

	Status Status
	Result Result // what Agents do

	// Curve is the expected cost of Base, Base+1, ... agents rostered, convex: a
	// wage per agent plus a price on missed service. Near Agents one agent
	// missing costs about Settings.Missing and one more about Settings.Wage.
	// After the last entry every agent more costs one wage.
	Curve []float64
	Base  int
}
