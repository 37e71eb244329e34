package roster

import (
	"fmt"
	"slices"
	"strings"

	"kcc/internal/calendar"
)

// Pattern is a rotation: what may be worked on each day of a number of weeks that
// come round again. It binds the agents who name it and those of its teams.
type Pattern struct {
	Name    string
	Teams   []string      // of agents that name no pattern themselves
	From    calendar.Date // a day of a first week of the round; see HasFrom
	HasFrom bool          // without: each agent says so (Agent.PatternFrom), or the round has one week
	Days    []PatternDay  // from Monday, a multiple of seven
}

// PatternDay is one day of a rotation. The zero value asks for nothing.
type PatternDay struct {
	Off    bool           // no work
	Must   bool           // work, unless away or nothing is asked for that day
	Shifts []string       // only these kinds of shift; nil = any
	Start  calendar.Clock // only shifts within these times; Start = End = 0 is any time
	End    calendar.Clock // may lie past midnight
}

// PatternForm says how a day of a rotation is written.
const PatternForm = "nothing (free to plan), - (off), x (works), names of shifts such as early/day, or times such as 07:00-15:30; ! behind them: works"

// ParsePatternDay reads a day of a rotation: see PatternForm.
func ParsePatternDay(text string) (PatternDay, error) {
	var d PatternDay
	s := strings.TrimSpace(text)
	switch strings.ToLower(s) {
	case "", ".":
		return d, nil
	case "-", "off", "vrij":
		return PatternDay{Off: true}, nil
	case "x", "w", "work", "werk":
		return PatternDay{Must: true}, nil
	}
	s, d.Must = strings.CutSuffix(s, "!")
	if from, to, ok := strings.Cut(s, "-"); ok {
		var err1, err2 error
		d.Start, err1 = calendar.ParseClock(strings.TrimSpace(from))
		d.End, err2 = calendar.ParseClock(strings.TrimSpace(to))
		if err1 == nil && err2 == nil {
			if d.End <= d.Start {
				d.End += calendar.Midnight
			}
			return d, nil
		}
		d.Start, d.End = 0, 0
	}
	for _, name := range strings.Split(s, "/") {
		if name = strings.TrimSpace(name); name == "" {
			return d, fmt.Errorf("day of a rotation %q: want %s", text, PatternForm)
		}
		d.Shifts = append(d.Shifts, name)
	}
	return d, nil
}

// String writes the day as ParsePatternDay reads it.
func (d PatternDay) String() string {
	s := ""
	switch {
	case d.Off:
		return "-"
	case d.Start != 0 || d.End != 0:
		s = d.Start.String() + "-" + (d.End % calendar.Midnight).String()
		if d.End == calendar.Midnight {
			s = d.Start.String() + "-24:00"
		}
	case len(d.Shifts) > 0:
		s = strings.Join(d.Shifts, "/")
	case d.Must:
		return "x"
	}
	if d.Must {
		s += "!"
	}
	return s
}

// validPatterns reports the first thing that is wrong with the rotations.
func (p *Problem) validPatterns() error {
	names := map[string]*Pattern{}
	for i := range p.Patterns {
		x := &p.Patterns[i]
		switch {
		case x.Name == "" || names[x.Name] != nil:
			return problemf("rotation %q: the name is empty or occurs twice", x.Name)
		case len(x.Days) == 0 || len(x.Days)%7 != 0:
			return problemf("rotation %s: %d days are not whole weeks", x.Name, len(x.Days))
		}
		names[x.Name] = x
		for j, d := range x.Days {
			for _, s := range d.Shifts {
				if !slices.ContainsFunc(p.Shifts, func(k Shift) bool { return k.Name == s }) {
					return problemf("rotation %s, week %d: %q is not a kind of shift", x.Name, j/7+1, s)
				}
			}
		}
	}
	for i := range p.Agents {
		a := &p.Agents[i]
		x, ok := p.patternOf(a)
		if !ok {
			return problemf("agent %s follows rotation %q, which is not known", a.ID, a.Pattern)
		}
		if x != nil && len(x.Days) > 7 && !x.HasFrom && !a.HasPatternFrom {
			return problemf("rotation %s of %d weeks: want the day from which agent %s follows it", x.Name, len(x.Days)/7, a.ID)
		}
	}
	return nil
}

// patternOf returns the rotation that an agent follows, nil when none; false when
// the agent names one that is not known.
func (p *Problem) patternOf(a *Agent) (*Pattern, bool) {
	for i := range p.Patterns {
		x := &p.Patterns[i]
		if a.Pattern == x.Name || a.Pattern == "" && slices.Contains(x.Teams, a.Team) {
			return x, true
		}
	}
	return nil, a.Pattern == ""
}

// patternDay returns what the rotation asks of an agent on a day.
func (p *Problem) patternDay(a *Agent, d calendar.Date) PatternDay {
	x, _ := p.patternOf(a)
	if x == nil {
		return PatternDay{}
	}
	from := calendar.Date(0).Monday()
	switch {
	case a.HasPatternFrom:
		from = a.PatternFrom.Monday()
	case x.HasFrom:
		from = x.From.Monday()
	}
	n := len(x.Days)
	return x.Days[(int(d-from)%n+n)%n]
}

// allows reports whether an option keeps to the day of the rotation.
func (d PatternDay) allows(m *model, o *option, date calendar.Date) bool {
	if d.Off || len(d.Shifts) > 0 && !slices.Contains(d.Shifts, m.p.Shifts[o.shift].Name) {
		return false
	}
	if d.Start == 0 && d.End == 0 {
		return true
	}
	return o.from >= m.minuteOf(clockAt(date, d.Start, m.p.Zone)) && o.to <= m.minuteOf(clockAt(date, d.End, m.p.Zone))
}

// bound reports whether the day asks for anything.
func (d PatternDay) bound() bool {
	return d.Off || d.Must || len(d.Shifts) > 0 || d.Start != 0 || d.End != 0
}
