package kpi

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"time"

	"kcc/internal/calendar"
	"kcc/internal/output"
)

// Definition names a formula of the service level.
type Definition string

// The formulas, with O offered, H answered, Hx answered within the target and Ax
// given up within the target; short abandons are in none of them.
const (
	OfOffered  Definition = "offered"    // Hx / O
	OfAnswered Definition = "answered"   // Hx / H
	ExclShort  Definition = "excl_short" // Hx / (O - Ax)
	WaitAny    Definition = "wait_any"   // (Hx + Ax) / O
)

// Definitions returns all of them.
func Definitions() []Definition { return []Definition{OfOffered, OfAnswered, ExclShort, WaitAny} }

// ParseDefinition reads the name of a formula; empty is OfOffered.
func ParseDefinition(s string) (Definition, error) {
	if s == "" {
		return OfOffered, nil
	}
	if d := Definition(s); slices.Contains(Definitions(), d) {
		return d, nil
	}
	return "", fmt.Errorf("service level %q: want offered, answered, excl_short or wait_any", s)
}

// Target is what is promised on waiting: the share Level within Within.
type Target struct {
	Level  float64
	Within time.Duration
}

// DefaultShort is the limit under which an abandoned contact counts as short.
const DefaultShort = 5 * time.Second

// DefaultWindow is within how many days a contact repeats an earlier one.
const DefaultWindow = 7

// legs are contacts of one customer on one subject so close together that they
// are one contact that was passed on.
const legs = 15 * time.Minute

// Settings is what figures depend on besides the store. The zero value counts
// with Dutch time, no targets, and the defaults above.
type Settings struct {
	Zone       *time.Location
	Definition Definition
	Formulas   map[string]Definition // of channels that have one of their own
	Short      time.Duration         // 0 is DefaultShort
	Window     int                   // days, 0 is DefaultWindow
	Targets    map[string]Target

	// What follows is about names and may be left out.
	Hours        func(channel string) *calendar.Hours // nil: unknown
	DepartmentOf func(subject string) string
	Specialist   func(subject string) (specialist, known bool)
	TeamOf       func(agent string) string
	Work         func(department string) *calendar.WorkTime // office hours; nil: unknown
	ChannelOrder []string
	ChannelTitle func(channel string) string // as people read it; "" where it has none
	Costs        Costs
	Bots         []string // channels answered without agents

	// Apart is for settings of one run that are not those of the centre: what is
	// kept under others stays as it is, and nothing is kept under these.
	Apart bool
}

// Costs turn handling into money.
type Costs struct {
	Currency  string
	Wage      float64            // of an hour of an agent
	Shrinkage float64            // share of paid time that is not spent on contacts
	Channel   map[string]float64 // besides agents, per contact
}

func (s *Settings) zone() *time.Location {
	if s.Zone == nil {
		loc, err := time.LoadLocation("Europe/Amsterdam")
		if err != nil {
			panic("kpi: the zone data is not linked in")
		}
		s.Zone = loc
	}
	return s.Zone
}

func (s *Settings) short() time.Duration {
	if s.Short == 0 {
		return DefaultShort
	}
	return s.Short
}

func (s *Settings) window() int {
	if s.Window == 0 {
		return DefaultWindow
	}
	return s.Window
}

// reach is how many days from a change a contact can be a repeat because of it:
// a day more than the window, as days of 23 hours are shorter.
func (s *Settings) reach() int { return s.window() + 1 }

// channelTitle returns the name of a channel as people read it.
func (s *Settings) channelTitle(l output.Lang, channel string) string {
	if s.ChannelTitle != nil {
		if t := s.ChannelTitle(channel); t != "" {
			return t
		}
	}
	if t, ok := wordsOf[channel]; ok {
		return l.Pick(t[0], t[1])
	}
	return channel
}

func (s *Settings) definition() Definition {
	if s.Definition == "" {
		return OfOffered
	}
	return s.Definition
}

// formulas returns the formulas in use, that of most channels first.
func (s *Settings) formulas() []Definition {
	out := []Definition{s.definition()}
	for _, ch := range slices.Sorted(maps.Keys(s.Formulas)) {
		if d := s.Formulas[ch]; !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	return out
}

// formulaText names the formula, and those of channels with one of their own.
func (s *Settings) formulaText(l output.Lang) string {
	out := fmt.Sprintf(l.Pick("formula %q", "formule %q"), s.definition())
	for _, ch := range slices.Sorted(maps.Keys(s.Formulas)) {
		if d := s.Formulas[ch]; d != s.definition() {
			out += fmt.Sprintf(", %s %q", s.channelTitle(l, ch), d)
		}
	}
	return out
}

// channels returns the channels with a target, in the order of the centre.
func (s *Settings) channels() []string {
	var out []string
	for _, ch := range s.ChannelOrder {
		if _, ok := s.Targets[ch]; ok {
			out = append(out, ch)
		}
	}
	for _, ch := range slices.Sorted(maps.Keys(s.Targets)) {
		if !slices.Contains(out, ch) {
			out = append(out, ch)
		}
	}
	return out
}

// hash names the settings on which the kept parts depend.
func (s *Settings) hash() string {
	h := sha256.New()
	fmt.Fprintln(h, partVersion, cubeSums, queueSums, int(numDims), s.zone(), s.short(), s.window())
	for _, c := range slices.Sorted(maps.Keys(s.Targets)) {
		fmt.Fprintln(h, c, s.Targets[c].Within)
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}
