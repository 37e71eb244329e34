package erlang

import (
	"fmt"
	"time"
)

// Load is the work that is offered to one group of agents in a steady state.
type Load struct {
	Erlangs  float64 // offered load a = arrival rate × AHT
	AHT      float64 // mean handle time, s
	Patience float64 // mean patience, s; 0 or +Inf means that nobody leaves
}

// LoadOf returns the load of calls contacts in an interval, with handle time
// and patience in seconds.
func LoadOf(calls float64, interval time.Duration, aht, patience float64) Load {
	return Load{Erlangs: calls * aht / interval.Seconds(), AHT: aht, Patience: patience}
}

// Definition says what a service level counts.
type Definition int

// The four definitions of a service level in use. They agree when nobody
// leaves.
const (
	Offered   Definition = iota // answered within T / offered: every abandonment is a miss
	Answered                    // answered within T / answered
	ExclShort                   // answered within T / (offered − abandoned within the short limit)
	WaitAny                     // time in queue at most T, leaving in time counts as good
)

var definitionNames = [...]string{"offered", "answered", "excl_short", "wait_any"}

// String returns the name used in settings and output: offered, answered,
// excl_short or wait_any.
func (d Definition) String() string { return definitionNames[d] }

// ParseDefinition reads the name of a definition; empty is Offered.
func ParseDefinition(s string) (Definition, error) {
	if s == "" {
		return Offered, nil
	}
	for i, n := range definitionNames {
		if s == n {
			return Definition(i), nil
		}
	}
	return 0, fmt.Errorf("service level definition %q: want offered, answered, excl_short or wait_any", s)
}

// Period is the stretch of time over which a target must hold.
type Period int

// The periods of a target.
const (
	PerInterval Period = iota
	PerDay
	PerMonth
)

var periodNames = [...]string{"interval", "day", "month"}

// String returns interval, day or month.
func (p Period) String() string { return periodNames[p] }

// ParsePeriod reads interval, day or month; empty is PerInterval.
func ParsePeriod(s string) (Period, error) {
	if s == "" {
		return PerInterval, nil
	}
	for i, n := range periodNames {
		if s == n {
			return Period(i), nil
		}
	}
	return 0, fmt.Errorf("period %q: want interval, day or month", s)
}

// Target is what must be kept; a zero field is no target. All that are set must
// hold together.
type Target struct {
	Ratio        float64       // share of the contacts answered within Within, 0.80
	Within       time.Duration // threshold of Ratio; 0 means answered at once
	MaxASA       time.Duration // mean wait of those answered
	MaxAbandon   float64       // share of the offered that may leave before an answer
	MaxOccupancy float64       // share of the agents' time that may be busy
	Definition   Definition    // of Ratio
	Short        time.Duration // ExclShort: leaving before this does not count; 0 means Within
	Period       Period
}

// Status says how far a target can be kept.
type Status int

// The statuses of a sizing.
const (
	OK          Status = iota
	Unreachable        // no finite number of agents keeps the target
	Unstable           // with the given agents the queue grows without end
)

var statusNames = [...]string{"ok", "unreachable", "unstable"}

// String returns ok, unreachable or unstable.
func (s Status) String() string { return statusNames[s] }

// ParseStatus reads what String writes; empty is OK.
func ParseStatus(s string) (Status, error) {
	if s == "" {
		return OK, nil
	}
	for i, n := range statusNames {
		if s == n {
			return Status(i), nil
		}
	}
	return 0, fmt.Errorf("status %q: want ok, unreachable or unstable", s)
}

// Model names the formula behind a number.
type Model int

// The models. Auto takes Deadline for a channel with a promise in business
// time, Chat where agents hold several contacts at once, A where patience is
// known and C otherwise.
const (
	Auto Model = iota
	ModelC
	ModelA
	ModelChat
	ModelDeadline
	ModelFixed // a given number of agents: appointments, a counter position
	ModelPool  // a team with several skills, settled by simulation; not a choice but an outcome
)

var modelNames = [...]string{"auto", "c", "a", "chat", "deadline", "fixed", "pool"}

// String returns the name used in settings and in the column model.
func (m Model) String() string { return modelNames[m] }

// ParseModel reads auto, c, a, chat, deadline, fixed or pool; empty is Auto.
func ParseModel(s string) (Model, error) {
	if s == "" {
		return Auto, nil
	}
	for i, n := range modelNames {
		if s == n {
			return Model(i), nil
		}
	}
	return 0, fmt.Errorf("model %q: want auto, a, c, chat, deadline or fixed", s)
}

// Result is what a number of agents does with a load. Ratios are NaN where they
// are not defined (the mean wait of the answered when nobody is answered) and
// times may be +Inf.
type Result struct {
	Model        Model
	Definition   Definition // of ServiceLevel
	Agents       float64
	Erlangs      float64 // offered load, after redials where those are set
	ServiceLevel float64
	PWait        float64 // share that finds all agents busy
	PAbandon     float64 // share that leaves before an answer
	ASA          float64 // mean wait of the answered, s
	Occupancy    float64 // busy share of the agents' time
	Queue        float64 // mean number waiting
	Status       Status  // Unstable when the queue grows without end
}
