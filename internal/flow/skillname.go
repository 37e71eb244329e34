package flow

import (
	"slices"
	"strings"

	"kcc/contacts"
	"kcc/internal/centre"
	"kcc/roster"
)

// SkillUse is a name of a skill in the files of a team that is not one the centre
// asks for as it stands.
type SkillUse struct {
	Name   string   // as the files have it
	Skill  string   // what it is taken for; "" when no channel goes by that name
	Agents []string // who have it, in the order of the files
	Idle   bool     // some of them have no skill that is asked for
}

// SkillNames takes the names that people give to skills for those that are asked
// for: other capitals, and what of returns, such as the skill of a channel that
// was named instead (telefoon, e-mail). It changes the agents and shifts and
// returns what it took for what, and the names that say nothing to it, which
// stay: rules of presence may know them.
func SkillNames(agents []roster.Agent, shifts []roster.Shift, asked []string, of func(name string) (skill string, ok bool)) []SkillUse {
	var uses []SkillUse
	skill := func(name, agent string) string {
		if slices.Contains(asked, name) {
			return name
		}
		k := slices.IndexFunc(uses, func(u SkillUse) bool { return u.Name == name })
		if k < 0 {
			k = len(uses)
			uses = append(uses, SkillUse{Name: name, Skill: askedFor(name, asked, of)})
		}
		if agent != "" {
			uses[k].Agents = append(uses[k].Agents, agent)
		}
		if uses[k].Skill == "" {
			return name
		}
		return uses[k].Skill
	}
	for i := range agents {
		a := &agents[i]
		var out []roster.Skill
		idle := true
		for _, s := range a.Skills {
			s.Name = skill(s.Name, a.ID)
			idle = idle && !slices.Contains(asked, s.Name)
			// Two names of one skill: the faster counts.
			if k := slices.IndexFunc(out, func(x roster.Skill) bool { return x.Name == s.Name }); k >= 0 {
				if s.Speed() > out[k].Speed() {
					out[k] = s
				}
				continue
			}
			out = append(out, s)
		}
		for _, s := range a.Skills {
			if k := slices.IndexFunc(uses, func(u SkillUse) bool { return u.Name == s.Name }); k >= 0 && idle {
				uses[k].Idle = true
			}
		}
		a.Skills = out
	}
	for i := range shifts {
		for k, name := range shifts[i].Skills {
			shifts[i].Skills[k] = skill(name, "")
		}
	}
	return uses
}

func askedFor(name string, asked []string, of func(string) (string, bool)) string {
	for _, s := range asked {
		if strings.EqualFold(s, strings.TrimSpace(name)) {
			return s
		}
	}
	if s, ok := of(name); ok && slices.Contains(asked, s) {
		return s
	}
	return ""
}

// SkillsAsked returns the skills of the channels that agents work on, in order.
func SkillsAsked(c *centre.Centre) []string {
	var out []string
	for _, ch := range c.Channels {
		if s := skillOf(ch); ch.Kind != centre.Bot && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	slices.Sort(out)
	return out
}

// ChannelSkill returns the skill of the channel that goes by a name: its own, its
// title, a word that people use for it, or the name of a queue.
func ChannelSkill(c *centre.Centre, name string) (string, bool) {
	word := contacts.ChannelName(name)
	for _, ch := range c.Channels {
		if ch.Kind == centre.Bot {
			continue
		}
		same := func(s string) bool { return strings.EqualFold(s, strings.TrimSpace(name)) }
		if same(ch.Name) || same(ch.Title) || contacts.ChannelName(ch.Name) == word || slices.ContainsFunc(ch.Queues, same) {
			return skillOf(ch), true
		}
	}
	return "", false
}

// WordSkill is ChannelSkill where no centre tells: the skill among asked that the
// words of people name.
func WordSkill(asked []string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		word := contacts.ChannelName(name)
		for _, s := range asked {
			if contacts.ChannelName(s) == word {
				return s, true
			}
		}
		return "", false
	}
}
