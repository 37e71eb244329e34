package roster

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"kcc/internal/calendar"
)

// Preset is a difficulty of a generated problem.
type Preset string

// The presets differ in demand against the hours that can be rostered (contract
// hours less leave, less paid breaks).
const (
	Standard Preset = "standard" // 97 %: tight, nearly everything can be met
	Slack    Preset = "slack"    // 85 %: all can be met, surplus to be spread
	Short    Preset = "short"    // 115 %: the shortage is to be put where it hurts least
)

// GenerateOptions describes a contact centre to be made up. The zero value is 60
// agents, two skills, four weeks of quarters, preset Standard.
type GenerateOptions struct {
	Agents int
	Skills int // up to 8
	Weeks  int
	Step   time.Duration
	First  calendar.Date // a Monday; 0 = 2026-11-30
	Zone   *time.Location
	Preset Preset
	Seed   uint64
	// Leave is the share of agent-days on leave (0 = 0.12, negative = none).
	Leave float64
	// Contracts are the hours per week from which each agent draws (nil = a mix of
	// 16 to 40, mostly 32 and 36).
	Contracts []int
	// Open and Close are the hours of a weekday (both 0 = 08:00 to 20:00); on
	// Saturday it opens an hour later and closes three hours earlier.
	Open, Close calendar.Clock
}

// resolved fills in the defaults.
func (o GenerateOptions) resolved() GenerateOptions {
	if o.Agents <= 0 {
		o.Agents = 60
	}
	if o.Skills <= 0 {
		o.Skills = 2
	}
	o.Skills = min(o.Skills, len(skillNames))
	if o.Weeks <= 0 {
		o.Weeks = 4
	}
	if o.Step <= 0 {
		o.Step = 15 * time.Minute
	}
	if o.First == 0 {
		o.First = calendar.NewDate(2026, time.November, 30)
	}
	if o.Zone == nil {
		o.Zone, _ = time.LoadLocation("Europe/Amsterdam")
	}
	if o.Preset == "" {
		o.Preset = Standard
	}
	if o.Leave == 0 {
		o.Leave = 0.12
	}
	if len(o.Contracts) == 0 {
		o.Contracts = []int{16, 20, 24, 24, 28, 32, 32, 36, 36, 36, 40, 40}
	}
	if o.Open == 0 && o.Close == 0 {
		o.Open, o.Close = 8*60, 20*60
	}
	return o
}

// Check reports what of the options cannot be made up.
func (o GenerateOptions) Check() error {
	r := o.resolved()
	switch {
	case demandShare(r.Preset) == 0:
		return problemf("preset %q is not known: want %s, %s or %s", o.Preset, Standard, Slack, Short)
	case o.Skills > len(skillNames):
		return problemf("%d skills: want at most %d", o.Skills, len(skillNames))
	case o.Leave >= 0.9:
		return problemf("leave %g: want a share below 0.9", o.Leave)
	case r.Close-r.Open < 10*60 || r.Close > 24*60:
		return problemf("open from %s to %s: want at least 10 hours within a day", r.Open, r.Close)
	case r.Open%15 != 0 || r.Close%15 != 0:
		return problemf("open from %s to %s: want whole quarters", r.Open, r.Close)
	}
	for _, c := range o.Contracts {
		if c < 4 || c > 40 {
			return problemf("contract of %d hours: want 4 to 40", c)
		}
	}
	return nil
}

// demandShare returns the demand of a preset against rosterable hours, 0 when it
// is not known.
func demandShare(p Preset) float64 {
	return map[Preset]float64{Standard: 0.97, Slack: 0.85, Short: 1.15}[p]
}

// Generate makes up a contact-centre problem: open on weekdays from 08:00 to
// 20:00 and on Saturday from 09:00 to 17:00; two peaks a day, at 10:30 and 14:30;
// Monday the busiest day, Friday the quietest weekday, Saturday a third;
// contracts of 16 to 40 hours; shifts of 4, 6½ and 8½ hours with an unpaid lunch
// and paid breaks; agents with one skill, two, or (one in six) up to four, one in five of the second
// skills at less than full speed; a sixth of the part-timers cannot work on one
// fixed weekday; leave in blocks of days. Same options, same problem.
func Generate(o GenerateOptions) *Problem {
	o = o.resolved()
	rng := rand.New(rand.NewPCG(o.Seed, 60))
	p := &Problem{Zone: o.Zone, First: o.First, Days: 7 * o.Weeks, Step: o.Step, Skills: skillNames[:o.Skills], Shifts: generatedShifts(o)}
	generateAgents(p, o, rng)
	generateDemand(p, o, rng)
	return p
}

var skillNames = []string{"phone", "chat", "email", "counter", "social", "post", "tax", "permits"}

func generatedShifts(o GenerateOptions) []Shift {
	const h, m = time.Hour, time.Minute
	coffee := BreakTemplate{Length: 15 * m, Earliest: 90 * m, Latest: 150 * m, Paid: true}
	tea := BreakTemplate{Length: 15 * m, Earliest: 6*h + 15*m, Latest: 7*h + 15*m, Paid: true}
	lunch := BreakTemplate{Length: 30 * m, Earliest: 3 * h, Latest: 5 * h}
	return []Shift{
		{Name: "full", EarliestStart: o.Open, LatestStart: o.Close - (8*60 + 30), Every: 15 * m, MinLength: 8*h + 30*m, MaxLength: 8*h + 30*m, Breaks: []BreakTemplate{coffee, lunch, tea}},
		{Name: "middle", EarliestStart: o.Open, LatestStart: o.Close - (6*60 + 30), Every: 15 * m, MinLength: 6*h + 30*m, MaxLength: 6*h + 30*m, Breaks: []BreakTemplate{coffee, lunch}},
		{Name: "half", EarliestStart: o.Open, LatestStart: o.Close - 4*60, Every: 15 * m, MinLength: 4 * h, MaxLength: 4 * h, Breaks: []BreakTemplate{coffee}},
	}
}

