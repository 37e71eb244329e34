package rosterfile

import (
	"slices"
	"strings"

	"kcc/internal/tabular"
)

// dutchHeadings are the Dutch headings beside the English ones, the usual one first, in
// snake_case as they are compared. A file may use either, or both.
func dutchHeadings() map[string][]string {
	return map[string][]string{
		"id": {"personeelsnummer", "medewerkersnummer", "medewerker_id"}, "agent": {"medewerker"}, "name": {"naam"},
		"contract_hours": {"contracturen", "uren_per_week"}, "min_hours": {"minimum_uren"}, "max_hours": {"maximum_uren"},
		"hours_period": {"uren_per"}, "skills": {"vaardigheden"}, "skill": {"vaardigheid"}, "efficiency": {"snelheid"},
		"max_days_per_week": {"dagen_per_week"}, "valid_from": {"geldig_van", "geldig_vanaf"},
		"valid_to": {"geldig_tot", "geldig_tot_en_met", "geldig_t_m"}, "acd_id": {"telefonienaam"}, "cost_per_hour": {"kosten_per_uur"},
		"rule_set": {"regels"}, "notes": {"opmerking", "opmerkingen"}, "from": {"van", "vanaf"}, "to": {"tot", "tot_en_met", "t_m", "tm"},
		"weekday": {"weekdag"}, "kind": {"soort", "type", "reden"}, "hours": {"uren"}, "weight": {"gewicht"}, "shift": {"dienst"},
		"earliest_start": {"vroegste_begin", "vroegste_start"}, "latest_start": {"laatste_begin", "laatste_start"}, "step": {"stap"},
		"length": {"duur", "lengte"}, "min_length": {"kortste_duur", "kortste_lengte"}, "max_length": {"langste_duur", "langste_lengte"},
		"breaks": {"pauzes", "pauze"}, "weekdays": {"weekdagen"}, "teams": {"teams"}, "start": {"begin"}, "end": {"einde"}, "date": {"datum"},
		"agents": {"medewerkers"}, "pattern": {"patroon"}, "pattern_from": {"patroon_van"}, "week": {"week"}, "mo": {"ma"}, "tu": {"di"},
		"we": {"wo"}, "th": {"do"}, "fr": {"vr"}, "sa": {"za"}, "su": {"zo"}, "times": {"aantal"}, "together": {"samen"},
		"earliest": {"niet_voor"}, "latest": {"niet_na"}, "paid_hours": {"betaalde_uren"}, "skill_plan": {"taken"},
	}
}

// columns reads the header of r: every name in required must be there, in
// English or in Dutch; "a|b" offers alternatives.
func columns(r *tabular.Reader, required ...string) (*tabular.Columns, error) {
	dutch := dutchHeadings()
	wanted := make([]string, len(required))
	for i, names := range required {
		parts := strings.Split(names, "|")
		for _, n := range strings.Split(names, "|") {
			parts = append(parts, dutch[n]...)
		}
		wanted[i] = strings.Join(parts, "|")
	}
	c, err := tabular.NewColumns(r, wanted...)
	if err != nil {
		return nil, err
	}
	for en, list := range dutch {
		c.Alias(en, list...)
	}
	return c, nil
}

// Kind is what a table of the roster's input holds.
type Kind string

// The kinds of a table, told by its headings.
const (
	KindAgents       Kind = "agents"    // with contract_hours and skills, or names only
	KindContracts    Kind = "contracts" // contract_hours per agent
	KindSkills       Kind = "skills"    // agent, skill
	KindAvailability Kind = "availability"
	KindShifts       Kind = "shifts"
	KindAppointments Kind = "appointments" // at a fixed time
	KindMeetings     Kind = "meetings"     // to be placed
	KindPatterns     Kind = "patterns"     // rotations, a row per week
	KindRoster       Kind = "roster"
)

// KindOf tells by its headings what a table holds; false when it is none of
// the input of a roster.
func KindOf(header []string) (Kind, bool) {
	names := map[string]bool{}
	for _, h := range header {
		names[tabular.Snake(h)] = true
	}
	for en, list := range dutchHeadings() {
		if slices.ContainsFunc(list, func(nl string) bool { return names[nl] }) {
			names[en] = true
		}
	}
	has := func(all ...string) bool {
		for _, n := range all {
			if !names[n] {
				return false
			}
		}
		return true
	}
	who := has("id") || has("agent")
	switch {
	case has("pattern", "week"):
		return KindPatterns, true
	case has("contract_hours") && (has("skills") || has("id") && has("skill")):
		return KindAgents, true
	case has("contract_hours") && who:
		return KindContracts, true
	case has("earliest_start") || has("latest_start"):
		return KindShifts, true
	case has("name", "agents", "length"):
		return KindMeetings, true
	case has("name", "agents", "date"):
		return KindAppointments, true
	case has("kind") && who:
		return KindAvailability, true
	case has("agent", "skill"):
		return KindSkills, true
	case has("agent", "date", "start", "end"):
		return KindRoster, true
	case has("id", "name"):
		return KindAgents, true
	}
	return "", false
}
