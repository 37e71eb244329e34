package main

import (
	"fmt"
	"slices"
	"strings"

	"kcc/internal/flow"
	"kcc/roster"
)

// tellSkills says what names of skills in the files of a team were taken for, and
// which say nothing to the centre.
func (a *App) tellSkills(uses []flow.SkillUse, asked []string) {
	lang := a.Lang()
	for _, u := range uses {
		switch who := a.agentsText(u.Agents); {
		case u.Skill != "":
			a.Infof(lang.Pick("note: skill %q is taken for %q%s", "opmerking: vaardigheid %q is opgevat als %q%s"), u.Name, u.Skill, who)
		case u.Idle:
			a.Warnf(lang.Pick("no channel asks for the skill %q%s, and not all of them have another: they will not be rostered; asked for are %s",
				"geen kanaal vraagt om de vaardigheid %q%s, en niet ieder van hen heeft een andere: zij komen niet in het rooster; gevraagd worden %s"),
				u.Name, who, strings.Join(asked, ", "))
		default:
			a.Infof(lang.Pick("note: no channel asks for the skill %q%s; asked for are %s", "opmerking: geen kanaal vraagt om de vaardigheid %q%s; gevraagd worden %s"),
				u.Name, who, strings.Join(asked, ", "))
		}
	}
}

// agentsText names the first of some agents in brackets: " (a, b, c and 4 more)".
func (a *App) agentsText(ids []string) string {
	const shown = 3
	switch {
	case len(ids) == 0:
		return ""
	case len(ids) <= shown+1:
		return " (" + strings.Join(ids, ", ") + ")"
	}
	return fmt.Sprintf(a.Lang().Pick(" (%s and %d more)", " (%s en nog %d)"), strings.Join(ids[:shown], ", "), len(ids)-shown)
}

// skillsOfFiles takes the names of skills in files for those of the requirement.
// What it does not ask for is nothing to tell: it may be about one skill only.
func (a *App) skillsOfFiles(agents []roster.Agent, shifts []roster.Shift, asked []string) {
	uses := flow.SkillNames(agents, shifts, asked, flow.WordSkill(asked))
	a.tellSkills(slices.DeleteFunc(uses, func(u flow.SkillUse) bool { return u.Skill == "" }), asked)
}