func generateAgents(p *Problem, o GenerateOptions, rng *rand.Rand) {
	contracts := o.Contracts
	for i := range o.Agents {
		c := contracts[rng.IntN(len(contracts))]
		a := Agent{
			ID: fmt.Sprintf("agent-%04d", i+1), Team: fmt.Sprintf("team-%d", 1+i/12),
			Contract: time.Duration(c) * time.Hour, MaxDaysPerWeek: min(5, (c+5)/6),
		}
		first := rng.IntN(o.Skills)
		a.Skills = append(a.Skills, Skill{Name: p.Skills[first], Efficiency: 1})
		more := rng.IntN(2)
		if rng.IntN(6) == 0 {
			more = min(3, o.Skills-1)
		}
		for k := 1; k <= more && k < o.Skills; k++ {
			e := 1.0
			if rng.IntN(5) == 0 {
				e = 0.8
			}
			a.Skills = append(a.Skills, Skill{Name: p.Skills[(first+k)%o.Skills], Efficiency: e})
		}
		p.Agents = append(p.Agents, a)
		if c < 36 && rng.IntN(6) == 0 {
			var days [7]bool
			days[1+rng.IntN(5)] = true
			p.Availability = append(p.Availability, Availability{Agent: a.ID, From: p.First, To: p.Last(), Days: days, Kind: Unavailable})
		}
		if o.Leave < 0 {
			continue
		}
		for d := 0; d < p.Days; {
			// Blocks of two to seven days, spaced so that their share is Leave.
			n := 2 + rng.IntN(6)
			gap := int(float64(n) * (1 - o.Leave) / o.Leave * 2 * rng.Float64())
			d += gap
			if d < p.Days {
				p.Availability = append(p.Availability, Availability{Agent: a.ID, From: p.First.Add(d), To: p.First.Add(min(d+n, p.Days) - 1), Kind: Leave})
			}
			d += n
		}
	}
}

func generateDemand(p *Problem, o GenerateOptions, rng *rand.Rand) {
	share := demandShare(o.Preset)
	// What each skill can be served with: contract hours less leave, split evenly
	// over an agent's skills, less a sixteenth for paid breaks.
	asked := make([]bool, p.Days)
	for d := range asked {
		asked[d] = p.First.Add(d).Weekday() != time.Sunday
	}
	supply := map[string]float64{}
	leave := map[string][]*Availability{}
	for i := range p.Availability {
		if v := &p.Availability[i]; v.Kind == Leave {
			leave[v.Agent] = append(leave[v.Agent], v)
		}
	}
	for i := range p.Agents {
		a := &p.Agents[i]
		hours := a.Contract.Hours() * float64(o.Weeks)
		perDay := a.Contract.Hours() / float64(a.MaxDaysPerWeek)
		inWeek := 0
		for d := range p.Days {
			if d%7 == 0 {
				inWeek = 0
			}
			for _, v := range leave[a.ID] {
				if v.On(p.First.Add(d)) && asked[d] && inWeek < a.MaxDaysPerWeek {
					hours -= perDay
					inWeek++
					break
				}
			}
		}
		for _, s := range a.Skills {
			supply[s.Name] += hours * paidBreakShare / float64(len(a.Skills))
		}
	}
	grid := calendar.Grid{Loc: p.Zone, Step: p.Step}
	for _, skill := range p.Skills {
		shape := make([]float64, p.Slots())
		sum := 0.0
		at := 0
		lean := 0.9 + 0.2*rng.Float64() // each skill leans to the morning or the afternoon
		for d := range p.Days {
			date := p.First.Add(d)
			level := dayLevel[date.Weekday()] * (0.94 + 0.12*rng.Float64())
			for _, t := range grid.Day(date) {
				h := float64(calendar.ClockOf(t, p.Zone)) / 60
				first, last := float64(o.Open)/60, float64(o.Close)/60
				open := h >= first && h < last
				if date.Weekday() == time.Saturday {
					open = h >= first+1 && h < last-3
				}
				if open && level > 0 {
					// The peaks lie at 10:30 and 14:30 of a day from 08:00 to 20:00.
					span := (last - first) / 12
					x := 0.35 + lean*math.Exp(-sq((h-first-2.5*span)/(1.8*span))) + (2-lean)*0.8*math.Exp(-sq((h-first-6.5*span)/(2.2*span)))
					shape[at] = level * x
					sum += shape[at]
				}
				at++
			}
		}
		if sum == 0 {
			continue
		}
		scale := supply[skill] * share / (sum * p.Step.Hours())
		for slot, x := range shape {
			if x > 0 {
				p.Demand = append(p.Demand, Demand{Slot: slot, Skill: skill, Need: math.Round(x*scale*100) / 100})
			}
		}
	}
}

// paidBreakShare is what is left of paid time after the paid breaks of the
// generated shifts: half an hour in eight.
const paidBreakShare = 15.0 / 16

// dayLevel is the volume by weekday, Sunday first.
var dayLevel = [7]float64{0, 1.15, 1.05, 1, 0.98, 0.9, 0.35}

func sq(x float64) float64 { return x * x }
