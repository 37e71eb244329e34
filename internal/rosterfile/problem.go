package rosterfile

import (
	"fmt"
	"slices"
	"time"

	"kcc/internal/calendar"
	"kcc/roster"
)

// Input is what the files hold.
type Input struct {
	Zone         *time.Location
	First        calendar.Date
	Days         int
	Agents       []roster.Agent
	Availability []roster.Availability
	Shifts       []roster.Shift
	Requirements []Requirement
	History      []roster.Assignment
	Patterns     []roster.Pattern
	Rules        RuleBook
}

// Problem joins the files. Shifts without any breaks get the breaks that the
// rule sets of the agents want; notes says so, and what of the requirement lies
// outside the roster's days.
func (in Input) Problem() (p *roster.Problem, notes []roster.Sentence, err error) {
	p = &roster.Problem{
		Zone: in.Zone, First: in.First, Days: in.Days,
		Agents: slices.Clone(in.Agents), Availability: in.Availability, Shifts: slices.Clone(in.Shifts),
		History: in.History, Rules: in.Rules.Sets, Presence: in.Rules.Presence, Patterns: in.Patterns,
	}
	in.Rules.Fairness.Apply(p)
	p.Weights.SkillChange = in.Rules.SkillChange
	for i := range p.Agents {
		if p.Agents[i].RuleSet == "" {
			p.Agents[i].RuleSet = in.Rules.Default
		}
	}
	notes = append(in.addBreaks(p), in.shareAll(p)...)
	p.Step = gridOf(in.Requirements, p.Shifts)
	if p.Step < time.Minute {
		return nil, nil, fmt.Errorf("the times of the shifts and of the requirement have no common grid of whole minutes")
	}
	outside := 0
	slots := p.Slots()
	need := map[[2]any]int{}
	for _, r := range in.Requirements {
		from, to := p.SlotOf(r.Start), p.SlotOf(r.Start.Add(r.Step))
		if to <= 0 || from >= slots {
			outside++
			continue
		}
		for s := max(0, from); s < min(to, slots); s++ {
			key := [2]any{s, r.Skill}
			if i, twice := need[key]; twice { // two channels that share a skill
				p.Demand[i].Need += r.Need
				continue
			}
			need[key] = len(p.Demand)
			p.Demand = append(p.Demand, roster.Demand{Slot: s, Skill: r.Skill, Need: r.Need, Weight: float64(p.Step) / float64(r.Step)})
		}
		if !slices.Contains(p.Skills, r.Skill) {
			p.Skills = append(p.Skills, r.Skill)
		}
	}
	slices.Sort(p.Skills)
	if len(p.Demand) == 0 {
		return nil, nil, fmt.Errorf("the requirement has no interval from %s to %s: it runs from %s to %s", p.First, p.Last(),
			in.Requirements[0].Start.In(in.Zone).Format(time.DateOnly), in.Requirements[len(in.Requirements)-1].Start.In(in.Zone).Format(time.DateOnly))
	}
	if outside > 0 {
		notes = append(notes, noteOf(
			"%d intervals of the requirement lie outside %s to %s and are left out",
			"%d intervallen van de bezettingsvraag vallen buiten %s tot en met %s en tellen niet mee", outside, p.First, p.Last()))
	}
	return p, notes, nil
}

// allSkill is the skill of a requirement whose rows name neither skill nor
// channel: kcc staff writes it for a single series.
const allSkill = "all"

// shareAll lets every agent serve a requirement that names no skill, where no
// agent has a skill of that name.
func (in Input) shareAll(p *roster.Problem) (notes []roster.Sentence) {
	for _, r := range in.Requirements {
		if r.Skill != allSkill {
			return nil
		}
	}
	for i := range p.Agents {
		if p.Agents[i].Efficiency(allSkill) > 0 {
			return nil
		}
	}
	for i := range p.Agents {
		p.Agents[i].Skills = append(slices.Clone(p.Agents[i].Skills), roster.Skill{Name: allSkill})
	}
	return []roster.Sentence{noteOf("the requirement names no skill: every agent serves it", "de bezettingsvraag noemt geen vaardigheid: elke medewerker telt mee")}
}

// noteOf is a remark in both languages.
func noteOf(english, dutch string, args ...any) roster.Sentence {
	return roster.Sentence{English: fmt.Sprintf(english, args...), Dutch: fmt.Sprintf(dutch, args...)}
}

// defaultBreaks are given to shifts that have none where the working-time rules
// want them.
func defaultBreaks() []roster.BreakTemplate {
	const h, m = time.Hour, time.Minute
	return []roster.BreakTemplate{
		{Length: 30 * m, Earliest: 2*h + 30*m, Latest: 5 * h, Over: 5*h + 30*m},
		{Length: 15 * m, Earliest: 6 * h, Latest: 9 * h, Paid: true, Over: 10 * h},
	}
}

func (in Input) addBreaks(p *roster.Problem) (notes []roster.Sentence) {
	wanted := false
	for i := range p.Agents {
		name := p.Agents[i].RuleSet
		r, ok := p.Rules[name]
		wanted = wanted || ok && len(r.Breaks) > 0 || !ok && name != "none"
	}
	for i := range p.Shifts {
		s := &p.Shifts[i]
		if wanted && len(s.Breaks) == 0 && s.MaxLength > defaultBreaks()[0].Over {
			s.Breaks = defaultBreaks()
			notes = append(notes, noteOf(
				"shift %s has no breaks; it gets those that the rules want: %s",
				"dienst %s heeft geen pauzes en krijgt die van de regels: %s", s.Name, FormatBreaks(s.Breaks)))
		}
	}
	return notes
}

// gridOf returns the longest step, at most a quarter of an hour where intervals
// are longer, on which all shifts, breaks and intervals begin and end.
func gridOf(rs []Requirement, shifts []roster.Shift) time.Duration {
	g := time.Hour
	add := func(d time.Duration) {
		for d != 0 {
			g, d = d, g%d
		}
	}
	for _, r := range rs {
		add(r.Step)
		add(time.Duration(r.Start.Minute()) * time.Minute)
	}
	if g > 15*time.Minute {
		add(15 * time.Minute)
	}
	for i := range shifts {
		s := &shifts[i]
		add(time.Duration(s.EarliestStart) * time.Minute)
		if s.LatestStart > s.EarliestStart || s.MaxLength > s.MinLength {
			add(s.Every)
		}
		add(s.MinLength)
		for _, b := range s.Breaks {
			add(b.Length)
		}
	}
	return g
}
