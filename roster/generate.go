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
}

// Generate makes up a contact-centre problem: open on weekdays from 08:00 to
// 20:00 and on Saturday from 09:00 to 17:00; two peaks a day, at 10:30 and 14:30;
// contracts of 16 to 40 hours; shifts of 4, 6½ and 8½ hours with an unpaid lunch
// and paid breaks; agents with one skill, two, or (one in six) up to four, one in five of the second
// skills at less than full speed; a sixth of the part-timers cannot work on one
// fixed weekday; leave in blocks of days. Same options, same problem.
func Generate(o GenerateOptions) *Problem {
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
	rng := rand.New(rand.NewPCG(o.Seed, 60))
	p := &Problem{Zone: o.Zone, First: o.First, Days: 7 * o.Weeks, Step: o.Step, Skills: skillNames[:o.Skills], Shifts: generatedShifts()}
	generateAgents(p, o, rng)
	generateDemand(p, o, rng)
	return p
}

var skillNames = []string{"phone", "chat", "email", "counter", "social", "post", "tax", "permits"}

func generatedShifts() []Shift {
	const h, m = time.Hour, time.Minute
	coffee := BreakTemplate{Length: 15 * m, Earliest: 90 * m, Latest: 150 * m, Paid: true}
	tea := BreakTemplate{Length: 15 * m, Earliest: 6*h + 15*m, Latest: 7*h + 15*m, Paid: true}
	lunch := BreakTemplate{Length: 30 * m, Earliest: 3 * h, Latest: 5 * h}
	return []Shift{
		{Name: "full", EarliestStart: 8 * 60, LatestStart: 11*60 + 30, Every: 15 * m, MinLength: 8*h + 30*m, MaxLength: 8*h + 30*m, Breaks: []BreakTemplate{coffee, lunch, tea}},
		{Name: "middle", EarliestStart: 8 * 60, LatestStart: 13*60 + 30, Every: 15 * m, MinLength: 6*h + 30*m, MaxLength: 6*h + 30*m, Breaks: []BreakTemplate{coffee, lunch}},
		{Name: "half", EarliestStart: 8 * 60, LatestStart: 16 * 60, Every: 15 * m, MinLength: 4 * h, MaxLength: 4 * h, Breaks: []BreakTemplate{coffee}},
	}
}

func generateAgents(p *Problem, o GenerateOptions, rng *rand.Rand) {
	contracts := []int{16, 20, 24, 24, 28, 32, 32, 36, 36, 36, 40, 40}
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
	share := map[Preset]float64{Standard: 0.97, Slack: 0.85, Short: 1.15}[o.Preset]
	// What each skill can be served with: contract hours less leave, split evenly
	// over an agent's skills, less a sixteenth for paid breaks.
	asked := make([]bool, p.Days)
	for d := range asked {
		asked[d] = p.First.Add(d).Weekday() != time.Sunday
	}
	supply := map[string]float64{}
	for i := range p.Agents {
		a := &p.Agents[i]
		hours := a.Contract.Hours() * float64(o.Weeks)
		perDay := a.Contract.Hours() / float64(a.MaxDaysPerWeek)
		inWeek := 0
		for d := range p.Days {
			if d%7 == 0 {
				inWeek = 0
			}
			for j := range p.Availability {
				v := &p.Availability[j]
				if v.Agent == a.ID && v.Kind == Leave && v.On(p.First.Add(d)) && asked[d] && inWeek < a.MaxDaysPerWeek {
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
				open := h >= 8 && h < 20
				if date.Weekday() == time.Saturday {
					open = h >= 9 && h < 17
				}
				if open && level > 0 {
					x := 0.35 + lean*math.Exp(-sq((h-10.5)/1.8)) + (2-lean)*0.8*math.Exp(-sq((h-14.5)/2.2))
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
