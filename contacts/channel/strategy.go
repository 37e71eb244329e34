package channel

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"kcc/internal/calendar"
)

// Measure is what a goal is about.
type Measure string

// The measures of a goal.
const (
	ShareOf     Measure = "share"       // of the channel in the contacts of its subject and segment
	Contacts    Measure = "contacts"    // per week
	DigitalPart Measure = "digital"     // share of digital channels
	Cost        Measure = "cost"        // per contact
	FCR         Measure = "fcr"         // first-contact resolution
	CSAT        Measure = "csat"        // mean satisfaction
	Effort      Measure = "effort"      // mean customer effort
	Kept        Measure = "kept"        // promises kept
	Containment Measure = "containment" // contacts that stay on the channel
)

// Measures lists the measures.
func Measures() []Measure {
	return []Measure{ShareOf, Contacts, DigitalPart, Cost, FCR, CSAT, Effort, Kept, Containment}
}

// ratio reports whether a measure is a share of contacts.
func (m Measure) ratio() bool {
	return m == ShareOf || m == DigitalPart || m == FCR || m == Kept || m == Containment
}

// The instruments of channel steering (Teerling and Pieterson, 2009).
var instruments = []string{"communication", "product", "benefit", "restriction"}

// Instruments lists the four instruments of channel steering: tell customers,
// make the channel better, reward its use, close or limit the other.
func Instruments() []string { return slices.Clone(instruments) }

// Goal is one line of the channel strategy.
type Goal struct {
	Name       string
	Channel    string // empty is all channels
	Subject    string // and those below it
	Segment    string
	Measure    Measure
	AtMost     bool    // the goal is a ceiling
	Goal       float64 // ratios 0..1
	By         calendar.Date
	Instrument string
	MinCSAT    float64 // appreciation that the goal must not cost; NaN is none
	Note       string
}

// Check reports what is wrong with a goal.
func (g *Goal) Check() error {
	switch {
	case g.Name == "":
		return errors.New("the goal has no name")
	case !slices.Contains(Measures(), g.Measure):
		return fmt.Errorf("goal %q: measure %q: want one of %v", g.Name, g.Measure, Measures())
	case !slices.Contains(instruments, g.Instrument):
		return fmt.Errorf("goal %q: instrument %q: want one of %v", g.Name, g.Instrument, instruments)
	case g.Measure.ratio() && !(g.Goal >= 0 && g.Goal <= 1):
		return fmt.Errorf("goal %q: %g: want a share from 0 to 1", g.Name, g.Goal)
	case !(g.Goal >= 0) || math.IsInf(g.Goal, 0):
		return fmt.Errorf("goal %q: %g: want a number of at least 0", g.Name, g.Goal)
	case g.Measure == DigitalPart && g.Channel != "":
		return fmt.Errorf("goal %q: the digital share is of all channels: leave the channel out", g.Name)
	case g.Measure == ShareOf && g.Channel == "":
		return fmt.Errorf("goal %q: a share wants a channel", g.Name)
	}
	return nil
}

// Status is how a goal stands.
type Status string

// The states of a goal.
const (
	Reached   Status = "reached"    // and the interval does not doubt it
	Near      Status = "near"       // the interval holds the goal: it may be reached or not
	OnTrack   Status = "on_track"   // not reached, but at the pace of the last periods by the day
	Behind    Status = "behind"     //
	CostsCSAT Status = "costs_csat" // whatever the figure, appreciation is below what was set
	NoData    Status = "no_data"
)

// Standing is a goal held against what came.
type Standing struct {
	Goal
	Now, Lo, Hi float64 // with a 95 % interval; NaN when not known
	Before      float64 // the period before
	CSATNow     float64
	N           float64 // contacts, answers or promises that it is over
	Status      Status
}

// Value returns a measure of some lines together with its 95 % interval and the
// number it is over. weeks is the length of the period; digital tells digital
// channels. Of a share, total is the contacts on all channels.
func Value(m Measure, sum *Line, total, digital, weeks float64) (v, lo, hi, n float64) {
	proportion := func(k, n float64) (float64, float64, float64, float64) {
		if n <= 0 {
			return math.NaN(), math.NaN(), math.NaN(), 0
		}
		lo, hi := wilson(k/n, n)
		return k / n, lo, hi, n
	}
	switch m {
	case ShareOf:
		return proportion(sum.Contacts, total)
	case DigitalPart:
		return proportion(digital, total)
	case FCR:
		return proportion(sum.OldJudgeable-sum.OldFollowed, sum.OldJudgeable)
	case Kept:
		return proportion(float64(sum.Promises-sum.Missed), float64(sum.Promises))
	case Containment:
		known := sum.Contacts - sum.Counted
		return proportion(known-sum.Transferred-sum.HandedOff-sum.Callback, known)
	case Contacts:
		if weeks <= 0 {
			break
		}
		half := z95 * math.Sqrt(sum.Contacts)
		return sum.Contacts / weeks, (sum.Contacts - half) / weeks, (sum.Contacts + half) / weeks, sum.Contacts
	case Cost:
		return sum.CostPerContact(), math.NaN(), math.NaN(), sum.Contacts
	case CSAT:
		mean, half := sum.CSAT()
		return mean, mean - half, mean + half, sum.CSATN
	case Effort:
		return sum.Effort(), math.NaN(), math.NaN(), sum.EffortN
	}
	return math.NaN(), math.NaN(), math.NaN(), 0
}

const z95 = 1.959963984540054

func wilson(p, n float64) (lo, hi float64) {
	z := distuv.UnitNormal.Quantile(0.975)
	mid := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return math.Max(0, mid-half), math.Min(1, mid+half)
}

// Judge settles the status of a goal on a day, from where it stood in a period
// before of days days.
func (s *Standing) Judge(today calendar.Date, days int) {
	reached := func(v float64) bool { return !s.AtMost && v >= s.Goal.Goal || s.AtMost && v <= s.Goal.Goal }
	switch {
	case math.IsNaN(s.Now):
		s.Status = NoData
	case !math.IsNaN(s.MinCSAT) && s.CSATNow < s.MinCSAT:
		s.Status = CostsCSAT
	case reached(s.Now) && (math.IsNaN(s.Lo) || reached(s.Lo) && reached(s.Hi)):
		s.Status = Reached
	case !math.IsNaN(s.Lo) && s.Lo <= s.Goal.Goal && s.Goal.Goal <= s.Hi:
		s.Status = Near
	case s.By > today && !math.IsNaN(s.Before) && days > 0 && reached(s.Now+(s.Now-s.Before)*float64(s.By-today)/float64(days)):
		s.Status = OnTrack
	default:
		s.Status = Behind
	}
}
